"""Terms over the columns of a case: what a query computes for each row, each distinct term once.

Two-valued: a term is made for rows in which every fact it reads is known. NULL is none. Numbers are
whole; a fraction is a pair of terms (`symbols.Number`). Members of enumerations are their places,
from 0. Terms are interned: the same term is the same object, so what two rules share is computed
once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Literal

import attrs

from ..diagnostics.entry import Both

Kind = Literal["bool", "int", "text", "date", "list"]
Op = Literal[
    # leaves
    "const", "column", "item", "fault", "aggregate", "of_day", "key", "cell_of",
    # conditions
    "and", "or", "not", "eq", "same", "lt", "le", "present", "in",
    # choices
    "case", "code", "name", "cell",
    # whole numbers
    "add", "sub", "mul", "floordiv", "abs", "max", "min", "scaled",
    # days
    "add_months", "add_days", "year", "month", "months_between", "days_between", "years_completed",
    # lists of text
    "members", "listed",
]  # fmt: skip


@attrs.define(eq=False, repr=False)
class Term:
    """A value of every row. `value` is what the operation needs beside its arguments; `low` and
    `high` bound a whole number or, as ordinals, a date; `number` orders terms as they were made.
    A condition is NULL in SQL, where nobody asks for it, if one of `nulls` does not hold.
    """

    op: Op
    args: tuple[Term, ...]
    value: Any
    kind: Kind
    nullable: bool
    low: int | None
    high: int | None
    number: int
    nulls: frozenset[Term] = frozenset()

    def __repr__(self) -> str:
        return f"{self.op}#{self.number}"

    @property
    def is_const(self) -> bool:
        """Whether it is the same in every row."""
        return self.op == "const"

    @property
    def branches(self) -> list[tuple[Term, Term]]:
        """Of a choice, each condition with its value."""
        return list(zip(self.args[:-1:2], self.args[1:-1:2], strict=True))

    @property
    def otherwise(self) -> Term:
        """Of a choice, the value where no condition holds."""
        return self.args[-1]

    @property
    def outcomes(self) -> tuple[Term, ...]:
        """Of a choice, all that it chooses among."""
        return (*self.args[1:-1:2], self.args[-1])


class OutOfReach(Exception):
    """A number or a day that a column of the query could not hold."""

    text = Both("数值或日期可能超出范围", "a number or a date that may be out of range")


_STRICT = frozenset({  # of none they make none, of anything else something
    "code", "name", "cell", "add", "sub", "mul", "abs", "max", "min", "scaled", "add_months",
    "add_days", "year", "month", "months_between", "days_between", "years_completed",
})  # fmt: skip
_FEW = 3  # branches of a choice that is written out where it is asked about
FACT_LIMIT = 10**15  # a number beyond it is decided outside the query
_WIDEST = 10**36


class Terms:
    """Makes terms, simplified and each once."""

    def __init__(self) -> None:
        self._known: dict[Any, Term] = {}
        self.true = self.const(True, "bool")
        self.false = self.const(False, "bool")

    # --- leaves

    def const(self, value: Any, kind: Kind) -> Term:
        """A constant; None is none of that kind."""
        low = value if kind == "int" else value.toordinal() if isinstance(value, date) else None
        return self._make("const", (), value, kind, value is None, low, low)

    def none(self, kind: Kind) -> Term:
        """None, of a kind."""
        return self.const(None, kind)

    def integer(self, value: int) -> Term:
        """A whole number."""
        return self.const(value, "int")

    def leaf(
        self, op: Op, value: Any, kind: Kind, nullable: bool, low: Any = None, high: Any = None
    ) -> Term:
        """A column of the cases or of a list."""
        return self._make(op, (), value, kind, nullable, low, high)

    # --- conditions

    def all(self, *items: Term) -> Term:
        """且: true where every item is."""
        return self._junction("and", items, self.true, self.false)

    def any(self, *items: Term) -> Term:
        """或: true where an item is."""
        return self._junction("or", items, self.false, self.true)

    def _junction(
        self, op: Literal["and", "or"], items: tuple[Term, ...], idle: Term, deciding: Term
    ) -> Term:
        parts: dict[Term, None] = {}
        for part in items:
            if part is deciding or self.opposite(part) in parts:
                return deciding
            if part is not idle:
                parts[part] = None
        if op == "or":
            parts = self._same_text(parts)
        if len(parts) < 2:
            return next(iter(parts), idle)
        # not flattened: a condition that has a name of its own stays one term
        guards = set(parts) if op == "and" else {self.opposite(part) for part in parts}
        held = {g for guard in guards for g in self._all_of(guard)}
        nulls = frozenset(n for part in parts for n in part.nulls if n not in held)
        return self._condition(op, tuple(parts), None, nulls)

    def _same_text(self, parts: dict[Term, None]) -> dict[Term, None]:
        """Several constants that one value may be, as one question."""
        values: dict[Term, list[Any]] = {}
        for part in parts:
            if _asks_constants(part):
                values.setdefault(part.args[0], []).extend(_constants(part))
        found: dict[Term, None] = {}
        for part in parts:
            if _asks_constants(part) and len(values[part.args[0]]) > 1:
                part = self.one_of(part.args[0], tuple(values[part.args[0]]))
            found[part] = None
        return found

    def _all_of(self, condition: Term) -> Iterator[Term]:
        """Conditions that hold where one holds."""
        yield condition
        if condition.op == "and":
            for part in condition.args:
                yield from self._all_of(part)

    def _condition(
        self, op: Op, args: tuple[Term, ...], value: Any, nulls: frozenset[Term]
    ) -> Term:
        found = self._make(op, args, value, "bool", bool(nulls))
        found.nulls = nulls
        return found

    def opposite(self, of: Term) -> Term:
        """非."""
        if of is self.true:
            return self.false
        if of is self.false:
            return self.true
        return of.args[0] if of.op == "not" else self._condition("not", (of,), None, of.nulls)

    def equal(self, left: Term, right: Term) -> Term:
        """Whether two values are the same; none is the same as none."""
        if left is right:
            return self.true
        if left.is_const and right.is_const:
            return self.const(left.value == right.value, "bool")
        if left.is_const:
            left, right = right, left
        if right.is_const and right.value is None:
            return self.opposite(self.present(left))
        if left.kind == "bool" and right.is_const and not left.nullable:
            return left if right.value else self.opposite(left)
        if right.is_const and left.op == "code":
            return self.one_of(left, (right.value,))
        if right.is_const and left.op == "case":
            return self._equal_case(left, right)
        if left.nullable or right.nullable:
            return self._make("same", (left, right), None, "bool", False)
        if _apart(left, right):
            return self.false
        return self._make("eq", (left, right), None, "bool", False)

    def _equal_case(self, case: Term, right: Term) -> Term:
        """A choice among few constants is equal to one of them under conditions."""
        if len(case.outcomes) > _FEW or not all(value.is_const for value in case.outcomes):
            return self._make("same" if case.nullable else "eq", (case, right), None, "bool", False)
        return self._of_each(case, lambda value: self.equal(value, right))

    def _of_each(self, case: Term, what: Callable[[Term], Term]) -> Term:
        """The same choice of what becomes of each of its values."""
        return self.choose([(c, what(value)) for c, value in case.branches], what(case.otherwise))

    def less(self, left: Term, right: Term, *, or_equal: bool = False) -> Term:
        """< or <= of whole numbers or days."""
        known = self._known_order(left, right, or_equal)
        if known is not None:
            return known
        if left.op == "add" and left.args[1].is_const and right.is_const:
            moved = self.subtract(right, left.args[1])
            return self.less(left.args[0], moved, or_equal=or_equal)
        if right.op == "add" and right.args[1].is_const and left.is_const:
            moved = self.subtract(left, right.args[1])
            return self.less(moved, right.args[0], or_equal=or_equal)
        if _is_count(left) and right.is_const and right.value == (0 if or_equal else 1):
            return self.opposite(self._counted(left))
        if _is_count(right) and left.is_const and left.value == (1 if or_equal else 0):
            return self._counted(right)
        nulls = frozenset(self.present(side) for side in (left, right) if side.nullable)
        return self._condition("le" if or_equal else "lt", (left, right), None, nulls)

    def _known_order(self, left: Term, right: Term, or_equal: bool) -> Term | None:
        """The order of two numbers or days where their bounds say it."""
        if left is right:
            return self.const(or_equal, "bool")
        if left.nullable or right.nullable:
            return None
        if left.high is not None and right.low is not None:
            if left.high < right.low or (or_equal and left.high == right.low):
                return self.true
        if left.low is not None and right.high is not None:
            if left.low > right.high or (not or_equal and left.low == right.high):
                return self.false
        return None

    def _counted(self, count: Term) -> Term:
        """Whether something is counted at all."""
        list_name, _ = count.value
        return self.aggregate((list_name, "any"), count.args, "bool", False, None, None)

    def present(self, of: Term) -> Term:
        """有: whether a value is not none."""
        if of.is_const:
            return self.const(of.value is not None, "bool")
        if not of.nullable:
            return self.true
        if of.op == "case" and len(of.args) < 2 * _FEW:
            if all(self.present(value).is_const for value in of.outcomes):
                return self._of_each(of, self.present)
        if _is_strict(of):
            return self.all(*(self.present(part) for part in of.args))
        return self._make("present", (of,), None, "bool", False)

    def one_of(self, of: Term, values: tuple[Any, ...]) -> Term:
        """Whether a value is among constants. None is among none."""
        if not values:
            return self.false
        if of.is_const:
            return self.const(of.value in values, "bool")
        if of.op == "code":
            return self.one_of(of.args[0], tuple(n for n, c in of.value if c in values))
        if len(values) == 1:
            return self.equal(of, self.const(values[0], of.kind))
        in_order = tuple(sorted(dict.fromkeys(values)))
        return self._make("in", (of,), in_order, "bool", False)

    # --- choices

    def choose(self, pairs: list[tuple[Term, Term]], otherwise: Term) -> Term:
        """The value of the first condition that holds."""
        kept: list[tuple[Term, Term]] = []
        for condition, value in pairs:
            if condition is self.false:
                continue
            if condition is self.true:
                otherwise = value
                break
            if kept and kept[-1][1] is value:
                kept[-1] = (self.any(kept[-1][0], condition), value)
            else:
                kept.append((condition, value))
        while kept and kept[-1][1] is otherwise:
            kept.pop()
        if not kept:
            return otherwise
        if otherwise.kind == "bool":
            found = self._boolean_choice(kept, otherwise)
            if found is not None:
                return found
        condition, value = kept[0]
        if len(kept) == 1 and otherwise.is_const and otherwise.value is None:
            if _is_strict(value) and self.present(value) is condition:
                return value  # none where the condition does not hold, without being told
        return self._case(kept, otherwise)

    def _case(self, pairs: list[tuple[Term, Term]], otherwise: Term) -> Term:
        values = [*(value for _, value in pairs), otherwise]
        known = [v for v in values if not (v.is_const and v.value is None)] or values
        args = (*(term for pair in pairs for term in pair), otherwise)
        nulls = self._nulls_of_choice(pairs, otherwise)
        low, high = _span(known)
        found = self._make("case", args, None, known[0].kind, bool(nulls), low, high)
        found.nulls = nulls if found.kind == "bool" else frozenset()
        return found

    def _nulls_of_choice(self, pairs: list[tuple[Term, Term]], otherwise: Term) -> frozenset[Term]:
        """Conditions without which a choice is none."""
        found: set[Term] = set()
        failed: set[Term] = set()
        for condition, value in pairs:
            held = {*self._all_of(condition), *failed}
            found |= condition.nulls | (self._needs(value) - held)
            failed |= set(self._all_of(self.opposite(condition)))
        return frozenset(found | (self._needs(otherwise) - failed))

    def _needs(self, value: Term) -> frozenset[Term]:
        if value.kind == "bool":
            return value.nulls or (frozenset([self.false]) if value.nullable else frozenset())
        return frozenset([self.present(value)]) if value.nullable else frozenset()

    def _boolean_choice(self, pairs: list[tuple[Term, Term]], otherwise: Term) -> Term | None:
        """A choice between conditions as 且 and 或, where each pair has a constant."""
        found = otherwise
        for condition, value in reversed(pairs):
            if value is self.true:
                found = self.any(condition, found)
            elif value is self.false:
                found = self.all(self.opposite(condition), found)
            elif found is self.false:
                found = self.all(condition, value)
            elif found is self.true:
                found = self.any(self.opposite(condition), value)
            else:
                return None
        return found

    def code(self, of: Term, codes: tuple[tuple[str, int], ...]) -> Term:
        """The number of a text, none of another text and of none."""
        if of.is_const:
            return self.const(dict(codes).get(of.value), "int")
        numbers = [code for _, code in codes]
        return self._make("code", (of,), codes, "int", of.nullable, min(numbers), max(numbers))

    def name(self, of: Term, names: tuple[str, ...]) -> Term:
        """The text at a place."""
        if of.is_const:
            return self.const(None if of.value is None else names[of.value], "text")
        if of.op == "code" and [(n, i) for i, n in enumerate(names)] == list(of.value):
            return of.args[0]
        if of.op == "case" and all(v.is_const or v.op == "code" for v in of.outcomes):
            return self._of_each(of, lambda value: self.name(value, names))
        return self._make("name", (of,), names, "text", of.nullable)

    def cell(self, at: Term, cells: tuple[Any, ...], kind: Kind = "int") -> Term:
        """The constant at a place of a list."""
        if at.is_const:
            return self.const(None if at.value is None else cells[at.value], kind)
        known = [c for c in cells if c is not None]
        low, high = (min(known), max(known)) if kind == "int" and known else (None, None)
        nullable = at.nullable or len(known) < len(cells)
        return self._make("cell", (at,), cells, kind, nullable, low, high)

    # --- whole numbers

    def add(self, left: Term, right: Term) -> Term:
        """The sum."""
        if left.is_const and right.is_const:
            return self._constant(left, right, lambda a, b: a + b)
        if left.is_const:
            left, right = right, left
        if right.is_const and right.value == 0:
            return left
        return self._whole("add", left, right, _sums(left, right))

    def subtract(self, left: Term, right: Term) -> Term:
        """The difference."""
        if left.is_const and right.is_const:
            return self._constant(left, right, lambda a, b: a - b)
        if right.is_const and right.value == 0:
            return left
        if left is right and not left.nullable:
            return self.integer(0)
        return self._whole("sub", left, right, _differences(left, right))

    def multiply(self, left: Term, right: Term) -> Term:
        """The product."""
        if left.is_const and right.is_const:
            return self._constant(left, right, lambda a, b: a * b)
        if left.is_const:
            left, right = right, left
        if right.is_const and right.value == 1:
            return left
        if right.is_const and right.value == 0 and not left.nullable:
            return right
        return self._whole("mul", left, right, _products(left, right))

    def floor_divide(self, left: Term, right: Term) -> Term:
        """The quotient rounded down; the divisor is positive."""
        if left.is_const and right.is_const:
            return self._constant(left, right, lambda a, b: a // b)
        if right.is_const and right.value == 1:
            return left
        if left.low is None or left.high is None:
            raise OutOfReach
        divisor = max(right.low or 1, 1)
        low, high = min(left.low // divisor, left.low), max(left.high // divisor, 0)
        return self._whole("floordiv", left, right, (min(low, 0) if left.low < 0 else 0, high))

    def absolute(self, of: Term) -> Term:
        """The absolute value."""
        if of.is_const:
            return of if of.value is None else self.integer(abs(of.value))
        if of.low is not None and of.low >= 0:
            return of
        if of.low is None or of.high is None:
            raise OutOfReach
        return self._make("abs", (of,), None, "int", of.nullable, 0, max(-of.low, of.high))

    def extreme(self, how: Literal["max", "min"], left: Term, right: Term) -> Term:
        """The larger or the smaller of two numbers or days."""
        pick = max if how == "max" else min
        if left.is_const and right.is_const and None not in (left.value, right.value):
            return self.const(pick(left.value, right.value), left.kind)
        if left is right:
            return left
        low = None if left.low is None or right.low is None else pick(left.low, right.low)
        high = None if left.high is None or right.high is None else pick(left.high, right.high)
        return self._make(
            how, (left, right), None, left.kind, left.nullable or right.nullable, low, high
        )

    def scaled(self, column: Term, factor: int) -> Term:
        """A decimal column as a whole number of its smallest parts."""
        return self._make(
            "scaled", (column,), factor, "int", column.nullable, -FACT_LIMIT, FACT_LIMIT
        )

    def _constant(self, left: Term, right: Term, how: Any) -> Term:
        if left.value is None or right.value is None:
            return self.none("int")
        return self.integer(how(left.value, right.value))

    def _whole(self, op: Op, left: Term, right: Term, bounds: tuple[int, int]) -> Term:
        if max(-bounds[0], bounds[1]) > _WIDEST:
            raise OutOfReach
        return self._make(op, (left, right), None, "int", left.nullable or right.nullable, *bounds)

    # --- days

    def add_months(self, day: Term, months: Term, overflow_next: bool) -> Term:
        """The corresponding day so many months on, as `values.corresponding_day`."""
        if months.is_const and months.value == 0:
            return day
        low, high = _reach(day, months, 32)
        return self._make(
            "add_months",
            (day, months),
            overflow_next,
            "date",
            day.nullable or months.nullable,
            low,
            high,
        )

    def add_days(self, day: Term, days: Term) -> Term:
        """The day so many days on."""
        if days.is_const and days.value == 0:
            return day
        low, high = _reach(day, days, 1)
        return self._make(
            "add_days", (day, days), None, "date", day.nullable or days.nullable, low, high
        )

    def of_days(self, op: Op, *days: Term) -> Term:
        """A whole number that depends on days: a year, the months between two."""
        bounds = [_bounded(day) for day in days]
        nullable = any(day.nullable for day in days)
        return self._make(op, days, None, "int", nullable, *_NUMBERS_OF_DAYS[op](*bounds))

    # --- lists of text

    def members(self, names: tuple[str, ...], conditions: tuple[Term, ...]) -> Term:
        """The names whose conditions hold, in order."""
        kept = [(n, c) for n, c in zip(names, conditions, strict=True) if c is not self.false]
        if all(c is self.true for _, c in kept):
            return self.const(tuple(n for n, _ in kept), "list")
        return self._make(
            "members", tuple(c for _, c in kept), tuple(n for n, _ in kept), "list", False
        )

    def listed(self, *items: Term) -> Term:
        """列出: the texts that are not none, each once, in order."""
        kept = tuple(dict.fromkeys(i for i in items if not (i.is_const and i.value is None)))
        if all(i.is_const for i in kept):
            return self.const(tuple(i.value for i in kept), "list")
        return self._make("listed", kept, None, "list", False)

    # --- making

    def aggregate(
        self,
        how: Any,
        args: tuple[Term, ...],
        kind: Kind,
        nullable: bool,
        low: int | None,
        high: int | None,
    ) -> Term:
        """A value of all rows of a list that belong to the case."""
        return self._make("aggregate", args, how, kind, nullable, low, high)

    def of_day(self, day: Term, value: Term) -> Term:
        """A value of a day, found in the calendar: `value` reads the column 日."""
        nullable = day.nullable or value.nullable
        return self._make("of_day", (day,), value, value.kind, nullable, value.low, value.high)

    def key(self, conditions: tuple[Term, ...]) -> Term:
        """Conditions as the bits of a whole number."""
        return self._make("key", conditions, None, "int", False, 0, 2 ** len(conditions) - 1)

    def looked_up(self, key: Term, table: int, column: int, like: Term) -> Term:
        """A column of a look-up table at a key, instead of the term it was made for."""
        return self._make(
            "cell_of", (key,), (table, column), like.kind, like.nullable, like.low, like.high
        )

    def rebuild(self, term: Term, args: tuple[Term, ...]) -> Term:
        """The term with other arguments that have the same values."""
        found = self._make(term.op, args, term.value, term.kind, term.nullable, term.low, term.high)
        found.nulls = term.nulls
        return found

    def with_arguments(self, term: Term, args: tuple[Term, ...]) -> Term:
        """The term with other arguments, simplified."""
        return _REBUILD[term.op](self, term, args) if args != term.args else term

    def _make(
        self, op: Op, args: tuple[Term, ...], value: Any, kind: Kind, nullable: bool,
        low: int | None = None, high: int | None = None,
    ) -> Term:  # fmt: skip
        what = value.number if isinstance(value, Term) else value
        key = (op, tuple(a.number for a in args), value.__class__, what, kind)
        found = self._known.get(key)
        if found is None:
            number = len(self._known)
            found = Term(op, args, value, kind, nullable, low, high, number)
            self._known[key] = found
            if kind == "bool" and nullable and not args:
                found.nulls = frozenset([self.present(found)])
        return found


def _is_strict(term: Term) -> bool:
    """Whether a term is none exactly where one of its arguments is."""
    if term.op == "floordiv":
        return term.args[1].is_const
    return term.op in _STRICT and not (term.op == "cell" and None in term.value)


def _is_count(term: Term) -> bool:
    return term.op == "aggregate" and term.value[1] == "count"


def _span(values: list[Term]) -> tuple[int | None, int | None]:
    """Bounds that hold for all of several values."""
    lows = [v.low for v in values if v.low is not None]
    highs = [v.high for v in values if v.high is not None]
    if len(lows) < len(values) or len(highs) < len(values):
        return None, None
    return min(lows), max(highs)


def _asks_constants(part: Term) -> bool:
    """Whether a condition asks if a text is one of some constants."""
    if part.op == "in":
        return True
    return part.op == "eq" and part.args[1].is_const and part.args[0].kind == "text"


def _constants(part: Term) -> tuple[Any, ...]:
    found: tuple[Any, ...] = part.value if part.op == "in" else (part.args[1].value,)
    return found


def _apart(left: Term, right: Term) -> bool:
    """Whether two values can never be the same by their bounds."""
    if left.low is None or right.high is None or left.high is None or right.low is None:
        return False
    return left.low > right.high or left.high < right.low


def _bounded(term: Term) -> tuple[int, int]:
    if term.low is None or term.high is None:
        raise OutOfReach
    return term.low, term.high


def _sums(left: Term, right: Term) -> tuple[int, int]:
    (a, b), (c, d) = _bounded(left), _bounded(right)
    return a + c, b + d


def _differences(left: Term, right: Term) -> tuple[int, int]:
    (a, b), (c, d) = _bounded(left), _bounded(right)
    return a - d, b - c


def _products(left: Term, right: Term) -> tuple[int, int]:
    (a, b), (c, d) = _bounded(left), _bounded(right)
    corners = (a * c, a * d, b * c, b * d)
    return min(corners), max(corners)


def _years(days: tuple[int, int]) -> tuple[int, int]:
    return date.fromordinal(days[0]).year, date.fromordinal(days[1]).year


def _apart_in_days(start: tuple[int, int], end: tuple[int, int]) -> tuple[int, int]:
    return end[0] - start[1], end[1] - start[0]


def _apart_in_years(start: tuple[int, int], end: tuple[int, int]) -> tuple[int, int]:
    low, high = _apart_in_days(start, end)
    return low // 365 - 1, high // 365 + 1


def _apart_in_months(start: tuple[int, int], end: tuple[int, int]) -> tuple[int, int]:
    low, high = _apart_in_days(start, end)
    return low // 28 - 1, high // 28 + 1


_NUMBERS_OF_DAYS: dict[str, Any] = {
    "year": _years,
    "month": lambda _: (1, 12),
    "months_between": _apart_in_months,
    "days_between": _apart_in_days,
    "years_completed": _apart_in_years,
}


def _reach(day: Term, steps: Term, width: int) -> tuple[int, int]:
    """The first and last day that can be reached. Raises `OutOfReach` beyond the calendar."""
    (first, last), (least, most) = _bounded(day), _bounded(steps)
    low, high = first + min(least * width, 0) - 1, last + max(most * width, 0) + 1
    if low < date.min.toordinal() or high > date.max.toordinal():
        raise OutOfReach
    return low, high


_REBUILD: dict[str, Callable[[Terms, Term, tuple[Term, ...]], Term]] = {
    "and": lambda terms, _, args: terms.all(*args),
    "or": lambda terms, _, args: terms.any(*args),
    "not": lambda terms, _, args: terms.opposite(*args),
    "eq": lambda terms, _, args: terms.equal(*args),
    "same": lambda terms, _, args: terms.equal(*args),
    "lt": lambda terms, _, args: terms.less(*args),
    "le": lambda terms, _, args: terms.less(*args, or_equal=True),
    "present": lambda terms, _, args: terms.present(*args),
    "in": lambda terms, of, args: terms.one_of(args[0], of.value),
    "case": lambda terms, _, args: terms.choose(
        list(zip(args[:-1:2], args[1:-1:2], strict=True)), args[-1]
    ),
    "code": lambda terms, of, args: terms.code(args[0], of.value),
    "name": lambda terms, of, args: terms.name(args[0], of.value),
    "cell": lambda terms, of, args: terms.cell(args[0], of.value, of.kind),
    "add": lambda terms, _, args: terms.add(*args),
    "sub": lambda terms, _, args: terms.subtract(*args),
    "mul": lambda terms, _, args: terms.multiply(*args),
    "floordiv": lambda terms, _, args: terms.floor_divide(*args),
    "abs": lambda terms, _, args: terms.absolute(*args),
    "max": lambda terms, _, args: terms.extreme("max", *args),
    "min": lambda terms, _, args: terms.extreme("min", *args),
    "scaled": lambda terms, of, args: terms.scaled(args[0], of.value),
    "add_months": lambda terms, of, args: terms.add_months(args[0], args[1], of.value),
    "add_days": lambda terms, _, args: terms.add_days(*args),
    **{
        op: lambda terms, of, args: terms.of_days(of.op, *args)
        for op in ("year", "month", "months_between", "days_between", "years_completed")
    },
    "members": lambda terms, of, args: terms.members(of.value, args),
    "listed": lambda terms, _, args: terms.listed(*args),
}
