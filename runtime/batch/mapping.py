"""A mapping file: what a table calls columns and values otherwise than the rulebook does.

[columns]                          a column of the table = the fact, or "" to leave it aside
"sqrq" = "申请.日期"
[columns."清单"]                   the same for the table of a list
"rq" = "日期"
[values."甲.乙"]             a value of the table = the value it means
"1" = "本市"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from pathlib import Path
from typing import Any

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.diagnostics.near import near_names
from luling.compiler.ir import types as t

from .columns import CASE_ID, CASES, UNKNOWN, FactColumn, FactTable
from .problems import TableError

LEFT_ASIDE = ""
_SECTIONS = ("columns", "values")


@attrs.frozen
class Mapping:
    """By table: what its columns are called here; by path of a fact: what its values are."""

    columns: MappingType[str, MappingType[str, str]] = attrs.field(factory=dict)
    values: MappingType[str, MappingType[str, str]] = attrs.field(factory=dict)

    def renamed(self, table: str) -> MappingType[str, str]:
        """A table's own names for columns, with what each is called here."""
        return self.columns.get(table, {})


def read_mapping(path: Path, tables: tuple[FactTable, ...]) -> Mapping:
    """The mapping of a file. Raises `TableError` for what the rulebook has no place for."""
    try:
        found = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(
            Both(f"读不出映射文件「{path}」：{error}", f"cannot read 「{path}」: {error}")
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise TableError(
            Both(f"映射文件「{path}」不是 TOML：{error}", f"「{path}」 is not TOML: {error}")
        ) from None
    problems = list(_strangers(found))
    columns: dict[str, dict[str, str]] = {table.name: {} for table in tables}
    by_path = {table.path(c.name): c for table in tables for c in table.columns}
    given = found.get("columns", {})
    for source, target in given.items() if isinstance(given, dict) else ():
        problems += _place(source, target, tables, columns)
    values: dict[str, dict[str, str]] = {}
    meant = found.get("values", {})
    for place, pairs in meant.items() if isinstance(meant, dict) else ():
        column = by_path.get(place)
        if column is None or not isinstance(pairs, dict):
            problems.append(_no_place(place, by_path))
        else:
            values[place] = {str(key): _written(value) for key, value in pairs.items()}
            problems += _no_values(place, column, values[place])
    if problems:
        raise TableError(*problems)
    return Mapping(columns, values)


def _strangers(found: dict[str, Any]) -> Iterator[Both]:
    for name, value in found.items():
        if name not in _SECTIONS or not isinstance(value, dict):
            yield Both(
                f"映射文件里「{name}」不是 [columns] 或 [values.…]。",
                f"「{name}」 in the mapping is neither [columns] nor [values.…].",
            )


def _place(
    source: str, target: Any, tables: tuple[FactTable, ...], columns: dict[str, dict[str, str]]
) -> Iterator[Both]:
    """Puts one line of [columns], or the lines of a list's table, where they belong."""
    if isinstance(target, dict):
        table = next((t for t in tables if t.name == source), None)
        if table is None:
            yield _no_place(source, [t.name for t in tables])
            return
        known = {*(c.name for c in table.columns), CASE_ID}
        for own, meant in target.items():
            yield from _one(own, meant, known, columns[source])
        return
    homes = {t.path(c.name): (t.name, c.name) for t in tables for c in t.columns}
    homes |= {table.path(CASE_ID): (table.name, CASE_ID) for table in tables}
    homes |= {table.name: (CASES, table.name) for table in tables if table.is_list}
    base = str(target).removesuffix(UNKNOWN)
    home, name = homes.get(base, (CASES, base))
    yield from _one(source, target, {*homes}, {})
    if base in homes or target == LEFT_ASIDE:
        columns[home][source] = name + str(target)[len(base) :]


def _one(source: str, target: Any, known: set[str], columns: dict[str, str]) -> Iterator[Both]:
    base = str(target).removesuffix(UNKNOWN)
    if not isinstance(target, str) or (target != LEFT_ASIDE and base not in known):
        yield _no_place(str(target), sorted(known))
    columns[source] = str(target)


def _no_place(name: str, known: Any) -> Both:
    near = "、".join(near_names(name, known, 1, 0.5))
    hint = Both(f"是否想写「{near}」？", f" Did you mean 「{near}」?") if near else Both("", "")
    return Both(
        f"映射文件里的「{name}」不是规则书的事实。{hint.zh}",
        f"「{name}」 in the mapping is no fact of the rulebook.{hint.en}",
    )


def _written(value: Any) -> str:
    """A value of TOML as a table would write it."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _no_values(place: str, column: FactColumn, values: dict[str, str]) -> Iterator[Both]:
    if not isinstance(column.type, t.Enum):
        return
    for meant in values.values():
        if meant and meant not in column.type.members:
            yield Both(
                f"映射文件把值映射到「{meant}」，但 {place} 只能是："
                f"{'、'.join(column.type.members)}。",
                f"the mapping names 「{meant}」, but {place} is one of: "
                f"{', '.join(column.type.members)}.",
            )
