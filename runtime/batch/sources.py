"""Files of tables → relations of DuckDB with the names of the rulebook, their values as they are.

Parquet is read where it stands. CSV and workbooks are read once, every value as text, into tables
that DuckDB keeps within its memory limit. What a value means is decided in `converting`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as MappingType
from pathlib import Path
from typing import Any, Final

import attrs

from luling.compiler.diagnostics.entry import Both

from .columns import CASE_ID, CASES, ROW, FactTable
from .mapping import LEFT_ASIDE, Mapping
from .problems import TableError, first, named, needed
from .workbook import sheet_names, sheet_rows, sheet_title

PARQUET, CSV, WORKBOOK = ".parquet", ".csv", ".xlsx"
SUFFIXES: Final = (PARQUET, CSV, WORKBOOK)
_ROW_NUMBER = "file_row_number"  # of DuckDB's reader of Parquet


@attrs.frozen
class Sources:
    """Where the tables are: the cases, lists by name, and what they call things."""

    cases: Path
    lists: MappingType[str, Path] = attrs.field(factory=dict)
    find_lists: bool = True
    mapping: Mapping = attrs.field(factory=Mapping)


@attrs.frozen
class Located:
    """A table's file, the sheet of a workbook, and whether it was found, not named."""

    path: Path
    sheet: str | None = None
    found: bool = False


@attrs.frozen
class RawColumn:
    """A column as its file has it: its own name there, its type, whether it holds texts to read."""

    source: str
    sql: str
    as_text: bool


@attrs.frozen(slots=False)
class RawTable:
    """A table as a relation of DuckDB: columns by the names of the rulebook, and what is left."""

    table: FactTable
    located: Located
    columns: dict[str, RawColumn]
    extra: tuple[str, ...]

    @property
    def relation(self) -> str:
        """The relation, quoted."""
        return raw_relation(self.table.name)


def raw_relation(table: str) -> str:
    """What holds the values of a table as they are in its file."""
    return quoted(f"原·{table}")


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def locate(sources: Sources, tables: tuple[FactTable, ...]) -> dict[str, Located]:
    """The file of each table there is one for. Raises `TableError` for one that is not there."""
    lists = {table.name for table in tables if table.is_list}
    problems = [_no_list(name, lists) for name in sources.lists if name not in lists]
    for path in (sources.cases, *sources.lists.values()):
        problems += _unreadable(path)
    if problems:
        raise TableError(*problems)
    located = {CASES: Located(sources.cases, _cases_sheet(sources.cases))}
    for name in lists:
        if name in sources.lists:
            path = sources.lists[name]
            located[name] = Located(path, _list_sheet(path, name))
        elif sources.find_lists and (beside := _beside(sources.cases, name)):
            located[name] = beside
    return located


def _no_list(name: str, lists: Iterable[str]) -> Both:
    known = "、".join(sorted(lists))
    return Both(
        f"规则书没有列表「{name}」" + (f"；有：{known}。" if known else "。"),
        f"the rulebook has no list 「{name}」" + (f"; it has: {known}." if known else "."),
    )


def _unreadable(path: Path) -> list[Both]:
    if not path.is_file():
        return [Both(f"没有文件「{path}」。", f"no file 「{path}」.")]
    if path.suffix.lower() not in SUFFIXES:
        kinds = "、".join(SUFFIXES)
        return [Both(f"「{path}」不是表格：要 {kinds}。", f"「{path}」 is none of {kinds}.")]
    return []


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() == WORKBOOK


def _cases_sheet(path: Path) -> str | None:
    if not _is_workbook(path):
        return None
    names = sheet_names(path)
    return CASES if CASES in names else names[0]


def _list_sheet(path: Path, name: str) -> str | None:
    if not _is_workbook(path):
        return None
    names = sheet_names(path)
    return sheet_title(name) if sheet_title(name) in names else names[0]


def _beside(cases: Path, name: str) -> Located | None:
    """The sheet of the same workbook, or the file of the same folder, that is named like a list."""
    title = sheet_title(name)
    if _is_workbook(cases) and title in sheet_names(cases)[1:]:
        return Located(cases, title, found=True)
    for suffix in dict.fromkeys((cases.suffix, *SUFFIXES)):
        path = cases.with_name(name + suffix)
        if path.is_file() and path != cases:
            return Located(path, _list_sheet(path, name), found=True)
    return None


def headers(con: Any, sources: Sources, tables: tuple[FactTable, ...]) -> tuple[str, ...]:
    """What the table of the cases calls its columns."""
    return tuple(_open(con, locate(sources, tables)[CASES]).columns)


# --- attaching


