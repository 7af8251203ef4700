"""luling batch: decides the cases of a table."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import attrs
import click

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir.rulebook import Rulebook

from ..decide import Engine
from .run import chosen_readings, read_as
from .shared import (
    FINDINGS,
    FINE,
    end_as_by_interrupt,
    fail,
    json_option,
    language_option,
    lists_options,
    load_or_exit,
    mapping_option,
    need_tables,
    print_json,
    readings_option,
    threads_option,
)
from .words import said

if TYPE_CHECKING:
    from ..batch.opening import Note
    from ..batch.run import Checked, Decided, Options, Progress
    from ..batch.samples import Sample
    from ..batch.sources import Sources

_MANY = 100_000  # rows whose speed is told, also where nobody sits at a terminal

_HELP = Both(
    "判定一张表里的案件，一行一个，写成结果表。\n\n"
    "RULEBOOK 是规则书的文件夹；CASES 是 .parquet、.csv（UTF-8）或 .xlsx，"
    "一列“案件编号”，每个事实一列，列名是事实的路径。列表事实各有一张表：用 --history 指明，"
    "或者与 CASES 在同一文件夹里、以列表命名。结果写到 -o 所说的 .parquet、.csv 或 .xlsx，"
    "有误的行也在里面，“错误”一列说明错在哪里。\n\n\b\n"
    "例：luling batch rules/shanghai-skill-subsidy/2025-7 cases.parquet -o out.parquet\n"
    "    luling batch RULEBOOK 申请表.xlsx -o 结果.xlsx\n"
    "    luling batch RULEBOOK cases.csv --history 列表=past.csv --check\n\n"
    "都判定了为 0，有行输入有误为 1，表格不能用或者用法有误为 2。",
    "Decide the cases of a table, one a row, and write a table of results.\n\n"
    "RULEBOOK is the folder of a rulebook; CASES a .parquet, .csv (UTF-8) or .xlsx with a column "
    "案件编号 and one column a fact, named by its path. A list fact is a table of its own: named "
    "by --history, or found beside CASES under the name of the list. Results go to -o, a .parquet, "
    ".csv or .xlsx; rows at fault stay in, with what is wrong in the column 错误.\n\n\b\n"
    "Example: luling batch rules/shanghai-skill-subsidy/2025-7 cases.parquet -o out.parquet\n"
    "         luling batch RULEBOOK 申请表.xlsx -o 结果.xlsx\n"
    "         luling batch RULEBOOK cases.csv --history 列表=past.csv --check\n"
    "\nExit status 0 where all rows were decided, 1 where some are bad input, 2 where the tables "
    "cannot be used or the command is wrong.",
)


@attrs.frozen
class Telling:
    """How what came out is to be told."""

    as_json: bool
    language: Language
    explain_to: Path | None


@click.command(help=said(_HELP))
@click.argument("rulebook", metavar="RULEBOOK")
@click.argument("cases", metavar="CASES", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="OUT",
    help=said(Both("结果写到哪里", "where the results go")),
)  # fmt: skip
@lists_options
@mapping_option
@click.option(
    "--check", "check_only", is_flag=True,
    help=said(Both("只检查表格，不判定", "only check the tables, decide nothing")),
)  # fmt: skip
@click.option(
    "--engine", "engine_name", type=click.Choice(["duckdb", "spark", "python"]),
    default="duckdb", show_default=True,
    help=said(Both(
        "duckdb：用 SQL 判定，缺事实或有误的行逐行判定；spark：同样的，在 Spark 上"
        "（要 luling[spark] 和 Java 17）；python：每一行都逐行判定。结果一样",
        "duckdb: by SQL, incomplete and faulty rows one by one; spark: the same on Spark (needs "
        "luling[spark] and Java 17); python: every row one by one. All give the same",
    )),
)  # fmt: skip
@click.option(
    "--spark-master", metavar="URL",
    help=said(Both(
        "Spark 在哪里运行，默认本机；别处的要能读写 CASES 和 OUT 所在的文件夹，也要装有 luling",
        "where Spark runs, by default here; elsewhere it must reach the folders of CASES and OUT "
        "and have luling installed",
    )),
)  # fmt: skip
@click.option(
    "--memory", metavar="SIZE",
    help=said(Both(
        "DuckDB（和 Spark）至多用多少内存，如 500MB；多出的暂存在 OUT 旁边",
        "the memory DuckDB (and Spark) may use, such as 500MB; what is beyond is kept beside OUT",
    )),
)  # fmt: skip
@threads_option
@click.option(
    "--explain-sample", "sample", type=click.IntRange(min=0), default=0, metavar="N",
    help=said(Both(
        "每种结论和状态说明编号最小的 N 个案件",
        "explain the N cases with the lowest numbers of each conclusion and state",
    )),
)  # fmt: skip
@click.option(
    "--explain-to", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help=said(Both("说明写进文件，不打印", "write the explanations to a file")),
)  # fmt: skip
@readings_option
@click.option(
    "--emit-sql", "dialect", type=click.Choice(["duckdb", "spark", "postgres"]),
    help=said(Both(
        "只写出 SQL（-o 写进文件），不判定；不写 CASES 时当作每个事实都有列",
        "only write the SQL (to -o), decide nothing; without CASES as if each fact had a column",
    )),
)  # fmt: skip
@json_option
@language_option
def command(
    rulebook: str,
    cases: Path | None,
    out: Path | None,
    lists: tuple[str, ...],
    no_history: bool,
    mapping: Path | None,
    check_only: bool,
    engine_name: Literal["duckdb", "spark", "python"],
    spark_master: str | None,
    memory: str | None,
    threads: int | None,
    sample: int,
    explain_to: Path | None,
    readings: tuple[str, ...],
    dialect: Literal["duckdb", "spark", "postgres"] | None,
    as_json: bool,
    language: Language,
) -> int:
    """Decides a table and tells what came out; 1 where a row was bad input."""
    need_tables(language)
    from ..batch.problems import TableError
    from ..batch.run import Options

    if cases is None and dialect is None:
        fail(Both("缺少 CASES：要判定的表。", "missing CASES: the table to decide."), language)
    if out is None and not check_only and dialect is None:
        fail(Both("用 -o 说明结果写到哪里。", "say with -o where the results go."), language)
    chosen = chosen_readings(readings, language)
    engine = read_as(Engine(load_or_exit(rulebook, language).rulebook), chosen, language)
    assert isinstance(engine, Engine)
    telling = Telling(as_json, language, explain_to)
    end_as_by_interrupt()
    try:
        sources = None
        if cases is not None:
            sources = named_sources(
                engine.rulebook, cases, lists, not no_history, mapping, language
            )
        if dialect is not None:
            return _emit(engine, sources, dialect, out, language)
        assert sources is not None
        options = Options(
            engine_name, threads, memory, language, samples=sample, spark_master=spark_master
        )
        if check_only:
            return _check(engine, sources, options, telling)
        assert out is not None
        return _decide(engine, sources, out, options, telling)
    except TableError as error:
        fail(Both(error.text("zh"), error.text("en")), language)


def named_sources(
    rulebook: Rulebook,
    cases: Path,
    lists: tuple[str, ...],
    find_lists: bool,
    mapping: Path | None,
    language: Language,
) -> Sources:
    """The tables that options name, for a rulebook."""
    from ..batch.columns import fact_tables
    from ..batch.mapping import Mapping, read_mapping
    from ..batch.sources import Sources

    tables = fact_tables(rulebook)
    names = [table.name for table in tables if table.is_list]
    meant = read_mapping(mapping, tables) if mapping is not None else Mapping()
    return Sources(cases, dict(_list(given, names, language) for given in lists), find_lists, meant)


def _list(given: str, names: list[str], language: Language) -> tuple[str, Path]:
    """The list and the file that an option names; of the only list the file alone will do."""
    name, equals, place = given.replace("＝", "=").partition("=")
    if equals:
        return name.strip(), Path(place.strip())
    path = Path(given)
    if path.stem in names:
        return path.stem, path
    if len(names) == 1:
        return names[0], path
    fail(
        Both(
            f"「{given}」应写成 列表=文件；列表有：{'、'.join(names) or '无'}。",
            f"write 「{given}」 as LIST=FILE; the lists are: {', '.join(names) or 'none'}.",
        ),
        language,
    )


# --- SQL


def _emit(
    engine: Engine,
    sources: Sources | None,
    dialect: Literal["duckdb", "spark", "postgres"],
    out: Path | None,
    language: Language,
) -> int:
    from ..batch.querying import all_columns, emitted
    from ..batch.run import columns_of_tables

    columns = columns_of_tables(engine, sources) if sources else all_columns(engine.rulebook)
    text = emitted(engine, columns, dialect)
    if out is None:
        sys.stdout.write(text)
        return FINE
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        fail(Both(f"写不了「{out}」：{error}", f"cannot write 「{out}」: {error}"), language)
    return FINE


# --- telling


def _check(engine: Engine, sources: Sources, options: Options, telling: Telling) -> int:
    from ..batch.run import check_tables

    checked = check_tables(engine, sources, options)
    if telling.as_json:
        print_json({"行数": checked.rows, "提示": _texts(checked.notes, telling.language)})
    else:
        sys.stdout.write(
            "\n".join([*_texts(checked.notes, telling.language), _can(checked, telling)])
        )
        sys.stdout.write("\n")
    return FINDINGS if any(note.finding for note in checked.notes) else FINE


def _texts(notes: tuple[Note, ...], language: Language) -> list[str]:
    return [str(getattr(note.text, language)) for note in notes]


def _can(checked: Checked, telling: Telling) -> str:
    text = Both(f"可以判定：{checked.rows:,} 行。", f"can be decided: {checked.rows:,} rows.")
    return str(getattr(text, telling.language))


def _decide(engine: Engine, sources: Sources, out: Path, options: Options, telling: Telling) -> int:
    from ..batch.run import decide_tables

    began = time.perf_counter()
    with progress_shown(telling.language) as progress:
        shown = attrs.evolve(options, progress=progress)
        decided = decide_tables(engine, sources, out, shown)
    seconds = time.perf_counter() - began
    if telling.as_json:
        print_json(decided.summary.to_json(telling.language))
    else:
        sys.stdout.write("\n".join(decided.summary.lines(telling.language)) + "\n")
    _tell_samples(decided, telling)
    if decided.summary.rows >= _MANY or sys.stderr.isatty():
        _tell_speed(decided.summary.rows, seconds, telling.language)
    return FINDINGS if decided.summary.states.keys() & {"输入有误", "规则有误"} else FINE


def _tell_speed(rows: int, seconds: float, language: Language) -> None:
    rate = rows / max(seconds, 1e-9)
    text = Both(
        f"用时 {seconds:.1f} 秒，每秒 {rate:,.0f} 行", f"{seconds:.1f} s, {rate:,.0f} rows a second"
    )
    sys.stderr.write(getattr(text, language) + "\n")


def _tell_samples(decided: Decided, telling: Telling) -> None:
    if telling.explain_to is None and telling.as_json:
        for sample in decided.samples:
            print_json(
                {"情形": sample.outcome, "案件编号": sample.case_id, "说明": list(sample.lines)}
            )
        return
    text = "\n".join("\n".join(_told(sample)) + "\n" for sample in decided.samples)
    if telling.explain_to is None:
        sys.stdout.write("\n" + text if text else "")
        return
    try:
        telling.explain_to.write_text(text, "utf-8")
    except OSError as error:
        fail(
            Both(f"写不了「{telling.explain_to}」：{error}", f"cannot write: {error}"),
            telling.language,
        )


def _told(sample: Sample) -> Iterator[str]:
    yield f"── {sample.case_id}（{sample.outcome}）"
    yield from sample.lines


@contextmanager
def progress_shown(language: Language) -> Iterator[Progress]:
    """What shows on a terminal how far the work has come."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from ..batch.run import silent

    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    columns: list[Any] = [
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    ]  # fmt: skip
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("", total=1.0)

        def tell(what: Both, share: float) -> None:
            shown.update(task, description=getattr(what, language), completed=min(share, 0.999))

        yield tell
