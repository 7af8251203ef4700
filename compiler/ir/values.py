"""Values of the language's types: how they are written, and what a Python program gets of them.

The arithmetic is that of `exact`, and can be imported from here.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from . import types as t
from .exact import (
    FIRST_DATE,
    LAST_DATE,
    DateOutOfRange,
    Exact,
    Period,
    Value,
    add_period,
    completed_years,
    corresponding_day,
    decimal_text,
    exact,
    gap,
    json_of,
    months_between,
    period_text,
    round_to,
    shown,
)

__all__ = [
    "FIRST_DATE",
    "LAST_DATE",
    "DateOutOfRange",
    "Exact",
    "Period",
    "Value",
    "add_period",
    "completed_years",
    "corresponding_day",
    "decimal_text",
    "exact",
    "gap",
    "months_between",
    "period_text",
    "round_to",
    "shape_of",
    "show",
    "show_json",
    "to_json",
    "to_python",
]


def shape_of(type_: t.Type) -> str:
    """How numbers of a type are written, of a list those in it; "" where there are none."""
    kind = t.solid(type_)
    if isinstance(kind, t.ListOf):
        return shape_of(kind.item)
    if isinstance(kind, t.Number):
        return f"number:{kind.unit}"
    return "money" if kind == t.MONEY else "ratio" if kind == t.RATIO else ""


def to_json(value: Value, type_: t.Type) -> object:
    """A value as a decision gives it: 金额 "2080.00", 比例 "0.8", 日期 YYYY-MM-DD, lists as
    arrays.
    """
    if value is None or isinstance(value, str | bool):
        return value
    return json_of(value, shape_of(type_))


def show(value: Value, type_: t.Type) -> str:
    """A value as people read it: 2600.00元, 80%, 2026-05-16, 空."""
    return shown(value, shape_of(type_))


def show_json(value: object, type_: t.Type) -> str:
    """A value of an answer, as `to_json` gives it, as people read it."""
    kind = t.solid(type_)
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        item = kind.item if isinstance(kind, t.ListOf) else t.TEXT
        return "、".join(show_json(part, item) for part in value) or "无"
    if kind == t.MONEY:
        return f"{value}元"
    if kind == t.RATIO:
        return decimal_text(Fraction(str(value)) * 100) + "%"
    return f"{value}{kind.unit}" if isinstance(kind, t.Number) else str(value)


def to_python(value: Value, type_: t.Type) -> object:
    """A value for a Python program: 金额 a Decimal in yuan, 比例 a Fraction, the rest as they
    are.
    """
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        if t.solid(type_) == t.MONEY:
            yuan = Fraction(value) / 100
            return Decimal(yuan.numerator) / Decimal(yuan.denominator)
        if t.solid(type_) == t.RATIO:
            return Fraction(value)
    if isinstance(value, tuple) and not isinstance(value, Period) and isinstance(type_, t.ListOf):
        return tuple(to_python(part, type_.item) for part in value)  # type: ignore[arg-type]
    return value
