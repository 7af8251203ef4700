"""Is it true for all cases? What deciding must keep, whatever stands in the case."""

import copy
import json
import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.ir.walk import walk
from luling.runtime import load_text
from luling.runtime.decide import Decision, Engine
from luling.runtime.rulebooks import load

from ..flagship import oracle
from ..flagship.cases import BAD_KINDS, BAD_TEXTS, bad_case, drop_facts, random_case
from ..flagship.facts import absent_paths, is_absent, put
from ..flagship.values import completions

ROOT: Final = Path(__file__).parents[2]
FLAGSHIP: Final = "rules/shanghai-skill-subsidy/2025-7"
WATER: Final = "tests/rulebooks/water"
SEED: Final = int(os.environ.get("LULING_SEED", "20250501"))

Case = dict[str, Any]
pytestmark = pytest.mark.filterwarnings("ignore:The recursion limit will not be reset")
quick = settings(
    max_examples=150, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
thorough = settings(quick, max_examples=8_000, derandomize=False)


@cache
def engine(folder: str) -> Engine:
    """A rulebook of this tree."""
    return load(ROOT / folder)


@cache
def case_texts(folder: str) -> tuple[str, ...]:
    """Real cases of a rulebook as JSON."""
    if folder == FLAGSHIP:
        rng = random.Random(SEED)
        cases = [random_case(rng) for _ in range(40)]
    else:
        cases = [dict(example.case) for example in engine(folder).rulebook.examples]
    return tuple(json.dumps(case, ensure_ascii=False) for case in cases)


def real_case(folder: str, rng: random.Random) -> Case:
    """A complete case of a rulebook by chance."""
    case: Case = json.loads(rng.choice(case_texts(folder)))
    return random_case(rng) if folder == FLAGSHIP else case


def answer(decision: Decision) -> str:
    """The answer as the command would print it."""
    return json.dumps(decision.to_json(), ensure_ascii=False)


def assert_whole(decision: Decision) -> None:
    """Whatever the case, the answer is one: it can be printed, and its parts agree."""
    answer(decision).encode("utf-8")
    found: Any = decision.to_json("en")
    state, faults = found["状态"], found["错误"]
    assert state in ("已定", "信息不足", "输入有误", "规则有误")
    assert bool(faults) == (state in ("输入有误", "规则有误"))
    assert all(f["代码"].startswith("L06") and f["说明"] for f in faults)
    assert bool(found["缺少"]) == (state == "信息不足")
    if faults:
        assert found["结果"] == {}
    elif state == "已定":
        assert list(found["结果"]) == [d.name for d in decision.engine.rulebook.results]


# ---- no JSON makes deciding raise


@cache
def words(folder: str) -> tuple[str, ...]:
    """Keys and values that a case of the rulebook may hold, so that noise goes deeper."""
    rulebook = engine(folder).rulebook
    found = {part for path in rulebook.facts for part in path.split(".")}
    found |= {group.name for group in rulebook.groups}
    found |= {member for enum in rulebook.enums for member in enum.members}
    return (*sorted(found), "2025-05-01", "2025-02-29", "1.00", "-1", "")


def noise(folder: str) -> st.SearchStrategy[Any]:
    """Any JSON value, often with the rulebook's own words in it."""
    text = st.one_of(st.sampled_from(words(folder)), st.text(max_size=12))
    leaf = st.one_of(
        st.none(), st.booleans(), st.integers(), text,
        st.floats(), st.integers(10**300, 10**420), st.dates().map(str),
    )  # fmt: skip
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(text, inner, max_size=5)
        ),
        max_leaves=20,
    )


@st.composite
def mutated(draw: st.DrawFn, folder: str) -> Case:
    """A real case with noise in some places."""
    case: Case = json.loads(draw(st.sampled_from(case_texts(folder))))
    for _ in range(draw(st.integers(1, 4))):
        holder: Any = case
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(holder[key], dict | list) and draw(st.integers(0, 5)):
                holder = holder[key]
                continue
            spoil(draw, holder, key, folder)
            break
    return case


