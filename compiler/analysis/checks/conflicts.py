"""Rules that must contradict one another, and values that no rule may give."""

from __future__ import annotations

from itertools import combinations

from ...diagnostics.catalogue import rules as codes
from ...diagnostics.diagnostic import Finding, Label
from ...diagnostics.entry import Both
from ...ir import types as t
from ...ir.rulebook import Definition, Rule, Rulebook


def check_conflicts(rulebook: Rulebook) -> list[Finding]:
    """Two unconditional rules for one value and member, neither an exception of the other."""
    return [
        finding
        for definition in rulebook.definitions
        if definition.origin is None and definition.kind != "parameter"
        for one, other in combinations(definition.rules, 2)
        if (finding := _conflict(definition, one, other)) is not None
    ]


def _conflict(definition: Definition, one: Rule, other: Rule) -> Finding | None:
    unconditional = one.condition is None and other.condition is None
    if not unconditional or one.value == other.value or not _meet(one, other):
        return None
    arguments = {"name": other.name, "other": one.name, "target": definition.name}
    label = Label(one.span, Both(f"「{one.name}」在这里", f"「{one.name}」 is here"))
    return Finding(codes.RULES_CONFLICT, other.span, dict(arguments), (label,))


def _meet(one: Rule, other: Rule) -> bool:
    if one.members is None or other.members is None:
        return True
    return bool(set(one.members) & set(other.members))


def check_coverage(rulebook: Rulebook) -> list[Finding]:
    """Values that can be left without one although none is not declared possible."""
    return [
        Finding(codes.COVERAGE_GAP, d.span, {"target": d.name})
        for d in rulebook.definitions
        if d.origin is None
        and d.kind in ("result", "derived")
        and d.rules
        and _has_gap(rulebook, d)
    ]


def _has_gap(rulebook: Rulebook, definition: Definition) -> bool:
    if definition.otherwise is not None or isinstance(definition.type, t.Maybe | t.Unresolved):
        return False
    always = [rule for rule in definition.rules if rule.condition is None]
    if definition.scope_kind != "enum":
        return not always
    members = rulebook.enum[definition.scope or ""].members
    return not all(
        any(rule.members is None or member in rule.members for rule in always) for member in members
    )
