"""IR × facts → values. The reference meaning: three-valued, lazy, each value computed once, exact.

Default logic: a rule gives its value where its condition holds and no exception of it applies.
Several applicable rules must agree; two that do not are a fault of the rulebook, never a choice.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from luling.compiler.diagnostics.catalogue import run as codes
from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.operations import FUNCTIONS, SKIP, arithmetic, compare, listed
from luling.compiler.ir.plan import RulePlan
from luling.compiler.ir.rulebook import Requirement
from luling.compiler.ir.values import (
    DateOutOfRange,
    Period,
    add_period,
    corresponding_day,
    exact,
    show,
)

from .choose import any_equal, best_item, ranker
from .facts import Fault, Item
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
from .program import Program, possible_values

_DEEP = 12_000  # frames: definitions may hang on one another in chains of some two thousand


class RulebookFault(Exception):
    """A rulebook that contradicts itself on a case, with the fault to tell."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Interpretation:
    """The values of one case, computed as they are asked for."""

    def __init__(self, program: Program, known: Mapping[str, Any], readings: Mapping[str, str]):
        self.program = program
        self.known = known
        self.absent: Mapping[str, Unknown] = program.absent
        self.readings = {**program.taken, **readings}
        self.readings_used: set[str] = set()
        self.values: dict[Any, Any] = {}
        self.applied: dict[Any, tuple[RulePlan, ...]] = {}
        self.variables: dict[int, Any] = {}
        self._current = ""
        if sys.getrecursionlimit() < _DEEP:
            sys.setrecursionlimit(_DEEP)

    # --- what callers ask for

    def result(self, name: str) -> Any:
        """A result: its value, or that outside the span of application."""
        gate = self.program.rulebook.gate
        if gate is None:
            return self.definition(name, None)
        applies = self.eval(gate.condition)
        if applies is True:
            return self.definition(name, None)
        outside = self.outside(name)
        if applies is False:
            return outside
        return merge([_perhaps(lambda: self.definition(name, None)), outside], applies.missing)

    def outside(self, name: str) -> Any:
        """The value of a result where the rulebook does not apply."""
        gate = self.program.rulebook.gate
        for given, value in gate.outside if gate is not None else ():
            if given == name:
                return self.eval(value)
        kind = self.program.definitions[name].definition.type
        if kind == t.CLAUSES:
            return Clauses()
        return () if isinstance(kind, t.ListOf) else None

    def definition(self, name: str, subject: Any) -> Any:
        """The value of a definition, of a member or item where it has a scope."""
        key = name if subject is None else (name, subject)
        values = self.values
        if key in values:
            return values[key]
        plan = self.program.definitions[name]
        variables = self.variables
        outer, before = variables.get(plan.variable), self._current
        variables[plan.variable] = subject
        self._current = name
        try:
            value = self._resolve(key, plan.rules(subject), plan.otherwise)
        except (DateOutOfRange, ZeroDivisionError) as error:
            raise self._arithmetic_fault(error) from None
        finally:
            variables[plan.variable] = outer
            self._current = before
        values[key] = value
        return value

    def requirement(self, requirement: Requirement, subject: Any) -> Any:
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
            raise self._arithmetic_fault(error) from None
        finally:
            variables[requirement.variable] = outer
            self._current = before
        values[key] = value
        return value

    def _require(self, requirement: Requirement) -> Any:
        if requirement.when is None:
            return self.eval(requirement.must)
        when = self.eval(requirement.when)
        if when is False:
            return True
        if when is True:
            return self.eval(requirement.must)
        holds = _perhaps(lambda: self.eval(requirement.must))
        if holds is True:
            return True
        return Unknown(when.missing | missing_of(holds))

    def eval(self, node: ir.Expr) -> Any:
        """The value of an expression, known or not."""
        return _EVAL[node.__class__](self, node)

    # --- rules

    def _resolve(self, key: Any, rules: tuple[RulePlan, ...], otherwise: ir.Expr | None) -> Any:
        """The value the applicable rules agree on."""
        hits: list[tuple[Any, RulePlan]] = []
        pending: list[tuple[Any, Any]] = []
        for rule in rules:
            if rule.exceptions:
                status, value, winner = self._outcome(rule)
                if status is True:
                    hits.append((value, winner))
                elif status is not False:
                    pending.append((status, value))
                continue
            condition, node = rule.condition, rule.value
            status = True if condition is None else _EVAL[condition.__class__](self, condition)
            if status is True:
                hits.append((_EVAL[node.__class__](self, node), rule))
            elif status is not False:
                pending.append((status, self._given(rule, status)))
        if not pending and hits:
            self.applied[key] = tuple(winner for _, winner in hits)
            return hits[0][0] if len(hits) == 1 else self._agreed(hits)
        if not pending:
            return self._fallback(otherwise)
        missing = union(missing_of(status) for status, _ in pending)
        fallback = self._agreed(hits) if hits else _perhaps(lambda: self._fallback(otherwise))
        return merge([fallback, *(value for _, value in pending)], missing)

    def _given(self, plan: RulePlan, status: Any) -> Any:
        """The value of a rule; of one that may not apply, whatever it is."""
        value = plan.value
        if status is True:
            return _EVAL[value.__class__](self, value)
        return _perhaps(lambda: self.eval(value))

    def _agreed(self, hits: list[tuple[Any, RulePlan]]) -> Any:
        """The one value of rules that all apply. Raises `RulebookFault` where two differ."""
        known = [hit for hit in hits if hit[0].__class__ not in INCOMPLETE]
        for hit in known[1:]:
            if hit[0] != known[0][0]:
                raise self._disagreement(known[0], hit)
        values = [value for value, _ in hits]
        # what is still unknown may yet disagree: nothing is determined before it is known
        return merge(values, NOTHING_MISSING)

    def _fallback(self, otherwise: ir.Expr | None) -> Any:
        if otherwise is not None:
            return self.eval(otherwise)
        definition = self.program.definitions[self._current].definition
        kind = definition.type
        if definition.kind == "parameter" and not isinstance(kind, t.Maybe):
            fault = Fault(codes.PARAMETER_UNDEFINED, "", {"target": self._current})
            raise RulebookFault(fault)
        if kind == t.CLAUSES:
            return Clauses()
        return () if isinstance(kind, t.ListOf) else None

    def _outcome(self, plan: RulePlan) -> tuple[Any, Any, RulePlan]:
        """Whether a rule or an exception of it applies, the value given, and by which rule."""
        hits: list[tuple[Any, RulePlan]] = []
        pending: list[tuple[Any, Any]] = []
        for exception in plan.exceptions:
            status, value, winner = self._outcome(exception)
            if status is True:
                hits.append((value, winner))
            elif status is not False:
                pending.append((status, value))
        if hits:
            value = self._agreed(hits)
            if pending:
                missing = union(missing_of(status) for status, _ in pending)
                value = merge([value, *(v for _, v in pending)], missing)
            return True, value, hits[0][1]
        status = True if plan.condition is None else self.eval(plan.condition)
        if not pending:
            return status, None if status is False else self._given(plan, status), plan
        return self._open_outcome(plan, status, pending)

    def _open_outcome(
        self, plan: RulePlan, status: Any, pending: list[tuple[Any, Any]]
    ) -> tuple[Any, Any, RulePlan]:
        missing = union(missing_of(s) for s, _ in pending)
        values = [value for _, value in pending]
        if status is not False:
            values.append(_perhaps(lambda: self.eval(plan.value)))
        if status is True:
            return True, merge(values, missing), plan
        return Unknown(missing | missing_of(status)), merge(values, missing), plan

    # --- faults

    def _disagreement(
        self, one: tuple[Any, RulePlan], other: tuple[Any, RulePlan]
    ) -> RulebookFault:
        kind = self.program.definitions[self._current].definition.type
        first, second = one[1].rule, other[1].rule
        arguments = {
            "target": self._current, "clause": first.clause or "", "name": first.name,
            "value": show(one[0], kind), "other_clause": second.clause or "",
            "other": second.name, "other_value": show(other[0], kind),
        }  # fmt: skip
        return RulebookFault(Fault(codes.RULES_DISAGREE, "", dict(arguments)))

    def _arithmetic_fault(self, error: Exception) -> RulebookFault:
        zero = isinstance(error, ZeroDivisionError)
        entry = codes.DIVIDED_BY_ZERO if zero else codes.DATE_OVERFLOW
        return RulebookFault(Fault(entry, "", {"target": self._current}))

    # --- leaves

    def _literal(self, node: ir.Literal) -> Any:
        value: Any = node.value
        return Clauses(value) if value.__class__ is tuple and node.type == t.CLAUSES else value

    def _fact(self, node: ir.Fact) -> Any:
        path = node.path
        known = self.known
        return known[path] if path in known else self.absent[path]

    def _fact_list(self, node: ir.FactList) -> Any:
        name = node.name
        return self.known[name] if name in self.known else self.absent[name]

    def _rows(self, node: ir.Rows) -> Any:
        return self.program.registers[node.register]

    def _members(self, node: ir.Members) -> Any:
        return node.enum.members

    def _variable(self, node: ir.Variable) -> Any:
        return self.variables[node.number]

    def _field_of(self, node: ir.FieldOf) -> Any:
        item = _EVAL[node.of.__class__](self, node.of)
        if item.__class__ is Item:
            return self._field(item, node.field)
        choices = alternatives(item)
        if choices is None:
            return Unknown(missing_of(item))
        items = sorted((i for i in choices if i is not None), key=lambda i: i.index)
        return merge([self._field(i, node.field) for i in items], missing_of(item))

    def _field(self, item: Item, field: str) -> Any:
        fields = item.fields
        if field in fields:
            return fields[field]
        missing: Missing = NOTHING_MISSING
        if item.index >= 0:
            missing = frozenset([f"{item.of}[{item.index}].{field}"])
        return Unknown(missing, possible_values(self.program.list_types[item.of][field]))

    def _defined(self, node: ir.Defined) -> Any:
        name = node.name
        values = self.values
        if node.subject is None:
            return values[name] if name in values else self.definition(name, None)
        subject = _EVAL[node.subject.__class__](self, node.subject)
        if subject.__class__ is not Unknown:
            key = (name, subject)
            return values[key] if key in values else self.definition(name, subject)
        return self._of_subject(subject, node.subject, lambda m: self.definition(name, m))

    def _of_subject(self, subject: Any, node: ir.Expr, compute: Callable[[Any], Any]) -> Any:
        """A value of a member; of any it can be where that is not known."""
        if subject.__class__ is not Unknown:
            return compute(subject)
        kind = t.solid(node.type)
        choices: list[Any] = []
        if isinstance(kind, t.Enum):
            choices = [m for m in kind.members if subject.among is None or m in subject.among]
        elif subject.among is not None:
            choices = sorted((i for i in subject.among if i is not None), key=lambda i: i.index)
        elif isinstance(kind, t.Record):
            any_item = compute(Item(kind.of, -1, {}))
            return Unknown(subject.missing | missing_of(any_item))
        values = [_perhaps(partial(compute, choice)) for choice in choices]
        return merge(values, subject.missing) if values else Unknown(subject.missing)

    def _reading_is(self, node: ir.ReadingIs) -> Any:
        self.readings_used.add(node.reading)
        return self.readings[node.reading] == node.alternative

    def _lookup(self, node: ir.Lookup) -> Any:
        cells = self.program.tables[node.table].cells
        row, column = self.eval(node.row), self.eval(node.column)
        if row.__class__ is Unknown or column.__class__ is Unknown:
            return lift(lambda r, c: cells.get((r, c)), (row, column))
        return cells.get((row, column))

    # --- requirements

    def _satisfied(self, node: ir.Satisfied) -> Any:
        if node.subject is None:
            return self._all_hold(node.group, None)
        subject = self.eval(node.subject)
        return self._of_subject(subject, node.subject, lambda m: self._all_hold(node.group, m))

    def _all_hold(self, group: str, subject: Any) -> Any:
        missing: Missing | None = None
        for requirement in self.program.requirements[group][subject]:
            holds = self.requirement(requirement, subject)
            if holds is False:
                return False
            if holds is not True:
                missing = holds.missing if missing is None else missing | holds.missing
        return True if missing is None else Unknown(missing)

    def _failing(self, node: ir.Failing) -> Any:
        if node.subject is None:
            return self._failing_clauses(node.group, None)
        subject = self.eval(node.subject)
        return self._of_subject(
            subject, node.subject, lambda m: self._failing_clauses(node.group, m)
        )

    def _failing_clauses(self, group: str, subject: Any) -> Any:
        certain: set[str] = set()
        possible: dict[str, Missing] = {}
        for requirement in self.program.requirements[group][subject]:
            holds = self.requirement(requirement, subject)
            clause = requirement.clause
            if holds is False:
                certain.add(clause)
            elif holds is not True:
                possible[clause] = possible.get(clause, NOTHING_MISSING) | holds.missing
        return self._clauses(certain, possible)

    def _clauses(self, certain: set[str], possible: dict[str, Missing]) -> Any:
        possible = {c: missing for c, missing in possible.items() if c not in certain}
        if possible:
            return PartialSet(frozenset(certain), possible)
        order = self.program.clause_order
        return Clauses(sorted(certain, key=lambda c: (order.get(c, ((98, 0),)), c)))

    # --- conditions

    def _not(self, node: ir.Not) -> Any:
        value = _EVAL[node.of.__class__](self, node.of)
        if value is True:
            return False
        return True if value is False else value

    def _and(self, node: ir.And) -> Any:
        return self._junction(node.items, False)

    def _or(self, node: ir.Or) -> Any:
        return self._junction(node.items, True)

    def _junction(self, items: tuple[ir.Expr, ...], deciding: bool) -> Any:
        """且, decided by a false item, and 或, decided by a true one, whatever stands around it."""
        missing: Missing | None = None
        for item in items:
            if missing is None:
                value = _EVAL[item.__class__](self, item)
            else:
                value = _perhaps(partial(self.eval, item))
            if value is deciding:
                return deciding
            if value.__class__ is not bool:
                missing = value.missing if missing is None else missing | value.missing
        return not deciding if missing is None else Unknown(missing)

    def _compare(self, node: ir.Compare) -> Any:
        left = _EVAL[node.left.__class__](self, node.left)
        right = _EVAL[node.right.__class__](self, node.right)
        if left.__class__ in INCOMPLETE or right.__class__ in INCOMPLETE:
            rank = _rank(node.left)
            return lift(lambda one, other: compare(node.op, rank, one, other), (left, right))
        op = node.op
        return compare(op, None if op in ("=", "≠") else _rank(node.left), left, right)

    def _is_in(self, node: ir.IsIn) -> Any:
        item = _EVAL[node.item.__class__](self, node.item)
        known = self.program.sets.get(id(node.of))
        if known is not None:
            return (
                item in known
                if item.__class__ is not Unknown
                else lift(lambda value: value in known, (item,))
            )
        if isinstance(node.of, ir.ListFrom):
            return any_equal(item, [(self.eval(part), True) for part in node.of.items])
        of = self._map_parts(node.of) if isinstance(node.of, ir.Map) else self._items(node.of)
        if of.__class__ is Unknown:
            return lift(lambda value, values: value in values, (item, of))
        if of.__class__ is PartialList:
            return any_equal(item, of.items)
        return any_equal(item, [(value, True) for value in of])

    def _is_present(self, node: ir.IsPresent) -> Any:
        value = self.eval(node.of)
        if value.__class__ is Unknown:
            return lift(lambda v: v is not None, (value,))
        return value is not None

    def _is_non_empty(self, node: ir.IsNonEmpty) -> Any:
        value = self.eval(node.of)
        if value.__class__ is PartialList:
            if any(membership is True for _, membership in value.items):
                return True
            return Unknown(value.missing)
        if value.__class__ is PartialSet:
            return True if value.certain else Unknown(value.missing)
        if value.__class__ is Unknown:
            return lift(bool, (value,))
        return bool(value)

    def _if(self, node: ir.If) -> Any:
        condition = _EVAL[node.condition.__class__](self, node.condition)
        if condition is True:
            return self.eval(node.then)
        if condition is False:
            return self.eval(node.otherwise)
        branches = (node.then, node.otherwise)
        values = [_perhaps(partial(self.eval, branch)) for branch in branches]
        return merge(values, condition.missing)

    # --- arithmetic

    def _arithmetic(self, node: ir.Arithmetic) -> Any:
        left, right = self.eval(node.left), self.eval(node.right)
        if left.__class__ is Unknown or right.__class__ is Unknown:
            return lift(_some(lambda a, b: arithmetic(node.op, a, b)), (left, right))
        return arithmetic(node.op, left, right)

    def _add_period(self, node: ir.AddPeriod) -> Any:
        start, period = self.eval(node.date), self.eval(node.period)
        following = node.overflow_next
        if start.__class__ is Unknown or period.__class__ is Unknown:
            add = _some(lambda s, p: add_period(s, p, overflow_next=following))
            return lift(add, (start, period))
        if following or period.days:
            return add_period(start, period, overflow_next=following)
        return corresponding_day(start, period.months)

    def _call(self, node: ir.Call) -> Any:
        function = FUNCTIONS[node.function]
        values = tuple(self.eval(argument) for argument in node.arguments)
        if any(value.__class__ in INCOMPLETE for value in values):
            return lift(_some(function), values)
        return function(*values)

    # --- lists

    def _list_from(self, node: ir.ListFrom) -> Any:
        values = tuple(self.eval(item) for item in node.items)
        make = self._clause_list if node.type == t.CLAUSES else listed
        if any(value.__class__ in INCOMPLETE for value in values):
            return lift(make, values)
        return make(*values)

    def _clause_list(self, *clauses: Any) -> Any:
        return self._clauses({c for c in clauses if c is not None}, {})

    def _union(self, node: ir.Union) -> Any:
        left, right = self.eval(node.left), self.eval(node.right)
        if node.type == t.CLAUSES:
            return self._union_of_clauses([left, right])
        if left.__class__ in INCOMPLETE or right.__class__ in INCOMPLETE:
            return lift(lambda a, b: listed(*a, *b), (left, right))
        return listed(*left, *right)

    def _union_of_clauses(self, sets: list[Any]) -> Any:
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
        found = self._clauses(certain, possible)
        return Unknown(blurred | missing_of(found)) if blurred else found

    def _items(self, node: ir.Expr) -> Any:
        """A list to go through; of members nobody knows each may be there."""
        of = self.eval(node)
        if of.__class__ is Unknown and isinstance(node.type, t.ListOf):
            item = node.type.item
            if of.among is not None:
                return one_of_lists(of, item.members if isinstance(item, t.Enum) else ())
            if isinstance(item, t.Enum):
                return PartialList(tuple((m, Unknown(of.missing)) for m in item.members))
        return of

    def _of_any(self, of: Unknown, node: ir.Expr, variable: int, part: ir.Expr) -> Any:
        """A value of an item of a list of records nobody knows, where it is the same for all."""
        kind = node.type.item if isinstance(node.type, t.ListOf) else t.UNRESOLVED
        if not isinstance(kind, t.Record):
            return Unknown(of.missing)
        return self.with_variable(variable, Item(kind.of, -1, {}), part)

    def _filter(self, node: ir.Filter) -> Any:
        of = self._items(node.of)
        if of.__class__ is Unknown:
            holds = self._of_any(of, node.of, node.variable, node.condition)
            return () if holds is False else Unknown(of.missing | missing_of(holds))
        several = of.__class__ is PartialList
        kept: list[tuple[Any, Any]] = []
        certain = True
        variables, condition = self.variables, node.condition
        evaluate = _EVAL[condition.__class__]
        outer = variables.get(node.variable)
        try:
            for item, membership in of.items if several else [(i, True) for i in of]:
                variables[node.variable] = item
                holds = evaluate(self, condition)
                if holds is False:
                    continue
                if holds is not True or membership is not True:
                    certain = False
                    membership = _both(membership, holds)
                kept.append((item, membership))
        finally:
            variables[node.variable] = outer
        if certain:
            return tuple(item for item, _ in kept)
        return PartialList(tuple(kept))

    def with_variable(self, variable: int, item: Any, node: ir.Expr) -> Any:
        """The value of an expression for one item."""
        variables = self.variables
        outer = variables.get(variable)
        variables[variable] = item
        try:
            return _EVAL[node.__class__](self, node)
        finally:
            variables[variable] = outer

    def _for_all(self, node: ir.ForAll) -> Any:
        of = self._items(node.of)
        if of.__class__ is Unknown:
            holds = self._of_any(of, node.of, node.variable, node.condition)
            return True if holds is True else Unknown(of.missing | missing_of(holds))
        missing: Missing | None = None
        several = of.__class__ is PartialList
        for item, membership in of.items if several else ((i, True) for i in of):
            holds = self.with_variable(node.variable, item, node.condition)
            if holds is True:
                continue
            if holds is False and membership is True:
                return False
            waiting = missing_of(holds) | missing_of(membership)
            missing = waiting if missing is None else missing | waiting
        return True if missing is None else Unknown(missing)

    def _map(self, node: ir.Map) -> Any:
        of = self._map_parts(node)
        if of.__class__ is Unknown:
            return of
        if node.type == t.CLAUSES:
            return self._union_of_clauses(
                [
                    value if membership is True else merge([value, Clauses()], membership.missing)
                    for value, membership in of.items
                ]
            )
        values = [value for value, _ in of.items]
        if any(v.__class__ in INCOMPLETE or m is not True for v, m in of.items):
            return Unknown(of.missing | union(missing_of(value) for value in values))
        return tuple(values)

    def _map_parts(self, node: ir.Map) -> Any:
        """The value of each item with whether the item is there."""
        of = self._items(node.of)
        if of.__class__ is Unknown:
            value = self._of_any(of, node.of, node.variable, node.value)
            return Unknown(of.missing | missing_of(value))
        pairs: Any = of.items if of.__class__ is PartialList else [(i, True) for i in of]
        return PartialList(
            tuple((self.with_variable(node.variable, i, node.value), m) for i, m in pairs)
        )

    def _count(self, node: ir.Count) -> Any:
        of = self.eval(node.of)
        if of.__class__ is Unknown:
            return lift(len, (of,))
        if of.__class__ is PartialList:
            certain = sum(1 for _, membership in of.items if membership is True)
            return Unknown(of.missing, frozenset(range(certain, len(of.items) + 1)))
        if of.__class__ in INCOMPLETE:
            return Unknown(of.missing)
        return len(of)

    def _fold(self, node: ir.Fold) -> Any:
        of = self.eval(node.of)
        if of.__class__ in INCOMPLETE:
            return Unknown(of.missing)
        if node.how == "sum":
            if node.type == t.PERIOD:
                return Period(sum(p.months for p in of), sum(p.days for p in of))
            return exact(sum(of))
        return (max if node.how == "max" else min)(of, default=None)

    def _best(self, node: ir.Best) -> Any:
        of = self._items(node.of)
        if of.__class__ is Unknown:
            keys = [self._of_any(of, node.of, node.variable, key.value) for key in node.keys]
            return Unknown(of.missing | union(missing_of(key) for key in keys))
        several = of.__class__ is PartialList
        items = list(of.items) if several else [(item, True) for item in of]
        if node.last:
            items.reverse()
        ranks = [
            tuple(self.with_variable(node.variable, item, key.value) for key in node.keys)
            for item, _ in items
        ]
        rankers = [ranker(key.highest, _rank(key.value)) for key in node.keys]
        return best_item(items, ranks, rankers)


