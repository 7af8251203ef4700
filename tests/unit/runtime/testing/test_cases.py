"""Valid cases by chance of small rulebooks."""

import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from luling.compiler.ir.values import Period, add_period
from luling.runtime import load_text
from luling.runtime.decide import Engine
from luling.testing import cases

Case = dict[str, Any]
quiet = settings(
    max_examples=400, deadline=None, database=None, derandomize=True, phases=[Phase.generate]
)


def many(engine: Engine, **options: Any) -> list[Case]:
    """Four hundred cases."""
    found: list[Case] = []

    @quiet
    @given(cases(engine, **options))
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


def simplest(engine: Engine, wanted: Callable[[Case], bool], **options: Any) -> Case:
    """What hypothesis shows of a case that has something."""
    shown = settings(deadline=None, database=None, max_examples=3000, derandomize=True)
    return find(cases(engine, **options), wanted, settings=shown)


KINDS = load_text("""\
规则书 例

枚举 级：甲级、乙级、丙级
  次序 丙级、乙级、甲级

事实 户
  级：级
  有车：是否
  人数：整数（人），限 1人、2人、3人
  编号：文本
  登记日：日期
  注销日：日期 或 空
  收入：金额
  占比：比例
  面积：数

列表 成员
  生日：日期
  收入：金额 或 空

结果 可以：是否 为 户.级 不低于 乙级 且 户.收入 不超过 3000元 且 户.占比 大于 30%
  且 户.面积 少于 50.5 且 户.编号 为 “京-01” 且 （成员 的 个数） 不少于 2
  且 户.登记日 早于 2025-07-01
""")


def test_every_kind_of_fact_has_a_value_that_a_case_may_have() -> None:
    for case in many(KINDS):
        decision = KINDS.decide(json.loads(json.dumps(case)))
        assert decision.state == "已定", decision.faults
        assert list(case) == ["户", "成员"]
        assert list(case["户"]) == [f.path[2:] for f in KINDS.rulebook.groups[0].fields]


def test_each_bound_is_met_from_both_sides_and_exactly() -> None:
    found = many(KINDS)
    incomes = {case["户"]["收入"] for case in found}
    assert {"2999.99", "3000.00", "3000.01"} <= incomes
    assert {"0.29", "0.3", "0.31"} <= {case["户"]["占比"] for case in found}
    assert {"50.49", "50.5", "50.51"} <= {str(case["户"]["面积"]) for case in found}
    assert {1, 2, 3} <= {len(case["成员"]) for case in found}
    days = {case["户"]["登记日"] for case in found}
    assert {"2025-06-30", "2025-07-01", "2025-07-02"} <= days
    assert {"甲级", "乙级", "丙级"} == {case["户"]["级"] for case in found}
    assert "京-01" in {case["户"]["编号"] for case in found}


def test_both_answers_come_out() -> None:
    answers = {KINDS.decide(case)["可以"] for case in many(KINDS)}
    assert answers == {True, False}


def test_what_may_be_none_is_sometimes_none() -> None:
    found = many(KINDS)
    assert {case["户"]["注销日"] is None for case in found} == {True, False}
    items = [item for case in found for item in case["成员"]]
    assert {item["收入"] is None for item in items} == {True, False}


LATER = load_text("""\
规则书 例
事实 件
  收到日：日期
  答复日：日期
结果 如期：是否 为 件.答复日 在 件.收到日 起 6个月 内
核对 先收到
  须 件.答复日 不早于 件.收到日
  错在 件.答复日
  说明 「答复早于收到。」
""")


def test_a_date_a_period_after_another_is_met_and_missed_by_a_day() -> None:
    beside = set()
    for case in many(LATER):
        got, answered = (date.fromisoformat(case["件"][name]) for name in ("收到日", "答复日"))
        assert answered >= got
        beside.add((answered - add_period(got, Period(6, 0))).days)
    assert {-1, 0, 1} <= beside


def test_ends_of_months_and_29_february_occur() -> None:
    days = {case["件"][name] for case in many(LATER) for name in ("收到日", "答复日")}
    assert any(day.endswith("02-29") for day in days)
    assert any(day.endswith(("08-31", "10-31", "12-31", "01-31")) for day in days)


TIGHT = load_text("""\
规则书 例
事实 件
  种：甲、乙、丙
  数：整数
  副数：整数 或 空
列表 项
  日：日期
  额：金额
结果 和：金额 为 项 的 额 之和
核对 一
  须 件.种 为 甲 且 件.数 为 1 或 件.种 为 乙 且 件.数 为 2 或 件.种 为 丙 且 件.数 大于 1000
  错在 件.数
  说明 「数与种不符。」
核对 二
  须 有 件.副数 且 件.副数 大于 件.数 或 没有 件.副数 且 件.种 为 甲
  错在 件.副数
  说明 「另一个数应更大。」
核对 三
  每项 项
  须 日 早于 2025-03-01 且 日 不早于 2025-02-27 且 额 大于 10元
  错在 日
  说明 「日期应在二月末。」
""")


def test_checks_that_few_cases_pass_are_met() -> None:
    found = many(TIGHT)
    assert {TIGHT.decide(case).state for case in found} == {"已定"}
    assert {case["件"]["种"] for case in found} == {"甲", "乙", "丙"}
    assert {item["日"] for case in found for item in case["项"]} == {"2025-02-27", "2025-02-28"}
    assert len({json.dumps(case) for case in found}) > 100


