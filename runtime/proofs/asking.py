"""One question put to the search: does it never happen, does it sometimes?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.source import Span
from luling.compiler.verify.diagram import Diagram, TooLarge
from luling.compiler.verify.limits import TOO_LARGE, in_both
from luling.compiler.verify.search import Search
from luling.compiler.verify.solve import Exhausted

from ..decide import Decision
from .answer import Answer, Question, Refutation, Verdict
from .book import Book, Reads

ONE_QUESTION: Final = 10.0  # seconds, so that a hard question leaves time for the others
LIMITS: Final = (Exhausted, TooLarge)  # what is raised where a limit is met
Where = Callable[[], tuple[Diagram, Search]]


@attrs.frozen(eq=False)
class About:
    """What a question is about: the part, its clause and its place."""

    question: Question
    name: str
    clause: str | None
    span: Span

    def answer(
        self,
        verdict: Verdict,
        why: Both | None = None,
        reason: str | None = None,
        refutation: Refutation | None = None,
    ) -> Answer:
        """An answer to the question."""
        return Answer(
            self.question, self.name, self.clause, verdict, self.span, why, reason, refutation
        )

    def undecided(self, why: str | Exception) -> Answer:
        """The answer where something is not clear or a limit was met."""
        if isinstance(why, Exception):
            why = why.why if isinstance(why, Exhausted) else TOO_LARGE
        return self.answer("undecided", in_both(why))


def never(
    book: Book,
    about: About,
    where: Where,
    why: Both,
    reads: Reads,
    so: Callable[[Decision], bool] = lambda _: True,
) -> Answer:
    """Whether no valid case meets a condition: proved, or refuted by one that does, with what
    comes of what the question reads. `so`: whether a decision shows it.
    """
    try:
        book.pair.allow(ONE_QUESTION)
        found = book.find(*where())
        refutation = None if found is None else book.refutation(found, reads, so)
    except LIMITS as error:
        return about.undecided(error)
    if refutation is None:
        return about.answer("proved")
    return about.answer("refuted", why, refutation=refutation)


def sometimes(
    book: Book, about: About, where: Where, why: Both, reason: str | None = None
) -> Answer:
    """Whether some valid case meets a condition: proved, or refuted since there is none, which may
    be meant for a reason.
    """
    try:
        book.pair.allow(ONE_QUESTION)
        found = book.find(*where())
    except LIMITS as error:
        return about.undecided(error)
    return about.answer("refuted", why, reason) if found is None else about.answer("proved")
