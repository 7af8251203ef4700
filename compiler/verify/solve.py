"""Whether answers to questions of facts can stand together, and a case in which they do.

A search over what facts can be, exact because every domain is finite or an interval: bounds are
narrowed until nothing changes, then a value is tried or an interval halved. Lists are as long as
the answers need: an answer 「at least n」 needs n items, and items beside those never help, since
every other answer says 「fewer than n」.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import attrs

from . import terms
from .diagram import Choice, Diagram, Diagrams
from .ranges import Constraint, Ground, around, circle, constraints_of, narrowed, range_of
from .symbolic import STOPS, Items, Unclear
from .terms import Counted, Fact, Folded, NoDay, OneOf, Op, Order, SameText, Several
from .texts import fresh, settled_texts

Literal = tuple[Hashable, Any]  # what a choice is about, and the value it takes


class Exhausted(Exception):
    """The search took more steps than it was allowed, or met what it cannot decide."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@attrs.frozen
class Model:
    """A case: facts with few values by what the choice is about, others by path; items by list.

    `asked_lists`: the questions of lists that were answered.
    """

    choices: dict[Hashable, Any]
    values: dict[str, Any]
    items: dict[str, list[str]]
    asked_lists: tuple[Several, ...] = ()


@attrs.frozen
class Preferred:
    """What a case looks like where nothing says otherwise: by fact path, values as in a case."""

    values: Mapping[str, Any] = attrs.field(factory=dict)

    def number(self, path: str) -> Any:
        """The preferred value of a date or number as a number, None where there is none."""
        value = self.values.get(path)
        return terms.number(value) if value is not None and not isinstance(value, str) else None


@attrs.define
class _State:
    """What is settled on the way to a case."""

    choices: dict[Hashable, Any]
    orders: list[tuple[Order | NoDay, bool]]
    texts: list[tuple[OneOf | SameText, bool]]
    lower: list[Several]
    upper: list[Several]
    items: dict[str, list[str]]
    box: dict[Any, tuple[Any, Any]]

    def copy(self) -> _State:
        return _State(
            dict(self.choices), list(self.orders), list(self.texts), list(self.lower),
            list(self.upper), {k: list(v) for k, v in self.items.items()}, dict(self.box),
        )  # fmt: skip


