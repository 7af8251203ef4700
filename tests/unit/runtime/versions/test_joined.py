"""Text beside behaviour: what changed in both, or in one alone."""

from typing import Any

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rulebook
from luling.runtime import load_text
from luling.runtime.versions.joined import Joined, joined
from luling.runtime.versions.outcomes import Outcomes, Region, ResultComparison, Verdict
from luling.runtime.versions.rules import rule_changes
from luling.runtime.versions.text import text_changes

TEXT = """规则书 例
事实 人
  年龄：整数（岁）
结果 票价：金额

## 一 全价

> 一、票价十元。

规则 全价
  票价 为 10元

## 二 老人

> 二、年满六十周岁的，五元。

例外 老人 优先于 全价
  当 人.年龄 满 60岁
  票价 为 5元

## 三 其他

> 三、本规定自公布之日起施行。

不执行 「没有规则。」
"""


def book(*changes: tuple[str, str]) -> Rulebook:
    """The rulebook with some of its text exchanged."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load_text(text).rulebook


def outcomes(verdict: Verdict, *causes: str) -> Outcomes:
    """A result that differs because of some changes, or does not."""
    witness: Any = None
    regions = (Region((), 500, 400, witness, causes),) if causes else ()
    return Outcomes((ResultComparison("票价", t.MONEY, verdict, regions),))


def told(old: Rulebook, new: Rulebook, found: Outcomes | None) -> list[tuple[str | None, str]]:
    """Each clause where something changed, and how it stands."""
    return [(one.clause, one.standing) for one in _joined(old, new, found)]


def _joined(old: Rulebook, new: Rulebook, found: Outcomes | None) -> tuple[Joined, ...]:
    return joined(text_changes(old, new), rule_changes(old, new), found)


RULE, WORDS = ("票价 为 5元", "票价 为 4元"), ("周岁的，五元", "周岁的，四元")
DIFFERS = outcomes("differs", "例外 老人")


def test_text_and_behaviour_that_changed_together_are_both() -> None:
    """And say which result it is."""
    (one,) = _joined(book(), book(RULE, WORDS), DIFFERS)
    assert (one.clause, one.standing, one.results) == ("二", "both", ("票价",))


def test_behaviour_that_changed_without_its_text_is_silent() -> None:
    """The alarm."""
    assert told(book(), book(RULE), DIFFERS) == [("二", "silent")]


def test_text_that_changed_without_behaviour_is_said_to_be_that() -> None:
    """With and without a rule that changed and matters to no case."""
    assert told(book(), book(WORDS), outcomes("same")) == [("二", "text")]
    assert told(book(), book(WORDS, RULE), outcomes("same")) == [("二", "text")]


def test_a_rule_that_causes_no_difference_is_said_more_weakly() -> None:
    """And that more could come of what is undecided."""
    assert told(book(), book(RULE), outcomes("same")) == [("二", "idle")]
    (one,) = _joined(book(), book(RULE), outcomes("undecided"))
    assert (one.standing, one.open) == ("idle", True)


def test_without_a_quotation_there_is_nothing_to_be_silent_about() -> None:
    """It is told apart."""
    bare = ("> 二、年满六十周岁的，五元。\n", "")
    assert told(book(bare), book(RULE), DIFFERS) == [("二", "unquoted")]


def test_where_results_were_not_compared_rules_stand_for_them() -> None:
    """Those that can change what comes of a case."""
    assert told(book(), book(RULE), None) == [("二", "silent")]
    assert told(book(), book(RULE, WORDS), None) == [("二", "both")]
    assert told(book(), book(("例外 老人 优", "例外 老年人 优")), None) == []


def test_a_clause_that_only_moved_has_not_changed_its_text() -> None:
    """So a rule under it that changed is silent too, under its new number."""
    moved = (("## 二 老人", "## 四 老人"), ("二、年满", "四、年满"))
    assert told(book(), book(*moved, RULE), DIFFERS) == [("四", "silent")]
    assert told(book(), book(*moved), outcomes("same")) == []


def test_what_stands_under_no_clause_is_told_first() -> None:
    """As a rule in the head of the rulebook does."""
    head = ("## 一 全价", "派生 优惠：是否 为 人.年龄 超过 {}岁\n\n## 一 全价")
    use = ("当 人.年龄 满 60岁", "当 优惠")
    old = book((head[0], head[1].format(60)), use)
    new = book((head[0], head[1].format(65)), use)
    assert told(old, new, outcomes("differs", "派生 优惠"))[0] == (None, "unquoted")


def test_what_examples_show_counts_as_known() -> None:
    """A rule that no listed region is caused by, but that a worked example needs."""
    old, new = book(), book(RULE)
    found = joined(
        text_changes(old, new), rule_changes(old, new), outcomes("undecided"),
        {"例外 老人": ("票价",)},
    )  # fmt: skip
    assert [(one.clause, one.standing, one.results) for one in found] == [
        ("二", "silent", ("票价",))
    ]
