"""Rules and requirements by the member they concern: what every engine starts from."""

from __future__ import annotations

from typing import Any

import attrs

from . import nodes as ir
from .rulebook import Definition, Requirement, Rule, Rulebook


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


def _rules_for(rules: tuple[Rule, ...], member: str | None) -> tuple[RulePlan, ...]:
    return tuple(plan for rule in rules for plan in _rule_for(rule, member))


def _rule_for(rule: Rule, member: str | None) -> tuple[RulePlan, ...]:
    """The rule for a member; where it is not for that member, its exceptions stand on their own."""
    below = _rules_for(rule.exceptions, member)
    if member is not None and rule.members is not None and member not in rule.members:
        return below
    return (RulePlan(rule, rule.condition, rule.value, below),)
