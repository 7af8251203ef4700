"""Outcomes of two small rulebooks compared: items of lists, spans of application, time."""

from luling.runtime import load_text
from luling.runtime.decide import Engine
from luling.runtime.versions.compare import compare_outcomes
from luling.runtime.versions.outcomes import Outcomes, ResultComparison

METERS = """\
规则书 例
枚举 方式：人工、远传
  次序 人工、远传
事实 户
  起码：整数
列表 示数
  日期：日期
  止码：整数
  方式：方式
派生 末次止码：整数 或 空
结果 用量：整数 或 空
规则 末次止码
  当 有 （示数 按 日期 最晚者 同则 按 方式 最高者 同则 按 止码 最小者 同则 列前者）
  末次止码 为 （示数 按 日期 最晚者 同则 按 方式 最高者 同则 按 止码 最小者 同则 列前者） 的 止码
规则 用量
  当 有 末次止码
  用量 为 末次止码 减 户.起码
"""

SPAN = """\
规则书 例
  适用条件 申请.日期 不早于 2025-01-01
事实 申请
  日期：日期
结果 金额：金额 或 空 为 100元
"""


def engine(text: str, *changes: tuple[str, str]) -> Engine:
    """A rulebook with some of its text changed."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return load_text(text)


def only(outcomes: Outcomes) -> ResultComparison:
    """The one result."""
    (result,) = outcomes.results
    return result


def test_a_result_that_hangs_on_the_first_item_of_a_list_is_the_same_or_has_a_witness() -> None:
    assert only(compare_outcomes(engine(METERS), engine(METERS))).verdict == "same"
    changed = engine(METERS, ("减 户.起码", "减 户.起码 减 1"))
    result = only(compare_outcomes(engine(METERS), changed))
    assert result.verdict == "differs"
    (witness,) = [region.witness for region in result.regions]
    assert witness.case["示数"]
    assert [witness.old.values["用量"] - witness.new.values["用量"]] == [1]


def test_a_rulebook_that_is_for_no_case_differs_from_one_that_is_for_some() -> None:
    empty = "不早于 2025-01-01 且 申请.日期 早于 2025-01-01"
    never = engine(SPAN, ("不早于 2025-01-01", empty))
    outcomes = compare_outcomes(engine(SPAN), never)
    assert not outcomes.as_if_both_applied
    result = only(outcomes)
    assert [(r.old, r.new) for r in result.regions] == [(10000, None)]


def test_spans_without_a_day_in_common_are_compared_as_if_both_applied() -> None:
    earlier = engine(SPAN, ("不早于 2025-01-01", "早于 2025-01-01"))
    outcomes = compare_outcomes(earlier, engine(SPAN))
    assert outcomes.as_if_both_applied
    assert only(outcomes).verdict == "same"


def test_without_time_nothing_is_called_same_that_is_not_seen_to_be() -> None:
    changed = engine(METERS, ("减 户.起码", "减 户.起码 减 1"))
    result = only(compare_outcomes(engine(METERS), changed, seconds=0))
    assert result.verdict == "undecided"
    assert result.why
