"""What the plain form of a compiled rulebook uses: values read, added or written before are known.

This text is taken into every compiled function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from luling.compiler.ir.exact import (
    DateOutOfRange,
    Exact,
    Period,
    add_period,
    decimal_text,
    exact,
    round_to,
    yuan,
)

from ..reading import (
    Fault,
    encodable,
    number_reader,
    read_date,
    read_money,
    read_ratio,
)

LARGEST = 10**400
_MOST_KNOWN = 1 << 14


class Unplain(Exception):
    """What the plain form does not decide; the general rules do."""


# Whatever goes wrong in the plain form, the general rules say what is to be said of it.
UNPLAIN = (
    Unplain, DateOutOfRange, ArithmeticError, KeyError, TypeError, ValueError, AttributeError,
    IndexError, RecursionError,
)  # fmt: skip


class Remembered(dict[Any, Any]):
    """Remembers what a function gave for a value. A value of a strange kind is not remembered."""

    __slots__ = ("compute", "kinds")

    def __init__(self, compute: Callable[[Any], Any], kinds: tuple[type, ...]) -> None:
        super().__init__()
        self.compute, self.kinds = compute, kinds

    def __missing__(self, value: Any) -> Any:
        found = self.compute(value)
        if value.__class__ in self.kinds:
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[value] = found
        return found


def reading(read: Callable[[Any, str, list[Fault]], Any]) -> Callable[[Any], Any]:
    """A reader of facts that leaves faults to the general rules."""

    def checked(value: Any) -> Any:
        faults: list[Fault] = []
        found = read(value, "", faults)
        if faults:
            raise Unplain
        return found

    return checked


DAYS = Remembered(reading(read_date), (str,))
AMOUNTS = Remembered(reading(read_money), (str,))
RATIOS = Remembered(reading(read_ratio), (str,))
NUMBERS = Remembered(reading(number_reader(False)), (str,))
ISO = Remembered(lambda day: None if day is None else day.isoformat(), (date, type(None)))
YUAN = Remembered(lambda fen: None if fen is None else yuan(fen), (int, type(None)))
DECIMALS = Remembered(
    lambda number: None if number is None else decimal_text(number), (int, Fraction, type(None))
)


SOUND: set[str] = set()  # texts that were looked at


def sound(text: str) -> bool:
    """Whether a text is one that a case may hold: not blank, and such as a file can hold."""
    if not text.strip() or not encodable(text):
        return False
    if len(SOUND) >= _MOST_KNOWN:
        SOUND.clear()
    SOUND.add(text)
    return True


class After(dict[date, date]):
    """The day a period from a date is complete, remembered for each date."""

    __slots__ = ("_following", "_period")

    def __init__(self, months: int, days: int, following: bool) -> None:
        super().__init__()
        self._period, self._following = Period(months, days), following

    def __missing__(self, start: date) -> date:
        found = add_period(start, self._period, overflow_next=self._following)
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[start] = found
        return found


_SHIFTED: dict[int, After] = {}


def shifted(start: date, months: int) -> date:
    """The day so many months after a date."""
    if months not in _SHIFTED:
        if len(_SHIFTED) >= _MOST_KNOWN:
            _SHIFTED.clear()
        _SHIFTED[months] = After(months, 0, False)
    return _SHIFTED[months][start]


class Subsets(dict[int, tuple[str, ...]]):
    """Some of several names, by a number that has a bit for each."""

    __slots__ = ("_names",)

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, bits: int) -> tuple[str, ...]:
        found = tuple(name for place, name in enumerate(self._names) if bits >> place & 1)
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[bits] = found
        return found


def fault() -> Any:
    """Nothing: the general rules say what is wrong."""
    raise Unplain


def agreed(*hits: tuple[Any, ...]) -> tuple[Any, ...]:
    """The one value of all rules that apply, nothing where none does."""
    found = [hit for hit in hits if hit]
    if any(hit != found[0] for hit in found[1:]):
        raise Unplain
    return found[0] if found else ()


def times(one: Exact, other: Exact) -> Exact:
    """Exact ×."""
    top, bottom = one.numerator * other.numerator, one.denominator * other.denominator
    return top // bottom if top % bottom == 0 else Fraction(top, bottom)


def divided(one: Exact, other: Exact) -> Exact:
    """Exact ÷. Raises `ZeroDivisionError`."""
    top, bottom = one.numerator * other.denominator, one.denominator * other.numerator
    return top // bottom if top % bottom == 0 else Fraction(top, bottom)


def plus(one: Exact, other: Exact) -> Exact:
    """Exact +."""
    found = one + other
    return found if found.__class__ is int else exact(found)


def minus(one: Exact, other: Exact) -> Exact:
    """Exact -."""
    found = one - other
    return found if found.__class__ is int else exact(found)


def rounded(amount: Exact, step: int, how: str) -> int:
    """An amount rounded to whole steps."""
    if amount.__class__ is int and not amount % step:
        return amount
    return round_to(amount, step, how)


def best(pairs: list[tuple[tuple[Any, ...], Any]]) -> Any:
    """The item with the highest key, the first of equals."""
    return max(pairs, key=lambda pair: pair[0])[1] if pairs else None


def best_last(pairs: list[tuple[tuple[Any, ...], Any]]) -> Any:
    """The item with the highest key, the last of equals."""
    return best(pairs[::-1])


def ordered(order: tuple[str, ...], clauses: Iterable[str | None]) -> tuple[str, ...]:
    """Clauses in the order of the law, each once; none is no clause."""
    found = {clause for clause in clauses if clause is not None}
    if not found.issubset(order):
        raise Unplain
    return tuple(clause for clause in order if clause in found)


def united(order: tuple[str, ...], sets: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """All clauses of several sets, in the order of the law."""
    return ordered(order, [clause for one in sets for clause in one])
