"""What a comparison of two versions says, held against what the interpreter says of single cases.

A change is seeded into a rulebook and the two are compared. That a result differs has to be shown
by a case; that it is the same must not be contradicted by any.
"""

import json
import random
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from luling.compiler.ir.rulebook import Rulebook
from luling.runtime.decide import Decision, Engine
from luling.runtime.facts import Facts
from luling.runtime.interpret import Interpretation, RulebookFault
from luling.runtime.mutate import Mutant, mutants
from luling.runtime.reasons import Reasons
from luling.runtime.versions.compare import compare_outcomes
from luling.runtime.versions.outcomes import Outcomes, Region

Case = dict[str, Any]
INVALID = "输入有误"
AT_FAULT = "规则有误"


@attrs.frozen(eq=False)
class Tried:
    """A change, the rulebook changed, and what the comparison says of the two."""

    change: Mutant
    old: Engine
    new: Engine
    outcomes: Outcomes

    @property
    def told(self) -> str:
        """The change in words."""
        return f"{self.change.clause or ''} {self.change.name}：{self.change.change}"

    def results(self, verdict: str) -> list[str]:
        """The results with a verdict."""
        return [result.name for result in self.outcomes.results if result.verdict == verdict]


def spread(rulebook: Rulebook, count: int, seed: int) -> list[Mutant]:
    """So many changes to a rulebook, one of each clause in turn. Same seed, same changes."""
    rng = random.Random(seed)
    by_clause: dict[str | None, list[Mutant]] = {}
    for mutant in mutants(rulebook):
        by_clause.setdefault(mutant.clause, []).append(mutant)
    for own in by_clause.values():
        rng.shuffle(own)
    clauses = list(by_clause.values())
    rng.shuffle(clauses)
    longest = max(map(len, clauses))
    turns = [own[turn] for turn in range(longest) for own in clauses if turn < len(own)]
    return turns[:count]


def without_effect(rulebook: Rulebook) -> list[Mutant]:
    """The changes of which the rule files say that no example can notice them."""
    reasons = Reasons(rulebook)
    return [m for m in mutants(rulebook) if reasons.of(m.name, m.change) is not None]


def tried(
    old: Engine, change: Mutant, seconds: float = 120, results: Iterable[str] | None = None
) -> Tried:
    """A change compared with what was there; of what differs one region is enough."""
    new = Engine(change.rulebook(), old.chosen)
    outcomes = compare_outcomes(old, new, regions=1, seconds=seconds, results=results)
    if outcomes.as_if_both_applied:
        return Tried(change, _as_if_applied(old), _as_if_applied(new), outcomes)
    return Tried(change, old, new, outcomes)


def _as_if_applied(engine: Engine) -> Engine:
    return Engine(attrs.evolve(engine.rulebook, gate=None), engine.chosen)


# --- what is said to differ


def idle_witnesses(one: Tried) -> Iterator[str]:
    """Results said to differ whose witness, decided anew by both, does not show it."""
    fresh = [Engine(engine.rulebook, engine.chosen) for engine in (one.old, one.new)]
    for result in one.outcomes.results:
        if result.verdict == "differs" and not result.regions:
            yield f"{one.told}\n  {result.name}：没有见证"
        for region in result.regions:
            if wrong := _wrong(result.name, region, *fresh):
                case = json.dumps(region.witness.case, ensure_ascii=False)
                yield f"{one.told}\n  {result.name}：{wrong}\n  {case}"


def _wrong(name: str, region: Region, old: Engine, new: Engine) -> str:
    before, after = (engine.decide(region.witness.case) for engine in (old, new))
    if INVALID in (before.state, after.state):
        return "见证不是合理的案件"
    values = _value(before, name), _value(after, name)
    if values[0] == values[1]:
        return "复演没有差别"
    return "" if values == (region.old, region.new) else f"复演为 {values}"


def _value(decision: Decision, name: str) -> Any:
    """What a decision says of a result; of a rulebook at fault that it is."""
    return decision.values.get(name, decision.state)


# --- what is said to be the same


def contradicted(tries: Iterable[Tried], cases: Iterable[Case]) -> Iterator[str]:
    """Results said to be the same for which some valid case comes out differently."""
    claims = [(one, one.results("same")) for one in tries if one.results("same")]
    if not claims:
        return
    read = claims[0][0].old.reader.read
    for case in cases:
        facts = read(case)
        before: dict[int, Interpretation] = {}  # what is known of the old version of this case
        for one, names in claims:
            old = before.get(id(one.old)) or _interpreted(one.old, facts)
            before[id(one.old)] = old
            for name in _unlike(old, _interpreted(one.new, facts), names):
                if _differs_validly(one, name, case):
                    told = json.dumps(case, ensure_ascii=False)
                    yield f"{one.told}\n  {name}：并不相同\n  {told}"


def _interpreted(engine: Engine, facts: Facts) -> Interpretation:
    return Interpretation(engine.program, facts.known, engine.chosen)


def _unlike(old: Interpretation, new: Interpretation, names: list[str]) -> list[str]:
    """The results, of some, that two interpretations do not agree on.

    Each is asked for by itself, so what it does not rest on costs nothing.
    """
    return [name for name in names if _asked(old, name) != _asked(new, name)]


def _asked(interpretation: Interpretation, name: str) -> Any:
    try:
        return interpretation.result(name)
    except RulebookFault:
        return AT_FAULT


def _differs_validly(one: Tried, name: str, case: Case) -> bool:
    """Whether both take the case, and decide it differently as a whole."""
    before, after = one.old.decide(case), one.new.decide(case)
    if INVALID in (before.state, after.state):
        return False
    return bool(_value(before, name) != _value(after, name))


def cases_at_hand(engine: Engine, tries: Iterable[Tried]) -> Iterator[Case]:
    """Complete valid cases on the limits: the worked examples, and the witnesses of all changes."""
    single = [f.path for g in engine.rulebook.groups if not g.is_list for f in g.fields]
    for example in engine.rulebook.examples:
        if set(single) <= set(engine.reader.read(example.case).known):
            if engine.decide(example.case).state == "已定":
                yield dict(example.case)
    for one in tries:
        for result in one.outcomes.results:
            yield from (region.witness.case for region in result.regions)
