"""What a rule file says of changes and gaps that no example can notice (不测), and what of it is
idle.
"""

from __future__ import annotations

from collections.abc import Iterator

from luling.compiler.ir.rulebook import Rulebook, Untested


class Reasons:
    """The reasons of a rulebook; each is for one thing by its name and one text of the report."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._title = rulebook.title
        self._untested = rulebook.untested
        self._used: set[tuple[Untested, str]] = set()

    def of(self, label: str, text: str) -> str | None:
        """Why nothing notices what is told of a thing such as 例外 甲, None if not said."""
        for untested in self._untested:
            if self._labels(untested.name, label):
                for change in untested.changes:
                    if _squeezed(change) == _squeezed(text):
                        self._used.add((untested, change))
                        return untested.reason
        return None

    def idle(self) -> Iterator[tuple[Untested, str]]:
        """What was never asked for: an example notices it, or there is no such change.

        What is said of the rulebook that this one amends need not hold any more.
        """
        for untested in (one for one in self._untested if not one.inherited):
            for change in untested.changes:
                if (untested, change) not in self._used:
                    yield untested, change

    def _labels(self, name: str, label: str) -> bool:
        """Whether a label is that of a name: 例外 甲, 表 甲（子，丑）, 甲 的 否则."""
        if label == "适用条件":
            return name == self._title
        ends = (f"{name} ", f"{name}（")
        return any(f"{part} ".startswith(ends) for part in (label, label.partition(" ")[2]))


def _squeezed(text: str) -> str:
    return "".join(text.split())
