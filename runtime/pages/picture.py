"""What a diagram shows before it is drawn: boxes with words, and arrows between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Literal as Choice

import attrs

Kind = Choice["facts", "import", "clause", "gate", "result", "here"]
Key = tuple[Kind, str]
Arrow = tuple[Key, Key]


@attrs.frozen
class Line:
    """Words in a box, and what they lead to (`clause:一（一）`); nothing where that is empty."""

    text: str
    target: str = ""
    is_result: bool = False


@attrs.frozen
class Box:
    """A box: its heading, and what stands in it."""

    kind: Kind
    title: Line
    lines: tuple[Line, ...] = ()


@attrs.frozen
class Picture:
    """Boxes in the order they are told in, and the arrows from what is read to what reads it.

    `drawn`: the arrows that are drawn; all arrows are told in words.
    """

    title: str
    caption: str
    boxes: Mapping[Key, Box]
    arrows: Set[Arrow]
    drawn: Set[Arrow]

    def downward(self) -> frozenset[Arrow]:
        """The drawn arrows so that none comes back: among boxes that read one another, as told."""
        return _downward(list(self.boxes), self.drawn)


def needed(boxes: Iterable[Key], arrows: Set[Arrow]) -> frozenset[Arrow]:
    """The arrows without those that go where others go through clauses or results; of two boxes
    that read each other both.
    """
    below = reading(_downward(list(boxes), arrows))
    beyond = {key: reached(below, key) for key in below}
    spare = {
        (a, b)
        for a, ends in below.items()
        for b in ends
        if any(b in beyond.get(c, ()) for c in ends if c[0] != "import")
    }
    return frozenset((a, b) for a, b in arrows if (a, b) not in spare or (b, a) in arrows)


def _downward(boxes: list[Key], arrows: Set[Arrow]) -> frozenset[Arrow]:
    order = {key: n for n, key in enumerate(boxes)}
    below = reading(arrows)
    return frozenset(
        (b, a) if order[a] > order[b] and a in reached(below, b) else (a, b) for a, b in arrows
    )


def reading(arrows: Iterable[Arrow]) -> dict[Key, set[Key]]:
    """The boxes that read each."""
    found: dict[Key, set[Key]] = {}
    for a, b in arrows:
        found.setdefault(a, set()).add(b)
    return found


def reached(below: Mapping[Key, set[Key]], start: Key) -> set[Key]:
    """All that arrows lead to from a box, in one or more steps."""
    found: set[Key] = set()
    pending = [*below.get(start, ())]
    while pending:
        key = pending.pop()
        if key not in found:
            found.add(key)
            pending += below.get(key, ())
    return found