def spoil(draw: st.DrawFn, holder: Any, key: Any, folder: str) -> None:
    """Nothing; a value is gone, doubled under another key, or noise."""
    match draw(st.sampled_from(["noise", "noise", "drop", "word", "key"])):
        case "noise":
            holder[key] = draw(noise(folder))
        case "drop":
            del holder[key]
        case "word":
            holder[key] = draw(st.sampled_from(words(folder)))
        case _:
            if isinstance(holder, dict):
                holder[draw(st.sampled_from(words(folder)))] = copy.deepcopy(holder[key])
            else:
                holder.append(copy.deepcopy(holder[key]))


@pytest.mark.parametrize("folder", [FLAGSHIP, WATER])
class TestNothingRaises:
    """No text and no value is too strange."""

    @quick
    @given(data=st.data())
    def test_any_text(self, folder: str, data: st.DataObject) -> None:
        text = data.draw(st.one_of(st.text(), st.text('[]{}":,01.-eE+tfn" \n\\u', max_size=40)))
        assert_whole(engine(folder).decide_text(text))

    @quick
    @given(data=st.data())
    def test_any_value(self, folder: str, data: st.DataObject) -> None:
        value = data.draw(noise(folder))
        assert_whole(engine(folder).decide(value))
        assert_whole(engine(folder).decide_text(json.dumps(value)))
        assert_whole(engine(folder).decide_text(json.dumps(value, ensure_ascii=False)))

    @quick
    @given(data=st.data())
    def test_a_case_with_noise_in_it(self, folder: str, data: st.DataObject) -> None:
        case = data.draw(mutated(folder))
        assert_whole(engine(folder).decide(case))
        assert_whole(engine(folder).decide_text(json.dumps(case)))

    @pytest.mark.long
    @thorough
    @given(data=st.data())
    def test_a_case_with_noise_in_it_long(self, folder: str, data: st.DataObject) -> None:
        assert_whole(engine(folder).decide_text(json.dumps(data.draw(mutated(folder)))))

    def test_nests_of_any_depth(self, folder: str) -> None:
        for depth in (10, 500, 5_000, 40_000, 200_000):
            for text in ("[" * depth, "[" * depth + "]" * depth, '{"a":' * depth):
                assert_whole(engine(folder).decide_text(text))
                assert_whole(engine(folder).decide_text(f'{{"户": {text}}}'))

    def test_numbers_of_any_length(self, folder: str) -> None:
        facts = engine(folder).rulebook.facts
        numbers = [path for path, f in facts.items() if isinstance(t.solid(f.type), t.Number)]
        group, _, fact = numbers[0].partition(".")
        for number in ("9" * 399, "9" * 5000, "-" + "9" * 5000, "0." + "1" * 5000, "1e400", "1E-9"):
            decision = engine(folder).decide_text(f'{{"{group}": {{"{fact}": {number}}}}}')
            assert_whole(decision)


# ---- what is determined stays, what is not listed does not matter


def settled(decision: Decision) -> dict[str, object]:
    """The results that are determined."""
    assert decision.state in ("已定", "信息不足")
    return decision.results()


def without_some(folder: str, rng: random.Random, case: Case, n: int) -> Case:
    """A copy of a case in which some facts are absent."""
    if folder == FLAGSHIP:
        return drop_facts(rng, case, n)
    partial = copy.deepcopy(case)
    for _ in range(n):
        if places := list(leaves(partial)):
            holder, key = rng.choice(places)
            del holder[key]
    return partial


def leaves(case: Case) -> Iterator[tuple[Case, str]]:
    """Every fact of a case, lists and the fields of their items among them."""
    for name, group in case.items():
        if isinstance(group, list):
            yield case, name
        for holder in group if isinstance(group, list) else [group]:
            yield from ((holder, key) for key in holder)


