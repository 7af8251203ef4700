"""What a value rests on: the part of the evaluation without which it could have been otherwise.

Of 且 that failed only the condition that failed, of 或 that held only the one that held, of 若 the
branch taken, of a filter the items kept. What is left, in the order it was applied, is the 依据
of a decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from luling.compiler.ir.rulebook import Definition, Requirement, Rule

from .closures import Part
from .interpret import Interpretation
from .partial import NOTHING_MISSING, Unknown
from .threefold import FAULTS, RulebookFault
from .trails import Trail


@attrs.frozen(eq=False)
class Applied:
    """A rule that gave a value, of a member or item where it has a scope."""

    definition: Definition
    rule: Rule
    subject: Any
    value: Any


@attrs.frozen(eq=False)
class Required:
    """A requirement that was looked at, for a member where it has members, and whether it held."""

    requirement: Requirement
    subject: Any
    holds: Any


NEVER_NEEDED = Unknown(NOTHING_MISSING)
Step = Applied | Required
# The same as it is collected, dozens for every decision: a definition and its rule, or None and a
# requirement; the subject; the value.
Ground = tuple[Definition | None, Any, Any, Any]


class Slice:
    """Walks back from values to what they rest on."""

    def __init__(self, interpretation: Interpretation) -> None:
        self.of = interpretation
        self.grounds: list[Ground] = []
        self.seen: set[Any] = set()
        self._trails = interpretation.program.trails
        self._definitions = interpretation.program.definitions
        self._values, self._applied = interpretation.values, interpretation.applied

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was found, as steps."""
        return tuple(
            Required(part, subject, value)
            if definition is None
            else Applied(definition, part, subject, value)
            for definition, part, subject, value in self.grounds
        )

    def results(self, names: Iterable[str]) -> None:
        """Finds what some results rest on, in the order it was applied."""
        gate = self.of.program.rulebook.gate
        if gate is not None:
            self._follow(self._trails.of(gate.condition))
            if self.value(self.of.part(gate.condition)) is False:
                return
        for name in names:
            self.definition(name, None)

    def definition(self, name: str, subject: Any) -> None:
        """The rules that gave a definition its value, what they rest on first."""
        key = name if subject is None else (name, subject)
        if key in self.seen:
            return
        self.seen.add(key)
        plan, known = self._definitions[name], self._values
        if key not in known and self._at_fault(name, subject):
            return
        value = known[key]
        winners = self._applied.get(key)
        if winners is None:
            trail = self._trails.of_none(plan.rules(subject), plan.otherwise)
            self._follow(trail, plan.variable, subject)
            return
        truth = value if value is True or value is False else None
        made = self._trails.of_rules[truth]
        for winner in winners:
            rule = winner.rule
            trail = made[id(rule)] if id(rule) in made else self._trails.of_rule(rule, truth)
            if trail is not None:
                if subject is None:
                    trail(self)
                else:
                    self._follow(trail, plan.variable, subject)
            self.grounds.append((plan.definition, rule, subject, value))

    def requirement(self, requirement: Requirement, subject: Any) -> None:
        """A requirement with what it rests on."""
        key = (id(requirement), subject)
        if key in self.seen:
            return
        self.seen.add(key)
        holds = self.holds(requirement, subject)
        variable, when = requirement.variable, requirement.when
        if when is not None:
            self._follow(self._trails.of(when), variable, subject)
            if self.value_of(variable, subject, self.of.part(when)) is False:
                return
        truth = holds if holds is True or holds is False else None
        self._follow(self._trails.of(requirement.must, truth), variable, subject)
        self.grounds.append((None, requirement, subject, holds))

    def value(self, part: Part) -> Any:
        """The value of a part; what ends in a fault was not needed for any result."""
        try:
            return part(self.of)
        except FAULTS:
            return NEVER_NEEDED

    def value_of(self, variable: int, item: Any, part: Part) -> Any:
        """The same for one item."""
        return self.value(lambda c: c.with_variable(variable, item, part))

    def holds(self, requirement: Requirement, subject: Any) -> Any:
        """Whether a requirement holds."""
        return self.value(lambda c: c.requirement(requirement, subject))

    def _at_fault(self, name: str, subject: Any) -> bool:
        try:
            self.of.definition(name, subject)
        except RulebookFault:
            return True
        return False

    def _follow(self, trail: Trail | None, variable: int = -1, subject: Any = None) -> None:
        """Follows a trail with a variable bound."""
        if trail is not None:
            variables = self.of.variables
            outer = variables.get(variable)
            variables[variable] = subject
            trail(self)
            variables[variable] = outer


class bound:
    """A variable bound to a value for a while."""

    def __init__(self, interpretation: Interpretation, variable: int, value: Any) -> None:
        self._variables = interpretation.variables
        self._variable, self._value = variable, value

    def __enter__(self) -> None:
        self._outer = self._variables.get(self._variable)
        self._variables[self._variable] = self._value

    def __exit__(self, *_: object) -> None:
        self._variables[self._variable] = self._outer
