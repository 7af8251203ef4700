"""What is written for nothing: rules, exceptions, requirements, cells, members."""

import pytest

from .asked import Asked

RULES = """
结果 补助：金额，否则 0元
规则 一般
  当 人.工龄 满 10
  补助 为 100元
例外 高级的 优先于 一般
  当 人.工龄 满 10 且 人.等级 为 高级
  补助 为 {amount}元
规则 出生在后
  当 人.出生日期 {later}于 人.申请日期
  补助 为 0元
"""


@pytest.mark.parametrize(("amount", "idle"), [(100, True), (101, False)])
def test_an_exception_with_the_value_of_its_rule_is_idle(amount: int, idle: bool) -> None:
    asked = Asked(RULES.format(amount=amount, later="晚"), "idle")
    assert asked.verdicts()["例外 高级的"] == ("refuted" if idle else "proved")
    assert asked.verdicts()["规则 一般"] == "proved"


def test_a_rule_that_a_check_rules_out_is_idle() -> None:
    text = RULES.replace("补助 为 0元", "补助 为 5元")
    asked = Asked(text.format(amount=101, later="晚"), "idle")
    assert asked.verdicts()["规则 出生在后"] == "refuted"
    assert asked.why("规则 出生在后") == "没有一个案件的结果取决于它"
    assert asked.answers["规则 出生在后"].refutation is None
    born_on_the_day = Asked(text.format(amount=101, later="不早"), "idle")
    assert born_on_the_day.verdicts()["规则 出生在后"] == "proved"


def test_a_rule_that_gives_what_holds_without_it_is_idle() -> None:
    rules = RULES.replace("当 人.出生日期 {later}于 人.申请日期", "当 人.工龄 少于 {later}")
    assert (
        Asked(rules.format(amount=101, later=10), "idle").verdicts()["规则 出生在后"] == "refuted"
    )
    clashing = Asked(rules.format(amount=101, later=11), "idle")
    assert clashing.verdicts()["规则 出生在后"] == "proved"


def test_a_rule_for_another_reading_only_is_not_idle() -> None:
    text = """
解读 算
  问 「算不算？」
  取 不算
  另 算上
  理由 「例。」
结果 补助：金额，否则 0元
规则 算上的
  当 按解读 算 取 算上
  补助 为 1元
"""
    assert Asked(text, "idle").verdicts()["规则 算上的"] == "proved"


MEANT = """
不测 出生在后 “删去”
  理由 「核对已经排除。」
"""


def test_an_idle_rule_that_is_explained_is_settled() -> None:
    rules = RULES.replace("补助 为 0元", "补助 为 5元").format(amount=101, later="晚")
    answer = Asked(rules + MEANT, "idle").answers["规则 出生在后"]
    assert (answer.verdict, answer.reason, answer.settled) == ("refuted", "核对已经排除。", True)
    bare = Asked(rules, "idle").answers["规则 出生在后"]
    assert (bare.verdict, bare.reason, bare.settled) == ("refuted", None, False)


REQUIREMENTS = """
结果 可以：是否 为 全案满足要求
## 一 要求
> 一、要求。
要求 出生在先
  须 人.出生日期 {}于 人.申请日期
要求 满十年
  当 人.残疾
  须 人.工龄 满 {}
"""


def test_a_requirement_that_no_case_fails_is_idle() -> None:
    asked = Asked(REQUIREMENTS.format("不晚", 0), "idle")
    assert asked.verdicts()["要求 出生在先"] == "refuted"
    assert asked.verdicts()["要求 满十年"] == "refuted"
    assert asked.why("要求 满十年") == "没有一个案件不满足它"
    asked = Asked(REQUIREMENTS.format("早", 1), "idle")
    assert asked.verdicts()["要求 出生在先"] == "proved"
    assert asked.verdicts()["要求 满十年"] == "proved"
    assert asked.answers["要求 满十年"].clause == "一"


TABLE = """
表 单价：金额
  行 等级，不含 不分等级
  列 人.户
  |      | 甲  | 乙  |
  |------|-----|-----|
  | 初级 | 1元 | 2元 |
  | 中级 | 3元 | 4元 |
  | 高级 | 5元 | 6元 |
结果 价：金额 或 空 为 单价（人.等级，若 人.等级 为 初级 则 甲 否则 人.户）
"""


def test_a_cell_that_no_case_looks_up_is_idle() -> None:
    verdicts = Asked(TABLE, "idle").verdicts()
    cells = {about: v for about, v in verdicts.items() if about.startswith("表")}
    assert len(cells) == 6
    assert [about for about, v in cells.items() if v != "proved"] == ["表 单价（初级，乙）"]


def test_a_member_that_a_result_never_is_is_idle() -> None:
    text = "结果 档：低、中、高 为 若 人.工龄 满 10 则 高 否则 {}\n"
    verdicts = Asked(text.format("低"), "idle").verdicts()
    assert verdicts["档 为 中"] == "refuted"
    assert (verdicts["档 为 低"], verdicts["档 为 高"]) == ("proved", "proved")
    three = Asked(text.format("若 人.残疾 则 低 否则 中"), "idle").verdicts()
    assert set(three.values()) == {"proved"}


def test_a_member_that_only_an_inapplicable_rulebook_gives_is_not_idle() -> None:
    head = "  适用条件 人.残疾\n  不适用时 档 为 中\n"
    text = "结果 档：低、中、高 为 若 人.工龄 满 10 则 高 否则 低\n"
    assert Asked(text, "idle", head=head).verdicts()["档 为 中"] == "proved"


def test_what_comes_out_only_where_rules_disagree_is_idle_all_the_same() -> None:
    """A case that the rulebook cannot decide shows no member and no cell."""
    text = """
结果 档：低、中、高，否则 低
规则 老
  当 人.工龄 满 10
  档 为 高
规则 残
  当 人.残疾
  档 为 低
"""
    asked = Asked(text, "idle", "conflict")
    assert asked.verdicts()["档"] == "refuted"
    assert asked.verdicts()["档 为 中"] == "refuted"


def test_a_member_that_some_fact_can_be_is_not_asked_for_in_results() -> None:
    text = "结果 最低等级：等级 为 若 人.残疾 则 初级 否则 中级\n"
    assert not [about for about in Asked(text, "idle").verdicts() if " 为 " in about]
