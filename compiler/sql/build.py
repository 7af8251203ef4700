"""SQL expressions built in place: sqlglot's own builders copy what they are given, each time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlglot import exp

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
        return cast(exp.Literal.string(value.isoformat()), "DATE")
    if isinstance(value, tuple):
        return exp.Array(expressions=[literal(part) for part in value])
    return exp.Literal.string(value)


def call(name: str, *args: Sql) -> Sql:
    """A function by the name the database gives it."""
    return exp.Anonymous(this=name, expressions=list(args))


def name_of(name: str, table: str | None = None) -> Sql:
    """A column."""
    return exp.Column(this=quoted(name), table=exp.to_identifier(table) if table else None)


def quoted(name: str) -> exp.Identifier:
    """A name in quotation marks."""
    return exp.Identifier(this=name, quoted=True)


def table_of(name: str, alias: str | None = None) -> exp.Table:
    """A relation, perhaps under another name."""
    found = exp.Table(this=quoted(name))
    if alias:
        found.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return found


def named(sql: Sql, name: str) -> Sql:
    """An output with its name."""
    return exp.Alias(this=sql, alias=quoted(name))


def case(pairs: Iterable[tuple[Sql, Sql]], otherwise: Sql | None) -> Sql:
    """CASE WHEN … THEN … ELSE … END."""
    found = exp.Case(ifs=[exp.If(this=c, true=v) for c, v in pairs])
    if otherwise is not None:
        found.set("default", otherwise)
    return found


def paren(sql: Sql) -> Sql:
    """An expression in parentheses."""
    return exp.Paren(this=sql)


def cast(sql: Sql, type_: str) -> Sql:
    """A value as one of another type, written as DuckDB writes types."""
    return exp.Cast(this=sql, to=exp.DataType.build(type_, dialect="duckdb"))


def coalesce(sql: Sql, instead: Sql) -> Sql:
    """A value, or another where it is NULL."""
    return exp.Coalesce(this=sql, expressions=[instead])


def is_null(sql: Sql) -> Sql:
    """Whether a value is NULL."""
    return exp.Is(this=sql, expression=exp.null())


def negated(sql: Sql) -> Sql:
    """NOT."""
    return exp.Not(this=sql if isinstance(sql, exp.Paren) else paren(sql))


def all_of(items: Iterable[Sql]) -> Sql:
    """AND of conditions that stand in parentheses where they need some."""
    return _joined(exp.And, items)


def any_of(items: Iterable[Sql]) -> Sql:
    """OR of conditions that stand in parentheses where they need some."""
    return _joined(exp.Or, items)


def _joined(how: type[exp.And | exp.Or], items: Iterable[Sql]) -> Sql:
    first, *rest = items
    found = first
    for item in rest:
        found = how(this=found, expression=item)
    return found


Join = tuple[exp.Expr, Sql, str]  # a relation, the condition, and how: "", "INNER" or "LEFT"


def select(columns: Iterable[Sql], source: exp.Expr, joins: Iterable[Join] = ()) -> exp.Select:
    """SELECT … FROM … JOIN …."""
    found = exp.Select(expressions=list(columns)).from_(source, copy=False)
    for table, on, how in joins:
        found.join(table, on=on, join_type=how, copy=False)
    return found


def within(query: exp.Select, alias: str) -> Sql:
    """A query as a relation."""
    return query.subquery(alias, copy=False)


def star(table: str) -> Sql:
    """All columns of a relation."""
    return exp.Column(this=exp.Star(), table=exp.to_identifier(table))
