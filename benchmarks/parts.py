"""Where the time of the generated query goes, and of the tuned one by hand, by kind of work.

python benchmarks/parts.py [ROWS [ROUNDS]]     (extra `luling[batch]`)

One thread, Parquet to Parquet. DuckDB's profile says what share of the time each operator has; the
shares are of the CPU time of the statement. Reading and writing no query can do without.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import duckdb
import hand_sql
from make_table import write
from measure import FLAGSHIP, about, empty_folder, medians, table
from warehouse import CASES, PARQUET, columns, connect, cpu, only_plain, script_of

from luling.runtime import load

ROWS, ROUNDS = 1_000_000, 5
HISTORY = "已享补贴"
KINDS = {
    "READ_PARQUET": "read",
    "HASH_JOIN": "join and look up",
    "HASH_GROUP_BY": "add up earlier subsidies",
    "PROJECTION": "work out the rules",
    "COPY_TO_FILE": "write",
}


def main() -> None:
    """Prints the table."""
    count = int(float(sys.argv[1])) if len(sys.argv) > 1 else ROWS
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    about({"rows": f"{count:,}", "rounds": rounds})
    with empty_folder() as where:
        folder = Path(where)
        write(folder, count)
        tables = {CASES: folder / "cases.parquet", HISTORY: folder / f"{HISTORY}.parquet"}
        connection = connect(tables)
        hand_sql.prepare(connection)
        script = script_of(load(FLAGSHIP), columns(connection, tables))
        for statement in script.setup:
            connection.execute(statement)
        only_plain(connection, script.check, tables, folder)
        ways = {"generated": script.decide, "limit": hand_sql.query("limit")}
        runs: dict[str, list[list[float]]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, query in ways.items():
                found = _profile(connection, query, folder)
                runs[name].append([found[kind] for kind in (*KINDS.values(), "other")])
    each = {name: medians(found) for name, found in runs.items()}
    rows = [
        (kind, *(f"{each[name][place] / count * 1e9:.0f}" for name in ways))
        for place, kind in enumerate((*KINDS.values(), "other"))
    ]
    table(f"{count:,} rows, CPU ns a row", ("", *ways), rows)


def _profile(connection: duckdb.DuckDBPyConnection, query: str, folder: Path) -> dict[str, float]:
    """CPU seconds by kind of work."""
    written = folder / "profile.json"
    connection.execute("PRAGMA enable_profiling = 'json'")
    connection.execute(f"PRAGMA profiling_output = '{written}'")
    seconds = cpu(connection, PARQUET.format(query=query, path=folder / "out.parquet"))
    connection.execute("PRAGMA disable_profiling")
    found = dict.fromkeys((*KINDS.values(), "other"), 0.0)
    for operator in json.loads(written.read_text("utf-8"))["operator"]:
        _add(operator, found)
    whole = sum(found.values())
    return {kind: seconds * share / whole for kind, share in found.items()}


def _add(operator: dict[str, Any], found: dict[str, float]) -> None:
    found[KINDS.get(operator["name"], "other")] += operator["timing"]
    for below in operator.get("children", ()):
        _add(below, found)


if __name__ == "__main__":
    main()
