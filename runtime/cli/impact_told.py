"""What `luling impact` prints: counts, money, clauses, groups, the cases that move most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.source import display_width

from ..impact.build import chief
from ..impact.model import Breakdown, Causes, Impact, Large
from ..impact.sides import Sides
from ..impact.words import count, share, yuan

if TYPE_CHECKING:
    from ..batch.opening import Note

_CLAUSES = 8  # told of those responsible
_GROUPS = 12  # told of a breakdown
_BREAKDOWNS = 3  # told where none was asked for
_WORDS = {
    "cases": Both("案件", "cases"),
    "moved": Both("变了", "move"),
    "money": Both("金额", "Money"),
    "results": Both("各项结果：变了的案件", "Results: cases that move"),
    "states": Both("状态", "State"),
    "causes": Both("起因的条款", "Clauses responsible"),
    "largest": Both("变动最大的案件", "Cases that move most"),
    "old": Both("旧版", "old"),
    "new": Both("新版", "new"),
    "far": Both("差额", "difference"),
    "up": Both("增", "up"),
    "down": Both("减", "down"),
    "by": Both("按", "by "),
    "net": Both("净增减", "net"),
    "case": Both("案件", "case"),
    "apart": Both(
        "两版施行的期间没有共同的一天：每个案件按两版都适用来判定。",
        "The versions apply on no day in common: each case as if both applied.",
    ),
}


class Teller:
    """Prints one impact in one language; `every`: all breakdowns, those that were asked for."""

    def __init__(self, impact: Impact, sides: Sides, language: Language, *, every: bool) -> None:
        self.of = impact
        self.every = every
        self.sides = sides
        self.language: Language = language

    def word(self, key: str) -> str:
        """A fixed word."""
        return str(getattr(_WORDS[key], self.language))

    def say(self, zh: str, en: str) -> str:
        """One of two texts."""
        return en if self.language == "en" else zh

    def tell(self, notes: Iterable[Note]) -> None:
        """Everything, with an empty line between."""
        of = self.of
        for note in notes:
            self._line(
                str(getattr(note.text, self.language)), fg="yellow" if note.finding else None
            )
        old, new = (one.rulebook.version or one.folder.name for one in self.sides.loaded)
        self._line(
            f"{old} → {new}　{self.word('cases')} {count(of.cases)}，{self.word('moved')} "
            f"{count(of.moved)}（{share(of.moved, of.cases)}）",
            bold=True,
        )
        if self.sides.as_if_both_applied:
            self._line(self.word("apart"))
        self._money()
        self._results()
        self._states()
        if of.causes is not None:
            self._causes(of.causes)
        told = of.breakdowns if self.every else of.breakdowns[:_BREAKDOWNS]
        for one in told:
            self._breakdown(one)
        if len(of.breakdowns) > len(told):
            names = "、".join(one.dimension.label for one in of.breakdowns[len(told) :])
            self._line()
            self._line(self.say(f"网页（--html）里还有：{names}", f"--html has also: {names}"))
        if of.largest:
            self._heading(self.word("largest"))
            for large in of.largest:
                self._large(large)

    def _line(self, text: str = "", **style: object) -> None:
        click.echo(click.style(text, **style) if style else text)  # type: ignore[arg-type]

    def _heading(self, text: str) -> None:
        self._line()
        self._line(text, bold=True)

    def _table(self, rows: Sequence[Sequence[str]], left: int = 1) -> None:
        """Rows in columns; the first `left` to the left, the others to the right."""
        widths = [max(display_width(row[n]) for row in rows) for n in range(len(rows[0]))]
        for row in rows:
            cells = [
                text + " " * (width - display_width(text))
                if n < left
                else " " * (width - display_width(text)) + text
                for n, (text, width) in enumerate(zip(row, widths, strict=True))
            ]
            self._line(("  " + "  ".join(cells)).rstrip())

    def _yuan(self, amount: int, *, signed: bool = False) -> str:
        return yuan(amount, self.language, signed=signed)

    def _money(self) -> None:
        if not self.of.totals:
            return
        self._heading(self.word("money"))
        head = ["", *(self.word(key) for key in ("old", "new", "far", "up", "down"))]
        rows = [head]
        for one in self.of.totals:
            up, down = (
                f"{count(n)}{self.say(' 件', '')} {self._yuan(sum_, signed=True)}"
                for n, sum_ in (
                    (one.moved.up, one.moved.up_sum), (one.moved.down, one.moved.down_sum)
                )
            )  # fmt: skip
            rows.append(
                [one.name, self._yuan(one.old), self._yuan(one.new),
                 self._yuan(one.difference, signed=True), up, down]
            )  # fmt: skip
        self._table(rows)

    def _results(self) -> None:
        if not self.of.results:
            self._line(self.say("两版没有共同的结果。", "The versions have no result in common."))
        else:
            self._heading(self.word("results"))
            self._table([[n, count(m), share(m, self.of.cases)] for n, m, _ in self.of.results])

    def _states(self) -> None:
        cells = self.of.states.cells
        if any(cell.old != cell.new or cell.old.text != "已定" for cell in cells):
            self._heading(self.word("states"))
            self._table([[f"{c.old.shown} → {c.new.shown}", count(c.cases)] for c in cells])

    def _causes(self, found: Causes) -> None:
        self._heading(self.word("causes"))
        self._line(
            "  "
            + self.say(
                f"变了的 {count(found.moved)} 件中，在 {count(found.tried)} 件上逐条改回",
                f"taken back one by one on {count(found.tried)} of {count(found.moved)} cases",
            )
        )
        if found.clauses:
            self._table(
                [
                    [f"{one.clause or self.say('不在条款之下', 'under no clause')} {one.title}",
                     count(one.cases), share(one.cases, found.tried)]
                    for one in found.clauses[:_CLAUSES]
                ]
            )  # fmt: skip
        if found.together:
            self._line(
                "  "
                + self.say(
                    f"{count(found.together)} 件是几条一起的结果",
                    f"{count(found.together)} cases by several clauses together only",
                )
            )

    def _breakdown(self, one: Breakdown) -> None:
        leading = self.of.leading
        self._heading(f"{self.word('by')}{one.dimension.label}")
        head = ["", self.word("cases"), self.word("moved")]
        rows = [head if leading is None else [*head, f"{leading}{self.word('net')}"]]
        for group in one.groups[:_GROUPS]:
            row = [group.value.shown, count(group.cases), count(group.moved)]
            if leading is not None:
                row.append(self._yuan(group.money[leading].net, signed=True))
            rows.append(row)
        self._table(rows)
        if len(one.groups) > _GROUPS:
            more = len(one.groups) - _GROUPS
            self._line(self.say(f"  另有 {more} 组", f"  {more} more groups"))

    def _large(self, one: Large) -> None:
        told = self.say("；", "; ").join(
            step.words(self.language) for step in chief(self.of, self.sides, one)
        )
        clauses = "、".join(dict.fromkeys(clause for clause, _ in one.causes if clause))
        self._line(
            f"  {self.word('case')} {one.number}　{told}" + (f"　[{clauses}]" if clauses else "")
        )
