"""One row of a table → a case as JSON has it; its decision → a row of the results."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.ir.values import round_to, to_json

from ..decide import Decision, Engine
from .columns import (
    CASES,
    FAULTS,
    MISSING,
    OPEN,
    STATE,
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
    """Writes decisions as rows: 状态, the results, 缺少, 错误, 未定."""

    def __init__(self, rulebook: Rulebook, language: Language) -> None:
        self.language = language
        self._columns = [(c, _written(c)) for c in result_columns(rulebook)]
        self.names = [STATE, *(c.name for c, _ in self._columns), MISSING, FAULTS, OPEN]

    def row(self, decision: Decision, case_id: object) -> list[Any]:
        """The values of one row, in the order of `names`."""
        values: list[Any] = [decision.state]
        undetermined = []
        for column, written in self._columns:
            value = None
            if decision.determined(column.name):
                value = written(decision.values[column.name], case_id)
            elif decision.values:
                undetermined.append(column.name)
            values.append(value)
        values.append(_without_index(decision.missing))
        values.append(
            list(
                dict.fromkeys(
                    _fault_text(f.place, f.message(self.language)) for f in decision.faults
                )
            )
        )
        values.append(undetermined)
        return values


def _without_index(paths: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(_INDEX.sub("", path) for path in paths))


def _fault_text(place: str, message: str) -> str:
    place = _INDEX.sub("", place)
    return f"{place}：{message}" if place else message


_Written = Callable[[Any, object], Any]


def _written(column: ResultColumn) -> _Written:
    """What turns a determined value into that of its column."""
    if column.sql == TEXTS:
        item = column.type.item if isinstance(column.type, t.ListOf) else t.TEXT
        return lambda value, _: [_text(part, item) for part in value or ()]
    if column.sql == "BIGINT":
        return lambda value, case_id: _whole(column, value, case_id)
    if column.sql.startswith("DECIMAL"):
        return lambda value, case_id: _decimal(column, value, case_id)
    if column.sql == "VARCHAR":
        return lambda value, _: None if value is None else _text(value, column.type)
    return lambda value, _: value


def _text(value: Any, type_: t.Type) -> str:
    shown = to_json(value, type_)
    return str(shown).lower() if isinstance(shown, bool) else str(shown)


def _whole(column: ResultColumn, value: Any, case_id: object) -> int | None:
    if value is None:
        return None
    rounded = round_to(value, 1, "四舍五入")
    if abs(rounded) >= 2**63:
        raise _too_large(column, case_id)
    return rounded


def _decimal(column: ResultColumn, value: Any, case_id: object) -> Decimal | None:
    """A number in the column's places; 金额 is counted in 分 already."""
    if value is None:
        return None
    found = _DECIMAL.fullmatch(column.sql)
    assert found is not None
    digits, places = int(found[1]), int(found[2])
    units = round_to(
        value if t.solid(column.type) == t.MONEY else value * 10**places, 1, "四舍五入"
    )
    if abs(units) >= 10**digits:
        raise _too_large(column, case_id)
    return Decimal(f"{units}E-{places}")


def _too_large(column: ResultColumn, case_id: object) -> TableError:
    return TableError(
        Both(
            f"案件「{case_id}」的结果「{column.name}」超出 {column.sql}，写不进表。",
            f"result 「{column.name}」 of case 「{case_id}」 does not fit {column.sql}.",
        )
    )


class Decider:
    """Decides rows of one rulebook: the whole way from texts of a table to a row of results."""

    def __init__(self, engine: Engine, columns: frozenset[str], language: Language) -> None:
        self._engine = engine
        self._cases = Cases(engine.rulebook, columns)
        self.results = Results(engine.rulebook, language)

    def decision(self, row: Row) -> Decision:
        """The decision on a row."""
        return self._engine.decide(self._cases.case(row))

    def row(self, case_id: object, row: Row) -> list[Any]:
        """The row of results of a row."""
        return self.results.row(self.decision(row), case_id)
