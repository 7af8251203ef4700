"""Rules and requirements by the member they concern: what every engine starts from."""

from __future__ import annotations

from typing import Any

import attrs

from . import nodes as ir
from .rulebook import Check, Definition, Requirement, Rule, Rulebook
from .types import possible_values
from .walk import walk


@attrs.frozen(eq=False)
class RulePlan:
    """A rule with the exceptions that concern the same member."""

    rule: Rule
    condition: ir.Expr | None
    value: ir.Expr
    exceptions: tuple[RulePlan, ...]


@attrs.frozen(eq=False)
class DefinitionPlan:
    """A definition with its base rules, for each member where it has members."""

    definition: Definition
    variable: int
    otherwise: ir.Expr | None
    always: tuple[RulePlan, ...]
    by_member: dict[str, tuple[RulePlan, ...]] | None

    def rules(self, subject: Any) -> tuple[RulePlan, ...]:
        """The base rules for a member, an item, or the whole case."""
        return self.always if self.by_member is None else self.by_member[subject]


def plan_definition(rulebook: Rulebook, definition: Definition) -> DefinitionPlan:
    """A definition with its base rules by member."""
    by_member = None
    always: tuple[RulePlan, ...] = ()
    if definition.scope_kind == "enum":
        members = rulebook.enum[definition.scope or ""].members
        by_member = {m: _rules_for(definition.rules, m) for m in members}
    else:
        always = _rules_for(definition.rules, None)
    return DefinitionPlan(definition, definition.variable, definition.otherwise, always, by_member)


def requirements_by_group(
    rulebook: Rulebook,
) -> dict[str, dict[str | None, tuple[Requirement, ...]]]:
    """Requirements in the order of the law by group and member (None: the whole case)."""
    order = rulebook.clause_order
    ordered = sorted(rulebook.requirements, key=lambda r: order.get(r.clause, ((98, 0),)))
    groups: dict[str, dict[str | None, tuple[Requirement, ...]]] = {}
    for name in {"", *(e.name for e in rulebook.enums), *(r.group for r in ordered)}:
        enum = rulebook.enum.get(name)
        mine = [r for r in ordered if r.group == name]
        subjects: tuple[str | None, ...] = enum.members if enum else (None,)
        groups[name] = {
            subject: tuple(
                r for r in mine
                if subject is None or r.members is None or subject in r.members
            )
            for subject in subjects
        }  # fmt: skip
    return groups


def expressions(rulebook: Rulebook) -> list[ir.Expr]:
    """Every expression of a rulebook that decides something, outermost."""
    found: list[ir.Expr] = []
    for definition in rulebook.definitions:
        pending = list(definition.rules)
        found += [definition.otherwise] if definition.otherwise is not None else []
        while pending:
            rule = pending.pop()
            pending += rule.exceptions
            found += [rule.value] if rule.condition is None else [rule.condition, rule.value]
    for requirement in rulebook.requirements:
        found += [e for e in (requirement.when, requirement.must) if e is not None]
    found += [check.must for check in rulebook.checks]
    if rulebook.gate is not None:
        found += [rulebook.gate.condition, *(value for _, value in rulebook.gate.outside)]
    return found


def absent_facts(rulebook: Rulebook) -> dict[str, frozenset[Any] | None]:
    """All that each fact can be while it is absent, None where that is too much to list.

    Facts by path in the order of their declaration, then list facts by name.
    """
    facts = {
        path: possible_values(field.type, field.allowed) for path, field in rulebook.facts.items()
    }
    return facts | {group.name: None for group in rulebook.groups if group.is_list}


def checked_facts(rulebook: Rulebook) -> dict[str, tuple[Check, ...]]:
    """The checks of the whole case that look at each fact with few values."""
    whole = [check for check in rulebook.checks if check.list_name is None]
    looked_at = [(check, _facts_of(rulebook, check.must, set())) for check in whole]
    found = {
        path: tuple(check for check, paths in looked_at if path in paths)
        for path, among in absent_facts(rulebook).items()
        if among is not None
    }
    return {path: checks for path, checks in found.items() if checks}


def _facts_of(rulebook: Rulebook, expr: ir.Expr, seen: set[str]) -> set[str]:
    """The facts an expression reads, directly or through definitions."""
    found: set[str] = set()
    for node in walk(expr):
        if isinstance(node, ir.Fact):
            found.add(node.path)
        elif isinstance(node, ir.Defined) and node.name not in seen:
            seen.add(node.name)
            for rule in rulebook.definition[node.name].rules:
                for part in (rule.condition, rule.value):
                    if part is not None:
                        found |= _facts_of(rulebook, part, seen)
    return found


def _rules_for(rules: tuple[Rule, ...], member: str | None) -> tuple[RulePlan, ...]:
    return tuple(plan for rule in rules for plan in _rule_for(rule, member))


def _rule_for(rule: Rule, member: str | None) -> tuple[RulePlan, ...]:
    """The rule for a member; where it is not for that member, its exceptions stand on their own."""
    below = _rules_for(rule.exceptions, member)
    if member is not None and rule.members is not None and member not in rule.members:
        return below
    return (RulePlan(rule, rule.condition, rule.value, below),)
