"""IR → diagrams: the value of everything a rulebook defines, for all complete cases at once.

It follows the interpreter case by case: the same rules, the same order, the same laziness. Facts
with few values become choices; of dates, numbers and texts the questions asked of them do. What
cannot be put so is an `Unclear` leaf, with the reason: it is equal only to itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from operator import eq
from typing import Any, assert_never

import attrs

from ..ir import nodes as ir
from ..ir import types as t
from ..ir.operations import listed
from ..ir.plan import DefinitionPlan, RulePlan, plan_definition, requirements_by_group
from ..ir.rulebook import FactField, Requirement, Rulebook
from ..ir.to_text import attribute, to_text
from ..ir.values import DateOutOfRange, Period, add_period
from . import terms
from .diagram import Diagram, Diagrams, TooLarge
from .terms import Counted, Fact, Folded, NoDay, OneOf, Op, Order, SameText, Several, is_term


@attrs.frozen
class Fault:
    """A case on which the rulebook contradicts itself or its arithmetic leads nowhere."""

    kind: str  # RULES_DISAGREE, PARAMETER_UNDEFINED, DATE_OVERFLOW, DIVIDED_BY_ZERO
    about: str


@attrs.frozen
class Void:
    """What is used as if it were there where it is none: no case the compiler lets come here."""


@attrs.frozen
class Unclear:
    """A value that diagrams do not tell; equal where it is made in the same way of the same."""

    why: str
    key: Any = None


STOPS = (Fault, Void, Unclear)
_VOID = Void()


@attrs.frozen
class Entries:
    """A list of constants, each with where it is there: members, rows, clauses."""

    items: tuple[tuple[Any, Diagram], ...]


@attrs.frozen
class Items:
    """The items of a list fact that meet a condition over an item's fields."""

    list_name: str
    condition: Diagram


@attrs.frozen
class Mapped:
    """A value of each of some items."""

    of: Items
    value: Any


@attrs.frozen(cache_hash=True)
class Row:
    """A row of a register: the names of its columns, and its values."""

    columns: tuple[str, ...]
    values: tuple[Any, ...]
    index: int


@attrs.frozen
class ItemAt:
    """The item at hand of a list fact, or, with a label, a certain one of its items."""

    list_name: str
    label: str = ""


@attrs.frozen
class BestOf:
    """How one certain item of a list is found: keys with whether the highest wins, and the order
    of members where they are members.
    """

    of: Items
    keys: tuple[tuple[Diagram, bool, Mapping[str, int] | None], ...]
    last: bool


Symbolic = Any  # Diagram, or a list: Entries, Items, Mapped


def diagrams() -> Diagrams:
    """An empty set of diagrams for rulebooks."""
    return Diagrams(STOPS)


_KINDS: dict[t.Type, terms.Kind] = {
    t.DATE: "date", t.MONEY: "integer", t.RATIO: "number", t.TEXT: "text", t.PERIOD: "period",
}  # fmt: skip


def kind_of(type_: t.Type) -> terms.Kind:
    """What a fact or a value of a type is bounded like."""
    type_ = t.solid(type_)
    if isinstance(type_, t.Number):
        return "integer" if type_.integer else "number"
    return _KINDS[type_]


def few_values(field: FactField) -> tuple[Any, ...] | None:
    """All values of a fact with few of them, none last; None of a date, number or text."""
    kind = t.solid(field.type)
    none = (None,) if isinstance(field.type, t.Maybe) else ()
    if isinstance(kind, t.Enum):
        return (*kind.members, *none)
    if kind == t.BOOL:
        return (True, False, *none)
    return (*field.allowed, *none) if field.allowed else None


