"""Which clauses make cases move: what changed under each is taken back, and the cases are decided
again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from luling.compiler.ir.rulebook import FactGroup, Rulebook
from luling.compiler.ir.values import Exact, exact

from ..batch.rows import Cases, Row
from ..decide import Decision, Engine
from ..versions.change import RuleChange
from .model import Causes, Responsible
from .sides import Sides

Parts = Mapping[str, tuple[RuleChange, ...]]


@attrs.frozen
class Effect:
    """What a part of the change does to a case: something that moved comes out otherwise without.

    `restored`: all that moved is then as it was. `money`: by how much the leading money is more
    with it than without it, as far as it is determined.
    """

    part: str
    restored: bool
    money: Exact


@attrs.frozen(eq=False)
class Tried:
    """A case decided by both versions, and by the new one with each part taken back alone."""

    row: Row
    old: Decision
    new: Decision
    effects: tuple[Effect, ...]


def by_clause(sides: Sides) -> Parts:
    """What changed, by clause; what stands under none under the empty word."""
    found: dict[str, tuple[RuleChange, ...]] = {}
    for change in _substantial(sides):
        key = change.clause or ""
        found[key] = (*found.get(key, ()), change)
    return found


def by_change(sides: Sides) -> Parts:
    """What changed, each by itself."""
    return {change.key: (change,) for change in _substantial(sides)}


def _substantial(sides: Sides) -> Iterator[RuleChange]:
    return (change for change in sides.versions.changes if change.substantial)


class Trial:
    """The new version with each part of what changed taken back alone."""

    def __init__(
        self, sides: Sides, parts: Parts, leading: str | None, columns: frozenset[str]
    ) -> None:
        self.sides = sides
        self.parts = parts
        self.leading = leading
        self._columns = columns
        self._readers: list[tuple[tuple[FactGroup, ...], Cases]] = []

    @cached_property
    def engines(self) -> dict[str, Engine]:
        """By part the new version without it, where that fits together."""
        found = {key: self._without([key]) for key in self.parts}
        return {key: engine for key, engine in found.items() if engine is not None}

    def _without(self, parts: Iterable[str]) -> Engine | None:
        """The new version without some parts; None where it does not fit together."""
        try:
            book = self.sides.versions.without(*(c for key in parts for c in self.parts[key]))
            return Engine(self.sides.ungated(book), self.sides.new.chosen)
        except KeyError:
            return None

    def of(self, row: Row) -> Tried:
        """The case of a row, tried."""
        read: dict[int, dict[str, Any]] = {}
        old, new = (self._decided(one, row, read) for one in (self.sides.old, self.sides.new))
        assert old is not None
        assert new is not None
        before, after = self._values(old), self._values(new)
        moved = [name for name in after if after[name] != before[name]]
        effects = []
        for key, engine in self.engines.items():
            decision = self._decided(engine, row, read)
            values = after if decision is None else self._values(decision)
            if any(values[name] != after[name] for name in moved):
                restored = all(values[name] == before[name] for name in moved)
                effects.append(Effect(key, restored, self._money(values, after)))
        return Tried(row, old, new, tuple(effects))

    def together(self, tried: Tried) -> tuple[str, ...]:
        """Parts that have an effect on a case together, none of which can be left out."""
        before, after = self._values(tried.old), self._values(tried.new)
        moved = [name for name in after if after[name] != before[name]]

        def acts(parts: list[str]) -> bool:
            engine = self._without(parts)
            decision = None if engine is None else self._decided(engine, tried.row, {})
            values = after if decision is None else self._values(decision)
            return any(values[name] != after[name] for name in moved)

        found = list(self.parts)
        if not acts(found):
            return ()
        for key in self.parts:
            rest = [one for one in found if one != key]
            if acts(rest):
                found = rest
        return tuple(found)

    def _decided(
        self, engine: Engine, row: Row, read: dict[int, dict[str, Any]]
    ) -> Decision | None:
        """The decision on a row; None of a rulebook made of two that does not fit together."""
        place = self._reader(engine.rulebook)
        if place not in read:
            read[place] = self._readers[place][1].case(row)
        try:
            return engine.decide(read[place])
        except (KeyError, TypeError, AttributeError):
            if engine in (self.sides.old, self.sides.new):
                raise
            return None

    def case(self, row: Row) -> dict[str, Any]:
        """The case of a row, as the new version reads it."""
        return self._readers[self._reader(self.sides.new.rulebook)][1].case(row)

    def _reader(self, book: Rulebook) -> int:
        """Which reader is for a rulebook: those with the same facts share one."""
        for place, (groups, _) in enumerate(self._readers):
            if groups is book.groups or groups == book.groups:
                return place
        self._readers.append((book.groups, Cases(book, self._columns)))
        return len(self._readers) - 1

    def _values(self, decision: Decision) -> dict[str, Any]:
        """The state and the shared results of a decision; of an open one only that it is."""
        found: dict[str, Any] = {"": decision.state}
        for name in self.sides.shared:
            found[name] = (decision.values[name],) if decision.determined(name) else "未定"
        return found

    def _money(self, without: dict[str, Any], new: dict[str, Any]) -> Exact:
        """By how much the leading money is more in the second; none counts as nothing."""
        pair = [one.get(self.leading or "") for one in (without, new)]
        if self.leading is None or not all(isinstance(value, tuple) for value in pair):
            return 0
        before, after = (value[0] for value in pair if value is not None)
        return exact(Fraction(after or 0) - Fraction(before or 0))


@attrs.define
class _Count:
    """What is counted of one clause."""

    cases: int = 0
    restored: int = 0
    money: int = 0
    up: Exact = 0
    down: Exact = 0

    def add(self, effect: Effect) -> None:
        """Counts one case."""
        self.cases += 1
        self.restored += effect.restored
        self.money += effect.money != 0
        if effect.money > 0:
            self.up += effect.money
        else:
            self.down += effect.money


def causes(
    trial: Trial,
    rows: Iterable[Row],
    moved: int,
) -> Causes:
    """The clauses that make some of the cases move, those of most cases first."""
    counts: dict[str, _Count] = {}
    tried = together = 0
    for row in rows:
        one = trial.of(row)
        tried += 1
        together += not one.effects
        for effect in one.effects:
            counts.setdefault(effect.part, _Count()).add(effect)
    found = [
        Responsible(
            clause, title(trial.sides, clause), tuple(c.key for c in trial.parts[clause]),
            count.cases, count.restored, count.money, exact(count.up), exact(count.down),
        )
        for clause, count in counts.items()
    ]  # fmt: skip
    order = {key: n for n, key in enumerate(trial.parts)}
    found.sort(key=lambda one: (-one.cases, order[one.clause]))
    return Causes(len(trial.parts), moved, tried, together, tuple(found))


def title(sides: Sides, clause: str) -> str:
    """What a clause is called, in the version that has it."""
    for book in (sides.new.rulebook, sides.old.rulebook):
        for one in book.clauses:
            if one.id == clause:
                return "" if one.title == one.id else one.title
    return ""
