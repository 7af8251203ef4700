"""The cells of tables and registers → values of the column's type."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from ..ir import types as t
from ..ir.values import Period, Value, exact
from ..syntax.keywords import Unit
from ..syntax.width import normalize

_MOST_CHARACTERS = 60
_NONE = ("空", "—", "-", "/")
_NUMBER = re.compile(r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)\s*([^0-9/\s]*)(?:/\S+)?")


class BadCell(Exception):
    """A cell that is no value of its type."""


def parse_cell(text: str, type_: t.Type, units: dict[str, Unit]) -> Value:
    """The value a cell writes: 1950元/人, 80%, 五级, 2025-05-01, 空. Raises `BadCell`."""
    plain = normalize(text).strip()
    if isinstance(type_, t.Maybe):
        return None if plain in _NONE else parse_cell(text, type_.of, units)
    if type_ == t.TEXT:
        return text
    if isinstance(type_, t.Enum):
        return _member(text, plain, type_)
    if type_ == t.BOOL and plain in ("是", "否"):
        return plain == "是"
    if type_ == t.DATE:
        return _date(plain)
    return _number(plain, type_, units)


def _member(text: str, plain: str, enum: t.Enum) -> Value:
    for candidate in (text, plain):
        if candidate in enum.members:
            return candidate
    raise BadCell


def _date(plain: str) -> Value:
    parts = re.fullmatch(r"([0-9]{4})[-年]([0-9]{1,2})[-月]([0-9]{1,2})日?", plain)
    try:
        if parts:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        pass
    raise BadCell


def _number(plain: str, type_: t.Type, units: dict[str, Unit]) -> Value:
    found = _NUMBER.fullmatch(plain)
    if found is None or len(plain) > _MOST_CHARACTERS:
        raise BadCell
    amount = Fraction(found[1].replace(",", ""))
    unit = units.get(found[2]) if found[2] else None
    if found[2] and unit is None:
        raise BadCell
    kind = unit.of if unit else "number"
    wanted: dict[t.Type, tuple[str, ...]] = {
        t.MONEY: ("money",),
        t.RATIO: ("ratio",),
        t.PERIOD: ("months", "days"),
    }
    if isinstance(type_, t.Number):
        if kind != "number" or (unit is not None and unit.unit != type_.unit):
            raise BadCell
        return exact(amount)
    if kind not in wanted.get(type_, ()) or unit is None:
        raise BadCell
    value = exact(amount * unit.factor)
    if type_ == t.PERIOD:
        if not isinstance(value, int):
            raise BadCell
        return Period(value, 0) if kind == "months" else Period(0, value)
    return value
