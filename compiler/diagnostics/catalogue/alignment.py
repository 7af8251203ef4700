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
# Warnings: `luling check` does not pass with them, but another figure can be tried before the law
# has it.
NUMBER_NOT_QUOTED: Final = Entry(
    "L0708",
    Both("规则里的数不在引文里", "number that the quotation does not have"),
    Both(
        "「{name}」用了「{number}」，{clause} 的引文里没有这个数。",
        "「{name}」 uses 「{number}」, which the quotation of {clause} does not have.",
    ),
    hint=Both(
        "这个数另有出处的，写明「据 「…」」。",
        "where it comes from elsewhere, say so with 据 「…」.",
    ),
    severity="warning",
)
NUMBER_UNUSED: Final = Entry(
    "L0709",
    Both("引文里的数没有用到", "number of the quotation not used"),
    Both(
        "{clause} 的引文里有「{number}」，下面的规则没有用到。",
        "the quotation of {clause} has 「{number}」; no rule under it uses that.",
    ),
    hint=Both(
        "写进规则或参数；确实不用的，在引文下写「不用 {written} 「理由」」。",
        "put it into a rule or parameter; if none needs it, write 不用 {written} 「reason」 "
        "under the quotation.",
    ),
    severity="warning",
)
BOUND_DIFFERS: Final = Entry(
    "L0710",
    Both("含不含本数与引文不同", "bound that differs from the quotation"),
    Both(
        "{clause} 的引文是「{quoted}」，恰好{number}的{law}；"
        "这里用「{word}」，恰好{number}的{rule}。",
        "the quotation of {clause} is 「{quoted}」, where exactly {number} {law}; "
        "here, with 「{word}」, it {rule}.",
    ),
    hint=Both(
        "民法典第一千二百五十九条：以上、以下、以内、届满包括本数，不满、超过、以外不包括本数。",
        "Civil Code art. 1259: 以上, 以下, 以内 and 届满 include the number, 不满, 超过 and 以外 "
        "do not.",
    ),
    severity="warning",
)
WAIVER_IDLE: Final = Entry(
    "L0711",
    Both("多余的「不用」", "waiver of nothing"),
    Both("{clause} 写了「不用 {number}」，{problem}。", "{clause} has 不用 {number}, {problem}."),
    severity="warning",
)
TERM_TOO_EARLY: Final = Entry(
    "L0712",
    Both("用在原文定义之前", "term used before the law defines it"),
    Both(
        "「{name}」在 {defined} 才有定义，{clause} 在它之前就用了。",
        "「{name}」 is defined in {defined} only; {clause}, which comes before, uses it.",
    ),
    severity="warning",
    hint=Both(
        "原文说的是「以下」：看看规则是不是放错了条款，或者这里指的是别的意思。",
        "the law says 'below': see whether the rule stands under the wrong clause or means "
        "something else.",
    ),
)
TERM_ELSEWHERE: Final = Entry(
    "L0713",
    Both("另在别处定义原文的用语", "term of the law defined elsewhere"),
    Both(
        "「{name}」的意思由 {defined} 说明，这条规则却在 {clause} 之下。",
        "what 「{name}」 means is said in {defined}; this rule stands under {clause}.",
    ),
    severity="warning",
    hint=Both(
        "把规则移到说明它的条款之下；意思不同的，换一个名称；另有出处的，写「据」。",
        "move the rule under the clause that defines the term, give it another name, or say where "
        "it comes from with 据.",
    ),
)
TERM_NEARLY: Final = Entry(
    "L0714",
    Both("名称与原文的用语只差一点", "name that is nearly a term of the law"),
    Both(
        "「{name}」与 {clause} 说明的「{term}」只差「的」一类的字。",
        "「{name}」 differs from 「{term}」, defined in {clause}, by a particle only.",
    ),
    severity="warning",
    hint=Both("意思相同的，用原文的词。", "where it is the same, use the word of the law."),
)
