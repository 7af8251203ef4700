"""Diagrams: one number for one meaning, and no more nodes or time than is allowed."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luling.compiler.ir.values import Period
from luling.compiler.verify.diagram import Choice, Diagram, Diagrams, TooLarge

THREE = ("甲", "乙", "丙")
SOME = settings(max_examples=200, deadline=None, derandomize=True)


class Stop(str):
    """A value that goes through every operation."""


def boolean(d: Diagrams, name: str) -> Diagram:
    """A choice of yes and no."""
    return d.by(name, (True, False), (d.true, d.false))


def along(d: Diagrams, answers: dict[Any, Any]) -> Callable[[Choice], int]:
    """The values of choices that some answers name."""
    return lambda choice: choice.values.index(answers[choice.about])


def test_equal_branches_make_no_node() -> None:
    d = Diagrams()
    assert d.by("一", THREE, (d.true, d.true, d.true)) == d.true


def test_the_same_meaning_is_the_same_number() -> None:
    d = Diagrams()
    a, b = boolean(d, "一"), boolean(d, "二")
    assert d.negate(d.both(a, b)) == d.either(d.negate(a), d.negate(b))
    assert d.both(a, b) == d.both(b, a)
    assert d.both(a, d.negate(a)) == d.false
    assert d.either(a, d.negate(a)) == d.true


def test_a_choice_may_be_made_above_one_that_was_named_before_it() -> None:
    d = Diagrams()
    first, second = boolean(d, "一"), boolean(d, "二")
    assert d.by("二", (True, False), (first, d.false)) == d.both(first, second)
    assert d.by("一", (True, False), (second, d.false)) == d.both(first, second)
    assert d.by("一", (True, False), (first, first)) == first


def test_a_choice_below_itself_is_decided_already() -> None:
    d = Diagrams()
    one = boolean(d, "一")
    assert d.by("一", (True, False), (one, d.negate(one))) == d.true


@pytest.mark.parametrize(
    ("one", "other"),
    [(True, 1), (False, 0), (Period(1, 0), (1, 0)), ((True,), (1,)), ((Period(1, 0),), ((1, 0),))],
)
def test_values_that_are_equal_but_of_another_kind_are_two_leaves(one: Any, other: Any) -> None:
    d = Diagrams()
    assert one == other
    assert d.leaf(one) != d.leaf(other)
    assert d.value(d.leaf(one)).__class__ is one.__class__
    assert d.value(d.leaf(other)).__class__ is other.__class__


def test_choices_with_many_values_come_last() -> None:
    d = Diagrams()
    many = tuple(range(9))
    of_many = d.by("多", many, (d.true, *[d.false] * 8))
    of_few = boolean(d, "少")
    both = d.both(of_many, of_few)
    assert d.choices[d.place(both)].about == "少"


def test_what_stops_goes_through_every_operation() -> None:
    d = Diagrams((Stop,))
    stop = d.leaf(Stop("停"))
    one = boolean(d, "一")
    assert d.ite(stop, d.true, d.false) == stop
    assert d.both(stop, d.false) == stop
    assert d.both(d.false, stop) == d.false
    assert d.either(d.true, stop) == d.true
    assert d.negate(stop) == stop
    mixed = d.by("一", (True, False), (stop, d.true))
    assert d.both(mixed, one) == d.by("一", (True, False), (stop, d.false))
    assert d.ite(mixed, d.true, d.true) == d.by("一", (True, False), (stop, d.true))
    assert d.map("x", lambda v: d.leaf(not v), mixed) == d.by("一", (True, False), (stop, d.false))


def test_a_diagram_is_the_same_as_itself_even_where_it_stops() -> None:
    d = Diagrams((Stop,))
    mixed = d.by("一", (True, False), (d.leaf(Stop("停")), d.leaf(1)))
    other = d.by("一", (True, False), (d.leaf(Stop("停")), d.leaf(2)))
    same = lambda a, b: d.leaf(a == b)  # noqa: E731
    assert d.equal(mixed, mixed, same) == d.true
    # one leaf in both: the same without a look at it
    assert d.equal(mixed, other, same) == d.by("一", (True, False), (d.true, d.false))


def test_where_asks_what_stops_too() -> None:
    d = Diagrams((Stop,))
    mixed = d.by("一", (True, False), (d.leaf(Stop("停")), d.leaf(1)))
    found = d.where(mixed, lambda v: isinstance(v, Stop), "is a stop")
    assert found == boolean(d, "一")


def test_the_cheapest_way_is_found_and_leads_to_true() -> None:
    d = Diagrams()
    a, b, c = (boolean(d, name) for name in "一二三")
    node = d.either(d.both(a, d.both(b, c)), d.both(d.negate(a), d.both(b, d.negate(c))))
    found = d.cheapest(node, lambda choice, index: int(choice.about in ("一", "三") and index == 1))
    assert found is not None
    cost, way = found
    assert cost == 0
    assert [(d.choices[place].about, index) for place, index in way] == [
        ("一", 0), ("二", 0), ("三", 0),
    ]  # fmt: skip
    assert d.cheapest(d.false, lambda choice, index: 0) is None
    assert d.cheapest(d.true, lambda choice, index: 0) == (0, [])


def test_restricting_takes_what_is_known() -> None:
    d = Diagrams()
    node = d.by("一", THREE, (d.leaf(1), d.leaf(2), d.leaf(3)))
    place = d.place(node)
    assert d.restrict(node, {place: frozenset([1])}) == d.leaf(2)
    assert d.leaves(d.restrict(node, {place: frozenset([1, 2])})) == [2, 3]


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


# ---- held against tables


@st.composite
def formulas(draw: st.DrawFn, depth: int = 3) -> Any:
    """A formula over four questions, two of them with three answers."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from([("a",), ("b",), ("c", "甲"), ("d", "丙"), (True,), (False,)]))
    kind = draw(st.sampled_from(("both", "either", "not", "ite")))
    count = {"not": 1, "ite": 3}.get(kind, 2)
    return (kind, *(draw(formulas(depth=depth - 1)) for _ in range(count)))


