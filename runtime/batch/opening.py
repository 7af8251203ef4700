"""Tables, opened and checked: what is refused before work starts, and what is only reported.

After `open_tables` the connection holds, for each table there is, the relation of its values as
they are (`RawTable.relation`) and a view under its own name with the contract's names and types.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.diagnostics.near import near_names
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rulebook

from .columns import CASE_ID, CASES, UNKNOWN, FactColumn, FactTable, fact_tables
from .converting import Converted, converted, fits
from .problems import TableError, first
from .sources import RawColumn, RawTable, Sources, attach, literal, locate, quoted

_NEAR: Final = 0.7  # how alike a stray column and a missing fact are that are taken for a slip
_WHOLE_COLUMN: Final = 20  # so many texts, none of which can be read, are a column of another type
_IDS: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER",
               "VARCHAR")  # fmt: skip
_WHOLE_NUMBER = "-?(0|[1-9][0-9]{0,17})"
_SHOWN: Final = 5


@attrs.frozen
class Note:
    """Something to be told of the tables; a `finding` where values of them are at fault."""

    text: Both
    finding: bool = False


@attrs.frozen(slots=False)
class Tables:
    """The tables of one run, open on a connection."""

    con: Any
    all: tuple[FactTable, ...]
    raw: dict[str, RawTable]
    id_type: str
    rows: int
    rising: bool  # whether each 案件编号 is greater than the one before
    left_out: dict[str, dict[str, str]]  # table → column → what holds of values it does not hold
    notes: tuple[Note, ...]

    @property
    def columns(self) -> frozenset[str]:
        """The facts that have a column or a table, companion columns included."""
        return frozenset(
            path
            for raw in self.raw.values()
            for path in (
                *((raw.table.name,) if raw.table.is_list else ()),
                *(raw.table.path(name) for name in raw.columns if name != CASE_ID),
            )
        )

    def own_id(self, table: str) -> str:
        """The 案件编号 of a raw relation, in the type it has in the table of the cases."""
        return _id(self.raw[table], self.id_type)


def open_tables(con: Any, rulebook: Rulebook, sources: Sources) -> Tables:
    """The tables, checked. Raises `TableError` with all that is refused."""
    tables = fact_tables(rulebook)
    located = locate(sources, tables)
    unknown_lists = frozenset(table.name + UNKNOWN for table in tables if table.is_list)
    raw = {}
    for table in tables:
        if table.name in located:
            more = unknown_lists if table.name == CASES else frozenset[str]()
            place = located[table.name]
            raw[table.name] = attach(con, table, place, sources.mapping, more)
    problems = [problem for one in raw.values() for problem in _columns_refused(con, one)]
    id_type, rows, rising = _ids(con, raw[CASES], problems)
    if problems:
        raise TableError(*problems)
    left_out = {name: dict(_view(con, one, id_type, unknown_lists)) for name, one in raw.items()}
    for table in tables:
        if table.name not in raw:
            _empty_view(con, table, id_type)
    notes = tuple(_notes(tables, raw))
    return Tables(con, tables, raw, id_type, rows, rising, left_out, notes)


# --- columns


def _columns_refused(con: Any, raw: RawTable) -> Iterator[Both]:
    file = str(raw.located.path)
    if CASE_ID not in raw.columns:
        near = first(near_names(CASE_ID, raw.extra, 1, 0.5)) or first(raw.extra)
        yield Both(
            f"「{file}」没有列「{CASE_ID}」；有 {near or '无'}。",
            f"「{file}」 has no column 「{CASE_ID}」; it has {near or 'none'}.",
        )
    elif not raw.columns[CASE_ID].as_text and raw.columns[CASE_ID].sql not in _IDS:
        kind = raw.columns[CASE_ID].sql
        yield Both(
            f"「{file}」的列「{CASE_ID}」应为 BIGINT 或 VARCHAR，文件里是 {kind}。",
            f"column 「{CASE_ID}」 of 「{file}」 must be BIGINT or VARCHAR; it is {kind}.",
        )
    yield from _near_columns(raw)
    for column in raw.table.columns:
        for name, wanted in ((column.name, column.sql), (column.companion, "BOOLEAN")):
            if name in raw.columns and not _is_empty(con, raw, name):
                yield from _wrong_type(con, raw, column, name, wanted)


def _near_columns(raw: RawTable) -> Iterator[Both]:
    missing = [c.name for c in raw.table.columns if c.name not in raw.columns]
    for extra in raw.extra:
        plain = extra.replace(" ", "").replace("\u3000", "")
        near = near_names(plain, missing, 1, 0.5 if len(plain) <= 2 else _NEAR)
        if near:
            path = raw.table.path(near[0])
            yield Both(
                f"「{raw.located.path}」的列「{extra}」不是事实，而事实「{path}」没有列；是否写错？"
                f'（不是的话，在映射文件里写 "{extra}" = ""。）',
                f"column 「{extra}」 of 「{raw.located.path}」 is no fact, and fact 「{path}」 has "
                f'no column; a slip? (If not, write "{extra}" = "" in a mapping file.)',
            )


def _is_empty(con: Any, raw: RawTable, name: str) -> bool:
    """Whether a column of another type than it should be holds no value at all."""
    column = next((c for c in raw.table.columns if c.name == name), None)
    own = raw.columns[name]
    if column is None or fits(column, own):
        return False
    return not con.execute(
        f"SELECT 1 FROM {raw.relation} WHERE {quoted(name)} IS NOT NULL LIMIT 1"
    ).fetchall()


def _wrong_type(
    con: Any, raw: RawTable, column: FactColumn, name: str, wanted: str
) -> Iterator[Both]:
    own = raw.columns[name]
    right = fits(column, own) if name == column.name else own.as_text or own.sql == "BOOLEAN"
    value = quoted(name)
    unread = f"{value} IS NOT NULL"
    kind = own.sql
    if right:
        if not own.as_text or column.is_text or name != column.name:
            return
        lost = converted(column, own).left_out or "false"
        count, bad = _fetch(
            con, f"SELECT count({value}), count(*) FILTER (WHERE {lost}) FROM {raw.relation}"
        )
        if count < _WHOLE_COLUMN or bad < count:
            return
        kind = "VARCHAR"
    (count,) = _fetch(con, f"SELECT count({value}) FROM {raw.relation}")
    shown = con.execute(
        f"SELECT CAST({value} AS VARCHAR) FROM {raw.relation} WHERE {unread} LIMIT {_SHOWN}"
    ).fetchall()
    examples = first(v for (v,) in shown)
    yield Both(
        f"「{raw.located.path}」的列「{own.source}」应为 {wanted}，文件里是 {kind}："
        f"{count} 个值，如 {examples}。",
        f"column 「{own.source}」 of 「{raw.located.path}」 must be {wanted}; it is {kind}: "
        f"{count} values such as {examples}.",
    )


def _fetch(con: Any, query: str) -> tuple[Any, ...]:
    found: tuple[Any, ...] = con.execute(query).fetchall()[0]
    return found


# --- 案件编号


def _id_type(con: Any, raw: RawTable) -> str:
    own = raw.columns[CASE_ID]
    if not own.as_text:
        return "VARCHAR" if own.sql == "VARCHAR" else "BIGINT"
    (whole,) = _fetch(
        con,
        f"SELECT coalesce(bool_and(regexp_full_match({quoted(CASE_ID)}, '{_WHOLE_NUMBER}')), "
        f"false) FROM {raw.relation}",
    )
    return "BIGINT" if whole else "VARCHAR"


def _id(raw: RawTable, id_type: str) -> str:
    own, name = raw.columns[CASE_ID], quoted(CASE_ID)
    if own.sql == id_type:
        return name
    return f"{'CAST' if id_type == 'VARCHAR' else 'TRY_CAST'}({name} AS {id_type})"


def _ids(con: Any, raw: RawTable, problems: list[Both]) -> tuple[str, int, bool]:
    """The type of 案件编号, how many cases there are, and whether their numbers rise; adds to the
    problems where it is NULL or stands twice.
    """
    own = raw.columns.get(CASE_ID)
    if own is None or not (own.as_text or own.sql in _IDS):
        return "BIGINT", 0, False  # that is a problem already
    id_type = _id_type(con, raw)
    name = _id(raw, id_type)
    # rows in rising order are told apart in one pass; only others have to be grouped
    rows, ids, rising = _fetch(
        con,
        f"SELECT count(*), count(id), coalesce(bool_and(before IS NULL OR before < id), true) FROM "
        f"(SELECT {name} AS id, lag({name}) OVER () AS before FROM {raw.relation})",
    )
    if ids < rows:
        problems.append(_no_ids(con, raw, rows - ids))
    if not rising or ids < rows:
        problems += _repeated_ids(con, raw)
    return id_type, int(rows), bool(rising)


def _no_ids(con: Any, raw: RawTable, count: int) -> Both:
    places = con.execute(
        f"SELECT n FROM (SELECT row_number() OVER () AS n, {quoted(CASE_ID)} AS id "
        f"FROM {raw.relation}) WHERE id IS NULL LIMIT {_SHOWN}"
    ).fetchall()
    shown = "、".join(str(place) for (place,) in places)
    return Both(
        f"「{raw.located.path}」有 {count} 行没有{CASE_ID}：第 {shown} 行。",
        f"「{raw.located.path}」 has {count} rows without {CASE_ID}: rows {shown}.",
    )


def _repeated_ids(con: Any, raw: RawTable) -> Iterator[Both]:
    name = quoted(CASE_ID)
    grouped = (
        f"SELECT {name} AS id, count(*) AS n FROM {raw.relation} WHERE {name} IS NOT NULL "
        f"GROUP BY {name} HAVING count(*) > 1"
    )
    found = con.execute(
        f"SELECT id, n, count(*) OVER () FROM ({grouped}) ORDER BY id LIMIT {_SHOWN}"
    ).fetchall()
    if found:
        count, shown = found[0][2], first(id_ for id_, _, _ in found)
        yield Both(
            f"「{raw.located.path}」有 {count} 个{CASE_ID}重复：{shown}。",
            f"{count} of {CASE_ID} stand more than once in 「{raw.located.path}」: {shown}.",
        )


# --- views in the contract's types


def _view(
    con: Any, raw: RawTable, id_type: str, unknown_lists: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Makes the view of a table; yields what holds of the values of a column that it leaves out."""
    parts = [f"{_id(raw, id_type)} AS {quoted(CASE_ID)}"]
    for column in raw.table.columns:
        own = raw.columns.get(column.name)
        made = converted(column, own) if own and fits(column, own) else _nothing(column)
        parts.append(f"{made.value} AS {quoted(column.name)}")
        if made.left_out:
            yield column.name, made.left_out
        if own := raw.columns.get(column.companion):
            parts.append(f"{truth(column.companion, own)} AS {quoted(column.companion)}")
    if not raw.table.is_list:
        lists = (name for name in raw.columns if name in unknown_lists)
        parts += [f"{truth(name, raw.columns[name])} AS {quoted(name)}" for name in lists]
    name, whole = raw.table.name, whole_view(raw.table.name)
    con.execute(f"CREATE VIEW {whole} AS SELECT {', '.join(parts)} FROM {raw.relation}")
    con.execute(f"CREATE VIEW {quoted(name)} AS SELECT * FROM {whole}")


