"""Does the second reading give what the contract's cases should get?"""

import json
from pathlib import Path
from typing import Any

import pytest

from .oracle import decide, faults_between

CONTRACT = sorted((Path(__file__).parent / "contract").glob("*.json"))


def _read(path: Path) -> Any:
    """What the file of one contract case says."""
    return json.loads(path.read_text("utf-8"))


def test_all_contract_cases_are_here() -> None:
    assert len(CONTRACT) == 24


@pytest.mark.parametrize("path", CONTRACT, ids=lambda path: path.stem)
def test_oracle_gives_what_the_contract_case_should_get(path: Path) -> None:
    case = _read(path)
    assert faults_between(case["案件"]) == []
    assert decide(case["案件"]) == case["应得"]
