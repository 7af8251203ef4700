"""A compiled rulebook with its examples run → what the pages show."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import (
    Amended,
    Clause,
    Definition,
    FactField,
    FactGroup,
    InForce,
    Reading,
    Register,
    Rulebook,
    Table,
)
from luling.compiler.ir.values import show
from luling.compiler.source import SourceFile, Span

from ..coverage import measure
from ..decide import Engine
from ..examples import run_examples
from ..reasons import Reasons
from ..rulebooks import Loaded
from .cases import cases
from .diagram import clause_diagrams, diagram
from .links import Links
from .model import (
    ClausePage,
    Entry,
    FactRow,
    FactTable,
    Grid,
    Link,
    Measured,
    Number,
    Open,
    Result,
    Sheet,
    Site,
    Term,
)
from .numbers import NumberLinks
from .phrase import MEASURES, Phrase, Piece, number, phrase, plain
from .relations import Relations, clause_relations
from .restate import Line, Statement, invariants, requirement, statements
from .sheet import required_of, sheets


@attrs.frozen
class Examined:
    """What running the examples shows: which fail, and how much of the rules they exercise.

    `other`: inherited ones that come out otherwise since the amendment.
    """

    failed: frozenset[str] = frozenset()
    other: frozenset[str] = frozenset()
    covered: int = 0
    points: int = 0


def examine(loaded: Loaded) -> Examined:
    """Runs all examples of a rulebook."""
    engine = Engine(loaded.rulebook)
    outcomes = list(run_examples(engine, loaded.rulebook.examples))
    coverage = measure(engine, outcomes, Reasons(loaded.rulebook))
    different = [outcome.example for outcome in outcomes if not outcome.passed]
    failed = frozenset(example.name for example in different if not example.inherited)
    other = frozenset(example.name for example in different if example.inherited)
    return Examined(failed, other, coverage.covered, len(coverage.points))


def collect(loaded: Loaded, examined: Examined, ending: str, rules: str | None) -> Site:
    """All that pages with one ending show. `rules` leads from them to the rule files, if it can."""
    return _Collector(loaded, examined, ending, rules).site()


class _Collector:
    def __init__(self, loaded: Loaded, examined: Examined, ending: str, rules: str | None) -> None:
        self.rulebook: Rulebook = loaded.rulebook
        self.sources: Mapping[str, SourceFile] = loaded.sources
        self.links = Links(loaded.rulebook, ending)
        self.folder, self.rules = loaded.folder, rules
        self.examined = examined
        self.drawn = ending == ".html"  # Markdown shows no pictures
        self.diagrams = clause_diagrams(loaded.rulebook, self._href) if self.drawn else {}
        self.findings = len(loaded.findings)
        self.relations = clause_relations(loaded.rulebook)
        self.numbers = NumberLinks(loaded.rulebook, self.links)
        self.cases = cases(loaded.rulebook, self.links, examined.failed | examined.other)
        self.told = {c.id: self._statements(c.id) for c in loaded.rulebook.clauses}

    def site(self) -> Site:
        """Everything, the clauses in the order of the law."""
        book = self.rulebook
        total = len(book.own_examples)
        taken = {reading.name: reading.alternatives[0].name for reading in book.readings}
        return Site(
            links=self.links,
            title=book.title,
            document=book.document,
            authority=book.authority,
            version=book.version,
            in_force=self._in_force(book.in_force),
            notes=book.notes,
            contents=tuple(self._entry(clause) for clause in book.clauses),
            clauses=tuple(self._clause(at, clause) for at, clause in enumerate(book.clauses)),
            cases=tuple(self.cases[e.name] for e in book.examples if e.clause is None),
            facts=tuple(self._fact_table(group) for group in book.groups),
            results=tuple(self._result(d) for d in book.results),
            readings=tuple(self._open(reading) for reading in self._own_readings()),
            whole=tuple(self._statement(requirement(r), "") for r in required_of(book, "", taken)),
            invariants=self._invariants(None),
            sheets=tuple(self._sheet(sheet) for sheet in sheets(book, self.links)),
            numbers=self._numbers(),
            terms=tuple(
                Term(term.name, Link(term.clause, self.links.clause(term.clause)), term.text)
                for term in book.terms
            ),
            diagram=diagram(book, self._href) if self.drawn else "",
            amends=_amends(book.amends),
            repeals=book.repeals,
            renamings=book.renamings,
            examples=total,
            passed=total - len(self.examined.failed),
            covered=self.examined.covered,
            points=self.examined.points,
            inherited=len(book.examples) - total,
            other=len(self.examined.other),
            findings=self.findings,
        )

    def _statements(self, clause: str) -> tuple[Statement, ...]:
        """What stands under a clause, its numbers written as the author wrote them."""
        return tuple(self._statement(one, clause) for one in statements(self.rulebook, clause))

    def _invariants(self, clause: str | None) -> tuple[Statement, ...]:
        """The 必然 under a clause, or under none."""
        return tuple(self._statement(o, clause or "") for o in invariants(self.rulebook, clause))

    def _statement(self, one: Statement, clause: str) -> Statement:
        return attrs.evolve(one, lines=tuple(self._linked(line, clause) for line in one.lines))

    def _sheet(self, sheet: Sheet) -> Sheet:
        rows = tuple(
            attrs.evolve(row, cells=tuple(tuple(map(self._words, cell)) for cell in row.cells))
            for row in sheet.rows
        )
        return attrs.evolve(sheet, rows=rows)

    def _words(self, words: Phrase, clause: str = "") -> Phrase:
        return tuple(self._number(piece, clause) for piece in words)

    def _linked(self, line: Line, clause: str) -> Line:
        items = tuple(self._linked(item, clause) for item in line.items)
        return Line(self._words(line.words, clause), items)

    def _number(self, piece: Piece, clause: str) -> Piece:
        """A number as its author wrote it, with its link to the text of the law."""
        if piece.kind != "number" or piece.span is None:
            return piece
        source = self.sources.get(piece.span.file)
        text = source.slice(piece.span).strip() if source is not None else piece.text
        return self.numbers.rule_number(attrs.evolve(piece, text=text), clause)

    def _href(self, name: str) -> str:
        kind, _, target = name.partition(":")
        return self.links.to(kind, target)

    # --- clauses

    def _entry(self, clause: Clause) -> Entry:
        depth = max(len(clause.order) - 1, 0)
        rules = len(self.told[clause.id])
        href = self.links.clause(clause.id)
        title = clause.title or clause.id
        return Entry(clause.id, self._label(clause), title, href, depth, clause.inert, rules)

    def _label(self, clause: Clause) -> str:
        """The part of a clause's number that the clause above it does not have."""
        above = [c.id for c in self.rulebook.clauses if clause.order[:-1] == c.order]
        return clause.id.removeprefix(above[0]) if above else clause.id

    def _clause(self, at: int, clause: Clause) -> ClausePage:
        book = self.rulebook
        relations: Relations = self.relations[clause.id]
        grids = self._grids(clause.id)
        return ClausePage(
            id=clause.id,
            title=clause.title,
            page=self.links.clause_pages[clause.id],
            text=self.numbers.text(clause),
            inert=clause.inert,
            statements=self.told[clause.id],
            invariants=self._invariants(clause.id),
            grids=grids,
            readings=tuple(self._open(r) for r in self._own_readings() if r.clause == clause.id),
            cases=tuple(self.cases[e.name] for e in book.examples if e.clause == clause.id),
            facts=tuple(Link(p.replace(".", "的"), self.links.to("fact", p))
                        for p in relations.facts),
            reads=self._clause_links(relations.clauses),
            used_by=self._clause_links(relations.used_by),
            results=relations.reaches,
            diagram=self.diagrams.get(clause.id, ""),
            place=self._place(clause.span),
            before=self._neighbour(at - 1),
            after=self._neighbour(at + 1),
            below=self._clause_links(tuple(
                c.id for c in book.clauses
                if len(c.order) == len(clause.order) + 1 and c.order[:-1] == clause.order
            )),
        )  # fmt: skip

    def _clause_links(self, clauses: tuple[str, ...]) -> tuple[Link, ...]:
        titles = {clause.id: clause.title for clause in self.rulebook.clauses}
        return tuple(Link(f"{c} {titles[c]}".strip(), self.links.clause(c)) for c in clauses)

    def _neighbour(self, at: int) -> Link | None:
        clauses = self.rulebook.clauses
        if not 0 <= at < len(clauses):
            return None
        return self._clause_links((clauses[at].id,))[0]

    def _place(self, span: Span) -> Link:
        file = Path(span.file)
        line = self.sources[span.file].position(span.start).line
        # what an amendment inherits stands in another folder
        there = posixpath.normpath(os.path.relpath(file, self.folder).replace(os.sep, "/"))
        return Link(f"{file.name}:{line}", f"{self.rules}/{there}#L{line}" if self.rules else "")

    def _grids(self, clause: str) -> tuple[Grid, ...]:
        book = self.rulebook
        found = [self._table(table, clause) for table in book.tables if table.clause == clause]
        found += [_register(register) for register in book.registers if register.clause == clause]
        return tuple(found)

    def _table(self, table: Table, clause: str) -> Grid:
        shown = {row for row, _ in table.cells}, {column for _, column in table.cells}
        columns = [member for member in table.columns.members if member in shown[1]]
        body = tuple(
            (Piece(row), *(self._cell(table, row, column, clause) for column in columns))
            for row in table.rows.members
            if row in shown[0]
        )
        return Grid(table.name, (table.rows.name, *columns), body, True)

    def _cell(self, table: Table, row: str, column: str, clause: str) -> Piece:
        span = table.cell_spans.get((row, column))
        return self._number(number(table.cells.get((row, column)), table.type, span), clause)

    # --- readings, facts, results

    def _own_readings(self) -> tuple[Reading, ...]:
        return tuple(r for r in self.rulebook.readings if r.origin is None)

    def _open(self, reading: Reading) -> Open:
        anchor = self.links.to("reading", reading.name).rpartition("#")[2]
        clause = reading.clause or ""
        return Open(
            anchor, reading.name, Link(clause, self.links.clause(clause)), reading.question,
            reading.alternatives[0], reading.alternatives[1:], reading.reason,
        )  # fmt: skip

    def _fact_table(self, group: FactGroup) -> FactTable:
        rows = tuple(self._fact_row(field) for field in group.fields)
        return FactTable(self._anchor(group.name), group.name, group.is_list, group.notes, rows)

    def _anchor(self, path: str) -> str:
        return self.links.to("fact", path).rpartition("#")[2]

    def _fact_row(self, field: FactField) -> FactRow:
        using = tuple(c for c, r in self.relations.items() if field.path in r.facts)
        return FactRow(
            self._anchor(field.path), field.path, _type(field), field.question or "",
            tuple(Link(clause, self.links.clause(clause)) for clause in using),
        )  # fmt: skip

    def _result(self, definition: Definition) -> Result:
        found = dict.fromkeys(
            c for c, told in self.told.items() if any(definition.name in s.defines for s in told)
        )
        return Result(
            definition.name,
            t.show(definition.type),
            tuple(Link(c, self.links.clause(c)) for c in found),
        )

    def _in_force(self, in_force: InForce | None) -> str:
        if in_force is None:
            return ""
        ends = [self._day(end) for end in (in_force.start, in_force.end)]
        return f"{ends[0]} 至 {ends[1]}，依{in_force.by.replace('.', '的')}"

    def _day(self, end: object) -> str:
        from luling.compiler.ir import nodes as ir

        if end is None:
            return "（未定）"
        if isinstance(end, ir.Defined):
            value = self.rulebook.definition[end.name].rules[0].value
            return plain(phrase(value))
        return plain(phrase(end))  # type: ignore[arg-type]

    # --- numbers

    def _numbers(self) -> tuple[Measured, ...]:
        """Every amount, rate, period, date and count in a rule or table, with its clauses."""
        found: dict[tuple[str, Any, str], dict[str, None]] = {}
        for clause in self.rulebook.clauses:
            for piece in self._numbers_of(clause.id):
                found.setdefault((piece.target, piece.value, piece.text), {})[clause.id] = None
        return tuple(
            Measured(
                kind,
                tuple(
                    Number(text, tuple(Link(c, self.links.clause(c)) for c in clauses))
                    for (measured, _, text), clauses in sorted(found.items())
                    if measured == kind
                ),
            )
            for kind in MEASURES
            if any(measured == kind for measured, _, _ in found)
        )

    def _numbers_of(self, clause: str) -> Iterator[Piece]:
        for statement in self.told[clause]:
            for line in statement.lines:
                yield from _number_pieces(line)
        for table in self.rulebook.tables:
            if table.clause == clause:
                cells = (self._cell(table, row, column, clause) for row, column in table.cells)
                yield from (piece for piece in cells if piece.kind == "number")


def _number_pieces(line: Line) -> Iterator[Piece]:
    yield from (piece for piece in line.words if piece.kind == "number")
    for item in line.items:
        yield from _number_pieces(item)


def _amends(amended: Amended | None) -> str:
    """The rulebook that this one amends, as a reader knows it."""
    if amended is None:
        return ""
    known = "，".join(part for part in (amended.document, amended.version) if part)
    return f"{amended.title}（{known}）" if known else amended.title


def _type(field: FactField) -> str:
    if field.allowed:
        return "、".join(show(value, field.type) for value in field.allowed)
    kind = t.solid(field.type)
    if isinstance(kind, t.Enum):
        none = "；或空" if isinstance(field.type, t.Maybe) else ""
        return "、".join(kind.members) + none
    return t.show(field.type) + ("（仅记录）" if field.record_only else "")


def _register(register: Register) -> Grid:
    heads = tuple(name for name, _ in register.columns)
    kinds = [kind for _, kind in register.columns]
    body = tuple(
        tuple(Piece(show(value, kind)) for value, kind in zip(row, kinds, strict=True))
        for row in register.rows
    )
    return Grid(register.name, heads, body, False)
