"""What is put to Z3 is what terms mean: held against their values, date by date."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luling.compiler.ir.values import FIRST_DATE, LAST_DATE, DateOutOfRange, Period
from luling.compiler.verify import smt, terms
from luling.compiler.verify.solve import Literal
from luling.compiler.verify.symbolic import diagrams
from luling.compiler.verify.terms import Counted, Fact, Folded, NoDay, Op, Order, Several

SOME = settings(max_examples=50, deadline=None, derandomize=True)
DAY, OTHER, NUMBER = Fact("甲.日", "date"), Fact("乙.日", "date"), Fact("甲.比", "number")
needs_z3 = pytest.mark.skipif(
    not smt.is_installed(), reason="Z3 is not installed: pip install 'luling[verify]'"
)


def possible(*literals: Literal, limit: int = 300_000) -> bool | None:
    """What Z3 says."""
    return smt.Smt(diagrams(), {}, {}, limit).possible(list(literals))


def is_it(term: Any, value: Any) -> list[Literal]:
    """Answers that say that a term has a value."""
    return [(Order(term, value), True), (Order(value, term), True)]


def month_ends() -> st.SearchStrategy[date]:
    """The last days of months and the first ones, in years with and without 29 February."""

    def beside(year: int, month: int, days: int) -> date:
        found = date(year, month, 1) + timedelta(days=days)
        return min(max(found, FIRST_DATE), LAST_DATE)

    years = st.sampled_from((1900, 1999, 2000, 2023, 2024, 2100, 2199))
    return st.builds(beside, years, st.integers(1, 12), st.integers(-4, 1))


DATE_TERMS = [
    Op("add", (DAY, Period(months, days)), "date")
    for months in (-1, 1, 6, 12, 60, 192, 3600)
    for days in (0, 1, -31)
] + [Op("较早者", (DAY, OTHER), "date"), Op("较晚者", (DAY, OTHER), "date")]
NUMBER_TERMS = [
    Op("年份", (DAY,), "integer"), Op("月份", (DAY,), "integer"),
    *(Op(name, (DAY, OTHER), "integer") for name in ("月份差", "日数差", "周岁")),
]  # fmt: skip


@needs_z3
@SOME
@given(month_ends(), month_ends(), st.sampled_from(DATE_TERMS + NUMBER_TERMS))
def test_a_term_of_dates_has_its_value_and_no_other(day: date, other: date, term: Any) -> None:
    known = {DAY: day, OTHER: other}
    try:
        value = terms.evaluate(term, known)
    except DateOutOfRange:
        return
    here = [*is_it(DAY, day), *is_it(OTHER, other)]
    assert possible(*here, *is_it(term, value)) is True
    assert possible(*here, (Order(term, value), False)) is False
    assert possible(*here, (Order(value, term), False)) is False


@needs_z3
@SOME
@given(month_ends(), st.sampled_from((-12, -1, 1, 6, 12, 48, 1200)))
def test_a_day_lacks_its_number_or_does_not(day: date, months: int) -> None:
    lacks = terms.no_day(day, months)
    assert possible(*is_it(DAY, day), (NoDay(DAY, months), lacks)) is True
    assert possible(*is_it(DAY, day), (NoDay(DAY, months), not lacks)) is False


ROUNDS = (
    "向下取整", "向上取整", "四舍五入到分", "舍去到分", "进位到分",
    "四舍五入到元", "舍去到元", "进位到元",
)  # fmt: skip


@needs_z3
@SOME
@given(
    st.fractions(0, 400, max_denominator=4), st.sampled_from(ROUNDS), st.sampled_from((0, 200, 250))
)
def test_rounding_is_exact_below_zero_too(number: Fraction, name: str, less: int) -> None:
    term = Op(name, (Op("-", (NUMBER, less), "number"),), "integer")
    value = terms.evaluate(term, {NUMBER: number})
    assert possible(*is_it(NUMBER, number), *is_it(term, value)) is True
    assert possible(*is_it(NUMBER, number), (Order(term, value + 1), True)) is False
    assert possible(*is_it(NUMBER, number), (Order(term, value), False)) is False


@needs_z3
def test_arithmetic_has_no_rounding_of_its_own() -> None:
    third = Op("÷", (NUMBER, 3), "number")
    assert possible(*is_it(third, Fraction(1, 3)), *is_it(NUMBER, 1)) is True
    assert possible(*is_it(Op("×", (third, 3), "number"), NUMBER)) is True
    assert possible((Order(Op("×", (third, 3), "number"), NUMBER), False)) is False


@needs_z3
def test_a_period_may_be_as_long_as_a_fact_says() -> None:
    count = Fact("甲.数", "integer")
    months = Op("×", (Period(1, 0), count), "period")
    complete = Op("add", (DAY, Op("+", (months, Period(0, 1)), "period")), "date")
    here = [*is_it(DAY, date(2025, 1, 31)), *is_it(count, 1)]
    assert possible(*here, *is_it(complete, date(2025, 3, 1))) is True
    assert possible(*here, (Order(complete, date(2025, 3, 2)), True)) is False


@needs_z3
def test_what_is_left_out_is_never_an_answer_of_yes() -> None:
    total = Folded("sum", "单", 1, 1, "integer", 0, terms.FAR)
    assert possible((Order(total, 5), True)) is None
    assert possible((Order(total, 5), True), (Order(total, 4), False)) is False
    assert possible((Order(Counted("单", 1), NUMBER), True)) is None


@needs_z3
def test_a_limit_that_is_reached_is_no_answer_and_the_same_each_time() -> None:
    hard = [
        (Order(Op("add", (DAY, Period(6, 1)), "date"), OTHER), True),
        (Order(Op("add", (OTHER, Period(6, 1)), "date"), Fact("丙.日", "date")), True),
        (Order(Op("add", (DAY, Period(12, 3)), "date"), Fact("丙.日", "date")), False),
    ]
    assert [possible(*hard, limit=20_000) for _ in range(3)] == [None] * 3


@needs_z3
def test_lists_that_would_need_many_items_are_left_out() -> None:
    d = diagrams()
    valid = {"单": d.false}
    few, many = (Several("单", d.true, n) for n in (3, 300))
    solver = smt.Smt(d, valid, {})
    assert solver.possible([(few, True)]) is False
    assert solver.possible([(many, True)]) is None


def test_without_z3_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "z3", None)
    assert not smt.is_installed()
    assert smt.second_solver(diagrams(), {}, {})([(Order(DAY, OTHER), True)]) is None
