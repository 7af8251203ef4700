"""Rows that no SQL decides: read in chunks, decided by functions on all cores, written in order.

Chunks are always of the same size, and come back in the order they went out: so the result does
not depend on how many processes there are. At no time are more of them under way than the
processes can soon take.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import attrs

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir.rulebook import Rulebook

from ..compiled.function import Function, source_of
from ..decide import Engine
from .columns import (
    CASE_ID,
    CASES,
    FAULTS,
    MISSING,
    OPEN,
    ROW,
    STATE,
    TEXTS,
    UNKNOWN,
    result_columns,
)
from .converting import as_text
from .opening import Tables, truth
from .problems import TableError, needed
from .rows import Decider
from .sources import quoted

_CHUNK: Final = 2_000
_ROW_GROUP: Final = 122_880  # as DuckDB writes them
_AHEAD: Final = 3  # chunks under way for each process
Told = Callable[[int], None]


@attrs.frozen
class Job:
    """What a process has to know before it can decide."""

    rulebook: Rulebook
    source: str  # of the compiled function
    columns: frozenset[str]
    language: Language

    @classmethod
    def of(cls, engine: Engine, columns: frozenset[str], language: Language) -> Job:
        """The job of deciding as an engine does."""
        return cls(engine.rulebook, source_of(engine), columns, language)

    def decider(self) -> Decider:
        """What decides its rows."""
        return Decider(Function(self.source), self.rulebook, self.columns, self.language)


def decide_rows(
    tables: Tables, job: Job, among: str | None, out: Path, processes: int, told: Told
) -> int:
    """Writes the results of cases to a Parquet file, in their order; `among`: only of these.

    The file has the columns of the results and the number of each row. Returns how many there are.
    """
    schema = arrow_schema(job.rulebook, tables.id_type)
    feed = _feed(tables, among)
    parquet = needed("pyarrow.parquet")
    count = 0
    with (
        parquet.ParquetWriter(out, schema, compression="snappy") as writer,
        _deciding(job, feed, processes, out.parent) as decided,
    ):
        for group in _grouped(_telling(decided, told), schema):
            writer.write_table(group)
            count += group.num_rows
    return count


def _telling(decided: Iterator[list[list[Any]]], told: Told) -> Iterator[list[list[Any]]]:
    count = 0
    for columns in decided:
        yield columns
        count += len(columns[0])
        told(count)


def read_rows(tables: Tables, among: str | None) -> Iterator[tuple[object, Mapping[str, Any]]]:
    """案件编号 and row of cases, in their order; `among`: only of these."""
    for batch in _feed(tables, among):
        for row in batch.to_pylist():
            yield row[CASE_ID], row


def arrow_schema(rulebook: Rulebook, id_type: str) -> Any:
    """The columns of the results, and the number of the row before them."""
    arrow = needed("pyarrow")
    texts = arrow.list_(arrow.field("element", arrow.string()))
    kinds = {
        "BIGINT": arrow.int64(), "VARCHAR": arrow.string(), "BOOLEAN": arrow.bool_(),
        "DATE": arrow.date32(), TEXTS: texts, "DECIMAL(18,2)": arrow.decimal128(18, 2),
        "DECIMAL(9,4)": arrow.decimal128(9, 4), "DECIMAL(38,6)": arrow.decimal128(38, 6),
    }  # fmt: skip
    return arrow.schema(
        [
            (ROW, arrow.int64()),
            (CASE_ID, kinds[id_type]),
            (STATE, arrow.string()),
            *((column.name, kinds[column.sql]) for column in result_columns(rulebook)),
            *((name, texts) for name in (MISSING, FAULTS, OPEN)),
        ]
    )


# --- reading


def _feed(tables: Tables, among: str | None) -> Iterator[Any]:
    """The rows of the cases as Arrow batches, all values as texts, the rows of lists in lists."""
    raw = tables.raw[CASES]
    ours = quoted("·本行")  # the case of a list row
    parts = [f"c.{quoted(ROW)}", f"{_of(tables.own_id(CASES))} AS {quoted(CASE_ID)}"]
    unknown_lists = [table.name + UNKNOWN for table in tables.all if table.is_list]
    for name, own in raw.columns.items():
        if name.endswith(UNKNOWN) and (name in unknown_lists or _is_companion(raw, name)):
            parts.append(f"{_of(truth(name, own))} AS {quoted(name)}")
        elif name != CASE_ID:
            parts.append(f"{as_text('c.' + quoted(name), own)} AS {quoted(name)}")
    joins = []
    for place, (name, one) in enumerate(tables.raw.items()):
        if not one.table.is_list:
            continue
        fields = ", ".join(
            f"{quoted(c)} := "
            + (truth(c, own) if _is_companion(one, c) else as_text(quoted(c), own))
            for c, own in one.columns.items()
            if c != CASE_ID
        )
        packed = f"struct_pack({fields})" if fields else "struct_pack(_ := NULL)"
        only = f" WHERE {tables.own_id(name)} IN ({among})" if among else ""
        joins.append(
            f" LEFT JOIN (SELECT {tables.own_id(name)} AS {ours}, list({packed} ORDER BY "
            f"{quoted(ROW)}) AS items FROM {one.relation}{only} GROUP BY {ours}) AS l{place} "
            f"ON {_of(tables.own_id(CASES))} = l{place}.{ours}"
        )
        parts.append(f"l{place}.items AS {quoted(name)}")
    only = f" WHERE {_of(tables.own_id(CASES))} IN ({among})" if among else ""
    query = (
        f"SELECT {', '.join(parts)} FROM {raw.relation} AS c{''.join(joins)}{only} "
        f"ORDER BY c.{quoted(ROW)}"
    )
    reader = tables.con.sql(query).to_arrow_reader(_CHUNK)
    yield from reader


def _of(expression: str) -> str:
    """An expression over one column of the cases where other relations are joined to them."""
    head, quote, tail = expression.partition('"')
    return f"{head}c.{quote}{tail}"


def _is_companion(raw: Any, name: str) -> bool:
    return any(name == column.companion for column in raw.table.columns)


def _rechunked(batches: Iterable[Any]) -> Iterator[Any]:
    """Tables of exactly `_CHUNK` rows, but for the last: DuckDB's batches are of any size."""
    arrow = needed("pyarrow")
    waiting, count = [], 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        while count >= _CHUNK:
            table = arrow.Table.from_batches(waiting)
            yield table.slice(0, _CHUNK).combine_chunks()
            rest = table.slice(_CHUNK)
            waiting, count = rest.to_batches(), rest.num_rows
    if count:
        yield arrow.Table.from_batches(waiting).combine_chunks()


