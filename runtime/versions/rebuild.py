"""A rulebook with every expression, type or name in it put through a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import (
    Check,
    Definition,
    FactField,
    FactGroup,
    Gate,
    InForce,
    Requirement,
    Rule,
    Rulebook,
)
from luling.compiler.ir.walk import rewrite

Change = Callable[[ir.Expr], ir.Expr]
_BINDERS = (ir.Filter, ir.ForAll, ir.Map, ir.Best)


# --- expressions


def definition_through(definition: Definition, change: Change) -> Definition:
    """A definition with each of its expressions put through a function."""
    otherwise = definition.otherwise
    return attrs.evolve(
        definition,
        rules=tuple(rule_through(rule, change) for rule in definition.rules),
        otherwise=None if otherwise is None else change(otherwise),
    )


def rule_through(rule: Rule, change: Change) -> Rule:
    """A rule and its exceptions, likewise."""
    return attrs.evolve(
        rule,
        condition=None if rule.condition is None else change(rule.condition),
        value=change(rule.value),
        exceptions=tuple(rule_through(exception, change) for exception in rule.exceptions),
    )


def requirement_through(requirement: Requirement, change: Change) -> Requirement:
    """A requirement, likewise."""
    when = requirement.when
    return attrs.evolve(
        requirement, when=None if when is None else change(when), must=change(requirement.must)
    )


def check_through(check: Check, change: Change) -> Check:
    """A check, likewise."""
    return attrs.evolve(check, must=change(check.must))


def gate_through(gate: Gate | None, change: Change) -> Gate | None:
    """Where the rulebook applies, likewise."""
    if gate is None:
        return None
    outside = tuple((name, change(value)) for name, value in gate.outside)
    return Gate(change(gate.condition), outside)


def span_through(span: InForce | None, change: Change) -> InForce | None:
    """When it applies, likewise."""
    if span is None:
        return None
    start, end = (None if part is None else change(part) for part in (span.start, span.end))
    return attrs.evolve(span, start=start, end=end)


def rulebook_through(rulebook: Rulebook, change: Change) -> Rulebook:
    """Every expression of a rulebook, likewise."""
    return attrs.evolve(
        rulebook,
        definitions=tuple(definition_through(d, change) for d in rulebook.definitions),
        requirements=tuple(requirement_through(r, change) for r in rulebook.requirements),
        checks=tuple(check_through(c, change) for c in rulebook.checks),
        gate=gate_through(rulebook.gate, change),
        in_force=span_through(rulebook.in_force, change),
    )


# --- variables


def levelled(node: ir.Expr, own: int) -> ir.Expr:
    """The expression with its variables numbered by how deep they are bound; `own`, of the member
    or item that a definition or requirement is about, is 0. Written twice, it equals itself, and so
    does each part of it.
    """
    return _level(node, {own: 0}, 1)


def _level(node: ir.Expr, names: Mapping[int, int], depth: int) -> ir.Expr:
    if isinstance(node, ir.Variable):
        return attrs.evolve(node, number=names.get(node.number, node.number))
    updates: dict[str, Any] = {}
    if isinstance(node, _BINDERS):
        names, updates["variable"] = {**names, node.variable: depth}, depth
        depth += 1
    for field in attrs.fields(type(node)):
        if field.name not in ("type", "span", "variable"):
            part = getattr(node, field.name)
            changed = _level_part(part, names, depth)
            if changed is not part:
                updates[field.name] = changed
    return attrs.evolve(node, **updates) if updates else node


def _level_part(part: Any, names: Mapping[int, int], depth: int) -> Any:
    if isinstance(part, ir.EXPRESSIONS):
        return _level(part, names, depth)
    if isinstance(part, ir.Key):
        return ir.Key(_level(part.value, names, depth), part.highest)
    if isinstance(part, tuple) and any(isinstance(i, (*ir.EXPRESSIONS, ir.Key)) for i in part):
        return tuple(_level_part(item, names, depth) for item in part)
    return part


def apart(rulebook: Rulebook, by: int) -> Rulebook:
    """The rulebook with all numbers of variables raised, so that another can take parts of it."""

    def raised(node: ir.Expr) -> ir.Expr:
        if isinstance(node, ir.Variable):
            return attrs.evolve(node, number=node.number + by)
        if isinstance(node, _BINDERS):
            return attrs.evolve(node, variable=node.variable + by)
        return node

    moved = rulebook_through(rulebook, lambda node: rewrite(node, raised))

    def numbered(part: Any) -> Any:
        return attrs.evolve(part, variable=part.variable + by)

    return attrs.evolve(
        moved,
        definitions=tuple(numbered(d) for d in moved.definitions),
        requirements=tuple(numbered(r) for r in moved.requirements),
        checks=tuple(numbered(c) for c in moved.checks),
        variables=rulebook.variables + by,
    )


def about(node: ir.Expr, own: int, other: int) -> ir.Expr:
    """An expression about one variable as an expression about another."""
    return rewrite(
        node,
        lambda part: (
            attrs.evolve(part, number=other)
            if isinstance(part, ir.Variable) and part.number == own
            else part
        ),
    )


# --- types


def with_types(rulebook: Rulebook, change: Callable[[t.Type], t.Type]) -> Rulebook:
    """Every type in a rulebook put through a function: of facts, values, tables and expressions."""

    def typed(node: ir.Expr) -> ir.Expr:
        new = _within(node.type, change)
        found = node if new is node.type else attrs.evolve(node, type=new)
        if isinstance(found, ir.Members):
            return attrs.evolve(found, enum=enum(found.enum))
        return found

    def enum(one: t.Enum) -> t.Enum:
        changed = change(one)
        return changed if isinstance(changed, t.Enum) else one

    def retyped(part: Any) -> Any:
        return attrs.evolve(part, type=_within(part.type, change))

    whole = rulebook_through(rulebook, lambda node: rewrite(node, typed))
    return attrs.evolve(
        whole,
        enums=tuple(enum(one) for one in whole.enums),
        groups=tuple(_group_with(group, retyped) for group in whole.groups),
        tables=tuple(
            attrs.evolve(retyped(one), rows=enum(one.rows), columns=enum(one.columns))
            for one in whole.tables
        ),
        registers=tuple(
            attrs.evolve(
                one, columns=tuple((name, _within(kind, change)) for name, kind in one.columns)
            )
            for one in whole.registers
        ),
        definitions=tuple(retyped(d) for d in whole.definitions),
    )


def _group_with(group: FactGroup, change: Callable[[FactField], FactField]) -> FactGroup:
    return attrs.evolve(group, fields=tuple(change(field) for field in group.fields))


def _within(type_: t.Type, change: Callable[[t.Type], t.Type]) -> t.Type:
    """A type with those inside it put through a function first."""
    match type_:
        case t.Maybe(of):
            inner = _within(of, change)
            return type_ if inner is of else t.Maybe(inner)
        case t.ListOf(item):
            inner = _within(item, change)
            return type_ if inner is item else t.ListOf(inner)
        case _:
            return change(type_)
