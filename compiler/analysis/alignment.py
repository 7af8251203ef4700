"""Which number of a quotation stands for which number of the rules, both ways.

A number of a rule, requirement, parameter, table or register is looked for in the quotation it
stands under, and where it is not there in those of the clauses around: 一（四）1, then 一（四）,
then 一. So a number that all items share may stand in the sentence above them.

Three numbers of a rule need no law behind them:

- zero, which is none at all, and the constants in `按 0 最高者` that only make an order;
- 1 that is added or taken away (连同本次 counts one more), and the 1个月 a number is multiplied
  by, which only makes it a period. Neither counts as a use of what a quotation says;
- 100% as the whole that something is taken from or multiplied by. Where the quotation has it, it
  is one.

Facts, checks and the head of the rulebook stand under no clause and are not looked at.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import attrs

from ..ir import nodes as ir
from ..ir import types as t
from ..ir.rulebook import Clause, Rule, Rulebook, Waiver
from ..ir.values import Period, Value, decimal_text, show
from ..ir.walk import children
from ..source import Span
from ..syntax.lawtext import without_space
from ..syntax.quantities import Quantity, quantities


@attrs.frozen
class Quoted:
    """A number of a quotation, where it stands, and who uses it: places in `Alignment.written`."""

    clause: str
    quantity: Quantity
    span: Span
    uses: tuple[int, ...]
    waiver: Waiver | None


@attrs.frozen
class Written:
    """A number of a rule or the like (`owner`), where it stands, and what it stands for.

    `quoted` are places in `Alignment.quoted`; `source` is the 据 of the entry; `needed` says that
    it must have one of the two.
    """

    clause: str
    owner: str
    value: Value
    type: t.Type
    span: Span
    source: str | None
    needed: bool
    quoted: tuple[int, ...]

    @property
    def text(self) -> str:
        """The number as people write it: 6个月, 1950元, 80%."""
        kind = t.solid(self.type)
        if kind == t.MONEY and isinstance(self.value, int | Fraction):
            return decimal_text(Fraction(self.value) / 100) + "元"
        return show(self.value, kind)


@attrs.frozen
class Alignment:
    """All numbers of the quotations and all of the rules, each pointing to the other's places."""

    quoted: tuple[Quoted, ...]
    written: tuple[Written, ...]


def align(rulebook: Rulebook) -> Alignment:
    """The numbers of a rulebook's quotations beside those of its rules."""
    quoted = [one for clause in rulebook.clauses for one in _in_clause(clause, _units(rulebook))]
    by_clause: dict[str, list[int]] = {}
    for at, one in enumerate(quoted):
        by_clause.setdefault(one.clause, []).append(at)
    around = Around(rulebook)
    text = {c.id: _whole_text(c) for c in rulebook.clauses}
    written: dict[tuple[Span, str], Written] = {}
    for number in _all_written(rulebook):
        key = (number.span, str(number.value))
        if key not in written:  # an exception of two rules is met twice
            clauses = around.inside_out(number.clause)
            written[key] = _with_quoted(number, clauses, by_clause, quoted, text)
    kept = tuple(n for n in written.values() if n.needed or n.quoted or n.source)
    return Alignment(_with_uses(quoted, kept), kept)


