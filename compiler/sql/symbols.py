"""What an expression of the IR is in columns: one term, or several that belong together."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any, Literal

import attrs

from ..diagnostics.entry import Both
from ..ir import types as t
from ..ir.rulebook import Register
from .terms import Kind, Term, Terms


class Unreachable(Exception):
    """Something that no query here says, in words."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.text = Both(zh, en)


@attrs.frozen
class Number:
    """A number as a whole one over a positive whole one."""

    over: Term
    under: Term


@attrs.frozen
class Span:
    """A period: months, then days."""

    months: Term
    days: Term


@attrs.frozen
class Members:
    """Some members of an enumeration, in its order: for each whether it is there."""

    enum: t.Enum
    conditions: tuple[Term, ...]


@attrs.frozen
class Clauses:
    """A set of clauses: for each whether it is in."""

    conditions: dict[str, Term]


@attrs.frozen
class Rows:
    """The rows of a list fact that belong to the case and fulfil a condition."""

    list_name: str
    condition: Term


@attrs.frozen
class RowValues:
    """A value of each of some rows."""

    rows: Rows
    value: Symbol


@attrs.frozen
class BestRow:
    """The best of some rows: by ascending keys, then by the fields in the order of declaration."""

    rows: Rows
    keys: tuple[Term, ...]
    last: bool


@attrs.frozen
class AnyRow:
    """A row at hand in a condition on rows."""

    list_name: str


@attrs.frozen(eq=False)
class FixedRow:
    """A row of a register."""

    register: Register
    index: int


@attrs.frozen
class Fixed:
    """Some rows of a register: each with whether it is there."""

    rows: tuple[tuple[FixedRow, Term], ...]


@attrs.frozen
class OneOfFixed:
    """A row of a register, or none: at most one condition holds."""

    rows: tuple[tuple[FixedRow, Term], ...]


@attrs.frozen
class Pairs:
    """Values of some things that are known beforehand: each with whether the thing is there."""

    items: tuple[tuple[Term, Symbol], ...]


class Nothing:
    """空: none of any type, or the empty list."""


NOTHING = Nothing()

Symbol = (
    Term | Number | Span | Members | Clauses | Rows | RowValues | BestRow | AnyRow | FixedRow
    | Fixed | OneOfFixed | Pairs | Nothing
)  # fmt: skip


def kind_of(type_: t.Type) -> Kind:
    """The kind of column that holds a type."""
    solid = t.solid(type_)
    if solid == t.BOOL:
        return "bool"
    if solid == t.DATE:
        return "date"
    if solid in (t.TEXT, t.CLAUSE):
        return "text"
    if isinstance(solid, t.ListOf) or solid == t.CLAUSES:
        return "list"
    return "int"


def number(terms: Terms, value: Fraction | int) -> Number:
    """A constant number."""
    fraction = Fraction(value)
    return Number(terms.integer(fraction.numerator), terms.integer(fraction.denominator))


