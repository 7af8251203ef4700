"""Clause ids as the notice numbers itself: 一（四）1（1）, 第三条第二款, 附件."""

from __future__ import annotations

import re

from ..syntax.chinese import parse_chinese_number

_NUMERAL = "[零一二三四五六七八九十百]+"
_PART = re.compile(
    rf"(?P<top>{_NUMERAL})、?(?=（|[0-9]|$)|（(?P<han>{_NUMERAL})）|（(?P<paren>[0-9]+)）|(?P<digit>[0-9]+)"
    rf"|第(?P<article>{_NUMERAL}|[0-9]+)(?P<kind>[编章节条款项])|(?P<annex>附件[0-9]*)"
)
# What stands before the first clause of a notice and after its last one.
_FRAME = {"首部": (-1, 0), "尾部": (98, 0)}
_ANNEX = 99
_MOST_DIGITS = 9


def clause_order(clause: str) -> tuple[tuple[int, int], ...] | None:
    """The place of a clause in its law as a key to sort by, None where the id is none."""
    if clause in _FRAME:
        return (_FRAME[clause],)
    order: list[tuple[int, int]] = []
    at = 0
    while at < len(clause):
        found = _PART.match(clause, at)
        if found is None or not found[0] or (found["top"] and at) or (found["annex"] and at):
            return None
        step = _step(found)
        if step is None:
            return None
        order.append(step)
        at = found.end()
    return tuple(order) or None


def _step(found: re.Match[str]) -> tuple[int, int] | None:
    if found["annex"]:
        rank, number = _ANNEX, found["annex"][2:] or "0"
    elif found["article"]:
        rank, number = "编章节条款项".index(found["kind"]), found["article"]
    else:
        rank = next(i for i, name in enumerate(("top", "han", "digit", "paren")) if found[name])
        number = found["top"] or found["han"] or found["digit"] or found["paren"]
    value = _number(number)
    return None if value is None else (rank, value)


def _number(text: str) -> int | None:
    if text.isascii():
        return int(text) if len(text) <= _MOST_DIGITS else None
    return parse_chinese_number(text)
