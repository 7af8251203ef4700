"""Whether two versions come out alike, but for what may change; told by region, with cases."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import attrs

from luling.compiler.diagnostics.near import near_names
from luling.compiler.ir.values import show
from luling.runtime.versions.outcomes import (
    FactChange,
    Outcomes,
    Region,
    ResultComparison,
    Witness,
)

_MOST_TOLD = 6


@attrs.frozen
class Allowed:
    """What may come out otherwise: these results, by changes under these clauses; None is any."""

    results: frozenset[str] | None
    clauses: frozenset[str] | None


@attrs.frozen(eq=False)
class Compared:
    """Two versions with the clause that each change of a rule stands under, by its key.

    `clauses`: all clauses that either version has.
    """

    outcomes: Outcomes
    clause_of: Mapping[str, str | None]
    clauses: Collection[str]


def unexpected(compared: Compared, allowed: Allowed, *, must_change: bool) -> list[str]:
    """What is told where something else changes; with `must_change` also where what is named does
    not. Nothing where all is as it should be.
    """
    lines = list(_unknown(compared, allowed))
    if lines:
        return lines
    for result in compared.outcomes.results:
        lines += _of_result(compared, result, allowed)
    if must_change:
        lines += _idle(compared, allowed)
    if lines:
        lines += [f"所设：{one}" for one in compared.outcomes.assumptions]
        if compared.outcomes.as_if_both_applied:
            lines.append("两版的施行期间没有同一日：按两版都适用来比较。")
    return lines


def _unknown(compared: Compared, allowed: Allowed) -> Iterator[str]:
    """Names that nothing has: a slip of the pen must not make a test pass."""
    results = [result.name for result in compared.outcomes.results]
    for name in sorted(allowed.results or ()):
        if name not in results:
            yield f"两版没有都有的结果「{name}」。{_near(name, results)}"
    for name in sorted(allowed.clauses or ()):
        if name not in compared.clauses:
            yield f"两版都没有条款「{name}」。{_near(name, compared.clauses)}"


def _near(name: str, known: Collection[str]) -> str:
    near = near_names(name, list(known), 1, 0.5)
    return f"是否想写「{near[0]}」？" if near else ""


def _of_result(compared: Compared, result: ResultComparison, allowed: Allowed) -> Iterator[str]:
    may_change = allowed.results is None or result.name in allowed.results
    anyhow = may_change and allowed.clauses is None
    if anyhow or result.verdict == "same":
        return
    if result.verdict == "undecided":
        yield f"{result.name}：未能确定两版是否相同。{result.why}"
        yield ""
    beyond = [r for r in result.regions if not (may_change and _is_covered(compared, r, allowed))]
    for region in beyond[:_MOST_TOLD]:
        yield from _told(compared, result, region)
        yield ""
    if len(beyond) > _MOST_TOLD:
        yield f"{result.name}：另有 {len(beyond) - _MOST_TOLD} 处不应有的变化。\n"
    elif result.more and not beyond:
        yield f"{result.name}：还有没有列出的变化，不能确定都由所列条款引起。\n"
    elif result.verdict == "differs" and not result.regions:
        yield f"{result.name}：有变化，没有列出是哪些案件。\n"


def _is_covered(compared: Compared, region: Region, allowed: Allowed) -> bool:
    """Whether changes under allowed clauses cause all of it; what has no known cause is not."""
    if allowed.clauses is None:
        return True
    causes = [compared.clause_of.get(key) for key in region.causes]
    return bool(causes) and all(clause in allowed.clauses for clause in causes)


def _idle(compared: Compared, allowed: Allowed) -> Iterator[str]:
    """What was said to change and does not."""
    for result in compared.outcomes.results:
        if allowed.results and result.name in allowed.results and result.verdict == "same":
            yield f"{result.name}：没有变化。"
    caused = {
        compared.clause_of.get(key)
        for result in compared.outcomes.results
        for region in result.regions
        for key in region.causes
    }
    more = any(result.more or result.verdict == "undecided" for result in compared.outcomes.results)
    for clause in sorted(allowed.clauses or ()):
        if clause not in caused and not more:
            yield f"{clause}：没有引起变化。"


def _told(compared: Compared, result: ResultComparison, region: Region) -> Iterator[str]:
    """The old value and the new one, for whom, by what, and a case that shows it."""
    old, new = (show(value, result.type) for value in (region.old, region.new))
    yield f"{result.name}：{old} → {new}"
    for condition in region.conditions:
        yield f"  · {condition}"
    if region.causes:
        yield f"  起因：{'；'.join(_cause(compared, key) for key in region.causes)}"
    yield from _witness(region.witness)


def _cause(compared: Compared, key: str) -> str:
    clause = compared.clause_of.get(key)
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
