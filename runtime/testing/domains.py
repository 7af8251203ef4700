"""Values worth giving a fact: those its rulebook speaks of, those beside them, plain ones."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import FactField, FactGroup
from luling.compiler.ir.values import (
    FIRST_DATE,
    LAST_DATE,
    DateOutOfRange,
    Period,
    add_period,
    exact,
)
from luling.compiler.ir.walk import walk
from luling.runtime.decide import Engine
from luling.runtime.facts import Item

from .chooser import Chooser, once_in, pick
from .sketch import Sketch

_PLAIN_TEXTS = ("甲", "乙")
_PLAIN_DAY = date(2025, 1, 1)
_STEPS = (0, -1, 1)


class Domains:
    """The values of the facts of one rulebook."""

    def __init__(self, engine: Engine) -> None:
        self.rulebook = engine.rulebook
        literals = [
            node
            for expr in engine.program.expressions()
            for node in walk(expr)
            if isinstance(node, ir.Literal)
        ]
        self._constants = [(node.value, t.solid(node.type)) for node in literals]
        self._constants += _in_tables(engine)
        self._shown: dict[str, list[Any]] = {}
        self.days = _unique(v for v, _ in self._constants if isinstance(v, date))
        self.periods = _unique(v for v, _ in self._constants if isinstance(v, Period))
        self._texts = _unique(
            v for v, kind in self._constants if kind == t.TEXT and isinstance(v, str)
        )
        self._numbers: dict[str, tuple[Any, ...]] = {}
        self.plain_day = min((d for d in self.days if d >= _PLAIN_DAY), default=_PLAIN_DAY)

    def learn(self, facts: dict[str, Any]) -> None:
        """Takes the values of an example as values that make sense."""
        for path, value in facts.items():
            if isinstance(value, tuple):
                for item in value:
                    for name, of_item in item.fields.items():
                        self._learn(f"{path}.{name}", of_item)
            else:
                self._learn(path, value)

    def _learn(self, path: str, value: Any) -> None:
        known = self._shown.setdefault(path, [])
        if value is not None and value not in known and len(known) < 40:
            known.append(value)

    # --- plain values

    def plain(self, field: FactField) -> Any:
        """The plainest value of a fact: none, no, the first member, New Year's Day, nothing."""
        kind = t.solid(field.type)
        if isinstance(field.type, t.Maybe):
            return None
        if field.allowed:
            return field.allowed[0]
        if isinstance(kind, t.Enum):
            return kind.members[0]
        if kind == t.BOOL:
            return False
        if kind == t.DATE:
            return self.plain_day
        return _PLAIN_TEXTS[0] if kind == t.TEXT else 0

    # --- values by choice

    def value(self, chooser: Chooser, field: FactField, sketch: Sketch, item: Item | None) -> Any:
        """Some value of a fact, the limits of the rulebook more often than others."""
        if isinstance(field.type, t.Maybe) and chooser.below(4) == 0:
            return None
        return self.present(chooser, field, sketch, item)

    def present(self, chooser: Chooser, field: FactField, sketch: Sketch, item: Item | None) -> Any:
        """As `value`, never none."""
        kind = t.solid(field.type)
        if field.allowed:
            return pick(chooser, field.allowed)
        if isinstance(kind, t.Enum):
            return pick(chooser, kind.members)
        if kind == t.BOOL:
            return chooser.below(2) == 1
        if kind == t.DATE:
            return self._day(chooser, field, sketch, item)
        if kind == t.TEXT:
            return pick(chooser, self.texts(field))
        return self._number(chooser, field, kind)

    def texts(self, field: FactField) -> tuple[str, ...]:
        """The texts of a fact: as in examples, as the rulebook names them, and others."""
        return _unique([*self._shown.get(field.path, ())[:8], *_PLAIN_TEXTS, *self._texts])

    def item(self, chooser: Chooser, group: FactGroup, sketch: Sketch) -> dict[str, Any]:
        """The fields of a new item."""
        return {
            field.path.rpartition(".")[2]: self.value(chooser, field, sketch, None)
            for field in group.fields
        }

    def _day(self, chooser: Chooser, field: FactField, sketch: Sketch, item: Item | None) -> date:
        others = list(_other_days(field, sketch, item))
        shown = tuple(self._shown.get(field.path, ()))
        match chooser.below(5):
            case 0:
                day = pick(chooser, (self.plain_day, *self.days, *shown))
            case 1 | 2 if others:
                day = self._from(chooser, pick(chooser, others))
            case 3:
                day = _odd_day(chooser, pick(chooser, (self.plain_day, *others, *self.days)))
            case _:
                return self._any_day(chooser, shown)
        return _inside(day + timedelta(days=pick(chooser, _STEPS)))

    def _any_day(self, chooser: Chooser, shown: tuple[date, ...]) -> date:
        """A day from two years before the first to two years after the last that makes sense."""
        known = (self.plain_day, *self.days, *shown)
        first, last = min(known).toordinal() - 730, max(known).toordinal() + 730
        return _inside(date.fromordinal(first + chooser.below(last - first + 1)))

    def _from(self, chooser: Chooser, day: date) -> date:
        """A period of the rulebook before or after another day."""
        period = pick(chooser, (Period(0, 0), *self.periods))
        sign = pick(chooser, (1, -1))
        try:
            return add_period(day, Period(sign * period.months, sign * period.days))
        except DateOutOfRange:
            return day

    def _number(self, chooser: Chooser, field: FactField, kind: t.Type) -> Any:
        found = self.numbers(field, kind)
        step = step_of(kind)
        if once_in(chooser, 4):
            most = max(1, int(max(found) * 2 / step))
            return exact(step * chooser.below(min(most, 10**9)))
        value = pick(chooser, found) + step * pick(chooser, _STEPS)
        return exact(max(value, Fraction(0)))

    def numbers(self, field: FactField, kind: t.Type) -> tuple[Any, ...]:
        """0, 1, the constants of a kind of number, and what examples give the fact."""
        if field.path not in self._numbers:
            one = 100 if kind == t.MONEY else 1
            written = [v for v, other in self._constants if _same_kind(kind, other, v)]
            shown = [v for v in self._shown.get(field.path, ()) if not isinstance(v, bool)]
            self._numbers[field.path] = _unique([0, one, *shown[:8], *written])
        return self._numbers[field.path]


