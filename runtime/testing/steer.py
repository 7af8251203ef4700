"""Changes a case until an expression has a wanted value: backwards through the rules, by trying.

Best effort, and bounded: what is wanted may be impossible, or lie beyond what is tried. Whoever
needs to know looks at the value afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.plan import RulePlan
from luling.runtime.facts import Item

from .chooser import Chooser, once_in, pick
from .domains import Domains
from .reads import Reads, is_ordered
from .scale import SIGN, Scale, Side
from .sketch import OPEN, Env, Leaf, Sketch

_SIDES: dict[tuple[ir.Operator, bool], tuple[Side, ...]] = {
    (">=", True): ("equal", "above"), (">=", False): ("below",),
    (">", True): ("above",), (">", False): ("equal", "below"),
    ("<=", True): ("equal", "below"), ("<=", False): ("above",),
    ("<", True): ("below",), ("<", False): ("equal", "above"),
}  # fmt: skip
_DEEPEST = 24
_LEAVES_TRIED = 5


class Steer:
    """Steers one case. `prefer`: the fact that is changed rather than another."""

    def __init__(
        self,
        chooser: Chooser,
        sketch: Sketch,
        domains: Domains,
        reads: Reads,
        prefer: str | None = None,
        budget: int = 150,
    ) -> None:
        self.chooser = chooser
        self.sketch = sketch
        self._domains = domains
        self._reads = reads
        self._prefer = prefer
        self._left = budget
        self._depth = 0
        self._program = sketch.engine.program
        self._rulebook = sketch.engine.rulebook
        self._groups = {group.name: group for group in self._rulebook.groups}

    # --- conditions

    def make(self, node: ir.Expr, want: bool, env: Env) -> None:
        """Makes a condition hold, or not."""
        if self._left <= 0 or self._depth >= _DEEPEST or self.value(node, env) is want:
            return
        self._left -= 1
        self._depth += 1
        try:
            self._make(node, want, env)
        finally:
            self._depth -= 1

    def value(self, node: ir.Expr, env: Env) -> Any:
        """The value of an expression now."""
        return self.sketch.value(node, env)

    def is_on(self, node: ir.Compare, side: Side, env: Env) -> bool:
        """Whether a comparison is met on a side."""
        return self.sketch.sign(node, env) == SIGN[side]

    def _make(self, node: ir.Expr, want: bool, env: Env) -> None:
        match node:
            case ir.Not(of):
                self.make(of, not want, env)
            case ir.And(items):
                self._junction(items, want, env, all_of_them=want)
            case ir.Or(items):
                self._junction(items, want, env, all_of_them=not want)
            case ir.Compare():
                self._compare(node, want, env)
            case ir.IsIn(item, of):
                self._is_in(item, of, want, env)
            case ir.IsPresent(of):
                self._be_present(of, want, env)
            case ir.IsNonEmpty(of):
                self.resize(of, 1 if want else 0, env)
            case ir.ForAll(of, variable, condition):
                self._for_all(of, variable, condition, want, env)
            case ir.Satisfied(group, subject):
                self._satisfied(group, subject, want, env)
            case _:
                self.become(node, want, env)

    def _junction(
        self, items: tuple[ir.Expr, ...], want: bool, env: Env, all_of_them: bool
    ) -> None:
        if all_of_them:
            for _ in range(2):  # the second time for what a later item has undone
                for item in items:
                    self.make(item, want, env)
            return
        start = self.chooser.below(len(items))
        rotated = sorted(items[start:] + items[:start], key=self._concerns, reverse=True)
        for item in rotated[:3]:
            self.make(item, want, env)
            if self.value(item, env) is want:
                return

    def _concerns(self, node: ir.Expr) -> bool:
        """Whether an expression reads the preferred fact."""
        return self._prefer is not None and self._prefer in self._reads.of(node)

    def _is_in(self, item: ir.Expr, of: ir.Expr, want: bool, env: Env) -> None:
        listed = self.value(of, env)
        if not isinstance(listed, tuple):
            return
        if want:
            if not listed:
                self.resize(of, 1, env)
                listed = self.value(of, env)
            if isinstance(listed, tuple) and listed:
                self.become(item, pick(self.chooser, listed), env)
            return
        self._become_other(item, lambda value: value not in listed, env)

    def _be_present(self, of: ir.Expr, want: bool, env: Env) -> None:
        leaf = self.sketch.leaf(of, env)
        if leaf is None and want:
            self._become_other(of, lambda value: value is not None, env)
        elif leaf is None:
            self.become(of, None, env)
        elif not want:
            self.sketch.set(leaf, None)
        else:
            value = self._domains.present(self.chooser, leaf.field, self.sketch, leaf.item)
            self.sketch.set(leaf, value)

    def _for_all(
        self, of: ir.Expr, variable: int, condition: ir.Expr, want: bool, env: Env
    ) -> None:
        items = self.value(of, env)
        if not want and items == ():
            self.resize(of, 1, env)
            items = self.value(of, env)
        if not isinstance(items, tuple) or not items:
            return
        for item in items if want else (pick(self.chooser, items),):
            self.make(condition, want, {**env, variable: item})

    def _satisfied(self, group: str, subject: ir.Expr | None, want: bool, env: Env) -> None:
        member = None if subject is None else self.value(subject, env)
        by_subject = self._program.requirements[group]
        if member is OPEN or member not in by_subject:
            return
        asked = by_subject[member]
        for one in asked if want else (pick(self.chooser, asked),) if asked else ():
            inner = {**env, one.variable: member}
            if not want and one.when is not None:
                self.make(one.when, True, inner)
            elif one.when is not None and self.value(one.when, inner) is False:
                continue
            self.make(one.must, want, inner)

    # --- comparisons

    def _compare(self, node: ir.Compare, want: bool, env: Env) -> None:
        if node.op in ("=", "≠"):
            self._equal(node, (node.op == "=") == want, env)
        else:
            self.place(node, pick(self.chooser, _SIDES[node.op, want]), env, near=False)

    def _equal(self, node: ir.Compare, equal: bool, env: Env) -> None:
        pairs = [(node.left, node.right), (node.right, node.left)]
        pairs.sort(key=lambda pair: (not self._concerns(pair[0]), not self._reads.of(pair[0])))
        if not self._concerns(pairs[0][0]) and self._reads.of(pairs[1][0]):
            pairs = pairs if self.chooser.below(2) == 0 else pairs[::-1]
        for changed, other in pairs:
            value = self.value(other, env)
            if value is OPEN:
                continue
            if equal:
                self.become(changed, value, env)
            else:
                self._become_other(changed, lambda found, value=value: found != value, env)  # type: ignore[misc]
            if (self.value(changed, env) == value) is equal:
                return

    def place(self, node: ir.Compare, side: Side, env: Env, *, near: bool = True) -> None:
        """Brings the left side of a comparison with an order to a side of the right one."""
        kind = t.solid(node.left.type)
        if isinstance(kind, t.Enum):
            self._place_member(node, kind, side, env)
            return
        if not self._place_count(node, side, env):
            self._meet(node, side, env, near)

    def _place_count(self, node: ir.Compare, side: Side, env: Env) -> bool:
        """Brings a comparison to a side by the number of items of a list, if it is about that."""
        for part, other, where in (
            (node.left, node.right, side), (node.right, node.left, _opposite(side)),
        ):  # fmt: skip
            found = next(self._counts(part, env), None)
            bound, now = self.value(other, env), self.value(part, env)
            if found is None or not isinstance(bound, int) or not isinstance(now, int):
                continue
            count, inner = found
            items = self.value(count.of, inner)
            if isinstance(items, tuple):
                wanted = len(items) + bound + SIGN[where] - now
                self.resize(count.of, max(0, wanted), inner)
                return True
        return False

    def _counts(self, node: ir.Expr, env: Env) -> Iterator[tuple[ir.Count, Env]]:
        """The numbers of items that a number is made of."""
        match node:
            case ir.Count():
                yield node, env
            case ir.Arithmetic("+" | "-", left, right):
                yield from self._counts(left, env)
                if node.op == "+":
                    yield from self._counts(right, env)
            case ir.Defined(name, subject):
                for inner, rule in self._only_rule(name, subject, env):
                    yield from self._counts(rule.value, inner)

    def _place_member(self, node: ir.Compare, kind: t.Enum, side: Side, env: Env) -> None:
        for part, other, where in (
            (node.left, node.right, side), (node.right, node.left, _opposite(side)),
        ):  # fmt: skip
            rank = kind.rank.get(str(self.value(other, env)))
            if rank is None or not self._reads.of(part):
                continue
            ranks = {"below": range(rank), "equal": range(rank, rank + 1),
                     "above": range(rank + 1, len(kind.order))}[where]  # fmt: skip
            if not ranks:
                continue
            wanted = kind.order[pick(self.chooser, ranks)]
            self.become(part, wanted, env)
            if self.value(part, env) == wanted:
                return

    def _meet(self, node: ir.Compare, side: Side, env: Env, near: bool) -> None:
        """Sets one number or date so that a comparison falls on a side, found by halving."""
        self._fill_lists(node)
        leaves = list(self._reads.leaves(node, env, self.sketch))
        leaves.sort(key=lambda leaf: leaf.field.path != self._prefer)
        if leaves and leaves[0].field.path != self._prefer and once_in(self.chooser, 2):
            start = self.chooser.below(len(leaves))
            leaves = leaves[start:] + leaves[:start]
        was_valid = self.sketch.valid
        invalid: list[tuple[Leaf, Any]] = []
        for leaf in leaves[:_LEAVES_TRIED]:
            if self._left <= 0:
                break
            self._left -= 1
            before = self.sketch.get(leaf)
            value = Scale(leaf, self.sketch, self.chooser, node, env).on(side, near)
            self.sketch.put(leaf, before)
            if value is not None and self.sketch.set(leaf, value):
                if not was_valid or self.sketch.valid:
                    return
                self.sketch.put(leaf, before)
                invalid.append((leaf, value))
        if invalid:  # nothing else does it: the checks are to be met by other facts
            self.sketch.set(*invalid[0])

    def _fill_lists(self, node: ir.Compare) -> None:
        """Mostly gives an empty list that a number is computed from an item."""
        for name in self._reads.of(node)[:_LEAVES_TRIED]:
            if self.sketch.facts.get(name) == () and self.chooser.below(4) > 0:
                self._add_item(name)

    # --- values

    def become(self, node: ir.Expr, value: Any, env: Env) -> None:
        """Makes an expression have a value."""
        if self._left <= 0 or self._depth >= _DEEPEST or self.value(node, env) == value:
            return
        self._left -= 1
        self._depth += 1
        try:
            self._become(node, value, env)
        finally:
            self._depth -= 1

    def _become(self, node: ir.Expr, value: Any, env: Env) -> None:
        leaf = self.sketch.leaf(node, env)
        if leaf is not None:
            self.sketch.set(leaf, value)
            return
        match node:
            case ir.Defined(name, subject):
                self._definition(name, subject, value, env)
            case ir.If(condition, then, otherwise):
                branches = [(True, then), (False, otherwise)]
                able = [b for b in branches if _could_be(b[1], value)]
                if able:
                    holds, branch = pick(self.chooser, able)
                    self.make(condition, holds, env)
                    self._reach_value(branch, value, env)
            case ir.Lookup(table, row, column):
                cells = self._program.tables[table].cells
                able_cells = [keys for keys, cell in cells.items() if cell == value]
                if able_cells:
                    keys = pick(self.chooser, able_cells)
                    self.become(row, keys[0], env)
                    self.become(column, keys[1], env)
            case ir.Best(of, variable):
                self._be_best(node, of, variable, value, env)
            case _ if value is not None and is_ordered(t.solid(node.type)):
                literal = ir.Literal(value, node.type, node.span)
                self._meet(ir.Compare("=", node, literal, t.BOOL, node.span), "equal", env, True)

    def _reach_value(self, node: ir.Expr, value: Any, env: Env) -> None:
        if isinstance(value, bool):
            self.make(node, value, env)
        else:
            self.become(node, value, env)

    def _become_other(self, node: ir.Expr, fine: Callable[[Any], bool], env: Env) -> None:
        """Makes an expression have some value that is fine."""
        leaf = self.sketch.leaf(node, env)
        if leaf is not None:
            for _ in range(6):
                value = self._domains.value(self.chooser, leaf.field, self.sketch, leaf.item)
                if fine(value) and self.sketch.set(leaf, value):
                    return
            return
        values = [value for value in self._possible(node) if fine(value)]
        if values:
            self.become(node, pick(self.chooser, values), env)
        elif isinstance(node, ir.Defined):
            self._definition(node.name, node.subject, fine, env)

    def _possible(self, node: ir.Expr) -> tuple[Any, ...]:
        kind = t.solid(node.type)
        none = (None,) if isinstance(node.type, t.Maybe) else ()
        if isinstance(kind, t.Enum):
            return (*kind.members, *none)
        return (False, True, *none) if kind == t.BOOL else ()

    def _be_best(self, node: ir.Best, of: ir.Expr, variable: int, value: Any, env: Env) -> None:
        """Puts a member among those that are chosen from, and takes better ones out."""
        if not isinstance(of, ir.Filter) or isinstance(value, Item) or value is None:
            return
        self.make(of.condition, True, {**env, of.variable: value})
        for _ in range(4):
            best = self.value(node, env)
            if best is OPEN or best is None or best == value or self._left <= 0:
                return
            self.make(of.condition, False, {**env, of.variable: best})

    def _definition(self, name: str, subject: ir.Expr | None, value: Any, env: Env) -> None:
        """Lets one of the rules of a definition apply that can give a value."""
        whom = None if subject is None else self.value(subject, env)
        if whom is OPEN:
            return
        plan = self._program.definitions[name]
        inner = {plan.variable: whom} if whom is not None else {}
        rules = plan.rules(whom)
        able: list[RulePlan | None] = [
            one for rule in rules for one in _all(rule) if _could_be(one.value, value)
        ]
        if plan.otherwise is None or _could_be(plan.otherwise, value):
            able += [None] if plan.otherwise is not None or _means(value, None) else []
        if not able:
            return
        chosen = pick(self.chooser, able)
        for rule in rules:
            if chosen is None or not any(one is chosen for one in _all(rule)):
                self._suppress(rule, inner, value)
            else:
                self._apply(rule, chosen, inner)
        target = plan.otherwise if chosen is None else chosen.value
        if target is not None and not callable(value):
            self._reach_value(target, value, inner)

    def _apply(self, rule: RulePlan, chosen: RulePlan, env: Env) -> None:
        """Lets a rule apply, or the exception of it that is chosen."""
        for exception in rule.exceptions:
            if any(one is chosen for one in _all(exception)):
                self._apply(exception, chosen, env)
            elif exception.condition is not None:
                self.make(exception.condition, False, env)
        if rule is chosen and rule.condition is not None:
            self.make(rule.condition, True, env)

    def _suppress(self, rule: RulePlan, env: Env, value: Any) -> None:
        """Keeps a rule from applying that would give something else."""
        for one in _all(rule):
            if one.condition is not None and not (
                isinstance(one.value, ir.Literal) and _means(value, one.value.value)
            ):
                self.make(one.condition, False, env)

    # --- lists

    def resize(self, node: ir.Expr, count: int, env: Env) -> None:
        """Gives a list so many items."""
        for _ in range(2 * _most(count)):
            if self._left <= 0:
                return
            items = self.value(node, env)
            if not isinstance(items, tuple) or len(items) == count:
                return
            self._left -= 1
            if len(items) < count:
                self._one_more(node, items, env)
            else:
                self._one_fewer(node, items, env)
            if self.value(node, env) == items:
                return

    def _one_more(self, node: ir.Expr, items: tuple[Any, ...], env: Env) -> None:
        match node:
            case ir.FactList(name):
                self._add_item(name)
            case ir.Filter(of, variable, condition):
                self._one_more_kept(of, variable, condition, items, env)
            case ir.Map(of) if isinstance(among := self.value(of, env), tuple):
                self._one_more(of, among, env)
            case ir.Defined(name, subject):
                for inner, rule in self._only_rule(name, subject, env):
                    self.resize(rule.value, len(items) + 1, inner)
            case ir.ListFrom(parts):
                absent = [p for p in parts if self.value(p, env) is None]
                if absent:
                    self._become_other(absent[0], lambda value: value is not None, env)

    def _one_more_kept(
        self, of: ir.Expr, variable: int, condition: ir.Expr, kept: tuple[Any, ...], env: Env
    ) -> None:
        among = self.value(of, env)
        if not isinstance(among, tuple):
            return
        others = [item for item in among if not any(item is one for one in kept)]
        if not others or (not isinstance(others[0], str) and once_in(self.chooser, 3)):
            self._one_more(of, among, env)
            grown = self.value(of, env)
            others = list(grown[-1:]) if isinstance(grown, tuple) else others
        if others:
            self.make(condition, True, {**env, variable: pick(self.chooser, others)})

    def _one_fewer(self, node: ir.Expr, items: tuple[Any, ...], env: Env) -> None:
        match node:
            case ir.FactList(name):
                if self.sketch.may_resize(name):
                    self.sketch.remove(items[-1])
            case ir.Filter(of, variable, condition):
                last = items[-1]
                mine = isinstance(last, Item) and last.of in self._groups
                if mine and self.sketch.may_resize(last.of) and self.chooser.below(2) == 0:
                    self.sketch.remove(last)
                else:
                    self.make(condition, False, {**env, variable: last})
            case ir.Map(of) if isinstance(among := self.value(of, env), tuple) and among:
                self._one_fewer(of, among, env)
            case ir.Defined(name, subject):
                for inner, rule in self._only_rule(name, subject, env):
                    self.resize(rule.value, len(items) - 1, inner)

    def _only_rule(
        self, name: str, subject: ir.Expr | None, env: Env
    ) -> Iterator[tuple[Env, RulePlan]]:
        """The rule of a definition that gives its value now, with what it is of."""
        whom = None if subject is None else self.value(subject, env)
        plan = self._program.definitions[name]
        for rule in plan.rules(whom) if whom is not OPEN else ():
            inner = {plan.variable: whom} if whom is not None else {}
            if rule.condition is None or self.value(rule.condition, inner) is True:
                yield inner, rule
                return

    def _add_item(self, name: str) -> None:
        """A further item of a list, which agrees with the rest as the checks of the list demand."""
        fields = self._domains.item(self.chooser, self._groups[name], self.sketch)
        item = self.sketch.add(name, fields)
        if item is None:
            return
        for check in self._rulebook.checks:
            if check.list_name == item.of:
                before, self._prefer = self._prefer, f"{item.of}.{check.at_fault}"
                self.make(check.must, True, {check.variable: item})
                self._prefer = before


def _opposite(side: Side) -> Side:
    return {"below": "above", "above": "below", "equal": "equal"}[side]  # type: ignore[return-value]


def _all(rule: RulePlan) -> Iterator[RulePlan]:
    yield rule
    for exception in rule.exceptions:
        yield from _all(exception)


def _could_be(node: ir.Expr, value: Any) -> bool:
    """Whether an expression may have a value: a constant has its own only."""
    return not isinstance(node, ir.Literal) or _means(value, node.value)


def _means(wanted: Any, value: Any) -> bool:
    """Whether a value is the one wanted, or fine where any fine one is."""
    return bool(wanted(value)) if callable(wanted) else bool(wanted == value)


def _most(count: int) -> int:
    return max(4, min(count + 2, 14))
