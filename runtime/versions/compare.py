"""Two rulebooks over all valid cases: which results differ, where, and the smallest case for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, FactField, Rulebook
from luling.compiler.verify.case import Answers, Case, completed, json_value, plain_value
from luling.compiler.verify.diagram import Diagram, Diagrams, TooLarge
from luling.compiler.verify.from_ir import (
    Fault,
    Meaning,
    Unclear,
    diagrams,
    few_values,
    kind_of,
)
from luling.compiler.verify.search import Cube, Search
from luling.compiler.verify.solve import Exhausted, Solver
from luling.compiler.verify.words import cube_in_words

from ..decide import Decision, Engine
from ..facts import Item
from .outcomes import FactChange, Outcomes, Region, ResultComparison, Witness

Progress = Callable[[str], None]
_BASELINES = 16


class Pair:
    """The diagrams of two rulebooks side by side, over the facts both know.

    `old` and `new` decide cases; `names`: what a fact of the old one is called in the new one.
    """

    def __init__(
        self,
        old: Engine,
        new: Engine,
        *,
        names: Mapping[str, str] | None = None,
        seconds: float = 60,
    ) -> None:
        self.names = {**_clashing(old.rulebook, new.rulebook, names or {}), **(names or {})}
        self.d = diagrams()
        self._end = time.monotonic() + seconds
        domains = _domains(old.rulebook, new.rulebook, self.names)
        self.before = Meaning(
            old.rulebook, self.d, readings=old.chosen, domains=domains, names=self.names
        )
        self.after = Meaning(new.rulebook, self.d, readings=new.chosen, domains=domains)
        self.as_if_both_applied = False
        valid = self.d.both(self.before.valid(), self.after.valid())
        items = _both_items(self.d, self.before.valid_items(), self.after.valid_items())
        self.best = {}
        solver = Solver(self.d, items, self.best)
        self.search = Search(self.d, valid, solver, self._tick)
        if not self._span_in_common():
            self.as_if_both_applied = True
            old, new = (_ungated(engine) for engine in (old, new))
        self.old, self.new = old, new
        self.plain = list(self._plain_cases())
        for _, case in self.plain:
            self.search.remember(case)

    def _tick(self) -> None:
        if time.monotonic() > self._end:
            raise Exhausted("超过时限")
        self.best.update({**self.before.best, **self.after.best})

    def _span_in_common(self) -> bool:
        one, other = self.before.applies(), self.after.applies()
        if one == other:
            return True
        try:
            return self.search.find(self.d.both(one, other)) is not None
        except Exhausted:
            return True

    # --- one result

    def values(self, name: str, old_name: str) -> tuple[Any, Any]:
        """A result as diagrams of the old and of the new rulebook."""
        gated = not self.as_if_both_applied
        return self.before.result(old_name, gated=gated), self.after.result(name, gated=gated)

    def differs(self, one: Any, other: Any) -> tuple[Diagram, Diagram]:
        """Where two values differ, and where diagrams do not tell whether they do."""
        if one == other:
            return self.d.false, self.d.false
        same = self.after.same(one, other)
        faults = [self._where(v, Fault) for v in (one, other)]
        unclear = [self._where(v, Unclear) for v in (one, other, same)]
        faulty = self.d.any_of(faults)
        only_one = self.d.negate(self.after.equal(*faults))
        differs = self.d.ite(faulty, only_one, self.d.where(same, lambda v: v is False, "is false"))
        return differs, self.d.any_of(unclear)

    def _where(self, value: Any, kind: type) -> Diagram:
        parts = [value] if isinstance(value, int) else [g for _, g in getattr(value, "items", ())]
        return self.d.any_of(
            [self.d.where(part, lambda v: isinstance(v, kind), ("is a", kind)) for part in parts]
        )

    def is_nowhere(self, where: Diagram) -> bool:
        """Whether no valid case meets a condition."""
        try:
            return self.search.find(where) is None
        except Exhausted:
            return False

    def why_unclear(self, *values: Any) -> str:
        """What the diagrams of a result do not tell."""
        nodes = [v for value in values for v in self._parts(value)]
        whys = [v.why for v in self.d.leaves(*nodes) if isinstance(v, Unclear)]
        return "、".join(dict.fromkeys(whys)) or "清单的内容"

    def _parts(self, value: Any) -> list[Diagram]:
        return [value] if isinstance(value, int) else [g for _, g in getattr(value, "items", ())]

    def same_way(self, differs: Diagram, one: Any, other: Any, case: Case) -> Diagram:
        """Where two values differ as they do in a case."""
        return self.d.all_of([differs, *(self._as_in(value, case) for value in (one, other))])

    def _as_in(self, value: Any, case: Case) -> Diagram:
        """Where a value is what it is in a case: the same constant, or made in the same way."""
        answers = Answers(self.d, case)
        if isinstance(value, int):
            own = self.d.at(value, answers.index)
            return self.d.where(value, lambda v: v == own, ("is", own))
        guards = []
        for _, there in value.items:
            holds = self.d.at(there, answers.index) is True
            guards.append(self.d.where(there, lambda v, h=holds: (v is True) == h, ("is", holds)))
        return self.d.all_of(guards)

    # --- witnesses

    def witness(
        self, where: Diagram, name: str, old_name: str
    ) -> tuple[Case, Case | None, str] | None:
        """A case in which a condition holds that differs from a plain one in few facts, the same
        with still fewer, and the plain one's name. None where there is none.
        """
        space = self.search.possible(where)
        if space == self.d.false:
            return None
        costs = []
        for index, (_, plain) in enumerate(self.plain):
            way = self.d.cheapest(space, self.search._cost(plain))
            if way is not None:
                costs.append((way[0], index))
        baseline, plain = self.plain[min(costs)[1] if costs else 0]
        model = self.search.find(where, plain)
        if model is None:
            return None
        case = self.completed(model, plain)
        self.search.remember(case)
        old, new = self.decisions(case)
        if _value(old, old_name) == _value(new, name):
            raise Exhausted(f"复演没有差别：{name}")
        return case, self._simplest(case, plain, name, old_name), baseline

    def _simplest(self, case: Case, plain: Case, name: str, old_name: str) -> Case:
        """The case with every fact as in the plain one that need not be otherwise."""
        wanted = self._pair_of_values(case, name, old_name)
        found = case
        for path in case.values:
            if found.values[path] != plain.values.get(path):
                trial = Case({**found.values, path: plain.values[path]}, found.items)
                if self._pair_of_values(trial, name, old_name) == wanted:
                    found = trial
        for list_name in case.items:
            trial = Case(found.values, {**found.items, list_name: plain.items.get(list_name, ())})
            if self._pair_of_values(trial, name, old_name) == wanted:
                found = trial
        return found

    def _pair_of_values(self, case: Case, name: str, old_name: str) -> Any:
        old, new = self.decisions(case)
        if "输入有误" in (old.state, new.state):
            return None
        return _value(old, old_name), _value(new, name)

    def region(self, cube: Cube, case: Case, baseline: str, name: str, old_name: str) -> Region:
        """A region with its witness, replayed."""
        old, new = self.decisions(case)
        plain = dict(self.plain)[baseline]
        said = {**self.before.said, **self.after.said}
        witness = Witness(
            self.to_json(case)[1], baseline, tuple(self._changes(case, plain)), old, new
        )
        conditions = cube_in_words(self.d, cube, said, self._types())
        return Region(conditions, _value(old, old_name), _value(new, name), witness, ())

    def _types(self) -> dict[str, t.Type]:
        old = {self.names.get(path, path): f.type for path, f in self.before.rulebook.facts.items()}
        return {**old, **{path: f.type for path, f in self.after.rulebook.facts.items()}}

    def _changes(self, case: Case, plain: Case) -> Iterator[FactChange]:
        types = self._types()
        for path, value in case.values.items():
            before = plain.values.get(path)
            if value != before:
                yield FactChange(
                    path, json_value(before, types[path]), json_value(value, types[path])
                )
        shown = self.to_json(case)[1]
        for name, items in case.items.items():
            if items != plain.items.get(name, ()):
                plain_items = self.to_json(plain)[1].get(name, [])
                yield FactChange(name, plain_items, shown.get(name, list(items)))

    # --- plain cases

    def _plain_cases(self) -> Iterator[tuple[str, Case]]:
        """Complete valid worked examples of either rulebook to start witnesses from."""
        found = 0
        for engine in (self.new, self.old):
            examples = [e for e in engine.rulebook.examples if not e.readings]
            for example in sorted(examples, key=lambda e: e.base is not None):
                if found >= _BASELINES:
                    return
                case = self._as_case(engine, example.case)
                if case is not None and self._is_valid(case):
                    found += 1
                    yield example.name, case
        if not found:
            yield "", self._made_up()

    def _as_case(self, engine: Engine, given: Mapping[str, Any]) -> Case | None:
        facts = engine.reader.read(given)
        if facts.faults:
            return None
        names = self.names if engine is self.old else {}
        values: dict[str, Any] = {}
        items: dict[str, tuple[dict[str, Any], ...]] = {}
        for path, value in facts.known.items():
            if isinstance(value, tuple):
                items[path] = tuple(dict(item.fields) for item in value if isinstance(item, Item))
            else:
                values[names.get(path, path)] = value
        plain = self._nothing_said()
        for group in engine.rulebook.groups:
            if group.is_list:
                wanted = {f.path.rpartition(".")[2] for f in group.fields}
                if group.name not in items or any(set(i) != wanted for i in items[group.name]):
                    return None
            elif any(names.get(f.path, f.path) not in values for f in group.fields):
                return None
        return Case({**plain.values, **values}, {**plain.items, **items})

    def _nothing_said(self) -> Case:
        """A case of the plainest values of all facts of both."""
        values: dict[str, Any] = {}
        items: dict[str, tuple[dict[str, Any], ...]] = {}
        for rulebook, names in ((self.before.rulebook, self.names), (self.after.rulebook, {})):
            for group in rulebook.groups:
                if group.is_list:
                    items[group.name] = ()
                    continue
                for field in group.fields:
                    path = names.get(field.path, field.path)
                    values[path] = plain_value(field.type, field.allowed)
        return Case(values, items)

    def _made_up(self) -> Case:
        plain = self._nothing_said()
        try:
            model = self.search.find(self.d.true, plain)
        except Exhausted:
            return plain
        return plain if model is None else self.completed(model, plain)

    def completed(self, model: Any, plain: Case) -> Case:
        """A plain case with what a model says instead."""
        lists = {g.name: g for r in (self.before, self.after) for g in r.rulebook.groups}
        return completed(model, plain, lists)

    def _is_valid(self, case: Case) -> bool:
        return all(d.state not in ("输入有误",) for d in self.decisions(case))

    def decisions(self, case: Case) -> tuple[Decision, Decision]:
        """What the interpreter says of a case under either rulebook."""
        old, new = self.to_json(case)
        return self.old.decide(old), self.new.decide(new)

    def to_json(self, case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
        """A case as either rulebook reads it."""
        return (
            case.to_json(self.old.rulebook, self.names),
            case.to_json(self.new.rulebook),
        )


def compare_outcomes(
    old: Engine,
    new: Engine,
    *,
    results: Iterable[str] | None = None,
    names: Mapping[str, str] | None = None,
    limit: int = 12,
    seconds: float = 60,
    progress: Progress = lambda _: None,
) -> Outcomes:
    """For each result that both rulebooks have whether it differs, with at most `limit` regions.

    `names`: what facts and results of the old rulebook are called in the new one. After `seconds`
    what is left is undecided.
    """
    names = dict(names or {})
    pair = Pair(old, new, names=names, seconds=seconds)
    back = {names.get(d.name, d.name): d.name for d in old.rulebook.results}
    wanted = None if results is None else set(results)
    found = []
    for definition in new.rulebook.results:
        if definition.name in back and (wanted is None or definition.name in wanted):
            progress(definition.name)
            found.append(_compared(pair, definition, back[definition.name], limit))
    return Outcomes(tuple(found), tuple(_assumptions(pair)), pair.as_if_both_applied)


def _compared(pair: Pair, result: Definition, old_name: str, limit: int) -> ResultComparison:
    name, type_ = result.name, result.type
    try:
        one, other = pair.values(name, old_name)
        differs, unclear = pair.differs(one, other)
        regions, more = _regions(pair, name, old_name, one, other, differs, limit)
    except (Exhausted, TooLarge) as error:
        why = error.why if isinstance(error, Exhausted) else "判定图的结点超过限额"
        return ResultComparison(name, type_, "undecided", why=why)
    if regions:
        return ResultComparison(name, type_, "differs", regions, more)
    if unclear == pair.d.false or pair.is_nowhere(unclear):
        return ResultComparison(name, type_, "same")
    return ResultComparison(name, type_, "undecided", why=pair.why_unclear(one, other))


def _regions(
    pair: Pair, name: str, old_name: str, one: Any, other: Any, differs: Diagram, limit: int
) -> tuple[tuple[Region, ...], bool]:
    """The ways in which a result differs, and whether there are more than were asked for."""
    found: list[Region] = []
    left = differs
    while True:
        witness = pair.witness(left, name, old_name)
        if witness is None:
            return tuple(found), False
        if len(found) == limit:
            return tuple(found), True
        case, region_case, baseline = witness
        where = pair.same_way(differs, one, other, case)
        cube = pair.search.widened(pair.search.way(where, case), where)
        left = pair.d.both(pair.d.negate(pair.search.cube(cube)), left)
        found.append(pair.region(cube, region_case or case, baseline, name, old_name))


def _ungated(engine: Engine) -> Engine:
    """The rulebook as if it applied to every case."""
    return Engine(attrs.evolve(engine.rulebook, gate=None), engine.chosen)


def _clashing(old: Rulebook, new: Rulebook, names: Mapping[str, str]) -> dict[str, str]:
    """Facts of one name that are of different kinds: in the old rulebook they get another name."""
    return {
        path: f"{path}（旧版）"
        for path, field in old.facts.items()
        if path not in names and path in new.facts
        if _kind(field) != _kind(new.facts[path])
    }


def _kind(field: FactField) -> object:
    """What a fact's values are: a list of few, or a kind of many."""
    return "few" if few_values(field) is not None else kind_of(field.type)


