"""What each clause and each definition of a rulebook reads, and what reads it.

Found in the typed meaning alone: what can be read in some case, not what one decision read. What
stands under no clause (the head of the rulebook, imported rulebooks) is looked through: who reads
it reads what it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Literal as Choice
from typing import NamedTuple, TypeVar

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, Rule, Rulebook
from luling.compiler.ir.walk import walk

Kind = Choice["fact", "definition", "requirement", "table", "reading"]
_K = TypeVar("_K", bound=Hashable)
_T = TypeVar("_T")


class Ref(NamedTuple):
    """Something that is read: its kind and its name. A list fact is a fact, a register a table."""

    kind: Kind
    name: str


Members = frozenset[object] | None  # of an enumeration; None: all, or the whole case


@attrs.frozen(eq=False)
class Part:
    """What stands under a clause and can be read or reads: a rule, an 否则, a requirement, a table,
    a reading.

    `of`: what it is a part of; `clause`: None too where it is imported; `members`: whom it is for;
    `reads`: what it names, and of which members.
    """

    of: Ref
    clause: str | None
    members: Members = None
    reads: frozenset[tuple[Ref, Members]] = frozenset()


@attrs.frozen
class Relations:
    """What a clause or a definition reads, and what reads it.

    Clauses stand in the order of the law, all else in the order of declaration. What a clause reads
    of itself alone is left out.
    """

    facts: tuple[str, ...]
    """The facts it reads, by path; a list by its name where none of its fields is read."""
    reads: tuple[str, ...]
    """The definitions it reads."""
    requirements: tuple[str, ...]
    """The requirements it reads."""
    tables: tuple[str, ...]
    """The tables and registers it reads."""
    readings: tuple[str, ...]
    """The readings it asks after, which make no relation between clauses."""
    clauses: tuple[str, ...]
    """The clauses that give those definitions, requirements and tables."""
    read_by: tuple[str, ...]
    """The definitions, then the requirements, that read what it gives."""
    used_by: tuple[str, ...]
    """The clauses these stand under."""
    results: tuple[str, ...]
    """The results it gives a value, or is itself."""
    reaches: tuple[str, ...]
    """The results that rest on it, also through others or through 适用条件."""


def clause_relations(rulebook: Rulebook) -> Mapping[str, Relations]:
    """The relations of every clause, in the order of the law."""
    reading = ReadingGraph(rulebook)
    return {clause.id: reading.of_clause(clause.id) for clause in rulebook.clauses}


def definition_relations(rulebook: Rulebook) -> Mapping[str, Relations]:
    """The relations of every definition, imported ones too, in the order of declaration."""
    reading = ReadingGraph(rulebook)
    return {d.name: reading.of_definition(d.name) for d in rulebook.definitions}


class ReadingGraph:
    """Who reads what in one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.parts = tuple(_parts(rulebook))
        self._of = _grouped((part.of, part) for part in self.parts)
        self._aliases = frozenset(imported.alias for imported in rulebook.imports)

    def imported(self, ref: Ref) -> bool:
        """Whether it belongs to an imported rulebook."""
        return ref.kind != "fact" and ref.name.partition(".")[0] in self._aliases

    def direct(self, part: Part) -> frozenset[Part]:
        """The parts it reads itself."""
        return frozenset(
            other
            for ref, members in part.reads
            for other in self._of.get(ref, ())
            if members is None or other.members is None or members & other.members
        )

    @cached_property
    def read(self) -> dict[Part, tuple[frozenset[Ref], frozenset[Part]]]:
        """The facts and the parts each part reads, also through what stands under no clause."""
        return {part: self._read(part) for part in self.parts}

    def _read(self, part: Part) -> tuple[frozenset[Ref], frozenset[Part]]:
        """Of an imported rulebook only what the part names."""
        through, found = {part}, set[Part]()
        pending = [part]
        while pending:
            for other in self.direct(pending.pop()):
                found.add(other)
                if other.clause is None and other not in through:
                    through.add(other)
                    pending.append(other)
        named = {ref for ref, _ in part.reads}
        facts = {ref for each in through for ref, _ in each.reads if ref.kind == "fact"}
        return frozenset(facts), frozenset(
            other for other in found if other.of in named or not self.imported(other.of)
        )

    @cached_property
    def readers(self) -> dict[Part, tuple[Part, ...]]:
        """The parts that read each part, also through what stands under no clause."""
        return _grouped((other, part) for part in self.parts for other in self.read[part][1])

    @cached_property
    def gate(self) -> frozenset[Part]:
        """What says whether the rulebook applies at all: every result rests on it."""
        gate = self.rulebook.gate
        reads = _reads(self.rulebook, (gate.condition,)) if gate is not None else frozenset()
        return self._read(Part(Ref("definition", ""), None, None, reads))[1]

    def reached(self, parts: Iterable[Part]) -> frozenset[Part]:
        """All that rests on some parts, through whatever lies between; these too."""
        found: set[Part] = set()
        pending = list(parts)
        while pending:
            part = pending.pop()
            if part not in found:
                found.add(part)
                pending += self.readers.get(part, ())
                if part in self.gate:
                    pending += [p for p in self.parts if self.is_result(p.of)]
        return frozenset(found)

    def of_clause(self, clause: str) -> Relations:
        """The relations of one clause."""
        own = [part for part in self.parts if part.clause == clause]
        return self._relations(own, lambda part: part.clause == clause)

    def of_definition(self, name: str) -> Relations:
        """The relations of one definition."""
        ref = Ref("definition", name)
        return self._relations(self._of.get(ref, ()), lambda part: part.of == ref)

    def _relations(self, own: Iterable[Part], inside: Callable[[Part], bool]) -> Relations:
        facts = {ref for part in own for ref in self.read[part][0]}
        reads = {p for part in own for p in self.read[part][1] if not inside(p)}
        gives = [part for part in own if part.of.kind != "reading"]
        users = {
            part
            for given in gives
            for part in self.readers.get(given, ())
            if not inside(part) and not self.imported(part.of)
        }
        names, told = {part.of for part in reads}, {part.of for part in users}
        grounds = [part for part in reads if part.of.kind != "reading"]
        return Relations(
            facts=self._names("fact", _without_lists(facts)),
            reads=self._names("definition", names),
            requirements=self._names("requirement", names),
            tables=self._names("table", names),
            readings=self._names("reading", names),
            clauses=self._in_order(grounds),
            read_by=self._names("definition", told) + self._names("requirement", told),
            used_by=self._in_order(users),
            results=self._results(own),
            reaches=self._results(self.reached(own)),
        )

    def is_result(self, ref: Ref) -> bool:
        """Whether it is one of the results a decision reports."""
        return ref.kind == "definition" and self.rulebook.definition[ref.name].kind == "result"

    def _results(self, parts: Iterable[Part]) -> tuple[str, ...]:
        return self._names("definition", {part.of for part in parts if self.is_result(part.of)})

    def _in_order(self, parts: Iterable[Part]) -> tuple[str, ...]:
        found = {part.clause for part in parts}
        return tuple(clause.id for clause in self.rulebook.clauses if clause.id in found)

    def place(self, ref: Ref) -> tuple[int, int, str]:
        """Where something stands among all of its kind, as declared; kinds one after the other."""
        kinds = [*self._declared]
        return kinds.index(ref.kind), self._declared[ref.kind].get(ref.name, 0), ref.name

    def _names(self, kind: Kind, refs: Iterable[Ref]) -> tuple[str, ...]:
        found = {ref.name for ref in refs if ref.kind == kind}
        return tuple(sorted(found, key=lambda name: (self._declared[kind].get(name, 0), name)))

    @cached_property
    def _declared(self) -> dict[Kind, dict[str, int]]:
        book = self.rulebook
        facts = [name for g in book.groups for name in (g.name, *(f.path for f in g.fields))]
        names: dict[Kind, list[str]] = {
            "fact": facts,
            "definition": [d.name for d in book.definitions],
            "requirement": [r.name for r in book.requirements],
            "table": [table.name for table in book.tables] + [r.name for r in book.registers],
            "reading": [r.name for r in book.readings],
        }
        return {kind: {name: n for n, name in enumerate(all_)} for kind, all_ in names.items()}


