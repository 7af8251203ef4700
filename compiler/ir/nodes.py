"""What a rulebook means: names resolved, every expression typed. Frozen values.

Equality looks at what a node is, never at where it stands (`span`) nor at what is known of its
type.
"""

from __future__ import annotations

from typing import Literal as Choice

import attrs

from ..source import Span
from .types import Enum, Type
from .values import Value

_type: Type = attrs.field(eq=False, repr=False)
_span: Span = attrs.field(eq=False, repr=False)


@attrs.frozen
class Literal:
    """A constant; an enumeration member is its name."""

    value: Value
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Fact:
    """A fact of the case by its path, such as 申请.日期."""

    path: str
    type: Type = _type
    span: Span = _span


@attrs.frozen
class FactList:
    """A list fact of the case: its items are records."""

    name: str
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Rows:
    """The rows of a register: records."""

    register: str
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Members:
    """All members of an enumeration, in the order of its declaration."""

    enum: Enum
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Variable:
    """The member or item at hand in a rule, a filter or a quantifier; numbers are unique."""

    number: int
    type: Type = _type
    span: Span = _span


@attrs.frozen
class FieldOf:
    """A field of a record."""

    of: Expr
    field: str
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Defined:
    """The value of a definition, of a member or item where it has a scope."""

    name: str
    subject: Expr | None
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Satisfied:
    """Whether all requirements of a group hold: of the whole case (""), or those on a member of the
    enumeration the group is named for. Groups of an imported rulebook begin with its name and a
    dot.
    """

    group: str
    subject: Expr | None
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Failing:
    """The clauses whose requirements fail, as `Satisfied`."""

    group: str
    subject: Expr | None
    type: Type = _type
    span: Span = _span


@attrs.frozen
class ReadingIs:
    """Whether a reading is taken in one of its alternatives."""

    reading: str
    alternative: str
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Lookup:
    """A cell of a table, none where a key is among those the table leaves out."""

    table: str
    row: Expr
    column: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Not:
    """非 甲."""

    of: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class And:
    """All of several conditions."""

    items: tuple[Expr, ...]
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Or:
    """At least one of several conditions."""

    items: tuple[Expr, ...]
    type: Type = _type
    span: Span = _span


Operator = Choice["=", "≠", "<", "<=", ">", ">="]


@attrs.frozen
class Compare:
    """A comparison of two values of one type; members by the order of their enumeration."""

    op: Operator
    left: Expr
    right: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class IsIn:
    """Whether a value is in a list."""

    item: Expr
    of: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class IsPresent:
    """Whether a value is not none."""

    of: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class IsNonEmpty:
    """Whether a list has an item."""

    of: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class If:
    """One of two values."""

    condition: Expr
    then: Expr
    otherwise: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Arithmetic:
    """Exact +, -, ×, ÷ of numbers, ratios, money and periods."""

    op: Choice["+", "-", "×", "÷"]
    left: Expr
    right: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class AddPeriod:
    """The day a period from a date is complete, as `values.add_period`."""

    date: Expr
    period: Expr
    overflow_next: bool
    type: Type = _type
    span: Span = _span


@attrs.frozen
class ListFrom:
    """列出: the values that are not none, each once, in order."""

    items: tuple[Expr, ...]
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Union:
    """Two lists as one, each value once; of clauses in the order of the law."""

    left: Expr
    right: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Filter:
    """The items of a list for which a condition holds."""

    of: Expr
    variable: int
    condition: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class ForAll:
    """Whether a condition holds for every item of a list."""

    of: Expr
    variable: int
    condition: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Map:
    """A value of each item of a list; of sets of clauses their union."""

    of: Expr
    variable: int
    value: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Count:
    """How many items a list has."""

    of: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Fold:
    """The sum of a list (0 of an empty one), or its largest or smallest value (none of an empty
    one).
    """

    how: Choice["sum", "max", "min"]
    of: Expr
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Key:
    """A value to compare the items of a list by."""

    value: Expr
    highest: bool


@attrs.frozen
class Best:
    """The item that is best by the first key, among equals by the next; at last the first or last
    listed.
    """

    of: Expr
    variable: int
    keys: tuple[Key, ...]
    last: bool
    type: Type = _type
    span: Span = _span


@attrs.frozen
class Call:
    """A function of keywords.toml."""

    function: str
    arguments: tuple[Expr, ...]
    type: Type = _type
    span: Span = _span


Expr = (
    Literal | Fact | FactList | Rows | Members | Variable | FieldOf | Defined | Satisfied | Failing
    | ReadingIs | Lookup | Not | And | Or | Compare | IsIn | IsPresent | IsNonEmpty | If
    | Arithmetic | AddPeriod | ListFrom | Union | Filter | ForAll | Map | Count | Fold | Best | Call
)  # fmt: skip
EXPRESSIONS = Expr.__args__
