"""A compiled rulebook with its definitions, requirements and tables so many times.

Each copy has names of its own and its own rules; facts, enumerations, readings and checks are
shared, so that one table of cases serves them all. Copies that are alike give the results of the
first. In copies that differ, every day, every period of six months or more, every limit above one
and every cell is another, so that nothing can be worked out once for two of them but what reads
facts alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir.rulebook import Definition, Requirement, Rule, Rulebook, Table
from luling.compiler.ir.types import MONEY, Number, Type
from luling.compiler.ir.values import Period, Value, add_period
from luling.compiler.ir.walk import rewrite

FEN = 100  # in a yuan
A_YEAR = 12  # months by which ages in years are counted
LEAST_AGE = 50  # what stands for an age of the facts stays as it is


def copies(rulebook: Rulebook, count: int, *, differ: bool = False) -> Rulebook:
    """The rulebook so many times in one."""
    others = [_Copy(f"副本{number}", number if differ else 0) for number in range(1, count)]
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
        tables=_all(rulebook.tables, [c.table for c in others]),
        registers=_all(rulebook.registers, [c.named for c in others]),
        examples=(),
        invariants=(),
    )


def _all(first: tuple[Any, ...], changes: Sequence[Callable[[Any], Any]]) -> tuple[Any, ...]:
    return first + tuple(change(each) for change in changes for each in first)


class _Copy:
    """One further copy: its names end with a word of its own."""

    def __init__(self, ending: str, more: int) -> None:
        self.ending = ending
        self.more = more

    def name(self, name: str) -> str:
        return name + self.ending

    def named(self, part: Any) -> Any:
        return attrs.evolve(part, name=self.name(part.name))

    def table(self, table: Table) -> Table:
        cells = {place: self.other(cell, table.type) for place, cell in table.cells.items()}
        return attrs.evolve(table, name=self.name(table.name), cells=cells)

    def other(self, value: Value, type_: Type) -> Value:
        """The value that stands in this copy instead."""
        if not self.more:
            return value
        match value:
            case Period(months=months) if months >= 6 and months != A_YEAR:
                return Period(months + self.more, value.days)
            case date():
                return add_period(value, Period(self.more, 0))
            case int() if type_ == MONEY:
                return value + FEN * self.more
            case int() if isinstance(type_, Number) and 1 < value < LEAST_AGE:
                return value + self.more
            case _:
                return value

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
            case ir.Literal():
                return attrs.evolve(node, value=self.other(node.value, node.type))
            case _:
                return node
