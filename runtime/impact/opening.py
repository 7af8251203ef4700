"""One table of cases for two versions: opened once, with the facts of both.

The table may call a fact, or a member of an enumeration, as either version does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import FactField, FactGroup, Rulebook

from ..batch.columns import CASES, fact_tables
from ..batch.mapping import Mapping as Called
from ..batch.opening import Tables, open_tables
from ..batch.sources import Sources, headers
from .sides import Sides


def open_both(con: Any, sides: Sides, sources: Sources) -> Tables:
    """The tables, checked for both versions. Raises `TableError` with all that is refused."""
    book = both(sides)
    mapping = _called(con, sides, book, sources)
    return open_tables(con, book, attrs.evolve(sources, mapping=mapping))


def both(sides: Sides) -> Rulebook:
    """The new version with the facts that only the old one has besides."""
    groups = {group.name: group for group in sides.new.rulebook.groups}
    for group in sides.old.rulebook.groups:
        there = groups.get(group.name)
        groups[group.name] = group if there is None else _joined(there, group)
    return attrs.evolve(sides.new.rulebook, groups=tuple(groups.values()))


def _joined(new: FactGroup, old: FactGroup) -> FactGroup:
    before = {field.path: field for field in old.fields}
    known = {field.path for field in new.fields}
    fields = tuple(_either(field, before.get(field.path)) for field in new.fields)
    more = tuple(field for field in old.fields if field.path not in known)
    return attrs.evolve(new, fields=(*fields, *more))


def _either(new: FactField, old: FactField | None) -> FactField:
    """A fact that may be what it may be in either version."""
    if old is None:
        return new
    kind, other = t.solid(new.type), t.solid(old.type)
    if isinstance(kind, t.Enum) and isinstance(other, t.Enum):
        members = tuple(dict.fromkeys((*kind.members, *other.members)))
        kind = attrs.evolve(kind, members=members)
    if isinstance(new.type, t.Maybe) or isinstance(old.type, t.Maybe):
        kind = t.Maybe(kind)
    return attrs.evolve(new, type=kind)


def apart(sides: Sides) -> Iterator[str]:
    """The facts whose values the two versions read as different kinds of things."""
    old = sides.old.rulebook.facts
    for path, field in sides.new.rulebook.facts.items():
        if path in old:
            kinds = t.solid(field.type), t.solid(old[path].type)
            if kinds[0] != kinds[1] and not all(isinstance(kind, t.Enum) for kind in kinds):
                yield path


def _called(con: Any, sides: Sides, book: Rulebook, sources: Sources) -> Called:
    """What the table calls as the old version does, in the names of the new one."""
    names, given = sides.versions.names, sources.mapping
    old = sides.versions.old.facts
    renamed = {before: now for before, now in names.facts.items() if before in old}
    values: dict[str, Mapping[str, str]] = dict(given.values)
    for before, field in old.items():
        kind = t.solid(field.type)
        if isinstance(kind, t.Enum):
            now = renamed.get(before, before)
            members = {
                m: names.members[kind.name, m]
                for m in kind.members
                if (kind.name, m) in names.members
            }
            if members:
                values[now] = {**members, **values.get(now, {})}
    columns = dict(given.columns)
    if renamed:
        columns[CASES] = {**columns.get(CASES, {}), **_as_before(con, book, sources, renamed)}
    return Called(columns, values)


def _as_before(
    con: Any, book: Rulebook, sources: Sources, renamed: Mapping[str, str]
) -> dict[str, str]:
    """The columns of the cases that have an old name and no new one beside it."""
    there = headers(con, sources, fact_tables(book))
    taken = set(sources.mapping.renamed(CASES))
    return {
        before: now
        for before, now in renamed.items()
        if before in there and now not in there and before not in taken
    }
