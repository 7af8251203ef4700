"""Source files and places in them: the only module every other one may use."""

from __future__ import annotations

import bisect
import re
import unicodedata
from functools import cached_property
from typing import NamedTuple

import attrs

_HEADING = re.compile(r"^[ \t\u3000]*[#＃]{2,}[ \t\u3000]*(\S+)", re.MULTILINE)


class Span(NamedTuple):
    """A stretch of one file, in code points: `file[start:end]`."""

    file: str
    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The stretch from here to the end of `other`, in the same file."""
        return Span(self.file, self.start, max(self.end, other.end))


class Position(NamedTuple):
    """A place as people count it: line and column from 1, the column in code points."""

    line: int
    column: int


def _without_mark(text: str) -> str:
    return text.removeprefix("\ufeff")


@attrs.define(slots=False)
class SourceFile:
    """One text of a rulebook under the name its spans carry. A byte order mark is dropped."""

    name: str
    text: str = attrs.field(converter=_without_mark)

    @cached_property
    def line_starts(self) -> list[int]:
        """Where each line begins. Lines end in `\\n` alone; a `\\r` before it is white space."""
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def position(self, offset: int) -> Position:
        """The line and column of an offset."""
        line = bisect.bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self.line_starts[bisect.bisect_right(self.line_starts, offset) - 1]

    def line_text(self, line: int) -> str:
        """The text of a line counted from 1, without its end."""
        starts = self.line_starts
        end = starts[line] - 1 if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].rstrip("\r")

    @cached_property
    def _clauses(self) -> tuple[list[int], list[str]]:
        found = list(_HEADING.finditer(self.text))
        return [match.start() for match in found], [match[1] for match in found]

    def clause_at(self, offset: int) -> str | None:
        """The id in the clause heading on the line of an offset, or in the last one above it."""
        end_of_line = self.text.find("\n", offset)
        starts, clauses = self._clauses
        end = len(self.text) if end_of_line < 0 else end_of_line
        before = bisect.bisect_right(starts, end)
        return clauses[before - 1] if before else None

    def slice(self, span: Span) -> str:
        """The characters a span covers."""
        return self.text[span.start : span.end]


def display_width(text: str) -> int:
    """The columns a text fills in a terminal: two for a wide character, none for an accent."""
    return sum(map(_cells, text))


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
