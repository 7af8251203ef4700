"""Findings about rules and how they stand to one another. Codes L04xx."""

from __future__ import annotations

from typing import Final

from ..entry import Both, Entry

RULES_CONFLICT: Final = Entry(
    "L0401",
    Both("两条规则冲突", "two rules conflict"),
    Both(
        "「{name}」与「{other}」都无条件地给出「{target}」，又都不是对方的例外。",
        "「{name}」 and 「{other}」 both give 「{target}」 unconditionally; "
        "neither is an exception of the other.",
    ),
    hint=Both(
        "把特别的一条写成「例外 … 优先于 …」，或各写明「当」。",
        "make one an exception (例外 … 优先于 …) or give each a condition (当).",
    ),
)
EXCEPTION_TO_NOTHING: Final = Entry(
    "L0402",
    Both("例外所优先的规则不存在", "exception to nothing"),
    Both("没有名为「{name}」的规则可以优先于它。", "there is no rule 「{name}」 to override."),
)
EXCEPTION_OTHER_TARGET: Final = Entry(
    "L0403",
    Both("例外与规则给出的不是同一个量", "exception gives another value"),
    Both(
        "「{name}」给出「{target}」，所优先的「{other}」给出的是「{other_target}」。",
        "「{name}」 gives 「{target}」, but 「{other}」 gives 「{other_target}」.",
    ),
)
EXCEPTION_CIRCULAR: Final = Entry(
    "L0404",
    Both("例外互相优先", "exceptions override one another"),
    Both("例外互相优先：{path}。", "exceptions override one another: {path}."),
)
DEFINITION_CIRCULAR: Final = Entry(
    "L0405",
    Both("循环定义", "circular definition"),
    Both("定义绕回了自身：{path}。", "the definition comes back to itself: {path}."),
)
RULE_MISSING: Final = Entry(
    "L0406",
    Both("没有规则给出这个量", "no rule gives this value"),
    Both("没有规则给出「{target}」。", "no rule gives 「{target}」."),
)
COVERAGE_GAP: Final = Entry(
    "L0407",
    Both("可能没有可适用的规则", "possibly nothing applicable"),
    Both(
        "「{target}」在各规则都不适用时没有值{members}，却没有声明「或 空」，也没有「否则」。",
        "「{target}」 has no value where no rule applies{members}, "
        "yet is declared neither 或 空 nor with 否则.",
    ),
    hint=Both("给声明加「或 空」，或写「否则 …」。", "declare it 或 空, or give 否则 …."),
)
CONCLUSION_MISSING: Final = Entry(
    "L0408",
    Both("规则没有结论", "rule without a conclusion"),
    Both("规则「{name}」没有写给出什么。", "rule 「{name}」 does not say what it gives."),
)
MUST_MISSING: Final = Entry(
    "L0409",
    Both("没有写「须」", "nothing required"),
    Both("「{name}」没有写必须满足什么。", "「{name}」 does not say what must hold."),
)
REQUIREMENT_HOMELESS: Final = Entry(
    "L0410",
    Both("要求没有条款", "requirement under no clause"),
    Both(
        "要求「{name}」不在任何条款之下，不满足时说不出理由。",
        "requirement 「{name}」 stands under no clause, so it has no reason to give.",
    ),
)
PARAMETER_GAP: Final = Entry(
    "L0411",
    Both("参数的日期有空缺", "gap in the dates of a parameter"),
    Both(
        "「{name}」从 {start} 到 {end} 没有值。", "「{name}」 has no value from {start} to {end}."
    ),
)
PARAMETER_OVERLAP: Final = Entry(
    "L0412",
    Both("参数的日期重叠", "dates of a parameter overlap"),
    Both("「{name}」在 {start} 有两个值。", "「{name}」 has two values on {start}."),
)
PARAMETER_UNDATED: Final = Entry(
    "L0413",
    Both("参数没有写全", "parameter incomplete"),
    Both(
        "「{name}」要么写「为 值」，要么写「依 日期」和至少一行「自 日期 为 值」。",
        "「{name}」 needs either 为 and a value, or 依 and dated lines 自 … 为 ….",
    ),
)
TARGET_NOT_DERIVED: Final = Entry(
    "L0414",
    Both("规则不能给这个名称赋值", "not a value that rules give"),
    Both(
        "「{name}」不是派生或结果，规则不能给出它。",
        "「{name}」 is no 派生 or 结果; a rule cannot give it.",
    ),
)
SUBJECT_UNFIT: Final = Entry(
    "L0415",
    Both("「对」用得不对", "对 out of place"),
    Both(
        "「{target}」是整个案件的量，不属于枚举的成员，规则不能写「对」。",
        "「{target}」 is of the whole case, of no enumeration's members; 对 cannot be used.",
    ),
)
OUTSIDE_MISSING: Final = Entry(
    "L0416",
    Both("不适用时的结果没有写", "result outside the span missing"),
    Both(
        "结果「{name}」不能为空，要用「不适用时 {name} 为 …」写明不适用时是什么。",
        "result 「{name}」 cannot be none; say what it is outside: 不适用时 {name} 为 ….",
    ),
)
INERT_WITH_RULES: Final = Entry(
    "L0417",
    Both("标明不执行的条款里有规则", "rules under a clause that is not executable"),
    Both(
        "条款 {clause} 写明「不执行」，下面却写了「{name}」。",
        "{clause} is marked 不执行 yet holds 「{name}」.",
    ),
)
CHECK_INCOMPLETE: Final = Entry(
    "L0418",
    Both("核对没有写全", "check incomplete"),
    Both(
        "核对「{name}」没有写{missing}；要有「须」「错在」和「说明」。",
        "check 「{name}」 has no {missing}; it needs 须, 错在 and 说明.",
    ),
)
INVARIANT_INCOMPLETE: Final = Entry(
    "L0430",
    Both("必然没有写全或写多了", "invariant with too little or too much"),
    Both(
        "必然「{name}」{problem}；要么写「须」，要么写一行「随 … 不减」。",
        "invariant 「{name}」 {problem}; it needs either 须 or one line 随 ….",
    ),
)
ALONG_NO_FACT: Final = Entry(
    "L0431",
    Both("「随」后面不是事实", "随 without a fact"),
    Both(
        "「{name}」不是案件的事实；随着提高的只能是一个事实。",
        "「{name}」 is not a fact of the case; only a fact can rise.",
    ),
)
EXCEPTION_NEVER_MEETS: Final = Entry(
    "L0419",
    Both("例外碰不到所优先的规则", "exception never meets its rule"),
    Both(
        "「{name}」与「{other}」所对的成员没有相同的。",
        "「{name}」 and 「{other}」 are for no member in common.",
    ),
)
