"""必然 and cliffs: proved, or refuted by cases that a fresh interpreter decides that way."""

from typing import Any

import pytest

from luling.compiler.diagnostics.entry import Both
from luling.runtime.decide import Decision, Engine
from luling.runtime.proofs.book import Book
from luling.runtime.proofs.verify import verify

from .asked import Asked


def proved(text: str) -> None:
    """Asserts that the one statement of a rulebook holds."""
    assert list(Asked(text, "invariant").verdicts().values()) == ["proved"]


# --- of one case


def allowance(years: int, amount: int, most: int) -> str:
    return f"""
结果 补助：金额 或 空
规则 补助
  当 人.工龄 不少于 10
  补助 为 若 人.工龄 超过 {years} 则 {amount}元 否则 200元
必然 有上限
  当 有 补助
  须 补助 不超过 {most}元
"""


def test_an_amount_on_its_limit_keeps_the_statement() -> None:
    proved(allowance(19, 300, 300))


def test_an_amount_a_yuan_over_its_limit_is_found_on_the_first_year_that_gives_it() -> None:
    asked = Asked(allowance(19, 301, 300), "invariant")
    assert asked.decided("必然 有上限")["补助"] == 301
    assert asked.case("必然 有上限")["人"]["工龄"] == 20
    assert asked.why("必然 有上限") == "不成立：补助 不超过 300.00元"
    assert asked.found("必然 有上限") == ["补助 为 301.00元"]


def test_a_statement_that_speaks_of_no_case_holds() -> None:
    proved("结果 甲：是否 为 人.残疾\n必然 例\n  当 人.出生日期 晚于 人.申请日期\n  须 甲\n")


def test_a_case_that_the_checks_rule_out_refutes_nothing() -> None:
    text = "结果 甲：是否 为 人.出生日期 {}于 人.申请日期\n必然 例\n  须 甲\n"
    proved(text.format("不晚"))
    asked = Asked(text.format("早"), "invariant")
    assert asked.decided("必然 例")["甲"] is False
    case = asked.case("必然 例")["人"]
    assert case["出生日期"] == case["申请日期"]


def test_a_refutation_starts_from_a_worked_example_and_says_what_is_otherwise() -> None:
    example = """
示例 通常
  设 人.等级 为 高级，人.工龄 为 30，人.残疾 为 是，人.工资 为 1元，人.户 为 乙，证书 为 空
  设 人.出生日期 为 1980-05-01，人.申请日期 为 2025-05-01，人.受伤日期 为 空
"""
    asked = Asked("结果 甲：是否 为 人.工龄 满 9\n必然 例\n  须 甲\n" + example, "invariant")
    refutation = asked.answers["必然 例"].refutation
    assert refutation is not None and refutation.baseline == "通常"
    assert [(c.path, c.plain, c.value) for c in refutation.changes] == [("人.工龄", 30, 8)]
    assert asked.case("必然 例")["人"]["等级"] == "高级"


def test_outside_its_application_a_result_is_what_is_reported() -> None:
    head = "  适用条件 人.申请日期 不早于 2025-05-01\n  不适用时 甲 为 {}\n"
    text = "结果 甲：是否 为 人.工龄 满 0\n必然 例\n  须 甲\n"

    held = Asked(text, "invariant", head=head.format("是"))
    assert held.verdicts() == {"必然 例": "proved"}
    refuted = Asked(text, "invariant", head=head.format("否"))
    assert refuted.decided("必然 例")["甲"] is False
    assert refuted.case("必然 例")["人"]["申请日期"] < "2025-05-01"


def test_a_statement_about_a_derived_value_shows_that_value() -> None:
    asked = Asked(
        "派生 甲：整数 为 人.工龄 加 1\n结果 乙：是否 为 甲 超过 0\n必然 例\n  须 甲 不超过 9\n",
        "invariant",
    )
    assert asked.found("必然 例") == ["甲 为 10", "乙 为 是"]
    assert asked.case("必然 例")["人"]["工龄"] == 9


def test_readings_are_as_taken() -> None:
    reading = "解读 算 \n  问 「算不算？」\n  取 {}\n  另 {}\n  理由 「例。」\n"
    text = "结果 甲：是否 为 按解读 算 取 算上\n必然 例\n  须 甲\n"
    proved(reading.format("算上", "不算") + text)
    asked = Asked(reading.format("不算", "算上") + text, "invariant")
    assert asked.decided("必然 例")["甲"] is False
    assert asked.answers["必然 例"].refutation.readings == {}  # type: ignore[union-attr]


