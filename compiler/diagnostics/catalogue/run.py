"""Findings about the facts of a case and about deciding it. Codes L06xx."""

from __future__ import annotations

from typing import Final

from ..entry import Both, Entry

NOT_AN_OBJECT: Final = Entry(
    "L0601",
    Both("不是一个案件", "not a case"),
    Both("这里应当是一个 JSON 对象：{problem}。", "one JSON object is expected: {problem}."),
)
KEY_REPEATED: Final = Entry(
    "L0602",
    Both("键重复", "key repeated"),
    Both("「{key}」写了两次。", "「{key}」 is given twice."),
)
KEY_UNKNOWN: Final = Entry(
    "L0603",
    Both("没有这一事实", "no such fact"),
    Both("没有名为「{key}」的事实。", "there is no fact 「{key}」."),
)
VALUE_TYPE: Final = Entry(
    "L0604",
    Both("值的类型不对", "value of wrong type"),
    Both("应为{expected}，给出的是{found}。", "expected {expected}, found {found}."),
)
MEMBER: Final = Entry(
    "L0605",
    Both("不在允许的取值之内", "not an allowed value"),
    Both("「{found}」不是允许的取值，应为：{expected}。", "「{found}」 is not one of: {expected}."),
)
DATE_BAD: Final = Entry(
    "L0606",
    Both("没有这一天", "no such day"),
    Both("「{found}」不是存在的日期，应写成 YYYY-MM-DD。", "「{found}」 is no date YYYY-MM-DD."),
)
DATE_FAR: Final = Entry(
    "L0607",
    Both("日期超出范围", "date out of range"),
    Both(
        "{found} 不在 1900-01-01 至 2199-12-31 之间。",
        "{found} is not within 1900-01-01 to 2199-12-31.",
    ),
)
NEGATIVE: Final = Entry(
    "L0608",
    Both("值不能为负", "value cannot be negative"),
    Both("{found} 小于零。", "{found} is below zero."),
)
NOT_FINITE: Final = Entry(
    "L0609",
    Both("不是一个数", "not a number"),
    Both("{found} 不能当作数值，应为{expected}。", "{found} is no number; expected {expected}."),
)
INCONSISTENT: Final = Entry(
    "L0610",
    Both("事实之间不一致", "facts do not agree"),
    Both("{message}", "{message}"),
)
RULES_DISAGREE: Final = Entry(
    "L0690",
    Both("规则给出不同的值", "rules give different values"),
    Both(
        "「{target}」：{clause}「{name}」给出{value}，{other_clause}「{other}」给出{other_value}。",
        "「{target}」: {clause} 「{name}」 gives {value}, "
        "{other_clause} 「{other}」 gives {other_value}.",
    ),
    hint=Both("规则书有缺陷，请告知制定者。", "the rulebook is at fault; tell its authors."),
)
DATE_OVERFLOW: Final = Entry(
    "L0691",
    Both("算出的日期超出历法", "date outside the calendar"),
    Both(
        "「{target}」算出的日期不在公元 1 年至 9999 年之间。",
        "「{target}」 leads outside the years 1 to 9999.",
    ),
)
PARAMETER_UNDEFINED: Final = Entry(
    "L0693",
    Both("参数在该日没有值", "parameter without a value on the day"),
    Both(
        "参数「{target}」在所依的日期还没有值。",
        "parameter 「{target}」 has no value yet on the day that governs it.",
    ),
    hint=Both("补上更早的起始日期，或限定适用的日期。", "add an earlier date, or limit the span."),
)
DIVIDED_BY_ZERO: Final = Entry(
    "L0692",
    Both("除数为零", "division by zero"),
    Both("计算「{target}」时除以了零。", "computing 「{target}」 divides by zero."),
)
VERSION_MISSING: Final = Entry(
    "L0694",
    Both("没有一版规则书适用", "no version applies"),
    Both(
        "{day} 不在任何一版规则书的适用期间之内：{versions}。",
        "{day} is among the days of no version: {versions}.",
    ),
)
VERSIONS_OVERLAP: Final = Entry(
    "L0695",
    Both("几版规则书同时适用", "several versions apply"),
    Both(
        "{day} 在几版规则书的适用期间之内，选不出一版：{versions}。",
        "{day} is among the days of several versions: {versions}.",
    ),
    hint=Both("各版的适用期间不应重叠。", "the days of versions should not overlap."),
)
