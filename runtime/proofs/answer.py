"""What is found about a question: a verdict, in words, and the case that refutes."""

from __future__ import annotations

from typing import Any, Final, Literal

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.source import Span

from ..versions.outcomes import FactChange

Verdict = Literal["proved", "refuted", "undecided"]
Question = Literal[
    "invariant", "conflict", "gap", "idle", "redundant", "widening", "cliff"
]  # fmt: skip

QUESTIONS: Final[dict[Question, Both]] = {
    "invariant": Both("必然成立", "what is stated of every case"),
    "conflict": Both("规则不冲突", "no two rules disagree"),
    "gap": Both("要有值的都有值", "no value is lacking"),
    "idle": Both(
        "没有多余的规则、要求、单元格和成员", "no rule, requirement, cell, member is idle"
    ),
    "redundant": Both("没有多余的条件", "no condition is implied"),
    "widening": Both("例外不越出所优先的规则", "no exception goes beyond what it overrides"),
    "cliff": Both("差一日、一元，结果相差不大", "one day or yuan makes little difference"),
}


@attrs.frozen(eq=False)
class Refutation:
    """A valid case that refutes, replayed by the interpreter.

    `readings`: those that have to be otherwise than they were asked with;
    `baseline`: the worked example it starts from, `changes`: the facts in which it is otherwise;
    `second`: the other case of a statement about two; `found`: what came out, in words.
    """

    case: dict[str, Any]
    readings: dict[str, str]
    baseline: str
    changes: tuple[FactChange, ...]
    found: tuple[Both, ...]
    second: dict[str, Any] | None = None


@attrs.frozen(eq=False)
class Answer:
    """The answer to one question: about what, under which clause, and the verdict.

    `why`: what was refuted, or what could not be decided. `reason`: what the rule file says of
    what was refuted, where that is meant.
    """

    question: Question
    about: str
    clause: str | None
    verdict: Verdict
    span: Span
    why: Both | None = None
    reason: str | None = None
    refutation: Refutation | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do: proved, or refuted for a reason that is written down."""
        return self.verdict == "proved" or (self.verdict == "refuted" and self.reason is not None)
