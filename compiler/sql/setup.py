"""The temporary tables a query looks things up in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..ir.values import FIRST_DATE, LAST_DATE
from .build import literal
from .by_day import DAY
from .dialects import Dialect, Name
from .emit import Emitter
from .tabulate import Table
from .terms import Term

_DAYS = (LAST_DATE - FIRST_DATE).days + 1
_TYPES = {"text": "VARCHAR", "int": "INTEGER", "date": "DATE", "bool": "BOOLEAN"}


def calendar(dialect: Dialect, columns: Mapping[Term, str]) -> str:
    """A row for each day a fact may name, and what is asked of days."""
    write = Emitter(dialect, {})
    body = ",\n  ".join(
        f"{write.of(term).sql(dialect=dialect.name)} AS {name}" for term, name in columns.items()
    )
    match dialect.name:
        case "duckdb":
            days = f"SELECT DATE '{FIRST_DATE}' + i::INTEGER AS \"{DAY}\" FROM range({_DAYS}) t(i)"
            head = f'CREATE OR REPLACE TEMP TABLE "日历" AS\nSELECT "{DAY}"'
        case "spark":
            days = f"SELECT EXPLODE(SEQUENCE(DATE '{FIRST_DATE}', DATE '{LAST_DATE}')) AS `{DAY}`"
            head = f"CREATE OR REPLACE TEMPORARY VIEW `日历` AS\nSELECT `{DAY}`"
        case "postgres":
            days = (
                f"SELECT DATE '{FIRST_DATE}' + i AS \"{DAY}\" "
                f"FROM generate_series(0, {_DAYS - 1}) AS i"
            )
            head = f'CREATE TEMPORARY TABLE "日历" AS\nSELECT "{DAY}"'
    return f"{head},\n  {body}\nFROM ({days}) AS days"


def lookup(dialect: Dialect, name: str, table: Table) -> str:
    """A look-up table: each combination of values once, and which one each key has."""
    rows = list(zip(*(values for _, values in table.columns), strict=True))
    distinct = list(dict.fromkeys(rows))
    place = {row: at for at, row in enumerate(distinct)}
    keys = ", ".join(str(place[row]) for row in rows)
    columns = [
        (f"c{at}", _type(term, dialect.name), [row[at] for row in distinct])
        for at, (term, _) in enumerate(table.columns)
    ]
    return _WRITERS[dialect.name](dialect, name, keys, columns)


def _type(term: Term, dialect: Name) -> str:
    if term.kind == "list":
        return {"duckdb": "VARCHAR[]", "spark": "ARRAY<STRING>", "postgres": "TEXT[]"}[dialect]
    if term.kind == "text" and dialect == "spark":
        return "STRING"
    return _TYPES[term.kind]


_BRACKETS = {"duckdb": ("[", "]"), "spark": ("ARRAY(", ")"), "postgres": ("ARRAY[", "]")}
_Columns = list[tuple[str, str, list[Any]]]


def _values(dialect: Dialect, columns: _Columns) -> str:
    @cache
    def text(value: Any) -> str:
        return literal(value).sql(dialect=dialect.name)

    @cache
    def cell(value: Any, type_: str) -> str:
        if isinstance(value, tuple):
            start, end = _BRACKETS[dialect.name]
            return f"CAST({start}{', '.join(map(text, value))}{end} AS {type_})"
        return f"CAST({text(value)} AS {type_})" if value is None else text(value)

    count = len(columns[0][2])
    rows = (
        "(" + ", ".join([str(at), *(cell(v[at], type_) for _, type_, v in columns)]) + ")"
        for at in range(count)
    )
    return ",\n  ".join(rows)


def _cast(columns: _Columns, quote: str) -> str:
    return ", ".join(
        f"CAST({quote}{n}{quote} AS {type_}) AS {quote}{n}{quote}" for n, type_, _ in columns
    )


def _names(columns: _Columns) -> str:
    return ", ".join(name for name, _, _ in columns)


def _duckdb(dialect: Dialect, name: str, keys: str, columns: _Columns) -> str:
    rows = "SELECT unnest(range(len(p)))::SMALLINT AS k, unnest(p) AS row_"
    return (
        f'CREATE OR REPLACE TEMP TABLE "{name}" AS\nSELECT k, {_cast(columns, "")}\n'
        f"FROM ({rows} FROM (SELECT [{keys}] AS p))\nJOIN (VALUES\n  {_values(dialect, columns)}\n"
        f") AS v(row_, {_names(columns)}) USING (row_)\nORDER BY k"
    )


def _spark(dialect: Dialect, name: str, keys: str, columns: _Columns) -> str:
    return (
        f"CREATE OR REPLACE TEMPORARY VIEW `{name}` AS\nSELECT k, {_cast(columns, '`')}\n"
        f"FROM (SELECT POSEXPLODE(ARRAY({keys})) AS (k, row_)) AS keys\n"
        f"JOIN (VALUES\n  {_values(dialect, columns)}\n"
        f") AS v(row_, {_names(columns)}) USING (row_)"
    )


def _postgres(dialect: Dialect, name: str, keys: str, columns: _Columns) -> str:
    rows = f"unnest(ARRAY[{keys}]) WITH ORDINALITY AS p(row_, n)"
    return (
        f'CREATE TEMPORARY TABLE "{name}" AS\nSELECT k, {_cast(columns, "")}\n'
        f"FROM (SELECT CAST(n - 1 AS INTEGER) AS k, row_ FROM {rows}) AS keys\n"
        f"JOIN (VALUES\n  {_values(dialect, columns)}\n"
        f") AS v(row_, {_names(columns)}) USING (row_)"
    )


_WRITERS = {"duckdb": _duckdb, "spark": _spark, "postgres": _postgres}
