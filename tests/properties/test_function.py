"""Does the compiled function give the interpreter's answer, in this process and as a file alone?"""

import copy
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from luling.compiler.diagnostics.entry import Language
from luling.runtime import Function, compile
from luling.runtime.decide import Engine
from luling.runtime.rulebooks import find_rulebooks, load
from luling.testing import cases

from ..flagship.cases import BAD_TEXTS, bad_case, drop_facts, random_case
from ..flagship.earlier import random_earlier_case

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = [
    *find_rulebooks(ROOT / "rules"),
    *find_rulebooks(ROOT / "tests" / "rulebooks"),
    ROOT / "docs" / "tutorial" / "reading-room",
    ROOT / "examples" / "draft-b-class",
]
CONTRACT: Final = ROOT / "tests" / "flagship" / "contract"
FLAGSHIP: Final = ROOT / "rules" / "shanghai-skill-subsidy" / "2025-7"
SEED: Final = int(os.environ.get("LULING_SEED", "20250501"))
BAD: Final = [text for text, _ in BAD_TEXTS]
PARTS: Final = ("状态", "结果", "缺少", "错误")

Case = dict[str, Any]
Answer = dict[str, Any]
pytestmark = pytest.mark.filterwarnings("ignore:The recursion limit will not be reset")
once = settings(
    deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip


def name_of(folder: Path) -> str:
    """A rulebook as the tree shows it."""
    return folder.relative_to(ROOT).as_posix()


@cache
def engine(folder: Path) -> Engine:
    """A rulebook of this tree."""
    return load(folder)


@cache
def function(folder: Path) -> Function:
    """The same as a function."""
    return compile(engine(folder))


def answer(interpreter: Engine, case: Any, language: Language = "zh") -> str:
    """What the interpreter says, as far as a function says it too."""
    told = interpreter.decide(case).to_json(language)
    return shown({part: told[part] for part in PARTS})


def shown(told: Answer) -> str:
    """An answer as text: the order of its parts counts."""
    return json.dumps(told, ensure_ascii=False)


def assert_same(folder: Path, case: Any, language: Language = "zh") -> None:
    """Both say the same of a case, and of the case as text."""
    expected, decide = answer(engine(folder), case, language), function(folder)
    assert shown(decide(case, language)) == expected, shown(case)


def drawn(folder: Path, count: int) -> list[Case]:
    """Valid cases of a rulebook on the limits of its rules."""
    found: list[Case] = []

    @settings(once, max_examples=count)
    @given(cases(engine(folder)))
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


def spoilt(case: Case, rng: random.Random) -> Case:
    """The case with facts absent or not as they should be."""
    found: Case = copy.deepcopy(case)
    for _ in range(rng.randint(1, 5)):
        if not found:
            break
        name = rng.choice(list(found))
        group = found[name]
        holder = rng.choice(group) if isinstance(group, list) and group else group
        if not isinstance(holder, dict) or not holder or rng.random() < 0.05:
            del found[name]
            continue
        key = rng.choice(list(holder))
        strange: list[Any] = [None, True, "", "x", -1, 10**500, "2025-02-30", "1800-01-01", [], {}]
        match rng.random():
            case chance if chance < 0.7:
                del holder[key]
            case chance if chance < 0.85:
                holder[key] = rng.choice(strange)
            case chance if chance < 0.95 and isinstance(holder[key], str):
                holder[key] = holder[key][1:] + holder[key][:1]
            case _:
                holder[key[:-1]] = holder.pop(key)
    return found


# ---- in this process


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
class TestEveryRulebook:
    """Whatever the rulebook and the case."""

    def test_worked_examples(self, folder: Path) -> None:
        rng = random.Random(SEED)
        for example in engine(folder).rulebook.examples:
            assert_same(folder, example.case)
            assert_same(folder, spoilt(json.loads(json.dumps(example.case)), rng), "en")

    def test_complete_cases_without_the_general_rules(self, folder: Path) -> None:
        """That the plain form decides them is what makes the function quick."""
        plain = plain_form(function(folder))
        for case in drawn(folder, 150):
            assert_same(folder, case)
            told = plain(case)
            assert told is not None, shown(case)
            assert shown(told) == answer(engine(folder), case)

    def test_what_is_only_recorded_may_be_absent(self, folder: Path) -> None:
        plain, facts = plain_form(function(folder)), engine(folder).rulebook.facts
        recorded = [path for path, field in facts.items() if field.record_only]
        for case in drawn(folder, 10):
            for path in recorded:
                group, _, name = path.partition(".")
                holders = case[group] if isinstance(case[group], list) else [case[group]]
                for holder in holders:
                    del holder[name]
                assert_same(folder, case)
                assert plain(case) is not None

    def test_cases_with_absent_and_with_wrong_facts(self, folder: Path) -> None:
        rng = random.Random(SEED)
        for case in drawn(folder, 60):
            for _ in range(5):
                assert_same(folder, spoilt(case, rng))

    def test_every_other_reading(self, folder: Path) -> None:
        examples = [example.case for example in engine(folder).rulebook.examples][::7]
        for reading in engine(folder).rulebook.readings:
            for alternative in reading.alternatives[1:]:
                chosen = {reading.name: alternative.name}
                other, decide = (
                    engine(folder).with_readings(chosen),
                    compile(engine(folder), chosen),
                )
                for case in examples:
                    assert shown(decide(case)) == answer(other, case)

    def test_what_is_no_case(self, folder: Path) -> None:
        strange: list[Any] = [None, [], 1, "x", {}, {"": {}}, {1: 2}]
        for case in strange:
            assert_same(folder, case)

    def test_facts_given_as_values_of_python(self, folder: Path) -> None:
        """Dates and numbers, and texts of a class of their own, which are texts for some facts."""
        for case in drawn(folder, 10):
            for name, group in case.items():
                for key, value in group.items() if isinstance(group, dict) else ():
                    for other in (Text(value), as_date(value), Fraction(1, 3), Decimal("1.50")):
                        assert_same(folder, {**case, name: {**group, key: other}})


def as_date(value: Any) -> Any:
    """The date a text says, or the value as it is."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value


class Text(str):
    """A text of another class, equal to the text it is made of."""


def plain_form(decide: Function) -> Any:
    """The part of a function that decides complete cases."""
    return decide._decide.__globals__["plain"]


def test_cases_of_the_contract() -> None:
    paths = sorted(CONTRACT.glob("*.json"))
    assert len(paths) > 20
    for path in paths:
        assert_same(FLAGSHIP, json.loads(path.read_text("utf-8"))["案件"])


def assert_same_by_chance(rng: random.Random, count: int) -> None:
    """Complete, partial and bad cases of the flagship, and of the version before it."""
    earlier = FLAGSHIP.parent / "2022-17"
    for _ in range(count):
        case = random_case(rng)
        assert_same(FLAGSHIP, case)
        assert_same(FLAGSHIP, drop_facts(rng, case, rng.choice((1, 2, 3, 8, 20))))
        assert_same(FLAGSHIP, bad_case(rng, case)[0])
        assert_same(FLAGSHIP, spoilt(case, rng), rng.choice(("zh", "en")))
        assert_same(earlier, random_earlier_case(rng))


def test_cases_by_chance() -> None:
    assert_same_by_chance(random.Random(SEED), 300)


@pytest.mark.long
def test_cases_by_chance_long() -> None:
    """Half a million."""
    assert_same_by_chance(random.Random(), 100_000)


def test_texts_that_are_no_json() -> None:
    decide, interpreter = function(FLAGSHIP), engine(FLAGSHIP)
    for text in [*BAD, "", "[" * 100_000, '{"a": 1, "a": 2}', '{"申请": NaN}', "1" * 5000]:
        told = interpreter.decide_text(text).to_json()
        assert decide.decide_text(text) == {part: told[part] for part in PARTS}


# ---- as a file, with nothing of Lüling around it


def bare(folder: Path, lines: Iterable[str], *words: str) -> list[str]:
    """What the written file prints of some cases in a process that finds no installed package."""
    (folder / "decide.py").write_text(function(FLAGSHIP).source, "utf-8")
    (folder / "cases.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "decide.py", *words, "cases.jsonl"],
        cwd=folder, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.stderr == b""
    assert done.returncode == 1  # there are bad ones among them
    return done.stdout.decode("utf-8").splitlines()


def some_lines(rng: random.Random) -> Iterator[str]:
    """Some hundred cases of the flagship as JSON."""
    yield from BAD
    for path in sorted(CONTRACT.glob("*.json")):
        yield shown(json.loads(path.read_text("utf-8"))["案件"])
    for _ in range(120):
        case = random_case(rng)
        yield shown(case)
        yield shown(drop_facts(rng, case, rng.choice((1, 3, 8))))
        yield shown(bad_case(rng, case)[0])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_written_file_alone(tmp_path: Path, language: Language) -> None:
    lines = [line for line in some_lines(random.Random(SEED)) if line.strip() and "\n" not in line]
    told = [engine(FLAGSHIP).decide_text(line + "\n").to_json(language) for line in lines]
    printed = bare(tmp_path, lines, "--lang", language)
    assert printed == [shown({part: one[part] for part in PARTS}) for one in told]
