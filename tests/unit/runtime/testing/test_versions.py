"""What may change between two versions, and what is told of the rest."""

from typing import Any

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
from luling.testing.versions import Allowed, Compared, unexpected

DECISION = load_text("规则书 例\n结果 甲：是否 为 是\n").decide({})
WITNESS = Witness(
    {"人": {"年龄": 18}}, "一般的人", (FactChange("人.年龄", 17, 18),), DECISION, DECISION
)
CLAUSE_OF = {"规则 甲": "一", "规则 乙": "二（一）", "单位 丙": None}
ANY, NOTHING = None, frozenset[str]()


def region(*causes: str, old: Any = 0, new: Any = 12_000) -> Region:
    """A region with what causes it."""
    return Region(("人.年龄 满 18岁", "户.特困"), old, new, WITNESS, causes)


def compared(*results: ResultComparison, **more: Any) -> Compared:
    """Two versions with these results."""
    return Compared(Outcomes(results, **more), CLAUSE_OF, ["一", "二（一）", "三"])


def result(
    name: str, verdict: Verdict, *regions: Region, more: bool = False, why: str = ""
) -> ResultComparison:
    """An amount under two versions."""
    return ResultComparison(name, t.MONEY, verdict, regions, more, why)


def names(*given: str) -> frozenset[str]:
    """A set of names."""
    return frozenset(given)


SAME = result("金额", "same")
CHANGED = result("金额", "differs", region("规则 甲"))


def test_what_is_proved_the_same_is_the_same() -> None:
    assert unexpected(compared(SAME), Allowed(ANY, NOTHING), must_change=False) == []


def test_a_change_is_told_with_its_region_cause_and_case() -> None:
    assert unexpected(compared(CHANGED), Allowed(ANY, NOTHING), must_change=False) == [
        "金额：0.00元 → 120.00元",
        "  · 人.年龄 满 18岁",
        "  · 户.特困",
        "  起因：一 规则 甲",
        "  案件：同示例「一般的人」，但是",
        "    - 人.年龄：17",
        "    + 人.年龄：18",
        "",
    ]


def test_a_case_that_is_an_example_has_no_differences() -> None:
    plain = attrs.evolve(region("规则 甲"), witness=attrs.evolve(WITNESS, changes=()))
    told = unexpected(
        compared(result("金额", "differs", plain)), Allowed(ANY, NOTHING), must_change=False
    )
    assert told[-2:] == ["  案件：同示例「一般的人」", ""]


@pytest.mark.parametrize(
    ("allowed", "fine"),
    [
        (Allowed(ANY, names("一")), True),
        (Allowed(ANY, names("一", "三")), True),
        (Allowed(ANY, names("二（一）")), False),
        (Allowed(names("金额"), ANY), True),
        (Allowed(names("金额"), names("一")), True),
        (Allowed(names("金额"), names("三")), False),
        (Allowed(names("期限"), ANY), False),
        (Allowed(names("期限"), names("一")), False),
    ],
)
def test_a_result_and_a_clause_may_be_allowed_to_change(allowed: Allowed, fine: bool) -> None:
    found = unexpected(compared(CHANGED, result("期限", "same")), allowed, must_change=False)
    assert (found == []) is fine


def test_all_causes_of_a_region_must_be_allowed() -> None:
    both = compared(result("金额", "differs", region("规则 甲", "规则 乙")))
    assert unexpected(both, Allowed(ANY, names("一")), must_change=False)
    assert not unexpected(both, Allowed(ANY, names("一", "二（一）")), must_change=False)


@pytest.mark.parametrize("causes", [(), ("单位 丙",), ("规则 不知",)])
def test_what_stands_under_no_known_clause_is_not_allowed(causes: tuple[str, ...]) -> None:
    found = compared(result("金额", "differs", region(*causes)))
    assert unexpected(found, Allowed(ANY, names("一", "二（一）", "三")), must_change=False)
    assert not unexpected(found, Allowed(names("金额"), ANY), must_change=False)


def test_what_is_not_proved_is_not_the_same() -> None:
    open_ = compared(result("金额", "undecided", why="超过时限"))
    told = unexpected(open_, Allowed(ANY, names("一")), must_change=False)
    assert told[0] == "金额：未能确定两版是否相同。超过时限"
    assert not unexpected(open_, Allowed(names("金额"), ANY), must_change=False)


def test_regions_that_are_not_listed_may_have_other_causes() -> None:
    more = compared(result("金额", "differs", region("规则 甲"), more=True))
    assert unexpected(more, Allowed(ANY, names("一")), must_change=False) == [
        "金额：还有没有列出的变化，不能确定都由所列条款引起。\n"
    ]


def test_many_regions_are_told_in_part() -> None:
    many = compared(result("金额", "differs", *[region("规则 乙")] * 9))
    told = unexpected(many, Allowed(ANY, NOTHING), must_change=False)
    assert told.count("金额：0.00元 → 120.00元") == 6
    assert told[-1] == "金额：另有 3 处不应有的变化。\n"


def test_a_difference_without_a_region_is_told() -> None:
    bare = compared(result("金额", "differs"))
    assert unexpected(bare, Allowed(ANY, NOTHING), must_change=False) == [
        "金额：有变化，没有列出是哪些案件。\n"
    ]


def test_a_name_that_nothing_has_fails_before_all_else() -> None:
    told = unexpected(
        compared(CHANGED), Allowed(names("金鹅"), names("二（二）")), must_change=False
    )
    assert told == [
        "两版没有都有的结果「金鹅」。是否想写「金额」？",
        "两版都没有条款「二（二）」。是否想写「二（一）」？",
    ]


def test_what_is_said_to_change_must_change() -> None:
    same = compared(SAME)
    assert unexpected(same, Allowed(names("金额"), ANY), must_change=True) == ["金额：没有变化。"]
    assert unexpected(same, Allowed(ANY, names("三")), must_change=True) == ["三：没有引起变化。"]
    assert unexpected(same, Allowed(names("金额"), ANY), must_change=False) == []
    assert unexpected(compared(CHANGED), Allowed(ANY, names("一")), must_change=True) == []


def test_assumptions_stand_under_what_is_told() -> None:
    found = compared(CHANGED, assumptions=("新的事实为空",), as_if_both_applied=True)
    told = unexpected(found, Allowed(ANY, NOTHING), must_change=False)
    assert told[-2:] == ["所设：新的事实为空", "两版的施行期间没有同一日：按两版都适用来比较。"]
    fine = compared(SAME, assumptions=("新的事实为空",))
    assert unexpected(fine, Allowed(ANY, NOTHING), must_change=False) == []


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
    changes = (FactChange("单", value, 1),)
    one = attrs.evolve(region("规则 甲"), witness=attrs.evolve(WITNESS, changes=changes))
    told = unexpected(
        compared(result("金额", "differs", one)), Allowed(ANY, NOTHING), must_change=False
    )
    assert f"    - 单：{shown}" in told
