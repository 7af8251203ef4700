"""The types of the language."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final, Literal

import attrs

Kind = Literal["是否", "文本", "日期", "金额", "比例", "期间", "条款", "条款集"]


@attrs.frozen
class Basic:
    """A type without parts, under its Chinese name.

    是否 bool; 文本 str; 日期 `datetime.date`; 金额 in 分, int or Fraction; 比例 int or Fraction
    (80% is 4/5); 期间 `Period`; 条款 a clause id; 条款集 a set of clauses, always in the order of
    the law.
    """

    kind: Kind


@attrs.frozen
class Number:
    """A number with a unit; the unit is empty for what is merely counted (3次, 3人, 3)."""

    unit: str = ""
    integer: bool = attrs.field(default=False, eq=False)


@attrs.frozen(slots=False)
class Enum:
    """One of named members. `order` holds the members that compare, lowest first, or is empty."""

    name: str
    members: tuple[str, ...]
    order: tuple[str, ...] = ()

    @cached_property
    def rank(self) -> dict[str, int]:
        """The place of each ordered member, from 0."""
        return {member: place for place, member in enumerate(self.order)}


@attrs.frozen
class Record:
    """An item of a list fact or a row of a register."""

    of: str


@attrs.frozen
class ListOf:
    """A list; of enumeration members and of records its order is that of the declaration."""

    item: Type


@attrs.frozen
class Maybe:
    """A type or none (空)."""

    of: Type


@attrs.frozen
class Nothing:
    """The type of 空 where nothing says which."""


@attrs.frozen
class Unresolved:
    """The type of what already has a finding: every check lets it pass."""


Type = Basic | Number | Enum | Record | ListOf | Maybe | Nothing | Unresolved

BOOL: Final = Basic("是否")
TEXT: Final = Basic("文本")
DATE: Final = Basic("日期")
MONEY: Final = Basic("金额")
RATIO: Final = Basic("比例")
PERIOD: Final = Basic("期间")
CLAUSE: Final = Basic("条款")
CLAUSES: Final = Basic("条款集")
NUMBER: Final = Number()
INTEGER: Final = Number(integer=True)
NOTHING: Final = Nothing()
UNRESOLVED: Final = Unresolved()

BUILT_IN: Final[dict[str, Type]] = {
    "是否": BOOL, "文本": TEXT, "日期": DATE, "金额": MONEY, "比例": RATIO, "期间": PERIOD,
    "条款": CLAUSE, "整数": INTEGER, "数": NUMBER,
}  # fmt: skip


def solid(type_: Type) -> Type:
    """The type without the possibility of none."""
    return type_.of if isinstance(type_, Maybe) else type_


def maybe(type_: Type) -> Type:
    """The type with the possibility of none. A list can be empty and needs none."""
    if isinstance(type_, Maybe | Nothing | Unresolved | ListOf) or type_ == CLAUSES:
        return type_
    return Maybe(type_)


def members_of(type_: Type) -> tuple[str, ...]:
    """The members a value can be, none where it is no member."""
    kind = solid(type_)
    return kind.members if isinstance(kind, Enum) else ()


def record_of(type_: Type) -> str:
    """The list or register whose item a value is, "" where it is none."""
    kind = solid(type_)
    return kind.of if isinstance(kind, Record) else ""


def rank_of(type_: Type) -> dict[str, int] | None:
    """The rank of each member where values are members."""
    kind = solid(type_)
    return kind.rank if isinstance(kind, Enum) else None


def possible_values(type_: Type, allowed: tuple[Any, ...] = ()) -> frozenset[Any] | None:
    """All values of a small type, None where they are too many to list."""
    kind = solid(type_)
    none = (None,) if isinstance(type_, Maybe) else ()
    if isinstance(kind, Enum):
        return frozenset((*kind.members, *none))
    if kind == BOOL:
        return frozenset((True, False, *none))
    return frozenset((*allowed, *none)) if allowed else None


def show(type_: Type) -> str:
    """A type in the language's own words."""
    match type_:
        case Basic(kind):
            return kind
        case Number(unit, integer):
            return ("整数" if integer else "数") + (f"（{unit}）" if unit else "")
        case Enum(name):
            return name
        case Record(of):
            return f"{of}的一项"
        case ListOf(item):
            return f"列表 {show(item)}"
        case Maybe(of):
            return f"{show(of)} 或 空"
        case Nothing():
            return "空"
        case Unresolved():
            return "？"
