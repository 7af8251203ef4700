"""Is what a comparison of two versions says true? Single changes, and cases to gainsay it."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from luling.runtime.decide import Engine
from luling.runtime.rulebooks import load
from luling.testing import cases

from ..flagship.cases import random_case
from .changes import (
    Case,
    Tried,
    cases_at_hand,
    contradicted,
    idle_witnesses,
    spread,
    tried,
    without_effect,
)

ROOT: Final = Path(__file__).parents[2]
FLAGSHIP: Final = "rules/shanghai-skill-subsidy/2025-7"
AGE: Final = "rules/statutory-retirement-age/2025"
WATER: Final = "tests/rulebooks/water"
SEED: Final = int(os.environ.get("LULING_SEED", "20250501"))

# How many changes there are; of how many results one is looked at, the others with other changes;
# with how many cases each is held against; how many seconds a comparison may go on; and how many of
# a hundred results may stay undecided. Tariffs, linear arithmetic over many numbers, often do.
SHORT: Final = [
    (FLAGSHIP, 10, 4, 1500, 120, 0),
    (AGE, 8, 1, 800, 10, 25),
    (WATER, 5, 5, 300, 4, 100),
]
PARTS: Final = 20
MANY: Final = 200  # changes to the flagship, a twentieth of them in each part
CASES: Final = 100_000


@cache
def engine(folder: str) -> Engine:
    """A rulebook of this tree."""
    return load(ROOT / folder)


def random_cases(folder: str, count: int) -> Iterator[Case]:
    """Valid cases by chance, those on limits and beside them far more frequent than in life."""
    if folder == FLAGSHIP:
        rng = random.Random(SEED)
        return (random_case(rng) for _ in range(count))
    return iter(drawn(folder, count))


@cache
def drawn(folder: str, count: int) -> list[Case]:
    """Cases of any rulebook."""
    found: list[Case] = []

    @settings(
        deadline=None, database=None, derandomize=True, max_examples=count,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(cases(engine(folder)))
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


def check(folder: str, tries: list[Tried], count: int, most: int) -> None:
    """Nothing said of these changes is wrong, and no more is left open than may be."""
    wrong = [told for one in tries for told in idle_witnesses(one)]
    held_against = chain(cases_at_hand(engine(folder), tries), random_cases(folder, count))
    wrong += contradicted(tries, held_against)
    assert not wrong, "\n".join(wrong[:5])
    results = [(one.told, result) for one in tries for result in one.outcomes.results]
    left_open = [(told, r.name, r.why) for told, r in results if r.verdict == "undecided"]
    sys.stderr.write(
        f"{folder}：{len(tries)} 处改动，{len(results)} 个结果，{len(left_open)} 个未定\n"
    )
    assert len(left_open) * 100 <= len(results) * most, left_open


@pytest.mark.parametrize(("folder", "changes", "turns", "count", "seconds", "most"), SHORT)
def test_what_is_said_of_a_single_change_is_true(
    folder: str, changes: int, turns: int, count: int, seconds: float, most: int
) -> None:
    old = engine(folder)
    names = [result.name for result in old.rulebook.results]
    tries = [
        tried(old, change, seconds, names[turn % turns :: turns])
        for turn, change in enumerate(spread(old.rulebook, changes, SEED))
    ]
    assert any(one.results("differs") for one in tries)
    assert any(one.results("same") for one in tries)
    check(folder, tries, count, most)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_said_of_many_changes_is_true(part: int) -> None:
    """Of each hundred results one may be left open."""
    old = engine(FLAGSHIP)
    chosen = spread(old.rulebook, MANY, SEED)[part::PARTS]
    tries = [tried(old, one) for one in chosen]
    check(FLAGSHIP, tries, CASES, 1)


@pytest.mark.long
@pytest.mark.parametrize("folder", [AGE, WATER])
def test_what_is_said_of_many_changes_to_another_rulebook_is_true(folder: str) -> None:
    old = engine(folder)
    tries = [tried(old, one, 10) for one in spread(old.rulebook, 60, SEED)]
    check(folder, tries, 5_000, 100)


def test_a_change_that_no_example_can_notice_is_never_said_to_differ() -> None:
    old = engine(FLAGSHIP)
    change, *_ = without_effect(old.rulebook)
    names = [result.name for result in old.rulebook.results]
    one = tried(old, change, results=names[::4])
    assert one.results("same") == names[::4], one.told


@pytest.mark.long
def test_no_change_that_no_example_can_notice_is_said_to_differ() -> None:
    changes = without_effect(engine(FLAGSHIP).rulebook)
    assert len(changes) > 8
    tries = [tried(engine(FLAGSHIP), change) for change in changes]
    assert [one.told for one in tries if one.results("differs")] == []
    check(FLAGSHIP, tries, CASES, 1)


# --- the same answer every time

_COMPARE: Final = """
import json, sys
from luling.runtime.decide import Engine
from luling.runtime.mutate import mutants
from luling.runtime.rulebooks import load
from luling.runtime.versions.compare import compare_outcomes
old = load(sys.argv[1])
new = Engine(mutants(old.rulebook)[int(sys.argv[2])].rulebook())
for r in compare_outcomes(old, new, regions=3).results:
    print(r.name, r.verdict, r.more, r.why)
    for g in r.regions:
        print(g.conditions, g.ordinary, g.old, g.new, g.causes)
        print(g.witness.baseline, g.witness.changes, json.dumps(g.witness.case, ensure_ascii=False))
"""


def compared(folder: str, number: int, seed: str) -> str:
    """All that a comparison says, in a process with its own order of hashes."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
    command: list[Any] = [sys.executable, "-P", "-c", _COMPARE, ROOT / folder, str(number)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize(("folder", "number"), [(AGE, 30), (WATER, 109)])
def test_the_same_two_rulebooks_give_the_same_answer_to_the_byte(folder: str, number: int) -> None:
    one, other = (compared(folder, number, seed) for seed in ("1", "2024"))
    assert one == other
    assert "differs" in one


@pytest.mark.long
@pytest.mark.parametrize("number", range(25, 600, 100))
def test_the_flagship_gives_the_same_answer_to_the_byte(number: int) -> None:
    assert compared(FLAGSHIP, number, "1") == compared(FLAGSHIP, number, "2024")