def step_of(kind: t.Type) -> Fraction:
    """The difference between a number and the next one worth looking at."""
    if kind == t.RATIO or (isinstance(kind, t.Number) and not kind.integer):
        return Fraction(1, 100)
    return Fraction(1)


def _other_days(field: FactField, sketch: Sketch, item: Item | None) -> Iterator[date]:
    """The days that other facts have, those of the item at hand first."""
    name = field.path.rpartition(".")[2]
    for other, value in item.fields.items() if item is not None else ():
        if other != name and isinstance(value, date):
            yield value
    for path, value in sketch.facts.items():
        if path != field.path and isinstance(value, date):
            yield value
    for one in sketch.items():
        if one is not item:
            yield from (v for v in one.fields.values() if isinstance(v, date))


def _odd_day(chooser: Chooser, near: date) -> date:
    """The end of a month, 29 February, or a turn of the year near a day."""
    year = near.year
    match chooser.below(4):
        case 0:
            return date(year, 12, 31)
        case 1:
            return date(year, 1, 1)
        case 2:
            month = 1 + chooser.below(12)
            return date(year, month, calendar.monthrange(year, month)[1])
        case _:
            leap = next(y for y in range(year, year + 9) if calendar.isleap(y))
            return date(leap, 2, 29)


def _inside(day: date) -> date:
    return max(FIRST_DATE, min(LAST_DATE, day))


def _same_kind(kind: t.Type, other: t.Type, value: Any) -> bool:
    """Whether a constant is a number of the kind: of the same unit; whole where that is asked."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction) or value < 0:
        return False
    if isinstance(kind, t.Number):
        whole = not kind.integer or isinstance(value, int)
        return isinstance(other, t.Number) and other.unit == kind.unit and whole
    return kind == other and (kind != t.MONEY or isinstance(value, int))


def _in_tables(engine: Engine) -> list[tuple[Any, t.Type]]:
    """The constants of tables and registers."""
    rulebook = engine.rulebook
    found = [
        (value, t.solid(table.type)) for table in rulebook.tables for value in table.cells.values()
    ]
    for register in rulebook.registers:
        kinds = [t.solid(kind) for _, kind in register.columns]
        found += [cell for row in register.rows for cell in zip(row, kinds, strict=True)]
    return found


def _unique(values: Iterable[Any]) -> tuple[Any, ...]:
    """Each value once, in order; 1 and True, which are equal, do not meet here."""
    return tuple(dict.fromkeys(values))
