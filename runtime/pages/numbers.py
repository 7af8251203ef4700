"""Numbers of the legal text and of the rules, linked to one another on their clauses' pages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs

from luling.compiler.ir.rulebook import Clause, Rulebook
from luling.compiler.pipeline import Alignment, Quoted, align
from luling.compiler.source import Span

from .links import Links
from .model import Fragment
from .phrase import Piece


class NumberLinks:
    """Which number leads where. On the page of its clause the nth number of the text is `text-n`,
    the first of a rule that stands for it `rule-n`.
    """

    def __init__(self, rulebook: Rulebook, links: Links) -> None:
        self.links = links
        self.alignment: Alignment = align(rulebook)
        self._anchored: set[tuple[str, int]] = set()

    @cached_property
    def _numbered(self) -> dict[int, int]:
        """Each quoted number that a rule uses by its place among those of its clause."""
        counts: dict[str, int] = {}
        found = {}
        for at, quoted in enumerate(self.alignment.quoted):
            if quoted.uses:
                counts[quoted.clause] = counts.get(quoted.clause, 0) + 1
                found[at] = counts[quoted.clause]
        return found

    @cached_property
    def _stands_for(self) -> dict[Span, int]:
        """The quoted number that each number of a rule stands for, the first of several."""
        return {one.span: one.quoted[0] for one in self.alignment.written if one.quoted}

    def rule_number(self, piece: Piece, clause: str) -> Piece:
        """A number of a rule told on a clause's page, with its link to the text."""
        at = self._stands_for.get(piece.span) if piece.span is not None else None
        if at is None:
            return piece
        number, home = self._numbered[at], self.alignment.quoted[at].clause
        if home != clause:
            return attrs.evolve(piece, link=f"{self.links.clause(home)}#text-{number}")
        first = (clause, at) not in self._anchored
        self._anchored.add((clause, at))
        return attrs.evolve(piece, link=f"#text-{number}", anchor=f"rule-{number}" if first else "")

    def text(self, clause: Clause) -> tuple[tuple[Fragment, ...], ...]:
        """The quotations of a clause, line by line, divided at their numbers. What stands under the
        clause must have been told: numbers lead only to what a page shows.
        """
        own = [(at, one) for at, one in enumerate(self.alignment.quoted) if one.clause == clause.id]
        return tuple(
            tuple(self._line(line, span, own, clause.id))
            for quotation in clause.quotations
            for line, span in zip(quotation.lines, quotation.spans, strict=True)
        )

    def _line(
        self, line: str, span: Span, own: list[tuple[int, Quoted]], clause: str
    ) -> Iterator[Fragment]:
        done = 0
        for at, one in own:
            if one.span.file == span.file and span.start <= one.span.start < span.end:
                start, end = one.quantity.start, one.quantity.end
                yield Fragment(line[done:start])
                yield self._quoted(line[start:end], at, one, clause)
                done = end
        yield Fragment(line[done:])

    def _quoted(self, text: str, at: int, one: Quoted, clause: str) -> Fragment:
        if not one.uses:
            return Fragment(text, waived=one.waiver.reason if one.waiver is not None else "")
        number = self._numbered[at]
        return Fragment(text, self._user(at, one, clause), f"text-{number}")

    def _user(self, at: int, one: Quoted, clause: str) -> str:
        """Where a rule uses it: on the same page, or on that of another clause."""
        if (clause, at) in self._anchored:
            return f"#rule-{self._numbered[at]}"
        users = (self.alignment.written[use].clause for use in one.uses)
        return next((self.links.clause(user) for user in users if user != clause), "")
