"""Interpreter, compiled function and DuckDB give the same rows, on tables as offices might have.

The table is the one of the benchmarks: days on a limit and beside it, unknown facts, bad values.
`pytest -m long tests/flagship/test_engines.py` takes a million rows through all of them.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import duckdb
import pyarrow.parquet as pq
import pytest

from luling.runtime import load
from luling.runtime.batch.deciding import read_rows
from luling.runtime.batch.opening import open_tables
from luling.runtime.batch.rows import Decider
from luling.runtime.batch.run import EngineName, Options, decide_tables, workshop
from luling.runtime.batch.sources import Sources
from luling.runtime.compiled.function import Function
from luling.runtime.decide import Engine

ROOT = Path(__file__).resolve().parents[2]
RULEBOOKS = ROOT / "rules" / "shanghai-skill-subsidy"


class Interpreter:
    """The interpreter in the place of a compiled function."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __call__(self, case: Any, language: str) -> dict[str, object]:
        """The answer on a case, without what it rests on."""
        decision = self.engine.decide(case)
        return {
            "状态": decision.state,
            "结果": decision.results(),
            "缺少": list(decision.missing),
            "错误": [fault.to_json("zh") for fault in decision.faults],
        }


@pytest.fixture(name="make_table")
def _make_table(benchmark: Callable[[str], ModuleType]) -> ModuleType:
    return benchmark("make_table")


def by_interpreter(engine: Engine, cases: Path) -> Iterator[tuple[Any, ...]]:
    """The rows of results as the interpreter gives them, in the order of the cases."""
    with workshop(None, "engines", Options()) as shop:
        tables = open_tables(shop.con, engine.rulebook, Sources(cases))
        function = cast(Function, Interpreter(engine))
        decider = Decider(function, engine.rulebook, tables.columns, "zh")
        for case_id, row in read_rows(tables, None):
            yield (case_id, *decider.row(case_id, row))


def rows(path: Path) -> Iterator[tuple[Any, ...]]:
    """The rows of a table of results."""
    for batch in pq.ParquetFile(path).iter_batches(10_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def compare(version: str, folder: Path) -> Counter[str]:
    """How many rows are in which state, all engines having given the same."""
    engine, cases = load(RULEBOOKS / version), folder / "cases.parquet"
    found: dict[EngineName, Path] = {
        name: folder / f"{name}.parquet" for name in ("duckdb", "python")
    }
    for name, out in found.items():
        decide_tables(engine, Sources(cases), out, Options(engine=name))
    assert found["duckdb"].read_bytes() == found["python"].read_bytes() or not differing(
        *found.values()
    )
    states = Counter[str]()
    for one, other in zip(by_interpreter(engine, cases), rows(found["duckdb"]), strict=True):
        assert one == other
        states[one[1]] += 1
    return states


def differing(one: Path, other: Path) -> list[Any]:
    """The first rows that two tables do not share."""
    sides = (f"FROM '{one}' EXCEPT ALL FROM '{other}'", f"FROM '{other}' EXCEPT ALL FROM '{one}'")
    con = duckdb.connect()
    return [row for side in sides for row in con.execute(f"{side} LIMIT 5").fetchall()]


@pytest.mark.parametrize("version", ["2025-7", "2022-17"])
def test_all_engines_give_the_same_rows(
    version: str, make_table: ModuleType, tmp_path: Path
) -> None:
    make_table.write(tmp_path, 1200, 11, unknown=0.02, bad=0.05)
    states = compare(version, tmp_path)
    assert sum(states.values()) == 1200
    assert set(states) == {"已定", "信息不足", "输入有误"}


@pytest.mark.long
def test_all_engines_give_the_same_million_rows(make_table: ModuleType, tmp_path: Path) -> None:
    make_table.write(tmp_path, 1_000_000, 7, unknown=0.002, bad=0.01)
    states = compare("2025-7", tmp_path)
    assert sum(states.values()) == 1_000_000
    print(dict(states), "0 differences")  # noqa: T201
