"""The words of the language, read once from `grammar/keywords.toml`."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

import attrs

Place = Literal["head", "start", "inline"]


@attrs.frozen
class Keyword:
    """A word with the terminal it is, where it may stand, and what it says."""

    word: str
    token: str
    place: Place
    raw: bool
    zh: str
    en: str


@attrs.frozen
class Comparison:
    """A comparison in words: its operator, and what it is said of."""

    op: str
    of: Literal["date", "number", "any"]


@attrs.frozen
class Unit:
    """A unit of numbers: the kind of quantity, its size, and the unit of plain numbers."""

    of: Literal["money", "ratio", "months", "days", "number"]
    factor: Fraction
    unit: str


_LIKE_NAMES = frozenset(
    "IF NOT EVERY HAS HAS_NOT UNDER_READING ANY_OF ALL_OF TRUE FALSE NULL THIS UNKNOWN".split()
)


@attrs.frozen(slots=False)
class Vocabulary:
    """All words of the language by what they are."""

    keywords: dict[str, Keyword]
    comparisons: dict[str, Comparison]
    bounds: dict[str, Comparison]
    rises: dict[str, Literal["number", "date", "bool"]]
    symbols: dict[str, str]
    functions: frozenset[str]
    units: dict[str, Unit]

    @cached_property
    def reserved(self) -> frozenset[str]:
        """The words that stand where names do: no name may be one unless it is put in 「」."""
        return frozenset(k.word for k in self.keywords.values() if k.token in _LIKE_NAMES)

    @cached_property
    def inside(self) -> frozenset[str]:
        """The words that begin lines inside an entry and what stands after a comma."""
        return frozenset(k.word for k in self.keywords.values() if k.place == "start")

    @cached_property
    def beginning(self) -> frozenset[str]:
        """The words that begin lines: members may be called so, but nothing that begins a line."""
        begins = (k.word for k in self.keywords.values() if k.place != "inline")
        starts = (k.word for k in self.keywords.values() if k.token in ("THEN", "FROM"))
        return frozenset((*begins, *starts))

    @property
    def inline(self) -> dict[str, str]:
        """Word → terminal for all that may stand inside an expression."""
        words = {k.word: k.token for k in self.keywords.values() if k.place == "inline"}
        words |= {word: "CMP" for word in self.comparisons}
        words |= {word: "BOUND" for word in self.bounds}
        words |= {word: "RISES" for word in self.rises}
        return words | {word: "FUNCTION" for word in self.functions}


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the grammar this package was installed with."""
    data = tomllib.loads((files("luling.grammar") / "keywords.toml").read_text("utf-8"))
    keywords: dict[str, Keyword] = {}
    for place in ("head", "start", "inline"):
        for token, entry in data[place].items():
            for word in entry["words"]:
                where: Place = "inline" if entry.get("inline") else place
                raw = bool(entry.get("raw"))
                keywords[word] = Keyword(word, token, where, raw, entry["zh"], entry["en"])
    return Vocabulary(
        keywords,
        {word: Comparison(**entry) for word, entry in data["compare"].items()},
        {word: Comparison(**entry) for word, entry in data["bound"].items()},
        {word: entry["of"] for word, entry in data["rise"].items()},
        data["symbol"],
        frozenset(data["function"]),
        {word: _unit(entry) for word, entry in data["unit"].items()},
    )


def _unit(entry: dict[str, Any]) -> Unit:
    return Unit(entry["of"], Fraction(entry.get("factor", 1)), entry.get("unit", ""))
