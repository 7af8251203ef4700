"""Exact values and what every engine computes alike: money, dates, periods, rounding, text.

Nothing but the standard library is used here: a compiled function takes this text as it is.

是否 bool · 文本、成员、条款 str · 日期 date · 金额 int or Fraction in 分 · 比例、数 int or
Fraction · 期间 Period · 列表 tuple · 空 None.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

FIRST_DATE = date(1900, 1, 1)
LAST_DATE = date(2199, 12, 31)


class Period(NamedTuple):
    """Months and days of a period. Months are counted first."""

    months: int
    days: int


class DateOutOfRange(Exception):
    """A day that the calendar of the language (years 1 to 9999) does not have."""


Exact = int | Fraction
Value = bool | str | int | Fraction | date | Period | tuple[object, ...] | None


def exact(number: Fraction | int) -> Exact:
    """The number as an int where it is whole."""
    if number.__class__ is not int and number.denominator == 1:
        return number.numerator
    return number


def corresponding_day(start: date, months: int, *, overflow_next: bool = False) -> date:
    """The day `months` after `start` that has its number; where there is none, the month's last
    day.

    《民法典》第二百零二条. With `overflow_next` the first day of the next month is taken instead
    of the month's last: not how the code counts, but a way some offices did.
    """
    total = start.year * 12 + start.month - 1 + months
    year, month = total // 12, total % 12 + 1
    if not 1 <= year <= 9999:
        raise DateOutOfRange
    last = 28 if month == 2 and not calendar.isleap(year) else _LAST_DAYS[month]
    if start.day <= last:
        return date(year, month, start.day)
    if overflow_next:
        return date(year, month, last) + timedelta(days=1)
    return date(year, month, last)


_LAST_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def add_period(start: date, period: Period, *, overflow_next: bool = False) -> date:
    """The day a period counted from `start` is complete: months once, then days.

    《民法典》第二百零一条: counting begins the day after, so one day after 5月1日 is 5月2日.
    Raises `DateOutOfRange` outside the years 1 to 9999.
    """
    day = corresponding_day(start, period.months, overflow_next=overflow_next)
    try:
        return day + timedelta(days=period.days)
    except OverflowError:
        raise DateOutOfRange from None


def months_between(start: date, end: date) -> int:
    """Calendar months from the month of one date to that of the other; days are ignored."""
    return (end.year - start.year) * 12 + end.month - start.month


def completed_years(born: date, day: date) -> int:
    """周岁: the years whose corresponding day has been reached, negative before birth."""
    years = day.year - born.year
    return years if day >= corresponding_day(born, years * 12) else years - 1


def gap(start: date, end: date) -> Period:
    """Whole months from `start` to a later `end`, and the days left over."""
    months = months_between(start, end)
    if corresponding_day(start, months) > end:
        months -= 1
    return Period(months, (end - corresponding_day(start, months)).days)


def round_to(amount: Exact, step: int, how: str) -> int:
    """An amount rounded to whole steps: 四舍五入 (half away from zero), 舍去 (down), 进位 (up)."""
    above, below = amount.numerator, amount.denominator * step
    if how == "四舍五入":
        rounded = (2 * abs(above) + below) // (2 * below) * (1 if above >= 0 else -1)
    elif how == "舍去":
        rounded = above // below
    else:
        rounded = -(-above // below)
    return rounded * step


@lru_cache(maxsize=1 << 12)
def decimal_text(number: Exact, least: int = 0) -> str:
    """A number in decimal without trailing zeros but at least so many places; else as a/b."""
    fraction = Fraction(number)
    denominator, places = fraction.denominator, 0
    while denominator % 10 == 0:
        denominator, places = denominator // 10, places + 1
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    if denominator != 1:
        return f"{fraction.numerator}/{fraction.denominator}"
    places = max(places + max(twos, fives), least)
    digits = abs(fraction) * 10**places
    text = str(digits.numerator).rjust(places + 1, "0")
    sign = "-" if fraction < 0 else ""
    return sign + (f"{text[:-places]}.{text[-places:]}" if places else text)


# How a number is written is its *shape*: "money", "ratio", or "number:" and its unit.


_AS_IT_IS = frozenset((str, bool, None.__class__))


def json_of(value: Value, shape: str) -> object:
    """A value as a decision gives it: 金额 "2080.00", 比例 "0.8", 日期 YYYY-MM-DD, lists as
    arrays.
    """
    if value.__class__ in _AS_IT_IS:
        return value
    if isinstance(value, tuple) and not isinstance(value, Period):
        return [json_of(part, shape) for part in value]  # type: ignore[arg-type]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Period):
        return period_text(value)
    if shape == "money":
        return yuan(value)
    if shape == "ratio" or isinstance(value, Fraction):
        return decimal_text(value)
    return value


def shown(value: Value, shape: str) -> str:
    """A value as people read it: 2600.00元, 80%, 2026-05-16, 空."""
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple) and not isinstance(value, Period):
        return "、".join(shown(part, shape) for part in value) or "无"  # type: ignore[arg-type]
    if isinstance(value, int | Fraction):
        return _shown_number(value, shape)
    return str(json_of(value, shape))


def _shown_number(value: Exact, shape: str) -> str:
    if shape == "money":
        return yuan(value) + "元"
    if shape == "ratio":
        return decimal_text(Fraction(value) * 100) + "%"
    return decimal_text(value) + shape.removeprefix("number:")


@lru_cache(maxsize=1 << 12)
def yuan(fen: Exact) -> str:
    """An amount in yuan with two decimals, or more where it has them."""
    return decimal_text(Fraction(fen) / 100, 2)


def period_text(period: Period) -> str:
    """6个月, 1年6个月, 30日."""
    years, months = divmod(abs(period.months), 12)
    parts = [f"{years}年" if years else "", f"{months}个月" if months else ""]
    parts.append(f"{period.days}日" if period.days or not period.months else "")
    return ("负" if period.months < 0 else "") + "".join(parts)
