"""What a value rests on: the part of the evaluation without which it could have been otherwise.

Of 且 that failed only the condition that failed, of 或 that held only the one that held, of 若 the
branch taken, of a filter the items kept. What is left, in the order it was applied, is the 依据
of a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir.rulebook import Definition, Requirement, Rule

from .interpret import Interpretation
from .partial import INCOMPLETE, PartialList
from .threefold import RulebookFault, perhaps


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
        self.readings: set[str] = set()
        self._seen: set[Any] = set()
        self._parts = interpretation.program.resting

    def results(self, names: Iterable[str]) -> list[Step]:
        """The steps that some results rest on, in the order they were applied."""
        gate = self.of.program.rulebook.gate
        if gate is not None:
            self.visit(gate.condition)
            if self._value(gate.condition) is False:
                return self.steps
        for name in names:
            self.definition(name, None)
        return self.steps

    def definition(self, name: str, subject: Any) -> None:
        """The rules that gave a definition its value, what they rest on first."""
        key = name if subject is None else (name, subject)
        if key in self._seen:
            return
        self._seen.add(key)
        plan = self.of.program.definitions[name]
        known = self.of.values
        if key not in known and self._at_fault(lambda: self.of.definition(name, subject)):
            return
        value = known[key]
        winners = self.of.applied.get(key, ())
        parts = self._parts
        for winner in winners:
            if id(winner.value) in parts or id(winner.condition) in parts:
                variables = self.of.variables
                outer = variables.get(plan.variable)
                variables[plan.variable] = subject
                if winner.condition is not None:
                    self.visit(winner.condition)
                self.visit(winner.value)
                variables[plan.variable] = outer
            self.steps.append(Applied(plan.definition, winner.rule, subject, value))
        if not winners:
            with bound(self.of, plan.variable, subject):
                for condition in _conditions(plan.rules(subject)):
                    self.visit(condition)
                if plan.otherwise is not None:
                    self.visit(plan.otherwise)

    def requirement(self, requirement: Requirement, subject: Any) -> None:
        """A requirement with what it rests on."""
        key = (id(requirement), subject)
        if key in self._seen:
            return
        self._seen.add(key)
        holds = perhaps(lambda: self.of.requirement(requirement, subject))
        with bound(self.of, requirement.variable, subject):
            if requirement.when is not None:
                self.visit(requirement.when)
                if self._value(requirement.when) is False:
                    return
            self.visit(requirement.must)
        self.steps.append(Required(requirement, subject, holds))

    def _value(self, node: ir.Expr) -> Any:
        """The value of an expression; what ends in a fault was not needed for any result."""
        return perhaps(lambda: self.of.eval(node))

    def _at_fault(self, compute: Callable[[], Any]) -> bool:
        try:
            compute()
        except RulebookFault:
            return True
        return False

    def visit(self, node: ir.Expr) -> None:
        """The part of an expression that its value rests on."""
        parts = self._parts.get(id(node))
        if parts is None:
            return  # nothing in it but facts
        handler = _VISIT.get(node.__class__)
        if handler is not None:
            handler(self, node)
        else:
            for child in parts:
                self.visit(child)

    def _defined(self, node: ir.Defined) -> None:
        subject = node.subject
        if subject is None:
            if node.name not in self._seen:
                self.definition(node.name, None)
            return
        self.visit(subject)
        value = self._value(subject)
        if value.__class__ not in INCOMPLETE and (node.name, value) not in self._seen:
            self.definition(node.name, value)

    def _satisfied(self, node: ir.Satisfied) -> None:
        def one(subject: Any) -> None:
            group = self.of.program.requirements[node.group][subject]
            for requirement in group:
                # in order, as the interpreter did: it stops at the first that fails
                if perhaps(partial(self.of.requirement, requirement, subject)) is False:
                    self.requirement(requirement, subject)
                    return
            for requirement in group:
                self.requirement(requirement, subject)

        self._member(node.subject, one)

    def _failing(self, node: ir.Failing) -> None:
        def one(subject: Any) -> None:
            for requirement in self.of.program.requirements[node.group][subject]:
                if perhaps(partial(self.of.requirement, requirement, subject)) is not True:
                    self.requirement(requirement, subject)

        self._member(node.subject, one)

    def _member(self, subject: ir.Expr | None, act: Callable[[Any], None]) -> None:
        if subject is None:
            act(None)
            return
        self.visit(subject)
        value = self._value(subject)
        if value.__class__ not in INCOMPLETE:
            act(value)

    def _and(self, node: ir.And) -> None:
        self._part(node.items, False)

    def _or(self, node: ir.Or) -> None:
        self._part(node.items, True)

    def _part(self, items: tuple[ir.Expr, ...], deciding: bool) -> None:
        """The first item that decides the whole alone, or all of them."""
        for item in items:
            # in order, as the interpreter did: a later item may rest on what an earlier one says
            if self._value(item) is deciding:
                self.visit(item)
                return
        for item in items:
            self.visit(item)

    def _if(self, node: ir.If) -> None:
        self.visit(node.condition)
        condition = self._value(node.condition)
        if condition is not False:
            self.visit(node.then)
        if condition is not True:
            self.visit(node.otherwise)

    def _reading_is(self, node: ir.ReadingIs) -> None:
        self.readings.add(node.reading)

    def _filter(self, node: ir.Filter) -> None:
        self.visit(node.of)
        kept = _items(self._value(node))
        for item in kept or _items(self._value(node.of)):
            self._with(node.variable, item, node.condition)

    def _for_all(self, node: ir.ForAll) -> None:
        self.visit(node.of)
        items = _items(self._value(node.of))
        failing = [
            i for i in items
            if perhaps(partial(self.of.with_variable, node.variable, i, node.condition)) is False
        ]  # fmt: skip
        for item in failing or items:
            self._with(node.variable, item, node.condition)

    def _map(self, node: ir.Map) -> None:
        self.visit(node.of)
        for item in _items(self._value(node.of)):
            self._with(node.variable, item, node.value)

    def _best(self, node: ir.Best) -> None:
        self.visit(node.of)
        best = self._value(node)
        if best.__class__ not in INCOMPLETE and best is not None:
            for key in node.keys:
                self._with(node.variable, best, key.value)

    def _with(self, variable: int, item: Any, node: ir.Expr) -> None:
        variables = self.of.variables
        outer = variables.get(variable)
        variables[variable] = item
        self.visit(node)
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


def _items(value: Any) -> tuple[Any, ...]:
    if value.__class__ is PartialList:
        return tuple(item for item, _ in value.items)
    return value if value.__class__ is tuple else ()


def _conditions(rules: Iterable[Any]) -> Iterator[ir.Expr]:
    for rule in rules:
        if rule.condition is not None:
            yield rule.condition
        yield from _conditions(rule.exceptions)


_VISIT: dict[type, Callable[[Slice, Any], None]] = {
    ir.Defined: Slice._defined,
    ir.Satisfied: Slice._satisfied,
    ir.Failing: Slice._failing,
    ir.And: Slice._and,
    ir.Or: Slice._or,
    ir.If: Slice._if,
    ir.ReadingIs: Slice._reading_is,
    ir.Filter: Slice._filter,
    ir.ForAll: Slice._for_all,
    ir.Map: Slice._map,
    ir.Best: Slice._best,
}
