"""Which rows are not plain: a fact that matters is unknown, a value bad, facts disagree, or the
rulebook might contradict itself.

It may be too careful: what it finds is decided elsewhere, by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from ..ir import types as t
from ..ir.rulebook import FactField, Rulebook
from ..ir.values import FIRST_DATE, LAST_DATE
from .build import Sql, all_of, any_of, call, coalesce, is_null, literal, name_of, negated, paren
from .dialects import Dialect
from .from_ir import scale_of
from .results import Flat
from .symbols import ROWS_OF_A_CASE
from .tabulate import in_order
from .terms import FACT_LIMIT, Term


class Odd:
    """The `condition` under which a row is not plain; `given` has those parts of it that read
    columns as they are, whatever stands there.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        flat: Flat,
        columns: frozenset[str],
        dialect: Dialect,
        results: Sequence[Term],
        inexact: Sequence[Term],
    ) -> None:
        self.rulebook = rulebook
        self.flat = flat
        self.terms = flat.terms
        self.columns = columns
        self.dialect = dialect
        self.roots = [*results, *inexact, *flat.faults, *(check for _, check in flat.checks)]
        self.faults = [*inexact, *flat.faults]
        self.given: dict[Term, Sql] = {}
        self.condition = self._condition()

    def _condition(self) -> Term:
        terms = self.terms
        read = self._read()
        parts = [terms.choose([(fault, terms.true)], terms.false) for fault in self.faults]
        for name, check in self.flat.checks:
            if name is None:
                parts.append(terms.choose([(check, terms.false)], terms.true))
        for group in self.rulebook.groups:
            if group.is_list:
                parts += self._odd_rows(group.name, group.fields, read)
            else:
                parts += [
                    self._raw(sql) for f in group.fields for sql in self._invalid(f, f.path, read)
                ]
        return terms.any(*parts)

    def _odd_rows(
        self, name: str, fields: tuple[FactField, ...], read: frozenset[str]
    ) -> Iterator[Term]:
        """Whether the case has rows of a list that are not plain, or too many."""
        terms = self.terms
        if name not in self.columns:
            if name in read:
                yield self._raw(exp.true())
            return
        if name in read and f"{name}?" in self.columns:
            yield self._raw(coalesce(name_of(f"{name}?"), exp.false()))
        wrong = [
            self._raw(sql)
            for field in fields
            for sql in self._invalid(field, field.path.rpartition(".")[2], read)
        ]
        wrong += [
            terms.choose([(check, terms.false)], terms.true)
            for of, check in self.flat.checks
            if of == name
        ]
        if wrong:
            yield terms.aggregate((name, "any"), (terms.any(*wrong),), "bool", False, None, None)
        if name in read:
            one = terms.integer(1)
            rows = terms.aggregate((name, "sum"), (terms.true, one), "int", False, 0, 2**62)
            yield terms.less(terms.integer(ROWS_OF_A_CASE), rows)

    def _read(self) -> frozenset[str]:
        """The facts, fields and lists that some result, check or fault depends on."""
        found: set[str] = set()
        for term in in_order(self.roots):
            if term.op in ("column", "item"):
                found.add(term.value)
            if term.op == "aggregate":
                found.add(term.value[0])
        return frozenset(found)

    def _raw(self, sql: Sql) -> Term:
        """A condition on columns as they are, as a term."""
        found = self.terms.leaf("fault", sql.sql(), "bool", False)
        self.given[found] = paren(sql)
        return found

    def _invalid(self, field: FactField, name: str, read: frozenset[str]) -> Iterator[Sql]:
        """Conditions under which a column does not hold a known, valid value."""
        there = field.path in self.columns
        column = name_of(name)
        nullable = isinstance(field.type, t.Maybe)
        if not there:
            if field.path in read:
                yield exp.true()
            return
        if field.path in read and not nullable:
            yield is_null(column.copy())
        if field.path in read and f"{field.path}?" in self.columns:
            unknown = name_of(f"{name}?")
            yield coalesce(unknown, exp.false())
        wrong = self._wrong(field, column)
        if wrong is not None:
            is_none = is_null(column.copy())
            yield all_of([negated(is_none), paren(wrong)])

    def _wrong(self, field: FactField, column: Sql) -> Sql | None:
        """Whether a value that is there is none that the fact may have."""
        solid = t.solid(field.type)
        if isinstance(solid, t.Enum):
            return negated(self.dialect.among(column, solid.members))
        if field.allowed:
            return negated(self.dialect.among(column, field.allowed))
        if solid == t.DATE:
            within = exp.Between(this=column, low=literal(FIRST_DATE), high=literal(LAST_DATE))
            return negated(within)
        if solid == t.TEXT:
            return negated(self._has_a_letter(column))
        if solid == t.BOOL:
            return None
        scale = scale_of(solid)
        below = exp.LT(this=column.copy(), expression=literal(0))
        above = exp.GT(this=column, expression=literal(FACT_LIMIT // scale))
        return any_of([below, above])

    def _has_a_letter(self, column: Sql) -> Sql:
        """Whether a text surely has more than blanks; what is doubtful is decided elsewhere."""
        pattern = literal("[!-~一-鿿]")
        if self.dialect.name == "duckdb":
            return call("regexp_matches", column, pattern)
        return exp.RegexpLike(this=column, expression=pattern)
