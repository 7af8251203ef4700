"""Is the program by hand, against which engines are measured, the same notice?"""

import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from luling.runtime import load

from .cases import BAD_KINDS, bad_case, drop_facts, random_case
from .oracle import decide

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = ROOT / "rules" / "shanghai-skill-subsidy" / "2025-7"


@pytest.fixture(name="checked")
def _checked(benchmark: Callable[[str], ModuleType]) -> ModuleType:
    return benchmark("checked")


def test_complete_cases_get_the_same_results_in_the_same_order(checked: ModuleType) -> None:
    rng = random.Random(11)
    for _ in range(2000):
        case = random_case(rng)
        answer = checked.decide(case)
        wanted = decide(case)
        assert answer == {"状态": "已定", "结果": wanted, "缺少": [], "错误": []}
        assert list(answer["结果"]) == list(wanted)
        assert checked.by_hand.decide(case) == {"状态": "已定", "结果": wanted}


@pytest.mark.parametrize("kind", BAD_KINDS)
def test_a_bad_case_is_refused_at_the_same_place(checked: ModuleType, kind: str) -> None:
    engine = load(FLAGSHIP)
    rng = random.Random(12)
    for _ in range(30):
        case, _ = bad_case(rng, random_case(rng), kind)
        answer, decision = checked.decide(case), engine.decide(case)
        assert answer["状态"] == decision.state
        places = [fault.place for fault in decision.faults]
        assert [fault["位置"] for fault in answer["错误"]] == places


def test_an_incomplete_case_is_not_decided(checked: ModuleType) -> None:
    rng = random.Random(13)
    answer = checked.decide(drop_facts(rng, random_case(rng), 3))
    assert answer["状态"] == "信息不足"
    assert 1 <= len(answer["缺少"]) <= 3
