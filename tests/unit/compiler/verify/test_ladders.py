"""Ladders: questions that answer one another, and diagrams that do not ask them twice."""

from datetime import date
from typing import Any

import pytest

from luling.compiler.ir.values import Period, add_period
from luling.compiler.verify.diagram import Diagram, Diagrams
from luling.compiler.verify.terms import Fact, Op, Order, Several, holds, rung

DAY, END = Fact("甲.日期", "date"), Fact("甲.止", "date")
SUM = Fact("甲.金额", "integer")
DAYS = [
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2024, 8, 31),
    date(2025, 2, 28),
    date(2026, 3, 1),
]


def after(months: int, days: int = 0) -> Op:
    """So long after a day."""
    return Op("add", (DAY, Period(months, days)), "date")


@pytest.mark.parametrize(
    ("atoms", "givens"),
    [
        ([Order(SUM, n) for n in (-3, 0, 5, 8)], [{SUM: n} for n in range(10)]),
        ([Order(DAY, day) for day in DAYS], [{DAY: day} for day in DAYS]),
        (
            [Order(END, after(m)) for m in (1, 6, 12)],
            [{DAY: a, END: b} for a in DAYS for b in DAYS],
        ),
        (
            [Order(after(m), END) for m in (1, 6, 12)],
            [{DAY: a, END: b} for a in DAYS for b in DAYS],
        ),
    ],
)
def test_a_yes_on_a_ladder_is_a_yes_on_every_lower_rung(
    atoms: list[Order], givens: list[dict[Any, Any]]
) -> None:
    rungs = [rung(atom) for atom in atoms]
    assert len({one[0] for one in rungs if one is not None}) == 1
    heights = {atom: one[1] for atom, one in zip(atoms, rungs, strict=True) if one is not None}
    ordered = sorted(atoms, key=lambda atom: heights[atom])
    for given in givens:
        answers = [holds(atom, given) for atom in ordered]
        assert answers == sorted(answers, reverse=True)


def test_counts_of_the_same_items_are_on_one_ladder() -> None:
    one, two, other = (
        rung(Several("甲", 7, 1)),
        rung(Several("甲", 7, 2)),
        rung(Several("甲", 8, 1)),
    )
    assert one is not None and two is not None and other is not None
    assert one[0] == two[0] != other[0]
    assert one[1] < two[1]


def test_what_is_not_certain_to_follow_is_on_no_ladder() -> None:
    """A month and a day is not always longer than 31 days."""
    assert rung(Order(END, after(1, 1))) is None
    assert rung(Order(END, after(0, 31))) is None
    assert rung(Order(SUM, Fact("甲.数", "integer"))) is None
    assert add_period(DAYS[0], Period(1, 1)) < add_period(DAYS[0], Period(0, 31))


# --- in diagrams


def at_least(diagrams: Diagrams, height: int) -> Diagram:
    """Whether something is at least so high."""
    below = diagrams.true, diagrams.false
    return diagrams.by(("at least", height), (True, False), below, ("something", height))


def test_no_diagram_asks_for_what_the_answers_before_it_say() -> None:
    """In whatever order the rungs of a ladder are named."""
    diagrams = Diagrams()
    eight, three, five = (at_least(diagrams, height) for height in (8, 3, 5))
    assert diagrams.both(eight, three) == eight
    assert diagrams.either(three, five) == three
    assert diagrams.both(eight, diagrams.negate(five)) == diagrams.false
    assert diagrams.either(three, diagrams.negate(eight)) == diagrams.true
    assert (
        diagrams.ite(five, diagrams.either(three, eight), diagrams.negate(eight)) == diagrams.true
    )


def test_what_is_cut_at_many_limits_has_a_node_for_each() -> None:
    diagrams = Diagrams()
    found = diagrams.leaf(0)
    for height in (*range(2, 200, 2), *range(1, 200, 2)):
        between = [at_least(diagrams, height), diagrams.negate(at_least(diagrams, height + 1))]
        found = diagrams.ite(diagrams.all_of(between), diagrams.leaf(height), found)
    assert diagrams.size(found) <= 2 * 201
    for value in range(205):
        got = diagrams.at(found, lambda choice, v=value: int(v < choice.about[1]))  # type: ignore[misc]
        assert got == (value if 1 <= value < 200 else 0)


def test_questions_of_other_things_stand_beside_a_ladder() -> None:
    diagrams = Diagrams()
    one = diagrams.by("one", (True, False), (diagrams.true, diagrams.false))
    mixed = diagrams.ite(at_least(diagrams, 5), one, diagrams.negate(one))
    other = diagrams.ite(one, at_least(diagrams, 5), diagrams.negate(at_least(diagrams, 5)))
    assert mixed == other
