"""What each expression rests on, worked out once for a rulebook: the way back from its value.

A *trail* goes through the parts of an expression without which its value could have been otherwise
and tells a `Slice` of the definitions and requirements it meets. An expression of nothing but facts
has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from luling.compiler.ir import nodes as ir
from luling.compiler.ir.plan import RulePlan
from luling.compiler.ir.rulebook import Requirement, Rule
from luling.compiler.ir.walk import children

from .closures import Parts
from .partial import INCOMPLETE, PartialList

if TYPE_CHECKING:
    from .why import Slice

Trail = Callable[["Slice"], None]
Truth = bool | None  # what a condition is known to have been
Groups = Mapping[str, Mapping[Any, tuple[Requirement, ...]]]


class Trails:
    """The trails of one rulebook, each made when it is first followed."""

    def __init__(self, parts: Parts, requirements: Groups) -> None:
        self._parts = parts
        self._requirements = requirements
        self._made: dict[tuple[int, Truth], Trail | None] = {}
        self.of_rules: dict[Truth, dict[int, Trail | None]] = {None: {}, True: {}, False: {}}
        self._of_none: dict[int, Trail | None] = {}

    def of(self, node: ir.Expr, truth: Truth = None) -> Trail | None:
        """The trail of an expression; of a condition that is known to have held, or failed, without
        asking again.
        """
        key = (id(node), truth)
        if key not in self._made:
            self._parts.of(node)  # keeps the node
            make = _MAKE.get(node.__class__)
            if make is not None:
                self._made[key] = make(self, node, truth)
            else:
                self._made[key] = _one_by_one(self.of(child) for child in children(node))
        return self._made[key]

    def of_rule(self, rule: Rule, truth: Truth) -> Trail | None:
        """The trail of a rule that gave a value, true or false where it is; its condition held."""
        condition = None if rule.condition is None else self.of(rule.condition, True)
        made = _one_by_one([condition, self.of(rule.value, truth)])
        self.of_rules[truth][id(rule)] = made
        return made

    def of_none(self, rules: tuple[RulePlan, ...], otherwise: ir.Expr | None) -> Trail | None:
        """The trail of rules none of which gave a value, and of what is taken instead."""
        key = id(rules)
        if key not in self._of_none:
            instead = None if otherwise is None else self.of(otherwise)
            self._of_none[key] = _one_by_one([*self._conditions(rules), instead])
        return self._of_none[key]

    def _conditions(self, rules: tuple[RulePlan, ...]) -> list[Trail | None]:
        found: list[Trail | None] = []
        for rule in rules:
            found += [] if rule.condition is None else [self.of(rule.condition)]
            found += self._conditions(rule.exceptions)
        return found

    # --- definitions and requirements

    def _defined(self, node: ir.Defined, truth: Truth) -> Trail:
        name, of = node.name, node.subject
        if isinstance(of, ir.Variable):
            return _defined_of_variable(name, of.number)
        if of is not None and not isinstance(of, ir.Literal):
            return self._of_subject(of, lambda s, subject: s.definition(name, subject))
        subject = None if of is None else of.value
        key = name if of is None else (name, subject)

        def defined(s: Slice) -> None:
            if key not in s.seen:
                s.definition(name, subject)

        return defined

    def _satisfied(self, node: ir.Satisfied, truth: Truth) -> Trail:
        groups = self._requirements[node.group]

        def satisfied(s: Slice, subject: Any) -> None:
            group = groups[subject]
            # in order, as the interpreter did: it stops at the first that fails
            failing = [] if truth else (r for r in group if s.holds(r, subject) is False)
            for requirement in failing:
                s.requirement(requirement, subject)
                return
            for requirement in group:
                s.requirement(requirement, subject)

        return self._of_member(node.subject, satisfied)

    def _failing(self, node: ir.Failing, truth: Truth) -> Trail:
        groups = self._requirements[node.group]

        def failing(s: Slice, subject: Any) -> None:
            for requirement in groups[subject]:
                if s.holds(requirement, subject) is not True:
                    s.requirement(requirement, subject)

        return self._of_member(node.subject, failing)

    def _of_member(self, subject: ir.Expr | None, act: Callable[[Slice, Any], None]) -> Trail:
        return (lambda s: act(s, None)) if subject is None else self._of_subject(subject, act)

    def _of_subject(self, node: ir.Expr, act: Callable[[Slice, Any], None]) -> Trail:
        before, part = self.of(node), self._parts.of(node)

        def of_subject(s: Slice) -> None:
            if before is not None:
                before(s)
            subject = s.value(part)
            if subject.__class__ not in INCOMPLETE:
                act(s, subject)

        return of_subject

    def _reading_is(self, node: ir.ReadingIs, truth: Truth) -> Trail | None:
        return None  # the interpretation knows which were asked for

    # --- conditions

    def _not(self, node: ir.Not, truth: Truth) -> Trail | None:
        return self.of(node.of, None if truth is None else not truth)

    def _and(self, node: ir.And, truth: Truth) -> Trail | None:
        return self._junction(node.items, truth, False)

    def _or(self, node: ir.Or, truth: Truth) -> Trail | None:
        return self._junction(node.items, truth, True)

    def _junction(self, items: tuple[ir.Expr, ...], truth: Truth, deciding: bool) -> Trail | None:
        """The trail of the first item that decides the whole alone, or of all of them."""
        together = _one_by_one(self.of(item, truth) for item in items)
        if together is None or truth is (not deciding):
            return together
        single = [(self._parts.of(item), self.of(item, deciding)) for item in items]

        def junction(s: Slice) -> None:
            # in order, as the interpreter did: a later item may rest on what an earlier one says
            for part, trail in single:
                if s.value(part) is deciding:
                    if trail is not None:
                        trail(s)
                    return
            together(s)

        return junction

    def _if(self, node: ir.If, truth: Truth) -> Trail | None:
        condition = self._parts.of(node.condition)
        then, otherwise = self.of(node.then, truth), self.of(node.otherwise, truth)
        if_true = _one_by_one([self.of(node.condition, True), then])
        if_false = _one_by_one([self.of(node.condition, False), otherwise])
        open_trail = _one_by_one(self.of(child) for child in children(node))
        if open_trail is None:
            return None

        def branch(s: Slice) -> None:
            holds = s.value(condition)
            trail = if_true if holds is True else if_false if holds is False else open_trail
            if trail is not None:
                trail(s)

        return branch

    # --- lists

    def _filter(self, node: ir.Filter, truth: Truth) -> Trail | None:
        kept, of = self._parts.of(node), self._parts.of(node.of)
        conditions = [self.of(node.condition, known) for known in (None, True, False)]
        if not any(conditions):
            return self.of(node.of)
        if_open, if_true, if_false = (_for_each(node.variable, each) for each in conditions)

        def filtered(s: Slice) -> None:
            found = s.value(kept)
            if found.__class__ is tuple:
                if found:
                    if_true(s, found)
                else:
                    if_false(s, _items(s.value(of)))
            else:
                if_open(s, _items(found) or _items(s.value(of)))

        return _one_by_one([self.of(node.of), filtered])

    def _for_all(self, node: ir.ForAll, truth: Truth) -> Trail | None:
        of, condition, variable = self._parts.of(node.of), node.condition, node.variable
        if self.of(condition) is None:
            return self.of(node.of)
        holds = self._parts.of(condition)
        if_open, if_false = (_for_each(variable, self.of(condition, k)) for k in (None, False))

        def for_all(s: Slice) -> None:
            items = _items(s.value(of))
            failing = [i for i in items if s.value_of(variable, i, holds) is False]
            if failing:
                if_false(s, failing)
            else:
                if_open(s, items)

        return _one_by_one([self.of(node.of), for_all])

    def _map(self, node: ir.Map, truth: Truth) -> Trail | None:
        of, value = self._parts.of(node.of), self.of(node.value)
        if value is None:
            return self.of(node.of)
        each = _for_each(node.variable, value)
        return _one_by_one([self.of(node.of), lambda s: each(s, _items(s.value(of)))])

    def _best(self, node: ir.Best, truth: Truth) -> Trail | None:
        part, keys = self._parts.of(node), _one_by_one(self.of(key.value) for key in node.keys)
        if keys is None:
            return self.of(node.of)
        each = _for_each(node.variable, keys)

        def best(s: Slice) -> None:
            found = s.value(part)
            if found.__class__ not in INCOMPLETE and found is not None:
                each(s, (found,))

        return _one_by_one([self.of(node.of), best])


def _defined_of_variable(name: str, number: int) -> Trail:
    def defined_of_variable(s: Slice) -> None:
        subject = s.of.variables[number]
        if (name, subject) not in s.seen and subject.__class__ not in INCOMPLETE:
            s.definition(name, subject)

    return defined_of_variable


def _one_by_one(trails: Iterable[Trail | None]) -> Trail | None:
    """Several trails as one."""
    there = tuple(trail for trail in trails if trail is not None)
    if len(there) < 2:
        return there[0] if there else None

    def one_by_one(s: Slice) -> None:
        for trail in there:
            trail(s)

    return one_by_one


def _for_each(variable: int, trail: Trail | None) -> Callable[[Slice, Iterable[Any]], None]:
    """A trail followed for each of several items."""

    def for_each(s: Slice, items: Iterable[Any]) -> None:
        if trail is None:
            return
        variables = s.of.variables
        outer = variables.get(variable)
        for item in items:
            variables[variable] = item
            trail(s)
        variables[variable] = outer

    return for_each


def _items(value: Any) -> tuple[Any, ...]:
    if value.__class__ is PartialList:
        return tuple(item for item, _ in value.items)
    return value if value.__class__ is tuple else ()


_MAKE: dict[type, Callable[[Trails, Any, Truth], Trail | None]] = {
    ir.Defined: Trails._defined,
    ir.Satisfied: Trails._satisfied,
    ir.Failing: Trails._failing,
    ir.ReadingIs: Trails._reading_is,
    ir.Not: Trails._not,
    ir.And: Trails._and,
    ir.Or: Trails._or,
    ir.If: Trails._if,
    ir.Filter: Trails._filter,
    ir.ForAll: Trails._for_all,
    ir.Map: Trails._map,
    ir.Best: Trails._best,
}
