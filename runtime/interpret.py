"""IR × facts → values. The reference meaning, as `threefold` has it, of nodes of the IR."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.values import show

from .closures import Part
from .program import Program
from .threefold import RulebookFault, Threefold

__all__ = ["Interpretation", "RulebookFault"]

_DEEP = 12_000  # frames: definitions may hang on one another in chains of some two thousand


class Interpretation(Threefold):
    """The values of one case, computed as they are asked for."""

    def __init__(self, program: Program, known: Mapping[str, Any], readings: Mapping[str, str]):
        super().__init__(known, program.absent)
        self.program = program
        self._made = program.parts.made
        self.plans = program.plans
        self.groups = program.requirements
        gate = program.rulebook.gate
        self.gate = None if gate is None else program.parts.of(gate.condition)
        self.clause_order = program.clause_order
        self.readings = {**program.taken, **readings}
        self.readings_used: set[str] = set()
        self.lists: dict[int, Any] = {}  # by the identity of the node that gave it
        if sys.getrecursionlimit() < _DEEP:
            sys.setrecursionlimit(_DEEP)

    def part(self, written: ir.Expr) -> Part:
        """An expression as a function of the values of the case."""
        key, made = id(written), self._made
        return made[key] if key in made else self.program.parts.of(written)

    def eval(self, written: ir.Expr) -> Any:
        """The value of an expression, known or not."""
        key, made = id(written), self._made
        return made[key](self) if key in made else self.program.parts.of(written)(self)

    def outside_of(self, name: str) -> ir.Expr | None:
        """What gives a result where the rulebook does not apply, if anything does."""
        return self.program.outside.get(name)

    def empty_of(self, name: str) -> Any:
        """What a definition is where no rule applies: none, or nothing in it; or `NEEDED`."""
        return self.program.empty[name]

    def possible(self, of: str, field: str) -> frozenset[Any] | None:
        """All values of a field of a list's items, None where they are too many."""
        return t.possible_values(self.program.list_types[of][field])

    def shown(self, name: str, value: Any) -> str:
        """A value of a definition as people read it."""
        return show(value, self.program.definitions[name].definition.type)
