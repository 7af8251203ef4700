"""Whether answers to questions of facts can stand together, asked of Z3: a check on solve.py.

The question is put anew, from what terms and atoms mean, and shares no reasoning with the own
solver. What cannot be put is left free; so No is a proof, and Yes is said only where all was put.
Dates are pairs of a month, counted from the year 0, and a day in it; only 日数差 and periods with
days count days. Z3 is an extra: where it is not installed only `is_installed` and `second_solver`
can be used.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

import attrs

from ..ir.values import FIRST_DATE, LAST_DATE, Period
from . import terms
from .diagram import Diagram, Diagrams
from .solve import Literal, label_of, renamed
from .symbolic import Items, Unclear
from .terms import Counted, Fact, Folded, NoDay, OneOf, Op, Order, SameText, Several

LIMIT = 1_000_000  # what Z3 may spend on a question, in its own units; the same on every machine
_MOST_ITEMS = 24  # of a list; answers that need more are left out of the question


def is_installed() -> bool:
    """Whether Z3 can be asked."""
    try:
        import z3  # noqa: F401
    except ImportError:
        return False
    return True


class Smt:
    """Asks Z3 what `Solver.solve` is asked."""

    def __init__(
        self,
        diagrams: Diagrams,
        valid_items: Mapping[str, Diagram],
        best: Mapping[str, Items],
        limit: int = LIMIT,
    ) -> None:
        self.d = diagrams
        self.valid_items = valid_items
        self.best = best
        self.limit = limit

    def possible(self, literals: list[Literal]) -> bool | None:
        """Whether some case gives all of these answers; None where Z3 does not tell."""
        import z3

        question = _Question(z3, self.d)
        _Lists(question, self.valid_items, self.best).put(question.put(literals))
        solver = z3.SimpleSolver(ctx=question.context)
        solver.set("rlimit", self.limit)
        solver.add(*question.hard)
        found = solver.check()
        if found == z3.unsat:
            return False
        return True if found == z3.sat and question.exact else None


@attrs.frozen
class _Day:
    """A date: twelve times the year, the months of the year before this one, and the day."""

    month: Any
    day: Any


@attrs.frozen
class _Span:
    """A period."""

    months: Any
    days: Any


class _Question:
    """What is put to Z3: `hard` must hold; it is `exact` where nothing was left out."""

    def __init__(self, z3: Any, diagrams: Diagrams) -> None:
        self.z3 = z3
        self.context = z3.Context()
        self.d = diagrams
        self.hard: list[Any] = []
        self.exact = True
        self.known: dict[Any, Any] = {}  # facts and choices, and what stands for them
        self._terms: dict[Op, Any] = {}
        self._ids: dict[Any, int] = {}
        self._conditions: dict[tuple[Diagram, str], Any] = {}
        self._names = 0

    def put(self, literals: list[Literal]) -> list[tuple[Several, bool]]:
        """Nothing but what is asked of lists; all else is put."""
        absent = {a[1] for a, v in literals if isinstance(a, tuple) and a[0] == "there" and not v}
        lists = []
        for about, value in literals:
            if isinstance(about, Several):
                lists.append((about, value))
            elif not isinstance(about, terms.Atom):
                self.hard.append(self.few(about) == self.id(value))
            elif not absent & {f.path for f in terms.facts_of(about) if isinstance(f, Fact)}:
                self.hard.append(self.atom(about) == value)
        return lists

    # --- what stands for what

    def whole(self, value: int) -> Any:
        """A whole number."""
        return self.z3.IntVal(value, self.context)

    def fresh(self, kind: str = "Int") -> Any:
        """An unknown of its own: Int, Real or Bool."""
        self._names += 1
        return getattr(self.z3, kind)(f"{kind}{self._names}", self.context)

    def either(self, condition: Any, then: Any, otherwise: Any) -> Any:
        """One of two, dates too."""
        if isinstance(then, _Day):
            months = self.either(condition, then.month, otherwise.month)
            return _Day(months, self.either(condition, then.day, otherwise.day))
        return self.z3.If(condition, then, otherwise, self.context)

    def id(self, value: Any) -> int:
        """A number for a text, or for a value of a fact with few."""
        return self._ids.setdefault((value.__class__, value), len(self._ids))

    def few(self, about: Hashable) -> Any:
        """What stands for a fact with few values, or for whether a fact is there."""
        if about not in self.known:
            self.known[about] = self.fresh()
        return self.known[about]

    def fact(self, fact: Fact) -> Any:
        """What stands for a date, a number or a text."""
        if fact not in self.known:
            match fact.kind:
                case "date":
                    found = self._some_day(FIRST_DATE.year, LAST_DATE.year)
                case "text":
                    found = self.fresh()  # a number that is no text's is a text nobody named
                case _:
                    found = self.fresh("Int" if fact.kind == "integer" else "Real")
                    self.hard += [found >= 0, found <= terms.FAR]
            self.known[fact] = found
        return self.known[fact]

    # --- questions

    def atom(self, atom: Any) -> Any:
        """Where the answer to a question is yes."""
        match atom:
            case Order(left, right):
                return self._at_least(self.term(left), self.term(right))
            case OneOf(term, texts):
                own = self.fact(term)
                return self._any([own == self.id(text) for text in sorted(texts)])
            case SameText(left, right):
                return self.fact(left) == self.fact(right)
            case NoDay(term, months):
                day = self.term(term)
                return day.day > self._length(day.month + months)
            case _:  # a question of another list
                self.exact = False
                return self.fresh("Bool")

    def _at_least(self, one: Any, other: Any) -> Any:
        if not isinstance(one, _Day):
            return one >= other
        later = one.month > other.month
        same = self.all([one.month == other.month, one.day >= other.day])
        return self._any([later, same])

    def all(self, parts: list[Any]) -> Any:
        """All of several."""
        return self.z3.And(*parts, self.context) if len(parts) != 1 else parts[0]

    def _any(self, parts: list[Any]) -> Any:
        return self.z3.Or(*parts, self.context) if len(parts) != 1 else parts[0]

    def condition(self, node: Diagram, label: str) -> Any:
        """Where a condition on an item holds of the one with a label."""
        key = (node, label)
        if self.d.is_leaf(node):
            value = self.d.value(node)
            if not isinstance(value, Unclear):
                return self.z3.BoolVal(value is True, self.context)
            self.exact = False
            self._conditions.setdefault(key, self.fresh("Bool"))
        if key not in self._conditions:
            choice = self.d.choices[self.d.place(node)]
            about = renamed(choice.about, label)
            below = [self.condition(one, label) for one in self.d.below(node)]
            if isinstance(about, terms.Atom):
                found = self.either(self.atom(about), *below)
            else:
                own = self.few(about)
                values = [own == self.id(value) for value in choice.values]
                self.hard.append(self._any(values))
                pairs = zip(values, below, strict=True)
                found = self._any([self.all([value, under]) for value, under in pairs])
            self._conditions[key] = found
        return self._conditions[key]

    # --- terms

    def term(self, term: Any) -> Any:
        """A value: a number of Z3, a date or a period."""
        match term:
            case Fact():
                return self.fact(term)
            case Op():
                if term not in self._terms:
                    arguments = [self.term(one) for one in term.arguments]
                    self._terms[term] = self._applied(term, arguments)
                return self._terms[term]
            case Counted() | Folded():
                if term not in self.known:
                    self.known[term] = self._left_open(term.kind)
                return self.known[term]
            case date():
                return _Day(self.whole(term.year * 12 + term.month - 1), self.whole(term.day))
            case Period(months, days):
                return _Span(self.whole(months), self.whole(days))
            case Fraction():
                return self.z3.Q(term.numerator, term.denominator, self.context)
            case _:
                return self.whole(term)

    def _left_open(self, kind: terms.Kind) -> Any:
        """Any value of a kind, for what is not put."""
        self.exact = False
        if kind == "date":
            return self._some_day(1, 9999)
        return _Span(self.fresh(), self.fresh()) if kind == "period" else self.fresh("Real")

    def _applied(self, term: Op, values: list[Any]) -> Any:
        if term.kind == "period":
            return self._period(term, values)
        match term.name, values:
            case "add", [day, span]:
                return self._later(day, span)
            case "+", [one, other]:
                return one + other
            case "-", [one, other]:
                return one - other
            case "×", [one, other]:
                return one * other
            case "÷", [one, other]:
                # what Z3 makes of a division by zero is nothing; diagrams never let it come here
                self.exact = self.exact and not terms.is_term(term.arguments[1])
                return self._real(one) / self._real(other)
            case _:
                return self._function(term.name, values)

    def _function(self, name: str, values: list[Any]) -> Any:
        match name, values:
            case "较早者" | "较小者", _:
                return reduce(lambda a, b: self.either(self._at_least(a, b), b, a), values)
            case "较晚者" | "较大者", _:
                return reduce(lambda a, b: self.either(self._at_least(a, b), a, b), values)
            case "年份", [day]:
                return day.month / 12
            case "月份", [day]:
                return day.month % 12 + 1
            case "月份差", [start, end]:
                return end.month - start.month
            case "日数差", [start, end]:
                return self._ordinal(end) - self._ordinal(start)
            case "周岁", [born, day]:
                years = day.month / 12 - born.month / 12
                reached = self._at_least(day, self._on(born, years * 12))
                return self.either(reached, years, years - 1)
            case "数值", [number]:
                return number
            case _, [number]:
                return self._rounded(number, *_ROUNDS[name])
            case _:
                raise TypeError(name)

    def _period(self, term: Op, values: list[Any]) -> Any:
        one, other = values
        if term.name != "×":
            sign = 1 if term.name == "+" else -1
            return _Span(one.months + sign * other.months, one.days + sign * other.days)
        span, factor = (one, other) if isinstance(one, _Span) else (other, one)
        if not factor.is_int():
            return self._left_open("period")
        return _Span(span.months * factor, span.days * factor)

    def _real(self, number: Any) -> Any:
        return self.z3.ToReal(number) if number.is_int() else number

    def _rounded(self, number: Any, step: int, how: str) -> Any:
        share = self._real(number) / step
        floor, half = self.z3.ToInt, self.z3.Q(1, 2, self.context)
        if how == "舍去":
            return floor(share) * step
        if how == "进位":
            return -floor(-share) * step
        return self.either(share >= 0, floor(share + half), -floor(half - share)) * step

    # --- dates

    def _some_day(self, first: int, last: int) -> _Day:
        """Any day of some years."""
        found = _Day(self.fresh(), self.fresh())
        self.hard += [
            found.month >= first * 12, found.month < last * 12 + 12,
            found.day >= 1, found.day <= self._length(found.month),
        ]  # fmt: skip
        return found

    def _leaps(self, year: Any) -> Any:
        return self.all([year % 4 == 0, self._any([year % 100 != 0, year % 400 == 0])])

    def _length(self, month: Any) -> Any:
        """How many days a month has."""
        number = month % 12
        short = self.either(self._leaps(month / 12), self.whole(29), self.whole(28))
        thirty = self._any([number == one for one in (3, 5, 8, 10)])
        other = self.either(thirty, self.whole(30), self.whole(31))
        return self.either(number == 1, short, other)

    def _on(self, day: _Day, months: Any) -> _Day:
        """The corresponding day so many months on."""
        month = day.month + months
        length = self._length(month)
        return _Day(month, self.either(day.day <= length, day.day, length))

    def _later(self, day: _Day, span: _Span) -> _Day:
        """The day on which a period is complete."""
        on = self._on(day, span.months)
        if span.days.eq(self.whole(0)):
            return on
        found = self._some_day(1, 9999)
        self.hard.append(self._ordinal(found) == self._ordinal(on) + span.days)
        return found

    def _ordinal(self, day: _Day) -> Any:
        """The number of a day, from the first of the year 1 (as `date.toordinal`)."""
        year, number = day.month / 12, day.month % 12 + 1
        before = year - 1
        shorter = self.either(self._leaps(year), self.whole(1), self.whole(2))
        back = self.either(number <= 2, self.whole(0), shorter)
        years = 365 * before + before / 4 - before / 100 + before / 400
        return years + (367 * number - 362) / 12 - back + day.day


_ROUNDS = {
    "向下取整": (1, "舍去"), "向上取整": (1, "进位"), "四舍五入到分": (1, "四舍五入"),
    "舍去到分": (1, "舍去"), "进位到分": (1, "进位"), "四舍五入到元": (100, "四舍五入"),
    "舍去到元": (100, "舍去"), "进位到元": (100, "进位"),
}  # fmt: skip


class _Lists:
    """What is asked of lists. A list has as many places as the answers need items; one may be
    empty. Items beside those never help, since every other answer says 「fewer than n」.
    """

    def __init__(
        self, question: _Question, valid_items: Mapping[str, Diagram], best: Mapping[str, Items]
    ) -> None:
        self.q = question
        self.valid_items = valid_items
        self.best = best

    def put(self, asked: list[tuple[Several, bool]]) -> None:
        """Puts what is asked of each list, and where its best items are."""
        labels = [label for label in self._labels() if label in self.best]
        names = [self.best[label].list_name for label in labels]
        for name in dict.fromkeys((*names, *(atom.list_name for atom, _ in asked))):
            mine = [(atom, answer) for atom, answer in asked if atom.list_name == name]
            certain = [label for label in labels if self.best[label].list_name == name]
            count = len(certain) + sum(atom.count for atom, answer in mine if answer)
            if count > _MOST_ITEMS:
                self.q.exact = False
            else:
                self._list(name, mine, certain, count)

    def _labels(self) -> Iterator[str]:
        """The labels of items that what was put is about, each once."""
        paths = (_path(about) for about in self.q.known)
        return iter(dict.fromkeys(label_of(path) for path in paths if path is not None))

    def _list(
        self, name: str, asked: list[tuple[Several, bool]], certain: list[str], count: int
    ) -> None:
        q = self.q
        there = [q.fresh("Bool") for _ in range(count)]
        for i, one in enumerate(there):
            q.hard.append(q.z3.Implies(one, q.condition(self.valid_items[name], str(i))))
            if i:
                q.hard.append(q.z3.Implies(one, there[i - 1]))
        for atom, answer in asked:
            meet = [
                q.all([one, q.condition(atom.condition, str(i))]) for i, one in enumerate(there)
            ]
            if answer:
                q.hard.append(q.z3.AtLeast(*meet, atom.count))
            elif len(meet) >= atom.count:
                q.hard.append(q.z3.AtMost(*meet, atom.count - 1))
        for label in certain:
            q.exact = False  # that it is the best of all is not put
            self._one_of(label, there)

    def _one_of(self, label: str, there: list[Any]) -> None:
        """Puts that an item with a label is one of those in the list."""
        q = self.q
        of_label = [about for about in q.known if _path(about) and label_of(_path(about)) == label]
        ways = []
        for i, one in enumerate(there):
            same = [self._same(about, renamed(about, str(i), label)) for about in of_label]
            ways.append(q.all([one, q.condition(self.best[label].condition, str(i)), *same]))
        q.hard.append(q.z3.Or(*ways, q.context))

    def _same(self, about: Any, other: Any) -> Any:
        if not isinstance(about, Fact):
            return self.q.few(about) == self.q.few(other)
        one, two = self.q.fact(about), self.q.fact(other)
        if isinstance(one, _Day):
            return self.q.all([one.month == two.month, one.day == two.day])
        return one == two


def _path(about: Any) -> Any:
    """The path of what stands for a field of an item; None of others."""
    match about:
        case Fact(path) | ("there", str(path)) if "[" in path:
            return path
        case ("item", name, label, field):
            return f"{name}[{label}].{field}"
        case _:
            return None


def second_solver(
    diagrams: Diagrams, valid_items: Mapping[str, Diagram], best: Mapping[str, Items]
) -> Callable[[list[Literal]], bool | None]:
    """What is asked where the own solver gives up: Z3 where it is installed, else nobody."""
    if is_installed():
        return Smt(diagrams, valid_items, best).possible
    return lambda _: None
