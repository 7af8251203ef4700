"""Text and behaviour side by side, clause by clause: what changed in both, or in one alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

from .change import RuleChange
from .outcomes import Outcomes
from .text import TextChange

Standing = Literal["both", "text", "silent", "unquoted", "idle"]


@attrs.frozen
class Joined:
    """A clause of which text or rules changed.

    `both`: its text changed, and results because of it. `text`: its text, and no result that we
    know of. `silent`: results because of it, and not its text. `unquoted`: results, and there is no
    text to compare. `idle`: rules that no difference of results comes of.

    `results` are those that differ because of it. Where none are known, `rules` says which rules
    under it changed. `open`: not all differences are known, so there may be more.
    """

    clause: str | None
    standing: Standing
    text: TextChange | None
    rules: tuple[RuleChange, ...]
    results: tuple[str, ...]
    open: bool

    @property
    def acting(self) -> tuple[RuleChange, ...]:
        """The rules under it that changed in what they do."""
        return tuple(rule for rule in self.rules if rule.substantial)

    @property
    def title(self) -> str:
        """The title of the clause, where it has one."""
        return self.text.title if self.text is not None else ""


def joined(
    text: tuple[TextChange, ...],
    rules: tuple[RuleChange, ...],
    outcomes: Outcomes | None,
    shown: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Joined, ...]:
    """Every clause where anything changed, in the order of the text; what stands under no clause
    comes first.

    `shown` has, by the key of a change, further results that worked examples show it to change.
    Without outcomes a rule that changed in substance counts as if results differed because of it.
    """
    by_clause = _rules_by_clause(text, rules)
    caused = {**(shown or {}), **causes(outcomes)}
    unknown = outcomes is None or any(
        result.more or result.verdict == "undecided" for result in outcomes.results
    )
    places: list[TextChange | None] = [None, *text]
    found = []
    for place in places:
        under = by_clause.get(_key(place), ())
        results = tuple(dict.fromkeys(name for rule in under for name in caused.get(rule.key, ())))
        acts = bool(results) if outcomes is not None else any(r.substantial for r in under)
        standing = _standing(place, acts, any(r.substantial for r in under))
        if standing is not None:
            clause = None if place is None else place.clause
            found.append(Joined(clause, standing, place, under, results, unknown))
    return tuple(found)


def _standing(text: TextChange | None, acts: bool, touched: bool) -> Standing | None:
    if text is None:
        return "unquoted" if acts else "idle" if touched else None
    if text.differs:
        return "both" if acts else "text"
    if acts:
        return "unquoted" if text.kind == "unquoted" else "silent"
    return "idle" if touched else None


def _key(text: TextChange | None) -> tuple[str | None, str | None]:
    if text is None:
        return None, None
    return text.old.id if text.old else None, text.new.id if text.new else None


def _rules_by_clause(
    text: tuple[TextChange, ...], rules: tuple[RuleChange, ...]
) -> dict[tuple[str | None, str | None], tuple[RuleChange, ...]]:
    """The changes under each clause, by its number in both versions."""
    new = {change.new.id: _key(change) for change in text if change.new is not None}
    old = {change.old.id: _key(change) for change in text if change.old is not None}
    found: dict[tuple[str | None, str | None], tuple[RuleChange, ...]] = {}
    for rule in rules:
        key = new.get(rule.new_clause or "") or old.get(rule.old_clause or "") or (None, None)
        found[key] = (*found.get(key, ()), rule)
    return found


def causes(outcomes: Outcomes | None) -> dict[str, tuple[str, ...]]:
    """The results that differ because of a change, by its key."""
    found: dict[str, tuple[str, ...]] = {}
    for result in outcomes.results if outcomes is not None else ():
        for region in result.regions:
            for key in region.causes:
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), result.name)))
    return found
