"""Results as CSV (lists as JSON text) and as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from luling.compiler.ir import types as t

from .columns import FAULTS, MISSING, OPEN, TEXTS, ResultColumn
from .problems import needed
from .sources import literal, quoted

MOST_IN_A_SHEET: Final = 100_000
_LONGEST = 32_767  # characters of a cell
CREATED = datetime(2025, 1, 1)  # noqa: DTZ001 — a fixed date, so that equal sheets are equal files


def to_csv(con: Any, results: Path, columns: Iterable[ResultColumn], out: Path) -> None:
    """Writes results as CSV: UTF-8, an empty cell for none, lists as JSON text."""
    lists = {*(c.name for c in columns if c.sql == TEXTS), MISSING, FAULTS, OPEN}
    replaced = ", ".join(
        f"CAST(to_json({quoted(name)}) AS VARCHAR) AS {quoted(name)}" for name in lists
    )
    con.execute(
        f"COPY (SELECT * REPLACE ({replaced}) FROM read_parquet({literal(str(results))})) "
        f"TO {literal(str(out))} (FORMAT csv, HEADER true)"
    )


def to_workbook(con: Any, results: Path, columns: tuple[ResultColumn, ...], out: Path) -> None:
    """Writes results as a workbook of one sheet: dates and amounts as such, lists with 、."""
    xlsxwriter = needed("xlsxwriter")
    cursor = con.execute(f"SELECT * FROM read_parquet({literal(str(results))})")
    names = [name for name, *_ in cursor.description]
    book = xlsxwriter.Workbook(str(out), {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet("结果")
    head = book.add_format({"bold": True, "bottom": 1})
    formats = _formats(book, columns)
    for place, name in enumerate(names):
        sheet.set_column(place, place, 2 * len(name) + 4)
        sheet.write_string(0, place, name, head)
    sheet.freeze_panes(1, 1)
    number = 0
    while rows := cursor.fetchmany(5_000):
        for row in rows:
            number += 1
            for place, (name, value) in enumerate(zip(names, row, strict=True)):
                _cell(sheet, number, place, value, formats.get(name))
    sheet.autofilter(0, 0, number, len(names) - 1)
    book.close()


def _formats(book: Any, columns: Iterable[ResultColumn]) -> dict[str, Any]:
    shapes = {"DATE": "yyyy-mm-dd", "DECIMAL(18,2)": "#,##0.00", "DECIMAL(9,4)": "0.####%"}
    made = {sql: book.add_format({"num_format": shape}) for sql, shape in shapes.items()}
    return {c.name: made[c.sql] for c in columns if c.sql in made and c.type != t.NOTHING}


def _cell(sheet: Any, row: int, place: int, value: Any, form: Any) -> None:
    match value:
        case None | []:
            return
        case bool():
            sheet.write_boolean(row, place, value)
        case date():
            sheet.write_datetime(row, place, value, form)
        case Decimal():
            sheet.write_number(row, place, float(value), form)  # a cell holds nothing else
        case int() if abs(value) < 10**15:
            sheet.write_number(row, place, value)
        case list():
            sheet.write_string(row, place, "、".join(map(str, value))[:_LONGEST])
        case _:
            sheet.write_string(row, place, str(value)[:_LONGEST])
