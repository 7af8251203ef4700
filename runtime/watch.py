"""What one worked example makes a rulebook do: rules that fire, cells looked up, bounds met.

Read off a finished interpretation, which keeps every value it was asked for. Of 且 the items up to
the first that is false are looked at, of 若 the branch taken: what the interpreter did, no more.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.plan import RulePlan
from luling.compiler.ir.rulebook import Check, Definition, Rule
from luling.compiler.ir.values import DateOutOfRange
from luling.compiler.ir.walk import children

from .decide import Engine
from .examples import Outcome
from .facts import Item
from .interpret import Interpretation, RulebookFault
from .partial import INCOMPLETE, NOTHING_MISSING, PartialList, Unknown
from .why import bound

Mark = tuple[Hashable, ...]  # what was done, and to what
_OPEN = Unknown(NOTHING_MISSING)


def rule_mark(state: str, definition: Definition, rule: Rule) -> Mark:
    """That a rule was in a state: fired, overridden, false or open."""
    return (state, definition.name, rule.name, rule.span)


def bound_mark(side: str, node: ir.Compare) -> Mark:
    """That the left side of a comparison was below, equal to, or above the right one."""
    return (side, node.span, node.op)


def watch(engine: Engine, outcome: Outcome) -> set[Mark]:
    """All that an example does; `engine` has the readings of the example."""
    known = engine.reader.read(outcome.example.case).known
    interpretation = outcome.decision.interpretation
    walk = _Walk(interpretation or Interpretation(engine.program, known, engine.chosen))
    for check in engine.rulebook.checks:
        walk.check(engine, check)
    if interpretation is not None:
        walk.gate()
        walk.values()
        for name, value in outcome.decision.values.items():
            walk.came_out(engine.types[name], value)
    walk.facts(known)
    return walk.marks


class _Walk:
    """Collects the marks of one interpretation."""

    def __init__(self, interpretation: Interpretation) -> None:
        self.of = interpretation
        self.marks: set[Mark] = set()

    # --- where it begins

    def check(self, engine: Engine, check: Check) -> None:
        """A check between facts, and what its condition does."""
        try:
            found = [holds for _, holds in engine.outcomes(check, self.of)]
        except (RulebookFault, DateOutOfRange, ZeroDivisionError):
            return
        if False in found:
            self.marks.add(("disagrees", check.name))
        if True in found and False not in found:
            self.marks.add(("agrees", check.name))
        items = (None,) if check.list_name is None else self.of.known.get(check.list_name, ())
        self._each(check.variable, items, check.must)

    def gate(self) -> None:
        """Whether the rulebook applies at all."""
        gate = self.of.program.rulebook.gate
        if gate is not None:
            self.visit(gate.condition)
            applies = self._value(gate.condition)
            if applies is True or applies is False:
                self.marks.add(("applies" if applies else "outside",))

    def values(self) -> None:
        """Every definition and requirement that was asked for."""
        requirements = {id(r): r for r in self.of.program.rulebook.requirements}
        for key in list(self.of.values):
            name, subject = (key, None) if isinstance(key, str) else key
            if isinstance(name, str):
                self._definition(name, subject)
            elif requirements[name].origin is None:
                requirement = requirements[name]
                with bound(self.of, requirement.variable, subject):
                    self._requirement(requirement.name, requirement.when, requirement.must)

    def facts(self, known: dict[str, Any]) -> None:
        """The members of enumerations and the truth values that stand in the case."""
        types = self.of.program.list_types
        for path, value in known.items():
            field = self.of.program.rulebook.facts.get(path)
            if field is not None:
                self._fact(path, field.type, value)
                if value in field.allowed:
                    self.marks.add(("truth", path, value))
                continue
            for item in value:
                for name, of_item in item.fields.items():
                    self._fact(f"{path}.{name}", types[path][name], of_item)

    def _fact(self, path: str, type_: t.Type, value: Any) -> None:
        kind = t.solid(type_)
        if isinstance(kind, t.Enum) and value is not None:
            self.marks.add(("given", kind.name, value))
        elif kind == t.BOOL and value is not None:
            self.marks.add(("truth", path, value))

    # --- definitions and requirements

    def _definition(self, name: str, subject: Any) -> None:
        plan = self.of.program.definitions[name]
        definition = plan.definition
        if definition.origin is not None:
            return
        value = self.of.values[name if subject is None else (name, subject)]
        self.came_out(definition.type, value)
        if isinstance(subject, str):
            self.marks.add(("subject", definition.scope, subject))
        with bound(self.of, plan.variable, subject):
            applies = [self._rule(definition, rule) for rule in plan.rules(subject)]
            if not any(one is not False for one in applies):
                self.marks.add(("otherwise", definition.name))
                if plan.otherwise is not None:
                    self.visit(plan.otherwise)

    def came_out(self, type_: t.Type, value: Any) -> None:
        """The members of enumerations that are a value, or in a list that is."""
        kind = t.solid(type_.item if isinstance(type_, t.ListOf) else type_)
        if isinstance(kind, t.Enum) and value.__class__ not in INCOMPLETE:
            values = value if isinstance(value, tuple) else (value,)
            self.marks.update(("came out", kind.name, one) for one in values if one is not None)

    def _rule(self, definition: Definition, plan: RulePlan) -> Any:
        """Whether a rule or an exception of it applies, as far as that is known."""
        above = [self._rule(definition, exception) for exception in plan.exceptions]
        if any(one is True for one in above):
            self.marks.add(rule_mark("overridden", definition, plan.rule))
            return True
        status: Any = True
        if plan.condition is not None:
            self.visit(plan.condition)
            status = self._value(plan.condition)
        pending = any(one is not False for one in above)
        if status is False:
            self.marks.add(rule_mark("false", definition, plan.rule))
            return _OPEN if pending else False
        self.visit(plan.value)
        fired = status is True and not pending
        self.marks.add(rule_mark("fired" if fired else "open", definition, plan.rule))
        return True if fired else _OPEN

    def _requirement(self, name: str, when: ir.Expr | None, must: ir.Expr) -> None:
        applies: Any = True
        if when is not None:
            self.visit(when)
            applies = self._value(when)
        if applies is False:
            self.marks.add(("idle", name))
            return
        self.visit(must)
        holds = self._value(must)
        if applies is True and (holds is True or holds is False):
            self.marks.add(("held" if holds else "failed", name))

    # --- expressions

    def visit(self, node: ir.Expr) -> None:
        """What an expression did."""
        handler = _VISIT.get(node.__class__)
        if handler is not None:
            handler(self, node)
        else:
            for child in children(node):
                self.visit(child)

    def _value(self, node: ir.Expr) -> Any:
        try:
            return self.of.eval(node)
        except (RulebookFault, DateOutOfRange, ZeroDivisionError):
            return _OPEN

    def _and(self, node: ir.And) -> None:
        self._until(node.items, False)

    def _or(self, node: ir.Or) -> None:
        self._until(node.items, True)

    def _until(self, items: tuple[ir.Expr, ...], deciding: bool) -> None:
        for item in items:
            self.visit(item)
            if self._value(item) is deciding:
                return

    def _if(self, node: ir.If) -> None:
        self.visit(node.condition)
        condition = self._value(node.condition)
        if condition is not False:
            self.visit(node.then)
        if condition is not True:
            self.visit(node.otherwise)

    def _compare(self, node: ir.Compare) -> None:
        self.visit(node.left)
        self.visit(node.right)
        left, right = self._value(node.left), self._value(node.right)
        if left.__class__ in INCOMPLETE or right.__class__ in INCOMPLETE:
            return
        kind = t.solid(node.left.type)
        if isinstance(kind, t.Enum):
            left, right = kind.rank.get(left), kind.rank.get(right)
        if left is None or right is None or node.op in ("=", "≠"):
            return
        side = "equal" if left == right else "below" if left < right else "above"
        self.marks.add(bound_mark(side, node))

    def _lookup(self, node: ir.Lookup) -> None:
        self.visit(node.row)
        self.visit(node.column)
        row, column = self._value(node.row), self._value(node.column)
        if row.__class__ not in INCOMPLETE and column.__class__ not in INCOMPLETE:
            self.marks.add(("cell", node.table, row, column))

    def _reading_is(self, node: ir.ReadingIs) -> None:
        self.marks.add(("reading", node.reading, self.of.readings[node.reading]))

    def _is_in(self, node: ir.IsIn) -> None:
        """A row of a register is used where a column of it holds the value asked for."""
        self.visit(node.item)
        column = node.of
        if not (isinstance(column, ir.Map) and isinstance(column.of, ir.Rows)):
            self.visit(column)
            return
        item = self._value(node.item)
        value = self.of.part(column.value)
        for row in self.of.program.registers[column.of.register]:
            if self.of.with_variable(column.variable, row, value) == item:
                self._row(row)

    def _filter(self, node: ir.Filter) -> None:
        self.visit(node.of) if not isinstance(node.of, ir.Rows) else None
        self._each(node.variable, _items(self._value(node.of)), node.condition)
        for item in _items(self._value(node)):
            self._row(item)

    def _rows(self, node: ir.Rows) -> None:
        """All rows at once, where nothing chooses among them."""
        for row in self.of.program.registers[node.register]:
            self._row(row)

    def _row(self, item: Any) -> None:
        if item.__class__ is Item and item.of in self.of.program.registers:
            self.marks.add(("row", item.of, item.index))

    def _for_all(self, node: ir.ForAll) -> None:
        self.visit(node.of)
        self._each(node.variable, _items(self._value(node.of)), node.condition)

    def _map(self, node: ir.Map) -> None:
        self.visit(node.of)
        self._each(node.variable, _items(self._value(node.of)), node.value)

    def _best(self, node: ir.Best) -> None:
        self.visit(node.of)
        for key in node.keys:
            self._each(node.variable, _items(self._value(node.of)), key.value)

    def _each(self, variable: int, items: Iterable[Any], part: ir.Expr) -> None:
        for item in items:
            with bound(self.of, variable, item):
                self.visit(part)


def _items(value: Any) -> tuple[Any, ...]:
    if value.__class__ is PartialList:
        return tuple(item for item, _ in value.items)
    return value if value.__class__ is tuple else ()


_VISIT: dict[type, Callable[[_Walk, Any], None]] = {
    ir.And: _Walk._and,
    ir.Or: _Walk._or,
    ir.If: _Walk._if,
    ir.Compare: _Walk._compare,
    ir.Lookup: _Walk._lookup,
    ir.ReadingIs: _Walk._reading_is,
    ir.IsIn: _Walk._is_in,
    ir.Filter: _Walk._filter,
    ir.Rows: _Walk._rows,
    ir.ForAll: _Walk._for_all,
    ir.Map: _Walk._map,
    ir.Best: _Walk._best,
}
