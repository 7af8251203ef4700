"""Spark gives what DuckDB gives, byte for byte: complete, incomplete and bad rows."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from luling.compiler.sql import script
from luling.runtime.batch.deciding import Job
from luling.runtime.batch.opening import open_tables
from luling.runtime.batch.querying import all_columns, emitted
from luling.runtime.batch.run import Options, decide_tables, workshop
from luling.runtime.batch.session import java_version, megabytes, session
from luling.runtime.batch.sources import Sources
from luling.runtime.batch.spark import odd_rows, open_views, plain_rows

from .cases import contract_cases
from .tables import (
    as_json,
    engine,
    expected,
    rows_of,
    write_csv,
    write_parquet,
)
from .test_deciding import FLAGSHIP, PLACES, cases_of

MISSING = (
    "no pyspark (pip install 'luling[spark]')"
    if find_spec("pyspark") is None
    else "no Java 17"
    if (java_version() or 0) < 17
    else ""
)
on_spark = pytest.mark.skipif(bool(MISSING), reason=f"Spark tests skipped: {MISSING}")


@pytest.fixture(scope="module", name="spark")
def _spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session for all tests here: one takes seconds to start."""
    with session(tmp_path_factory.mktemp("spark"), None, 2, None) as found:
        yield found


def both(place: str, cases: Path, folder: Path, suffix: str = ".parquet") -> list[Path]:
    """What DuckDB and what Spark make of a table."""
    outs = []
    for name in ("duckdb", "spark"):
        outs.append(folder / f"{name}{suffix}")
        decide_tables(engine(place), Sources(cases), outs[-1], Options(engine=name))
    return outs


# Spark takes half a minute to plan the query of a rulebook of this size
SLOW = ("tests/rulebooks/water", "rules/shanghai-skill-subsidy/2022-17")


@on_spark
@pytest.mark.parametrize(
    "place", [pytest.param(p, marks=pytest.mark.long if p in SLOW else ()) for p in PLACES]
)
def test_the_bytes_are_those_of_duckdb(place: str, spark: Any, tmp_path: Path) -> None:
    own, cases = engine(place), cases_of(place)
    wanted, out = both(place, write_parquet(own.rulebook, cases, tmp_path), tmp_path)
    assert [as_json(own, row) for row in rows_of(out)] == expected(own, cases)
    assert out.read_bytes() == wanted.read_bytes()
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@on_spark
def test_csv_is_decided_alike(spark: Any, tmp_path: Path) -> None:
    folder = tmp_path / "甲 [1] {乙}"  # letters that are patterns elsewhere
    folder.mkdir()
    own, cases = engine("tests/rulebooks/holidays"), cases_of("tests/rulebooks/holidays")
    table = write_csv(own.rulebook, cases, folder)
    wanted, out = both("tests/rulebooks/holidays", table, folder, ".csv")
    assert out.read_bytes() == wanted.read_bytes()


@on_spark
@pytest.mark.long
def test_csv_with_lists_is_decided_alike(spark: Any, tmp_path: Path) -> None:
    cases = cases_of("tests/rulebooks/water")
    table = write_csv(engine("tests/rulebooks/water").rulebook, cases, tmp_path)
    wanted, out = both("tests/rulebooks/water", table, tmp_path, ".csv")
    assert out.read_bytes() == wanted.read_bytes()


@on_spark
def test_values_that_no_column_holds_are_told_alike(spark: Any, tmp_path: Path) -> None:
    table = tmp_path / "c.csv"
    lines = ["乙,2025-10-01", "甲,2025-13-01", "丙,", "丁,9999-12-31", "戊,十月一日"]
    table.write_text("\n".join(["案件编号,某日.日期", *lines]) + "\n", "utf-8")
    wanted, out = both("tests/rulebooks/holidays", table, tmp_path)
    assert [row["案件编号"] for row in rows_of(out)] == list("乙甲丙丁戊")
    assert {row["状态"] for row in rows_of(out)} == {"已定", "输入有误", "信息不足"}
    assert out.read_bytes() == wanted.read_bytes()


# --- the plan


def plan_of(rows: Any) -> str:
    """The physical plan, without the look-up tables and the calendar that are no tables."""
    return str(rows._jdf.queryExecution().executedPlan().toString())


def count(pattern: str, plan: str) -> int:
    return len(re.findall(pattern, plan))


