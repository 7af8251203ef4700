"""Values of all cases at once, chosen between and compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from ..ir import types as t
from ..ir.values import Period
from . import terms
from .diagram import Diagram, Diagrams
from .symbolic import UNASKED, VOID, Entries, Items, Mapped, Symbolic, Unclear
from .terms import Counted, OneOf, Op, Order, SameText, Several, is_term


class Comparing:
    """Chooses between values and compares them. `clause_order`: where clauses stand in the law."""

    def __init__(
        self, into: Diagrams, clause_order: Mapping[str, tuple[tuple[int, int], ...]]
    ) -> None:
        self.d = into
        self._clause_order = clause_order

    def or_(self, one: Diagram, other: Diagram) -> Diagram:
        """Both are looked at: what stops in either stops."""
        return self.d.map2("or", self._leaf_or, one, other)

    def _leaf_or(self, one: Any, other: Any) -> Diagram:
        return self.d.leaf(one or other)

    def _leaf_and(self, one: Any, other: Any) -> Diagram:
        return self.d.leaf(one and other)

    def nothing(self, type_: t.Type) -> Symbolic:
        return Entries(()) if isinstance(type_, t.ListOf) or type_ == t.CLAUSES else self.none()

    def none(self) -> Diagram:
        return self.d.leaf(None)

    def choose(self, condition: Diagram, then: Symbolic, otherwise: Symbolic) -> Symbolic:
        """`then` where a condition holds, `otherwise` where not."""
        if then is UNASKED or otherwise is UNASKED:
            return otherwise if then is UNASKED else then
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
        then, otherwise = self.entries(then), self.entries(otherwise)
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

    def entries(self, value: Symbolic) -> Entries | None:
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
        if value is UNASKED:
            return self.d.leaf(VOID)
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
        first, second = self.entries(one), self.entries(other)
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
            return self.several(left, _ceiling(right))
        if isinstance(right, Counted) and not is_term(left):
            return self.d.negate(self.several(right, _floor(left) + 1))
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

    def several(self, counted: Counted, least: int) -> Diagram:
        if least <= 0:
            return self.d.true
        return (
            self.d.false
            if counted.condition == self.d.false
            else self.ask(Several(counted.list_name, counted.condition, least))
        )

    def clauses(self, found: dict[str, Diagram]) -> Entries:
        order = self._clause_order
        names = sorted(found, key=lambda c: (order.get(c, ((98, 0),)), c))
        return Entries(tuple((name, found[name]) for name in names))

    def ordered(self, op: str, one: Any, other: Any, enum: t.Enum | None) -> Diagram:
        if one is None or other is None:
            return self.d.leaf(VOID)
        if enum is not None:
            if one == other:
                return self.d.leaf(op in (">=", "<="))
            one, other = enum.rank.get(one), enum.rank.get(other)
            if one is None or other is None:
                return self.d.false
        if is_period(one) or is_period(other):
            if is_term(one) or is_term(other):
                return self.d.leaf(Unclear("比较期间", (op, one, other)))
        if op == ">=":
            return self.at_least(one, other)
        if op == "<=":
            return self.at_least(other, one)
        less = self.at_least(one, other) if op == "<" else self.at_least(other, one)
        return self.d.negate(less)

    def unclear(self, why: str, *key: Any) -> Diagram:
        return self.d.leaf(Unclear(why, key))


_LATEST = ("较晚者", "较大者")
_EXTREMES = (*_LATEST, "较早者", "较小者")


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


def is_period(value: Any) -> bool:
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


def is_whole(value: Any) -> bool:
    return value.kind in ("integer", "date") if is_term(value) else not _fraction(value)


def _ceiling(value: Any) -> int:
    return int(-(-Fraction(value) // 1))


def _floor(value: Any) -> int:
    return int(Fraction(value) // 1)
