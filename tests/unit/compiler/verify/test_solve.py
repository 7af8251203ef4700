"""The own solver: boundaries from both sides, lists and texts. Z3 does not contradict it."""

from datetime import date
from typing import Any

import attrs
import pytest

from luling.compiler.ir.values import Period
from luling.compiler.verify import smt, terms
from luling.compiler.verify.diagram import Diagram, Diagrams
from luling.compiler.verify.solve import Exhausted, Literal, Model, Preferred, Solver
from luling.compiler.verify.symbolic import Items, diagrams
from luling.compiler.verify.terms import (
    Counted,
    Fact,
    Folded,
    NoDay,
    OneOf,
    Op,
    Order,
    SameText,
    Several,
)

BORN, DAY, OTHER = (Fact(f"{name}.日", "date") for name in "甲乙丙")
NUMBER = Fact("甲.数", "integer")
ONE, TWO, THREE = (Fact(f"{name}.文", "text") for name in "甲乙丙")


def later(term: Any, months: int, days: int = 0) -> Op:
    """The day on which a period is complete."""
    return Op("add", (term, Period(months, days)), "date")


def on(fact: Fact, day: date) -> list[Literal]:
    """Answers that say that a date is a certain day."""
    after = date.fromordinal(day.toordinal() + 1)
    return [(Order(fact, day), True), (Order(fact, after), False)]


NO_MONTH_OF_32_DAYS: list[Literal] = [
    (Order(Op("日数差", (BORN, DAY), "integer"), 32), True),
    (Order(later(BORN, 1), DAY), True),
]


@attrs.define
class Asked:
    """Both solvers over one set of diagrams."""

    d: Diagrams = attrs.field(factory=diagrams)
    valid: dict[str, Diagram] = attrs.field(factory=dict)
    best: dict[str, Items] = attrs.field(factory=dict)

    def solve(self, *literals: Literal, preferred: dict[str, Any] | None = None) -> Model | None:
        """The own solver's model; Z3 does not contradict it."""
        wanted = list(literals)
        model = Solver(self.d, self.valid, self.best).solve(wanted, Preferred(preferred or {}))
        if smt.is_installed():
            second = smt.Smt(self.d, self.valid, self.best).possible(wanted)
            assert second in (model is not None, None)
        return model

    def ask(self, atom: Any) -> Diagram:
        """Where the answer is yes."""
        return self.d.by(atom, (True, False), (self.d.true, self.d.false))


# ---- dates


@pytest.mark.parametrize(
    ("start", "months", "complete"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 60, date(2029, 2, 28)),
        (date(2008, 2, 29), 192, date(2024, 2, 29)),
        (date(2084, 2, 29), 192, date(2100, 2, 28)),
        (date(2025, 3, 31), 1, date(2025, 4, 30)),
        (date(2025, 5, 16), 6, date(2025, 11, 16)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
    ],
)
def test_a_period_is_complete_on_its_day_not_before(
    start: date, months: int, complete: date
) -> None:
    given = on(BORN, start)
    reached = Order(DAY, later(BORN, months))
    before = date.fromordinal(complete.toordinal() - 1)
    after = date.fromordinal(complete.toordinal() + 1)
    asked = Asked()
    assert asked.solve(*given, *on(DAY, before), (reached, True)) is None
    assert asked.solve(*given, *on(DAY, before), (reached, False)) is not None
    for day in (complete, after):
        assert asked.solve(*given, *on(DAY, day), (reached, True)) is not None
        assert asked.solve(*given, *on(DAY, day), (reached, False)) is None


def test_the_day_a_period_began_is_found_from_the_day_it_is_complete() -> None:
    asked = Asked()
    ends = later(BORN, 6)
    whole = [(Order(ends, date(2026, 2, 28)), True), (Order(ends, date(2026, 3, 1)), False)]
    begins = {}
    for day in (27, 28, 29, 30, 31):
        begins[day] = asked.solve(*whole, *on(BORN, date(2025, 8, day))) is not None
    assert begins == {27: False, 28: True, 29: True, 30: True, 31: True}


def test_two_half_years_are_never_more_than_a_year() -> None:
    halves, year = later(later(BORN, 6), 6), later(BORN, 12)
    asked = Asked()
    less = asked.solve((Order(halves, year), False))  # 31 August, clamped twice
    assert less is not None
    day = less.values["甲.日"]
    assert day.day > 28
    more = Order(halves, later(BORN, 12, 1))
    if smt.is_installed():
        assert smt.Smt(asked.d, {}, {}).possible([(more, True)]) is False


