"""Whether the worked examples of a rulebook exercise all of it, clause by clause, never by line.

Rules and exceptions that fire, requirements that hold and that fail, cells and rows that are looked
up, members and readings that occur, and each bound from below, exactly on it, and from above.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, FactField, Rulebook
from luling.compiler.ir.to_text import compare_word, to_text
from luling.compiler.ir.values import show
from luling.compiler.ir.walk import walk
from luling.compiler.source import Span

from .decide import Engine
from .examples import Outcome
from .parts import (
    OwnRule,
    expressions_of,
    is_own,
    own_checks,
    own_requirements,
    own_rules,
    place_in_law,
    row_text,
)
from .reasons import Reasons
from .watch import Mark, bound_mark, rule_mark, watch

KINDS = {
    "rule": Both("规则", "rules"),
    "otherwise": Both("否则", "otherwise"),
    "requirement": Both("要求", "requirements"),
    "bound": Both("界限", "bounds"),
    "cell": Both("表格", "cells"),
    "row": Both("名录", "rows"),
    "member": Both("取值", "values"),
    "reading": Both("解读", "readings"),
    "check": Both("核对", "checks"),
    "gate": Both("适用条件", "gate"),
}
STATES = {
    "fired": Both("适用", "fired"),
    "overridden": Both("被优先", "overridden"),
    "false": Both("条件不成立", "condition false"),
    "held": Both("满足", "met"),
    "failed": Both("不满足", "failed"),
    "below": Both("低于界限", "below the bound"),
    "equal": Both("恰在界限", "on the bound"),
    "above": Both("高于界限", "above the bound"),
    "agrees": Both("一致", "agree"),
    "disagrees": Both("不一致", "differ"),
    "applies": Both("成立", "holds"),
    "outside": Both("不成立", "does not hold"),
    **dict.fromkeys(("given", "truth", "came out", "subject"), Both("出现", "occurs")),
    **dict.fromkeys(("cell", "row", "reading", "otherwise"), Both("用到", "used")),
}


@attrs.frozen
class Point:
    """One thing that some example should do, how many do it, and what is lacking where none does.

    `mark` says in which state the thing should be met. `reason`: why no example can do it, where
    the rule file says so (不测). `states`: of a rule, how many examples found it in each state.
    """

    kind: str
    clause: str | None
    name: str
    span: Span
    mark: Mark
    lacking: Both
    count: int = 0
    reason: str | None = None
    states: tuple[tuple[str, int], ...] = ()

    @property
    def state(self) -> Both:
        """The state an example should meet the thing in."""
        return STATES[str(self.mark[0])]

    @property
    def covered(self) -> bool:
        """Whether an example does it, or the rule file says why none can."""
        return self.count > 0 or self.reason is not None


@attrs.frozen
class Coverage:
    """All points of a rulebook, in the order of the law."""

    points: tuple[Point, ...]

    @property
    def covered(self) -> int:
        """How many points are exercised, or explained."""
        return sum(point.covered for point in self.points)

    @property
    def explained(self) -> int:
        """How many are not exercised but explained."""
        return sum(point.reason is not None for point in self.points)

    @property
    def percent(self) -> int:
        """The share that is, rounded down: 100 is said of all only."""
        return 100 * self.covered // len(self.points) if self.points else 100

    def by_clause(self) -> dict[str | None, list[Point]]:
        """The points of each clause, clauses in the order of the law."""
        found: dict[str | None, list[Point]] = {}
        for point in self.points:
            found.setdefault(point.clause, []).append(point)
        return found


def measure(engine: Engine, outcomes: Iterable[Outcome], reasons: Reasons) -> Coverage:
    """What some examples exercise; their outcomes must be of the same rulebook."""
    counts: Counter[Mark] = Counter()
    for outcome in outcomes:
        readings = dict(outcome.example.readings)
        counts.update(watch(engine.with_readings(readings) if readings else engine, outcome))
    rulebook = engine.rulebook
    points = {point.mark: point for point in _points(rulebook)}  # one bound may stand in two rules
    ordered = sorted(points.values(), key=lambda p: place_in_law(rulebook, p.clause))
    return Coverage(tuple(_explained(_counted(point, counts), reasons) for point in ordered))


def _explained(point: Point, reasons: Reasons) -> Point:
    if point.count:
        return point
    return attrs.evolve(point, reason=reasons.of(point.name, point.lacking.zh))


def _counted(point: Point, counts: Counter[Mark]) -> Point:
    point = attrs.evolve(point, count=counts[point.mark])
    if point.kind != "rule":
        return point
    states = tuple(
        (state, counts[(state, *point.mark[1:])]) for state in ("fired", "overridden", "false")
    )
    considered = sum(count for _, count in states) + counts[("open", *point.mark[1:])]
    return attrs.evolve(point, states=states, lacking=_unfired(dict(states), considered))


def _unfired(states: dict[str, int], considered: int) -> Both:
    """Why a rule never gave a value."""
    if not considered:
        return Both("从未考虑到：没有示例问到它所给的量", "never reached: no example asks for it")
    if states["false"]:
        return Both("条件从未成立", "its condition never holds")
    if states["overridden"]:
        return Both("每次都被例外优先", "an exception overrides it every time")
    return Both("从未确定适用", "it is never known to apply")


# --- the points of a rulebook


def _points(rulebook: Rulebook) -> Iterator[Point]:
    yield from _members(rulebook)
    for check in own_checks(rulebook):
        name = f"核对 {check.name}"
        yield from _states(("agrees", "disagrees"), "check", None, name, check.span, check.name)
        yield from _bounds(None, name, [check.must])
    if rulebook.gate is not None:
        condition, name = rulebook.gate.condition, "适用条件"
        yield from _states(("applies", "outside"), "gate", None, name, condition.span)
        yield from _bounds(None, name, [condition])
    for own in own_rules(rulebook):
        if own.definition.kind != "binding":
            yield from _of_rule(own)
    for definition in rulebook.definitions:
        if definition.origin is None and definition.otherwise is not None:
            yield from _of_otherwise(definition, definition.otherwise)
    for one in own_requirements(rulebook):
        name = f"要求 {one.name}"
        yield from _states(("held", "failed"), "requirement", one.clause, name, one.span, one.name)
        yield from _bounds(one.clause, name, [part for part in (one.when, one.must) if part])
    yield from _of_tables(rulebook)
    yield from _of_readings(rulebook)


def _states(
    states: Iterable[str], kind: str, clause: str | None, name: str, span: Span, *about: str
) -> Iterator[Point]:
    """A point for each state a thing should be met in."""
    for state in states:
        never = Both(f"从未{STATES[state].zh}", f"never {STATES[state].en}")
        yield Point(kind, clause, name, span, (state, *about), never)


def _of_readings(rulebook: Rulebook) -> Iterator[Point]:
    unread = Both("没有示例在这样理解时用到它", "no example rests on it read so")
    for reading in rulebook.readings:
        for one in reading.alternatives if reading.origin is None else ():
            name = f"解读 {reading.name} 取 {one.name}"
            mark = ("reading", reading.name, one.name)
            yield Point("reading", reading.clause, name, reading.span, mark, unread)


def _of_rule(own: OwnRule) -> Iterator[Point]:
    rule, definition = own.rule, own.definition
    mark = rule_mark("fired", definition, rule)
    name = own.written
    nothing = Both("", "")  # said when counted
    if definition.attribute != rule.name and definition.kind != "parameter":
        name += f"（{definition.attribute}）"
    yield Point("rule", rule.clause, name, rule.span, mark, nothing)
    if definition.kind != "parameter":  # the stretches of a dated parameter are rules that fire
        yield from _bounds(rule.clause, own.written, expressions_of(rule))


def _of_otherwise(definition: Definition, otherwise: ir.Expr) -> Iterator[Point]:
    name = f"{definition.attribute} 的 否则"
    lacking = Both("每次都有规则适用", "some rule applies every time")
    mark = ("otherwise", definition.name)
    yield Point("otherwise", definition.clause, name, otherwise.span, mark, lacking)
    yield from _bounds(definition.clause, name, [otherwise])


def _of_tables(rulebook: Rulebook) -> Iterator[Point]:
    lacking = Both("从未查到", "never looked up")
    for table in (one for one in rulebook.tables if is_own(rulebook, one.name)):
        for row, column in table.cells:
            span = table.cell_spans.get((row, column), table.span)
            name = f"表 {table.name}（{row}，{column}）"
            mark = ("cell", table.name, row, column)
            yield Point("cell", table.clause, name, span, mark, lacking)
    never = Both("从未用到", "never decides anything")
    for register in (one for one in rulebook.registers if is_own(rulebook, one.name)):
        for index in range(len(register.rows)):
            name = f"名录 {register.name} {row_text(register, index)}"
            used: Mark = ("row", register.name, index)
            yield Point("row", register.clause, name, register.span, used, never)


# --- the values that occur


def _members(rulebook: Rulebook) -> Iterator[Point]:
    """Each member of an enumeration and each truth value, as a fact where facts have the type."""
    fields = [field for field in rulebook.facts.values() if not field.record_only]
    for enum in (one for one in rulebook.enums if is_own(rulebook, one.name)):
        yield from _of_enum(rulebook, enum, fields)
    for field in fields:
        values = (True, False) if t.solid(field.type) == t.BOOL else field.allowed
        for value in values:
            name = f"事实 {field.path} 为 {show(value, field.type)}"
            mark: Mark = ("truth", field.path, value)
            yield Point("member", None, name, field.span, mark, _OCCURS_NOT)


_OCCURS_NOT = Both("没有示例出现它", "it occurs in no example")


def _of_enum(rulebook: Rulebook, enum: t.Enum, fields: list[FactField]) -> Iterator[Point]:
    state, span, clause = _where_it_occurs(rulebook, enum, fields)
    for member in enum.members if span is not None else ():
        assert span is not None
        mark: Mark = (state, enum.name, member)
        yield Point("member", clause, f"{enum.name} 的 {member}", span, mark, _OCCURS_NOT)


def _where_it_occurs(
    rulebook: Rulebook, enum: t.Enum, fields: list[FactField]
) -> tuple[str, Span | None, str | None]:
    """As a fact; else as a value that comes out; else as what owns values."""
    for field in fields:
        if t.solid(field.type) == enum:
            return "given", field.span, None
    own = [d for d in rulebook.definitions if d.origin is None]
    for definition in own:
        kind = definition.type
        if t.solid(kind.item if isinstance(kind, t.ListOf) else kind) == enum:
            return "came out", definition.span, definition.clause
    for definition in own:
        if definition.scope == enum.name:
            return "subject", definition.span, definition.clause
    return "", None, None


# --- bounds


def _bounds(clause: str | None, name: str, parts: Iterable[ir.Expr]) -> Iterator[Point]:
    """Each comparison with an order, from the sides it can be met from."""
    for part in parts:
        for node in walk(part):
            if isinstance(node, ir.Compare) and node.op not in ("=", "≠") and _varies(node):
                for side in _sides(node):
                    mark = bound_mark(side, node)
                    yield Point("bound", clause, name, node.span, mark, _unmet(node, side))


def _varies(node: ir.Compare) -> bool:
    return any(not isinstance(part, ir.Literal) for part in (node.left, node.right))


def _unmet(node: ir.Compare, side: str) -> Both:
    left, right = to_text(node.left), to_text(node.right)
    word = {"below": compare_word("<", node.left.type), "above": compare_word(">", node.left.type)}
    zh = word.get(side, "恰好等于")
    return Both(f"{left} 从未{zh} {right}", f"{left} is never {_ENGLISH[side]} {right}")


_ENGLISH = {"below": "below", "equal": "exactly", "above": "above"}
_Range = tuple[Any, Any]  # the least and the greatest a value can be, None where there is none


def _sides(node: ir.Compare) -> Iterator[str]:
    low, high = _range(node.left)
    least, most = _range(node.right)
    if low is None or most is None or low < most:
        yield "below"
    if not (high is not None and least is not None and high < least) and not (
        low is not None and most is not None and low > most
    ):
        yield "equal"
    if high is None or least is None or high > least:
        yield "above"


def _range(node: ir.Expr) -> _Range:
    """What a number or a ranked member can be, as far as its form says."""
    kind = t.solid(node.type)
    if isinstance(node, ir.Literal):
        value = kind.rank.get(str(node.value)) if isinstance(kind, t.Enum) else node.value
        return value, value
    if isinstance(kind, t.Enum):
        return 0, len(kind.order) - 1
    if isinstance(node, ir.Count):
        return 0, len(node.of.enum.members) if isinstance(node.of, ir.Members) else None
    if isinstance(node, ir.Arithmetic) and node.op == "+":
        (low, high), (least, most) = _range(node.left), _range(node.right)
        return _sum(low, least), _sum(high, most)
    if isinstance(node, ir.Fact | ir.FieldOf) and kind != t.DATE:
        return 0, None  # no number of a case is negative
    return None, None


def _sum(one: Any, other: Any) -> Any:
    numbers = (int, Fraction)
    return one + other if isinstance(one, numbers) and isinstance(other, numbers) else None
