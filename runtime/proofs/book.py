"""One rulebook with everything a proof needs: its diagrams, and the search among its cases."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.ir import nodes as ir
from luling.compiler.ir.plan import RulePlan
from luling.compiler.ir.rulebook import Definition, Requirement, Rule, Rulebook
from luling.compiler.ir.to_text import to_text
from luling.compiler.ir.values import show
from luling.compiler.ir.walk import walk
from luling.compiler.source import Span
from luling.compiler.verify.case import Case, json_value
from luling.compiler.verify.diagram import Diagram, Diagrams
from luling.compiler.verify.from_ir import Meaning
from luling.compiler.verify.limits import NOT_SO
from luling.compiler.verify.search import Search
from luling.compiler.verify.solve import Exhausted, Model
from luling.compiler.verify.symbolic import ItemAt, Unclear
from luling.compiler.verify.terms import Several

from ..decide import Decision, Engine
from ..interpret import RulebookFault
from ..versions.outcomes import FactChange
from ..versions.pair import Pair
from .answer import Refutation

_SHOWN = 6  # lines about a case that refutes
Reads = Sequence[Definition | ir.Expr]


def is_now(name: str, value: str) -> Both:
    """That something has a value, in words."""
    return Both(f"{name} 为 {value}", f"{name}: {value}")


def _values(decision: Decision, nodes: Iterable[ir.Expr]) -> list[Both]:
    """What some expressions come to, those first that the rulebook cannot work out."""
    interpretation = decision.interpretation
    assert interpretation is not None
    faults, values = [], []
    for node in nodes:
        try:
            value = interpretation.eval(node)
        except RulebookFault as error:
            faults.append(Both(error.fault.message(), error.fault.message("en")))
            continue
        if isinstance(node, ir.Defined) and node.subject is None:
            value = decision.values.get(node.name, value)
        values.append(is_now(to_text(node), show(value, node.type)))
    return faults + values


@attrs.frozen
class Found:
    """A case that meets a condition, under the readings it needs."""

    case: Case
    readings: dict[str, str]
    baseline: str
    model: Model


class Book:
    """A rulebook for proofs, `as_read` with the readings as taken."""

    def __init__(self, engine: Engine, seconds: float) -> None:
        self.engine = engine
        self.rulebook: Rulebook = engine.rulebook
        self.pair = Pair(engine, engine, seconds)
        self.d = self.pair.d
        self.as_read: Meaning = self.pair.after
        self._ways: dict[frozenset[str], Way] = {}

    @cached_property
    def gate_reads(self) -> frozenset[str]:
        """The definitions that decide whether the rulebook applies."""
        gate = self.rulebook.gate
        pending = [] if gate is None else [gate.condition]
        found: set[str] = set()
        while pending:
            for node in walk(pending.pop()):
                if isinstance(node, ir.Defined) and node.name not in found:
                    found.add(node.name)
                    rules = all_rules(self.rulebook.definition[node.name].rules)
                    pending += [e for r in rules for e in (r.condition, r.value) if e is not None]
        return frozenset(found)

    def way(self, *parts: ir.Expr | None) -> Way:
        """The rulebook with every choice among the readings that some expressions name."""
        free = frozenset(
            node.reading
            for part in parts
            if part is not None
            for node in walk(part)
            if isinstance(node, ir.ReadingIs)
        )
        if free not in self._ways:
            self._ways[free] = Way(self, free)
        return self._ways[free]

    def way_of(self, part: Definition | Requirement) -> Way:
        """The rulebook with every choice among the readings that a part of it names."""
        if isinstance(part, Requirement):
            return self.way(part.when, part.must)
        rules = all_rules(part.rules)
        return self.way(part.otherwise, *(e for r in rules for e in (r.condition, r.value)))

    def find(self, where: Diagram, search: Search) -> Found | None:
        """A valid case that meets a condition, near a worked example; None where there is none.

        Raises `Exhausted`.
        """
        space = search.possible(where)
        if space == self.d.false and search.find(where) is None:
            return None
        names = list(self.pair.plain)
        away = [(search.distance(space, self.pair.plain[n]), i) for i, n in enumerate(names)]
        baseline = names[min(away)[1]]
        model = search.find(where, self.pair.plain[baseline])
        if model is None:
            return None
        case = self.pair.completed(model, self.pair.plain[baseline])
        readings = {
            about[1]: value
            for about, value in model.choices.items()
            if isinstance(about, tuple) and about[0] == "reading"
        }
        return Found(case, readings, baseline, model)

    def decide(self, found: Found) -> Decision:
        """What the interpreter says of a case that was found."""
        engine = self.engine.with_readings(found.readings) if found.readings else self.engine
        return engine.decide(found.case.to_json(self.rulebook))

    def refutation(self, found: Found, reads: Reads, so: Callable[[Decision], bool]) -> Refutation:
        """A case that was found, with what the interpreter says of it: of what is read first.

        Raises `Exhausted` where the interpreter does not agree that the case is valid and so.
        """
        decision = self.decide(found)
        if decision.interpretation is None or not so(decision):
            raise Exhausted(NOT_SO)
        said = dict.fromkeys(self._came_out(decision, reads))
        return self.told(found, tuple(said)[:_SHOWN])

    def told(
        self, found: Found, said: tuple[Both, ...], second: dict[str, Any] | None = None
    ) -> Refutation:
        """A case that was found, told as what refutes."""
        plain = self.pair.plain[found.baseline]
        taken = {r.name: r.alternatives[0].name for r in self.rulebook.readings}
        taken |= self.engine.chosen
        other = {name: way for name, way in found.readings.items() if taken.get(name) != way}
        changes = tuple(self.changes(found.case, plain))
        case = found.case.to_json(self.rulebook)
        return Refutation(case, other, found.baseline, changes, said, second)

    def changes(self, case: Case, plain: Case) -> Iterator[FactChange]:
        """The facts in which a case is not as a plain one."""
        types = self.pair.types
        for path, value in case.values.items():
            before = plain.values.get(path)
            if path in types and value != before:
                yield FactChange(
                    path, json_value(before, types[path]), json_value(value, types[path])
                )
        one, other = case.to_json(self.rulebook), plain.to_json(self.rulebook)
        for name, items in case.items.items():
            if items != plain.items.get(name, ()):
                yield FactChange(name, other.get(name, []), one.get(name, []))

    def _came_out(self, decision: Decision, reads: Reads) -> Iterator[Both]:
        if decision.state != "已定":
            yield Both(f"状态 为 {decision.state}", f"状态: {decision.state}")
            for fault in decision.faults:
                yield Both(fault.message(), fault.message("en"))
        if decision.interpretation is not None:
            yield from _values(decision, self._nodes(reads))
        if decision.state == "已定":
            for result in self.rulebook.results:
                yield is_now(result.name, show(decision.values[result.name], result.type))

    def _nodes(self, reads: Reads) -> Iterator[ir.Expr]:
        """Expressions, and those that stand for a definition: one of the case or of each member."""
        for one in reads:
            if not isinstance(one, Definition):
                yield one
            elif one.scope_kind != "list":
                for subject in self.subjects(one):
                    kind = self.rulebook.enum[one.scope or ""] if subject is not None else None
                    of = ir.Literal(subject, kind, one.span) if kind is not None else None
                    yield ir.Defined(one.name, of, one.type, one.span)

    def outcomes(self, decision: Decision, definition: Definition) -> Iterator[Any]:
        """The values of a definition in a case, each that the rulebook cannot work out a `Fault`
        of the case.
        """
        interpretation = decision.interpretation
        assert interpretation is not None
        subjects = self.subjects(definition)
        if definition.scope_kind == "list":
            subjects = interpretation.known[definition.scope or ""]
        for subject in subjects:
            try:
                yield interpretation.definition(definition.name, subject)
            except RulebookFault as error:
                yield error.fault

    # --- rules

    def subjects(self, definition: Definition) -> list[Any]:
        """What a definition has values of: the case, each member, or any item."""
        if definition.scope_kind == "enum":
            return list(self.rulebook.enum[definition.scope or ""].members)
        return [ItemAt(definition.scope or "")] if definition.scope_kind == "list" else [None]

    def own_definitions(self) -> Iterator[Definition]:
        """The definitions written in this rulebook itself."""
        return (d for d in self.rulebook.definitions if d.origin is None and d.kind != "binding")

    def meant(self, name: str, changes: Callable[[str], bool]) -> str | None:
        """The reason that stands in the rule file, under 不测, for a change that has no effect."""
        for untested in self.rulebook.untested:
            if untested.name == name and any(changes(change) for change in untested.changes):
                return untested.reason
        return None


class Way:
    """A rulebook with some readings left open, each a choice, and the search among its cases."""

    def __init__(self, book: Book, free: frozenset[str]) -> None:
        self.d = book.d
        self.meaning = Meaning(
            book.rulebook, book.d, readings=book.engine.chosen, free_readings=free
        )
        self._gate = book.gate_reads
        pair, meaning = book.pair, self.meaning

        def tick() -> None:
            pair.tick()
            pair.add_best(meaning)

        solver, second = pair.search.solver, pair.search.second
        taken = meaning.readings
        self.search = Search(self.d, meaning.valid(), solver, tick, second, taken)

    def applying(self, of: Definition | None, parts: list[Diagram]) -> Diagram:
        """Where one of some conditions holds and the rulebook applies; of what decides whether it
        applies, where one holds.
        """
        found = self.d.any_of(parts)
        if of is not None and of.name in self._gate:
            return found
        return self.d.both(self.meaning.applies(), found)

    def members(self, requirement: Requirement) -> list[str | None]:
        """The members that a requirement is for, or the whole case."""
        group = self.meaning.requirements[requirement.group]
        return [subject for subject, mine in group.items() if requirement in mine]

    def turning_on(self, definition: Definition, span: Span, subject: Any) -> Diagram:
        """Where a value of one subject would be another without the rule at a place."""
        meaning = self.meaning
        plan = meaning.plans[definition.name]
        left = _without(plan.rules(subject), span)
        if left is None:
            return self.d.false
        with meaning.bound(plan.variable, subject, definition.name):
            other = meaning.resolve(attrs.evolve(plan, always=left, by_member=None), left)
        return where_not_true(
            self.d, meaning.same(meaning.definition(definition.name, subject), other)
        )

    def of_case(self, subject: Any, where: Diagram) -> Diagram:
        """A condition on an item as one on the case: that there is such an item."""
        if not isinstance(subject, ItemAt) or where == self.d.false:
            return where
        return self.meaning.ask(Several(subject.list_name, where, 1))

    def firings(self, definition: Definition, subject: Any) -> Iterator[Firing]:
        """Each rule and exception of a definition with where it gives the value."""
        plan = self.meaning.plans[definition.name]
        with self.meaning.bound(plan.variable, subject, definition.name):
            yield from self._firings(plan.rules(subject), None)

    def _firings(self, rules: tuple[RulePlan, ...], above: RulePlan | None) -> Iterator[Firing]:
        d, meaning = self.d, self.meaning
        for plan in rules:
            over = [meaning.outcome(exception)[0] for exception in plan.exceptions]
            own = d.true if plan.condition is None else meaning.eval(plan.condition)
            fires = d.both(d.negate(d.any_of(over)), own)
            outer = d.true
            if above is not None and above.condition is not None:
                outer = meaning.eval(above.condition)
            yield Firing(plan.rule, fires, above.rule if above is not None else None, outer)
            yield from self._firings(plan.exceptions, plan)


@attrs.frozen(eq=False)
class Firing:
    """A rule with where it gives the value; with what it overrides and where that would apply."""

    rule: Rule
    where: Diagram
    over: Rule | None
    outer: Diagram


def all_rules(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Rules with their exceptions, and those of these."""
    for rule in rules:
        yield rule
        yield from all_rules(rule.exceptions)