class Around:
    """The clauses that a clause stands in."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._order = rulebook.clause_order
        self._named = {order: clause for clause, order in self._order.items()}

    def inside_out(self, clause: str) -> list[str]:
        """The clause itself, then the one around it, and so on."""
        order = self._order.get(clause, ())
        outer = (self._named.get(order[:size]) for size in range(len(order) - 1, 0, -1))
        return [clause, *(one for one in outer if one is not None)]

    def holds(self, outer: str, clause: str) -> bool:
        """Whether a clause is `outer` or stands in it."""
        order = self._order.get(outer, ())
        return self._order.get(clause, ())[: len(order)] == order


# --- what is quoted


def _in_clause(clause: Clause, units: frozenset[str]) -> Iterator[Quoted]:
    for quotation in clause.quotations:
        for line, span in zip(quotation.lines, quotation.spans, strict=True):
            start = span.end - len(line)  # before the words stands the >
            for one in quantities(line, units):
                place = Span(span.file, start + one.start, start + one.end)
                waiver = next((w for w in clause.waivers if waives(w, one, units)), None)
                yield Quoted(clause.id, one, place, (), waiver)


def waives(waiver: Waiver, quantity: Quantity, units: frozenset[str] = frozenset()) -> bool:
    """Whether a waiver names a quantity: as it is written, or the same one written otherwise."""
    if without_space(waiver.number) == without_space(quantity.text):
        return True
    found = quantities(waiver.number, units)
    return any((one.kind, one.value) == (quantity.kind, quantity.value) for one in found)


def _units(rulebook: Rulebook) -> frozenset[str]:
    """The units that types of the rulebook have."""
    types = [d.type for d in rulebook.definitions] + [f.type for f in rulebook.facts.values()]
    solid = (t.solid(kind) for kind in types)
    return frozenset(kind.unit for kind in solid if isinstance(kind, t.Number)) - {"", "岁"}


def _whole_text(clause: Clause) -> str:
    lines = (line for quotation in clause.quotations for line in quotation.lines)
    return "\n".join(without_space(line) for line in lines)


def _with_uses(quoted: list[Quoted], written: tuple[Written, ...]) -> tuple[Quoted, ...]:
    uses: dict[int, list[int]] = {}
    for place, one in enumerate(written):
        for at in one.quoted:
            uses.setdefault(at, []).append(place)
    return tuple(attrs.evolve(one, uses=tuple(uses.get(at, ()))) for at, one in enumerate(quoted))


# --- what is written


@attrs.frozen
class Construct:
    """Expressions that stand together under a clause: of a rule, a requirement, an 否则."""

    clause: str
    owner: str
    source: str | None
    members: tuple[str, ...]
    parts: tuple[ir.Expr, ...]
    span: Span


def constructs(rulebook: Rulebook) -> Iterator[Construct]:
    """All of the rulebook's own that stand under a clause."""
    for definition in rulebook.definitions:
        if definition.origin is not None or definition.kind == "binding":
            continue
        for rule in definition.rules:
            yield from _of_rule(rule)
        if definition.otherwise is not None and definition.clause:
            name, source = definition.name, definition.source
            given = (definition.otherwise,)
            yield Construct(definition.clause, name, source, (), given, definition.span)
    for one in rulebook.requirements:
        if one.origin is None and one.clause:
            parts = _parts(one.when, one.must)
            yield Construct(one.clause, one.name, one.source, one.members or (), parts, one.span)


def _parts(condition: ir.Expr | None, rest: ir.Expr) -> tuple[ir.Expr, ...]:
    return (rest,) if condition is None else (condition, rest)


def _of_rule(rule: Rule) -> Iterator[Construct]:
    if rule.clause:
        parts = _parts(rule.condition, rule.value)
        members = rule.members or ()
        yield Construct(rule.clause, rule.name, rule.source, members, parts, rule.span)
    for exception in rule.exceptions:
        yield from _of_rule(exception)


def _all_written(rulebook: Rulebook) -> Iterator[Written]:
    for one in constructs(rulebook):
        for part in one.parts:
            for literal, needed in _literals(part, True):
                needed = needed and one.source is None
                yield Written(
                    one.clause, one.owner, literal.value, literal.type, literal.span, one.source,
                    needed, (),
                )  # fmt: skip
    for table in rulebook.tables:
        if table.clause and "." not in table.name:
            for cell, value in table.cells.items():
                span = table.cell_spans[cell]
                yield from _cell(table.clause, table.name, value, table.type, span, table.source)
    for register in rulebook.registers:
        if register.clause and "." not in register.name:
            for row, spans in zip(register.rows, register.cell_spans, strict=True):
                for value, (_, kind), span in zip(row, register.columns, spans, strict=True):
                    place = (register.clause, register.name)
                    yield from _cell(*place, value, kind, span, register.source)


def _cell(
    clause: str, owner: str, value: Value, kind: t.Type, span: Span, source: str | None
) -> Iterator[Written]:
    if _is_number(value, kind):
        yield Written(clause, owner, value, t.solid(kind), span, source, source is None, ())


def _literals(node: ir.Expr, needed: bool) -> Iterator[tuple[ir.Literal, bool]]:
    """The numbers in an expression that can stand for one of the law, and whether they must."""
    if isinstance(node, ir.Literal):
        if _is_number(node.value, node.type):
            yield node, needed
        return
    keys = [key.value for key in node.keys] if isinstance(node, ir.Best) else []
    for child in children(node):
        if isinstance(child, ir.Literal) and (child in keys or _is_idle(node, child)):
            continue
        whole = isinstance(node, ir.Arithmetic) and isinstance(child, ir.Literal)
        yield from _literals(child, needed and not (whole and _is_whole(child)))