@on_spark
def test_a_list_is_read_joined_and_aggregated_once(spark: Any, tmp_path: Path) -> None:
    own = engine(FLAGSHIP)
    cases = write_parquet(own.rulebook, contract_cases(), tmp_path)
    with workshop(tmp_path, "plan", Options()) as shop:
        tables = open_tables(shop.con, own.rulebook, Sources(cases))
        open_views(spark, tables, tmp_path)
        statements = script(own.rulebook, own.chosen, tables.columns, "spark")
        for statement in statements.setup:
            spark.sql(statement)
        spark.sql("SELECT 1L AS `案件编号`").createOrReplaceTempView("`逐行`")
        plain = plan_of(plain_rows(spark, tables, statements, 0))
        odd = plan_of(odd_rows(spark, tables, Job.of(own, tables.columns, "zh"), 1))
    assert "Python" not in plain  # neither a function nor rows that went through one
    assert "Cartesian" not in plain and "NestedLoop" not in plain
    scans = re.findall(r"FileScan parquet \[(.*?)\]", plain)
    assert len(scans) == 3  # the cases are read twice, once for what the list is asked about them
    assert sum("·行" in scan or "row_index" in scan for scan in scans) == 0
    assert sum("种类" in scan and "身份" in scan for scan in scans) == 1
    assert count(r"HashAggregate\(keys=\[案件编号", plain) == 2  # before and after the exchange
    assert count("Join .*LeftOuter", plain) == 1
    assert "ExistingRDD" in odd


@on_spark
def test_the_emitted_script_runs(spark: Any, tmp_path: Path) -> None:
    own, cases = engine(FLAGSHIP), cases_of(FLAGSHIP)
    write_parquet(own.rulebook, cases, tmp_path)
    for name in ("案件", "已享补贴"):
        read = spark.read.parquet(f"file://{tmp_path}/{name}.parquet")
        read.createOrReplaceTempView(f"`{name}`")
    columns = all_columns(own.rulebook) | {
        path for path in ("已享补贴?",) if path in spark.table("`案件`").columns
    }
    companions = {c for c in spark.table("`案件`").columns if c.endswith("?")}
    text = emitted(own, frozenset(columns | companions), "spark")
    *setup, last = [part for part in text.split(";\n") if part.strip()]
    for statement in setup:
        spark.sql(statement)
    found = {row[0]: row for row in spark.sql(last).collect()}
    wanted = expected(own, cases)
    assert sorted(found) == [row["案件编号"] for row in wanted]
    told = {row["案件编号"]: row for row in wanted}
    for number, row in found.items():
        if row["状态"] is None:
            assert "luling batch" in row["错误"][0]
        else:
            assert as_json(own, row.asDict()) == told[number]
    assert {told[n]["状态"] for n, row in found.items() if row["状态"] is None} >= {"输入有误"}
    assert sum(row["状态"] is not None for row in found.values()) > 300


# --- what has to be there


def test_without_java_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert java_version() is None
    (tmp_path / "bin").mkdir()
    java = tmp_path / "bin" / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n")
    java.chmod(0o755)
    assert java_version() == 8


def test_memory_is_given_to_spark_in_whole_megabytes() -> None:
    told = {"2GB": 1907, "1.5GiB": 1536, "100MB": 512, "800 MiB": 800}
    assert {text: megabytes(text) for text in told} == told


# --- many


@on_spark
@pytest.mark.long
def test_a_million_cases_come_out_as_from_duckdb(spark: Any, tmp_path: Path) -> None:
    own, cases = engine(FLAGSHIP), cases_of(FLAGSHIP)
    small = tmp_path / "small"
    small.mkdir()
    write_parquet(own.rulebook, cases, small)
    times = -(-1_000_000 // len(cases))
    con = duckdb.connect()
    for name in ("案件", "已享补贴"):
        con.execute(
            f"COPY (SELECT t.* REPLACE (t.案件编号 + {len(cases)} * i AS 案件编号) "
            f"FROM range({times}) r(i), '{small}/{name}.parquet' t ORDER BY i, t.案件编号) "
            f"TO '{tmp_path}/{name}.parquet'"
        )
    found, out = both(FLAGSHIP, tmp_path / "案件.parquet", tmp_path)
    assert out.read_bytes() == found.read_bytes()
