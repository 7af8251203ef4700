"""The results of a rulebook as terms in the form of a table, and what unfits a row for a query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

from ..diagnostics.entry import Both
from ..ir import types as t
from ..ir.rulebook import Rulebook
from .from_ir import Lowering
from .symbols import Clauses, Members, Nothing, Number, Symbol, Unreachable
from .terms import OutOfReach, Term, Terms

Form = Literal["bool", "text", "date", "list", "whole", "money", "ratio", "number"]


@attrs.frozen
class Column:
    """A result as it stands in a table. A number is `term` over `under`, which is positive."""

    name: str
    form: Form
    term: Term
    under: Term


@attrs.frozen
class Gap:
    """A result or a check, "" for all of them, that no query says, and why."""

    name: str
    why: Both


@attrs.frozen
class Flat:
    """A rulebook under its readings as terms: what a query computes.

    `faults`: conditions under which the rulebook may contradict itself. `checks`: conditions that
    must hold; those of a list, by its name, on each of its rows.
    """

    terms: Terms
    columns: tuple[Column, ...]
    faults: tuple[Term, ...]
    checks: tuple[tuple[str | None, Term], ...]
    names: Mapping[Term, str]
    gaps: tuple[Gap, ...]


def flatten(rulebook: Rulebook, readings: Mapping[str, str]) -> Flat:
    """The rulebook as terms, with the results that no query here can give, and why."""
    low = Lowering(rulebook, readings)
    columns: list[Column] = []
    gaps: list[Gap] = []
    for result in rulebook.results:
        try:
            columns.append(_column(low, result.name, result.type, low.result(result.name)))
        except (Unreachable, OutOfReach) as error:
            gaps.append(Gap(result.name, error.text))
    checks: list[tuple[str | None, Term]] = []
    for check in rulebook.checks:
        try:
            checks.append((check.list_name, low.check(check)))
        except (Unreachable, OutOfReach) as error:
            gaps.append(Gap(check.name, error.text))
    faults = tuple(dict.fromkeys(f for f in low.faults if f is not low.terms.false))
    return Flat(low.terms, tuple(columns), faults, tuple(checks), low.names, tuple(gaps))


def _column(low: Lowering, name: str, type_: t.Type, value: Symbol) -> Column:
    terms, form = low.terms, form_of(type_)
    one = terms.integer(1)
    match value:
        case Nothing() if form == "list":
            return Column(name, form, terms.const((), "list"), one)
        case Nothing():
            return Column(name, form, terms.none("int" if form in _NUMBERS else form), one)  # type: ignore[arg-type]
        case Members(enum, conditions):
            return Column(name, form, terms.members(enum.members, conditions), one)
        case Clauses(conditions_of):
            order = low.rulebook.clause_order
            ordered = sorted(conditions_of, key=lambda c: (order.get(c, ((98, 0),)), c))
            found = terms.members(tuple(ordered), tuple(conditions_of[c] for c in ordered))
            return Column(name, form, found, one)
        case Number(over, under):
            return Column(name, form, over, under)
        case Term() if isinstance(t.solid(type_), t.Enum):
            return Column(name, form, low.text_of(value, type_), one)
        case Term():
            return Column(name, form, value, one)
    raise Unreachable("此类结果", "a result of this kind")


_NUMBERS = ("whole", "money", "ratio", "number")


def form_of(type_: t.Type) -> Form:
    """How a type stands in a table."""
    solid = t.solid(type_)
    if isinstance(solid, t.ListOf) or solid == t.CLAUSES:
        return "list"
    if solid == t.MONEY:
        return "money"
    if solid == t.RATIO:
        return "ratio"
    if isinstance(solid, t.Number):
        return "whole" if solid.integer else "number"
    if solid == t.BOOL:
        return "bool"
    return "date" if solid == t.DATE else "text"
