"""Do all engines agree with the tables? Every row of every `*.toml` here runs on every engine.

A file holds suites: `title`, a small rulebook as `source`, and `rows`, a table between bars:

    甲.日      | 甲.月 | → 果       | 缺少
    2025-08-31 | 6     | 2026-02-28 |
    2025-08-31 |       | ?          | 甲.月

The columns up to the arrow are facts (or lists), those after it results. A cell is JSON, or text
where it is no JSON; an empty fact is absent, `?` is a result that is not determined, an empty
result is not looked at. 缺少 holds paths, 错误 a code, or a code and the place (`L0605 甲.日`).
`readings` switches readings for a suite. A suite that is known to come out wrong says why under
`wrong`.
"""

from __future__ import annotations

import copy
import itertools
import json
import random
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.pipeline import compile_rulebook
from luling.compiler.source import SourceFile
from luling.runtime import compile
from luling.runtime.decide import Engine

HERE: Final = Path(__file__).parent
Case = dict[str, Any]
Answer = dict[str, Any]

STATES: Final = {"L069": "规则有误", "L06": "输入有误"}


# ---- the engines: a rulebook, readings and cases → answers as the command prints them


def interpreter(rulebook: Rulebook, readings: dict[str, str], cases: list[Case]) -> list[Answer]:
    """The reference meaning."""
    engine = Engine(rulebook).with_readings(readings)
    return [engine.decide(case).to_json() for case in cases]


def function(rulebook: Rulebook, readings: dict[str, str], cases: list[Case]) -> list[Answer]:
    """The compiled function."""
    decide = compile(rulebook, readings)
    return [decide(case) for case in cases]


ENGINES: Final[dict[str, Callable[[Rulebook, dict[str, str], list[Case]], list[Answer]]]] = {
    "interpreter": interpreter,
    "function": function,
}


# ---- the tables


@attrs.frozen
class Row:
    """A case and what must come out of it."""

    text: str
    case: Case
    results: dict[str, Any]
    unknown: frozenset[str]
    missing: tuple[str, ...]
    fault: str | None


@attrs.frozen(eq=False)
class Suite:
    """A rulebook with its rows."""

    title: str
    source: str
    readings: dict[str, str]
    rows: tuple[Row, ...]
    wrong: str | None


def suites(path: Path) -> list[Suite]:
    """The suites of one file."""
    data = tomllib.loads(path.read_text("utf-8"))
    return [
        Suite(
            f"{path.stem}：{entry['title']}",
            entry["source"],
            entry.get("readings", {}),
            read_rows(entry["rows"]),
            entry.get("wrong"),
        )
        for entry in data["suite"]
    ]


def read_rows(table: str) -> tuple[Row, ...]:
    """The rows of one table."""
    header, *body = [line for line in table.strip().splitlines() if line.strip()]
    names = [cell.strip() for cell in header.split("|")]
    rows = [[cell.strip() for cell in line.split("|")] for line in body]
    assert all(len(row) == len(names) for row in rows), table
    return tuple(read_row(names, row) for row in rows)


def read_row(names: list[str], cells: list[str]) -> Row:
    """One row under the names of its columns."""
    case: Case = {}
    results: dict[str, Any] = {}
    unknown: set[str] = set()
    missing: tuple[str, ...] = ()
    fault: str | None = None
    is_fact = True
    for name, cell in zip(names, cells, strict=True):
        if name.startswith("→"):
            is_fact, name = False, name.removeprefix("→").strip()
        if is_fact:
            put(case, name, cell)
        elif name == "缺少":
            missing = tuple(cell.split())
        elif name == "错误":
            fault = cell or None
        elif cell == "?":
            unknown.add(name)
        elif cell:
            results[name] = value_of(cell)
    return Row("｜".join(cells), case, results, frozenset(unknown), missing, fault)


def put(case: Case, path: str, cell: str) -> None:
    """Nothing; the fact stands in the case, unless it is absent."""
    group, _, key = path.rpartition(".")
    if cell and group:
        case.setdefault(group, {})[key] = value_of(cell)
    elif cell:
        case[path] = value_of(cell)


