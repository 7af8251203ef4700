"""A compiled rulebook with its definitions, requirements and tables so many times.

Each copy has names of its own and its own rules; the facts, enumerations, readings and checks are
shared, so that one table of cases serves them all and every copy gives the results of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir.rulebook import Definition, Requirement, Rule, Rulebook
from luling.compiler.ir.walk import rewrite


def copies(rulebook: Rulebook, count: int) -> Rulebook:
    """The rulebook so many times in one."""
    others = [_Copy(f"副本{number}") for number in range(1, count)]
    gate = rulebook.gate
    if gate is not None:
        outside = [*gate.outside]
        for copy in others:
            outside += [(copy.name(name), copy.expression(value)) for name, value in gate.outside]
        gate = attrs.evolve(gate, outside=tuple(outside))
    return attrs.evolve(
        rulebook,
        gate=gate,
        definitions=_all(rulebook.definitions, [c.definition for c in others]),
        requirements=_all(rulebook.requirements, [c.requirement for c in others]),
        # what requirements on members are of is found by the name of an enumeration
        enums=_all(rulebook.enums, [c.named for c in others]),
        tables=_all(rulebook.tables, [c.named for c in others]),
        registers=_all(rulebook.registers, [c.named for c in others]),
        examples=(),
        invariants=(),
    )


def _all(first: tuple[Any, ...], changes: Sequence[Callable[[Any], Any]]) -> tuple[Any, ...]:
    return first + tuple(change(each) for change in changes for each in first)


class _Copy:
    """One further copy: its names end with a word of its own."""

    def __init__(self, ending: str) -> None:
        self.ending = ending

    def name(self, name: str) -> str:
        return name + self.ending

    def named(self, part: Any) -> Any:
        return attrs.evolve(part, name=self.name(part.name))

    def definition(self, definition: Definition) -> Definition:
        otherwise = definition.otherwise
        return attrs.evolve(
            definition,
            name=self.name(definition.name),
            attribute=self.name(definition.attribute),
            rules=tuple(map(self.rule, definition.rules)),
            otherwise=None if otherwise is None else self.expression(otherwise),
        )

    def rule(self, rule: Rule) -> Rule:
        return attrs.evolve(
            rule,
            name=self.name(rule.name),
            condition=None if rule.condition is None else self.expression(rule.condition),
            value=self.expression(rule.value),
            exceptions=tuple(map(self.rule, rule.exceptions)),
        )

    def requirement(self, requirement: Requirement) -> Requirement:
        return attrs.evolve(
            requirement,
            name=self.name(requirement.name),
            group=self.name(requirement.group),
            when=None if requirement.when is None else self.expression(requirement.when),
            must=self.expression(requirement.must),
        )

    def expression(self, expression: ir.Expr) -> ir.Expr:
        return rewrite(expression, self._changed)

    def _changed(self, node: ir.Expr) -> ir.Expr:
        match node:
            case ir.Defined():
                return attrs.evolve(node, name=self.name(node.name))
            case ir.Satisfied() | ir.Failing():
                return attrs.evolve(node, group=self.name(node.group))
            case ir.Lookup():
                return attrs.evolve(node, table=self.name(node.table))
            case ir.Rows():
                return attrs.evolve(node, register=self.name(node.register))
            case _:
                return node