def _parts(rulebook: Rulebook) -> Iterator[Part]:
    for definition in rulebook.definitions:
        yield from _definition(rulebook, definition)
    for required in rulebook.requirements:
        members = frozenset(required.members) if required.members is not None else None
        reads = _reads(rulebook, (required.when, required.must), required.variable, members)
        clause = required.clause if required.origin is None else None
        yield Part(Ref("requirement", required.name), clause, members, reads)
    for name, clause in (
        *((table.name, table.clause) for table in rulebook.tables),
        *((register.name, register.clause) for register in rulebook.registers),
    ):
        yield Part(Ref("table", name), clause if "." not in name else None)
    for reading in rulebook.readings:
        own = reading.clause if reading.origin is None else None
        yield Part(Ref("reading", reading.name), own)


def _definition(rulebook: Rulebook, definition: Definition) -> Iterator[Part]:
    of, variable = Ref("definition", definition.name), definition.variable
    for rule in _rules(definition.rules):
        members = frozenset(rule.members) if rule.members is not None else None
        reads = _reads(rulebook, (rule.condition, rule.value), variable, members)
        yield Part(of, rule.clause if rule.origin is None else None, members, reads)
    reads = _reads(rulebook, (definition.otherwise,), variable)
    if reads or not definition.rules:  # a constant 否则 beside rules is no ground
        yield Part(of, definition.clause if definition.origin is None else None, None, reads)