def additions(partial: Case, full: Case, rng: random.Random) -> Iterator[Case]:
    """The case with one more fact at a time, up to the full one."""
    case = copy.deepcopy(partial)
    while case != full:
        holder, key, value = rng.choice(list(gaps(case, full)))
        holder[key] = copy.deepcopy(value)
        yield case


def gaps(case: Any, full: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Every place where a case lacks what the full one has: holder, key, value."""
    keys = list(full) if isinstance(full, dict) else range(len(full))
    for key in keys:
        if isinstance(full, dict) and key not in case:
            value = full[key] if isinstance(full[key], list) else {}
            yield case, key, value if isinstance(full[key], dict | list) else full[key]
        elif isinstance(full[key], dict | list):
            yield from gaps(case[key], full[key])


def assert_additions_keep(folder: str, rng: random.Random) -> None:
    """Adding facts back one by one never changes a result that was determined."""
    full = real_case(folder, rng)
    before = engine(folder).decide(full)
    if before.state != "已定":
        return
    partial = without_some(folder, rng, full, rng.choice((1, 2, 4, 8, 16)))
    known = settled(engine(folder).decide(partial))
    for case in additions(partial, full, rng):
        now = settled(engine(folder).decide(case))
        assert known.items() <= now.items(), json.dumps(case, ensure_ascii=False)
        known = now
    assert known == before.results()


@pytest.mark.parametrize("folder", [FLAGSHIP, WATER])
def test_adding_a_fact_never_changes_a_determined_result(folder: str) -> None:
    rng = random.Random(SEED)
    for _ in range(150):
        assert_additions_keep(folder, rng)


@pytest.mark.long
@pytest.mark.parametrize("folder", [FLAGSHIP, WATER])
def test_adding_a_fact_never_changes_a_determined_result_long(folder: str) -> None:
    rng = random.Random()
    for _ in range(10_000):
        assert_additions_keep(folder, rng)


def assert_unlisted_does_not_matter(rng: random.Random) -> None:
    """Absent facts that are not in 缺少 take any valid values, and nothing changes."""
    partial = drop_facts(rng, random_case(rng), rng.choice((2, 4, 8, 16, 40)))
    before = engine(FLAGSHIP).decide(partial)
    shut = {*before.missing, *tied(before)}
    unlisted = [path for path in absent_paths(partial) if path not in shut]
    rng.shuffle(unlisted)
    filled = copy.deepcopy(partial)
    for path in unlisted:
        if is_absent(filled, path):
            fill(filled, path, rng)
    after = engine(FLAGSHIP).decide(filled)
    assert (after.state, after.results()) == (before.state, before.results()), json.dumps(
        [partial, filled], ensure_ascii=False
    )


def tied(decision: Decision) -> set[str]:
    """Facts that a check ties to a missing one: given, they can leave that one fewer values."""
    rulebook = decision.engine.rulebook
    groups = [set(facts_in(rulebook, check.must)) for check in rulebook.checks]
    return {path for group in groups if group & {*decision.missing} for path in group}


def facts_in(rulebook: Rulebook, expr: ir.Expr) -> Iterator[str]:
    """The facts an expression reads, also through those given to an imported rulebook."""
    for node in walk(expr):
        if isinstance(node, ir.Fact):
            yield node.path
        elif isinstance(node, ir.Defined):
            for rule in rulebook.definition[node.name].rules:
                yield from facts_in(rulebook, rule.value)


def fill(case: Case, path: str, rng: random.Random) -> None:
    """Nothing; the fact has a valid value, if one is found."""
    values = completions(path, case)
    rng.shuffle(values)
    for value in values:
        trial = copy.deepcopy(case)
        put(trial, path, copy.deepcopy(value))
        if not oracle.faults_between(trial):
            put(case, path, copy.deepcopy(value))
            return


def test_an_absent_fact_that_is_not_missing_may_be_anything() -> None:
    rng = random.Random(SEED)
    for _ in range(300):
        assert_unlisted_does_not_matter(rng)


@pytest.mark.long
def test_an_absent_fact_that_is_not_missing_may_be_anything_long() -> None:
    rng = random.Random()
    for _ in range(10_000):
        assert_unlisted_does_not_matter(rng)


def assert_what_matters_is_listed(rng: random.Random) -> None:
    """缺少 holds every fact seen to matter, and no determined result is seen to change."""
    partial = drop_facts(rng, random_case(rng), rng.choice((1, 2, 3, 5, 8, 20)))
    decision = engine(FLAGSHIP).decide(partial)
    stable, changing = oracle.matters(partial)
    shown = json.dumps(partial, ensure_ascii=False)
    assert changing <= set(decision.missing), shown
    assert settled(decision).items() <= stable.items(), shown


def test_every_fact_that_matters_is_missing() -> None:
    rng = random.Random(SEED)
    for _ in range(50):
        assert_what_matters_is_listed(rng)


@pytest.mark.long
def test_every_fact_that_matters_is_missing_long() -> None:
    rng = random.Random()
    for _ in range(1500):
        assert_what_matters_is_listed(rng)


# ---- order does not matter


def shuffled(value: Any, rng: random.Random) -> Any:
    """The same JSON with the keys of every object in another order."""
    if isinstance(value, dict):
        keys = rng.sample(list(value), len(value))
        return {key: shuffled(value[key], rng) for key in keys}
    return [shuffled(item, rng) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("folder", [FLAGSHIP, WATER])
def test_the_order_of_keys_does_not_change_a_byte(folder: str) -> None:
    rng = random.Random(SEED)
    for _ in range(100):
        case = without_some(folder, rng, real_case(folder, rng), rng.choice((0, 0, 2, 6)))
        if rng.random() < 0.3 and folder == FLAGSHIP:
            case, _ = bad_case(rng, random_case(rng))
        given_ = answer(engine(folder).decide(case))
        assert answer(engine(folder).decide(shuffled(case, rng))) == given_


def test_deciding_twice_or_after_another_case_gives_the_same() -> None:
    rng = random.Random(SEED)
    cases = [drop_facts(rng, random_case(rng), rng.choice((0, 3))) for _ in range(50)]
    first = [answer(engine(FLAGSHIP).decide(case)) for case in cases]
    again = [answer(d) for d in engine(FLAGSHIP).decide_many(reversed(cases))]
    assert first == again[::-1]


def test_a_case_is_left_as_it_was() -> None:
    rng = random.Random(SEED)
    for folder in (FLAGSHIP, WATER):
        case = real_case(folder, rng)
        before = copy.deepcopy(case)
        answer(engine(folder).decide(case))
        assert case == before


# ---- the second reading


def assert_same_as_oracle(rng: random.Random) -> None:
    """A complete case is decided as the oracle decides it."""
    case = random_case(rng)
    decision = engine(FLAGSHIP).decide(case)
    assert decision.state == "已定", json.dumps(case, ensure_ascii=False)
    assert decision.results() == oracle.decide(case), json.dumps(case, ensure_ascii=False)


def test_complete_cases_are_decided_as_the_oracle_does() -> None:
    rng = random.Random(SEED)
    for _ in range(300):
        assert_same_as_oracle(rng)


@pytest.mark.long
def test_complete_cases_are_decided_as_the_oracle_does_long() -> None:
    rng = random.Random()
    for _ in range(100_000):
        assert_same_as_oracle(rng)


# ---- bad input


def assert_one_fault(decision: Decision, place: str, shown: str) -> None:
    """The case is bad input at one place, and says so once."""
    assert decision.state == "输入有误", shown
    assert [fault.place for fault in decision.faults] == [place], shown
    assert_whole(decision)


@pytest.mark.parametrize("kind", BAD_KINDS)
def test_a_case_with_one_fault_has_one_finding_there(kind: str) -> None:
    rng = random.Random(SEED)
    for _ in range(60):
        bad, place = bad_case(rng, random_case(rng), kind)
        text = json.dumps(bad, ensure_ascii=False)
        assert_one_fault(engine(FLAGSHIP).decide_text(text), place, text)


@pytest.mark.long
@pytest.mark.parametrize("kind", BAD_KINDS)
def test_a_case_with_one_fault_has_one_finding_there_long(kind: str) -> None:
    rng = random.Random()
    for _ in range(3000):
        bad, place = bad_case(rng, random_case(rng), kind)
        text = json.dumps(bad, ensure_ascii=False)
        assert_one_fault(engine(FLAGSHIP).decide_text(text), place, text)


@pytest.mark.parametrize(("text", "place"), BAD_TEXTS, ids=lambda text: str(text)[:40])
def test_a_text_with_one_fault_has_one_finding_there(text: str, place: str) -> None:
    assert_one_fault(engine(FLAGSHIP).decide_text(text), place, text[:200])


# ---- faults of a rulebook are findings, not tracebacks

_NUMBER = "规则书 例\n事实 甲\n  日：日期\n  n：整数\n"
_CHECKED = (
    "核对 一\n  须 10 ÷ 甲.n 不超过 3\n  错在 甲.n\n  说明 「太多。」\n结果 果：日期 为 甲.日\n"
)


@pytest.mark.parametrize(
    ("source", "case", "code"),
    [
        ("结果 果：数 为 10 ÷ 甲.n\n", {"n": 0}, "L0692"),
        ("结果 果：日期 为 甲.日 起满 （甲.n × 1年）\n", {"n": 9999, "日": "2025-01-01"}, "L0691"),
        (
            "核对 一\n  须 甲.日 不晚于 甲.日 起满 （甲.n × 1年）\n  错在 甲.n\n  说明 「太多。」\n"
            "结果 果：整数 为 甲.n\n",
            {"n": 9999, "日": "2025-01-01"},
            "L0691",
        ),
        (
            _CHECKED,
            {"n": 0},
            "L0692",
        ),
    ],
)
def test_arithmetic_that_leads_nowhere_is_a_finding(source: str, case: Case, code: str) -> None:
    decision = load_text(_NUMBER + source).decide({"甲": case})
    assert (decision.state, [f.code for f in decision.faults]) == ("规则有误", [code])
    assert_whole(decision)


def test_the_span_of_application_may_be_arithmetic_too() -> None:
    source = _NUMBER.replace("规则书 例\n", "规则书 例\n  适用条件 10 ÷ 甲.n 超过 3\n")
    decision = load_text(source + "结果 果：日期 或 空 为 甲.日\n").decide({"甲": {"n": 0}})
    assert [fault.code for fault in decision.faults] == ["L0692"]


def test_bad_input_is_said_before_a_fault_of_the_rulebook() -> None:
    decision = load_text(_NUMBER + _CHECKED).decide({"甲": {"n": 0, "日": "昨天"}})
    assert (decision.state, [f.place for f in decision.faults]) == ("输入有误", ["甲.日"])


def test_what_was_not_needed_is_not_computed_for_the_reasons() -> None:
    source = (
        "## 第一条 一\n> 一\n要求 一\n  须 甲.n 不为 0\n要求 二\n  须 10 ÷ 甲.n 超过 3\n"
        "结果 果：是否 为 全案满足要求\n"
    )
    decision = load_text(_NUMBER + source).decide({"甲": {"n": 0}})
    assert decision.state == "已定"
    assert_whole(decision)


def test_a_parameter_before_its_first_day_is_a_finding() -> None:
    source = "参数 价：金额\n  依 甲.日\n  自 2024-01-01 为 1元\n结果 果：金额 为 价 × 2\n"
    decision = load_text(_NUMBER + source).decide({"甲": {"日": "2023-12-31"}})
    assert (decision.state, [f.code for f in decision.faults]) == ("规则有误", ["L0693"])
    assert_whole(decision)
