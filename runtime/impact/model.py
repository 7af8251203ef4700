"""What a change costs, as values: counts and sums, each exact. Money is in 分, as in the IR."""

from __future__ import annotations

from typing import Any

import attrs

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir.values import Exact

from .sides import Dimension


@attrs.frozen
class Step:
    """A result that moved: what it was and is, and by how much, in words."""

    name: str
    old: str
    new: str
    far: Both

    def words(self, language: Language) -> str:
        """甲：1.00元 → 2.00元（增 1.00元）."""
        far = getattr(self.far, language)
        colon = "：" if language == "zh" else ": "
        return f"{self.name}{colon}{self.old} → {self.new}" + (f"（{far}）" if far else "")


@attrs.frozen
class Value:
    """A value that cases are grouped by. `kind` is 值, or else there is no text: 空 none, 未知 an
    absent fact, 其他 a word that is no member, 未定 an open result, or the state of a case without
    results.
    """

    kind: str
    text: str

    @property
    def shown(self) -> str:
        """The value, or the word for there being none."""
        if self.kind != "值":
            return "其他值" if self.kind == "其他" else self.kind
        return {"true": "是", "false": "否"}.get(self.text, self.text)


@attrs.frozen
class Moved:
    """How some money moved in some cases: up, down, and not; in cases that both versions decide.

    `open`: cases in which a version does not determine it.
    """

    up: int
    up_sum: int
    down: int
    down_sum: int
    still: int
    open: int

    @property
    def net(self) -> int:
        """Up less down."""
        return self.up_sum + self.down_sum


@attrs.frozen
class Total:
    """One money result over the whole table.

    `old`, `new`: the sums of each version over all that it determines. What they differ by that is
    not in `moved.net` is of cases that only one version determines.
    """

    name: str
    old: int
    new: int
    old_cases: int
    new_cases: int
    moved: Moved
    most_up: tuple[Any, int] | None
    most_down: tuple[Any, int] | None

    @property
    def difference(self) -> int:
        """What the change costs."""
        return self.new - self.old


@attrs.frozen
class Group:
    """The cases with one value of what they are grouped by."""

    value: Value
    cases: int
    moved: int
    money: dict[str, Moved]


@attrs.frozen
class Breakdown:
    """All groups of one dimension, in the order of declaration."""

    dimension: Dimension
    groups: tuple[Group, ...]


@attrs.frozen
class Cell:
    """Cases that went from one value of a result to another."""

    old: Value
    new: Value
    cases: int
    money: dict[str, int]


@attrs.frozen
class Matrix:
    """From what to what a result went; `rows` are old, `columns` new, in the declared order."""

    name: str
    rows: tuple[Value, ...]
    columns: tuple[Value, ...]
    cells: tuple[Cell, ...]

    def cell(self, old: Value, new: Value) -> Cell | None:
        """The cases that went from one to the other, None where there are none."""
        return next((c for c in self.cells if (c.old, c.new) == (old, new)), None)


@attrs.frozen
class Reason:
    """A clause as a reason: the cases that had and have it, and those that it came to or left."""

    clause: str
    old: int
    new: int
    came: int
    went: int


@attrs.frozen
class Reasons:
    """A result that is a set of clauses, clause by clause."""

    name: str
    clauses: tuple[Reason, ...]


@attrs.frozen
class Responsible:
    """A clause without whose changes some of the cases tried would not have come out so.

    `changes`: what changed under it. `cases`: in so many a result that moved comes out otherwise
    once all that changed under it is taken back; `restored`: in so many of them all that moved is
    then as it was. `money`: in so many the leading money comes out otherwise; `up` and `down`: by
    how much it is more, and less, with the clause as it is than as it was.
    """

    clause: str
    title: str
    changes: tuple[str, ...]
    cases: int
    restored: int
    money: int
    up: Exact
    down: Exact


@attrs.frozen
class Causes:
    """Which clauses make cases move. `tried` of `moved` cases were tried: all, or every nth of
    them by number, on `parts` clauses. `together`: cases in which no clause alone does it.
    """

    parts: int
    moved: int
    tried: int
    together: int
    clauses: tuple[Responsible, ...]

    @property
    def whole(self) -> bool:
        """Whether every case that moves was tried."""
        return self.tried == self.moved


@attrs.frozen
class Large:
    """One of the cases that move most, with what both versions say of it and why.

    `old`, `new`: the accounts of both decisions, by language. `causes`: clause and key of each.
    `case`: as the new version reads it, to be decided again.
    """

    number: Any
    steps: tuple[Step, ...]
    old: dict[Language, tuple[str, ...]]
    new: dict[Language, tuple[str, ...]]
    causes: tuple[tuple[str, str], ...]
    together: bool
    case: dict[str, Any]


@attrs.frozen
class Impact:
    """All that is known of what a change costs over one table."""

    cases: int
    moved: int
    leading: str | None
    results: tuple[tuple[str, int, int], ...]  # a shared result, cases that move, and open ones
    states: Matrix
    totals: tuple[Total, ...]
    breakdowns: tuple[Breakdown, ...]
    matrices: tuple[Matrix, ...]
    reasons: tuple[Reasons, ...]
    causes: Causes | None
    largest: tuple[Large, ...]
    without: tuple[str, ...]  # facts of few values that the table has no column for
