"""IR × facts → values. The reference meaning, as `threefold` has it, of nodes of the IR."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.operations import compare, listed
from luling.compiler.ir.values import corresponding_day, show

from .choose import any_equal, ranker
from .facts import Item
from .partial import INCOMPLETE, Clauses, Unknown
from .program import Program
from .threefold import (
    RulebookFault,
    Threefold,
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

__all__ = ["Interpretation", "RulebookFault"]

_DEEP = 12_000  # frames: definitions may hang on one another in chains of some two thousand


class Interpretation(Threefold):
    """The values of one case, computed as they are asked for."""

    def __init__(self, program: Program, known: Mapping[str, Any], readings: Mapping[str, str]):
        super().__init__(known, program.absent)
        self.program = program
        self.plans = program.definitions
        self.groups = program.requirements
        self.gate = None if program.rulebook.gate is None else program.rulebook.gate.condition
        self.clause_order = program.clause_order
        self.readings = {**program.taken, **readings}
        self.readings_used: set[str] = set()
        if sys.getrecursionlimit() < _DEEP:
            sys.setrecursionlimit(_DEEP)

    def eval(self, part: ir.Expr) -> Any:
        """The value of an expression, known or not."""
        return _EVAL[part.__class__](self, part)

    def outside_of(self, name: str) -> ir.Expr | None:
        """What gives a result where the rulebook does not apply, if anything does."""
        return self.program.outside.get(name)

    def empty_of(self, name: str) -> Any:
        """What a definition is where no rule applies: none, or nothing in it; or `NEEDED`."""
        return self.program.empty[name]

    def possible(self, of: str, field: str) -> frozenset[Any] | None:
        """All values of a field of a list's items, None where they are too many."""
        return t.possible_values(self.program.list_types[of][field])

    def shown(self, name: str, value: Any) -> str:
        """A value of a definition as people read it."""
        return show(value, self.program.definitions[name].definition.type)

    # --- leaves

    def _literal(self, node: ir.Literal) -> Any:
        value: Any = node.value
        return Clauses(value) if value.__class__ is tuple and node.type == t.CLAUSES else value

    def _fact(self, node: ir.Fact) -> Any:
        path = node.path
        known = self.known
        return known[path] if path in known else self.absent[path]

    def _fact_list(self, node: ir.FactList) -> Any:
        return self.fact(node.name)

    def _rows(self, node: ir.Rows) -> Any:
        return self.program.registers[node.register]

    def _members(self, node: ir.Members) -> Any:
        return node.enum.members

    def _variable(self, node: ir.Variable) -> Any:
        return self.variables[node.number]

    def _field_of(self, node: ir.FieldOf) -> Any:
        item = _EVAL[node.of.__class__](self, node.of)
        if item.__class__ is Item and node.field in item.fields:
            return item.fields[node.field]
        return self.field_of(item, node.field)

    def _defined(self, node: ir.Defined) -> Any:
        name = node.name
        values = self.values
        if node.subject is None:
            return values[name] if name in values else self.definition(name, None)
        subject = _EVAL[node.subject.__class__](self, node.subject)
        if subject.__class__ is not Unknown:
            key = (name, subject)
            return values[key] if key in values else self.definition(name, subject)
        kind = node.subject.type
        return self.of_subject(
            subject, t.members_of(kind), t.record_of(kind), lambda m: self.definition(name, m)
        )

    def _reading_is(self, node: ir.ReadingIs) -> Any:
        self.readings_used.add(node.reading)
        return self.readings[node.reading] == node.alternative

    def _lookup(self, node: ir.Lookup) -> Any:
        cells = self.program.tables[node.table].cells
        return looked_up(cells, self.eval(node.row), self.eval(node.column))

    # --- requirements

    def _satisfied(self, node: ir.Satisfied) -> Any:
        return self._of_group(node, lambda m: self.all_hold(node.group, m))

    def _failing(self, node: ir.Failing) -> Any:
        return self._of_group(node, lambda m: self.failing_clauses(node.group, m))

    def _of_group(self, node: ir.Satisfied | ir.Failing, compute: Callable[[Any], Any]) -> Any:
        if node.subject is None:
            return compute(None)
        subject, kind = self.eval(node.subject), node.subject.type
        return self.of_subject(subject, t.members_of(kind), t.record_of(kind), compute)

    # --- conditions

    def _not(self, node: ir.Not) -> Any:
        return negated(_EVAL[node.of.__class__](self, node.of))

    def _and(self, node: ir.And) -> Any:
        return self.junction(False, *node.items)

    def _or(self, node: ir.Or) -> Any:
        return self.junction(True, *node.items)

    def _compare(self, node: ir.Compare) -> Any:
        left = _EVAL[node.left.__class__](self, node.left)
        right = _EVAL[node.right.__class__](self, node.right)
        op = node.op
        rank = None if op in ("=", "≠") else t.rank_of(node.left.type)
        if left.__class__ in INCOMPLETE or right.__class__ in INCOMPLETE:
            return compared(op, rank, left, right)
        return compare(op, rank, left, right)

    def _is_in(self, node: ir.IsIn) -> Any:
        item = _EVAL[node.item.__class__](self, node.item)
        of = node.of
        known = self.program.sets.get(id(of))
        if known is not None:
            return in_known(item, known)
        if isinstance(of, ir.ListFrom):
            return any_equal(item, [(self.eval(part), True) for part in of.items])
        if isinstance(of, ir.Map):
            record = _record(of.of)
            return in_list(
                item, self.mapped_parts(self._items(of.of), record, of.variable, of.value)
            )
        return in_list(item, self._items(of))

    def _is_present(self, node: ir.IsPresent) -> Any:
        return present(self.eval(node.of))

    def _is_non_empty(self, node: ir.IsNonEmpty) -> Any:
        return non_empty(self.eval(node.of))

    def _if(self, node: ir.If) -> Any:
        condition = _EVAL[node.condition.__class__](self, node.condition)
        return self.branch(condition, node.then, node.otherwise)

    # --- arithmetic

    def _arithmetic(self, node: ir.Arithmetic) -> Any:
        return calculated(node.op, self.eval(node.left), self.eval(node.right))

    def _add_period(self, node: ir.AddPeriod) -> Any:
        start, period = self.eval(node.date), self.eval(node.period)
        following = node.overflow_next
        if start.__class__ is Unknown or period.__class__ is Unknown or following or period.days:
            return after(start, period, following)
        return corresponding_day(start, period.months)

    def _call(self, node: ir.Call) -> Any:
        return called(node.function, *[self.eval(argument) for argument in node.arguments])

    # --- lists

    def _list_from(self, node: ir.ListFrom) -> Any:
        values = tuple(self.eval(item) for item in node.items)
        return list_of(self.clause_list if node.type == t.CLAUSES else listed, values)

    def _union(self, node: ir.Union) -> Any:
        left, right = self.eval(node.left), self.eval(node.right)
        if node.type == t.CLAUSES:
            return self.union_of_clauses([left, right])
        return joined(left, right)

    def _items(self, node: ir.Expr) -> Any:
        """A list to go through; of members nobody knows each may be there."""
        of = self.eval(node)
        if of.__class__ is Unknown and isinstance(node.type, t.ListOf):
            return items_of(of, t.members_of(node.type.item))
        return of

    def _filter(self, node: ir.Filter) -> Any:
        record = _record(node.of)
        return self.filtered(self._items(node.of), record, node.variable, node.condition)

    def _for_all(self, node: ir.ForAll) -> Any:
        record = _record(node.of)
        return self.for_all(self._items(node.of), record, node.variable, node.condition)

    def _map(self, node: ir.Map) -> Any:
        of, record = self._items(node.of), _record(node.of)
        return self.mapped(of, record, node.variable, node.value, node.type == t.CLAUSES)

    def _count(self, node: ir.Count) -> Any:
        return counted(self.eval(node.of))

    def _fold(self, node: ir.Fold) -> Any:
        return folded(node.how, self.eval(node.of), node.type == t.PERIOD)

    def _best(self, node: ir.Best) -> Any:
        of, record = self._items(node.of), _record(node.of)
        keys = [(k.value, ranker(k.highest, t.rank_of(k.value.type))) for k in node.keys]
        return self.best(of, record, node.variable, keys, node.last)


def _record(node: ir.Expr) -> str:
    """The list or register whose items a list holds, "" where it holds none."""
    return t.record_of(node.type.item) if isinstance(node.type, t.ListOf) else ""


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
