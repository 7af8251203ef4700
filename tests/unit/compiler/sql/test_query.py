"""Is the query of the shape asked for, and does DuckDB answer it as the interpreter does?"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.sql import Script, script
from luling.compiler.verify.case import Case as DiagramCase
from luling.runtime.decide import Engine

from ....conformance.test_conformance import SUITES, Suite, compiled
from ...runtime.batch.tables import (
    CASE_ID,
    Case,
    as_json,
    expected,
    fact_types,
    tables_of,
)
from ..verify.chance import Chance
from .test_from_ir import FOLDERS, engine_of, in_table_order, name_of

FLAGSHIP = next(f for f in FOLDERS if f.name == "2025-7")


def statements(engine: Engine, cases: Sequence[Case]) -> Script:
    """The script for tables of some cases."""
    tables = tables_of(engine.rulebook, cases)
    columns = set(tables["案件"])
    for name, table in tables.items():
        if name != "案件":
            columns |= {name, *(f"{name}.{column}" for column in table if column != CASE_ID)}
    return script(engine.rulebook, engine.chosen, frozenset(columns), "duckdb")


def connected(engine: Engine, cases: Sequence[Case]) -> duckdb.DuckDBPyConnection:
    """A database that holds the tables of some cases."""
    con = duckdb.connect(config={"threads": 1})
    types = fact_types(engine.rulebook)
    for name, table in tables_of(engine.rulebook, cases).items():
        columns = ", ".join(
            f'"{c}" {types[name].get(c, "BIGINT" if c == CASE_ID else "BOOLEAN")}' for c in table
        )
        con.execute(f'CREATE TABLE "·{name}" ({columns})')
        rows = list(zip(*table.values(), strict=True))
        if rows:
            places = ", ".join("?" * len(table))
            con.executemany(f'INSERT INTO "·{name}" VALUES ({places})', rows)
        con.execute(f'CREATE VIEW "{name}" AS FROM "·{name}"')
    return con


def decided(engine: Engine, cases: Sequence[Case]) -> tuple[set[int], dict[int, Any]]:
    """The numbers of odd cases, and the rows of the others."""
    found = statements(engine, cases)
    con = connected(engine, cases)
    for statement in found.setup:
        con.execute(statement)
    odd = {number for (number,) in con.execute(found.check).fetchall()}
    for name in tables_of(engine.rulebook, cases):
        among = ", ".join(map(str, odd)) or "0"
        con.execute(
            f'CREATE OR REPLACE VIEW "{name}" AS FROM "·{name}" WHERE "{CASE_ID}" NOT IN ({among})'
        )
    result = con.execute(found.decide)
    names = [column[0] for column in result.description]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    assert len(rows) == len({row[CASE_ID] for row in rows}), "a case stands twice"
    con.close()
    return odd, {row[CASE_ID]: as_json(engine, row) for row in rows}


def compare(engine: Engine, cases: Sequence[Case]) -> Counter[str]:
    """How many cases were decided by the query, all as the interpreter does, and how many not."""
    odd, rows = decided(engine, cases)
    seen = Counter[str](odd=len(odd), plain=len(rows))
    assert odd | set(rows) == set(range(1, len(cases) + 1))
    assert not odd & set(rows)
    for wanted in expected(engine, cases):
        number = wanted[CASE_ID]
        if number in rows:
            assert rows[number] == wanted, cases[number - 1]
        else:
            seen[f"odd, {wanted['状态']}"] += 1
    return seen


def by_chance(engine: Engine, times: int, seed: str, given: Sequence[Any] = ()) -> list[Case]:
    """Complete cases, their rows in the order a table gives them."""
    chance, rng = Chance(engine, given), random.Random(seed)
    cases = (in_table_order(engine.rulebook, chance.case(rng)) for _ in range(times))
    return [case.to_json(engine.rulebook) for case in cases if fits(engine.rulebook, case)]


def fits(rulebook: Rulebook, case: DiagramCase) -> bool:
    """Whether the columns of a table hold every number of a case exactly."""
    fields = {field.path: t.solid(field.type) for g in rulebook.groups for field in g.fields}
    values = list(case.values.items())
    for name, rows in case.items.items():
        values += [(f"{name}.{key}", value) for row in rows for key, value in row.items()]
    for path, value in values:
        if fields[path] == t.RATIO and value is not None:
            if value >= 10**5 or Fraction(value * 10**4).denominator != 1:
                return False
        if fields[path] == t.MONEY and value is not None and value >= 10**16:
            return False
        if isinstance(fields[path], t.Number) and value is not None:
            if value >= 2**31 or Fraction(value * 10**6).denominator != 1:
                return False
    return True


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_the_query_says_what_the_interpreter_says(folder: Path) -> None:
    engine = engine_of(folder)
    seen = compare(engine, by_chance(engine, 250, name_of(folder)))
    assert seen["plain"] > 120
    assert seen["odd, 已定"] < 60  # what may be a fault is looked at by itself


@pytest.mark.parametrize("suite", [s for s in SUITES if not s.wrong], ids=lambda s: str(s.title))
def test_the_query_says_what_the_interpreter_says_of_a_suite(suite: Suite) -> None:
    engine = Engine(compiled(suite), suite.readings)
    if statements(engine, []).unsupported:
        pytest.skip("decided row by row")
    compare(engine, by_chance(engine, 25, suite.title, [row.case for row in suite.rows]))


# --- the shape of the plan, without a clock


@cache
def plan() -> list[dict[str, Any]]:
    """Every operator of the flagship's query, as DuckDB means to run it."""
    engine = engine_of(FLAGSHIP)
    cases = by_chance(engine, 20, "plan")
    found = statements(engine, cases)
    con = connected(engine, cases)
    for statement in found.setup:
        con.execute(statement)
    text = con.execute(f"EXPLAIN (FORMAT json) {found.decide}").fetchall()[0][1]
    return list(operators(json.loads(text)))


