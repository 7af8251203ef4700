"""What is proved of the rules of every case; and a change that breaks a statement is refuted."""

from functools import cache
from typing import Any

import attrs
import pytest

from luling.compiler.ir.rulebook import Rulebook
from luling.runtime import load
from luling.runtime.decide import Engine
from luling.runtime.interpret import Interpretation
from luling.runtime.mutate import mutants
from luling.runtime.proofs.answer import QUESTIONS, Answer
from luling.runtime.proofs.verify import verify

BOOKS = (
    "shanghai-skill-subsidy/2025-7",
    "shanghai-skill-subsidy/2022-17",
    "statutory-retirement-age/2025",
)
FLAGSHIP = BOOKS[0]


@cache
def answers(book: str) -> tuple[Answer, ...]:
    """Every answer about a rulebook."""
    return tuple(verify(load(f"rules/{book}")))


@pytest.mark.parametrize("book", BOOKS)
def test_nothing_is_left_to_settle(book: str) -> None:
    left = [(a.question, a.about, a.verdict, str(a.why)) for a in answers(book) if not a.settled]
    assert left == []


@pytest.mark.parametrize("book", BOOKS)
def test_every_statement_beside_a_clause_is_proved(book: str) -> None:
    own = [one for one in load(f"rules/{book}").rulebook.invariants if one.origin is None]
    told = [answer for answer in answers(book) if answer.question == "invariant"]
    assert [a.about for a in told] == [f"必然 {one.name}" for one in own]
    assert {answer.verdict for answer in told} == {"proved"}


def test_every_kind_of_question_but_that_of_cliffs_is_asked() -> None:
    assert {answer.question for answer in answers(FLAGSHIP)} == {*QUESTIONS} - {"cliff"}


def test_the_one_rule_that_changes_nothing_is_explained_beside_its_clause() -> None:
    """A remainder of a fen, which no amount leaves."""
    refuted = [a for a in answers(FLAGSHIP) if a.verdict == "refuted"]
    assert [(a.clause, a.about) for a in refuted] == [("二（三）", "例外 市级承担其余")]
    assert refuted[0].reason == "现行各档补贴金额都能平分到分，没有尾差。"


# --- single changes: the part, the change as `luling test --mutate` says it, what they break
BROKEN = [
    ("例外 申请时已在沪就业的未就业人员", "120% → 121%", "补贴比例只有三种"),
    ("例外 申请时已在沪就业的未就业人员", "120% → 121%", "补贴金额不超过5460元"),
    ("表 补贴标准表（A，一级）", "4550.00元 → 4550.01元", "补贴金额不超过5460元"),
    ("表 补贴标准表（C，五级）", "800.00元 → 800.01元", "等级越高补贴标准不减"),
    ("要求 经职业技能评价取得", "删去", "不经职业技能评价取得的不可享受"),
    ("要求 每年不超过三次", "3 → 4", "当年已有三次的不可享受"),
    ("例外 二十四个月内申请", "2年 → 2年1日", "可享受的在截止日以前申请"),
    ("参数 市级份额", "1 → 2", "市区承担相等"),
    ("规则 申请截止日", "删去", "可享受则有身份和金额"),
    (
        "规则 劳动年龄段",
        "去掉 按解读「法定劳动年龄下限」取「不设下限」"
        " 或 证书.颁发日期 不早于 申请人.出生日期 起满 最低劳动年龄",
        "未满最低劳动年龄的不可享受",
    ),
]


@pytest.mark.parametrize(("part", "change", "statement"), BROKEN)
def test_a_change_that_breaks_a_statement_is_refuted_by_a_case(
    part: str, change: str, statement: str
) -> None:
    """The case is valid, and comes out of the rules as they stand so that the statement holds."""
    plain = load(f"rules/{FLAGSHIP}")
    found = (m for m in mutants(plain.rulebook) if (m.name, m.change) == (part, change))
    mutant = next(found)
    changed = only(mutant.rulebook(), statement)
    (answer,) = verify(Engine(changed), questions=["invariant"])
    assert (answer.verdict, answer.about) == ("refuted", f"必然 {statement}")
    assert answer.refutation is not None and answer.refutation.baseline
    assert holds(Engine(only(plain.rulebook, statement)), answer)
    assert not holds(Engine(changed), answer)


def only(rulebook: Rulebook, statement: str) -> Rulebook:
    """A rulebook with one of its statements."""
    one = [i for i in rulebook.invariants if i.name == statement and i.origin is None]
    assert len(one) == 1
    return attrs.evolve(rulebook, invariants=tuple(one))


def holds(engine: Engine, answer: Answer) -> bool:
    """Whether the one statement of a rulebook holds of the case, or the two, that refute it."""
    (one,), refutation = engine.rulebook.invariants, answer.refutation
    assert refutation is not None
    first = decided(engine, refutation.case)
    if one.must is not None:
        spoken_of = one.when is None or first.eval(one.when) is True
        return not spoken_of or first.eval(one.must) is True
    assert one.value is not None and refutation.second is not None and one.when is None
    before, after = first.eval(one.value), decided(engine, refutation.second).eval(one.value)
    return bool((before or 0) <= (after or 0))


def decided(engine: Engine, case: dict[str, Any]) -> Interpretation:
    """A decision in which results are what is reported."""
    decision = engine.decide(case)
    assert decision.state == "已定" and decision.interpretation is not None
    decision.interpretation.values |= decision.values
    return decision.interpretation
