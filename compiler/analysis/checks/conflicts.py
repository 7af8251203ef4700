"""Rules that must contradict one another, and values that no rule may give."""

from __future__ import annotations

from itertools import combinations

from ...diagnostics.catalogue import rules as codes
from ...diagnostics.diagnostic import Finding, Label
from ...diagnostics.entry import Argument, Both
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
    findings = []
    for definition in rulebook.definitions:
        own = definition.origin is None and definition.kind in ("result", "derived")
        uncovered = _uncovered(rulebook, definition) if own and definition.rules else None
        if uncovered is not None:
            shown = "、".join(uncovered)
            members = Both(f"（{shown}）", f" ({shown})") if uncovered else ""
            arguments: dict[str, Argument] = {"target": definition.name, "members": members}
            findings.append(Finding(codes.COVERAGE_GAP, definition.span, arguments))
    return findings


def _uncovered(rulebook: Rulebook, definition: Definition) -> tuple[str, ...] | None:
    """The members no unconditional rule is for (none to name: the whole case), None for no gap."""
    if definition.otherwise is not None or isinstance(definition.type, t.Maybe | t.Unresolved):
        return None
    always = [rule for rule in definition.rules if rule.condition is None]
    if definition.scope_kind != "enum":
        return None if always else ()
    members = rulebook.enum[definition.scope or ""].members
    left = tuple(
        member
        for member in members
        if not any(rule.members is None or member in rule.members for rule in always)
    )
    return left or None
