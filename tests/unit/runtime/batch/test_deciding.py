"""Tables are decided as the interpreter decides each case: complete, incomplete and bad rows."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from luling.compiler.ir.rulebook import Rulebook
from luling.runtime.batch.run import EngineName, Options, decide_tables
from luling.runtime.batch.sources import Sources
from luling.runtime.decide import Engine

from .cases import contract_cases, examples, spoiled, thinned
from .tables import (
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


@pytest.mark.parametrize("place", ["tests/rulebooks/water", FLAGSHIP])
def test_csv_and_workbooks_say_what_parquet_says(place: str, tmp_path: Path) -> None:
    own, cases = engine(place), cases_of(place)[-60:]
    parquet = write_parquet(own.rulebook, cases, tmp_path)
    csv = write_csv(own.rulebook, cases, tmp_path, bom=True)
    book = write_workbook(own.rulebook, cases, tmp_path / "book.xlsx")
    found = [decide(own, path, tmp_path / f"{path.name}.parquet") for path in (parquet, csv, book)]
    assert found[0] == found[1] == found[2]
    assert {row["状态"] for row in found[0]} == {"已定", "信息不足", "输入有误"}


def test_columns_have_the_types_of_the_contract(tmp_path: Path) -> None:
    own = engine(FLAGSHIP)
    decide(own, write_parquet(own.rulebook, contract_cases(), tmp_path), tmp_path / "out.parquet")
    assert types_of(tmp_path / "out.parquet") == {
        "案件编号": "BIGINT", "状态": "VARCHAR", "结论": "VARCHAR", "享受身份": "VARCHAR",
        "可选身份": "VARCHAR[]", "补贴标准": "DECIMAL(18,2)", "补贴比例": "DECIMAL(9,4)",
        "补贴金额": "DECIMAL(18,2)", "申请截止日": "DATE", "审核区": "VARCHAR[]",
        "承担区": "VARCHAR[]", "市级承担": "DECIMAL(18,2)", "区级承担": "DECIMAL(18,2)",
        "不可享受原因": "VARCHAR[]", "缺少": "VARCHAR[]", "错误": "VARCHAR[]", "未定": "VARCHAR[]",
    }  # fmt: skip


def test_csv_results_hold_lists_as_json(tmp_path: Path) -> None:
    own, cases = engine(FLAGSHIP), cases_of(FLAGSHIP)
    table = write_parquet(own.rulebook, cases, tmp_path)
    rows = decide(own, table, tmp_path / "out.parquet")
    decide_tables(own, Sources(table), tmp_path / "out.csv")
    for row, told in zip(rows, read_csv(tmp_path / "out.csv"), strict=True):
        lists = {name: value for name, value in row.items() if isinstance(value, list)}
        assert {name: told[name] for name in lists} == lists
        assert (told["状态"], told["补贴金额"]) == (row["状态"], row["补贴金额"])


def many(rulebook: Rulebook, cases: Sequence[Case], folder: Path, times: int) -> Path:
    """A table in which the same cases stand again and again, under numbers of their own."""
    return write_parquet(rulebook, [*cases] * times, folder)


@pytest.mark.parametrize("name", ENGINES)
def test_the_bytes_do_not_depend_on_how_many_work(name: EngineName, tmp_path: Path) -> None:
    own = engine("tests/rulebooks/holidays")
    table = many(own.rulebook, cases_of("tests/rulebooks/holidays"), tmp_path, 600)
    outs = [tmp_path / f"{threads}.parquet" for threads in (1, 2, 2)]
    for out, threads in zip(outs, (1, 2, 2), strict=True):
        decide(own, table, out, engine=name, threads=threads)
    assert len({out.read_bytes() for out in outs}) == 1
    assert [row["案件编号"] for row in rows_of(outs[0])] == list(range(1, 4201))