def test_days_without_a_number_are_found_and_only_those() -> None:
    asked = Asked()
    found = asked.solve((NoDay(BORN, 12), True))
    assert found is not None
    assert (found.values["甲.日"].month, found.values["甲.日"].day) == (2, 29)
    assert asked.solve((NoDay(BORN, 12), True), *on(BORN, date(2024, 2, 28))) is None
    assert asked.solve((NoDay(BORN, 48), True), *on(BORN, date(2024, 2, 29))) is None
    assert asked.solve((NoDay(BORN, 48), True), *on(BORN, date(2096, 2, 29))) is not None


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2000, 2, 29), date(2016, 2, 28), 15),
        (date(2000, 2, 29), date(2016, 2, 29), 16),
        (date(2000, 2, 29), date(2018, 2, 27), 17),
        (date(2000, 2, 29), date(2018, 2, 28), 18),
        (date(2000, 3, 1), date(2018, 2, 28), 17),
    ],
)
def test_an_age_is_reached_on_the_birthday(born: date, day: date, years: int) -> None:
    asked, given = Asked(), [*on(BORN, born), *on(DAY, day)]
    age = Op("周岁", (BORN, DAY), "integer")
    assert asked.solve(*given, (Order(age, years), True), (Order(age, years + 1), False))
    assert asked.solve(*given, (Order(age, years), False)) is None
    assert asked.solve(*given, (Order(age, years + 1), True)) is None


def test_dates_stay_within_the_years_a_case_may_have() -> None:
    asked = Asked()
    assert asked.solve((Order(date(1899, 12, 31), BORN), True)) is None
    assert asked.solve((Order(BORN, date(2200, 1, 1)), True)) is None
    assert asked.solve((Order(later(BORN, 12), date(2200, 1, 1)), True)) is not None


def test_a_case_stays_as_preferred_where_the_answers_allow_it() -> None:
    asked = Asked()
    plain = {"甲.日": date(2025, 6, 1), "乙.日": date(2025, 6, 2)}
    found = asked.solve((Order(DAY, BORN), True), preferred=plain)
    assert found is not None
    assert {k: found.values[k] for k in plain} == plain
    moved = asked.solve(
        (Order(BORN, DAY), True), (Order(BORN, date(2025, 7, 1)), False), preferred=plain
    )
    assert moved is not None
    assert sum(moved.values[k] != plain[k] for k in plain) == 1


def test_what_takes_too_long_is_not_called_impossible() -> None:
    with pytest.raises(Exhausted):
        Asked().solve(*NO_MONTH_OF_32_DAYS)


@pytest.mark.skipif(not smt.is_installed(), reason="Z3 is not installed: luling[verify]")
def test_z3_proves_what_the_own_solver_gives_up_on() -> None:
    solver = smt.Smt(diagrams(), {}, {})
    assert solver.possible(NO_MONTH_OF_32_DAYS) is False
    assert solver.possible(NO_MONTH_OF_32_DAYS[:1]) is True


def test_questions_of_a_fact_that_is_not_there_do_not_count() -> None:
    asked = Asked()
    clash = [(Order(BORN, date(2025, 1, 1)), True), (Order(BORN, date(2024, 1, 1)), False)]
    assert asked.solve(*clash) is None
    assert asked.solve((("there", "甲.日"), False), *clash) is not None
    assert asked.solve((("there", "甲.日"), True), *clash) is None


def test_a_fact_that_must_be_there_gets_a_value() -> None:
    asked = Asked()
    asked.d.notes["there", "甲.日"] = BORN
    found = asked.solve((("there", "甲.日"), True), preferred={"甲.日": None})
    assert found is not None
    assert isinstance(found.values["甲.日"], date)
    kept = asked.solve((("there", "甲.日"), True), preferred={"甲.日": date(2025, 1, 1)})
    assert kept is not None
    assert "甲.日" not in kept.values


# ---- texts


def test_texts_are_the_same_or_not() -> None:
    asked = Asked()
    chain = [(SameText(ONE, TWO), True), (SameText(TWO, THREE), True)]
    assert asked.solve(*chain, (SameText(ONE, THREE), False)) is None
    found = asked.solve(*chain, (OneOf(ONE, frozenset("子")), True))
    assert found is not None
    assert {found.values[f.path] for f in (ONE, TWO, THREE)} == {"子"}


def test_a_text_may_be_one_that_nobody_named() -> None:
    asked = Asked()
    found = asked.solve((OneOf(ONE, frozenset("子丑")), False))
    assert found is not None
    assert found.values["甲.文"] not in ("子", "丑")


