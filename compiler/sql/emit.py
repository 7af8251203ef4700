"""Terms → SQL expressions, for the names that their parts have in a layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from .build import (
    Sql,
    all_of,
    any_of,
    call,
    case,
    cast,
    coalesce,
    is_null,
    literal,
    name_of,
    negated,
    paren,
)  # fmt: skip
from .dialects import Dialect
from .terms import OutOfReach, Term

_INT = 2**31 - 1
_BIGINT = 2**63 - 1


class Emitter:
    """Writes terms; those in `names` are columns already, those in `given` expressions."""

    def __init__(
        self, dialect: Dialect, names: Mapping[Term, str], given: Mapping[Term, Sql] | None = None
    ) -> None:
        self.dialect = dialect
        self.names = names
        self.given = given or {}

    def of(self, term: Term) -> Sql:
        """A term: by its name, or written out."""
        return name_of(self.names[term]) if term in self.names else self.written(term)

    def written(self, term: Term) -> Sql:
        """A term written out, its parts by their names."""
        if term in self.given:
            return self.given[term].copy()
        return _WRITE[term.op](self, term)

    def const(self, term: Term) -> Sql:
        if term.kind == "list":
            return self.dialect.array([literal(text) for text in term.value])
        return literal(term.value)

    def column(self, term: Term) -> Sql:
        return name_of(term.value)

    def item(self, term: Term) -> Sql:
        return name_of(term.value.rpartition(".")[2])

    def all(self, term: Term) -> Sql:
        return paren(all_of(self.of(item) for item in term.args))

    def any(self, term: Term) -> Sql:
        return paren(any_of(self.of(item) for item in term.args))

    def opposite(self, term: Term) -> Sql:
        of = term.args[0]
        if of.op == "present":
            return paren(is_null(self.of(of.args[0])))
        return exp.Not(this=paren(self.of(of)))

    def equal(self, term: Term) -> Sql:
        left, right = (self.of(item) for item in term.args)
        return exp.EQ(this=left, expression=right)

    def same(self, term: Term) -> Sql:
        left, right = (self.of(item) for item in term.args)
        return self.dialect.same(left, right)

    def less(self, term: Term) -> Sql:
        left, right = (self.of(item) for item in term.args)
        return (exp.LT if term.op == "lt" else exp.LTE)(this=left, expression=right)

    def present(self, term: Term) -> Sql:
        return paren(exp.Not(this=is_null(self.of(term.args[0]))))

    def among(self, term: Term) -> Sql:
        found = self.dialect.among(self.of(term.args[0]), term.value)
        return coalesce(found, exp.false()) if term.args[0].nullable else found

    def choice(self, term: Term) -> Sql:
        found = [(self.asked(c), self._wide_enough(v, term)) for c, v in term.branches]
        last = self._wide_enough(term.otherwise, term)
        typed = _TYPES.get(term.kind)
        if typed and all(v.is_const and v.value is None for _, v in term.branches):
            last = cast(last, typed)
        return case(found, last)

    def asked(self, condition: Term) -> Sql:
        """A condition after WHEN, where NULL is as good as false."""
        if condition not in self.names and condition not in self.given:
            if condition.op == "same" and condition.args[1].is_const:
                return self.equal(condition)
            if condition.op == "in":
                return self.dialect.among(self.of(condition.args[0]), condition.value)
        return self.of(condition)

    def _wide_enough(self, item: Term, of: Term) -> Sql:
        found = self.of(item)
        return self.widened(found, width(item), width(of)) if item.kind == "int" else found

    def widened(self, sql: Sql, have: int, need: int) -> Sql:
        """A number as a type that holds what becomes of it."""
        if need <= have:
            return sql
        return cast(sql, "BIGINT") if need == 1 else self.dialect.wide(sql)

    def code(self, term: Term) -> Sql:
        of = self.of(term.args[0])
        names = tuple(name for name, _ in term.value)
        codes = [code for _, code in term.value]
        place = self.dialect.position(names, of)
        if codes != list(range(len(codes))):
            return self.dialect.at(self.dialect.constants(tuple(codes)), place)
        return paren(exp.Sub(this=place, expression=literal(1)))

    def named(self, term: Term) -> Sql:
        return self._cell(term.args[0], term.value)

    def cell(self, term: Term) -> Sql:
        at = term.args[0]
        changed = [(i, v) for i, v in enumerate(term.value) if v != i]
        if term.kind == "int" and len(changed) < 3 and None not in term.value and not at.nullable:
            pairs: list[tuple[Sql, Sql]] = [
                (exp.EQ(this=self.of(at), expression=literal(i)), literal(v)) for i, v in changed
            ]
            return case(pairs, self.of(at))
        return self._cell(at, term.value)

    def _cell(self, at: Term, values: tuple[object, ...]) -> Sql:
        place = exp.Add(this=self.of(at), expression=literal(1))
        return self.dialect.at(self.dialect.constants(values), place)

    def key(self, term: Term) -> Sql:
        bits = [
            exp.Mul(this=cast(self.of(c), "SMALLINT"), expression=literal(1 << place))
            if self.dialect.name == "duckdb" and not c.nullable
            else case([(self.of(c), literal(1 << place))], literal(0))
            for place, c in enumerate(term.args)
        ]
        found: Sql = bits[0]
        for bit in bits[1:]:
            found = exp.Add(this=found, expression=bit)
        return found

    def _operands(self, term: Term) -> list[Sql]:
        return [paren(self._wide_enough(item, term)) for item in term.args]

    def sum(self, term: Term) -> Sql:
        left, right = self._operands(term)
        return paren((exp.Add if term.op == "add" else exp.Sub)(this=left, expression=right))

    def product(self, term: Term) -> Sql:
        left, right = self._operands(term)
        return paren(exp.Mul(this=left, expression=right))

    def quotient(self, term: Term) -> Sql:
        over, under = self._operands(term)
        low, least = term.args[0].low, term.args[1].low
        if least is None or least <= 0:  # such rows are odd, but every row is computed
            under = exp.Nullif(this=under, expression=literal(0))
        if width(term) < 2 and not _fits(term, _BIGINT):
            raise OutOfReach
        plain = self.dialect.quotient(over, under)
        if low is not None and low >= 0:
            return plain
        # divisions cut off towards zero: of a negative number the next whole one below is meant
        raised = exp.Sub(
            this=exp.Sub(this=under.copy(), expression=literal(1)), expression=over.copy()
        )
        below = exp.Neg(this=self.dialect.quotient(paren(raised), under.copy()))
        negative = exp.LT(this=over.copy(), expression=literal(0))
        return case([(negative, paren(below))], plain)

    def absolute(self, term: Term) -> Sql:
        return exp.Abs(this=self._operands(term)[0])

    def extreme(self, term: Term) -> Sql:
        name = "GREATEST" if term.op == "max" else "LEAST"
        if term.kind == "date":
            return call(name, *(self.of(item) for item in term.args))
        return call(name, *self._operands(term))

    def scaled(self, term: Term) -> Sql:
        product = exp.Mul(this=self.of(term.args[0]), expression=literal(term.value))
        return cast(product, "BIGINT")

    def add_months(self, term: Term) -> Sql:
        day, months = (self.of(item) for item in term.args)
        found = self.dialect.plus_months(day, months)
        if not term.value:
            return found
        shorter = exp.LT(
            this=self.dialect.part("day", found.copy()),
            expression=self.dialect.part("day", day.copy()),
        )
        return case([(shorter, self.dialect.plus_days(found.copy(), literal(1)))], found)

    def add_days(self, term: Term) -> Sql:
        return self.dialect.plus_days(*(self.of(item) for item in term.args))

    def part(self, term: Term) -> Sql:
        return self.dialect.part(term.op, self.of(term.args[0]))  # type: ignore[arg-type]

    def months_between(self, term: Term) -> Sql:
        start, end = (self.of(item) for item in term.args)
        years = exp.Sub(
            this=self.dialect.part("year", end), expression=self.dialect.part("year", start)
        )
        months = exp.Sub(
            this=self.dialect.part("month", end.copy()),
            expression=self.dialect.part("month", start.copy()),
        )
        twelve = exp.Mul(this=paren(years), expression=literal(12))
        return paren(exp.Add(this=twelve, expression=paren(months)))

    def days_between(self, term: Term) -> Sql:
        return self.dialect.days_between(*(self.of(item) for item in term.args))

    def years_completed(self, term: Term) -> Sql:
        born, day = (self.of(item) for item in term.args)
        years = paren(
            exp.Sub(this=self.dialect.part("year", day), expression=self.dialect.part("year", born))
        )
        months = exp.Mul(this=years.copy(), expression=literal(12))
        reached = self.dialect.plus_months(born.copy(), months)
        short = exp.LT(this=day.copy(), expression=reached)
        return paren(exp.Sub(this=years, expression=case([(short, literal(1))], literal(0))))

    def members(self, term: Term) -> Sql:
        parts = [
            case([(self.of(c), literal(name))], None)
            for name, c in zip(term.value, term.args, strict=True)
        ]
        return self.dialect.filled(parts)

    def listed(self, term: Term) -> Sql:
        items = [self.of(item) for item in term.args]
        if len(items) == 1:
            return self._one(items[0], term.args[0].nullable)
        if len(items) == 2:
            return self._two(items[0], items[1])
        parts = [items[0]]
        for place, item in enumerate(items[1:], 1):
            before = items[:place]
            fresh = all_of(negated(self.dialect.same(item.copy(), o.copy())) for o in before)
            parts.append(case([(fresh, item)], None))
        return self.dialect.filled(parts)

    def _one(self, item: Sql, nullable: bool) -> Sql:
        filled = self.dialect.array([item.copy()])
        if not nullable:
            return filled
        return case([(is_null(item.copy()), self.dialect.array([]))], filled)

    def _two(self, one: Sql, other: Sql) -> Sql:
        no_one = is_null(one.copy())
        twice = any_of([is_null(other.copy()), exp.EQ(this=one.copy(), expression=other.copy())])
        return case(
            [
                (no_one, self._one(other, True)),
                (twice, self.dialect.array([one.copy()])),
            ],
            self.dialect.array([one.copy(), other.copy()]),
        )


def width(term: Term) -> int:
    """0 where 32 bits hold a number and all that it is computed from, 1 where 64, else 2."""
    if term.kind != "int":
        return 0
    own = 0 if _fits(term, _INT) else 1 if _fits(term, _BIGINT) else 2
    if term.op in ("add", "sub", "mul", "floordiv", "abs", "max", "min"):
        return max(own, *(width(item) for item in term.args))
    if term.op == "case":
        return max(own, *(width(item) for item in term.outcomes))
    if term.op in ("column", "item", "scaled", "aggregate"):
        return max(own, 1)
    return own


def _fits(term: Term, most: int) -> bool:
    if term.low is None or term.high is None:
        return term.is_const
    return -most <= term.low and term.high <= most


_TYPES = {"text": "TEXT", "date": "DATE", "int": "INT", "bool": "BOOLEAN"}

_E = Emitter
_WRITE: dict[str, Callable[[Emitter, Term], Sql]] = {
    "const": _E.const,
    "column": _E.column,
    "item": _E.item,
    "and": _E.all,
    "or": _E.any,
    "not": _E.opposite,
    "eq": _E.equal,
    "same": _E.same,
    "lt": _E.less,
    "le": _E.less,
    "present": _E.present,
    "in": _E.among,
    "case": _E.choice,
    "code": _E.code,
    "name": _E.named,
    "cell": _E.cell,
    "key": _E.key,
    "add": _E.sum,
    "sub": _E.sum,
    "mul": _E.product,
    "floordiv": _E.quotient,
    "abs": _E.absolute,
    "max": _E.extreme,
    "min": _E.extreme,
    "scaled": _E.scaled,
    "add_months": _E.add_months,
    "add_days": _E.add_days,
    "year": _E.part,
    "month": _E.part,
    "months_between": _E.months_between,
    "days_between": _E.days_between,
    "years_completed": _E.years_completed,
    "members": _E.members,
    "listed": _E.listed,
}