def _domains(old: Rulebook, new: Rulebook, names: Mapping[str, str]) -> dict[str, tuple[Any, ...]]:
    """The values of facts with few of them that the two rulebooks declare otherwise, together."""
    found: dict[str, tuple[Any, ...]] = {}
    for path, field in old.facts.items():
        other = new.facts.get(names.get(path, path))
        if other is not None:
            one, two = few_values(field), few_values(other)
            if one is not None and two is not None and one != two:
                found[names.get(path, path)] = tuple(dict.fromkeys((*two, *one)))
    return found


def _value(decision: Decision, name: str) -> Any:
    """What a decision says of a result; of a rulebook at fault its state."""
    return decision.values.get(name, decision.state)


def _assumptions(pair: Pair) -> Iterator[str]:
    """What is taken for granted of facts that only one version has."""
    old = {pair.names.get(path, path) for path in pair.before.rulebook.facts}
    new = set(pair.after.rulebook.facts)
    for path in pair.after.rulebook.facts:
        if path not in old:
            yield f"{path} 是新版才有的事实：旧版不看，任何取值都算在内。"
    for path in sorted(old - new):
        yield f"{path} 是旧版才有的事实：新版不看，任何取值都算在内。"


def _both_items(
    d: Diagrams, one: Mapping[str, Diagram], other: Mapping[str, Diagram]
) -> dict[str, Diagram]:
    return {
        name: d.both(one.get(name, d.true), other.get(name, d.true))
        for name in dict.fromkeys((*one, *other))
    }