def operators(node: Any) -> Iterator[dict[str, Any]]:
    """An operator and all below it."""
    if isinstance(node, list):
        for part in node:
            yield from operators(part)
        return
    yield node
    yield from operators(node.get("children", []))


def of_kind(*words: str) -> list[dict[str, Any]]:
    """The operators whose names have a word."""
    return [node for node in plan() if any(word in node["name"].upper() for word in words)]


def scans(table: str) -> int:
    """How often a table is read."""
    return sum(f'"·{table}"' in str(node) or f"·{table}'" in str(node) for node in of_kind("SCAN"))


def test_a_list_is_read_joined_and_aggregated_once() -> None:
    assert scans("已享补贴") == 1
    assert len(of_kind("GROUP_BY", "AGGREGATE")) == 1
    # one join of the list with its case, one of what it comes to, then calendars and look-ups
    assert len(of_kind("JOIN")) == 2 + 2 + 2


def test_the_cases_are_read_twice_once_for_the_list() -> None:
    assert scans("案件") == 2


def test_nothing_is_asked_row_by_row() -> None:
    assert not of_kind("DELIM", "DEPENDENT", "NESTED_LOOP", "CROSS", "BLOCKWISE")


@pytest.fixture(name="copies")
def _copies(benchmark: Callable[[str], ModuleType]) -> Callable[..., Rulebook]:
    """A rulebook with its rules several times, as the benchmarks make it."""
    found: Callable[..., Rulebook] = benchmark("copies").copies
    return found


def test_a_rule_more_makes_the_query_longer_by_that_rule_only(
    copies: Callable[..., Rulebook],
) -> None:
    engine = engine_of(FLAGSHIP)
    lengths = []
    for times in (1, 2, 4):
        rulebook = copies(engine.rulebook, times, differ=True)
        columns = frozenset([*rulebook.facts, "已享补贴"])
        lengths.append(len(script(rulebook, {}, columns, "duckdb").decide))
    one, two, four = lengths
    assert four - two <= 2.2 * (two - one)


def test_the_same_rules_twice_cost_hardly_more_than_once(
    copies: Callable[..., Rulebook],
) -> None:
    engine = engine_of(FLAGSHIP)
    columns = frozenset([*engine.rulebook.facts, "已享补贴"])
    once = script(engine.rulebook, {}, columns, "duckdb")
    twice = script(copies(engine.rulebook, 2), {}, columns, "duckdb")
    assert len(twice.decide) < 1.2 * len(once.decide)
    assert len(twice.setup) == len(once.setup)


def test_the_same_rulebook_gives_the_same_text() -> None:
    engine = engine_of(FLAGSHIP)
    columns = frozenset([*engine.rulebook.facts, "已享补贴"])
    assert script(engine.rulebook, {}, columns, "duckdb") == script(
        engine.rulebook, {}, columns, "duckdb"
    )
