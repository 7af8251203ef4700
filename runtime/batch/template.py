"""An empty workbook for the cases of a rulebook: headers, drop-downs, formats and notes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

import attrs

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.ir.values import FIRST_DATE, LAST_DATE, to_json

from .columns import CASE_ID, CASES, UNKNOWN, FactColumn, FactTable, fact_tables
from .problems import needed
from .workbook import sheet_title
from .writing import CREATED

NOTES: Final = "说明"
CHOICES: Final = "选项"
_ROWS: Final = 5_000  # so many rows are ready to be filled in
_LONGEST_LIST: Final = 250  # characters of a drop-down that is written into the cell itself
_TITLE, _MESSAGE = 32, 255  # characters of a hint beside a cell
_TEXT, _DAY = "@", "yyyy-mm-dd"
_HEADINGS = ("表", "列", "类型", "可以填", "空着表示", "说明")


@attrs.frozen
class _Look:
    """The formats of a workbook."""

    head: Any
    text: Any
    day: Any
    wrap: Any


class _Choices:
    """A hidden sheet for drop-downs that are too long for a cell."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._sheet: Any = None
        self._ranges: dict[tuple[str, ...], str] = {}

    def source(self, choices: tuple[str, ...]) -> Any:
        """What a drop-down takes its choices from."""
        if sum(len(choice) + 1 for choice in choices) <= _LONGEST_LIST:
            return list(choices)
        if choices not in self._ranges:
            if self._sheet is None:
                self._sheet = self._book.add_worksheet(CHOICES)
                self._sheet.hide()
            place = len(self._ranges)
            self._sheet.write_column(0, place, choices)
            letter = needed("xlsxwriter.utility").xl_col_to_name(place)
            end = len(choices)
            self._ranges[choices] = f"='{CHOICES}'!${letter}$1:${letter}${end}"
        return self._ranges[choices]


def write_template(rulebook: Rulebook, out: Path) -> None:
    """Writes the workbook. The same rulebook gives the same bytes."""
    book = needed("xlsxwriter").Workbook(str(out))
    book.set_properties({"title": f"{rulebook.title}：申请表", "created": CREATED})
    look = _Look(
        book.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1}),
        book.add_format({"num_format": _TEXT}),
        book.add_format({"num_format": _DAY}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    tables = fact_tables(rulebook)
    sheets = [book.add_worksheet(sheet_title(table.name)) for table in tables]
    notes = book.add_worksheet(NOTES)
    choices = _Choices(book)
    for table, sheet in zip(tables, sheets, strict=True):
        _fill(table, sheet, look, choices)
    _explain(rulebook, tables, notes, look)
    book.close()


def _fill(table: FactTable, sheet: Any, look: _Look, choices: _Choices) -> None:
    """The header of a sheet, and what may stand below each name."""
    sheet.freeze_panes(1, 1)
    sheet.write_string(0, 0, CASE_ID, look.head)
    sheet.write_comment(0, 0, _of_the_id(table))
    sheet.set_column(0, 0, 14, look.text)
    for place, column in enumerate(table.columns, 1):
        sheet.write_string(0, place, column.name, look.head)
        sheet.write_comment(0, place, _comment(column), {"x_scale": 2})
        form = {"DATE": look.day, "VARCHAR": look.text}.get(column.sql)
        sheet.set_column(place, place, max(12, 2 * len(column.name) + 2), form)
        sheet.data_validation(1, place, _ROWS, place, _validation(column, choices))


def _of_the_id(table: FactTable) -> str:
    if table.is_list:
        return f"这一项属于哪个案件：表“{CASES}”里的{CASE_ID}。一个案件有几项就写几行。"
    return "每个案件一个编号，不能重复，不能空着。"


def _comment(column: FactColumn) -> str:
    question = column.field.question
    return "\n".join(([question] if question else []) + [f"{_type(column)}；{_blank(column)}"])


def _type(column: FactColumn) -> str:
    return "枚举" if isinstance(column.type, t.Enum) else t.show(column.type)


def _blank(column: FactColumn) -> str:
    return "空着表示没有" if column.nullable else "空着表示不知道"


def _allowed(column: FactColumn) -> tuple[str, ...]:
    """The values a cell may hold, where they are few."""
    if column.type == t.BOOL:
        return ("是", "否")
    if column.field.allowed:
        return tuple(str(to_json(value, column.type)) for value in column.field.allowed)
    return column.type.members if isinstance(column.type, t.Enum) else ()


def _validation(column: FactColumn, choices: _Choices) -> dict[str, Any]:
    question = column.field.question or ""
    hint = {
        "ignore_blank": True,
        "input_title": column.name[:_TITLE],
        "input_message": f"{question}{_blank(column)}。"[:_MESSAGE],
    }
    allowed = _allowed(column)
    if allowed:
        shown = "、".join(allowed)
        wrong = {"error_title": column.name[:_TITLE], "error_message": f"要填：{shown}"[:_MESSAGE]}
        return {"validate": "list", "source": choices.source(allowed), **hint, **wrong}
    match column.type:
        case t.DATE:
            days = {"minimum": _midnight(FIRST_DATE), "maximum": _midnight(LAST_DATE)}
            message = {"error_message": "要填日期，如 2025-05-01。"}
            return {"validate": "date", "criteria": "between", **days, **hint, **message}
        case t.Number(integer=True):
            limits = {"criteria": ">=", "value": 0, "error_message": "要填整数，不能是负数。"}
            return {"validate": "integer", **limits, **hint}
        case t.Number() | t.MONEY | t.RATIO:
            limits = {"criteria": ">=", "value": 0, "error_message": "要填数，不能是负数。"}
            return {"validate": "decimal", **limits, **hint}
        case _:
            return {"validate": "any", **hint}


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time())


