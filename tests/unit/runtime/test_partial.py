"""What is known of a value while facts are absent."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from luling.compiler.ir.operations import SKIP
from luling.runtime.partial import (
    Clauses,
    PartialList,
    PartialSet,
    Unknown,
    alternatives,
    lift,
    merge,
    missing_of,
)


def unknown(fact: str, *among: Any) -> Unknown:
    """A value that waits for one fact."""
    return Unknown(frozenset([fact]), frozenset(among) or None)


def parts(value: Any) -> tuple[Any, Any]:
    """What an unknown can be and what it waits for."""
    assert isinstance(value, Unknown)
    return value.among, value.missing


def test_what_is_the_same_for_all_it_can_be_is_known() -> None:
    assert lift(lambda a: a > 0, (unknown("甲", 1, 2),)) is True
    assert lift(lambda a, b: a * b, (unknown("甲", 1, 2), 0)) == 0
    assert lift(lambda a: "同", (unknown("甲", True, False),)) == "同"


def test_what_differs_keeps_what_it_can_be_and_every_fact() -> None:
    found = lift(lambda a, b: a + b, (unknown("甲", 1, 2), unknown("乙", 10, 20)))
    assert parts(found) == (frozenset({11, 12, 21, 22}), frozenset({"甲", "乙"}))


def test_what_can_be_anything_stays_so() -> None:
    assert parts(lift(lambda a: 1, (unknown("甲"),))) == (None, frozenset({"甲"}))
    assert parts(lift(lambda a, b: 1, (unknown("甲", 1), unknown("乙")))) == (
        None,
        frozenset({"甲", "乙"}),
    )


def test_a_combination_that_cannot_be_is_left_out() -> None:
    found = lift(lambda a: SKIP if a is None else a > 0, (unknown("甲", None, 3),))
    assert found is True
    nothing_left = lift(lambda a: SKIP, (unknown("甲", 1, 2),))
    assert parts(nothing_left) == (None, frozenset({"甲"}))


def test_too_many_combinations_are_not_tried() -> None:
    calls: list[int] = []

    def add(*numbers: int) -> int:
        calls.append(1)
        return sum(numbers)

    many = tuple(unknown(str(i), *range(8)) for i in range(3))
    assert parts(lift(add, many))[0] is None
    assert not calls


@given(st.lists(st.sets(st.integers(-3, 3), min_size=1, max_size=3), min_size=1, max_size=3))
def test_lift_agrees_with_trying_every_value(choices: list[set[int]]) -> None:
    values = tuple(
        unknown(str(i), *choice) if len(choice) > 1 else next(iter(choice))
        for i, choice in enumerate(choices)
    )
    results = {0}
    for choice in choices:
        results = {a * 2 + b for a in results for b in choice}
    found = lift(lambda *ns: sum(n * 2 ** (len(ns) - 1 - i) for i, n in enumerate(ns)), values)
    among = alternatives(found)
    assert among is not None and set(among) == results


def test_one_of_several_equal_values_is_known() -> None:
    assert merge([3, 3], frozenset({"甲"})) == 3
    assert merge([None, None], frozenset({"甲"})) is None
    assert merge([(), ()], frozenset({"甲"})) == ()


def test_one_of_several_values_waits_for_the_facts() -> None:
    assert parts(merge([1, 2], frozenset({"甲"}))) == (frozenset({1, 2}), frozenset({"甲"}))
    found = merge([1, unknown("乙", 1, 3)], frozenset({"甲"}))
    assert parts(found) == (frozenset({1, 3}), frozenset({"甲", "乙"}))
    assert parts(merge([1, unknown("乙")], frozenset({"甲"})))[0] is None


def test_false_and_zero_are_two_values_of_one_kind_only() -> None:
    """Values that are merged have one type: Python's False == 0 never meets."""
    assert parts(merge([True, False], frozenset({"甲"})))[0] == frozenset({True, False})


def test_sets_of_clauses_keep_what_is_certain() -> None:
    found = merge([Clauses(("一", "二")), Clauses(("二", "三"))], frozenset({"甲"}))
    assert isinstance(found, PartialSet)
    assert found.certain == frozenset({"二"})
    assert found.possible == {"一": frozenset({"甲"}), "三": frozenset({"甲"})}
    assert merge([Clauses(("一",)), Clauses(("一",))], frozenset({"甲"})) == ("一",)


def test_a_list_or_nothing_keeps_its_items() -> None:
    found = merge([("子", "丑"), ()], frozenset({"甲"}))
    assert isinstance(found, PartialList)
    assert [item for item, _ in found.items] == ["子", "丑"]
    assert found.missing == frozenset({"甲"})


def test_what_a_known_value_waits_for_is_nothing() -> None:
    assert missing_of(3) == missing_of(None) == missing_of(()) == frozenset()
    assert missing_of(unknown("甲")) == frozenset({"甲"})
    partial = PartialList((("子", True), ("丑", unknown("乙"))))
    assert missing_of(partial) == frozenset({"乙"})
    assert alternatives(partial) is None
    assert alternatives(3) == (3,)
