"""Small changes to an expression, one at a time: constants, comparisons, connectives, functions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.to_text import to_text
from luling.compiler.ir.values import Period, Value, show
from luling.compiler.ir.walk import replace, walk
from luling.compiler.source import Span

_AT_THE_BOUND: dict[ir.Operator, ir.Operator] = {">=": ">", ">": ">=", "<=": "<", "<": "<="}
_OPPOSITE: dict[ir.Operator, ir.Operator] = {
    ">=": "<", "<": ">=", "<=": ">", ">": "<=", "=": "≠", "≠": "=",
}  # fmt: skip
_INVERSE: dict[str, Literal["+", "-", "×", "÷"]] = {"+": "-", "-": "+", "×": "÷", "÷": "×"}
_EXTREMES: dict[str, Literal["max", "min"]] = {"max": "min", "min": "max"}
_SIBLINGS = {
    "较早者": "较晚者", "较晚者": "较早者", "较大者": "较小者", "较小者": "较大者",
    "向下取整": "向上取整", "向上取整": "向下取整", "年份": "月份", "月份": "年份",
    "四舍五入到分": "舍去到分", "舍去到分": "进位到分", "进位到分": "四舍五入到分",
    "四舍五入到元": "舍去到元", "舍去到元": "进位到元", "进位到元": "四舍五入到元",
}  # fmt: skip


@attrs.frozen
class Variant:
    """An expression with one change: where, in words, and the whole expression after it."""

    span: Span
    change: str
    whole: ir.Expr


def variants(whole: ir.Expr) -> Iterator[Variant]:
    """Every small change to an expression, outermost first; none that leaves it what it was."""
    seen = {whole}
    keys = [key for node in walk(whole) if isinstance(node, ir.Best) for key in node.keys]
    constant = {id(key.value) for key in keys}
    for node in walk(whole):
        if isinstance(node, ir.Literal) and id(node) in constant:
            continue  # a key that is the same for all compares nothing
        for change, new in _changes(node):
            changed = replace(whole, node, new)
            if changed not in seen:
                seen.add(changed)
                yield Variant(node.span, change, changed)


def other_values(value: Value, type_: t.Type) -> Iterator[Value]:
    """The values next to a constant: one fen, one per cent, one day, the next member."""
    kind = t.solid(type_)
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, Period):
        if value.months:
            yield from (value._replace(months=value.months + step) for step in (1, -1))
        yield from (value._replace(days=value.days + step) for step in (1, -1))
    elif isinstance(value, date):
        yield from (value + timedelta(days=step) for step in (1, -1))
    elif isinstance(value, int | Fraction):
        step = Fraction(1, 100) if kind == t.RATIO else 1
        yield from (value + step, value - step)
    elif isinstance(kind, t.Enum) and value in kind.members and len(kind.members) > 1:
        yield kind.members[(kind.members.index(str(value)) + 1) % len(kind.members)]
    elif kind == t.TEXT and isinstance(value, str):
        yield value + "改"


def in_words(value: Value, other: Value, type_: t.Type) -> str:
    """6个月 → 7个月; a day less than months is said so."""
    if isinstance(other, Period) and other.days < 0 < other.months:
        less = show(other._replace(days=0), type_)
        return f"{show(value, type_)} → {less}减{-other.days}日"
    return f"{show(value, type_)} → {show(other, type_)}"


def _changes(node: ir.Expr) -> Iterator[tuple[str, ir.Expr]]:
    match node:
        case ir.Literal(value):
            for other in other_values(value, node.type):
                yield in_words(value, other, node.type), attrs.evolve(node, value=other)
        case ir.Compare(op):
            for table in (_AT_THE_BOUND, _OPPOSITE):
                if op in table:
                    yield _exchanged(node, attrs.evolve(node, op=table[op]))
        case ir.And(items):
            yield f"且 → 或：{to_text(node)}", ir.Or(items, node.type, node.span)
            yield from _without_one(node, items)
        case ir.Or(items):
            yield f"或 → 且：{to_text(node)}", ir.And(items, node.type, node.span)
            yield from _without_one(node, items)
        case ir.Not() | ir.If():
            pass  # what is inside is changed
        case ir.Arithmetic(op) if node.type != t.PERIOD or op in "+-":
            yield _exchanged(node, attrs.evolve(node, op=_INVERSE[op]))
        case ir.Call(function) if function in _SIBLINGS:
            new = attrs.evolve(node, function=_SIBLINGS[function])
            yield f"{function} → {new.function}", new
        case ir.AddPeriod(_, _, following):
            yield _exchanged(node, attrs.evolve(node, overflow_next=not following))
        case ir.Fold(how) if how in _EXTREMES:
            yield _exchanged(node, attrs.evolve(node, how=_EXTREMES[how]))
        case ir.Best(_, _, keys, last):
            for index, key in enumerate(keys):
                if isinstance(key.value, ir.Literal):
                    continue
                turned = (*keys[:index], attrs.evolve(key, highest=not key.highest))
                yield _exchanged(node, attrs.evolve(node, keys=turned + keys[index + 1 :]))
            yield _exchanged(node, attrs.evolve(node, last=not last))
        case ir.Union(left, right):
            yield f"去掉 {to_text(right)}", left
            yield f"去掉 {to_text(left)}", right
        case ir.ListFrom(items) if len(items) > 1:
            yield from _without_one(node, items, alone=False)
        case _ if node.type == t.BOOL:
            yield _exchanged(node, ir.Not(node, t.BOOL, node.span))


def _exchanged(old: ir.Expr, new: ir.Expr) -> tuple[str, ir.Expr]:
    return f"{to_text(old)} → {to_text(new)}", new


def _without_one(
    node: ir.And | ir.Or | ir.ListFrom, items: tuple[ir.Expr, ...], alone: bool = True
) -> Iterator[tuple[str, ir.Expr]]:
    """With one item fewer; what is left `alone` of two stands for the whole."""
    for index, item in enumerate(items):
        left = items[:index] + items[index + 1 :]
        new: Any = left[0] if alone and len(left) == 1 else attrs.evolve(node, items=left)
        yield f"去掉 {to_text(item)}", new
