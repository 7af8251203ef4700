"""Dated parameters that begin later than the rulebook does."""

from __future__ import annotations

from datetime import date, timedelta

from ...diagnostics.catalogue import rules as codes
from ...diagnostics.diagnostic import Finding
from ...ir import nodes as ir
from ...ir.rulebook import Definition, Rulebook


def check_parameter_span(rulebook: Rulebook) -> list[Finding]:
    """A gap between the first day of application and the first value of a parameter."""
    force = rulebook.in_force
    start = _constant_date(rulebook, force.start) if force is not None else None
    if force is None or start is None:
        return []
    findings = []
    for definition in rulebook.definitions:
        first = _first_day(definition, force.by)
        if first is not None and start < first and definition.origin is None:
            end = (first - timedelta(days=1)).isoformat()
            arguments = {"name": definition.name, "start": start.isoformat(), "end": end}
            findings.append(Finding(codes.PARAMETER_GAP, definition.span, dict(arguments)))
    return findings


def _first_day(definition: Definition, by: str) -> date | None:
    if definition.kind != "parameter" or not definition.rules:
        return None
    condition = definition.rules[0].condition
    if isinstance(condition, ir.And):
        condition = condition.items[0]
    match condition:
        case ir.Compare(">=", ir.Fact(path), ir.Literal(value)) if path == by:
            return value if isinstance(value, date) else None
        case _:
            return None


def _constant_date(rulebook: Rulebook, expr: ir.Expr | None) -> date | None:
    if isinstance(expr, ir.Defined):
        definition = rulebook.definition.get(expr.name)
        if definition is None or len(definition.rules) != 1:
            return None
        expr = definition.rules[0].value
    if isinstance(expr, ir.Literal) and isinstance(expr.value, date):
        return expr.value
    return None
