"""沪人社规〔2022〕17号 in rules/: an incomplete restatement that decides as its points say."""

import json
import random

from luling.compiler.ir.types import maybe, show
from luling.runtime import load, load_rulebook

from . import oracle
from .days import FIRST_DAY as NEXT
from .earlier import FIRST_DAY, LAST_DAY, decide, random_earlier_case
from .test_rulebook import RULES

LAW = RULES / "shanghai-skill-subsidy"
EARLIER, LATER = load(LAW / "2022-17"), load(LAW / "2025-7")


def test_random_cases_are_decided_as_the_second_reading_decides_them() -> None:
    rng = random.Random(2022)
    seen: dict[object, int] = {}
    for _ in range(600):
        case = random_earlier_case(rng)
        assert not oracle.faults_between(case)
        wanted = decide(case)
        decision = EARLIER.decide(case)
        assert decision.state == "已定"
        assert decision.results() == wanted, json.dumps(case, ensure_ascii=False)
        seen[wanted["结论"]] = seen.get(wanted["结论"], 0) + 1
    assert len(seen) == 3 and min(seen.values()) > 30


def test_it_says_that_it_is_incomplete_and_quotes_nothing() -> None:
    book = EARLIER.rulebook
    assert any("要点，原文未收录" in note for note in book.notes)
    assert book.source_text is None
    assert not any(clause.quotations for clause in book.clauses)
    assert not load_rulebook(LAW / "2022-17").findings


def test_both_versions_take_the_same_facts_and_give_the_same_results() -> None:
    facts = [{p: show(f.type) for p, f in e.rulebook.facts.items()} for e in (EARLIER, LATER)]
    assert facts[0] == facts[1]
    allowed = [{p: f.allowed for p, f in e.rulebook.facts.items()} for e in (EARLIER, LATER)]
    assert allowed[0] == allowed[1]
    results = [
        [(d.name, show(maybe(d.type))) for d in e.rulebook.results] for e in (EARLIER, LATER)
    ]
    assert results[0] == results[1]
    assert EARLIER.rulebook.enums == LATER.rulebook.enums


def test_every_day_since_the_earlier_one_belongs_to_one_version() -> None:
    """The second reading ends the day before the later notice begins."""
    assert (NEXT - LAST_DAY).days == 1
    assert FIRST_DAY < LAST_DAY
