"""The table of moves: one row a case that moves or whose state changes, as Parquet, CSV or xlsx."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from luling.compiler.diagnostics.entry import Both
from luling.compiler.ir import types as t

from ..batch.columns import CASE_ID, OPEN, STATE, TEXTS, ResultColumn, result_columns
from ..batch.problems import TableError
from ..batch.sources import CSV, PARQUET, literal, quoted
from ..batch.writing import MOST_IN_A_SHEET, to_workbook
from .paired import KEY, MOVED, NEW, OLD, PAIRS
from .sides import Sides

CHANGED = "变了的结果"


def write_moves(con: Any, sides: Sides, folder: Path, out: Path) -> int:
    """Writes the moves in `folder` and moves the whole file to `out`; how many rows it has.

    Raises `TableError` where they are too many for a workbook.
    """
    columns = move_columns(sides)
    suffix = out.suffix.lower()
    (rows,) = con.execute(f"SELECT count(*) FROM {PAIRS} WHERE {_moves()}").fetchall()[0]
    if suffix not in (PARQUET, CSV) and rows > MOST_IN_A_SHEET:
        raise TableError(_too_many(rows))
    made = folder / f"moves{PARQUET}"
    con.execute(
        f"COPY (SELECT {', '.join(_selected(sides))} FROM {PAIRS} WHERE {_moves()} ORDER BY {KEY})"
        f" TO {literal(str(made))} (FORMAT parquet)"
    )
    if suffix == CSV:
        made = _as_csv(con, made, columns)
    elif suffix != PARQUET:
        to_workbook(con, made, columns, folder / "moves.xlsx")
        made = folder / "moves.xlsx"
    os.replace(made, out)
    return int(rows)


def move_columns(sides: Sides) -> tuple[ResultColumn, ...]:
    """The columns of the table of moves, but for 案件编号."""
    old, new = (
        {column.name: column for column in result_columns(engine.rulebook)}
        for engine in (sides.old, sides.new)
    )
    found = [ResultColumn(f"{side}.{STATE}", t.TEXT, "VARCHAR") for side in (OLD, NEW)]
    for name in (*new, *(name for name in old if name not in new)):
        for side, known in ((OLD, old), (NEW, new)):
            if name in known:
                one = known[name]
                found.append(ResultColumn(f"{side}.{name}", one.type, one.sql))
        if name in sides.money:
            found.append(ResultColumn(f"差.{name}", t.MONEY, "DECIMAL(18,2)"))
    found.append(ResultColumn(CHANGED, t.ListOf(t.TEXT), TEXTS))
    found += [ResultColumn(f"{side}.{OPEN}", t.ListOf(t.TEXT), TEXTS) for side in (OLD, NEW)]
    return tuple(found)


def _selected(sides: Sides) -> list[str]:
    changed = ", ".join(
        f"CASE WHEN {quoted(f'变.{name}')} THEN {literal(name)} END" for name in sides.shared
    )
    return [
        quoted(CASE_ID),
        *(
            f"list_filter([{changed}]::VARCHAR[], lambda x: x IS NOT NULL) AS {quoted(CHANGED)}"
            if column.name == CHANGED
            else quoted(column.name)
            for column in move_columns(sides)
        ),
    ]


def _moves() -> str:
    return f"{MOVED} OR {quoted(f'{OLD}.{STATE}')} <> {quoted(f'{NEW}.{STATE}')}"


def _as_csv(con: Any, made: Path, columns: tuple[ResultColumn, ...]) -> Path:
    """UTF-8, an empty cell for none, lists as JSON text."""
    replaced = ", ".join(
        f"CAST(to_json({quoted(c.name)}) AS VARCHAR) AS {quoted(c.name)}"
        for c in columns
        if c.sql == TEXTS
    )
    out = made.with_suffix(CSV)
    con.execute(
        f"COPY (SELECT * REPLACE ({replaced}) FROM read_parquet({literal(str(made))}))"
        f" TO {literal(str(out))} (FORMAT csv, HEADER true)"
    )
    return out


def _too_many(rows: int) -> Both:
    return Both(
        f"变了的有 {rows:,} 行，写不进工作簿（至多 {MOST_IN_A_SHEET:,} 行）；"
        "请写成 .parquet 或 .csv。",
        f"{rows:,} rows move, too many for a workbook (at most {MOST_IN_A_SHEET:,}); "
        "write .parquet or .csv.",
    )
