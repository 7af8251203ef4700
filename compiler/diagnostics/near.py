"""Names written nearly like another one, nearest first."""

from __future__ import annotations

from collections.abc import Iterable


def near_names(
    name: str, names: Iterable[str], most: int = 3, least: float | None = None
) -> list[str]:
    """At most so many of `names` whose likeness to `name` (0 to 1) is at least `least`.

    Likeness is that of insertions and deletions. Names equally near stand in the order they are
    given.
    """
    from rapidfuzz import fuzz, process  # only where something is wrong already

    if least is None:
        least = 0.5 if len(name) <= 2 else 0.6
    found = process.extract(
        name[:200], list(names), scorer=fuzz.ratio, limit=4 * most, score_cutoff=least * 100
    )
    found.sort(key=lambda one: (-one[1], -_in_place(name, one[0])))
    return [near for near, _, _ in found[:most]]


def _in_place(name: str, other: str) -> int:
    """How many characters two names have at the same place."""
    return sum(a == b for a, b in zip(name, other, strict=False))
