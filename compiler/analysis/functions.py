"""The functions of the language: how many values they take, and the type they give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from ..diagnostics.entry import Both
from ..ir import types as t

_MANY = 99


@attrs.frozen
class Function:
    """How many arguments (least, most), what they must be, and the type that comes out."""

    count: tuple[int, int]
    expects: Both
    result: Callable[[list[t.Type]], t.Type | None]


def _exactly(*wanted: t.Type, gives: t.Type) -> Callable[[list[t.Type]], t.Type | None]:
    return lambda found: gives if tuple(found) == wanted else None


def _same(allowed: Callable[[t.Type], bool]) -> Callable[[list[t.Type]], t.Type | None]:
    def result(found: list[t.Type]) -> t.Type | None:
        return found[0] if allowed(found[0]) and all(f == found[0] for f in found) else None

    return result


def _is_number(type_: t.Type) -> bool:
    return isinstance(type_, t.Number) or type_ in (t.MONEY, t.RATIO)


def _whole(found: list[t.Type]) -> t.Type | None:
    kind = found[0]
    return t.Number(kind.unit, integer=True) if isinstance(kind, t.Number) else None


def _bare(found: list[t.Type]) -> t.Type | None:
    return t.NUMBER if isinstance(found[0], t.Number) or found[0] == t.RATIO else None


_DATES = Both("日期", "dates")
_NUMBERS = Both("同一单位的数或金额", "numbers or amounts of one unit")
_ONE_NUMBER = Both("一个数", "a number")
_AMOUNT = Both("一个金额", "an amount")
_TWO_DATES = Both("两个日期", "two dates")

FUNCTIONS: Final[dict[str, Function]] = {
    "较早者": Function((2, _MANY), _DATES, _same(lambda k: k == t.DATE)),
    "较晚者": Function((2, _MANY), _DATES, _same(lambda k: k == t.DATE)),
    "较大者": Function((2, _MANY), _NUMBERS, _same(_is_number)),
    "较小者": Function((2, _MANY), _NUMBERS, _same(_is_number)),
    "向下取整": Function((1, 1), _ONE_NUMBER, _whole),
    "向上取整": Function((1, 1), _ONE_NUMBER, _whole),
    "四舍五入到分": Function((1, 1), _AMOUNT, _exactly(t.MONEY, gives=t.MONEY)),
    "舍去到分": Function((1, 1), _AMOUNT, _exactly(t.MONEY, gives=t.MONEY)),
    "进位到分": Function((1, 1), _AMOUNT, _exactly(t.MONEY, gives=t.MONEY)),
    "四舍五入到元": Function((1, 1), _AMOUNT, _exactly(t.MONEY, gives=t.MONEY)),
    "舍去到元": Function((1, 1), _AMOUNT, _exactly(t.MONEY, gives=t.MONEY)),
    "进位到元": Function((1, 1), _AMOUNT, _exactly(t.MONEY, gives=t.MONEY)),
    "年份": Function((1, 1), _DATES, _exactly(t.DATE, gives=t.INTEGER)),
    "月份": Function((1, 1), _DATES, _exactly(t.DATE, gives=t.INTEGER)),
    "月份差": Function((2, 2), _TWO_DATES, _exactly(t.DATE, t.DATE, gives=t.INTEGER)),
    "日数差": Function((2, 2), _TWO_DATES, _exactly(t.DATE, t.DATE, gives=t.INTEGER)),
    "周岁": Function((2, 2), _TWO_DATES, _exactly(t.DATE, t.DATE, gives=t.Number("岁", True))),
    "列出": Function((1, _MANY), Both("同一类型的值", "values of one type"), lambda found: None),
    "数值": Function((1, 1), _ONE_NUMBER, _bare),
}
