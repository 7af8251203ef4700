"""Conflicts, lacking values, and exceptions that go too far: each way."""

import pytest

from .asked import Asked

# --- two rules that disagree


def two(limit: str, reading: str = "不算") -> str:
    other = "算" if reading == "不算" else "不算"
    return f"""
解读 满几年
  问 「恰为十年的算不算？」
  取 {reading}
  另 {other}
  理由 「例。」
结果 补助：金额，否则 0元
规则 老
  当 人.工龄 超过 {limit} 或 人.工龄 为 {limit} 且 按解读 满几年 取 算
  补助 为 100元
规则 新
  当 人.工龄 不超过 9
  补助 为 50元
"""


def test_rules_that_never_meet_are_proved_not_to_disagree() -> None:
    assert Asked(two("9", "不算").replace("不超过 9", "少于 9"), "conflict").verdicts() == {
        "补助": "proved"
    }


def test_rules_that_meet_in_one_year_disagree_in_that_year() -> None:
    asked = Asked(two("8"), "conflict")
    decision = asked.decided("补助")
    assert decision.state == "规则有误" and asked.case("补助")["人"]["工龄"] == 9
    assert asked.why("补助") == "两条规则同时适用而得出不同的值"
    assert asked.found("补助") == [
        "状态 为 规则有误",
        "「补助」：「老」给出100.00元，「新」给出50.00元。",
    ]


@pytest.mark.parametrize("taken", ["算", "不算"])
def test_rules_that_meet_under_one_reading_are_found_whichever_is_taken(taken: str) -> None:
    asked = Asked(two("9", taken), "conflict")
    assert asked.decided("补助").state == "规则有误"
    refutation = asked.answers["补助"].refutation
    assert refutation is not None
    assert refutation.readings == ({} if taken == "算" else {"满几年": "算"})
    assert asked.case("补助")["人"]["工龄"] == 9


def test_rules_of_the_same_value_do_not_disagree() -> None:
    assert Asked(two("5").replace("50元", "100元"), "conflict").verdicts() == {"补助": "proved"}


MEMBERS = """
派生 等级 的 额：金额，否则 0元
规则 一般
  当 人.工龄 满 1
  额 为 100元
例外 老 优先于 一般
  对 高级
  当 人.工龄 满 10
  额 为 200元
例外 残 优先于 一般
  对 中级、{}
  当 人.工龄 满 10 且 人.残疾
  额 为 300元
结果 补助：金额 为 人.等级 的 额
"""


def test_exceptions_for_other_members_do_not_disagree() -> None:
    assert Asked(MEMBERS.format("初级"), "conflict").verdicts() == {"等级的额": "proved"}


def test_exceptions_that_disagree_for_a_member_that_no_result_reads_are_shown_all_the_same() -> (
    None
):
    asked = Asked(MEMBERS.format("高级"), "conflict")
    case = asked.case("等级的额")["人"]
    assert (case["工龄"], case["残疾"]) == (10, True)
    assert asked.found("等级的额")[0] == "「等级的额」：「老」给出200.00元，「残」给出300.00元。"
    case["等级"] = "高级"
    assert asked.engine.decide({"人": case, "证书": []}).state == "规则有误"


ITEMS = """
派生 证书 的 分：整数，否则 0
规则 高
  当 等级 为 高级
  分 为 2
规则 新
  当 取得日期 不早于 2025-05-01{}
  分 为 1
结果 有分：是否 为 有 证书 中 分 超过 0 者
"""


def test_rules_for_items_of_a_list_disagree_on_an_item() -> None:
    asked = Asked(ITEMS.format(""), "conflict")
    assert asked.decided("证书的分").state == "规则有误"
    items = asked.case("证书的分")["证书"]
    assert [(i["等级"], i["取得日期"] >= "2025-05-01") for i in items] == [("高级", True)]
    apart = Asked(ITEMS.format(" 且 等级 不为 高级"), "conflict")
    assert apart.verdicts() == {"证书的分": "proved"}


# --- a value that is lacking


