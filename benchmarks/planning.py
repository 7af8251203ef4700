"""How the time to plan the query grows: the real rulebook once, and up to 40 times in one.

python benchmarks/planning.py [ROUNDS]     (extra `luling[batch]`)

Apart: from the compiled rulebook to SQL text; the statements that set up look-up tables, once a
run; DuckDB's own planning of the query (EXPLAIN). The copies share the facts (copies.py).
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

TIMES, ROUNDS = (1, 10, 20, 40), 5
HISTORY = "已享补贴"


def main() -> None:
    """Prints the tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    about({"rounds": rounds})
    rulebook = load(FLAGSHIP).rulebook
    with empty_folder() as folder:
        write(Path(folder), 1000)
        tables = {CASES: Path(folder, "cases.parquet"), HISTORY: Path(folder, f"{HISTORY}.parquet")}
        for differ, title in ((True, "copies that differ in their numbers"), (False, "the same")):
            books = [copies(rulebook, times, differ=differ) for times in TIMES]
            runs = [[_once(book, tables) for book in books] for _ in range(rounds)]
            found = [medians([run[place] for run in runs]) for place in range(len(TIMES))]
            rows = [_row(*each, found[0]) for each in zip(TIMES, found, strict=True)]
            header = ("copies", "kB of SQL", "to text, s", "set-up, s", "EXPLAIN, s")
            table(f"CPU time, {title}; (a copy, against one alone)", header, rows)


def _row(times: int, found: list[float], one: list[float]) -> list[str]:
    cells = [
        f"{each:,.2f} ({each / first / times:.2f})" for each, first in zip(found, one, strict=True)
    ]
    return [str(times), *cells]


def _once(book: Rulebook, tables: dict[str, Path]) -> list[float]:
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
    return [len(script.decide) / 1000, text, setup, cpu(connection, f"EXPLAIN {script.decide}")]


if __name__ == "__main__":
    main()