def with_common_divisor(terms: Terms, numbers: list[Number]) -> list[Number]:
    """The numbers over one divisor, where their divisors are constants."""
    if not all(n.under.is_const for n in numbers):
        return numbers
    common = lcm(*(n.under.value for n in numbers))
    return [
        Number(
            terms.multiply(n.over, terms.integer(common // n.under.value)), terms.integer(common)
        )
        for n in numbers
    ]


def choose(terms: Terms, pairs: list[tuple[Term, Symbol]], otherwise: Symbol) -> Symbol:
    """The value of the first condition that holds, whatever sort of value it is."""
    open_pairs = [(c, v) for c, v in pairs if c is not terms.false]
    for place, (condition, value) in enumerate(open_pairs):
        if condition is terms.true:
            open_pairs, otherwise = open_pairs[:place], value
            break
    if not open_pairs:
        return otherwise
    values = [value for _, value in open_pairs] + [otherwise]
    sample = next((v for v in values if not isinstance(v, Nothing)), NOTHING)
    filled = [_as(terms, value, sample) for value in values]
    conditions = [condition for condition, _ in open_pairs]
    match sample:
        case Nothing():
            return NOTHING
        case Term():
            return _choose_terms(terms, conditions, filled)
        case Number():
            return _choose_numbers(terms, conditions, filled)
        case Span():
            parts = (_choose_terms(terms, conditions, [getattr(v, part) for v in filled])
                     for part in ("months", "days"))  # fmt: skip
            return Span(*parts)
        case Members(enum, _):
            columns = zip(*(v.conditions for v in filled), strict=True)
            return Members(enum, tuple(_choose_terms(terms, conditions, list(c)) for c in columns))
        case Clauses():
            names = dict.fromkeys(name for v in filled for name in v.conditions)
            return Clauses({
                name: _choose_terms(
                    terms, conditions, [v.conditions.get(name, terms.false) for v in filled]
                )
                for name in names
            })  # fmt: skip
        case Rows(list_name, _):
            if any(v.list_name != list_name for v in filled):
                raise Unreachable("两个清单之间的选择", "a choice between two lists of facts")
            return Rows(list_name, _choose_terms(terms, conditions, [v.condition for v in filled]))
    raise Unreachable("列表或记录之间的选择", "a choice between lists or records")


def _choose_terms(terms: Terms, conditions: list[Term], values: list[Any]) -> Term:
    return terms.choose(list(zip(conditions, values[:-1], strict=True)), values[-1])


def _choose_numbers(terms: Terms, conditions: list[Term], values: list[Any]) -> Number:
    values = with_common_divisor(terms, values)
    over = _choose_terms(terms, conditions, [v.over for v in values])
    return Number(over, _choose_terms(terms, conditions, [v.under for v in values]))


def _as(terms: Terms, value: Symbol, sample: Symbol) -> Any:
    """空 as a value of the sort it stands beside."""
    if not isinstance(value, Nothing):
        if value.__class__ is not sample.__class__:
            raise Unreachable(
                "不同种类的值之间的选择", "a choice between values of different kinds"
            )
        return value
    match sample:
        case Term(kind="list"):
            return terms.const((), "list")
        case Term(kind=kind):
            return terms.none(kind)
        case Number():
            return Number(terms.none("int"), terms.integer(1))
        case Span():
            return Span(terms.none("int"), terms.none("int"))
        case Members(enum, conditions):
            return Members(enum, tuple(terms.false for _ in conditions))
        case Clauses():
            return Clauses({})
        case Rows(list_name, _):
            return Rows(list_name, terms.false)
    return value


ROWS_OF_A_CASE = 32_767  # a case with more rows of a list is decided outside the query


def count(terms: Terms, rows: Rows) -> Number:
    """How many rows there are."""
    if rows.condition is terms.false:
        return number(terms, 0)
    found = terms.aggregate(
        (rows.list_name, "count"), (rows.condition,), "int", False, 0, ROWS_OF_A_CASE
    )
    return Number(found, terms.integer(1))


def exists(terms: Terms, rows: Rows) -> Term:
    """Whether there is a row."""
    if rows.condition is terms.false:
        return terms.false
    return terms.aggregate((rows.list_name, "any"), (rows.condition,), "bool", False, None, None)


def fold(terms: Terms, how: Literal["sum", "max", "min"], values: RowValues) -> Symbol:
    """The sum, the largest or the smallest of the values of rows."""
    value, name = values.value, values.rows.list_name
    if isinstance(value, Number):
        if not value.under.is_const:
            raise Unreachable("比值之和", "a sum of quotients")
        return Number(_fold(terms, how, name, values.rows.condition, value.over), value.under)
    if isinstance(value, Term) and value.kind == "date" and how != "sum":
        return _fold(terms, how, name, values.rows.condition, value)
    raise Unreachable("此类值之和或最值", "the sum or extreme of such values")


def _fold(terms: Terms, how: str, name: str, condition: Term, value: Term) -> Term:
    low, high = value.low, value.high
    if how == "sum" and low is not None and high is not None:
        low, high = min(low * ROWS_OF_A_CASE, 0), max(high * ROWS_OF_A_CASE, 0)
    nullable = how != "sum"
    return terms.aggregate((name, how), (condition, value), value.kind, nullable, low, high)
