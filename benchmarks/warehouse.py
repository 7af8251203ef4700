"""What the benchmarks of tables share: a connection with views, the rulebook's query, CPU time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.sql import Script, script
from luling.runtime.decide import Engine

CASES, ID = "案件", "案件编号"

# Everything is worked out and nothing written. Rows come in no order: their codes are summed.
HASH = "SELECT count(*), sum(hash(result)) FROM ({query}) AS result"
PARQUET = "COPY ({query}) TO '{path}' (FORMAT parquet)"


def connect(tables: Mapping[str, Path], threads: int = 1) -> duckdb.DuckDBPyConnection:
    """A connection of so many threads in which a view stands for each Parquet file."""
    connection = duckdb.connect(config={"threads": threads})
    connection.execute("SET preserve_insertion_order = false")
    point(connection, tables)
    return connection


def point(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Path]) -> None:
    """Nothing; the views stand for these files now."""
    for name, path in tables.items():
        statement = f"CREATE OR REPLACE TEMP VIEW \"{name}\" AS FROM read_parquet('{path}')"
        connection.execute(statement)


def columns(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Path]) -> frozenset[str]:
    """The fact paths that are columns of the tables, and the lists that have a table."""
    found: set[str] = set()
    for name in tables:
        described = connection.execute(f'DESCRIBE "{name}"').fetchall()
        own = {column[0] for column in described} - {ID}
        found |= own if name == CASES else {name, *(f"{name}.{column}" for column in own)}
    return frozenset(found)


def script_of(engine: Engine | Rulebook, found: frozenset[str]) -> Script:
    """The rulebook's query for DuckDB, with the readings that are taken."""
    rulebook = engine if isinstance(engine, Rulebook) else engine.rulebook
    return script(rulebook, {}, found, "duckdb")


def only_plain(
    connection: duckdb.DuckDBPyConnection, check: str, tables: Mapping[str, Path], folder: Path
) -> dict[str, Path]:
    """The tables without the odd rows, written to a folder, and their views."""
    odd = f'SELECT "{ID}" FROM ({check})'
    connection.execute(f"CREATE OR REPLACE TEMP TABLE odd AS {odd}")
    plain = {}
    for name in tables:
        plain[name] = folder / f"plain-{name}.parquet"
        connection.execute(
            f'COPY (SELECT * FROM "{name}" WHERE "{ID}" NOT IN (FROM odd)) '
            f"TO '{plain[name]}' (FORMAT parquet)"
        )
    point(connection, plain)
    return plain


def cpu(connection: duckdb.DuckDBPyConnection, statement: str) -> float:
    """The CPU seconds that a statement takes, of all threads."""
    start = time.process_time()
    connection.execute(statement).fetchall()
    return time.process_time() - start


def differences(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> list[str]:
    """How two queries differ in columns, types or rows; nothing where they give the same."""
    types = [connection.execute(f"DESCRIBE {query}").fetchall() for query in (one, other)]
    shapes = [[column[:2] for column in each] for each in types]
    if shapes[0] != shapes[1]:
        return [f"{a} ≠ {b}" for a, b in zip(*shapes, strict=False) if a != b] or ["columns"]
    found = []
    for a, b in ((one, other), (other, one)):
        more: Any = connection.execute(
            f"SELECT * FROM ({a}) EXCEPT ALL SELECT * FROM ({b}) LIMIT 3"
        )
        found += [str(row) for row in more.fetchall()]
    return found
