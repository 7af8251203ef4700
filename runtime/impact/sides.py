"""Two versions made ready to decide the same table: one set of names, what can be grouped by, and
what is money.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Literal

import attrs

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import FactField, Rulebook

from ..decide import Engine
from ..rulebooks import Loaded
from ..versions.pair import Pair
from ..versions.rules import Versions

_SECONDS = 20  # to prove that two spans have no day in common
_MANY = 64  # values of an enumeration, beyond which it divides cases into too many groups

Of = Literal["fact", "old", "new"]


@attrs.frozen
class Dimension:
    """What cases can be grouped by: a fact of few values, or a result as one version has it.

    `members` in the order of their declaration; those of the old version that the new one does not
    have come last. `is_list`: a value is a list of members. `nullable`: NULL is none, not unknown.
    """

    name: str
    of: Of
    members: tuple[str, ...]
    is_list: bool = False
    nullable: bool = True

    @property
    def column(self) -> str:
        """The column of the pairs that holds it."""
        return {"fact": "事实.", "old": "旧.", "new": "新."}[self.of] + self.name

    @property
    def label(self) -> str:
        """户.区, 结论（旧）, 结论（新）."""
        return self.name + {"fact": "", "old": "（旧）", "new": "（新）"}[self.of]


class Sides:
    """The old and the new version, ready to decide cases in the names of the new one.

    Where their spans have no day in common, both decide each case as if they applied
    (`as_if_both_applied`), unless `as_dated`: then each says of most that it does not apply.
    """

    def __init__(self, old: Loaded, new: Loaded, *, as_dated: bool = False) -> None:
        self.loaded = old, new
        self.versions = Versions(old.rulebook, new.rulebook)
        books = self.versions.before, self.versions.new
        self.as_if_both_applied = not as_dated and _never_both(*books)
        self.old, self.new = (Engine(self.ungated(book)) for book in books)

    def ungated(self, book: Rulebook) -> Rulebook:
        """A rulebook as it decides here."""
        return attrs.evolve(book, gate=None) if self.as_if_both_applied else book

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """The results that both versions have, in the order of the new one."""
        return tuple(name for name in self.new.types if name in self.old.types)

    @cached_property
    def alone(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The results that only the old, and only the new version has."""
        old, new = self.old.types, self.new.types
        return tuple(n for n in old if n not in new), tuple(n for n in new if n not in old)

    @cached_property
    def money(self) -> tuple[str, ...]:
        """The shared results that are money in both versions."""
        return self._typed(lambda type_: type_ == t.MONEY)

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The shared results that are one of few words: members of an enumeration, or yes or no."""
        return self._typed(lambda type_: type_ == t.BOOL or isinstance(type_, t.Enum))

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """The shared results that are sets of clauses: reasons."""
        return self._typed(lambda type_: type_ in (t.CLAUSES, t.ListOf(t.CLAUSE)))

    def _typed(self, holds: Callable[[t.Type], bool]) -> tuple[str, ...]:
        return tuple(
            name
            for name in self.shared
            if holds(t.solid(self.old.types[name])) and holds(t.solid(self.new.types[name]))
        )

    def comparable(self, name: str) -> bool:
        """Whether both versions give a shared result values of one kind."""
        old, new = (t.solid(engine.types[name]) for engine in (self.old, self.new))
        return old == new or old.__class__ is new.__class__ is not t.Basic

    @cached_property
    def facts(self) -> dict[str, FactField]:
        """The facts of a case, those of the new version first; of lists none."""
        found: dict[str, FactField] = {}
        for book in (self.new.rulebook, self.old.rulebook):
            for group in book.groups:
                if not group.is_list:
                    found |= {f.path: f for f in group.fields if f.path not in found}
        return found

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        """All that cases can be grouped by: facts first, then results, as they were and are."""
        return (*self._of_facts(), *self._of_results())

    def _of_facts(self) -> Iterator[Dimension]:
        for path, field in self.facts.items():
            other = self.old.rulebook.facts.get(path)
            members = _members(field.type, field.allowed)
            if other is not None and members:
                members = dict.fromkeys((*members, *_members(other.type, other.allowed)))
            if 0 < len(members) <= _MANY:
                nullable = isinstance(field.type, t.Maybe)
                yield Dimension(path, "fact", tuple(members), nullable=nullable)

    def _of_results(self) -> Iterator[Dimension]:
        sides: tuple[tuple[Of, Engine], ...] = (("old", self.old), ("new", self.new))
        for name in dict.fromkeys((*self.new.types, *self.old.types)):
            for side, engine in sides:
                type_ = engine.types.get(name)
                if type_ is None:
                    continue
                is_list = isinstance(type_, t.ListOf)
                inner = type_.item if isinstance(type_, t.ListOf) else type_
                members = tuple(_members(inner, ()))
                if 0 < len(members) <= _MANY:
                    yield Dimension(name, side, members, is_list)


def _members(type_: t.Type, allowed: tuple[object, ...]) -> dict[str, None]:
    """The values of a type that has few, as the text that they are compared by."""
    solid = t.solid(type_)
    if isinstance(solid, t.Enum):
        members = allowed or solid.members
        return dict.fromkeys(str(member) for member in solid.members if member in members)
    if solid == t.BOOL:
        return {"true": None, "false": None}
    if isinstance(solid, t.Number) and all(isinstance(value, int) for value in allowed):
        return dict.fromkeys(str(value) for value in allowed)
    return {}


def _never_both(old: Rulebook, new: Rulebook) -> bool:
    """Whether it is proved that no case falls under both."""
    gated = old.gate is not None or new.gate is not None
    return gated and Pair(Engine(old), Engine(new), _SECONDS).as_if_both_applied
