"""Cases as tables in the contract's form, and what a plain count over them gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import FactField, Rulebook
from luling.compiler.ir.values import round_to, to_json
from luling.runtime.batch.problems import needed
from luling.runtime.batch.run import EngineName, Options, workshop
from luling.runtime.batch.sources import Sources
from luling.runtime.decide import Decision
from luling.runtime.impact.build import Asked, impact
from luling.runtime.impact.model import Impact
from luling.runtime.impact.opening import both, open_both
from luling.runtime.impact.paired import pair
from luling.runtime.impact.sides import Sides
from luling.runtime.rulebooks import load_rulebook

pa, pq = needed("pyarrow"), needed("pyarrow.parquet")
ROOT = Path(__file__).parents[4]
Case = Mapping[str, Any]
OPEN = object()  # a result that is not determined


@cache
def sides_of(old: Path, new: Path) -> Sides:
    """Two versions by their folders."""
    return Sides(load_rulebook(old), load_rulebook(new))


def example_cases(sides: Sides) -> list[dict[str, Any]]:
    """The cases of the examples of both versions that a table can hold, in the new names."""
    versions = sides.versions
    cases = [dict(example.case) for example in versions.new.examples]
    cases += [versions.names.case(one.case, versions.old) for one in versions.old.examples]
    book = both(sides)
    return [case for case in cases if _row(1, case, book) is not None]


def write_tables(folder: Path, sides: Sides, cases: Iterable[Case]) -> Path:
    """Writes cases, numbered from 1, as Parquet; the path of the table of cases."""
    book = both(sides)
    rows = [_row(number, case, book) or {} for number, case in enumerate(cases, 1)]
    facts = {f.path: f for g in book.groups if not g.is_list for f in g.fields}
    lists = [group for group in book.groups if group.is_list]
    companions = [f"{p}?" for p, f in facts.items() if isinstance(f.type, t.Maybe)]
    companions += [f"{group.name}?" for group in lists]
    schema = pa.schema(
        [
            ("案件编号", pa.int64()),
            *((path, _arrow(field)) for path, field in facts.items()),
            *((name, pa.bool_()) for name in companions),
        ]
    )
    out = folder / "cases.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), out)
    for group in lists:
        fields = {f.path.partition(".")[2]: f for f in group.fields}
        items = [
            {"案件编号": number, **{k: _cell(fields[k], v) for k, v in item.items()}}
            for number, case in enumerate(cases, 1)
            for item in case.get(group.name, ())
        ]
        typed = [(name, _arrow(field)) for name, field in fields.items()]
        table = pa.Table.from_pylist(items, schema=pa.schema([("案件编号", pa.int64()), *typed]))
        pq.write_table(table, folder / f"{group.name}.parquet")
    return out


def _row(number: int, case: Case, book: Rulebook) -> dict[str, Any] | None:
    """A case as a row, None where no table can hold it."""
    row: dict[str, Any] = {"案件编号": number}
    if not set(case) <= {group.name for group in book.groups}:
        return None
    for group in book.groups:
        given = case.get(group.name)
        fields = {f.path.partition(".")[2]: f for f in group.fields}
        if group.is_list:
            row[f"{group.name}?"] = given is None
            items = given if isinstance(given, list) else []
            held = [set(i) == set(fields) and all(_fits(fields[k], v) for k, v in i.items())
                    for i in items]  # fmt: skip
            if (given is not None and not isinstance(given, list)) or not all(held):
                return None
            continue
        values = given if isinstance(given, Mapping) else {}
        if (given is not None and given is not values) or not set(values) <= set(fields):
            return None
        for key, field in fields.items():
            if key in values and not _fits(field, values[key]):
                return None
            row[field.path] = _cell(field, values.get(key))
            if isinstance(field.type, t.Maybe):
                row[f"{field.path}?"] = key not in values
    return row


def _fits(field: FactField, value: Any) -> bool:
    """Whether a value of a case can stand in the column."""
    kind = t.solid(field.type)
    if value is None:
        return isinstance(field.type, t.Maybe)
    if kind == t.BOOL:
        return isinstance(value, bool)
    if kind == t.DATE:
        try:
            return bool(date.fromisoformat(value))
        except (TypeError, ValueError):
            return False
    if isinstance(kind, t.Number) and kind.integer:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31
    if isinstance(kind, t.Number) or kind in (t.MONEY, t.RATIO):
        return isinstance(value, str | int) and not isinstance(value, bool)
    return isinstance(value, str)


def _cell(field: FactField, value: Any) -> Any:
    kind = t.solid(field.type)
    if value is None or kind == t.BOOL:
        return value
    if kind == t.DATE:
        return date.fromisoformat(value)
    if isinstance(kind, t.Number) and kind.integer:
        return value
    return Decimal(value) if isinstance(kind, t.Number) or kind in (t.MONEY, t.RATIO) else value


def _arrow(field: FactField) -> Any:
    kind = t.solid(field.type)
    if isinstance(kind, t.Number):
        return pa.int32() if kind.integer else pa.decimal128(18, 6)
    plain: dict[t.Type, Any] = {
        t.BOOL: pa.bool_(), t.DATE: pa.date32(), t.MONEY: pa.decimal128(18, 2),
        t.RATIO: pa.decimal128(9, 4),
    }  # fmt: skip
    return plain.get(kind, pa.string())


@contextmanager
def paired(
    folder: Path, sides: Sides, cases: Path, engine: EngineName = "duckdb"
) -> Iterator[tuple[Any, Any]]:
    """Tables open with both versions' decisions on them, and the workshop."""
    options = Options(engine, threads=1)
    with workshop(folder, "impact", options) as shop:
        tables = open_both(shop.con, sides, Sources(cases))
        pair(tables, sides, shop.folder, options)
        yield tables, shop


