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
