"""Parts of conditions that follow from the others, and guards that only look so."""

import pytest

from .asked import Asked


def told(condition: str, value: str = "1元", more: str = "") -> dict[str, str]:
    """The verdict on each part of the condition of one rule."""
    text = f"结果 补助：金额，否则 0元\n规则 甲\n  当 {condition}\n  补助 为 {value}\n"
    verdicts = Asked(text + more, "redundant").verdicts()
    return {about.removeprefix("规则 甲："): verdict for about, verdict in verdicts.items()}


def test_of_two_that_must_hold_the_weaker_is_redundant() -> None:
    assert told("人.工龄 满 10 且 人.工龄 满 5") == {
        "人.工龄 不少于 10": "proved",
        "人.工龄 不少于 5": "refuted",
    }


def test_of_two_of_which_one_must_hold_the_stronger_is_redundant() -> None:
    assert told("人.工龄 满 10 或 人.工龄 满 5") == {
        "人.工龄 不少于 10": "refuted",
        "人.工龄 不少于 5": "proved",
    }


def test_the_reason_says_in_which_way() -> None:
    text = "结果 补助：金额，否则 0元\n规则 甲\n  当 人.工龄 满 10 {} 人.工龄 满 5\n  补助 为 1元\n"
    both, either = (Asked(text.format(word), "redundant") for word in ("且", "或"))
    assert both.why("规则 甲：人.工龄 不少于 5") == "其余各项成立时它总成立"
    assert either.why("规则 甲：人.工龄 不少于 10") == "它成立时其余各项总有成立的"


@pytest.mark.parametrize(("day", "verdict"), [("2025-05-01", "refuted"), ("2025-05-02", "proved")])
def test_what_a_check_implies_is_redundant_to_the_day(day: str, verdict: str) -> None:
    """Who was born on the first of May applied on it at the earliest."""
    found = told(f"人.出生日期 为 2025-05-01 且 人.申请日期 不早于 {day}")
    assert found[f"人.申请日期 不早于 {day}"] == verdict


def test_a_guard_that_a_fact_is_there_is_not_asked_about() -> None:
    guarded = told("有 人.受伤日期 且 人.受伤日期 不晚于 人.申请日期")
    assert guarded == {"人.受伤日期 不晚于 人.申请日期": "proved"}
    for_the_value = told(
        "有 人.受伤日期 且 人.残疾", "若 人.受伤日期 早于 2025-01-01 则 1元 否则 2元"
    )
    assert for_the_value == {"人.残疾": "proved"}


def test_a_guard_that_nothing_needs_is_asked_about_as_any_other() -> None:
    assert told("有 人.受伤日期 且 人.残疾") == {"有 人.受伤日期": "proved", "人.残疾": "proved"}


def test_a_part_about_items_of_a_list_is_asked_too() -> None:
    text = """
派生 证书 的 好：是否，否则 否
规则 甲
  当 等级 在 中级 以上 且 等级 为 高级
  好 为 是
结果 有好的：是否 为 有 证书 中 好 者
"""
    verdicts = Asked(text, "redundant").verdicts()
    assert verdicts == {"规则 甲：等级 不低于 中级": "refuted", "规则 甲：等级 为 高级": "proved"}


def test_a_part_of_a_requirement_is_asked_too() -> None:
    text = """
结果 可以：是否 为 全案满足要求
## 一 要求
> 一、要求。
要求 甲
  须 人.工龄 满 10 且 人.工龄 满 5
"""
    verdicts = Asked(text, "redundant").verdicts()
    assert [about for about, verdict in verdicts.items() if verdict == "refuted"] == [
        "要求 甲：人.工龄 不少于 5"
    ]


def test_a_redundant_part_that_is_explained_is_settled() -> None:
    more = "不测 甲 “去掉 人.工龄 不少于 5”\n  理由 「照抄条文。」\n"
    text = "结果 补助：金额，否则 0元\n规则 甲\n  当 人.工龄 满 10 且 人.工龄 满 5\n  补助 为 1元\n"
    answer = Asked(text + more, "redundant").answers["规则 甲：人.工龄 不少于 5"]
    assert (answer.verdict, answer.reason, answer.settled) == ("refuted", "照抄条文。", True)
    other = "不测 甲 “去掉 人.工龄 不少于 10”\n  理由 「照抄条文。」\n"
    answer = Asked(text + other, "redundant").answers["规则 甲：人.工龄 不少于 5"]
    assert (answer.reason, answer.settled) == (None, False)


@pytest.mark.parametrize(("day", "verdict"), [("不晚", "refuted"), ("早", "proved")])
def test_a_single_condition_that_a_check_already_asks_for_is_redundant(
    day: str, verdict: str
) -> None:
    found = told(f"人.出生日期 {day}于 人.申请日期")
    assert list(found.values()) == [verdict]