class Meaning:
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
        self.d = into
        taken = {r.name: r.alternatives[0].name for r in rulebook.readings if r.alternatives}
        self.readings = {**taken, **(readings or {})}
        self.free_readings = frozenset(free_readings)
        self.instead = dict(instead or {})
        self.domains = dict(domains or {})
        self.names = dict(names or {})
        self.best: dict[str, Items] = {}
        self.said: dict[tuple[str, Diagram], str] = {}
        self.called: dict[Op, str] = {}
        self.plans = {d.name: plan_definition(rulebook, d) for d in rulebook.definitions}
        self.requirements = requirements_by_group(rulebook)
        self.tables = {table.name: table for table in rulebook.tables}
        self._cells = {table.name: frozenset(table.cells.items()) for table in rulebook.tables}
        self.registers = {register.name: register for register in rulebook.registers}
        self.lists = {group.name: group for group in rulebook.groups if group.is_list}
        self.variables: dict[int, Any] = {}
        self._values: dict[Any, Symbolic] = {}
        self._current = ""

    # --- what callers ask for

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
            outside = self._nothing(self.plans[name].definition.type)
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
                holds = self._with(check.variable, ItemAt(check.list_name), check.must)
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

    def within(self, variable: int, subject: Any, node: ir.Expr) -> Symbolic:
        """The value of an expression for a member or an item."""
        return self._with(variable, subject, node)

    # --- rules

    def bound(self, variable: int, subject: Any, current: str) -> _Bound:
        """A variable bound to a member or item for a while."""
        return _Bound(self, variable, subject, current)

    def _with(self, variable: int, subject: Any, node: ir.Expr) -> Symbolic:
        with self.bound(variable, subject, self._current):
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
                covered = self._or(covered, applies)
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
                over = self._or(over, applies)
        if over == self.d.true:
            return over, value
        own = self.d.true if plan.condition is None else self.eval(plan.condition)
        if value is None:
            return own, self._needed(own, plan.value)
        mine = self._needed(self.d.both(self.d.negate(over), own), plan.value)
        return self.d.either(over, own), self.choose(over, value, mine)

    def _needed(self, condition: Diagram, node: ir.Expr) -> Symbolic:
        """A value that is asked for only where a condition holds."""
        return _EMPTY_VALUE if condition == self.d.false else self.eval(node)

    def _or(self, one: Diagram, other: Diagram) -> Diagram:
        """Both are looked at: what stops in either stops."""
        return self.d.map2("or", self._leaf_or, one, other)

    def _leaf_or(self, one: Any, other: Any) -> Diagram:
        return self.d.leaf(one or other)

    def _agreed(self, one: Diagram, value: Symbolic, other: Diagram, second: Symbolic) -> Symbolic:
        """The value of two rules where they apply; a fault where they apply and do not agree."""
        if value is _EMPTY_VALUE or second is _EMPTY_VALUE:
            return second if value is _EMPTY_VALUE else value
        both = self.d.map2("and", self._leaf_and, one, other)
        chosen = self.choose(one, value, second)
        if both == self.d.false:
            return chosen
        clash = self.d.both(both, self.d.negate(self.same(value, second)))
        if clash == self.d.false:
            return chosen
        fault = self.d.leaf(Fault("RULES_DISAGREE", self._current))
        return self.choose(clash, fault, chosen)

    def _leaf_and(self, one: Any, other: Any) -> Diagram:
        return self.d.leaf(one and other)

    def _fallback(self, plan: DefinitionPlan) -> Symbolic:
        if plan.otherwise is not None:
            return self.eval(plan.otherwise)
        definition = plan.definition
        if definition.kind == "parameter" and not isinstance(definition.type, t.Maybe):
            return self.d.leaf(Fault("PARAMETER_UNDEFINED", definition.name))
        return self._nothing(definition.type)

    def _nothing(self, type_: t.Type) -> Symbolic:
        return Entries(()) if isinstance(type_, t.ListOf) or type_ == t.CLAUSES else self._none()

    def _none(self) -> Diagram:
        return self.d.leaf(None)

    # --- choosing and comparing

    def choose(self, condition: Diagram, then: Symbolic, otherwise: Symbolic) -> Symbolic:
        """`then` where a condition holds, `otherwise` where not."""
        if then is _EMPTY_VALUE or otherwise is _EMPTY_VALUE:
            return otherwise if then is _EMPTY_VALUE else then
        if condition == self.d.true:
            return then
        if condition == self.d.false:
            return otherwise
        if isinstance(then, Diagram) and isinstance(otherwise, Diagram):
            return self.d.ite(condition, then, otherwise)
        if isinstance(then, Items) and isinstance(otherwise, Items):
            if then.list_name == otherwise.list_name:
                parts = (condition, then.condition, otherwise.condition)
                return Items(then.list_name, self.d.ite(*parts))
        merged = self._merged(condition, then, otherwise)
        if merged is not None:
            return merged
        return self.d.ite(condition, self.as_diagram(then), self.as_diagram(otherwise))

    def _merged(self, condition: Diagram, then: Symbolic, otherwise: Symbolic) -> Entries | None:
        """Two lists of constants as one, where their order allows it."""
        then, otherwise = self._entries(then), self._entries(otherwise)
        if then is None or otherwise is None:
            return None
        order = _one_order([v for v, _ in then.items], [v for v, _ in otherwise.items])
        if order is None:
            return None
        one, other = dict(then.items), dict(otherwise.items)
        false = self.d.false
        return Entries(
            tuple((v, self.d.ite(condition, one.get(v, false), other.get(v, false))) for v in order)
        )

    def _entries(self, value: Symbolic) -> Entries | None:
        if isinstance(value, Entries):
            return value
        if isinstance(value, Diagram) and self.d.is_leaf(value):
            constant = self.d.value(value)
            if isinstance(constant, tuple) and not isinstance(constant, Period):
                return Entries(tuple((v, self.d.true) for v in constant))
        return None

    def as_diagram(self, value: Symbolic) -> Diagram:
        """A value as one diagram; of a list of constants with tuples for leaves."""
        if isinstance(value, Diagram):
            return value
        if value is _EMPTY_VALUE:
            return self.d.leaf(_VOID)
        if isinstance(value, Items | Mapped):
            return self.d.leaf(Unclear("逐项列出清单的结果", value))
        found = self.d.leaf(())
        for constant, there in reversed(value.items):
            one = self.d.map(
                ("before", constant.__class__, constant), partial(self._before, constant), found
            )
            found = self.d.ite(there, one, found)
        return found

    def _before(self, value: Any, rest: tuple[Any, ...]) -> Diagram:
        return self.d.leaf((value, *rest))

    def same(self, one: Symbolic, other: Symbolic) -> Diagram:
        """Where two values are the same."""
        if isinstance(one, Diagram) and isinstance(other, Diagram):
            return self.d.equal(one, other, self.leaf_same)
        if one == other:
            return self.d.true
        if isinstance(one, Items | Mapped) or isinstance(other, Items | Mapped):
            return self.d.leaf(Unclear("比较清单的内容", (one, other)))
        first, second = self._entries(one), self._entries(other)
        if first is not None and second is not None:
            order = _one_order([v for v, _ in first.items], [v for v, _ in second.items])
            if order is not None:
                mine, yours = dict(first.items), dict(second.items)
                false = self.d.false
                return self.d.all_of(
                    [self.equal(mine.get(v, false), yours.get(v, false)) for v in order]
                )
        return self.same(self.as_diagram(one), self.as_diagram(other))

    def equal(self, one: Diagram, other: Diagram) -> Diagram:
        """Where two conditions are the same."""
        return self.d.equal(one, other, self.leaf_same)

    def leaf_same(self, one: Any, other: Any) -> Diagram:
        """Where two values, constants or terms, are the same."""
        if not is_term(one) and not is_term(other):
            if isinstance(one, tuple) and isinstance(other, tuple) and _has_terms(one, other):
                return self._same_tuples(one, other)
            return self.d.leaf(one == other)
        if one == other:
            return self.d.true
        if one is None or other is None:
            return self.d.false
        kind = (one if is_term(one) else other).kind
        if kind == "text":
            return self._same_text(one, other)
        if kind == "period":
            return self.d.leaf(Unclear("比较期间", (one, other)))
        return self.d.both(self.at_least(one, other), self.at_least(other, one))

    def _same_tuples(self, one: tuple[Any, ...], other: tuple[Any, ...]) -> Diagram:
        if len(one) != len(other):
            return self.d.false
        return self.d.all_of([self.leaf_same(a, b) for a, b in zip(one, other, strict=True)])

    def _same_text(self, one: Any, other: Any) -> Diagram:
        if not is_term(one) or not is_term(other):
            fact, constant = (one, other) if is_term(one) else (other, one)
            return self.ask(OneOf(fact, frozenset([constant])))
        first, second = sorted((one, other), key=lambda fact: fact.path)
        return self.ask(SameText(first, second))

    def ask(self, atom: terms.Atom) -> Diagram:
        """Where the answer to an atom is yes."""
        return self.d.by(atom, (True, False), (self.d.true, self.d.false), terms.rung(atom))

    def at_least(self, left: Any, right: Any) -> Diagram:
        """Where one number or date is at least another."""
        left, right = _balanced(left, right)
        if not is_term(left) and not is_term(right):
            return self.d.leaf(left >= right)
        if isinstance(left, Counted) and not is_term(right):
            return self._several(left, _ceiling(right))
        if isinstance(right, Counted) and not is_term(left):
            return self.d.negate(self._several(right, _floor(left) + 1))
        known = terms.settled(left, right)
        if known is not None:
            return self.d.leaf(known)
        if isinstance(left, Op) and left.name in _EXTREMES:
            # the latest of several is late enough where one of them is
            return self._of_parts(left.name in _LATEST, [(p, right) for p in left.arguments])
        if isinstance(right, Op) and right.name in _EXTREMES:
            return self._of_parts(right.name not in _LATEST, [(left, p) for p in right.arguments])
        # of whole numbers and dates, 甲 ≤ 5 is asked as 甲 ≥ 6: one question, one choice
        if not is_term(left) and right.kind in ("date", "integer") and not _fraction(left):
            above = self._next(left)
            if above is not None:
                self.d.notes.setdefault(Order(right, above), left)
                return self.d.negate(self.ask(Order(right, above)))
        self.d.notes.setdefault(Order(left, right), None)
        return self.ask(Order(left, right))

    def _of_parts(self, enough: bool, pairs: list[tuple[Any, Any]]) -> Diagram:
        """Where one is at least another in some (`enough`) or in all of several pairs."""
        parts = [self.at_least(left, right) for left, right in pairs]
        return self.d.any_of(parts) if enough else self.d.all_of(parts)

    @staticmethod
    def _next(constant: Any) -> Any:
        if isinstance(constant, date):
            return date.fromordinal(constant.toordinal() + 1) if constant < date.max else None
        return constant + 1

    def _several(self, counted: Counted, least: int) -> Diagram:
        if least <= 0:
            return self.d.true
        return (
            self.d.false
            if counted.condition == self.d.false
            else self.ask(Several(counted.list_name, counted.condition, least))
        )

    # --- expressions

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
                return self._is_in(self.eval(item), self.eval(of))
            case ir.IsPresent(of):
                return self.d.map("present", lambda v: self.d.leaf(v is not None), self._plain(of))
            case ir.IsNonEmpty(of):
                return self._non_empty(self.eval(of))
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
                return self._add(self._plain(day), self._plain(period), following)
            case ir.Call(function, arguments):
                return self._apply(function, node.type, list(arguments))
            case ir.ListFrom(items):
                return self._list_from(node, items)
            case ir.Union(left, right):
                return self._union(node, self.eval(left), self.eval(right))
            case ir.Filter(of, variable, condition):
                return self._said(node, self._filter(self.eval(of), variable, condition))
            case ir.ForAll(of, variable, condition):
                outside = ir.Not(condition, t.BOOL, condition.span)
                kept = self._filter(self.eval(of), variable, outside)
                return self.d.negate(self._non_empty(kept))
            case ir.Map(of, variable, value):
                return self._map(node, self.eval(of), variable, value)
            case ir.Count(of):
                return self._count(self.eval(of))
            case ir.Fold(how, of):
                return self._fold(how, node.type, self.eval(of))
            case ir.Best():
                return self._best(node, self.eval(node.of))
            case (
                ir.Literal() | ir.Fact() | ir.FactList() | ir.Rows() | ir.Members()
                | ir.Variable() | ir.FieldOf() | ir.Defined() | ir.Satisfied() | ir.Failing()
                | ir.ReadingIs() | ir.Lookup() | ir.Not() | ir.And() | ir.Or() | ir.Compare()
                | ir.IsIn() | ir.IsPresent() | ir.IsNonEmpty() | ir.If()
            ):  # fmt: skip
                raise TypeError(node)  # evaluated above
            case _:
                assert_never(node)

    def _plain(self, node: ir.Expr) -> Diagram:
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
        first = self._plain(items[0])
        if first == deciding or len(items) == 1:
            return first
        rest = self._in_turn(items[1:], deciding)
        if deciding == self.d.true:
            return self.d.either(first, rest)
        return self.d.both(first, rest)

    # --- facts

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
        return self.d.by(("there", path), (True, False), (term, self._none()))

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
                return self.d.leaf(_VOID)

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
            return self.d.leaf(_VOID) if value is None else compute(value)
        found: Symbolic = _EMPTY_VALUE
        for value in reversed(self.d.leaves(of)):
            if isinstance(value, STOPS) or value is None:
                one: Symbolic = self.d.leaf(_VOID if value is None else value)
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

    # --- requirements

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
            found[clause] = self._or(found[clause], fails) if clause in found else fails
        return self._clauses(found)

    def _clauses(self, found: dict[str, Diagram]) -> Entries:
        order = self.rulebook.clause_order
        names = sorted(found, key=lambda c: (order.get(c, ((98, 0),)), c))
        return Entries(tuple((name, found[name]) for name in names))

    # --- comparisons and arithmetic

    def _compare(self, node: ir.Compare) -> Diagram:
        left, right = self.eval(node.left), self.eval(node.right)
        if node.op in ("=", "≠"):
            same = self.same(left, right)
            return same if node.op == "=" else self.d.negate(same)
        kind = t.solid(node.left.type)
        rank = kind if isinstance(kind, t.Enum) else None

        def compare(one: Any, other: Any) -> Diagram:
            return self._ordered(node.op, one, other, rank)

        return self.d.map2(("compare", node.op, rank), compare, left, right)

    def _ordered(self, op: str, one: Any, other: Any, enum: t.Enum | None) -> Diagram:
        if one is None or other is None:
            return self.d.leaf(_VOID)
        if enum is not None:
            if one == other:
                return self.d.leaf(op in (">=", "<="))
            one, other = enum.rank.get(one), enum.rank.get(other)
            if one is None or other is None:
                return self.d.false
        if _is_period(one) or _is_period(other):
            if is_term(one) or is_term(other):
                return self.d.leaf(Unclear("比较期间", (op, one, other)))
        if op == ">=":
            return self.at_least(one, other)
        if op == "<=":
            return self.at_least(other, one)
        less = self.at_least(one, other) if op == "<" else self.at_least(other, one)
        return self.d.negate(less)

    def _apply(self, name: str, type_: t.Type, arguments: list[ir.Expr]) -> Diagram:
        """An operation, argument by argument."""
        parts = [self._plain(argument) for argument in arguments]
        kind = kind_of(type_)
        found = self.d.map(("args", 1), lambda v: self.d.leaf((v,)), parts[0])
        for part in parts[1:]:
            found = self.d.map2(
                ("args", 2), lambda values, v: self.d.leaf((*values, v)), found, part
            )
        return self.d.map(
            ("apply", name, kind), lambda values: self._applied(name, kind, values), found
        )

    def _applied(self, name: str, kind: terms.Kind, values: tuple[Any, ...]) -> Diagram:
        if any(value is None for value in values):
            return self.d.leaf(_VOID)
        if not any(is_term(value) for value in values):
            try:
                return self.d.leaf(terms.apply(name, list(values)))
            except DateOutOfRange:
                return self.d.leaf(Fault("DATE_OVERFLOW", self._current))
            except ZeroDivisionError:
                return self.d.leaf(Fault("DIVIDED_BY_ZERO", self._current))
        if name == "数值":
            return self.d.leaf(values[0])
        whole = all(_whole(value) for value in values)
        if kind in ("integer", "number"):
            kind = "integer" if (whole and name != "÷") or _ROUNDS.get(name) else "number"
        term = Op(name, values, kind)
        if name == "÷":
            return self._divided(term)
        return self.d.leaf(term)

    def _divided(self, term: Op) -> Diagram:
        divisor = term.arguments[1]
        if not is_term(divisor):
            if divisor == 0:
                return self.d.leaf(Fault("DIVIDED_BY_ZERO", self._current))
            return self.d.leaf(term)
        zero = self.leaf_same(divisor, 0)
        fault = self.d.leaf(Fault("DIVIDED_BY_ZERO", self._current))
        return self.d.ite(zero, fault, self.d.leaf(term))

    def _add(self, day: Diagram, period: Diagram, following: bool) -> Diagram:
        return self.d.map2(
            ("add", following), lambda d, p: self._added(d, p, following), day, period
        )

    def _added(self, day: Any, period: Any, following: bool) -> Diagram:
        if day is None or period is None:
            return self.d.leaf(_VOID)
        if not is_term(day) and not is_term(period):
            try:
                return self.d.leaf(add_period(day, period, overflow_next=following))
            except DateOutOfRange:
                return self.d.leaf(Fault("DATE_OVERFLOW", self._current))
        plain = Op("add", (day, period), "date")
        low, high = terms.bounds(plain, {})
        if low < 1 or high > date.max.toordinal():
            return self.d.leaf(Unclear("日期可能超出历法", plain))
        if not following:
            return self.d.leaf(plain)
        if is_term(period):
            return self.d.leaf(Unclear("期间随事实而变的起顺延满", plain))
        if not is_term(day):
            return self.d.leaf(add_period(day, period, overflow_next=True))
        # 顺延: without a corresponding day it is the day after the month's last
        month = Op("add", (day, Period(period.months, 0)), "date")
        later = Op("add", (month, Period(0, period.days + 1)), "date")
        lacks = self.ask(NoDay(day, period.months))
        return self.d.ite(lacks, self.d.leaf(later), self.d.leaf(plain))

    # --- lists

    def _filter(self, of: Symbolic, variable: int, condition: ir.Expr) -> Symbolic:
        if isinstance(of, Items):
            kept = self._with(variable, ItemAt(of.list_name), condition)
            return Items(of.list_name, self.d.both(of.condition, kept))
        entries = self._entries(of)
        if entries is None:
            return self._unclear("筛选随事实而变的清单", of, condition)
        return Entries(
            tuple(
                (value, self.d.both(there, self._with(variable, value, condition)))
                for value, there in entries.items
            )
        )

    def _said(self, node: ir.Expr, kept: Symbolic) -> Symbolic:
        """Keeps how a condition on items is said, for whoever tells of it."""
        if isinstance(kept, Items):
            self.said.setdefault((kept.list_name, kept.condition), to_text(node))
        return kept

    def _unclear(self, why: str, *key: Any) -> Diagram:
        return self.d.leaf(Unclear(why, key))

    def _map(self, node: ir.Map, of: Symbolic, variable: int, value: ir.Expr) -> Symbolic:
        if isinstance(of, Items):
            return Mapped(of, self._with(variable, ItemAt(of.list_name), value))
        entries = self._entries(of)
        if entries is None:
            return self._unclear("逐项取值的清单随事实而变", of, value)
        if node.type == t.CLAUSES:
            found: dict[str, Diagram] = {}
            for one, there in entries.items:
                part = self._entries(self._with(variable, one, value))
                if part is None:
                    return self._unclear("条款清单随事实而变", of, value)
                for clause, fails in part.items:
                    where = self.d.both(there, fails)
                    found[clause] = self._or(found[clause], where) if clause in found else where
            return self._clauses(found)
        return self._tuple(
            [(self.as_diagram(self._with(variable, o, value)), there) for o, there in entries.items]
        )

    def _tuple(self, parts: list[tuple[Diagram, Diagram]]) -> Diagram:
        """A list with tuples for leaves: each value, where it is there."""
        found = self.d.leaf(())
        for value, there in reversed(parts):
            longer = self.d.map2(
                "before", lambda one, rest: self.d.leaf((one, *rest)), value, found
            )
            found = self.d.ite(there, longer, found)
        return found

    def _list_from(self, node: ir.ListFrom, items: tuple[ir.Expr, ...]) -> Symbolic:
        parts = [self._plain(item) for item in items]
        if node.type == t.CLAUSES:
            found: dict[str, Diagram] = {}
            for part in parts:
                for clause in self.d.leaves(part):
                    if isinstance(clause, str):
                        where = self.d.where(part, partial(eq, clause), ("is", clause))
                        found[clause] = self._or(found.get(clause, self.d.false), where)
            return self._clauses(found)
        if all(self.d.is_leaf(p) and not is_term(self.d.value(p)) for p in parts):
            values = [self.d.value(p) for p in parts]
            if not any(isinstance(v, STOPS) for v in values):
                return Entries(tuple((v, self.d.true) for v in listed(*values)))
        present = [
            self.d.where(p, lambda v: not isinstance(v, STOPS) and v is not None, "there")
            for p in parts
        ]
        raw = self._tuple(list(zip(parts, present, strict=True)))
        return self.d.map("listed", self._once, raw)

    def _once(self, values: tuple[Any, ...]) -> Diagram:
        """Each value of a list once; whether two terms are the same is a question of facts."""
        found = self.d.leaf(())
        for index in reversed(range(len(values))):
            value = values[index]
            before = [self.leaf_same(value, other) for other in values[:index]]
            longer = self.d.map(
                ("before", value.__class__, value), partial(self._before, value), found
            )
            found = self.d.ite(self.d.any_of(before), found, longer)
        return found

    def _union(self, node: ir.Union, left: Symbolic, right: Symbolic) -> Symbolic:
        one, other = self._entries(left), self._entries(right)
        if one is not None and other is not None:
            if node.type == t.CLAUSES:
                found = dict(one.items)
                for clause, fails in other.items:
                    found[clause] = self._or(found[clause], fails) if clause in found else fails
                return self._clauses(found)
            both = {**dict(other.items), **dict(one.items)}
            if not set(dict(one.items)) & set(dict(other.items)):
                return Entries(tuple(one.items + other.items))
            if list(both) == [v for v, _ in one.items]:
                return Entries(
                    tuple(
                        (v, self._or(g, dict(other.items).get(v, self.d.false)))
                        for v, g in one.items
                    )
                )
        if (
            node.type == t.CLAUSES
            or isinstance(left, Items | Mapped)
            or isinstance(right, Items | Mapped)
        ):
            return self._unclear("合并随事实而变的清单", left, right)
        joined = self.d.map2(
            "join",
            lambda a, b: self.d.leaf((*a, *b)),
            self.as_diagram(left),
            self.as_diagram(right),
        )
        return self.d.map("listed", self._once, joined)

    def _non_empty(self, of: Symbolic) -> Diagram:
        match of:
            case Items(name, condition):
                counted = self._unless_unclear(condition, Counted(name, condition))
                return self._several(counted, 1) if is_term(counted) else self.d.leaf(counted)
            case Mapped(items):
                return self._non_empty(items)
            case Entries(items):
                return self.d.any_of([there for _, there in items])
            case _:
                return self.d.map("any", lambda v: self.d.leaf(bool(v)), of)

    def _count(self, of: Symbolic) -> Diagram:
        match of:
            case Items(name, condition):
                return self.d.leaf(self._unless_unclear(condition, Counted(name, condition)))
            case Mapped(items):
                return self._count(items)
            case Entries(items):
                found = self.d.leaf(0)
                for _, there in items:
                    more = self.d.map("one more", lambda n: self.d.leaf(n + 1), found)
                    found = self.d.ite(there, more, found)
                return found
            case _:
                return self.d.map("length", lambda v: self.d.leaf(len(v)), of)

    def _unless_unclear(self, condition: Diagram, counted: Counted) -> Any:
        """A count, or the reason why its condition is not clear."""
        for leaf in self.d.leaves(condition):
            if isinstance(leaf, Fault | Unclear):
                return Unclear("清单的条件", (leaf, counted))
        return counted

    def _is_in(self, item: Diagram, of: Symbolic) -> Diagram:
        if isinstance(of, Mapped) and isinstance(of.value, Diagram):
            same = self.d.both(of.of.condition, self._there_and_same(item, of.value))
            return self._several(Counted(of.of.list_name, same), 1)
        if isinstance(of, Items | Mapped):
            return self._unclear("属于清单", item, of)
        entries = self._entries(of)
        if entries is None:
            return self.d.map2("in", self._leaf_in, item, of)
        if all(there == self.d.true for _, there in entries.items):
            return self.d.map(("in entries", entries), lambda v: self._in_entries(v, entries), item)
        leaf = self.d.leaf
        return self.d.any_of(
            [
                self.d.both(self._there_and_same(item, leaf(value)), there)
                for value, there in entries.items
            ]
        )

    def _there_and_same(self, item: Diagram, value: Diagram) -> Diagram:
        return self.d.map2(
            "there and same",
            lambda a, b: self.d.false if a is None or b is None else self.leaf_same(a, b),
            item, value,
        )  # fmt: skip

    def _leaf_in(self, value: Any, values: tuple[Any, ...]) -> Diagram:
        if value is None:
            return self.d.false
        return self.d.any_of([self.leaf_same(value, one) for one in values if one is not None])

    def _in_entries(self, value: Any, entries: Entries) -> Diagram:
        if value is None:
            return self.d.false
        values = [v for v, _ in entries.items if v is not None]
        if isinstance(value, Fact) and value.kind == "text":
            return self.ask(OneOf(value, frozenset(values))) if values else self.d.false
        return self.d.any_of([self.leaf_same(value, one) for one in values])

    def _fold(self, how: str, type_: t.Type, of: Symbolic) -> Diagram:
        if isinstance(of, Mapped | Items):
            return self._fold_items(how, type_, of)
        parts = self.as_diagram(of)
        return self.d.map(
            ("fold", how, kind_of(type_)), lambda v: self._folded(how, type_, v), parts
        )

    def _folded(self, how: str, type_: t.Type, values: tuple[Any, ...]) -> Diagram:
        """A list that diagrams spell out, as an operation on its values."""
        if not values:
            return self.d.leaf((0 if type_ != t.PERIOD else Period(0, 0)) if how == "sum" else None)
        kind = kind_of(type_)
        if how == "sum":
            name = "+"
        elif kind == "date":
            name = "较晚者" if how == "max" else "较早者"
        else:
            name = "较大者" if how == "max" else "较小者"
        found = self.d.leaf(values[0])
        for value in values[1:]:
            found = self.d.map(
                ("and", name, kind, value),
                partial(self._with_next, name, kind, value), found,
            )  # fmt: skip
        return found

    def _with_next(self, name: str, kind: terms.Kind, value: Any, so_far: Any) -> Diagram:
        return self._applied(name, kind, (so_far, value))

    def _fold_items(self, how: str, type_: t.Type, of: Mapped | Items) -> Diagram:
        if isinstance(of, Items) or not isinstance(of.value, Diagram):
            return self._unclear("清单的合计", how, of)
        kind = kind_of(type_)
        if kind == "period":
            return self._unclear("期间的合计", how, of)
        term = self.d.leaf(self._folded_term(how, kind, of.of, of.value))
        if how == "sum":
            return term
        return self.d.ite(self._non_empty(of), term, self._none())

    def _folded_term(self, how: str, kind: terms.Kind, of: Items, value: Diagram) -> Folded:
        """The sum or an extreme of items: a whole number only where every item's value is one."""
        values = [v for v in self.d.leaves(value) if v is not None and not isinstance(v, STOPS)]
        if kind == "integer" and not all(_whole(v) for v in values):
            kind = "number"
        ends = [terms.bounds(v, {}) for v in values] or [(0, 0)]
        least, most = min(low for low, _ in ends), max(high for _, high in ends)
        if how == "sum":
            least, most = -terms.FAR if least < 0 else 0, terms.FAR if most > 0 else 0
        return Folded(how, of.list_name, of.condition, value, kind, least, most)

    def _best(self, node: ir.Best, of: Symbolic) -> Symbolic:
        if isinstance(of, Items):
            return self._best_item(node, of)
        entries = self._entries(of)
        if entries is None:
            return self._unclear("从随事实而变的清单中择优", of, node)
        items = list(reversed(entries.items)) if node.last else list(entries.items)
        keys = [
            [self._plain_with(node.variable, value, key.value) for key in node.keys]
            for value, _ in items
        ]
        found = self._none()
        for i in reversed(range(len(items))):
            rivals = [
                self.d.both(items[j][1], self._beats(node, keys[j], keys[i], j < i))
                for j in range(len(items))
                if j != i
            ]
            wins = self.d.both(items[i][1], self.d.negate(self.d.any_of(rivals)))
            found = self.d.ite(wins, self.d.leaf(items[i][0]), found)
        return found

    def _plain_with(self, variable: int, value: Any, node: ir.Expr) -> Diagram:
        return self.as_diagram(self._with(variable, value, node))

    def _beats(
        self, node: ir.Best, mine: list[Diagram], yours: list[Diagram], earlier: bool
    ) -> Diagram:
        """Where one item comes before another."""
        found = self.d.leaf(earlier)
        for key, one, other in reversed(list(zip(node.keys, mine, yours, strict=True))):
            kind = t.solid(key.value.type)
            enum = kind if isinstance(kind, t.Enum) else None
            ahead, behind = (one, other) if key.highest else (other, one)

            def above(
                a: Any, b: Any, enum: t.Enum | None = enum, up: bool = key.highest
            ) -> Diagram:
                return self._above(a, b, enum, up)

            better = self.d.map2(("above", enum, key.highest), above, ahead, behind)
            worse = self.d.map2(("above", enum, key.highest), above, behind, ahead)
            found = self.d.ite(better, self.d.true, self.d.ite(worse, self.d.false, found))
        return found

    def _above(self, one: Any, other: Any, enum: t.Enum | None, highest: bool) -> Diagram:
        """Whether a key is above another; one that is none loses to all."""
        if one is None or other is None:
            loser = one if highest else other
            winner = other if highest else one
            return self.d.leaf(loser is not None and winner is None)
        if enum is not None:
            return self.d.leaf(enum.rank.get(one, -1) > enum.rank.get(other, -1))
        if _is_period(one) or _is_period(other):
            if is_term(one) or is_term(other):
                return self._unclear("比较期间", one, other)
            return self.d.leaf(one.months * 31 + one.days > other.months * 31 + other.days)
        return self.d.negate(self.at_least(other, one))

    def _best_item(self, node: ir.Best, of: Items) -> Symbolic:
        """One certain item of a list: its fields are facts of their own."""
        keys = tuple(
            (self._plain_with(node.variable, ItemAt(of.list_name), key.value), key.highest)
            for key in node.keys
        )
        if any(isinstance(v, STOPS) for k, _ in keys for v in self.d.leaves(k)):
            return self._unclear("择优的标准", of, keys)
        label = f"择优{of.condition}:{keys}:{node.last}"
        self.best[label] = of
        ranks = [
            k.rank if isinstance(k := t.solid(o.value.type), t.Enum) else None for o in node.keys
        ]
        by = tuple((key, up, rank) for (key, up), rank in zip(keys, ranks, strict=True))
        self.d.notes[label] = BestOf(of, by, node.last)
        item = self.d.leaf(ItemAt(of.list_name, label))
        return self.d.ite(self._non_empty(of), item, self._none())


