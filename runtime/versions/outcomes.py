"""What a comparison says of outcomes: which results differ, where, and a case that shows it."""

from __future__ import annotations

from typing import Any, Literal

import attrs

from luling.compiler.ir import types as t

from ..decide import Decision

Verdict = Literal["same", "differs", "undecided"]


@attrs.frozen
class FactChange:
    """A fact in which a witness differs from the plain case it starts from, as JSON values."""

    path: str
    plain: object
    value: object


@attrs.frozen(eq=False)
class Witness:
    """A complete valid case that comes out differently, replayed through both versions.

    `baseline`: the worked example it starts from, `changes`: the facts in which it is otherwise.
    """

    case: dict[str, Any]
    baseline: str
    changes: tuple[FactChange, ...]
    old: Decision
    new: Decision


@attrs.frozen(eq=False)
class Region:
    """Cases whose result changes in the same way.

    `conditions` in the rulebook's words, all of which hold; `old` and `new` as `ir.values` has
    them. `causes`: keys of the changes of rules without which the witness would not come out so.
    `ordinary`: further conditions that hold in the plain case and have to hold here too.
    """

    conditions: tuple[str, ...]
    old: Any
    new: Any
    witness: Witness
    causes: tuple[str, ...]
    ordinary: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class ResultComparison:
    """One result under two versions. `more`: there are regions beside those listed.

    `why`: what could not be decided, where the verdict is undecided.
    """

    name: str
    type: t.Type
    verdict: Verdict
    regions: tuple[Region, ...] = ()
    more: bool = False
    why: str = ""


@attrs.frozen(eq=False)
class Outcomes:
    """All results that both versions have; `gone` and `added`: those that only one of them has.

    `assumptions`: what was assumed, in sentences.

    `as_if_both_applied`: the versions' spans have no day in common, so each case is decided by
    both as if it applied.
    """

    results: tuple[ResultComparison, ...]
    assumptions: tuple[str, ...] = ()
    as_if_both_applied: bool = False
    gone: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether it is proved that nothing differs."""
        alone = self.gone or self.added
        return not alone and all(result.verdict == "same" for result in self.results)
