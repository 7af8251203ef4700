"""Questions about conditions: does one always hold, does a part follow from the others?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.ir import nodes as ir
from luling.compiler.ir.rulebook import Definition, Rule
from luling.compiler.ir.to_text import to_text
from luling.compiler.ir.walk import walk
from luling.compiler.verify.diagram import Diagram
from luling.compiler.verify.search import Search

from ..parts import own_requirements, own_rules
from .answer import Answer
from .asking import About, sometimes
from .book import Book, Way, where_true

_FOLLOWS: Final = Both("其余各项成立时它总成立", "it always holds where the others hold")
_ALWAYS: Final = Both("它总成立", "it always holds")
_COVERED: Final = Both("它成立时其余各项总有成立的", "one of the others always holds where it does")


def redundant(book: Book) -> Iterator[Answer]:
    """For each condition: it does not hold always; of 且 or 或, no part follows from the others.
    That a requirement can fail is asked elsewhere.
    """
    for own in own_rules(book.rulebook):
        # the days of a parameter are its own way to be written, no condition somebody wrote
        if own.rule.condition is not None and own.definition.kind != "parameter":
            way = book.way_of(own.definition)
            subjects = [s for s in book.subjects(own.definition) if _is_for(own.rule, s)]
            about = About("redundant", own.written, own.rule.clause, own.rule.span)
            variable, value = own.definition.variable, own.rule.value
            context = _Context(way, variable, subjects, own.definition, (value,))
            yield from _parts(book, about, own.rule.condition, context)
    for one in own_requirements(book.rulebook):
        way = book.way_of(one)
        members = way.members(one)
        about = About("redundant", f"要求 {one.name}", one.clause, one.span)
        for part in (one.when, one.must):
            if part is not None:
                if part is one.must and not isinstance(part, ir.And | ir.Or):
                    continue
                then = (one.must,) if part is one.when else ()
                context = _Context(way, one.variable, members, None, then)
                yield from _parts(book, about, part, context)


@attrs.frozen(eq=False)
class _Context:
    """Where a condition is asked: of which subjects, under which readings, of what definition, and
    what is worked out only where it holds.
    """

    way: Way
    variable: int
    subjects: Sequence[Any]
    definition: Definition | None
    used: tuple[ir.Expr, ...]


def _is_for(rule: Rule, subject: Any) -> bool:
    return rule.members is None or subject in rule.members


def _parts(book: Book, about: About, condition: ir.Expr, context: _Context) -> Iterator[Answer]:
    several = isinstance(condition, ir.And | ir.Or)
    items = condition.items if isinstance(condition, ir.And | ir.Or) else (condition,)
    both = not isinstance(condition, ir.Or)
    why = (_FOLLOWS if both else _COVERED) if several else _ALWAYS
    for index, item in enumerate(items):
        others = items[:index] + items[index + 1 :]
        if not _guards(item, (*others, *context.used)):
            said = to_text(item)
            one = attrs.evolve(about, name=f"{about.name}：{said}", span=item.span)
            where = partial(_needed, book, both, item, others, context)
            reason = book.meant(about.name.partition(" ")[2], partial(_names_part, said))
            yield sometimes(book, one, where, why, reason)


def _names_part(said: str, change: str) -> bool:
    return said in change


def _guards(item: ir.Expr, others: tuple[ir.Expr, ...]) -> bool:
    """Whether a part only sees to it that what the others use is there."""
    inner = item.of if isinstance(item, ir.Not) else item
    if not isinstance(inner, ir.IsPresent | ir.IsNonEmpty):
        return False
    return any(node == inner.of for other in others for node in walk(other))


def _needed(
    book: Book, both: bool, item: ir.Expr, others: tuple[ir.Expr, ...], context: _Context
) -> tuple[Diagram, Search]:
    """Where the whole condition is another without one of its parts."""
    d, meaning = book.d, context.way.meaning
    found = []
    for subject in context.subjects:
        with meaning.bound(context.variable, subject, ""):
            values = [meaning.as_diagram(meaning.eval(other)) for other in others]
            own = meaning.as_diagram(meaning.eval(item))
        if both:
            where = d.both(d.all_of(values), d.negate(own))
        else:
            where = d.both(d.negate(d.any_of(values)), own)
        found.append(context.way.of_case(subject, where_true(d, where)))
    return context.way.applying(context.definition, found), context.way.search
