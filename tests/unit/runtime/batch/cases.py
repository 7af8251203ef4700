"""Cases of a rulebook to make tables of: worked examples, and examples with one thing wrong."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import FactField, Rulebook
from luling.runtime.facts import reader_of

from .tables import ROOT, Case


def examples(rulebook: Rulebook) -> list[Case]:
    """The cases of all worked examples whose values a typed column can hold."""
    return [example.case for example in rulebook.examples if _is_typed(rulebook, example.case)]


def contract_cases() -> list[Case]:
    """The cases that people decided by hand."""
    folder = ROOT / "tests" / "flagship" / "contract"
    return [json.loads(p.read_text("utf-8"))["案件"] for p in sorted(folder.glob("*.json"))]


def _is_typed(rulebook: Rulebook, case: Case) -> bool:
    return not any(f.code in {"L0602", "L0603"} for f in _faults(rulebook, case))


def _faults(rulebook: Rulebook, case: Case) -> Any:
    return reader_of(rulebook).read(case).faults


def spoiled(rulebook: Rulebook, case: Case) -> Iterator[Case]:
    """A case with one value that a column holds and that the fact may not be, each in turn."""
    for group in rulebook.groups:
        for field in group.fields:
            wrong = _wrong(field)
            key = field.path.rpartition(".")[2]
            if wrong is None or not case.get(group.name):
                continue
            bad = copy.deepcopy(dict(case))
            home = bad[group.name][-1] if group.is_list else bad[group.name]
            if key in home:
                home[key] = wrong
                yield bad


def _wrong(field: FactField) -> Any:
    kind = t.solid(field.type)
    if isinstance(kind, t.Enum):
        return kind.members[0] + "的"
    if isinstance(kind, t.Number):
        return -60 if kind.integer else "-1.5"
    wrong: dict[t.Type, str] = {
        t.DATE: "1899-12-31", t.MONEY: "-0.01", t.RATIO: "-0.5", t.TEXT: " "
    }  # fmt: skip
    return wrong.get(kind)


def thinned(case: Case, rulebook: Rulebook) -> Iterator[Case]:
    """A case without one of its facts, each in turn."""
    for group in rulebook.groups:
        if group.name not in case:
            continue
        if group.is_list:
            yield {name: value for name, value in case.items() if name != group.name}
            continue
        for key in case[group.name]:
            less = {k: v for k, v in case[group.name].items() if k != key}
            yield {**case, group.name: less}
