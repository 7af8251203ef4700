"""What one version says of every row of a table, as a relation for a larger query.

Both versions have their look-up tables, their own odd rows and their own view of the plain ones: so
each has a schema of its own, in which the query of the version finds them under the names it uses.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.sql import Script, script

from ..batch.columns import CASE_ID, UNKNOWN, fact_tables
from ..batch.deciding import Job
from ..batch.opening import Tables, whole_view
from ..batch.querying import ODD, ODD_IDS, find_odd
from ..batch.run import Options, row_by_row, watched
from ..batch.sources import quoted
from ..decide import Engine

_ODD: Final = "·逐行"
_VIEW: Final = "·判定"


@attrs.frozen
class Side:
    """One of the two versions: the word for it in SQL, and in messages."""

    word: str
    called: Both

    def under(self, name: str) -> str:
        """A relation of its schema."""
        return f"{quoted(self.word)}.{quoted(name)}"


def judged(tables: Tables, engine: Engine, side: Side, folder: Path, options: Options) -> str:
    """A SELECT that gives the results of a version for every row, in the contract's columns.

    With the engine duckdb the plain rows are decided when it runs, if SQL says the whole rulebook;
    all others are decided here, one by one.
    """
    columns = own_columns(tables, engine.rulebook)
    job = Job.of(engine, columns, options.language)
    rows = folder / f"{side.word}.parquet"
    deciding = _both(Both("逐行判定：", "deciding row by row: "), side.called)
    if options.engine == "duckdb":
        statements = script(engine.rulebook, engine.chosen, columns, "duckdb")
        if not statements.unsupported:
            what = _both(Both("查找缺事实或有误的行：", "finding the odd rows: "), side.called)
            with watched(tables.con, what, options):
                count = find_odd(tables, statements)
            if count == 0:
                return _by_query(tables, side, statements)
            if count < tables.rows:
                others = row_by_row(tables, job, ODD_IDS, count, rows, deciding, options)
                return f"({_by_query(tables, side, statements)}) UNION ALL ({others})"
    return row_by_row(tables, job, None, tables.rows, rows, deciding, options)


def _both(one: Both, other: Both) -> Both:
    return Both(one.zh + other.zh, one.en + other.en)


def _by_query(tables: Tables, side: Side, statements: Script) -> str:
    """Puts what the query of a version reads into its schema, and the query as a view."""
    con = tables.con
    con.execute(f"CREATE SCHEMA {quoted(side.word)}")
    for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
        con.execute(f"CREATE TABLE {side.under(name)} AS FROM temp.main.{quoted(name)}")
        con.execute(f"DROP TABLE temp.main.{quoted(name)}")
    odd = side.under(_ODD)
    con.execute(f"CREATE TABLE {odd} AS FROM {ODD}")
    con.execute(f"DROP TABLE {ODD}")
    for name in tables.raw:
        con.execute(
            f"CREATE VIEW {side.under(name)} AS SELECT * FROM main.{whole_view(name)} "
            f"ANTI JOIN {odd} USING ({quoted(CASE_ID)})"
        )
    con.execute(f"CREATE VIEW {side.under(_VIEW)} AS {statements.decide}")
    return f"SELECT * FROM {side.under(_VIEW)}"


def own_columns(tables: Tables, book: Rulebook) -> frozenset[str]:
    """The columns and tables that one version reads."""
    known: set[str] = set()
    for table in fact_tables(book):
        if table.is_list:
            known |= {table.name, table.name + UNKNOWN}
        for column in table.columns:
            path = table.path(column.name)
            known |= {path, path + UNKNOWN} if column.nullable else {path}
    return tables.columns & known
