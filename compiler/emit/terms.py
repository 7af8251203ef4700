"""Python expressions as values that exist once: what is computed twice is seen to be the same.

A *term* is an expression in two-valued Python. It knows what has to be there before it can be
computed (`needs`), what is there where it holds or fails, and whether it can end in a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from ..ir.walk import each_once
from .text import literal

Piece = str | int  # text of ours, or the number of an argument
ATOM, SUM, COMPARISON, NOT, AND, OR, IF = 9, 6, 5, 4, 3, 2, 1
Needs = frozenset["Term"]
NOTHING: Needs = frozenset()
Ends = tuple[int, int] | None
FIRST_YEAR, LAST_YEAR = 1, 9999


@attrs.frozen(eq=False)
class Term:
    """An expression. Two that are written alike are one object."""

    pieces: tuple[Piece, ...]
    args: tuple[Term, ...]
    binds: int  # how tightly it binds, and how tightly its arguments must
    inner: int
    constant: bool = False
    value: object = None
    maybe: bool = False  # can be none
    integral: bool = False
    needs: Needs = NOTHING  # what may have to be there
    must: Needs = NOTHING  # of that, what has to be there in any case
    if_true: Needs = NOTHING
    if_false: Needs = NOTHING
    faults: bool = False
    free: frozenset[str] = frozenset()  # names that a loop around it binds
    years: Ends = None  # of a date: the first and the last it can be in
    ends: Ends = None  # of a whole number: the least and the greatest it can be
    depth: int = 1
    list_of_rows: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is a name or a constant: nothing to compute."""
        return not self.args and self.binds == ATOM


