"""What is known of a value while facts are absent.

A value is known, or one of several, or anything; each unknown carries the facts it waits for.
Booleans, enumeration members and small counts keep the set of what they can still be, so that
everything that is the same whatever the absent facts turn out to be is determined (a set-valued
Kleene logic).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

from luling.compiler.ir.operations import SKIP

_MOST = 64
Missing = frozenset[str]
NOTHING_MISSING: Missing = frozenset()


class Unknown:
    """A value that depends on absent facts; `among` holds all it can be, or is None."""

    __slots__ = ("among", "missing")

    def __init__(self, missing: Missing, among: frozenset[Any] | None = None) -> None:
        self.missing = missing
        self.among = among


class PartialList:
    """A list of which some items may or may not be there: each item with True or an Unknown."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[tuple[Any, Any], ...]) -> None:
        self.items = items

    @property
    def missing(self) -> Missing:
        """The facts that decide which items are there."""
        return union(m.missing for _, m in self.items if m is not True)


class PartialSet:
    """A set of clauses of which some may or may not be in."""

    __slots__ = ("certain", "possible")

    def __init__(self, certain: frozenset[str], possible: dict[str, Missing]) -> None:
        self.certain = certain
        self.possible = possible

    @property
    def missing(self) -> Missing:
        """The facts that decide which clauses are in."""
        return union(self.possible.values())


INCOMPLETE: frozenset[Any] = frozenset({Unknown, PartialList, PartialSet})


def union(sets: Iterable[Missing]) -> Missing:
    """All facts of several sets."""
    return frozenset().union(*sets)


def missing_of(value: Any) -> Missing:
    """The facts a value waits for, none where it is known."""
    if value.__class__ in INCOMPLETE:
        found: Missing = value.missing
        return found
    return NOTHING_MISSING


def alternatives(value: Any) -> frozenset[Any] | tuple[Any, ...] | None:
    """All a value can be, or None where that is not known."""
    if value.__class__ is Unknown:
        among: frozenset[Any] | None = value.among
        return among
    return None if value.__class__ in INCOMPLETE else (value,)


def lift(apply: Callable[..., Any], values: tuple[Any, ...]) -> Any:
    """A function of values some of which are unknown: known where it is the same for all they can
    be.

    `apply` may return `SKIP` for a combination that cannot be.
    """
    missing = union(missing_of(value) for value in values)
    choices = [alternatives(value) for value in values]
    total = 1
    for choice in choices:
        if choice is None:
            return Unknown(missing)
        total *= len(choice)
    if not 0 < total <= _MOST:
        return Unknown(missing)
    found = {apply(*combination) for combination in product(*choices)}  # type: ignore[arg-type]
    found.discard(SKIP)
    if len(found) == 1:
        return found.pop()
    return Unknown(missing, frozenset(found) or None)


def merge(values: list[Any], missing: Missing) -> Any:
    """One of several values, which one depending on facts: known where all are the same."""
    first = values[0]
    if first.__class__ not in INCOMPLETE and all(
        v.__class__ not in INCOMPLETE and v == first for v in values
    ):
        return first
    if all(v.__class__ is PartialSet or _is_clauses(v) for v in values):
        return _merge_sets(values, missing)
    full = [value for value in values if value.__class__ is PartialList or value != ()]
    if len(full) == 1 and full[0].__class__ in (PartialList, tuple):
        return _perhaps(full[0], missing)
    everything = missing | union(missing_of(value) for value in values)
    among: set[Any] = set()
    for value in values:
        choice = alternatives(value)
        if choice is None:
            return Unknown(everything)
        among.update(choice)
    return Unknown(everything, frozenset(among) if len(among) <= _MOST else None)


def one_of_lists(value: Unknown, order: tuple[Any, ...]) -> PartialList:
    """A list that is one of several known ones: what is in all of them is certain.

    Items stand in the order given, others as they are met.
    """
    lists = sorted(value.among or (), key=lambda one: (-len(one), repr(one)))
    items = dict.fromkeys(item for one in lists for item in one)
    ranked = sorted(items, key=order.index) if order else list(items)
    return PartialList(
        tuple(
            (item, True if all(item in one for one in lists) else Unknown(value.missing))
            for item in ranked
        )
    )


def _perhaps(items: Any, missing: Missing) -> PartialList:
    """A list that is there or empty, depending on facts."""
    if items.__class__ is tuple:
        return PartialList(tuple((item, Unknown(missing)) for item in items))
    return PartialList(
        tuple((item, Unknown(missing | missing_of(member))) for item, member in items.items)
    )


class Clauses(tuple[str, ...]):
    """A known set of clauses in the order of the law."""

    __slots__ = ()


def _is_clauses(value: Any) -> bool:
    return value.__class__ is Clauses


def _merge_sets(values: list[Any], missing: Missing) -> PartialSet:
    certain = frozenset.intersection(
        *(v.certain if v.__class__ is PartialSet else frozenset(v) for v in values)
    )
    possible: dict[str, Missing] = {}
    for value in values:
        known = value.certain if value.__class__ is PartialSet else value
        waiting = value.possible if value.__class__ is PartialSet else {}
        for clause in known:
            if clause not in certain:
                possible[clause] = possible.get(clause, NOTHING_MISSING) | missing
        for clause, facts in waiting.items():
            if clause not in certain:
                possible[clause] = possible.get(clause, NOTHING_MISSING) | missing | facts
    return PartialSet(certain, possible)