def value_of(cell: str) -> Any:
    """The JSON a cell holds, or its text."""
    try:
        return json.loads(cell, parse_float=str)
    except json.JSONDecodeError:
        return cell


# ---- the test

SUITES: Final = [suite for path in sorted(HERE.glob("*.toml")) for suite in suites(path)]


@cache
def compiled(suite: Suite) -> Rulebook:
    """The suite's rulebook; warnings are let pass, errors are not."""
    rulebook, findings = compile_rulebook([SourceFile(f"{suite.title}.luling", suite.source)])
    assert [(f.code, f.message()) for f in findings if f.is_error] == []
    return rulebook


@cache
def answers(engine: str, suite: Suite) -> list[Answer]:
    """What an engine says of all rows of a suite at once."""
    cases = [row.case for row in suite.rows]
    return ENGINES[engine](compiled(suite), suite.readings, cases)


def parameters() -> list[Any]:
    """Every row of every suite on every engine."""
    found = []
    for engine in ENGINES:
        for suite in SUITES:
            marks = [pytest.mark.xfail(strict=True, reason=suite.wrong)] if suite.wrong else []
            for number, row in enumerate(suite.rows, 1):
                name = f"{engine}-{suite.title}-{number}"
                found.append(pytest.param(engine, suite, number - 1, row, id=name, marks=marks))
    return found


def test_every_suite_has_rows() -> None:
    assert len(SUITES) > 20
    assert all(suite.wrong or len(suite.rows) > 1 for suite in SUITES)


@pytest.mark.parametrize(("engine", "suite", "place", "row"), parameters())
def test_a_row_comes_out_as_it_says(engine: str, suite: Suite, place: int, row: Row) -> None:
    answer = answers(engine, suite)[place]
    faults = [f"{f['代码']} {f['位置']}".strip() for f in answer["错误"]]
    if row.fault is not None:
        assert [f if " " in row.fault else f.split()[0] for f in faults] == [row.fault], row.text
        state = next(state for code, state in STATES.items() if row.fault.startswith(code))
        assert answer["状态"] == state
        assert answer["结果"] == {}
        return
    assert faults == [], row.text
    results = answer["结果"]
    assert {name: results.get(name, "?") for name in row.results} == row.results, row.text
    assert row.unknown.isdisjoint(results), row.text
    assert tuple(answer["缺少"]) == row.missing, row.text
    assert answer["状态"] == ("信息不足" if row.missing else "已定"), row.text


# ---- any other engine, held against the interpreter


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: str(suite.title))
@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "interpreter"])
def test_an_engine_says_all_that_the_interpreter_says(engine: str, suite: Suite) -> None:
    """Of every row, with facts absent, with other values, and with what is no value of a fact."""
    rng = random.Random(suite.title)
    values = values_seen(suite)
    cases = [part for row in suite.rows for part in some_partial(row.case, values, rng)]
    cases += [mixed(values, rng) for _ in range(60)]
    expected = answerer("interpreter", suite)(cases)
    for case, wanted, found in zip(cases, expected, answerer(engine, suite)(cases), strict=True):
        shown = json.dumps(case, ensure_ascii=False)
        assert list(found["结果"].items()) == list(wanted["结果"].items()), shown
        assert {part: wanted[part] for part in found} == found, shown


def mixed(values: dict[str, list[Any]], rng: random.Random) -> Case:
    """Facts of several rows as one case, now and then with what no fact is."""
    case: Case = {}
    for path, seen in values.items():
        group, _, key = path.rpartition(".")
        strange: Any = rng.choice([None, True, -1, "1/3", "2025-02-30", [], {}])
        value = strange if rng.random() < 0.03 else copy.deepcopy(rng.choice(seen))
        (case.setdefault(group, {}) if group else case)[key] = value
    return case


# ---- what a partial case leaves open, held against all the rows could make of it