def _rules(rules: Iterable[Rule]) -> Iterator[Rule]:
    for rule in rules:
        yield rule
        yield from _rules(rule.exceptions)


def _reads(
    rulebook: Rulebook,
    expressions: Iterable[ir.Expr | None],
    variable: int = -1,
    members: Members = None,
) -> frozenset[tuple[Ref, Members]]:
    """What expressions read, `variable` being one of `members`."""
    return frozenset(
        (ref, _subjects(subject, variable, members))
        for expression in expressions
        if expression is not None
        for node in walk(expression)
        for ref, subject in _refs(rulebook, node)
    )


def _subjects(subject: ir.Expr | None, variable: int, members: Members) -> Members:
    """The members something is read of."""
    match subject:
        case ir.Literal(value=value):
            return frozenset([value])
        case ir.Variable(number=number) if number == variable:
            return members
        case _:
            return None


def _refs(rulebook: Rulebook, node: ir.Expr) -> Iterator[tuple[Ref, ir.Expr | None]]:
    """What one node reads by itself, and of whom."""
    match node:
        case ir.Fact(path=name) | ir.FactList(name=name):
            yield Ref("fact", name), None
        case ir.FieldOf(of=of, field=field):
            record = t.solid(of.type)
            if isinstance(record, t.Record) and f"{record.of}.{field}" in rulebook.facts:
                yield Ref("fact", f"{record.of}.{field}"), None
        case ir.Defined(name=name, subject=subject):
            yield Ref("definition", name), subject
        case ir.Satisfied(group=group, subject=subject) | ir.Failing(group=group, subject=subject):
            for required in rulebook.requirements:
                if required.group == group:
                    yield Ref("requirement", required.name), subject
        case ir.Lookup(table=name) | ir.Rows(register=name):
            yield Ref("table", name), None
        case ir.ReadingIs(reading=name):
            yield Ref("reading", name), None
        case _:
            pass


def _without_lists(facts: set[Ref]) -> set[Ref]:
    """The facts, lists left out of which a field is among them."""
    return facts - {Ref("fact", name.rpartition(".")[0]) for _, name in facts}


def _grouped(pairs: Iterable[tuple[_K, _T]]) -> dict[_K, tuple[_T, ...]]:
    found: dict[_K, list[_T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
