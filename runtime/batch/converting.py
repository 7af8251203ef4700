"""What a value in a table means: as SQL for whole columns, and for one value as JSON has it.

Both know the same ways to write a value. What is not written in one of them, or does not fit the
type of its column, is left for the reader of cases, which says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

import attrs

from luling.compiler.ir import types as t

from .columns import FactColumn
from .sources import RawColumn, literal, quoted

BOOLEANS: Final = {
    "true": True, "t": True, "1": True, "是": True,
    "false": False, "f": False, "0": False, "否": False,
}  # fmt: skip
_NUMBER = "-?[0-9]+([.][0-9]+)?"
_PLAIN_NUMBER = re.compile(_NUMBER, re.ASCII)
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_INTEGERS: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
                    "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")  # fmt: skip
_NO_WIDER_THAN_INTEGER: Final = ("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT")
_DECIMAL = re.compile(r"DECIMAL\(([0-9]+),([0-9]+)\)")


@attrs.frozen
class Converted:
    """A column as its contract type: the expression, and what holds of a value it leaves out."""

    value: str
    left_out: str | None


def fits(column: FactColumn, raw: RawColumn) -> bool:
    """Whether a column of a file may hold a fact, by its type there."""
    if raw.as_text:
        return True
    if column.type == t.BOOL or column.type == t.DATE or column.is_text:
        return raw.sql == column.sql or (raw.sql.startswith("ENUM") and column.is_text)
    if isinstance(column.type, t.Number) and column.type.integer:
        return raw.sql in _INTEGERS
    return raw.sql in _INTEGERS or bool(_DECIMAL.fullmatch(raw.sql))


def converted(column: FactColumn, raw: RawColumn) -> Converted:
    """A column that `fits`, as its contract type."""
    name = quoted(column.name)
    if raw.sql == column.sql and not (raw.as_text and not column.is_text):
        return Converted(name, None)
    if column.is_text:
        return Converted(f"CAST({name} AS VARCHAR)", None)
    if raw.as_text:
        value = _from_text(column, name)
    elif _always_holds(column.sql, raw.sql):
        return Converted(f"CAST({name} AS {column.sql})", None)
    else:
        value = f"TRY_CAST({name} AS {column.sql})"
    lost = f"({value}) IS NULL"
    if _DECIMAL.fullmatch(raw.sql):
        lost = f"({lost} OR ({value}) <> {name})"
    return Converted(value, f"{name} IS NOT NULL AND {lost}")


def _always_holds(wanted: str, given: str) -> bool:
    if wanted == "INTEGER":
        return given in _NO_WIDER_THAN_INTEGER
    room, own = _DECIMAL.fullmatch(wanted), _DECIMAL.fullmatch(given)
    if room is None or own is None:
        return False
    whole = int(own[1]) - int(own[2]) <= int(room[1]) - int(room[2])
    return whole and int(own[2]) <= int(room[2])


def _from_text(column: FactColumn, name: str) -> str:
    if column.type == t.BOOL:
        spelt = {
            said: ", ".join(literal(text) for text, value in BOOLEANS.items() if value is said)
            for said in (True, False)
        }
        return (
            f"CASE WHEN lower({name}) IN ({spelt[True]}) THEN true "
            f"WHEN lower({name}) IN ({spelt[False]}) THEN false END"
        )
    if column.type == t.DATE:
        return f"CASE WHEN regexp_full_match({name}, '{_DAY}') THEN TRY_CAST({name} AS DATE) END"
    places = _DECIMAL.fullmatch(column.sql)
    tail = "([.]0+)?" if places is None else f"([.][0-9]{{1,{places[2]}}}0*)?"
    whole = f"split_part({name}, '.', 1)" if places is None else name
    plain = f"regexp_full_match({name}, '-?[0-9]+{tail}')"
    return f"CASE WHEN {plain} THEN TRY_CAST({whole} AS {column.sql}) END"


def as_text(name: str, raw: RawColumn) -> str:
    """A column's values as texts, numbers without the zeros that only its type writes."""
    text = f"CAST({name} AS VARCHAR)"
    number = _DECIMAL.fullmatch(raw.sql)
    if number is None or number[2] == "0":
        return text
    return f"rtrim(rtrim({text}, '0'), '.')"


def given_as(column: FactColumn) -> Callable[[str], object]:
    """What turns a value, written as text, into what JSON would hold for a fact."""
    if column.type == t.BOOL:
        return lambda text: BOOLEANS.get(text.lower(), text)
    if column.type == t.DATE or column.is_text:
        return str
    return _number


def _number(text: str) -> object:
    if not _PLAIN_NUMBER.fullmatch(text):
        return text
    return int(text) if text.isdigit() and len(text) < 19 else Decimal(text)
