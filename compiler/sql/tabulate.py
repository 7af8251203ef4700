"""Look-up tables: what depends on a few conditions only is worked out beforehand for all of them.

The conditions become the bits of a key, the values of every combination a table of up to 4,096
rows. Where to draw the line between what is worked out beforehand and what is computed in each row
is a minimum cut of the terms, as in project selection (Picard 1976). A value of an enumeration, a
list of members or of clauses, a rate all become columns of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import attrs
import igraph  # type: ignore[import-untyped]

from ..ir.walk import each_once
from .evaluate import apply
from .terms import Term, Terms

MOST_BITS = 12
_WORTH_IT = 6  # terms that a look-up must save


@attrs.frozen
class Table:
    """A look-up table: its key, and for each column the values in the order of the key."""

    key: Term
    columns: tuple[tuple[Term, tuple[Any, ...]], ...]


def tabulate(terms: Terms, roots: tuple[Term, ...]) -> tuple[tuple[Term, ...], tuple[Table, ...]]:
    """The roots with look-ups where those pay, and the tables."""
    tables: list[Table] = []
    instead: dict[Term, Term] = {}
    for bits, members in _grouped(roots):
        key = terms.key(tuple(_numbered(bits)))
        values = _Truth(key.args)
        columns = tuple((target, values.column(target)) for target in members)
        for place, (target, _) in enumerate(columns):
            instead[target] = terms.looked_up(key, len(tables), place, target)
        tables.append(Table(key, columns))
    swapped = replace_all(terms, (*roots, *(table.key for table in tables)), instead)
    keys = swapped[len(roots) :]
    by_old = {table.key: key for table, key in zip(tables, keys, strict=True)}
    tables = [attrs.evolve(table, key=by_old[table.key]) for table in tables]
    return swapped[: len(roots)], tuple(tables)


def replace_all(
    terms: Terms, roots: tuple[Term, ...], instead: dict[Term, Term]
) -> tuple[Term, ...]:
    """The roots with some terms exchanged for others of the same value."""
    done: dict[Term, Term] = {}

    def changed(term: Term) -> Term:
        found = instead.get(term, term)
        if found.op == "aggregate":
            return found  # computed elsewhere, where no table stands
        args = tuple(done[a] for a in found.args)
        return found if args == found.args else terms.rebuild(found, args)

    for term in in_order(roots, instead, stop="aggregate"):
        done[term] = changed(term)
    return tuple(done[root] for root in roots)


def in_order(
    roots: Iterable[Term], instead: dict[Term, Term] | None = None, stop: str = ""
) -> Iterator[Term]:
    """Every term the roots are made of, each once, arguments first; `instead` gives other parts,
    terms of the operation `stop` have none.
    """
    parts = instead or {}

    def below(term: Term) -> Iterable[Term]:
        return () if term.op == stop else reversed(parts.get(term, term).args)

    return each_once(reversed(list(roots)), below)


def args_in_case(term: Term) -> Iterable[Term]:
    """The arguments of a term from the last, none of what a list comes to."""
    return () if term.op == "aggregate" else reversed(term.args)


# --- which terms


_Group = tuple[frozenset[Term], list[Term]]  # conditions, and the terms that depend on them only


def _targets(roots: tuple[Term, ...], exposed: frozenset[Term]) -> list[_Group]:
    """Terms that are worth a table with the conditions they depend on; none inside another."""
    found: list[_Group] = []
    stack = list(reversed(roots))
    seen: set[Term] = set()
    while stack:
        term = stack.pop()
        if term in seen:
            continue
        seen.add(term)
        if term.kind != "bool" and term.args and term not in exposed:
            cut = _least_cut([term], exposed)
            if cut is not None and _is_worth_it(term, cut):
                found.append((cut, [term]))
                stack.extend(_numbered(cut))
                continue
        stack.extend(args_in_case(term))
    return found


def _exposed(roots: tuple[Term, ...]) -> frozenset[Term]:
    """Terms that depend on a value other than through a condition."""
    found: set[Term] = set()
    for term in in_order(roots):
        if term.kind != "bool" and not term.is_const:
            if (
                not term.args
                or term.op in ("aggregate", "cell_of", "of_day")
                or not found.isdisjoint(term.args)
            ):
                found.add(term)
    return frozenset(found)


def _is_worth_it(term: Term, cut: frozenset[Term]) -> bool:
    if term.op == "members":
        return True
    above = sum(1 for t in _above(term, cut) if t.op not in ("const", "not"))
    return above >= _WORTH_IT


def _above(root: Term, cut: frozenset[Term]) -> Iterator[Term]:
    """The terms between a root and a cut below it."""
    return each_once([root], lambda term: [a for a in term.args if a not in cut])


def _grouped(roots: tuple[Term, ...]) -> list[_Group]:
    """Terms that are worth a table, together where one key serves them all."""
    exposed = _exposed(roots)
    groups: list[_Group] = []
    for bits, members in sorted(_targets(roots, exposed), key=lambda g: -len(g[0])):
        for place, (others, before) in enumerate(groups):
            if 2 * len(bits & others) >= min(len(bits), len(others)):
                joined = [*before, *members]
                cut = _least_cut(joined, exposed)
                if cut is not None and not _needs_itself(cut, joined, groups):
                    groups[place] = (cut, joined)
                    break
        else:
            groups.append((bits, members))
    return groups


def _needs_itself(bits: frozenset[Term], members: list[Term], groups: list[_Group]) -> bool:
    """Whether the key of a table would need what the table gives, directly or through others."""
    of = {term: others for others, terms in groups for term in terms}
    seen: set[Term] = set()
    waiting = [bits]
    while waiting:
        below = [term for term in in_order(_numbered(waiting.pop())) if term not in seen]
        seen.update(below)
        if not seen.isdisjoint(members):
            return True
        waiting += [of[term] for term in below if term in of]
    return False


def _numbered(terms: Iterable[Term]) -> list[Term]:
    """Terms in the order they were made."""
    return sorted(terms, key=lambda term: term.number)


def _least_cut(roots: list[Term], exposed: frozenset[Term]) -> frozenset[Term] | None:
    """The conditions to make the key of terms of, so that the conditions and what is computed for
    them cost least. None where a key would be too wide.
    """
    for bit in _BIT_COSTS:
        cut = _cut(roots, exposed, bit)
        if len(cut) <= MOST_BITS:
            return cut
    return None


_BIT_COSTS = (3, 6, 12, 24)  # beside a term's: dearer bits give narrower keys
_TERM_COST = 2


def _cut(roots: list[Term], exposed: frozenset[Term], bit: int) -> frozenset[Term]:
    """Of all ways to divide the terms below some roots into those worked out beforehand and those
    computed in each row, the cheapest, by a minimum cut: what is computed costs a little, a
    condition that something worked out beforehand looks at costs a bit of the key.
    """
    below = [term for term in in_order(roots) if not term.is_const]
    place = {term: at for at, term in enumerate(below)}
    source, sink = 2 * len(below), 2 * len(below) + 1
    edges: list[tuple[int, int]] = []
    widths: list[float] = []

    def join(start: int, end: int, width: float) -> None:
        edges.append((start, end))
        widths.append(width)

    for term, at in place.items():
        asked, beforehand = 2 * at, 2 * at + 1
        is_leaf = not term.args or term.op in ("aggregate", "of_day")
        if is_leaf or term in exposed:
            join(beforehand, sink, _ENDLESS)
        if term.op != "not":
            join(source, beforehand, _TERM_COST)
        join(asked, beforehand, bit if term.kind == "bool" else _ENDLESS)
        for part in () if is_leaf else term.args:
            if part in place:
                join(beforehand, 2 * place[part], _ENDLESS)
                join(2 * place[part] + 1, beforehand, _ENDLESS)
    for root in roots:
        join(source, 2 * place[root] + 1, _ENDLESS)
    graph = igraph.Graph(n=sink + 1, edges=edges, directed=True)
    near = set(graph.mincut(source, sink, widths).partition[0])
    return frozenset(t for t, at in place.items() if 2 * at in near and 2 * at + 1 not in near)


_ENDLESS = 1e9


# --- what stands in them


class _Truth:
    """The values of terms for all combinations of some conditions: for each value the combinations
    in which it comes out, as bits of one whole number.
    """

    def __init__(self, conditions: tuple[Term, ...]) -> None:
        self.size = 1 << len(conditions)
        self.everywhere = (1 << self.size) - 1
        self.known: dict[Term, dict[Any, int]] = {}
        for place, condition in enumerate(conditions):
            where = _alternating(place, self.size)
            self.known[condition] = {True: where, False: self.everywhere ^ where}

    def column(self, term: Term) -> tuple[Any, ...]:
        """The values of a term in the order of the key."""
        found: list[Any] = [None] * self.size
        for value, where in self.of(term).items():
            bits = bin(where)[:1:-1]
            place = bits.find("1")
            while place >= 0:
                found[place] = value
                place = bits.find("1", place + 1)
        return tuple(found)

    def of(self, root: Term) -> dict[Any, int]:
        """For each value of a term the combinations in which it has it."""
        for term in self._open(root):
            self.known[term] = self._compute(term)
        return self.known[root]

    def _open(self, root: Term) -> Iterator[Term]:
        stack = [(root, False)]
        while stack:
            term, ready = stack.pop()
            if term in self.known:
                continue
            if ready:
                yield term
            else:
                stack.append((term, True))
                stack.extend((a, False) for a in term.args)

    def _compute(self, term: Term) -> dict[Any, int]:
        if term.is_const:
            return {term.value: self.everywhere}
        if term.op in ("and", "or"):
            return self._junction(term)
        if term.op == "case":
            return self._choice(term)
        return self._applied(term)

    def _junction(self, term: Term) -> dict[Any, int]:
        deciding = term.op == "or"
        where = 0
        for item in term.args:
            where |= self.known[item].get(deciding, 0)
        return {deciding: where, not deciding: self.everywhere ^ where}

    def _choice(self, term: Term) -> dict[Any, int]:
        left, found = self.everywhere, dict[Any, int]()
        for condition, value in term.branches:
            here = left & self.known[condition].get(True, 0)
            self._add(found, self.known[value], here)
            left &= ~here
        self._add(found, self.known[term.otherwise], left)
        return found

    def _add(self, found: dict[Any, int], values: dict[Any, int], here: int) -> None:
        for value, where in values.items():
            if where & here:
                found[value] = found.get(value, 0) | where & here

    def _applied(self, term: Term) -> dict[Any, int]:
        """A function of values, for every combination of values that comes out together."""
        together: dict[tuple[Any, ...], int] = {(): self.everywhere}
        for argument in term.args:
            together = {
                (*before, value): where & here
                for before, where in together.items()
                for value, here in self.known[argument].items()
                if where & here
            }
        found: dict[Any, int] = {}
        for values, where in together.items():
            value = apply(term, values)
            found[value] = found.get(value, 0) | where
        return found


@cache
def _alternating(place: int, size: int) -> int:
    """The combinations in which the condition at a place holds, as bits."""
    block = ((1 << (1 << place)) - 1) << (1 << place)
    found, width = block, 2 << place
    while width < size:
        found |= found << width
        width *= 2
    return found
