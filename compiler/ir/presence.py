"""What is known not to be none where a condition holds, and what relies on that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from . import nodes as ir
from . import types as t
from .walk import children, rewrite, walk

Present = frozenset[ir.Expr]


def canonical(node: ir.Expr) -> ir.Expr:
    """The expression with its own variables numbered anew: written twice, it equals itself."""
    binders = (ir.Filter, ir.ForAll, ir.Map, ir.Best)
    numbers: dict[int, int] = {}
    for part in walk(node):
        if isinstance(part, binders):
            numbers[part.variable] = -1 - len(numbers)
    if not numbers:
        return node

    def renumbered(part: ir.Expr) -> ir.Expr:
        if isinstance(part, ir.Variable) and part.number in numbers:
            return attrs.evolve(part, number=numbers[part.number])
        if isinstance(part, binders):
            return attrs.evolve(part, variable=numbers[part.variable])
        return part

    return rewrite(node, renumbered)


def present_if(node: ir.Expr, holds: bool) -> Present:
    """What is certainly not none where a condition holds, or where it does not."""
    match node:
        case ir.IsPresent(of):
            return frozenset([of]) if holds else frozenset()
        case ir.Not(of):
            return present_if(of, not holds)
        case ir.And(items) if holds:
            return frozenset().union(*(present_if(item, True) for item in items))
        case ir.Or(items) if not holds:
            return frozenset().union(*(present_if(item, False) for item in items))
        case ir.Compare("=", left, ir.Literal(value)) if holds and value is not None:
            return frozenset([left])
        case ir.IsIn(item, _) if holds:
            return frozenset([item])
        case _:
            return frozenset()


def unguarded(before: Iterable[ir.Expr], after: Iterable[ir.Expr]) -> bool:
    """Whether a change lets something be used unasked that was used only where it is there.

    Each expression but the last is a condition for the next. What is unguarded would not compile.
    """
    guarded = {node for node, known in _uses_in_turn(before) if known}
    return any(node in guarded and not known for node, known in _uses_in_turn(after))


def _uses_in_turn(parts: Iterable[ir.Expr]) -> Iterator[tuple[ir.Expr, bool]]:
    known: Present = frozenset()
    for part in parts:
        yield from _uses(part, known)
        known |= _canonical(present_if(part, True))


def _uses(node: ir.Expr, known: Present) -> Iterator[tuple[ir.Expr, bool]]:
    """What is used as if it were there, each with whether it is known to be."""
    if not isinstance(node.type, t.Maybe):
        plain = canonical(node)
        yield plain, plain in known
    match node:
        case ir.And(items) | ir.Or(items):
            for item in items:
                yield from _uses(item, known)
                known |= _canonical(present_if(item, isinstance(node, ir.And)))
        case ir.If(condition, then, otherwise):
            yield from _uses(condition, known)
            yield from _uses(then, known | _canonical(present_if(condition, True)))
            yield from _uses(otherwise, known | _canonical(present_if(condition, False)))
        case _:
            for child in children(node):
                yield from _uses(child, known)


def _canonical(nodes: Present) -> Present:
    return frozenset(canonical(node) for node in nodes)
