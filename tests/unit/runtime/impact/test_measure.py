"""Every number of an impact is the one that a plain count over the decisions gives."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from luling.runtime.batch.run import EngineName
from luling.runtime.impact.build import Asked, impact
from luling.runtime.impact.measure import Measure
from luling.runtime.impact.model import Impact, Moved
from luling.runtime.impact.paired import dimensions
from luling.runtime.impact.sides import Dimension
from luling.runtime.impact.to_json import plain_case

from .tables import OPEN, ROOT, Plain, example_cases, measured, paired, sides_of, write_tables

RULES = ROOT / "rules" / "shanghai-skill-subsidy"
BOOKS = ROOT / "tests" / "rulebooks"

ENGINES: tuple[EngineName, ...] = ("duckdb", "python")
Found = tuple[Impact, Plain]


def dearer_water(folder: Path) -> Path:
    """Water at another price, with another reduction."""
    for name in ("water", "holidays"):
        shutil.copytree(BOOKS / name, folder / name)
    changes = {
        "10-price.luling": ("自 2024-01-01 为 4.83元", "自 2024-01-01 为 4.90元"),
        "20-relief.luling": ("减免比例 为 50%", "减免比例 为 40%"),
    }
    for name, (old, new) in changes.items():
        path = folder / "water" / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")
    return folder / "water"


@pytest.fixture(scope="module", params=["earlier", "draft", "water"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """An impact over the examples of two versions, and the same decided one by one."""
    folder = tmp_path_factory.mktemp(request.param)
    old, new = {
        "earlier": (RULES / "2022-17", RULES / "2025-7"),
        "draft": (RULES / "2025-7", ROOT / "examples" / "draft-b-class"),
        "water": (BOOKS / "water", dearer_water(folder)),
    }[request.param]
    sides = sides_of(old, new)
    cases = example_cases(sides)
    table = write_tables(folder, sides, cases)
    asked = Asked(by=tuple(dict.fromkeys(one.name for one in sides.dimensions)), sample=20)
    return measured(folder, sides, table, asked), Plain(sides, cases)


def test_cases_are_counted(found: Found) -> None:
    """All of them, those that move, and those that a version leaves open."""
    impact, plain = found
    assert (impact.cases, impact.moved) == (len(plain.cases), sum(plain.any_moved()))
    assert impact.moved
    expected = tuple(
        (name, sum(plain.moved(name)), sum(OPEN in pair for pair in plain.pairs(name)))
        for name in plain.sides.shared
    )
    assert impact.results == expected
    states = Counter(zip((d.state for d in plain.old), (d.state for d in plain.new), strict=True))
    assert {(c.old.text, c.new.text): c.cases for c in impact.states.cells} == states


def test_money_is_summed(found: Found) -> None:
    """Old, new, up and down, and who gains and loses most."""
    impact, plain = found
    assert [one.name for one in impact.totals] == list(plain.sides.money) != []
    for one in impact.totals:
        pairs = plain.pairs(one.name)
        old, new = ([p[n] for p in pairs if p[n] not in (OPEN, None)] for n in (0, 1))
        assert (one.old, one.new) == (sum(old), sum(new))
        assert (one.old_cases, one.new_cases) == (len(old), len(new))
        steps = plain.steps(one.name)
        assert one.moved == moved(steps)
        numbered = [(step, n) for n, step in enumerate(steps, 1) if step]
        up = min(((-s, n) for s, n in numbered if s > 0), default=None)
        down = min(((s, n) for s, n in numbered if s < 0), default=None)
        assert one.most_up == (None if up is None else (up[1], -up[0]))
        assert one.most_down == (None if down is None else (down[1], down[0]))


def ordered_triples(names: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Each name with two others."""
    for name in names:
        others = [other for other in names if other != name]
        yield from ((name, one, other) for one, other in combinations(others, 2))


def adds_up(plain: Plain, name: str, parts: Sequence[str]) -> bool:
    """Whether an amount of the new version is always the sum of two others that are not nothing."""
    rows = zip(*([new for _, new in plain.pairs(one)] for one in (name, *parts)), strict=True)
    known = [row for row in rows if OPEN not in row and None not in row]
    return bool(known) and all(a == b + c and b > 0 and c > 0 for a, b, c in known)


def test_the_leading_money_is_what_others_share_out_or_what_moves_most(found: Found) -> None:
    """By how far it moves in all cases together; and the largest moves are told by it."""
    impact, plain = found
    far = {name: sum(abs(s or 0) for s in plain.steps(name)) for name in plain.sides.money}
    shared = [
        name for name, *parts in ordered_triples(plain.sides.money) if adds_up(plain, name, parts)
    ]
    assert impact.leading == (shared or [max(far, key=lambda name: far[name])])[0]
    steps = plain.steps(impact.leading)
    ranked = sorted(
        (-abs(steps[n] or 0), n + 1) for n, moves in enumerate(plain.any_moved()) if moves
    )
    assert [one.number for one in impact.largest] == [number for _, number in ranked[:10]]


def test_groups_add_up(found: Found) -> None:
    """Each dimension, each group: cases, those that move, money."""
    impact, plain = found
    any_moved = plain.any_moved()
    steps = {name: plain.steps(name) for name in plain.sides.money}
    assert {one.dimension.of for one in impact.breakdowns} == {"fact", "old", "new"}
    for one in impact.breakdowns:
        dimension = one.dimension
        is_fact = dimension.of == "fact"
        shown = (
            plain.fact(dimension.name) if is_fact else plain.result(dimension.of, dimension.name)
        )
        assert {group.value.shown: group.cases for group in one.groups} == Counter(shown)
        for group in one.groups:
            here = [n for n, value in enumerate(shown) if value == group.value.shown]
            assert group.moved == sum(any_moved[n] for n in here)
            for name, money in group.money.items():
                assert money == moved([steps[name][n] for n in here])


