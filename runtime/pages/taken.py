"""Expressions with the readings taken put in: what is left when nobody asks how else to read."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rule
from luling.compiler.ir.walk import rewrite


def with_readings(node: ir.Expr, taken: Mapping[str, str]) -> ir.Expr:
    """The expression where each reading is known, by name its alternative."""

    def known(inner: ir.Expr) -> ir.Expr:
        if isinstance(inner, ir.ReadingIs):
            return ir.Literal(taken[inner.reading] == inner.alternative, t.BOOL, inner.span)
        return _folded(inner)

    return rewrite(node, known)


def rules_taken(rules: tuple[Rule, ...], taken: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules that can apply, with the exceptions that can."""
    found = []
    for rule in rules:
        condition = None if rule.condition is None else with_readings(rule.condition, taken)
        if not _is(condition, False):
            changed = attrs.evolve(
                rule,
                condition=None if _is(condition, True) else condition,
                value=with_readings(rule.value, taken),
                exceptions=rules_taken(rule.exceptions, taken),
            )
            found.append(changed)
    return tuple(found)


def _is(node: ir.Expr | None, value: bool) -> bool:
    return isinstance(node, ir.Literal) and node.value is value


def _folded(node: ir.Expr) -> ir.Expr:
    match node:
        case ir.Not(ir.Literal(bool() as value)):
            return ir.Literal(not value, t.BOOL, node.span)
        case ir.And(items):
            return _junction(node, items, False)
        case ir.Or(items):
            return _junction(node, items, True)
        case ir.If(ir.Literal(bool() as value), then, otherwise):
            return then if value else otherwise
    return node


def _junction(node: ir.And | ir.Or, items: tuple[ir.Expr, ...], deciding: bool) -> ir.Expr:
    """且, decided by a false item, and 或, decided by a true one."""
    if any(_is(item, deciding) for item in items):
        return ir.Literal(deciding, t.BOOL, node.span)
    left = tuple(item for item in items if not _is(item, not deciding))
    if not left:
        return ir.Literal(not deciding, t.BOOL, node.span)
    return left[0] if len(left) == 1 else attrs.evolve(node, items=left)