# --- the ends of months


@pytest.mark.parametrize(("last", "holds"), [("2025-02-28", True), ("2025-02-27", False)])
def test_a_month_from_the_last_of_january_ends_with_february(last: str, holds: bool) -> None:
    asked = Asked(
        f"""
派生 满一月：日期 为 人.申请日期 起满 1个月
结果 及时：是否 为 有 人.受伤日期 且 人.受伤日期 不晚于 满一月
必然 例
  当 及时 且 人.申请日期 为 2025-01-31
  须 有 人.受伤日期 且 人.受伤日期 不晚于 {last}
""",
        "invariant",
    )
    assert asked.verdicts() == {"必然 例": "proved" if holds else "refuted"}
    if not holds:
        assert asked.decided("必然 例")["及时"] is True
        assert asked.case("必然 例")["人"]["受伤日期"] == "2025-02-28"


@pytest.mark.parametrize(("last", "holds"), [("2025-01-28", True), ("2025-01-29", False)])
def test_two_ways_to_count_a_month_part_on_the_29th_of_january(last: str, holds: bool) -> None:
    asked = Asked(
        f"""
派生 到月末：日期 为 人.申请日期 起满 1个月
派生 到次月首日：日期 为 人.申请日期 起顺延满 1个月
结果 相同：是否 为 到月末 为 到次月首日
必然 例
  当 人.申请日期 不早于 2025-01-02 且 人.申请日期 不晚于 {last}
  须 相同
""",
        "invariant",
    )
    assert asked.verdicts() == {"必然 例": "proved" if holds else "refuted"}
    if not holds:
        assert asked.decided("必然 例")["相同"] is False
        assert asked.case("必然 例")["人"]["申请日期"] == "2025-01-29"


def test_a_month_and_a_month_more_is_not_two_months() -> None:
    asked = Asked(
        """
派生 满一月：日期 为 人.申请日期 起满 1个月
结果 分两次：日期 为 满一月 起满 1个月
结果 一次：日期 为 人.申请日期 起满 2个月
必然 例
  须 分两次 为 一次
""",
        "invariant",
    )
    decision = asked.decided("必然 例")
    assert decision["分两次"] != decision["一次"]


# --- lists


def best(least: int) -> str:
    return f"""
结果 有高级：是否 为 有 证书 中 等级 为 高级 且 取得日期 不晚于 人.申请日期 者
结果 张数：整数 为 证书 的 个数
必然 例
  当 有高级
  须 张数 不少于 {least}
"""


def test_whoever_has_one_of_a_kind_has_one_but_not_two() -> None:
    proved(best(1))
    asked = Asked(best(2), "invariant")
    decision = asked.decided("必然 例")
    assert (decision["有高级"], decision["张数"]) == (True, 1)
    assert [item["等级"] for item in asked.case("必然 例")["证书"]] == ["高级"]


# --- two cases


def rising(fact: str, way: str, direction: str, value: str, when: str = "") -> str:
    return f"结果 甲：金额 为 {value}\n必然 例\n{when}  随 人.{fact} {way}，甲 {direction}\n"


LEVELS = "若 人.等级 在 中级 以上 则 300元 否则 200元"
MIDDLE = "若 人.工龄 满 10 且 人.工龄 不超过 20 则 50元 否则 20元"
TO_TWENTY = "  当 人.工龄 不超过 20\n"
HURT = "若 有 人.受伤日期 且 人.受伤日期 不早于 2025-05-01 则 300元 否则 200元"
DISABLED = "若 人.残疾 则 300元 否则 200元"


