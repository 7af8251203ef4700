"""Do the terms of a rulebook say of every complete case what the interpreter says?"""

import random
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import FactField, Rulebook
from luling.compiler.sql.by_day import by_day
from luling.compiler.sql.evaluate import evaluate
from luling.compiler.sql.results import Column, Flat, flatten
from luling.compiler.sql.tabulate import tabulate
from luling.compiler.sql.terms import Term
from luling.compiler.verify.case import Case
from luling.runtime.decide import Engine
from luling.runtime.rulebooks import find_rulebooks, load

from ....conformance.test_conformance import SUITES, Suite, compiled
from ..verify.chance import Chance

ROOT = Path(__file__).parents[4]
FOLDERS = [*find_rulebooks(ROOT / "rules"), *find_rulebooks(ROOT / "tests" / "rulebooks")]


def name_of(folder: Path) -> str:
    """A rulebook as the tree shows it."""
    return folder.relative_to(ROOT).as_posix()


@cache
def engine_of(folder: Path) -> Engine:
    """A rulebook of the tree."""
    return load(folder)


def row_of(rulebook: Rulebook, case: Case) -> dict[str, Any]:
    """A case as its columns hold it: amounts in yuan, lists as rows by the paths of fields."""
    row: dict[str, Any] = {}
    for group in rulebook.groups:
        if group.is_list:
            row[group.name] = tuple(
                {f.path: held(f, item[f.path.rpartition(".")[2]]) for f in group.fields}
                for item in case.items[group.name]
            )
        else:
            row |= {f.path: held(f, case.values[f.path]) for f in group.fields}
    return row


def in_table_order(rulebook: Rulebook, case: Case) -> Case:
    """The case with its rows as they stand in a table, which has no order of its own: field by
    field, none first.
    """
    items = {}
    for group in rulebook.groups:
        if group.is_list:
            fields = [(f.path.rpartition(".")[2], f) for f in group.fields]
            rows = case.items[group.name]
            items[group.name] = tuple(
                sorted(rows, key=lambda row: [ranked(f, row[name]) for name, f in fields])
            )
    return Case(case.values, items)


def ranked(field: FactField, value: Any) -> tuple[bool, Any]:
    """A value to sort by."""
    if value is None:
        return False, 0
    kind = t.solid(field.type)
    return True, kind.members.index(value) if isinstance(kind, t.Enum) else value


def held(field: FactField, value: Any) -> Any:
    """A value as a column holds it."""
    is_amount = value is not None and t.solid(field.type) == t.MONEY
    return Fraction(value, 100) if is_amount else value


def in_python(column: Column, row: Mapping[Any, Any]) -> Any:
    """A result as the interpreter has it."""
    value = evaluate(column.term, row)
    if value is not None and column.term.kind == "int":
        return Fraction(value, evaluate(column.under, row))
    return value


def compare(engine: Engine, flat: Flat, case: Case, seen: Counter[str]) -> None:
    """Nothing; whether the terms say of a case what the interpreter says."""
    decision = engine.decide(case.to_json(engine.rulebook))
    row = row_of(engine.rulebook, case)
    agree = all(evaluate(check, row) for name, check in flat.checks if name is None)
    if decision.state == "输入有误":
        seen["bad"] += 1
        of_lists = any(name is not None for name, _ in flat.checks)
        assert not agree or of_lists, case
        return
    assert agree, case
    if any(evaluate(fault, row) is True for fault in flat.faults):
        seen["perhaps a fault"] += 1
        return
    assert decision.state == "已定", case
    seen["decided"] += 1
    for column in flat.columns:
        assert in_python(column, row) == decision.values[column.name], (column.name, case)


def compare_many(engine: Engine, chance: Chance, times: int, seed: str) -> Counter[str]:
    """How many cases by chance came out how; readings are taken by chance too."""
    rng, seen = random.Random(seed), Counter[str]()
    for _ in range(3):
        taken = {r.name: rng.choice(r.alternatives).name for r in engine.rulebook.readings}
        other = engine.with_readings(taken)
        flat = flatten(engine.rulebook, other.chosen)
        if flat.gaps:
            seen["unreachable"] += 1
            continue
        for _ in range(times):
            compare(other, flat, in_table_order(engine.rulebook, chance.case(rng)), seen)
    return seen


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_terms_say_what_the_interpreter_says(folder: Path) -> None:
    engine = engine_of(folder)
    seen = compare_many(engine, Chance(engine), 60, name_of(folder))
    assert seen["decided"] > 40
    assert not seen["unreachable"]


@pytest.mark.parametrize("suite", [s for s in SUITES if not s.wrong], ids=lambda s: str(s.title))
def test_terms_say_what_the_interpreter_says_of_a_suite(suite: Suite) -> None:
    engine = Engine(compiled(suite), suite.readings)
    chance = Chance(engine, [row.case for row in suite.rows])
    compare_many(engine, chance, 12, suite.title)


def test_most_suites_can_be_said_in_columns() -> None:
    whole = [flatten(compiled(suite), {}) for suite in SUITES if not suite.wrong]
    assert sum(1 for flat in whole if not flat.gaps) >= len(whole) - 6


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_a_table_holds_what_the_terms_it_replaces_would_be(folder: Path) -> None:
    engine = engine_of(folder)
    flat = flatten(engine.rulebook, {})
    before = tuple(column.term for column in flat.columns)
    after, tables = tabulate(flat.terms, by_day(flat.terms, before, {}))
    chance, rng = Chance(engine), random.Random(name_of(folder))
    compared = 0
    for _ in range(60):
        row: dict[Any, Any] = row_of(engine.rulebook, chance.case(rng))
        known = dict(row)
        for table in _in_turn(tables):
            bits = [evaluate(condition, known) for condition in table.key.args]
            key = sum(1 << place for place, bit in enumerate(bits) if bit)
            for place, (term, values) in enumerate(table.columns):
                replaced = flat.terms.looked_up(table.key, tables.index(table), place, term)
                known[replaced] = values[key]
                compared += 1
        for one, other in zip(before, after, strict=True):
            assert evaluate(one, row) == evaluate(other, known)
    assert compared or not tables


def _in_turn(tables: Any) -> list[Any]:
    """Tables in an order in which each key needs only tables before it."""
    left, found = list(tables), list[Any]()
    while left:
        for table in left:
            needs = {term.value[0] for term in _below(table.key) if term.op == "cell_of"}
            if needs <= {list(tables).index(done) for done in found}:
                found.append(table)
                left.remove(table)
                break
    return found


def _below(term: Term) -> list[Term]:
    from luling.compiler.sql.tabulate import in_order

    return list(in_order([term]))
