"""Deciding whole tables: open and check, find the odd rows, decide, write, count.

`decide_tables` leaves either a whole result under the name asked for or nothing: it works in a
folder beside that name, which goes away in the end, and moves the finished file into place.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import attrs

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.sql import Gap, script

from ..decide import Engine
from .columns import ROW, result_columns
from .deciding import Job, cores, decide_rows
from .opening import Note, Tables, open_tables, orphans, values_at_fault
from .problems import TableError, check_extra, needed
from .querying import ODD_IDS, find_odd, in_order, in_words, keep_plain, nullable, written
from .samples import Sample, samples
from .session import session
from .sources import CSV, PARQUET, SUFFIXES, WORKBOOK, Sources, literal, quoted
from .spark import collected, decide_with_spark
from .summary import Summary, summarise
from .watching import looking
from .writing import MOST_IN_A_SHEET, to_csv, to_workbook

EngineName = Literal["duckdb", "spark", "python"]
_MEMORY = re.compile(r"[0-9]+(?:\.[0-9]+)?\s*(?:KB|MB|GB|TB|KiB|MiB|GiB|TiB)", re.IGNORECASE)
Progress = Callable[[Both, float], None]  # what is under way, and how much of it is done: 0 to 1


def silent(_what: Both, _share: float) -> None:
    """Tells nobody."""


@attrs.frozen
class Options:
    """How tables are to be decided."""

    engine: EngineName = "duckdb"
    threads: int | None = None
    memory: str | None = None
    language: Language = "zh"
    progress: Progress = silent
    spark_master: str | None = None  # where Spark runs; on this machine where none is named
    samples: int = 0  # how many cases of each outcome are explained


@attrs.frozen
class Workshop:
    """A connection and a folder for what is under way."""

    con: Any
    folder: Path


@attrs.frozen
class Decided:
    """What came out as a whole, and the samples that were asked for."""

    summary: Summary
    samples: tuple[Sample, ...]


def decide_tables(
    engine: Engine, sources: Sources, out: Path, options: Options | None = None
) -> Decided:
    """Decides every case of a table and writes the results.

    Raises `TableError` where tables are refused. Nothing stands under `out` unless all is done.
    Many rows are decided by several processes: a program that calls it needs
    `if __name__ == "__main__"`, or `threads=1`.
    """
    _not_started_to_decide()
    options = options or Options()
    _writable(out)
    with workshop(out.absolute().parent, out.name, options) as shop:
        options.progress(Both("检查表格", "checking the tables"), 0)
        tables = open_tables(shop.con, engine.rulebook, sources)
        _not_read(out, tables)
        if out.suffix.lower() == WORKBOOK and tables.rows > MOST_IN_A_SHEET:
            raise TableError(_too_many(tables.rows))
        results = shop.folder / "results.parquet"
        odd, told = _decide(engine, tables, results, shop, options)
        notes = (*tables.notes, *told, *orphans(tables))
        summary = summarise(shop.con, results, engine.rulebook, odd, notes)
        assert summary.rows == tables.rows, "rows were lost, or stand twice"
        found = _samples(engine, tables, results, options) if options.samples else ()
        made = _in_form(shop, results, engine, out.suffix.lower())
        os.replace(made, out)
    return Decided(summary, found)


def _not_started_to_decide() -> None:
    """Nothing; refuses to begin again in a process that was started to decide rows.

    Such a process first runs the program that started it, all but what stands under
    `if __name__ == "__main__"`; without that it comes here once more, all the work before it.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise TableError(
            Both(
                '判定表格的脚本，要把调用写在 if __name__ == "__main__": 下面。',
                'a script that decides tables has to call it under if __name__ == "__main__":.',
            )
        )


def check_tables(engine: Engine, sources: Sources, options: Options | None = None) -> Checked:
    """What can be said of tables before anything is decided. Raises `TableError` as above."""
    with workshop(None, "check", options or Options()) as shop:
        tables = open_tables(shop.con, engine.rulebook, sources)
        notes = (*tables.notes, *values_at_fault(tables, None), *orphans(tables))
        return Checked(tables.rows, notes)


def columns_of_tables(engine: Engine, sources: Sources) -> frozenset[str]:
    """The facts that tables have columns for. Raises `TableError` where they are refused."""
    with workshop(None, "columns", Options()) as shop:
        return open_tables(shop.con, engine.rulebook, sources).columns


