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

from .interpret import Interpretation
from .trails import Trail


@attrs.define(eq=False)  # not frozen: made by the dozen for every decision
class Applied:
    """A rule that gave a value, of a member or item where it has a scope."""

    definition: Definition
    rule: Rule
    subject: Any
    value: Any


@attrs.define(eq=False)
class Required:
    """A requirement that was looked at, for a member where it has members, and whether it held."""

    requirement: Requirement
    subject: Any
    holds: Any


Step = Applied | Required


class Slice:
    """Walks back from values to what they rest on."""

    def __init__(self, interpretation: Interpretation) -> None:
        self.of = interpretation
        self.steps: list[Step] = []
        self.seen: set[Any] = set()
        self._trails = interpretation.program.trails

    def results(self, names: Iterable[str]) -> list[Step]:
        """The steps that some results rest on, in the order they were applied."""
        gate = self.of.program.rulebook.gate
        if gate is not None:
            self._follow(self._trails.of(gate.condition))
            if self.of.eval(gate.condition) is False:
                return self.steps
        for name in names:
            self.definition(name, None)
        return self.steps

    def definition(self, name: str, subject: Any) -> None:
        """The rules that gave a definition its value, what they rest on first."""
        key = name if subject is None else (name, subject)
        if key in self.seen:
            return
        self.seen.add(key)
        plan = self.of.program.definitions[name]
        known = self.of.values
        value = known[key] if key in known else self.of.definition(name, subject)
        winners = self.of.applied.get(key)
        if winners is None:
            trail = self._trails.of_none(plan.rules(subject), plan.otherwise)
            self._follow(trail, plan.variable, subject)
            return
        for winner in winners:
            trail = self._trails.of_rule(winner.rule, value)
            if trail is not None:
                self._follow(trail, plan.variable, subject)
            self.steps.append(Applied(plan.definition, winner.rule, subject, value))

    def requirement(self, requirement: Requirement, subject: Any) -> None:
        """A requirement with what it rests on."""
        key = (id(requirement), subject)
        if key in self.seen:
            return
        self.seen.add(key)
        holds = self.of.requirement(requirement, subject)
        with bound(self.of, requirement.variable, subject):
            if requirement.when is not None:
                self._follow(self._trails.of(requirement.when))
                if self.of.eval(requirement.when) is False:
                    return
            truth = holds if holds.__class__ is bool else None
            self._follow(self._trails.of(requirement.must, truth))
        self.steps.append(Required(requirement, subject, holds))

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
