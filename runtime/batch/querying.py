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
from .opening import Tables, truth, whole_view
from .problems import TableError, first
from .sources import quoted

Dialect = Literal["duckdb", "spark", "postgres"]
ODD: Final = quoted("·逐行")  # the cases that are decided one by one
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
    """The statements of a rulebook for a database, as one text. Raises `TableError` where there
    are none.
    """
    made = script(engine.rulebook, engine.chosen, columns, dialect)
    if made.unsupported:
        shown = in_words(made.unsupported)
        zh, en = f"规则书有 SQL 说不出的部分：{shown.zh}。", f"SQL cannot say it all: {shown.en}."
        raise TableError(Both(zh, en))
    book = engine.rulebook
    parts = [
        " ".join(filter(None, ("--", book.title, book.document, book.version))),
        "-- 一、准备（临时表，每次连接一次）",
        *(f"{statement};" for statement in made.setup),
        "-- 二、缺事实或有误的行的案件编号；这些行要逐行判定，不能用下面的查询",
        f"{made.check};",
        "-- 三、其余各行的结果",
        f"{made.decide};",
    ]
    return "\n\n".join(parts) + "\n"


def all_columns(rulebook: Rulebook) -> frozenset[str]:
    """The columns and lists of tables that leave no fact out."""
    tables = fact_tables(rulebook)
    lists = [table.name for table in tables if table.is_list]
    return frozenset((*lists, *(t.path(c.name) for t in tables for c in t.columns)))


def find_odd(tables: Tables, statements: Script) -> int:
    """Makes the relation `ODD`; how many rows are in it."""
    for statement in statements.setup:
        tables.con.execute(statement)
    parts = [statements.check, *_left_out(tables), *_unknown_lists(tables)]
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


def _unknown_lists(tables: Tables) -> Iterator[str]:
    """The cases of which a list that has a table is unknown all the same."""
    raw = tables.raw[CASES]
    for table in tables.all:
        name = table.name + UNKNOWN
        if table.is_list and table.name in tables.raw and name in raw.columns:
            yield (
                f"SELECT {tables.own_id(CASES)} AS {quoted(CASE_ID)} FROM {raw.relation} "
                f"WHERE {truth(name, raw.columns[name])}"
            )


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
