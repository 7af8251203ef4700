"""Values of a day: what depends on one date of the case is worked out once for every day there is.

Month arithmetic costs a database more than a join with a calendar. A term that reads one date, and
perhaps facts of few values beside it, becomes a column of the calendar for each of those values:
a term of 1,096 months' arithmetic a row becomes a look-up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from ..ir.values import FIRST_DATE, LAST_DATE
from ..ir.walk import outermost
from .tabulate import args_in_case, in_order, replace_all
from .terms import Term, Terms

DAY = "日"
_MOST = 4  # columns that one term may become
_HEAVY = ("add_months", "months_between", "years_completed")


def by_day(
    terms: Terms, roots: tuple[Term, ...], domains: Mapping[Term, tuple[Any, ...]]
) -> tuple[Term, ...]:
    """The roots with look-ups in the calendar where those pay."""
    day = terms.leaf("column", DAY, "date", False, FIRST_DATE.toordinal(), LAST_DATE.toordinal())
    found = dict(_candidates(roots, domains))
    times = Counter(date for date, _ in found.values())
    instead = {
        term: _in_calendar(terms, term, date, small, domains, day)
        for term, (date, small) in found.items()
        if not date.nullable or times[date] > 1
    }
    return replace_all(terms, roots, instead)


def _candidates(
    roots: tuple[Term, ...], domains: Mapping[Term, tuple[Any, ...]]
) -> Iterator[tuple[Term, tuple[Term, tuple[Term, ...]]]]:
    """The largest terms of one date, each with that date and the small facts beside it."""
    leaves, heavy = _leaves(roots)

    def sides(term: Term) -> tuple[list[Term], tuple[Term, ...]]:
        read = leaves[term] or ()
        return [a for a in read if a.kind == "date"], tuple(a for a in read if a.kind != "date")

    def pays(term: Term) -> bool:
        dates, small = sides(term)
        if term not in heavy or len(dates) != 1 or not _are_few(small, domains):
            return False
        return not dates[0].nullable or term.op == "add_months"

    for term in outermost(reversed(roots), pays, args_in_case):
        (date,), small = sides(term)
        yield term, (date, small)


def _leaves(roots: tuple[Term, ...]) -> tuple[dict[Term, tuple[Term, ...] | None], set[Term]]:
    """The columns each term reads, None where they are many; and the terms that count months."""
    leaves: dict[Term, tuple[Term, ...] | None] = {}
    heavy: set[Term] = set()
    for term in in_order(roots, {}, stop="aggregate"):
        if term.op in _HEAVY or any(a in heavy for a in term.args if term.op != "aggregate"):
            heavy.add(term)
        if term.op == "column":
            leaves[term] = (term,)
        elif term.op in ("aggregate", "item", "fault", "cell_of"):
            leaves[term] = None
        else:
            parts = [leaves[a] for a in term.args]
            joined = dict.fromkeys(leaf for part in parts for leaf in part or ())
            leaves[term] = None if None in parts or len(joined) > 3 else tuple(joined)
    return leaves, heavy


def _are_few(small: tuple[Term, ...], domains: Mapping[Term, tuple[Any, ...]]) -> bool:
    total = 1
    for leaf in small:
        if leaf.nullable or leaf not in domains:
            return False
        total *= len(domains[leaf])
    return total <= _MOST


def _in_calendar(
    terms: Terms,
    term: Term,
    date: Term,
    small: tuple[Term, ...],
    domains: Mapping[Term, tuple[Any, ...]],
    day: Term,
) -> Term:
    """The term as a choice among columns of the calendar."""
    pairs: list[tuple[Term, Term]] = []
    for values in product(*(domains[leaf] for leaf in small)):
        fixed = [terms.const(v, leaf.kind) for v, leaf in zip(values, small, strict=True)]
        here = substituted(terms, term, {date: day, **dict(zip(small, fixed, strict=True))})
        condition = terms.all(*(terms.equal(a, b) for a, b in zip(small, fixed, strict=True)))
        pairs.append((condition, here if here.is_const else terms.of_day(date, here)))
    *first, (_, last) = pairs
    return terms.choose(first, last)


def substituted(terms: Terms, root: Term, instead: Mapping[Term, Term]) -> Term:
    """The term with some parts exchanged for others, simplified."""
    done: dict[Term, Term] = dict(instead)
    for term in in_order([root], {part: part for part in instead}):
        if term not in done:
            done[term] = terms.with_arguments(term, tuple(done[a] for a in term.args))
    return done[root]
