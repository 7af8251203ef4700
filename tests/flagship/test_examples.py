"""The worked examples of the rules in rules/ exercise all of them and notice every change."""

from pathlib import Path

import pytest

from luling.runtime.coverage import measure
from luling.runtime.decide import Engine
from luling.runtime.examples import run_examples
from luling.runtime.mutate import Trial, mutants
from luling.runtime.reasons import Reasons
from luling.runtime.rulebooks import find_rulebooks, load

ROOT = Path(__file__).parents[2]
FOLDERS = find_rulebooks(ROOT / "rules")


def name_of(folder: Path) -> str:
    """A rulebook as the tree shows it."""
    return folder.relative_to(ROOT).as_posix()


def reasons_after_coverage(engine: Engine) -> Reasons:
    """The reasons, after coverage has asked for those it needs."""
    said = Reasons(engine.rulebook)
    measure(engine, run_examples(engine), said)
    return said


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_the_examples_exercise_everything(folder: Path) -> None:
    """By themselves: nothing is explained away."""
    engine = load(folder)
    found = measure(engine, run_examples(engine), Reasons(engine.rulebook))
    assert [(p.clause, p.name, p.lacking.zh) for p in found.points if not p.count] == []
    assert found.percent == 100
    assert {"rule", "bound", "member"} <= {point.kind for point in found.points}


@pytest.mark.long
@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_every_change_is_noticed_or_explained(folder: Path) -> None:
    """And what is explained is not noticed."""
    engine = load(folder)
    said = reasons_after_coverage(engine)
    trial = Trial(engine, run_examples(engine))
    surviving = [m for m in mutants(engine.rulebook) if trial.noticed_by(m) is None]
    unexplained = [m for m in surviving if said.of(m.name, m.change) is None]
    assert [(m.clause, m.name, m.change) for m in unexplained] == []
    assert [(one.name, change) for one, change in said.idle()] == []


def test_the_flagship_has_hundreds_of_points_and_changes() -> None:
    """The tests above would pass on nothing."""
    engine = load(ROOT / "rules" / "shanghai-skill-subsidy" / "2025-7")
    assert len(mutants(engine.rulebook)) > 600
    assert len(measure(engine, (), Reasons(engine.rulebook)).points) > 350