def test_few_texts_are_not_enough_for_many_facts() -> None:
    asked = Asked()
    apart = [(SameText(a, b), False) for a, b in ((ONE, TWO), (TWO, THREE), (ONE, THREE))]
    two = [(OneOf(fact, frozenset("子丑")), True) for fact in (ONE, TWO, THREE)]
    assert asked.solve(*apart, *two) is None
    assert asked.solve(*apart[:2], *two) is not None


# ---- lists


def several(asked: Asked, condition: Diagram, count: int) -> Several:
    """Whether at least so many items meet a condition."""
    return Several("单", condition, count)


def with_days() -> tuple[Asked, Diagram, Diagram]:
    """A list of days: all valid ones, and those from 2025 on."""
    asked = Asked()
    asked.valid["单"] = asked.d.true
    late = asked.ask(Order(Fact("单[].日", "date"), date(2025, 1, 1)))
    return asked, asked.d.true, late


def test_at_least_and_fewer_leave_room_or_do_not() -> None:
    asked, every, late = with_days()
    assert asked.solve((several(asked, late, 2), True), (several(asked, every, 3), False))
    assert asked.solve((several(asked, late, 2), True), (several(asked, late, 2), False)) is None
    assert asked.solve((several(asked, late, 2), True), (several(asked, every, 2), False)) is None
    early = asked.d.negate(late)
    both = [(several(asked, late, 2), True), (several(asked, early, 1), True)]
    assert asked.solve(*both, (several(asked, every, 3), False)) is None
    found = asked.solve(*both, (several(asked, every, 4), False))
    assert found is not None
    assert len(found.items["单"]) == 3


def test_one_item_serves_two_questions() -> None:
    asked, every, late = with_days()
    red = asked.d.by(("item", "单", "", "类"), ("红", "蓝"), (asked.d.true, asked.d.false))
    both = [(several(asked, late, 1), True), (several(asked, red, 1), True)]
    found = asked.solve(*both, (several(asked, every, 2), False))
    assert found is not None
    assert len(found.items["单"]) == 1
    assert found.choices["item", "单", "0", "类"] == "红"


def test_items_are_valid_ones() -> None:
    asked, _, late = with_days()
    asked.valid["单"] = asked.ask(Order(BORN, Fact("单[].日", "date")))
    assert asked.solve((several(asked, late, 1), True), *on(BORN, date(2025, 1, 1)))
    assert asked.solve((several(asked, late, 1), True), *on(BORN, date(2024, 12, 31))) is None


def test_an_empty_list_meets_every_answer_that_says_fewer() -> None:
    asked, every, _ = with_days()
    asked.valid["单"] = asked.d.false
    assert asked.solve((several(asked, every, 1), False))
    assert asked.solve((several(asked, every, 1), True)) is None


def test_a_count_beside_a_fact_is_found_but_nothing_is_proved_by_it() -> None:
    asked, _, late = with_days()
    count = Counted("单", late)
    found = asked.solve((Order(count, NUMBER), True), (Order(NUMBER, 2), True))
    assert found is not None
    assert len(found.items["单"]) >= 2
    with pytest.raises(Exhausted):
        asked.solve((Order(count, NUMBER), True), (Order(NUMBER, 9), True))


def test_the_latest_of_a_list_beside_a_fact_is_a_day() -> None:
    asked, every, _ = with_days()
    days = asked.d.leaf(Fact("单[].日", "date"))
    last = Folded("max", "单", every, days, "date", *terms.DOMAIN["date"])
    waited = Op("日数差", (last, BORN), "integer")
    found = asked.solve((Order(waited, 10), True), *on(BORN, date(2025, 1, 11)))
    assert found is not None
    assert found.values["单[0].日"] <= date(2025, 1, 1)


def test_two_names_may_be_of_one_item() -> None:
    """The latest and the largest of a list may be the same; that they are two is not a proof."""
    asked, every, _ = with_days()
    asked.best |= {"末": Items("单", every), "大": Items("单", every)}
    last, largest = Fact("单[末].日", "date"), Fact("单[大].日", "date")
    one_item = (several(asked, every, 2), False)
    assert asked.solve(one_item, *on(last, date(2025, 1, 1)), *on(largest, date(2025, 1, 1)))
    assert (
        asked.solve(one_item, *on(last, date(2025, 1, 1)), *on(largest, date(2025, 1, 2))) is None
    )
    two = (several(asked, every, 3), False)
    assert asked.solve(two, *on(last, date(2025, 1, 1)), *on(largest, date(2025, 1, 2)))