@pytest.mark.parametrize(
    "text",
    [
        rising("等级", "提高", "不减", LEVELS),
        rising("工龄", "增加", "不减", MIDDLE, TO_TWENTY),
        rising("受伤日期", "推迟", "不减", HURT),
        rising("残疾", "由否变是", "不减", DISABLED),
        rising("工资", "增加", "不增", DISABLED),
    ],
)
def test_a_value_that_never_goes_the_other_way_is_proved_so(text: str) -> None:
    proved(text)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (rising("等级", "提高", "不增", LEVELS), "等级"),
        (rising("工龄", "增加", "不减", MIDDLE), "工龄"),
        (rising("受伤日期", "推迟", "不增", HURT), "受伤日期"),
        (rising("残疾", "由否变是", "不增", DISABLED), "残疾"),
        (rising("工资", "增加", "不增", "人.工资 × 10% 加 5元"), "工资"),
        (rising("工资", "增加", "不减", "较大者（100元 减 人.工资，0元）"), "工资"),
    ],
)
def test_a_value_that_does_is_shown_by_two_valid_cases_that_differ_in_the_fact(
    text: str, fact: str
) -> None:
    asked = Asked(text, "invariant")
    one, other = asked.decided("必然 例"), asked.second("必然 例")
    down = "不减" in text.splitlines()[-1]
    assert one["甲"] > other["甲"] if down else one["甲"] < other["甲"]  # type: ignore[operator]
    before, after = apart(asked, fact)
    assert rank(before) < rank(after)
    assert len(asked.found("必然 例")) == 2


def apart(asked: Asked, fact: str) -> tuple[Any, Any]:
    """The values of a fact in the two cases, which are otherwise the same."""
    refutation = asked.answers["必然 例"].refutation
    assert refutation is not None and refutation.second is not None
    one, other = refutation.case, refutation.second
    assert {**other, "人": {**other["人"], fact: one["人"][fact]}} == one
    return one["人"][fact], other["人"][fact]


def rank(value: Any) -> Any:
    """A value to compare by, none before any."""
    order = ["初级", "中级", "高级"]
    if value in order:
        return (1, order.index(value))
    return (0, 0) if value is None else (1, float(value) if str(value)[-3:-2] == "." else value)


def test_both_sides_of_the_limit_are_shown() -> None:
    asked = Asked(rising("工龄", "增加", "不减", MIDDLE), "invariant")
    assert asked.found("必然 例") == [
        "人.工龄 为 10 时 甲 为 50.00元",
        "人.工龄 为 21 时 甲 为 20.00元",
    ]
    assert asked.why("必然 例") == "人.工龄 上升而 甲 减了"


def test_both_cases_have_to_be_valid() -> None:
    """A later application after a later birth: the check between them holds in both."""
    value = "若 人.出生日期 晚于 人.申请日期 则 100元 否则 200元"
    proved(rising("出生日期", "推迟", "不减", value))


# --- what is not decided


def test_what_is_not_decided_says_why_in_both_languages() -> None:
    asked = Asked(
        """
结果 张数：整数 为 证书 的 个数
结果 高级张数：整数 为 证书 中 等级 为 高级 者 的 个数
必然 例
  须 高级张数 不超过 张数
""",
        "invariant",
    )
    answer = asked.answers["必然 例"]
    assert (answer.verdict, answer.settled) == ("undecided", False)
    assert answer.why == Both(
        "个数、合计与其他事实相比", "a count or a sum is compared with other facts"
    )


def test_what_takes_too_long_is_undecided() -> None:
    asked = Asked(allowance(19, 301, 300), "invariant", "gap", "idle", seconds=0)
    assert set(asked.verdicts().values()) <= {"proved", "undecided"}
    assert asked.why("必然 有上限") == "超过时限"


# --- cliffs

TAX = """
结果 补助：金额 为 若 人.申请日期 不早于 2025-05-01 则 300元 否则 200元
结果 税：金额 或 空
规则 税
  当 人.工资 超过 5000元
  税 为 人.工资 × 10%
"""


def cliff(**most: int) -> Asked:
    return Asked(TAX, cliffs=most)


@pytest.mark.parametrize(("most", "holds"), [(9999, False), (10000, True), (10001, True)])
def test_a_day_moves_a_result_by_a_hundred_yuan_and_no_more(most: int, holds: bool) -> None:
    asked = cliff(补助=most)
    assert asked.verdicts()["补助随人.申请日期"] == ("proved" if holds else "refuted")
    others = {about: v for about, v in asked.verdicts().items() if "申请日期" not in about}
    assert set(others.values()) == {"proved"}
    if not holds:
        case = asked.case("补助随人.申请日期")
        assert case["人"]["申请日期"] == "2025-04-30"
        assert pair(asked, "补助随人.申请日期", "补助") == (200, 300)


