"""A rulebook → the statements that decide a table of cases.

The query decides rows that are *plain*: every fact it reads is known and valid, the facts agree,
and nothing in the rulebook could contradict itself there. `check` finds the other rows; they are
decided one by one elsewhere, by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd
from typing import Any

import attrs
from sqlglot import exp

from ..ir import types as t
from ..ir.rulebook import Rulebook
from .build import (
    Sql,
    call,
    cast,
    literal,
    name_of,
    paren,
    select,
    within,
)
from .by_day import by_day
from .dialects import Dialect, Name
from .exact import quotient
from .layers import Layers, arrange
from .odd import Odd
from .query import CASES, ID, LOOKUP, Query
from .results import Column, Flat, Form, Gap, flatten
from .setup import calendar, lookup
from .symbols import Unreachable
from .tabulate import Table, in_order, tabulate
from .terms import OutOfReach, Term
from .whole import whole

PLACES: dict[Form, int] = {"money": 0, "ratio": 4, "number": 6, "whole": 0}
TYPES: dict[Form, str] = {
    "bool": "BOOLEAN", "text": "TEXT", "date": "DATE", "list": "ARRAY<TEXT>",
    "whole": "BIGINT", "money": "DECIMAL(18, 2)", "ratio": "DECIMAL(9, 4)",
    "number": "DECIMAL(38, 6)",
}  # fmt: skip

_ODD = "逐行"


_DECIMALS: dict[Form, int] = {"money": 2, "ratio": 4, "number": 6}  # places after the point


def _decimal(digits: int, places: int) -> str:
    return f"DECIMAL({digits}, {places})"


@attrs.frozen
class Script:
    """Statements for one database.

    `setup` makes temporary tables. `check` selects the 案件编号 of every row that is not
    plain, each once. `decide` selects the results of rows all of which are plain.
    `unsupported` names results that no query says, and why; then there is neither. `whole` is there
    where it is asked for: it selects all rows, those that are not plain without results.
    """

    setup: tuple[str, ...]
    check: str
    decide: str
    unsupported: tuple[Gap, ...]
    whole: str = ""


def script(
    rulebook: Rulebook,
    readings: Mapping[str, str],
    columns: frozenset[str],
    dialect: Name,
    *,
    with_whole: bool = False,
) -> Script:
    """The statements that decide cases in tables with some columns.

    Args:
        rulebook: whose rules decide.
        readings: the readings that are not the first of their alternatives.
        columns: paths of facts and fields that are columns, `path?` of their companions, and the
            names of lists that have a table.
        dialect: of which database.
        with_whole: whether one statement is wanted that selects all rows.
    """
    flat = flatten(rulebook, readings)
    if flat.gaps:
        return Script((), "", "", flat.gaps)
    try:
        return _Writer(rulebook, flat, columns, Dialect(dialect)).script(with_whole)
    except (Unreachable, OutOfReach) as error:
        return Script((), "", "", (Gap("", error.text),))


class _Writer:
    def __init__(
        self, rulebook: Rulebook, flat: Flat, columns: frozenset[str], dialect: Dialect
    ) -> None:
        self.rulebook = rulebook
        self.flat = flat
        self.terms = flat.terms
        self.columns = columns
        self.dialect = dialect
        self.inexact: list[Term] = []  # conditions under which no column holds a result exactly
        self.results = [(column, self._whole(column)) for column in flat.columns]

    def script(self, with_whole: bool) -> Script:
        terms, labels = self.terms, self.flat.names
        domains = self._domains()
        roots = by_day(terms, tuple(term for _, term in self.results), domains)
        roots, tables = tabulate(terms, roots)
        layers = arrange(roots, tables, labels)
        results = [term for _, term in self.results]
        odd = Odd(self.rulebook, self.flat, self.columns, self.dialect, results, self.inexact)
        (found,) = by_day(terms, (odd.condition,), domains)
        odd_layers = arrange((found,), (), labels, packed=False)
        columns = self._calendar(layers, odd_layers)
        query = Query(self.dialect, layers, tables, {}, columns, plain=True)
        decide = query.select(self._outputs(query, roots))
        finding = Query(self.dialect, odd_layers, (), odd.given, columns, plain=False)
        check = self._check(finding, found)
        setup = [calendar(self.dialect, columns)] if columns else []
        setup += self._lookups(tables)
        text = self._text
        every = text(self._every(decide, check)) if with_whole else ""
        return Script(tuple(setup), text(check), text(decide), (), every)

    def _every(self, decide: exp.Select, check: exp.Select) -> Sql:
        lists = [group.name for group in self.rulebook.groups if group.is_list]
        types = [("状态", "TEXT"), *((c.name, TYPES[c.form]) for c, _ in self.results)]
        types += [(name, TYPES["list"]) for name in ("缺少", "错误", "未定")]
        return whole(decide, check, (CASES, *lists), types, self.dialect)

    def _text(self, sql: Sql) -> str:
        return sql.sql(dialect=self.dialect.name, pretty=True)

    def _domains(self) -> dict[Term, tuple[Any, ...]]:
        """The values of facts that have few, by their columns."""
        found: dict[Term, tuple[Any, ...]] = {}
        for term in in_order([term for _, term in self.results]):
            if term.op == "column" and term.value in self.rulebook.facts:
                field = self.rulebook.facts[term.value]
                solid = t.solid(field.type)
                if isinstance(solid, t.Enum):
                    found[term] = solid.members
                elif solid == t.BOOL:
                    found[term] = (True, False)
                elif field.allowed:
                    found[term] = field.allowed
        return found

    def _calendar(self, *several: Layers) -> dict[Term, str]:
        """The columns of the calendar: the value of a day, and what it is called."""
        values = dict.fromkeys(day.value for layers in several for day in layers.days)
        return {value: f"v{place}" for place, value in enumerate(values)}

    def _lookups(self, tables: tuple[Table, ...]) -> list[str]:
        return [lookup(self.dialect, f"{LOOKUP}{at}", table) for at, table in enumerate(tables)]

    # --- results

    def _whole(self, column: Column) -> Term:
        """A result as it is computed: of a number, how many of its smallest parts."""
        terms = self.terms
        if column.form not in PLACES:
            return column.term
        parts, under = terms.integer(10 ** PLACES[column.form]), column.under
        if under.is_const:
            shared = gcd(parts.value, under.value)
            parts, under = (
                terms.integer(parts.value // shared),
                terms.integer(under.value // shared),
            )
        found = terms.multiply(column.term, parts)
        if under is terms.integer(1):
            return found
        exact = quotient(terms, found, under.value) if under.is_const else None
        if exact is not None:
            return exact
        whole = terms.floor_divide(found, under)
        exactly = terms.equal(terms.multiply(whole, under), found)
        self.inexact.append(terms.opposite(exactly))
        return whole

    def _outputs(self, query: Query, roots: tuple[Term, ...]) -> list[tuple[str, Sql]]:
        write = query.emitter()
        outputs: list[tuple[str, Sql]] = [(ID, name_of(ID)), ("状态", literal("已定"))]
        for (column, _), root in zip(self.results, roots, strict=True):
            outputs.append((column.name, self._typed(column.form, root, write.of(root))))
        none = self.dialect.array([])
        return [*outputs, *((name, none.copy()) for name in ("缺少", "错误", "未定"))]

    def _typed(self, form: Form, term: Term, sql: Sql) -> Sql:
        """A result in the type of its column; a number of smallest parts as the decimal it is."""
        if form == "list" or (form in ("bool", "text", "date") and not term.is_const):
            return sql
        if form in _DECIMALS and term.low is not None and term.high is not None:
            places = _DECIMALS[form]
            digits = 15 if max(term.high, -term.low) < 10**15 else 30
            part = cast(exp.Literal.number("0." + "1".rjust(places, "0")), _decimal(places, places))
            sql = exp.Mul(this=cast(sql, _decimal(digits, 0)), expression=part)
        return cast(sql, TYPES[form])

    # --- rows that are not plain

    def _check(self, query: Query, odd: Term) -> exp.Select:
        condition = query.emitter().asked(odd)
        if self.dialect.name != "spark":
            return query.select([(ID, name_of(ID))]).where(condition, copy=False)
        # Spark moves a condition down through all layers and writes it out over and over, unless it
        # depends on something that cannot be moved
        fixed = exp.GTE(this=call("monotonically_increasing_id"), expression=literal(0))
        found = exp.And(this=paren(condition), expression=fixed)
        asked = within(query.select([(ID, name_of(ID)), (_ODD, found)]), "q")
        return select([name_of(ID)], asked).where(name_of(_ODD), copy=False)