def _without(rules: tuple[RulePlan, ...], span: Span) -> tuple[RulePlan, ...] | None:
    """The rules without one, its exceptions in its place; None where it is not among them."""
    found: list[RulePlan] = []
    hit = False
    for plan in rules:
        if plan.rule.span == span:
            found += plan.exceptions
            hit = True
            continue
        below = _without(plan.exceptions, span)
        hit = hit or below is not None
        found.append(plan if below is None else attrs.evolve(plan, exceptions=below))
    return tuple(found) if hit else None


def where_so(d: Diagrams, value: Diagram, test: Callable[[Any], bool], key: Hashable) -> Diagram:
    """Where a value passes a test, which `key` names; not clear where the value is not."""
    unclear = d.where(value, _is_unclear, "is unclear")
    open_ = d.leaf(Unclear("值随事实而变，说不清", value))
    return d.ite(unclear, open_, d.where(value, test, key))


def where_true(d: Diagrams, value: Diagram) -> Diagram:
    """Where a value is 是."""
    return where_so(d, value, _is_true, "is true")


def where_not_true(d: Diagrams, value: Diagram) -> Diagram:
    """Where a value is 否 or not to be had."""
    return where_so(d, value, _is_not_true, "is not true")


def _is_unclear(value: Any) -> bool:
    return isinstance(value, Unclear)


def _is_true(value: Any) -> bool:
    return value is True


def _is_not_true(value: Any) -> bool:
    return value is not True
