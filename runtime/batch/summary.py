"""What a table of results says as a whole, counted by SQL over it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rulebook

from .columns import OPEN, STATE, ResultColumn, result_columns
from .opening import Note
from .sources import literal, quoted

_MOST_MEMBERS = 30
STATES = ("已定", "信息不足", "输入有误", "规则有误")
NONE, UNDETERMINED = "空", "未定"
_WORDS = {
    "rows": Both("案件", "cases"),
    "sum": Both("合计", "sum"),
    "times": Both("次", "times"),
    "notes": Both("提示", "notes"),
}


@attrs.frozen
class Summary:
    """Counts of a table of results: by state, by value of results, by clause; and sums of money."""

    rows: int
    states: dict[str, int]
    values: dict[str, dict[str, int]]
    clauses: dict[str, dict[str, int]]
    sums: dict[str, Decimal]
    odd: int
    notes: tuple[Note, ...] = ()

    def to_json(self, language: Language = "zh") -> dict[str, object]:
        """行数、状态、结果、条款、合计、提示."""
        return {
            "行数": self.rows,
            "逐行判定": self.odd,
            "状态": self.states,
            "结果": self.values,
            "条款": self.clauses,
            "合计": {name: str(total) for name, total in self.sums.items()},
            "提示": [getattr(note.text, language) for note in self.notes],
        }

    def lines(self, language: Language = "zh") -> Iterator[str]:
        """The summary as text."""
        word = {key: str(getattr(text, language)) for key, text in _WORDS.items()}
        for note in self.notes:
            yield getattr(note.text, language)
        if self.notes:
            yield ""
        yield f"{word['rows']}：{self.rows:,}"
        yield from _counts(STATE, self.states)
        for name, counts in (*self.values.items(), *self.clauses.items()):
            yield from _counts(name, counts)
        if self.sums:
            yield word["sum"]
            width = max(len(f"{total:,}") for total in self.sums.values())
            for name, total in self.sums.items():
                yield f"  {total:>{width},}  {name}"


def _counts(name: str, counts: dict[str, int]) -> Iterator[str]:
    if counts:
        yield name
        width = max(len(f"{count:,}") for count in counts.values())
        for value, count in counts.items():
            yield f"  {count:>{width},}  {value}"


def summarise(
    con: Any, results: Path, rulebook: Rulebook, odd: int, notes: tuple[Note, ...]
) -> Summary:
    """The summary of a Parquet file of results, in one pass over it."""
    columns = result_columns(rulebook)
    valued = [c for c in columns if _members(c) is not None]
    clauses = [c for c in columns if c.type in (t.CLAUSES, t.ListOf(t.CLAUSE))]
    money = [c for c in columns if t.solid(c.type) == t.MONEY]
    parts = ["count(*)", f"histogram({quoted(STATE)})"]
    decided = f"FILTER (WHERE {quoted(STATE)} IN ('已定', '信息不足'))"
    parts += [f"histogram({_shown(c)}) {decided}" for c in valued]
    parts += [f"sum({quoted(c.name)})" for c in money]
    file = f"read_parquet({literal(str(results))})"
    rows, states, *found = con.execute(f"SELECT {', '.join(parts)} FROM {file}").fetchall()[0]
    histograms, totals = found[: len(valued)], found[len(valued) :]
    return Summary(
        rows,
        _ordered(states, STATES),
        {
            c.name: _ordered(counts, (*(_members(c) or ()), NONE, UNDETERMINED))
            for c, counts in zip(valued, histograms, strict=True)
        },
        {c.name: _by_clause(con, file, c, rulebook) for c in clauses},
        {
            c.name: Decimal(total or 0).quantize(Decimal("0.01"))
            for c, total in zip(money, totals, strict=True)
        },
        odd,
        notes,
    )


def _members(column: ResultColumn) -> tuple[str, ...] | None:
    """The values of a result that has few of them."""
    kind = t.solid(column.type)
    if kind == t.BOOL:
        return ("是", "否")
    if isinstance(kind, t.Enum) and len(kind.members) <= _MOST_MEMBERS:
        return kind.members
    return None


def _shown(column: ResultColumn) -> str:
    name = quoted(column.name)
    value = name
    if t.solid(column.type) == t.BOOL:
        value = f"CASE {name} WHEN true THEN '是' WHEN false THEN '否' END"
    return (
        f"coalesce({value}, CASE WHEN list_contains({quoted(OPEN)}, {literal(column.name)}) "
        f"THEN '{UNDETERMINED}' ELSE '{NONE}' END)"
    )


def _ordered(counts: dict[str, int] | None, order: tuple[str, ...]) -> dict[str, int]:
    found = counts or {}
    return {value: found[value] for value in order if value in found}


def _by_clause(con: Any, file: str, column: ResultColumn, rulebook: Rulebook) -> dict[str, int]:
    found = con.execute(
        f"SELECT clause, count(*) FROM (SELECT unnest({quoted(column.name)}) AS clause "
        f"FROM {file}) GROUP BY clause"
    ).fetchall()
    order = rulebook.clause_order
    last = ((99, 0),)
    return dict(sorted(found, key=lambda pair: (order.get(pair[0], last), pair[0])))
