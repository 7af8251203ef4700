"""The 必然 statements of a rulebook, and how far a result may move with a day or a yuan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, FactField, Invariant, Rulebook
from luling.compiler.ir.to_text import to_text
from luling.compiler.ir.values import Period, add_period, show
from luling.compiler.ir.walk import rewrite, walk
from luling.compiler.verify.case import Case
from luling.compiler.verify.diagram import Diagram, Diagrams
from luling.compiler.verify.from_ir import Meaning
from luling.compiler.verify.limits import NOT_SO
from luling.compiler.verify.search import Search
from luling.compiler.verify.smt import second_solver
from luling.compiler.verify.solve import Exhausted
from luling.compiler.verify.symbolic import Unclear, few_values, kind_of
from luling.compiler.verify.terms import Fact, Op, is_term

from ..decide import Decision
from ..interpret import RulebookFault
from .answer import Answer, Refutation
from .asking import LIMITS, About
from .book import Book, Found, where_not_true, where_true

ONE_STATEMENT = 40.0  # seconds
_LATER = "（另一案）"  # marks what a fact is in the second of two cases


def reported(rulebook: Rulebook, expr: ir.Expr) -> ir.Expr:
    """An expression in which results mean what a decision reports, outside the gate too."""
    gate = rulebook.gate
    if gate is None:
        return expr
    outside = dict(gate.outside)
    results = {result.name for result in rulebook.results}

    def put(node: ir.Expr) -> ir.Expr:
        if isinstance(node, ir.Defined) and node.subject is None and node.name in results:
            none = ir.Literal(None, node.type, node.span)
            other = outside.get(node.name, none)
            return ir.If(gate.condition, node, other, node.type, node.span)
        return node

    return rewrite(expr, put)


def invariants(book: Book) -> Iterator[Answer]:
    """For each statement: it holds in every valid case."""
    for one in book.rulebook.invariants:
        if one.origin is None:
            about = About("invariant", f"必然 {one.name}", one.clause, one.span)
            ask = _of_two_cases if one.must is None else _of_one
            book.pair.allow(ONE_STATEMENT)
            try:
                yield ask(book, one, about)
            except LIMITS as error:
                yield about.undecided(error)


def _of_one(book: Book, one: Invariant, about: About) -> Answer:
    assert one.must is not None
    meaning, d = book.as_read, book.d
    must = meaning.as_diagram(meaning.eval(reported(book.rulebook, one.must)))
    when = d.true
    if one.when is not None:
        when = meaning.as_diagram(meaning.eval(reported(book.rulebook, one.when)))
    if (why := _unclear(d, must, when)) is not None:
        return about.undecided(why)
    found = book.find(d.both(where_true(d, when), where_not_true(d, must)), book.pair.search)
    if found is None:
        return about.answer("proved")
    said = Both(f"不成立：{to_text(one.must)}", f"does not hold: {to_text(one.must)}")
    so = partial(_fails, book.rulebook, one.must, one.when)
    refutation = book.refutation(found, _named(one.must, one.when), so)
    return about.answer("refuted", said, refutation=refutation)


def _fails(rulebook: Rulebook, must: ir.Expr, when: ir.Expr | None, decision: Decision) -> bool:
    """Whether a decision shows that a statement does not hold."""
    if when is not None and _value(decision, reported(rulebook, when)) is not True:
        return False
    return _value(decision, reported(rulebook, must)) is not True


def _value(decision: Decision, expr: ir.Expr) -> Any:
    """What an expression comes to in a case; a `RulebookFault` where that is not to be had."""
    assert decision.interpretation is not None
    try:
        return decision.interpretation.eval(expr)
    except RulebookFault as error:
        return error


def _unclear(d: Diagrams, *parts: Diagram) -> str | None:
    """What some diagrams do not tell."""
    return next((leaf.why for leaf in d.leaves(*parts) if isinstance(leaf, Unclear)), None)


def _named(*parts: ir.Expr | None) -> list[ir.Expr]:
    """The values that expressions name, each once."""
    found = {
        to_text(node): node
        for part in parts
        if part is not None
        for node in walk(part)
        if isinstance(node, ir.Defined) and not isinstance(node.subject, ir.Variable)
    }
    return list(found.values())


# --- two cases that differ in one fact


@attrs.frozen(eq=False)
class Twins:
    """A rulebook twice: as it is, and with another value of one fact, all else as it is."""

    path: str
    second: Meaning
    value: Diagram  # what the fact is in the second case
    search: Search  # among cases that are valid both ways

    def other(self, found: Found) -> Any:
        """What the fact is in the second case."""
        return found.case.values[self.path + _LATER]


def _twins(book: Book, path: str, instead: Diagram | None = None) -> Twins:
    """The rulebook a second time with another value of a fact: any, or a certain one."""
    d, first = book.d, book.as_read
    field = book.rulebook.facts[path]
    value = instead if instead is not None else _another(book, field)
    second = Meaning(book.rulebook, d, readings=book.engine.chosen, instead={path: value})
    items = {
        name: d.both(one, other)
        for (name, one), other in zip(
            first.valid_items().items(), second.valid_items().values(), strict=True
        )
    }
    valid = d.both(first.valid(), second.valid())
    solver = book.pair.search.solver.among(items)

    def tick() -> None:
        book.pair.tick()
        book.pair.add_best(second)

    other = second_solver(d, items, solver.best)
    return Twins(path, second, value, Search(d, valid, solver, tick, other))


def _another(book: Book, field: FactField) -> Diagram:
    d, name = book.d, field.path + _LATER
    values = few_values(field)
    if values is not None:
        return d.by(("fact", name), values, tuple(d.leaf(v) for v in values))
    term = d.leaf(Fact(name, kind_of(field.type)))
    if not isinstance(field.type, t.Maybe):
        return term
    return d.by(("there", name), (True, False), (term, d.leaf(None)))


def _of_two_cases(book: Book, one: Invariant, about: About) -> Answer:
    assert one.rises is not None and one.value is not None
    d, twins = book.d, _twins(book, one.rises)
    value = reported(book.rulebook, one.value)
    first, second = (m.as_diagram(m.eval(value)) for m in (book.as_read, twins.second))
    kind, fact = t.solid(one.value.type), book.rulebook.facts[one.rises]
    before = book.as_read.eval(ir.Fact(one.rises, fact.type, one.span))
    rises = _less(book.as_read, before, twins.value, t.solid(fact.type))
    falls = _less(book.as_read, second, first, kind)
    if one.direction == "不增":
        falls = _less(book.as_read, first, second, kind)
    parts = [rises, falls]
    if one.when is not None:
        when = reported(book.rulebook, one.when)
        parts += [where_true(d, m.eval(when)) for m in (book.as_read, twins.second)]
    if (why := _unclear(d, *parts)) is not None:
        return about.undecided(why)
    found = book.find(d.all_of(parts), twins.search)
    if found is None:
        return about.answer("proved")
    what, up = to_text(one.value), one.direction == "不增"
    less = partial(_is_more if up else _is_less, kind)
    told = _both_told(book, found, twins, twins.other(found), (what, value), less)
    moved = Both(
        f"{one.rises} 上升而 {what} {'增' if up else '减'}了",
        f"{one.rises} rises and {what} {'rises' if up else 'falls'}",
    )
    return about.answer("refuted", moved, refutation=told)


def _less(meaning: Meaning, one: Diagram, other: Diagram, kind: t.Type) -> Diagram:
    """Where one value is less than another; none is less than any; 否 less than 是."""
    rank = kind.rank if isinstance(kind, t.Enum) else None

    def leaf(a: Any, b: Any) -> Diagram:
        if a is None or b is None:
            return meaning.d.leaf(a is None and b is not None)
        if rank is not None:
            known = a in rank and b in rank
            return meaning.d.leaf(known and rank[a] < rank[b])
        if isinstance(a, bool) or isinstance(b, bool):
            return meaning.d.leaf(a is False and b is True)
        return meaning.d.negate(meaning.at_least(a, b))

    return meaning.d.map2(("less", kind), leaf, one, other)


def _is_less(kind: t.Type, later: Any, first: Any) -> bool:
    """The same of values of a case: whether the later is less."""
    if later is None or first is None:
        return later is None and first is not None
    if isinstance(kind, t.Enum):
        rank = kind.rank
        return later in rank and first in rank and rank[later] < rank[first]
    return bool(later < first)


def _is_more(kind: t.Type, later: Any, first: Any) -> bool:
    return _is_less(kind, first, later)


def _both_told(
    book: Book,
    found: Found,
    twins: Twins,
    later: Any,
    what: tuple[str, ir.Expr],
    so: Callable[[Any, Any], bool],
) -> Refutation:
    """The case found and that with another value of a fact, with what comes of either.

    Raises `Exhausted` where the interpreter does not agree that the later value and the first are
    so.
    """
    rulebook, path, (name, expr) = book.rulebook, twins.path, what
    second = Case({**found.case.values, path: later}, found.case.items)
    said, values = [], []
    for case in (found.case, second):
        decision = book.engine.decide(case.to_json(rulebook))
        if decision.interpretation is None:
            raise Exhausted(NOT_SO)
        value = _value(decision, expr)
        if isinstance(value, RulebookFault):
            raise Exhausted(NOT_SO)
        values.append(value)
        fact, came = show(case.values[path], rulebook.facts[path].type), show(value, expr.type)
        said.append(
            Both(f"{path} 为 {fact} 时 {name} 为 {came}", f"{path}: {fact}, then {name}: {came}")
        )
    if not so(values[1], values[0]):
        raise Exhausted(NOT_SO)
    return book.told(found, tuple(said), second.to_json(rulebook))


# --- cliffs


def cliffs(book: Book, most: Mapping[str, Any]) -> Iterator[Answer]:
    """For each result with a stated amount, and each fact of the case that is a date or money: one
    day or one yuan more moves the result by no more than that. None counts as zero. Not asked of
    the items of lists.
    """
    groups = [group for group in book.rulebook.groups if not group.is_list]
    for result in book.rulebook.results:
        if result.name in most:
            for field in (field for group in groups for field in group.fields):
                step = _step(field)
                if step is not None:
                    name = f"{result.name}随{field.path}"
                    about = About("cliff", name, result.clause, field.span)
                    book.pair.allow(ONE_STATEMENT)
                    try:
                        yield _cliff(book, result, field, step, most[result.name], about)
                    except LIMITS as error:
                        yield about.undecided(error)


def _step(field: FactField) -> Any:
    kind = t.solid(field.type)
    if few_values(field) is not None:
        return None
    return Period(0, 1) if kind == t.DATE else 100 if kind == t.MONEY else None


def _cliff(
    book: Book, result: Definition, field: FactField, step: Any, most: Any, about: About
) -> Answer:
    d, meaning = book.d, book.as_read
    day = isinstance(step, Period)
    before = meaning.eval(ir.Fact(field.path, field.type, field.span))
    after = d.map(("next", day), partial(_next, meaning, step), before)
    twins = _twins(book, field.path, after)
    values = [m.as_diagram(m.result(result.name)) for m in (meaning, twins.second)]
    apart = d.map2(("apart", most), partial(_apart, meaning, most), *values)
    if (why := _unclear(d, apart)) is not None:
        return about.undecided(why)
    found = book.find(apart, twins.search)
    if found is None:
        return about.answer("proved")
    value = reported(book.rulebook, ir.Defined(result.name, None, result.type, result.span))
    later = _moved(found.case.values[field.path], step)
    far = partial(_is_far, most)
    told = _both_told(book, found, twins, later, (result.name, value), far)
    return about.answer("refuted", _too_far(field.path, day, result, most), refutation=told)


def _is_far(most: Any, later: Any, first: Any) -> bool:
    return bool(abs((later or 0) - (first or 0)) > most)


def _too_far(path: str, day: bool, result: Definition, most: Any) -> Both:
    amount = show(most, result.type)
    return Both(
        f"{path} 差{'一日' if day else '一元'}，{result.name} 相差超过 {amount}",
        f"{'a day' if day else 'a yuan'} more of {path} moves {result.name} by more than {amount}",
    )


def _moved(value: Any, step: Any) -> Any:
    return add_period(value, step) if isinstance(step, Period) else value + step


def _next(meaning: Meaning, step: Any, value: Any) -> Diagram:
    if value is None:
        return meaning.d.leaf(None)
    if not is_term(value):
        return meaning.d.leaf(_moved(value, step))
    if isinstance(step, Period):
        return meaning.d.leaf(Op("add", (value, step), "date"))
    return meaning.d.leaf(Op("+", (value, step), "integer"))


def _apart(meaning: Meaning, most: Any, one: Any, other: Any) -> Diagram:
    one, other = (0 if v is None else v for v in (one, other))
    if one == other:
        return meaning.d.false
    if is_term(one) or is_term(other):
        gaps = [Op("-", pair, "number") for pair in ((one, other), (other, one))]
        return meaning.d.any_of([meaning.d.negate(meaning.at_least(most, gap)) for gap in gaps])
    return meaning.d.leaf(abs(one - other) > most)
