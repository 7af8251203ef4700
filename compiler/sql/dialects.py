"""What DuckDB, Spark and PostgreSQL write differently, as sqlglot expressions."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import attrs
from sqlglot import exp

Name = Literal["duckdb", "spark", "postgres"]
Sql = exp.Expr


def literal(value: Any) -> Sql:
    """A constant."""
    if value is None:
        return exp.null()
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, int):
        number = exp.Literal.number(abs(value))
        return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
    if isinstance(value, tuple):
        return exp.Array(expressions=[literal(part) for part in value])
    return exp.Literal.string(value)


def call(name: str, *args: Sql) -> Sql:
    """A function by the name the database gives it."""
    return exp.Anonymous(this=name, expressions=list(args))


def name_of(name: str, table: str | None = None) -> exp.Column:
    """A column."""
    return exp.column(exp.to_identifier(name, quoted=True), table=table)


def case(pairs: list[tuple[Sql, Sql]], otherwise: Sql | None) -> Sql:
    """CASE WHEN … THEN … ELSE … END."""
    found = exp.Case(ifs=[exp.If(this=c, true=v) for c, v in pairs])
    if otherwise is not None:
        found.set("default", otherwise)
    return found


@attrs.frozen
class Dialect:
    """One database's way to say what the others say too."""

    name: Name

    def array(self, values: list[Sql]) -> Sql:
        """A list of texts."""
        found = exp.Array(expressions=values)
        return found if values else exp.cast(found, "ARRAY<TEXT>")

    def constants(self, values: tuple[Any, ...]) -> Sql:
        """A list of constants."""
        return exp.Array(expressions=[literal(value) for value in values])

    def at(self, values: Sql, place: Sql) -> Sql:
        """The item of a list at a place, from 1."""
        match self.name:
            case "duckdb":
                return call("list_extract", values, place)
            case "spark":
                return call("element_at", values, place)
            case "postgres":
                return exp.Bracket(this=exp.paren(values), expressions=[place], offset=1)

    def position(self, values: tuple[str, ...], text: Sql) -> Sql:
        """The place of a text in a list, from 1."""
        name = "list_position" if self.name == "duckdb" else "array_position"
        return exp.cast(call(name, self.constants(values), text), "INT")

    def among(self, of: Sql, values: tuple[Any, ...]) -> Sql:
        """Whether a value is one of several constants; none is not."""
        if self.name == "duckdb" and isinstance(values[0], str) and len(values) > 2:
            # worked out once for each entry of a column's dictionary, which IN is not
            place = call("list_position", self.constants(values), of)
            return exp.GT(this=exp.func("COALESCE", place, literal(0)), expression=literal(0))
        if len(values) < 3:
            same = [exp.EQ(this=of.copy(), expression=literal(value)) for value in values]
            return exp.paren(exp.or_(*same))
        return exp.In(this=of, expressions=[literal(value) for value in values])

    def same(self, left: Sql, right: Sql) -> Sql:
        """Whether two values are the same; none is the same as none."""
        if self.name == "spark":
            return exp.NullSafeEQ(this=left, expression=right)
        return exp.NullSafeEQ(this=exp.paren(left), expression=exp.paren(right))

    def plus_months(self, day: Sql, months: Sql) -> Sql:
        """The corresponding day so many months on; the month's last where there is none."""
        match self.name:
            case "duckdb":
                step = call("to_months", exp.cast(months, "INT"))
                return exp.cast(exp.paren(exp.Add(this=day, expression=step)), "DATE")
            case "spark":
                return call("add_months", day, exp.cast(months, "INT"))
            case "postgres":
                named = exp.PropertyEQ(
                    this=exp.to_identifier("months"), expression=exp.cast(months, "INT")
                )
                step = exp.Anonymous(
                    this="make_interval",
                    expressions=[exp.Kwarg(this=named.this, expression=named.expression)],
                )
                return exp.cast(exp.paren(exp.Add(this=day, expression=step)), "DATE")

    def plus_days(self, day: Sql, days: Sql) -> Sql:
        """The day so many days on."""
        if self.name == "spark":
            return call("date_add", day, exp.cast(days, "INT"))
        return exp.cast(exp.paren(exp.Add(this=day, expression=exp.cast(days, "INT"))), "DATE")

    def days_between(self, start: Sql, end: Sql) -> Sql:
        """The days from one day to another."""
        if self.name == "spark":
            return call("datediff", end, start)
        return exp.paren(exp.Sub(this=exp.paren(end), expression=exp.paren(start)))

    def part(self, of: Literal["year", "month", "day"], day: Sql) -> Sql:
        """A part of a day."""
        if self.name == "postgres":
            extract = exp.Extract(this=exp.var(of.upper()), expression=day)
            return exp.cast(extract, "INT")
        return call(of, day)

    def wide(self, value: Sql) -> Sql:
        """A number as one of 38 digits."""
        return exp.cast(
            value, "HUGEINT" if self.name == "duckdb" else "DECIMAL(38, 0)", dialect="duckdb"
        )

    def quotient(self, over: Sql, under: Sql) -> Sql:
        """The whole quotient of two numbers that are not negative."""
        match self.name:
            case "duckdb":
                return exp.paren(exp.IntDiv(this=exp.paren(over), expression=exp.paren(under)))
            case "spark":
                return exp.paren(exp.IntDiv(this=exp.paren(over), expression=exp.paren(under)))
            case "postgres":
                return call("div", exp.cast(over, "DECIMAL"), exp.cast(under, "DECIMAL"))

    def bits(self, of: Sql, start: int, width: int) -> Sql:
        """Some bits of a whole number that is not negative."""
        mask = literal((1 << width) - 1)
        if self.name == "spark":
            shifted = call("shiftright", of, literal(start)) if start else of
        else:
            shifted = (
                exp.paren(exp.BitwiseRightShift(this=of, expression=literal(start)))
                if start
                else of
            )
        return exp.paren(exp.BitwiseAnd(this=shifted, expression=mask))

    def filled(self, values: list[Sql]) -> Sql:
        """A list without those of its items that are none."""
        array = exp.Array(expressions=values)
        match self.name:
            case "duckdb":
                there = [
                    exp.paren(exp.Not(this=exp.Is(this=v.copy(), expression=exp.null())))
                    for v in values
                ]
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
                return exp.Filter(this=pick, expression=exp.Where(this=condition))
            case "spark":
                pick = call("max_by" if last else "min_by", value, call("struct", *keys))
                return exp.Filter(this=pick, expression=exp.Where(this=condition))
            case "postgres":
                order = exp.Order(expressions=[exp.Ordered(this=k, desc=last) for k in keys])
                ordered = exp.Filter(
                    this=exp.ArrayAgg(this=exp.Order(this=value, expressions=order.expressions)),
                    expression=exp.Where(this=condition),
                )
                return exp.Bracket(this=exp.paren(ordered), expressions=[literal(1)], offset=1)
