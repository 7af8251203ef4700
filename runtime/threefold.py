"""The meaning of rules and expressions on facts of which some may be absent: three-valued, lazy,
each value computed once, exact.

Default logic: a rule gives its value where its condition holds and no exception of it applies.
Several applicable rules must agree; two that do not are a fault of the rulebook, never a choice.

What is evaluated here are *parts*: functions of the values of a case, which the interpreter makes
of nodes of the IR. A compiled function is made of such parts and takes this text as it is. So there
is one meaning and not two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from typing import Any

from luling.compiler.diagnostics.catalogue import run as codes
from luling.compiler.ir.exact import DateOutOfRange, Period, add_period, corresponding_day, exact
from luling.compiler.ir.operations import FUNCTIONS, SKIP, arithmetic, compare, listed

from .choose import Ranker, any_equal, best_item
from .partial import (
    INCOMPLETE,
    NOTHING_MISSING,
    Clauses,
    Missing,
    PartialList,
    PartialSet,
    Unknown,
    alternatives,
    lift,
    merge,
    missing_of,
    one_of_lists,
    union,
)
from .reading import Fault, Item

Part = Any
NEEDED = object()  # what a parameter is where no rule applies: it must have a value
_NO_CLAUSE = ((98, 0),)
_CERTAIN = repeat(True)
_Hit = tuple[Any, Any]  # a value and the rule that gave it
_Pending = tuple[Any, Any]  # whether a rule applies, unknown, and its value


class RulebookFault(Exception):
    """A rulebook that contradicts itself on a case, with the fault to tell."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


FAULTS = (RulebookFault, DateOutOfRange, ZeroDivisionError)


