"""What a compiled function needs of words: a text in two languages, a kind of fault, near names.

Nothing but the standard library: this text is taken into every compiled function, in place of the
catalogue of diagnostics and of rapidfuzz.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Both(NamedTuple):
    """A word of a message that is said differently in the two languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh


Argument = str | int | Both


class Entry(NamedTuple):
    """One kind of fault: its code and its sentence."""

    code: str
    message: Both


def near_names(
    name: str, names: Iterable[str], most: int = 3, least: float | None = None
) -> list[str]:
    """At most so many of `names` whose likeness to `name` (0 to 1) is at least `least`.

    Likeness is that of insertions and deletions. Names equally near stand in the order they are
    given.
    """
    if least is None:
        least = 0.5 if len(name) <= 2 else 0.6
    found = [(_likeness(name[:200], other), other) for other in names]
    found = [one for one in found if one[0] >= least]
    found.sort(key=lambda one: -one[0])
    found = found[: 4 * most]
    found.sort(key=lambda one: (-one[0], -_in_place(name, one[1])))
    return [near for _, near in found[:most]]


def _likeness(one: str, other: str) -> float:
    """1 less the share of characters to be taken out or put in."""
    both = len(one) + len(other)
    return 1 - (both - 2 * _common(one, other)) / both if both else 1.0


def _common(one: str, other: str) -> int:
    """The length of the longest sequence of characters that both have, with gaps."""
    row = [0] * (len(other) + 1)
    for char in one:
        before = 0
        for place, found in enumerate(other, 1):
            above = row[place]
            row[place] = before + 1 if char == found else max(above, row[place - 1])
            before = above
    return row[-1]


def _in_place(name: str, other: str) -> int:
    """How many characters two names have at the same place."""
    return sum(a == b for a, b in zip(name, other, strict=False))
