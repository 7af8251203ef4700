"""A run of characters has one reading, several or none (DESIGN, point 1)."""

import pytest

from luling.compiler.syntax.keywords import vocabulary
from luling.compiler.syntax.segment import Segmenter


def readings(run: str, *names: str, named: bool = False) -> list[str]:
    """All readings of a run, as words between bars, each with its terminal where it is no name."""
    words = vocabulary()
    segmenter = Segmenter(words.inline, frozenset(names), words.units)
    return [
        "｜".join(
            run[p.start : p.end] + ("" if p.token == "NAME" else f":{p.token}") for p in reading
        )
        for reading in segmenter.split(run, named)
    ]


@pytest.mark.parametrize(
    ("run", "names", "reading"),
    [
        ("户籍为本市", ("户籍", "本市"), "户籍｜为:IS｜本市"),
        (
            "身份为在职且户籍为本市",
            ("身份", "在职", "户籍", "本市"),
            "身份｜为:IS｜在职｜且:AND｜户籍｜为:IS｜本市",
        ),
        ("若甲则乙否则丙", ("甲", "乙", "丙"), "若:IF｜甲｜则:THEN｜乙｜否则:ELSE｜丙"),
        ("甲或者乙", ("甲", "乙"), "甲｜或者:OR｜乙"),
        ("非甲且乙", ("甲", "乙"), "非:NOT｜甲｜且:AND｜乙"),
        ("甲不为乙", ("甲", "乙"), "甲｜不为:CMP｜乙"),
        ("没有甲", ("甲",), "没有:HAS_NOT｜甲"),
        ("甲不满18岁", ("甲",), "甲｜不满:CMP｜18岁:NUMBER"),
        ("起5年内", (), "起:STARTING｜5年:NUMBER｜内:WITHIN"),
        ("起满6个月", (), "起满:AFTER｜6个月:NUMBER"),
        ("甲的乙", ("甲", "乙"), "甲｜的:OF｜乙"),
        ("甲的个数", ("甲",), "甲｜的:OF｜个数:COUNT"),
        ("甲之和", ("甲",), "甲｜之和:FOLD"),
    ],
)
def test_keywords_and_names_may_be_written_together(
    run: str, names: tuple[str, ...], reading: str
) -> None:
    assert readings(run, *names) == [reading]


@pytest.mark.parametrize(
    ("run", "kind"),
    [
        ("6个月", "NUMBER"),
        ("1个月10日", "NUMBER"),
        ("1.5万元", "NUMBER"),
        ("100元", "NUMBER"),
        ("80", "NUMBER"),
        ("六个月", "NUMBER"),
        ("十六周岁", "NUMBER"),
        ("两次", "NUMBER"),
        ("三成", "NUMBER"),
        ("百分之八十", "NUMBER"),
        ("2025年5月1日", "DATE"),
    ],
)
def test_a_number_with_its_unit_is_one_word(run: str, kind: str) -> None:
    assert readings(run) == [f"{run}:{kind}"]


@pytest.mark.parametrize(
    "name", ["获证起持续在沪就业至", "有甲", "甲且乙", "为", "五年内", "不满意度", "个数表"]
)
def test_a_name_may_hold_keywords(name: str) -> None:
    assert readings(name, name, "甲", "乙") == [name]


def test_of_names_that_begin_alike_the_one_that_fits_is_taken() -> None:
    assert readings("人的年龄中位数", "人", "年龄", "年龄中位数") == ["人｜的:OF｜年龄中位数"]
    assert readings("南北为东", "南", "北", "南北", "东") == ["南北｜为:IS｜东"]


def test_two_names_side_by_side_are_no_reading() -> None:
    assert readings("甲乙", "甲", "乙") == []
    assert readings("丁为甲乙丙", "甲乙", "丙", "甲", "乙丙", "丁") == []
    assert readings("甲5", "甲") == []


def test_an_unknown_stretch_is_no_reading() -> None:
    assert readings("户籍为木市", "户籍", "本市") == []
    assert readings("某某") == []


def test_two_ways_to_read_a_run_are_both_there() -> None:
    assert readings("甲且乙为丙", "甲", "乙", "丙", "甲且乙") == [
        "甲且乙｜为:IS｜丙",
        "甲｜且:AND｜乙｜为:IS｜丙",
    ]


def test_where_a_name_must_come_a_keyword_is_none() -> None:
    assert readings("起", "起", named=True) == ["起"]
    assert readings("为", named=True) == []
    assert readings("个数", named=True) == ["个数:COUNT"]


def test_a_run_without_end_is_not_tried() -> None:
    assert readings("甲为" * 5000 + "甲", "甲") == []


def test_many_names_that_begin_alike_take_no_time() -> None:
    names = tuple("甲" * length for length in range(1, 40))
    assert readings("甲" * 39 + "为" + "甲" * 20, *names) == ["甲" * 39 + "｜为:IS｜" + "甲" * 20]


def test_an_unknown_unit_is_found() -> None:
    words = vocabulary()
    segmenter = Segmenter(words.inline, frozenset(), words.units)
    found = segmenter.unknown_unit("5公斤")
    assert found is not None and "5公斤"[found.start : found.end] == "公斤"
    assert segmenter.unknown_unit("5元") is None or segmenter.split("5元", named=False)