class Threefold:
    """The values of one case, computed as they are asked for.

    Who writes expressions in his own way says which part one is (`part`) and what there is: `plans`
    (rules by name, which hold parts), `groups` (requirements by group and subject), `gate` and
    `outside_of`, `empty_of`, `possible`, `clause_order`, `shown`.
    """

    plans: Mapping[str, Any]
    groups: Mapping[str, Mapping[Any, tuple[Any, ...]]]
    gate: Part | None
    clause_order: Mapping[str, tuple[tuple[int, int], ...]]

    def __init__(self, known: Mapping[str, Any], absent: Mapping[str, Unknown]) -> None:
        self.known = known
        self.absent = absent
        self.values: dict[Any, Any] = {}
        self.applied: dict[Any, tuple[Any, ...]] = {}
        self.variables: dict[int, Any] = {}
        self._current = ""

    # --- what depends on how parts are written

    def part(self, written: Any) -> Part:
        """The part that an expression is, as rules, requirements and checks hold it."""
        raise NotImplementedError

    def eval(self, written: Any) -> Any:
        """The value of an expression, known or not."""
        return self.part(written)(self)

    def outside_of(self, name: str) -> Part | None:
        """What gives a result where the rulebook does not apply, if anything does."""
        raise NotImplementedError

    def empty_of(self, name: str) -> Any:
        """What a definition is where no rule applies: none, or nothing in it; or `NEEDED`."""
        raise NotImplementedError

    def possible(self, of: str, field: str) -> frozenset[Any] | None:
        """All values of a field of a list's items, None where they are too many."""
        raise NotImplementedError

    def shown(self, name: str, value: Any) -> str:
        """A value of a definition as people read it."""
        raise NotImplementedError

    # --- results, definitions, requirements

    def result(self, name: str) -> Any:
        """A result: its value, or that outside the span of application."""
        if self.gate is None:
            return self.definition(name, None)
        applies = self.gate(self)
        if applies is True:
            return self.definition(name, None)
        outside = self.outside(name)
        if applies is False:
            return outside
        return merge([perhaps(lambda: self.definition(name, None)), outside], applies.missing)

    def outside(self, name: str) -> Any:
        """The value of a result where the rulebook does not apply."""
        part = self.outside_of(name)
        return self.empty_of(name) if part is None else self.eval(part)

    def definition(self, name: str, subject: Any) -> Any:
        """The value of a definition, of a member or item where it has a scope."""
        key = name if subject is None else (name, subject)
        values = self.values
        if key in values:
            return values[key]
        plan = self.plans[name]
        rules = plan.rules(subject)
        try:
            if len(rules) != 1 or rules[0].condition is not None or rules[0].exceptions:
                value = self._resolved(name, key, subject, rules)
            else:  # as it is with most
                part = rules[0].value
                bind = subject is not None
                value = self.with_variable(plan.variable, subject, part) if bind else part(self)
                self.applied[key] = rules
        except (DateOutOfRange, ZeroDivisionError) as error:
            raise arithmetic_fault(error, name) from None
        values[key] = value
        return value

    def _resolved(self, name: str, key: Any, subject: Any, rules: tuple[Any, ...]) -> Any:
        plan, variables = self.plans[name], self.variables
        outer, before = variables.get(plan.variable), self._current
        variables[plan.variable] = subject
        self._current = name
        try:
            return self._resolve(key, rules, plan.otherwise)
        finally:
            variables[plan.variable] = outer
            self._current = before

    def requirement(self, requirement: Any, subject: Any) -> Any:
        """Whether a requirement holds, for a member where it is for members."""
        key = (id(requirement), subject)
        values = self.values
        if key in values:
            return values[key]
        variables = self.variables
        outer, before = variables.get(requirement.variable), self._current
        variables[requirement.variable] = subject
        self._current = requirement.name
        try:
            value = self._require(requirement)
        except (DateOutOfRange, ZeroDivisionError) as error:
            raise arithmetic_fault(error, requirement.name) from None
        finally:
            variables[requirement.variable] = outer
            self._current = before
        values[key] = value
        return value

    def _require(self, requirement: Any) -> Any:
        if requirement.when is None:
            return self.eval(requirement.must)
        when = self.eval(requirement.when)
        if when is False:
            return True
        if when is True:
            return self.eval(requirement.must)
        holds = perhaps(lambda: self.eval(requirement.must))
        if holds is True:
            return True
        return Unknown(when.missing | missing_of(holds))

    def all_hold(self, group: str, subject: Any) -> Any:
        """Whether all requirements of a group hold. The first that fails decides."""
        missing: Missing | None = None
        for requirement in self.groups[group][subject]:
            holds = self.requirement(requirement, subject)
            if holds is False:
                return False
            if holds is not True:
                missing = holds.missing if missing is None else missing | holds.missing
        return True if missing is None else Unknown(missing)

    def failing_clauses(self, group: str, subject: Any) -> Any:
        """The clauses whose requirements do not hold."""
        certain: set[str] = set()
        possible: dict[str, Missing] = {}
        for requirement in self.groups[group][subject]:
            holds = self.requirement(requirement, subject)
            clause = requirement.clause
            if holds is False:
                certain.add(clause)
            elif holds is not True:
                possible[clause] = possible.get(clause, NOTHING_MISSING) | holds.missing
        return self.clauses(certain, possible)

    def of_subject(
        self, subject: Any, members: tuple[str, ...], record: str, compute: Callable[[Any], Any]
    ) -> Any:
        """A value of a member; of any it can be where that is not known.

        `members` are those of its enumeration, `record` is the list whose item it is.
        """
        if subject.__class__ is not Unknown:
            return compute(subject)
        choices: list[Any] = []
        if members:
            choices = [m for m in members if subject.among is None or m in subject.among]
        elif subject.among is not None:
            choices = sorted((i for i in subject.among if i is not None), key=lambda i: i.index)
        elif record:
            any_item = compute(Item(record, -1, {}))
            return Unknown(subject.missing | missing_of(any_item))
        values = [perhaps(lambda m=choice: compute(m)) for choice in choices]  # type: ignore[misc]
        return merge(values, subject.missing) if values else Unknown(subject.missing)

    # --- rules

    def _resolve(self, key: Any, rules: tuple[Any, ...], otherwise: Part | None) -> Any:
        """The value the applicable rules agree on."""
        hits, pending = self._outcomes(rules)
        if not pending and hits:
            self.applied[key] = tuple(winner for _, winner in hits)
            return hits[0][0] if len(hits) == 1 else self._agreed(hits)
        if not pending:
            return self._fallback(otherwise)
        missing = union(missing_of(status) for status, _ in pending)
        fallback = self._agreed(hits) if hits else perhaps(lambda: self._fallback(otherwise))
        return merge([fallback, *(value for _, value in pending)], missing)

    def _outcomes(self, rules: tuple[Any, ...]) -> tuple[list[_Hit], list[_Pending]]:
        """Which of several rules apply, and which may: values with their rules, and conditions
        with their values.
        """
        hits: list[_Hit] = []
        pending: list[_Pending] = []
        for rule in rules:
            if rule.exceptions:
                status, value, winner = self._outcome(rule)
            else:
                status = True if rule.condition is None else rule.condition(self)
                if status is False:
                    continue
                winner = rule
                value = rule.value(self) if status is True else self._given(rule, status)
            if status is True:
                hits.append((value, winner))
            elif status is not False:
                pending.append((status, value))
        return hits, pending

    def _given(self, plan: Any, status: Any) -> Any:
        """The value of a rule; of one that may not apply, whatever it is."""
        if status is True:
            return plan.value(self)
        return perhaps(lambda: plan.value(self))

    def _agreed(self, hits: list[_Hit]) -> Any:
        """The one value of rules that all apply. Raises `RulebookFault` where two differ."""
        if len(hits) == 1 and hits[0][0].__class__ not in INCOMPLETE:
            return hits[0][0]
        known = [hit for hit in hits if hit[0].__class__ not in INCOMPLETE]
        for hit in known[1:]:
            if hit[0] != known[0][0]:
                raise self._disagreement(known[0], hit)
        values = [value for value, _ in hits]
        # what is still unknown may yet disagree: nothing is determined before it is known
        return merge(values, NOTHING_MISSING)

    def _fallback(self, otherwise: Part | None) -> Any:
        if otherwise is not None:
            return otherwise(self)
        empty = self.empty_of(self._current)
        if empty is NEEDED:
            fault = Fault(codes.PARAMETER_UNDEFINED, "", {"target": self._current})
            raise RulebookFault(fault)
        return empty

    def _outcome(self, plan: Any) -> tuple[Any, Any, Any]:
        """Whether a rule or an exception of it applies, the value given, and by which rule."""
        hits, pending = self._outcomes(plan.exceptions)
        if hits:
            value = self._agreed(hits)
            if pending:
                missing = union(missing_of(status) for status, _ in pending)
                value = merge([value, *(v for _, v in pending)], missing)
            return True, value, hits[0][1]
        status = True if plan.condition is None else plan.condition(self)
        if not pending:
            return status, None if status is False else self._given(plan, status), plan
        return self._open_outcome(plan, status, pending)

    def _open_outcome(
        self, plan: Any, status: Any, pending: list[_Pending]
    ) -> tuple[Any, Any, Any]:
        missing = union(missing_of(s) for s, _ in pending)
        values = [value for _, value in pending]
        if status is not False:
            values.append(perhaps(lambda: plan.value(self)))
        if status is True:
            return True, merge(values, missing), plan
        return Unknown(missing | missing_of(status)), merge(values, missing), plan

    def _disagreement(self, one: _Hit, other: _Hit) -> RulebookFault:
        name = self._current
        first, second = one[1].rule, other[1].rule
        arguments = {
            "target": name, "clause": first.clause or "", "name": first.name,
            "value": self.shown(name, one[0]), "other_clause": second.clause or "",
            "other": second.name, "other_value": self.shown(name, other[0]),
        }  # fmt: skip
        return RulebookFault(Fault(codes.RULES_DISAGREE, "", dict(arguments)))

    # --- facts

    def fact(self, path: str) -> Any:
        """A fact, or a list fact, known or not."""
        known = self.known
        return known[path] if path in known else self.absent[path]

    def field_of(self, item: Any, field: str) -> Any:
        """A field of an item, of any it can be where that is not known."""
        if item.__class__ is Item:
            return self._field(item, field)
        choices = alternatives(item)
        if choices is None:
            return Unknown(missing_of(item))
        items = sorted((i for i in choices if i is not None), key=lambda i: i.index)
        return merge([self._field(i, field) for i in items], missing_of(item))

    def _field(self, item: Item, field: str) -> Any:
        fields = item.fields
        if field in fields:
            return fields[field]
        missing: Missing = NOTHING_MISSING
        if item.index >= 0:
            missing = frozenset([f"{item.of}[{item.index}].{field}"])
        return Unknown(missing, self.possible(item.of, field))

    # --- conditions

    def junction(self, deciding: bool, *parts: Part) -> Any:
        """且, decided by a false part, and 或, decided by a true one, whatever stands around it."""
        rest = iter(parts)
        for part in rest:
            value = part(self)
            if value is deciding:
                return deciding
            if value.__class__ is not bool:
                return self.open_junction(deciding, value.missing, rest)
        return not deciding

    def open_junction(self, deciding: bool, missing: Missing, rest: Iterable[Part]) -> Any:
        """The same once a part is unknown, by the parts that are left."""
        for part in rest:
            value = perhaps(lambda p=part: p(self))  # type: ignore[misc]
            if value is deciding:
                return deciding
            if value.__class__ is not bool:
                missing |= value.missing
        return Unknown(missing)

    def branch(self, condition: Any, then: Part, otherwise: Part) -> Any:
        """One of two values, by a condition."""
        if condition is True:
            return then(self)
        if condition is False:
            return otherwise(self)
        values = [perhaps(lambda p=part: p(self)) for part in (then, otherwise)]  # type: ignore[misc]
        return merge(values, condition.missing)

    # --- clauses and lists

    def clauses(self, certain: set[str], possible: dict[str, Missing]) -> Any:
        """A set of clauses, in the order of the law where it is known."""
        possible = {c: missing for c, missing in possible.items() if c not in certain}
        if possible:
            return PartialSet(frozenset(certain), possible)
        order = self.clause_order
        return Clauses(sorted(certain, key=lambda c: (order.get(c, _NO_CLAUSE), c)))

    def clause_list(self, *clauses: Any) -> Any:
        """The set of some clauses; none is no clause."""
        return self.clauses({c for c in clauses if c is not None}, {})

    def union_of_clauses(self, sets: Iterable[Any]) -> Any:
        """All clauses of several sets."""
        certain: set[str] = set()
        possible: dict[str, Missing] = {}
        blurred: Missing = NOTHING_MISSING
        for part in sets:
            if part.__class__ is Unknown:
                blurred |= part.missing
            elif part.__class__ is PartialSet:
                certain |= part.certain
                for clause, missing in part.possible.items():
                    possible[clause] = possible.get(clause, NOTHING_MISSING) | missing
            else:
                certain.update(part)
        found = self.clauses(certain, possible)
        return Unknown(blurred | missing_of(found)) if blurred else found

    def of_any(self, of: Unknown, record: str, variable: int, part: Part) -> Any:
        """A value of an item of a list of records nobody knows, where it is the same for all."""
        if not record:
            return Unknown(of.missing)
        return self.with_variable(variable, Item(record, -1, {}), part)

    def with_variable(self, variable: int, item: Any, part: Part) -> Any:
        """The value of a part for one item."""
        variables = self.variables
        outer = variables.get(variable)
        variables[variable] = item
        try:
            return part(self)
        finally:
            variables[variable] = outer

    def filtered(self, of: Any, record: str, variable: int, condition: Part) -> Any:
        """The items for which a condition holds."""
        if of.__class__ is Unknown:
            holds = self.of_any(of, record, variable, condition)
            return () if holds is False else Unknown(of.missing | missing_of(holds))
        pairs = of.items if of.__class__ is PartialList else zip(of, _CERTAIN, strict=False)
        kept: list[tuple[Any, Any]] = []
        certain = True
        variables = self.variables
        outer = variables.get(variable)
        try:
            for item, membership in pairs:
                variables[variable] = item
                holds = condition(self)
                if holds is False:
                    continue
                if holds is not True or membership is not True:
                    certain = False
                    membership = _both(membership, holds)
                kept.append((item, membership))
        finally:
            variables[variable] = outer
        if certain:
            return tuple([item for item, _ in kept])
        return PartialList(tuple(kept))

    def for_all(self, of: Any, record: str, variable: int, condition: Part) -> Any:
        """Whether a condition holds for every item."""
        if of.__class__ is Unknown:
            holds = self.of_any(of, record, variable, condition)
            return True if holds is True else Unknown(of.missing | missing_of(holds))
        missing: Missing | None = None
        several = of.__class__ is PartialList
        for item, membership in of.items if several else ((i, True) for i in of):
            holds = self.with_variable(variable, item, condition)
            if holds is True:
                continue
            if holds is False and membership is True:
                return False
            waiting = missing_of(holds) | missing_of(membership)
            missing = waiting if missing is None else missing | waiting
        return True if missing is None else Unknown(missing)

    def mapped(self, of: Any, record: str, variable: int, value: Part, clauses: bool) -> Any:
        """A value of each item; of sets of clauses their union."""
        of = self.mapped_parts(of, record, variable, value)
        if of.__class__ is Unknown:
            return of
        if clauses:
            return self.union_of_clauses(
                [
                    value if membership is True else merge([value, Clauses()], membership.missing)
                    for value, membership in of.items
                ]
            )
        values = [value for value, _ in of.items]
        if any(v.__class__ in INCOMPLETE or m is not True for v, m in of.items):
            return Unknown(of.missing | union(missing_of(value) for value in values))
        return tuple(values)

    def mapped_parts(self, of: Any, record: str, variable: int, value: Part) -> Any:
        """The value of each item with whether the item is there."""
        if of.__class__ is Unknown:
            found = self.of_any(of, record, variable, value)
            return Unknown(of.missing | missing_of(found))
        pairs: Any = of.items if of.__class__ is PartialList else [(i, True) for i in of]
        return PartialList(tuple((self.with_variable(variable, i, value), m) for i, m in pairs))

    def best(
        self, of: Any, record: str, variable: int, keys: list[tuple[Part, Ranker]], last: bool
    ) -> Any:
        """The item that is best by the first key, among equals by the next; at last the first or
        last listed.
        """
        if of.__class__ is Unknown:
            found = [self.of_any(of, record, variable, key) for key, _ in keys]
            return Unknown(of.missing | union(missing_of(key) for key in found))
        several = of.__class__ is PartialList
        items = list(of.items) if several else [(item, True) for item in of]
        if last:
            items.reverse()
        ranks = [
            tuple(self.with_variable(variable, item, key) for key, _ in keys) for item, _ in items
        ]
        return best_item(items, ranks, [ranker for _, ranker in keys])


