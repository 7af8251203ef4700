"""Typed IR → one Python file that decides cases and needs the standard library only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..ir.rulebook import Rulebook
from .book import book
from .plain import plain
from .text import comment

_HEAD: Final = '''"""A compiled rulebook: `decide(case)` gives the answer on a case. Made by Lüling.

A case is nested mappings, keys and values as in JSON; a key that is absent is unknown, `None` is
none. The answer has 状态, 结果, 缺少, 错误. As a program: `python decide.py cases.jsonl`.
"""
'''


def to_python(rulebook: Rulebook, readings: dict[str, str], support: str, imports: str) -> str:
    """The source of a rulebook read in one way.

    Args:
        support: text that is the same for all rulebooks, which `runtime/compiled/` puts together.
        imports: what that text imports, from the standard library.
    """
    lines = [
        _HEAD,
        *_header(rulebook, readings),
        "",
        imports.rstrip(),
        "",
        *_title("What is the same in all compiled rulebooks"),
        support.rstrip(),
        "",
        *_title("The rulebook, for cases of which facts may be absent or wrong"),
        *book(rulebook, readings),
        "",
        *_title("The rulebook, for complete cases"),
        *plain(rulebook, readings),
        "",
        *_title("Deciding"),
        _END.strip(),
        "",
    ]
    return "\n".join(lines)


def _header(rulebook: Rulebook, readings: dict[str, str]) -> Iterator[str]:
    yield comment(f"规则书 {rulebook.title}")
    for title, text in (
        ("文号", rulebook.document),
        ("版本", rulebook.version),
        ("机关", rulebook.authority),
    ):
        if text:
            yield comment(f"{title} {text}")
    if readings:
        yield comment("采用的解读")
    for reading in rulebook.readings:
        if reading.name in readings:
            where = f"（{reading.clause}）" if reading.clause else ""
            yield comment(f"  {reading.name}{where}：{readings[reading.name]}")


def _title(text: str) -> Iterator[str]:
    yield ""
    yield comment(f"==== {text}")
    yield ""


_END: Final = '''
def decide(case, language="zh"):
    """The answer on a case: 状态, 结果, 缺少, 错误."""
    answer = plain(case)
    return THREEFOLD.answer(case, language) if answer is None else answer


def decide_text(text, language="zh"):
    """The answer on a case written as JSON."""
    return answer_to(text, decide, language)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], decide))
'''
