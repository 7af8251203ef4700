"""Two queries by hand that give the whole decision in DuckDB, and what the first looks up in.

`limit` is as fast as could be made: the floor. `layered` is what an analyst would write. Both are
in `sql/`, read the relations 案件 and 已享补贴, and give the columns of the table form for cases
that are complete and valid.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from by_hand import IDENTITIES, REASONS, STANDARD

SQL = Path(__file__).with_name("sql")
PER_CENT = (0, 80, 100, 120)
SUMS = ("standard", "amount", "city", "district")


def query(name: str) -> str:
    """The query of that name."""
    return (SQL / f"{name}.sql").read_text("utf-8")


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Nothing; what `limit` looks up in is made."""
    connection.execute(query("limit-setup"))
    for name, columns, rows in _look_ups():
        values = ", ".join(map(_literal, rows))
        connection.execute(f"CREATE TEMP TABLE {name} ({columns})")
        connection.execute(f"INSERT INTO {name} VALUES {values}")


def _look_ups() -> list[tuple[str, str, list[tuple[Any, ...]]]]:
    """The small tables that two masks are looked up in: name, columns, rows."""
    identity = "taken TINYINT, name VARCHAR, options VARCHAR[]"
    money = ", ".join(f"{name} DECIMAL(18,2)" for name in SUMS)
    return [
        (
            "choice",
            f"x SMALLINT, {identity}, r TINYINT, rate DECIMAL(9,4)",
            [_choice(mask) for mask in range(1024)],
        ),
        (
            "sums",
            f"y TINYINT, {money}",
            [_sums(share, place) for share in range(4) for place in range(24)],
        ),
        ("reasons", "z SMALLINT, list VARCHAR[]", [(m, _bits(m, REASONS)) for m in range(1024)]),
    ]


def _choice(mask: int) -> tuple[Any, ...]:
    """Which identity is taken of those in a mask, with 512 for work in the city on application."""
    shares = _shares(bool(mask >> 9))
    good = [place for place in range(9) if mask >> place & 1]
    taken = max(good, key=lambda place: (shares[place], -place), default=None)
    if taken is None:
        return mask, None, None, [], 0, None
    at = 24 * PER_CENT.index(shares[taken])
    return mask, taken, IDENTITIES[taken], _bits(mask, IDENTITIES), at, _money(shares[taken])


def _shares(working: bool) -> list[int]:
    """The share of each identity in per cent."""
    student, jobless = (100, 120) if working else (80, 100)
    return [80, 100, 100, 100, 100, student, student, jobless, 80]


def _sums(share: int, place: int) -> tuple[Any, ...]:
    """The money of a share and a place in the table of standards; the fourth class has none."""
    amounts = [int(each) for row in STANDARD.values() for each in row.values()]
    if place >= len(amounts):
        return 24 * share + place, None, None, None, None
    standard, whole = amounts[place] * 100, amounts[place] * PER_CENT[share]
    if not whole:
        return 24 * share + place, _money(standard), None, None, None
    city = (whole + 1) // 2
    return 24 * share + place, *map(_money, (standard, whole, city, whole - city))


def _bits(mask: int, names: tuple[str, ...]) -> list[str]:
    return [name for place, name in enumerate(names) if mask >> place & 1]


def _money(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _literal(value: object) -> str:
    """A value as SQL writes it."""
    match value:
        case None:
            return "NULL"
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case tuple():
            return f"({', '.join(map(_literal, value))})"
        case int():
            return str(value)
        case _:
            return f"'{value}'"
