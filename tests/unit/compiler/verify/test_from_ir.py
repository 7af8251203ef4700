"""Do the diagrams of a rulebook say of every case what the interpreter says?"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from luling.compiler.verify.case import Answers, Case
from luling.compiler.verify.from_ir import Meaning
from luling.compiler.verify.symbolic import Fault, ItemAt, Unclear, Void, diagrams
from luling.runtime import load_text
from luling.runtime.decide import Engine
from luling.runtime.interpret import Interpretation
from luling.runtime.rulebooks import find_rulebooks, load

from ....conformance.test_conformance import SUITES, Suite, compiled
from .chance import FAULT, Chance, interpretation, interpreted, of_diagrams, subjects

ROOT = Path(__file__).parents[4]
FOLDERS = [*find_rulebooks(ROOT / "rules"), *find_rulebooks(ROOT / "tests" / "rulebooks")]


def name_of(folder: Path) -> str:
    """A rulebook as the tree shows it."""
    return folder.relative_to(ROOT).as_posix()


@cache
def engine_of(folder: Path) -> Engine:
    """A rulebook of the tree."""
    return load(folder)


@cache
def chance_of(folder: Path) -> Chance:
    """Cases of a rulebook of the tree."""
    return Chance(engine_of(folder))


class Both:
    """A rulebook as diagrams and as the interpreter has it, and how often they were compared."""

    def __init__(self, engine: Engine, *, free_readings: bool = False) -> None:
        self.engine = engine
        self.d = diagrams()
        free = [one.name for one in engine.rulebook.readings] if free_readings else []
        self.meaning = Meaning(engine.rulebook, self.d, readings=engine.chosen, free_readings=free)
        self.valid = self.meaning.valid()
        self.items = self.meaning.valid_items()
        self.seen: Counter[str] = Counter()

    def compare(self, case: Case, readings: Mapping[str, str] | None = None) -> None:
        """Nothing; whether a case is valid and every value for it is the same both ways."""
        engine = self.engine.with_readings(readings or {})
        answers = Answers(self.d, case, engine.chosen)
        state = engine.decide(case.to_json(engine.rulebook)).state
        valid = self._valid(answers, case)
        if valid is FAULT:
            assert state == "规则有误", case
        else:
            assert valid == (state != "输入有误"), case
        self.seen["valid" if valid is True else "bad"] += 1
        if valid is True:
            for what, expected, found in self._values(interpretation(engine, case), answers, case):
                self._same(what, expected, found, case)

    def _valid(self, answers: Answers, case: Case) -> Any:
        found = [of_diagrams(answers, self.valid)]
        for name, condition in self.items.items():
            found += [of_diagrams(answers, condition, item) for item in case.items[name]]
        return FAULT if FAULT in found else all(found)

    def _values(
        self, at_work: Interpretation, answers: Answers, case: Case
    ) -> Iterator[tuple[str, Callable[[], Any], Any]]:
        """What each value is about, how to interpret it, and what the diagrams say it is."""
        rulebook, meaning = self.engine.rulebook, self.meaning
        for name in (result.name for result in rulebook.results):
            value = of_diagrams(answers, meaning.result(name))
            yield name, partial(at_work.result, name), value
        for d in rulebook.definitions:
            for subject in subjects(rulebook, d.scope_kind, d.scope):
                value = of_diagrams(answers, meaning.definition(d.name, subject))
                yield d.name, partial(at_work.definition, d.name, subject), value
            if d.scope_kind == "list" and d.scope is not None:
                of_any = meaning.definition(d.name, ItemAt(d.scope))
                for item in at_work.known[d.scope]:
                    value = of_diagrams(answers, of_any, item.fields)
                    yield d.name, partial(at_work.definition, d.name, item), value
        for group in meaning.requirements.values():
            for subject, requirements in group.items():
                for r in requirements:
                    value = of_diagrams(answers, meaning.requirement(r, subject))
                    yield r.name, partial(at_work.requirement, r, subject), value

    def _same(self, what: str, interpret: Callable[[], Any], found: Any, case: Case) -> None:
        if isinstance(found, Void):
            self.seen["void"] += 1  # asked apart from the condition that says it is there
            return
        if isinstance(found, Unclear):
            self.seen["unclear"] += 1
            return
        self.seen["same"] += 1
        expected = interpreted(interpret)
        assert found == expected, (what, case)
        assert isinstance(found, bool) == isinstance(expected, bool), (what, case)


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_diagrams_give_what_the_interpreter_gives(folder: Path) -> None:
    both, rng = Both(engine_of(folder)), random.Random(1)
    for _ in range(250):
        both.compare(chance_of(folder).case(rng))
    assert both.seen["valid"] > 200
    assert both.seen["unclear"] == 0


@pytest.mark.long
@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_diagrams_give_what_the_interpreter_gives_on_many_cases(folder: Path) -> None:
    both, rng = Both(engine_of(folder)), random.Random()
    for _ in range(10_000):
        both.compare(chance_of(folder).case(rng))


def others(folder: Path) -> Iterator[dict[str, str]]:
    """Every reading of a rulebook taken otherwise, alone."""
    for reading in engine_of(folder).rulebook.readings:
        for other in reading.alternatives[1:]:
            yield {reading.name: other.name}


def follow(folder: Path, readings: dict[str, str], count: int) -> None:
    """Nothing; diagrams and interpreter agree where readings are taken otherwise."""
    both = Both(engine_of(folder).with_readings(readings))
    rng = random.Random(str(readings))
    for _ in range(count):
        both.compare(chance_of(folder).case(rng))
    assert both.seen["valid"] > count // 2


# with all their readings open at once their diagrams have more nodes than are allowed
MANY = [f for f in FOLDERS if len(engine_of(f).rulebook.readings) > 10]
READ_OTHERWISE = [folder for folder in FOLDERS if list(others(folder))]


@pytest.mark.parametrize("folder", READ_OTHERWISE, ids=name_of)
def test_diagrams_follow_the_readings_that_are_chosen(folder: Path) -> None:
    everything = {k: v for one in others(folder) for k, v in one.items()}
    follow(folder, everything, 60)


@pytest.mark.long
@pytest.mark.parametrize("folder", READ_OTHERWISE, ids=name_of)
def test_diagrams_follow_each_reading_that_is_chosen_alone(folder: Path) -> None:
    for readings in others(folder):
        follow(folder, readings, 200)


@pytest.mark.parametrize("folder", [f for f in READ_OTHERWISE if f not in MANY], ids=name_of)
def test_readings_can_be_left_open_and_chosen_case_by_case(folder: Path) -> None:
    readings = engine_of(folder).rulebook.readings
    both, rng = Both(engine_of(folder), free_readings=True), random.Random(2)
    for _ in range(100):
        chosen = {r.name: rng.choice(r.alternatives).name for r in readings if r.alternatives}
        both.compare(chance_of(folder).case(rng), chosen)
    assert both.seen["valid"] > 75


# A period as long as a fact says could lead beyond the calendar: that is not told.
UNCLEAR = {"periods：起满与起顺延满", "periods：日期只到公元9999年"}


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: str(suite.title))
def test_diagrams_give_what_the_interpreter_gives_on_every_suite(suite: Suite) -> None:
    engine = Engine(compiled(suite)).with_readings(suite.readings)
    both, rng = Both(engine), random.Random(3)
    chance = Chance(engine, [row.case for row in suite.rows])
    for _ in range(60):
        both.compare(chance.case(rng))
    assert both.seen["same" if suite.title not in UNCLEAR else "unclear"] > 60
    assert bool(both.seen["unclear"]) == (suite.title in UNCLEAR)


SMALL = {
    "a period that is one of a few, and the day after where there is none": """
