"""A few cases of each outcome, with what the interpreter says of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from luling.compiler.diagnostics.entry import Language
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rulebook

from ..decide import Engine
from ..explain import Account
from .columns import CASE_ID, STATE, ResultColumn, result_columns
from .deciding import read_rows
from .opening import Tables
from .rows import Cases
from .sources import literal, quoted
from .summary import NONE, STATES

DETERMINED = STATES[0]


@attrs.frozen
class Sample:
    """A case of an outcome, told."""

    outcome: str
    case_id: object
    lines: tuple[str, ...]


def samples(
    tables: Tables, results: Path, engine: Engine, number: int, language: Language
) -> Iterator[Sample]:  # fmt: skip
    """For each outcome the cases with the lowest 案件编号."""
    outcomes = dict(_outcomes(tables.con, results, engine.rulebook, number))
    wanted = [case_id for ids in outcomes.values() for case_id in ids]
    if not wanted:
        return
    spelt = ", ".join(literal(str(case_id)) for case_id in wanted)
    among = f"SELECT CAST(id AS {tables.id_type}) FROM (SELECT unnest([{spelt}]) AS id)"
    rows, cases = dict(read_rows(tables, among)), Cases(engine.rulebook, tables.columns)
    for outcome, ids in outcomes.items():
        for case_id in ids:
            account = Account(engine.decide(cases.case(rows[case_id])), language)
            yield Sample(outcome, case_id, tuple(account.short()))


def _outcomes(
    con: Any, results: Path, rulebook: Rulebook, number: int
) -> Iterator[tuple[str, list[Any]]]:
    """Each state, 已定 by the value of the first enumerated result, with its first cases."""
    told = next((c for c in result_columns(rulebook) if isinstance(t.solid(c.type), t.Enum)), None)
    value = _value(told)
    found = con.execute(
        f"SELECT {quoted(STATE)}, {value} AS v, min({quoted(CASE_ID)}, {number}) "
        f"FROM read_parquet({literal(str(results))}) GROUP BY ALL"
    ).fetchall()
    members = _members(told)
    found.sort(key=lambda one: (STATES.index(one[0]), members.index(one[1]) if one[1] else -1))
    for state, shown, ids in found:
        name = f"{state}，{told.name} {shown}" if told is not None and shown else state
        yield name, sorted(ids)


def _value(told: ResultColumn | None) -> str:
    if told is None:
        return "NULL"
    name = quoted(told.name)
    return f"CASE WHEN {quoted(STATE)} = '{DETERMINED}' THEN coalesce({name}, '{NONE}') END"


def _members(told: ResultColumn | None) -> tuple[str, ...]:
    kind = t.solid(told.type) if told is not None else None
    return (*kind.members, NONE) if isinstance(kind, t.Enum) else ()
