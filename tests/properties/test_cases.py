"""Valid cases by chance of every rulebook of the tree: valid, decided, and on every limit."""

from collections import Counter
from collections.abc import Hashable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from luling.compiler.ir.rulebook import Example
from luling.compiler.source import Span
from luling.runtime.coverage import Point, measure
from luling.runtime.decide import Decision, Engine
from luling.runtime.examples import Outcome
from luling.runtime.reasons import Reasons
from luling.runtime.rulebooks import find_rulebooks, load
from luling.testing import cases

ROOT = Path(__file__).parents[2]
FOLDERS = [
    *find_rulebooks(ROOT / "rules"),
    *find_rulebooks(ROOT / "tests" / "rulebooks"),
    ROOT / "docs" / "tutorial" / "reading-room",
    ROOT / "examples" / "draft-b-class",
]
HOW_MANY = 400
Case = dict[str, Any]
once = settings(
    deadline=None, database=None, derandomize=True,
    phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
# What no valid case can meet though the form of the comparison allows it.
OUT_OF_REACH = {
    "tests/rulebooks/water": {
        ("规则 最高级", "水量 从未少于 0立方米"),
        ("规则 低保和特困", "户.保障 从未低于 低保"),
        ("规则 可停水", "欠费 从未少于 0.00元"),
        ("规则 计费依据", "应收表具费 从未少于 0.00元"),
        ("规则 计费依据", "违约金 从未少于 0.00元"),
        # Under the reading that is taken nobody asks.
        ("要求 出租不足三成", "户.出租比例 从未少于 30%"),
        ("要求 出租不足三成", "户.出租比例 从未恰好等于 30%"),
        ("要求 出租不足三成", "户.出租比例 从未超过 30%"),
    },
}


def name_of(folder: Path) -> str:
    """A rulebook as the tree shows it."""
    return folder.relative_to(ROOT).as_posix()


def drawn(strategy: st.SearchStrategy[Case], count: int = HOW_MANY) -> list[Case]:
    """Some hundred cases."""
    found: list[Case] = []

    @settings(once, max_examples=count)
    @given(strategy)
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


@cache
def decided(folder: Path) -> tuple[Engine, list[tuple[Case, Decision]]]:
    """Complete cases of a rulebook with the decisions on them."""
    engine = load(folder)
    return engine, [(case, engine.decide(case)) for case in drawn(cases(engine))]


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_every_complete_case_is_decided(folder: Path) -> None:
    engine, found = decided(folder)
    assert Counter(decision.state for _, decision in found) == {"已定": len(found)}
    assert len(found) == HOW_MANY
    groups = [group.name for group in engine.rulebook.groups]
    assert all(list(case) == groups for case, _ in found)


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_a_case_with_facts_left_out_is_never_bad_input(folder: Path) -> None:
    engine = load(folder)
    found = drawn(cases(engine, unknown=True), HOW_MANY // 4)
    states = Counter(engine.decide(case).state for case in found)
    assert set(states) <= {"已定", "信息不足"}
    assert states["信息不足"] > len(found) / 10


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_every_limit_is_met_from_each_side_it_can_be_met_from(folder: Path) -> None:
    """But for what a check forbids, and what the rulebook itself says cannot be; of the rest a few
    hundred cases miss by chance one in forty at most.
    """
    beyond = OUT_OF_REACH.get(name_of(folder), set())
    within = [
        point
        for point in points(folder)
        if point.kind == "bound"
        and not point.name.startswith("核对 ")
        and (point.name, point.lacking.zh) not in beyond
    ]
    unmet = [(point.name, point.lacking.zh) for point in within if not point.covered]
    assert len(unmet) <= len(within) / 40, unmet


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_every_rule_cell_row_and_value_occurs(folder: Path) -> None:
    """But for those that only another reading takes."""
    engine, _ = decided(folder)
    idle = [p for p in points(folder) if p.kind in ("cell", "row", "member") and not p.covered]
    assert [point.name for point in idle] == []
    rules = [p for p in points(folder) if p.kind == "rule"]
    asleep = [p for p in rules if not p.covered]
    assert not asleep or (engine.rulebook.readings and len(asleep) < len(rules) / 8)


@cache
def points(folder: Path) -> tuple[Point, ...]:
    """What the cases exercise of a rulebook."""
    engine, found = decided(folder)
    return measure(engine, map(outcome, found), Reasons(engine.rulebook)).points


def outcome(found: tuple[Case, Decision]) -> Outcome:
    """A case as if it were an example."""
    case, decision = found
    return Outcome(Example("", None, None, case, (), (), (), Span("", 0, 0)), decision, ())


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_cases_differ(folder: Path) -> None:
    """Where a rulebook has more than a few facts, hardly two are alike."""
    _, found = decided(folder)
    different = len({frozen(case) for case, _ in found})
    assert different > HOW_MANY / 12
    if len(load(folder).rulebook.facts) > 8:
        assert different > HOW_MANY * 0.9


def frozen(value: Any) -> Hashable:
    """A JSON value that can be put into a set."""
    if isinstance(value, dict):
        return tuple((name, frozen(part)) for name, part in value.items())
    return tuple(map(frozen, value)) if isinstance(value, list) else value
