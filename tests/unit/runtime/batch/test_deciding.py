"""Tables are decided as the interpreter decides each case: complete, incomplete and bad rows."""

import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from luling.compiler.ir.rulebook import Rulebook
from luling.runtime.batch.run import EngineName, Options, decide_tables
from luling.runtime.batch.sources import Sources
from luling.runtime.decide import Engine

from .cases import contract_cases, examples, spoiled, thinned
from .tables import (
    ROOT,
    Case,
    as_json,
    engine,
    expected,
    read_csv,
    rows_of,
    types_of,
    write_csv,
    write_parquet,
    write_workbook,
)

FLAGSHIP = "rules/shanghai-skill-subsidy/2025-7"
PLACES = [
    FLAGSHIP,
    "rules/shanghai-skill-subsidy/2022-17",
    "rules/statutory-retirement-age/2025",
    "tests/rulebooks/water",
    "tests/rulebooks/holidays",
]
ENGINES: tuple[EngineName, ...] = ("duckdb", "python")


@cache
def cases_of(place: str) -> tuple[Case, ...]:
    """Examples, each with something missing or wrong, and what people decided by hand."""
    rulebook = engine(place).rulebook
    whole = [*(contract_cases() if place == FLAGSHIP else []), *examples(rulebook)]
    longest = max(whole, key=lambda case: len(str(case)))
    return (*whole, *thinned(longest, rulebook), *spoiled(rulebook, longest))


def decide(own: Engine, cases: Path, out: Path, **options: Any) -> list[dict[str, Any]]:
    """The rows that come out of tables, as JSON values."""
    decide_tables(own, Sources(cases), out, Options(**options))
    return [as_json(own, row) for row in rows_of(out)]


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("place", PLACES)
def test_rows_are_what_the_interpreter_says(place: str, name: EngineName, tmp_path: Path) -> None:
    own, cases = engine(place), cases_of(place)
    table = write_parquet(own.rulebook, cases, tmp_path)
    found = decide(own, table, tmp_path / "out.parquet", engine=name)
    assert found == expected(own, cases)


def test_the_cases_are_of_every_state() -> None:
    states = {row["状态"] for place in PLACES for row in expected(engine(place), cases_of(place))}
    assert states == {"已定", "信息不足", "输入有误"}


@pytest.mark.parametrize("place", ["tests/rulebooks/water", "tests/rulebooks/holidays"])
def test_csv_and_workbooks_say_what_parquet_says(place: str, tmp_path: Path) -> None:
    own, cases = engine(place), cases_of(place)[-40:]
    parquet = write_parquet(own.rulebook, cases, tmp_path)
    csv = write_csv(own.rulebook, cases, tmp_path, bom=True)
    book = write_workbook(own.rulebook, cases, tmp_path / "book.xlsx")
    found = [decide(own, path, tmp_path / f"{path.name}.parquet") for path in (parquet, csv, book)]
    assert found[0] == found[1] == found[2]
    assert {row["状态"] for row in found[0]} == {"已定", "信息不足", "输入有误"}


def test_results_have_the_types_of_the_contract_and_lists_in_csv_are_json(tmp_path: Path) -> None:
    own, cases = engine(FLAGSHIP), (*cases_of(FLAGSHIP)[:60], *cases_of(FLAGSHIP)[-30:])
    table = write_parquet(own.rulebook, cases, tmp_path)
    rows = decide(own, table, tmp_path / "out.parquet", engine="python")
    assert types_of(tmp_path / "out.parquet") == {
        "案件编号": "BIGINT", "状态": "VARCHAR", "结论": "VARCHAR", "享受身份": "VARCHAR",
        "可选身份": "VARCHAR[]", "补贴标准": "DECIMAL(18,2)", "补贴比例": "DECIMAL(9,4)",
        "补贴金额": "DECIMAL(18,2)", "申请截止日": "DATE", "审核区": "VARCHAR[]",
        "承担区": "VARCHAR[]", "市级承担": "DECIMAL(18,2)", "区级承担": "DECIMAL(18,2)",
        "不可享受原因": "VARCHAR[]", "缺少": "VARCHAR[]", "错误": "VARCHAR[]", "未定": "VARCHAR[]",
    }  # fmt: skip
    decide_tables(own, Sources(table), tmp_path / "out.csv", Options(engine="python"))
    for row, told in zip(rows, read_csv(tmp_path / "out.csv"), strict=True):
        lists = {name: value for name, value in row.items() if isinstance(value, list)}
        assert {name: told[name] for name in lists} == lists
        assert (told["状态"], told["补贴金额"]) == (row["状态"], row["补贴金额"])


