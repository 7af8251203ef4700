"""Values that depend on dates, numbers and texts: what they are made of, and their bounds.

A term is a constant or is made of facts that are dates, numbers or texts. An atom is a question
about terms that is answered yes or no in every case; diagrams choose by atoms.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any, Literal

import attrs

from ..ir.operations import FUNCTIONS, arithmetic
from ..ir.values import (
    FIRST_DATE,
    LAST_DATE,
    DateOutOfRange,
    Exact,
    Period,
    add_period,
    corresponding_day,
    exact,
)

Kind = Literal["date", "integer", "number", "text", "period"]


@attrs.frozen(cache_hash=True)
class Fact:
    """A fact of the case, or a field of an item (清单[].字段; with a number, of one item)."""

    path: str
    kind: Kind


@attrs.frozen(cache_hash=True)
class Op:
    """An operation on terms: + - × ÷, `add` (起满), or a function of keywords.toml."""

    name: str
    arguments: tuple[Any, ...]
    kind: Kind


@attrs.frozen(cache_hash=True)
class Counted:
    """How many items of a list meet a condition, which is a diagram over an item's fields."""

    list_name: str
    condition: int

    @property
    def kind(self) -> Kind:
        """What it counts like."""
        return "integer"


@attrs.frozen(cache_hash=True)
class Folded:
    """The sum or an extreme of a value of the items of a list that meet a condition."""

    how: str
    list_name: str
    condition: int
    value: int
    kind: Kind
    least: Any  # what it can be at all, as a number
    most: Any


Term = Fact | Op | Counted | Folded


@attrs.frozen(cache_hash=True)
class Order:
    """Whether one term is at least another; one of them may be a constant."""

    left: Any
    right: Any


@attrs.frozen(cache_hash=True)
class OneOf:
    """Whether a text is one of some constants."""

    term: Fact
    texts: frozenset[str]


@attrs.frozen(cache_hash=True)
class SameText:
    """Whether two texts are the same."""

    left: Fact
    right: Fact


@attrs.frozen(cache_hash=True)
class NoDay:
    """Whether a date has no corresponding day so many months on (民法典第二百零二条)."""

    term: Any
    months: int


@attrs.frozen(cache_hash=True)
class Several:
    """Whether at least so many items of a list meet a condition."""

    list_name: str
    condition: int
    count: int


Atom = Order | OneOf | SameText | NoDay | Several

FAR = 10**40
_DAYS = (FIRST_DATE.toordinal(), LAST_DATE.toordinal())
DOMAIN: dict[Kind, tuple[Any, Any]] = {
    "date": _DAYS, "integer": (0, FAR), "number": (0, FAR),
}  # fmt: skip
Box = Mapping[Any, tuple[Any, Any]]


def is_term(value: Any) -> bool:
    """Whether a value depends on facts."""
    return isinstance(value, Fact | Op | Counted | Folded)


def facts_of(part: Any) -> Iterator[Any]:
    """The facts, counts and sums that a term or an atom is about."""
    match part:
        case Fact() | Counted() | Folded():
            yield part
        case Op(_, arguments):
            for one in arguments:
                yield from facts_of(one)
        case Order(left, right) | SameText(left, right):
            yield from facts_of(left)
            yield from facts_of(right)
        case OneOf(term) | NoDay(term):
            yield from facts_of(term)


_FLOOR = 1 << 39  # rungs are counted from here, so that what is below 0 has one too


def rung(atom: Atom) -> tuple[Any, int] | None:
    """The ladder of questions that an atom is one of, and its height: a yes means yes to all below.

    甲 ≥ 5 says 甲 ≥ 3; 甲 ≥ 乙 起满 6个月 says 甲 ≥ 乙 起满 3个月.
    """
    match atom:
        case Several(list_name, condition, count):
            return (list_name, condition), _FLOOR + count
        case Order(left, right) if is_term(left) and isinstance(number(right), int):
            return left, _FLOOR + number(right)
        case Order(left, Op("add", (day, Period(months, 0)))):
            return ("since", left, day), _FLOOR + months
        case Order(Op("add", (day, Period(months, 0))), right):
            return ("until", day, right), _FLOOR - months
        case _:
            return None


