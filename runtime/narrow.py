"""What the checks between facts say of facts that are absent.

Only valid completions of a case count. Where a check ties one fact to another, the known one can
leave the absent one few values, or a single one: what the checks leave open is all it can still be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .interpret import Interpretation
from .partial import Unknown
from .program import Program


def narrow(
    program: Program, known: Mapping[str, Any], readings: Mapping[str, str]
) -> Interpretation:
    """An interpretation in which absent facts are what the checks still allow them to be."""
    absent = [path for path in program.checked if path not in known]
    interpretation = Interpretation(program, known, readings)
    if not absent:
        return interpretation
    facts = dict(known)
    open_facts = dict(program.absent)
    changed = True
    while changed:
        changed = False
        for path in absent:
            among = open_facts[path].among
            if path in facts or among is None:
                continue
            left = frozenset(v for v in among if _allowed(program, facts, path, v, readings))
            if left and left != among:
                changed = True
                if len(left) == 1:
                    facts[path] = next(iter(left))
                else:
                    open_facts[path] = Unknown(frozenset([path]), left)
    interpretation = Interpretation(program, facts, readings)
    interpretation.absent = open_facts
    return interpretation


def _allowed(
    program: Program, facts: dict[str, Any], path: str, value: Any, readings: Mapping[str, str]
) -> bool:
    """Whether no check fails for certain with a value for an absent fact."""
    trial = Interpretation(program, {**facts, path: value}, readings)
    return all(trial.eval(check.must) is not False for check in program.checked[path])