class _Nothing:
    """A value that no case asks for."""


_EMPTY_VALUE = _Nothing()
_LATEST = ("较晚者", "较大者")
_EXTREMES = (*_LATEST, "较早者", "较小者")
_ROUNDS = {
    name: True
    for name in (
        "向下取整", "向上取整", "四舍五入到分", "舍去到分", "进位到分",
        "四舍五入到元", "舍去到元", "进位到元",
    )
}  # fmt: skip


class _Bound:
    """A variable bound to a member or item for a while, and what is being worked out."""

    def __init__(self, meaning: Meaning, variable: int, subject: Any, current: str) -> None:
        self._meaning = meaning
        self._new = (variable, subject, current)

    def __enter__(self) -> None:
        variable, subject, current = self._new
        self._outer = self._meaning.variables.get(variable)
        self._before = self._meaning._current
        self._meaning.variables[variable] = subject
        self._meaning._current = current

    def __exit__(self, *_: object) -> None:
        self._meaning.variables[self._new[0]] = self._outer
        self._meaning._current = self._before


def _one_order(one: list[Any], other: list[Any]) -> list[Any] | None:
    """The values of two lists in an order that is that of both, None where there is none."""
    if len(set(one)) != len(one) or len(set(other)) != len(other):
        return None
    common = set(one) & set(other)
    if [v for v in one if v in common] != [v for v in other if v in common]:
        return None
    found: list[Any] = []
    rest = list(other)
    for value in one:
        if value in common:
            at = rest.index(value)
            found += rest[:at]
            rest = rest[at + 1 :]
        found.append(value)
    return found + rest


