"""Lists of all cases at once: filtered, counted, folded, joined, and the best of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from functools import partial
from operator import eq
from typing import Any

from ..ir import nodes as ir
from ..ir import types as t
from ..ir.operations import listed
from ..ir.to_text import to_text
from ..ir.values import Period
from . import terms
from .comparing import is_period, is_whole
from .diagram import Diagram, Diagrams
from .operating import Operating
from .symbolic import (
    STOPS,
    BestOf,
    Entries,
    Fault,
    ItemAt,
    Items,
    Mapped,
    Symbolic,
    Unclear,
    kind_of,
)
from .terms import Counted, Fact, Folded, OneOf, is_term


class Listing(Operating):
    """Works out lists. `best`: certain items by their label; `said`: how conditions on items are
    said.
    """

    def __init__(
        self, into: Diagrams, clause_order: Mapping[str, tuple[tuple[int, int], ...]]
    ) -> None:
        super().__init__(into, clause_order)
        self.best: dict[str, Items] = {}
        self.said: dict[tuple[str, Diagram], str] = {}

    @abstractmethod
    def with_subject(self, variable: int, subject: Any, node: ir.Expr) -> Symbolic:
        """The value of an expression for a member or an item."""

    @abstractmethod
    def plain(self, node: ir.Expr) -> Diagram:
        """The value of an expression that is no list of items."""

    def filter(self, of: Symbolic, variable: int, condition: ir.Expr) -> Symbolic:
        if isinstance(of, Items):
            kept = self.with_subject(variable, ItemAt(of.list_name), condition)
            return Items(of.list_name, self.d.both(of.condition, kept))
        entries = self.entries(of)
        if entries is None:
            return self.unclear("筛选随事实而变的清单", self, of, condition)
        return Entries(
            tuple(
                (value, self.d.both(there, self.with_subject(variable, value, condition)))
                for value, there in entries.items
            )
        )

    def note(self, node: ir.Expr, kept: Symbolic) -> Symbolic:
        """Keeps how a condition on items is said, for whoever tells of it."""
        if isinstance(kept, Items):
            self.said.setdefault((kept.list_name, kept.condition), to_text(node))
        return kept

    def map(self, node: ir.Map, of: Symbolic, variable: int, value: ir.Expr) -> Symbolic:
        if isinstance(of, Items):
            return Mapped(of, self.with_subject(variable, ItemAt(of.list_name), value))
        entries = self.entries(of)
        if entries is None:
            return self.unclear("逐项取值的清单随事实而变", self, of, value)
        if node.type == t.CLAUSES:
            found: dict[str, Diagram] = {}
            for one, there in entries.items:
                part = self.entries(self.with_subject(variable, one, value))
                if part is None:
                    return self.unclear("条款清单随事实而变", self, of, value)
                for clause, fails in part.items:
                    where = self.d.both(there, fails)
                    found[clause] = self.or_(found[clause], where) if clause in found else where
            return self.clauses(found)
        return self._tuple(
            [
                (self.as_diagram(self.with_subject(variable, o, value)), there)
                for o, there in entries.items
            ]
        )

    def _tuple(self, parts: list[tuple[Diagram, Diagram]]) -> Diagram:
        """A list with tuples for leaves: each value, where it is there."""
        found = self.d.leaf(())
        for value, there in reversed(parts):
            longer = self.d.map2(
                "before", lambda one, rest: self.d.leaf((one, *rest)), value, found
            )
            found = self.d.ite(there, longer, found)
        return found

    def list_from(self, node: ir.ListFrom, items: tuple[ir.Expr, ...]) -> Symbolic:
        parts = [self.plain(item) for item in items]
        if node.type == t.CLAUSES:
            found: dict[str, Diagram] = {}
            for part in parts:
                for clause in self.d.leaves(part):
                    if isinstance(clause, str):
                        where = self.d.where(part, partial(eq, clause), ("is", clause))
                        found[clause] = self.or_(found.get(clause, self.d.false), where)
            return self.clauses(found)
        if all(self.d.is_leaf(p) and not is_term(self.d.value(p)) for p in parts):
            values = [self.d.value(p) for p in parts]
            if not any(isinstance(v, STOPS) for v in values):
                return Entries(tuple((v, self.d.true) for v in listed(*values)))
        present = [
            self.d.where(p, lambda v: not isinstance(v, STOPS) and v is not None, "there")
            for p in parts
        ]
        raw = self._tuple(list(zip(parts, present, strict=True)))
        return self.d.map("listed", self._once, raw)

    def _once(self, values: tuple[Any, ...]) -> Diagram:
        """Each value of a list once; whether two terms are the same is a question of facts."""
        found = self.d.leaf(())
        for index in reversed(range(len(values))):
            value = values[index]
            before = [self.leaf_same(value, other) for other in values[:index]]
            longer = self.d.map(
                ("before", value.__class__, value), partial(self._before, value), found
            )
            found = self.d.ite(self.d.any_of(before), found, longer)
        return found

    def union(self, node: ir.Union, left: Symbolic, right: Symbolic) -> Symbolic:
        one, other = self.entries(left), self.entries(right)
        if one is not None and other is not None:
            if node.type == t.CLAUSES:
                found = dict(one.items)
                for clause, fails in other.items:
                    found[clause] = self.or_(found[clause], fails) if clause in found else fails
                return self.clauses(found)
            both = {**dict(other.items), **dict(one.items)}
            if not set(dict(one.items)) & set(dict(other.items)):
                return Entries(tuple(one.items + other.items))
            if list(both) == [v for v, _ in one.items]:
                return Entries(
                    tuple(
                        (v, self.or_(g, dict(other.items).get(v, self.d.false)))
                        for v, g in one.items
                    )
                )
        if (
            node.type == t.CLAUSES
            or isinstance(left, Items | Mapped)
            or isinstance(right, Items | Mapped)
        ):
            return self.unclear("合并随事实而变的清单", left, right)
        joined = self.d.map2(
            "join",
            lambda a, b: self.d.leaf((*a, *b)),
            self.as_diagram(left),
            self.as_diagram(right),
        )
        return self.d.map("listed", self._once, joined)

    def non_empty(self, of: Symbolic) -> Diagram:
        match of:
            case Items(name, condition):
                counted = self._unless_unclear(condition, Counted(name, condition))
                return self.several(counted, 1) if is_term(counted) else self.d.leaf(counted)
            case Mapped(items):
                return self.non_empty(items)
            case Entries(items):
                return self.d.any_of([there for _, there in items])
            case _:
                return self.d.map("any", lambda v: self.d.leaf(bool(v)), of)

    def count(self, of: Symbolic) -> Diagram:
        match of:
            case Items(name, condition):
                return self.d.leaf(self._unless_unclear(condition, Counted(name, condition)))
            case Mapped(items):
                return self.count(items)
            case Entries(items):
                found = self.d.leaf(0)
                for _, there in items:
                    more = self.d.map("one more", lambda n: self.d.leaf(n + 1), found)
                    found = self.d.ite(there, more, found)
                return found
            case _:
                return self.d.map("length", lambda v: self.d.leaf(len(v)), of)

    def _unless_unclear(self, condition: Diagram, counted: Counted) -> Any:
        """A count, or the reason why its condition is not clear."""
        for leaf in self.d.leaves(condition):
            if isinstance(leaf, Fault | Unclear):
                return Unclear("清单的条件", (leaf, counted))
        return counted

    def is_in(self, item: Diagram, of: Symbolic) -> Diagram:
        if isinstance(of, Mapped) and isinstance(of.value, Diagram):
            same = self.d.both(of.of.condition, self._there_and_same(item, of.value))
            return self.several(Counted(of.of.list_name, same), 1)
        if isinstance(of, Items | Mapped):
            return self.unclear("属于清单", item, of)
        entries = self.entries(of)
        if entries is None:
            return self.d.map2("in", self._leaf_in, item, of)
        if all(there == self.d.true for _, there in entries.items):
            return self.d.map(("in entries", entries), lambda v: self._in_entries(v, entries), item)
        leaf = self.d.leaf
        return self.d.any_of(
            [
                self.d.both(self._there_and_same(item, leaf(value)), there)
                for value, there in entries.items
            ]
        )

    def _there_and_same(self, item: Diagram, value: Diagram) -> Diagram:
        return self.d.map2(
            "there and same",
            lambda a, b: self.d.false if a is None or b is None else self.leaf_same(a, b),
            item, value,
        )  # fmt: skip

    def _leaf_in(self, value: Any, values: tuple[Any, ...]) -> Diagram:
        if value is None:
            return self.d.false
        return self.d.any_of([self.leaf_same(value, one) for one in values if one is not None])

    def _in_entries(self, value: Any, entries: Entries) -> Diagram:
        if value is None:
            return self.d.false
        values = [v for v, _ in entries.items if v is not None]
        if isinstance(value, Fact) and value.kind == "text":
            return self.ask(OneOf(value, frozenset(values))) if values else self.d.false
        return self.d.any_of([self.leaf_same(value, one) for one in values])

    def fold(self, how: str, type_: t.Type, of: Symbolic) -> Diagram:
        if isinstance(of, Mapped | Items):
            return self._fold_items(how, type_, of)
        parts = self.as_diagram(of)
        return self.d.map(
            ("fold", how, kind_of(type_)), lambda v: self._folded(how, type_, v), parts
        )

    def _folded(self, how: str, type_: t.Type, values: tuple[Any, ...]) -> Diagram:
        """A list that diagrams spell out, as an operation on its values."""
        if not values:
            return self.d.leaf((0 if type_ != t.PERIOD else Period(0, 0)) if how == "sum" else None)
        kind = kind_of(type_)
        if how == "sum":
            name = "+"
        elif kind == "date":
            name = "较晚者" if how == "max" else "较早者"
        else:
            name = "较大者" if how == "max" else "较小者"
        found = self.d.leaf(values[0])
        for value in values[1:]:
            found = self.d.map(
                ("and", name, kind, value),
                partial(self._with_next, name, kind, value), found,
            )  # fmt: skip
        return found

    def _with_next(self, name: str, kind: terms.Kind, value: Any, so_far: Any) -> Diagram:
        return self.applied(name, kind, (so_far, value))

    def _fold_items(self, how: str, type_: t.Type, of: Mapped | Items) -> Diagram:
        if isinstance(of, Items) or not isinstance(of.value, Diagram):
            return self.unclear("清单的合计", how, of)
        kind = kind_of(type_)
        if kind == "period":
            return self.unclear("期间的合计", how, of)
        term = self.d.leaf(self._folded_term(how, kind, of.of, of.value))
        if how == "sum":
            return term
        return self.d.ite(self.non_empty(of), term, self.none())

    def _folded_term(self, how: str, kind: terms.Kind, of: Items, value: Diagram) -> Folded:
        """The sum or an extreme of items: a whole number only where every item's value is one."""
        values = [v for v in self.d.leaves(value) if v is not None and not isinstance(v, STOPS)]
        if kind == "integer" and not all(is_whole(v) for v in values):
            kind = "number"
        ends = [terms.bounds(v, {}) for v in values] or [(0, 0)]
        least, most = min(low for low, _ in ends), max(high for _, high in ends)
        if how == "sum":
            least, most = -terms.FAR if least < 0 else 0, terms.FAR if most > 0 else 0
        return Folded(how, of.list_name, of.condition, value, kind, least, most)

    def best_of(self, node: ir.Best, of: Symbolic) -> Symbolic:
        if isinstance(of, Items):
            return self._best_item(node, of)
        entries = self.entries(of)
        if entries is None:
            return self.unclear("从随事实而变的清单中择优", self, of, node)
        items = list(reversed(entries.items)) if node.last else list(entries.items)
        keys = [
            [self._plain_with(node.variable, value, key.value) for key in node.keys]
            for value, _ in items
        ]
        found = self.none()
        for i in reversed(range(len(items))):
            rivals = [
                self.d.both(items[j][1], self._beats(node, keys[j], keys[i], j < i))
                for j in range(len(items))
                if j != i
            ]
            wins = self.d.both(items[i][1], self.d.negate(self.d.any_of(rivals)))
            found = self.d.ite(wins, self.d.leaf(items[i][0]), found)
        return found

    def _plain_with(self, variable: int, value: Any, node: ir.Expr) -> Diagram:
        return self.as_diagram(self.with_subject(variable, value, node))

    def _beats(
        self, node: ir.Best, mine: list[Diagram], yours: list[Diagram], earlier: bool
    ) -> Diagram:
        """Where one item comes before another."""
        found = self.d.leaf(earlier)
        for key, one, other in reversed(list(zip(node.keys, mine, yours, strict=True))):
            kind = t.solid(key.value.type)
            enum = kind if isinstance(kind, t.Enum) else None
            ahead, behind = (one, other) if key.highest else (other, one)

            def above(
                a: Any, b: Any, enum: t.Enum | None = enum, up: bool = key.highest
            ) -> Diagram:
                return self._above(a, b, enum, up)

            better = self.d.map2(("above", enum, key.highest), above, ahead, behind)
            worse = self.d.map2(("above", enum, key.highest), above, behind, ahead)
            found = self.d.ite(better, self.d.true, self.d.ite(worse, self.d.false, found))
        return found

    def _above(self, one: Any, other: Any, enum: t.Enum | None, highest: bool) -> Diagram:
        """Whether a key is above another; one that is none loses to all."""
        if one is None or other is None:
            loser = one if highest else other
            winner = other if highest else one
            return self.d.leaf(loser is not None and winner is None)
        if enum is not None:
            return self.d.leaf(enum.rank.get(one, -1) > enum.rank.get(other, -1))
        if is_period(one) or is_period(other):
            if is_term(one) or is_term(other):
                return self.unclear("比较期间", one, other)
            return self.d.leaf(one.months * 31 + one.days > other.months * 31 + other.days)
        return self.d.negate(self.at_least(other, one))

    def _best_item(self, node: ir.Best, of: Items) -> Symbolic:
        """One certain item of a list: its fields are facts of their own."""
        keys = tuple(
            (self._plain_with(node.variable, ItemAt(of.list_name), key.value), key.highest)
            for key in node.keys
        )
        if any(isinstance(v, STOPS) for k, _ in keys for v in self.d.leaves(k)):
            return self.unclear("择优的标准", of, keys)
        label = f"择优{of.condition}:{keys}:{node.last}"
        self.best[label] = of
        ranks = [
            k.rank if isinstance(k := t.solid(o.value.type), t.Enum) else None for o in node.keys
        ]
        by = tuple((key, up, rank) for (key, up), rank in zip(keys, ranks, strict=True))
        self.d.notes[label] = BestOf(of, by, node.last)
        item = self.d.leaf(ItemAt(of.list_name, label))
        return self.d.ite(self.non_empty(of), item, self.none())
