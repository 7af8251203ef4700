"""Ranges of dates and numbers, narrowed by questions about them until nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import permutations
from typing import Any

import attrs

from . import terms
from .terms import NoDay, Order


@attrs.frozen
class Ground:
    """What is left of the facts' ranges, and for each range the constraints that it rests on."""

    box: dict[Any, tuple[Any, Any]]
    why: dict[Any, set[int]]

    def with_range(self, fact: Any, part: tuple[Any, Any]) -> Ground:
        """With a part of the range of a fact."""
        return Ground({**self.box, fact: part}, self.why)

    def reasons(self, at: int, constraint: Constraint) -> set[int]:
        """The constraints that one of them, with the ranges of its facts, rests on."""
        return {at}.union(*(self.why.get(fact, ()) for fact in constraint.facts))


@attrs.frozen
class Constraint:
    """`big` ≥ `small`, or > where it is strict; or a question of one date and its answer."""

    big: Any
    small: Any
    strict: bool
    facts: tuple[Any, ...]
    whole: bool
    at: int  # its place among the answers it comes from
    asked: NoDay | None = None
    answer: bool = True

    def refuted(self, box: Mapping[Any, Any]) -> bool:
        """Whether it holds nowhere in a box."""
        if self.asked is not None:
            return terms.outcome(self.asked, box) is (not self.answer)
        most, least = terms.bounds(self.big, box)[1], terms.bounds(self.small, box)[0]
        return bool(most < least or (self.strict and most == least))

    def entailed(self, box: Mapping[Any, Any]) -> bool:
        """Whether it holds everywhere in a box."""
        if self.asked is not None:
            return terms.outcome(self.asked, box) is self.answer
        least, most = terms.bounds(self.big, box)[0], terms.bounds(self.small, box)[1]
        return bool(least > most or (not self.strict and least == most))


def constraints_of(orders: list[tuple[Order | NoDay, bool]]) -> list[Constraint]:
    found = []
    for at, (atom, answer) in enumerate(orders):
        facts = tuple(dict.fromkeys(terms.facts_of(atom)))
        if isinstance(atom, NoDay):
            found.append(Constraint(None, None, False, facts, True, at, atom, answer))
            continue
        parts = (atom.left, atom.right)
        whole = all(
            p.kind in ("date", "integer") if terms.is_term(p) else not _broken(p) for p in parts
        )
        big, small = parts if answer else parts[::-1]
        found.append(Constraint(big, small, not answer, facts, whole, at))
    return found + [implied for one in found for implied in _implied(one)]


def _implied(constraint: Constraint) -> Iterator[Constraint]:
    """What rises with one fact is more for one than for another only where the fact is."""
    if not constraint.strict or len(constraint.facts) != 2:
        return
    big = [f for f in constraint.facts if _within(f, constraint.big)]
    small = [f for f in constraint.facts if _within(f, constraint.small)]
    if len(big) != 1 or len(small) != 1 or constraint.big in big:
        return
    one, other = big[0], small[0]
    alike = terms.put(constraint.big, one, other) == constraint.small
    if alike and terms.rises(constraint.big, one):
        yield attrs.evolve(constraint, big=one, small=other)


def circle(constraints: list[Constraint]) -> set[int]:
    """The places of constraints by which something would be more than itself; none: there is none.

    What lies by a longer period from a date is later than what lies by a shorter one. Narrowing
    would creep on such for as long as there are days.
    """
    between = [c if _terms_alone(c) else None for c in constraints]
    edges: dict[Any, list[tuple[Any, int | None]]] = {}
    for place, one in enumerate(between):
        if one is not None:
            edges.setdefault(one.small, []).append((one.big, place))
    known = list(dict.fromkeys(t for one in between if one for t in (one.big, one.small)))
    for low, high in permutations(known, 2):
        if terms.base(low) == terms.base(high) and terms.settled(high, low) is True:
            edges.setdefault(low, []).append((high, None))
    for place, one in enumerate(between):
        if one is not None and one.strict:
            way = _upward(edges, one.big, one.small)
            if way is not None:
                return {place, *way}
    return set()


def _terms_alone(constraint: Constraint) -> bool:
    return terms.is_term(constraint.big) and terms.is_term(constraint.small)


def _upward(
    edges: dict[Any, list[tuple[Any, int | None]]], start: Any, end: Any
) -> list[int] | None:
    """The constraints that lead from something to what is at least as much."""
    came: dict[Any, list[int]] = {start: []}
    pending = [start]
    while pending:
        here = pending.pop(0)
        if here == end:
            return came[here]
        for above, place in edges.get(here, ()):
            if above not in came:
                came[above] = came[here] if place is None else [*came[here], place]
                pending.append(above)
    return None


