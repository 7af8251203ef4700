"""Typed IR → one Python file that decides cases and needs the standard library only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..ir.rulebook import Rulebook
from .book import book
from .plain import plain
from .text import comment

_HEAD: Final = '''"""一部规则书，由律令写成 Python；decide(案件) 给出 状态、结果、缺少、错误。

案件是字典，键和值如同 JSON：没有的键是不知道，None 是没有。
也可以当程序运行：python decide.py cases.jsonl

A rulebook compiled by Lüling: decide(case) gives the answer on a case.
"""
'''


def to_python(rulebook: Rulebook, readings: Mapping[str, str], support: str, imports: str) -> str:
    """The source of a rulebook read in one way.

    Args:
        support: text that is the same for all rulebooks, which `runtime/compiled/` puts together.
        imports: what that text imports, from the standard library.
    """
    constants, function = plain(rulebook, readings)
    lines = [
        _HEAD,
        *_header(rulebook, readings),
        "",
        imports.rstrip(),
        *_title("一、规则：案件填全、没有填错时"),
        *function,
        *_title("二、各部规则书共用的部分"),
        support.rstrip(),
        *_title("三、同样的规则：有事实不知道、有填错的也能判定"),
        *book(rulebook, readings),
        *_title("四、第一部分用到的表"),
        *constants,
        *_title("五、判定"),
        _END.strip(),
        "",
    ]
    return "\n".join(lines)


def _header(rulebook: Rulebook, readings: Mapping[str, str]) -> Iterator[str]:
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


def _title(text: str) -> list[str]:
    return ["", "", comment(f"==== {text}"), "", ""]


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
