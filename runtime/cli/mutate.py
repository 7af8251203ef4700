"""What `luling test --mutate` prints: by clause the changes that no example notices."""

from __future__ import annotations

import attrs

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir.rulebook import Example, Untested

from ..mutate import Mutant, Trial
from ..reasons import Reasons
from ..rulebooks import Loaded
from .coverage import place
from .shared import print_json


@attrs.frozen
class Tried:
    """A change with the first example that came out otherwise, or why none can."""

    mutant: Mutant
    by: Example | None
    reason: str | None

    @property
    def noticed(self) -> bool:
        """Whether some example notices the change."""
        return self.by is not None

    @property
    def settled(self) -> bool:
        """Whether it is noticed, or the rule file says why it cannot be."""
        return self.noticed or self.reason is not None


def only_about(mutants: list[Mutant], text: str) -> list[Mutant]:
    """The changes with a text in their clause or in the name of what they change."""
    return [m for m in mutants if text in m.name or text in (m.clause or "")]


def tried(trial: Trial, mutant: Mutant, reasons: Reasons) -> Tried:
    """A change with what comes of it."""
    by = trial.noticed_by(mutant)
    return Tried(mutant, by, None if by else reasons.of(mutant.name, mutant.change))


def tell(loaded: Loaded, found: list[Tried], as_json: bool, language: Language) -> None:
    """A line for each clause, under it what survives, at last how many there are."""
    if as_json:
        _tell_json(loaded, found)
        return
    for clause, tried in _by_clause(found).items():
        mark = "✓" if all(one.settled for one in tried) else "✗"
        print(f"  {mark} {clause or '—'}　{_counts(tried, language)}")
        for one in tried:
            if not one.settled:
                print(f"      {one.mutant.name}：{one.mutant.change}")
                print(f"        --> {place(loaded, one.mutant.span)}")
    print(_whole(found, language))


def tell_idle(
    loaded: Loaded, idle: list[tuple[Untested, str]], as_json: bool, language: Language
) -> None:
    """The reasons in the rule file that nothing needs any more."""
    said = Both(
        "已有示例发现，或者没有这样的改动", "an example notices it, or there is no such change"
    )
    for untested, change in idle:
        label, where = f"不测 {untested.name} “{change}”", place(loaded, untested.span)
        if as_json:
            print_json({"不测": untested.name, "改动": change, "位置": where, "多余": True})
        else:
            print(f"  ✗ {label}：{getattr(said, language)}")
            print(f"    --> {where}")


def _tell_json(loaded: Loaded, found: list[Tried]) -> None:
    """One object for each clause, at last one for the rulebook."""
    for clause, tried in _by_clause(found).items():
        surviving = [_json(loaded, one) for one in tried if not one.noticed]
        print_json({"条款": clause, **_numbers(tried), "未发现": surviving})
    surviving_of_all = sum(not one.noticed for one in found)
    print_json({"规则书": loaded.rulebook.title, **_numbers(found), "未发现": surviving_of_all})


def _by_clause(found: list[Tried]) -> dict[str | None, list[Tried]]:
    clauses: dict[str | None, list[Tried]] = {}
    for one in found:
        clauses.setdefault(one.mutant.clause, []).append(one)
    return clauses


def _numbers(tried: list[Tried]) -> dict[str, object]:
    return {"改动": len(tried), "发现": sum(one.noticed for one in tried)}


def _json(loaded: Loaded, one: Tried) -> dict[str, object]:
    mutant = one.mutant
    reason = {} if one.reason is None else {"说明": one.reason}
    where = place(loaded, mutant.span)
    return {"名称": mutant.name, "改动": mutant.change, "位置": where, **reason}


def _counts(tried: list[Tried], language: Language) -> str:
    noticed, explained = sum(one.noticed for one in tried), _explained(tried)
    text = Both(f"改动 {len(tried)}，发现 {noticed}", f"{len(tried)} changes, {noticed} noticed")
    reasons = Both(f"，说明 {explained}", f", {explained} explained")
    return "".join(getattr(part, language) for part in ((text, reasons) if explained else (text,)))


def _explained(tried: list[Tried]) -> int:
    return sum(one.settled and not one.noticed for one in tried)


def _whole(found: list[Tried], language: Language) -> str:
    noticed, explained = sum(one.noticed for one in found), _explained(found)
    left = len(found) - noticed - explained
    parts = [
        Both(
            f"{len(found)} 处改动，{noticed} 处有示例发现",
            f"{len(found)} changes, {noticed} noticed",
        )
    ]
    if explained:
        parts.append(Both(f"，{explained} 处说明了为何不能发现", f", {explained} explained"))
    parts.append(Both(f"，{left} 处没有示例发现。", f", {left} not noticed by any example."))
    return "".join(getattr(part, language) for part in parts)
