"""Layers → one SELECT: the case, its days and lists in the first layer, a layer after another."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
from sqlglot import exp

from .build import (
    Join,
    Sql,
    any_of,
    case,
    cast,
    coalesce,
    literal,
    name_of,
    named,
    paren,
    quoted,
    select,
    star,
    table_of,
    within,
)  # fmt: skip
from .by_day import DAY
from .dialects import Dialect
from .emit import Emitter
from .layers import BITS_OF_A_COUNT, COUNTS_OF_A_PACK, Layers, ListPart
from .tabulate import Table
from .terms import Term

CASES = "案件"
ID = "案件编号"
CALENDAR = "日历"
LOOKUP = "查表"  # and its number


@attrs.frozen
class Query:
    """A query being written: its layers, and what each term is called in the last one."""

    dialect: Dialect
    layers: Layers
    tables: tuple[Table, ...]
    given: Mapping[Term, Sql]  # conditions on raw columns that are no terms
    calendar: Mapping[Term, str]  # the columns of the calendar
    plain: bool  # whether every row is: each date stands in the calendar

    def select(self, outputs: list[tuple[str, Sql]]) -> exp.Select:
        """A SELECT of outputs that are written for the last layer."""
        last = f"层{len(self.layers.layers)}"
        found = select((named(sql, name) for name, sql in outputs), table_of(last))
        for part in self.layers.lists:
            found.with_(quoted(_summary(part)), as_=self._summary_of(part), copy=False)
        found.with_(quoted("层0"), as_=self._first(), copy=False)
        for place in range(len(self.layers.layers)):
            found.with_(quoted(f"层{place + 1}"), as_=self._layer(place), copy=False)
        return found

    def emitter(self) -> Emitter:
        """What writes terms for a layer."""
        names = {**self.layers.names, **{day: self._of_day(day) for day in self.layers.days}}
        return Emitter(self.dialect, _Named(names), {**self.given, **self._of_lists()})

    def _of_day(self, term: Term) -> str:
        return f"{term.args[0].value}#{self.calendar[term.value]}"

    # --- the first layer

    def _first(self) -> exp.Select:
        dates = dict.fromkeys(term.args[0] for term in self.layers.days)
        calendars = {date: f"k{place}" for place, date in enumerate(dates)}
        columns = [star("c")]
        for term in self.layers.days:
            found = name_of(self.calendar[term.value], calendars[term.args[0]])
            columns.append(named(found, self._of_day(term)))
        joins = [self._with_calendar(date, alias) for date, alias in calendars.items()]
        for place, part in enumerate(self.layers.lists):
            alias = f"p{place}"
            columns += self._list_columns(part, alias)
            on = exp.EQ(this=name_of(ID, alias), expression=name_of(ID, "c"))
            joins.append((table_of(_summary(part), alias), on, "LEFT"))
        return self.dialect.fenced(select(columns, table_of(CASES, "c"), joins))

    def _with_calendar(self, date: Term, alias: str) -> Join:
        on = exp.EQ(this=name_of(DAY, alias), expression=name_of(date.value, "c"))
        how = "INNER" if self.plain and not date.nullable else "LEFT"
        return table_of(CALENDAR, alias), on, how

    def _list_columns(self, part: ListPart, alias: str) -> list[Sql]:
        packs = range(-(-len(part.packed) // COUNTS_OF_A_PACK))
        found = [
            named(coalesce(name_of(f"n{i}", alias), literal(0)), _pack(part, i)) for i in packs
        ]
        for place, term in enumerate(part.others):
            value: Sql = name_of(f"v{place}", alias)
            if term.value[1] in _EMPTY:
                value = coalesce(value, literal(_EMPTY[term.value[1]]))
            found.append(named(value, _other(part, place)))
        return found

    def _of_lists(self) -> dict[Term, Sql]:
        found: dict[Term, Sql] = {}
        for part in self.layers.lists:
            for term in part.packed:
                number, start = part.pack(term)
                bits = self.dialect.bits(name_of(_pack(part, number)), start, BITS_OF_A_COUNT)
                counted = term.value[1] == "count"
                found[term] = bits if counted else paren(exp.GT(this=bits, expression=literal(0)))
            for place, term in enumerate(part.others):
                value: Sql = name_of(_other(part, place))
                is_any = term.value[1] == "any"
                found[term] = paren(exp.GT(this=value, expression=literal(0))) if is_any else value
        return found

    # --- lists

    def _summary_of(self, part: ListPart) -> exp.Select:
        """One row a case: what its rows of a list come to, rows that say nothing left out."""
        write = Emitter(self.dialect, _Named({**part.beside, **part.inside}), self.given)
        inner, outer = [named(name_of(ID, "h"), ID)], [name_of(ID)]
        says: list[Sql] = []
        for place in range(0, len(part.packed), COUNTS_OF_A_PACK):
            pack = f"n{place // COUNTS_OF_A_PACK}"
            counts = part.packed[place : place + COUNTS_OF_A_PACK]
            inner.append(named(_sum(write, counts), pack))
            outer.append(named(cast(exp.Sum(this=name_of(pack)), "BIGINT"), pack))
            says.append(exp.GT(this=name_of(pack), expression=literal(0)))
        for place, term in enumerate(part.others):
            for sort, argument in enumerate(term.args):
                inner.append(named(write.of(argument), f"x{place}_{sort}"))
            outer.append(named(self._aggregate(term, place), f"v{place}"))
            says.append(name_of(f"x{place}_0"))
        rows = select(inner, within(self._rows(part), "h"), self._with_case(part))
        found = select(outer, within(rows, "r"))
        if not any(term.args[0].is_const for term in part.others):
            found.where(any_of(says), copy=False)
        return found.group_by(name_of(ID), copy=False)

    def _with_case(self, part: ListPart) -> list[Join]:
        """The case beside each row, where conditions need it."""
        if not part.beside:
            return []
        write = Emitter(self.dialect, {}, self.given)
        columns = [named(write.of(term), name) for term, name in part.beside.items()]
        beside = select([name_of(ID), *columns], table_of(CASES))
        on = exp.EQ(this=name_of(ID, "b"), expression=name_of(ID, "h"))
        return [(within(beside, "b"), on, "")]

    def _rows(self, part: ListPart) -> exp.Select:
        write = Emitter(self.dialect, {}, self.given)
        columns = [named(write.of(term), name) for term, name in part.inside.items()]
        return select([name_of(ID), *columns], table_of(part.name))

    def _aggregate(self, term: Term, place: int) -> Sql:
        how = term.value[1]
        columns: list[Sql] = [name_of(f"x{place}_{sort}") for sort in range(len(term.args))]
        condition, *parts = columns
        if how in ("first", "last"):
            return self.dialect.best(how == "last", parts[0], parts[1:], condition)
        if how == "any":
            return exp.Max(this=case([(condition, literal(1))], literal(0)))
        value = case([(condition, parts[0] if parts else literal(1))], None)
        if how in ("sum", "count"):
            total = exp.Sum(this=value)
            return cast(total, "BIGINT") if _small(term) else self.dialect.wide(total)
        return exp.Max(this=value) if how == "max" else exp.Min(this=value)

    # --- further layers

    def _layer(self, place: int) -> exp.Select:
        layer, write = self.layers.layers[place], self.emitter()
        columns = [star("q"), *(named(write.written(t), name) for name, t in layer.steps)]
        joins: list[Join] = []
        for number in layer.tables:
            table, alias = self.tables[number], f"t{number}"
            for column in range(len(table.columns)):
                columns.append(named(name_of(f"c{column}", alias), looked_up(number, column)))
            key = exp.EQ(this=name_of("k", alias), expression=write.of(table.key))
            joins.append((table_of(f"{LOOKUP}{number}", alias), key, "INNER"))
        return self.dialect.fenced(select(columns, table_of(f"层{place}", "q"), joins))


_EMPTY = {"sum": 0, "count": 0, "any": 0}


class _Named(dict[Term, str]):
    """Names of terms; a look-up has the name of its column."""

    def __contains__(self, term: object) -> bool:
        return super().__contains__(term) or (isinstance(term, Term) and term.op == "cell_of")

    def __missing__(self, term: Term) -> str:
        return looked_up(*term.value)


def looked_up(table: int, column: int) -> str:
    """What a column of a look-up table is called in a layer."""
    return f"{LOOKUP}{table}#{column}"


def _sum(write: Emitter, terms: tuple[Term, ...]) -> Sql:
    """Counts of one row as one whole number, each in bits of its own."""
    parts = [
        case([(write.asked(term.args[0]), literal(1 << BITS_OF_A_COUNT * place))], literal(0))
        for place, term in enumerate(terms)
    ]
    found: Sql = cast(parts[0], "BIGINT")
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
