"""One query by hand as a process of its own: python hand_process.py NAME CASES HISTORY OUT."""

from __future__ import annotations

import sys

import duckdb
import hand_sql

name, cases, history, out = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET preserve_insertion_order = false")
for view, path in (("案件", cases), ("已享补贴", history)):
    connection.execute(f"CREATE TEMP VIEW \"{view}\" AS FROM read_parquet('{path}')")
hand_sql.prepare(connection)
connection.execute(f"COPY ({hand_sql.query(name)}) TO '{out}' (FORMAT parquet)")
