"""Two rulebooks over all valid cases: which results differ, where, and the smallest case for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir.rulebook import Definition, Rulebook
from luling.compiler.ir.walk import walk
from luling.compiler.verify.case import Case, json_value
from luling.compiler.verify.diagram import Diagram, TooLarge
from luling.compiler.verify.from_ir import Meaning
from luling.compiler.verify.limits import TOO_LARGE
from luling.compiler.verify.search import Cube
from luling.compiler.verify.solve import Exhausted
from luling.compiler.verify.symbolic import ItemAt
from luling.compiler.verify.words import cube_in_words

from ..decide import Decision, Engine
from ..why import Applied
from .change import RuleChange
from .outcomes import FactChange, Outcomes, Region, ResultComparison, Witness
from .pair import Pair
from .rules import Versions

Progress = Callable[[str], None]
_MANY_NODES = 700_000  # of diagrams; beyond, those of one result are let go before the next
_MOST_TOLD = 8  # conditions of what caused a difference


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
    asked = None if results is None else frozenset(results)
    versions = Versions(old.rulebook, new.rulebook)
    if old.chosen == new.chosen and not any(change.substantial for change in versions.changes):
        return _nothing_changed(new.rulebook, asked)
    pair = Pair(Engine(versions.before, old.chosen), new, seconds)
    comparing = _Comparing(pair, versions, regions)
    both = pair.as_if_both_applied
    before = {definition.name for definition in versions.before.results}
    found = []
    for definition in new.rulebook.results:
        if definition.name in before and _is_asked(definition, asked):
            progress(definition.name)
            found.append(comparing.result(definition))
            if pair.d.count > _MANY_NODES:
                pair = pair.anew()
                comparing = _Comparing(pair, versions, regions)
    after = {definition.name for definition in new.rulebook.results}
    gone, added = (
        tuple(d.name for d in book.results if d.name not in other and _is_asked(d, asked))
        for book, other in ((versions.before, after), (new.rulebook, before))
    )
    return Outcomes(tuple(found), tuple(_assumptions(pair)), both, gone, added)


def _is_asked(result: Definition, asked: frozenset[str] | None) -> bool:
    return asked is None or result.name in asked


def _nothing_changed(rulebook: Rulebook, asked: frozenset[str] | None) -> Outcomes:
    """The comparison of two rulebooks whose parts are the same, one by one."""
    return Outcomes(
        tuple(
            ResultComparison(result.name, result.type, "same")
            for result in rulebook.results
            if _is_asked(result, asked)
        )
    )


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
        self._asked: dict[str, frozenset[int]] = {}

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
            why = error.why if isinstance(error, Exhausted) else TOO_LARGE
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
            plain = self.pair.plain[baseline]
            region = self._region(self._simplest(case, plain, name), baseline, name)
            cube = search.way(where, case)
            told = self._telling(cube, plain, region.causes)
            cube = search.widened(cube, where, told)
            told = self._telling(cube, plain, region.causes)
            telling = {place: cube[place] for place in told}
            others = {place: values for place, values in cube.items() if place not in told}
            here = self.d.both(search.cube(telling), where)
            left = self.d.both(self.d.negate(here), left)
            conditions = self._words(telling) or _as_plain(baseline)
            ordinary = self._words(others)
            found.append(attrs.evolve(region, conditions=conditions, ordinary=ordinary))
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
        before, after = self.pair.before, self.pair.after
        known = set(after.called.values())  # a name that means something else by now says nothing
        old = {term: text for term, text in before.called.items() if text not in known}
        said: dict[Any, str] = {**before.said, **after.said, **old, **after.called}
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

    def _telling(self, cube: Cube, plain: Case, causes: tuple[str, ...]) -> list[int]:
        """Of the places of a cube those that what caused the difference asks for, unless it asks
        for very many, and those whose condition the plain case does not meet.
        """
        near = frozenset[int]().union(*(self._near(key) for key in causes))
        met = self.pair.search.meets(plain)
        unlike = [place for place in cube if not met(place, cube[place])]
        if len(near & cube.keys()) > _MOST_TOLD:
            return unlike
        return [place for place in cube if place in near or place in unlike]

    def _near(self, key: str) -> frozenset[int]:
        """The choices by which the parts that a change touches differ, whatever else decides."""
        if key not in self._asked:
            change = next(c for c in self.versions.changes if c.key == key)
            found: set[int] = set()
            for name in self._definitions_of(change):
                found |= self._apart(name)
            self._asked[key] = frozenset(found | self._required(change))
        return self._asked[key]

    def _definitions_of(self, change: RuleChange) -> list[str]:
        """The definitions that a change is in, or which use the part that it is in."""
        books = (self.versions.before, self.versions.new)
        names = {name for kind, name in change.units if kind in ("definition", "rule")}
        constant = {d.name for b in books for d in b.definitions if d.kind == "parameter"}
        parts = {
            name
            for kind, name in change.units
            if kind in ("table", "register", "reading") or name in constant
        }
        for book in books:
            names |= {d.name for d in book.definitions if _uses(d, parts)}
        known = books[0].definition.keys() & names
        return [d.name for d in books[1].definitions if d.name in known]

    def _apart(self, name: str) -> set[int]:
        found: set[int] = set()
        for subject in _subjects(self.pair.after, name):
            values = [m.definition(name, subject) for m in (self.pair.before, self.pair.after)]
            found |= set(self.d.support(self.pair.differs(*values)[0]))
        return found

    def _required(self, change: RuleChange) -> set[int]:
        found: set[int] = set()
        names = {name for kind, name in change.units if kind == "requirement"}
        for meaning in (self.pair.before, self.pair.after):
            for by_subject in meaning.requirements.values():
                for subject, requirements in by_subject.items():
                    for requirement in requirements:
                        if requirement.name in names:
                            holds = meaning.requirement(requirement, subject)
                            found |= set(self.d.support(holds))
        return found

    # --- causes

    def _causes(self, case: Case, name: str) -> tuple[str, ...]:
        """The changes without any one of which a case does not come out as it does; where only
        several together make the difference, those of them that the decisions rest on.
        """
        old, new = self.pair.decisions(case)
        given = self.pair.to_json(case)[1]
        wanted = _value(new, name)
        found = tuple(
            key
            for key, engine in self._hybrids()
            if _value(_decided(engine, given), name) != wanted
        )
        return found or self._together(old, new)

    def _together(self, *decisions: Decision) -> tuple[str, ...]:
        """The changes of rules, requirements and tables that decisions rest on."""
        rests = {name for decision in decisions for name in _rests_on(decision)}
        return tuple(
            change.key
            for change in self.versions.changes
            if change.substantial and rests & {change.new_name, change.old_name}
        )

    def _hybrids(self) -> Iterator[tuple[str, Engine]]:
        """The new rulebook with each change taken back alone."""
        if not self._own:
            for change in self.versions.changes:
                if change.substantial:
                    book = self.versions.without(change)
                    if self.pair.as_if_both_applied:
                        book = attrs.evolve(book, gate=None)
                    engine = _engine(book, self.pair.new.chosen)
                    if engine is not None:
                        self._own[change.key] = engine
        yield from self._own.items()


def _as_plain(baseline: str) -> tuple[str, ...]:
    """What is told of a region that only the plain case itself tells."""
    return (f"各项如示例「{baseline}」",) if baseline else ()


def _engine(book: Rulebook, readings: Mapping[str, str]) -> Engine | None:
    """A rulebook made of two, ready to decide; None where its parts do not fit together."""
    try:
        return Engine(book, readings)
    except KeyError:
        return None


def _decided(engine: Engine, case: dict[str, Any]) -> Decision | None:
    """A decision of a rulebook made of two; None where it does not fit together."""
    try:
        return engine.decide(case)
    except (KeyError, TypeError, AttributeError):
        return None


def _value(decision: Decision | None, name: str) -> Any:
    """What a decision says of a result; of a rulebook at fault its state."""
    return None if decision is None else decision.values.get(name, decision.state)


def _rests_on(decision: Decision) -> Iterator[str]:
    """The names of the rules and requirements of a decision."""
    for step in decision.steps:
        yield step.rule.name if isinstance(step, Applied) else step.requirement.name


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
