"""Diagrams: one number for one meaning, and no more nodes or time than is allowed."""

import pytest

from luling.compiler.ir.values import Period
from luling.compiler.verify.diagram import Diagram, Diagrams, TooLarge


@pytest.mark.parametrize(("one", "other"), [(Period(1, 0), (1, 0)), (True, 1), (False, 0)])
def test_values_that_python_holds_equal_are_told_apart(one: object, other: object) -> None:
    diagrams = Diagrams()
    first, second = diagrams.leaf(one), diagrams.leaf(other)
    assert first != second
    assert diagrams.value(first).__class__ is one.__class__
    assert diagrams.value(second).__class__ is other.__class__


def parity(diagrams: Diagrams, count: int) -> Diagram:
    """Whether an even number of so many conditions hold."""
    found = diagrams.true
    for number in range(count):
        one = diagrams.by(number, (True, False), (diagrams.true, diagrams.false))
        found = diagrams.ite(one, diagrams.negate(found), found)
    return found


def test_whoever_counts_the_time_is_asked_while_nodes_are_made() -> None:
    diagrams = Diagrams()
    asked: list[None] = []
    diagrams.tick = lambda: asked.append(None)
    parity(diagrams, 10)
    assert not asked
    parity(diagrams, 200)
    assert asked


def test_there_are_never_more_nodes_than_allowed() -> None:
    assert parity(Diagrams(most=1_000), 10)
    with pytest.raises(TooLarge):
        parity(Diagrams(most=1_000), 200)


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
