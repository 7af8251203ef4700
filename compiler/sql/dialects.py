"""What DuckDB, Spark and PostgreSQL write differently, as sqlglot expressions."""

from __future__ import annotations

from typing import Any, Literal

import attrs
from sqlglot import exp

from .build import Sql, any_of, call, cast, coalesce, is_null, literal, paren

Name = Literal["duckdb", "spark", "postgres"]


@attrs.frozen
class Dialect:
    """One database's way to say what the others say too."""

    name: Name

    def fenced(self, layer: exp.Select) -> exp.Select:
        """A layer that is computed once: PostgreSQL would write out what it names wherever the
        name stands, over and over.
        """
        return layer.offset(0, copy=False) if self.name == "postgres" else layer

    def array(self, values: list[Sql]) -> Sql:
        """A list of texts."""
        found = exp.Array(expressions=values)
        return found if values else cast(found, "TEXT[]")

    def constants(self, values: tuple[Any, ...]) -> Sql:
        """A list of constants."""
        return exp.Array(expressions=[literal(value) for value in values])

    def at(self, values: Sql, place: Sql) -> Sql:
        """The item of a list at a place, from 1."""
        match self.name:
            case "duckdb":
                return call("list_extract", values, place)
            case "spark":
                # counted from 0; element_at fails where there is no such place
                return call("get", values, exp.Sub(this=paren(place), expression=literal(1)))
            case "postgres":
                return exp.Bracket(this=paren(values), expressions=[place], offset=1)

    def position(self, values: tuple[str, ...], text: Sql) -> Sql:
        """The place of a text in a list, from 1."""
        name = "list_position" if self.name == "duckdb" else "array_position"
        place: Sql = call(name, self.constants(values), text)
        if self.name == "spark":  # which says 0 for nowhere
            place = call("nullif", place, literal(0))
        return cast(place, "INT")

    def among(self, of: Sql, values: tuple[Any, ...]) -> Sql:
        """Whether a value is one of several constants; none is not."""
        if self.name == "duckdb" and isinstance(values[0], str) and len(values) > 2:
            # worked out once for each entry of a column's dictionary, which IN is not
            place = call("list_position", self.constants(values), of)
            return exp.GT(this=coalesce(place, literal(0)), expression=literal(0))
        if len(values) < 3:
            same = [exp.EQ(this=of.copy(), expression=literal(value)) for value in values]
            return paren(any_of(same))
        return exp.In(this=of, expressions=[literal(value) for value in values])

    def same(self, left: Sql, right: Sql) -> Sql:
        """Whether two values are the same; none is the same as none."""
        if self.name == "spark":
            return exp.NullSafeEQ(this=left, expression=right)
        return exp.NullSafeEQ(this=paren(left), expression=paren(right))

    def plus_months(self, day: Sql, months: Sql) -> Sql:
        """The corresponding day so many months on; the month's last where there is none."""
        match self.name:
            case "duckdb":
                step = call("to_months", cast(months, "INT"))
                return cast(paren(exp.Add(this=day, expression=step)), "DATE")
            case "spark":
                return call("add_months", day, cast(months, "INT"))
            case "postgres":
                by_name = exp.Kwarg(
                    this=exp.to_identifier("months"), expression=cast(months, "INT")
                )
                step = call("make_interval", by_name)
                return cast(paren(exp.Add(this=day, expression=step)), "DATE")

    def plus_days(self, day: Sql, days: Sql) -> Sql:
        """The day so many days on."""
        if self.name == "spark":
            return call("date_add", day, cast(days, "INT"))
        return cast(paren(exp.Add(this=day, expression=cast(days, "INT"))), "DATE")

    def days_between(self, start: Sql, end: Sql) -> Sql:
        """The days from one day to another."""
        if self.name == "spark":
            return call("datediff", end, start)
        return paren(exp.Sub(this=paren(end), expression=paren(start)))

    def part(self, of: Literal["year", "month", "day"], day: Sql) -> Sql:
        """A part of a day."""
        if self.name == "postgres":
            extract = exp.Extract(this=exp.var(of.upper()), expression=day)
            return cast(extract, "INT")
        return call(of, day)

    def wide(self, value: Sql) -> Sql:
        """A number as one of 38 digits."""
        return cast(value, "HUGEINT" if self.name == "duckdb" else "DECIMAL(38, 0)")

    def quotient(self, over: Sql, under: Sql) -> Sql:
        """The whole quotient of two numbers that are not negative."""
        if self.name == "postgres":
            return call("div", cast(over, "DECIMAL"), cast(under, "DECIMAL"))
        return paren(exp.IntDiv(this=paren(over), expression=paren(under)))

    def bits(self, of: Sql, start: int, width: int) -> Sql:
        """Some bits of a whole number that is not negative."""
        if start and self.name == "spark":
            of = call("shiftright", of, literal(start))
        elif start:
            of = paren(exp.BitwiseRightShift(this=of, expression=literal(start)))
        return paren(exp.BitwiseAnd(this=of, expression=literal((1 << width) - 1)))

    def filled(self, values: list[Sql]) -> Sql:
        """A list without those of its items that are none."""
        array = exp.Array(expressions=values)
        match self.name:
            case "duckdb":
                there = [paren(exp.Not(this=is_null(v.copy()))) for v in values]
                return call("list_where", array, exp.Array(expressions=there))
            case "spark":
                return call("array_compact", array)
            case "postgres":
                return call("array_remove", array, exp.null())

    def best(self, last: bool, value: Sql, keys: list[Sql], condition: Sql) -> Sql:
        """The value of the row whose keys are smallest (of the last, largest)."""
        match self.name:
            case "duckdb":
                pick = call("arg_max_null" if last else "arg_min_null", value, call("row", *keys))
                return _among(condition, pick)
            case "spark":
                pick = call("max_by" if last else "min_by", value, call("struct", *keys))
                return _among(condition, pick)
            case "postgres":
                order = [exp.Ordered(this=key, desc=last) for key in keys]
                ordered = exp.ArrayAgg(this=exp.Order(this=value, expressions=order))
                first = [literal(1)]
                return exp.Bracket(
                    this=paren(_among(condition, ordered)), expressions=first, offset=1
                )


def _among(condition: Sql, aggregate: Sql) -> Sql:
    """An aggregate of the rows for which a condition holds."""
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition))
