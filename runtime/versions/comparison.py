"""One comparison of two versions: text, rules, outcomes, both joined, and examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

import attrs

from ..decide import Engine
from ..rulebooks import Loaded
from .change import RuleChange
from .evidence import evidence
from .examples import Compared, Runner, Subject, example_subjects, file_subjects, never_both_apply
from .joined import Joined, causes, joined
from .outcomes import Outcomes
from .rules import Versions
from .text import TextChange, text_changes

Part = Literal["text", "rules", "outcomes", "examples"]
PARTS: Final[tuple[Part, ...]] = ("text", "rules", "outcomes", "examples")
CompareOutcomes = Callable[[Engine, Engine], Outcomes]
Watched = Callable[[Iterable[Subject | Compared]], Iterable[Subject | Compared]]


@attrs.frozen(eq=False, slots=False)
class Comparison:
    """Two loaded versions and what was found to differ; None is a part that was not asked for.

    `as_if_both_applied`: they apply on no day in common, so each case was decided as if they did.
    """

    old: Loaded
    new: Loaded
    versions: Versions
    text: tuple[TextChange, ...] | None
    rules: tuple[RuleChange, ...] | None
    outcomes: Outcomes | None
    examples: tuple[Compared, ...] | None
    as_if_both_applied: bool = False

    @cached_property
    def joined(self) -> tuple[Joined, ...] | None:
        """Text beside behaviour, where both text and rules were compared."""
        if self.text is None or self.rules is None:
            return None
        return joined(self.text, self.rules, self.outcomes, self._shown())

    def _shown(self) -> dict[str, tuple[str, ...]]:
        """What worked examples show of changes that no listed region is caused by."""
        if self.outcomes is None or self.examples is None:
            return {}
        return evidence(
            self.versions,
            self.examples,
            causes(self.outcomes),
            as_if_both_applied=self.as_if_both_applied,
        )

    @cached_property
    def change(self) -> dict[str, RuleChange]:
        """The changes of rules by their key."""
        return {change.key: change for change in self.versions.changes}

    @property
    def same(self) -> bool:
        """Whether nothing that was asked for differs. What is not proved is not the same."""
        return (
            all(change.kind in ("same", "unquoted") for change in self.text or ())
            and not self.rules
            and (self.outcomes is None or self.outcomes.same)
            and not any(compared.differs for compared in self.examples or ())
        )


def compare(
    old: Loaded,
    new: Loaded,
    outcomes: CompareOutcomes,
    *,
    parts: Iterable[Part] = PARTS,
    cases: Path | None = None,
    watched: Watched = iter,
) -> Comparison:
    """Two versions held against one another, as far as asked for: `cases` is a folder of case
    files, or one, to be decided beside the worked examples. `watched` sees each case go by.
    """
    asked = frozenset(parts)
    versions = Versions(old.rulebook, new.rulebook)
    engines = Engine(old.rulebook), Engine(new.rulebook)
    found = outcomes(*engines) if "outcomes" in asked else None
    apart = found.as_if_both_applied if found is not None else never_both_apply(versions)
    return Comparison(
        old=old,
        new=new,
        versions=versions,
        text=text_changes(old.rulebook, new.rulebook) if "text" in asked else None,
        rules=versions.changes if "rules" in asked else None,
        outcomes=found,
        examples=_decided(versions, cases, watched, apart) if "examples" in asked else None,
        as_if_both_applied=apart,
    )


def _decided(
    versions: Versions, cases: Path | None, watched: Watched, apart: bool
) -> tuple[Compared, ...]:
    runner = Runner(versions, as_if_both_applied=apart)
    return tuple(runner.decide(subject) for subject in watched(_subjects(versions, cases)))


def _subjects(versions: Versions, cases: Path | None) -> Iterator[Subject | Compared]:
    yield from example_subjects(versions)
    if cases is not None:
        books = (versions.old, versions.new)
        yield from file_subjects(cases, (group.name for book in books for group in book.groups))