def test_a_division_lacks_its_value_where_the_divisor_can_be_zero() -> None:
    asked = Asked("结果 每年：金额 为 100元 ÷ 人.工龄\n", "gap")
    assert asked.decided("每年").faults[0].code == "L0692"
    assert asked.case("每年")["人"]["工龄"] == 0
    assert asked.found("每年") == ["状态 为 规则有误", "计算「每年」时除以了零。"]
    safe = Asked("结果 每年：金额 为 100元 ÷ （人.工龄 加 1）\n", "gap")
    assert safe.verdicts() == {"每年": "proved"}


def test_a_parameter_lacks_its_value_on_the_day_before_its_first() -> None:
    text = """
参数 标准：金额
  依 人.申请日期
  自 {} 为 3元
结果 标准额：金额 为 标准
"""
    asked = Asked(text.format("2000-01-01"), "gap")
    assert asked.decided("标准").faults[0].code == "L0693"
    assert asked.case("标准")["人"]["申请日期"] < "2000-01-01"
    assert Asked(text.format("1900-01-01"), "gap").verdicts()["标准"] == "proved"


def test_a_parameter_is_not_asked_for_where_the_rulebook_does_not_apply() -> None:
    text = """
参数 标准：金额
  依 人.申请日期
  自 2025-05-01 为 3元
结果 标准额：金额 为 标准
"""
    head = "  适用条件 人.申请日期 不早于 2025-{}\n  不适用时 标准额 为 0元\n"
    assert Asked(text, "gap", head=head.format("05-01")).verdicts()["标准"] == "proved"
    asked = Asked(text, "gap", head=head.format("04-30"))
    assert asked.case("标准")["人"]["申请日期"] == "2025-04-30"
    assert asked.decided("标准").state == "规则有误"


def test_a_value_that_may_be_none_is_not_lacking() -> None:
    text = "结果 补助：金额 或 空\n规则 老\n  当 人.工龄 满 10\n  补助 为 1元\n"
    assert Asked(text, "gap").verdicts() == {"补助": "proved"}


# --- exceptions


def exception(years: int, amount: int = 150) -> str:
    return f"""
结果 补助：金额，否则 0元
规则 一般
  当 人.工龄 满 10
  补助 为 100元
例外 高级的 优先于 一般
  当 人.工龄 满 {years} 且 人.等级 为 高级
  补助 为 {amount}元
"""


def test_an_exception_within_what_it_overrides_is_proved_so() -> None:
    for years in (10, 11):
        assert Asked(exception(years), "widening").verdicts() == {"例外 高级的": "proved"}


def test_an_exception_that_begins_a_year_earlier_gives_a_value_where_the_rule_gives_none() -> None:
    asked = Asked(exception(9), "widening")
    assert asked.decided("例外 高级的")["补助"] == 150
    assert asked.case("例外 高级的")["人"]["工龄"] == 9
    assert asked.why("例外 高级的") == "在规则「一般」的条件不成立时也改变了值"


def test_an_exception_that_changes_nothing_beyond_is_no_matter() -> None:
    assert Asked(exception(9, 0), "widening").verdicts() == {"例外 高级的": "proved"}


def test_a_rule_without_a_condition_cannot_be_exceeded() -> None:
    text = exception(0).replace("  当 人.工龄 满 10\n  补助 为 100元", "  补助 为 100元")
    assert Asked(text, "widening").verdicts() == {}


def test_what_overrides_two_rules_may_apply_where_either_does() -> None:
    text = """
结果 补助：金额，否则 0元
规则 老
  当 人.工龄 满 10
  补助 为 100元
规则 残
  当 人.残疾
  补助 为 100元
例外 高级的 优先于 老、残
  当 人.等级 为 高级 且 （人.工龄 满 {} 或 人.残疾）
  补助 为 150元
"""
    assert Asked(text.format(10), "widening").verdicts() == {"例外 高级的": "proved"}
    asked = Asked(text.format(9), "widening")
    assert asked.why("例外 高级的") == "在规则「老」、「残」的条件不成立时也改变了值"
    assert asked.decided("例外 高级的")["补助"] == 150
