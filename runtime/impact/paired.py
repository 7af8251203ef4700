"""Two versions over the same table: one relation with a row a case that holds what both said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

from luling.compiler.diagnostics.entry import Both

from ..batch.columns import CASE_ID, CASES, OPEN, STATE, UNKNOWN, result_columns
from ..batch.opening import Tables
from ..batch.run import Options, watched
from ..batch.sources import literal, quoted
from .judging import Side, judged
from .opening import apart
from .sides import Dimension, Sides

UNDECIDED: Final = ("输入有误", "规则有误")
PAIRS: Final = quoted("·成对")
MOVED: Final = "变"
KEY: Final = quoted(CASE_ID)
OLD, NEW = "旧", "新"
_UNREADABLE = "·读不出"  # in place of a value that its column does not hold: no member is called so


def pair(tables: Tables, sides: Sides, folder: Path, options: Options) -> None:
    """Leaves the relation `PAIRS` behind, a file in `folder`: what both versions said of each row
    of 案件, the facts that cases are grouped by, and what moved.

    Columns: 案件编号; 事实.… and 事实.…? (it is unknown); 旧.… and 新.… for 状态, 未定 and each
    result; of each shared result 变.… (NULL where a version did not determine it) and of money
    差.…; 变, whether any of them moved.
    """
    # the views have the types of the new version; what only texts can hold for both, rows decide
    apart_ = any(path in tables.columns for path in apart(sides))
    before = attrs.evolve(options, engine="python") if apart_ else options
    old = judged(tables, sides.old, Side(OLD, Both("旧版", "old version")), folder, before)
    new = judged(tables, sides.new, Side(NEW, Both("新版", "new version")), folder, options)
    joined = folder / "pairs.parquet"
    con, query = tables.con, _pairs(tables, sides, {OLD: old, NEW: new})
    with watched(con, Both("两版判定并对照", "deciding by both versions"), options):
        con.execute(f"COPY ({query}) TO {literal(str(joined))} (FORMAT parquet)")
    con.execute(f"CREATE VIEW {PAIRS} AS SELECT * FROM read_parquet({literal(str(joined))})")
    (count,) = con.execute(f"SELECT count(*) FROM {PAIRS}").fetchall()[0]
    assert count == tables.rows, "rows were lost, or stand twice"


def _pairs(tables: Tables, sides: Sides, judged: dict[str, str]) -> str:
    """The SELECT that joins what both versions say of the same rows."""
    columns = [f"c.{KEY}", *_facts(tables, sides)]
    for side, engine in ((OLD, sides.old), (NEW, sides.new)):
        names = [STATE, OPEN, *(column.name for column in result_columns(engine.rulebook))]
        columns += [f"{side}.{quoted(name)} AS {quoted(f'{side}.{name}')}" for name in names]
    sources = "".join(
        f" JOIN ({query}) AS {side} ON c.{KEY} = {side}.{KEY}" for side, query in judged.items()
    )
    inner = f"SELECT {', '.join(columns)} FROM {quoted(CASES)} AS c{_bad(tables, sides)}{sources}"
    moved = [f"{_moved(sides, name)} AS {quoted(f'变.{name}')}" for name in sides.shared]
    moved += [f"{_step(name)} AS {quoted(f'差.{name}')}" for name in sides.money]
    beside = f"SELECT *, {', '.join(moved)} FROM ({inner})" if moved else inner
    anything = " OR ".join(f"coalesce({quoted(f'变.{n}')}, false)" for n in sides.shared)
    return f"SELECT *, {anything or 'false'} AS {MOVED} FROM ({beside})"


# --- facts that cases are grouped by


def dimensions(tables: Tables, sides: Sides) -> tuple[Dimension, ...]:
    """What the cases of this table can be grouped by."""
    there = tables.columns
    return tuple(one for one in sides.dimensions if one.of != "fact" or one.name in there)


def _facts(tables: Tables, sides: Sides) -> Iterator[str]:
    bad = tables.left_out[CASES]
    for one in dimensions(tables, sides):
        if one.of == "fact":
            companion = one.name + UNKNOWN
            unknown = f"coalesce(c.{quoted(companion)}, false)"
            text = f"CAST(c.{quoted(one.name)} AS VARCHAR)"
            if one.name in bad:
                text = f"CASE WHEN b.{quoted(one.name)} THEN '{_UNREADABLE}' ELSE {text} END"
            yield f"{text} AS {quoted(one.column)}"
            yield (
                f"{unknown if companion in tables.columns else 'false'}"
                f" AS {quoted(one.column + UNKNOWN)}"
            )


def _bad(tables: Tables, sides: Sides) -> str:
    """A join to which values of the facts cannot be read, where there are such columns."""
    names = {one.name for one in dimensions(tables, sides)}
    bad = {name: holds for name, holds in tables.left_out[CASES].items() if name in names}
    if not bad:
        return ""
    asked = "".join(f", coalesce({holds}, false) AS {quoted(name)}" for name, holds in bad.items())
    relation = tables.raw[CASES].relation
    return (
        f" JOIN (SELECT {tables.own_id(CASES)} AS case_id{asked} FROM {relation}) AS b"
        f" ON c.{KEY} = b.case_id"
    )


# --- what moved


def determined(side: str, name: str) -> str:
    """Whether a version determined a result, in SQL."""
    states = ", ".join(map(literal, UNDECIDED))
    return (
        f"({quoted(f'{side}.{STATE}')} NOT IN ({states})"
        f" AND NOT list_contains({quoted(f'{side}.{OPEN}')}, {literal(name)}))"
    )


def both_determined(name: str) -> str:
    """Whether both versions did."""
    return f"{determined(OLD, name)} AND {determined(NEW, name)}"


def _moved(sides: Sides, name: str) -> str:
    old, new = quoted(f"{OLD}.{name}"), quoted(f"{NEW}.{name}")
    if not sides.comparable(name):
        old, new = f"CAST({old} AS VARCHAR)", f"CAST({new} AS VARCHAR)"
    return _where_both(name, f"{old} IS DISTINCT FROM {new}")


def _step(name: str) -> str:
    """How far money moved; none counts as nothing."""
    old, new = quoted(f"{OLD}.{name}"), quoted(f"{NEW}.{name}")
    zero = "CAST(0 AS DECIMAL(18, 2))"
    step = f"CAST(coalesce({new}, {zero}) - coalesce({old}, {zero}) AS DECIMAL(18, 2))"
    return _where_both(name, step)


def _where_both(name: str, value: str) -> str:
    """A value where both versions determined a result. Of most cases the states say so alone."""
    settled = " AND ".join(f"{quoted(f'{side}.{STATE}')} = '已定'" for side in (OLD, NEW))
    return f"CASE WHEN {settled} THEN {value} WHEN {both_determined(name)} THEN {value} END"