@attrs.frozen
class Checked:
    """Tables that can be decided: how many cases, and what is to be told of them."""

    rows: int
    notes: tuple[Note, ...]


def _decide(
    engine: Engine, tables: Tables, results: Path, shop: Workshop, options: Options
) -> tuple[int, list[Note]]:
    """Writes the results; how many rows were decided one by one, and what is wrong with values."""
    rows = shop.folder / "rows.parquet"
    if options.engine == "python":
        return _one_by_one(engine, tables, rows, results, options)
    if options.engine == "spark":
        return _by_spark(engine, tables, results, shop, options)
    statements = written(engine.rulebook, engine.chosen, tables)
    if statements.unsupported:
        told = _unsupported(statements.unsupported)
        count, notes = _one_by_one(engine, tables, rows, results, options)
        return count, [told, *notes]
    with watched(shop.con, Both("查找缺事实或有误的行", "finding the odd rows"), options):
        odd = find_odd(tables, statements)
    if odd == tables.rows:
        return _one_by_one(engine, tables, rows, results, options)
    query = statements.decide
    notes = []
    if odd:
        notes = list(values_at_fault(tables, ODD_IDS))
        others = _row_by_row(engine, tables, ODD_IDS, odd, rows, options)
        keep_plain(tables)
        query = f"({query}) UNION ALL ({others})"
    with watched(shop.con, Both("判定", "deciding"), options):
        query = nullable(query, engine.rulebook, tables.id_type)
        _copy(shop.con, in_order(tables, query), results)
    return odd, notes


def _by_spark(
    engine: Engine, tables: Tables, results: Path, shop: Workshop, options: Options
) -> tuple[int, list[Note]]:
    """Writes the results of all rows that Spark decided."""
    job = Job.of(engine, tables.columns, options.language)
    statements = script(engine.rulebook, engine.chosen, tables.columns, "spark")
    notes = [_unsupported(statements.unsupported)] if statements.unsupported else []
    options.progress(Both("启动 Spark", "starting Spark"), 0)
    with session(shop.folder, options.spark_master, options.threads, options.memory) as spark:
        parts = decide_with_spark(spark, tables, job, statements, shop.folder, options.progress)
    with watched(shop.con, Both("写出结果", "writing the results"), options):
        query = nullable(collected(tables, job, parts), engine.rulebook, tables.id_type)
        _copy(shop.con, in_order(tables, query), results)
    if parts.count:
        notes += values_at_fault(tables, None if parts.count == tables.rows else ODD_IDS)
    return parts.count, notes


def _one_by_one(
    engine: Engine, tables: Tables, rows: Path, results: Path, options: Options
) -> tuple[int, list[Note]]:
    """Writes the results of all rows without any SQL."""
    notes = list(values_at_fault(tables, None))
    query = _row_by_row(engine, tables, None, tables.rows, rows, options)
    _copy(tables.con, nullable(query, engine.rulebook, tables.id_type), results)
    return tables.rows, notes


def _row_by_row(
    engine: Engine, tables: Tables, among: str | None, count: int, rows: Path, options: Options
) -> str:
    job = Job.of(engine, tables.columns, options.language)
    what = Both("逐行判定", "deciding row by row")
    return row_by_row(tables, job, among, count, rows, what, options)


def row_by_row(
    tables: Tables,
    job: Job,
    among: str | None,
    count: int,
    rows: Path,
    what: Both,
    options: Options,
) -> str:
    """A SELECT of the results of cases, which now stand in a file; `among`: only of these, which
    are `count`.
    """

    def told(done: int) -> None:
        options.progress(what, done / max(count, 1))

    decide_rows(tables, job, among, rows, options.threads or cores(), told)
    return f"SELECT * EXCLUDE ({quoted(ROW)}) FROM read_parquet({literal(str(rows))})"


def _unsupported(gaps: tuple[Gap, ...]) -> Note:
    shown = in_words(gaps)
    return Note(
        Both(
            f"规则书有 SQL 说不出的部分，每一行都逐行判定：{shown.zh}。",
            f"SQL cannot say some of the rulebook; every row is decided one by one: {shown.en}.",
        )
    )


@contextmanager
def watched(con: Any, what: Both, options: Options) -> Iterator[None]:
    """Tells, while a query runs, how far DuckDB says it has come."""
    if options.progress is silent:
        yield
        return
    options.progress(what, 0)
    with looking(lambda: options.progress(what, max(0.0, con.query_progress() / 100)), 0.2):
        yield


