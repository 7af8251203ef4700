"""Arithmetic of values of all cases at once: of constants worked out, of others a term."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial, reduce
from typing import Any

from ..ir.values import DateOutOfRange, Period, add_period
from . import terms
from .comparing import Comparing, is_whole
from .diagram import Diagram, Diagrams
from .symbolic import VOID, Fault, Unclear
from .terms import NoDay, Op, is_term


class Operating(Comparing):
    """Works out operations. `current`: what is being worked out, for faults to name."""

    def __init__(
        self, into: Diagrams, clause_order: Mapping[str, tuple[tuple[int, int], ...]]
    ) -> None:
        super().__init__(into, clause_order)
        self.current = ""

    def applied(self, name: str, kind: terms.Kind, values: tuple[Any, ...]) -> Diagram:
        if any(value is None for value in values):
            return self.d.leaf(VOID)
        if not any(is_term(value) for value in values):
            try:
                return self.d.leaf(terms.apply(name, list(values)))
            except DateOutOfRange:
                return self.d.leaf(Fault("DATE_OVERFLOW", self.current))
            except ZeroDivisionError:
                return self.d.leaf(Fault("DIVIDED_BY_ZERO", self.current))
        if name == "数值":
            return self.d.leaf(values[0])
        whole = all(is_whole(value) for value in values)
        if kind in ("integer", "number"):
            kind = "integer" if (whole and name != "÷") or _ROUNDS.get(name) else "number"
        term = Op(name, values, kind)
        if name == "÷":
            return self._divided(term)
        return self.d.leaf(term)

    def _divided(self, term: Op) -> Diagram:
        divisor = term.arguments[1]
        if not is_term(divisor):
            if divisor == 0:
                return self.d.leaf(Fault("DIVIDED_BY_ZERO", self.current))
            return self.d.leaf(term)
        zero = self.leaf_same(divisor, 0)
        fault = self.d.leaf(Fault("DIVIDED_BY_ZERO", self.current))
        return self.d.ite(zero, fault, self.d.leaf(term))

    def add(self, day: Diagram, period: Diagram, following: bool) -> Diagram:
        return self.d.map2(
            ("add", following), lambda d, p: self._added(d, p, following), day, period
        )

    def _joined(self, name: str, one: Any, other: Any) -> Diagram:
        return self.applied(name, "date", (one, other))

    def _added(self, day: Any, period: Any, following: bool) -> Diagram:
        if day is None or period is None:
            return self.d.leaf(VOID)
        if not is_term(day) and not is_term(period):
            try:
                return self.d.leaf(add_period(day, period, overflow_next=following))
            except DateOutOfRange:
                return self.d.leaf(Fault("DATE_OVERFLOW", self.current))
        if isinstance(day, Op) and day.name in ("较晚者", "较早者") and not is_term(period):
            # the later day is later a period on
            parts = [self._added(part, period, following) for part in day.arguments]
            join = partial(self._joined, day.name)
            return reduce(partial(self.d.map2, ("join", day.name), join), parts)
        plain = Op("add", (day, period), "date")
        low, high = terms.bounds(plain, {})
        if low < 1 or high > date.max.toordinal():
            return self.d.leaf(Unclear("日期可能超出历法", (plain, following)))
        if not following:
            return self.d.leaf(plain)
        if is_term(period):
            return self.d.leaf(Unclear("期间随事实而变的起顺延满", plain))
        if not is_term(day):
            return self.d.leaf(add_period(day, period, overflow_next=True))
        # 顺延: without a corresponding day it is the day after the month's last
        month = Op("add", (day, Period(period.months, 0)), "date")
        later = Op("add", (month, Period(0, period.days + 1)), "date")
        lacks = self.ask(NoDay(day, period.months))
        return self.d.ite(lacks, self.d.leaf(later), self.d.leaf(plain))


_ROUNDS = {
    name: True
    for name in (
        "向下取整", "向上取整", "四舍五入到分", "舍去到分", "进位到分",
        "四舍五入到元", "舍去到元", "进位到元",
    )
}  # fmt: skip
