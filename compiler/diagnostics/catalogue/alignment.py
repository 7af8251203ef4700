"""Findings about legal text, rules and examples that have drifted apart. Codes L07xx."""

from __future__ import annotations

from typing import Final

from ..entry import Both, Entry

QUOTATION_DIFFERS: Final = Entry(
    "L0701",
    Both("引文与原文不同", "quotation differs from the law"),
    Both(
        "{clause} 的引文在「{context}」之后与原文不同：原文是「{law}」，引文是「{quoted}」。",
        "the quotation of {clause} differs after 「{context}」: "
        "the law has 「{law}」, the quotation 「{quoted}」.",
    ),
    hint=Both(
        "引文要与原文一字不差；原文如有修改，先改原文文件。",
        "quote verbatim; where the law has changed, change its text file first.",
    ),
)
QUOTATION_ELSEWHERE: Final = Entry(
    "L0702",
    Both("引文不在这一条", "quotation of another clause"),
    Both(
        "这段引文在原文的 {other}，不在 {clause}。", "this text stands in {other}, not in {clause}."
    ),
)
CLAUSE_NOT_IN_LAW: Final = Entry(
    "L0703",
    Both("原文没有这一条", "no such clause in the law"),
    Both("原文里没有 {clause}。", "the law has no {clause}."),
)
LAW_UNQUOTED: Final = Entry(
    "L0704",
    Both("原文有一句没有引用", "sentence of the law not quoted"),
    Both(
        "原文 {clause} 的「{text}」没有被任何条款引用。",
        "「{text}」 of {clause} is quoted nowhere.",
    ),
    hint=Both(
        "在该条款下引用它；不产生规则的，写「不执行」并说明理由。",
        "quote it under its clause; where it yields no rule, mark it 不执行 with a reason.",
    ),
)
CLAUSE_OUT_OF_ORDER: Final = Entry(
    "L0705",
    Both("条款的次序与原文不同", "clauses out of order"),
    Both(
        "{clause} 写在了 {other} 之后，原文里在它之前。",
        "{clause} comes after {other}; the law has it before.",
    ),
)
SOURCE_MISSING: Final = Entry(
    "L0706",
    Both("没有原文文件", "text of the law missing"),
    Both("没有找到原文文件「{path}」。", "there is no file 「{path}」 with the text of the law."),
)
RULE_HOMELESS: Final = Entry(
    "L0707",
    Both("规则不在任何条款之下", "rule under no clause"),
    Both(
        "「{name}」不在任何条款之下，说不出依据。",
        "「{name}」 stands under no clause, so it rests on nothing.",
    ),
    hint=Both("把它移到所依据的条款标题和引文之下。", "move it under its clause and quotation."),
)
