"""Two rulebooks over the facts of both: their diagrams side by side, and cases to start from."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import attrs

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Example, FactField, Rulebook
from luling.compiler.verify.case import Answers, Case, completed, plain_value
from luling.compiler.verify.diagram import Choice, Diagram, Diagrams
from luling.compiler.verify.from_ir import Meaning
from luling.compiler.verify.search import Search
from luling.compiler.verify.smt import second_solver
from luling.compiler.verify.solve import Exhausted, Literal, Model, Solver
from luling.compiler.verify.symbolic import (
    Entries,
    Fault,
    Items,
    Unclear,
    diagrams,
    few_values,
    kind_of,
)

from ..decide import Decision, Engine
from ..facts import Item

_BASELINES = 12  # worked examples that witnesses may start from


class Pair:
    """Two rulebooks, the old one in the names of the new one, and what is possible in both.

    `old` and `new` decide cases; where the two spans have no day in common they do so as if they
    applied. One rulebook may be both. What takes longer than `seconds` raises `Exhausted`. With
    `second`, Z3 is asked what the own solver gives up on, where it is installed.
    """

    def __init__(self, old: Engine, new: Engine, seconds: float, *, second: bool = True) -> None:
        self._end = self._pause = time.monotonic() + seconds
        self._engines = old, new
        self.d: Diagrams = diagrams()
        self.names = _clashing(old.rulebook, new.rulebook)
        domains = _domains(old.rulebook, new.rulebook)
        self.before = Meaning(
            old.rulebook, self.d, readings=old.chosen, domains=domains, names=self.names
        )
        self.after = self.before
        if new is not old:
            self.after = Meaning(new.rulebook, self.d, readings=new.chosen, domains=domains)
        self._best: dict[str, Items] = {}
        self._second = second
        self.search = self._searching()
        self.as_if_both_applied = not self._span_in_common()
        if self.as_if_both_applied:
            old, new = _ungated(old), _ungated(new)
        self.old, self.new = old, new
        self.types = self._types()
        self.plain = dict(self._plain_cases())
        for case in self.plain.values():
            self.search.remember(case)
        self.d.tick = self.tick

    def anew(self) -> Pair:
        """The same pair without the diagrams made so far, for the time that is left."""
        left = max(self._end - time.monotonic(), 0)
        return Pair(*self._engines, left, second=self._second)

    def _searching(self) -> Search:
        valid = self.d.both(self.before.valid(), self.after.valid())
        one, other = self.before.valid_items(), self.after.valid_items()
        items = {
            name: self.d.both(one.get(name, self.d.true), other.get(name, self.d.true))
            for name in dict.fromkeys((*one, *other))
        }
        solver = Solver(self.d, items, self._best)
        second = second_solver(self.d, items, self._best) if self._second else _nobody
        return Search(self.d, valid, solver, self.tick, second)

    def tick(self) -> None:
        """Raises `Exhausted` once the time is up."""
        if time.monotonic() > self._pause:
            raise Exhausted("超过时限")
        self.add_best(self.before)
        self.add_best(self.after)

    def allow(self, seconds: float) -> None:
        """Gives what comes next so many seconds, as far as there are any left."""
        self._pause = min(self._end, time.monotonic() + seconds)

    def add_best(self, meaning: Meaning) -> None:
        """Lets the search know of certain items of lists that a rulebook speaks of."""
        self._best.update(meaning.best)

    def _span_in_common(self) -> bool:
        """Whether a case can fall under both, or one of them is for no case: that is a difference
        and no assumption is made.
        """
        one, other = self.before.applies(), self.after.applies()
        if one == other:
            return True
        try:
            if self.search.find(self.d.both(one, other)) is not None:
                return True
            return any(self.search.find(span) is None for span in (one, other))
        except Exhausted:
            return True

    # --- values

    def values(self, name: str) -> tuple[Any, Any]:
        """A result of both rulebooks."""
        gated = not self.as_if_both_applied
        return self.before.result(name, gated=gated), self.after.result(name, gated=gated)

    def differs(self, one: Any, other: Any) -> tuple[Diagram, Diagram]:
        """Where two values differ, and where diagrams do not tell whether they do."""
        if one == other:
            return self.d.false, self.d.false
        same = self.after.same(one, other)
        at_fault = [self._where(value, Fault) for value in (one, other)]
        unlike = self.d.where(same, _is_false, "is false")
        only_one = self.d.negate(self.after.equal(*at_fault))
        differs = self.d.ite(self.d.any_of(at_fault), only_one, unlike)
        return differs, self.d.any_of([self._where(v, Unclear) for v in (one, other, same)])

    def _where(self, value: Any, kind: type) -> Diagram:
        test = partial(_is_a, kind)
        return self.d.any_of([self.d.where(p, test, ("is a", kind)) for p in parts_of(value)])

    def same_way(self, differs: Diagram, values: tuple[Any, Any], case: Case) -> Diagram:
        """Where two values differ as they do in a case: made in the same way of the same; of a
        value that only hands on a fact with many values, whatever that fact is.
        """
        answers = Answers(self.d, case)
        parts = [part for value in values for part in parts_of(value)]
        own = [self.d.at(part, answers.index) for part in parts]
        found = [self._all_equal(parts, own)]
        for place in self.d.support(*parts):
            choice = self.d.choices[place]
            mine = choice.values[answers.index(choice)] if self.d.has_many(choice) else None
            if mine is not None and any(_holds(value, mine) for value in own):
                found.append(self.d.select(place, self._handed_on(parts, own, mine, choice)))
        return self.d.both(differs, self.d.any_of(found))

    def _handed_on(
        self, parts: list[Diagram], own: list[Any], mine: Any, choice: Choice
    ) -> tuple[Diagram, ...]:
        """For each value of a choice where values are what they are with it in place of `mine`."""
        return tuple(
            self.d.false
            if other is None
            else self._all_equal(parts, [_swapped(value, mine, other) for value in own])
            for other in choice.values
        )

    def _all_equal(self, parts: list[Diagram], values: list[Any]) -> Diagram:
        return self.d.all_of(
            [
                self.d.where(part, partial(_equals, value), ("equals", value.__class__, value))
                for part, value in zip(parts, values, strict=True)
            ]
        )

    def is_nowhere(self, where: Diagram) -> bool:
        """Whether it is shown that no valid case meets a condition."""
        try:
            return self.search.find(where) is None
        except Exhausted:
            return False

    def why_unclear(self, *values: Any) -> str:
        """What the diagrams of a value do not tell."""
        leaves = self.d.leaves(*(part for value in values for part in parts_of(value)))
        whys = dict.fromkeys(leaf.why for leaf in leaves if isinstance(leaf, Unclear))
        return "；".join(whys) or "清单的内容"

    # --- cases

    def decisions(self, case: Case) -> tuple[Decision, Decision]:
        """What the interpreter says of a case under either rulebook."""
        old, new = self.to_json(case)
        return self.old.decide(old), self.new.decide(new)

    def to_json(self, case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
        """A case as either rulebook reads it."""
        old = case.to_json(self.before.rulebook, self.names)
        return old, case.to_json(self.after.rulebook)

    def completed(self, model: Model, plain: Case) -> Case:
        """A plain case with what a model says instead."""
        groups = (*self.before.rulebook.groups, *self.after.rulebook.groups)
        return completed(model, plain, {group.name: group for group in groups if group.is_list})

    def _types(self) -> dict[str, t.Type]:
        old, new = self.before.rulebook.facts, self.after.rulebook.facts
        found = {self.names.get(path, path): field.type for path, field in old.items()}
        return found | {path: field.type for path, field in new.items()}

    def _plain_cases(self) -> Iterator[tuple[str, Case]]:
        """Complete valid worked examples of either rulebook, those first that most others start
        from; one that none starts from only where there is no other.
        """
        found: set[str] = set()
        for used, engine, example in self._examples():
            if len(found) >= (_BASELINES if used else 1):
                break
            case = self._as_case(engine, example.case)
            if case is not None and example.name not in found and self._is_valid(case):
                found.add(example.name)
                yield example.name, case
        if not found:
            yield "", self._made_up()

    def _examples(self) -> list[tuple[int, Engine, Example]]:
        """The examples of both with how many others start from each, the most used first."""
        found = []
        for engine in (self.new, self.old):
            used = Counter(example.base for example in engine.rulebook.examples)
            for example in engine.rulebook.examples:
                if not example.readings:
                    found.append((used[example.name], engine, example))
        return sorted(found, key=lambda one: -one[0])

    def _as_case(self, engine: Engine, given: Mapping[str, Any]) -> Case | None:
        """A complete case: as given, and as plain as can be where that says nothing. None where an
        item of a list lacks something.
        """
        facts = engine.reader.read(given)
        names = self.names if engine is self.old else {}
        values: dict[str, Any] = {}
        items: dict[str, tuple[dict[str, Any], ...]] = {}
        for group in engine.rulebook.groups:
            fields = {f.path.rpartition(".")[2] for f in group.fields}
            if group.is_list:
                listed: tuple[Item, ...] = facts.known.get(group.name, ())
                if any(set(item.fields) != fields for item in listed):
                    return None
                items[group.name] = tuple(dict(item.fields) for item in listed)
                continue
            for field in group.fields:
                if field.path in facts.known:
                    values[names.get(field.path, field.path)] = facts.known[field.path]
        plain = self._plainest()
        return Case(plain.values | values, plain.items | items)

    def _plainest(self) -> Case:
        """A case of the plainest values of all facts of both."""
        values: dict[str, Any] = {}
        items: dict[str, tuple[dict[str, Any], ...]] = {}
        for meaning in (self.before, self.after):
            for group in meaning.rulebook.groups:
                if group.is_list:
                    items[group.name] = ()
                    continue
                for field in group.fields:
                    name = meaning.names.get(field.path, field.path)
                    values[name] = plain_value(field.type, field.allowed)
        return Case(values, items)

    def _made_up(self) -> Case:
        plain = self._plainest()
        try:
            model = self.search.find(self.d.true, plain)
        except Exhausted:
            model = None
        return plain if model is None else self.completed(model, plain)

    def _is_valid(self, case: Case) -> bool:
        return all(decision.state != "输入有误" for decision in self.decisions(case))


def _nobody(_: list[Literal]) -> bool | None:
    return None


def parts_of(value: Any) -> list[Diagram]:
    """The diagrams that a value is made of."""
    if isinstance(value, Entries):
        return [there for _, there in value.items]
    return [value] if isinstance(value, int) else []


def _is_false(value: Any) -> bool:
    return value is False


def _is_a(kind: type, value: Any) -> bool:
    return isinstance(value, kind)


def _equals(own: Any, value: Any) -> bool:
    return bool(value == own)


def _holds(value: Any, one: Any) -> bool:
    """Whether a value is another or a list with it."""
    return bool(value == one or (value.__class__ is tuple and one in value))


def _swapped(value: Any, one: Any, other: Any) -> Any:
    """A value, or those of a list, with one exchanged for another."""
    if value.__class__ is tuple:
        return tuple(other if part == one else part for part in value)
    return other if value == one else value


def _ungated(engine: Engine) -> Engine:
    """The rulebook as if it applied to every case."""
    return Engine(attrs.evolve(engine.rulebook, gate=None), engine.chosen)


def _clashing(old: Rulebook, new: Rulebook) -> dict[str, str]:
    """Facts of one name that are of different kinds: the old one's get a name of their own."""
    return {
        path: f"{path}（旧版）"
        for path, field in old.facts.items()
        if path in new.facts and _kind(field) != _kind(new.facts[path])
    }


def _kind(field: FactField) -> object:
    """What a fact's values are: a list of few, or a kind of many, and whether it may be none."""
    maybe = isinstance(field.type, t.Maybe)
    return ("few", "") if few_values(field) is not None else (kind_of(field.type), maybe)


def _domains(old: Rulebook, new: Rulebook) -> dict[str, tuple[Any, ...]]:
    """The values of facts with few of them that the two rulebooks declare otherwise, together."""
    found: dict[str, tuple[Any, ...]] = {}
    for path, field in old.facts.items():
        other = new.facts.get(path)
        if other is not None:
            one, two = few_values(field), few_values(other)
            if one is not None and two is not None and one != two:
                found[path] = tuple(dict.fromkeys((*two, *one)))
    return found