@pytest.mark.parametrize(("most", "holds"), [(50009, False), (50010, True), (50011, True)])
def test_a_yuan_moves_a_result_from_none_to_what_is_due_above_the_limit(
    most: int, holds: bool
) -> None:
    asked = cliff(税=most)
    assert asked.verdicts()["税随人.工资"] == ("proved" if holds else "refuted")
    if not holds:
        none, due = pair(asked, "税随人.工资", "税")
        assert none is None and due > 500


def test_a_yuan_above_the_limit_moves_a_share_of_it_by_ten_fen() -> None:
    text = "结果 税：金额 为 人.工资 × 10% 加 3元\n"
    assert Asked(text, cliffs={"税": 10}).verdicts()["税随人.工资"] == "proved"
    asked = Asked(text, cliffs={"税": 9})
    one, other = pair(asked, "税随人.工资", "税")
    assert float(other - one) == pytest.approx(0.1)


def test_items_of_lists_are_not_asked_for_cliffs() -> None:
    """Nothing is said rather than that it is proved."""
    text = "结果 甲：金额 为 若 有 证书 中 取得日期 不早于 2025-05-01 者 则 9元 否则 2元\n"
    assert not [about for about in Asked(text, cliffs={"甲": 1}).verdicts() if "证书" in about]


def pair(asked: Asked, about: str, result: str) -> tuple[Any, Any]:
    """A result of the two cases of a cliff."""
    decisions: list[Decision] = [asked.decided(about), asked.second(about)]
    return decisions[0][result], decisions[1][result]


def test_a_fresh_engine_is_one_that_no_question_was_put_to() -> None:
    asked = cliff(补助=9999)
    case = asked.case("补助随人.申请日期")
    assert Engine(asked.engine.rulebook).decide(case)["补助"] == 200


# --- the interpreter has the last word


def test_a_case_that_does_not_come_out_so_refutes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the search had found a case of no service year."""
    plain = Asked(allowance(19, 301, 300)).engine
    monkeypatch.setattr(Book, "decide", lambda book, found: plain.decide(EMPTY))
    asked = Asked(allowance(19, 301, 300), "invariant")
    assert asked.verdicts() == {"必然 有上限": "undecided"}
    assert asked.why("必然 有上限") == "求得的案件复演不是这样"


EMPTY: dict[str, Any] = {
    "人": {
        **{"等级": "初级", "工龄": 0, "残疾": False, "工资": 0, "户": "甲", "受伤日期": None},
        **{"出生日期": "2025-01-01", "申请日期": "2025-01-01"},
    },
    "证书": [],
}


def test_what_is_asked_under_other_readings_is_refuted_under_them() -> None:
    text = (
        "解读 算\n  问 「算不算？」\n  取 算上\n  另 不算\n  理由 「例。」\n"
        "结果 甲：是否 为 按解读 算 取 算上\n必然 例\n  须 甲\n"
    )
    engine = Asked(text).engine
    (as_taken,) = verify(engine, questions=["invariant"])
    assert as_taken.verdict == "proved"
    other = engine.with_readings({"算": "不算"})
    (refuted,) = verify(other, questions=["invariant"])
    assert refuted.verdict == "refuted" and refuted.refutation is not None
    assert refuted.refutation.readings == {}
    assert other.decide(refuted.refutation.case)["甲"] is False


# --- the latest of the items of a list


def test_a_list_without_items_has_no_latest_rather_than_one_on_day_zero() -> None:
    """Where the search leaves out that there is one, it looks among lists that have one."""
    asked = Asked(
        """
派生 最晚：日期 或 空 为 证书 的 取得日期 之最晚
派生 到期日：日期 为 人.申请日期 起满 1个月
结果 迟：整数 为 若 有 最晚 且 最晚 晚于 到期日 则 日数差（到期日，最晚）否则 0
必然 不早
  须 迟 不少于 0
必然 不晚
  须 迟 不超过 30
""",
        "invariant",
    )
    assert asked.verdicts()["必然 不晚"] == "refuted"
    assert asked.decided("必然 不晚")["迟"] > 30  # type: ignore[operator]
    assert asked.verdicts()["必然 不早"] in ("proved", "undecided")
