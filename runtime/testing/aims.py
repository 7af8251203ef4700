"""What a case can be aimed at: a comparison met on one side, a condition that holds or does not.

An aim also knows the way there: which values are asked for from the results down, and what must
hold around the aim for anybody to look at it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.plan import RulePlan
from luling.compiler.ir.rulebook import Definition, Requirement, Rule
from luling.compiler.ir.walk import children
from luling.runtime.decide import Engine

from .chooser import once_in, pick
from .scale import Side
from .sketch import OPEN, Env
from .steer import Steer

Trail = tuple[ir.Expr, ...]  # from an outermost expression down to one inside it
Goal = Side | bool | tuple[str, str] | int  # a cell by its keys, a row by its number


@attrs.frozen(eq=False)
class Owner:
    """What an outermost expression belongs to, and which part of that it is."""

    definition: Definition | None = None
    rule: Rule | None = None
    requirement: Requirement | None = None
    part: Literal["condition", "value", "otherwise", "when", "must", "gate"] = "gate"

    @property
    def name(self) -> object:
        """The definition or requirement, None of the gate."""
        if self.definition is not None:
            return self.definition.name
        return None if self.requirement is None else (self.requirement.group, self.requirement.name)


@attrs.frozen(eq=False)
class Aim:
    """An expression, where it stands, and what is to become of it."""

    owner: Owner
    trail: Trail
    goal: Goal


class Aims:
    """The aims of one rulebook that can be reached from its results: limits, and all others."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rulebook = engine.rulebook
        self._outermost = list(_outermost(engine))
        self._callers = self._find_callers()
        self._far = self._distances()
        found = [
            aim
            for owner, expr in self._outermost
            if owner.name is None or owner.name in self._far
            for aim in _aims(owner, expr, engine)
        ]
        limits = tuple(aim for aim in found if isinstance(aim.goal, str))
        others = tuple(aim for aim in found if not isinstance(aim.goal, str))
        self.kinds = tuple(kind for kind in (limits, others) if kind)

    def _find_callers(self) -> dict[object, list[tuple[Owner, Trail]]]:
        """Where each definition and requirement is asked for."""
        found: dict[object, list[tuple[Owner, Trail]]] = {}
        for owner, expr in self._outermost:
            for trail in _trails(expr):
                node = trail[-1]
                if isinstance(node, ir.Defined):
                    found.setdefault(node.name, []).append((owner, trail))
                elif isinstance(node, ir.Satisfied | ir.Failing):
                    for requirement in self._rulebook.requirements:
                        if requirement.group == node.group:
                            name = (requirement.group, requirement.name)
                            found.setdefault(name, []).append((owner, trail))
        return found

    def _distances(self) -> dict[object, int]:
        """How many steps each definition and requirement is from a result."""
        far: dict[object, int] = {d.name: 0 for d in self._rulebook.results}
        asked: dict[object, list[object]] = {}
        for name, sites in self._callers.items():
            for owner, _ in sites:
                asked.setdefault(owner.name, []).append(name)
        queue = deque(far)
        for name in asked.get(None, ()):
            far.setdefault(name, 0)
            queue.append(name)
        while queue:
            name = queue.popleft()
            for below in asked.get(name, ()):
                if below not in far:
                    far[below] = far[name] + 1
                    queue.append(below)
        return far

    # --- going for one

    def go(self, steer: Steer, aim: Aim) -> None:
        """Steers a case to an aim; the second time for what the way there has undone."""
        way = _Way(self, steer, self._engine)
        node = aim.trail[-1]
        wish = way.wish_for(aim.owner)
        for again in (False, True):
            env = way.to(aim.owner, aim.trail, wish)
            if env is not None:
                _reach(steer, node, aim.goal, env, again)

    def callers(self, owner: Owner) -> list[tuple[Owner, Trail]]:
        """Where an owner is asked for from nearer to the results than it is itself."""
        here = self._far[owner.name]
        return [
            site
            for site in self._callers.get(owner.name, ())
            if site[0].name is None or self._far.get(site[0].name, here) < here
        ]

    def is_result(self, owner: Owner) -> bool:
        """Whether a decision asks for it."""
        return owner.definition is not None and owner.definition.kind == "result"


