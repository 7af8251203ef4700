"""One finding: what is wrong, where, and what would help. A value."""

from __future__ import annotations

from collections import Counter

import attrs

from ..source import Span
from .entry import Argument, Both, Entry, Language, say


@attrs.frozen
class Label:
    """Another place that a finding is about, and what stands there."""

    span: Span
    text: Both


@attrs.frozen
class Finding:
    """An entry of the catalogue met at a place of a rulebook."""

    entry: Entry
    span: Span
    arguments: dict[str, Argument] = attrs.field(factory=dict)
    labels: tuple[Label, ...] = ()
    hints: tuple[Both, ...] = ()

    @property
    def code(self) -> str:
        """The code of the kind of finding, such as `L0201`."""
        return self.entry.code

    @property
    def is_error(self) -> bool:
        """Whether a rulebook with this finding yields no decisions."""
        return self.entry.severity == "error"

    def message(self, language: Language = "zh") -> str:
        """The sentence that tells this case."""
        return say(self.entry.message, language, self.arguments)

    def advice(self, language: Language = "zh") -> list[str]:
        """What the reader could do about it, the general advice of the entry last."""
        found = [getattr(hint, language) for hint in self.hints]
        if self.entry.hint is not None:
            found.append(say(self.entry.hint, language, self.arguments))
        return found


def did_you_mean(names: list[str]) -> tuple[Both, ...]:
    """The hint that offers near names, nothing where there are none."""
    if not names:
        return ()
    zh = "、".join(f"「{name}」" for name in names)
    en = ", ".join(f"「{name}」" for name in names)
    return (Both(f"是否想写{zh}？", f"did you mean {en}?"),)


def has_errors(findings: list[Finding]) -> bool:
    """Whether any finding is more than a warning."""
    return any(finding.is_error for finding in findings)


def in_order(findings: list[Finding]) -> list[Finding]:
    """Findings by file and place, each once; one for each name that is not known."""
    unique = {(f.code, f.span): f for f in reversed(findings)}
    ordered = sorted(unique.values(), key=lambda f: (f.span.file, f.span.start, f.code))
    times = Counter(_mistake(finding) for finding in ordered)
    kept: dict[object, Finding] = {}
    for finding in ordered:
        kept.setdefault(_mistake(finding), finding)
    return [_with_times(finding, times[mistake]) for mistake, finding in kept.items()]


def _mistake(finding: Finding) -> object:
    """The same for findings that come of one mistake: a name that is used and not declared."""
    if not finding.entry.once_for_a_name:
        return finding.code, finding.span
    return finding.code, tuple(sorted((k, str(v)) for k, v in finding.arguments.items()))


def _with_times(finding: Finding, times: int) -> Finding:
    if times == 1:
        return finding
    more = Both(f"另有 {times - 1} 处也这样写。", f"so it is written {times - 1} more times.")
    return attrs.evolve(finding, hints=(*finding.hints, more))