def _empty_view(con: Any, table: FactTable, id_type: str) -> None:
    """Stands for a table that is not there: a query may name its columns."""
    parts = [f"CAST(NULL AS {id_type}) AS {quoted(CASE_ID)}"]
    parts += [f"{_nothing(column).value} AS {quoted(column.name)}" for column in table.columns]
    con.execute(f"CREATE VIEW {quoted(table.name)} AS SELECT {', '.join(parts)} WHERE false")


def whole_view(table: str) -> str:
    """The view of all rows of a table, where the one under its name is narrowed."""
    return quoted(f"全·{table}")


def _nothing(column: FactColumn) -> Converted:
    return Converted(f"CAST(NULL AS {column.sql})", None)


def truth(name: str, raw: RawColumn) -> str:
    """A companion column as BOOLEAN."""
    if not raw.as_text:
        return quoted(name)
    return f"(lower({quoted(name)}) IN ({', '.join(map(literal, TRUE))}))"


TRUE: Final = ("true", "t", "1", "是")


# --- what is only reported


def _notes(tables: tuple[FactTable, ...], raw: dict[str, RawTable]) -> Iterator[Note]:
    for table in tables:
        own = raw.get(table.name)
        if own is None:
            yield Note(
                Both(
                    f"列表「{table.name}」没有表：每一行都当作未知。",
                    f"no table of list 「{table.name}」: unknown in every row.",
                )
            )
            continue
        if own.located.found:
            sheet = f"（{own.located.sheet}）" if own.located.sheet else ""
            yield Note(
                Both(
                    f"列表「{table.name}」取自「{own.located.path}」{sheet}。",
                    f"list 「{table.name}」 is taken from 「{own.located.path}」{sheet}.",
                )
            )
        missing = [c.name for c in table.columns if c.name not in own.columns]
        if missing:
            yield Note(
                Both(
                    f"「{own.located.path}」有 {len(missing)} 个事实没有列，每一行都当作未知："
                    f"{first(table.path(name) for name in missing)}。",
                    f"{len(missing)} facts have no column in 「{own.located.path}」 and are "
                    f"unknown in every row: {first(table.path(name) for name in missing)}.",
                )
            )
        if own.extra:
            yield Note(
                Both(
                    f"「{own.located.path}」有 {len(own.extra)} 列不是事实，不用："
                    f"{first(own.extra)}。",
                    f"{len(own.extra)} columns of 「{own.located.path}」 are no facts and not "
                    f"used: {first(own.extra)}.",
                )
            )


