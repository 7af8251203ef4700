"""The plan that DuckDB runs, run by Spark: plain rows by one query, the others by functions on its
executors.

Tables are opened and checked by DuckDB, so that the same is refused in the same words. Spark reads
a Parquet file where it stands if its columns have the contract's types; any other table it gets as
one. What it writes is put in order, and into the form asked for, as DuckDB's own results are: so
the bytes are the same.
"""

from __future__ import annotations

import base64
import json
import pickle
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.sql import Script

from .columns import (
    CASE_ID,
    CASES,
    ROW,
    TEXTS,
    FactColumn,
    result_types,
)
from .converting import as_text, converted, fits
from .deciding import Job
from .opening import Tables, truth
from .problems import TableError
from .querying import ODD
from .rows import Decider
from .sources import PARQUET, RawColumn, RawTable
from .sources import literal as duckdb_literal
from .sources import quoted as duckdb_quoted
from .watching import looking

_ODD: Final = "逐行"
_TEXT: Final = "·文·"  # before the name of a column: its values as they are written in the file
_AT_FAULT: Final = "·误"  # whether a row has a value that its column does not hold
_ROWS_OF_A_TASK: Final = 2_000
_CARRIED: Final = re.compile(r"luling-table-error:([A-Za-z0-9+/=]+):")
Told = Callable[[Both, float], None]


@attrs.frozen
class Parts:
    """What Spark wrote: files of the plain rows, files of the others, and how many those are."""

    plain: tuple[Path, ...]
    odd: tuple[Path, ...]
    count: int


def decide_with_spark(
    session: Any, tables: Tables, job: Job, statements: Script, folder: Path, told: Told
) -> Parts:
    """Decides all rows of some tables; what comes out stands in files of a folder, in no order.

    The relation `ODD` of the tables' connection holds the cases that no query decided.
    """
    with _failing():
        open_views(session, tables, folder)
        for statement in statements.setup:
            session.sql(statement)
        with _watched(session, Both("查找缺事实或有误的行", "finding the odd rows"), told):
            ids = _written(_find_odd(session, tables, statements), folder / "odd-ids")
        _keep(tables, ids)
        session.read.parquet(_place(folder / "odd-ids")).createOrReplaceTempView(_quoted(_ODD))
        count = int(tables.con.execute(f"SELECT count(*) FROM {ODD}").fetchall()[0][0])
        plain: tuple[Path, ...] = ()
        odd: tuple[Path, ...] = ()
        if count < tables.rows:
            with _watched(session, Both("判定", "deciding"), told):
                plain = _written(plain_rows(session, tables, statements, count), folder / "plain")
        if count:
            with _watched(session, Both("逐行判定", "deciding row by row"), told):
                odd = _written(odd_rows(session, tables, job, count), folder / "odd")
    return Parts(plain, odd, count)


def collected(tables: Tables, job: Job, parts: Parts) -> str:
    """All rows that Spark wrote, as a query of DuckDB with the columns of the results."""
    read = ", ".join(
        f"CAST({duckdb_quoted(name)} AS {kind}) AS {duckdb_quoted(name)}"
        for name, kind in result_types(job.rulebook, tables.id_type).items()
    )
    return " UNION ALL ".join(
        f"(SELECT {read} FROM {_files(files)})" for files in (parts.plain, parts.odd) if files
    )


# --- relations


def open_views(session: Any, tables: Tables, folder: Path) -> None:
    """Makes the views of all tables; what Spark cannot read as it is stands in a folder."""
    for raw in tables.raw.values():
        _open(session, tables, raw, folder)
    _open_absent(session, tables)


