"""What diagrams do not tell is never taken for the same, for proved or for impossible."""

import pytest

from luling.compiler.verify.diagram import Diagrams
from luling.compiler.verify.symbolic import Unclear, diagrams
from luling.runtime import load_text
from luling.runtime.proofs.verify import verify
from luling.runtime.versions.compare import compare_outcomes

# 月 is any number: such a period could lead beyond the calendar, which diagrams do not tell.
LATER = "起满 （月 × 1个月） 不晚于 甲.终"
TEXT = """
规则书 例
事实 甲
  日：日期
  月：整数
  终：日期
列表 单
  日：日期
  月：整数
{check}
结果 大：是否 为 {condition}
必然 不大
  须 非 大
"""
OF_CASE = """
核对 终
  须 甲.日 起满 （甲.月 × 1个月） 不晚于 甲.终
  错在 甲.终
  说明 「早」
"""
OF_ITEM = f"""
核对 终
  每项 单
  须 日 {LATER}
  错在 日
  说明 「早」
"""
WAYS = {
    "whether a case is valid": (OF_CASE, "甲.月 至少 5", "甲.月 至少 6"),
    "whether an item is valid": (OF_ITEM, "单 的 个数 至少 2", "单 的 个数 至少 3"),
    "how many items there are": (
        "",
        f"单 中 日 {LATER} 者 的 个数 至少 2",
        f"单 中 日 {LATER} 者 的 个数 至少 3",
    ),
    "whether a condition holds": (
        "",
        "（甲.日 起满 （甲.月 × 1个月） 不晚于 甲.终） 且 甲.月 至少 2",
        "（甲.日 起满 （甲.月 × 1个月） 不晚于 甲.终） 且 甲.月 至少 3",
    ),
}


@pytest.mark.parametrize(("check", "one", "other"), WAYS.values(), ids=WAYS)
def test_where_something_is_not_clear_two_versions_are_not_called_the_same(
    check: str, one: str, other: str
) -> None:
    old, new = (load_text(TEXT.format(check=check, condition=c)) for c in (one, other))
    assert [r.verdict for r in compare_outcomes(old, new, seconds=30).results] == ["undecided"]
    assert [r.verdict for r in compare_outcomes(old, old, seconds=30).results] == ["same"]


@pytest.mark.parametrize(("check", "one", "other"), WAYS.values(), ids=WAYS)
def test_where_something_is_not_clear_no_statement_is_proved(
    check: str, one: str, other: str
) -> None:
    for condition in (one, other):
        engine = load_text(TEXT.format(check=check, condition=condition))
        found = list(verify(engine, questions=["invariant"], seconds=30))
        assert [a.verdict for a in found] == ["undecided"]


def test_rules_that_may_contradict_each_other_are_not_called_free_of_conflict() -> None:
    engine = load_text(
        """
规则书 例
事实 甲
  日：日期
  月：整数
  终：日期
结果 大：整数，否则 0
规则 甲
  当 甲.日 起满 （甲.月 × 1个月） 不晚于 甲.终
  大 为 1
规则 乙
  当 甲.月 至少 5
  大 为 2
"""
    )
    found = {a.question: a.verdict for a in verify(engine, questions=["conflict"], seconds=30)}
    assert found == {"conflict": "undecided"}


def both_ways(d: Diagrams, one: int, other: int) -> list[int]:
    """What several operations make of two values that are not clear."""
    return [
        d.ite(one, d.leaf(1), d.leaf(2)),
        d.ite(one, d.leaf(1), d.leaf(3)),
        d.negate(one),
        d.map("plus", lambda v: d.leaf(v + 1), one),
        d.map("twice", lambda v: d.leaf(v * 2), one),
        d.map2("sum", lambda a, b: d.leaf(a + b), one, other),
        d.map2("sum", lambda a, b: d.leaf(a + b), other, one),
        d.equal(one, d.leaf(1), lambda a, b: d.leaf(a == b)),
    ]


def test_what_operations_make_of_it_is_told_apart_and_what_is_made_in_one_way_is_not() -> None:
    d = diagrams()
    one, other = d.leaf(Unclear("甲", 1)), d.leaf(Unclear("乙", 2))
    made = both_ways(d, one, other)
    assert len({one, other, *made}) == len(made) + 2
    assert both_ways(d, one, other) == made
    assert all(isinstance(d.value(node), Unclear) for node in made)
