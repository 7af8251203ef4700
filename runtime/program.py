"""A rulebook ready to be interpreted: rules by member, requirements by group, constant sets."""

from __future__ import annotations

from typing import Any

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.plan import (
    absent_facts,
    checked_facts,
    expressions,
    plan_definition,
    requirements_by_group,
)
from luling.compiler.ir.rulebook import Definition, Rulebook
from luling.compiler.ir.walk import children, walk

from .facts import Item
from .partial import Clauses, Unknown
from .threefold import NEEDED


class Program:
    """Everything about a rulebook that does not depend on a case."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.definitions = {d.name: plan_definition(rulebook, d) for d in rulebook.definitions}
        self.requirements = requirements_by_group(rulebook)
        self.tables = {table.name: table for table in rulebook.tables}
        self.registers = {
            register.name: tuple(
                Item(register.name, index, dict(zip(names, row, strict=True)))
                for index, row in enumerate(register.rows)
            )
            for register in rulebook.registers
            for names in [[name for name, _ in register.columns]]
        }
        self.absent = {
            path: Unknown(frozenset([path]), among)
            for path, among in absent_facts(rulebook).items()
        }
        self.checked = checked_facts(rulebook)
        self.list_types = {
            group.name: {f.path.rpartition(".")[2]: f.type for f in group.fields}
            for group in rulebook.groups
            if group.is_list
        }
        self.fact_order = {path: place for place, path in enumerate(self.absent)}
        self.clause_order = rulebook.clause_order
        self.empty = {d.name: empty_of(d) for d in rulebook.definitions}
        self.outside = dict(rulebook.gate.outside) if rulebook.gate is not None else {}
        self.taken = {r.name: r.alternatives[0].name for r in rulebook.readings if r.alternatives}
        self.sets: dict[int, frozenset[Any]] = {}
        self.resting: dict[int, tuple[ir.Expr, ...]] = {}
        for expr in self.expressions():
            self._rests(expr)
        self._constant_sets()

    def _constant_sets(self) -> None:
        """Lists of constants after 属于, as sets, by the identity of their node."""
        for expr in self.expressions():
            for node in walk(expr):
                if isinstance(node, ir.IsIn) and isinstance(node.of, ir.ListFrom):
                    values = [i.value for i in node.of.items if isinstance(i, ir.Literal)]
                    if len(values) == len(node.of.items):
                        self.sets[id(node.of)] = frozenset(values)
                elif isinstance(node, ir.IsIn) and isinstance(node.of, ir.Map):
                    found = self._register_column(node.of)
                    if found is not None:
                        self.sets[id(node.of)] = found

    def _rests(self, node: ir.Expr) -> bool:
        """Whether an expression reads more than facts; if so, `resting` has its parts that do."""
        parts = tuple(child for child in children(node) if self._rests(child))
        if parts or isinstance(node, ir.Defined | ir.Satisfied | ir.Failing | ir.ReadingIs):
            self.resting[id(node)] = parts
            return True
        return False

    def _register_column(self, node: ir.Map) -> frozenset[Any] | None:
        if isinstance(node.of, ir.Rows) and isinstance(node.value, ir.FieldOf):
            field = node.value.field
            return frozenset(row.fields[field] for row in self.registers[node.of.register])
        return None

    def expressions(self) -> list[ir.Expr]:
        """Every expression of the rulebook, outermost."""
        return expressions(self.rulebook)


def empty_of(definition: Definition) -> Any:
    """What a definition is where no rule applies: none, or nothing in it; or `NEEDED`."""
    kind = definition.type
    if definition.kind == "parameter" and not isinstance(kind, t.Maybe):
        return NEEDED
    if kind == t.CLAUSES:
        return Clauses()
    return () if isinstance(kind, t.ListOf) else None
