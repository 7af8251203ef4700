"""Terms: their values, and bounds that hold whatever the facts are."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luling.compiler.ir.values import FIRST_DATE, LAST_DATE, DateOutOfRange, Period
from luling.compiler.verify import terms
from luling.compiler.verify.terms import Fact, Folded, NoDay, Op, Order

MANY = settings(max_examples=600, deadline=None, derandomize=True)
DAYS = [Fact("甲.日", "date"), Fact("乙.日", "date")]
WHOLE = [Fact("甲.数", "integer"), Fact("乙.数", "integer")]
NUMBERS = [*WHOLE, Fact("甲.比", "number")]


def op(name: str, *arguments: Any, kind: terms.Kind = "number") -> Op:
    """An operation."""
    return Op(name, arguments, kind)


def periods() -> st.SearchStrategy[Any]:
    """Periods, some as long as a fact says."""
    constant = st.builds(Period, st.integers(-30, 400), st.integers(-40, 400))
    times = st.builds(
        lambda p, n: op("×", p, n, kind="period"), constant, st.sampled_from([WHOLE[0], 2, 0])
    )
    both = st.builds(
        lambda name, a, b: op(name, a, b, kind="period"),
        st.sampled_from("+-"), st.one_of(constant, times), constant,
    )  # fmt: skip
    return st.one_of(constant, constant, times, both)


def date_terms() -> st.SearchStrategy[Any]:
    """Terms that are dates."""
    leaf = st.one_of(st.sampled_from(DAYS), st.dates(FIRST_DATE, LAST_DATE))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(lambda d, p: op("add", d, p, kind="date"), inner, periods()),
            st.builds(
                lambda name, a, b: op(name, a, b, kind="date"),
                st.sampled_from(("较早者", "较晚者")), inner, inner,
            ),
        ),
        max_leaves=4,
    )  # fmt: skip


def number_terms() -> st.SearchStrategy[Any]:
    """Terms that are numbers."""
    constant = st.one_of(st.integers(-50, 3000), st.fractions(-9, 9, max_denominator=7))
    pairs = st.sampled_from(("日数差", "月份差", "周岁"))
    of_days = st.builds(op, pairs, date_terms(), date_terms())
    of_day = st.builds(op, st.sampled_from(("年份", "月份")), date_terms())
    leaf = st.one_of(st.sampled_from(NUMBERS), constant, of_days, of_day)
    two = st.sampled_from(("+", "-", "×", "÷", "较大者", "较小者"))
    rounds = st.sampled_from(
        (
            "向下取整",
            "向上取整",
            "四舍五入到分",
            "舍去到分",
            "进位到分",
            "四舍五入到元",
            "舍去到元",
            "进位到元",
        )
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(st.builds(op, two, inner, inner), st.builds(op, rounds, inner)),
        max_leaves=5,
    )


@st.composite
def boxes(draw: st.DrawFn) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """A value for every fact, and ranges that have them."""
    given: dict[Any, Any] = {}
    box: dict[Any, Any] = {}
    for fact in DAYS:
        value = draw(st.dates(FIRST_DATE, LAST_DATE))
        if draw(st.booleans()):  # the last days of months are where things go wrong
            value = (value.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            value = max(value, FIRST_DATE)
        given[fact] = value
        width = draw(st.sampled_from((0, 0, 1, 40, 800)))
        low = value.toordinal() - draw(st.integers(0, width))
        box[fact] = (low, low + width)
    for fact in NUMBERS:
        number: Any = draw(st.integers(0, 40))
        if fact.kind == "number":
            number = Fraction(number, draw(st.integers(1, 5)))
        given[fact] = number
        below, above = draw(st.integers(0, 9)), draw(st.integers(0, 9))
        box[fact] = (max(0, number - below), number + above)
        if draw(st.integers(0, 4)) == 0:
            del box[fact]
    return given, box


@MANY
@given(boxes(), st.one_of(date_terms(), number_terms()))
def test_a_value_lies_within_the_bounds(given_box: Any, term: Any) -> None:
    known, box = given_box
    try:
        value = terms.number(terms.evaluate(term, known))
    except (DateOutOfRange, ZeroDivisionError):
        return
    low, high = terms.bounds(term, box)
    assert low <= value <= high


@MANY
@given(boxes(), date_terms(), date_terms())
def test_an_outcome_is_the_answer_everywhere_in_the_box(
    given_box: Any, one: Any, other: Any
) -> None:
    known, box = given_box
    for atom in (Order(one, other), NoDay(one, 6), NoDay(one, 12), NoDay(other, 1)):
        try:
            answer = terms.holds(atom, known)
        except DateOutOfRange:
            continue
        assert terms.outcome(atom, box) in (answer, None)


@MANY
@given(boxes(), date_terms())
def test_at_a_point_nothing_is_open(given_box: Any, term: Any) -> None:
    known, _ = given_box
    box = {fact: (terms.number(v), terms.number(v)) for fact, v in known.items()}
    try:
        value = terms.evaluate(term, known)
        answer = terms.holds(NoDay(term, 6), known)
    except DateOutOfRange:
        return
    assert terms.bounds(term, box) == (value.toordinal(), value.toordinal())
    assert terms.outcome(NoDay(term, 6), box) is answer
    assert terms.outcome(Order(term, value), box) is True


@pytest.mark.parametrize(
    ("day", "months", "lacks"),
    [
        (date(2025, 8, 31), 6, True),  # no 31 February
        (date(2025, 8, 29), 6, True),  # 2026 has no 29 February
        (date(2025, 8, 28), 6, False),
        (date(2023, 8, 29), 6, False),  # 2024 has one
        (date(2024, 2, 29), 12, True),
        (date(2024, 2, 29), 48, False),
        (date(2096, 2, 29), 48, True),  # 2100 has none
        (date(2025, 3, 31), 1, True),
        (date(2025, 3, 30), 1, False),
    ],
)
def test_a_day_lacks_its_number_where_the_month_is_too_short(
    day: date, months: int, lacks: bool
) -> None:
    assert terms.no_day(day, months) is lacks
    assert (day.toordinal() in terms.days_without(months)) is lacks


def test_a_sum_that_may_be_below_zero_is_not_bounded_by_it() -> None:
    owed = Folded("sum", "单", 1, 2, "integer", -terms.FAR, terms.FAR)
    earned = Folded("sum", "单", 1, 2, "integer", 0, terms.FAR)
    assert terms.outcome(Order(owed, 0), {}) is None
    assert terms.outcome(Order(earned, 0), {}) is True
