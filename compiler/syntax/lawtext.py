"""The text of a law, divided as it numbers itself.

A line that begins with 一、 （一） 1． or （1） opens a clause; lines without a number belong to
the clause above them. What stands before the first clause is 首部; 附件： and all after it up to
the annex is 尾部.
"""

from __future__ import annotations

import re

import attrs

from ..source import SourceFile, Span

FRAME_HEAD, FRAME_TAIL, ANNEX = "首部", "尾部", "附件"

_NUMERAL = "[一二三四五六七八九十百]+"
_OPENINGS = (
    re.compile(rf"({_NUMERAL})、"),
    re.compile(rf"[（(]({_NUMERAL})[）)]"),
    re.compile(r"([0-9\uff10-\uff19]+)[.．]"),
    re.compile(r"[（(]([0-9\uff10-\uff19]+)[）)]"),
)
_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}
_FORMS = ("{}", "（{}）", "{}", "（{}）")
_SPACE = re.compile(r"[\s\u3000]+")


@attrs.frozen
class Paragraph:
    """A line of the law that is not blank: the clause it belongs to, its words, where it stands."""

    clause: str
    text: str
    span: Span


@attrs.frozen
class LawText:
    """All paragraphs of a law in order."""

    source: SourceFile
    paragraphs: tuple[Paragraph, ...]

    def of(self, clause: str) -> tuple[Paragraph, ...]:
        """The paragraphs that belong to a clause itself, not to those below it."""
        return tuple(p for p in self.paragraphs if p.clause == clause)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses in order, each once."""
        return tuple(dict.fromkeys(p.clause for p in self.paragraphs))


def without_space(text: str) -> str:
    """The text as alignment compares it: line breaks and spaces aside, nothing else."""
    return _SPACE.sub("", text)


def read_law(source: SourceFile) -> LawText:
    """A law's text divided into paragraphs with their clauses."""
    paragraphs: list[Paragraph] = []
    path: list[tuple[int, str]] = []  # a text may leave out a level: 一、 with 1． below
    frame: str | None = FRAME_HEAD
    for number, start in enumerate(source.line_starts, 1):
        line = source.line_text(number)
        text = line.strip(" \t\u3000")
        if not text:
            continue
        frame = _frame(text, frame, bool(path))
        level, label = _opening(text) if frame in (None, FRAME_HEAD) else (None, "")
        if level is not None and (path or level == 0):
            frame = None
            above = [part for part in path if part[0] < level]
            path = [*above, (level, _FORMS[level].format(label))]
        at = start + line.index(text[0])
        clause = frame or "".join(part for _, part in path)
        paragraphs.append(Paragraph(clause, text, Span(source.name, at, at + len(text))))
    return LawText(source, tuple(paragraphs))


def _frame(text: str, frame: str | None, begun: bool) -> str | None:
    if without_space(text) == ANNEX and begun:
        return ANNEX
    if frame is None and text.startswith((ANNEX + "：", ANNEX + ":")):
        return FRAME_TAIL
    return frame


def _opening(text: str) -> tuple[int | None, str]:
    for level, pattern in enumerate(_OPENINGS):
        if found := pattern.match(text):
            return level, found[1].translate(_DIGITS)
    return None, ""
