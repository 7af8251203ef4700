"""Parts of two rulebooks paired by name, else by content, else by likeness; and their changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs
from rapidfuzz.distance import Indel

from luling.compiler.source import Span

from .change import Kind, Part, RuleChange, Unit
from .differences import Detail

_SIMILAR = 30  # differences in a hundred up to which two parts are one under another name


@attrs.frozen(eq=False)
class One:
    """A part as it is compared. `content` is equal where the part says the same."""

    name: str
    clause: str | None
    content: Any
    text: str
    span: Span | None
    part: Any


Details = Callable[[Any, Any], list[Detail]]


def compared(
    head: str,
    part: Part,
    old: Iterable[One],
    new: Iterable[One],
    details: Details,
    told: Callable[[Any], str],
    akin: Callable[[Any, Any], bool] | None = None,
) -> Iterator[RuleChange]:
    """The changes of parts of one kind. `akin` says which may be one under another name."""
    for one, other in pairs(list(old), list(new), akin):
        if one is None or other is None:
            found = alone(*(None if p is None else told(p.part) for p in (one, other)))
        else:
            found = _details(one, other, details(one.part, other.part))
        name = other.name if other is not None else one.name if one is not None else ""
        if found:
            same = one is not None and other is not None and one.content == other.content
            yield between(f"{head} {name}", part, one, other, found, ((part, name),), not same)


def _details(one: One, other: One, found: list[Detail]) -> list[Detail]:
    """What differs, with the name before and the clause behind."""
    named = said("名称", one.name, other.name)
    return [*named, *found, *said("条款", one.clause, other.clause)]


def between(
    key: str,
    part: Part,
    one: One | None,
    other: One | None,
    details: list[Detail],
    units: tuple[Unit, ...],
    substantial: bool = True,
) -> RuleChange:
    """The change from one part to another; where there is only one of them, it came or went."""
    kind: Kind = "changed"
    if one is None or other is None:
        kind = "added" if one is None else "removed"
    elif {detail.what for detail in details} == {"名称"}:
        kind = "renamed"
    return RuleChange(
        key=key,
        kind=kind,
        part=part,
        old_name=None if one is None else one.name,
        new_name=None if other is None else other.name,
        old_clause=None if one is None else one.clause,
        new_clause=None if other is None else other.clause,
        details=tuple(details),
        units=units,
        substantial=substantial,
        old_span=None if one is None else one.span,
        new_span=None if other is None else other.span,
    )


def alone(old: str | None, new: str | None) -> list[Detail]:
    """All there is to say of a part that came or went."""
    return [Detail("", old, new)]


def pairs(
    old: list[One], new: list[One], akin: Callable[[Any, Any], bool] | None
) -> Iterator[tuple[One | None, One | None]]:
    by_name = {one.name: one for one in new}
    went = [one for one in old if one.name not in by_name]
    came = [one for one in new if one.name not in {other.name for other in old}]
    matched = _matched(went, came, akin) if akin is not None else {}
    for one in old:
        other = by_name.get(one.name) or matched.get(one.name)
        yield one, other
    taken = {other.name for other in matched.values()}
    yield from ((None, one) for one in came if one.name not in taken)


def _matched(went: list[One], came: list[One], akin: Callable[[Any, Any], bool]) -> dict[str, One]:
    """What one version only has, by its old name: with the same content, else the most alike."""
    near = sorted(
        (0 if one.content == other.content else distance, at, to)
        for at, one in enumerate(went)
        for to, other in enumerate(came)
        if akin(one.part, other.part)
        and ((distance := _distance(one, other)) <= _SIMILAR or one.content == other.content)
    )
    found: dict[str, One] = {}
    for _, at, to in near:
        if went[at].name not in found and came[to] not in found.values():
            found[went[at].name] = came[to]
    return found


def _distance(one: One, other: One) -> int:
    """How unlike two parts are, in a hundred: their names, or else what they say."""
    return min(_apart(one.name, other.name), _apart(one.text, other.text))


def _apart(one: str, other: str) -> int:
    whole = len(one) + len(other)
    return Indel.distance(one, other) * 100 // whole if whole else 0


def joined(members: tuple[str, ...] | None) -> str | None:
    return None if members is None else "、".join(members)


def said(what: str, old: str | None, new: str | None) -> list[Detail]:
    return [] if old == new else [Detail(what, old, new)]


def own_names(named: list[tuple[str, str | None]]) -> list[str]:
    """Each with a name of its own: those that share one get their clause, and a number."""
    times = Counter(name for name, _ in named)
    seen: Counter[str] = Counter()
    found = []
    for name, clause in named:
        own = f"{name}（{clause}）" if times[name] > 1 and clause else name
        seen[own] += 1
        found.append(f"{own} 之{seen[own]}" if seen[own] > 1 else own)
    return found
