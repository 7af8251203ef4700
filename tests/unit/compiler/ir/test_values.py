"""Dates, periods, rounding and the writing of numbers: what every engine shares."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luling.compiler.ir import types as t
from luling.compiler.ir.values import (
    DateOutOfRange,
    Period,
    add_period,
    completed_years,
    corresponding_day,
    decimal_text,
    exact,
    gap,
    months_between,
    period_text,
    round_to,
    show,
    to_json,
    to_python,
)

D = date.fromisoformat
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "expected", "overflowing"),
    [
        ("2025-01-28", 1, "2025-02-28", "2025-02-28"),
        ("2025-01-29", 1, "2025-02-28", "2025-03-01"),
        ("2025-01-31", 1, "2025-02-28", "2025-03-01"),
        ("2024-01-29", 1, "2024-02-29", "2024-02-29"),
        ("2024-01-31", 1, "2024-02-29", "2024-03-01"),
        ("2024-02-29", 12, "2025-02-28", "2025-03-01"),
        ("2024-02-29", 48, "2028-02-29", "2028-02-29"),
        ("1896-02-29", 48, "1900-02-28", "1900-03-01"),
        ("2025-03-31", -1, "2025-02-28", "2025-03-01"),
        ("2025-01-15", -1, "2024-12-15", "2024-12-15"),
        ("2025-12-31", 0, "2025-12-31", "2025-12-31"),
    ],
)
def test_corresponding_day(start: str, months: int, expected: str, overflowing: str) -> None:
    assert corresponding_day(D(start), months) == D(expected)
    assert corresponding_day(D(start), months, overflow_next=True) == D(overflowing)


@given(days, st.integers(-600, 600))
def test_the_corresponding_day_is_in_its_month_and_never_later_in_it(day: date, n: int) -> None:
    found = corresponding_day(day, n)
    assert months_between(day, found) == n
    assert found.day == day.day or (found + timedelta(days=1)).day == 1
    assert found.day <= day.day


@pytest.mark.parametrize("months", [12 * 8000, -12 * 3000, 10**30])
def test_a_day_outside_the_calendar_is_told(months: int) -> None:
    with pytest.raises(DateOutOfRange):
        corresponding_day(date(2025, 1, 1), months)
    with pytest.raises(DateOutOfRange):
        add_period(date(2025, 1, 1), Period(0, months * 31))


def test_months_are_counted_before_days() -> None:
    assert add_period(D("2025-01-31"), Period(1, 10)) == D("2025-03-10")
    assert add_period(D("2025-01-31"), Period(1, 10), overflow_next=True) == D("2025-03-11")
    assert add_period(D("2025-05-01"), Period(0, 1)) == D("2025-05-02")
    assert add_period(D("9999-12-30"), Period(0, 1)) == D("9999-12-31")
    with pytest.raises(DateOutOfRange):
        add_period(D("9999-12-31"), Period(0, 1))


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        ("2000-05-01", "2018-04-30", 17),
        ("2000-05-01", "2018-05-01", 18),
        ("2004-02-29", "2022-02-27", 17),
        ("2004-02-29", "2022-02-28", 18),
        ("2004-02-29", "2024-02-28", 19),
        ("2004-02-29", "2024-02-29", 20),
        ("2000-05-01", "2000-05-01", 0),
        ("2000-05-01", "2000-04-30", -1),
        ("2000-05-01", "1999-05-01", -1),
        ("2000-05-01", "1999-04-30", -2),
    ],
)
def test_completed_years(born: str, day: str, years: int) -> None:
    assert completed_years(D(born), D(day)) == years


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-01-31", "2025-02-28", Period(1, 0)),
        ("2025-01-31", "2025-02-27", Period(0, 27)),
        ("2025-01-31", "2025-03-30", Period(1, 30)),
        ("2025-01-31", "2025-03-31", Period(2, 0)),
        ("2025-08-31", "2026-02-28", Period(6, 0)),
        ("2025-05-01", "2025-05-01", Period(0, 0)),
        ("2025-05-01", "2025-06-15", Period(1, 14)),
        ("2024-02-29", "2025-02-28", Period(12, 0)),
    ],
)
def test_gap(start: str, end: str, expected: Period) -> None:
    assert gap(D(start), D(end)) == expected


@given(days, st.integers(0, 5000))
def test_a_gap_added_again_leads_to_the_end(start: date, count: int) -> None:
    end = start + timedelta(days=count)
    found = gap(start, end)
    assert found.months >= 0 and 0 <= found.days <= 31
    assert add_period(start, found) == end


@pytest.mark.parametrize(
    ("amount", "half", "down", "up"),
    [
        (Fraction(5, 2), 3, 2, 3),
        (Fraction(249, 100), 2, 2, 3),
        (Fraction(-5, 2), -3, -3, -2),
        (Fraction(-249, 100), -2, -3, -2),
        (Fraction(1, 2), 1, 0, 1),
        (Fraction(-1, 2), -1, -1, 0),
        (3, 3, 3, 3),
        (0, 0, 0, 0),
        (Fraction(10**30 * 2 + 1, 2), 10**30 + 1, 10**30, 10**30 + 1),
    ],
)
def test_rounding_to_one(amount: Any, half: int, down: int, up: int) -> None:
    found = [round_to(amount, 1, how) for how in ("四舍五入", "舍去", "进位")]
    assert found == [half, down, up]


def test_rounding_to_yuan() -> None:
    assert [round_to(n, 100, "四舍五入") for n in (149, 150, 151, -150)] == [100, 200, 200, -200]
    assert [round_to(n, 100, "舍去") for n in (199, 200, -1)] == [100, 200, -100]
    assert [round_to(n, 100, "进位") for n in (100, 101, -199)] == [100, 200, -100]


@given(st.fractions(-1000, 1000), st.sampled_from([1, 100]))
def test_rounding_stays_within_one_step(amount: Fraction, step: int) -> None:
    down, up = round_to(amount, step, "舍去"), round_to(amount, step, "进位")
    assert down <= amount <= up and up - down in (0, step)
    half = round_to(amount, step, "四舍五入")
    assert half in (down, up) and abs(half - amount) <= Fraction(step, 2)
    assert round_to(-amount, step, "四舍五入") == -half


@pytest.mark.parametrize(
    ("number", "least", "text"),
    [
        (0, 0, "0"),
        (0, 2, "0.00"),
        (5, 0, "5"),
        (-5, 2, "-5.00"),
        (100, 0, "100"),
        (Fraction(4, 5), 0, "0.8"),
        (Fraction(6, 5), 0, "1.2"),
        (Fraction(-1, 2), 2, "-0.50"),
        (Fraction(1, 100), 2, "0.01"),
        (Fraction(1, 200), 2, "0.005"),
        (Fraction(1, 20), 0, "0.05"),
        (Fraction(1, 40), 0, "0.025"),
        (Fraction(1, 1024), 0, "0.0009765625"),
        (Fraction(1, 3), 0, "1/3"),
        (Fraction(-100, 3), 2, "-100/3"),
        (Fraction(1, 6), 2, "1/6"),
        (Fraction(10**20 + 1, 10), 0, "10000000000000000000.1"),
    ],
)
def test_decimal_text(number: Any, least: int, text: str) -> None:
    assert decimal_text(number, least) == text


@given(st.fractions(), st.integers(0, 4))
def test_decimal_text_says_the_number(number: Fraction, least: int) -> None:
    text = decimal_text(number, least)
    assert Fraction(text) == number
    if "/" not in text:
        whole, _, places = text.partition(".")
        assert len(places) >= least and (len(places) == least or not places.endswith("0"))
        assert whole.lstrip("-") == "0" or not whole.lstrip("-").startswith("0")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_finite_decimal_is_never_written_as_a_fraction(number: Decimal) -> None:
    assert "/" not in decimal_text(Fraction(number))


def test_exact() -> None:
    assert exact(Fraction(4, 2)) == 2 and isinstance(exact(Fraction(4, 2)), int)
    assert isinstance(exact(Fraction(1, 2)), Fraction)


COLOUR = t.Enum("色", ("红", "蓝"))


@pytest.mark.parametrize(
    ("value", "type_", "json", "shown"),
    [
        (260000, t.MONEY, "2600.00", "2600.00元"),
        (1, t.MONEY, "0.01", "0.01元"),
        (Fraction(1, 2), t.MONEY, "0.005", "0.005元"),
        (Fraction(1, 3), t.MONEY, "1/300", "1/300元"),
        (Fraction(4, 5), t.RATIO, "0.8", "80%"),
        (1, t.RATIO, "1", "100%"),
        (Fraction(1, 2000), t.RATIO, "0.0005", "0.05%"),
        (3, t.INTEGER, 3, "3"),
        (Fraction(25, 2), t.Number("立方米"), "12.5", "12.5立方米"),
        (date(2025, 5, 1), t.DATE, "2025-05-01", "2025-05-01"),
        (True, t.BOOL, True, "是"),
        (False, t.BOOL, False, "否"),
        (None, t.maybe(t.MONEY), None, "空"),
        (5, t.maybe(t.MONEY), "0.05", "0.05元"),
        ("红", COLOUR, "红", "红"),
        (("红", "蓝"), t.ListOf(COLOUR), ["红", "蓝"], "红、蓝"),
        ((), t.ListOf(COLOUR), [], "无"),
        ((100, 250), t.ListOf(t.MONEY), ["1.00", "2.50"], "1.00元、2.50元"),
        (("一（一）",), t.CLAUSES, ["一（一）"], "一（一）"),
        (Period(18, 0), t.PERIOD, "1年6个月", "1年6个月"),
    ],
)
def test_how_a_value_is_given_and_shown(value: Any, type_: t.Type, json: Any, shown: str) -> None:
    found = to_json(value, type_)
    assert found == json and type(found) is type(json)
    assert show(value, type_) == shown


def test_how_a_value_is_given_to_python() -> None:
    assert to_python(208050, t.MONEY) == Decimal("2080.50")
    assert to_python(1, t.RATIO) == Fraction(1) and isinstance(to_python(1, t.RATIO), Fraction)
    assert to_python((100,), t.ListOf(t.MONEY)) == (Decimal(1),)
    assert to_python(None, t.maybe(t.MONEY)) is None
    assert to_python(True, t.BOOL) is True


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (Period(6, 0), "6个月"),
        (Period(12, 0), "1年"),
        (Period(18, 3), "1年6个月3日"),
        (Period(0, 30), "30日"),
        (Period(0, 0), "0日"),
    ],
)
def test_period_text(period: Period, text: str) -> None:
    assert period_text(period) == text
