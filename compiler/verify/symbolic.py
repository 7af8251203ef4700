"""What the value of an expression is for all cases at once, beside a diagram: lists, and reasons
why there is no value.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import attrs

from ..ir import types as t
from ..ir.rulebook import FactField
from . import terms
from .diagram import Diagram, Diagrams


@attrs.frozen
class Fault:
    """A case on which the rulebook contradicts itself or its arithmetic leads nowhere."""

    kind: str  # RULES_DISAGREE, PARAMETER_UNDEFINED, DATE_OVERFLOW, DIVIDED_BY_ZERO
    about: str


@attrs.frozen
class Void:
    """What is used as if it were there where it is none: no case the compiler lets come here."""


@attrs.frozen
class Unclear:
    """A value that diagrams do not tell; equal where it is made in the same way of the same."""

    why: str
    key: Any = None


STOPS = (Fault, Void, Unclear)
VOID = Void()


@attrs.frozen
class Entries:
    """A list of constants, each with where it is there: members, rows, clauses."""

    items: tuple[tuple[Any, Diagram], ...]


@attrs.frozen
class Items:
    """The items of a list fact that meet a condition over an item's fields."""

    list_name: str
    condition: Diagram


@attrs.frozen
class Mapped:
    """A value of each of some items."""

    of: Items
    value: Any


@attrs.frozen(cache_hash=True)
class Row:
    """A row of a register: the names of its columns, and its values."""

    columns: tuple[str, ...]
    values: tuple[Any, ...]
    index: int


@attrs.frozen
class ItemAt:
    """The item at hand of a list fact, or, with a label, a certain one of its items."""

    list_name: str
    label: str = ""


@attrs.frozen
class BestOf:
    """How one certain item of a list is found: keys with whether the highest wins, and the order
    of members where they are members.
    """

    of: Items
    keys: tuple[tuple[Diagram, bool, Mapping[str, int] | None], ...]
    last: bool


class Unasked:
    """A value that no case asks for."""


UNASKED = Unasked()
Symbolic = Any  # Diagram, or a list: Entries, Items, Mapped


def diagrams() -> Diagrams:
    """An empty set of diagrams for rulebooks."""
    return Diagrams(STOPS, carried=_carried)


def _carried(value: Any, key: Hashable) -> Any:
    """What an operation makes of what stops: of what is not clear something else not clear."""
    return attrs.evolve(value, key=key) if isinstance(value, Unclear) else value


_KINDS: dict[t.Type, terms.Kind] = {
    t.DATE: "date", t.MONEY: "integer", t.RATIO: "number", t.TEXT: "text", t.PERIOD: "period",
}  # fmt: skip


def kind_of(type_: t.Type) -> terms.Kind:
    """What a fact or a value of a type is bounded like."""
    type_ = t.solid(type_)
    if isinstance(type_, t.Number):
        return "integer" if type_.integer else "number"
    return _KINDS[type_]


def few_values(field: FactField) -> tuple[Any, ...] | None:
    """All values of a fact with few of them, none last; None of a date, number or text."""
    kind = t.solid(field.type)
    none = (None,) if isinstance(field.type, t.Maybe) else ()
    if isinstance(kind, t.Enum):
        return (*kind.members, *none)
    if kind == t.BOOL:
        return (True, False, *none)
    return (*field.allowed, *none) if field.allowed else None


def where_unclear(d: Diagrams, value: Diagram) -> Diagram:
    """Where diagrams do not tell a value."""
    return d.where(value, _is_unclear, "is unclear")


def _is_unclear(value: Any) -> bool:
    return isinstance(value, Unclear)
