"""The pairs → counts and sums. Exact: money is DECIMAL in SQL and whole 分 here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from ..batch.columns import STATE, UNKNOWN
from ..batch.sources import literal, quoted
from .model import (
    Breakdown,
    Cell,
    Group,
    Matrix,
    Moved,
    Reason,
    Reasons,
    Total,
    Value,
)
from .paired import KEY, MOVED, NEW, OLD, PAIRS, UNDECIDED, both_determined, determined
from .sides import Dimension, Sides

STATES = ("已定", "信息不足", "输入有误", "规则有误")
_KINDS = ("值", "空", "其他", "未知", "未定", *UNDECIDED)


class Measure:
    """Counts and sums over the pairs of one table."""

    def __init__(self, con: Any, sides: Sides) -> None:
        self.con = con
        self.sides = sides

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.con.execute(sql).fetchall()
        return found

    def counts(self) -> tuple[int, int]:
        """The cases, and those that move."""
        cases, moved = self._rows(f"SELECT count(*), count(*) FILTER ({MOVED}) FROM {PAIRS}")[0]
        return cases, moved

    def results(self) -> tuple[tuple[str, int, int], ...]:
        """Of each shared result the cases that move, and those that a version leaves open."""
        names = self.sides.shared
        if not names:
            return ()
        asked = ", ".join(
            f"count(*) FILTER ({column}), count(*) FILTER ({column} IS NULL)"
            for column in (quoted(f"变.{name}") for name in names)
        )
        found = self._rows(f"SELECT {asked} FROM {PAIRS}")[0]
        return tuple((name, found[2 * n], found[2 * n + 1]) for n, name in enumerate(names))

    def leading(self) -> str | None:
        """The money result that two others share out between them, in every case; else the one
        that moves most, the first declared of equals; None without money.
        """
        names = self.sides.money
        if not names:
            return None
        sums = ", ".join(f"coalesce(sum(abs({quoted(f'差.{name}')})), 0)" for name in names)
        found = self._rows(f"SELECT {sums} FROM {PAIRS}")[0]
        most = max(zip(found, range(0, -len(names), -1), names, strict=True))[2]
        return self._shared_out() or most

    def _shared_out(self) -> str | None:
        """The money result that is the sum of two others wherever the new version gives it."""
        names = self.sides.money
        ways = [
            (whole, one, other)
            for whole in names
            for one, other in combinations([name for name in names if name != whole], 2)
        ]
        if not ways:
            return None
        asked = ", ".join(
            f"bool_and({new[0]} = {new[1]} + {new[2]}) AND min({new[1]}) > 0 AND min({new[2]}) > 0"
            for new in ([quoted(f"{NEW}.{name}") for name in way] for way in ways)
        )
        found = self._rows(f"SELECT {asked} FROM {PAIRS}")[0]
        return next((way[0] for way, holds in zip(ways, found, strict=True) if holds), None)

    # --- totals

    def totals(self) -> tuple[Total, ...]:
        """Each money result over all cases."""
        return tuple(self._total(name) for name in self.sides.money)

    def _total(self, name: str) -> Total:
        old, new, step = (quoted(f"{side}.{name}") for side in (OLD, NEW, "差"))
        sums = self._rows(
            f"SELECT sum({old}), sum({new}), count({old}), count({new}), {_moved(name)}"
            f" FROM {PAIRS}"
        )[0]
        return Total(
            name, _fen(sums[0]), _fen(sums[1]), sums[2], sums[3], _of(sums[4:]),
            self._most(f"{step} > 0", f"{step} DESC", step),
            self._most(f"{step} < 0", f"{step} ASC", step),
        )  # fmt: skip

    def _most(self, where: str, order: str, step: str) -> tuple[Any, int] | None:
        found = self._rows(
            f"SELECT {KEY}, {step} FROM {PAIRS} WHERE {where} ORDER BY {order}, {KEY} LIMIT 1"
        )
        return (found[0][0], _fen(found[0][1])) if found else None

    # --- groups

    def spread(self, dimension: Dimension, leading: str | None, variance: Fraction) -> Fraction:
        """How much of what moves the groups of a dimension explain: the squares between their
        averages and that of all, less what as many groups would have by chance.

        Averages of the leading money's net, or of moves where there is no money.
        """
        step = "" if leading is None else quoted(f"差.{leading}")
        much = f"sum({step})" if step else f"count(*) FILTER ({MOVED})"
        rows = self._rows(
            f"SELECT count(*), {much} FROM {PAIRS} GROUP BY {', '.join(_grouped(dimension))}"
        )
        found = [(cases, _fen(sum_) if step else int(sum_)) for cases, sum_ in rows]
        average = Fraction(sum(sum_ for _, sum_ in found), sum(cases for cases, _ in found) or 1)
        between = sum((sum_ - cases * average) ** 2 / cases for cases, sum_ in found)
        return Fraction(between) - (len(found) - 1) * variance

    def breakdown(self, dimension: Dimension) -> Breakdown:
        """The cases by one dimension."""
        kind, text = _grouped(dimension)
        money = self.sides.money
        asked = "".join(f", {_moved(name)}" for name in money)
        rows = self._rows(
            f"SELECT {kind} AS kind, {text} AS text, count(*), count(*) FILTER ({MOVED}){asked}"
            f" FROM {PAIRS} GROUP BY ALL"
        )
        groups = tuple(
            Group(
                Value(row[0], row[1] or ""), row[2], row[3],
                {name: _of(row[4 + 6 * n : 10 + 6 * n]) for n, name in enumerate(money)},
            )
            for row in rows
        )  # fmt: skip
        order = _order(dimension.members)
        found = tuple(sorted(groups, key=lambda group: order(group.value)))
        return Breakdown(dimension, found)

    def variance(self, leading: str | None) -> Fraction:
        """How unlike one another cases move: the variance of the leading money, or of moving."""
        step = (
            quoted(f"差.{leading}") if leading is not None else f"CAST({MOVED} AS DECIMAL(18, 2))"
        )
        cases, sum_, squares = self._rows(
            f"SELECT count(*), sum({step}), sum({step} * {step}) FROM {PAIRS}"
        )[0]
        unit = 1 if leading is None else 100
        total, all_squares = Fraction(sum_ or 0) * unit, Fraction(squares or 0) * unit**2
        around: Fraction = all_squares - total**2 / max(cases, 1)
        return around / max(int(cases) - 1, 1)

    # --- from what to what

    def states(self) -> Matrix:
        """From what to what the state of cases went."""
        rows = self._rows(
            f"SELECT {quoted(f'{OLD}.{STATE}')}, {quoted(f'{NEW}.{STATE}')}, count(*)"
            f" FROM {PAIRS} GROUP BY ALL"
        )
        cells = [Cell(Value("值", old), Value("值", new), count, {}) for old, new, count in rows]
        return _matrix("状态", cells, STATES, STATES)

    def matrices(self) -> tuple[Matrix, ...]:
        """From what to what each result of few values went."""
        return tuple(self._matrix(name) for name in self.sides.named)

    def _matrix(self, name: str) -> Matrix:
        sides = {one.of: one for one in self.sides.dimensions if one.name == name}
        old, new = sides["old"], sides["new"]
        parts = ", ".join(", ".join(_grouped(one)) for one in (old, new))
        money = self.sides.money
        asked = "".join(f", sum({quoted(f'差.{one}')})" for one in money)
        cells = [
            Cell(
                Value(row[0], row[1] or ""), Value(row[2], row[3] or ""), row[4],
                {one: _fen(row[5 + n]) for n, one in enumerate(money)},
            )
            for row in self._rows(f"SELECT {parts}, count(*){asked} FROM {PAIRS} GROUP BY ALL")
        ]  # fmt: skip
        members = tuple(dict.fromkeys((*new.members, *old.members)))
        return _matrix(name, cells, members, members)

    # --- reasons

    def reasons(self) -> tuple[Reasons, ...]:
        """The results that are sets of clauses, clause by clause, in the order of the law."""
        return tuple(self._reasons(name) for name in self.sides.clauses)

    def _reasons(self, name: str) -> Reasons:
        old, new = quoted(f"{OLD}.{name}"), quoted(f"{NEW}.{name}")
        rows = self._rows(f"""
            WITH one AS (
              SELECT {old} AS o, {new} AS n FROM {PAIRS}
              WHERE {both_determined(name)}
            ), each AS (
              SELECT unnest(list_distinct(list_concat(o, n))) AS clause, o, n FROM one
            )
            SELECT clause,
              count(*) FILTER (list_contains(o, clause)),
              count(*) FILTER (list_contains(n, clause)),
              count(*) FILTER (NOT list_contains(o, clause)),
              count(*) FILTER (NOT list_contains(n, clause))
            FROM each GROUP BY clause""")
        place = self._places()
        found = sorted((Reason(*row) for row in rows), key=lambda one: place(one.clause))
        return Reasons(name, tuple(found))

    def _places(self) -> Any:
        order: dict[str, int] = {}
        for book in (self.sides.new.rulebook, self.sides.old.rulebook):
            for clause in book.clauses:
                order.setdefault(clause.id, len(order))
        return lambda clause: (order.get(clause, len(order)), clause)

    # --- the cases themselves

    def largest(self, leading: str | None, limit: int) -> list[Any]:
        """The numbers of the cases that move most."""
        order = f"abs({quoted(f'差.{leading}')}) DESC NULLS LAST, " if leading else ""
        rows = self._rows(
            f"SELECT {KEY} FROM {PAIRS} WHERE {MOVED} ORDER BY {order}{KEY} LIMIT {limit}"
        )
        return [row[0] for row in rows]

    def sample(self, limit: int, moved: int) -> list[Any]:
        """At most so many of the cases that move: all of them, or every nth by number."""
        if moved <= limit:
            rows = self._rows(f"SELECT {KEY} FROM {PAIRS} WHERE {MOVED} ORDER BY {KEY}")
        else:
            rows = self._rows(
                f"SELECT {KEY} FROM (SELECT {KEY}, row_number() OVER (ORDER BY {KEY}) - 1 AS place"
                f" FROM {PAIRS} WHERE {MOVED})"
                f" WHERE place * {limit} % {moved} < {limit} ORDER BY {KEY}"
            )
        return [row[0] for row in rows]


def _moved(name: str) -> str:
    step = quoted(f"差.{name}")
    return ", ".join((
        f"count(*) FILTER ({step} > 0)", f"sum({step}) FILTER ({step} > 0)",
        f"count(*) FILTER ({step} < 0)", f"sum({step}) FILTER ({step} < 0)",
        f"count(*) FILTER ({step} = 0)", f"count(*) FILTER ({step} IS NULL)",
    ))  # fmt: skip


def _of(row: Sequence[Any]) -> Moved:
    return Moved(row[0], _fen(row[1]), row[2], _fen(row[3]), row[4], row[5])


def _fen(yuan: Decimal | None) -> int:
    """Yuan with two decimals as 分."""
    return int((yuan or Decimal(0)).scaleb(2))


def _grouped(dimension: Dimension) -> tuple[str, str]:
    """The kind of a value and its text, in SQL."""
    column = quoted(dimension.column)
    if dimension.is_list:
        text = f"array_to_string({column}, '、')"
        empty = f"coalesce(len({column}), 0) = 0"
    else:
        text, empty = f"CAST({column} AS VARCHAR)", f"{column} IS NULL"
    if dimension.of == "fact":
        none = "空" if dimension.nullable else "未知"
        known = ", ".join(literal(member) for member in dimension.members)
        kind = (
            f"CASE WHEN {quoted(dimension.column + UNKNOWN)} THEN '未知' WHEN {empty} THEN '{none}'"
            f" WHEN {text} IN ({known}) THEN '值' ELSE '其他' END"
        )
    else:
        side = OLD if dimension.of == "old" else NEW
        state = quoted(f"{side}.{STATE}")
        states = ", ".join(map(literal, UNDECIDED))
        kind = (
            f"CASE WHEN {state} IN ({states}) THEN {state}"
            f" WHEN NOT {determined(side, dimension.name)} THEN '未定'"
            f" WHEN {empty} THEN '空' ELSE '值' END"
        )
    return kind, f"CASE WHEN {kind} = '值' THEN {text} END"


def _order(members: Iterable[str]) -> Any:
    places = {member: n for n, member in enumerate(members)}

    def key(value: Value) -> tuple[int, list[int], str]:
        parts = value.text.split("、") if value.text not in places else [value.text]
        return (
            _KINDS.index(value.kind),
            [len(parts) - 1, *(places.get(part, len(places)) for part in parts)],
            value.text,
        )

    return key


def _matrix(name: str, cells: list[Cell], old: Iterable[str], new: Iterable[str]) -> Matrix:
    rows = sorted({cell.old for cell in cells}, key=_order(old))
    columns = sorted({cell.new for cell in cells}, key=_order(new))
    order = {value: n for n, value in enumerate(rows)}
    across = {value: n for n, value in enumerate(columns)}
    cells.sort(key=lambda cell: (order[cell.old], across[cell.new]))
    return Matrix(name, tuple(rows), tuple(columns), tuple(cells))
