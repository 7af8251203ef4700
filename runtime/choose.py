"""Choosing among items that may not be there: the best one, and whether one is among them.

A compiled function takes this text as it is: it knows values, and nothing of the IR.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from luling.compiler.ir.exact import Period

from .partial import INCOMPLETE, Missing, Unknown, alternatives, lift, missing_of, union

Ranker = Callable[[Any], Any]


def best_item(
    items: list[tuple[Any, Any]], keys: list[tuple[Any, ...]], rankers: Sequence[Ranker]
) -> Any:
    """The best item; where it cannot be told, one of those that nothing certain beats.

    Each item stands with whether it is there, and has a key for each ranker.
    """
    places = range(len(items))
    candidates = [
        i
        for i in places
        if not any(
            items[j][1] is True and j != i and _beats(keys[j], keys[i], j < i, rankers) is True
            for j in places
        )
    ]
    certain = any(items[i][1] is True for i in candidates)
    if len(candidates) == 1 and certain:
        return items[candidates[0]][0]
    if not candidates:
        return None
    missing = union(missing_of(part) for i in candidates for part in (items[i][1], *keys[i]))
    values = {items[i][0] for i in candidates}
    return Unknown(missing, frozenset(values if certain else {*values, None}))


def _beats(
    one: tuple[Any, ...], other: tuple[Any, ...], earlier: bool, rankers: Sequence[Ranker]
) -> Any:
    """Whether an item comes before another: True, False, or None where it is open."""
    found: set[bool | None] = set()
    for rank, mine, yours in zip(rankers, one, other, strict=True):
        order = lift(lambda a, b, r=rank: _sign(r(a) - r(b)), (mine, yours))
        signs = alternatives(order)
        if signs is None:
            return None
        found |= {sign > 0 for sign in signs if sign}
        if 0 not in signs:
            break
    else:
        found.add(earlier)
    return found.pop() if len(found) == 1 else None


def _sign(number: Any) -> int:
    return 1 if number > 0 else -1 if number < 0 else 0


_LOWEST = -(10**30)  # a key that is none loses to all


def ranker(highest: bool, rank: Mapping[str, int] | None) -> Ranker:
    """Gives a number to compare a key by, larger for better; members go by their rank."""
    sign = 1 if highest else -1

    def number(value: Any) -> Any:
        if value is None:
            return _LOWEST
        if rank is not None:
            return sign * rank.get(value, -1)
        if isinstance(value, date):
            return sign * value.toordinal()
        if isinstance(value, Period):
            return sign * (value.months * 31 + value.days)
        return sign * value

    return number


def any_equal(item: Any, parts: Any) -> Any:
    """Whether an item is one of several, each with whether it is there; none is no item."""
    missing: Missing | None = None
    for part, membership in parts:
        if part is None:
            continue
        if part.__class__ in INCOMPLETE or item.__class__ in INCOMPLETE:
            same = lift(lambda a, b: a is not None and a == b, (part, item))
        else:
            same = part == item
        if same is True and membership is True:
            return True
        if same is not False:
            waiting = missing_of(same) | missing_of(membership)
            missing = waiting if missing is None else missing | waiting
    return False if missing is None else Unknown(missing)
