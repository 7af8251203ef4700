"""Plain rows decided by one query; before it, the rows that are not plain are found.

A row is odd where a fact that matters is unknown, a value is bad, or a value does not fit the
type of its column. Odd rows are decided one by one (`deciding`), by the same rules; then one query
writes both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from luling.compiler.diagnostics.entry import Both
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.sql import Gap, Script, script

from ..decide import Engine
from .columns import CASE_ID, CASES, ROW, UNKNOWN, fact_tables, result_types
from .opening import Tables, whole_view
from .problems import TableError, first
from .sources import quoted

Dialect = Literal["duckdb", "spark", "postgres"]
ODD: Final = quoted("·逐行")  # the cases that are decided one by one
# of a query; from there on DuckDB's propagation of statistics through the layers takes longer than
# all else, and grows faster than the query
_LONG: Final = 200_000
ODD_IDS: Final = f"SELECT {quoted(CASE_ID)} FROM {ODD}"


def written(rulebook: Rulebook, readings: Mapping[str, str], tables: Tables) -> Script:
    """The statements for these tables, in DuckDB's dialect."""
    return script(rulebook, readings, tables.columns, "duckdb")


def in_words(gaps: tuple[Gap, ...]) -> Both:
    """What no query says of a rulebook, the first few of it."""
    return Both(
        first(f"{gap.name}：{gap.why.zh}" if gap.name else gap.why.zh for gap in gaps),
        first(f"{gap.name}: {gap.why.en}" if gap.name else gap.why.en for gap in gaps),
    )


def emitted(engine: Engine, columns: frozenset[str], dialect: Dialect) -> str:
    """A rulebook as one script for a database, which says what tables it reads. Raises `TableError`
    where SQL cannot say all of it.
    """
    made = script(engine.rulebook, engine.chosen, columns, dialect, with_whole=True)
    if made.unsupported:
        shown = in_words(made.unsupported)
        zh, en = f"规则书有 SQL 说不出的部分：{shown.zh}。", f"SQL cannot say it all: {shown.en}."
        raise TableError(Both(zh, en))
    parts = ["\n".join(_header(engine.rulebook, columns, dialect))]
    parts += [f"{statement};" for statement in (*made.setup, made.whole)]
    return "\n\n".join(parts) + "\n"


_IN_DIALECT: Final[dict[Dialect, dict[str, str]]] = {
    "duckdb": {},
    "spark": {"VARCHAR": "STRING"},
    "postgres": {"VARCHAR": "TEXT"},
}


def _header(rulebook: Rulebook, columns: frozenset[str], dialect: Dialect) -> Iterator[str]:
    """What a script reads and gives, as comments."""
    yield " ".join(filter(None, ("--", rulebook.title, rulebook.document, rulebook.version)))
    yield "--"
    yield "-- 需要的表 / the tables it reads："
    lists = [table.name for table in fact_tables(rulebook) if table.is_list]
    for table in fact_tables(rulebook):
        if not table.is_list or table.name in columns:
            yield f"--   {table.name}"
            yield f"--     {CASE_ID}  BIGINT 或/or {_IN_DIALECT[dialect].get('VARCHAR', 'VARCHAR')}"
            for column in table.columns:
                kinds = ((column.name, column.sql), (column.companion, "BOOLEAN"))
                for name, kind in kinds:
                    if table.path(name) in columns:
                        yield f"--     {name}  {_IN_DIALECT[dialect].get(kind, kind)}"
            if not table.is_list:
                unknown = (f"{name}{UNKNOWN}" for name in lists)
                yield from (f"--     {name}  BOOLEAN" for name in unknown if name in columns)
    yield "-- 案件一行一个，案件编号不为空、不重复；列表一行一项。"
    yield f"-- One row a case, {CASE_ID} neither NULL nor twice; one row an item of a list."
    yield "-- 缺事实或有误的行不判定：状态和结果为 NULL，“错误”一列说明；它们用 luling batch 判定。"
    yield "-- Rows with unknown or bad facts are not decided: their 状态 and results are NULL, and"
    yield "-- 错误 says so; luling batch decides them."
    yield "-- 前几句建临时的表或视图，最后一句选出结果，每个案件一行。"
    yield "-- All statements but the last make temporary tables or views; it selects a row a case."
    if dialect == "spark":
        yield "-- 先 SET spark.sql.adaptive.enabled = false，免得每一步之后都重新优化这一长句。"
        yield "-- SET it first: else Spark plans this long query anew after every step."


def all_columns(rulebook: Rulebook) -> frozenset[str]:
    """The columns and lists of tables that leave no fact out."""
    tables = fact_tables(rulebook)
    lists = [table.name for table in tables if table.is_list]
    return frozenset((*lists, *(t.path(c.name) for t in tables for c in t.columns)))


def find_odd(tables: Tables, statements: Script) -> int:
    """Makes the relation `ODD`; how many rows are in it."""
    if len(statements.decide) > _LONG:
        tables.con.execute("SET disabled_optimizers = 'statistics_propagation'")
    for statement in statements.setup:
        tables.con.execute(statement)
    parts = [statements.check, *_left_out(tables)]
    found = " UNION ALL ".join(f"SELECT {quoted(CASE_ID)} FROM ({part})" for part in parts)
    tables.con.execute(f"CREATE TABLE {ODD} AS SELECT DISTINCT {quoted(CASE_ID)} FROM ({found})")
    return int(tables.con.execute(f"SELECT count(*) FROM {ODD}").fetchall()[0][0])


def _left_out(tables: Tables) -> Iterator[str]:
    """The cases with a value that its column, in the contract's type, does not hold."""
    for name, conditions in tables.left_out.items():
        if not conditions:
            continue
        where = " OR ".join(f"({condition})" for condition in conditions.values())
        ids = (
            f"SELECT {tables.own_id(name)} AS {quoted(CASE_ID)} FROM {tables.raw[name].relation} "
            f"WHERE {where}"
        )
        if name == CASES:
            yield ids
        else:
            id_ = quoted(CASE_ID)
            yield f"SELECT {id_} FROM {quoted(CASES)} WHERE {id_} IN ({ids})"


def keep_plain(tables: Tables) -> None:
    """Leaves in the views of the tables the rows of plain cases only."""
    for name in tables.raw:
        tables.con.execute(
            f"CREATE OR REPLACE VIEW {quoted(name)} AS SELECT * FROM {whole_view(name)} "
            f"ANTI JOIN {ODD} USING ({quoted(CASE_ID)})"
        )


def nullable(results: str, rulebook: Rulebook, id_type: str) -> str:
    """Results of which no column is known to hold no NULL.

    What is known of a column depends on the way it was made, and stands in the file: without this
    equal results would be different files.
    """
    nothing = ", ".join(
        f"CAST(NULL AS {kind})" for kind in result_types(rulebook, id_type).values()
    )
    return f"SELECT * FROM ({results}) UNION ALL SELECT {nothing} FROM range(0)"


def in_order(tables: Tables, results: str) -> str:
    """Results in the order of the cases' table.

    A query with joins gives its rows as its threads happen to finish: without an order the same
    tables would not give the same file.
    """
    if tables.rising:
        return f"SELECT * FROM ({results}) ORDER BY {quoted(CASE_ID)}"
    raw = tables.raw[CASES]
    place = f"SELECT {tables.own_id(CASES)} AS {quoted(CASE_ID)}, {quoted(ROW)} FROM {raw.relation}"
    return (
        f"SELECT * EXCLUDE ({quoted(ROW)}) FROM ({results}) "
        f"JOIN ({place}) USING ({quoted(CASE_ID)}) ORDER BY {quoted(ROW)}"
    )
