"""Whether coverage says of each part of a rulebook what its examples do with it."""

import pytest

from luling.runtime import load_text
from luling.runtime.coverage import Coverage, Point, measure
from luling.runtime.examples import run_examples
from luling.runtime.reasons import Reasons


def covered(text: str) -> Coverage:
    """The coverage of a rulebook of one file by its own examples, which all pass."""
    engine = load_text(text)
    outcomes = list(run_examples(engine))
    assert all(outcome.passed for outcome in outcomes)
    return measure(engine, outcomes, Reasons(engine.rulebook))


def about(coverage: Coverage, name: str) -> list[Point]:
    """The points with a text in their name."""
    found = [point for point in coverage.points if name in point.name]
    assert found
    return found


def lacking(coverage: Coverage) -> list[tuple[str, str]]:
    """What no example does."""
    return [(p.name, p.lacking.zh) for p in coverage.points if not p.covered]


RULES = """
规则书 例
枚举 类：甲、乙、丙
事实 人
  类：类
  急：是否
结果 数：整数
派生 用不到：整数 为 7
派生 也用不到：整数 为 若 人.急 且 非 人.急 则 用不到 否则 1
结果 另一个：整数 为 也用不到

## 一 规则

规则 一般
  数 为 1

例外 乙类 优先于 一般
  当 人.类 为 乙
  数 为 2

例外 丙类 优先于 一般
  当 人.类 为 丙
  数 为 3
"""
GENERAL = "示例 甲\n  设 人.类 为 甲，人.急 为 是\n  得 数 为 1\n"
SECOND = "示例 乙\n  设 人.类 为 乙，人.急 为 否\n  得 数 为 2\n"


def test_a_rule_fires_is_overridden_or_its_condition_does_not_hold() -> None:
    found = covered(RULES + GENERAL + SECOND)
    (base,) = about(found, "规则 一般")
    assert base.states == (("fired", 1), ("overridden", 1), ("false", 0))
    (second,) = about(found, "例外 乙类")
    assert second.states == (("fired", 1), ("overridden", 0), ("false", 1))
    (third,) = about(found, "例外 丙类")
    assert (third.covered, third.lacking.zh) == (False, "条件从未成立")
    assert third.states == (("fired", 0), ("overridden", 0), ("false", 2))


def test_a_rule_always_overridden_and_one_nobody_asks_for_are_told() -> None:
    found = covered(RULES + SECOND)
    assert ("规则 一般（数）", "每次都被例外优先") in lacking(found)
    (unreached,) = about(found, "派生 用不到")
    assert unreached.lacking.zh == "从未考虑到：没有示例问到它所给的量"


def test_what_is_not_known_to_apply_has_not_fired() -> None:
    unknown = "示例 不知道\n  设 人.急 为 是\n  得 数 为 未知\n"
    found = covered(RULES + unknown)
    assert ("例外 乙类（数）", "从未确定适用") in lacking(found)


def test_members_and_truth_values_that_occur_in_no_example_are_told() -> None:
    found = lacking(covered(RULES + GENERAL))
    assert ("类 的 乙", "没有示例出现它") in found
    assert ("事实 人.急 为 否", "没有示例出现它") in found
    assert ("类 的 甲", "没有示例出现它") not in found


def test_points_stand_in_the_order_of_the_law_and_the_share_is_rounded_down() -> None:
    found = covered(RULES + GENERAL + SECOND)
    assert [clause for clause in found.by_clause()] == [None, "一"]
    assert found.percent == 100 * found.covered // len(found.points) < 100
    nothing = load_text(RULES)
    assert measure(nothing, (), Reasons(nothing.rulebook)).percent == 0
    assert Coverage(()).percent == 100


BOUND = """
规则书 例
事实 人
  日期：日期
  末日：日期
结果 可以：是否 为 {condition}
"""


def dated(condition: str, *days: str) -> list[tuple[str, str]]:
    """What is lacking of a condition on 人.日期 where the bound is 2025-02-28."""
    examples = "".join(
        f"示例 第{number}\n  设 人.日期 为 {day}，人.末日 为 2025-02-28\n  得 状态 为 已定\n"
        for number, day in enumerate(days)
    )
    return lacking(covered(BOUND.format(condition=condition) + examples))


@pytest.mark.parametrize("word", ["早于", "不早于", "晚于", "不晚于"])
def test_a_bound_is_met_from_below_on_it_and_from_above(word: str) -> None:
    condition = f"人.日期 {word} 人.末日"
    days = {"早于": "2025-02-27", "恰好等于": "2025-02-28", "晚于": "2025-03-01"}
    for left_out in days:
        left = [day for side, day in days.items() if side != left_out]
        expected = [("结果 可以", f"人.日期 从未{left_out} 人.末日")]
        assert dated(condition, *left) == expected
    assert dated(condition, *days.values()) == []


def test_a_bound_behind_a_condition_that_decides_is_not_met() -> None:
    never = "人.日期 晚于 2026-01-01 且 人.日期 早于 人.末日"
    found = dated(never, "2025-02-27", "2025-02-28", "2025-03-01")
    assert ("结果 可以", "人.日期 从未早于 人.末日") in found


def test_both_ends_of_a_period_are_bounds_of_their_own() -> None:
    found = dated("人.日期 在 人.末日 起 1个月 内", "2025-03-01", "2025-02-28")
    assert ("结果 可以", "人.日期 从未早于 人.末日") in found
    assert ("结果 可以", "人.日期 从未晚于 人.末日 起满 1个月") in found


COUNTED = """
规则书 例
枚举 级：低、中、高、不分
  次序 低、中、高
列表 旧
  级：级
结果 少：是否 为 旧 的 个数 加 1次 不超过 1次
结果 都高：是否 为 凡 旧 均 级 不低于 低
"""