def _open(session: Any, tables: Tables, raw: RawTable, folder: Path) -> None:
    """Makes the views of a table: with all its rows and what else odd rows need, and under its
    name.
    """
    name, stages = raw.table.name, not _is_direct(tables, raw)
    place = raw.located.path
    if stages:
        place = folder / f"table{list(tables.raw).index(name)}.parquet"
        columns = ", ".join(_staged(tables, raw))
        tables.con.execute(
            f"COPY (SELECT {columns} FROM {raw.relation}) TO {duckdb_literal(str(place))} "
            "(FORMAT parquet)"
        )
    found = session.read.parquet(_place(place))
    own = {name: name if stages else column.source for name, column in raw.columns.items()}
    selected = [f"{_quoted(source)} AS {_quoted(name)}" for name, source in own.items()]
    selected += [
        f"CAST(NULL AS {_TYPES.get(c.sql, c.sql)}) AS {_quoted(c.name)}"
        for c in raw.table.columns
        if c.name not in own
    ]
    found.selectExpr(*selected).createOrReplaceTempView(_quoted(_whole(name)))
    session.table(_quoted(_whole(name))).createOrReplaceTempView(_quoted(name))
    # apart, as the place of a row would be read for plain rows too
    more = [c for c in found.columns if c not in own and c != ROW] if stages else []
    selected += [_quoted(name) for name in more]
    selected.append(_quoted(ROW) if stages else f"_metadata.row_index AS {_quoted(ROW)}")
    found.selectExpr(*selected).createOrReplaceTempView(_quoted(_raw(name)))


def _is_direct(tables: Tables, raw: RawTable) -> bool:
    """Whether a file holds its table as it is to be: its columns have the contract's types."""
    path = raw.located.path
    # a file whose name begins so is none to Spark
    if path.suffix.lower() != PARQUET or path.name.startswith((".", "_")):
        return False
    kinds = {column.name: column.sql for column in raw.table.columns} | {CASE_ID: tables.id_type}
    return all(
        not own.as_text and own.sql == kinds.get(name, "BOOLEAN")
        for name, own in raw.columns.items()
    )


def _staged(tables: Tables, raw: RawTable) -> Iterator[str]:
    """The columns, in DuckDB's words, of a table that Spark cannot read as it is: values in the
    contract's types, and as they are written where they are not texts themselves.
    """
    yield f"{tables.own_id(raw.table.name)} AS {duckdb_quoted(CASE_ID)}"
    yield duckdb_quoted(ROW)
    facts = {column.name: column for column in raw.table.columns}
    lost: list[str] = []
    for name, own in raw.columns.items():
        column = facts.get(name)
        if column is not None:
            yield from _staged_fact(column, own, lost)
        elif name != CASE_ID:
            yield f"{truth(name, own)} AS {duckdb_quoted(name)}"
    fault = " OR ".join(f"({condition})" for condition in lost) or "false"
    yield f"coalesce({fault}, false) AS {duckdb_quoted(_AT_FAULT)}"


def _staged_fact(column: FactColumn, own: RawColumn, lost: list[str]) -> Iterator[str]:
    name = duckdb_quoted(column.name)
    if not fits(column, own):  # it is of another type, and empty
        yield f"CAST(NULL AS {column.sql}) AS {name}"
        return
    made = converted(column, own)
    yield f"{made.value} AS {name}"
    if not column.is_text:
        yield f"{as_text(name, own)} AS {duckdb_quoted(_TEXT + column.name)}"
    if made.left_out:
        lost.append(made.left_out)


def _open_absent(session: Any, tables: Tables) -> None:
    """Stands for tables that are not there: a query may name their columns."""
    for table in tables.all:
        if table.name not in tables.raw:
            kinds = {CASE_ID: tables.id_type} | {c.name: c.sql for c in table.columns}
            nothing = ", ".join(
                f"CAST(NULL AS {_TYPES.get(kind, kind)}) AS {_quoted(name)}"
                for name, kind in kinds.items()
            )
            empty = session.sql(f"SELECT {nothing} WHERE false")
            empty.createOrReplaceTempView(_quoted(table.name))


_TYPES: Final = {"VARCHAR": "STRING", TEXTS: "ARRAY<STRING>"}


def _whole(table: str) -> str:
    """The view of all rows of a table, where the one under its name is narrowed."""
    return f"全·{table}"


