"""Two compiled rulebooks, part by part: what was added, removed, renamed or changed, and what
exactly.

`Versions` holds two rulebooks against one another, in the names of the new one. A change can be
taken back alone, which shows what it causes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

import attrs

from luling.compiler.ir.rulebook import Rulebook

from ..parts import place_in_law
from . import of_parts, rebuild
from .change import RuleChange
from .names import Names, find_names, renamed
from .of_rules import of_definitions, of_rules
from .taken_back import taken_back


def rule_changes(old: Rulebook, new: Rulebook) -> tuple[RuleChange, ...]:
    """All changes from one version to the other, in the order of the law."""
    return Versions(old, new).changes


def hybrid(new: Rulebook, old: Rulebook, change: RuleChange) -> Rulebook:
    """The new rulebook with one change taken back. To take back several, use `Versions`."""
    return Versions(old, new).without(change)


class Versions:
    """Two versions of a rulebook. `before` is the old one in the names of the new one."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        self.old, self.new = old, new
        self.names: Names = find_names(old, new)
        self.before = renamed(old, self.names)

    @cached_property
    def changes(self) -> tuple[RuleChange, ...]:
        """All changes, in the order of the law; what stands under no clause first."""
        found = [
            *of_parts.of_imports(self.before, self.new),
            *of_parts.of_span(self.before, self.new),
            *of_parts.of_gate(self.before, self.new),
            *of_parts.of_enums(self.before, self.new),
            *of_parts.of_facts(self.before, self.new),
            *of_parts.of_checks(self.before, self.new),
            *of_parts.of_readings(self.before, self.new),
            *of_definitions(self.before, self.new),
            *of_rules(self.before, self.new),
            *of_parts.of_requirements(self.before, self.new),
            *of_parts.of_tables(self.before, self.new),
            *of_parts.of_registers(self.before, self.new),
            *of_parts.of_statements(self.before, self.new),
            *of_parts.of_names(self.names, self.new),
        ]
        found.sort(key=lambda change: place_in_law(self._book(change), change.clause))
        return tuple(_with_own_keys(found))

    def without(self, *changes: RuleChange) -> Rulebook:
        """The new rulebook with some changes taken back. What an old part needs comes with it."""
        return taken_back(self.new, self._apart, changes)

    @cached_property
    def _apart(self) -> Rulebook:
        return rebuild.apart(self.before, self.new.variables + 1)

    def _book(self, change: RuleChange) -> Rulebook:
        return self.new if change.new_clause else self.old


def _with_own_keys(changes: list[RuleChange]) -> Iterator[RuleChange]:
    """Each with a key of its own: by its clause where two parts have the same name."""
    times = Counter(change.key for change in changes)
    seen: Counter[str] = Counter()
    for change in changes:
        key = change.key
        if times[key] > 1:
            key = f"{key}（{change.clause or '无条款'}）"
            seen[key] += 1
            key += f" 之{seen[key]}" if seen[key] > 1 else ""
        yield attrs.evolve(change, key=key)