def test_sides_that_cannot_be_are_not_asked_for() -> None:
    """A count is never below 0, a rank never below the lowest, a number of a case not negative."""
    bounds = [p for p in covered(COUNTED).points if p.kind == "bound"]
    assert [(p.name, p.state.zh) for p in bounds] == [
        ("结果 少", "恰在界限"), ("结果 少", "高于界限"),
        ("结果 都高", "恰在界限"), ("结果 都高", "高于界限"),
    ]  # fmt: skip


def test_ranks_are_met_on_and_above_and_what_has_no_rank_is_neither() -> None:
    def found(level: str) -> list[tuple[str, str]]:
        example = f"示例 一\n  添 旧：级 为 {level}\n  得 状态 为 已定\n"
        return [one for one in lacking(covered(COUNTED + example)) if one[0] == "结果 都高"]

    assert found("低") == [("结果 都高", "级 从未高于 低")]
    assert found("中") == [("结果 都高", "级 从未恰好等于 低")]
    assert len(found("不分")) == 2


REQUIRED = """
规则书 例
枚举 类：甲、乙
事实 人
  成年：是否
结果 可以：是否 为 全案满足要求
结果 类可以：列表 类 为 类 中 满足要求 者
核对 有话
  须 人.成年 或 非 人.成年
  错在 人.成年
  说明 「不会。」

## 一 要求

要求 成年
  须 人.成年

要求 乙类成年
  对 乙
  当 人.成年
  须 人.成年
"""


def test_a_requirement_is_met_and_failed_and_idle_is_neither() -> None:
    adult = "示例 成年\n  设 人.成年 为 是\n  得 可以 为 是\n"
    minor = "示例 未成年\n  设 人.成年 为 否\n  得 可以 为 否，类可以 为 甲、乙\n"
    assert ("要求 成年", "从未不满足") in lacking(covered(REQUIRED + adult))
    assert ("要求 成年", "从未满足") in lacking(covered(REQUIRED + minor))
    found = lacking(covered(REQUIRED + adult + minor))
    assert found == [("核对 有话", "从未不一致"), ("要求 乙类成年", "从未不满足")]


TABLED = """
规则书 例
枚举 行名：甲、乙
枚举 列名：子、丑
事实 人
  甲乙：行名
  子丑：列名
  码：文本
表 标准：金额
  行 行名
  列 列名
  |    | 子  | 丑  |
  |----|-----|-----|
  | 甲 | 1元 | 2元 |
  | 乙 | 3元 | 4元 |
名录 册
  | 码 | 名 |
  |----|----|
  | 01 | 花 |
  | 02 | 茶 |
结果 款：金额 为 标准（人.甲乙，人.子丑）
结果 在册：是否 为 人.码 属于 册 的 码
结果 叫茶：是否 为 有 册 中 码 为 人.码 且 名 为 “茶” 者
示例 甲丑
  设 人.甲乙 为 甲，人.子丑 为 丑，人.码 为 “01”
  得 款 为 2元，在册 为 是
"""


def test_cells_and_rows_are_those_looked_up() -> None:
    found = covered(TABLED)
    assert {p.name for p in about(found, "表 标准") if p.covered} == {"表 标准（甲，丑）"}
    assert {p.name for p in about(found, "名录 册") if p.covered} == {"名录 册 第1行（01，花）"}
    tea = "示例 茶\n  设 人.码 为 “02”\n  得 在册 为 是，叫茶 为 是\n"
    assert all(p.covered for p in about(covered(TABLED + tea), "名录 册"))


READING = """
规则书 例
事实 人
  日期：日期
解读 末日
  问 「算不算？」
  取 算
  另 不算
  理由 「从宽。」
结果 可以：是否 为 人.日期 早于 2025-05-01
  或 人.日期 为 2025-05-01 且 按解读 末日 取 算
"""


def test_a_reading_counts_where_an_example_rests_on_it() -> None:
    on_it = "示例 末日\n  设 人.日期 为 2025-05-01\n  按解读 末日 取 {}\n  得 状态 为 已定\n"
    before = "示例 早\n  设 人.日期 为 2025-04-30\n  得 可以 为 是\n"
    words = "没有示例在这样理解时用到它"
    asked = [one for one in lacking(covered(READING + before)) if "解读" in one[0]]
    assert asked == [("解读 末日 取 算", words), ("解读 末日 取 不算", words)]
    other = lacking(covered(READING + before + on_it.format("不算")))
    assert [one for one in other if "解读" in one[0]] == [("解读 末日 取 算", words)]


GATED = """
规则书 例
  适用条件 案.日期 不早于 2025-05-01
  不适用时 结论 为 不适用
事实 案
  日期：日期
结果 结论：可以、不适用
  否则 可以
结果 附注：整数 或 空，否则 空
规则 附注
  当 案.日期 晚于 2025-06-01
  附注 为 1
示例 当日
  设 案.日期 为 2025-05-01
  得 结论 为 可以
"""


def test_the_span_of_application_and_otherwise_are_points() -> None:
    text = GATED.replace(
        "结果 结论：可以、不适用\n  否则 可以", "结果 结论：可以、不适用，否则 可以"
    )
    found = lacking(covered(text))
    assert ("适用条件", "从未不成立") in found
    assert ("结论 的 不适用", "没有示例出现它") in found
    assert ("附注 的 否则", "每次都有规则适用") not in found
    outside = "示例 之前\n  设 案.日期 为 2025-04-30\n  得 结论 为 不适用\n"
    found = lacking(covered(text + outside))
    assert ("适用条件", "从未不成立") not in found
    assert ("结论 的 不适用", "没有示例出现它") not in found
