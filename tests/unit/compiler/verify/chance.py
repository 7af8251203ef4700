"""Complete cases by chance of any rulebook, and what the interpreter and the diagrams say of them.

Values on the constants of the rules and beside them are frequent, and so are ends of months.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import FactField, Rulebook
from luling.compiler.ir.values import FIRST_DATE, LAST_DATE
from luling.compiler.verify.case import Answers, Case, plain_value
from luling.compiler.verify.diagram import Diagram
from luling.compiler.verify.symbolic import Entries, Fault, Row, Unclear, few_values
from luling.runtime.decide import Engine
from luling.runtime.facts import Item
from luling.runtime.interpret import Interpretation, RulebookFault

ODD_DAYS = [
    date(year, month, day)
    for year in (1900, 1965, 2000, 2023, 2024, 2025, 2100)
    for month, day in ((1, 31), (2, 28), (3, 1), (4, 30), (12, 31))
] + [date(2024, 2, 29), date(2000, 2, 29), date(2025, 5, 1)]


class Chance:
    """Cases of one rulebook: its examples with some facts changed, or all facts by chance."""

    def __init__(self, engine: Engine, given: Iterable[Mapping[str, Any]] = ()) -> None:
        self.engine = engine
        self.rulebook = engine.rulebook
        self._constants: dict[type, list[Any]] = {}
        for value in _constants(self.rulebook):
            self._constants.setdefault(value.__class__, []).append(value)
        self._examples = list(self._complete([*given, *(e.case for e in self.rulebook.examples)]))

    def case(self, rng: random.Random) -> Case:
        """A complete case, most often a valid one."""
        if not self._examples or rng.random() < 0.1:
            return self._any(rng)
        case = rng.choice(self._examples)
        for _ in range(rng.choice((0, 1, 2, 4, 8, 12))):
            other = self._changed(case, rng)
            if rng.random() < 0.02 or self.is_valid(other):
                case = other
        return case

    def is_valid(self, case: Case) -> bool:
        """Whether the checks let a case pass."""
        return self.engine.decide(case.to_json(self.rulebook)).state != "输入有误"

    def _changed(self, case: Case, rng: random.Random) -> Case:
        """A case with one other fact or list."""
        values, items = dict(case.values), dict(case.items)
        if items and rng.random() < 0.3:
            name = rng.choice(sorted(items))
            items[name] = self._items(name, rng, items[name])
        elif values:
            group = rng.choice([g for g in self.rulebook.groups if not g.is_list])
            field = rng.choice(group.fields)
            values[field.path] = self._value(field, rng, values[field.path])
        return Case(values, items)

    def _any(self, rng: random.Random) -> Case:
        values: dict[str, Any] = {}
        items: dict[str, tuple[dict[str, Any], ...]] = {}
        for group in self.rulebook.groups:
            if group.is_list:
                items[group.name] = self._items(group.name, rng, ())
            else:
                values |= {f.path: self._value(f, rng, None) for f in group.fields}
        return Case(values, items)

    def _items(
        self, name: str, rng: random.Random, before: tuple[dict[str, Any], ...]
    ) -> tuple[dict[str, Any], ...]:
        group = next(g for g in self.rulebook.groups if g.name == name)
        kept = [dict(item) for item in before if rng.random() < 0.8]
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
            kept.append({_last(f.path): self._value(f, rng, None) for f in group.fields})
        for item in kept:
            for field in group.fields:
                if rng.random() < 0.15:
                    item[_last(field.path)] = self._value(field, rng, item.get(_last(field.path)))
        return tuple(kept)

    def _value(self, field: FactField, rng: random.Random, before: Any) -> Any:
        few = few_values(field)
        if few is not None:
            return rng.choice(few)
        if isinstance(field.type, t.Maybe) and rng.random() < 0.2:
            return None
        kind = t.solid(field.type)
        if kind == t.DATE:
            return self._date(rng, before)
        if kind == t.TEXT:
            return rng.choice([*self._constants.get(str, []), "其他", "又一种"])
        numbers = [*self._constants.get(int, []), *self._constants.get(Fraction, []), 0, 1]
        found = abs(rng.choice(numbers) + rng.choice((-1, 0, 0, 1)))
        if isinstance(before, int | Fraction) and rng.random() < 0.3:
            found = abs(before + rng.choice((-1, 1)))
        whole = kind == t.MONEY or (isinstance(kind, t.Number) and kind.integer)
        return int(found) if whole else found

    def _date(self, rng: random.Random, before: Any) -> date:
        pool = self._constants.get(date, []) + ODD_DAYS
        start = before if isinstance(before, date) and rng.random() < 0.5 else rng.choice(pool)
        try:
            start = start.replace(year=start.year + rng.choice((-16, -5, -1, 0, 0, 0, 0, 1, 5)))
        except ValueError:
            pass
        found = start + timedelta(days=rng.choice((-30, -1, 0, 0, 0, 1, 31, rng.randrange(400))))
        return min(max(found, FIRST_DATE), LAST_DATE)

    def _complete(self, given: Iterable[Mapping[str, Any]]) -> Iterator[Case]:
        for one in given:
            case = as_case(self.engine, one)
            if self.is_valid(case):
                yield case


def as_case(engine: Engine, given: Any) -> Case:
    """A case as JSON has it as diagrams see it, with the plainest value for what is absent."""
    known = engine.reader.read(given).known
    values: dict[str, Any] = {}
    items: dict[str, tuple[dict[str, Any], ...]] = {}
    for group in engine.rulebook.groups:
        plain = {f.path: plain_value(f.type, f.allowed) for f in group.fields}
        if group.is_list:
            fields = {_last(path): value for path, value in plain.items()}
            items[group.name] = tuple(fields | item.fields for item in known.get(group.name, ()))
        else:
            values |= {path: known.get(path, value) for path, value in plain.items()}
    return Case(values, items)


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _constants(part: Any) -> Iterator[Any]:
    """The constants of rules, tables and registers, each once."""
    seen: set[int] = set()
    found: dict[tuple[type, Any], None] = {}
    pending = [part.definitions, part.requirements, part.checks, part.tables, part.registers]
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, tuple | list | frozenset):
            pending += one
        elif isinstance(one, dict):
            pending += one.values()
        elif isinstance(one, ir.Literal) and isinstance(one.value, int | Fraction | date | str):
            if not isinstance(one.value, bool):
                found[one.value.__class__, one.value] = None
        elif attrs.has(one.__class__):
            if one.__class__.__name__ == "Register":
                pending.append([ir.Literal(v, t.TEXT, one.span) for row in one.rows for v in row])
            pending += [getattr(one, f.name) for f in attrs.fields(one.__class__)]
    for _, value in sorted(found, key=str):
        yield value


# --- what is said of a case

FAULT = "规则书有误"


def interpretation(engine: Engine, case: Case) -> Interpretation:
    """The interpreter at work on a case."""
    facts = engine.reader.read(case.to_json(engine.rulebook))
    assert not facts.faults, facts.faults
    return Interpretation(engine.program, facts.known, engine.chosen)


def interpreted(compute: Any) -> Any:
    """A value of the interpreter as plain data; FAULT where it leads nowhere."""
    try:
        return _plain(compute())
    except RulebookFault:
        return FAULT


def _plain(value: Any) -> Any:
    if isinstance(value, Item):
        return dict(value.fields)
    if value.__class__ is tuple or (isinstance(value, tuple) and not hasattr(value, "_fields")):
        return tuple(_plain(one) for one in value)
    return value


def of_diagrams(answers: Answers, value: Any, item: Mapping[str, Any] | None = None) -> Any:
    """A value of diagrams for a case as plain data; `Unclear` where they do not tell."""
    if isinstance(value, Entries):
        there = [(one, of_diagrams(answers, node, item)) for one, node in value.items]
        stops = [v for _, v in there if v is FAULT or isinstance(v, Unclear)]
        if stops:
            return stops[0]
        return tuple(_shown(one) for one, is_there in there if is_there)
    if not isinstance(value, Diagram):
        return Unclear("清单的内容")
    return _shown(answers.value(value) if item is None else answers.of_item(value, item))


def _shown(value: Any) -> Any:
    if isinstance(value, Row):
        return dict(zip(value.columns, value.values, strict=True))
    if value.__class__ is tuple:
        return tuple(_shown(one) for one in value)
    return FAULT if isinstance(value, Fault) else value


def subjects(rulebook: Rulebook, scope_kind: str | None, scope: str | None) -> list[Any]:
    """Whom a definition is for: the whole case, or each member."""
    if scope_kind == "enum":
        return list(rulebook.enum[scope or ""].members)
    return [] if scope_kind == "list" else [None]