def evaluate(term: Any, given: Mapping[Any, Any]) -> Any:
    """The value of a term where its facts are given. Raises as `operations` do."""
    if not isinstance(term, Op):
        return given[term] if is_term(term) else term
    values = [evaluate(one, given) for one in term.arguments]
    return apply(term.name, values)


def apply(name: str, values: list[Any]) -> Any:
    """An operation on known values."""
    if name == "add":
        return add_period(values[0], values[1])
    if name in ("+", "-", "×", "÷"):
        return arithmetic(name, values[0], values[1])
    return FUNCTIONS[name](*values)


def holds(atom: Atom, given: Mapping[Any, Any]) -> bool:
    """The answer to an atom that is not about a list, where its facts are given."""
    match atom:
        case Order(left, right):
            return bool(evaluate(left, given) >= evaluate(right, given))
        case OneOf(term, texts):
            return evaluate(term, given) in texts
        case SameText(left, right):
            return bool(evaluate(left, given) == evaluate(right, given))
        case NoDay(term, months):
            return no_day(evaluate(term, given), months)
        case Several():
            raise TypeError(atom)


def no_day(start: date, months: int) -> bool:
    """Whether the month so many months on lacks the number of a day."""
    return corresponding_day(start, months).day != start.day


# --- bounds


def number(value: Any) -> Any:
    """A constant as a number to bound by: of a date its ordinal."""
    return value.toordinal() if isinstance(value, date) else value


_RISING: dict[str, tuple[int, ...]] = {
    "+": (1, 1), "-": (1, -1), "add": (1, 1), "月份差": (-1, 1), "日数差": (-1, 1), "周岁": (-1, 1),
}  # fmt: skip


def bounds(term: Any, box: Box) -> tuple[Any, Any]:
    """The least and the greatest a term can be where its facts are in a box; of dates ordinals."""
    if not is_term(term):
        one = number(term)
        return one, one
    if not isinstance(term, Op):
        found = box.get(term)
        return found if found is not None else domain(term)
    facts = _facts_once(term)
    return _bounds(term, tuple([box.get(fact) or domain(fact) for fact in facts]))


def domain(fact: Any) -> tuple[Any, Any]:
    """All that a fact, a count or a sum can be."""
    return (fact.least, fact.most) if isinstance(fact, Folded) else DOMAIN[fact.kind]


@cache
def _facts_once(term: Op) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(facts_of(term)))


@lru_cache(maxsize=1 << 17)
def _bounds(term: Op, ranges: tuple[tuple[Any, Any], ...]) -> tuple[Any, Any]:
    """The bounds of an operation where each of its facts lies in a range."""
    box = dict(zip(_facts_once(term), ranges, strict=True))
    if term.name == "×":
        return _product(bounds(term.arguments[0], box), bounds(term.arguments[1], box))
    if term.name == "÷":
        return _quotient(bounds(term.arguments[0], box), bounds(term.arguments[1], box))
    if term.name == "月份":
        return _months(*bounds(term.arguments[0], box))
    ends: tuple[list[Any], list[Any]] = ([], [])
    signs = _RISING.get(term.name, (1,) * len(term.arguments))
    for argument, sign in zip(term.arguments, signs, strict=True):
        low, high = _ends(argument, box)
        ends[0].append(low if sign > 0 else high)
        ends[1].append(high if sign > 0 else low)
    low, high = (_at_end(term, values, end) for values, end in zip(ends, (-1, 1), strict=True))
    return low, high


def rises(term: Any, fact: Any) -> bool:
    """Whether a term, all else as it is, never falls as a fact rises, as far as its form shows."""
    return _direction(term, fact) in (0, 1)


