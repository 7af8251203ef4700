"""Workbooks (.xlsx): a sheet as texts, as a CSV file would hold them; results as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from luling.compiler.diagnostics.entry import Both

from .problems import TableError, first, named, needed

_LONGEST_TITLE = 31


def sheet_title(table: str) -> str:
    """What the sheet of a table is called: Excel allows so many characters."""
    return table[:_LONGEST_TITLE]


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook."""
    with _opened(path, values=True) as book:
        return list(book.sheetnames)


def sheet_rows(path: Path, sheet: str) -> tuple[list[str], list[tuple[str | None, ...]]]:
    """The names in the first row of a sheet and the rows below as texts, empty ones left out."""
    with _opened(path, values=True) as values, _opened(path, values=False) as formulas:
        rows = values[sheet].iter_rows(values_only=True)
        header = _header(next(rows, ()))
        beside = formulas[sheet].iter_rows()
        next(beside, None)
        found, uncounted = [], list[str]()
        for row, cells in zip(rows, beside, strict=False):
            wide = (*row, *[None] * len(header))[: len(header)]
            uncounted += _uncounted(wide, cells)
            if any(value is not None for value in wide):
                found.append(tuple(_text(value) for value in wide))
    if uncounted:
        raise TableError(_no_values(path, uncounted))
    return header, found


@contextmanager
def _opened(path: Path, *, values: bool) -> Iterator[Any]:
    """A workbook. A file that is none fails in many ways, some of them not before it is read."""
    openpyxl = needed("openpyxl")
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=values)
        try:
            yield book
        finally:
            book.close()
    except TableError:
        raise
    except Exception as error:
        raise TableError(
            Both(f"读不出工作簿「{path}」：{error}", f"cannot read workbook 「{path}」: {error}")
        ) from None


def _header(row: Iterable[Any]) -> list[str]:
    names = [str(value).strip() if value is not None else "" for value in row]
    while names and not names[-1]:
        names.pop()
    return named(names)


def _uncounted(row: tuple[Any, ...], cells: Iterable[Any]) -> Iterator[str]:
    """The cells whose formula no program has worked out: they look empty and are not."""
    for value, cell in zip(row, cells, strict=False):
        if value is None and cell.value is not None:
            yield cell.coordinate


def _no_values(path: Path, cells: list[str]) -> Both:
    return Both(
        f"「{path}」有 {len(cells)} 个公式没有算出的值：{first(cells)}。请在 Excel 里打开并保存。",
        f"「{path}」 has {len(cells)} formulas without a value: {first(cells)}. "
        "Open and save it in Excel.",
    )


def _text(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case float():
            # Excel keeps 15 digits and shows them; what a binary float has beyond is not meant
            return format(Decimal(f"{value:.15g}"), "f")
        case date() | datetime():
            return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
        case _:
            return str(value) if str(value) else None
