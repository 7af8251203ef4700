"""Typed IR → terms of two-valued Python, for complete cases: readings folded, members unrolled.

What is evaluated is at least what `runtime/threefold.py` evaluates, where it could end in a fault:
so a complete case that has a fault ends in one here too, and is then decided by the general rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, assert_never

import attrs

from ..ir import nodes as ir
from ..ir import types as t
from ..ir.exact import FIRST_DATE, LAST_DATE, Period
from ..ir.operations import ROUNDING, arithmetic, compare
from ..ir.plan import RulePlan, plan_definition, requirements_by_group
from ..ir.rulebook import Requirement, Rulebook
from .terms import COMPARISON, FIRST_YEAR, LAST_YEAR, SUM, Ends, Piece, Term, Terms, either
from .text import Names, literal, sequence
from .threefold import constants

_MOST_MEMBERS = 64
_MOST_CANDIDATES = 48
_FACT_YEARS = FIRST_DATE.year, LAST_DATE.year


class Unplain(Exception):
    """What has no plain form; such a rulebook is decided by the general rules alone."""


@attrs.frozen
class Subset:
    """Some of several members or clauses, each with whether it is there, in their order."""

    of: tuple[str, ...]
    there: tuple[Term, ...]


@attrs.frozen
class Span:
    """A period."""

    months: Term
    days: Term


@attrs.frozen
class Row:
    """An item of a list: the whole, and each field."""

    of: str
    whole: Term
    fields: Mapping[str, Term]


@attrs.frozen
class Loop:
    """The items of a list that is gone through: where they come from, and each as it is then."""

    parts: tuple[str | Term, ...]
    bound: frozenset[str]
    element: Term | Row
    row: Row | None  # the row whose names the first part binds


Value = Term | Subset | Span
Env = dict[int, "Value | Row"]
Case = tuple[Term, "Value"]


class Flat:
    """The values of a rulebook's results, checks and gate as terms."""

    def __init__(self, rulebook: Rulebook, readings: Mapping[str, str]) -> None:
        self.rulebook = rulebook
        self.readings = readings
        self.terms = Terms()
        self.names = Names()
        self.lines: list[str] = []  # constants
        self.titles: dict[Term, tuple[str, str]] = {}  # of what is called by a name: name, comment
        self.facts: dict[str, Term] = {}
        self._plans = {d.name: plan_definition(rulebook, d) for d in rulebook.definitions}
        self._groups = requirements_by_group(rulebook)
        self._named: dict[str, str] = {}
        self._values: dict[tuple[str, str | None], Value] = {}
        self._of_items: dict[tuple[str, Term], Value] = {}
        self._loops: dict[tuple[object, int], str] = {}
        self._level = 0  # of loops in loops
        self._required: dict[tuple[int, str | None], Term] = {}
        self._clauses = self._all_clauses()
        self._lists = {
            group.name: {f.path.rpartition(".")[2]: f.type for f in group.fields}
            for group in rulebook.groups
            if group.is_list
        } | {register.name: dict(register.columns) for register in rulebook.registers}

    def _all_clauses(self) -> tuple[str, ...]:
        order = self.rulebook.clause_order
        known = dict.fromkeys([*order, *(r.clause for r in self.rulebook.requirements)])
        return tuple(sorted(known, key=lambda c: (order.get(c, ((98, 0),)), c)))

    # --- names

    def named(self, text: str) -> str:
        """The name of a constant that stands once before the function."""
        if text not in self._named:
            self._named[text] = name = f"P{len(self._named) + 1}"
            self.lines.append(f"{name} = {text}")
        return self._named[text]

    def _call(self, function: str, *args: Term, loose: bool = False, **about: Any) -> Term:
        pieces: list[Piece] = [f"{function}("]
        for number in range(len(args)):
            pieces += [", ", number] if number else [number]
        return self.terms.strict((*pieces, ")"), args, loose=loose, **about)

    def _titled(self, value: Value, prefix: str, words: Iterable[str], comment: str) -> Value:
        """The value, which goes by a name of its own where it stands alone."""
        if isinstance(value, Term) and not value.plain and not value.free:
            if value not in self.titles:
                self.titles[value] = self.names.new(prefix, *words), comment
        return value

    # --- facts

    def fact(self, path: str) -> Term:
        """The variable a fact is read into."""
        if path not in self.facts:
            field = self.rulebook.facts[path]
            type_ = field.type
            name = self.names.new("f", *path.split("."))
            years = _FACT_YEARS if t.solid(type_) == t.DATE else None
            whole = [value for value in field.allowed if type(value) is int]
            ends = (min(whole), max(whole)) if whole and len(whole) == len(field.allowed) else None
            self.facts[path] = self._variable(name, type_, years, ends=ends)
        return self.facts[path]

    def fact_list(self, name: str) -> Term:
        """The variable a list fact is read into: its rows."""
        if name not in self.facts:
            self.facts[name] = self.terms.name(self.names.new("l", name), list_of_rows=True)
        return self.facts[name]

    def _variable(
        self,
        name: str,
        type_: t.Type,
        years: Ends,
        free: frozenset[str] = frozenset(),
        ends: Ends = None,
    ) -> Term:
        kind = t.solid(type_)
        return self.terms.name(
            name, maybe=isinstance(type_, t.Maybe), free=free, years=years, ends=ends,
            integral=isinstance(kind, t.Number) and kind.integer,
        )  # fmt: skip

    def _years(self, of: str, field: str) -> Ends:
        """The years that a field of a list or a register can be in."""
        if t.solid(self._lists[of][field]) != t.DATE:
            return None
        for register in self.rulebook.registers:
            if register.name == of:
                place = [name for name, _ in register.columns].index(field)
                days = [day for row in register.rows if isinstance(day := row[place], date)]
                return (min(days).year, max(days).year) if days else None
        return _FACT_YEARS

    def _row(self, of: str, whole: str) -> Row:
        """An item that a loop binds."""
        fields = {
            field: self._variable(
                name := self._field_name(whole, field),
                type_,
                self._years(of, field),
                frozenset([name]),
            )
            for field, type_ in self._lists[of].items()
        }
        return Row(of, self.terms.name(whole, free=frozenset([whole])), fields)

    def _field_name(self, whole: str, field: str) -> str:
        key = (whole, field), 0
        if key not in self._loops:
            self._loops[key] = self.names.new(whole, field)
        return self._loops[key]

    def _row_of(self, of: str, whole: Term) -> Row:
        """An item that an expression gives."""
        fields = {}
        for number, (field, type_) in enumerate(self._lists[of].items()):
            kind = t.solid(type_)
            fields[field] = self.terms.strict(
                (0, f"[{number}]"), (whole,), maybe=isinstance(type_, t.Maybe),
                integral=isinstance(kind, t.Number) and kind.integer, years=self._years(of, field),
            )  # fmt: skip
        return Row(of, whole, fields)

    # --- definitions and requirements

    def definition(self, name: str, subject: str | None) -> Value:
        """The value of a definition of the whole case or of a member."""
        key = name, subject
        if key not in self._values:
            plan, level = self._plans[name], self._level
            self._level = 0
            env: Env = {} if subject is None else {plan.variable: self.terms.constant(subject)}
            value = self._resolved(name, plan.rules(subject), plan.otherwise, env)
            definition, self._level = plan.definition, level
            if isinstance(value, Term) and not isinstance(definition.type, t.Maybe):
                self.terms.sure.add(value)
            words = [definition.origin or "", definition.clause or "", name, subject or ""]
            comment = " ".join(word for word in words if word)
            self._values[key] = self._titled(value, "d", (name, subject or ""), comment)
        return self._values[key]

    def _of_item(self, name: str, row: Row) -> Value:
        key = name, row.whole
        if key not in self._of_items:
            plan = self._plans[name]
            env: Env = {plan.variable: row}
            self._of_items[key] = self._resolved(name, plan.always, plan.otherwise, env)
        return self._of_items[key]

    def _resolved(
        self, name: str, rules: tuple[RulePlan, ...], otherwise: ir.Expr | None, env: Env
    ) -> Value:
        last: Value | None = None
        cases = self._agreed([self._cases(rule, env) for rule in rules])
        if cases and cases[-1][0] is self.terms.true:
            *cases, (_, last) = cases
        if last is None:
            last = self._fallback(name, otherwise, env)
        for condition, value in reversed(cases):
            last = self.choice(condition, value, last)
        return last

    def _fallback(self, name: str, otherwise: ir.Expr | None, env: Env) -> Value:
        if otherwise is not None:
            return self.value(otherwise, env)
        definition = self._plans[name].definition
        if definition.kind == "parameter" and not isinstance(definition.type, t.Maybe):
            return self.terms.strict(("fault()",), (), faults=True)
        return self.empty(definition.type)

    def empty(self, type_: t.Type) -> Value:
        """None, or a list without an item."""
        if type_ == t.CLAUSES:
            return Subset((), ())
        if isinstance(type_, t.ListOf):
            return Subset((), ()) if t.members_of(type_.item) else self.terms.constant(())
        return self.terms.none

    def _cases(self, plan: RulePlan, env: Env) -> list[Case]:
        """When a rule or an exception of it applies, and the value it gives then: the first case
        whose condition holds says it.
        """
        cases = self._agreed([self._cases(exception, env) for exception in plan.exceptions])
        if any(condition is self.terms.true for condition, _ in cases):
            return cases
        terms = self.terms
        condition = terms.true if plan.condition is None else self.term(plan.condition, env)
        if condition is terms.false:
            return cases
        return [*cases, (condition, self.value(plan.value, env))]

    def _agreed(self, groups: list[list[Case]]) -> list[Case]:
        """The cases of several rules, of which those that apply at once must agree."""
        groups = [group for group in groups if group]
        for place, one in enumerate(groups):
            for other in groups[place + 1 :]:
                if any(_may_differ(a, b) for a in one for b in other):
                    return self._compared(groups)
        for group in groups[1:]:  # looked at also where an earlier one applies
            self.terms.force(condition for condition, _ in group)
            self.terms.force(value for _, value in group if isinstance(value, Term))
        return [case for group in groups for case in group]

    def _compared(self, groups: list[list[Case]]) -> list[Case]:
        terms = self.terms
        hits = []
        for group in groups:
            hit = terms.constant(())
            for condition, value in reversed(group):
                one = terms.strict(("(", 0, ",)"), (self.whole(value),), loose=True)
                hit = terms.branch(condition, one, hit)
            hits.append(hit)
        found = self._call("agreed", *hits, loose=True, faults=True)
        first = terms.strict((0, "[0]"), (found,), maybe=True, loose=True)
        conditions = [condition for group in groups for condition, _ in group]
        if any(condition is terms.true for condition in conditions):
            return [(terms.true, first)]
        return [(self._truth(found), first)]

    def requirement(self, requirement: Requirement, subject: str | None) -> Term:
        """Whether a requirement holds."""
        key = id(requirement), subject
        if key not in self._required:
            env: Env = (
                {} if subject is None else {requirement.variable: self.terms.constant(subject)}
            )
            holds = self.term(requirement.must, env)
            if requirement.when is not None:
                when = self.term(requirement.when, env)
                holds = self.terms.any_of([self.terms.negation(when), holds])
            words = [requirement.origin or "", requirement.clause, requirement.name, subject or ""]
            comment = " ".join(word for word in words if word)
            self._titled(holds, "r", (requirement.name, subject or ""), comment)
            self._required[key] = holds
        return self._required[key]

    def _all_hold(self, group: str, subject: str | None) -> Term:
        found = self._groups[group][subject]
        return self.terms.all_of(self.requirement(one, subject) for one in found)

    def _failing(self, group: str, subject: str | None) -> Subset:
        failing: dict[str, list[Term]] = {}
        for one in self._groups[group][subject]:
            failing.setdefault(one.clause, []).append(self.requirement(one, subject))
        clauses = tuple(clause for clause in self._clauses if clause in failing)
        terms = self.terms
        there = (terms.negation(terms.all_of(failing[clause])) for clause in clauses)
        for held in failing.values():
            self.terms.force(held[1:])
        return Subset(clauses, tuple(there))

    # --- values

    def term(self, node: ir.Expr, env: Env) -> Term:
        """The value of an expression as one term."""
        return self.whole(self.value(node, env))

    def whole(self, value: Value) -> Term:
        """A value as one term."""
        match value:
            case Term():
                return value
            case Subset(of, there):
                if all(one.constant for one in there):
                    kept = (m for m, one in zip(of, there, strict=True) if one.value)
                    return self.terms.constant(tuple(kept))
                table = self.terms.name(self.named(f"Subsets({literal(of)})"))
                return self.terms.strict((0, "[", 1, "]"), (table, self._mask(value)), loose=True)
            case Span(months, days):
                if months.constant and days.constant:
                    return self.terms.constant(Period(_int(months.value), _int(days.value)))
                return self._call("Period", months, days)
            case _:
                assert_never(value)

    def _mask(self, subset: Subset) -> Term:
        pieces: list[Piece] = []
        for number, one in enumerate(subset.there):
            pieces += [" | "] if number else []
            pieces += ["(", number, f" and {1 << number})"]
            del one
        wrapped = tuple(subset.there)
        return self.terms.strict(tuple(pieces), wrapped, SUM, loose=True)

    def choice(self, condition: Term, then: Value, otherwise: Value) -> Value:
        """One of two values, by a condition."""
        if condition.constant:
            return then if condition.value else otherwise
        if isinstance(then, Span) and isinstance(otherwise, Span):
            return Span(
                self.terms.branch(condition, then.months, otherwise.months),
                self.terms.branch(condition, then.days, otherwise.days),
            )
        then, otherwise = _as_subset(then, otherwise), _as_subset(otherwise, then)
        if isinstance(then, Subset) and isinstance(otherwise, Subset):
            both = self._aligned(then, otherwise)
            if both is not None:
                of, pairs = both
                return Subset(of, tuple(self.terms.branch(condition, a, b) for a, b in pairs))
        return self.terms.branch(condition, self.whole(then), self.whole(otherwise))

    def _aligned(
        self, one: Subset, other: Subset
    ) -> tuple[tuple[str, ...], list[tuple[Term, Term]]] | None:
        """Two subsets over the members of both, None where these have no common order."""
        first = dict(zip(one.of, one.there, strict=True))
        second = dict(zip(other.of, other.there, strict=True))
        names = {*first, *second}
        for order in (one.of, other.of, self._clauses, *(e.members for e in self.rulebook.enums)):
            if names <= {*order}:
                of = tuple(name for name in order if name in names)
                if [n for n in of if n in first] == list(one.of) and [
                    n for n in of if n in second
                ] == list(other.of):
                    no = self.terms.false
                    return of, [(first.get(name, no), second.get(name, no)) for name in of]
        return None

    def value(self, node: ir.Expr, env: Env) -> Value:
        """The value of an expression of a complete case."""
        terms = self.terms
        match node:
            case ir.Literal(value):
                return self._literal(value, node.type)
            case ir.Fact(path):
                return self.fact(path)
            case ir.FactList(name):
                return self.fact_list(name)
            case ir.Rows(register):
                return self._rows(register)
            case ir.Members(enum):
                if len(enum.members) > _MOST_MEMBERS:
                    raise Unplain("an enumeration of many members")
                return Subset(enum.members, (terms.true,) * len(enum.members))
            case ir.Variable(number):
                found = env[number]
                return found.whole if isinstance(found, Row) else found
            case ir.FieldOf(of, field):
                return self._item(of, env).fields[field]
            case ir.Defined(name, subject):
                return self._defined(name, subject, env)
            case ir.Satisfied(group, subject):
                return self._of_subject(subject, env, lambda m: self._all_hold(group, m))
            case ir.Failing(group, subject):
                return self._of_subject(subject, env, lambda m: self._failing(group, m))
            case ir.ReadingIs(reading, alternative):
                return terms.constant(self.readings[reading] == alternative)
            case ir.Lookup(table, row, column):
                return self._lookup(table, self.term(row, env), self.term(column, env), node.type)
            case ir.Not(of):
                return terms.negation(self.term(of, env))
            case ir.And(items):
                return terms.all_of([self.term(item, env) for item in items])
            case ir.Or(items):
                return terms.any_of([self.term(item, env) for item in items])
            case ir.Compare(op, left, right):
                return self._compare(node, op, self.term(left, env), self.term(right, env))
            case ir.IsIn(item, of):
                return self._is_in(self.term(item, env), of, env)
            case ir.IsPresent(of):
                return terms.present(self.term(of, env))
            case ir.IsNonEmpty(of):
                return self._is_non_empty(of, env)
            case ir.If(condition, then, otherwise):
                return self.choice(
                    self.term(condition, env), self.value(then, env), self.value(otherwise, env)
                )
            case ir.Arithmetic(op, left, right):
                return self._arithmetic(op, self.value(left, env), self.value(right, env))
            case ir.AddPeriod(start, period, following):
                return self._after(self.term(start, env), self.value(period, env), following)
            case ir.ListFrom(items):
                return self._list_from([self.term(item, env) for item in items], node.type)
            case ir.Union(left, right):
                return self._union(self.value(left, env), self.value(right, env), node.type)
            case ir.Filter():
                return self._filter(node, env)
            case ir.ForAll(of, variable, condition):
                return self._for_all(of, variable, condition, env)
            case ir.Map():
                return self._map(node, env)
            case ir.Count(of):
                return self._count(of, env)
            case ir.Fold(how, of):
                return self._fold(how, of, node.type, env)
            case ir.Best():
                return self._best(node, env)
            case ir.Call(function, arguments):
                return self._function(
                    function, [self.term(argument, env) for argument in arguments]
                )
            case _:
                assert_never(node)

    def _literal(self, value: object, type_: t.Type) -> Value:
        if isinstance(value, Period):
            return Span(self.terms.constant(value.months), self.terms.constant(value.days))
        if isinstance(value, tuple) and type_ == t.CLAUSES:
            known = tuple(c for c in self._clauses if c in value)
            if known == value:
                return Subset(known, (self.terms.true,) * len(known))
        return self.terms.constant(value)

    def _rows(self, name: str) -> Term:
        (register,) = (r for r in self.rulebook.registers if r.name == name)
        rows = sequence(literal(row) for row in register.rows)
        return self.terms.name(self.named(rows), list_of_rows=True)

    def _item(self, node: ir.Expr, env: Env) -> Row:
        if isinstance(node, ir.Variable):
            found = env[node.number]
            if isinstance(found, Row):
                return found
        return self._row_of(t.record_of(node.type), self.term(node, env))

    # --- of a member

    def _defined(self, name: str, subject: ir.Expr | None, env: Env) -> Value:
        plan = self._plans[name]
        if subject is None:
            return self.definition(name, None)
        if plan.by_member is None:
            return self._of_item(name, self._item(subject, env))
        return self._of_subject(subject, env, lambda m: self.definition(name, m))

    def _of_subject(
        self, subject: ir.Expr | None, env: Env, compute: Callable[[str | None], Value]
    ) -> Value:
        if subject is None:
            return compute(None)
        who = self.term(subject, env)
        if who.constant:
            return compute(_text(who.value))
        members = t.members_of(subject.type)
        if not members or len(members) > _MOST_MEMBERS:
            raise Unplain("a value of one of many members")
        groups: list[tuple[list[str], Value]] = []
        for member in members:
            value = compute(member)
            for names, known in groups:
                if known == value:
                    names.append(member)
                    break
            else:
                groups.append(([member], value))
        groups.sort(key=lambda group: len(group[0]))
        *some, (_, last) = groups
        for names, value in reversed(some):
            among = self.terms.among(who, names, self.named(f"frozenset({literal(tuple(names))})"))
            last = self.choice(among, value, last)
        return last

    # --- conditions

    def _compare(self, node: ir.Compare, op: str, left: Term, right: Term) -> Term:
        terms = self.terms
        if op in ("=", "≠"):
            same = terms.equal(left, right)
            return same if op == "=" else terms.negation(same)
        rank = t.rank_of(node.left.type)
        if left.constant and right.constant:
            return terms.constant(compare(op, rank, left.value, right.value) is True)
        if rank is None:
            return terms.strict((0, f" {op} ", 1), (left, right), COMPARISON)
        members = t.members_of(node.left.type)
        if left.constant or right.constant:
            who = right if left.constant else left
            known = tuple(
                m
                for m in members
                if compare(op, rank, left.value if left.constant else m,
                           right.value if right.constant else m) is True
            )  # fmt: skip
            found = terms.among(who, known, self.named(f"frozenset({literal(known)})"))
            return found
        pairs = tuple((a, b) for a in members for b in members if compare(op, rank, a, b) is True)
        if len(members) > _MOST_MEMBERS:
            raise Unplain("an order of many members")
        name = self.terms.name(self.named(f"frozenset({literal(pairs)})"))
        return terms.strict(("(", 0, ", ", 1, ") in ", 2), (left, right, name), COMPARISON)

    def _is_in(self, item: Term, of: ir.Expr, env: Env) -> Term:
        terms = self.terms
        known = constants(self.rulebook, of)
        if known is not None:
            return terms.among(item, known, self.named(f"frozenset({literal(known)})"))
        if isinstance(of, ir.ListFrom):
            parts = [self.term(part, env) for part in of.items]
            return self._in(item, self._tuple(parts))
        found = self.value(of, env)
        if isinstance(found, Subset):
            if item.constant:
                pairs = zip(found.of, found.there, strict=True)
                (there,) = [one for m, one in pairs if m == item.value] or [terms.false]
                self.terms.force(found.there)
                return there
            return self._in(item, self.whole(found))
        return self._in(item, found if isinstance(found, Term) else self.whole(found))

    def _tuple(self, parts: list[Term]) -> Term:
        pieces: list[Piece] = ["("]
        for number in range(len(parts)):
            pieces += [number, ", "]
        return self.terms.strict((*pieces, ")"), tuple(parts), loose=True)

    def _in(self, item: Term, of: Term) -> Term:
        there = self.terms.strict((0, " in ", 1), (item, of), COMPARISON, loose=True)
        if item.maybe:
            # all of the list is looked at, whether or not there is something to look for
            self.terms.force([of])
            return self.terms.all_of([self.terms.present(item), there])
        return there

    def _is_non_empty(self, of: ir.Expr, env: Env) -> Term:
        found = self._over(of, env)
        if isinstance(found, Subset):
            self.terms.force(found.there)
            return self.terms.any_of(found.there)
        return self._truth(self._some(found))

    def _truth(self, of: Term) -> Term:
        return self._call("bool", of)

    # --- arithmetic

    def _arithmetic(self, op: str, left: Value, right: Value) -> Value:
        if isinstance(left, Span) or isinstance(right, Span):
            return self._of_periods(op, left, right)
        one, other = self.whole(left), self.whole(right)
        return self._of_numbers(op, one, other)

    def _of_numbers(self, op: str, one: Term, other: Term) -> Term:
        terms = self.terms
        if one.constant and other.constant and not (op == "÷" and not other.value):
            return terms.constant(arithmetic(op, one.value, other.value))
        if op in ("×", "÷") and other.constant and other.value == 1:
            return one
        if op == "×" and one.constant and one.value == 1:
            return other
        if op == "+" and one.constant and one.value == 0:
            return other
        if op in ("+", "-") and other.constant and other.value == 0:
            return one
        if op == "÷":
            zero = not (other.constant or (other.ends is not None and other.ends[0] > 0))
            return self._call("divided", one, other, faults=zero)
        integral = one.integral and other.integral
        ends = _ends(op, one.ends, other.ends)
        if op == "×":
            if integral:
                return terms.strict((0, " * ", 1), (one, other), SUM, integral=True, ends=ends)
            return self._call("times", one, other)
        if integral:
            return terms.strict((0, f" {op} ", 1), (one, other), SUM, integral=True, ends=ends)
        return self._call("plus" if op == "+" else "minus", one, other)

    def _of_periods(self, op: str, left: Value, right: Value) -> Value:
        if isinstance(left, Span) and isinstance(right, Span):
            return Span(
                self._of_numbers(op, left.months, right.months),
                self._of_numbers(op, left.days, right.days),
            )
        span, factor = (left, right) if isinstance(left, Span) else (right, left)
        if not isinstance(span, Span) or op != "×":
            raise Unplain("a period that is no period")
        number = self.whole(factor)
        if not number.integral:
            raise Unplain("a period times a number that need not be whole")
        return Span(self._times(span.months, number), self._times(span.days, number))

    def _times(self, one: Term, other: Term) -> Term:
        if one.constant and one.value == 0:
            return one
        return self._of_numbers("×", one, other)

    def _after(self, start: Term, period: Value, following: bool) -> Term:
        terms = self.terms
        if not isinstance(period, Span):
            return self._call("add_period", start, self.whole(period), faults=True)
        months, days = period.months, period.days
        if months.constant and days.constant:
            ends = (
                _int(months.value) + min(0, _int(days.value) // 28 - 1),
                (_int(months.value) + max(0, _int(days.value) // 28 + 1)),
            )
            years = _shifted(start.years, ends)
            text = f"After({months.value}, {days.value}, {following})"
            return terms.strict(
                (f"{self.named(text)}[", 0, "]"), (start,), years=years, faults=years is None
            )
        if days.constant and days.value == 0 and not following:
            years = _shifted(start.years, months.ends)
            return self._call("shifted", start, months, years=years, faults=years is None)
        pieces = ("add_period(", 0, ", ", 1, f", overflow_next={following})")
        return terms.strict(pieces, (start, self.whole(period)), faults=True)

    def _function(self, name: str, values: list[Term]) -> Term:
        terms = self.terms
        years = [value.years for value in values]
        integral = all(value.integral for value in values)
        match name:
            case "较早者" | "较晚者" | "较大者" | "较小者":
                which = "min" if name in ("较早者", "较小者") else "max"
                return self._call(
                    which, *values, integral=integral, years=_of_all(years),
                    ends=_of_all([value.ends for value in values]),
                )  # fmt: skip
            case "年份":
                return terms.strict((0, ".year"), tuple(values), integral=True)
            case "月份":
                return terms.strict((0, ".month"), tuple(values), integral=True)
            case "日数差":
                pieces = ("(", 1, " - ", 0, ").days")
                return terms.strict(pieces, tuple(values), integral=True)
            case "月份差":
                far = None
                if years[0] and years[1]:
                    far = (
                        (years[1][0] - years[0][1]) * 12 - 11, (years[1][1] - years[0][0]) * 12 + 11
                    )  # fmt: skip
                return self._call("months_between", *values, integral=True, ends=far)
            case "周岁":
                faults = any(one is None for one in years)
                return self._call("completed_years", *values, integral=True, faults=faults)
            case "数值":
                return values[0]
            case _:
                return self._rounded(values[0], *ROUNDING[name])

    def _rounded(self, value: Term, step: int, how: str) -> Term:
        terms = self.terms
        if value.integral and step == 1:
            return value
        if value.pieces[0] == "divided(" and how == "舍去" and step == 1:
            whole, by = value.args
            if whole.integral and by.integral and not value.faults:
                ends = None
                if whole.ends and by.ends and by.ends[0] > 0:
                    ends = min(0, whole.ends[0]), max(0, whole.ends[1])
                return terms.strict((0, " // ", 1), (whole, by), SUM, integral=True, ends=ends)
        pieces = ("rounded(", 0, f", {step}, {literal(how)})")
        return terms.strict(pieces, (value,), integral=True)

    def _lookup(self, table: str, row: Term, column: Term, type_: t.Type) -> Term:
        (found,) = (one for one in self.rulebook.tables if one.name == table)
        cells = found.cells
        if row.constant and column.constant:
            return self.terms.constant(cells.get((_text(row.value), _text(column.value))))
        maybe = isinstance(type_, t.Maybe)
        kinds = {type(value) for value in cells.values()}
        integral = kinds == {int}
        if row.constant or column.constant:
            place, known = (0, row) if row.constant else (1, column)
            some = {key[1 - place]: v for key, v in cells.items() if key[place] == known.value}
            name = self._dict(some)
            who = column if row.constant else row
            return self.terms.strict(
                (f"{name}.get(", 0, ")"), (who,), loose=True, maybe=maybe, integral=integral
            )
        name = self._dict(cells)
        return self.terms.strict(
            (f"{name}.get((", 0, ", ", 1, "))"), (row, column), loose=True, maybe=maybe,
            integral=integral,
        )  # fmt: skip

    def _dict(self, values: Mapping[Any, object]) -> str:
        pairs = ", ".join(f"{literal(key)}: {literal(value)}" for key, value in values.items())
        return self.named(f"{{{pairs}}}")

    # --- lists

    def _over(self, node: ir.Expr, env: Env) -> Subset | Loop:
        """A list to go through: its members, each with whether it is there, or a loop."""
        match node:
            case ir.Filter(of, inner, condition):
                found = self._over(of, env)
                if isinstance(found, Subset):
                    return self._kept(found, inner, condition, env)
                holds = self._within(condition, env, inner, found.element)
                if holds is self.terms.true:
                    return found
                return attrs.evolve(found, parts=(*found.parts, " if ", holds))
            case ir.Map(of, inner, value) if node.type != t.CLAUSES:
                found = self._over(of, env)
                if isinstance(found, Loop):
                    element = self._within(value, env, inner, found.element)
                    return attrs.evolve(found, element=element)
        found_value = self.value(node, env)
        if isinstance(found_value, Subset):
            return found_value
        return self._loop(self.whole(found_value), node.type)

    def _loop(self, of: Term, type_: t.Type) -> Loop:
        item = type_.item if isinstance(type_, t.ListOf) else t.CLAUSE
        record = t.record_of(item)
        name = self._loop_name(record or of)
        if record:
            row = self._row(record, name)
            names = (str(field.pieces[0]) for field in row.fields.values())
            return Loop((of,), frozenset([name, *names]), row, row)
        element = self._variable(name, item, None, frozenset([name]))
        return Loop((of,), frozenset([name]), element, None)

    def _loop_name(self, of: str | Term) -> str:
        """The variable of a loop: alike for lists of one kind, other in a loop than around it."""
        key = of, self._level
        if key not in self._loops:
            self._loops[key] = self.names.new("i", of if isinstance(of, str) else "")
        return self._loops[key]

    def _within(self, node: ir.Expr, env: Env, variable: int, element: Term | Row) -> Term:
        """A term for an item of a loop."""
        self._level += 1
        found = self.term(node, {**env, variable: element})
        self._level -= 1
        return found

    def _listed(self, loop: Loop, element: Term | None = None) -> Term:
        """The items of a loop, or an expression for each, as a list."""
        if element is None:
            element = loop.element.whole if isinstance(loop.element, Row) else loop.element
            if len(loop.parts) == 1 and isinstance(loop.parts[0], Term) and self._is_all(loop):
                return loop.parts[0]
        source, *rest = loop.parts
        assert isinstance(source, Term)
        args: list[Term] = [element, source, *(part for part in rest if isinstance(part, Term))]
        used = frozenset().union(*(arg.free for arg in args if arg is not source))
        pieces: list[Piece] = ["[", 0, f" for {self._target(loop, used)} in ", 1]
        if source.plain:  # most lists are empty
            pieces = ["(", 1, " and ", *pieces]
        pieces += self._unpacked(loop, used)
        number = 2
        for part in rest:
            if isinstance(part, Term):
                pieces.append(number)
                number += 1
            else:
                pieces.append(part)
        pieces.append("])" if source.plain else "]")
        return self.terms.strict(tuple(pieces), tuple(args), loose=True, bound=loop.bound)

    def _some(self, loop: Loop) -> Term:
        """A list as long as a loop goes on."""
        element = loop.element
        if len(loop.parts) == 1 or (isinstance(element, Term) and element.faults):
            return self._listed(loop)
        return self._listed(loop, self.terms.constant(1))

    def _is_all(self, loop: Loop) -> bool:
        """Whether the items of a loop are those of the list it goes through."""
        if isinstance(loop.element, Row):
            return loop.element is loop.row
        return loop.row is None and loop.element.free == loop.bound and loop.element.plain

    def _target(self, loop: Loop, used: frozenset[str]) -> str:
        if loop.row is None:
            (name,) = loop.bound
            return name
        whole = loop.row.whole.pieces[0]
        if whole in used or not used:
            return str(whole)
        return self._fields_of(loop.row, used)

    def _unpacked(self, loop: Loop, used: frozenset[str]) -> list[Piece]:
        if loop.row is None:
            return []
        whole = str(loop.row.whole.pieces[0])
        if whole in used and len(used) > 1:
            return [f" for {self._fields_of(loop.row, used)} in ({whole},)"]
        return []

    def _fields_of(self, row: Row, used: frozenset[str]) -> str:
        names = [str(field.pieces[0]) for field in row.fields.values()]
        return sequence(name if name in used else "_" for name in names)

    def _kept(self, of: Subset, variable: int, condition: ir.Expr, env: Env) -> Subset:
        terms = self.terms
        there = []
        for member, one in zip(of.of, of.there, strict=True):
            if one is terms.false:
                there.append(one)
                continue
            holds = self.term(condition, {**env, variable: terms.constant(member)})
            there.append(terms.all_of([one, holds]))
        return Subset(of.of, tuple(there))

    def _filter(self, node: ir.Filter, env: Env) -> Value:
        found = self._over(node, env)
        if isinstance(found, Subset):
            return found
        kept = self._listed(found)
        return kept if isinstance(found.element, Row) else self._call("tuple", kept)

    def _for_all(self, of: ir.Expr, variable: int, condition: ir.Expr, env: Env) -> Term:
        terms = self.terms
        found = self._over(of, env)
        if isinstance(found, Subset):
            return terms.all_of(
                terms.any_of(
                    [
                        terms.negation(one),
                        self.term(condition, {**env, variable: terms.constant(member)}),
                    ]
                )
                for member, one in zip(found.of, found.there, strict=True)
                if one is not terms.false
            )
        holds = self._within(condition, env, variable, found.element)
        return self._call("all", self._listed(found, holds))

    def _map(self, node: ir.Map, env: Env) -> Value:
        terms = self.terms
        found = self._over(node.of, env)
        if isinstance(found, Loop):
            element = self._within(node.value, env, node.variable, found.element)
            listed = self._listed(found, element)
            if node.type == t.CLAUSES:
                return self._in_order(listed, "united")
            return self._call("tuple", listed)
        values = [
            (one, self.value(node.value, {**env, node.variable: terms.constant(member)}))
            for member, one in zip(found.of, found.there, strict=True)
            if one is not terms.false
        ]
        if node.type == t.CLAUSES:
            whole: Value = Subset((), ())
            for one, value in values:
                whole = self._united(whole, self.choice(one, value, Subset((), ())))
            return whole
        parts = [
            terms.branch(
                one, terms.strict(("(", 0, ",)"), (self.whole(value),), loose=True),
                terms.constant(()),
            )
            for one, value in values
        ]  # fmt: skip
        return self._spliced(parts)

    def _spliced(self, parts: list[Term]) -> Term:
        pieces: list[Piece] = ["("]
        for number in range(len(parts)):
            pieces += ["*(", number, "), "]
        return self.terms.strict((*pieces, ")"), tuple(parts), loose=True)

    def _count(self, of: ir.Expr, env: Env) -> Term:
        found = self._over(of, env)
        if isinstance(found, Subset):
            if not found.there:
                return self.terms.constant(0)
            pieces: list[Piece] = []
            for number in range(len(found.there)):
                pieces += [" + ", number] if number else [number]
            if len(pieces) == 1:
                return self._call("int", *found.there, integral=True)
            return self.terms.strict(tuple(pieces), found.there, SUM, loose=True, integral=True)
        return self._call("len", self._some(found), integral=True)

    def _fold(self, how: str, of: ir.Expr, type_: t.Type, env: Env) -> Value:
        found = self._over(of, env)
        listed = self.whole(found) if isinstance(found, Subset) else self._listed(found)
        if type_ == t.PERIOD:
            raise Unplain("a sum of periods")
        if how == "sum":
            integral = (
                isinstance(found, Loop)
                and isinstance(found.element, Term)
                and (found.element.integral)
            )
            total = self._call("sum", listed, integral=integral)
            return total if integral else self._call("exact", total)
        pieces = (f"{how}(", 0, ", default=None)")
        years = None
        if isinstance(found, Loop) and isinstance(found.element, Term):
            years = found.element.years
        return self.terms.strict(pieces, (listed,), maybe=True, years=years)

    def _list_from(self, items: list[Term], type_: t.Type) -> Value:
        terms = self.terms
        items = [item for item in items if item is not terms.none]
        texts = [item.value for item in items if item.constant and isinstance(item.value, str)]
        if type_ == t.CLAUSES:
            if len(texts) == len(items):
                of = tuple(c for c in self._clauses if c in texts)
                if len(of) == len({*texts}):
                    return Subset(of, (terms.true,) * len(of))
            return self._in_order(self._tuple(items), "ordered")
        if not items:
            return self.empty(type_)
        if isinstance(type_, t.ListOf) and texts and len(texts) == len(items):
            order = t.members_of(type_.item)
            if tuple(m for m in order if m in texts) == tuple(texts):
                return Subset(tuple(texts), (terms.true,) * len(texts))
        if len(items) == 1:
            one = terms.strict(("(", 0, ",)"), (items[0],), loose=True)
            return terms.branch(terms.present(items[0]), one, terms.constant(()))
        return self._call("listed", *items, loose=True)

    def _in_order(self, clauses: Term, how: str) -> Term:
        order = self.named(sequence(literal(clause) for clause in self._clauses))
        return self.terms.strict((f"{how}({order}, ", 0, ")"), (clauses,), loose=True)

    def _union(self, left: Value, right: Value, type_: t.Type) -> Value:
        if type_ == t.CLAUSES:
            return self._united(left, right)
        if isinstance(left, Subset) and not left.of:
            return right
        if isinstance(right, Subset) and not right.of:
            return left
        pieces = ("listed(*", 0, ", *", 1, ")")
        return self.terms.strict(pieces, (self.whole(left), self.whole(right)), loose=True)

    def _united(self, left: Value, right: Value) -> Value:
        if isinstance(left, Subset) and isinstance(right, Subset):
            both = self._aligned(left, right)
            if both is not None:
                of, pairs = both
                self.terms.force(b for _, b in pairs)
                return Subset(of, tuple(self.terms.any_of(pair) for pair in pairs))
        pieces = ("(*", 0, ", *", 1, ")")
        joined = self.terms.strict(pieces, (self.whole(left), self.whole(right)), loose=True)
        return self._in_order(joined, "ordered")

    def of_every(self, name: str, variable: int, condition: ir.Expr) -> Term:
        """Whether a condition holds for every item of a list fact."""
        loop = self._loop(self.fact_list(name), t.ListOf(t.Record(name)))
        return self._call(
            "all", self._listed(loop, self._within(condition, {}, variable, loop.element))
        )

    # --- the best

    def _best(self, node: ir.Best, env: Env) -> Term:
        found = self._over(node.of, env)
        if isinstance(found, Subset):
            return self._best_member(found, node, env)
        keys = [
            self._ranked(self._within(key.value, env, node.variable, found.element), key)
            for key in node.keys
        ]
        whole = found.element.whole if isinstance(found.element, Row) else found.element
        pairs = self._listed(found, self._tuple([self._tuple(keys), whole]))
        return self._call("best" if not node.last else "best_last", pairs, maybe=True)

    def _ranked(self, value: Term, key: ir.Key) -> Term:
        rank = t.rank_of(key.value.type)
        ranks = "None" if rank is None else self._dict(rank)
        how = self.named(f"ranker({key.highest!r}, {ranks})")
        return self._call(how, value, loose=True)

    def _best_member(self, of: Subset, node: ir.Best, env: Env) -> Term:
        """The best of some members; known beforehand where keys are among few constants."""
        terms = self.terms
        members = [
            (m, one) for m, one in zip(of.of, of.there, strict=True) if one is not terms.false
        ]
        if node.last:
            members.reverse()
        keyed = [
            (member, there, [
                self.term(key.value, {**env, node.variable: terms.constant(member)})
                for key in node.keys
            ])
            for member, there in members
        ]  # fmt: skip
        terms.force(of.there)
        candidates = self._candidates(keyed, node.keys)
        if candidates is None:
            return self._best_of_computed(keyed, node.keys)
        for _, _, values in keyed:
            terms.force(values)
        best: Term = terms.none
        for _, member, there in reversed(candidates):
            best = terms.branch(there, terms.constant(member), best)
        return best

    def _candidates(
        self, keyed: list[tuple[str, Term, list[Term]]], keys: tuple[ir.Key, ...]
    ) -> list[tuple[tuple[Any, ...], str, Term]] | None:
        """The members with all keys they can have, best first, and when they have these; None
        where a key is computed, or there are too many.
        """
        found: list[tuple[tuple[Any, ...], str, Term]] = []
        for member, there, values in keyed:
            some = self._ranks(values, keys)
            if some is None or len(found) + len(some) > _MOST_CANDIDATES:
                return None
            found += [
                (ranks, member, self.terms.all_of([there, condition])) for condition, ranks in some
            ]
        return sorted(found, key=lambda one: one[0], reverse=True)  # the first listed first

    def _best_of_computed(
        self, keyed: list[tuple[str, Term, list[Term]]], keys: tuple[ir.Key, ...]
    ) -> Term:
        terms, pairs = self.terms, []
        for member, there, values in keyed:
            ranks = [self._ranked(value, key) for value, key in zip(values, keys, strict=True)]
            pair = self._tuple([self._tuple(ranks), terms.constant(member)])
            one = terms.strict(("(", 0, ",)"), (pair,), loose=True)
            pairs.append(terms.branch(there, one, terms.constant(())))
        return self._call("best", self._spliced(pairs), maybe=True)

    def _ranks(
        self, values: list[Term], keys: tuple[ir.Key, ...]
    ) -> list[tuple[Term, tuple[Any, ...]]] | None:
        """When the keys of a member have which ranks, where each is one of some constants."""
        found: list[tuple[Term, tuple[Any, ...]]] = [(self.terms.true, ())]
        for value, key in zip(values, keys, strict=True):
            leaves = self._leaves(value, self.terms.true)
            if leaves is None or any(_rank(constant, key) is None for _, constant in leaves):
                return None
            found = [
                (self.terms.all_of([condition, more]), (*ranks, _rank(constant, key)))
                for condition, ranks in found
                for more, constant in leaves
            ]
        return found

    def _leaves(self, value: Term, condition: Term) -> list[tuple[Term, object]] | None:
        """The constants that a term can be, each with when; None where it is computed."""
        if value.constant:
            return [(condition, value.value)]
        if value.pieces != (0, " if ", 1, " else ", 2):
            return None
        terms, (then, when, otherwise) = self.terms, value.args
        one = self._leaves(then, terms.all_of([condition, when]))
        other = self._leaves(otherwise, terms.all_of([condition, terms.negation(when)]))
        return None if one is None or other is None else [*one, *other]


def _rank(value: object, key: ir.Key) -> Any:
    """What a constant is compared by, larger for better; None where that is neither a number nor a
    member.
    """
    sign = 1 if key.highest else -1
    rank = t.rank_of(key.value.type)
    if value is None:
        return -(10**30)
    if rank is not None:
        return sign * rank.get(_text(value), -1)
    return sign * value if isinstance(value, int | Fraction) else None


def _both_constant(one: Value, other: Value) -> bool:
    if isinstance(one, Term) and isinstance(other, Term):
        return one.constant and other.constant and one.value == other.value
    return one == other


def _as_subset(value: Value, other: Value) -> Value:
    """A value; an empty list beside some members is none of them."""
    empty = isinstance(value, Term) and value.constant and value.value == ()
    return Subset((), ()) if empty and isinstance(other, Subset) else value


def _may_differ(one: Case, other: Case) -> bool:
    """Whether two cases may hold at once with different values."""
    same = one[1] is other[1] or _both_constant(one[1], other[1])
    return not same and not exclusive(one[0], other[0])


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Unplain("a member that is no name")
    return value


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise Unplain("a period that is not whole")
    return value


def _shifted(years: Ends, months: Ends) -> Ends:
    """The years a date can be in so many months on, None where the calendar may end."""
    if years is None or months is None:
        return None
    first, last = years[0] + months[0] // 12, years[1] + months[1] // 12 + 1
    return (first, last) if FIRST_YEAR <= first and last <= LAST_YEAR else None


def _of_all(ends: list[Ends]) -> Ends:
    found = ends[0]
    for one in ends[1:]:
        found = either(found, one)
    return found


def _ends(op: str, one: Ends, other: Ends) -> Ends:
    """The least and the greatest that comes of two numbers."""
    if one is None or other is None:
        return None
    if op == "+":
        return one[0] + other[0], one[1] + other[1]
    if op == "-":
        return one[0] - other[1], one[1] - other[0]
    products = [a * b for a in one for b in other]
    return min(products), max(products)


def exclusive(one: Term, other: Term) -> bool:
    """Whether two conditions cannot both hold, as far as is plain to see."""
    return any(_contrary(a, b) for a in _parts(one) for b in _parts(other))


def _parts(term: Term) -> tuple[Term, ...]:
    if " and " not in term.pieces:
        return (term,)
    return tuple(part for one in term.args for part in _parts(one))


def _contrary(one: Term, other: Term) -> bool:
    if one.pieces == ("not ", 0) and one.args[0] is other:
        return True
    if other.pieces == ("not ", 0) and other.args[0] is one:
        return True
    if one.args != other.args[: len(one.args)] and one.args[:1] != other.args[:1]:
        return False
    if one.pieces == other.pieces == (0, " == ", 1):
        left, right = one.args[1], other.args[1]
        return left.constant and right.constant and left.value != right.value
    return _apart(one, other) or _apart(other, one)


def _apart(one: Term, other: Term) -> bool:
    """Whether one is below a bound that the other is at least, of one value."""
    if len(one.args) != 2 or len(other.args) != 2 or one.args[0] is not other.args[0]:
        return False
    below, above = one.pieces[1], other.pieces[1]
    limit, least = one.args[1], other.args[1]
    if (below == " < " and above == " >= ") or (below == " <= " and above == " > "):
        if limit is least:
            return True
        return _at_most(limit, least)
    if below == " <= " and above == " >= ":
        return limit is not least and _at_most(limit, least)
    if below == " == " and above == " != " and limit is least:
        return True
    return False


def _at_most(one: Term, other: Term) -> bool:
    if not (one.constant and other.constant) or type(one.value) is not type(other.value):
        return False
    return bool(one.value <= other.value)  # type: ignore[operator]
