"""IR → parts: every expression as a function of an interpretation, made when it is first asked for.

What is known is computed here, quickly; where something is not, `threefold` says what that means.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.operations import listed
from luling.compiler.ir.plan import DefinitionPlan, RulePlan
from luling.compiler.ir.rulebook import Rule, Table
from luling.compiler.ir.walk import walk

from .choose import any_equal, ranker
from .facts import Item
from .partial import INCOMPLETE, Clauses, Unknown
from .threefold import (
    after,
    calculated,
    called,
    compared,
    counted,
    folded,
    in_known,
    in_list,
    items_of,
    joined,
    list_of,
    looked_up,
    negated,
    non_empty,
    present,
)

if TYPE_CHECKING:
    from .interpret import Interpretation

Part = Callable[["Interpretation"], Any]
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class Parts:
    """The parts of one rulebook, each made once."""

    def __init__(
        self,
        registers: Mapping[str, tuple[Item, ...]],
        tables: Mapping[str, Table],
        sets: Mapping[int, frozenset[Any]],
    ) -> None:
        self._registers = registers
        self._tables = tables
        self._sets = sets
        self.made: dict[int, Part] = {}  # by the identity of the node
        self._nodes: list[ir.Expr] = []  # which must not become that of another

    def of(self, node: ir.Expr) -> Part:
        """The part of a node."""
        key = id(node)
        if key not in self.made:
            self.made[key] = _MAKE[node.__class__](self, node)
            self._nodes.append(node)
        return self.made[key]

    # --- leaves

    def _literal(self, node: ir.Literal) -> Part:
        value: Any = node.value
        if value.__class__ is tuple and node.type == t.CLAUSES:
            value = Clauses(value)
        return lambda c: value

    def _fact(self, node: ir.Fact) -> Part:
        path = sys.intern(node.path)

        def fact(c: Interpretation) -> Any:
            known = c.known
            return known[path] if path in known else c.absent[path]

        return fact

    def _fact_list(self, node: ir.FactList) -> Part:
        name = sys.intern(node.name)
        return lambda c: c.fact(name)

    def _rows(self, node: ir.Rows) -> Part:
        rows = self._registers[node.register]
        return lambda c: rows

    def _members(self, node: ir.Members) -> Part:
        members = node.enum.members
        return lambda c: members

    def _variable(self, node: ir.Variable) -> Part:
        number = node.number
        return lambda c: c.variables[number]

    def _field_of(self, node: ir.FieldOf) -> Part:
        of, field = self.of(node.of), sys.intern(node.field)

        def field_of(c: Interpretation) -> Any:
            item = of(c)
            if item.__class__ is Item and field in item.fields:
                return item.fields[field]
            return c.field_of(item, field)

        return field_of

    def _defined(self, node: ir.Defined) -> Part:
        name, of = sys.intern(node.name), node.subject
        if of is not None and not isinstance(of, ir.Literal):
            return self._defined_of(name, of)
        subject = None if of is None else of.value
        key = name if of is None else (name, subject)

        def defined(c: Interpretation) -> Any:
            values = c.values
            return values[key] if key in values else c.definition(name, subject)

        return defined

    def _defined_of(self, name: str, node: ir.Expr) -> Part:
        of, members, record = self.of(node), t.members_of(node.type), t.record_of(node.type)

        def defined_of(c: Interpretation) -> Any:
            subject = of(c)
            if subject.__class__ is Unknown:
                return c.of_subject(subject, members, record, lambda m: c.definition(name, m))
            key, values = (name, subject), c.values
            return values[key] if key in values else c.definition(name, subject)

        if not isinstance(node, ir.Variable):
            return defined_of
        number = node.number

        def defined_of_variable(c: Interpretation) -> Any:
            key, values = (name, c.variables[number]), c.values
            return values[key] if key in values else defined_of(c)

        return defined_of_variable

    def _reading_is(self, node: ir.ReadingIs) -> Part:
        reading, alternative = node.reading, node.alternative

        def reading_is(c: Interpretation) -> bool:
            c.readings_used.add(reading)
            return c.readings[reading] == alternative

        return reading_is

    def _lookup(self, node: ir.Lookup) -> Part:
        cells = self._tables[node.table].cells
        row, column = self.of(node.row), self.of(node.column)
        return lambda c: looked_up(cells, row(c), column(c))

    # --- requirements

    def _satisfied(self, node: ir.Satisfied) -> Part:
        group = node.group
        return self._of_group(node.subject, lambda c, subject: c.all_hold(group, subject))

    def _failing(self, node: ir.Failing) -> Part:
        group = node.group
        return self._of_group(node.subject, lambda c, subject: c.failing_clauses(group, subject))

    def _of_group(
        self, node: ir.Expr | None, compute: Callable[[Interpretation, Any], Any]
    ) -> Part:
        if node is None:
            return lambda c: compute(c, None)
        of, members, record = self.of(node), t.members_of(node.type), t.record_of(node.type)
        return lambda c: c.of_subject(of(c), members, record, lambda m: compute(c, m))

    # --- conditions

    def _not(self, node: ir.Not) -> Part:
        of = self.of(node.of)
        return lambda c: negated(of(c))

    def _and(self, node: ir.And) -> Part:
        return self._junction(node.items, False)

    def _or(self, node: ir.Or) -> Part:
        return self._junction(node.items, True)

    def _junction(self, items: tuple[ir.Expr, ...], deciding: bool) -> Part:
        parts = tuple(self.of(item) for item in items)

        def junction(c: Interpretation) -> Any:
            rest = iter(parts)
            for part in rest:
                value = part(c)
                if value is deciding:
                    return deciding
                if value.__class__ is not bool:
                    return c.open_junction(deciding, value.missing, rest)
            return not deciding

        return junction

    def _compare(self, node: ir.Compare) -> Part:
        left, right, op = self.of(node.left), self.of(node.right), node.op
        if op == "=" or op == "≠":
            return self._equal(node, op == "=")
        rank = t.rank_of(node.left.type)
        if rank is not None:
            return lambda c: compared(op, rank, left(c), right(c))
        order = _ORDER[op]

        def ordered(c: Interpretation) -> Any:
            one, other = left(c), right(c)
            if one.__class__ in _NOT_ORDERED or other.__class__ in _NOT_ORDERED:
                return compared(op, None, one, other)
            return order(one, other)

        return ordered

    def _equal(self, node: ir.Compare, wanted: bool) -> Part:
        left, right, op = self.of(node.left), self.of(node.right), node.op

        def equal(c: Interpretation) -> Any:
            one, other = left(c), right(c)
            if one.__class__ in INCOMPLETE or other.__class__ in INCOMPLETE:
                return compared(op, None, one, other)
            return (one == other) is wanted

        if not isinstance(node.right, ir.Literal):
            return equal
        constant = node.right.value  # which is never unknown, as a fact that is there
        if isinstance(node.left, ir.Fact):
            return self._fact_equals(node.left, constant, wanted, equal)

        def equal_to(c: Interpretation) -> Any:
            one = left(c)
            if one.__class__ in INCOMPLETE:
                return compared(op, None, one, constant)
            return (one == constant) is wanted

        return equal_to

    def _fact_equals(self, fact: ir.Fact, constant: Any, wanted: bool, equal: Part) -> Part:
        path = sys.intern(fact.path)

        def fact_equals(c: Interpretation) -> Any:
            known = c.known
            return (known[path] == constant) is wanted if path in known else equal(c)

        return fact_equals

    def _is_in(self, node: ir.IsIn) -> Part:
        item, of = self.of(node.item), node.of
        known = self._sets.get(id(of))
        if known is not None:
            return lambda c: in_known(item(c), known)
        if isinstance(of, ir.ListFrom):
            parts = [self.of(part) for part in of.items]
            return lambda c: any_equal(item(c), [(part(c), True) for part in parts])
        if isinstance(of, ir.Map):
            items, record = self._items(of.of), _record(of.of)
            variable, value = of.variable, self.of(of.value)
            return lambda c: in_list(item(c), c.mapped_parts(items(c), record, variable, value))
        listed_items = self._items(of)
        return lambda c: in_list(item(c), listed_items(c))

    def _is_present(self, node: ir.IsPresent) -> Part:
        of = self.of(node.of)
        return lambda c: present(of(c))

    def _is_non_empty(self, node: ir.IsNonEmpty) -> Part:
        of = self.of(node.of)
        return lambda c: non_empty(of(c))

    def _if(self, node: ir.If) -> Part:
        condition, then, otherwise = map(self.of, (node.condition, node.then, node.otherwise))

        def branch(c: Interpretation) -> Any:
            holds = condition(c)
            if holds is True:
                return then(c)
            return otherwise(c) if holds is False else c.branch(holds, then, otherwise)

        return branch

    # --- arithmetic

    def _arithmetic(self, node: ir.Arithmetic) -> Part:
        op, left, right = node.op, self.of(node.left), self.of(node.right)
        return lambda c: calculated(op, left(c), right(c))

    def _add_period(self, node: ir.AddPeriod) -> Part:
        date, period, following = self.of(node.date), self.of(node.period), node.overflow_next
        return lambda c: after(date(c), period(c), following)

    def _call(self, node: ir.Call) -> Part:
        function, arguments = node.function, [self.of(each) for each in node.arguments]
        return lambda c: called(function, *[argument(c) for argument in arguments])

    # --- lists

    def _list_from(self, node: ir.ListFrom) -> Part:
        parts = [self.of(item) for item in node.items]
        if node.type == t.CLAUSES:
            return lambda c: list_of(c.clause_list, tuple([part(c) for part in parts]))
        return lambda c: list_of(listed, tuple([part(c) for part in parts]))

    def _union(self, node: ir.Union) -> Part:
        left, right = self.of(node.left), self.of(node.right)
        if node.type == t.CLAUSES:
            return lambda c: c.union_of_clauses([left(c), right(c)])
        return lambda c: joined(left(c), right(c))

    def _items(self, node: ir.Expr) -> Part:
        """A list to go through; of members nobody knows each may be there."""
        of = self.of(node)
        if isinstance(node, ir.Members | ir.Rows) or not isinstance(node.type, t.ListOf):
            return of
        members = t.members_of(node.type.item)
        return lambda c: items_of(of(c), members)

    def _filter(self, node: ir.Filter) -> Part:
        items, record, variable = self._items(node.of), _record(node.of), node.variable
        condition = self.of(node.condition)
        return _once(node, lambda c: c.filtered(items(c), record, variable, condition))

    def _for_all(self, node: ir.ForAll) -> Part:
        items, record, variable = self._items(node.of), _record(node.of), node.variable
        condition = self.of(node.condition)
        return lambda c: c.for_all(items(c), record, variable, condition)

    def _map(self, node: ir.Map) -> Part:
        items, record, variable = self._items(node.of), _record(node.of), node.variable
        value, clauses = self.of(node.value), node.type == t.CLAUSES
        return lambda c: c.mapped(items(c), record, variable, value, clauses)

    def _count(self, node: ir.Count) -> Part:
        of = self.of(node.of)
        return lambda c: counted(of(c))

    def _fold(self, node: ir.Fold) -> Part:
        how, of, periods = node.how, self.of(node.of), node.type == t.PERIOD
        return lambda c: folded(how, of(c), periods)

    def _best(self, node: ir.Best) -> Part:
        items, record, variable = self._items(node.of), _record(node.of), node.variable
        keys = [(self.of(k.value), ranker(k.highest, t.rank_of(k.value.type))) for k in node.keys]
        last = node.last
        return _once(node, lambda c: c.best(items(c), record, variable, keys, last))


@attrs.define(eq=False)
class RuleParts:
    """A rule with its condition and value as parts."""

    rule: Rule
    condition: Part | None
    value: Part
    exceptions: tuple[RuleParts, ...]


@attrs.define(eq=False)
class Plan:
    """The rules of a definition as parts, for each member where it has members."""

    variable: int
    otherwise: Part | None
    always: tuple[RuleParts, ...]
    by_member: dict[str, tuple[RuleParts, ...]] | None

    def rules(self, subject: Any) -> tuple[RuleParts, ...]:
        """The base rules for a member, an item, or the whole case."""
        return self.always if self.by_member is None else self.by_member[subject]


class Plans(dict[str, Plan]):
    """The rules of every definition, made into parts when they are first asked for."""

    def __init__(self, definitions: Mapping[str, DefinitionPlan], parts: Parts) -> None:
        super().__init__()
        self._definitions = definitions
        self._parts = parts

    def __missing__(self, name: str) -> Plan:
        plan = self._definitions[name]
        by_member = plan.by_member
        self[name] = found = Plan(
            plan.variable,
            None if plan.otherwise is None else self._parts.of(plan.otherwise),
            self._rules(plan.always),
            None if by_member is None else {m: self._rules(by_member[m]) for m in by_member},
        )
        return found

    def _rules(self, rules: tuple[RulePlan, ...]) -> tuple[RuleParts, ...]:
        part = self._parts.of
        return tuple(
            RuleParts(
                plan.rule,
                None if plan.condition is None else part(plan.condition),
                part(plan.value),
                self._rules(plan.exceptions),
            )
            for plan in rules
        )


_NOT_ORDERED = INCOMPLETE | {None.__class__}


def _once(node: ir.Expr, part: Part) -> Part:
    """A part that is computed once a case where it is the same for all members and items."""
    inside = list(walk(node))
    bound = {getattr(one, "variable", None) for one in inside}
    if any(isinstance(one, ir.Variable) and one.number not in bound for one in inside):
        return part
    key = id(node)

    def once(c: Interpretation) -> Any:
        lists = c.lists
        if key not in lists:
            lists[key] = part(c)
        return lists[key]

    return once


def _record(node: ir.Expr) -> str:
    """The list or register whose items a list holds, "" where it holds none."""
    return t.record_of(node.type.item) if isinstance(node.type, t.ListOf) else ""


_MAKE: dict[type, Callable[[Parts, Any], Part]] = {
    ir.Literal: Parts._literal,
    ir.Fact: Parts._fact,
    ir.FactList: Parts._fact_list,
    ir.Rows: Parts._rows,
    ir.Members: Parts._members,
    ir.Variable: Parts._variable,
    ir.FieldOf: Parts._field_of,
    ir.Defined: Parts._defined,
    ir.Satisfied: Parts._satisfied,
    ir.Failing: Parts._failing,
    ir.ReadingIs: Parts._reading_is,
    ir.Lookup: Parts._lookup,
    ir.Not: Parts._not,
    ir.And: Parts._and,
    ir.Or: Parts._or,
    ir.Compare: Parts._compare,
    ir.IsIn: Parts._is_in,
    ir.IsPresent: Parts._is_present,
    ir.IsNonEmpty: Parts._is_non_empty,
    ir.If: Parts._if,
    ir.Arithmetic: Parts._arithmetic,
    ir.AddPeriod: Parts._add_period,
    ir.ListFrom: Parts._list_from,
    ir.Union: Parts._union,
    ir.Filter: Parts._filter,
    ir.ForAll: Parts._for_all,
    ir.Map: Parts._map,
    ir.Count: Parts._count,
    ir.Fold: Parts._fold,
    ir.Best: Parts._best,
    ir.Call: Parts._call,
}
