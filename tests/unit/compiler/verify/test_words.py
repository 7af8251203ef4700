"""Questions and answers in the words of the rulebook."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from luling.compiler.ir import types as t
from luling.compiler.ir.values import Period
from luling.compiler.verify.diagram import Diagrams
from luling.compiler.verify.terms import (
    Counted,
    Fact,
    Folded,
    NoDay,
    OneOf,
    Op,
    Order,
    SameText,
    Several,
)
from luling.compiler.verify.words import atom_in_words, cube_in_words

BORN, DAY = Fact("人.出生日期", "date"), Fact("申请.日期", "date")
FEE, RATIO, AGE = Fact("人.款", "integer"), Fact("人.比例", "number"), Fact("人.年龄", "integer")
CODE, OTHER = Fact("证.编码", "text"), Fact("单[].编码", "text")
UNITS: dict[str, Any] = {
    "人.款": t.MONEY, "人.比例": t.RATIO, "人.年龄": t.Number("岁", True), "人.类": t.TEXT,
    "单.类": t.TEXT, "人.特": t.BOOL,
}  # fmt: skip
LATER = Op("add", (BORN, Period(192, 0)), "date")
LISTS = {("单", 7): "单 中 日期 不早于 申请.日期 者", LATER: "满十六岁之日"}


@pytest.mark.parametrize(
    ("atom", "yes", "no"),
    [
        (Order(DAY, date(2025, 5, 1)), "申请.日期 不早于 2025-05-01", "申请.日期 早于 2025-05-01"),
        (Order(date(2025, 5, 1), DAY), "申请.日期 不晚于 2025-05-01", "申请.日期 晚于 2025-05-01"),
        (Order(DAY, LATER), "申请.日期 不早于 满十六岁之日", "申请.日期 早于 满十六岁之日"),
        (
            Order(DAY, Op("add", (BORN, Period(6, 0)), "date")),
            "申请.日期 不早于 人.出生日期 起满 6个月",
            "申请.日期 早于 人.出生日期 起满 6个月",
        ),
        (Order(FEE, 208000), "人.款 不少于 2080.00元", "人.款 少于 2080.00元"),
        (Order(208000, FEE), "人.款 不超过 2080.00元", "人.款 超过 2080.00元"),
        (Order(RATIO, Fraction(4, 5)), "人.比例 不少于 80%", "人.比例 少于 80%"),
        (Order(AGE, 18), "人.年龄 不少于 18岁", "人.年龄 少于 18岁"),
        (
            Order(Op("周岁", (BORN, DAY), "integer"), 16),
            "周岁（人.出生日期，申请.日期） 不少于 16",
            "周岁（人.出生日期，申请.日期） 少于 16",
        ),
        (
            Order(Op("+", (FEE, 100), "integer"), 300),
            "人.款 加 1.00元 不少于 3.00元",
            "人.款 加 1.00元 少于 3.00元",
        ),
        (OneOf(CODE, frozenset(["一"])), "证.编码 为 “一”", "证.编码 不为 “一”"),
        (OneOf(CODE, frozenset("乙甲")), "证.编码 属于 “乙”、“甲”", "证.编码 不属于 “乙”、“甲”"),
        (SameText(CODE, OTHER), "证.编码 为 单 的 编码", "证.编码 不为 单 的 编码"),
        (
            NoDay(BORN, 6),
            "人.出生日期 起满 6个月没有对应日",
            "人.出生日期 起满 6个月有对应日",
        ),
        (
            Several("单", 7, 1),
            "有 单 中 日期 不早于 申请.日期 者",
            "没有 单 中 日期 不早于 申请.日期 者",
        ),
        (
            Several("单", 7, 3),
            "单 中 日期 不早于 申请.日期 者 不少于 3项",
            "单 中 日期 不早于 申请.日期 者 少于 3项",
        ),
        (Several("单", 8, 2), "单 不少于 2项", "单 少于 2项"),
        (
            Order(Counted("单", 7), AGE),
            "单 中 日期 不早于 申请.日期 者 的 个数 不少于 人.年龄",
            "单 中 日期 不早于 申请.日期 者 的 个数 少于 人.年龄",
        ),
        (
            Order(Folded("sum", "单", 7, 8, "integer", 0, 9), FEE),
            "单 之和 不少于 人.款",
            "单 之和 少于 人.款",
        ),
    ],
)
def test_a_question_is_said_with_its_answer(atom: Any, yes: str, no: str) -> None:
    assert atom_in_words(atom, True, LISTS, UNITS) == yes
    assert atom_in_words(atom, False, LISTS, UNITS) == no


def test_facts_with_few_values_come_first_and_are_said_the_shorter_way() -> None:
    d = Diagrams()
    kinds = ("甲", "乙", "丙", "丁")
    late = d.choice(Order(DAY, date(2025, 5, 1)), (True, False))
    kind = d.choice(("fact", "人.类"), kinds)
    special = d.choice(("fact", "人.特"), (True, False))
    there = d.choice(("there", "证.退役日期"), (True, False))
    field = d.choice(("item", "单", "", "类"), kinds)

    def said(cube: dict[int, set[int]]) -> tuple[str, ...]:
        return cube_in_words(d, {p: frozenset(v) for p, v in cube.items()}, LISTS, UNITS)

    assert said({late: {0}, kind: {1}}) == ("人.类 为 乙", "申请.日期 不早于 2025-05-01")
    assert said({kind: {0, 2}}) == ("人.类 属于 甲、丙",)
    assert said({kind: {0, 1, 2}}) == ("人.类 不为 丁",)
    assert said({special: {1}, there: {1}}) == ("人.特 为 否", "没有 证.退役日期")
    assert said({field: {3}, there: {0}}) == ("有 证.退役日期", "单 的 类 为 丁")
