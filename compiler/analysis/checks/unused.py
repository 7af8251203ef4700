"""What is declared and read by no result."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics.catalogue import names as codes
from ...diagnostics.diagnostic import Finding
from ...diagnostics.entry import Both
from ...ir import nodes as ir
from ...ir.rulebook import Definition, Rule, Rulebook
from ...ir.walk import walk

_FACT = Both("事实", "fact")
_VALUE = Both("派生的量", "derived value")
_PARAMETER = Both("参数", "parameter")
_READING = Both("解读", "reading")
_TABLE = Both("表", "table")


def check_unused(rulebook: Rulebook) -> list[Finding]:
    """A warning for each fact, value, table and reading that nothing reported depends on."""
    used = _used(rulebook)
    findings = []
    for group in rulebook.groups:
        for field in group.fields:
            if not field.record_only and f"事实{field.path}" not in used:
                findings.append(_unused(_FACT, field.path, field.span))
    for definition in rulebook.definitions:
        if definition.origin is None and definition.kind in ("derived", "parameter"):
            if f"定义{definition.name}" not in used:
                kind = _VALUE if definition.kind == "derived" else _PARAMETER
                findings.append(_unused(kind, definition.name, definition.span))
    for reading in rulebook.readings:
        if reading.origin is None and f"解读{reading.name}" not in used:
            findings.append(_unused(_READING, reading.name, reading.span))
    for table in rulebook.tables:
        if "." not in table.name and f"表{table.name}" not in used:
            findings.append(_unused(_TABLE, table.name, table.span))
    return findings


def _unused(kind: Both, name: str, span: object) -> Finding:
    return Finding(codes.UNUSED, span, {"kind": kind, "name": name})  # type: ignore[arg-type]


def _used(rulebook: Rulebook) -> set[str]:
    """Everything reachable from results, checks, 必然 and the gate, as kind + name."""
    used: set[str] = set()
    pending: list[ir.Expr] = []
    if rulebook.gate is not None:
        pending.append(rulebook.gate.condition)
        pending += [value for _, value in rulebook.gate.outside]
    if rulebook.in_force is not None:
        pending += [e for e in (rulebook.in_force.start, rulebook.in_force.end) if e is not None]
    pending += [check.must for check in rulebook.checks]
    used |= {f"事实{check.at_fault}" for check in rulebook.checks}
    for one in rulebook.invariants:
        pending += [part for part in (one.when, one.must, one.value) if part is not None]
        used |= {f"事实{one.rises}"} if one.rises is not None else set()
    for definition in rulebook.results:
        used.add(f"定义{definition.name}")
        pending += _parts(definition)
    while pending:
        for node in walk(pending.pop()):
            pending += _reach(rulebook, node, used)
    return used


def _reach(rulebook: Rulebook, node: ir.Expr, used: set[str]) -> list[ir.Expr]:
    """Marks what one node uses; gives the expressions newly reached."""
    match node:
        case ir.Fact(path):
            used.add(f"事实{path}")
        case ir.FieldOf(of, field):
            used.add(f"事实{getattr(of.type, 'of', '')}.{field}")
        case ir.ReadingIs(reading):
            used.add(f"解读{reading}")
        case ir.Lookup(table):
            used.add(f"表{table}")
        case ir.Defined(name) if f"定义{name}" not in used:
            used.add(f"定义{name}")
            return list(_parts(rulebook.definition[name])) if name in rulebook.definition else []
        case ir.Satisfied(group) | ir.Failing(group) if f"要求{group}" not in used:
            used.add(f"要求{group}")
            return [
                part
                for r in rulebook.requirements
                if r.group == group
                for part in (r.when, r.must)
                if part is not None
            ]
        case _:
            pass
    return []


def _parts(definition: Definition) -> Iterator[ir.Expr]:
    if definition.otherwise is not None:
        yield definition.otherwise
    for rule in definition.rules:
        yield from _rule_parts(rule)


def _rule_parts(rule: Rule) -> Iterator[ir.Expr]:
    if rule.condition is not None:
        yield rule.condition
    yield rule.value
    for exception in rule.exceptions:
        yield from _rule_parts(exception)
