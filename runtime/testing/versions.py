"""Whether two versions come out alike, but for what may change; told by region, with cases.

That a change under some clauses explains every difference is shown by taking these changes back:
what is left of the new version must come out as the old one does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from luling.compiler.diagnostics.near import near_names
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.ir.values import show
from luling.runtime.decide import Engine
from luling.runtime.versions.compare import compare_outcomes
from luling.runtime.versions.outcomes import (
    FactChange,
    Outcomes,
    Region,
    ResultComparison,
    Witness,
)
from luling.runtime.versions.rules import Versions

_MOST_TOLD = 6


class Pair:
    """Two versions that are to be compared. What is not settled after `seconds` is not proved."""

    def __init__(self, old: Engine, new: Engine, seconds: float) -> None:
        self._old, self._new, self._seconds = old, new, seconds
        self._versions = Versions(old.rulebook, new.rulebook)

    def not_the_same(self, except_for: Collection[str]) -> list[str]:
        """What comes out otherwise, with the changes under some clauses taken back."""
        if lines := list(self._unknown_clauses(except_for)):
            return lines
        return self._differences(self._versions.before, self._without(except_for), None)

    def other_changes(self, results: Collection[str], clauses: Collection[str]) -> list[str]:
        """What changes beside these results, what other clauses than these change, and which of
        them change nothing. An empty collection says nothing.
        """
        lines = [*self._unknown_results(results), *self._unknown_clauses(clauses)]
        if lines:
            return lines
        before, after = self._versions.before, self._new.rulebook
        if clauses:
            lines += self._differences(before, self._without(clauses), None)
        if results:
            others = [name for name in self._results if name not in results]
            lines += self._differences(before, after, others)
        return lines + list(self._idle(results, clauses))

    @property
    def _results(self) -> list[str]:
        """The results that both versions have, as the new one names them."""
        before = {definition.name for definition in self._versions.before.results}
        return [d.name for d in self._new.rulebook.results if d.name in before]

    def _without(self, clauses: Collection[str]) -> Rulebook:
        """The new version without the changes under some clauses."""
        changes = [c for c in self._versions.changes if c.clause in clauses]
        return self._versions.without(*changes) if changes else self._new.rulebook

    def _differences(
        self, before: Rulebook, after: Rulebook, results: Collection[str] | None
    ) -> list[str]:
        outcomes = self._compared(before, after, results, _MOST_TOLD + 1)
        clause_of = {c.key: c.clause for c in Versions(before, after).changes}
        return differences(outcomes, clause_of)

    def _compared(
        self, before: Rulebook, after: Rulebook, results: Collection[str] | None, regions: int
    ) -> Outcomes:
        one, other = Engine(before, self._old.chosen), Engine(after, self._new.chosen)
        return compare_outcomes(one, other, results=results, regions=regions, seconds=self._seconds)

    def _idle(self, results: Collection[str], clauses: Collection[str]) -> Iterator[str]:
        """What was said to change and does not."""
        before, after = self._versions.before, self._new.rulebook
        if results:
            for result in self._compared(before, after, results, 1).results:
                if result.verdict == "same":
                    yield f"{result.name}：没有变化。"
        for clause in clauses:
            without = self._without([clause])
            if without == after or self._compared(without, after, None, 1).same:
                yield f"{clause}：没有引起变化。"

    # --- a slip of the pen must not make a test pass

    def _unknown_results(self, names: Collection[str]) -> Iterator[str]:
        for name in names:
            if name not in self._results:
                yield f"两版没有都有的结果「{name}」。{_near(name, self._results)}"

    def _unknown_clauses(self, names: Collection[str]) -> Iterator[str]:
        books = (self._old.rulebook, self._new.rulebook)
        known = list(dict.fromkeys(clause.id for book in books for clause in book.clauses))
        for name in names:
            if name not in known:
                yield f"两版都没有条款「{name}」。{_near(name, known)}"


def _near(name: str, known: Collection[str]) -> str:
    near = near_names(name, list(known), 1, 0.5)
    return f"是否想写「{near[0]}」？" if near else ""


def differences(outcomes: Outcomes, clause_of: Mapping[str, str | None]) -> list[str]:
    """What is told of results that differ or are not proved to be the same; nothing where all are.

    `clause_of`: the clause that a change of a rule stands under, by its key.
    """
    lines = [f"{name}：只有旧版有这项结果。" for name in outcomes.gone]
    lines += [f"{name}：只有新版有这项结果。" for name in outcomes.added]
    lines += [line for result in outcomes.results for line in _of_result(result, clause_of)]
    if lines:
        lines += [f"所设：{one}" for one in outcomes.assumptions]
        if outcomes.as_if_both_applied:
            lines.append("两版的施行期间没有同一日：按两版都适用来比较。")
    return lines


def _of_result(result: ResultComparison, clause_of: Mapping[str, str | None]) -> Iterator[str]:
    match result.verdict:
        case "same":
            return
        case "undecided":
            yield f"{result.name}：未能确定两版是否相同。{result.why}"
        case "differs":
            for region in result.regions[:_MOST_TOLD]:
                yield from _told(result, region, clause_of)
                yield ""
            if result.more or len(result.regions) > _MOST_TOLD:
                yield f"{result.name}：还有别的变化。"


def _told(
    result: ResultComparison, region: Region, clause_of: Mapping[str, str | None]
) -> Iterator[str]:
    """The old value and the new one, for whom, by what, and a case that shows it."""
    old, new = (show(value, result.type) for value in (region.old, region.new))
    yield f"{result.name}：{old} → {new}"
    for condition in region.conditions:
        yield f"  · {condition}"
    if region.causes:
        yield f"  起因：{'；'.join(_cause(key, clause_of.get(key)) for key in region.causes)}"
    yield from _witness(region.witness)


def _cause(key: str, clause: str | None) -> str:
    return f"{clause} {key}" if clause else key


def _witness(witness: Witness) -> Iterator[str]:
    """A case, as what it has otherwise than a worked example."""
    yield f"  案件：同示例「{witness.baseline}」" + ("，但是" if witness.changes else "")
    for change in witness.changes:
        yield from _changed(change)


def _changed(change: FactChange) -> Iterator[str]:
    yield f"    - {change.path}：{_shown(change.plain)}"
    yield f"    + {change.path}：{_shown(change.value)}"


def _shown(value: object) -> str:
    match value:
        case None:
            return "空"
        case True | False:
            return "是" if value else "否"
        case list():
            return "；".join(map(_shown, value)) or "无"
        case dict():
            return "，".join(f"{name} {_shown(of_item)}" for name, of_item in value.items())
    return str(value)
