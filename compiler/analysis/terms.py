"""The terms that a law defines for itself: 以下简称“甲”, （…，下同）, 本办法所称甲，是指…."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ..ir.rulebook import Clause, Term
from ..source import Span

_NAME = r"[“\"](?P<q>[^”\"]{1,40})[”\"]"  # lengths are bounded: no text may take long to read
_SHORT = re.compile(
    rf"以下(?:统|简|合|均)?称(?:为|作)?[:：]?(?:{_NAME}|(?P<p>[^，。；、（）()“]{{1,40}}))"
)
_SAME_BELOW = re.compile(
    r"(?P<run>[^，。；、：（）()\s]{2,40})[（(](?P<means>[^（）()]{1,300}?)[，,；;]下同[）)]"
)
_CALLED = re.compile(
    rf"所称的?(?:{_NAME}|(?P<p>[^，。；、“]{{1,30}}?))[，,]?(?:是|系)?指(?P<means>[^。；]+)"
)
_SENTENCE = re.compile(r"[。；;]")
_NUMBER = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十0-9]+[）)]|[一二三四五六七八九十0-9]+[、.．])"
)
_LEAST = 2


def find_terms(clauses: Sequence[Clause]) -> tuple[Term, ...]:
    """The terms of the quotations in the order of the law, each where it is first defined."""
    lines = [
        (clause.id, line, Span(span.file, span.end - len(line), span.end))
        for clause in clauses
        for quotation in clause.quotations
        for line, span in zip(quotation.lines, quotation.spans, strict=True)
    ]
    found: dict[str, Term] = {}
    for at, (clause, line, place) in enumerate(lines):
        if any(word in line for word in ("称", "下同")):
            below = (line for _, line, _ in islice(lines, at + 1, None))
            for term in _in_line(clause, line, place, below):
                found.setdefault(term.name, term)
    return tuple(found.values())


def _in_line(clause: str, line: str, place: Span, below: Iterable[str]) -> Iterator[Term]:
    for match in _SHORT.finditer(line):
        name = match["q"] or match["p"]
        means = _before(line[: match.start()])
        start = match.start("q" if match["q"] else "p")
        yield _term(name, clause, means, True, place, start)
    for match in _SAME_BELOW.finditer(line):
        below = list(below)
        rest = "\n".join((line[match.end() :], *below))
        name = _said_again(match["run"], rest)
        yield _term(name, clause, match["means"], True, place, match.end("run") - len(name))
    for match in _CALLED.finditer(line):
        name = match["q"] or match["p"]
        start = match.start("q" if match["q"] else "p")
        yield _term(name, clause, match["means"], False, place, start)


def _term(name: str, clause: str, means: str, below: bool, place: Span, start: int) -> Term:
    at = place.start + start
    return Term(name, clause, means.strip(), below, Span(place.file, at, at + len(name)))


def _before(text: str) -> str:
    """The words of the sentence that a short name stands for."""
    sentence = _SENTENCE.split(text)[-1].rstrip("（(，, “")
    return _NUMBER.sub("", sentence)


def _said_again(run: str, rest: str) -> str:
    """What 下同 speaks of: the longest end of the words before it that comes again below."""
    ends = (run[at:] for at in range(len(run) - _LEAST + 1))
    return next((end for end in ends if end in rest), run)
