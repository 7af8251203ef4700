"""The facts of a rulebook's cases: how JSON becomes facts, by what the rulebook declares."""

from __future__ import annotations

from typing import Any

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import FactField, Rulebook

from .reading import (
    Facts,
    Fault,
    Field,
    Item,
    Read,
    Reader,
    member_reader,
    not_a_case,
    number_reader,
    parse_case,
    read_bool,
    read_date,
    read_money,
    read_ratio,
    read_text,
)

__all__ = [
    "Facts",
    "Fault",
    "Item",
    "Reader",
    "not_a_case",
    "parse_case",
    "read_value",
    "reader_of",
]


def reader_of(rulebook: Rulebook) -> Reader:
    """What reads the cases of a rulebook."""
    groups = {
        group.name: {field.path.rpartition(".")[2]: _field(field) for field in group.fields}
        for group in rulebook.groups
    }
    return Reader(groups, frozenset(group.name for group in rulebook.groups if group.is_list))


def _field(field: FactField) -> Field:
    nullable = isinstance(field.type, t.Maybe)
    return Field(field.path, nullable, _reader_of(t.solid(field.type)), field.allowed)


def _reader_of(type_: t.Type) -> Read:
    if isinstance(type_, t.Enum):
        return member_reader(type_.members)
    if isinstance(type_, t.Number):
        return number_reader(type_.integer)
    readers: dict[t.Type, Read] = {
        t.BOOL: read_bool, t.DATE: read_date, t.MONEY: read_money, t.RATIO: read_ratio,
        t.TEXT: read_text,
    }  # fmt: skip
    return readers[type_]


def read_value(type_: t.Type, value: Any) -> Any:
    """A value of a type from JSON, as the facts of a case are read; None where it is none."""
    faults: list[Fault] = []
    found = _reader_of(type_)(value, "", faults)
    return None if faults else found
