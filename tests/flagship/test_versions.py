"""Which notice a certificate falls under, on the days at both ends of each."""

import json
from pathlib import Path
from typing import Any

import pytest

from luling.runtime import versions_at

ROOT = Path(__file__).parents[2]
VERSIONS = versions_at(ROOT / "rules" / "shanghai-skill-subsidy")


def issued(day: str | None) -> dict[str, Any]:
    """The case of examples/employed.json with its certificate issued on a day."""
    case: dict[str, Any] = json.loads((ROOT / "examples" / "employed.json").read_text("utf-8"))
    case["申请"]["日期"] = "2028-12-01"
    if day is None:
        del case["证书"]["颁发日期"]
    else:
        case["证书"]["颁发日期"] = day
    return case


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2022-06-06", None),
        ("2022-06-07", "2022-17"),
        ("2025-04-30", "2022-17"),
        ("2025-05-01", "2025-7"),
        ("2028-04-30", "2025-7"),
        ("2028-05-01", None),
    ],
)
def test_the_day_of_issue_decides(day: str, name: str | None) -> None:
    found = VERSIONS.decide(issued(day))
    assert (found.version.name if found.version else None) == name
    if name is None:
        assert [fault.code for fault in found.decision.faults] == ["L0694"]
    else:
        assert found.decision["结论"] != "不适用本通知"


def test_without_it_no_notice_is_taken() -> None:
    found = VERSIONS.decide(issued(None))
    assert (found.version, found.decision.missing) == (None, ("证书.颁发日期",))
