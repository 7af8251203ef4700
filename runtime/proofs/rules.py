"""Questions about rules: can two disagree, is a value lacking, does an exception go too far?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from luling.compiler.diagnostics.entry import Both
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, Rule
from luling.compiler.source import Span
from luling.compiler.verify.diagram import Diagram
from luling.compiler.verify.search import Search
from luling.compiler.verify.symbolic import Fault, Void

from ..decide import Decision
from ..facts import Fault as CaseFault
from ..versions.pair import parts_of
from .answer import Answer
from .asking import About, never
from .book import Book, all_rules, where_so

_CLASH: Final = Both(
    "两条规则同时适用而得出不同的值", "two rules apply at once and give different values"
)
_GAP: Final = Both(
    "没有规则给出值，或者算不出来", "no rule gives a value, or it cannot be computed"
)
# Faults that leave a definition without a value.
_LACKING: Final = ("PARAMETER_UNDEFINED", "DATE_OVERFLOW", "DIVIDED_BY_ZERO")


def conflicts(book: Book) -> Iterator[Answer]:
    """For each definition of several rules: two that apply never give different values."""
    for one in book.own_definitions():
        if len(one.rules) > 1 or any(len(r.exceptions) > 1 for r in all_rules(one.rules)):
            about = About("conflict", one.name, one.clause, one.span)
            where = partial(_where_value, book, one, partial(_is_clash, one.name), "clash")
            yield never(book, about, where, _CLASH, [one], partial(_shows_clash, book, one))


def gaps(book: Book) -> Iterator[Answer]:
    """For each definition that must have a value: it has one, and its arithmetic leads to one."""
    for one in book.own_definitions():
        needed = not isinstance(one.type, t.Maybe | t.ListOf) and one.type != t.CLAUSES
        about = About("gap", one.name, one.clause, one.span)
        test = partial(_is_gap, one.name, needed)
        where = partial(_where_value, book, one, test, ("gap", needed))
        so = partial(_shows_gap, book, one, needed)
        yield never(book, about, where, _GAP, [one], so)


def _is_clash(name: str, value: Any) -> bool:
    return isinstance(value, Fault) and value.kind == "RULES_DISAGREE" and value.about == name


def _is_gap(name: str, needed: bool, value: Any) -> bool:
    if isinstance(value, Fault):
        return value.kind in _LACKING and value.about == name
    return needed and (value is None or isinstance(value, Void))


def _shows_clash(book: Book, one: Definition, decision: Decision) -> bool:
    found = book.outcomes(decision, one)
    return any(isinstance(value, CaseFault) and value.code == "L0690" for value in found)


def _shows_gap(book: Book, one: Definition, needed: bool, decision: Decision) -> bool:
    found = book.outcomes(decision, one)
    return any(isinstance(value, CaseFault) or (needed and value is None) for value in found)


def _where_value(
    book: Book, definition: Definition, test: Callable[[Any], bool], key: object
) -> tuple[Diagram, Search]:
    way = book.way_of(definition)
    found = []
    for subject in book.subjects(definition):
        value = way.meaning.definition(definition.name, subject)
        found_in = [where_so(book.d, p, test, (key, definition.name)) for p in parts_of(value)]
        found.append(way.of_case(subject, book.d.any_of(found_in)))
    return way.applying(definition, found), way.search


def widening(book: Book) -> Iterator[Answer]:
    """For each exception to rules with conditions: where none of those would apply, it makes no
    difference.
    """
    for definition in book.own_definitions():
        above: dict[tuple[Span, str], list[Rule]] = {}
        for rule in all_rules(definition.rules):
            for below in rule.exceptions:
                above.setdefault((below.span, below.name), []).append(rule)
        for (span, name), rules in above.items():
            if all(rule.condition is not None for rule in rules):
                about = About("widening", f"例外 {name}", _clause(rules, span), span)
                where = partial(_beyond, book, definition, span)
                yield never(book, about, where, _beyond_what(rules), [definition])


def _beyond_what(rules: list[Rule]) -> Both:
    over = "、".join(f"「{rule.name}」" for rule in rules)
    return Both(
        f"在规则{over}的条件不成立时也改变了值",
        f"it changes the value where no condition of {over} holds",
    )


def _clause(rules: list[Rule], span: Span) -> str | None:
    return next(e.clause for rule in rules for e in rule.exceptions if e.span == span)


def _beyond(book: Book, definition: Definition, span: Span) -> tuple[Diagram, Search]:
    """Where an exception gives another value and none of what it overrides would apply."""
    way, d = book.way_of(definition), book.d
    found = []
    for subject in book.subjects(definition):
        firings = [f for f in way.firings(definition, subject) if f.rule.span == span]
        if firings:
            outer = d.any_of([firing.outer for firing in firings])
            fires = d.any_of([firing.where for firing in firings])
            beyond = d.both(fires, d.negate(outer))
            apart = way.turning_on(definition, span, subject)
            found.append(way.of_case(subject, d.both(beyond, apart)))
    return way.applying(definition, found), way.search
