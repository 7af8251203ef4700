"""Comparisons, arithmetic and functions of known values: what every engine must compute alike.

Nothing but the standard library and `exact` is used here: a compiled function takes this text as it
is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .exact import (
    DateOutOfRange,
    Period,
    completed_years,
    exact,
    months_between,
    round_to,
)

SKIP = object()  # of a combination that cannot be: a value that is none, used as if it were there


def compare(op: str, rank: Mapping[str, int] | None, left: Any, right: Any) -> Any:
    """A comparison of two known values, of members by their rank; those without a common order are
    neither < nor >.
    """
    if op == "=":
        return left == right
    if op == "≠":
        return left != right
    if left is None or right is None:
        return SKIP
    if rank is not None:
        if left == right:
            return op in (">=", "<=")
        left, right = rank.get(left), rank.get(right)
        if left is None or right is None:
            return False
    if op == ">=":
        return left >= right
    if op == "<=":
        return left <= right
    return left < right if op == "<" else left > right


def arithmetic(op: str, left: Any, right: Any) -> Any:
    """Exact arithmetic of numbers and periods. Raises `ZeroDivisionError`."""
    if left.__class__ is Period or right.__class__ is Period:
        return _period_arithmetic(op, left, right)
    if op == "+":
        return exact(left + right)
    if op == "-":
        return exact(left - right)
    if op == "×":
        return exact(left * right)
    return exact(Fraction(left) / Fraction(right))


def _period_arithmetic(op: str, left: Any, right: Any) -> Period:
    if op == "×":
        period, factor = (left, right) if left.__class__ is Period else (right, left)
        months, days = exact(period.months * factor), exact(period.days * factor)
        if not isinstance(months, int) or not isinstance(days, int):
            raise DateOutOfRange
        return Period(months, days)
    sign = 1 if op == "+" else -1
    return Period(left.months + sign * right.months, left.days + sign * right.days)


def listed(*values: Any) -> tuple[Any, ...]:
    """列出: what is not none, each once, in order."""
    return tuple(dict.fromkeys(value for value in values if value is not None))


# To how many fen, or to whole numbers, and which way.
ROUNDING = {
    "向下取整": (1, "舍去"),
    "向上取整": (1, "进位"),
    "四舍五入到分": (1, "四舍五入"),
    "舍去到分": (1, "舍去"),
    "进位到分": (1, "进位"),
    "四舍五入到元": (100, "四舍五入"),
    "舍去到元": (100, "舍去"),
    "进位到元": (100, "进位"),
}


def _rounding(step: int, how: str) -> Callable[[Any], Any]:
    return lambda amount: round_to(amount, step, how)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "较早者": min,
    "较晚者": max,
    "较大者": max,
    "较小者": min,
    **{name: _rounding(step, how) for name, (step, how) in ROUNDING.items()},
    "年份": lambda day: day.year,
    "月份": lambda day: day.month,
    "月份差": months_between,
    "日数差": lambda start, end: (end - start).days,
    "周岁": completed_years,
    "数值": lambda number: number,
}