def test_facts_that_are_given_stay_and_the_rest_agrees_with_them() -> None:
    for case in many(TIGHT, given={"件": {"种": "丙"}, "项": []}):
        assert case["件"]["种"] == "丙" and case["件"]["数"] > 1000 and case["项"] == []
        assert TIGHT.decide(case).state == "已定"


def test_a_given_list_stays_as_it_is() -> None:
    item = {"日": "2025-02-28", "额": "10.01"}
    assert {json.dumps(case["项"]) for case in many(TIGHT, given={"项": [item]})} == {
        json.dumps([item])
    }


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ({"件": {"种": "丁"}}, "given 有误：件.种：.*应为：甲、乙、丙"),
        ({"间": {}}, "given 有误：间"),
        ({"件": {"种": "甲", "数": 2}}, "没有一个合理的案件.*数与种不符。"),
        ({"项": [{"日": "2025-03-01"}]}, "没有一个合理的案件.*日期应在二月末。"),
    ],
)
def test_what_no_valid_case_has_cannot_be_given(given_: Case, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        cases(TIGHT, given=given_)


def test_some_facts_are_left_out_on_request_and_the_case_stays_valid() -> None:
    found = many(TIGHT, unknown=True)
    states = [TIGHT.decide(case).state for case in found]
    assert set(states) == {"已定", "信息不足"}
    whole = {name for name in ("种", "数", "副数") if all(name in case["件"] for case in found)}
    assert not whole
    assert any("项" not in case for case in found)
    assert any("额" not in item for case in found for item in case.get("项", ()))


def test_what_is_given_is_never_left_out() -> None:
    for case in many(TIGHT, unknown=True, given={"件": {"种": "甲"}, "项": []}):
        assert case["件"]["种"] == "甲" and case["项"] == []
        assert not {"数", "副数"} <= set(case["件"])


# ---- a simple case is shown


WITH_EXAMPLE = load_text("""\
规则书 例
事实 人
  姓名：文本
  生日：日期
  住处：城、乡
列表 次
  日：日期
  额：金额
结果 可以：是否 为 人.住处 为 乡
示例 一般的人
  设 人.姓名 为 “张三”，人.生日 为 1990-05-20，人.住处 为 城
  得 可以 为 否
""")


def test_the_simplest_case_is_the_first_example() -> None:
    assert simplest(WITH_EXAMPLE, lambda case: True) == {
        "人": {"姓名": "张三", "生日": "1990-05-20", "住处": "城"},
        "次": [],
    }


def test_a_failing_case_differs_from_it_only_where_it_must() -> None:
    assert simplest(WITH_EXAMPLE, lambda case: WITH_EXAMPLE.decide(case)["可以"] is True) == {
        "人": {"姓名": "张三", "生日": "1990-05-20", "住处": "乡"},
        "次": [],
    }
    plain = {"日": "2025-01-01", "额": "0.00"}
    assert simplest(WITH_EXAMPLE, lambda case: len(case["次"]) == 2)["次"] == [plain, plain]


def test_without_examples_the_simplest_case_is_plain() -> None:
    assert simplest(KINDS, lambda case: True)["户"] == {
        "级": "甲级", "有车": False, "人数": 1, "编号": "甲", "登记日": "2025-07-01",
        "注销日": None, "收入": "0.00", "占比": "0", "面积": 0,
    }  # fmt: skip


# ---- how it is used


def test_the_same_seed_gives_the_same_cases() -> None:
    assert many(KINDS) == many(KINDS)


def test_a_folder_and_a_compiled_rulebook_are_as_good_as_an_engine(tmp_path: Path) -> None:
    text = "规则书 例\n事实 人\n  年龄：整数\n结果 成年：是否 为 人.年龄 不少于 18\n"
    (tmp_path / "a.luling").write_text(text, "utf-8")
    engine = load_text(text)
    for rulebook in (tmp_path, str(tmp_path), engine.rulebook, engine):
        found = find(cases(rulebook), lambda case: engine.decide(case)["成年"] is True)
        assert found in ({"人": {"年龄": 18}}, {"人": {"年龄": 19}})


def test_readings_of_the_engine_count() -> None:
    engine = load_text("""\
规则书 例
事实 人
  年龄：整数
解读 多大算大
  问 「多大？」
  取 十八
  另 九十
  理由 「例。」
结果 大：是否 为 若 按解读 多大算大 取 十八 则 人.年龄 不少于 18 否则 人.年龄 不少于 90
""")
    other = engine.with_readings({"多大算大": "九十"})
    assert {89, 90, 91} <= {case["人"]["年龄"] for case in many(other)}


@pytest.mark.parametrize(
    "text",
    [
        "规则书 例\n结果 甲：是否 为 是\n",
        "规则书 例\n列表 项\n  额：金额\n结果 甲：金额 为 项 的 额 之和\n",
        "规则书 例\n事实 人\n  年龄：整数\n结果 甲：数 为 1 ÷ 人.年龄\n",
    ],
)
def test_odd_rulebooks_have_cases_too(text: str) -> None:
    engine = load_text(text)
    assert all(engine.decide(case).state in ("已定", "规则有误") for case in many(engine))


@given(seed=st.integers(0, 2**16))
@settings(max_examples=20, deadline=None)
def test_bytes_by_any_other_chance_make_valid_cases(seed: int) -> None:
    """What hypothesis makes up while it looks for a simpler case is valid too."""
    from luling.testing import strategy

    maker = strategy._Maker(TIGHT, {})
    rng = random.Random(seed)
    data = bytes(rng.choice((0, 0, 1, 255, rng.randrange(256))) for _ in range(strategy._SIZE))
    assert TIGHT.decide(maker.sketch(data).to_case()).state == "已定"