def _raw(table: str) -> str:
    """The same with what the odd rows need: places, and values as they are written."""
    return f"原·{table}"


# --- odd rows


def _find_odd(session: Any, tables: Tables, statements: Script) -> Any:
    """The cases that are decided one by one, each once."""
    id_ = _quoted(CASE_ID)
    if statements.unsupported:
        return session.sql(f"SELECT {id_} FROM {_quoted(_whole(CASES))}")
    parts = [statements.check]
    for name in tables.raw:
        if _AT_FAULT in session.table(_quoted(_raw(name))).columns:
            there = "" if name == CASES else f" LEFT SEMI JOIN {_quoted(CASES)} USING ({id_})"
            parts.append(
                f"SELECT {id_} FROM {_quoted(_raw(name))}{there} WHERE {_quoted(_AT_FAULT)}"
            )
    found = " UNION ALL ".join(f"(SELECT {id_} FROM ({part}))" for part in parts)
    return session.sql(f"SELECT DISTINCT {id_} FROM ({found})" if len(parts) > 1 else found)


def _keep(tables: Tables, ids: Iterable[Path]) -> None:
    """Makes the relation `ODD`, as where DuckDB finds the rows itself."""
    id_ = duckdb_quoted(CASE_ID)
    tables.con.execute(f"CREATE TABLE {ODD} AS SELECT {id_} FROM {_files(ids)}")