class Solver:
    """Finds cases for answers. `most` steps are taken before it gives up."""

    def __init__(
        self,
        diagrams: Diagrams,
        valid_items: Mapping[str, Diagram],
        best: Mapping[str, Items],
        most: int = 6_000,
    ) -> None:
        self.d = diagrams
        self.valid_items = valid_items
        self.best = best
        self.most = most
        self.steps = 0
        self._limit = most
        self._preferred = Preferred()
        self._unclear = ""  # why a condition on an item was not clear
        self.clashing: list[Literal] = []

    def among(self, valid_items: Mapping[str, Diagram]) -> Solver:
        """A solver for cases whose items meet other conditions."""
        return Solver(self.d, valid_items, self.best, self.most)

    def solve(
        self, literals: list[Literal], preferred: Preferred | None = None, most: int | None = None
    ) -> Model | None:
        """A case with these answers, None where there is none. Raises `Exhausted`."""
        self.steps = 0
        self._limit = most or self.most
        self._preferred = preferred or Preferred()
        self.clashing = []
        self._unclear = ""
        state = _State({}, [], [], [], [], {}, {})
        absent = {
            about[1]
            for about, value in literals
            if isinstance(about, tuple) and about[0] == "there" and value is False
        }
        for about, value in literals:
            if not isinstance(about, terms.Atom):
                state.choices[about] = value
            elif not absent & {f.path for f in terms.facts_of(about) if isinstance(f, Fact)}:
                _take(state, about, value)
        if self._clash(state):
            return None
        undecided = ""
        try:
            for settled in self._with_items(state):
                model = self._values(settled)
                if model is not None:
                    return model
        except Exhausted as error:
            undecided = error.why
        if undecided or self._unclear:
            raise Exhausted(undecided or self._unclear)
        return None

    def _clash(self, state: _State) -> bool:
        """Whether answers about dates and numbers alone cannot be; `clashing` then has few of
        them that cannot.
        """
        blame: set[int] = set()
        constraints = constraints_of(state.orders)
        blame |= circle(constraints)
        left = None if blame else narrowed(constraints, Ground({}, {}), self._step, blame)
        self.clashing = _answers(state, constraints, blame)
        if left is not None:
            state.box = left.box
        return left is None

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self._limit:
            raise Exhausted("搜索的步数超过限额")

    # --- lists

    def _with_items(self, state: _State) -> Iterator[_State]:
        """The ways to have items that the answers about lists need."""
        labels = {label for label in map(label_of, self._facts(state)) if label in self.best}
        for one, named in self._named(state, sorted(labels)):
            states: Iterator[_State] = iter([one])
            for label, item in named.items():
                of = self.best[label]
                states = self._each_way(states, of.condition, item, True)
                states = self._each_way(states, self.valid_items[of.list_name], item, True)
            for settled in states:
                yield from self._lowers(settled, 0)

    def _named(self, state: _State, labels: list[str]) -> Iterator[tuple[_State, dict[str, str]]]:
        """The items that labels can name: each its own, or several one item."""
        if not labels:
            yield state, {}
            return
        *others, label = labels
        name = self.best[label].list_name
        for one, named in self._named(state, others):
            there = one.items.get(name, [])
            own = one.copy()
            if label not in there:
                own.items.setdefault(name, []).append(label)
            yield own, {**named, label: label}
            for item in there:
                same = _as_one(one, label, item)
                if same is not None:
                    yield same, {**named, label: item}

    def _facts(self, state: _State) -> Iterator[str]:
        for atom, _ in (*state.orders, *state.texts):
            for fact in terms.facts_of(atom):
                if isinstance(fact, Fact):
                    yield fact.path
        for about in state.choices:
            if isinstance(about, tuple) and about[0] == "item":
                yield f"{about[1]}[{about[2]}].{about[3]}"
            elif isinstance(about, tuple) and about[0] == "there":
                yield about[1]

    def _each_way(
        self, states: Iterator[_State], node: Diagram, label: str, wanted: bool
    ) -> Iterator[_State]:
        for state in states:
            yield from self._ways(node, label, wanted, state)

    def _lowers(self, state: _State, done: int) -> Iterator[_State]:
        """Each 「at least n」 in turn; what they ask of other lists comes last."""
        if done == len(state.lower):
            yield from self._uppers(state, 0, 0)
            return
        atom = state.lower[done]
        for one in self._enough(state, atom, 0, atom.count):
            yield from self._lowers(one, done + 1)

    def _enough(self, state: _State, atom: Several, start: int, needed: int) -> Iterator[_State]:
        """The ways to have so many items that meet a condition, among those there or new ones."""
        if needed == 0:
            yield state
            return
        there = state.items.get(atom.list_name, [])
        for index in range(start, len(there)):
            for one in self._ways(atom.condition, there[index], True, state):
                yield from self._enough(one, atom, index + 1, needed - 1)
        self._step()
        longer = state.copy()
        label = str(sum(1 for name in there if name.isdigit()))
        longer.items.setdefault(atom.list_name, []).append(label)
        valid = self._ways(self.valid_items[atom.list_name], label, True, longer)
        for one in self._each_way(valid, atom.condition, label, True):
            yield from self._enough(one, atom, len(there) + 1, needed - 1)

    def _uppers(self, state: _State, done: int, lowers: int) -> Iterator[_State]:
        """Each 「fewer than n」 in turn."""
        if done == len(state.upper):
            yield state
            return
        atom = state.upper[done]
        labels = state.items.get(atom.list_name, [])
        before = len(state.lower)
        for one in self._fewer(state, atom, labels, atom.count - 1):
            if len(one.lower) != before:
                raise Exhausted("清单的条件之中又问清单")
            yield from self._uppers(one, done + 1, lowers)

    def _fewer(
        self, state: _State, atom: Several, labels: list[str], left: int
    ) -> Iterator[_State]:
        if not labels:
            yield state
            return
        for one in self._ways(atom.condition, labels[0], False, state):
            yield from self._fewer(one, atom, labels[1:], left)
        if left:
            for one in self._ways(atom.condition, labels[0], True, state):
                yield from self._fewer(one, atom, labels[1:], left - 1)

    def _ways(self, node: Diagram, label: str, wanted: bool, state: _State) -> Iterator[_State]:
        """The ways for a condition on an item to hold, or not to hold."""
        if self.d.is_leaf(node):
            if self._leads_to(node, wanted):
                yield state
            return
        choice = self.d.choices[self.d.place(node)]
        about = renamed(choice.about, label)
        below = self.d.below(node)
        for index, value in self._open(choice, about, state):
            if not self._leads_to(below[index], wanted):
                continue
            self._step()
            one = state.copy()
            if isinstance(about, terms.Atom):
                _take(one, about, value)
                if isinstance(about, Order | NoDay) and not self._narrow(one):
                    continue
            else:
                one.choices[about] = value
            yield from self._ways(below[index], label, wanted, one)

    def _open(self, choice: Choice, about: Hashable, state: _State) -> list[tuple[int, Any]]:
        """The values of a choice that what is settled leaves open, the preferred one first."""
        if about in state.choices:
            value = state.choices[about]
            return [(choice.values.index(value), value)]
        for atom, value in (*state.orders, *state.texts):
            if atom == about:
                return [(choice.values.index(value), value)]
        found = list(enumerate(choice.values))
        if isinstance(about, Order | NoDay):
            known = terms.outcome(about, state.box)
            if known is not None:
                return [(choice.values.index(known), known)]
        if isinstance(about, tuple) and about[0] == "fact" and about[1] in self._preferred.values:
            plain = self._preferred.values[about[1]]
            found.sort(key=lambda pair: pair[1] != plain)
        return found

    def _leads_to(self, node: Diagram, wanted: bool) -> bool:
        """Whether a condition may come out as wanted. Where that is not clear it is not taken, and
        nothing is proved.
        """
        if not self.d.is_leaf(node):
            return True
        value = self.d.value(node)
        if isinstance(value, Unclear):
            self._unclear = value.why
            return False
        return (value is True) == wanted

    # --- numbers and dates

    def _narrow(self, state: _State) -> bool:
        """Narrows the box to what the orders allow; whether anything is left."""
        constraints = constraints_of(state.orders)
        if circle(constraints):
            return False
        left = narrowed(constraints, Ground(state.box, {}), self._step, set())
        if left is None:
            return False
        state.box = left.box
        return True

    def _values(self, state: _State) -> Model | None:
        """Values for everything that is settled only by questions."""
        if not self._narrow(state):
            return None
        whole = [
            fact
            for atom, _ in state.orders
            for fact in terms.facts_of(atom)
            if isinstance(fact, Counted | Folded)
        ]
        if whole:
            return self._with_totals(state, whole[0])
        texts = settled_texts(state.texts, self._preferred.values)
        point = self._settled(state)
        if point is None or texts is None:
            return None
        found = {fact.path: terms.as_value(fact, low) for fact, low in point.items()}
        asked = (*state.lower, *state.upper)
        values = {**self._there(state), **found, **texts}
        return Model(state.choices, values, state.items, asked)

    def _there(self, state: _State) -> dict[str, Any]:
        """A value for each fact that is there but not in a case as preferred."""
        found: dict[str, Any] = {}
        for about, value in state.choices.items():
            if isinstance(about, tuple) and about[0] == "there" and value:
                path = about[1]
                label = label_of(path)
                fact = self.d.notes.get(renamed(about, "", label) if label else about)
                if fact is not None and self._preferred.values.get(path) is None:
                    found[path] = fresh(set(), 1)[0]
                    if fact.kind != "text":
                        found[path] = terms.as_value(fact, self._nice(fact, *terms.domain(fact)))
        return found

    def _with_totals(self, state: _State, total: Counted | Folded) -> Model | None:
        """A case in which a count or a sum that is compared with facts has a certain value.

        Raises `Exhausted` where none of the few values tried will do: that proves nothing.
        """
        least = 0 if isinstance(total, Counted) or total.how == "sum" else 1
        for size in range(least, 6 if isinstance(total, Counted) else 2):
            one = state.copy()
            one.lower, one.upper = [], []
            name, condition = total.list_name, total.condition
            if size:
                one.lower.append(Several(name, condition, size))
            one.upper += [*state.upper, Several(name, condition, size + 1)]
            for settled in self._with_items(one):
                model = self._values(self._fixed(settled, total, size))
                if model is not None:
                    return model
        raise Exhausted("个数、合计与其他事实相比")

    def _fixed(self, state: _State, total: Counted | Folded, size: int) -> _State:
        """With the value that a total has where so many items count."""
        if isinstance(total, Counted):
            return _with_value(state, total, size)
        if not size:
            return _with_value(state, total, 0)
        for label in state.items[total.list_name]:
            for settled in self._ways(total.condition, label, True, state):
                value = self._leaf(total.value, label, settled)
                if value is not None and not isinstance(value, STOPS):
                    return _with_value(settled, total, value)
        raise Exhausted("清单的合计")

    def _leaf(self, node: Diagram, label: str, state: _State) -> Any:
        """The value a diagram has for an item as far as it is settled."""
        while not self.d.is_leaf(node):
            choice = self.d.choices[self.d.place(node)]
            index, value = self._open(choice, renamed(choice.about, label), state)[0]
            about = renamed(choice.about, label)
            if isinstance(about, terms.Atom):
                _take(state, about, value)
            else:
                state.choices[about] = value
            node = self.d.below(node)[index]
        return renamed(self.d.value(node), label)

    def _settled(self, state: _State) -> dict[Any, Any] | None:
        """A value for every date and number; None where there is none: then, without items of
        lists, `clashing` has answers that leave none.
        """
        constraints = constraints_of(state.orders)
        near = self._near(constraints, state.box)
        if near is not None:
            return near
        blame: set[int] = set()
        point = self._point(constraints, Ground({}, {}), blame)
        if point is None and not state.items:
            self.clashing = _answers(state, constraints, blame)
        return point

    def _near(self, constraints: list[Constraint], box: dict[Any, Any]) -> dict[Any, Any] | None:
        """Values near the preferred ones: facts of questions that those answer as wanted are
        left as they are. None where that does not do.
        """
        facts = _in_order(fact for c in constraints for fact in c.facts)
        plain = {fact: self._nice(fact, *range_of(fact, box)) for fact in facts}
        at_plain = {fact: (value, value) for fact, value in plain.items()}
        wrong = [c for c in constraints if not c.entailed(at_plain)]
        if not wrong:
            return plain
        loose = {fact for c in wrong for fact in c.facts}
        fixed = {fact: bounds for fact, bounds in at_plain.items() if fact not in loose}
        limit, self._limit = self._limit, min(self._limit, self.steps + 60)
        try:
            return self._point(constraints, Ground({**box, **fixed}, {}), set())
        except Exhausted:
            return None
        finally:
            self._limit = limit

    def _point(
        self, constraints: list[Constraint], ground: Ground, blame: set[int]
    ) -> dict[Any, Any] | None:
        """A value for every fact of some constraints; None where there is none: `blame` then has
        the places of constraints that leave none.
        """
        self._step()
        left = narrowed(constraints, ground, self._step, blame)
        if left is None:
            return None
        box = left.box
        open_ = [i for i, c in enumerate(constraints) if not c.entailed(box)]
        facts = _in_order(fact for c in constraints for fact in c.facts)
        if not open_:
            return {fact: self._nice(fact, *range_of(fact, box)) for fact in facts}
        undecided = _in_order(fact for i in open_ for fact in constraints[i].facts)
        loose = [f for f in undecided if range_of(f, box)[0] < range_of(f, box)[1]]
        if not loose:
            for i in open_:
                blame |= left.reasons(i, constraints[i])
            return None
        fact = min(loose, key=lambda f: range_of(f, box)[1] - range_of(f, box)[0])
        low, high = range_of(fact, box)
        tried = self._nice(fact, low, high)
        # the parts are all there is: what each of them lacks is what the whole lacks
        for part in ((tried, tried), *around(fact, low, tried, high)):
            found = self._point(constraints, left.with_range(fact, part), blame)
            if found is not None:
                return found
        blame |= left.why.get(fact, set())
        return None

    def _nice(self, fact: Any, low: Any, high: Any) -> Any:
        """A value in a range: the preferred one, or the bound that is nearest to it."""
        plain = self._preferred.number(fact.path) if isinstance(fact, Fact) else None
        if plain is not None:
            return min(max(plain, low), high)
        least, most = terms.domain(fact)
        if low == least and high < most:
            return high
        if low > least:
            return low
        return min(max(_PLAIN_DAY, low), high) if fact.kind == "date" else low


