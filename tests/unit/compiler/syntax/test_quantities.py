"""What is a number of the law, what only looks like one, and the bound beside it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from luling.compiler.syntax.quantities import quantities


def kinds(text: str) -> list[tuple[str, object]]:
    """The quantities of a text by kind and value."""
    return [(one.kind, one.value) for one in quantities(text)]


@pytest.mark.parametrize(
    "text", ["80%", "\uff18\uff10\uff05", "百分之八十", "八成", "80.0%", "80 %", "五分之四"]
)
def test_one_share_in_many_hands(text: str) -> None:
    assert kinds(f"按标准的{text}发给") == [("ratio", Fraction(4, 5))]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1950元/人", "money", 195000),
        ("八百元", "money", 80000),
        ("1.5万元", "money", 1_500_000),
        ("三万元", "money", 3_000_000),
        ("1,950元", "money", 195000),
        ("3元5角", "money", 350),
        ("6个月", "months", 6),
        ("六个月", "months", 6),
        ("５年", "months", 60),
        ("两年", "months", 24),
        ("1年6个月", "months", 18),
        ("一周年", "months", 12),
        ("10日", "days", 10),
        ("两周", "days", 14),
        ("十五天", "days", 15),
        ("三十个工作日", "count", 30),
        ("16周岁", "age", 16),
        ("60岁", "age", 60),
        ("1次", "count", 1),
        ("一次", "count", 1),
        ("五份", "count", 5),
        ("三十人", "count", 30),
        ("12立方米", "count", 12),
        ("三倍", "ratio", 3),
        ("千分之五", "ratio", Fraction(1, 200)),
        ("2025年5月1日", "date", date(2025, 5, 1)),
        ("二〇二五年五月一日", "date", date(2025, 5, 1)),
        ("2025-05-01", "date", date(2025, 5, 1)),
        ("2025年5月", "month", (2025, 5)),
        ("2024年", "year", 2024),
        ("12月31日", "day", (12, 31)),
    ],
)
def test_each_kind_of_quantity_is_known(text: str, kind: str, value: object) -> None:
    line = f"的，按{text}，"
    (found,) = quantities(line)
    assert (found.kind, found.value, found.text) == (kind, value, text)
    assert line[found.start : found.end] == text


@pytest.mark.parametrize(
    "text",
    [
        "某发〔2025〕7号",
        "《目录（2024年）》第12页",
        "编码4-09-10-05",
        "第五条、第3次、第十三个月",
        "一级、五级、三年级",
        "一次性发放",
        "（五）2．范围",
        "同一年度、某一日、每一次、首一年",
        "三个条件、两项规定、一人一档",
        "十余人、几个月、数十日",
        "9:30开放",
        "热线12345",
        "统一、进一步、唯一、之一",
        "二成立、三年代",
        "2025年2月30日",
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert quantities(text) == []


def test_the_sides_of_a_proportion_are_numbers_of_their_own() -> None:
    found = quantities("由市、区按1：3比例分担")
    assert [one.kind for one in found] == ["part", "part"]
    assert [one.number for one in found] == [1, 3]
    assert [one.whole for one in found] == [4, 4]


def test_a_range_gives_its_unit_to_both_ends() -> None:
    assert kinds("16—59岁") == [("age", 16), ("age", 59)]
    assert kinds("三至五年") == [("months", 36), ("months", 60)]
    assert kinds("10%至20%") == [("ratio", Fraction(1, 10)), ("ratio", Fraction(1, 5))]


def test_a_number_without_a_unit_is_one_in_a_column_or_beside_a_bound() -> None:
    assert kinds("1\t4-09-10-05\t花艺师") == [("number", 1)]
    assert kinds("得分不低于60的") == [("number", 60)]


@pytest.mark.parametrize(
    ("text", "op"),
    [
        ("满6个月", ">="), ("年满6个月以上", ">="), ("不少于6个月", ">="),
        ("6个月（含）以上", ">="), ("不得低于6个月", ">="), ("至少6个月", ">="),
        ("6个月届满", ">="), ("6个月期满", ">="), ("不满6个月", "<"),
        ("未满6个月", "<"), ("不足6个月", "<"), ("少于6个月", "<"),
        ("6个月内", "<="), ("6个月以内", "<="), ("6个月以下", "<="),
        ("不超过6个月", "<="), ("不得超过6个月", "<="), ("最多6个月", "<="),
        ("6个月为限", "<="), ("超过6个月", ">"), ("逾6个月", ">"),
        ("6个月以外", ">"), ("2025年5月1日起", ">="), ("至2025年5月1日", "<="),
        ("2025年5月1日止", "<="),
    ],
)  # fmt: skip
def test_a_bound_is_read_as_the_civil_code_says(text: str, op: str) -> None:
    (found,) = quantities(f"的，{text}，")
    assert found.bound is not None
    assert found.bound.op == op


@pytest.mark.parametrize(
    "text",
    ["6个月", "6个月内地", "6个月以上（不含本数）", "超过6个月以上", "2025年5月1日前", "6个月后"],
)
def test_a_number_without_a_clear_bound_has_none(text: str) -> None:
    (found,) = [one for one in quantities(text) if one.kind in ("months", "date")]
    assert found.bound is None


def test_declared_units_are_units_of_the_text_too() -> None:
    assert quantities("每户20星") == []
    assert [one.unit for one in quantities("每户20星", frozenset({"星"}))] == ["星"]


@pytest.mark.parametrize("text", ["1" * 20000, "一" * 20000 + "年", "第" + "1" * 20000 + "次"])
def test_digits_without_end_are_no_number(text: str) -> None:
    assert quantities(text) == []
