"""How far one value is from another, in words: 增 260.00元, 晚 1个月, 减 20个百分点."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir import types as t
from luling.compiler.ir.values import Period, Value, decimal_text, show

from ..decide import Decision
from .outcomes import Region

_UNDECIDED = ("输入有误", "规则有误")
_MORE, _LESS = Both("增", "up"), Both("减", "down")
_LATER, _EARLIER = Both("晚", "later by"), Both("早", "earlier by")
_POINTS, _DAYS = Both("个百分点", " points"), Both("日", " days")


def step(old: Any, new: Any, type_: t.Type, language: Language = "zh") -> str:
    """The direction and the amount of a change of money, ratio, number, date or period; of lists
    what came and went; else nothing.
    """
    if isinstance(old, Period) and isinstance(new, Period):
        return _period(old, new, type_, language)
    if isinstance(old, tuple) and isinstance(new, tuple):
        return _lists(old, new, type_)
    if isinstance(old, date) and isinstance(new, date):
        return _days((new - old).days, language)
    numeric = int | Fraction
    if isinstance(old, bool) or isinstance(new, bool):
        return ""
    if isinstance(old, numeric) and isinstance(new, numeric):
        return _amount(new - old, type_, language)
    return ""


def change(old: Value, new: Value, type_: t.Type, language: Language = "zh") -> str:
    """2000.00元 → 2600.00元（增 600.00元）."""
    far = step(old, new, type_, language)
    return f"{show(old, type_)} → {show(new, type_)}" + (f"（{far}）" if far else "")


def _amount(difference: int | Fraction, type_: t.Type, language: Language) -> str:
    if not difference:
        return ""
    word = getattr(_MORE if difference > 0 else _LESS, language)
    if t.solid(type_) == t.RATIO:
        points = decimal_text(abs(Fraction(difference)) * 100)
        return f"{word} {points}{getattr(_POINTS, language)}"
    amount = difference if difference > 0 else -difference
    return f"{word} {show(amount, type_)}"


def _days(days: int, language: Language) -> str:
    if not days:
        return ""
    word = _LATER if days > 0 else _EARLIER
    return f"{getattr(word, language)} {abs(days)}{getattr(_DAYS, language)}"


def _period(old: Period, new: Period, type_: t.Type, language: Language) -> str:
    months, days = new.months - old.months, new.days - old.days
    if months and days:
        return ""
    word = getattr(_MORE if months + days > 0 else _LESS, language)
    return f"{word} {show(Period(abs(months), abs(days)), type_)}" if months or days else ""


def _lists(old: tuple[Any, ...], new: tuple[Any, ...], type_: t.Type) -> str:
    """+甲 −乙, where members came or went."""
    came = tuple(item for item in new if item not in old)
    went = tuple(item for item in old if item not in new)
    signs = [f"+{show(came, type_)}" if came else "", f"−{show(went, type_)}" if went else ""]
    return " ".join(sign for sign in signs if sign)


def came_out(region: Region, type_: t.Type, language: Language = "zh") -> str:
    """What a result was and is in a region; where a version cannot decide it, why."""
    old, new = region.witness.old, region.witness.new
    if old.state in _UNDECIDED or new.state in _UNDECIDED:
        return f"{_value(region.old, old, type_)} → {_value(region.new, new, type_)}"
    return change(region.old, region.new, type_, language)


def _value(value: Value, decision: Decision, type_: t.Type) -> str:
    return decision.state if decision.state in _UNDECIDED else show(value, type_)


def together(conditions: tuple[str, ...]) -> str:
    """甲、乙; where one of them is itself a list, 甲；乙."""
    return ("；" if any("、" in one for one in conditions) else "、").join(conditions)