def attach(
    con: Any, table: FactTable, located: Located, mapping: Mapping, more: frozenset[str]
) -> RawTable:
    """A table of a file as the relation `RawTable.relation`; it may have `more` columns."""
    opening = _open(con, located)
    renamed = mapping.renamed(table.name)
    names = _names(table, located, opening.columns, renamed, more)
    parts = [f"{opening.row} AS {quoted(ROW)}"]
    columns = {}
    for name, source in names.items():
        values = mapping.values.get(table.path(name))
        kind = "VARCHAR" if values else opening.columns[source]
        columns[name] = RawColumn(source, kind, opening.as_text or bool(values))
        parts.append(f"{_meant(source, values)} AS {quoted(name)}")
    aside = {source for source, name in renamed.items() if name == LEFT_ASIDE}
    extra = tuple(c for c in opening.columns if c not in {*names.values(), *aside})
    raw = RawTable(table, located, columns, extra)
    kind = "TABLE" if opening.as_text else "VIEW"
    try:
        con.execute(
            f"CREATE {kind} {raw.relation} AS SELECT {', '.join(parts)} FROM {opening.relation}"
        )
    except needed("duckdb").Error as error:
        raise _broken(located.path, error) from None
    return raw


@attrs.frozen
class _Opening:
    """What reads a file: a relation, its columns with their types, the number of a row."""

    relation: str
    columns: MappingType[str, str]
    row: str
    as_text: bool


def _open(con: Any, located: Located) -> _Opening:
    match located.path.suffix.lower():
        case ".parquet":
            return _parquet(con, located.path)
        case ".csv":
            return _csv(located.path)
        case _:
            return _sheet(con, located)


def _parquet(con: Any, path: Path) -> _Opening:
    relation = f"read_parquet({literal(str(path))}, file_row_number = true)"
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except needed("duckdb").Error as error:
        raise _broken(path, error) from None
    columns = {name: kind for name, kind, *_ in described if name != _ROW_NUMBER}
    return _Opening(relation, columns, _ROW_NUMBER, False)


def _csv(path: Path) -> _Opening:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = named(next(csv.reader(file), []))
    except UnicodeDecodeError:
        raise TableError(_not_utf8(path)) from None
    except (OSError, csv.Error) as error:
        raise _broken(path, error) from None
    _distinct(header, path)
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header)
    relation = (
        f"read_csv({literal(str(path))}, columns = {{{columns}}}, auto_detect = false, "
        "header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '')"
    )
    return _Opening(relation, dict.fromkeys(header, "VARCHAR"), "row_number() OVER ()", True)


def _sheet(con: Any, located: Located) -> _Opening:
    header, rows = sheet_rows(located.path, located.sheet or "")
    _distinct(header, located.path)
    arrow = needed("pyarrow")
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    made = arrow.table(
        {
            name: arrow.array(values, arrow.string())
            for name, values in zip(header, columns, strict=True)
        }
    )
    relation = f"读·{located.path}·{located.sheet}"
    con.register(relation, made)
    kinds = dict.fromkeys(header, "VARCHAR")
    return _Opening(quoted(relation), kinds, "row_number() OVER ()", True)


def _broken(path: Path, error: Exception) -> TableError:
    said = "；".join(line.strip()[:100] for line in str(error).splitlines()[:3] if line.strip())
    if "utf-8" in said.lower() or "unicode" in said.lower():
        return TableError(_not_utf8(path))
    return TableError(Both(f"读不出「{path}」：{said}", f"cannot read 「{path}」: {said}"))


def _not_utf8(path: Path) -> Both:
    return Both(
        f"「{path}」不是 UTF-8 编码；请在 Excel 里另存为“CSV UTF-8”。",
        f"「{path}」 is not UTF-8; in Excel save it as 「CSV UTF-8」.",
    )


def _distinct(header: list[str], path: Path) -> None:
    twice = first(name for name, count in Counter(header).items() if count > 1)
    if not header:
        raise TableError(Both(f"「{path}」是空的。", f"「{path}」 is empty."))
    if twice:
        raise TableError(
            Both(f"「{path}」里有同名的列：{twice}。", f"「{path}」 has columns twice: {twice}.")
        )


# --- names and values


def _names(
    table: FactTable,
    located: Located,
    found: MappingType[str, str],
    renamed: MappingType[str, str],
    more: frozenset[str],
) -> dict[str, str]:
    """The columns a table has of those it may have, with what each is called in its file."""
    gone = first(name for name in renamed if name not in found)
    if gone:
        raise TableError(
            Both(
                f"映射文件里的列在「{located.path}」中没有：{gone}。",
                f"「{located.path}」 lacks columns of the mapping: {gone}.",
            )
        )
    names: dict[str, str] = {}
    known = {CASE_ID, *more, *(c.name for c in table.columns)}
    known |= {c.companion for c in table.columns if c.nullable}
    for source in found:
        name = renamed.get(source, source)
        if name in names:
            both = first([names[name], source])
            raise TableError(
                Both(
                    f"「{located.path}」里有两列都是「{name}」：{both}。",
                    f"two columns of 「{located.path}」 are 「{name}」: {both}.",
                )
            )
        if name in known:
            names[name] = source
    return names


def _meant(source: str, values: MappingType[str, str] | None) -> str:
    """A column with its values as the rulebook calls them; one that means nothing is none."""
    if not values:
        return quoted(source)
    text = f"CAST({quoted(source)} AS VARCHAR)"
    cases = " ".join(
        f"WHEN {literal(value)} THEN {literal(meant) if meant else 'NULL'}"
        for value, meant in values.items()
    )
    return f"CASE {text} {cases} ELSE {text} END"
