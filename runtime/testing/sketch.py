"""A case in the making: facts as the interpreter has them, and what may still be changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Check, FactField
from luling.compiler.ir.values import FIRST_DATE, LAST_DATE, DateOutOfRange, Value, to_json
from luling.runtime.decide import Engine
from luling.runtime.facts import Item
from luling.runtime.interpret import Interpretation, RulebookFault
from luling.runtime.partial import INCOMPLETE

Env = Mapping[int, Any]  # variable → member or item
_MOST_ITEMS = 12
# The last three where an expression is asked for that only conditions around it make safe: what may
# be none is computed with only where it is there.
_NO_VALUE = (
    RulebookFault, DateOutOfRange, ZeroDivisionError, TypeError, AttributeError, KeyError,
)  # fmt: skip


class _Open:
    """What an expression is that has no value here."""

    def __repr__(self) -> str:
        return "OPEN"


OPEN = _Open()


@attrs.frozen(eq=False)
class Leaf:
    """A fact, or a field of an item of a list, whose value can be set."""

    field: FactField
    item: Item | None

    @property
    def key(self) -> object:
        """What tells it from the others."""
        return self.field.path if self.item is None else (id(self.item), self.field.path)

    @property
    def name(self) -> str:
        """The name within its group."""
        return self.field.path.rpartition(".")[2]


class Sketch:
    """The facts of a case so far.

    `fixed`: facts and lists that are given and never change.
    """

    def __init__(self, engine: Engine, facts: dict[str, Any], fixed: frozenset[str]) -> None:
        self.engine = engine
        self.facts = facts
        self.fixed = fixed
        self._interpretation: Interpretation | None = None
        self._lists = [g.name for g in engine.rulebook.groups if g.is_list]

    # --- reading

    def value(self, node: ir.Expr, env: Env) -> Any:
        """The value of an expression, `OPEN` where there is none."""
        interpretation = self.interpretation
        interpretation.variables = dict(env)
        try:
            found = interpretation.eval(node)
        except _NO_VALUE:
            self._interpretation = None
            return OPEN
        return OPEN if found.__class__ in INCOMPLETE else found

    def sign(self, node: ir.Compare, env: Env) -> int | None:
        """-1, 0 or 1 as the left side is below, equal to or above the right one; else None."""
        left, right = self.value(node.left, env), self.value(node.right, env)
        if left is OPEN or right is OPEN or left is None or right is None:
            return None
        kind = t.solid(node.left.type)
        if isinstance(kind, t.Enum):
            left, right = kind.rank.get(left, -1), kind.rank.get(right, -1)
        return 0 if left == right else -1 if left < right else 1

    @property
    def interpretation(self) -> Interpretation:
        """The interpretation of the facts as they are now."""
        if self._interpretation is None:
            engine = self.engine
            self._interpretation = Interpretation(engine.program, self.facts, engine.chosen)
        return self._interpretation

    def leaf(self, node: ir.Expr, env: Env) -> Leaf | None:
        """The fact that an expression is, None where it is something else."""
        if isinstance(node, ir.Fact):
            return Leaf(self.engine.rulebook.facts[node.path], None)
        if isinstance(node, ir.FieldOf) and isinstance(node.of, ir.Variable):
            item = env.get(node.of.number)
            if isinstance(item, Item) and item.of in self._lists:
                return self.leaf_of(item, node.field)
        return None

    def leaf_of(self, item: Item, field: str) -> Leaf:
        """A field of an item."""
        return Leaf(self.engine.rulebook.facts[f"{item.of}.{field}"], item)

    def get(self, leaf: Leaf) -> Any:
        """The value a fact has now."""
        return self.facts[leaf.field.path] if leaf.item is None else leaf.item.fields[leaf.name]

    def items(self) -> Iterator[Item]:
        """The items of all lists."""
        for name in self._lists:
            yield from self.facts[name]

    # --- changing

    def may_set(self, leaf: Leaf) -> bool:
        """Whether a fact is not given."""
        return (leaf.field.path if leaf.item is None else leaf.item.of) not in self.fixed

    def set(self, leaf: Leaf, value: Any) -> bool:
        """Gives a fact a value; whether it may have that."""
        if not self.may_set(leaf) or not _fits(leaf.field, value):
            return False
        self.put(leaf, value)
        return True

    def put(self, leaf: Leaf, value: Any) -> None:
        """Gives a fact a value for a trial."""
        if leaf.item is None:
            self.facts[leaf.field.path] = value
        else:
            leaf.item.fields[leaf.name] = value
        self._interpretation = None

    def may_resize(self, name: str) -> bool:
        """Whether a list can get more or fewer items."""
        return name not in self.fixed

    def add(self, name: str, fields: dict[str, Any]) -> Item | None:
        """A further item of a list, None where it can have no more."""
        items = self.facts[name]
        if not self.may_resize(name) or len(items) >= _MOST_ITEMS:
            return None
        item = Item(name, len(items), fields)
        self.facts[name] = (*items, item)
        self._interpretation = None
        return item

    def remove(self, item: Item) -> None:
        """Takes an item out of its list."""
        self.restore(item.of, tuple(i for i in self.facts[item.of] if i is not item))

    def restore(self, name: str, items: tuple[Item, ...]) -> None:
        """Gives a list just these items."""
        for index, item in enumerate(items):
            item.index = index
        self.facts[name] = items
        self._interpretation = None

    def touch(self) -> None:
        """Forgets what was computed: a fact has been given directly."""
        self._interpretation = None

    # --- what is asked of a case

    def broken(self) -> Iterator[tuple[Check, dict[int, Any]]]:
        """The checks that do not hold, each with the item it is about."""
        for check in self.engine.rulebook.checks:
            if check.list_name is None:
                if self.value(check.must, {}) is not True:
                    yield check, {}
                continue
            for item in self.facts[check.list_name]:
                if self.value(check.must, {check.variable: item}) is not True:
                    yield check, {check.variable: item}

    @property
    def valid(self) -> bool:
        """Whether all checks hold."""
        return next(self.broken(), None) is None

    def to_case(self) -> dict[str, Any]:
        """The case as JSON values, in the order the facts are declared in."""
        case: dict[str, Any] = {}
        for group in self.engine.rulebook.groups:
            names = [(f.path.rpartition(".")[2], f.type, f.path) for f in group.fields]
            if group.is_list:
                case[group.name] = [
                    {name: to_json(item.fields[name], kind) for name, kind, _ in names}
                    for item in self.facts[group.name]
                ]
            else:
                case[group.name] = {
                    name: to_json(self.facts[path], kind) for name, kind, path in names
                }
        return case


def copied(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with items of their own."""
    return {
        path: tuple(Item(i.of, i.index, dict(i.fields)) for i in value)
        if isinstance(value, tuple)
        else value
        for path, value in facts.items()
    }


def _fits(field: FactField, value: Value) -> bool:
    """Whether a fact may have a value."""
    kind = t.solid(field.type)
    if value is None:
        return isinstance(field.type, t.Maybe)
    if field.allowed and value not in field.allowed:
        return False
    match kind:
        case t.Enum():
            return value in kind.members
        case t.Number(integer=True):
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if kind == t.BOOL:
        return isinstance(value, bool)
    if kind == t.DATE:
        return isinstance(value, date) and FIRST_DATE <= value <= LAST_DATE
    if kind == t.TEXT:
        return isinstance(value, str) and bool(value.strip())
    return isinstance(value, int | Fraction) and value >= 0 and _is_written(value, kind)


def _is_written(value: int | Fraction, kind: t.Type) -> bool:
    """Whether a number can be written in a case: fen are whole, decimals end."""
    if kind == t.MONEY:
        return isinstance(value, int)
    rest = Fraction(value).denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1