def _direction(term: Any, fact: Any) -> int | None:
    """1: rises, -1: falls, 0: does not depend on the fact, None: it does not show."""
    if not is_term(term) or term == fact:
        return int(is_term(term))
    if not isinstance(term, Op):
        return 0 if isinstance(term, Fact) else None
    if term.name in ("×", "÷"):
        return _scaled(term, fact)
    if term.name == "月份":
        return None if any(one == fact for one in facts_of(term)) else 0
    signs = _RISING.get(term.name, (1,) * len(term.arguments))
    parts = [_direction(part, fact) for part in term.arguments]
    if None in parts:
        return None
    found = {sign * (part or 0) for sign, part in zip(signs, parts, strict=True)} - {0}
    return None if len(found) > 1 else found.pop() if found else 0


def _scaled(term: Op, fact: Any) -> int | None:
    """Of a product or quotient with a constant above zero: as the other part."""
    left, right = term.arguments
    if not is_term(right) and _above_zero(right):
        return _direction(left, fact)
    if term.name == "×" and not is_term(left) and _above_zero(left):
        return _direction(right, fact)
    return None if any(one == fact for one in facts_of(term)) else 0


def _above_zero(constant: Any) -> bool:
    if isinstance(constant, Period):
        return constant.months >= 0 and constant.days >= 0
    return bool(constant > 0)


def put(term: Any, old: Any, new: Any) -> Any:
    """A term with one part exchanged for another."""
    if term == old:
        return new
    if isinstance(term, Op):
        return Op(term.name, tuple(put(part, old, new) for part in term.arguments), term.kind)
    return term


def _at_end(term: Op, values: list[Any], end: int) -> Any:
    """The operation at one end of its arguments; beyond all where the calendar ends."""
    try:
        if any(abs(v) >= FAR for v in values if isinstance(v, int)):
            return end * FAR
        return number(apply(term.name, values))
    except (DateOutOfRange, OverflowError, ValueError):
        return end * FAR


def _ends(argument: Any, box: Box) -> tuple[Any, Any]:
    """The ends of an argument as values, dates as dates and periods as periods."""
    if not is_term(argument):
        return argument, argument
    if argument.kind == "period":
        return _period_ends(argument, box)
    low, high = bounds(argument, box)
    if argument.kind == "date":
        return _day(low), _day(high)
    return low, high


def _day(ordinal: int) -> date:
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))


def _period_ends(term: Any, box: Box) -> tuple[Any, Any]:
    if term.name == "×":
        left, right = term.arguments
        period, factor = (left, right) if _is_period(left) else (right, left)
        lows, highs = _ends(period, box), bounds(factor, box)
        months = _product((lows[0].months, lows[1].months), highs)
        days = _product((lows[0].days, lows[1].days), highs)
        return _period(months[0], days[0]), _period(months[1], days[1])
    one, other = _ends(term.arguments[0], box), _ends(term.arguments[1], box)
    if term.name == "-":
        other = (other[1], other[0])
    sign = 1 if term.name == "+" else -1
    return (
        Period(one[0].months + sign * other[0].months, one[0].days + sign * other[0].days),
        Period(one[1].months + sign * other[1].months, one[1].days + sign * other[1].days),
    )


def _is_period(part: Any) -> bool:
    return isinstance(part, Period) or (is_term(part) and part.kind == "period")