class _Way:
    """The way from the results down to one expression. Choices are the same the second time."""

    def __init__(self, aims: Aims, steer: Steer, engine: Engine) -> None:
        self._aims, self._steer = aims, steer
        self._gate = engine.rulebook.gate
        self._program = engine.program
        self._chosen: dict[object, Any] = {}

    def wish_for(self, owner: Owner) -> Any:
        """The member that something is of which is for some members only."""
        members: tuple[str, ...] | None = None
        if owner.rule is not None:
            members = owner.rule.members
        if owner.requirement is not None:
            members = owner.requirement.members
        definition = owner.definition
        if members is None and definition is not None and definition.scope_kind == "enum":
            members = self._enum(definition.scope or "")
        if members is None and owner.requirement is not None and owner.requirement.group:
            members = self._enum(owner.requirement.group)
        return pick(self._steer.chooser, members) if members else None

    def _enum(self, name: str) -> tuple[str, ...] | None:
        enum = self._steer.sketch.engine.rulebook.enum.get(name)
        return None if enum is None else enum.members

    def to(self, owner: Owner, trail: Trail, wish: Any) -> dict[int, Any] | None:
        """The members and items at hand at the end of a trail, None where nothing leads there."""
        env = self._enter(owner, wish)
        if env is None:
            return None
        self._inside(owner, env)
        for parent, child in pairwise(trail):
            if not self._down(parent, child, env):
                return None
        return env

    def _enter(self, owner: Owner, wish: Any) -> dict[int, Any] | None:
        """Makes somebody ask for the owner, of the wished member where it is of members."""
        if owner.part == "gate":
            return {}
        if self._aims.is_result(owner):
            if self._gate is not None:
                self._steer.make(self._gate.condition, True, {})
            return {}
        sites = self._fitting(self._aims.callers(owner), wish)
        if not sites:
            return None
        key = ("site", owner.name)
        if key not in self._chosen:
            self._chosen[key] = pick(self._steer.chooser, sites)
        site, trail = self._chosen[key]
        subject = _subject(trail[-1])
        above, local = self._wish_above(site, subject, wish)
        self._chosen[("local", _number(subject))] = local
        env = self.to(site, trail, above)
        if env is None:
            return None
        return self._bind(owner, trail[-1], subject, wish, env)

    def _fitting(self, sites: list[tuple[Owner, Trail]], wish: Any) -> list[tuple[Owner, Trail]]:
        """The places that may ask about the wished member, the nearest to a result first."""
        return [
            (site, trail)
            for site, trail in sites
            if not (
                isinstance(subject := _subject(trail[-1]), ir.Literal)
                and wish is not None
                and subject.value != wish
            )
        ]

    def _wish_above(self, site: Owner, subject: ir.Expr | None, wish: Any) -> tuple[Any, Any]:
        """The wish for the caller, and that for a variable bound inside the caller."""
        if isinstance(subject, ir.Variable):
            own = _variable(site)
            return (wish, None) if own == subject.number else (self._any(site), wish)
        return self._any(site), None

    def _any(self, site: Owner) -> Any:
        key = ("wish", site.name, id(site.rule))
        if key not in self._chosen:
            self._chosen[key] = self.wish_for(site)
        return self._chosen[key]

    def _bind(
        self, owner: Owner, node: ir.Expr, subject: ir.Expr | None, wish: Any, env: Env
    ) -> dict[int, Any] | None:
        if subject is None:
            return {}
        whom = self._steer.value(subject, env)
        if wish is not None and whom != wish:
            self._steer.become(subject, wish, env)
            whom = self._steer.value(subject, env)
        if whom is OPEN or whom is None or (wish is not None and whom != wish):
            return None
        if isinstance(node, ir.Satisfied) and owner.requirement is not None:
            self._earlier_hold(node.group, whom, owner.requirement)
        number = _variable(owner)
        return {} if number is None else {number: whom}

    def _earlier_hold(self, group: str, whom: Any, last: Requirement) -> None:
        """Requirements are looked at up to the first that fails."""
        for one in self._program.requirements[group].get(whom, ()):
            if one is last:
                return
            env = {one.variable: whom}
            if one.when is None or self._steer.value(one.when, env) is not False:
                self._steer.make(one.must, True, env)

    def _inside(self, owner: Owner, env: Env) -> None:
        """What must hold for this part of the owner to be looked at."""
        steer = self._steer
        if owner.requirement is not None:
            if owner.part == "must" and owner.requirement.when is not None:
                steer.make(owner.requirement.when, True, env)
        elif owner.rule is not None:
            for exception in owner.rule.exceptions:
                if exception.condition is not None:
                    steer.make(exception.condition, False, env)
            if owner.part == "value" and owner.rule.condition is not None:
                steer.make(owner.rule.condition, True, env)
        elif owner.part == "otherwise" and owner.definition is not None:
            plan = self._program.definitions[owner.definition.name]
            for rule in plan.rules(env.get(plan.variable)):
                for condition in _conditions(rule):
                    steer.make(condition, False, env)

    def _down(self, parent: ir.Expr, child: ir.Expr, env: dict[int, Any]) -> bool:
        """Makes a part of an expression be looked at; whether it may be."""
        steer = self._steer
        match parent:
            case ir.And(items) | ir.Or(items):
                for item in items:
                    if item is child:
                        break
                    steer.make(item, isinstance(parent, ir.And), env)
            case ir.If(condition, then, _) if child is not condition:
                steer.make(condition, child is then, env)
            case ir.Filter() | ir.ForAll() | ir.Map() | ir.Best() if child is not parent.of:
                return self._go_into(parent, env)
        return True

    def _go_into(
        self, parent: ir.Filter | ir.ForAll | ir.Map | ir.Best, env: dict[int, Any]
    ) -> bool:
        """Binds the variable of a list to the wished item, or to one of them."""
        steer = self._steer
        wish = self._chosen.get(("local", parent.variable))
        items = steer.value(parent.of, env)
        if items == () or (isinstance(items, tuple) and wish is not None and wish not in items):
            if wish is not None and isinstance(parent.of, ir.Filter):
                steer.make(parent.of.condition, True, {**env, parent.of.variable: wish})
            else:
                steer.resize(parent.of, 1, env)
            items = steer.value(parent.of, env)
        if not isinstance(items, tuple) or not items or (wish is not None and wish not in items):
            return False
        if wish is None:
            key = ("item", parent.variable)
            at = self._chosen.setdefault(key, steer.chooser.below(len(items)))
            wish = items[at % len(items)]
        env[parent.variable] = wish
        return True