class Terms:
    """Makes terms, each once, and simplifies what is known beforehand."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Term] = {}
        self.sure: set[Term] = set()  # what is there, although that is not plain to see
        self.forced: set[Term] = set()  # computed in any case, as they can end in a fault

    # --- leaves

    def constant(self, value: object) -> Term:
        """A constant."""
        text = literal(value)
        kind = type(value)
        return self._make(
            (text,), (), ATOM, IF, constant=True, value=value, maybe=value is None,
            integral=kind is int, ends=(value, value) if type(value) is int else None,
            years=(value.year, value.year) if hasattr(value, "year") else None,
        )  # fmt: skip

    def name(
        self,
        name: str,
        *,
        maybe: bool = False,
        integral: bool = False,
        years: Ends = None,
        ends: Ends = None,
        free: frozenset[str] = frozenset(),
        list_of_rows: bool = False,
    ) -> Term:
        """A variable."""
        return self._make(
            (name,), (), ATOM, IF, maybe=maybe, integral=integral, years=years, ends=ends,
            free=free, list_of_rows=list_of_rows,
        )  # fmt: skip

    @property
    def true(self) -> Term:
        """是."""
        return self.constant(True)

    @property
    def false(self) -> Term:
        """否."""
        return self.constant(False)

    @property
    def none(self) -> Term:
        """空."""
        return self.constant(None)

    # --- conditions

    def negation(self, of: Term) -> Term:
        """非."""
        if of.constant:
            return self.constant(not of.value)
        if of.pieces == ("not ", 0):
            return of.args[0]
        if of.pieces == (0, " is not None"):
            return self.absent(of.args[0])
        if of.pieces == (0, " is None"):
            return self.present(of.args[0])
        if of.pieces == (0, " == ", 1):
            return self._make(
                (0, " != ", 1), of.args, COMPARISON, SUM, needs=of.needs, must=of.must,
                if_false=of.if_true,
            )  # fmt: skip
        if of.pieces == (0, " != ", 1):
            return self.equal(*of.args)
        return self._make(
            ("not ", 0), (of,), NOT, NOT, needs=of.needs, must=of.must, if_true=of.if_false,
            if_false=of.if_true,
        )  # fmt: skip

    def all_of(self, items: Iterable[Term]) -> Term:
        """且: as far as the first that is false."""
        return self._junction(items, False)

    def any_of(self, items: Iterable[Term]) -> Term:
        """或: as far as the first that is true."""
        return self._junction(items, True)

    def _junction(self, items: Iterable[Term], deciding: bool) -> Term:
        word, binds = (" or ", OR) if deciding else (" and ", AND)
        kept: list[Term] = []
        for item in items:
            if item.constant and item.value is deciding:
                self.force(kept)  # what stands before it is looked at all the same
                return item
            if not item.constant and item not in kept:
                kept.append(item)
        if not kept:
            return self.constant(not deciding)
        return kept[0] if len(kept) == 1 else self._chain(kept, word, binds, deciding)

    def _chain(self, kept: list[Term], word: str, binds: int, deciding: bool) -> Term:
        needs: set[Term] = set()
        known: Needs = NOTHING
        for item in kept:
            needs |= item.needs - known
            known |= item.if_false if deciding else item.if_true
        pieces: list[Piece] = [0]
        for number in range(1, len(kept)):
            pieces += [word, number]
        if_true, if_false = (NOTHING, known) if deciding else (known, NOTHING)
        return self._make(
            tuple(pieces), tuple(kept), binds, binds, needs=frozenset(needs),
            must=kept[0].must, if_true=if_true, if_false=if_false,
        )  # fmt: skip

    def present(self, of: Term) -> Term:
        """有."""
        if of.constant:
            return self.constant(of.value is not None)
        if not of.maybe:
            self.force([of])
            return self.true
        return self._make(
            (0, " is not None"), (of,), COMPARISON, SUM, needs=of.needs, must=of.must,
            if_true=frozenset([of]),
        )  # fmt: skip

    def absent(self, of: Term) -> Term:
        """没有."""
        if of.constant:
            return self.constant(of.value is None)
        if not of.maybe:
            self.force([of])
            return self.false
        return self._make(
            (0, " is None"), (of,), COMPARISON, SUM, needs=of.needs, must=of.must,
            if_false=frozenset([of]),
        )  # fmt: skip

    def equal(self, left: Term, right: Term) -> Term:
        """为."""
        if left.constant and right.constant:
            return self.constant(left.value == right.value)
        if left is right:
            self.force([left])
            return self.true
        if right.constant and right.value is None:
            return self.absent(left)
        if left.constant:
            left, right = right, left
        if right.constant and right.value in (True, False) and type(right.value) is bool:
            if not left.maybe:
                return left if right.value else self.negation(left)
        there = frozenset([left]) if right.constant else NOTHING
        return self._make(
            (0, " == ", 1), (left, right), COMPARISON, SUM, needs=left.needs | right.needs,
            must=left.must | right.must, if_true=there,
        )  # fmt: skip

    def among(self, of: Term, known: Iterable[object], name: str) -> Term:
        """属于 some constants, which stand under a name."""
        values = frozenset(known)
        if of.constant:
            return self.constant(of.value in values)
        if not values:
            return self.false
        if len(values) == 1:
            (value,) = values
            if value is not None:
                return self.equal(of, self.constant(value))
        return self._make(
            (0, " in ", 1), (of, self.name(name)), COMPARISON, SUM, needs=of.needs, must=of.must,
            if_true=NOTHING if None in values else frozenset([of]),
        )  # fmt: skip

    def branch(self, condition: Term, then: Term, otherwise: Term) -> Term:
        """若…则…否则…."""
        if condition.constant:
            return then if condition.value else otherwise
        if then is otherwise:
            self.force([condition])
            return then
        if then.constant and otherwise.constant:
            if then.value is True and otherwise.value is False:
                return condition
            if then.value is False and otherwise.value is True:
                return self.negation(condition)
        if condition.pieces == ("not ", 0):
            condition, then, otherwise = condition.args[0], otherwise, then
        if _is(otherwise, False):
            return self.all_of([condition, then])
        if _is(then, True):
            return self.any_of([condition, otherwise])
        if _is(then, False):
            return self.all_of([self.negation(condition), otherwise])
        if _is(otherwise, True):
            return self.any_of([self.negation(condition), then])
        needs = condition.needs
        needs |= (then.needs - condition.if_true) | (otherwise.needs - condition.if_false)
        must = condition.must | (then.must & otherwise.must)
        years = then.years if _is(otherwise, None) else either(then.years, otherwise.years)
        years = otherwise.years if _is(then, None) else years
        maybe = (then.maybe and then not in condition.if_true) or (
            otherwise.maybe and otherwise not in condition.if_false
        )
        return self._make(
            (0, " if ", 1, " else ", 2), (then, condition, otherwise), IF, OR, needs=needs,
            must=must, maybe=maybe, integral=then.integral and otherwise.integral, years=years,
            ends=either(then.ends, otherwise.ends),
            list_of_rows=then.list_of_rows and otherwise.list_of_rows,
        )  # fmt: skip

    def force(self, terms: Iterable[Term]) -> None:
        """Has terms computed in any case: the interpreter does, and a fault may show."""
        self.forced.update(term for term in terms if term.faults)

    # --- anything else

    def strict(
        self,
        pieces: tuple[Piece, ...],
        args: tuple[Term, ...],
        binds: int = ATOM,
        *,
        loose: bool = False,
        faults: bool = False,
        maybe: bool = False,
        integral: bool = False,
        years: Ends = None,
        ends: Ends = None,
        bound: frozenset[str] = frozenset(),
        list_of_rows: bool = False,
    ) -> Term:
        """An operation on values that must be there, unless it is `loose`. `bound`: the names that
        it binds itself.
        """
        needs = frozenset().union(*(arg.needs for arg in args))
        must = frozenset().union(*(arg.must for arg in args))
        if not loose:
            asked = {arg for arg in args if arg.maybe and arg not in self.sure}
            needs, must = needs | asked, must | asked
        if bound:  # of what a list holds nothing is needed where it holds nothing
            source = args[1] if len(args) > 1 else args[0]
            needs = frozenset(need for need in needs if not need.free & bound)
            must = source.must
        inner = IF if binds == ATOM and isinstance(pieces[0], str) else SUM + 1
        if binds == COMPARISON:
            inner = SUM
        return self._make(
            pieces, args, binds, inner, needs=needs, must=must, maybe=maybe, integral=integral,
            years=years, ends=ends, faults=faults, bound=bound, list_of_rows=list_of_rows,
        )  # fmt: skip

    def _make(
        self,
        pieces: tuple[Piece, ...],
        args: tuple[Term, ...],
        binds: int,
        inner: int,
        *,
        constant: bool = False,
        value: object = None,
        maybe: bool = False,
        integral: bool = False,
        needs: Needs = NOTHING,
        must: Needs = NOTHING,
        if_true: Needs = NOTHING,
        if_false: Needs = NOTHING,
        faults: bool = False,
        free: frozenset[str] = frozenset(),
        bound: frozenset[str] = frozenset(),
        years: Ends = None,
        ends: Ends = None,
        list_of_rows: bool = False,
    ) -> Term:
        key = (pieces, tuple(id(arg) for arg in args), constant)
        if key not in self._made:
            self._made[key] = Term(
                pieces, args, binds, inner, constant, value, maybe, integral, needs, must, if_true,
                if_false, faults or any(arg.faults for arg in args),
                (free.union(*(arg.free for arg in args)) - bound) if args else free, years, ends,
                1 + max((arg.depth for arg in args), default=0), list_of_rows,
            )  # fmt: skip
        return self._made[key]


def _is(term: Term, value: object) -> bool:
    return term.constant and term.value is value


def either(one: Ends, other: Ends) -> Ends:
    """The ends of what is one or the other."""
    if one is None or other is None:
        return None
    return min(one[0], other[0]), max(one[1], other[1])


def inside(term: Term) -> Iterator[Term]:
    """A term and all in it, each once, what is inside first."""
    return each_once([term], lambda one: one.args)
