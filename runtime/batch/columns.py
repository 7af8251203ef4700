"""The columns that tables of a rulebook have: those of its facts and those of its results.

One row a case, 案件编号 and one column a fact; a list fact is a table of its own with 案件编号 and
one column a field. A result is one column of the type its values have there.
"""

from __future__ import annotations

from typing import Final, assert_never

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import FactField, FactGroup, Rulebook

from .problems import TableError

CASES: Final = "案件"
CASE_ID: Final = "案件编号"
STATE: Final = "状态"
MISSING: Final = "缺少"
FAULTS: Final = "错误"
OPEN: Final = "未定"
ROW: Final = "·行"  # where a row stood in its file; no name of the language holds a dot like this
UNKNOWN: Final = "?"  # after the name of a column: the one that says the fact is unknown

MONEY_PLACES, RATIO_PLACES, NUMBER_PLACES = 2, 4, 6
TEXTS: Final = "VARCHAR[]"


@attrs.frozen
class FactColumn:
    """A fact, or a field of a list, as a column: its name there and its type in DuckDB."""

    name: str
    field: FactField
    type: t.Type
    nullable: bool
    sql: str

    @property
    def is_text(self) -> bool:
        """Whether its values are texts, free ones or members of an enumeration."""
        return self.sql == "VARCHAR"

    @property
    def companion(self) -> str:
        """The column that says, row by row, that the fact is unknown."""
        return self.name + UNKNOWN


@attrs.frozen(slots=False)
class FactTable:
    """The table of the cases, or of a list fact: its name and its columns but for 案件编号."""

    name: str
    columns: tuple[FactColumn, ...]
    is_list: bool

    def path(self, column: str) -> str:
        """What a column is called outside its table: 清单.字段."""
        return f"{self.name}.{column}" if self.is_list else column


@attrs.frozen
class ResultColumn:
    """A result as a column."""

    name: str
    type: t.Type
    sql: str


def fact_tables(rulebook: Rulebook) -> tuple[FactTable, ...]:
    """The table of the cases, then one for each list fact."""
    plain = [f for group in rulebook.groups if not group.is_list for f in group.fields]
    lists = [group for group in rulebook.groups if group.is_list]
    for group in lists:
        _no_clash(group)
    cases = FactTable(CASES, tuple(_column(f, f.path) for f in plain), False)
    return (cases, *(_list_table(group) for group in lists))


def result_columns(rulebook: Rulebook) -> tuple[ResultColumn, ...]:
    """The results in the order of their declaration."""
    for definition in rulebook.results:
        if definition.name in (CASE_ID, STATE, MISSING, FAULTS, OPEN):
            raise TableError(
                Both(
                    f"结果「{definition.name}」与结果表的固定列同名，不能写成表。",
                    f"result 「{definition.name}」 has the name of a fixed column of the table.",
                )
            )
    return tuple(ResultColumn(d.name, d.type, result_type(d.type)) for d in rulebook.results)


def result_types(rulebook: Rulebook, id_type: str) -> dict[str, str]:
    """All columns of the table of results, with their types."""
    return {
        CASE_ID: id_type,
        STATE: "VARCHAR",
        **{column.name: column.sql for column in result_columns(rulebook)},
        **dict.fromkeys((MISSING, FAULTS, OPEN), TEXTS),
    }


def result_type(type_: t.Type) -> str:
    """The type of DuckDB in which a result is written."""
    match t.solid(type_):
        case t.ListOf() | t.CLAUSES:
            return TEXTS
        case t.BOOL:
            return "BOOLEAN"
        case t.DATE:
            return "DATE"
        case t.MONEY:
            return f"DECIMAL(18,{MONEY_PLACES})"
        case t.RATIO:
            return f"DECIMAL(9,{RATIO_PLACES})"
        case t.Number(integer=True):
            return "BIGINT"
        case t.Number():
            return f"DECIMAL(38,{NUMBER_PLACES})"
        case t.Basic() | t.Enum() | t.Record() | t.Maybe() | t.Nothing() | t.Unresolved():
            return "VARCHAR"
        case _ as never:
            assert_never(never)


def fact_type(type_: t.Type) -> str:
    """The type of DuckDB in which a fact is read."""
    if isinstance(type_, t.Number):
        return "INTEGER" if type_.integer else f"DECIMAL(18,{NUMBER_PLACES})"
    return result_type(type_)


def _column(field: FactField, name: str) -> FactColumn:
    type_ = t.solid(field.type)
    return FactColumn(name, field, type_, isinstance(field.type, t.Maybe), fact_type(type_))


def _list_table(group: FactGroup) -> FactTable:
    columns = tuple(_column(f, f.path.rpartition(".")[2]) for f in group.fields)
    return FactTable(group.name, columns, True)


def _no_clash(group: FactGroup) -> None:
    names = [f.path.rpartition(".")[2] for f in group.fields]
    if group.name == CASES or CASE_ID in names:
        raise TableError(
            Both(
                f"列表「{group.name}」的名称或字段与表的固定名称「{CASES}」「{CASE_ID}」相同，"
                "不能从表读入。",
                f"list 「{group.name}」, or a field of it, has a name that tables need themselves: "
                f"「{CASES}」, 「{CASE_ID}」.",
            )
        )
