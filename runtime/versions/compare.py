"""Two rulebooks over all valid cases: which results differ, where, and the smallest case for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir.rulebook import Definition
from luling.compiler.ir.walk import walk
from luling.compiler.verify.case import Case, json_value
from luling.compiler.verify.diagram import Diagram, TooLarge
from luling.compiler.verify.from_ir import ItemAt, Meaning
from luling.compiler.verify.search import Cube
from luling.compiler.verify.solve import Exhausted
from luling.compiler.verify.words import cube_in_words

from ..decide import Decision, Engine
from .outcomes import FactChange, Outcomes, Region, ResultComparison, Witness
from .pair import Pair
from .rules import Versions

Progress = Callable[[str], None]


def compare_outcomes(
    old: Engine,
    new: Engine,
    *,
    results: Iterable[str] | None = None,
    regions: int = 12,
    seconds: float = 60,
    progress: Progress = lambda _: None,
) -> Outcomes:
    """For each result that both rulebooks have whether it differs, with at most so many regions.

    What is not settled after `seconds` is undecided. `progress` is told each result in turn.
    """
    versions = Versions(old.rulebook, new.rulebook)
    pair = Pair(Engine(versions.before, old.chosen), new, seconds)
    comparing = _Comparing(pair, versions, regions)
    before = {definition.name for definition in versions.before.results}
    wanted = before if results is None else before & set(results)
    found = []
    for definition in new.rulebook.results:
        if definition.name in wanted:
            progress(definition.name)
            found.append(comparing.result(definition))
    return Outcomes(tuple(found), tuple(_assumptions(pair)), pair.as_if_both_applied)


def _assumptions(pair: Pair) -> Iterator[str]:
    """What is taken for granted of facts that only one version has."""
    old = [pair.names.get(path, path) for path in pair.before.rulebook.facts]
    new = list(pair.after.rulebook.facts)
    for path in new:
        if path not in old:
            yield f"{path} 只有新版有：旧版不看它，任何取值都算在内。"
    for path in old:
        if path not in new:
            yield f"{path} 只有旧版有：新版不看它，任何取值都算在内。"


class _Comparing:
    """A comparison under way."""

    def __init__(self, pair: Pair, versions: Versions, limit: int) -> None:
        self.pair = pair
        self.d = pair.d
        self.versions = versions
        self.limit = limit
        self._own: dict[str, Engine] = {}
        self._near: frozenset[int] | None = None

    def result(self, result: Definition) -> ResultComparison:
        """One result: same, or differs with its regions, or undecided and why."""
        name, type_ = result.name, result.type
        found: list[Region] = []
        try:
            one, other = self.pair.values(name)
            differs, unclear = self.pair.differs(one, other)
            more = self._regions(name, (one, other), differs, found)
            if found:
                return ResultComparison(name, type_, "differs", tuple(found), more)
            if unclear == self.d.false or self.pair.is_nowhere(unclear):
                return ResultComparison(name, type_, "same")
            why = self.pair.why_unclear(one, other)
        except (Exhausted, TooLarge) as error:
            why = error.why if isinstance(error, Exhausted) else "判定图的结点超过限额"
            if found:
                return ResultComparison(name, type_, "differs", tuple(found), True, why)
        return ResultComparison(name, type_, "undecided", why=why)

    def _regions(
        self, name: str, values: tuple[Any, Any], differs: Diagram, found: list[Region]
    ) -> bool:
        """Adds the ways in which a result differs; whether there are more than are asked for."""
        search = self.pair.search
        left = differs
        while (witness := self._witness(left, name)) is not None:
            if len(found) >= self.limit:
                return True
            case, baseline = witness
            where = self.pair.same_way(differs, values, case)
            cube = search.way(where, case)
            telling, _ = self._telling(cube, self.pair.plain[baseline])
            cube = search.widened(cube, where, telling)
            telling, ordinary = self._telling(cube, self.pair.plain[baseline])
            told = self.d.both(search.cube(telling), where)
            left = self.d.both(self.d.negate(told), left)
            simple = self._simplest(case, self.pair.plain[baseline], name)
            region = self._region(simple, baseline, name)
            conditions, others = self._words(telling), self._words(ordinary)
            found.append(attrs.evolve(region, conditions=conditions, ordinary=others))
        return False

    # --- witnesses

    def _witness(self, where: Diagram, name: str) -> tuple[Case, str] | None:
        """A case in which a condition holds, and the plain one it is nearest to; None where there
        is none. Raises `Exhausted` where the interpreter does not agree that it differs.
        """
        search = self.pair.search
        space = search.possible(where)
        if space == self.d.false:
            return None
        plain_cases = self.pair.plain.values()
        away = [(search.distance(space, case), n) for n, case in enumerate(plain_cases)]
        baseline = list(self.pair.plain)[min(away)[1]]
        plain = self.pair.plain[baseline]
        model = search.find(where, plain)
        if model is None:
            return None
        case = self.pair.completed(model, plain)
        search.remember(case)
        if len(set(self._outcome(case, name) or ("", ""))) < 2:
            raise Exhausted("求得的案件复演没有差别")
        return case, baseline

    def _outcome(self, case: Case, name: str) -> tuple[Any, Any] | None:
        """A result of a case under either rulebook; None of bad input."""
        old, new = self.pair.decisions(case)
        if "输入有误" in (old.state, new.state):
            return None
        return _value(old, name), _value(new, name)

    def _simplest(self, case: Case, plain: Case, name: str) -> Case:
        """The case with every fact as in the plain one that need not be otherwise."""
        wanted = self._outcome(case, name)
        found = case
        for path in case.values:
            trial = Case(found.values | {path: plain.values[path]}, found.items)
            if trial != found and self._outcome(trial, name) == wanted:
                found = trial
        for list_name in case.items:
            trial = Case(found.values, found.items | {list_name: plain.items.get(list_name, ())})
            if trial != found and self._outcome(trial, name) == wanted:
                found = trial
        return found

    def _region(self, case: Case, baseline: str, name: str) -> Region:
        old, new = self.pair.decisions(case)
        changes = tuple(self._changes(case, self.pair.plain[baseline]))
        witness = Witness(self.pair.to_json(case)[1], baseline, changes, old, new)
        values = _value(old, name), _value(new, name)
        return Region((), *values, witness, self._causes(case, name))

    def _words(self, cube: Cube) -> tuple[str, ...]:
        meanings = (self.pair.before, self.pair.after)
        said = {key: text for m in meanings for key, text in (*m.said.items(), *m.called.items())}
        return cube_in_words(self.d, cube, said, self.pair.types)

    def _changes(self, case: Case, plain: Case) -> Iterator[FactChange]:
        for path, value in case.values.items():
            type_, before = self.pair.types[path], plain.values.get(path)
            if value != before:
                yield FactChange(path, json_value(before, type_), json_value(value, type_))
        shown, before_shown = (
            {**self.pair.to_json(one)[0], **self.pair.to_json(one)[1]} for one in (case, plain)
        )
        for name, items in case.items.items():
            if items != plain.items.get(name, ()):
                yield FactChange(name, before_shown.get(name, []), shown[name])

    # --- what is to be told of a region

    def _telling(self, cube: Cube, plain: Case) -> tuple[Cube, Cube]:
        """The conditions that what changed asks for or the plain case does not meet; the others."""
        near = self._near_changes()
        met = self.pair.search.meets(plain)
        telling = {p: v for p, v in cube.items() if p in near or not met(p, v)}
        if not telling:
            return cube, {}
        return telling, {p: v for p, v in cube.items() if p not in telling}

    def _near_changes(self) -> frozenset[int]:
        """The choices by which the changed parts differ, whatever else decides."""
        if self._near is None:
            found: set[int] = set()
            for name in self._changed_definitions():
                found |= self._apart(name)
            found |= self._apart_requirements()
            self._near = frozenset(found)
        return self._near

    def _changed_definitions(self) -> list[str]:
        """The definitions whose own rules changed, or which use a part that did."""
        books = (self.versions.before, self.versions.new)
        units = {unit for change in self.versions.changes for unit in change.units}
        names = {name for kind, name in units if kind in ("definition", "rule")}
        constant = {d.name for b in books for d in b.definitions if d.kind == "parameter"}
        parts = {
            name
            for kind, name in units
            if kind in ("table", "register", "reading") or name in constant
        }
        common = books[0].definition.keys() & books[1].definition.keys()
        for book in books:
            for definition in book.definitions:
                if _uses(definition, parts):
                    names.add(definition.name)
        return [d.name for d in books[1].definitions if d.name in names & common]

    def _apart(self, name: str) -> set[int]:
        found: set[int] = set()
        for subject in _subjects(self.pair.after, name):
            values = [m.definition(name, subject) for m in (self.pair.before, self.pair.after)]
            differs = self.pair.differs(*values)[0]
            found |= set(self.d.support(differs))
        return found

    def _apart_requirements(self) -> set[int]:
        found: set[int] = set()
        changed = {change.new_name or change.old_name for change in self.versions.changes}
        for meaning in (self.pair.before, self.pair.after):
            for by_subject in meaning.requirements.values():
                for subject, requirements in by_subject.items():
                    for requirement in requirements:
                        if requirement.name in changed:
                            holds = meaning.requirement(requirement, subject)
                            found |= set(self.d.support(holds))
        return found

    # --- causes

    def _causes(self, case: Case, name: str) -> tuple[str, ...]:
        """The changes without any one of which a case comes out otherwise than it does; all that
        could matter where only several together make the difference.
        """
        given = self.pair.to_json(case)[1]
        wanted = _value(self.pair.new.decide(given), name)
        return tuple(
            key
            for key, engine in self._hybrids()
            if _value(_decided(engine, given), name) != wanted
        )

    def _hybrids(self) -> Iterator[tuple[str, Engine]]:
        """The new rulebook with each change taken back alone."""
        if not self._own:
            for change in self.versions.changes:
                if change.substantial:
                    book = self.versions.without(change)
                    if self.pair.as_if_both_applied:
                        book = attrs.evolve(book, gate=None)
                    self._own[change.key] = Engine(book, self.pair.new.chosen)
        yield from self._own.items()


def _decided(engine: Engine, case: dict[str, Any]) -> Decision | None:
    """A decision of a rulebook made of two; None where it does not fit together."""
    try:
        return engine.decide(case)
    except (KeyError, TypeError, AttributeError):
        return None


def _value(decision: Decision | None, name: str) -> Any:
    """What a decision says of a result; of a rulebook at fault its state."""
    return None if decision is None else decision.values.get(name, decision.state)


def _subjects(meaning: Meaning, name: str) -> list[Any]:
    definition = meaning.plans[name].definition
    if definition.scope_kind == "enum":
        return list(meaning.rulebook.enum[definition.scope or ""].members)
    return [ItemAt(definition.scope or "")] if definition.scope_kind == "list" else [None]


def _uses(definition: Definition, parts: set[str]) -> bool:
    """Whether a definition's own rules name a table, register, reading or parameter of these."""
    pending = list(definition.rules)
    found = [] if definition.otherwise is None else [definition.otherwise]
    while pending:
        rule = pending.pop()
        pending += rule.exceptions
        found += [rule.value] if rule.condition is None else [rule.condition, rule.value]
    return any(_name(node) in parts for expr in found for node in walk(expr))


def _name(node: ir.Expr) -> str | None:
    match node:
        case ir.Lookup(table):
            return table
        case ir.Rows(register):
            return register
        case ir.ReadingIs(reading):
            return reading
        case ir.Defined(name):
            return name
        case _:
            return None