def _broken(constant: Any) -> bool:
    return isinstance(constant, Fraction) and constant.denominator != 1


def range_of(fact: Any, box: Mapping[Any, Any]) -> tuple[Any, Any]:
    found: tuple[Any, Any] = box.get(fact) or terms.domain(fact)
    return found


def narrowed(
    constraints: list[Constraint], ground: Ground, step: Callable[[], None], blame: set[int]
) -> Ground | None:
    """The ground with every range narrowed as far as single constraints allow.

    None where nothing is left: `blame` then has the places of constraints that leave nothing.
    """
    left = Ground(dict(ground.box), dict(ground.why))
    pending = list(range(len(constraints)))
    rounds = 0
    while pending:
        rounds += 1
        if rounds > 40 + 10 * len(constraints):
            return left  # bounds that creep: the search goes on by halving
        step()
        at = pending.pop(0)
        constraint = constraints[at]
        moved = None if constraint.refuted(left.box) else _shave(constraint, left.box)
        if moved is None:
            blame |= left.reasons(at, constraint)
            return None
        if moved:
            rest = left.reasons(at, constraint)
            for fact in moved:
                left.why[fact] = rest
            pending += [
                i
                for i, other in enumerate(constraints)
                if i not in pending and i != at and not moved.isdisjoint(other.facts)
            ]
    return left


def _shave(constraint: Constraint, box: dict[Any, Any]) -> set[Any] | None:
    """Moves the bounds of the facts of one constraint; which moved, None where nothing is left."""
    moved = set()
    for fact in constraint.facts:
        low, high = range_of(fact, box)
        bounds = _direct(constraint, fact, low, high, box) or _bisected(
            constraint, fact, low, high, box
        )
        if bounds[0] > bounds[1]:
            return None
        if bounds != (low, high):
            box[fact] = bounds
            moved.add(fact)
    return moved


def _direct(
    constraint: Constraint, fact: Any, low: Any, high: Any, box: Mapping[Any, Any]
) -> tuple[Any, Any] | None:
    """The bounds of a fact that stands alone on one side; None where it does not."""
    gap = 1 if constraint.strict and constraint.whole else 0
    if constraint.asked is not None:
        return None
    if constraint.big == fact and not _within(fact, constraint.small):
        return max(low, _whole_up(fact, terms.bounds(constraint.small, box)[0] + gap)), high
    if constraint.small == fact and not _within(fact, constraint.big):
        return low, min(high, _whole_down(fact, terms.bounds(constraint.big, box)[1] - gap))
    return None


def _whole_up(fact: Any, bound: Any) -> Any:
    return -(-bound // 1) if fact.kind != "number" else bound


def _whole_down(fact: Any, bound: Any) -> Any:
    return bound // 1 if fact.kind != "number" else bound


def _within(fact: Any, term: Any) -> bool:
    return any(one == fact for one in terms.facts_of(term))


def _bisected(
    constraint: Constraint, fact: Any, low: Any, high: Any, box: dict[Any, Any]
) -> tuple[Any, Any]:
    """Bounds from halving: a part of the range in which the constraint holds nowhere is left out.

    Sound whatever the term does: of a range that is refuted every part is.
    """
    if fact.kind == "number" or not isinstance(low, int) or not isinstance(high, int):
        return low, high
    outer = box.get(fact)

    def refuted(first: int, last: int) -> bool:
        box[fact] = (first, last)
        return constraint.refuted(box)

    if refuted(low, low):
        ok, no = high, low  # everything up to `no` is refuted
        while ok - no > 1:
            middle = (ok + no) // 2
            if refuted(low, middle):
                no = middle
            else:
                ok = middle
        low = no + 1
    if low < high and refuted(high, high):
        ok, no = low, high
        while no - ok > 1:
            middle = (ok + no) // 2
            if refuted(middle, high):
                no = middle
            else:
                ok = middle
        high = no - 1
    if outer is None:
        del box[fact]
    else:
        box[fact] = outer
    return low, high


def around(fact: Any, low: Any, tried: Any, high: Any) -> list[tuple[Any, Any]]:
    """What is left of a range beside one value, in parts no larger than half of it."""
    if fact.kind == "number":
        middle = Fraction(low + high) / 2
        return [(low, middle), (middle, high)]
    middle = (low + high) // 2
    parts = []
    for first, last in ((low, tried - 1), (tried + 1, high)):
        if first <= middle < last:
            parts += [(first, middle), (middle + 1, last)]
        elif first <= last:
            parts.append((first, last))
    return parts
