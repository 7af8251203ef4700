"""Terms of the law in the rules: not before they are defined, not elsewhere, not by halves.

以下简称 and 下同 speak of what comes below, so a rule above must mean something else. What
所称…是指 says holds for the whole law, and often stands at its end. An enumeration or a fact that
lists a term declares it and does not use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import attrs

from ...diagnostics.catalogue import alignment as codes
from ...diagnostics.diagnostic import Finding, Label
from ...diagnostics.entry import Both
from ...ir import nodes as ir
from ...ir import types as t
from ...ir.rulebook import Definition, Rulebook, Term
from ...ir.walk import walk
from ...source import Span
from ...syntax.ast import Word
from ..alignment import Around, constructs

_SLIGHT = re.compile(r"[的之\s“”\"]")


def check_terms(rulebook: Rulebook, declared: Iterable[Word]) -> list[Finding]:
    """What the rules make of the terms of the law; `declared` are the names of the rulebook."""
    if not rulebook.terms:
        return []
    around = Around(rulebook)
    return [
        *_too_early(rulebook, around),
        *_elsewhere(rulebook, around),
        *_nearly(rulebook.terms, declared),
    ]


# --- before


@attrs.frozen
class _Use:
    name: str
    clause: str
    span: Span


def _too_early(rulebook: Rulebook, around: Around) -> Iterator[Finding]:
    """Each term used above the clause that defines it, once for a clause."""
    terms = {term.name: term for term in rulebook.terms if term.below}
    order = rulebook.clause_order
    told: set[tuple[str, str]] = set()
    for use in _uses(rulebook) if terms else ():
        term = terms.get(use.name)
        if term is None or (use.name, use.clause) in told:
            continue
        if order[use.clause] < order[term.clause] and not around.holds(use.clause, term.clause):
            told.add((use.name, use.clause))
            arguments = {"name": use.name, "clause": use.clause, "defined": term.clause}
            yield Finding(codes.TERM_TOO_EARLY, use.span, dict(arguments), (_label(term),))


def _uses(rulebook: Rulebook) -> Iterator[_Use]:
    """The names in rules and requirements, and the names these have themselves."""
    for one in constructs(rulebook):
        yield from (_Use(name, one.clause, one.span) for name in (one.owner, *one.members))
        for part in one.parts:
            for node in walk(part):
                if name := _name(rulebook, node):
                    yield _Use(name, one.clause, node.span)


def _name(rulebook: Rulebook, node: ir.Expr) -> str | None:
    match node:
        case ir.Literal(value) if isinstance(t.solid(node.type), t.Enum):
            return str(value)
        case ir.Defined(name):
            known = rulebook.definition.get(name)
            return known.attribute if known else name
        case ir.Fact(path):
            return path.rpartition(".")[2]
        case ir.FieldOf(_, field):
            return field
        case _:
            return None


# --- against


def _elsewhere(rulebook: Rulebook, around: Around) -> Iterator[Finding]:
    """Values that have the name of a term and a rule under a clause that does not define it."""
    terms = {term.name: term for term in rulebook.terms}
    for definition in rulebook.definitions:
        term = terms.get(definition.attribute)
        if term is not None and definition.origin is None:
            yield from _rules_elsewhere(definition, term, around)


def _rules_elsewhere(definition: Definition, term: Term, around: Around) -> Iterator[Finding]:
    for rule in definition.rules:  # not its exceptions: another clause may well make one
        clause = rule.clause
        if clause is None or rule.source is not None:
            continue
        if not (around.holds(clause, term.clause) or around.holds(term.clause, clause)):
            arguments = {"name": term.name, "clause": clause, "defined": term.clause}
            yield Finding(codes.TERM_ELSEWHERE, rule.span, dict(arguments), (_label(term),))


def _nearly(terms: tuple[Term, ...], declared: Iterable[Word]) -> Iterator[Finding]:
    """Names that differ from a term by nothing that is said."""
    known = {_SLIGHT.sub("", term.name): term for term in terms}
    for word in declared:
        term = known.get(_SLIGHT.sub("", word.text))
        if term is not None and word.text != term.name:
            arguments = {"name": word.text, "term": term.name, "clause": term.clause}
            yield Finding(codes.TERM_NEARLY, word.span, dict(arguments), (_label(term),))


def _label(term: Term) -> Label:
    return Label(term.span, Both("原文在这里说明", "the law defines it here"))
