"""Questions about what is written for nothing: rules, requirements, table cells, members."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from operator import eq
from typing import Final

from luling.compiler.diagnostics.entry import Both
from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, Requirement, Rule, Table
from luling.compiler.ir.walk import walk
from luling.compiler.verify.diagram import Diagram, Diagrams
from luling.compiler.verify.search import Search

from ..parts import expressions_of, is_own, own_requirements, own_rules
from .answer import Answer
from .asking import About, sometimes
from .book import Book, all_rules, where_so

_NOTHING_TURNS: Final = Both("没有一个案件的结果取决于它", "no case turns on it")
_NEVER_FAILED: Final = Both("没有一个案件不满足它", "no case fails it")
_NEVER_LOOKED_UP: Final = Both("没有一个案件查到这一格", "no case looks this cell up")
_NEVER_COMES_OUT: Final = Both("没有一个案件得出它", "no case comes to it")


def idle_rules(book: Book) -> Iterator[Answer]:
    """For each rule and exception: some case turns on it, under some reading."""
    for own in own_rules(book.rulebook):
        if own.definition.kind != "binding":
            about = About("idle", own.written, own.rule.clause, own.rule.span)
            where = partial(_turns_on, book, own.definition, own.rule)
            reason = book.meant(own.written.partition(" ")[2], _is_whole)
            yield sometimes(book, about, where, _NOTHING_TURNS, reason)


def _is_whole(change: str) -> bool:
    return change in ("删去", "去掉条件") or change.startswith("去掉 按解读")


def _turns_on(book: Book, definition: Definition, rule: Rule) -> tuple[Diagram, Search]:
    """Where the value of a definition would be another without one of its rules."""
    way = book.way_of(definition)
    found = [
        way.of_case(subject, way.turning_on(definition, rule.span, subject))
        for subject in book.subjects(definition)
    ]
    return way.applying(definition, found), way.search


def idle_requirements(book: Book) -> Iterator[Answer]:
    """For each requirement: some case fails it."""
    for one in own_requirements(book.rulebook):
        about = About("idle", f"要求 {one.name}", one.clause, one.span)
        reason = book.meant(one.name, _is_whole)
        where = partial(_fails, book, one)
        yield sometimes(book, about, where, _NEVER_FAILED, reason)


def _fails(book: Book, requirement: Requirement) -> tuple[Diagram, Search]:
    way = book.way_of(requirement)
    members = way.members(requirement)
    holds = [way.meaning.requirement(requirement, member) for member in members]
    return way.applying(None, [book.d.negate(one) for one in holds]), way.search


def idle_cells(book: Book) -> Iterator[Answer]:
    """For each cell of a table: some case looks it up."""
    for table in book.rulebook.tables:
        if not is_own(book.rulebook, table.name):
            continue
        keys = list(_lookups(book, table))
        for row, column in table.cells:
            span = table.cell_spans.get((row, column), table.span)
            about = About("idle", f"表 {table.name}（{row}，{column}）", table.clause, span)
            where = partial(_looked_up, book, keys, row, column)
            yield sometimes(book, about, where, _NEVER_LOOKED_UP)


def _lookups(book: Book, table: Table) -> Iterator[tuple[Diagram, Diagram]]:
    """Row and column of each place where a table is looked up."""
    meaning = book.as_read
    for definition in book.rulebook.definitions:
        plan = meaning.plans[definition.name]
        for node in _nodes(definition):
            if isinstance(node, ir.Lookup) and node.table == table.name:
                for subject in book.subjects(definition):
                    with meaning.bound(plan.variable, subject, definition.name):
                        yield meaning.eval(node.row), meaning.eval(node.column)


def _nodes(definition: Definition) -> Iterator[ir.Expr]:
    for rule in all_rules(definition.rules):
        for part in expressions_of(rule):
            yield from walk(part)


def _looked_up(
    book: Book, keys: list[tuple[Diagram, Diagram]], row: str, column: str
) -> tuple[Diagram, Search]:
    d = book.d
    found = [d.both(_where_is(d, r, row), _where_is(d, c, column)) for r, c in keys]
    return d.both(book.as_read.applies(), d.any_of(found)), book.pair.search


def idle_members(book: Book) -> Iterator[Answer]:
    """For each member that only results can be: some case has it. One that is a fact of some case
    is not idle, though no result be so.
    """
    given = {_member_type(field.type) for field in book.rulebook.facts.values()}
    for result in book.rulebook.results:
        kind = t.solid(result.type)
        for member in kind.members if isinstance(kind, t.Enum) and kind not in given else ():
            about = About("idle", f"{result.name} 为 {member}", result.clause, result.span)
            where = partial(_comes_out, book, result.name, member)
            yield sometimes(book, about, where, _NEVER_COMES_OUT)


def _member_type(type_: t.Type) -> t.Type:
    solid = t.solid(type_)
    return solid.item if isinstance(solid, t.ListOf) else solid


def _comes_out(book: Book, name: str, member: str) -> tuple[Diagram, Search]:
    value = book.as_read.as_diagram(book.as_read.result(name))
    return _where_is(book.d, value, member), book.pair.search


def _where_is(d: Diagrams, value: Diagram, member: str) -> Diagram:
    """Where a value is a member; not clear where the value is not."""
    return where_so(d, value, partial(eq, member), ("is", member))
