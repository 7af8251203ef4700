"""Typed IR → Python text of three-valued parts: one small function a condition and a value.

The text calls what `runtime/threefold.py` says; here is no meaning, only its wording.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import assert_never

from ..ir import nodes as ir
from ..ir import types as t
from ..ir.rulebook import Rulebook
from ..ir.values import Value
from .text import literal, sequence

_TEXT = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_DEEPEST = 12  # brackets in brackets; Python reads at most 200


class Parts:
    """Writes expressions; collects what stands once for all of them: constants, deep parts."""

    def __init__(self, rulebook: Rulebook, readings: Mapping[str, str]) -> None:
        self.rulebook = rulebook
        self.readings = readings
        self.lines: list[str] = []
        self._named: dict[str, str] = {}

    def named(self, text: str) -> str:
        """The name of an expression that stands once before all parts."""
        if text not in self._named:
            self._named[text] = name = f"K{len(self._named) + 1}"
            self.lines.append(f"{name} = {text}")
        return self._named[text]

    def part(self, node: ir.Expr) -> str:
        """A part: a function of the values of the case."""
        return f"lambda c: {self.value(node)}"

    def maybe(self, node: ir.Expr | None) -> str:
        """A part, or None where there is none."""
        return "None" if node is None else self.part(node)

    def value(self, node: ir.Expr) -> str:
        """An expression for the value of a node, in terms of `c`, the values of the case."""
        text = self._value(node)
        return f"{self.named(f'lambda c: {text}')}(c)" if _depth(text) > _DEEPEST else text

    def _value(self, node: ir.Expr) -> str:
        match node:
            case ir.Literal(value):
                return self.constant(value, node.type)
            case ir.Fact(path):
                return f"c.fact({literal(path)})"
            case ir.FactList(name):
                return f"c.fact({literal(name)})"
            case ir.Rows(register):
                return f"REGISTERS[{literal(register)}]"
            case ir.Members(enum):
                return self.named(literal(enum.members))
            case ir.Variable(number):
                return f"c.variables[{number:d}]"
            case ir.FieldOf(of, field):
                return f"c.field_of({self.value(of)}, {literal(field)})"
            case ir.Defined(name, subject):
                if subject is None:
                    return f"c.definition({literal(name)}, None)"
                return self._of_subject(subject, f"c.definition({literal(name)}, m)")
            case ir.Satisfied(group, subject):
                return self._of_group("all_hold", group, subject)
            case ir.Failing(group, subject):
                return self._of_group("failing_clauses", group, subject)
            case ir.ReadingIs(reading, alternative):
                return repr(self.readings[reading] == alternative)
            case ir.Lookup(table, row, column):
                cells = f"TABLES[{literal(table)}]"
                return f"looked_up({cells}, {self.value(row)}, {self.value(column)})"
            case ir.Not(of):
                return f"negated({self.value(of)})"
            case ir.And(items):
                return self._junction(False, items)
            case ir.Or(items):
                return self._junction(True, items)
            case ir.Compare(op, left, right):
                rank = "None" if op in ("=", "≠") else self.rank(left.type)
                return f"compared({op!r}, {rank}, {self.value(left)}, {self.value(right)})"
            case ir.IsIn(item, of):
                return self._is_in(item, of)
            case ir.IsPresent(of):
                return f"present({self.value(of)})"
            case ir.IsNonEmpty(of):
                return f"non_empty({self.value(of)})"
            case ir.If(condition, then, otherwise):
                branches = f"{self.part(then)}, {self.part(otherwise)}"
                return f"c.branch({self.value(condition)}, {branches})"
            case ir.Arithmetic(op, left, right):
                return f"calculated({op!r}, {self.value(left)}, {self.value(right)})"
            case ir.AddPeriod(start, period, following):
                return f"after({self.value(start)}, {self.value(period)}, {following!r})"
            case ir.ListFrom(items):
                make = "c.clause_list" if node.type == t.CLAUSES else "listed"
                return f"list_of({make}, {sequence(self.value(item) for item in items)})"
            case ir.Union(left, right):
                both = f"{self.value(left)}, {self.value(right)}"
                return (
                    f"c.union_of_clauses([{both}])" if node.type == t.CLAUSES else f"joined({both})"
                )
            case ir.Filter(of, variable, condition):
                return f"c.filtered({self._over(of, variable)}, {self.part(condition)})"
            case ir.ForAll(of, variable, condition):
                return f"c.for_all({self._over(of, variable)}, {self.part(condition)})"
            case ir.Map(of, variable, value):
                clauses = node.type == t.CLAUSES
                return f"c.mapped({self._over(of, variable)}, {self.part(value)}, {clauses!r})"
            case ir.Count(of):
                return f"counted({self.value(of)})"
            case ir.Fold(how, of):
                return f"folded({how!r}, {self.value(of)}, {node.type == t.PERIOD!r})"
            case ir.Best(of, variable, keys, last):
                ranked = ", ".join(
                    f"({self.part(key.value)}, "
                    + self.named(f"ranker({key.highest!r}, {self.rank(key.value.type)})")
                    + ")"
                    for key in keys
                )
                return f"c.best({self._over(of, variable)}, [{ranked}], {last!r})"
            case ir.Call(function, arguments):
                values = "".join(f", {self.value(argument)}" for argument in arguments)
                return f"called({literal(function)}{values})"
            case _:
                assert_never(node)

    def constant(self, value: Value, type_: t.Type) -> str:
        """A constant; a set of clauses is known as one."""
        if isinstance(value, tuple) and type_ == t.CLAUSES:
            return self.named(f"Clauses({literal(value)})")
        return literal(value)

    def rank(self, type_: t.Type) -> str:
        """The rank of each member, None where values are no members."""
        rank = t.rank_of(type_)
        if rank is None:
            return "None"
        pairs = ", ".join(f"{literal(member)}: {place:d}" for member, place in rank.items())
        return self.named(f"{{{pairs}}}")

    def _junction(self, deciding: bool, items: tuple[ir.Expr, ...]) -> str:
        return f"c.junction({deciding!r}, {', '.join(self.part(item) for item in items)})"

    def _of_group(self, method: str, group: str, subject: ir.Expr | None) -> str:
        if subject is None:
            return f"c.{method}({literal(group)}, None)"
        return self._of_subject(subject, f"c.{method}({literal(group)}, m)")

    def _of_subject(self, subject: ir.Expr, compute: str) -> str:
        kind = subject.type
        members, record = self.members(t.members_of(kind)), literal(t.record_of(kind))
        return f"c.of_subject({self.value(subject)}, {members}, {record}, lambda m: {compute})"

    def members(self, members: tuple[str, ...]) -> str:
        """The members of an enumeration."""
        return self.named(literal(members)) if members else "()"

    def _is_in(self, item: ir.Expr, of: ir.Expr) -> str:
        known = constants(self.rulebook, of)
        if known is not None:
            among = self.named(f"frozenset({literal(known)})")
            return f"in_known({self.value(item)}, {among})"
        if isinstance(of, ir.ListFrom):
            parts = sequence(f"({self.value(part)}, True)" for part in of.items)
            return f"any_equal({self.value(item)}, {parts})"
        if isinstance(of, ir.Map):
            mapped = f"c.mapped_parts({self._over(of.of, of.variable)}, {self.part(of.value)})"
            return f"in_list({self.value(item)}, {mapped})"
        return f"in_list({self.value(item)}, {self._items(of)})"

    def _items(self, of: ir.Expr) -> str:
        if not isinstance(of.type, t.ListOf):
            return self.value(of)
        return f"items_of({self.value(of)}, {self.members(t.members_of(of.type.item))})"

    def _over(self, of: ir.Expr, variable: int) -> str:
        record = t.record_of(of.type.item) if isinstance(of.type, t.ListOf) else ""
        return f"{self._items(of)}, {literal(record)}, {variable:d}"


def constants(rulebook: Rulebook, of: ir.Expr) -> tuple[Value, ...] | None:
    """The values of a list of constants or of a column of a register, None for any other list."""
    if isinstance(of, ir.ListFrom):
        values = tuple(item.value for item in of.items if isinstance(item, ir.Literal))
        return values if len(values) == len(of.items) else None
    if isinstance(of, ir.Map) and isinstance(of.of, ir.Rows) and isinstance(of.value, ir.FieldOf):
        (register,) = (r for r in rulebook.registers if r.name == of.of.register)
        place = [name for name, _ in register.columns].index(of.value.field)
        return tuple(dict.fromkeys(row[place] for row in register.rows))
    return None


def _depth(text: str) -> int:
    """How deep brackets stand in brackets."""
    deep = most = 0
    for char in _TEXT.sub("", text):
        if char in "([{":
            deep += 1
            most = max(most, deep)
        elif char in ")]}":
            deep -= 1
    return most