# --- deciding


@contextmanager
def _deciding(
    job: Job, feed: Iterable[Any], processes: int, folder: Path
) -> Iterator[Iterator[Any]]:
    """The results of chunks, in their order."""
    chunks = _rechunked(feed)
    head = [chunk for _, chunk in zip(range(2), chunks, strict=False)]
    if processes <= 1 or len(head) < 2:
        decider = job.decider()
        yield (_decided(decider, chunk) for chunk in chain(head, chunks))
        return
    # in a file: to hand over more than a pipe takes to a process that dies at once would never end
    told = folder / f"job.{os.getpid()}"
    told.write_bytes(pickle.dumps(job))
    # spawn: DuckDB has threads, and a process forked from one with threads may hang
    executor = ProcessPoolExecutor(processes, get_context("spawn"), _start, (told,))
    try:
        yield _in_order(executor, chain(head, chunks), processes * _AHEAD)
    except BrokenProcessPool:
        raise TableError(
            Both(
                "判定用的进程中途退出了（可能内存不足）；用 --threads 1 再试。",
                "a process that decides has died (out of memory?); try --threads 1.",
            )
        ) from None
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
        told.unlink()


def _in_order(executor: ProcessPoolExecutor, chunks: Iterator[Any], most: int) -> Iterator[Any]:
    waiting: deque[Future[Any]] = deque()
    for chunk in chunks:
        with _deaf():
            waiting.append(executor.submit(_in_process, chunk))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that are started here do not hear Ctrl-C: the one that started them ends them.

    It hears it only when they are started: half told what to do, they would end with a traceback.
    """
    with _later(), _blocked():
        yield


@contextmanager
def _blocked() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _later() -> Iterator[None]:
    """Signals that ask to end are heard afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return
    heard: list[int] = []
    asked = (signal.SIGINT, signal.SIGTERM)
    before = {one: signal.signal(one, lambda number, _: heard.append(number)) for one in asked}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, signal.SIG_DFL if handler is None else handler)
        if heard:
            signal.raise_signal(heard[0])


_DECIDERS: list[Decider] = []  # the one of this process


def _start(told: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    job: Job = pickle.loads(told.read_bytes())
    _DECIDERS.append(job.decider())


def _in_process(chunk: Any) -> Any:
    return _decided(_DECIDERS[-1], chunk)


def _decided(decider: Decider, chunk: Any) -> list[list[Any]]:
    """A chunk's results, column by column."""
    rows = [[row[ROW], row[CASE_ID], *decider.row(row[CASE_ID], row)] for row in chunk.to_pylist()]
    return [list(column) for column in zip(*rows, strict=True)]


def _grouped(decided: Iterator[list[list[Any]]], schema: Any) -> Iterator[Any]:
    """The results as tables of a row group each."""
    arrow = needed("pyarrow")
    waiting, count = [], 0
    for columns in decided:
        arrays = [arrow.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
        waiting.append(arrow.RecordBatch.from_arrays(arrays, schema=schema))
        count += len(columns[0])
        while count >= _ROW_GROUP:
            table = arrow.Table.from_batches(waiting, schema)
            yield table.slice(0, _ROW_GROUP)
            rest = table.slice(_ROW_GROUP)
            waiting, count = rest.to_batches(), rest.num_rows
    if count:
        yield arrow.Table.from_batches(waiting, schema)


def cores() -> int:
    """How many processes this machine runs at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
