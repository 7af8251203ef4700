"""Layers → one SELECT: the case, its days and lists in the first layer, a layer after another."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
from sqlglot import exp

from .dialects import Dialect, Sql, literal, name_of
from .emit import Emitter
from .by_day import DAY
from .layers import BITS_OF_A_COUNT, COUNTS_OF_A_PACK, Layers, ListPart
from .tabulate import Table
from .terms import Term

CASES = "案件"
ID = "案件编号"
CALENDAR = "日历"


@attrs.frozen
class Query:
    """A query being written: its layers, and what each term is called in the last one."""

    dialect: Dialect
    layers: Layers
    tables: tuple[Table, ...]
    given: Mapping[Term, Sql]  # conditions on raw columns that are no terms
    calendar: Mapping[Term, str]  # the columns of the calendar
    plain: bool  # whether every row is: each date stands in the calendar
    lookups: str = "查表"  # what the look-up tables are called, with their numbers
    keeps_all: bool = False  # whether rows with a day that is in no calendar are among the cases

    def select(self, outputs: list[tuple[str, Sql]]) -> exp.Select:
        """A SELECT of outputs that are written for the last layer."""
        last = f"层{len(self.layers.layers)}"
        found = exp.select(*(_as(sql, name) for name, sql in outputs)).from_(_table(last))
        for part in self.layers.lists:
            found = found.with_(_quoted(_summary(part)), as_=self._summary_of(part))
        found = found.with_(_quoted("层0"), as_=self._first())
        for place in range(len(self.layers.layers)):
            found = found.with_(_quoted(f"层{place + 1}"), as_=self._layer(place))
        return found

    def emitter(self) -> Emitter:
        """What writes terms for a layer."""
        names = {**self.layers.names, **{day: self._of_day(day) for day in self.layers.days}}
        return Emitter(self.dialect, _Named(names), {**self.given, **self._of_lists()})

    def _of_day(self, term: Term) -> str:
        return f"{term.args[0].value}#{self.calendar[term.value]}"

    # --- the first layer

    def _first(self) -> exp.Select:
        columns: list[Sql] = [exp.Column(this=exp.Star(), table=exp.to_identifier("c"))]
        dates = dict.fromkeys(term.args[0] for term in self.layers.days)
        aliases = {date: f"k{place}" for place, date in enumerate(dates)}
        for term in self.layers.days:
            source = name_of(self.calendar[term.value], aliases[term.args[0]])
            columns.append(_as(source, self._of_day(term)))
        for place, part in enumerate(self.layers.lists):
            columns += self._list_columns(part, f"p{place}")
        found = exp.select(*columns).from_(_table(CASES, "c"))
        for date, alias in aliases.items():
            on = exp.EQ(this=name_of(DAY, alias), expression=name_of(date.value, "c"))
            how = "INNER" if self.plain and not date.nullable else "LEFT"
            found = found.join(_table(CALENDAR, alias), on=on, join_type=how)
        for place, part in enumerate(self.layers.lists):
            alias = f"p{place}"
            on = exp.EQ(this=name_of(ID, alias), expression=name_of(ID, "c"))
            found = found.join(_table(_summary(part), alias), on=on, join_type="LEFT")
        return found

    def _list_columns(self, part: ListPart, alias: str) -> list[Sql]:
        packs = range(-(-len(part.packed) // COUNTS_OF_A_PACK))
        found = [
            _as(exp.func("COALESCE", name_of(f"n{i}", alias), literal(0)), _pack(part, i))
            for i in packs
        ]
        for place, term in enumerate(part.others):
            value: Sql = name_of(f"v{place}", alias)
            if term.value[1] in _EMPTY:
                value = exp.func("COALESCE", value, literal(_EMPTY[term.value[1]]))
            found.append(_as(value, _other(part, place)))
        return found

    def _of_lists(self) -> dict[Term, Sql]:
        found: dict[Term, Sql] = {}
        for part in self.layers.lists:
            for term in part.packed:
                number, start = part.pack(term)
                bits = self.dialect.bits(name_of(_pack(part, number)), start, BITS_OF_A_COUNT)
                counted = term.value[1] == "count"
                found[term] = (
                    bits if counted else exp.paren(exp.GT(this=bits, expression=literal(0)))
                )
            for place, term in enumerate(part.others):
                value: Sql = name_of(_other(part, place))
                is_any = term.value[1] == "any"
                found[term] = (
                    exp.paren(exp.GT(this=value, expression=literal(0))) if is_any else value
                )
        return found

    # --- lists

    def _summary_of(self, part: ListPart) -> exp.Select:
        """One row a case: what its rows of a list come to, rows that say nothing left out."""
        write = Emitter(self.dialect, _Named({**part.beside, **part.inside}), self.given)
        packs: list[Sql] = []
        for place in range(0, len(part.packed), COUNTS_OF_A_PACK):
            terms = part.packed[place : place + COUNTS_OF_A_PACK]
            packs.append(_sum(write, terms))
        inner = exp.select(_as(name_of(ID, "h"), ID))
        outer = exp.select(name_of(ID))
        for place, pack in enumerate(packs):
            inner = inner.select(_as(pack, f"n{place}"))
            total = exp.cast(exp.Sum(this=name_of(f"n{place}")), "BIGINT")
            outer = outer.select(_as(total, f"n{place}"))
        for place, term in enumerate(part.others):
            for sort, argument in enumerate(term.args):
                inner = inner.select(_as(write.of(argument), f"x{place}_{sort}"))
            outer = outer.select(_as(self._aggregate(term, place), f"v{place}"))
        inner = inner.from_(self._rows(part).subquery("h"))
        if part.beside:
            beside = self._beside(part).subquery("b")
            on = exp.EQ(this=name_of(ID, "b"), expression=name_of(ID, "h"))
            inner = inner.join(beside, on=on)
        outer = outer.from_(inner.subquery("r"))
        says: list[Sql] = [
            exp.GT(this=name_of(f"n{place}"), expression=literal(0)) for place in range(len(packs))
        ]
        says += [name_of(f"x{place}_0") for place in range(len(part.others))]
        always = any(t.args[0].is_const for t in part.others)
        filtered = outer if always else outer.where(exp.or_(*says))
        return filtered.group_by(name_of(ID))

    def _rows(self, part: ListPart) -> exp.Select:
        write = Emitter(self.dialect, {}, self.given)
        found = exp.select(name_of(ID)).from_(_table(part.name))
        for term, name in part.inside.items():
            found = found.select(_as(write.of(term), name))
        return found

    def _beside(self, part: ListPart) -> exp.Select:
        write = Emitter(self.dialect, {}, self.given)
        found = exp.select(name_of(ID)).from_(_table(CASES))
        for term, name in part.beside.items():
            found = found.select(_as(write.of(term), name))
        return found

    def _aggregate(self, term: Term, place: int) -> Sql:
        how = term.value[1]
        named: list[Sql] = [name_of(f"x{place}_{sort}") for sort in range(len(term.args))]
        condition, *parts = named
        if how in ("first", "last"):
            return self.dialect.best(how == "last", parts[0], parts[1:], condition)
        if how == "any":
            return exp.Max(this=exp.case().when(condition, literal(1)).else_(literal(0)))
        value = exp.case().when(condition, parts[0] if parts else literal(1))
        if how in ("sum", "count"):
            total = exp.Sum(this=value)
            return exp.cast(total, "BIGINT") if _small(term) else self.dialect.wide(total)
        return exp.Max(this=value) if how == "max" else exp.Min(this=value)

    # --- further layers

    def _layer(self, place: int) -> exp.Select:
        layer, write = self.layers.layers[place], self.emitter()
        before = f"层{place}"
        found = exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier("q")))
        for name, term in layer.steps:
            found = found.select(_as(write.written(term), name))
        found = found.from_(_table(before, "q"))
        for number in layer.tables:
            table, alias = self.tables[number], f"t{number}"
            for column in range(len(table.columns)):
                found = found.select(_as(name_of(f"c{column}", alias), looked_up(number, column)))
            key = exp.EQ(this=name_of("k", alias), expression=write.of(table.key))
            found = found.join(_table(f"{self.lookups}{number}", alias), on=key)
        return found


_EMPTY = {"sum": 0, "count": 0, "any": 0}


class _Named(dict[Term, str]):
    """Names of terms; a look-up has the name of its column."""

    def __contains__(self, term: object) -> bool:
        return super().__contains__(term) or (isinstance(term, Term) and term.op == "cell_of")

    def __missing__(self, term: Term) -> str:
        return looked_up(*term.value)


def looked_up(table: int, column: int) -> str:
    """What a column of a look-up table is called in a layer."""
    return f"查表{table}#{column}"


def _sum(write: Emitter, terms: tuple[Term, ...]) -> Sql:
    """Counts of one row as one whole number, each in bits of its own."""
    parts = [
        exp.case()
        .when(write.of(term.args[0]), literal(1 << BITS_OF_A_COUNT * place))
        .else_(literal(0))
        for place, term in enumerate(terms)
    ]
    found: Sql = exp.cast(parts[0], "BIGINT")
    for part in parts[1:]:
        found = exp.Add(this=found, expression=part)
    return found


def _small(term: Term) -> bool:
    most = 2**63
    return term.low is not None and term.high is not None and -most < term.low and term.high < most


def _summary(part: ListPart) -> str:
    return f"{part.name}汇总"


def _pack(part: ListPart, number: int) -> str:
    return f"{part.name}#n{number}"


def _other(part: ListPart, number: int) -> str:
    return f"{part.name}#v{number}"


def _quoted(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def _table(name: str, alias: str | None = None) -> exp.Table:
    found = exp.Table(this=_quoted(name))
    if alias:
        found.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return found


def _as(sql: Sql, name: str) -> Sql:
    return exp.alias_(sql, _quoted(name))