规则书 例
事实 甲
  日：日期
  月：整数，限 1、6、12、60
结果 对应日：日期 为 甲.日 起满 （甲.月 × 1个月）
结果 顺延：日期 为 甲.日 起顺延满 6个月
结果 顺延又两日：日期 为 甲.日 起顺延满 （1个月 加 2日）
结果 先后：是否 为 甲.日 起顺延满 1个月 晚于 甲.日 起满 1个月
""",
    "a number that is a period in one place and a list in another": """
规则书 例
事实 甲
  日：日期
  长：是否
列表 单
  数：整数
结果 到：日期 为 甲.日 起满 （若 甲.长 则 1个月 否则 1日）
结果 多：是否 为 单 的 数 之和 加 1 大于 单 的 个数
""",
    "an exception that applies, over a rule whose condition leads nowhere": """
规则书 例
事实 甲
  子：整数
  母：整数
  特：是否
结果 多：是否，否则 否
规则 甲
  当 甲.子 ÷ 甲.母 大于 2
  多 为 是
例外 乙 优先于 甲
  当 甲.特
  多 为 否
""",
}


@pytest.mark.parametrize("text", SMALL.values(), ids=SMALL)
def test_diagrams_give_what_the_interpreter_gives_on(text: str) -> None:
    engine = load_text(text)
    both, chance, rng = Both(engine), Chance(engine), random.Random(5)
    for _ in range(400):
        both.compare(chance.case(rng))
    assert both.seen["same"] > 400
    assert both.seen["unclear"] == 0


def test_a_rulebook_that_contradicts_itself_does_so_in_diagrams_too() -> None:
    engine = load_text(
        """
规则书 例
事实 甲
  数：整数
结果 大：是否，否则 否
规则 甲
  当 甲.数 至少 5
  大 为 是
规则 乙
  当 甲.数 至多 5
  大 为 否
"""
    )
    both = Both(engine)
    found = {
        n: Answers(both.d, Case({"甲.数": n}, {})).value(both.meaning.result("大"))
        for n in (4, 5, 6)
    }
    assert found == {4: False, 5: Fault("RULES_DISAGREE", "大"), 6: True}
    for n in found:
        both.compare(Case({"甲.数": n}, {}))


THIRDS = """
规则书 例
列表 单
  款：金额
派生 单 的 三分：金额 为 款 ÷ 3 减 1.00元
派生 最大：金额 或 空 为 单 的 三分 之最大
结果 不多：是否 为 单 的 三分 之和 至多 1.00元
结果 恰好：是否 为 单 的 三分 之和 为 1.00元
结果 不欠：是否 为 单 的 三分 之和 至少 0元
结果 最大的不大：是否 为 有 最大 且 最大 至多 1.00元
"""


@pytest.mark.parametrize("fen", [0, 299, 300, 301, 599, 600, 601, 602, 603])
def test_sums_and_extremes_may_be_fractions_and_below_zero(fen: int) -> None:
    Both(load_text(THIRDS)).compare(Case({}, {"单": ({"款": fen},)}))


def test_a_condition_said_in_two_ways_is_one_diagram() -> None:
    engine = load_text(
        """
规则书 例
事实 甲
  数：整数
  乙：是否
结果 一：是否 为 甲.数 超过 5 且 非 甲.乙
结果 二：是否 为 非 （甲.乙 或 甲.数 加 1 小于 7）
"""
    )
    meaning = Meaning(engine.rulebook, diagrams())
    assert meaning.result("一") == meaning.result("二")
