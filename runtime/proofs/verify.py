"""Every question about a rulebook, in order, each with its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..decide import Engine
from . import conditions, idle, rules, statements
from .answer import Answer, Question
from .book import Book

SECONDS = 120


def verify(
    engine: Engine,
    *,
    questions: Iterable[Question] = (
        "invariant",
        "conflict",
        "gap",
        "idle",
        "redundant",
        "widening",
    ),
    cliffs: Mapping[str, Any] | None = None,
    seconds: float = SECONDS,
) -> Iterator[Answer]:
    """The answers to questions about a rulebook. `cliffs`: by result how far it may move with one
    day or yuan, as values have it. What is not settled after `seconds` is undecided.
    """
    book = Book(engine, seconds)
    asked = set(questions)
    asking: list[tuple[Question, Callable[[Book], Iterator[Answer]]]] = [
        ("invariant", statements.invariants),
        ("conflict", rules.conflicts),
        ("gap", rules.gaps),
        ("idle", idle.idle_rules),
        ("idle", idle.idle_requirements),
        ("idle", idle.idle_cells),
        ("idle", idle.idle_members),
        ("redundant", conditions.redundant),
        ("widening", rules.widening),
    ]
    for question, ask in asking:
        if question in asked:
            yield from ask(book)
    if cliffs:
        yield from statements.cliffs(book, cliffs)