def perhaps(compute: Callable[[], Any]) -> Any:
    """A value that may not be needed: a fault on the way to it is no fault yet."""
    try:
        return compute()
    except FAULTS:
        return Unknown(NOTHING_MISSING)


def arithmetic_fault(error: Exception, target: str) -> RulebookFault:
    """The fault of arithmetic that leads nowhere."""
    zero = isinstance(error, ZeroDivisionError)
    entry = codes.DIVIDED_BY_ZERO if zero else codes.DATE_OVERFLOW
    return RulebookFault(Fault(entry, "", {"target": target}))


def _both(one: Any, other: Any) -> Any:
    """且 of two conditions neither of which is false."""
    if one is True:
        return other
    return one if other is True else Unknown(one.missing | other.missing)


def _some(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function where no value is none; a combination with none cannot be."""
    return lambda *values: SKIP if None in values else function(*values)


# --- operations on values, known or not


def negated(value: Any) -> Any:
    """非."""
    if value is True:
        return False
    return True if value is False else value


def compared(op: str, rank: Mapping[str, int] | None, left: Any, right: Any) -> Any:
    """A comparison; of members of an ordered enumeration by their rank."""
    if left.__class__ in INCOMPLETE or right.__class__ in INCOMPLETE:
        return lift(lambda one, other: compare(op, rank, one, other), (left, right))
    return compare(op, rank, left, right)


def in_known(item: Any, known: frozenset[Any]) -> Any:
    """Whether a value is among constants."""
    if item.__class__ is not Unknown:
        return item in known
    return lift(lambda value: value in known, (item,))


def in_list(item: Any, of: Any) -> Any:
    """Whether a value is in a list."""
    if of.__class__ is Unknown:
        return lift(lambda value, values: value in values, (item, of))
    if of.__class__ is PartialList:
        return any_equal(item, of.items)
    return any_equal(item, [(value, True) for value in of])


def present(value: Any) -> Any:
    """Whether a value is not none."""
    if value.__class__ is Unknown:
        return lift(lambda v: v is not None, (value,))
    return value is not None


def non_empty(value: Any) -> Any:
    """Whether a list has an item."""
    if value.__class__ is PartialList:
        if any(membership is True for _, membership in value.items):
            return True
        return Unknown(value.missing)
    if value.__class__ is PartialSet:
        return True if value.certain else Unknown(value.missing)
    if value.__class__ is Unknown:
        return lift(bool, (value,))
    return bool(value)


def calculated(op: str, left: Any, right: Any) -> Any:
    """Arithmetic of numbers and periods."""
    if left.__class__ is Unknown or right.__class__ is Unknown:
        return lift(_some(lambda a, b: arithmetic(op, a, b)), (left, right))
    return arithmetic(op, left, right)


def after(start: Any, period: Any, following: bool) -> Any:
    """The day a period from a date is complete."""
    if start.__class__ is Unknown or period.__class__ is Unknown:
        add = _some(lambda s, p: add_period(s, p, overflow_next=following))
        return lift(add, (start, period))
    if following or period.days:
        return add_period(start, period, overflow_next=following)
    return corresponding_day(start, period.months)


def called(name: str, *values: Any) -> Any:
    """A function of the language."""
    function = FUNCTIONS[name]
    for value in values:
        if value.__class__ in INCOMPLETE:
            return lift(_some(function), values)
    return function(*values)


def looked_up(cells: Mapping[tuple[Any, Any], Any], row: Any, column: Any) -> Any:
    """A cell of a table, none where there is no such cell."""
    if row.__class__ is Unknown or column.__class__ is Unknown:
        return lift(lambda r, c: cells.get((r, c)), (row, column))
    return cells.get((row, column))


def list_of(make: Callable[..., Any], values: tuple[Any, ...]) -> Any:
    """A list of values, made by what knows its order."""
    if any(value.__class__ in INCOMPLETE for value in values):
        return lift(make, values)
    return make(*values)


def joined(left: Any, right: Any) -> Any:
    """Two lists as one, each value once."""
    if left.__class__ in INCOMPLETE or right.__class__ in INCOMPLETE:
        return lift(lambda a, b: listed(*a, *b), (left, right))
    return listed(*left, *right)


def items_of(of: Any, members: tuple[str, ...]) -> Any:
    """A list to go through; of members nobody knows each may be there."""
    if of.__class__ is not Unknown:
        return of
    if of.among is not None:
        return one_of_lists(of, members)
    if members:
        return PartialList(tuple((m, Unknown(of.missing)) for m in members))
    return of


def counted(of: Any) -> Any:
    """How many items a list has."""
    if of.__class__ is Unknown:
        return lift(len, (of,))
    if of.__class__ is PartialList:
        certain = sum(1 for _, membership in of.items if membership is True)
        return Unknown(of.missing, frozenset(range(certain, len(of.items) + 1)))
    if of.__class__ in INCOMPLETE:
        return Unknown(of.missing)
    return len(of)


def folded(how: str, of: Any, periods: bool) -> Any:
    """The sum of a list, or its largest or smallest value."""
    if of.__class__ in INCOMPLETE:
        return Unknown(of.missing)
    if how == "sum":
        if periods:
            return Period(sum(p.months for p in of), sum(p.days for p in of))
        return exact(sum(of))
    return (max if how == "max" else min)(of, default=None)
