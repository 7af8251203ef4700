"""The value of a term in one row: for look-up tables, and to hold queries against.

Python's own: bool, int, str, date, tuples of str, None. A list fact is a tuple of rows, each a
mapping from the paths of its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ..ir.values import Period, add_period, completed_years, corresponding_day, months_between
from .terms import Term

Row = Mapping[str, Any]


def evaluate(term: Term, row: Mapping[Any, Any]) -> Any:
    """The value of a term where `row` gives columns by path, lists by name, terms by themselves."""
    return _Evaluation(row).of(term)


def apply(term: Term, values: tuple[Any, ...]) -> Any:
    """The value of a term whose arguments have these values."""
    if not values:
        return term.value
    return _Evaluation(dict(zip(term.args, values, strict=True))).of(term)


class _Evaluation:
    def __init__(self, row: Mapping[Any, Any], item: Row | None = None) -> None:
        self.row = row
        self.item = item
        self.known: dict[Term, Any] = {}

    def of(self, term: Term) -> Any:
        if term in self.known:
            return self.known[term]
        found = self.row[term] if term in self.row else _COMPUTE[term.op](self, term)
        self.known[term] = found
        return found

    def const(self, term: Term) -> Any:
        return term.value

    def column(self, term: Term) -> Any:
        return self.row[term.value]

    def list_item(self, term: Term) -> Any:
        assert self.item is not None
        return self.item[term.value]

    def all(self, term: Term) -> Any:
        return self._junction(term, False)

    def any(self, term: Term) -> Any:
        return self._junction(term, True)

    def _junction(self, term: Term, deciding: bool) -> Any:
        """As SQL: a none is neither, whatever decides decides."""
        found: bool | None = not deciding
        for item in term.args:
            value = self.of(item)
            if value is deciding:
                return deciding
            if value is None:
                found = None
        return found

    def choice(self, term: Term) -> Any:
        for condition, value in term.branches:
            if self.of(condition) is True:
                return self.of(value)
        return self.of(term.otherwise)

    def same(self, term: Term) -> Any:
        return self.of(term.args[0]) == self.of(term.args[1])

    def among(self, term: Term) -> Any:
        return self.of(term.args[0]) in term.value

    def is_present(self, term: Term) -> Any:
        return self.of(term.args[0]) is not None

    def members(self, term: Term) -> Any:
        return tuple(
            name for name, c in zip(term.value, term.args, strict=True) if self.of(c) is True
        )

    def listed(self, term: Term) -> Any:
        values = [self.of(item) for item in term.args]
        return tuple(dict.fromkeys(value for value in values if value is not None))

    def of_day(self, term: Term) -> Any:
        day = self.of(term.args[0])
        return None if day is None else _Evaluation({"日": day}).of(term.value)

    def strict(self, term: Term) -> Any:
        """A function of values none of which may be none."""
        values = [self.of(item) for item in term.args]
        return None if None in values else _STRICT[term.op](term, *values)

    def aggregate(self, term: Term) -> Any:
        name, how = term.value
        condition, *parts = term.args
        rows = []
        for item in self.row[name]:
            inside = _Evaluation(self.row, item)
            if inside.of(condition) is True:
                rows.append(tuple(inside.of(part) for part in parts))
        return _AGGREGATES[how](rows)


def _add_months(term: Term, day: date, months: int) -> date:
    return corresponding_day(day, months, overflow_next=term.value)


_STRICT: dict[str, Callable[..., Any]] = {
    "not": lambda _, value: not value,
    "lt": lambda _, a, b: a < b,
    "le": lambda _, a, b: a <= b,
    "eq": lambda _, a, b: a == b,
    "code": lambda term, value: dict(term.value)[value],
    "name": lambda term, value: term.value[value],
    "cell": lambda term, value: term.value[value],
    "add": lambda _, a, b: a + b,
    "sub": lambda _, a, b: a - b,
    "mul": lambda _, a, b: a * b,
    "floordiv": lambda _, a, b: a // b if b else None,
    "abs": lambda _, a: abs(a),
    "max": lambda _, a, b: max(a, b),
    "min": lambda _, a, b: min(a, b),
    "scaled": lambda term, value: int(value * term.value),
    "add_months": _add_months,
    "add_days": lambda _, day, days: add_period(day, Period(0, days)),
    "year": lambda _, day: day.year,
    "month": lambda _, day: day.month,
    "months_between": lambda _, start, end: months_between(start, end),
    "days_between": lambda _, start, end: (end - start).days,
    "years_completed": lambda _, born, day: completed_years(born, day),
}

_AGGREGATES: dict[str, Callable[[list[tuple[Any, ...]]], Any]] = {
    "count": len,
    "any": bool,
    "sum": lambda rows: sum(value for (value,) in rows),
    "max": lambda rows: max((value for (value,) in rows if value is not None), default=None),
    "min": lambda rows: min((value for (value,) in rows if value is not None), default=None),
    "first": lambda rows: min(rows, key=lambda row: row[1:])[0] if rows else None,
    "last": lambda rows: max(rows, key=lambda row: row[1:])[0] if rows else None,
}

_E = _Evaluation
_COMPUTE: dict[str, Callable[[_Evaluation, Term], Any]] = {
    "const": _E.const,
    "column": _E.column,
    "item": _E.list_item,
    "aggregate": _E.aggregate,
    "and": _E.all,
    "or": _E.any,
    "case": _E.choice,
    "same": _E.same,
    "in": _E.among,
    "of_day": _E.of_day,
    "present": _E.is_present,
    "members": _E.members,
    "listed": _E.listed,
    **dict.fromkeys(_STRICT, _E.strict),
}
