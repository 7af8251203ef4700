"""必然: no random case refutes what the rules say of every case. A proof is another matter."""

import random
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Invariant
from luling.runtime import load
from luling.runtime.decide import Decision, Engine

from .cases import random_case
from .facts import Case

ENGINE = load("rules/shanghai-skill-subsidy/2025-7")
STATED = ENGINE.rulebook.invariants
CASES = 300


def named(name: str) -> Invariant:
    """A statement by its name."""
    return next(one for one in STATED if one.name == name)


def decided(engine: Engine, case: Case) -> Decision | None:
    """The decision on a valid case; its results are what statements speak of."""
    decision = engine.decide(case)
    if decision.state != "已定":
        return None
    assert decision.interpretation is not None
    decision.interpretation.values |= decision.values
    return decision


@cache
def first() -> list[tuple[Case, Decision | None]]:
    """Random cases, each with its decision."""
    cases = [random_case(random.Random(seed)) for seed in range(CASES)]
    return [(case, decided(ENGINE, case)) for case in cases]


def of(decision: Decision, part: Any) -> Any:
    """The value of a part of a statement on a case."""
    assert decision.interpretation is not None
    return decision.interpretation.eval(part)


def speaks_of(one: Invariant, decision: Decision) -> bool:
    """Whether the condition of a statement holds."""
    return one.when is None or of(decision, one.when) is True


def risen(path: str, case: Case) -> list[Case]:
    """The case with one fact raised, all else as it was."""
    group, name = path.split(".")
    value = case[group][name]
    found = []
    for higher in above(ENGINE.rulebook.facts[path].type, value):
        found.append(deepcopy(case))
        found[-1][group][name] = higher
    return found


def above(kind: t.Type, value: Any) -> list[Any]:
    """Values of a type higher than one."""
    plain = t.solid(kind)
    if isinstance(plain, t.Enum):
        return list(plain.order[plain.rank[value] + 1 :]) if value in plain.rank else []
    if plain == t.BOOL:
        return [True] if value is False else []
    days = [f"{year}-{month:02}-15" for year in range(1945, 2031) for month in (3, 9)]
    return [day for day in days if value is None or day > value][:: 1 if value else 40][:8]


def rank(kind: t.Type, value: Any) -> tuple[int, Any]:
    """A value to compare by: none is less than any."""
    plain = t.solid(kind)
    if isinstance(plain, t.Enum) and value is not None:
        value = plain.rank[value]
    return (0, 0) if value is None else (1, value)


@pytest.mark.parametrize("name", [one.name for one in STATED if one.must is not None])
def test_what_must_hold_does_on_every_random_case(name: str) -> None:
    one, met = named(name), 0
    for case, decision in first():
        if decision is not None and speaks_of(one, decision):
            met += 1
            assert of(decision, one.must) is True, case
    assert met, "no case that it speaks of"


@pytest.mark.parametrize("name", [one.name for one in STATED if one.must is None])
def test_a_fact_that_rises_moves_no_value_the_other_way(name: str) -> None:
    one, met = named(name), 0
    assert one.rises is not None and one.value is not None
    for case, decision in first():
        if decision is None or not speaks_of(one, decision):
            continue
        before = rank(one.value.type, of(decision, one.value))
        for higher in risen(one.rises, case):
            then = decided(ENGINE, higher)
            if then is not None and speaks_of(one, then):
                met += 1
                after = rank(one.value.type, of(then, one.value))
                assert after >= before if one.direction == "不减" else after <= before, higher
    assert met, "no two cases that it speaks of"


def test_a_statement_that_is_said_to_fail_under_other_readings_does() -> None:
    """What stands in the 注 of 申请时在沪就业补贴金额不减."""
    other = ENGINE.with_readings({"多种身份": "列在前面", "技岗匹配项目对谁要求": "只对在职人员"})
    example = next(e for e in ENGINE.rulebook.examples if e.name == "咖啡师申请时不在沪就业")
    case: Any = deepcopy(example.case)
    case["获证时"]["残疾人"] = True
    before = other.decide(case)
    case["就业"]["申请时在沪就业"] = True
    after = other.decide(case)
    assert (before["享受身份"], after["享受身份"]) == ("残疾人", "在职人员")
    assert (before["补贴金额"], after["补贴金额"]) == (2700, 2160)


def test_at_least_twelve_statements_stand_beside_clauses() -> None:
    assert sum(one.clause is not None and one.origin is None for one in STATED) >= 12
