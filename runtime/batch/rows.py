"""One row of a table → a case as JSON has it; its decision → a row of the results."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import attrs

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.ir.values import round_to

from ..compiled.function import Answer, Function
from .columns import (
    CASES,
    TEXTS,
    UNKNOWN,
    FactColumn,
    FactTable,
    ResultColumn,
    fact_tables,
    result_columns,
)
from .converting import given_as
from .problems import TableError

_INDEX = re.compile(r"\[[0-9]+\]")
_DECIMAL = re.compile(r"DECIMAL\(([0-9]+),([0-9]+)\)")
Row = Mapping[str, Any]  # a column → its value as text; a list → its rows


@attrs.frozen
class _Fact:
    """Where a fact of a row goes in the case."""

    column: str
    group: str
    key: str
    companion: str | None
    nullable: bool
    given: Callable[[str], object]


class Cases:
    """Reads rows as cases.

    A row holds each value as text, and for a list with a table the rows of it. What is NULL is
    none where the fact may be none, else unknown; a companion column makes it unknown.
    """

    def __init__(self, rulebook: Rulebook, columns: frozenset[str]) -> None:
        tables = fact_tables(rulebook)
        by_name = {table.name: table for table in tables}
        self._plain = _facts(by_name[CASES], columns)
        self._lists = [
            (table.name, table.name + UNKNOWN, _facts(table, columns))
            for table in tables
            if table.is_list and table.name in columns
        ]

    def case(self, row: Row) -> dict[str, Any]:
        """The case that a row holds."""
        case: dict[str, Any] = {}
        for fact, value in _known(self._plain, row):
            case.setdefault(fact.group, {})[fact.key] = value
        for name, companion, facts in self._lists:
            if not row.get(companion):
                items = row[name] or ()
                case[name] = [{f.key: v for f, v in _known(facts, item)} for item in items]
        return case


def _facts(table: FactTable, columns: frozenset[str]) -> list[_Fact]:
    return [
        _fact(table, column, table.path(column.companion) in columns)
        for column in table.columns
        if table.path(column.name) in columns or table.path(column.companion) in columns
    ]


def _fact(table: FactTable, column: FactColumn, has_companion: bool) -> _Fact:
    group, _, key = column.field.path.partition(".")
    companion = column.companion if has_companion else None
    return _Fact(column.name, group, key, companion, column.nullable, given_as(column))


def _known(facts: list[_Fact], row: Row) -> Iterator[tuple[_Fact, object]]:
    for fact in facts:
        value = row.get(fact.column)
        if fact.companion is not None and row[fact.companion]:
            continue
        if value is not None:
            yield fact, fact.given(value)
        elif fact.nullable and fact.column in row:
            yield fact, None


class Results:
    """Writes answers as rows: 状态, the results, 缺少, 错误, 未定."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._columns = [(c.name, _written(c)) for c in result_columns(rulebook)]

    def row(self, answer: Answer, case_id: object) -> list[Any]:
        """The values of one row in the order of the columns, from 状态 on."""
        results, faults = answer["结果"], answer["错误"]
        values = [
            written(results[name], case_id) if name in results else None
            for name, written in self._columns
        ]
        undetermined = [] if faults else [n for n, _ in self._columns if n not in results]
        told = dict.fromkeys(_told(fault["位置"], fault["说明"]) for fault in faults)
        missing = dict.fromkeys(_INDEX.sub("", path) for path in answer["缺少"])
        return [answer["状态"], *values, [*missing], [*told], undetermined]


def _told(place: str, message: str) -> str:
    place = _INDEX.sub("", place)
    return f"{place}：{message}" if place else message


_Written = Callable[[Any, object], Any]


def _written(column: ResultColumn) -> _Written:
    """What turns a value of JSON into that of its column."""
    if column.sql == TEXTS:
        return lambda value, _: [_text(part) for part in value or ()]
    if column.sql == "DATE":
        return lambda value, _: None if value is None else _day(value)
    if column.sql == "BIGINT":
        return lambda value, case_id: _whole(column, value, case_id)
    if column.sql.startswith("DECIMAL"):
        return lambda value, case_id: _decimal(column, value, case_id)
    if column.sql == "VARCHAR":
        return lambda value, _: None if value is None else _text(value)
    return lambda value, _: value


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_day = lru_cache(maxsize=1 << 14)(date.fromisoformat)


def _whole(column: ResultColumn, value: Any, case_id: object) -> int | None:
    units = None if value is None else _units(value, 0)
    if units is not None and abs(units) >= 2**63:
        raise _too_large(column, case_id)
    return units


def _decimal(column: ResultColumn, value: Any, case_id: object) -> Decimal | None:
    """A number in the places of its column."""
    if value is None:
        return None
    found = _DECIMAL.fullmatch(column.sql)
    assert found is not None
    digits, places = int(found[1]), int(found[2])
    units = _units(value, places)
    if abs(units) >= 10**digits:
        raise _too_large(column, case_id)
    return Decimal(f"{units}E-{places}")


@lru_cache(maxsize=1 << 14)
def _units(value: str | int, places: int) -> int:
    """A number in units of its last place; what is beyond is rounded half up."""
    return round_to(Fraction(value) * 10**places, 1, "四舍五入")


def _too_large(column: ResultColumn, case_id: object) -> TableError:
    return TableError(
        Both(
            f"案件「{case_id}」的结果「{column.name}」超出 {column.sql}，写不进表。",
            f"result 「{column.name}」 of case 「{case_id}」 does not fit {column.sql}.",
        )
    )


class Decider:
    """Decides rows of one rulebook: the whole way from texts of a table to a row of results."""

    def __init__(
        self, function: Function, rulebook: Rulebook, columns: frozenset[str], language: Language
    ) -> None:
        self._function = function
        self._language = language
        self._cases = Cases(rulebook, columns)
        self._results = Results(rulebook)

    def row(self, case_id: object, row: Row) -> list[Any]:
        """The row of results of a row."""
        answer = self._function(self._cases.case(row), self._language)
        return self._results.row(answer, case_id)