def _has_terms(*tuples: tuple[Any, ...]) -> bool:
    return any(is_term(value) for values in tuples for value in values)


def _is_period(value: Any) -> bool:
    return isinstance(value, Period) or (is_term(value) and value.kind == "period")


def _balanced(left: Any, right: Any) -> tuple[Any, Any]:
    """甲 加 1 against 3 as 甲 against 2: constants added to a term go to the other side."""
    for _ in range(20):
        if isinstance(left, Op) and left.name in "+-" and not is_term(right):
            term, constant = left.arguments
            if is_term(term) and not is_term(constant):
                left, right = term, right - constant if left.name == "+" else right + constant
                continue
            if is_term(constant) and not is_term(term) and left.name == "+":
                left, right = constant, right - term
                continue
        elif isinstance(right, Op) and right.name in "+-" and not is_term(left):
            term, constant = right.arguments
            if is_term(term) and not is_term(constant):
                right, left = term, left - constant if right.name == "+" else left + constant
                continue
            if is_term(constant) and not is_term(term) and right.name == "+":
                right, left = constant, left - term
                continue
        break
    return left, right


def _fraction(value: Any) -> bool:
    return isinstance(value, Fraction) and value.denominator != 1


def _whole(value: Any) -> bool:
    return value.kind in ("integer", "date") if is_term(value) else not _fraction(value)


def _ceiling(value: Any) -> int:
    return int(-(-Fraction(value) // 1))


def _floor(value: Any) -> int:
    return int(Fraction(value) // 1)


__all__ = ["Fault", "Meaning", "TooLarge", "Unclear", "Void", "diagrams"]
