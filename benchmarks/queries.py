"""The generated DuckDB query against two by hand: the tuned one and an analyst's.

python benchmarks/queries.py [ROWS [ROUNDS]]     (extra `luling[batch]`)

All three give every column of the whole decision and are seen to give the same. They run in turn in
one process, one thread, on one connection, over the same Parquet files, which hold plain rows only:
what is bad input is taken out first, with the generated check, whose time is a row of its own.
With "hash" everything is worked out and nothing written; with "Parquet" it is written too.
The command as a whole is measured apart, as processes, on all the rows.
"""

from __future__ import annotations

import sys
from pathlib import Path

import hand_sql
from make_table import write
from measure import COMMAND, FLAGSHIP, about, empty_folder, medians, once, table
from warehouse import (
    CASES,
    HASH,
    PARQUET,
    columns,
    connect,
    cpu,
    differences,
    only_plain,
    script_of,
)

from luling.runtime import load

ROWS, ROUNDS = (200_000, 1_000_000), 5
HISTORY = "已享补贴"

# against → what the ratio should be, and may be
BOUNDS = {"limit": ("1.10", "1.30"), "layered": ("0.65", "0.80")}


def main() -> None:
    """Prints the tables."""
    counts = (int(float(sys.argv[1])),) if len(sys.argv) > 1 else ROWS
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    about({"rounds": rounds})
    for count in counts:
        with empty_folder() as folder:
            write(Path(folder), count)
            tables = {
                CASES: Path(folder, "cases.parquet"),
                HISTORY: Path(folder, f"{HISTORY}.parquet"),
            }
            _queries(tables, count, rounds, Path(folder))
            _commands(tables, count, rounds, Path(folder))


def _queries(tables: dict[str, Path], count: int, rounds: int, folder: Path) -> None:
    """One table: query alone."""
    connection = connect(tables)
    hand_sql.prepare(connection)
    script = script_of(load(FLAGSHIP), columns(connection, tables))
    for statement in script.setup:
        connection.execute(statement)
    check = cpu(connection, f"SELECT count(*) FROM ({script.check})")
    only_plain(connection, script.check, tables, folder)
    ways = {
        "generated": script.decide,
        "limit": hand_sql.query("limit"),
        "layered": hand_sql.query("layered"),
    }
    for name in BOUNDS:
        found = differences(connection, ways["generated"], ways[name])
        assert not found, found
    rows = []
    for sink, shape in (("hash", HASH), ("Parquet", PARQUET)):
        statements = [shape.format(query=q, path=folder / "out.parquet") for q in ways.values()]
        for statement in statements:
            cpu(connection, statement)  # once to warm up
        runs = [[cpu(connection, statement) for statement in statements] for _ in range(rounds)]
        seconds = medians(runs)
        for place, name in enumerate(ways):
            [ratio] = medians([[run[0] / run[place]] for run in runs])
            ns = f"{seconds[place] / count * 1e9:.0f}"
            told = (f"{ratio:.2f}", *BOUNDS[name]) if name in BOUNDS else ("", "", "")
            rows.append((sink, name, ns, *told))
    rows.append(("", "generated check", f"{check / count * 1e9:.0f}", "", "", ""))
    header = ("sink", "query", "CPU ns a row", "generated ÷ this", "reach", "not worse")
    table(f"{count:,} rows, the query alone, one thread", header, rows)


def _commands(tables: dict[str, Path], count: int, rounds: int, folder: Path) -> None:
    """One table: the whole command, beside Python and DuckDB that do the tuned query."""
    out = folder / "out.parquet"
    given = [str(tables[CASES]), "--history", str(tables[HISTORY])]
    by_hand = [sys.executable, str(Path(__file__).with_name("hand_process.py"))]
    ways = {
        "luling batch": [*COMMAND, "batch", str(FLAGSHIP), *given, "-o", str(out)],
        "limit, by hand": [*by_hand, "limit", *map(str, tables.values()), str(out)],
        "layered, by hand": [*by_hand, "layered", *map(str, tables.values()), str(out)],
    }
    runs = []
    for _ in range(rounds):
        runs.append([])
        for command in ways.values():
            out.unlink(missing_ok=True)
            runs[-1].append(once(command))
    rows = []
    for place, name in enumerate(ways):
        wall, used, peak = medians([run[place] for run in runs])
        [ratio] = medians([[run[place][1] / run[1][1]] for run in runs])
        per_row = f"{used / count * 1e9:.0f}"
        rows.append(
            (name, f"{wall:.2f}", f"{count / wall:,.0f}", per_row, f"{ratio:.2f}", f"{peak:.0f}")
        )
    header = ("process", "wall s", "rows a second", "CPU ns a row", "× limit, CPU", "peak MB")
    table(f"{count:,} rows, whole processes, Parquet to Parquet, all cores", header, rows)


if __name__ == "__main__":
    main()