def test_what_went_where(found: Found) -> None:
    """From each value to each, with the money that went with it."""
    impact, plain = found
    assert [one.name for one in impact.matrices] == list(plain.sides.named) != []
    for one in impact.matrices:
        went = list(zip(plain.result("old", one.name), plain.result("new", one.name), strict=True))
        assert {(c.old.shown, c.new.shown): c.cases for c in one.cells} == Counter(went)
        for cell in one.cells:
            for name, money in cell.money.items():
                steps = plain.steps(name)
                pair = (cell.old.shown, cell.new.shown)
                assert money == sum(steps[n] or 0 for n, other in enumerate(went) if other == pair)


def test_reasons_came_and_went(found: Found) -> None:
    """Clause by clause, in cases that both versions determine."""
    impact, plain = found
    assert [one.name for one in impact.reasons] == list(plain.sides.clauses) != []
    for one in impact.reasons:
        pairs = [pair for pair in plain.pairs(one.name) if OPEN not in pair]
        clauses = {clause for pair in pairs for side in pair for clause in side}
        assert {reason.clause for reason in one.clauses} == clauses
        for r in one.clauses:
            old, new = ([r.clause in pair[n] for pair in pairs] for n in (0, 1))
            assert (r.old, r.new) == (sum(old), sum(new))
            both = list(zip(old, new, strict=True))
            assert (r.came, r.went) == (both.count((False, True)), both.count((True, False)))


def test_what_is_told_of_a_large_move_is_what_was_decided(found: Found) -> None:
    """The results that moved, in the words of both decisions."""
    impact, plain = found
    for one in impact.largest:
        n = one.number - 1
        told = {step.name for step in one.steps}
        assert told == {name for name in plain.sides.shared if plain.moved(name)[n]}
        assert one.old["zh"][0] == f"判定：{plain.old[n].state}"
        assert one.new["zh"][0] == f"判定：{plain.new[n].state}"
        again = plain.sides.new.decide(plain_case(one.case))
        assert again.results() == plain.new[n].results()


def test_both_engines_say_the_same(tmp_path: Path) -> None:
    """By a query, and row by row; of versions with facts of their own."""
    sides = sides_of(RULES / "2022-17", RULES / "2025-7")
    table = write_tables(tmp_path, sides, example_cases(sides)[::2])
    asked = Asked(sample=0, largest=2)
    by_query, by_row = (measured(tmp_path, sides, table, asked, engine) for engine in ENGINES)
    assert by_query == by_row


def moved(steps: list[int | None]) -> Moved:
    """Steps of money, counted."""
    up, down = ([s for s in steps if s is not None and s * sign > 0] for sign in (1, -1))
    return Moved(len(up), sum(up), len(down), sum(down), steps.count(0), steps.count(None))


def test_a_sample_is_spread_over_the_cases_that_move(tmp_path: Path) -> None:
    """As many as are asked for, all different; all of them where there are no more."""
    sides = sides_of(RULES / "2022-17", RULES / "2025-7")
    cases = example_cases(sides)[::3]
    moving = [n for n, moves in enumerate(Plain(sides, cases).any_moved(), 1) if moves]
    with paired(tmp_path, sides, write_tables(tmp_path, sides, cases)) as (tables, _):
        measure = Measure(tables.con, sides)
        for size in (1, 7, 50, len(moving) - 1):
            sample = measure.sample(size, len(moving))
            assert len(sample) == size
            assert set(sample) <= set(moving)
            places = [moving.index(number) for number in sample]
            gaps = {after - before for before, after in pairwise(places)}
            assert max(gaps, default=0) - min(gaps, default=0) <= 1
        assert measure.sample(len(moving), len(moving)) == moving


def test_dimensions_are_ranked_by_what_they_explain(tmp_path: Path) -> None:
    """Where none is asked for: those first whose groups' averages lie furthest apart."""
    sides = sides_of(RULES / "2025-7", ROOT / "examples" / "draft-b-class")
    cases = example_cases(sides)[::2]
    plain = Plain(sides, cases)
    table = write_tables(tmp_path, sides, cases)
    with paired(tmp_path, sides, table) as (tables, _):
        found = impact(tables, sides, Asked(sample=0))
        variance = Measure(tables.con, sides).variance(found.leading)
        there = dimensions(tables, sides)
    steps = [step or 0 for step in plain.steps(found.leading or "")]
    average = Fraction(sum(steps), len(steps))
    assert variance == sum((step - average) ** 2 for step in steps) / (len(steps) - 1)
    for kind, most in ((True, 6), (False, 4)):
        explained = {one: squares(plain, one, steps) for one in there if (one.of == "fact") is kind}
        ranked = sorted(explained, key=lambda one: -explained[one])[:most]
        shown = [one.dimension for one in found.breakdowns if one.dimension in explained]
        assert shown == [one for one in ranked if explained[one] > 0]
    assert found.causes is None


def squares(plain: Plain, one: Dimension, steps: list[int]) -> Fraction:
    """How much of the steps the groups explain, less what chance would."""
    shown = plain.fact(one.name) if one.of == "fact" else plain.result(one.of, one.name)
    groups: dict[str, list[int]] = {}
    for value, step in zip(shown, steps, strict=True):
        groups.setdefault(value, []).append(step)
    average = Fraction(sum(steps), len(steps))
    between = sum(len(g) * (Fraction(sum(g), len(g)) - average) ** 2 for g in groups.values())
    variance = sum((step - average) ** 2 for step in steps) / (len(steps) - 1)
    return Fraction(between - (len(groups) - 1) * variance)
