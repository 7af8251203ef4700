"""The whole account of what a change costs, from the pairs of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import attrs

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir.values import show

from ..batch.deciding import read_rows
from ..batch.opening import Tables
from ..batch.rows import Row
from ..batch.sources import quoted
from ..decide import Decision
from ..explain import Account
from ..versions.words import step
from .causes import Trial, Tried, by_change, by_clause, causes
from .measure import Measure
from .model import Breakdown, Impact, Large, Step
from .paired import dimensions
from .sides import Dimension, Sides

_CHOSEN: Final = quoted("·所选")
FACTS, RESULTS = 6, 4  # to group by, where none is asked for


@attrs.frozen
class Asked:
    """How much is asked for: `by` names what to group by, by default what moves most unevenly;
    `money`: the result by which cases are ranked, by default the one that moves most; `sample`: how
    many cases changes are tried on; `largest`: how many cases are told.
    """

    by: tuple[str, ...] = ()
    money: str | None = None
    sample: int = 1_000
    largest: int = 10


def impact(
    tables: Tables,
    sides: Sides,
    asked: Asked,
    watched: Callable[[list[Row]], Iterable[Row]] = iter,
) -> Impact:
    """What the change costs. The tables have the relation that `pair` left."""
    measure = Measure(tables.con, sides)
    counts = measure.counts()
    leading = asked.money or measure.leading()
    trial = Trial(sides, by_clause(sides), leading, tables.columns)
    sampled = measure.sample(asked.sample, counts[1])
    there = dimensions(tables, sides)
    return Impact(
        cases=counts[0],
        moved=counts[1],
        leading=leading,
        results=measure.results(),
        states=measure.states(),
        totals=measure.totals(),
        breakdowns=_breakdowns(measure, there, leading, asked.by),
        matrices=measure.matrices(),
        reasons=measure.reasons(),
        causes=causes(trial, watched(_rows(tables, sampled)), counts[1]) if sampled else None,
        largest=tuple(_largest(tables, measure, sides, leading, asked)),
        without=tuple(d.name for d in sides.dimensions if d not in there),
    )  # fmt: skip


def _rows(tables: Tables, numbers: Sequence[Any]) -> list[Row]:
    """Some rows of the table, in the order of their numbers."""
    if not numbers:
        return []
    tables.con.execute(f"CREATE OR REPLACE TABLE {_CHOSEN} AS SELECT unnest(?) AS id", [numbers])
    found = dict(read_rows(tables, f"SELECT id FROM {_CHOSEN}"))
    return [found[number] for number in numbers]


def _breakdowns(
    measure: Measure, there: Sequence[Dimension], leading: str | None, by: Sequence[str]
) -> tuple[Breakdown, ...]:
    """What is asked for, in that order; else the facts and the results whose groups move most
    unlike one another, of equals the first declared.
    """
    if by:
        return tuple(measure.breakdown(one) for name in by for one in there if one.name == name)
    variance = measure.variance(leading)
    found: list[Breakdown] = []
    for kind, most in ((True, FACTS), (False, RESULTS)):
        some = [one for one in there if (one.of == "fact") is kind]
        told = [(measure.spread(one, leading, variance), -n) for n, one in enumerate(some)]
        best = [place for place in sorted(told, reverse=True)[:most] if place[0] > 0]
        found += [measure.breakdown(some[-n]) for _, n in best]
    return tuple(found)


def _largest(
    tables: Tables,
    measure: Measure,
    sides: Sides,
    leading: str | None,
    asked: Asked,
) -> Iterable[Large]:
    numbers = measure.largest(leading, asked.largest)
    trial = Trial(sides, by_change(sides), leading, tables.columns)
    for number, row in zip(numbers, _rows(tables, numbers), strict=True):
        yield _large(number, trial.of(row), trial)


def _large(number: Any, tried: Tried, trial: Trial) -> Large:
    keys = [effect.part for effect in tried.effects] or trial.together(tried)
    changes = [trial.parts[key][0] for key in keys]
    return Large(
        number=number,
        steps=tuple(_steps(tried, trial.sides)),
        old=_accounts(tried.old),
        new=_accounts(tried.new),
        causes=tuple((change.clause or "", change.key) for change in changes),
        together=not tried.effects,
        case=trial.case(tried.row),
    )


def _accounts(decision: Decision) -> dict[Language, tuple[str, ...]]:
    return {"zh": tuple(Account(decision).short()), "en": tuple(Account(decision, "en").short())}


def _steps(tried: Tried, sides: Sides) -> Iterable[Step]:
    for name in sides.shared:
        if tried.old.determined(name) and tried.new.determined(name):
            old, new = tried.old.values[name], tried.new.values[name]
            kinds = sides.old.types[name], sides.new.types[name]
            if old != new:
                far = Both(step(old, new, kinds[1]), step(old, new, kinds[1], "en"))
                yield Step(name, show(old, kinds[0]), show(new, kinds[1]), far)


def chief(impact: Impact, sides: Sides, one: Large) -> tuple[Step, ...]:
    """What is told of a case at first sight: the leading money and results of few values."""
    wanted = (impact.leading, *sides.named)
    return tuple(step for step in one.steps if step.name in wanted) or one.steps
