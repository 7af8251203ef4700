"""What the parser would take next, said in words of the language, never in names of terminals."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics.entry import Both
from .keywords import vocabulary

# Groups named in this order; a group is shown where the parser takes any of its terminals.
_GROUPS = (
    (("_NL",), Both("行尾", "end of line")),
    (("RISES",), Both("「提高」「推迟」「由否变是」", "提高, 推迟 or 由否变是")),
    (("DIRECTION",), Both("「不减」「不增」", "不减 or 不增")),
    (("_COLON",), Both("「：」", "「：」")),
    (("_COMMA",), Both("「，」", "「，」")),
    (("_SEP",), Both("「、」", "「、」")),
    (("_RPAR",), Both("「）」", "「）」")),
    (("END_ITEMS", "_ITEM"), Both("下一项（1）", "the next item (1)")),
    (("NUMBER", "DATE"), Both("一个值或名称", "a value or a name")),
    (("KIND",), Both("条目的种类（如「规则」）", "the kind of entry (such as 规则)")),
    (("NAME",), Both("一个名称", "a name")),
    (("QUOTED",), Both("用「」括起的文字", "text in 「」")),
    (("TEXT",), Both("用“”括起的文字", "text in “”")),
    (("ROW",), Both("用 | 分栏的一行", "a row between |")),
    (("CMP",), Both("比较的词（如「不低于」）", "a comparison (such as 不低于)")),
)
_LOGICAL = {
    "_AND", "_OR", "_THEN", "_ELSE", "WHO", "_ALL", "WITHIN", "_TAKE", "_OVERRIDES", "_OF",
    "_FROM", "_TO", "_GOVERNED_BY", "_AT_FAULT", "_EXCLUDING", "IS",
}  # fmt: skip
_CONCLUSION = Both("结论（如「甲 为 乙」）", "a conclusion (such as 甲 为 乙)")
_REMARKS = {"_NOTE", "_AUTHORITY_OF"}  # never what is missing
_MOST = 6


def describe(accepts: Iterable[str]) -> Both:
    """The terminals a parser takes, in words: groups first, then single keywords."""
    terminals = set(accepts)
    if "CMP" in terminals:
        terminals.discard("IS")  # 为 is one of the comparisons
    words: list[Both] = []
    if {"_THEN", "NAME"} <= terminals:
        words.append(_CONCLUSION)
        terminals -= {"_THEN", "NAME", "QUOTED"}
    if terminals - _REMARKS or words:
        terminals -= _REMARKS
    for group, text in _GROUPS:
        if terminals & set(group) and not (group == ("NAME",) and "NUMBER" in terminals):
            said = {"QUOTED": "NAME", "TEXT": "NUMBER"}.get(group[0])  # with what says it too
            if said not in terminals:
                words.append(text)
    named: set[str] = set()
    for keyword in vocabulary().keywords.values():
        token = keyword.token if keyword.token in terminals else f"_{keyword.token}"
        if token not in terminals or (keyword.place == "inline" and token not in _LOGICAL):
            continue
        if token in named:
            continue
        named.add(token)
        word = Both(f"「{keyword.word}」", f"「{keyword.word}」")
        if len(words) < _MOST:
            words.append(word)
    if not words:
        return Both("另一个条目的开头", "the opening of another entry")
    return Both("、".join(w.zh for w in words), ", ".join(w.en for w in words))
