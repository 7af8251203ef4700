"""Rows a second against OpenFisca and the zen engine, on rules that all three can express.

python benchmarks/others.py [ROWS [ROUNDS]]     (pip install -r benchmarks/requirements.txt)

The rules are `part.luling`: conditions, shares, a table of amounts. Each way begins with the same
Parquet file and ends with the results in memory: Lüling's queries check every row and give an
Arrow table, OpenFisca's model (`openfisca_model.py`) NumPy arrays, the zen engine's graph
(`zen_graph.py`) objects. zen is given the first rows only, in one batch. All results are compared
first.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import openfisca_model
import part
import pyarrow as pa
import pyarrow.parquet as pq
import zen_graph
from measure import about, empty_folder, medians, table
from warehouse import CASES, columns, connect, script_of

from luling.runtime import load_text

ROWS, ROUNDS = (200_000, 1_000_000), 5
FEW = 20_000  # rows for zen

# against → how many times its rows a second there should be, and may be
BOUNDS = {"OpenFisca": ("10", "8"), "zen": ("10", "8")}


def main() -> None:
    """Prints a table for each number of rows."""
    counts = (int(float(sys.argv[1])),) if len(sys.argv) > 1 else ROWS
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    about({"rounds": rounds})
    for count in counts:
        with empty_folder() as folder:
            path = Path(folder, "cases.parquet")
            pq.write_table(part.rows(count), path, row_group_size=122_880)
            _measure(path, count, rounds)


def _measure(path: Path, count: int, rounds: int) -> None:
    lüling, model, engine = Lüling(path), openfisca_model.system(), zen_graph.engine()
    few = min(count, FEW)
    ways: dict[str, tuple[Callable[[], Any], int]] = {
        "Lüling": (lüling, count),
        "OpenFisca": (lambda: openfisca_model.decide(model, _read(path)), count),
        "zen": (lambda: zen_graph.decide(engine, _read(path).slice(0, few)), few),
    }
    _compare(*(way() for way, _ in ways.values()))
    runs = [[_seconds(way) / rows for way, rows in ways.values()] for _ in range(rounds)]
    rows = []
    for place, (name, seconds) in enumerate(zip(ways, medians(runs), strict=True)):
        [ratio] = medians([[run[place] / run[0]] for run in runs])
        told = (f"{ratio:.1f}", *BOUNDS[name]) if name in BOUNDS else ("", "", "")
        rows.append((name, f"{1 / seconds:,.0f}", f"{seconds * 1e9:,.0f}", *told))
    header = ("", "rows a CPU second", "CPU ns a row", "Lüling is × as fast", "reach", "not worse")
    table(f"{count:,} rows, one file in, results in memory", header, rows)


class Lüling:
    """The generated statements on a connection of one thread."""

    def __init__(self, path: Path) -> None:
        self.connection: duckdb.DuckDBPyConnection = connect({CASES: path})
        book = load_text(part.RULES.read_text("utf-8")).rulebook
        self.script = script_of(book, columns(self.connection, {CASES: path}))
        for statement in self.script.setup:
            self.connection.execute(statement)

    def __call__(self) -> pa.Table:
        odd = self.connection.execute(self.script.check).fetchall()
        assert not odd, odd[:3]
        return self.connection.sql(self.script.decide).to_arrow_table()


def _read(path: Path) -> pa.Table:
    """The file's table, names as codes with a dictionary: as quick as it can be read."""
    names = [f.name for f in pq.read_schema(path) if pa.types.is_string(f.type)]
    return pq.read_table(path, read_dictionary=names, use_threads=False)


def _compare(lüling: pa.Table, openfisca: dict[str, Any], zen: list[dict[str, Any]]) -> None:
    """Nothing; an assertion fails where two differ."""
    rows = lüling.sort_by("案件编号").select(part.RESULTS).to_pylist()
    names = openfisca["享受身份"].decode_to_str()
    openfisca = openfisca | {"享受身份": names}
    arrays = zip(*(openfisca[name].tolist() for name in part.RESULTS), strict=True)
    for row, other in zip(rows, arrays, strict=True):
        # OpenFisca has no none: 无, or zero
        own = [
            value or openfisca_model.NONE if name == "享受身份" else value or 0
            for name, value in row.items()
        ]
        assert own == [_plain(value) for value in other], (row, other)
    for row, graph in zip(islice(rows, len(zen)), zen, strict=True):
        told = [_plain(graph.get(name)) for name in zen_graph.RESULTS]
        assert list(row.values()) == told, (row, graph)


def _plain(value: Any) -> Any:
    """A binary number as the decimal it stands for; anything else as it is."""
    return Decimal(round(value * 100)) / 100 if type(value) in (int, float) else value


def _seconds(act: Callable[[], Any]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


if __name__ == "__main__":
    main()