MOST_COMPLETIONS: Final = 120


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: str(suite.title))
@pytest.mark.parametrize("engine", ENGINES)
def test_a_row_with_absent_facts_says_what_its_completions_have_in_common(
    engine: str, suite: Suite
) -> None:
    """A determined result is that of every completion; a fact that changes one is in 缺少."""
    rng = random.Random(suite.title)
    values = values_seen(suite)
    partial = [part for row in suite.rows for part in some_partial(row.case, values, rng)]
    answers_to = answerer(engine, suite)
    for case, answer in zip(partial, answers_to(partial), strict=True):
        if answer["状态"] not in ("输入有误", "规则有误"):
            absent = [path for path in values if not has(case, path)]
            assert_in_common(case, absent, answer, completions(case, absent, values), answers_to)


def answerer(engine: str, suite: Suite) -> Callable[[list[Case]], list[Answer]]:
    """The engine for one suite."""
    return lambda cases: ENGINES[engine](compiled(suite), suite.readings, cases)


def values_seen(suite: Suite) -> dict[str, list[Any]]:
    """The values of every column of facts; lists also with fewer fields."""
    found: dict[str, list[Any]] = {}
    for row in suite.rows:
        for path, value in facts_of(row.case):
            if value not in found.setdefault(path, []):
                found[path].append(value)
    return found


def facts_of(case: Case) -> Iterator[tuple[str, Any]]:
    """Every fact of a case by its path; a list is one."""
    for name, group in case.items():
        if isinstance(group, dict):
            yield from ((f"{name}.{key}", value) for key, value in group.items())
        else:
            yield name, group


def has(case: Case, path: str) -> bool:
    """Whether the case says something of a fact."""
    return path in dict(facts_of(case))


def some_partial(case: Case, values: dict[str, list[Any]], rng: random.Random) -> list[Case]:
    """The case itself, and with one fact absent, and with some."""
    there = [path for path in values if has(case, path)]
    dropped = [[], *([path] for path in there)]
    dropped += [rng.sample(there, rng.randint(1, len(there))) for _ in range(4) if there]
    return [without(case, paths) for paths in dropped]


def without(case: Case, paths: list[str]) -> Case:
    """A copy of the case in which some facts are absent."""
    partial = copy.deepcopy(case)
    for path in paths:
        group, _, key = path.rpartition(".")
        del (partial[group] if group else partial)[key]
    return partial


def completions(
    case: Case, absent: list[str], values: dict[str, list[Any]]
) -> dict[tuple[int, ...], Case]:
    """Cases in which every absent fact has a value of its column, by the number of each value."""
    choices = [range(len(values[path])) for path in absent]
    found: dict[tuple[int, ...], Case] = {}
    for numbers in itertools.islice(itertools.product(*choices), MOST_COMPLETIONS):
        full = copy.deepcopy(case)
        for path, number in zip(absent, numbers, strict=True):
            group, _, key = path.rpartition(".")
            (full.setdefault(group, {}) if group else full)[key] = values[path][number]
        found[numbers] = full
    return found


def assert_in_common(
    case: Case,
    absent: list[str],
    answer: Answer,
    full: dict[tuple[int, ...], Case],
    answers_to: Callable[[list[Case]], list[Answer]],
) -> None:
    """The answer to a partial case is what the answers to its completions allow."""
    outcomes = dict(zip(full, answers_to(list(full.values())), strict=True))
    valid = {key: found for key, found in outcomes.items() if found["状态"] != "输入有误"}
    shown = json.dumps(case, ensure_ascii=False)
    for key, found in valid.items():
        for name, value in answer["结果"].items():
            assert found["结果"].get(name, value) == value, (shown, full[key])
    for key, other in itertools.combinations(valid, 2):
        differing = [i for i, (a, b) in enumerate(zip(key, other, strict=True)) if a != b]
        if len(differing) == 1 and conflict(valid[key], valid[other]):
            path = absent[differing[0]]
            listed = [fact.partition("[")[0] for fact in answer["缺少"]]
            assert path in listed, (shown, full[key], full[other])


def conflict(one: Answer, other: Answer) -> bool:
    """Whether two answers determine a result differently."""
    names = one["结果"].keys() & other["结果"].keys()
    return any(one["结果"][name] != other["结果"][name] for name in names)
