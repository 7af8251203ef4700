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
        order.append(_step(found))
        at = found.end()
    return tuple(order) or None


def _step(found: re.Match[str]) -> tuple[int, int]:
    if found["annex"]:
        return (_ANNEX, int(found["annex"][2:] or 0))
    if found["article"]:
        return ("编章节条款项".index(found["kind"]), _number(found["article"]))
    if found["top"]:
        return (0, _number(found["top"]))
    if found["han"]:
        return (1, _number(found["han"]))
    return (3, int(found["paren"])) if found["paren"] else (2, int(found["digit"]))


def _number(text: str) -> int:
    return int(text) if text.isascii() else parse_chinese_number(text)
