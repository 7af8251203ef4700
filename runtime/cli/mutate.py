"""What `luling test --mutate` prints: by clause the changes that no example notices."""

from __future__ import annotations

import attrs

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir.rulebook import Example

from ..mutate import Mutant
from ..rulebooks import Loaded
from .coverage import place
from .shared import print_json


@attrs.frozen
class Tried:
    """A change with the first example that came out otherwise."""

    mutant: Mutant
    by: Example | None

    @property
    def noticed(self) -> bool:
        """Whether some example notices the change."""
        return self.by is not None


def only_about(mutants: list[Mutant], text: str) -> list[Mutant]:
    """The changes with a text in their clause or in the name of what they change."""
    return [m for m in mutants if text in m.name or text in (m.clause or "")]


def tell(loaded: Loaded, found: list[Tried], language: Language) -> None:
    """A line for each clause, under it what survives, at last how many there are."""
    for clause, tried in _by_clause(found).items():
        mark = "✓" if all(one.noticed for one in tried) else "✗"
        print(f"  {mark} {clause or '—'}　{_counts(tried, language)}")
        for one in tried:
            if not one.noticed:
                print(f"      {one.mutant.name}：{one.mutant.change}")
                print(f"        --> {place(loaded, one.mutant.span)}")
    print(_whole(found, language))


def tell_json(loaded: Loaded, found: list[Tried]) -> None:
    """One object for each clause, at last one for the rulebook."""
    for clause, tried in _by_clause(found).items():
        surviving = [_json(loaded, one.mutant) for one in tried if not one.noticed]
        print_json({"条款": clause, **_numbers(tried), "未发现": surviving})
    surviving_of_all = sum(not one.noticed for one in found)
    print_json({"规则书": loaded.rulebook.title, **_numbers(found), "未发现": surviving_of_all})


def _by_clause(found: list[Tried]) -> dict[str | None, list[Tried]]:
    clauses: dict[str | None, list[Tried]] = {}
    for one in found:
        clauses.setdefault(one.mutant.clause, []).append(one)
    return clauses


def _numbers(tried: list[Tried]) -> dict[str, object]:
    return {"变动": len(tried), "发现": sum(one.noticed for one in tried)}


def _json(loaded: Loaded, mutant: Mutant) -> dict[str, object]:
    return {"名称": mutant.name, "变动": mutant.change, "位置": place(loaded, mutant.span)}


def _counts(tried: list[Tried], language: Language) -> str:
    noticed = sum(one.noticed for one in tried)
    text = Both(f"变动 {len(tried)}，发现 {noticed}", f"{len(tried)} changes, {noticed} noticed")
    return str(getattr(text, language))


def _whole(found: list[Tried], language: Language) -> str:
    noticed = sum(one.noticed for one in found)
    text = Both(
        f"{len(found)} 处变动，{noticed} 处有示例发现，{len(found) - noticed} 处没有。",
        f"{len(found)} changes, {noticed} noticed by an example, {len(found) - noticed} not.",
    )
    return str(getattr(text, language))