_PLAIN_DAY = 739252  # 2025-01-01


def _answers(state: _State, constraints: list[Constraint], places: set[int]) -> list[Literal]:
    """The answers that some constraints come from."""
    return [state.orders[at] for at in sorted({constraints[i].at for i in places})]


# --- what is settled


def _take(state: _State, atom: Any, value: Any) -> None:
    match atom:
        case Order() | NoDay():
            state.orders.append((atom, value))
        case OneOf() | SameText():
            state.texts.append((atom, value))
        case Several():
            (state.lower if value else state.upper).append(atom)


def _with_value(state: _State, total: Any, value: Any) -> _State:
    """The state with a total replaced by its value in every question."""
    found = state.copy()

    def put(part: Any) -> Any:
        if part == total:
            return value
        if isinstance(part, Op):
            return Op(part.name, tuple(put(a) for a in part.arguments), part.kind)
        return part

    found.orders = [
        (Order(put(a.left), put(a.right)) if isinstance(a, Order) else a, v)
        for a, v in state.orders
    ]
    return found


def _as_one(state: _State, label: str, item: str) -> _State | None:
    """The state with what is said of one item said of another; None where that cannot be."""
    found = state.copy()
    found.choices, found.box = {}, {}
    for about, value in state.choices.items():
        if found.choices.setdefault(renamed(about, item, label), value) != value:
            return None
    found.orders = [(renamed(atom, item, label), value) for atom, value in state.orders]
    found.texts = [(renamed(atom, item, label), value) for atom, value in state.texts]
    return found


def label_of(path: str) -> str:
    """Which item of its list a fact is a field of; empty of a fact of the whole case."""
    return path.partition("[")[2].rpartition("]")[0]


def renamed(part: Any, label: str, of: str = "") -> Any:
    """What is said of any item, or of the one with a label, said of another."""

    def put(one: Any) -> Any:
        return renamed(one, label, of)

    here, there = f"[{of}]", f"[{label}]"
    match part:
        case Fact(path, kind):
            return Fact(path.replace(here, there), kind) if here in path else part
        case Op(name, arguments, kind):
            return Op(name, tuple(put(a) for a in arguments), kind)
        case Order(left, right):
            return Order(put(left), put(right))
        case OneOf(term, texts):
            return OneOf(put(term), texts)
        case SameText(left, right):
            return SameText(put(left), put(right))
        case NoDay(term, months):
            return NoDay(put(term), months)
        case ("item", name, label_now, field) if label_now == of:
            return ("item", name, label, field)
        case ("there", str(path)) if here in path:
            return ("there", path.replace(here, there))
        case _:
            return part


def _in_order(facts: Iterator[Any]) -> list[Any]:
    return list(dict.fromkeys(facts))