def measured(
    folder: Path,
    sides: Sides,
    cases: Path,
    asked: Asked | None = None,
    engine: EngineName = "duckdb",
) -> Impact:
    """The impact over a table."""
    with paired(folder, sides, cases, engine) as (tables, _):
        return impact(tables, sides, asked or Asked())


# --- counted plainly


class Plain:
    """Both versions' decisions on some cases, and counts over them in plain Python."""

    def __init__(self, sides: Sides, cases: Iterable[Case]) -> None:
        self.sides = sides
        self.cases = list(cases)
        self.old = [sides.old.decide(_known(case, sides.old.rulebook)) for case in self.cases]
        self.new = [sides.new.decide(_known(case, sides.new.rulebook)) for case in self.cases]
        self._pairs: dict[str, list[tuple[Any, Any]]] = {}

    def value(self, decision: Decision, name: str) -> Any:
        """A result as a table holds it: money in whole 分, lists as tuples; or `OPEN`."""
        if not decision.determined(name):
            return OPEN
        value = decision.values[name]
        kind = t.solid(decision.engine.types[name])
        if kind == t.MONEY and value is not None:
            return round_to(value, 1, "四舍五入")
        shown = to_json(value, kind)
        return tuple(shown) if isinstance(shown, list) else shown

    def pairs(self, name: str) -> list[tuple[Any, Any]]:
        """What both versions give for a result, case by case."""
        if name not in self._pairs:
            self._pairs[name] = [
                (self.value(old, name), self.value(new, name))
                for old, new in zip(self.old, self.new, strict=True)
            ]
        return self._pairs[name]

    def moved(self, name: str) -> list[bool]:
        """Whether a result moved, case by case."""
        return [OPEN not in pair and pair[0] != pair[1] for pair in self.pairs(name)]

    def any_moved(self) -> list[bool]:
        """Whether any shared result moved, case by case."""
        by_result = [self.moved(name) for name in self.sides.shared]
        return [any(one) for one in zip(*by_result, strict=True)]

    def steps(self, name: str) -> list[int | None]:
        """How far money moved, case by case; None where a version left it open."""
        return [
            None if OPEN in pair else (pair[1] or 0) - (pair[0] or 0) for pair in self.pairs(name)
        ]

    def fact(self, path: str) -> list[str]:
        """A fact as groups name it, case by case."""
        group, _, key = path.partition(".")
        return [_shown(case.get(group, {}).get(key, "未知")) for case in self.cases]

    def result(self, which: str, name: str) -> list[str]:
        """A result as groups name it, case by case."""
        found: list[str] = []
        for decision in self.old if which == "old" else self.new:
            if decision.state in ("输入有误", "规则有误"):
                found.append(decision.state)
            else:
                found.append(_shown(self.value(decision, name)))
        return found


def _shown(value: Any) -> str:
    if value is OPEN:
        return "未定"
    if value is None or value == ():
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _known(case: Case, book: Rulebook) -> dict[str, Any]:
    """A case with what a rulebook knows of it."""
    found: dict[str, Any] = {}
    for group in book.groups:
        fields = {f.path.partition(".")[2] for f in group.fields}
        given = case.get(group.name)
        if isinstance(given, list):
            found[group.name] = [{k: v for k, v in i.items() if k in fields} for i in given]
        elif given is not None:
            found[group.name] = {k: v for k, v in given.items() if k in fields}
    return found
