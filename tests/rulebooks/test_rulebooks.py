"""Every rulebook of the tree compiles without a finding and gives what its examples say."""

from functools import cache
from pathlib import Path

import pytest

from luling.compiler.ir.rulebook import Example
from luling.runtime import Loaded, load_rulebook
from luling.runtime.decide import Engine
from luling.runtime.examples import run_example
from luling.runtime.rulebooks import find_rulebooks

ROOT = Path(__file__).parents[2]
FOLDERS = [*find_rulebooks(ROOT / "rules"), *find_rulebooks(ROOT / "tests" / "rulebooks")]


@cache
def loaded(folder: Path) -> Loaded:
    """A rulebook compiled afresh."""
    return load_rulebook(folder, use_cache=False)


def name_of(folder: Path) -> str:
    """A rulebook as the tree shows it."""
    return folder.relative_to(ROOT).as_posix()


def all_examples() -> list[tuple[Path, Example]]:
    """Every example of every rulebook."""
    return [(folder, example) for folder in FOLDERS for example in loaded(folder).rulebook.examples]


def test_the_rulebooks_are_found() -> None:
    names = {name_of(folder) for folder in FOLDERS}
    assert {"rules/shanghai-skill-subsidy/2025-7", "rules/statutory-retirement-age/2025"} <= names
    assert {"tests/rulebooks/water", "tests/rulebooks/holidays"} <= names


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_a_rulebook_has_no_findings(folder: Path) -> None:
    assert [(f.code, f.message()) for f in loaded(folder).findings] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_the_cached_rulebook_is_the_compiled_one(folder: Path) -> None:
    load_rulebook(folder)
    assert load_rulebook(folder).rulebook == loaded(folder).rulebook


@pytest.mark.parametrize(
    ("folder", "example"),
    all_examples(),
    ids=[f"{folder.parent.name}-{example.name}" for folder, example in all_examples()],
)
def test_an_example_gives_what_it_says(folder: Path, example: Example) -> None:
    engine = Engine(loaded(folder).rulebook, dict(example.readings))
    outcome = run_example(engine, example)
    assert [(d.about, d.expected, d.found) for d in outcome.differences] == []
    assert example.expectations, "an example that expects nothing"
    if not any(e.name in ("状态", "错误", "缺少") or e.unknown for e in example.expectations):
        assert outcome.decision.state == "已定"


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_every_reading_is_consulted_or_named_by_some_rule(folder: Path) -> None:
    """A reading that nothing asks after would be a finding; here it must also be switchable."""
    engine = Engine(loaded(folder).rulebook)
    for reading in engine.rulebook.readings:
        for alternative in reading.alternatives:
            switched = engine.with_readings({reading.name: alternative.name})
            assert switched.decide({}).state in ("已定", "信息不足")
