"""必然: no random case refutes what the rules say of every case. A proof is another matter."""

import random
from copy import deepcopy
from functools import cache
from typing import Any, NamedTuple

import pytest

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Invariant
from luling.runtime import load
from luling.runtime.decide import Decision, Engine

from .cases import random_case
from .earlier import random_earlier_case
from .facts import Case

CASES = 300
VERSIONS = {"2022-17": random_earlier_case, "2025-7": random_case}


class Stated(NamedTuple):
    """A statement of one version."""

    version: str
    one: Invariant


@cache
def engine(version: str) -> Engine:
    """One version of the rules."""
    return load(f"rules/shanghai-skill-subsidy/{version}")


@cache
def first(version: str) -> list[tuple[Case, Decision | None]]:
    """Random cases, each with its decision."""
    cases = [VERSIONS[version](random.Random(seed)) for seed in range(CASES)]
    return [(case, decided(engine(version), case)) for case in cases]


def stated(what_must_hold: bool) -> list[Any]:
    """The statements of both versions: what must hold, or how a value goes."""
    return [
        pytest.param(Stated(version, one), id=f"{version}-{one.name}")
        for version in VERSIONS
        for one in engine(version).rulebook.invariants
        if (one.must is not None) == what_must_hold
    ]


def decided(by: Engine, case: Case) -> Decision | None:
    """The decision on a valid case; statements speak of its results."""
    decision = by.decide(case)
    if decision.state != "已定":
        return None
    assert decision.interpretation is not None
    decision.interpretation.values |= decision.values
    return decision


def of(decision: Decision, part: Any) -> Any:
    """The value of a part of a statement on a case."""
    assert decision.interpretation is not None
    return decision.interpretation.eval(part)


def speaks_of(one: Invariant, decision: Decision | None) -> bool:
    """Whether a statement says something of a case."""
    return decision is not None and (one.when is None or of(decision, one.when) is True)


def risen(by: Engine, path: str, case: Case) -> list[Case]:
    """The case with one fact raised, all else as it was."""
    group, name = path.split(".")
    found = []
    for higher in above(by.rulebook.facts[path].type, case[group][name]):
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
    later = [day for day in days if value is None or day > value]
    return later[:: max(1, len(later) // 8)]


def rank(kind: t.Type, value: Any) -> tuple[int, Any]:
    """A value to compare by: none is less than any."""
    plain = t.solid(kind)
    if isinstance(plain, t.Enum) and value is not None:
        value = plain.rank[value]
    return (0, 0) if value is None else (1, value)


@pytest.mark.parametrize("said", stated(what_must_hold=True))
def test_what_must_hold_does_on_every_random_case(said: Stated) -> None:
    met = 0
    for case, decision in first(said.version):
        if decision is not None and speaks_of(said.one, decision):
            met += 1
            assert of(decision, said.one.must) is True, case
    assert met, "no case that it speaks of"


@pytest.mark.parametrize("said", stated(what_must_hold=False))
def test_a_fact_that_rises_moves_no_value_the_other_way(said: Stated) -> None:
    one, by, met = said.one, engine(said.version), 0
    assert one.rises is not None and one.value is not None
    for case, decision in first(said.version):
        if decision is None or not speaks_of(one, decision):
            continue
        before = rank(one.value.type, of(decision, one.value))
        for higher in risen(by, one.rises, case):
            then = decided(by, higher)
            if then is not None and speaks_of(one, then):
                met += 1
                after = rank(one.value.type, of(then, one.value))
                assert after >= before if one.direction == "不减" else after <= before, higher
    assert met, "no two cases that it speaks of"


def test_a_statement_that_is_said_to_fail_under_other_readings_does() -> None:
    """What stands in the 注 of 申请时在沪就业补贴金额不减."""
    readings = {"多种身份": "列在前面", "技岗匹配项目对谁要求": "只对在职人员"}
    other = engine("2025-7").with_readings(readings)
    examples = other.rulebook.examples
    case: Any = deepcopy(next(e.case for e in examples if e.name == "咖啡师申请时不在沪就业"))
    case["获证时"]["残疾人"] = True
    before = other.decide(case)
    case["就业"]["申请时在沪就业"] = True
    after = other.decide(case)
    assert (before["享受身份"], after["享受身份"]) == ("残疾人", "在职人员")
    assert (before["补贴金额"], after["补贴金额"]) == (2700, 2160)


def test_at_least_twelve_statements_stand_beside_clauses() -> None:
    own = [one for one in engine("2025-7").rulebook.invariants if one.origin is None]
    assert len([one for one in own if one.clause is not None]) >= 12


def test_statements_of_an_imported_rulebook_come_with_it() -> None:
    found = {one.name: one for one in engine("2025-7").rulebook.invariants if one.origin}
    rising = found["退休.出生晚的退休不早"]
    assert rising.origin == "渐进式延迟法定退休年龄"
    assert rising.rises == "申请人.出生日期"  # the fact here that gives 人.出生日期
