"""Two versions over the same table: one relation with a row a case that holds what both said.

The seam to `runtime.batch`: everything behind it reads the relation 成对 only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from luling.compiler.ir import types as t

from ..decide import Engine
from .rows import KEY, cases_of, quoted, row_of
from .sides import Dimension, Sides

if TYPE_CHECKING:
    import duckdb

UNDECIDED = ("输入有误", "规则有误")
_CHUNK = 20_000


def pair(
    con: duckdb.DuckDBPyConnection,
    sides: Sides,
    folder: Path,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Leaves the relation 成对 behind, a file in `folder`: what both versions said of each row of
    案件, the facts that cases are grouped by, and what moved.

    Columns: 案件编号; 旧状态, 新状态; 事实.… and 事实.…? (it is unknown); 旧.… and 新.… for each result; 旧未定, 新未定; and of
    each shared result 变.… (NULL where a version did not determine it) and of money 差.…; 变.
    """
    for side, engine in (("旧判定", sides.old), ("新判定", sides.new)):
        path = folder / f"{side}.parquet"
        _decided(con, sides, engine, path, progress)
        con.execute(f"CREATE VIEW {side} AS SELECT * FROM read_parquet({_text(path)})")
    joined = folder / "成对.parquet"
    con.execute(f"COPY ({_pairs(con, sides)}) TO {_text(joined)} (FORMAT parquet)")
    con.execute(f"CREATE VIEW 成对 AS SELECT * FROM read_parquet({_text(joined)})")


def _text(path: Path) -> str:
    return "'" + path.as_posix().replace("'", "''") + "'"


def _decided(
    con: duckdb.DuckDBPyConnection,
    sides: Sides,
    engine: Engine,
    path: Path,
    progress: Callable[[int], None],
) -> None:
    """Writes the decisions of one version as a table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = con.sql(f"SELECT {KEY} FROM 案件 LIMIT 0").to_arrow_table().schema.field(0).type
    schema = pa.schema([
        pa.field(KEY, number), pa.field("状态", pa.string()),
        *(pa.field(name, _arrow(type_)) for name, type_ in engine.types.items()),
        *(pa.field(name, pa.list_(pa.string())) for name in ("缺少", "错误", "未定")),
    ])  # fmt: skip
    with pq.ParquetWriter(path, schema) as writer:
        for rows in _chunks(_rows(con, engine)):
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            progress(len(rows))


def _rows(con: duckdb.DuckDBPyConnection, engine: Engine) -> Iterator[dict[str, Any]]:
    for number, case in cases_of(con, [engine.rulebook]):
        yield row_of(number, engine.decide(case), engine.types)


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    found: list[dict[str, Any]] = []
    for row in rows:
        found.append(row)
        if len(found) == _CHUNK:
            yield found
            found = []
    if found:
        yield found


def _arrow(type_: t.Type) -> Any:
    import pyarrow as pa

    solid = t.solid(type_)
    if isinstance(solid, t.ListOf) or solid == t.CLAUSES:
        return pa.list_(pa.string())
    if isinstance(solid, t.Number):
        return pa.int64() if solid.integer else pa.decimal128(18, 4)
    plain: dict[t.Type, Any] = {
        t.BOOL: pa.bool_(), t.DATE: pa.date32(), t.MONEY: pa.decimal128(18, 2),
        t.RATIO: pa.decimal128(9, 4),
    }  # fmt: skip
    return plain.get(solid, pa.string())


# --- both beside one another


def _pairs(con: duckdb.DuckDBPyConnection, sides: Sides) -> str:
    """The SELECT that joins what both versions said."""
    there = {row[0] for row in con.execute("DESCRIBE 案件").fetchall()}
    columns = [f"案件.{KEY}", "旧判定.状态 AS 旧状态", "新判定.状态 AS 新状态"]
    for one in sides.dimensions:
        if one.of == "fact" and one.name in there:
            unknown = f"案件.{quoted(one.name + '?')}" if f"{one.name}?" in there else "FALSE"
            columns += [
                f"CAST(案件.{quoted(one.name)} AS VARCHAR) AS {quoted(one.column)}",
                f"coalesce({unknown}, FALSE) AS {quoted(one.column + '?')}",
            ]
    for side, engine in (("旧", sides.old), ("新", sides.new)):
        columns += [f"{side}判定.{quoted(n)} AS {quoted(f'{side}.{n}')}" for n in engine.types]
        columns.append(f"{side}判定.未定 AS {side}未定")
    inner = f"""SELECT {", ".join(columns)} FROM 案件
        JOIN 旧判定 USING ({KEY}) JOIN 新判定 USING ({KEY})"""
    moved = [f"{_moved(sides, name)} AS {quoted(f'变.{name}')}" for name in sides.shared]
    steps = [f"{_step(name)} AS {quoted(f'差.{name}')}" for name in sides.money]
    beside = f"SELECT *, {', '.join([*moved, *steps])} FROM ({inner})" if moved else inner
    anything = " OR ".join(f"coalesce({quoted(f'变.{n}')}, FALSE)" for n in sides.shared)
    return f"SELECT *, {anything or 'FALSE'} AS 变 FROM ({beside})"


def determined(side: str, name: str) -> str:
    """Whether a version determined a result, in SQL."""
    states = ", ".join(f"'{state}'" for state in UNDECIDED)
    text = "'" + name.replace("'", "''") + "'"
    return f"({side}状态 NOT IN ({states}) AND NOT list_contains({side}未定, {text}))"


def _both(name: str) -> str:
    return f"{determined('旧', name)} AND {determined('新', name)}"


def _moved(sides: Sides, name: str) -> str:
    old, new = quoted(f"旧.{name}"), quoted(f"新.{name}")
    if not sides.comparable(name):
        old, new = f"CAST({old} AS VARCHAR)", f"CAST({new} AS VARCHAR)"
    return f"CASE WHEN {_both(name)} THEN {old} IS DISTINCT FROM {new} END"


def _step(name: str) -> str:
    """How far money moved; none counts as nothing."""
    old, new = quoted(f"旧.{name}"), quoted(f"新.{name}")
    zero = "CAST(0 AS DECIMAL(18, 2))"
    step = f"CAST(coalesce({new}, {zero}) - coalesce({old}, {zero}) AS DECIMAL(18, 2))"
    return f"CASE WHEN {_both(name)} THEN {step} END"


def dimensions(con: duckdb.DuckDBPyConnection, sides: Sides) -> tuple[Dimension, ...]:
    """What cases can be grouped by in this table."""
    there = {row[0] for row in con.execute("DESCRIBE 成对").fetchall()}
    return tuple(one for one in sides.dimensions if one.column in there)
