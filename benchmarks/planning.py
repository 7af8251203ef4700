"""How the time to plan the query grows: the real rulebook 1, 10 and 100 times in one.

python benchmarks/planning.py [ROUNDS]     (extra `luling[batch]`)

Apart: from the compiled rulebook to SQL text; the statements that set up look-up tables, once a
run; DuckDB's own planning of the query (EXPLAIN), as it is up to twenty copies, and without its
propagation of statistics, which grows beyond. The copies share the facts (copies.py).
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

from copies import copies
from make_table import write
from measure import FLAGSHIP, about, empty_folder, medians, table
from warehouse import CASES, columns, connect, cpu, script_of

from luling.compiler.ir.rulebook import Rulebook
from luling.runtime import load

TIMES, ROUNDS = (1, 10, 20, 100), 3
MOST = 20  # copies that are planned with everything
HISTORY = "已享补贴"
PLANNING = ("EXPLAIN, s", "without statistics, s")


def main() -> None:
    """Prints the tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    about({"rounds": rounds})
    rulebook = load(FLAGSHIP).rulebook
    with empty_folder() as folder:
        write(Path(folder), 1000)
        tables = {CASES: Path(folder, "cases.parquet"), HISTORY: Path(folder, f"{HISTORY}.parquet")}
        for differ, title in ((True, "copies that differ in their numbers"), (False, "the same")):
            books = [(n, copies(rulebook, n, differ=differ)) for n in TIMES]
            runs = [[_once(*each, tables) for each in books] for _ in range(rounds)]
            found = [medians([run[place] for run in runs]) for place in range(len(TIMES))]
            rows = [_row(*each, found[0]) for each in zip(TIMES, found, strict=True)]
            header = ("copies", "kB of SQL", "to text, s", "set-up, s", *PLANNING)
            table(f"CPU time, {title}; (a copy, against one alone)", header, rows)


def _row(times: int, found: list[float], one: list[float]) -> list[str]:
    cells = [
        f"{each:,.2f} ({each / first / times:.2f})" if each else ""
        for each, first in zip(found, one, strict=True)
    ]
    return [str(times), *cells]


def _once(times: int, book: Rulebook, tables: dict[str, Path]) -> list[float]:
    """The length of the query, and seconds to its text, for the set-up and to plan it."""
    connection = connect(tables)
    known = columns(connection, tables)
    gc.collect()
    start = time.process_time()
    script = script_of(book, known)
    text = time.process_time() - start
    assert not script.unsupported, script.unsupported
    start = time.process_time()
    for statement in script.setup:
        connection.execute(statement)
    setup = time.process_time() - start
    explain = f"EXPLAIN {script.decide}"
    planned = cpu(connection, explain) if times <= MOST else 0.0
    connection.execute("SET disabled_optimizers = 'statistics_propagation'")
    return [len(script.decide) / 1000, text, setup, planned, cpu(connection, explain)]


if __name__ == "__main__":
    main()
