"""Rows of tables as cases, and decisions as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import FactField, Rulebook

from ..decide import Decision
from ..partial import INCOMPLETE

if TYPE_CHECKING:
    import duckdb

KEY = "案件编号"
_BATCH = 1000


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def cases_of(
    con: duckdb.DuckDBPyConnection, books: Sequence[Rulebook], where: str = "TRUE"
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Cases with their number, in the order of the numbers: all facts that any rulebook has."""
    fields = {f.path: f for b in books for g in b.groups if not g.is_list for f in g.fields}
    lists = {g.name: g for b in books for g in b.groups if g.is_list}
    cursor = con.cursor().execute(f"SELECT * FROM 案件 WHERE {where} ORDER BY {KEY}")
    columns = [column[0] for column in cursor.description or ()]
    while rows := cursor.fetchmany(_BATCH):
        numbers = [row[columns.index(KEY)] for row in rows]
        items = {
            name: _items(con, name, {f.path.partition(".")[2]: f for f in group.fields}, numbers)
            for name, group in lists.items()
            if _is_there(con, name)
        }
        for number, row in zip(numbers, rows, strict=True):
            case = _nested(dict(zip(columns, row, strict=True)), fields)
            yield number, case | {name: found.get(number, []) for name, found in items.items()}


def _is_there(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    found = con.execute("SELECT 1 FROM duckdb_views() WHERE view_name = ?", [name]).fetchall()
    return bool(found)


def _nested(row: Mapping[str, Any], fields: Mapping[str, FactField]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, field in fields.items():
        if path not in row or row.get(f"{path}?") is True:
            continue
        value = row[path]
        if value is not None or isinstance(field.type, t.Maybe):
            group, _, name = path.partition(".")
            found.setdefault(group, {})[name] = _json(value)
    return found


def _items(
    con: duckdb.DuckDBPyConnection,
    name: str,
    fields: Mapping[str, FactField],
    numbers: Sequence[Any],
) -> dict[Any, list[dict[str, Any]]]:
    cursor = con.cursor().execute(
        f"SELECT * FROM {quoted(name)} WHERE {KEY} IN (SELECT unnest(?))", [numbers]
    )
    columns = [column[0] for column in cursor.description or ()]
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in cursor.fetchall():
        record = dict(zip(columns, row, strict=True))
        item = {
            key: _json(record[key])
            for key, field in fields.items()
            if key in record and (record[key] is not None or isinstance(field.type, t.Maybe))
        }
        found.setdefault(record[KEY], []).append(item)
    return found


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def row_of(number: Any, decision: Decision, types: Mapping[str, t.Type]) -> dict[str, Any]:
    """A decision in the contract's form of a row."""
    found: dict[str, Any] = {KEY: number, "状态": decision.state}
    for name, type_ in types.items():
        value = decision.values.get(name)
        whole = value.__class__ not in INCOMPLETE
        found[name] = _cell(value, t.solid(type_)) if whole else None
    open_ = [n for n, v in decision.values.items() if v.__class__ in INCOMPLETE]
    found["缺少"] = list(decision.missing) if open_ else []
    found["错误"] = [f"{f.place}：{f.message()}" for f in decision.faults]
    found["未定"] = open_
    return found


def _cell(value: Any, type_: t.Type) -> Any:
    if isinstance(value, tuple) and isinstance(type_, t.ListOf):
        return [_cell(one, type_.item) for one in value]
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return value
    if type_ == t.MONEY:
        value = Fraction(value) / 100
    exact = Fraction(value)
    places = "0.01" if type_ == t.MONEY else "0.0001"
    integer = isinstance(type_, t.Number) and type_.integer
    return int(value) if integer else (
        Decimal(exact.numerator) / Decimal(exact.denominator)
    ).quantize(Decimal(places))