@pytest.mark.parametrize("place", [FLAGSHIP, "tests/rulebooks/water"])
def test_both_engines_give_the_same_types(place: str, tmp_path: Path) -> None:
    own, cases = engine(place), examples(engine(place).rulebook)[:5]
    table = write_parquet(own.rulebook, cases, tmp_path)
    for name in ENGINES:
        decide(own, table, tmp_path / f"{name}.out.parquet", engine=name)
    found = [types_of(tmp_path / f"{name}.out.parquet") for name in ENGINES]
    assert found[0] == found[1]


def many(rulebook: Rulebook, cases: Sequence[Case], folder: Path, times: int, sql: str) -> Path:
    """A table in which the same cases stand again and again, under numbers of their own: `sql` of
    n, which time it is, and i, which case.
    """
    write_parquet(rulebook, cases, folder)
    for path in list(folder.glob("*.parquet")):
        own = f'SELECT n, "案件编号" AS i, * EXCLUDE ("案件编号") FROM range({times}) AS r(n), '
        duckdb.execute(
            f"COPY (SELECT {sql} AS \"案件编号\", * EXCLUDE (n, i) FROM ({own}'{path}') "
            f"ORDER BY n, i) TO '{path}.new' (FORMAT parquet)"
        )
        Path(f"{path}.new").replace(path)
    return folder / "案件.parquet"


@pytest.mark.parametrize(
    ("place", "name", "sql", "times"),
    [
        (FLAGSHIP, "duckdb", "1000 * n + i", 80),
        ("tests/rulebooks/water", "duckdb", "1000 * (500 - n) + i", 80),
        ("tests/rulebooks/holidays", "python", "'甲' || n || '-' || i", 580),
    ],
    ids=["sql", "sql-falling", "python-texts"],
)
def test_rows_stand_as_the_cases_do_however_many_work(
    place: str, name: EngineName, sql: str, times: int, tmp_path: Path
) -> None:
    own = engine(place)
    cases = (*examples(own.rulebook)[:48], *cases_of(place)[-2:])
    table = many(own.rulebook, cases, tmp_path, times, sql)
    outs = [tmp_path / f"{threads}.out.parquet" for threads in (1, 2)]
    for out, threads in zip(outs, (1, 2), strict=True):
        decide_tables(own, Sources(table), out, Options(engine=name, threads=threads))
    assert outs[0].read_bytes() == outs[1].read_bytes()
    ids = [row["案件编号"] for row in rows_of(table)]
    assert len(ids) == len(cases) * times >= 4_000
    assert [row["案件编号"] for row in rows_of(outs[0])] == ids


def test_a_program_without_a_guard_is_told_so_and_ends(tmp_path: Path) -> None:
    own = engine("tests/rulebooks/holidays")
    cases = [{"某日": {"日期": "2025-05-01"}}] * 4_100  # more than one process takes at a time
    table = write_parquet(own.rulebook, cases, tmp_path)
    program = tmp_path / "program.py"
    program.write_text(
        "from pathlib import Path\n"
        "from luling.runtime import load\n"
        "from luling.runtime.batch.run import Options, decide_tables\n"
        "from luling.runtime.batch.sources import Sources\n"
        f"engine = load({str(ROOT / 'tests/rulebooks/holidays')!r})\n"
        f"decide_tables(engine, Sources(Path({str(table)!r})), Path({str(tmp_path / 'o.csv')!r}),\n"
        "    Options(engine='python', threads=2))\n",
        "utf-8",
    )
    done = subprocess.run([sys.executable, program], capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert '要把调用写在 if __name__ == "__main__": 下面' in done.stderr.decode()
    assert not (tmp_path / "o.csv").exists()
