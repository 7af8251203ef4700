"""Rulebooks with one small change each, and whether some worked example notices it.

A change that no example notices is a place where the rule file could be wrong and nobody would
see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.presence import unguarded
from luling.compiler.ir.rulebook import (
    Check,
    Definition,
    Example,
    Gate,
    Register,
    Requirement,
    Rule,
    Rulebook,
    Table,
)
from luling.compiler.ir.values import Value
from luling.compiler.ir.walk import walk
from luling.compiler.source import Span

from .decide import Engine
from .examples import Outcome, run_example
from .parts import (
    OwnRule,
    expressions_of,
    is_own,
    own_checks,
    own_requirements,
    own_rules,
    place_in_law,
    row_text,
)
from .variants import in_words, other_values, variants

Part = TypeVar("Part")
Unit = tuple[str, str]  # a definition or a requirement, by its name


@attrs.frozen(eq=False)
class Mutant:
    """A change: under which clause and in what it is made, where, in words, and what comes of it.

    `units`: the definitions and requirements it is in; none where every example meets it.
    """

    clause: str | None
    name: str
    span: Span
    change: str
    units: frozenset[Unit]
    rulebook: Callable[[], Rulebook]


def mutants(rulebook: Rulebook) -> list[Mutant]:
    """All changes, in the order of the law."""
    found = [
        *_of_checks(rulebook),
        *_of_gate(rulebook),
        *(mutant for own in own_rules(rulebook) for mutant in _of_rule(rulebook, own)),
        *_of_otherwise(rulebook),
        *(m for r in own_requirements(rulebook) for m in _of_requirement(rulebook, r)),
        *_of_tables(rulebook),
        *_of_registers(rulebook),
    ]
    return sorted(found, key=lambda mutant: place_in_law(rulebook, mutant.clause))


# --- rules


def _of_rule(rulebook: Rulebook, own: OwnRule) -> Iterator[Mutant]:
    rule = own.rule

    def mutant(span: Span, change: str, edit: _Edit) -> Mutant:
        definition = own.definition
        rules = partial(_edited, definition.rules, rule, edit)
        units = frozenset([("definition", definition.name)])
        return Mutant(
            rule.clause, own.written, span, change, units,
            lambda: _with_definition(rulebook, attrs.evolve(definition, rules=rules())),
        )  # fmt: skip

    def written(condition: ir.Expr | None, value: ir.Expr) -> bool:
        """Whether the compiler would take the rule so: nothing is used that may be none."""
        return not unguarded(expressions_of(rule), [p for p in (condition, value) if p is not None])

    if own.definition.kind != "binding":
        if _given_without(rulebook, own, _exceptions_of):
            yield mutant(rule.span, "删去", _exceptions_of)
        yield from _reordered(own, mutant)
    for members in _fewer(rule.members):
        change = f"对 {'、'.join(rule.members or ())} → 对 {'、'.join(members)}"
        shorter = partial(_evolved, members=members)
        if _given_without(rulebook, own, shorter):
            yield mutant(rule.span, change, shorter)
    if rule.condition is not None:
        if written(None, rule.value):
            yield mutant(rule.condition.span, "去掉条件", partial(_evolved, condition=None))
        for variant in variants(rule.condition):
            if written(variant.whole, rule.value):
                edit = partial(_evolved, condition=variant.whole)
                yield mutant(variant.span, variant.change, edit)
    for variant in variants(rule.value):
        if written(rule.condition, variant.whole):
            yield mutant(variant.span, variant.change, partial(_evolved, value=variant.whole))


_Edit = Callable[[Rule], tuple[Rule, ...]]


def _exceptions_of(rule: Rule) -> tuple[Rule, ...]:
    return rule.exceptions


def _given_without(rulebook: Rulebook, own: OwnRule, edit: _Edit) -> bool:
    """Whether a value that may not be none is still given; if not, it would not compile."""
    definition = own.definition
    if definition.otherwise is not None or t.maybe(definition.type) == definition.type:
        return True
    enum = rulebook.enum.get(definition.scope or "")
    rules = _edited(definition.rules, own.rule, edit)
    return all(
        any(_always_gives(rule, member) for rule in rules)
        for member in (enum.members if enum else (None,))
    )


def _always_gives(rule: Rule, member: str | None) -> bool:
    """Whether a rule has no condition; for a member it leaves out, whether an exception has."""
    if member is None or rule.members is None or member in rule.members:
        return rule.condition is None
    return any(_always_gives(exception, member) for exception in rule.exceptions)


def _evolved(rule: Rule, **changes: object) -> tuple[Rule, ...]:
    return (attrs.evolve(rule, **changes),)  # type: ignore[arg-type]


def _reordered(own: OwnRule, mutant: Callable[[Span, str, _Edit], Mutant]) -> Iterator[Mutant]:
    """The rule before its exceptions. One without a condition would be as if they were deleted."""
    if own.rule.condition is not None:
        for exception in own.rule.exceptions:
            change = (
                f"{exception.name} 优先于 {own.rule.name} → {own.rule.name} 优先于 {exception.name}"
            )
            yield mutant(exception.span, change, partial(_overridden_by, exception))


def _overridden_by(exception: Rule, rule: Rule) -> tuple[Rule, ...]:
    others = tuple(one for one in rule.exceptions if one is not exception)
    above = attrs.evolve(rule, exceptions=others)
    return (attrs.evolve(exception, exceptions=(*exception.exceptions, above)),)


def _edited(rules: tuple[Rule, ...], target: Rule, edit: _Edit) -> tuple[Rule, ...]:
    """The rules with one edited, wherever it stands among the exceptions of others."""
    found: list[Rule] = []
    for rule in rules:
        if (rule.span, rule.name) == (target.span, target.name):
            found += edit(rule)
        else:
            found.append(attrs.evolve(rule, exceptions=_edited(rule.exceptions, target, edit)))
    return tuple(found)


def _fewer(members: tuple[str, ...] | None) -> Iterator[tuple[str, ...]]:
    """The members with one left out, where there are several."""
    for one in members if members is not None and len(members) > 1 else ():
        yield tuple(member for member in members or () if member != one)


def _with_definition(rulebook: Rulebook, changed: Definition) -> Rulebook:
    return attrs.evolve(
        rulebook,
        definitions=tuple(changed if d.name == changed.name else d for d in rulebook.definitions),
    )


def _of_otherwise(rulebook: Rulebook) -> Iterator[Mutant]:
    for definition in rulebook.definitions:
        if definition.origin is None and definition.otherwise is not None:
            units = frozenset([("definition", definition.name)])
            for variant in variants(definition.otherwise):
                changed = attrs.evolve(definition, otherwise=variant.whole)
                yield Mutant(
                    definition.clause, f"{definition.attribute} 的 否则", variant.span,
                    variant.change, units, partial(_with_definition, rulebook, changed),
                )  # fmt: skip


# --- requirements, checks, the span of application


def _of_requirement(rulebook: Rulebook, requirement: Requirement) -> Iterator[Mutant]:
    def mutant(span: Span, change: str, *changed: Requirement) -> Mutant:
        return Mutant(
            requirement.clause, f"要求 {requirement.name}", span, change,
            frozenset([("requirement", requirement.name)]),
            lambda: attrs.evolve(
                rulebook, requirements=_exchanged(rulebook.requirements, requirement, changed)
            ),
        )  # fmt: skip

    yield mutant(requirement.span, "删去")
    for members in _fewer(requirement.members):
        change = f"对 {'、'.join(requirement.members or ())} → 对 {'、'.join(members)}"
        yield mutant(requirement.span, change, attrs.evolve(requirement, members=members))
    for span, change, changed in _of_conditions(requirement):
        if not unguarded(_parts(requirement), _parts(changed)):
            yield mutant(span, change, changed)


def _of_conditions(requirement: Requirement) -> Iterator[tuple[Span, str, Requirement]]:
    if requirement.when is not None:
        yield requirement.when.span, "去掉条件", attrs.evolve(requirement, when=None)
        for variant in variants(requirement.when):
            yield variant.span, variant.change, attrs.evolve(requirement, when=variant.whole)
    for variant in variants(requirement.must):
        yield variant.span, variant.change, attrs.evolve(requirement, must=variant.whole)


def _parts(requirement: Requirement) -> list[ir.Expr]:
    return [part for part in (requirement.when, requirement.must) if part is not None]


def _of_checks(rulebook: Rulebook) -> Iterator[Mutant]:
    for check in own_checks(rulebook):
        yield _check_mutant(rulebook, check, check.span, "删去")
        for variant in variants(check.must):
            if unguarded([check.must], [variant.whole]):
                continue
            changed = attrs.evolve(check, must=variant.whole)
            yield _check_mutant(rulebook, check, variant.span, variant.change, changed)


def _check_mutant(
    rulebook: Rulebook, check: Check, span: Span, change: str, *changed: Check
) -> Mutant:
    return Mutant(
        None, f"核对 {check.name}", span, change, frozenset(),
        lambda: attrs.evolve(rulebook, checks=_exchanged(rulebook.checks, check, changed)),
    )  # fmt: skip


def _exchanged(parts: tuple[Part, ...], old: Part, new: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(one for part in parts for one in (new if part is old else (part,)))


def _of_gate(rulebook: Rulebook) -> Iterator[Mutant]:
    gate = rulebook.gate
    if gate is None:
        return
    changes = [(v, attrs.evolve(gate, condition=v.whole)) for v in variants(gate.condition)]
    for index, (name, value) in enumerate(gate.outside):
        for variant in variants(value):
            outside = (*gate.outside[:index], (name, variant.whole), *gate.outside[index + 1 :])
            changes.append((variant, attrs.evolve(gate, outside=outside)))
    for variant, changed in changes:
        edit = partial(_with_gate, rulebook, changed)
        yield Mutant(None, "适用条件", variant.span, variant.change, frozenset(), edit)


def _with_gate(rulebook: Rulebook, gate: Gate) -> Rulebook:
    return attrs.evolve(rulebook, gate=gate)


# --- tables and registers


def _of_tables(rulebook: Rulebook) -> Iterator[Mutant]:
    for table in (one for one in rulebook.tables if is_own(rulebook, one.name)):
        units = _units_with(rulebook, ir.Lookup, "table", table.name)
        for key, value in table.cells.items():
            for other in list(other_values(value, table.type))[:1]:
                yield Mutant(
                    table.clause, f"表 {table.name}（{key[0]}，{key[1]}）",
                    table.cell_spans.get(key, table.span),
                    in_words(value, other, table.type), units,
                    partial(_with_cells, rulebook, table, {**table.cells, key: other}),
                )  # fmt: skip


def _with_cells(rulebook: Rulebook, table: Table, cells: dict[tuple[str, str], Value]) -> Rulebook:
    changed = attrs.evolve(table, cells=cells)
    return attrs.evolve(rulebook, tables=_exchanged(rulebook.tables, table, (changed,)))


def _of_registers(rulebook: Rulebook) -> Iterator[Mutant]:
    for register in (one for one in rulebook.registers if is_own(rulebook, one.name)):
        units = _units_with(rulebook, ir.Rows, "register", register.name)
        for index in range(len(register.rows)):
            yield Mutant(
                register.clause, f"名录 {register.name}", register.span,
                f"删去{row_text(register, index)}", units,
                partial(_without_row, rulebook, register, index),
            )  # fmt: skip


def _without_row(rulebook: Rulebook, register: Register, index: int) -> Rulebook:
    rows = register.rows[:index] + register.rows[index + 1 :]
    changed = attrs.evolve(register, rows=rows)
    return attrs.evolve(rulebook, registers=_exchanged(rulebook.registers, register, (changed,)))


# --- which examples can notice


def _units(rulebook: Rulebook) -> Iterator[tuple[Unit, tuple[ir.Expr, ...]]]:
    """Each definition and requirement with its expressions."""
    for definition in rulebook.definitions:
        found = [] if definition.otherwise is None else [definition.otherwise]
        pending = list(definition.rules)
        while pending:
            rule = pending.pop()
            pending += rule.exceptions
            found += [rule.value] if rule.condition is None else [rule.condition, rule.value]
        yield ("definition", definition.name), tuple(found)
    for requirement in rulebook.requirements:
        parts = (requirement.when, requirement.must)
        yield ("requirement", requirement.name), tuple(part for part in parts if part is not None)


def _units_with(rulebook: Rulebook, kind: type, field: str, name: str) -> frozenset[Unit]:
    """The definitions and requirements in which a table or a register is named."""
    return frozenset(
        unit
        for unit, parts in _units(rulebook)
        for part in parts
        for node in walk(part)
        if isinstance(node, kind) and getattr(node, field) == name
    )


class Trial:
    """The worked examples of a rulebook, ready to be run on changes of it."""

    def __init__(self, engine: Engine, outcomes: Iterable[Outcome]) -> None:
        self.engine = engine
        self._always = self._read_by_checks()
        self._examples = [(o.example, self._reached(o)) for o in outcomes if o.passed]
        self._last: dict[frozenset[Unit], Example] = {}

    def noticed_by(self, mutant: Mutant) -> Example | None:
        """The first example that comes out otherwise, None where the change survives."""
        rulebook = mutant.rulebook()
        engine = self.engine.with_rules(rulebook)
        for example in self._candidates(mutant):
            if _notices(engine, example):
                self._last[mutant.units] = example
                return example
        return None

    def _candidates(self, mutant: Mutant) -> list[Example]:
        """Those that meet what is changed, likely ones first."""
        everywhere = not mutant.units or mutant.units & self._always
        found = [
            example
            for example, reached in self._examples
            if everywhere or reached is None or mutant.units & reached
        ]
        last = self._last.get(mutant.units)
        return sorted(found, key=lambda e: (e is not last, e.clause != mutant.clause))

    def _reached(self, outcome: Outcome) -> frozenset[Unit] | None:
        """The definitions and requirements an example asked for; None: it may be any."""
        interpretation = outcome.decision.interpretation
        if interpretation is None:
            return frozenset()
        if outcome.decision.state == "规则有误":
            return None
        names = {id(r): r.name for r in self.engine.rulebook.requirements}
        heads = (key if isinstance(key, str) else key[0] for key in interpretation.values)
        return frozenset(
            ("definition", head) if isinstance(head, str) else ("requirement", names[head])
            for head in heads
        )

    def _read_by_checks(self) -> frozenset[Unit]:
        """What is asked for before a case is decided: every example may depend on it."""
        parts = dict(_units(self.engine.rulebook))
        pending = [check.must for check in self.engine.rulebook.checks]
        found: set[Unit] = set()
        while pending:
            for node in walk(pending.pop()):
                for unit in self._asked_for(node):
                    if unit not in found:
                        found.add(unit)
                        pending += parts[unit]
        return frozenset(found)

    def _asked_for(self, node: ir.Expr) -> Iterator[Unit]:
        if isinstance(node, ir.Defined):
            yield "definition", node.name
        elif isinstance(node, ir.Satisfied | ir.Failing):
            for requirement in self.engine.rulebook.requirements:
                if requirement.group == node.group:
                    yield "requirement", requirement.name


def _notices(engine: Engine, example: Example) -> bool:
    if example.readings:
        engine = engine.with_readings(dict(example.readings))
    try:
        return not run_example(engine, example).passed
    except Exception:  # a rule without what it relied on: noticed, in whatever way it breaks
        return True
