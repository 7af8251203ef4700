"""Multi-valued decision diagrams: a value for every combination of choices, shared and reduced.

A diagram is a number. Two diagrams that give the same values are the same number, so that what two
rulebooks have in common is seen to be the same without looking at a single case. (Bryant 1986 for
two values; Srinivasan, Ham, Malik and Brayton 1990 for several.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import attrs

Diagram = int
_LEAF = 1 << 60  # below every choice
_LATE = 1 << 30  # below choices with few values
_MANY = 8
_OFTEN = 0xFFF  # of so many new nodes one looks at the time


class TooLarge(Exception):
    """More nodes than were allowed."""


@attrs.frozen
class Choice:
    """What a node chooses by: `about` says what it is, `values` what it can be, in order."""

    about: Hashable
    values: tuple[Any, ...]


def _key(value: Any) -> Any:
    """A value apart from those that are equal to it but of another kind: 1 and True."""
    kind = value.__class__
    if kind is bool:
        return kind, value
    return (kind, *map(_key, value)) if isinstance(value, tuple) else value


class Diagrams:
    """All diagrams over one order of choices: that in which they are first named, but those with
    many values come after all others, since what stands below a choice is there for each value.

    `stops`: classes of leaf values that go through every operation: as `carried` says, given the
    value and what names the operation and all it was given.
    """

    def __init__(
        self,
        stops: tuple[type, ...] = (),
        most: int = 3_000_000,
        carried: Callable[[Any, Hashable], Any] = lambda value, _: value,
    ) -> None:
        self.choices: dict[int, Choice] = {}
        self._place: dict[Hashable, int] = {}
        self._top: list[int] = []
        self._below: list[tuple[Diagram, ...]] = []
        self._value: dict[Diagram, Any] = {}
        self._leaves: dict[Any, Diagram] = {}
        self._nodes: dict[tuple[int, tuple[Diagram, ...]], Diagram] = {}
        self._memo: dict[Any, Diagram] = {}
        self.notes: dict[Hashable, Any] = {}  # what is to be known of choices beside what they are
        self._stops = stops
        self._carried = carried
        self._most = most
        self.tick: Callable[[], None] = lambda: None  # called as nodes are made; may raise
        self.false = self.leaf(False)
        self.true = self.leaf(True)

    # --- making

    def leaf(self, value: Any) -> Diagram:
        """The diagram that is one value everywhere."""
        key = _key(value)
        found = self._leaves.get(key)
        if found is None:
            found = self._leaves[key] = self._new(_LEAF, ())
            self._value[found] = value
        return found

    def choice(self, about: Hashable, values: tuple[Any, ...]) -> int:
        """The place of a choice, made where it is new."""
        place = self._place.get(about)
        if place is None:
            place = len(self.choices) + (_LATE if len(values) > _MANY else 0)
            self._place[about] = place
            self.choices[place] = Choice(about, values)
        return place

    def has_many(self, choice: Choice) -> bool:
        """Whether a choice has so many values that it stands after all with few."""
        return len(choice.values) > _MANY

    def by(self, about: Hashable, values: tuple[Any, ...], below: tuple[Diagram, ...]) -> Diagram:
        """What each value of a choice leads to."""
        return self.select(self.choice(about, values), below)

    def select(self, place: int, below: tuple[Diagram, ...]) -> Diagram:
        """What each value of the choice at a place leads to, wherever the place is in the order."""
        top = min(self._top[one] for one in below)
        if place < top:
            return self._node(place, below)
        if all(one == below[0] for one in below):
            return below[0]
        key = ("select", place, below)
        found = self._memo.get(key)
        if found is None:
            if top == place:
                parts = tuple(self.follow(one, place, i) for i, one in enumerate(below))
                found = self.select(place, parts)
            else:
                found = self._node(
                    top,
                    tuple(
                        self.select(place, tuple(self.follow(one, top, i) for one in below))
                        for i in range(len(self.choices[top].values))
                    ),
                )
            self._memo[key] = found
        return found

    def _node(self, place: int, below: tuple[Diagram, ...]) -> Diagram:
        first = below[0]
        for one in below:
            if one != first:
                break
        else:
            return first
        key = (place, below)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = self._new(place, below)
        return found

    def _new(self, place: int, below: tuple[Diagram, ...]) -> Diagram:
        if len(self._top) > self._most:
            raise TooLarge
        self._top.append(place)
        self._below.append(below)
        if not len(self._top) & _OFTEN:
            self.tick()
        return len(self._top) - 1

    # --- looking

    @property
    def count(self) -> int:
        """How many nodes there are."""
        return len(self._top)

    def is_leaf(self, node: Diagram) -> bool:
        """Whether a diagram is one value everywhere."""
        return self._top[node] == _LEAF

    def value(self, leaf: Diagram) -> Any:
        """The value of a leaf."""
        return self._value[leaf]

    def place(self, node: Diagram) -> int:
        """The place of the choice that a node makes; not of a leaf."""
        return self._top[node]

    def below(self, node: Diagram) -> tuple[Diagram, ...]:
        """What a node's values lead to."""
        return self._below[node]

    def follow(self, node: Diagram, place: int, index: int) -> Diagram:
        """What is left of a diagram whose first choice, if at that place, takes a value."""
        return self._below[node][index] if self._top[node] == place else node

    def size(self, node: Diagram) -> int:
        """How many nodes a diagram has."""
        return sum(1 for _ in self.nodes(node))

    def nodes(self, *roots: Diagram) -> Iterator[Diagram]:
        """Every node, leaves too, once."""
        seen = set(roots)
        pending = list(roots)
        while pending:
            node = pending.pop()
            yield node
            for one in self._below[node]:
                if one not in seen:
                    seen.add(one)
                    pending.append(one)

    def leaves(self, *roots: Diagram) -> list[Any]:
        """The values that diagrams can have, in the order they came to be."""
        return [self._value[node] for node in sorted(self.nodes(*roots)) if self.is_leaf(node)]

    def support(self, *roots: Diagram) -> list[int]:
        """The places of the choices that diagrams depend on, in order."""
        return sorted({self._top[node] for node in self.nodes(*roots)} - {_LEAF})

    def at(self, node: Diagram, decide: Callable[[Choice], int]) -> Any:
        """The value for one case: `decide` says which value of a choice it takes."""
        while self._top[node] != _LEAF:
            node = self._below[node][decide(self.choices[self._top[node]])]
        return self._value[node]

    # --- operations

    def ite(self, condition: Diagram, then: Diagram, otherwise: Diagram) -> Diagram:
        """`then` where a condition holds, `otherwise` where not; what stops stays as it is."""
        if condition == self.true or (then == otherwise and self._plain(condition)):
            return then
        if condition == self.false:
            return otherwise
        if then == self.true and otherwise == self.false:
            return condition
        key = (condition, then, otherwise)
        if self._top[condition] == _LEAF:
            return self._stopped(condition, key)
        found = self._memo.get(key)
        if found is None:
            tops, below, ite = self._top, self._below, self.ite
            one, two, three = tops[condition], tops[then], tops[otherwise]
            place = min(one, two, three)
            conditions = below[condition] if one == place else None
            thens = below[then] if two == place else None
            otherwises = below[otherwise] if three == place else None
            parts = [
                ite(
                    condition if conditions is None else conditions[i],
                    then if thens is None else thens[i],
                    otherwise if otherwises is None else otherwises[i],
                )
                for i in range(len(conditions or thens or otherwises or ()))
            ]
            found = self._memo[key] = self._node(place, tuple(parts))
        return found

    def _stopped(self, leaf: Diagram, key: Hashable) -> Diagram:
        """What an operation makes of a leaf that stops."""
        value = self._value[leaf]
        carried = self._carried(value, key)
        return leaf if carried is value else self.leaf(carried)

    def _plain(self, condition: Diagram) -> bool:
        """Whether a condition has no leaf but true and false."""
        key = ("plain", condition)
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = int(
                all(leaf.__class__ is bool for leaf in self.leaves(condition))
            )
        return bool(found)

    def both(self, one: Diagram, other: Diagram) -> Diagram:
        """且: the second is looked at only where the first holds."""
        return self.ite(one, other, self.false)

    def either(self, one: Diagram, other: Diagram) -> Diagram:
        """或: the second is looked at only where the first does not hold."""
        return self.ite(one, self.true, other)

    def negate(self, one: Diagram) -> Diagram:
        """非."""
        return self.ite(one, self.false, self.true)

    def all_of(self, nodes: list[Diagram]) -> Diagram:
        """All of several."""
        found = self.true
        for node in reversed(nodes):
            found = self.both(node, found)
        return found

    def any_of(self, nodes: list[Diagram]) -> Diagram:
        """At least one of several."""
        found = self.false
        for node in reversed(nodes):
            found = self.either(node, found)
        return found

    def map(self, key: Hashable, apply: Callable[[Any], Diagram], node: Diagram) -> Diagram:
        """A function of values, which gives diagrams, applied to each leaf. `key` names it."""
        memo_key = (key, node)
        found = self._memo.get(memo_key)
        if found is not None:
            return found
        if self._top[node] == _LEAF:
            value = self._value[node]
            stops = isinstance(value, self._stops)
            found = self._stopped(node, memo_key) if stops else apply(value)
        else:
            found = self.select(
                self._top[node], tuple(self.map(key, apply, one) for one in self._below[node])
            )
        self._memo[memo_key] = found
        return found

    def map2(
        self, key: Hashable, apply: Callable[[Any, Any], Diagram], left: Diagram, right: Diagram
    ) -> Diagram:
        """A function of two values, which gives diagrams, applied to each pair of leaves."""
        memo_key = (key, left, right)
        found = self._memo.get(memo_key)
        if found is not None:
            return found
        tops = self._top
        place = min(tops[left], tops[right])
        if place == _LEAF:
            one, other = self._value[left], self._value[right]
            if isinstance(one, self._stops):
                found = self._stopped(left, memo_key)
            elif isinstance(other, self._stops):
                found = self._stopped(right, memo_key)
            else:
                found = apply(one, other)
        elif tops[left] == _LEAF and isinstance(self._value[left], self._stops):
            found = self._stopped(left, memo_key)
        else:
            found = self.select(
                place,
                tuple(
                    self.map2(key, apply, self.follow(left, place, i), self.follow(right, place, i))
                    for i in range(len(self.choices[place].values))
                ),
            )
        self._memo[memo_key] = found
        return found

    def equal(self, left: Diagram, right: Diagram, same: Callable[[Any, Any], Diagram]) -> Diagram:
        """Where two diagrams have the same value; `same` compares two leaves.

        One diagram is the same as itself without a look at its leaves, those that stop too.
        """
        if left == right:
            return self.true
        key = ("equal", left, right) if left < right else ("equal", right, left)
        found = self._memo.get(key)
        if found is not None:
            return found
        tops = self._top
        place = min(tops[left], tops[right])
        if place == _LEAF:
            one, other = self._value[left], self._value[right]
            stops = [n for n, v in ((left, one), (right, other)) if isinstance(v, self._stops)]
            found = self._stopped(stops[0], key) if stops else same(one, other)
        else:
            found = self.select(
                place,
                tuple(
                    self.equal(self.follow(left, place, i), self.follow(right, place, i), same)
                    for i in range(len(self.choices[place].values))
                ),
            )
        self._memo[key] = found
        return found

    def where(self, node: Diagram, test: Callable[[Any], bool], key: Hashable) -> Diagram:
        """Where the value of a diagram passes a test; what stops is tested too."""
        memo_key = ("where", key, node)
        found = self._memo.get(memo_key)
        if found is None:
            if self._top[node] == _LEAF:
                found = self.true if test(self._value[node]) else self.false
            else:
                found = self._node(
                    self._top[node],
                    tuple(self.where(one, test, key) for one in self._below[node]),
                )
            self._memo[memo_key] = found
        return found

    def restrict(self, node: Diagram, fixed: dict[int, frozenset[int]]) -> Diagram:
        """The diagram where some choices are known to be among some values: one value is taken,
        several stay a choice with the others falling to the first of them.
        """
        memo: dict[Diagram, Diagram] = {}

        def walk(one: Diagram) -> Diagram:
            found = memo.get(one)
            if found is None:
                place = self._top[one]
                if place == _LEAF:
                    found = one
                else:
                    below = self._below[one]
                    allowed = fixed.get(place)
                    if allowed is not None:
                        first = min(allowed)
                        below = tuple(
                            below[i if i in allowed else first] for i in range(len(below))
                        )
                    found = self._node(place, tuple(walk(b) for b in below))
                memo[one] = found
            return found

        return walk(node)

    def cheapest(
        self, node: Diagram, cost: Callable[[Choice, int], int]
    ) -> tuple[int, list[tuple[int, int]]] | None:
        """The cheapest way to True: its cost and (place, index) of each choice on it.

        Costs are 0 or 1: ways are followed from the cheaper to the dearer (0-1 search in breadth).
        """
        came: dict[Diagram, tuple[Diagram, int] | None] = {}
        pending: deque[tuple[int, Diagram, tuple[Diagram, int] | None]] = deque([(0, node, None)])
        while pending:
            so_far, here, before = pending.popleft()
            if here in came:
                continue
            came[here] = before
            if here == self.true:
                return so_far, self._way(came, here)
            if self._top[here] == _LEAF:
                continue
            choice = self.choices[self._top[here]]
            dearer = []
            for index, below in enumerate(self._below[here]):
                if below in came or below == self.false:
                    continue
                if cost(choice, index):
                    dearer.append((so_far + 1, below, (here, index)))
                else:
                    pending.appendleft((so_far, below, (here, index)))
            pending.extend(dearer)
        return None

    def _way(
        self, came: dict[Diagram, tuple[Diagram, int] | None], here: Diagram
    ) -> list[tuple[int, int]]:
        """The choices that led to a node."""
        way: list[tuple[int, int]] = []
        while (step := came[here]) is not None:
            here, index = step
            way.append((self._top[here], index))
        return way[::-1]
