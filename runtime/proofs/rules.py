"""Questions about rules: can two disagree, is a value lacking, is one idle, does one go too far?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.plan import RulePlan
from luling.compiler.ir.rulebook import Definition, Requirement, Rule, Table
from luling.compiler.ir.to_text import to_text
from luling.compiler.ir.walk import walk
from luling.compiler.source import Span
from luling.compiler.verify.diagram import Diagram, Diagrams, TooLarge
from luling.compiler.verify.from_ir import Meaning
from luling.compiler.verify.search import Search
from luling.compiler.verify.solve import Exhausted
from luling.compiler.verify.symbolic import Fault, Unclear, Void

from ..parts import expressions_of, is_own, own_requirements, own_rules
from ..versions.pair import parts_of
from .answer import Answer, Question, Refutation, Verdict
from .book import Book, Way, all_rules

_FAULTS = {
    "PARAMETER_UNDEFINED": "参数没有规定值",
    "DATE_OVERFLOW": "日期超出历法",
    "DIVIDED_BY_ZERO": "除数为零",
}


ONE_QUESTION = 10.0  # seconds, so that a hard question leaves time for the others
Where = Callable[[], tuple[Diagram, Search | None]]


@attrs.frozen(eq=False)
class About:
    """What a question is about: the part, its clause and its place."""

    question: Question
    name: str
    clause: str | None
    span: Span


def never(book: Book, about: About, where: Where, why: str) -> Answer:
    """Whether no valid case meets a condition: proved, or refuted by one that does."""
    try:
        book.pair.allow(ONE_QUESTION)
        found = book.find(*where())
    except (Exhausted, TooLarge) as error:
        return undecided(about, error)
    if found is None:
        return answer(about, "proved")
    return answer(about, "refuted", why, refutation=book.refutation(found))


def sometimes(
    book: Book, about: About, where: Where, why: str, reason: str | None = None
) -> Answer:
    """Whether some valid case meets a condition."""
    try:
        book.pair.allow(ONE_QUESTION)
        found = book.find(*where())
    except (Exhausted, TooLarge) as error:
        return undecided(about, error)
    return answer(about, "refuted", why, reason) if found is None else answer(about, "proved")


def answer(
    about: About,
    verdict: Verdict,
    why: str = "",
    reason: str | None = None,
    refutation: Refutation | None = None,
) -> Answer:
    """An answer to what a question is about."""
    name, clause = about.name, about.clause
    return Answer(about.question, name, clause, verdict, about.span, why, reason, refutation)


def undecided(about: About, error: Exception) -> Answer:
    """The answer where a limit was met."""
    why = error.why if isinstance(error, Exhausted) else "判定图的结点超过限额"
    return answer(about, "undecided", why)


# --- values


def conflicts(book: Book) -> Iterator[Answer]:
    """For each definition of several rules: two that apply never give different values."""
    for one in book.own_definitions():
        if len(one.rules) > 1 or any(len(r.exceptions) > 1 for r in all_rules(one.rules)):
            about = About("conflict", one.name, one.clause, one.span)
            where = partial(_where_value, book, one, partial(_is_clash, one.name), "clash")
            yield never(book, about, where, "两条规则同时适用而得出不同的值")


def gaps(book: Book) -> Iterator[Answer]:
    """For each definition that must have a value: it has one, and its arithmetic leads to one."""
    for one in book.own_definitions():
        needed = not isinstance(one.type, t.Maybe | t.ListOf) and one.type != t.CLAUSES
        about = About("gap", one.name, one.clause, one.span)
        test = partial(_is_gap, one.name, needed)
        where = partial(_where_value, book, one, test, ("gap", needed))
        yield never(book, about, where, "没有规则给出值，或者算不出来")


def _is_clash(name: str, value: Any) -> bool:
    return isinstance(value, Fault) and value.kind == "RULES_DISAGREE" and value.about == name


def _is_gap(name: str, needed: bool, value: Any) -> bool:
    if isinstance(value, Fault):
        return value.kind in _FAULTS and value.about == name
    return needed and (value is None or isinstance(value, Void))


def _where_value(
    book: Book, definition: Definition, test: Callable[[Any], bool], key: object
) -> tuple[Diagram, Search]:
    way = book.way_of(definition)
    found = []
    for subject in book.subjects(definition):
        value = way.meaning.definition(definition.name, subject)
        where = [_tested(book.d, p, test, (key, definition.name)) for p in parts_of(value)]
        found.append(way.of_case(subject, book.d.any_of(where)))
    return way.applying(definition, found), way.search


def _tested(d: Diagrams, value: Diagram, test: Callable[[Any], bool], key: object) -> Diagram:
    """Where a value passes a test; not clear where the value is not."""
    unclear = d.where(value, _is_unclear, "is unclear")
    found = d.where(value, test, key)
    return d.ite(unclear, d.leaf(Unclear("值随事实而变，说不清", value)), found)


def _is_unclear(value: Any) -> bool:
    return isinstance(value, Unclear)


# --- idle parts


def idle_rules(book: Book) -> Iterator[Answer]:
    """For each rule and exception: some case turns on it, under some reading."""
    for own in own_rules(book.rulebook):
        if own.definition.kind != "binding":
            about = About("idle", own.written, own.rule.clause, own.rule.span)
            where = partial(_turns_on, book, own.definition, own.rule)
            reason = book.meant(own.written.partition(" ")[2], _is_whole)
            yield sometimes(book, about, where, "没有一个案件的结果取决于它", reason)


def _is_whole(change: str) -> bool:
    return change in ("删去", "去掉条件") or change.startswith("去掉 按解读")


def _turns_on(book: Book, definition: Definition, rule: Rule) -> tuple[Diagram, Search]:
    """Where the value of a definition would be another without one of its rules."""
    way = book.way_of(definition)
    found = [
        way.of_case(subject, _apart_without(way, definition, rule.span, subject))
        for subject in book.subjects(definition)
    ]
    return way.applying(definition, found), way.search


def _apart_without(way: Way, definition: Definition, span: Span, subject: Any) -> Diagram:
    """Where a value of one subject would be another without the rule at a place."""
    meaning = way.meaning
    plan = meaning.plans[definition.name]
    left = _without(plan.rules(subject), span)
    if left is None:
        return way.d.false
    with meaning.bound(plan.variable, subject, definition.name):
        other = meaning.resolve(attrs.evolve(plan, always=left, by_member=None), left)
    same = meaning.same(meaning.definition(definition.name, subject), other)
    return way.d.where(same, _is_not_true, "is not true")


def _is_not_true(value: Any) -> bool:
    return value is not True


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


def idle_requirements(book: Book) -> Iterator[Answer]:
    """For each requirement: some case fails it."""
    for one in own_requirements(book.rulebook):
        about = About("idle", f"要求 {one.name}", one.clause, one.span)
        reason = book.meant(one.name, _is_whole)
        where = partial(_fails, book, one)
        yield sometimes(book, about, where, "没有一个案件不满足它", reason)


def members_of(meaning: Meaning, requirement: Requirement) -> list[str | None]:
    """The members that a requirement is for, or the whole case."""
    groups = meaning.requirements
    return [s for s, mine in groups[requirement.group].items() if requirement in mine]


def _fails(book: Book, requirement: Requirement) -> tuple[Diagram, Search]:
    way = book.way_of(requirement)
    members = members_of(way.meaning, requirement)
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
            yield sometimes(book, about, where, "没有一个案件查到这一格")


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
) -> tuple[Diagram, None]:
    d = book.d
    found = [
        d.both(_tested(d, r, row.__eq__, ("is", row)), _tested(d, c, column.__eq__, ("is", column)))
        for r, c in keys
    ]
    return d.both(book.as_read.applies(), d.any_of(found)), None


def idle_members(book: Book) -> Iterator[Answer]:
    """For each member that a result can be: some case has it."""
    for result in book.rulebook.results:
        kind = t.solid(result.type)
        for member in kind.members if isinstance(kind, t.Enum) else ():
            about = About("idle", f"{result.name} 为 {member}", result.clause, result.span)
            where = partial(_comes_out, book, result.name, member)
            yield sometimes(book, about, where, "没有一个案件得出它")


def _comes_out(book: Book, name: str, member: str) -> tuple[Diagram, None]:
    value = book.as_read.as_diagram(book.as_read.result(name))
    return _tested(book.d, value, member.__eq__, ("is", member)), None


# --- conditions


def redundant(book: Book) -> Iterator[Answer]:
    """For each condition written with 且 or 或: none of its parts follows from the others."""
    for own in own_rules(book.rulebook):
        # the days of a parameter are its own way to be written, no condition somebody wrote
        if own.rule.condition is not None and own.definition.kind != "parameter":
            way = book.way_of(own.definition)
            subjects = [s for s in book.subjects(own.definition) if _is_for(own.rule, s)]
            about = About("redundant", own.written, own.rule.clause, own.rule.span)
            variable, value = own.definition.variable, own.rule.value
            context = _Context(way, variable, subjects, own.definition, (value,))
            yield from _parts(book, about, own.rule.condition, context)
    for one in own_requirements(book.rulebook):
        way = book.way_of(one)
        members = members_of(way.meaning, one)
        about = About("redundant", f"要求 {one.name}", one.clause, one.span)
        for part in (one.when, one.must):
            if part is not None:
                then = (one.must,) if part is one.when else ()
                context = _Context(way, one.variable, members, None, then)
                yield from _parts(book, about, part, context)


@attrs.frozen(eq=False)
class _Context:
    """Where a condition is asked: of which subjects, under which readings, of what definition, and
    what is worked out only where it holds.
    """

    way: Way
    variable: int
    subjects: Sequence[Any]
    definition: Definition | None
    used: tuple[ir.Expr, ...]


def _is_for(rule: Rule, subject: Any) -> bool:
    return rule.members is None or subject in rule.members


def _parts(book: Book, about: About, condition: ir.Expr, context: _Context) -> Iterator[Answer]:
    if not isinstance(condition, ir.And | ir.Or):
        return
    both = isinstance(condition, ir.And)
    why = "其余各项成立时它总成立" if both else "它成立时其余各项总有成立的"
    for index, item in enumerate(condition.items):
        others = condition.items[:index] + condition.items[index + 1 :]
        if not _guards(item, (*others, *context.used)):
            said = to_text(item)
            one = attrs.evolve(about, name=f"{about.name}：{said}", span=item.span)
            where = partial(_needed, book, both, item, others, context)
            reason = book.meant(about.name.partition(" ")[2], partial(_names_part, said))
            yield sometimes(book, one, where, why, reason)


def _names_part(said: str, change: str) -> bool:
    return said in change


def _guards(item: ir.Expr, others: tuple[ir.Expr, ...]) -> bool:
    """Whether a part only sees to it that what the others use is there."""
    inner = item.of if isinstance(item, ir.Not) else item
    if not isinstance(inner, ir.IsPresent | ir.IsNonEmpty):
        return False
    return any(node == inner.of for other in others for node in walk(other))


def _needed(
    book: Book, both: bool, item: ir.Expr, others: tuple[ir.Expr, ...], context: _Context
) -> tuple[Diagram, Search]:
    """Where the whole condition is another without one of its parts."""
    d, meaning = book.d, context.way.meaning
    found = []
    for subject in context.subjects:
        with meaning.bound(context.variable, subject, ""):
            values = [meaning.as_diagram(meaning.eval(other)) for other in others]
            own = meaning.as_diagram(meaning.eval(item))
        if both:
            where = d.both(d.all_of(values), d.negate(own))
        else:
            where = d.both(d.negate(d.any_of(values)), own)
        found.append(context.way.of_case(subject, _tested(d, where, _is_true, "is true")))
    return context.way.applying(context.definition, found), context.way.search


def _is_true(value: Any) -> bool:
    return value is True


def widening(book: Book) -> Iterator[Answer]:
    """For each exception to rules with conditions: where none of those would apply, it makes no
    difference.
    """
    for definition in book.own_definitions():
        above: dict[tuple[Span, str], list[Rule]] = {}
        for rule in all_rules(definition.rules):
            for below in rule.exceptions:
                above.setdefault((below.span, below.name), []).append(rule)
        for (span, name), rules in above.items():
            if all(rule.condition is not None for rule in rules):
                about = About("widening", f"例外 {name}", _clause(rules, span), span)
                where = partial(_beyond, book, definition, span)
                over = "、".join(f"「{rule.name}」" for rule in rules)
                yield never(book, about, where, f"在规则{over}的条件不成立时也改变了值")


def _clause(rules: list[Rule], span: Span) -> str | None:
    return next(e.clause for rule in rules for e in rule.exceptions if e.span == span)


def _beyond(book: Book, definition: Definition, span: Span) -> tuple[Diagram, Search]:
    """Where an exception gives another value and none of what it overrides would apply."""
    way, d = book.way_of(definition), book.d
    found = []
    for subject in book.subjects(definition):
        firings = [f for f in way.firings(definition, subject) if f.rule.span == span]
        if firings:
            outer = d.any_of([firing.outer for firing in firings])
            fires = d.any_of([firing.where for firing in firings])
            beyond = d.both(fires, d.negate(outer))
            apart = _apart_without(way, definition, span, subject)
            found.append(way.of_case(subject, d.both(beyond, apart)))
    return way.applying(definition, found), way.search