def _period(months: Any, days: Any) -> Period:
    most = 10**6
    return Period(int(min(max(months, -most), most) // 1), int(min(max(days, -most), most) // 1))


def _product(one: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[Any, Any]:
    ends = [a * b for a in one for b in other]
    return min(ends), max(ends)


def _quotient(one: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[Any, Any]:
    if other[0] <= 0 <= other[1]:
        return -FAR, FAR
    ends = [exact(Fraction(a) / Fraction(b)) for a in one for b in other]
    return min(ends), max(ends)


def _months(low: int, high: int) -> tuple[int, int]:
    first, last = _day(low), _day(high)
    return (first.month, last.month) if first.year == last.year else (1, 12)


# --- what an atom can be in a box


def outcome(atom: Order | NoDay, box: Box) -> bool | None:
    """The answer to an atom everywhere in a box, None where it is not everywhere the same."""
    if isinstance(atom, NoDay):
        return _no_day_in(atom, *bounds(atom.term, box))
    low, high = bounds(atom.left, box)
    least, most = bounds(atom.right, box)
    if low >= most:
        return True
    return False if high < least else None


_FIRST_YEAR, _LAST_YEAR = FIRST_DATE.year - 200, LAST_DATE.year + 200


@lru_cache(maxsize=1 << 14)
def settled(left: Any, right: Any) -> bool | None:
    """Whether one term is at least another where that is the same in every case, else None."""
    if left == right:
        return True
    one, other = _from(left), _from(right)
    if one[0] == other[0] and is_term(one[0]) and one[0].kind == "date":
        return _longer(one[1], other[1])
    apart = _apart(left, right)
    return apart >= 0 if apart is not None else outcome(Order(left, right), {})


def _apart(one: Any, other: Any) -> Fraction | None:
    """How much more one number is than another, None where that depends on facts."""
    if not any(isinstance(term, Op) and term.kind in _NUMBERS for term in (one, other)):
        return None
    sums: dict[Any, Fraction] = {}
    _add_up(one, Fraction(1), sums)
    _add_up(other, Fraction(-1), sums)
    constant = sums.pop(None, Fraction(0))
    return None if any(sums.values()) else constant


_NUMBERS = ("integer", "number")


def _add_up(term: Any, times: Fraction, sums: dict[Any, Fraction]) -> None:
    """Adds to each fact how often a number has it; to None what has no fact."""
    if not is_term(term):
        sums[None] = sums.get(None, Fraction(0)) + times * number(term)
        return
    if isinstance(term, Op) and term.name in ("+", "-", "×", "÷"):
        one, other = term.arguments
        if term.name in ("+", "-"):
            _add_up(one, times, sums)
            _add_up(other, times if term.name == "+" else -times, sums)
            return
        if term.name == "×" and not is_term(one):
            one, other = other, one
        if not is_term(other) and (term.name == "×" or other != 0):
            by = Fraction(number(other))
            _add_up(one, times * by if term.name == "×" else times / by, sums)
            return
    sums[term] = sums.get(term, Fraction(0)) + times


def base(term: Any) -> Any:
    """The date that a date lies by a period from."""
    return _from(term)[0]


def _from(term: Any) -> tuple[Any, Any]:
    """A date as another date and a period from it."""
    if isinstance(term, Op) and term.name == "add":
        return term.arguments[0], term.arguments[1]
    return term, Period(0, 0)


def _longer(one: Any, other: Any) -> bool | None:
    """Whether a date is at least another that lies by another period from the same date: a month
    more is a later day, whatever the day.
    """
    (least, most), (low, high) = (_ends(part, {}) for part in (one, other))
    if least.months >= high.months and least.days >= high.days:
        return True
    earlier = most.months <= low.months and most.days <= low.days
    return False if earlier and (most.months, most.days) != (low.months, low.days) else None


def _no_day_in(atom: NoDay, low: int, high: int) -> bool | None:
    if low == high:
        return no_day(_day(low), atom.months)
    if _day(low).year < _FIRST_YEAR or _day(high).year > _LAST_YEAR:
        return None
    days = days_without(atom.months)
    first, last = bisect_left(days, low), bisect_right(days, high)
    if first == last:
        return False
    return True if last - first == high - low + 1 else None


@cache
def days_without(months: int) -> tuple[int, ...]:
    """The ordinals of all days that lack a corresponding day, around the years of facts."""
    return tuple(
        date(year, month, day).toordinal()
        for year in range(_FIRST_YEAR, _LAST_YEAR + 1)
        for month in range(1, 13)
        for day in (29, 30, 31)
        if day <= monthrange(year, month)[1] and no_day(date(year, month, day), months)
    )


def as_value(term: Any, low: Exact) -> Any:
    """A number of a box as the value it stands for."""
    return date.fromordinal(int(low)) if term.kind == "date" else low
