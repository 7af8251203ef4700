"""Names → what they mean; near names for hints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import attrs

from ..diagnostics.diagnostic import did_you_mean
from ..diagnostics.entry import Both
from ..diagnostics.near import near_names
from ..ir import rulebook as ir
from ..ir import types as t
from ..source import Span


@attrs.frozen
class Known:
    """What is known of a definition before its rules are read."""

    name: str
    attribute: str
    kind: Literal["result", "derived", "parameter", "binding"]
    scope: str | None
    scope_kind: Literal["case", "enum", "list"]
    variable: int
    type: t.Type
    span: Span


@attrs.define
class Names:
    """The symbol table of one rulebook."""

    enums: dict[str, t.Enum] = attrs.field(factory=dict)
    facts: dict[str, ir.FactField] = attrs.field(factory=dict)
    groups: dict[str, ir.FactGroup] = attrs.field(factory=dict)
    lists: dict[str, dict[str, ir.FactField]] = attrs.field(factory=dict)
    definitions: dict[str, Known] = attrs.field(factory=dict)
    attributes: dict[tuple[str, str], Known] = attrs.field(factory=dict)
    owners: dict[str, list[Known]] = attrs.field(factory=dict)
    tables: dict[str, ir.Table] = attrs.field(factory=dict)
    registers: dict[str, ir.Register] = attrs.field(factory=dict)
    readings: dict[str, ir.Reading] = attrs.field(factory=dict)
    imports: dict[str, ir.Rulebook] = attrs.field(factory=dict)
    clauses: dict[str, ir.Clause] = attrs.field(factory=dict)
    spans: dict[str, Span] = attrs.field(factory=dict)
    lost: frozenset[str] = frozenset()
    next_variable: int = 0

    def fresh(self) -> int:
        """A number for a variable, used nowhere else."""
        self.next_variable += 1
        return self.next_variable

    def members_named(self, name: str) -> list[t.Enum]:
        """The enumerations with a member of that name."""
        return [enum for enum in self.enums.values() if name in enum.members]

    def fields_of(self, record: str) -> dict[str, t.Type]:
        """Field or column → type, of a list's items or a register's rows."""
        if record in self.lists:
            return {name: field.type for name, field in self.lists[record].items()}
        if record in self.registers:
            return dict(self.registers[record].columns)
        return {}

    def all_names(self) -> list[str]:
        """Every name an expression could use, for hints."""
        names: list[str] = [*self.facts, *self.lists, *self.enums, *self.tables, *self.registers]
        names += [known.attribute for known in self.definitions.values()]
        names += [member for enum in self.enums.values() for member in enum.members]
        return list(dict.fromkeys(names))

    def is_lost(self, name: str) -> bool:
        """Whether a name was declared by an entry that could not be read."""
        return not self.lost.isdisjoint((name, name.partition(".")[0], name.rpartition(".")[2]))


def near(name: str, names: Iterable[str]) -> tuple[Both, ...]:
    """The hint with the nearest names, best first.

    A path is compared within its own group if there is one; then whole; then by its last part.
    """
    known = list(names)
    head, dot, last = name.rpartition(".")
    inside = [path for path in known if dot and path.rpartition(".")[0] == head]
    found = _near_last(last, inside) or ([] if inside else near_names(name, known))
    return did_you_mean(found or _near_last(last, known))


def _near_last(last: str, paths: list[str]) -> list[str]:
    tails = {path.rpartition(".")[2]: path for path in reversed(paths)}
    return [tails[tail] for tail in near_names(last, tails)]