def odd_rows(session: Any, tables: Tables, job: Job, count: int) -> Any:
    """The results of the odd rows: each goes as texts to a process that decides it."""
    cases = tables.raw[CASES]
    id_, row = _quoted(CASE_ID), _quoted(ROW)
    parts = [f"c.{row}", f"c.{id_}"]
    parts += [f"{value} AS {_quoted(name)}" for name, value in _texts(session, cases, "c")]
    joins = [f"LEFT SEMI JOIN {_quoted(_ODD)} AS o ON c.{id_} = o.{id_}"]
    for place, (name, raw) in enumerate(tables.raw.items()):
        if not raw.table.is_list:
            continue
        fields = ", ".join(
            f"{_literal(field)}, {value}" for field, value in _texts(session, raw, "h")
        )
        item = f"NAMED_STRUCT({_literal(ROW)}, h.{row}{', ' if fields else ''}{fields})"
        joins.append(
            f"LEFT JOIN (SELECT h.{id_}, SORT_ARRAY(COLLECT_LIST({item})) AS items "
            f"FROM {_quoted(_raw(name))} AS h LEFT SEMI JOIN {_quoted(_ODD)} AS o "
            f"ON h.{id_} = o.{id_} GROUP BY h.{id_}) AS l{place} ON c.{id_} = l{place}.{id_}"
        )
        parts.append(f"l{place}.items AS {_quoted(name)}")
    found = session.sql(
        f"SELECT {', '.join(parts)} FROM {_quoted(_raw(CASES))} AS c {' '.join(joins)}"
    )
    tasks = -(-count // _ROWS_OF_A_TASK)
    spread = found.repartition(min(tasks, 4 * session.sparkContext.defaultParallelism))
    decided = spread.rdd.mapPartitions(_decider(job))
    schema = ", ".join(
        f"{_quoted(name)} {_TYPES.get(kind, kind)}"
        for name, kind in result_types(job.rulebook, tables.id_type).items()
    )
    return session.createDataFrame(decided, schema, verifySchema=False)


def _texts(session: Any, raw: RawTable, alias: str) -> Iterator[tuple[str, str]]:
    """The columns of a table as texts, as DuckDB would write them; companions as they are."""
    columns = set(session.table(_quoted(_raw(raw.table.name))).columns)
    facts = {column.name: column for column in raw.table.columns}
    for name in raw.columns:
        own = f"{alias}.{_quoted(name)}"
        column = facts.get(name)
        if name == CASE_ID:
            continue
        if column is None:
            yield name, own
        elif _TEXT + name in columns:
            yield name, f"{alias}.{_quoted(_TEXT + name)}"
        else:
            yield name, _as_text(own, column.sql)


def _as_text(own: str, kind: str) -> str:
    text = f"CAST({own} AS STRING)"
    if kind == "VARCHAR":
        return own
    if kind == "DATE":  # Spark writes a sign before a year of five digits
        return f"LTRIM('+', {text})"
    if kind.startswith("DECIMAL"):
        return f"TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM {text}))"
    return text


def _decider(job: Job) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What decides rows in a process of Spark's."""
    told = pickle.dumps(job)

    def decided(rows: Iterator[Any]) -> Iterator[Any]:
        decider = pickle.loads(told).decider()
        for row in rows:
            yield _decided(decider, row.asDict(recursive=True))

    return decided


def _decided(decider: Decider, row: dict[str, Any]) -> list[Any]:
    try:
        return [row[CASE_ID], *decider.row(row[CASE_ID], row)]
    except TableError as error:
        raise RuntimeError(_carried(error)) from None


# --- plain rows


def plain_rows(session: Any, tables: Tables, statements: Script, odd: int) -> Any:
    """The results of the plain rows, by one query."""
    for name in tables.raw:
        whole, id_ = _quoted(_whole(name)), _quoted(CASE_ID)
        only = f" LEFT ANTI JOIN {_quoted(_ODD)} AS o ON w.{id_} = o.{id_}" if odd else ""
        kept = session.sql(f"SELECT w.* FROM {whole} AS w{only}")
        kept.createOrReplaceTempView(_quoted(name))
    return session.sql(statements.decide)


# --- files


def _written(rows: Any, folder: Path) -> tuple[Path, ...]:
    """Writes rows as Parquet; the files."""
    rows.write.parquet(folder.as_uri() if _is_plain(folder) else str(folder))
    return tuple(sorted(folder.glob("*.parquet")))


def _is_plain(path: Path) -> bool:
    return str(path).isascii() and "%" not in path.as_uri()


def _files(paths: Iterable[Path]) -> str:
    listed = ", ".join(duckdb_literal(str(path)) for path in paths)
    return f"read_parquet([{listed}])"


def _place(path: Path) -> str:
    """A file, or a folder, as Spark is told of it: no letter of its name is a pattern."""
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", f"file://{path.absolute()}")


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


# --- telling


@contextmanager
def _watched(session: Any, what: Both, told: Told) -> Iterator[None]:
    """Tells, while Spark works, how much of the tasks it has begun with is done."""
    told(what, 0)
    tracker = session.sparkContext.statusTracker()

    def look() -> None:
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        total = sum(stage.numTasks for stage in stages if stage)
        if total:
            told(what, sum(stage.numCompletedTasks for stage in stages if stage) / total)

    with looking(look, 0.5):
        yield


@contextmanager
def _failing() -> Iterator[None]:
    """Says in words what Spark could not do."""
    failed = import_module("pyspark.errors").PySparkException
    broken = import_module("py4j.protocol").Py4JError
    try:
        yield
    except (failed, broken) as error:
        raise _told(error) from None


def _carried(error: TableError) -> str:
    """An error of tables as a text that comes back from a process of Spark's."""
    problems = [[problem.zh, problem.en] for problem in error.problems]
    return f"luling-table-error:{base64.b64encode(json.dumps(problems).encode()).decode()}:"


def _told(error: Exception) -> TableError:
    carried = _CARRIED.search(str(error))
    if carried:
        return TableError(*(Both(*both) for both in json.loads(base64.b64decode(carried[1]))))
    if "OutOfMemoryError" in str(error):
        return TableError(
            Both(
                "Spark 的内存不够；用 --memory 给它多一些，如 4GB。",
                "Spark is out of memory; give it more by --memory, such as 4GB.",
            )
        )
    said = next((line for line in str(error).splitlines() if line.strip()), "")
    return TableError(Both(f"Spark 出错：{said}", f"Spark failed: {said}"))
