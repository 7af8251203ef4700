"""IR → diagrams: the value of everything a rulebook defines, for all complete cases at once.

It follows the interpreter case by case: the same rules, the same order, the same laziness. Facts
with few values become choices; of dates, numbers and texts the questions asked of them do. What
cannot be put so is an `Unclear` leaf, with the reason: it is equal only to itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import eq
from typing import Any, assert_never

from ..ir import nodes as ir
from ..ir import types as t
from ..ir.plan import DefinitionPlan, RulePlan, plan_definition, requirements_by_group
from ..ir.rulebook import FactField, Requirement, Rulebook
from ..ir.to_text import attribute
from ..ir.values import Period
from .diagram import Diagram, Diagrams
from .listing import Listing
from .symbolic import (
    STOPS,
    UNASKED,
    VOID,
    Entries,
    Fault,
    ItemAt,
    Items,
    Row,
    Symbolic,
    few_values,
    kind_of,
)
from .terms import Fact, Op


class Meaning(Listing):
    """What a rulebook means, as diagrams.

    Readings are fixed as taken or as `readings` says, but those of `free_readings`: each of these
    is a choice.
    `instead` gives facts another value: path → diagram. `domains` gives facts with few values more
    than are declared, for comparison with a rulebook that declares those; `names` gives facts the
    names they have there.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        into: Diagrams,
        *,
        readings: Mapping[str, str] | None = None,
        free_readings: Iterable[str] = (),
        instead: Mapping[str, Diagram] | None = None,
        domains: Mapping[str, tuple[Any, ...]] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.rulebook = rulebook
        super().__init__(into, rulebook.clause_order)
        taken = {r.name: r.alternatives[0].name for r in rulebook.readings if r.alternatives}
        self.readings = {**taken, **(readings or {})}
        self.free_readings = frozenset(free_readings)
        self.instead = dict(instead or {})
        self.domains = dict(domains or {})
        self.names = dict(names or {})
        self.called: dict[Op, str] = {}
        self.plans = {d.name: plan_definition(rulebook, d) for d in rulebook.definitions}
        self.requirements = requirements_by_group(rulebook)
        self.tables = {table.name: table for table in rulebook.tables}
        self._cells = {table.name: frozenset(table.cells.items()) for table in rulebook.tables}
        self.registers = {register.name: register for register in rulebook.registers}
        self.lists = {group.name: group for group in rulebook.groups if group.is_list}
        self.variables: dict[int, Any] = {}
        self._values: dict[Any, Symbolic] = {}

    def result(self, name: str, *, gated: bool = True) -> Symbolic:
        """A result; not `gated`: as if the rulebook applied."""
        gate = self.rulebook.gate
        value = self.definition(name, None)
        if gate is None or not gated:
            return value
        outside: Symbolic = None
        for given, expr in gate.outside:
            if given == name:
                outside = self.eval(expr)
        if outside is None:
            outside = self.nothing(self.plans[name].definition.type)
        return self.choose(self.applies(), value, outside)

    def applies(self) -> Diagram:
        """Where the rulebook applies."""
        gate = self.rulebook.gate
        return self.d.true if gate is None else self.eval(gate.condition)

    def valid(self) -> Diagram:
        """Where the facts agree as the checks of the whole case demand."""
        checks = [c for c in self.rulebook.checks if c.list_name is None]
        plain = [g for g in self.rulebook.groups if not g.is_list]
        declared = [
            self._declared(field, self._fact(field.path)) for g in plain for field in g.fields
        ]
        return self.d.all_of([*declared, *(self.eval(check.must) for check in checks)])

    def _declared(self, field: FactField, value: Diagram) -> Diagram:
        """Where a fact has a value that this rulebook itself declares."""
        values = few_values(field)
        if values is None or self.names.get(field.path, field.path) not in self.domains:
            return self.d.true
        return self.d.where(value, lambda v: v in values, ("declared", values))

    def valid_items(self) -> dict[str, Diagram]:
        """For each list what its checks demand of every item."""
        found: dict[str, Diagram] = {}
        for name, group in self.lists.items():
            item = ItemAt(name)
            fields = [(f, self._item_field(item, f.path.rpartition(".")[2])) for f in group.fields]
            found[name] = self.d.all_of([self._declared(f, value) for f, value in fields])
        for check in self.rulebook.checks:
            if check.list_name is not None:
                holds = self.with_subject(check.variable, ItemAt(check.list_name), check.must)
                found[check.list_name] = self.d.both(found[check.list_name], holds)
        return found

    def definition(self, name: str, subject: Any) -> Symbolic:
        """The value of a definition, of a member or item where it has a scope."""
        key = (name, subject)
        if key not in self._values:
            plan = self.plans[name]
            with self.bound(plan.variable, subject, name):
                self._values[key] = self.resolve(plan, plan.rules(subject))
            self._name(self._values[key], name, subject)
        return self._values[key]

    def _name(self, value: Symbolic, name: str, subject: Any) -> None:
        """Keeps what a term is called, for whoever tells of it."""
        if isinstance(value, Diagram):
            of = f"{subject} 的 {attribute(name)}" if isinstance(subject, str) else name
            for leaf in self.d.leaves(value):
                if isinstance(leaf, Op) and not isinstance(subject, ItemAt):
                    self.called.setdefault(leaf, of)

    def requirement(self, requirement: Requirement, subject: Any) -> Diagram:
        """Where a requirement holds, for a member where it is for members."""
        key = (id(requirement), subject)
        if key not in self._values:
            with self.bound(requirement.variable, subject, requirement.name):
                must = self.eval(requirement.must)
                if requirement.when is not None:
                    must = self.d.ite(self.eval(requirement.when), must, self.d.true)
            self._values[key] = must
        found: Diagram = self._values[key]
        return found

    def bound(self, variable: int, subject: Any, current: str) -> _Bound:
        """A variable bound to a member or item for a while."""
        return _Bound(self, variable, subject, current)

    def with_subject(self, variable: int, subject: Any, node: ir.Expr) -> Symbolic:
        with self.bound(variable, subject, self.current):
            return self.eval(node)

    def resolve(self, plan: DefinitionPlan, rules: tuple[RulePlan, ...]) -> Symbolic:
        """The value that some rules of a definition give."""
        found: Symbolic = None
        covered = self.d.false
        for rule in rules:
            applies, value = self.outcome(rule)
            if found is None:
                found, covered = value, applies
            else:
                found = self._agreed(covered, found, applies, value)
                covered = self.or_(covered, applies)
        fallback = self._fallback(plan)
        return fallback if found is None else self.choose(covered, found, fallback)

    def outcome(self, plan: RulePlan) -> tuple[Diagram, Symbolic]:
        """Where a rule or an exception of it applies, and the value given there."""
        over = self.d.false
        value: Symbolic = None
        for exception in plan.exceptions:
            applies, given = self.outcome(exception)
            if value is None:
                value, over = given, applies
            else:
                value = self._agreed(over, value, applies, given)
                over = self.or_(over, applies)
        if over == self.d.true:
            return over, value
        own = self.d.true if plan.condition is None else self.eval(plan.condition)
        if value is None:
            return own, self._needed(own, plan.value)
        mine = self._needed(self.d.both(self.d.negate(over), own), plan.value)
        return self.d.either(over, own), self.choose(over, value, mine)

    def _needed(self, condition: Diagram, node: ir.Expr) -> Symbolic:
        """A value that is asked for only where a condition holds."""
        return UNASKED if condition == self.d.false else self.eval(node)

    def _agreed(self, one: Diagram, value: Symbolic, other: Diagram, second: Symbolic) -> Symbolic:
        """The value of two rules where they apply; a fault where they apply and do not agree."""
        if value is UNASKED or second is UNASKED:
            return second if value is UNASKED else value
        both = self.d.map2("and", self._leaf_and, one, other)
        chosen = self.choose(one, value, second)
        if both == self.d.false:
            return chosen
        clash = self.d.both(both, self.d.negate(self.same(value, second)))
        if clash == self.d.false:
            return chosen
        fault = self.d.leaf(Fault("RULES_DISAGREE", self.current))
        return self.choose(clash, fault, chosen)

    def _fallback(self, plan: DefinitionPlan) -> Symbolic:
        if plan.otherwise is not None:
            return self.eval(plan.otherwise)
        definition = plan.definition
        if definition.kind == "parameter" and not isinstance(definition.type, t.Maybe):
            return self.d.leaf(Fault("PARAMETER_UNDEFINED", definition.name))
        return self.nothing(definition.type)

    def eval(self, node: ir.Expr) -> Symbolic:
        """The value of an expression."""
        match node:
            case ir.Literal(value):
                return self._constant(value, node.type)
            case ir.Fact(path):
                return self._fact(path)
            case ir.FactList(name):
                return Items(name, self.d.true)
            case ir.Rows(register):
                return self._rows(register)
            case ir.Members(enum):
                return Entries(tuple((m, self.d.true) for m in enum.members))
            case ir.Variable(number):
                found = self.variables[number]
                return found if isinstance(found, ItemAt) else self.d.leaf(found)
            case ir.FieldOf(of, field):
                return self._field_of(self.eval(of), field)
            case ir.Defined(name, subject):
                return self._of_subject(subject, lambda m: self.definition(name, m))
            case ir.Satisfied(group, subject):
                return self._of_subject(subject, lambda m: self._all_hold(group, m))
            case ir.Failing(group, subject):
                return self._of_subject(subject, lambda m: self._failing(group, m))
            case ir.ReadingIs(reading, alternative):
                return self._reading(reading, alternative)
            case ir.Lookup(table, row, column):
                return self._lookup(table, self.eval(row), self.eval(column))
            case _:
                return self._composed(node)

    def _composed(self, node: ir.Expr) -> Symbolic:
        match node:
            case ir.Not(of):
                return self.d.negate(self.eval(of))
            case ir.And(items):
                return self._in_turn(items, self.d.false)
            case ir.Or(items):
                return self._in_turn(items, self.d.true)
            case ir.Compare():
                return self._compare(node)
            case ir.IsIn(item, of):
                return self.is_in(self.eval(item), self.eval(of))
            case ir.IsPresent(of):
                return self.d.map("present", lambda v: self.d.leaf(v is not None), self.plain(of))
            case ir.IsNonEmpty(of):
                return self.non_empty(self.eval(of))
            case ir.If(condition, then, otherwise):
                where = self.eval(condition)
                yes = self._needed(where, then)
                no = self._needed(self.d.negate(where), otherwise)
                return self.choose(where, yes, no)
            case _:
                return self._computed(node)

    def _computed(self, node: ir.Expr) -> Symbolic:
        match node:
            case ir.Arithmetic(op, left, right):
                return self._apply(op, node.type, [left, right])
            case ir.AddPeriod(day, period, following):
                return self.add(self.plain(day), self.plain(period), following)
            case ir.Call(function, arguments):
                return self._apply(function, node.type, list(arguments))
            case ir.ListFrom(items):
                return self.list_from(node, items)
            case ir.Union(left, right):
                return self.union(node, self.eval(left), self.eval(right))
            case ir.Filter(of, variable, condition):
                return self.note(node, self.filter(self.eval(of), variable, condition))
            case ir.ForAll(of, variable, condition):
                outside = ir.Not(condition, t.BOOL, condition.span)
                kept = self.filter(self.eval(of), variable, outside)
                return self.d.negate(self.non_empty(kept))
            case ir.Map(of, variable, value):
                return self.map(node, self.eval(of), variable, value)
            case ir.Count(of):
                return self.count(self.eval(of))
            case ir.Fold(how, of):
                return self.fold(how, node.type, self.eval(of))
            case ir.Best():
                return self.best_of(node, self.eval(node.of))
            case (
                ir.Literal() | ir.Fact() | ir.FactList() | ir.Rows() | ir.Members()
                | ir.Variable() | ir.FieldOf() | ir.Defined() | ir.Satisfied() | ir.Failing()
                | ir.ReadingIs() | ir.Lookup() | ir.Not() | ir.And() | ir.Or() | ir.Compare()
                | ir.IsIn() | ir.IsPresent() | ir.IsNonEmpty() | ir.If()
            ):  # fmt: skip
                raise TypeError(node)  # evaluated above
            case _:
                assert_never(node)

    def plain(self, node: ir.Expr) -> Diagram:
        """The value of an expression that is no list of items."""
        return self.as_diagram(self.eval(node))

    def _constant(self, value: Any, type_: t.Type) -> Symbolic:
        if isinstance(value, tuple) and not isinstance(value, Period):
            return Entries(tuple((one, self.d.true) for one in value))
        if value is None and (isinstance(type_, t.ListOf) or type_ == t.CLAUSES):
            return Entries(())
        return self.d.leaf(value)

    def _in_turn(self, items: tuple[ir.Expr, ...], deciding: Diagram) -> Diagram:
        """且 and 或: an item is looked at only where those before it do not decide."""
        found = self.d.false if deciding == self.d.true else self.d.true
        if not items:
            return found
        first = self.plain(items[0])
        if first == deciding or len(items) == 1:
            return first
        rest = self._in_turn(items[1:], deciding)
        if deciding == self.d.true:
            return self.d.either(first, rest)
        return self.d.both(first, rest)

    def _fact(self, path: str) -> Diagram:
        if path in self.instead:
            return self.instead[path]
        name = self.names.get(path, path)
        return self._of_field(self.rulebook.facts[path], ("fact", name), name)

    def _of_field(self, field: FactField, about: Any, path: str) -> Diagram:
        name = self.names.get(field.path, field.path)
        values = self.domains.get(name) or few_values(field)
        if values is not None:
            return self.d.by(about, values, tuple(self.d.leaf(v) for v in values))
        term = self.d.leaf(Fact(path, kind_of(field.type)))
        if not isinstance(field.type, t.Maybe):
            return term
        self.d.notes["there", path] = self.d.value(term)
        return self.d.by(("there", path), (True, False), (term, self.none()))

    def _rows(self, name: str) -> Entries:
        register = self.registers[name]
        columns = tuple(column for column, _ in register.columns)
        return Entries(
            tuple((Row(columns, row, i), self.d.true) for i, row in enumerate(register.rows))
        )

    def _field_of(self, of: Symbolic, field: str) -> Symbolic:
        if isinstance(of, ItemAt):
            return self._item_field(of, field)
        return self.d.map(
            ("field", id(self.rulebook), field), lambda v: self._leaf_field(v, field), of
        )

    def _leaf_field(self, value: Any, field: str) -> Diagram:
        match value:
            case Row(columns, values):
                return self.d.leaf(values[columns.index(field)])
            case ItemAt():
                return self._item_field(value, field)
            case _:
                return self.d.leaf(VOID)

    def _item_field(self, item: ItemAt, field: str) -> Diagram:
        declared = self.rulebook.facts[f"{item.list_name}.{field}"]
        path = f"{item.list_name}[{item.label}].{field}"
        return self._of_field(declared, ("item", item.list_name, item.label, field), path)

    def _reading(self, reading: str, alternative: str) -> Diagram:
        if reading not in self.free_readings:
            return self.d.leaf(self.readings.get(reading) == alternative)
        names = tuple(a.name for a in self.rulebook.reading[reading].alternatives)
        below = tuple(self.d.leaf(name == alternative) for name in names)
        return self.d.by(("reading", reading), names, below)

    def _of_subject(self, subject: ir.Expr | None, compute: Callable[[Any], Symbolic]) -> Symbolic:
        """A value of a member or an item that is itself one of several."""
        if subject is None:
            return compute(None)
        of = self.eval(subject)
        if isinstance(of, ItemAt):
            return compute(of)
        if self.d.is_leaf(of):
            value = self.d.value(of)
            if isinstance(value, STOPS):
                return of
            return self.d.leaf(VOID) if value is None else compute(value)
        found: Symbolic = UNASKED
        for value in reversed(self.d.leaves(of)):
            if isinstance(value, STOPS) or value is None:
                one: Symbolic = self.d.leaf(VOID if value is None else value)
            else:
                one = compute(value)
            where = self.d.where(of, partial(eq, value), ("is", value))
            found = self.choose(where, one, found)
        return found

    def _lookup(self, name: str, row: Diagram, column: Diagram) -> Diagram:
        cells = self.tables[name].cells

        def cell(one: Any, other: Any) -> Diagram:
            return self.d.leaf(cells.get((one, other)))

        return self.d.map2(("cell", self._cells[name]), cell, row, column)

    def _all_hold(self, group: str, subject: Any) -> Diagram:
        found = self.d.true
        for requirement in reversed(self.requirements[group][subject]):
            found = self.d.both(self.requirement(requirement, subject), found)
        return found

    def _failing(self, group: str, subject: Any) -> Entries:
        found: dict[str, Diagram] = {}
        for requirement in self.requirements[group][subject]:
            fails = self.d.negate(self.requirement(requirement, subject))
            clause = requirement.clause
            found[clause] = self.or_(found[clause], fails) if clause in found else fails
        return self.clauses(found)

    def _compare(self, node: ir.Compare) -> Diagram:
        left, right = self.eval(node.left), self.eval(node.right)
        if node.op in ("=", "≠"):
            same = self.same(left, right)
            return same if node.op == "=" else self.d.negate(same)
        kind = t.solid(node.left.type)
        rank = kind if isinstance(kind, t.Enum) else None

        def compare(one: Any, other: Any) -> Diagram:
            return self.ordered(node.op, one, other, rank)

        return self.d.map2(("compare", node.op, rank), compare, left, right)

    def _apply(self, name: str, type_: t.Type, arguments: list[ir.Expr]) -> Diagram:
        """An operation, argument by argument."""
        parts = [self.plain(argument) for argument in arguments]
        kind = kind_of(type_)
        found = self.d.map(("args", 1), lambda v: self.d.leaf((v,)), parts[0])
        for part in parts[1:]:
            found = self.d.map2(
                ("args", 2), lambda values, v: self.d.leaf((*values, v)), found, part
            )
        return self.d.map(
            ("apply", name, kind), lambda values: self.applied(name, kind, values), found
        )


class _Bound:
    """A variable bound to a member or item for a while, and what is being worked out."""

    def __init__(self, meaning: Meaning, variable: int, subject: Any, current: str) -> None:
        self._meaning = meaning
        self._new = (variable, subject, current)

    def __enter__(self) -> None:
        variable, subject, current = self._new
        self._outer = self._meaning.variables.get(variable)
        self._before = self._meaning.current
        self._meaning.variables[variable] = subject
        self._meaning.current = current

    def __exit__(self, *_: object) -> None:
        self._meaning.variables[self._new[0]] = self._outer
        self._meaning.current = self._before
