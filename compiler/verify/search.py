"""Cases in which a diagram holds: ways through it that facts can really take.

A way that facts cannot take is turned into a lesson: the smallest part of it that already cannot
be. The lesson cuts every other way with that part; so few ways are looked at. (Lazy theory
learning: Nieuwenhuis, Oliveras and Tinelli, Solving SAT and SAT modulo theories, J. ACM 2006.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import terms
from .case import Answers, Case
from .diagram import Choice, Diagram, Diagrams
from .solve import Exhausted, Literal, Model, Preferred, Solver
from .symbolic import where_unclear

_LITTLE = 100  # steps at least for a question whose answer only makes a lesson shorter
Cube = dict[int, frozenset[int]]  # by the place of a choice the values it may take


class Search:
    """Looks for cases among the valid ones. `tick` is called often and may raise `Exhausted`;
    `second` is asked what the solver gives up on. `readings`: those to keep to, where they are
    choices and nothing asks for another.
    """

    def __init__(
        self,
        diagrams: Diagrams,
        valid: Diagram,
        solver: Solver,
        tick: Callable[[], None] = lambda: None,
        second: Callable[[list[Literal]], bool | None] = lambda _: None,
        readings: Mapping[str, str] | None = None,
    ) -> None:
        self.d = diagrams
        self.valid = valid
        self.solver = solver
        self.tick = tick
        self.second = second
        self.readings = readings or {}
        self._lessons: list[tuple[frozenset[tuple[int, int]], Diagram]] = []
        self._seen: list[Answers] = []
        self._preferred = Preferred()
        self._enough = _LITTLE

    def remember(self, case: Case) -> None:
        """Keeps a valid case: what it shows to be possible is not searched for again."""
        self._seen.append(Answers(self.d, case))

    def _is_seen(self, where: Diagram) -> bool:
        """Whether a case that is remembered meets a condition."""
        return any(answers.holds(where) for answers in self._seen)

    def find(self, where: Diagram, plain: Case | None = None) -> Model | None:
        """A valid case in which a diagram holds, near a plain one; None where there is none.

        Raises `Exhausted` where neither is shown.
        """
        model = self._find(self.possible(where), plain)
        if model is None:
            self._not_proved(where, plain)
        return model

    def _not_proved(self, where: Diagram, plain: Case | None) -> None:
        """Raises `Exhausted` where a case that is not found may be one that is not clear."""
        d = self.d
        open_ = where_unclear(d, where)
        doubtful = where_unclear(d, self.valid)
        for space, why in (
            (d.both(doubtful, d.either(open_, self._certainly(where))), "说不清案件是否合于核对"),
            (d.both(self._certainly(self.valid), open_), "说不清条件是否成立"),
        ):
            if space != d.false and self._find(space, plain) is not None:
                raise Exhausted(why)

    def _find(self, space: Diagram, plain: Case | None) -> Model | None:
        """A case in a space, near a plain one; None where there is none."""
        cost = self._cost(plain)
        preferred = self._preferred = Preferred(plain.values if plain is not None else {})
        undecided = ""
        for _ in range(20_000):
            self.tick()
            way = self.d.cheapest(space, cost)
            known = None if way is None else self._known_lesson(way[1])
            if known is not None:
                space = self.d.both(known, space)
                continue
            if way is None:
                if undecided:
                    raise Exhausted(undecided)
                return None
            literals = self._literals(way[1])
            try:
                model = self.solver.solve(literals, preferred)
            except Exhausted as error:
                if self.second(literals) is not False:
                    undecided = error.why
                space = self.d.both(self._none_of(way[1]), space)
                continue
            if model is not None:
                return model
            self._enough = max(_LITTLE, 2 * self.solver.steps)
            space = self.d.both(self._lesson(way[1], self.solver.clashing), space)
        raise Exhausted("要看的情形太多")

    def possible(self, where: Diagram) -> Diagram:
        """A condition in valid cases."""
        return self.d.both(self.valid, self._certainly(where))

    def _known_lesson(self, way: list[tuple[int, int]]) -> Diagram | None:
        """A lesson that says a way cannot be."""
        steps = set(way)
        for core, lesson in self._lessons:
            if core <= steps:
                return lesson
        return None

    def _certainly(self, where: Diagram) -> Diagram:
        return self.d.where(where, lambda value: value is True, "is true")

    def _cost(self, plain: Case | None) -> Callable[[Choice, int], int]:
        """How far an answer is from that of the plain case."""
        if plain is None:
            return lambda choice, index: 0
        answers = Answers(self.d, plain, self.readings)
        known: dict[Any, int | None] = {}

        def cost(choice: Choice, index: int) -> int:
            if choice.about not in known:
                try:
                    known[choice.about] = answers.index(choice)
                except (KeyError, ValueError):
                    known[choice.about] = None
            own = known[choice.about]
            return 0 if own is None or own == index else 1

        return cost

    def distance(self, space: Diagram, plain: Case) -> int:
        """How many answers at least a case that meets a condition gives otherwise."""
        way = self.d.cheapest(space, self._cost(plain))
        return 0 if way is None else way[0]

    def meets(self, case: Case) -> Callable[[int, frozenset[int]], bool]:
        """Whether a case gives one of some answers to the choice at a place."""
        answers = Answers(self.d, case)

        def met(place: int, allowed: frozenset[int]) -> bool:
            try:
                return answers.index(self.d.choices[place]) in allowed
            except (KeyError, ValueError):
                return False

        return met

    def _literals(self, way: list[tuple[int, int]]) -> list[Literal]:
        choices = self.d.choices
        return [(choices[place].about, choices[place].values[index]) for place, index in way]

    def _lesson(self, way: list[tuple[int, int]], clashing: list[Literal]) -> Diagram:
        """Not all of the fewest steps of a way that cannot be together."""
        core = self._core(way, clashing)
        lesson = self._none_of(core)
        self._lessons.append((frozenset(core), lesson))
        return lesson

    def _core(self, way: list[tuple[int, int]], clashing: list[Literal]) -> list[tuple[int, int]]:
        asked = [s for s in way if isinstance(self.d.choices[s[0]].about, terms.Atom)]
        if clashing:
            atoms = {about for about, _ in clashing}
            core = [s for s in asked if self.d.choices[s[0]].about in atoms]
        else:
            core = asked if len(asked) < len(way) and self._refuted(asked) else way
        size = max(1, len(core) // 2)
        while size:
            start = 0
            while start < len(core):
                shorter = core[:start] + core[start + size :]
                if self._refuted(shorter):
                    core = shorter
                else:
                    start += size
            size //= 2
        return core

    def _refuted(self, way: list[tuple[int, int]]) -> bool:
        self.tick()
        literals = self._literals(way)
        if any(answers.agree(literals) for answers in self._seen):
            return False
        try:
            return self.solver.solve(literals, self._preferred, most=self._enough) is None
        except Exhausted:
            return False

    def _none_of(self, way: list[tuple[int, int]]) -> Diagram:
        return self.d.negate(self.cube({place: frozenset([index]) for place, index in way}))

    def cube(self, cube: Cube) -> Diagram:
        """Where every choice of a cube takes one of its values."""
        found = self.d.true
        for place in sorted(cube, reverse=True):
            count = len(self.d.choices[place].values)
            below = tuple(found if i in cube[place] else self.d.false for i in range(count))
            found = self.d.select(place, below)
        return found

    # --- what cases have in common

    def way(self, where: Diagram, case: Case, readings: dict[str, str] | None = None) -> Cube:
        """The answers of a case on its way through a diagram."""
        answers = Answers(self.d, case, readings)
        found: Cube = {}
        node = where
        while not self.d.is_leaf(node):
            place = self.d.place(node)
            index = answers.index(self.d.choices[place])
            found[place] = frozenset([index])
            node = self.d.below(node)[index]
        return found

    def widened(self, cube: Cube, where: Diagram, places: Iterable[int]) -> Cube:
        """The cube with all left out, of some places, that a condition does not need: it still
        holds in every valid case of the cube.
        """
        outside = self.possible(self.d.negate(self._certainly(where)))
        found = dict(cube)
        for place in sorted(places, key=lambda p: (self._kept_longest(p), p)):
            wider = {p: values for p, values in found.items() if p != place}
            if self._empty(outside, wider):
                found = wider
                continue
            count = len(self.d.choices[place].values)
            for index in range(count) if count > 2 else ():
                if index not in found[place]:
                    more = {**found, place: found[place] | {index}}
                    if self._empty(outside, more):
                        found = more
        return found

    def _kept_longest(self, place: int) -> int:
        """What is dropped first: questions of dates and lists, then of facts people know."""
        about = self.d.choices[place].about
        return 1 if isinstance(about, tuple) and about[0] == "fact" else 0

    def _empty(self, outside: Diagram, cube: Cube) -> bool:
        left = self.d.both(self.cube(cube), outside)
        if left == self.d.false:
            return True
        if self._is_seen(left):
            return False
        try:
            return self.find(left) is None
        except Exhausted:
            return False