def values_at_fault(tables: Tables, among: str | None) -> Iterator[Note]:
    """What values are at fault, with counts and first examples; `among`: only in these cases."""
    for name, raw in tables.raw.items():
        asked = [
            (column, condition)
            for column in raw.table.columns
            if (condition := _fault(tables, name, column)) is not None
        ]
        if not asked:
            continue
        only = f" WHERE {tables.own_id(name)} IN ({among})" if among else ""
        counts = _fetch(
            tables.con,
            "SELECT "
            + ", ".join(f"count(*) FILTER (WHERE {condition})" for _, condition in asked)
            + f" FROM {raw.relation}{only}",
        )
        for (column, condition), count in zip(asked, counts, strict=True):
            if count:
                yield _at_fault(tables.con, raw, column, condition, count)


def _fault(tables: Tables, table: str, column: FactColumn) -> str | None:
    """What holds of a value that cannot be read or that is no member."""
    raw = tables.raw[table].columns.get(column.name)
    if raw is None:
        return None
    if isinstance(column.type, t.Enum):
        members = ", ".join(map(literal, column.type.members))
        return f"CAST({quoted(column.name)} AS VARCHAR) NOT IN ({members})"
    return tables.left_out[table].get(column.name)


def _at_fault(con: Any, raw: RawTable, column: FactColumn, condition: str, count: int) -> Note:
    found = con.execute(
        f"SELECT DISTINCT CAST({quoted(column.name)} AS VARCHAR) AS v FROM {raw.relation} "
        f"WHERE {condition} ORDER BY v LIMIT {_SHOWN + 1}"
    ).fetchall()
    path, shown = raw.table.path(column.name), first(v for (v,) in found)
    if isinstance(column.type, t.Enum):
        text = Both(
            f"{path} 有 {count} 个值不在枚举之内：{shown}。",
            f"{path} has {count} values that are no members: {shown}.",
        )
    else:
        text = Both(
            f"{path} 有 {count} 个值读不成{t.show(column.type)}：{shown}。",
            f"{path} has {count} values that are no {t.show(column.type)}: {shown}.",
        )
    return Note(text, finding=True)


def orphans(tables: Tables) -> Iterator[Note]:
    """List rows whose 案件编号 is in no case."""
    for name, raw in tables.raw.items():
        if not raw.table.is_list:
            continue
        id_ = tables.own_id(name)
        beyond = (
            f"FROM {raw.relation} ANTI JOIN (SELECT {quoted(CASE_ID)} AS case_id FROM "
            f"{whole_view(CASES)}) ON {id_} = case_id"
        )
        (count,) = _fetch(tables.con, f"SELECT count(*) {beyond}")
        if count:
            found = tables.con.execute(
                f"SELECT DISTINCT CAST({quoted(CASE_ID)} AS VARCHAR) AS v {beyond} "
                f"ORDER BY v NULLS FIRST LIMIT {_SHOWN + 1}"
            ).fetchall()
            shown = first("" if v is None else v for (v,) in found)
            yield Note(
                Both(
                    f"列表「{name}」有 {count} 行的{CASE_ID}不在案件里，不用：{shown}。",
                    f"{count} rows of list 「{name}」 belong to no case and are not used: {shown}.",
                ),
                finding=True,
            )
