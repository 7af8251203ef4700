"""Every reason why something is not decided is said in both languages."""

import re
from pathlib import Path

import pytest

from luling.compiler.verify.limits import in_both

ROOT = Path(__file__).parents[4]
REASON = re.compile(r"(?:Exhausted|[Uu]nclear)\(\s*\"([^\"]+)\"")


def reasons() -> set[str]:
    """The reasons that stand in the code."""
    texts = [
        path.read_text("utf-8")
        for folder in ("compiler/verify", "runtime/versions", "runtime/proofs")
        for path in (ROOT / folder).glob("*.py")
    ]
    return {found for text in texts for found in REASON.findall(text)}


@pytest.mark.parametrize("why", sorted(reasons()))
def test_a_reason_in_the_code_has_its_english(why: str) -> None:
    both = in_both(why)
    assert both.zh == why
    assert both.en.replace("起顺延满", "").isascii()


def test_there_are_reasons_in_the_code() -> None:
    assert len(reasons()) > 10


def test_several_reasons_are_joined() -> None:
    assert in_both("超过时限；清单的合计").en == "the time is up; a sum over a list"
