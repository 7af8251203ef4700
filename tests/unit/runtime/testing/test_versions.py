"""Two versions: what is told where they differ, and what may differ."""

import attrs
import pytest

from luling.compiler.ir import types as t
from luling.runtime import load_text
from luling.runtime.versions.outcomes import (
    FactChange,
    Outcomes,
    Region,
    ResultComparison,
    Verdict,
    Witness,
)
from luling.testing.versions import Pair, differences

DECISION = load_text("规则书 例\n结果 甲：是否 为 是\n").decide({})
WITNESS = Witness(
    {"人": {"年龄": 18}}, "一般的人", (FactChange("人.年龄", 17, 18),), DECISION, DECISION
)
CLAUSE_OF = {"规则 甲": "一", "规则 乙": "二（一）", "单位 丙": None}


def region(*causes: str) -> Region:
    """A region with what causes it."""
    return Region(("人.年龄 满 18岁", "户.特困"), 0, 12_000, WITNESS, causes, ("户.本地",))


def result(verdict: Verdict, *regions: Region, more: bool = False, why: str = "") -> Outcomes:
    """An amount under two versions."""
    return Outcomes((ResultComparison("金额", t.MONEY, verdict, regions, more, why),))


# ---- what is told


def test_nothing_is_told_of_what_is_proved_the_same() -> None:
    assert differences(attrs.evolve(result("same"), assumptions=("甲",)), CLAUSE_OF) == []


def test_a_result_that_one_version_lacks_is_no_sameness() -> None:
    alone = attrs.evolve(result("same"), gone=("甲",), added=("乙",))
    assert differences(alone, CLAUSE_OF) == [
        "甲：只有旧版有这项结果。",
        "乙：只有新版有这项结果。",
    ]


def test_a_change_is_told_with_its_region_cause_and_case() -> None:
    assert differences(result("differs", region("规则 甲", "单位 丙")), CLAUSE_OF) == [
        "金额：0.00元 → 120.00元",
        "  · 人.年龄 满 18岁",
        "  · 户.特困",
        "  起因：一 规则 甲；单位 丙",
        "  案件：同示例「一般的人」，但是",
        "    - 人.年龄：17",
        "    + 人.年龄：18",
        "",
    ]


def test_a_case_that_is_an_example_has_no_differences() -> None:
    plain = attrs.evolve(region("规则 甲"), witness=attrs.evolve(WITNESS, changes=()))
    assert differences(result("differs", plain), CLAUSE_OF)[-2:] == [
        "  案件：同示例「一般的人」",
        "",
    ]


def test_what_is_not_proved_is_told_with_the_reason() -> None:
    told = differences(result("undecided", why="超过时限"), CLAUSE_OF)
    assert told == ["金额：未能确定两版是否相同。超过时限"]


@pytest.mark.parametrize(("count", "more"), [(7, False), (2, True)])
def test_of_many_regions_some_are_told(count: int, more: bool) -> None:
    told = differences(result("differs", *[region("规则 乙")] * count, more=more), CLAUSE_OF)
    assert told.count("金额：0.00元 → 120.00元") == min(count, 6)
    assert told[-1] == "金额：还有别的变化。"
    few = differences(result("differs", *[region("规则 乙")] * 6), CLAUSE_OF)
    assert "金额：还有别的变化。" not in few


def test_assumptions_stand_under_what_is_told() -> None:
    found = attrs.evolve(
        result("differs", region()), assumptions=("新的事实为空",), as_if_both_applied=True
    )
    assert differences(found, CLAUSE_OF)[-2:] == [
        "所设：新的事实为空",
        "两版的施行期间没有同一日：按两版都适用来比较。",
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "空"),
        (True, "是"),
        (False, "否"),
        ([], "无"),
        ([{"甲": 1, "乙": None}, {"甲": 2, "乙": "丙"}], "甲 1，乙 空；甲 2，乙 丙"),
    ],
)
def test_the_facts_of_a_case_are_told_in_words(value: object, shown: str) -> None:
    witness = attrs.evolve(WITNESS, changes=(FactChange("单", value, 1),))
    one = attrs.evolve(region("规则 甲"), witness=witness)
    assert f"    - 单：{shown}" in differences(result("differs", one), CLAUSE_OF)