def _is_number(value: Value, kind: t.Type) -> bool:
    """Whether a constant is a number of the law: a quantity that is not zero, or a code."""
    kind = t.solid(kind)
    if isinstance(value, Period):
        return value != Period(0, 0)
    if isinstance(value, str):
        return kind == t.TEXT and any(char.isdecimal() for char in value)
    if isinstance(value, bool) or value is None:
        return False
    return isinstance(value, date) or (isinstance(value, int | Fraction) and value != 0)


def _is_idle(node: ir.Expr, literal: ir.Literal) -> bool:
    """One more or one less, and the one unit that makes a number a period."""
    if not isinstance(node, ir.Arithmetic):
        return False
    one = literal.value == 1 and literal.type == t.NUMBER
    if node.op in ("+", "-"):
        return one
    return one or literal.value in (Period(12, 0), Period(1, 0), Period(0, 1))


def _is_whole(node: ir.Expr) -> bool:
    return isinstance(node, ir.Literal) and node.type == t.RATIO and node.value == 1


# --- what stands for what


def _with_quoted(
    one: Written,
    clauses: list[str],
    by_clause: dict[str, list[int]],
    quoted: list[Quoted],
    text: dict[str, str],
) -> Written:
    """The number with the places it stands for, in the innermost clause that has any."""
    if isinstance(one.value, str):  # a code is no quantity: it stands there word for word
        code = without_space(one.value)
        there = any(code in text.get(clause, "") for clause in clauses)
        return attrs.evolve(one, needed=one.needed and not there)
    for clause in clauses:
        places = by_clause.get(clause, ())
        found = tuple(p for p in places if stands_for(quoted[p].quantity, one.value, one.type))
        if found:
            return attrs.evolve(one, quoted=found)
    return one


def stands_for(quantity: Quantity, value: Value, kind: t.Type) -> bool:
    """Whether a quantity of the text is a value of the rules."""
    if isinstance(value, date):
        return _is_date(quantity, value)
    if isinstance(value, Period):
        return _is_period(quantity, value)
    if not isinstance(value, int | Fraction):
        return False
    if kind == t.MONEY:
        fen = quantity.kind == "count" and quantity.unit == "分"
        return quantity.value == value and (quantity.kind == "money" or fen)
    if kind == t.RATIO:
        return _is_ratio(quantity, value)
    return isinstance(kind, t.Number) and _is_count(quantity, value, kind.unit)


def _is_date(quantity: Quantity, day: date) -> bool:
    """The date; of a month its first or last day; of a day of any year that day."""
    if quantity.kind == "month":
        ends = (1, monthrange(day.year, day.month)[1])
        return day.day in ends and quantity.value == (day.year, day.month)
    if quantity.kind == "day":
        return quantity.value == (day.month, day.day)
    return quantity.kind == "date" and quantity.value == day


def _is_period(quantity: Quantity, period: Period) -> bool:
    """A period, or the age that is reached when it is over: 60岁 is 60年 after birth."""
    if quantity.kind == "age":
        return period == Period(int(quantity.number) * 12, 0)
    if quantity.kind == "months":
        return period.days == 0 and period.months == quantity.value
    return quantity.kind == "days" and period.months == 0 and period.days == quantity.value


def _is_ratio(quantity: Quantity, ratio: int | Fraction) -> bool:
    """A ratio, or the share that one side of 1:3 is."""
    if quantity.kind == "part" and quantity.whole:
        return ratio == quantity.number / quantity.whole
    return quantity.kind == "ratio" and quantity.value == ratio


def _is_count(quantity: Quantity, number: int | Fraction, unit: str) -> bool:
    """A number of the same unit. One without a unit may be of anything that is counted."""
    if quantity.kind == "day":
        return unit == "" and isinstance(quantity.value, tuple) and number in quantity.value
    if unit == "岁":
        return quantity.kind == "age" and quantity.number == number
    if unit:
        return quantity.kind == "count" and (quantity.unit, quantity.number) == (unit, number)
    counted = ("count", "number", "part", "months", "days", "age", "year", "month")
    return quantity.kind in counted and number in (quantity.number, quantity.value)
