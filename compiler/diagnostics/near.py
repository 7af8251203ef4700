"""Names written nearly like another one, nearest first."""

from __future__ import annotations

from collections.abc import Iterable


def near_names(name: str, names: Iterable[str], most: int = 3, least: float = 0.6) -> list[str]:
    """At most so many of `names` whose likeness to `name` (0 to 1) is at least `least`.

    Likeness is that of insertions and deletions. Names equally near stand in the order they are
    given.
    """
    from rapidfuzz import fuzz, process  # only where something is wrong already

    found = process.extract(
        name[:200], list(names), scorer=fuzz.ratio, limit=most, score_cutoff=least * 100
    )
    return [near for near, _, _ in found]