# ---- what may change


TEXT = """\
规则书 例
事实 人
  年龄：整数（岁）
  特困：是否
结果 金额：金额
结果 免费：是否
## 一
> 十八岁以上，每人收十元。
规则 收费
  金额 为 若 人.年龄 不低于 18岁 则 10元 否则 0元
示例 十八岁
  设 人.年龄 为 18岁，人.特困 为 否
  得 金额 为 10元
## 二
> 特困的收二元。
例外 特困 优先于 收费
  当 人.特困
  金额 为 2元
## 三
> 特困的儿童免费。
规则 免费
  免费 为 人.特困 且 人.年龄 低于 18岁
"""
DEARER = ("10元 否则", "12元 否则")
HARDER = ("  金额 为 2元", "  金额 为 3元")
OLDER = ("年龄 低于 18岁", "年龄 低于 17岁")
IDLE = ("人.特困 且 人.年龄 低于", "人.特困 且 人.特困 且 人.年龄 低于")


def pair(*changes: tuple[str, str]) -> Pair:
    """The rulebook, and one with some changes."""
    new = TEXT
    for old_text, new_text in changes:
        assert new.count(old_text) == 1
        new = new.replace(old_text, new_text)
    return Pair(load_text(TEXT), load_text(new), seconds=30)


@pytest.mark.parametrize(
    ("changes", "except_for", "same"),
    [
        ([], [], True),
        ([], ["一"], True),
        ([DEARER], [], False),
        ([DEARER], ["一"], True),
        ([DEARER], ["二", "三"], False),
        ([DEARER, HARDER], ["一"], False),
        ([DEARER, HARDER], ["一", "二"], True),
        ([DEARER, OLDER], ["三"], False),
        ([IDLE], [], True),
    ],
)
def test_two_versions_are_the_same_but_for_some_clauses(
    changes: list[tuple[str, str]], except_for: list[str], same: bool
) -> None:
    assert (pair(*changes).not_the_same(except_for) == []) is same


def test_with_the_changes_of_a_clause_taken_back_the_others_are_told() -> None:
    told = pair(DEARER, HARDER).not_the_same(["一"])
    assert told[0] == "金额：2.00元 → 3.00元"
    assert "  起因：二 例外 特困" in told
    assert not any("12.00元" in line for line in told)


@pytest.mark.parametrize(
    ("changes", "results", "clauses", "told"),
    [
        ([DEARER], ["金额"], [], []),
        ([DEARER], [], ["一"], []),
        ([DEARER], ["金额"], ["一"], []),
        ([DEARER, OLDER], ["金额", "免费"], ["一", "三"], []),
        ([DEARER, OLDER], ["金额"], [], ["免费：是 → 否"]),
        ([DEARER, OLDER], [], ["三"], ["金额：10.00元 → 12.00元"]),
        ([DEARER], ["金额", "免费"], [], ["免费：没有变化。"]),
        ([DEARER], [], ["一", "二"], ["二：没有引起变化。"]),
        ([IDLE], [], ["三"], ["三：没有引起变化。"]),
        ([], ["金额"], [], ["金额：没有变化。"]),
    ],
)
def test_only_what_is_named_may_change_and_it_must(
    changes: list[tuple[str, str]], results: list[str], clauses: list[str], told: list[str]
) -> None:
    found = pair(*changes).other_changes(results, clauses)
    assert [line for line in found if line in told] == told
    assert bool(found) == bool(told)


def test_a_name_that_nothing_has_is_told_before_all_else() -> None:
    assert pair(DEARER).other_changes(["金鹅"], ["四"]) == [
        "两版没有都有的结果「金鹅」。是否想写「金额」？",
        "两版都没有条款「四」。",
    ]
    assert pair().not_the_same(["四"]) == ["两版都没有条款「四」。"]
