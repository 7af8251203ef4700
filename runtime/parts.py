"""What a rulebook says itself, imported rulebooks left out: each rule once, under its clause."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir.rulebook import (
    Check,
    Definition,
    Register,
    Requirement,
    Rule,
    Rulebook,
)
from luling.compiler.ir.values import show
from luling.compiler.source import Span

Order = tuple[tuple[int, int], ...]
_BEFORE_ALL: Order = ((-9, 0),)


@attrs.frozen(eq=False)
class OwnRule:
    """A rule or an exception of a definition; `written` is the word and name it has in the text."""

    definition: Definition
    rule: Rule
    is_exception: bool
    written: str


def own_rules(rulebook: Rulebook) -> Iterator[OwnRule]:
    """All rules of the rulebook's own definitions, an exception of several rules once."""
    for definition in rulebook.definitions:
        if definition.origin is None:
            seen: set[tuple[Span, str]] = set()
            for rule, is_exception in _forest(definition.rules, False):
                if (rule.span, rule.name) not in seen:
                    seen.add((rule.span, rule.name))
                    written = _written(definition, rule, is_exception)
                    yield OwnRule(definition, rule, is_exception, written)


def own_requirements(rulebook: Rulebook) -> Iterator[Requirement]:
    """The rulebook's own requirements, in the order of the text."""
    return (requirement for requirement in rulebook.requirements if requirement.origin is None)


def place_in_law(rulebook: Rulebook, clause: str | None) -> tuple[Order, str]:
    """A key to sort clauses by; what stands under none comes first."""
    return rulebook.clause_order.get(clause or "", _BEFORE_ALL), clause or ""


def expressions_of(rule: Rule) -> Iterator[ir.Expr]:
    """The condition and the value of a rule, its exceptions left out."""
    if rule.condition is not None:
        yield rule.condition
    yield rule.value


def is_own(rulebook: Rulebook, name: str) -> bool:
    """Whether a table, register or enumeration was declared here: imported ones carry an alias."""
    return name.partition(".")[0] not in {imported.alias for imported in rulebook.imports}


def own_checks(rulebook: Rulebook) -> Iterator[Check]:
    """The checks written in the rulebook's own files."""
    files = {group.span.file for group in rulebook.groups}
    files |= {d.span.file for d in rulebook.definitions if d.origin is None}
    return (check for check in rulebook.checks if check.span.file in files)


def row_text(register: Register, index: int) -> str:
    """第3行（03，插花）."""
    kinds = [kind for _, kind in register.columns]
    cells = zip(register.rows[index], kinds, strict=True)
    return f"第{index + 1}行（{'，'.join(show(value, kind) for value, kind in cells)}）"


def _forest(rules: tuple[Rule, ...], is_exception: bool) -> Iterator[tuple[Rule, bool]]:
    for rule in rules:
        yield rule, is_exception
        yield from _forest(rule.exceptions, True)


_HEADS = {"result": "结果", "derived": "派生", "parameter": "参数", "binding": "代入"}


def _written(definition: Definition, rule: Rule, is_exception: bool) -> str:
    """例外 甲, 规则 甲; of a value given where it is declared 派生 甲."""
    if is_exception:
        return f"例外 {rule.name}"
    declared, inside = definition.span, rule.span
    if declared.file == inside.file and inside.start <= declared.start < inside.end:
        return f"{_HEADS[definition.kind]} {rule.name}"
    given_here = definition.kind in ("parameter", "binding")
    return f"{_HEADS[definition.kind] if given_here else '规则'} {rule.name}"