def built(d: Diagrams, formula: Any) -> Diagram:
    """A formula as a diagram."""
    match formula:
        case (bool(value),):
            return d.leaf(value)
        case (str(name),):
            return boolean(d, name)
        case (str(name), str(value)):
            return d.by(name, THREE, tuple(d.leaf(v == value) for v in THREE))
        case ("not", one):
            return d.negate(built(d, one))
        case ("ite", one, two, three):
            return d.ite(built(d, one), built(d, two), built(d, three))
        case (kind, one, two):
            return (d.both if kind == "both" else d.either)(built(d, one), built(d, two))
    raise TypeError(formula)


def truth(formula: Any, given: dict[str, Any]) -> bool:
    """Whether a formula holds."""
    match formula:
        case (bool(value),):
            return value
        case (str(name),):
            return bool(given[name])
        case (str(name), str(value)):
            return bool(given[name] == value)
        case ("not", one):
            return not truth(one, given)
        case ("ite", one, two, three):
            return truth(two if truth(one, given) else three, given)
        case ("both", one, two):
            return truth(one, given) and truth(two, given)
        case (_, one, two):
            return truth(one, given) or truth(two, given)
    raise TypeError(formula)


CASES = [
    dict(zip("abcd", values, strict=True))
    for values in itertools.product((True, False), (True, False), THREE, THREE)
]


@SOME
@given(formulas(), formulas())
def test_diagrams_are_equal_exactly_where_their_tables_are(one: Any, other: Any) -> None:
    d = Diagrams()
    first, second = built(d, one), built(d, other)
    tables = [[truth(f, case) for case in CASES] for f in (one, other)]
    for node, table in zip((first, second), tables, strict=True):
        assert [d.at(node, along(d, case)) for case in CASES] == table
    assert (first == second) == (tables[0] == tables[1])
    same = d.equal(first, second, lambda a, b: d.leaf(a == b))
    agree = [a == b for a, b in zip(*tables, strict=True)]
    assert [d.at(same, along(d, case)) for case in CASES] == agree


@SOME
@given(formulas(), st.sets(st.sampled_from("abcd")))
def test_the_cheapest_way_costs_what_the_nearest_case_costs(one: Any, dear: set[str]) -> None:
    d = Diagrams()
    node = built(d, one)
    plain = {"a": True, "b": False, "c": "甲", "d": "乙"}

    def cost(choice: Choice, index: int) -> int:
        about = str(choice.about)
        return int(about in dear and choice.values[index] != plain[about])

    costs = [sum(case[k] != plain[k] for k in dear) for case in CASES if truth(one, case)]
    found = d.cheapest(node, cost)
    assert (None if found is None else found[0]) == (min(costs) if costs else None)