def _explain(rulebook: Rulebook, tables: tuple[FactTable, ...], sheet: Any, look: _Look) -> None:
    """The sheet of notes: what each column means."""
    for place, width in enumerate((12, 34, 12, 40, 12, 60)):
        sheet.set_column(place, place, width, look.wrap)
    lines = list(_lines(rulebook, tables))
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line)
    top = len(lines) + 1
    for place, name in enumerate(_HEADINGS):
        sheet.write_string(top, place, name, look.head)
    rows = (_row(table, column) for table in tables for column in table.columns)
    for number, row in enumerate(rows, top + 1):
        for place, value in enumerate(row):
            sheet.write_string(number, place, value, look.wrap)


def _lines(rulebook: Rulebook, tables: tuple[FactTable, ...]) -> Iterator[str]:
    yield " ".join(filter(None, (rulebook.title, rulebook.document, rulebook.version)))
    yield f"每个案件在表“{CASES}”里写一行，{CASE_ID}不能重复。"
    yield "填好后：luling batch 规则书 本文件 -o 结果.xlsx"
    lists = "、".join(f"“{table.name}”" for table in tables if table.is_list)
    if lists:
        yield f"{lists}一项写一行，用{CASE_ID}说明属于哪个案件；一行也没有，就是一项也没有。"
    yield (
        f"空着：可以没有的事实就是没有，其他的是不知道。可以没有而不知道有没有的，"
        f"另加一列，列名后加“{UNKNOWN}”，这一行填“是”。"
    )
    for group in rulebook.groups:
        for note in group.notes:
            yield f"{group.name}：{note}"


def _row(table: FactTable, column: FactColumn) -> tuple[str, ...]:
    allowed = "、".join(_allowed(column))
    said = column.field.question or ""
    kept = "（仅记录，不影响判定）" if column.field.record_only else ""
    meaning = "没有" if column.nullable else "不知道"
    return (table.name, column.name, _type(column), allowed, meaning, said + kept)
