"""Do the quick operations of the plain form give what the shared ones give?"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luling.compiler.ir.exact import Period, add_period, round_to
from luling.compiler.ir.operations import ROUNDING, arithmetic
from luling.runtime.compiled import plain

exacts = st.one_of(
    st.integers(-(10**9), 10**9), st.fractions().filter(lambda number: number.denominator > 1)
)


@given(exacts, exacts)
def test_arithmetic(one: int | Fraction, other: int | Fraction) -> None:
    quick = {"+": plain.plus, "-": plain.minus, "×": plain.times, "÷": plain.divided}
    for op, operation in quick.items():
        if op == "÷" and not other:
            with pytest.raises(ZeroDivisionError):
                operation(one, other)
            continue
        found, expected = operation(one, other), arithmetic(op, one, other)
        assert (type(found), found) == (type(expected), expected)


@given(exacts, st.sampled_from(sorted(ROUNDING.values())))
def test_rounding(amount: int | Fraction, rounding: tuple[int, str]) -> None:
    assert plain.rounded(amount, *rounding) == round_to(amount, *rounding)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(-300, 900), st.booleans())
def test_periods(start: date, months: int, following: bool) -> None:
    expected = add_period(start, Period(months, 3), overflow_next=following)
    table = plain.After(months, 3, following)
    assert table[start] == table[start] == expected
    assert plain.shifted(start, months) == add_period(start, Period(months, 0))


def test_some_of_several() -> None:
    table = plain.Subsets(("甲", "乙", "丙"))
    assert [table[bits] for bits in (0, 5, 7, 5)] == [
        (),
        ("甲", "丙"),
        ("甲", "乙", "丙"),
        ("甲", "丙"),
    ]


def test_rules_that_differ_are_left_to_the_general_ones() -> None:
    assert plain.agreed((), (3,), (3,)) == (3,)
    assert plain.agreed((), ()) == ()
    with pytest.raises(plain.Unplain):
        plain.agreed((3,), (4,))


def test_the_best_of_equals_is_the_first_or_the_last() -> None:
    pairs = [((1,), "甲"), ((2,), "乙"), ((2,), "丙")]
    assert plain.best(pairs) == "乙"
    assert plain.best_last(pairs) == "丙"
    assert plain.best([]) is plain.best_last([]) is None


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_MOST_KNOWN", 8)
    with counted() as tables:
        for day in range(1, 29):
            start = date(2025, 1, day)
            tables[0][start]
            tables[1][str(start)]
            plain.sound(f"甲{day}")
        assert all(len(table) <= 8 for table in (*tables, plain.SOUND))


@contextmanager
def counted() -> Iterator[tuple[plain.After, plain.Remembered]]:
    """Tables that remember, which nothing else uses."""
    plain.SOUND.clear()
    yield plain.After(1, 0, False), plain.Remembered(date.fromisoformat, (str,))
    plain.SOUND.clear()


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\ud800", "甲\udfff"], ids=ascii)
def test_a_text_that_no_case_may_hold(text: str) -> None:
    assert not plain.sound(text)
    assert text not in plain.SOUND
