"""Cases as JSON has them → tables of the contract's form; rows of results → JSON's values."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import FactField, Rulebook
from luling.runtime import load
from luling.runtime.decide import Decision, Engine

ROOT = Path(__file__).parents[4]
CASE_ID = "案件编号"
Case = Mapping[str, Any]
Table = dict[str, list[Any]]

engine_of = cache(load)


def engine(place: str) -> Engine:
    """The engine of a rulebook of this tree."""
    return engine_of(ROOT / place)


def fact_types(rulebook: Rulebook) -> dict[str, dict[str, str]]:
    """The columns of each table with their types, in DuckDB's words; the cases' table is 案件."""
    plain = {f.path: _type(f) for g in rulebook.groups if not g.is_list for f in g.fields}
    lists = {
        g.name: {f.path.rpartition(".")[2]: _type(f) for f in g.fields}
        for g in rulebook.groups
        if g.is_list
    }
    return {"案件": plain, **lists}


def _type(field: FactField) -> str:
    kind = t.solid(field.type)
    if isinstance(kind, t.Number):
        return "INTEGER" if kind.integer else "DECIMAL(18,6)"
    basic: dict[t.Type, str] = {
        t.BOOL: "BOOLEAN",
        t.DATE: "DATE",
        t.MONEY: "DECIMAL(18,2)",
        t.RATIO: "DECIMAL(9,4)",
    }
    return basic.get(kind, "VARCHAR")


def tables_of(rulebook: Rulebook, cases: Sequence[Case]) -> dict[str, Table]:
    """The tables that hold some cases, numbered from 1; what may be none and is not told is marked
    by a companion column.
    """
    lists = [group for group in rulebook.groups if group.is_list]
    fields = [f for g in rulebook.groups if not g.is_list for f in g.fields]
    found: dict[str, Table] = {"案件": {CASE_ID: list(range(1, len(cases) + 1))}}
    for field in fields:
        home, _, key = field.path.partition(".")
        found["案件"][field.path] = [case.get(home, {}).get(key) for case in cases]
        if isinstance(field.type, t.Maybe):
            found["案件"][field.path + "?"] = [key not in case.get(home, {}) for case in cases]
    for group in lists:
        names = [f.path.rpartition(".")[2] for f in group.fields]
        rows = [
            (number, item)
            for number, case in enumerate(cases, 1)
            for item in case.get(group.name, ())
        ]
        found["案件"][group.name + "?"] = [group.name not in case for case in cases]
        found[group.name] = {CASE_ID: [number for number, _ in rows]}
        for field, name in zip(group.fields, names, strict=True):
            found[group.name][name] = [item.get(name) for _, item in rows]
            if isinstance(field.type, t.Maybe):
                found[group.name][name + "?"] = [name not in item for _, item in rows]
    return found


def write_parquet(rulebook: Rulebook, cases: Sequence[Case], folder: Path) -> Path:
    """Writes the tables of cases with the contract's types; the path of the cases'."""
    types = fact_types(rulebook)
    for name, table in tables_of(rulebook, cases).items():
        columns = {
            column: types[name].get(column, "BIGINT" if column == CASE_ID else "BOOLEAN")
            for column in table
        }
        write_table(folder / f"{name}.parquet", table, columns)
    return folder / "案件.parquet"


def write_table(path: Path, table: Table, types: Mapping[str, str]) -> None:
    """Writes one table, each column in a type of DuckDB."""
    con = duckdb.connect()
    columns = ", ".join(f'"{name}" {types[name]}' for name in table)
    con.execute(f"CREATE TABLE made ({columns})")
    rows = list(zip(*table.values(), strict=True))
    if rows:
        con.executemany(f"INSERT INTO made VALUES ({', '.join('?' * len(table))})", rows)
    con.execute(f"COPY made TO '{path}' (FORMAT parquet)")
    con.close()


def write_csv(
    rulebook: Rulebook, cases: Sequence[Case], folder: Path, *, bom: bool = False
) -> Path:
    """Writes the tables of cases as CSV."""
    for name, table in tables_of(rulebook, cases).items():
        csv_file(folder / f"{name}.csv", table, bom=bom)
    return folder / "案件.csv"


def csv_file(path: Path, table: Table, *, bom: bool = False) -> None:
    """Writes one table as CSV: an empty cell for None."""
    lines = [",".join(_cell(name) for name in table)]
    lines += [",".join(_cell(value) for value in row) for row in zip(*table.values(), strict=True)]
    path.write_text("\n".join(lines) + "\n", "utf-8-sig" if bom else "utf-8")


def _cell(value: Any) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",\n]', text) else text


def write_workbook(rulebook: Rulebook, cases: Sequence[Case], path: Path) -> Path:
    """Writes the tables of cases as the sheets of a workbook: dates as dates, 是 and 否."""
    types = fact_types(rulebook)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in tables_of(rulebook, cases).items():
        sheet = book.create_sheet(name)
        sheet.append(list(table))
        for row in zip(*table.values(), strict=True):
            sheet.append(
                [
                    cell_value(value, types[name].get(column))
                    for column, value in zip(table, row, strict=True)
                ]
            )
    book.save(path)
    return path


def cell_value(value: Any, kind: str | None) -> Any:
    """A value as a person writes it into a cell of a workbook."""
    if kind == "DATE" and value is not None:
        day = date.fromisoformat(value)
        return day if day.year >= 1900 else value  # a workbook has no earlier dates
    if isinstance(value, bool):
        return "是" if value else "否"
    if kind and kind.startswith("DECIMAL") and value is not None:
        return float(value)
    return value


# --- what comes out


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file of results."""
    found = duckdb.connect().execute(f"SELECT * FROM '{path}'")
    names = [name for name, *_ in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def types_of(path: Path) -> dict[str, str]:
    """The columns of a Parquet file with their types."""
    described = duckdb.connect().execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
    return {name: kind for name, kind, *_ in described}


def expected(engine: Engine, cases: Iterable[Case]) -> list[dict[str, Any]]:
    """The rows of results that the interpreter's decisions are in the contract's form."""
    return [_row(engine, n, engine.decide(case)) for n, case in enumerate(cases, 1)]


def _row(engine: Engine, number: int, decision: Decision) -> dict[str, Any]:
    told = decision.to_json()
    results: Any = told["结果"]
    names = [d.name for d in engine.rulebook.results]
    faults = [(f"{_plain(f.place)}：" if f.place else "") + f.message() for f in decision.faults]
    return {
        CASE_ID: number,
        "状态": decision.state,
        **{name: results.get(name) for name in names},
        "缺少": list(dict.fromkeys(_plain(path) for path in decision.missing)),
        "错误": list(dict.fromkeys(faults)),
        "未定": [n for n in names if n not in results] if not decision.faults else [],
    }


def _plain(path: str) -> str:
    return re.sub(r"\[[0-9]+\]", "", path)


def as_json(engine: Engine, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of results with its values as a decision's JSON has them."""
    types = {d.name: t.solid(d.type) for d in engine.rulebook.results}
    return {name: _value(value, types.get(name)) for name, value in row.items()}


def _value(value: Any, kind: t.Type | None) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) and kind == t.MONEY:
        return f"{value:.2f}"
    if isinstance(value, Decimal):
        plain = f"{value.normalize():f}"
        whole = isinstance(kind, t.Number) and value == value.to_integral_value()
        return int(value) if whole else plain
    return value


def read_csv(path: Path) -> list[dict[str, Any]]:
    """The rows of a CSV file, lists read from their JSON text."""
    found = duckdb.connect().execute(f"SELECT * FROM read_csv('{path}', all_varchar = true)")
    names = [name for name, *_ in found.description]
    return [
        {
            name: json.loads(value) if value is not None and value.startswith("[") else value
            for name, value in zip(names, row, strict=True)
        }
        for row in found.fetchall()
    ]
