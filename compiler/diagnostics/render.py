"""Findings → text or JSON. The only place that draws carets."""

from __future__ import annotations

from collections.abc import Mapping

from ..source import SourceFile, Span, display_width
from .diagnostic import Finding
from .entry import Language

_WORDS = {
    "zh": {"error": "错误", "warning": "警告", "hint": "提示", "clause": "条款"},
    "en": {"error": "error", "warning": "warning", "hint": "hint", "clause": "clause"},
}
_BEFORE, _AFTER = 60, 100  # characters shown of a line too long to be read


def render(finding: Finding, sources: Mapping[str, SourceFile], language: Language = "zh") -> str:
    """A finding as people read it: title, place, the line with its carets, advice."""
    words = _WORDS[language]
    entry = finding.entry
    title = getattr(entry.title, language)
    lines = [f"{words[entry.severity]}[{entry.code}] {title}"]
    lines += _place(finding.span, finding.message(language), sources, words["clause"])
    for label in finding.labels:
        lines += _place(label.span, getattr(label.text, language), sources, words["clause"])
    lines += [f"    = {words['hint']}：{hint}" for hint in finding.advice(language)]
    return "\n".join(lines)


def to_json(
    finding: Finding, sources: Mapping[str, SourceFile], language: Language = "zh"
) -> dict[str, object]:
    """A finding for machines: code, severity, message, hints, file, line, column, clause."""
    return {
        "代码": finding.code,
        "级别": _WORDS[language][finding.entry.severity],
        "名称": getattr(finding.entry.title, language),
        "说明": finding.message(language),
        "提示": finding.advice(language),
        **_json_place(finding.span, sources),
        "相关": [
            {"说明": getattr(label.text, language), **_json_place(label.span, sources)}
            for label in finding.labels
        ],
    }


def _json_place(span: Span, sources: Mapping[str, SourceFile]) -> dict[str, object]:
    source = sources.get(span.file)
    if source is None:
        return {"文件": span.file, "行": 0, "列": 0, "条款": None}
    line, column = source.position(span.start)
    end_line, end_column = source.position(span.end)
    clause = source.clause_at(span.start)
    place = {"文件": span.file, "行": line, "列": column, "止行": end_line, "止列": end_column}
    return {**place, "条款": clause}


def _place(
    span: Span, message: str, sources: Mapping[str, SourceFile], clause_word: str
) -> list[str]:
    source = sources.get(span.file)
    if source is None:
        return [f"  --> {span.file}", f"    {message}"]
    line, column = source.position(span.start)
    clause = source.clause_at(span.start)
    under = f"（{clause_word} {clause}）" if clause else ""
    before, text = _excerpt(source.line_text(line).replace("\t", " "), column - 1)
    covered = text[before : before + span.end - span.start]
    number = str(line)
    pad = " " * (len(number) + 2)
    blank = " " * display_width(text[:before])
    carets = "^" * max(1, display_width(covered))
    return [
        f"  --> {span.file}:{line}:{column}{under}",
        f" {number} | {text}".rstrip(),
        f"{pad}| {blank}{carets} {message}",
    ]


def _excerpt(text: str, at: int) -> tuple[int, str]:
    """What is shown of a line around a place, and where in that the place is."""
    first, last = max(0, at - _BEFORE), at + _AFTER
    if len(text) <= _BEFORE + _AFTER:
        return at, text
    head, tail = "…" if first else "", "…" if last < len(text) else ""
    return at - first + len(head), head + text[first:last] + tail
