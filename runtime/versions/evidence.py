"""Worked examples and cases as evidence of what a change of rules does: it is taken back, and they
are decided again.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Any

import attrs

from ..decide import Engine
from ..partial import INCOMPLETE
from .change import RuleChange
from .examples import Compared
from .rules import Versions

_TRIED = 40  # cases for each change, those under its clause first


def evidence(
    versions: Versions,
    compared: Iterable[Compared],
    known: Container[str],
    *,
    as_if_both_applied: bool = False,
) -> dict[str, tuple[str, ...]]:
    """By the key of a change the results of some case that come out otherwise once it is taken
    back. Changes that are `known` to matter are not tried.
    """
    cases = [one for one in compared if _is_plain(one)]
    found: dict[str, tuple[str, ...]] = {}
    for change in versions.changes:
        if change.substantial and change.key not in known:
            engine = _without(versions, change, as_if_both_applied)
            tried = (_differing(engine, one) for one in _likely(change, cases))
            results = next((names for names in tried if names), ())
            if results:
                found[change.key] = results
    return found


def _is_plain(one: Compared) -> bool:
    return one.new is not None and one.new.interpretation is not None and not one.subject.readings


def _without(versions: Versions, change: RuleChange, as_if_both_applied: bool) -> Engine:
    book = versions.without(change)
    return Engine(attrs.evolve(book, gate=None) if as_if_both_applied else book)


def _likely(change: RuleChange, cases: list[Compared]) -> Iterator[Compared]:
    """Cases of the clause of a change first, then those that come out otherwise, then the rest."""
    order = sorted(
        cases, key=lambda one: (change.clause not in one.subject.clauses, not one.differs)
    )
    yield from order[:_TRIED]


def _differing(engine: Engine, one: Compared) -> tuple[str, ...]:
    """The results of a case that are otherwise; none where the rulebook does not fit together."""
    assert one.new is not None
    try:
        values = engine.decide(one.subject.case).values
    except (KeyError, TypeError, AttributeError):  # half old, half new: it need not make sense
        return ()
    return tuple(
        name
        for name, value in one.new.values.items()
        if name in values and _told(value) != _told(values[name])
    )


def _told(value: Any) -> Any:
    return None if value.__class__ in INCOMPLETE else (value,)
