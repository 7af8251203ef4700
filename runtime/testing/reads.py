"""Which facts an expression reads, through the definitions and requirements it uses."""

from __future__ import annotations

from collections.abc import Iterator

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rule
from luling.compiler.ir.walk import children
from luling.runtime.decide import Engine
from luling.runtime.facts import Item

from .sketch import Env, Leaf, Sketch

_ITEMS_TRIED = 3


class Reads:
    """The facts behind expressions of one rulebook, the nearest first."""

    def __init__(self, engine: Engine) -> None:
        self._program = engine.program
        self._rulebook = engine.rulebook
        self._lists = {group.name for group in engine.rulebook.groups if group.is_list}
        self._known: dict[int, tuple[str, ...]] = {}
        self._kept: list[ir.Expr] = []  # an id is an expression's own while that is there

    def of(self, node: ir.Expr) -> tuple[str, ...]:
        """The paths of the facts an expression reads, fields of lists as 清单.字段."""
        if id(node) not in self._known:
            self._known[id(node)] = self._found(node)
            self._kept.append(node)
        return self._known[id(node)]

    def _found(self, node: ir.Expr) -> tuple[str, ...]:
        """Level by level: what stands in the expression itself comes first."""
        found: dict[str, None] = {}
        seen: set[object] = set()
        level = [node]
        while level:
            below: list[ir.Expr] = []
            for one in level:
                for path in self._directly(one):
                    found.setdefault(path)
                below += self._behind(one, seen)
                below += children(one)
            level = below
        return tuple(found)

    def _directly(self, node: ir.Expr) -> Iterator[str]:
        match node:
            case ir.Fact(path):
                yield path
            case ir.FactList(name):
                yield name
            case ir.FieldOf(of, field) if isinstance(kind := t.solid(of.type), t.Record):
                if kind.of in self._lists:
                    yield f"{kind.of}.{field}"

    def _behind(self, node: ir.Expr, seen: set[object]) -> list[ir.Expr]:
        match node:
            case ir.Defined(name) if name not in seen:
                seen.add(name)
                definition = self._rulebook.definition[name]
                parts = [p for rule in definition.rules for p in _parts(rule)]
                return parts + ([definition.otherwise] if definition.otherwise else [])
            case ir.Satisfied(group) | ir.Failing(group) if ("group", group) not in seen:
                seen.add(("group", group))
                mine = [r for r in self._rulebook.requirements if r.group == group]
                return [p for r in mine for p in (r.when, r.must) if p is not None]
        return []

    def leaves(self, node: ir.Compare, env: Env, sketch: Sketch) -> Iterator[Leaf]:
        """The numbers and dates behind a comparison that may be set, the nearest first."""
        for path in self.of(node):
            field = self._rulebook.facts.get(path)
            if field is None or not is_ordered(t.solid(field.type)):
                continue
            head, _, name = path.rpartition(".")
            if head not in self._lists:
                leaf = Leaf(field, None)
                if sketch.may_set(leaf):
                    yield leaf
                continue
            bound = [i for i in env.values() if isinstance(i, Item) and i.of == head]
            for item in bound or sketch.facts[head][:_ITEMS_TRIED]:
                leaf = sketch.leaf_of(item, name)
                if sketch.may_set(leaf):
                    yield leaf


def _parts(rule: Rule) -> Iterator[ir.Expr]:
    if rule.condition is not None:
        yield rule.condition
    yield rule.value
    for exception in rule.exceptions:
        yield from _parts(exception)


def is_ordered(kind: t.Type) -> bool:
    """Whether values of a kind are numbers or days."""
    return kind in (t.DATE, t.MONEY, t.RATIO) or isinstance(kind, t.Number)