def _samples(engine: Engine, tables: Tables, results: Path, options: Options) -> tuple[Sample, ...]:
    return tuple(samples(tables, results, engine, options.samples, options.language))


def _copy(con: Any, query: str, out: Path) -> None:
    con.execute(f"COPY ({query}) TO {literal(str(out))} (FORMAT parquet)")


# --- where it happens


@contextmanager
def workshop(beside: Path | None, name: str, options: Options) -> Iterator[Workshop]:
    """A connection and a folder that both are gone afterwards, however it ends."""
    check_extra()
    duckdb = needed("duckdb")
    folder = _folder(beside, name)
    con = duckdb.connect(config={"temp_directory": str(folder / "spill")})
    try:
        con.execute("SET enable_progress_bar = true")  # else nobody counts
        con.execute("SET enable_progress_bar_print = false")
        _settle(con, options)
        yield Workshop(con, folder)
    except duckdb.OutOfMemoryException as error:
        raise TableError(_no_memory(error)) from None
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except duckdb.Error as error:
        raise TableError(_database(error)) from None
    except OSError as error:
        raise TableError(_not_written(error)) from None
    except RuntimeError as error:  # so it says Ctrl-C while it makes a plan
        if "interrupted" not in str(error).lower():
            raise
        raise KeyboardInterrupt from None
    finally:
        con.close()
        shutil.rmtree(folder, ignore_errors=True)


def _folder(beside: Path | None, name: str) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=f".{name}.", dir=beside))
    except OSError as error:
        raise TableError(_not_written(error)) from None


def _not_written(error: OSError) -> Both:
    return Both(f"读写文件出错：{error}", f"cannot read or write: {error}")


def _settle(con: Any, options: Options) -> None:
    if options.threads is not None:
        con.execute(f"SET threads = {max(1, options.threads)}")
    if options.memory is not None:
        if not _MEMORY.fullmatch(options.memory.strip()):
            raise TableError(
                Both(
                    f"内存上限「{options.memory}」应写成 500MB、4GB 这样。",
                    f"write the limit 「{options.memory}」 as 500MB or 4GB.",
                )
            )
        con.execute(f"SET memory_limit = {literal(options.memory.strip())}")


def _no_memory(error: Exception) -> Both:
    said = str(error).partition("\n")[0]
    return Both(f"内存不够：{said}", f"out of memory: {said}")


def _database(error: Exception) -> Both:
    said = str(error).partition("\n")[0]
    return Both(f"DuckDB 出错：{said}", f"DuckDB failed: {said}")


def _writable(out: Path) -> None:
    if out.suffix.lower() not in SUFFIXES:
        kinds = "、".join(SUFFIXES)
        raise TableError(
            Both(f"结果「{out}」的后缀要是 {kinds}。", f"「{out}」 must end in one of {kinds}.")
        )
    if not out.absolute().parent.is_dir():
        folder = out.absolute().parent
        raise TableError(Both(f"没有文件夹「{folder}」。", f"no folder 「{folder}」."))
    if out.is_dir():
        raise TableError(Both(f"「{out}」是文件夹。", f"「{out}」 is a folder."))


def _not_read(out: Path, tables: Tables) -> None:
    """Raises `TableError` where the result would take the place of a table that is read."""
    if out.resolve() in [raw.located.path.resolve() for raw in tables.raw.values()]:
        raise TableError(
            Both(f"结果不能写在输入文件「{out}」上。", f"「{out}」 is one of the tables read.")
        )


def _too_many(rows: int) -> Both:
    return Both(
        f"{rows:,} 行太多，写不进工作簿（至多 {MOST_IN_A_SHEET:,} 行）；请写成 .parquet 或 .csv。",
        f"{rows:,} rows are too many for a workbook (at most {MOST_IN_A_SHEET:,}); "
        "write .parquet or .csv.",
    )


def _in_form(shop: Workshop, results: Path, engine: Engine, suffix: str) -> Path:
    """The results in the form of the file asked for."""
    if suffix == PARQUET:
        return results
    made = shop.folder / f"results{suffix}"
    columns = result_columns(engine.rulebook)
    if suffix == CSV:
        to_csv(shop.con, results, columns, made)
    else:
        to_workbook(shop.con, results, columns, made)
    return made