def _reach(steer: Steer, node: ir.Expr, goal: Goal, env: Env, again: bool) -> None:
    match goal:
        case True | False:
            steer.make(node, goal, env)
        case (row, column) if isinstance(node, ir.Lookup):
            steer.become(node.row, row, env)
            steer.become(node.column, column, env)
        case int() if isinstance(node, ir.IsIn | ir.Filter):
            rows = steer.value(node.of, env)
            if not isinstance(rows, tuple) or goal >= len(rows):
                return
            if isinstance(node, ir.IsIn):
                steer.become(node.item, rows[goal], env)
            else:
                steer.make(node.condition, True, {**env, node.variable: rows[goal]})
        case "below" | "equal" | "above" if isinstance(node, ir.Compare):
            if not (again and steer.is_on(node, goal, env)):
                steer.place(node, goal, env, near=not once_in(steer.chooser, 8))


# --- finding them


def _outermost(engine: Engine) -> Iterator[tuple[Owner, ir.Expr]]:
    """Every outermost expression of a rulebook that a decision may look at."""
    rulebook = engine.rulebook
    if rulebook.gate is not None:
        yield Owner(), rulebook.gate.condition
    for definition in rulebook.definitions:
        for rule in _rules(definition.rules):
            if rule.condition is not None:
                yield Owner(definition, rule, part="condition"), rule.condition
            yield Owner(definition, rule, part="value"), rule.value
        if definition.otherwise is not None:
            yield Owner(definition, part="otherwise"), definition.otherwise
    for requirement in rulebook.requirements:
        if requirement.when is not None:
            yield Owner(requirement=requirement, part="when"), requirement.when
        yield Owner(requirement=requirement, part="must"), requirement.must


def _aims(owner: Owner, expr: ir.Expr, engine: Engine) -> Iterator[Aim]:
    """What can become of an expression and of the comparisons and look-ups in it."""
    if owner.part in ("condition", "when", "must", "gate"):
        for want in (True, False):
            yield Aim(owner, (expr,), want)
    elif expr.type == t.BOOL and not isinstance(expr, ir.Literal):
        for want in (True, False):
            yield Aim(owner, (expr,), want)
    for trail in _trails(expr):
        node = trail[-1]
        if isinstance(node, ir.Compare) and node.op not in ("=", "≠"):
            for side in ("below", "equal", "above"):
                yield Aim(owner, trail, side)
        elif isinstance(node, ir.Lookup):
            for cell in engine.program.tables[node.table].cells:
                yield Aim(owner, trail, cell)
        elif isinstance(node, ir.IsIn | ir.Filter):
            for row in _rows(node.of, engine):
                yield Aim(owner, trail, row)


def _rows(of: ir.Expr, engine: Engine) -> range:
    """The rows of a register that is gone through, by their numbers."""
    rows = of.of if isinstance(of, ir.Map) else of
    count = len(engine.program.registers[rows.register]) if isinstance(rows, ir.Rows) else 0
    return range(count)


def _trails(expr: ir.Expr) -> Iterator[Trail]:
    """The way to each expression inside one, itself included."""
    yield (expr,)
    for child in children(expr):
        for trail in _trails(child):
            yield (expr, *trail)


def _rules(rules: tuple[Rule, ...]) -> Iterator[Rule]:
    for rule in rules:
        yield rule
        yield from _rules(rule.exceptions)


def _conditions(rule: RulePlan) -> Iterator[ir.Expr]:
    if rule.condition is not None:
        yield rule.condition
    for exception in rule.exceptions:
        yield from _conditions(exception)


def _subject(node: ir.Expr) -> ir.Expr | None:
    return node.subject if isinstance(node, ir.Defined | ir.Satisfied | ir.Failing) else None


def _number(subject: ir.Expr | None) -> int | None:
    return subject.number if isinstance(subject, ir.Variable) else None


def _variable(owner: Owner) -> int | None:
    if owner.definition is not None:
        return owner.definition.variable
    return None if owner.requirement is None else owner.requirement.variable