def _rank(node: ir.Expr) -> Mapping[str, int] | None:
    """The rank of each member where the values are members."""
    kind = t.solid(node.type)
    return kind.rank if isinstance(kind, t.Enum) else None


def _both(one: Any, other: Any) -> Any:
    """且 of two conditions neither of which is false."""
    if one is True:
        return other
    return one if other is True else Unknown(one.missing | other.missing)


def _perhaps(compute: Callable[[], Any]) -> Any:
    """A value that may not be needed: a fault on the way to it is no fault yet."""
    try:
        return compute()
    except (RulebookFault, DateOutOfRange, ZeroDivisionError):
        return Unknown(NOTHING_MISSING)


def _some(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function where no value is none; a combination with none cannot be."""
    return lambda *values: SKIP if None in values else function(*values)


_I = Interpretation
_EVAL: dict[type, Callable[[Interpretation, Any], Any]] = {
    ir.Literal: _I._literal,
    ir.Fact: _I._fact,
    ir.FactList: _I._fact_list,
    ir.Rows: _I._rows,
    ir.Members: _I._members,
    ir.Variable: _I._variable,
    ir.FieldOf: _I._field_of,
    ir.Defined: _I._defined,
    ir.Satisfied: _I._satisfied,
    ir.Failing: _I._failing,
    ir.ReadingIs: _I._reading_is,
    ir.Lookup: _I._lookup,
    ir.Not: _I._not,
    ir.And: _I._and,
    ir.Or: _I._or,
    ir.Compare: _I._compare,
    ir.IsIn: _I._is_in,
    ir.IsPresent: _I._is_present,
    ir.IsNonEmpty: _I._is_non_empty,
    ir.If: _I._if,
    ir.Arithmetic: _I._arithmetic,
    ir.AddPeriod: _I._add_period,
    ir.ListFrom: _I._list_from,
    ir.Union: _I._union,
    ir.Filter: _I._filter,
    ir.ForAll: _I._for_all,
    ir.Map: _I._map,
    ir.Count: _I._count,
    ir.Fold: _I._fold,
    ir.Best: _I._best,
    ir.Call: _I._call,
}
