"""IR → terms over columns: readings taken, members written out, rules as choices.

What the interpreter does for one case is written down once for all rows. Whatever could be a fault
of the rulebook (rules that disagree, a division by zero) is collected in `faults`: such rows are
decided outside the query, so a fault here may be too careful but never too bold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any, Literal

from ..ir import nodes as ir
from ..ir import types as t
from ..ir.plan import DefinitionPlan, RulePlan, plan_definition, requirements_by_group
from ..ir.rulebook import Check, FactField, Requirement, Rulebook
from ..ir.values import FIRST_DATE, LAST_DATE, Period
from .symbols import (
    NOTHING,
    AnyRow,
    BestRow,
    Clauses,
    Fixed,
    FixedRow,
    Members,
    Nothing,
    Number,
    OneOfFixed,
    Pairs,
    Rows,
    RowValues,
    Span,
    Symbol,
    Unreachable,
    choose,
    count,
    exists,
    fold,
    kind_of,
    number,
    with_common_divisor,
)
from .terms import FACT_LIMIT, Term, Terms

NUMBER_SCALE = 10**6  # parts of 1 that a column of numbers holds
RATIO_SCALE = 10**4


class Lowering:
    """A rulebook under chosen readings as terms, made as they are asked for."""

    def __init__(self, rulebook: Rulebook, readings: Mapping[str, str]) -> None:
        self.rulebook = rulebook
        self.terms = Terms()
        taken = {r.name: r.alternatives[0].name for r in rulebook.readings if r.alternatives}
        self.readings = {**taken, **readings}
        self.faults: list[Term] = []
        self.names: dict[Term, str] = {}  # what a term was made for
        self._plans = {d.name: plan_definition(rulebook, d) for d in rulebook.definitions}
        self._groups = requirements_by_group(rulebook)
        self._lists = {group.name: group for group in rulebook.groups if group.is_list}
        self._registers = {register.name: register for register in rulebook.registers}
        self._tables = {table.name: table for table in rulebook.tables}
        self._values: dict[Any, Symbol] = {}
        self._variables: dict[int, Symbol | str] = {}

    # --- what callers ask for

    def result(self, name: str) -> Symbol:
        """A result, where the rulebook does not apply that outside."""
        gate = self.rulebook.gate
        if gate is None:
            return self.definition(name, None)
        applies = self.condition(gate.condition)
        outside = dict(gate.outside).get(name)
        beyond = NOTHING if outside is None else self.eval(outside)
        return choose(self.terms, [(applies, self.definition(name, None))], beyond)

    def check(self, check: Check) -> Term:
        """Whether the facts agree as a check demands; of a list, a condition on its rows."""
        if check.list_name is None:
            return self.condition(check.must)
        return self._with(check.variable, AnyRow(check.list_name), check.must)

    def definition(self, name: str, subject: Any) -> Symbol:
        """The value of a definition, of a member or a row where it has a scope."""
        key = (name, subject)
        if key not in self._values:
            plan = self._plans[name]
            self._values[key] = self._bound(
                plan.variable, subject, lambda: self._resolve(plan, subject)
            )
            self._name(
                self._values[key], name if not isinstance(subject, str) else f"{name}·{subject}"
            )
        return self._values[key]

    def requirement(self, requirement: Requirement, subject: Any) -> Term:
        """Whether a requirement holds."""
        key = (id(requirement), subject)
        if key not in self._values:
            found = self._bound(requirement.variable, subject, lambda: self._require(requirement))
            self._values[key] = found
            self._name(found, f"{requirement.name}·{subject}" if subject else requirement.name)
        found = self._values[key]
        assert isinstance(found, Term)
        return found

    def _name(self, value: Symbol, name: str) -> None:
        if isinstance(value, Number):
            value = value.over
        if isinstance(value, Term):
            self.names.setdefault(value, name)

    def _require(self, requirement: Requirement) -> Term:
        must = self.condition(requirement.must)
        if requirement.when is None:
            return must
        return self.terms.any(self.terms.opposite(self.condition(requirement.when)), must)

    def condition(self, node: ir.Expr) -> Term:
        """A condition: a term that is true or false."""
        value = self.eval(node)
        if not isinstance(value, Term) or value.kind != "bool":
            raise Unreachable("不是条件的条件", "a condition that is none")
        return value

    def eval(self, node: ir.Expr) -> Symbol:
        """What an expression is in terms of columns."""
        return _EVAL[node.__class__](self, node)

    # --- rules

    def _resolve(self, plan: DefinitionPlan, subject: Any) -> Symbol:
        hits = [self._outcome(rule) for rule in plan.rules(subject)]
        self._must_agree(hits)
        fallback: Symbol = NOTHING
        if plan.otherwise is not None:
            fallback = self.eval(plan.otherwise)
        elif plan.definition.kind == "parameter" and not isinstance(plan.definition.type, t.Maybe):
            self.faults.append(self.terms.opposite(self.terms.any(*(s for s, _ in hits))))
        value = choose(self.terms, hits, fallback)
        return _empty_of(self.terms, plan.definition.type) if isinstance(value, Nothing) else value

    def _outcome(self, plan: RulePlan) -> tuple[Term, Symbol]:
        """Whether a rule or an exception of it applies, and the value given."""
        terms = self.terms
        exceptions = [self._outcome(exception) for exception in plan.exceptions]
        self._must_agree(exceptions)
        condition = terms.true if plan.condition is None else self.condition(plan.condition)
        excepted = terms.any(*(status for status, _ in exceptions))
        status = terms.any(excepted, condition)
        if status is terms.false:
            return status, NOTHING
        open_exceptions = [(s, v) for s, v in exceptions if s is not terms.false]
        if excepted is terms.true or condition is terms.false:
            *first, (_, last) = open_exceptions
            return status, choose(terms, first, last)
        return status, choose(terms, open_exceptions, self.eval(plan.value))

    def _must_agree(self, hits: list[tuple[Term, Symbol]]) -> None:
        """Rules that apply together and differ are a fault."""
        for place, (one, value) in enumerate(hits):
            for other, second in hits[:place]:
                both = self.terms.all(one, other)
                if both is not self.terms.false and value != second:
                    differ = self.terms.opposite(self._same(value, second))
                    self.faults.append(self.terms.all(both, differ))

    # --- leaves

    def _literal(self, node: ir.Literal) -> Symbol:
        value: Any = node.value
        kind = t.solid(node.type)
        if value is None or value == ():
            return NOTHING
        if isinstance(value, Period):
            return Span(self.terms.integer(value.months), self.terms.integer(value.days))
        if kind == t.CLAUSES:
            return Clauses(dict.fromkeys(value, self.terms.true))
        if isinstance(kind, t.Enum):
            return self.terms.integer(kind.members.index(value))
        if isinstance(kind, t.ListOf) and isinstance(kind.item, t.Enum):
            there = tuple(self._flag(m in value) for m in kind.item.members)
            return Members(kind.item, there)
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return number(self.terms, value)
        if isinstance(value, tuple):
            raise Unreachable("列表常量", "a list of constants")
        return self.terms.const(value, kind_of(node.type))

    def _flag(self, holds: bool) -> Term:
        return self.terms.true if holds else self.terms.false

    def _fact(self, node: ir.Fact) -> Symbol:
        return self.column("column", self.rulebook.facts[node.path])

    def column(self, op: Literal["column", "item"], field: FactField) -> Symbol:
        """A fact of the case, or a field of a list's row."""
        terms, kind = self.terms, t.solid(field.type)
        nullable = isinstance(field.type, t.Maybe)
        if isinstance(kind, t.Enum):
            text = terms.leaf(op, field.path, "text", nullable)
            return terms.code(text, tuple((m, i) for i, m in enumerate(kind.members)))
        if kind == t.DATE:
            bounds = FIRST_DATE.toordinal(), LAST_DATE.toordinal()
            return terms.leaf(op, field.path, "date", nullable, *bounds)
        if kind in (t.BOOL, t.TEXT):
            return terms.leaf(op, field.path, kind_of(kind), nullable)
        if field.allowed and all(isinstance(a, int) for a in field.allowed):
            whole: list[Any] = list(field.allowed)
            found = terms.leaf(op, field.path, "int", nullable, min(whole), max(whole))
            return Number(found, terms.integer(1))
        scale = scale_of(kind)
        found = terms.leaf(op, field.path, "int", nullable, 0, FACT_LIMIT)
        return Number(
            terms.scaled(found, scale) if scale > 1 else found,
            terms.integer(1 if kind == t.MONEY else scale),
        )

    def _fact_list(self, node: ir.FactList) -> Symbol:
        return Rows(node.name, self.terms.true)

    def _rows(self, node: ir.Rows) -> Symbol:
        register = self._registers[node.register]
        return Fixed(
            tuple(
                (self._fixed_row(register.name, i), self.terms.true)
                for i in range(len(register.rows))
            )
        )

    def _fixed_row(self, register: str, index: int) -> FixedRow:
        """The one object that stands for a row, so that values of it are kept."""
        key = ("row", register, index)
        if key not in self._values:
            self._values[key] = FixedRow(self._registers[register], index)
        found = self._values[key]
        assert isinstance(found, FixedRow)
        return found

    def _members(self, node: ir.Members) -> Symbol:
        return Members(node.enum, tuple(self.terms.true for _ in node.enum.members))

    def _variable(self, node: ir.Variable) -> Symbol:
        value = self._variables[node.number]
        kind = t.solid(node.type)
        if isinstance(value, str):
            assert isinstance(kind, t.Enum)
            return self.terms.integer(kind.members.index(value))
        return value

    def _field_of(self, node: ir.FieldOf) -> Symbol:
        return self.field(self.eval(node.of), node.field)

    def field(self, of: Symbol, field: str) -> Symbol:
        """A field of a row."""
        match of:
            case AnyRow(list_name):
                fields = {f.path.rpartition(".")[2]: f for f in self._lists[list_name].fields}
                return self.column("item", fields[field])
            case FixedRow(register, index):
                place = [name for name, _ in register.columns].index(field)
                literal = ir.Literal(
                    register.rows[index][place], register.columns[place][1], register.span
                )
                return self._literal(literal)
            case OneOfFixed(rows):
                return choose(self.terms, [(c, self.field(row, field)) for row, c in rows], NOTHING)
            case BestRow(rows, keys, last):
                return self._field_of_best(rows, keys, last, field)
        raise Unreachable("此类记录的栏目", "a field of such a record")

    def _field_of_best(self, rows: Rows, keys: tuple[Term, ...], last: bool, field: str) -> Symbol:
        row = AnyRow(rows.list_name)
        value = self.field(row, field)
        whole = value.over if isinstance(value, Number) else value
        assert isinstance(whole, Term)
        names = [f.path.rpartition(".")[2] for f in self._lists[rows.list_name].fields]
        ties = [key for name in names for key in self._sortable(self.field(row, name))]
        found = self.terms.aggregate(
            (rows.list_name, "last" if last else "first"), (rows.condition, whole, *keys, *ties),
            whole.kind, True, whole.low, whole.high,
        )  # fmt: skip
        return Number(found, value.under) if isinstance(value, Number) else found

    def _sortable(self, value: Symbol) -> list[Term]:
        """A field as keys none of which is none: a table has no order of its own, so equals stand
        in the order of their fields, none first.
        """
        terms = self.terms
        term = value.over if isinstance(value, Number) else value
        assert isinstance(term, Term)
        if term.kind == "bool":
            term = terms.choose([(term, terms.integer(1))], terms.integer(0))
        if not term.nullable:
            return [term]
        there = terms.present(term)
        least = terms.const(
            {"int": -(10**15), "text": "", "date": FIRST_DATE}[term.kind], term.kind
        )
        flag = terms.choose([(there, terms.integer(1))], terms.integer(0))
        return [flag, terms.choose([(there, term)], least)]

    def _defined(self, node: ir.Defined) -> Symbol:
        if node.subject is None:
            return self.definition(node.name, None)
        return self._of_subject(node.subject, lambda m: self.definition(node.name, m))

    def _of_subject(self, node: ir.Expr, compute: Callable[[Any], Symbol]) -> Symbol:
        """A value of a member; where the member differs by row, a choice among those of all."""
        if isinstance(node, ir.Variable) and isinstance(self._variables[node.number], str):
            return compute(self._variables[node.number])
        subject = self.eval(node)
        kind = t.solid(node.type)
        if not isinstance(kind, t.Enum):
            if isinstance(subject, AnyRow | FixedRow):
                return compute(subject)
            raise Unreachable("所选记录的派生值", "a derived value of a chosen record")
        assert isinstance(subject, Term)
        if subject.is_const:
            return NOTHING if subject.value is None else compute(kind.members[subject.value])
        return self._by_member(subject, kind, compute)

    def _by_member(self, subject: Term, kind: t.Enum, compute: Callable[[Any], Symbol]) -> Symbol:
        groups: list[tuple[Symbol, list[int]]] = []
        for place, member in enumerate(kind.members):
            value = compute(member)
            same = next((places for known, places in groups if known == value), None)
            if same is None:
                groups.append((value, [place]))
            else:
                same.append(place)
        groups.sort(key=lambda group: -len(group[1]))
        common, *rest = groups
        pairs = [(self.terms.one_of(subject, tuple(places)), value) for value, places in rest]
        if subject.nullable:
            pairs.append((self.terms.present(subject), common[0]))
            return choose(self.terms, pairs, NOTHING)
        return choose(self.terms, pairs, common[0])

    def _reading_is(self, node: ir.ReadingIs) -> Symbol:
        return self._flag(self.readings[node.reading] == node.alternative)

    def _lookup(self, node: ir.Lookup) -> Symbol:
        table = self._tables[node.table]
        row, column = self.eval(node.row), self.eval(node.column)
        assert isinstance(row, Term) and isinstance(column, Term)
        across = self.terms.integer(len(table.columns.members))
        at = self.terms.add(self.terms.multiply(row, across), column)
        values = [
            table.cells.get((r, c)) for r in table.rows.members for c in table.columns.members
        ]
        if all(v is None or (isinstance(v, int) and not isinstance(v, bool)) for v in values):
            whole = self.terms.cell(at, tuple(values))
            return Number(whole, self.terms.integer(1)) if _is_number(table.type) else whole
        return self._cells_by_case(at, values, table.type)

    def _cells_by_case(self, at: Term, values: list[Any], type_: t.Type) -> Symbol:
        solid = t.solid(type_)
        if _is_number(type_):
            under = lcm(*(Fraction(v).denominator for v in values if v is not None))
            whole = [None if v is None else int(v * under) for v in values]
            return Number(self.terms.cell(at, tuple(whole)), self.terms.integer(under))
        if isinstance(solid, t.Enum):
            places = [None if v is None else solid.members.index(v) for v in values]
            return self.terms.cell(at, tuple(places))
        return self.terms.cell(at, tuple(values), kind_of(type_))

    # --- requirements

    def _satisfied(self, node: ir.Satisfied) -> Symbol:
        if node.subject is None:
            return self._all_hold(node.group, None)
        return self._of_subject(node.subject, lambda m: self._all_hold(node.group, m))

    def _all_hold(self, group: str, subject: Any) -> Term:
        return self.terms.all(*(self.requirement(r, subject) for r in self._groups[group][subject]))

    def _failing(self, node: ir.Failing) -> Symbol:
        if node.subject is None:
            return self._failing_clauses(node.group, None)
        return self._of_subject(node.subject, lambda m: self._failing_clauses(node.group, m))

    def _failing_clauses(self, group: str, subject: Any) -> Clauses:
        found: dict[str, Term] = {}
        for requirement in self._groups[group][subject]:
            fails = self.terms.opposite(self.requirement(requirement, subject))
            before = found.get(requirement.clause, self.terms.false)
            found[requirement.clause] = self.terms.any(before, fails)
        return Clauses(found)

    # --- conditions

    def _not(self, node: ir.Not) -> Symbol:
        return self.terms.opposite(self.condition(node.of))

    def _and(self, node: ir.And) -> Symbol:
        items = []
        for item in node.items:  # what stands behind a condition that never holds is never asked
            items.append(self.condition(item))
            if items[-1] is self.terms.false:
                break
        return self.terms.all(*items)

    def _or(self, node: ir.Or) -> Symbol:
        items = []
        for item in node.items:
            items.append(self.condition(item))
            if items[-1] is self.terms.true:
                break
        return self.terms.any(*items)

    def _compare(self, node: ir.Compare) -> Symbol:
        left, right = self.eval(node.left), self.eval(node.right)
        terms = self.terms
        if node.op == "=":
            return self._same(left, right)
        if node.op == "≠":
            return terms.opposite(self._same(left, right))
        if node.op in (">", ">="):
            left, right = right, left
        or_equal = node.op in ("<=", ">=")
        kind = t.solid(node.left.type)
        if isinstance(kind, t.Enum):
            return self._ranked(kind, left, right, or_equal)
        if isinstance(left, Number) and isinstance(right, Number):
            return terms.less(*self._crossed(left, right), or_equal=or_equal)
        if isinstance(left, Term) and isinstance(right, Term):
            return terms.less(left, right, or_equal=or_equal)
        raise Unreachable("期间的比较", "comparing periods")

    def _crossed(self, left: Number, right: Number) -> tuple[Term, Term]:
        """Two whole numbers that compare as two fractions do."""
        left, right = with_common_divisor(self.terms, [left, right])
        if left.under is right.under:
            return left.over, right.over
        return (
            self.terms.multiply(left.over, right.under),
            self.terms.multiply(right.over, left.under),
        )

    def _ranked(self, kind: t.Enum, left: Symbol, right: Symbol, or_equal: bool) -> Term:
        """Members by their order; those without a common order are neither below nor above."""
        assert isinstance(left, Term) and isinstance(right, Term)
        terms = self.terms
        low = [kind.rank.get(m, len(kind.members) + 1) for m in kind.members]
        high = [kind.rank.get(m, -2) for m in kind.members]
        below = terms.less(self._recoded(left, low), self._recoded(right, high), or_equal=or_equal)
        if not or_equal or len(kind.order) == len(kind.members):
            return below
        return terms.any(self._same(left, right), below)

    def _recoded(self, of: Term, numbers: list[int]) -> Term:
        """Other numbers for the places of members."""
        if numbers == list(range(len(numbers))):
            return of
        return self.terms.cell(of, tuple(numbers))

    def _same(self, left: Symbol, right: Symbol) -> Term:
        terms = self.terms
        if isinstance(left, Nothing):
            left, right = right, left
        match left, right:
            case (Nothing(), _):
                return terms.true
            case (_, Nothing()):
                return terms.opposite(self._there(left))
            case (Term(), Term()) if left.kind != "list":
                return terms.equal(left, right)
            case (Number(), Number()):
                return terms.equal(*self._crossed(left, right))
            case (Span(), Span()):
                return terms.all(
                    terms.equal(left.months, right.months), terms.equal(left.days, right.days)
                )
            case (Members(_, one), Members(_, other)):
                return terms.all(*(self._iff(a, b) for a, b in zip(one, other, strict=True)))
            case (Clauses(one_set), Clauses(other_set)):
                names = dict.fromkeys([*one_set, *other_set])
                no = terms.false
                return terms.all(
                    *(self._iff(one_set.get(n, no), other_set.get(n, no)) for n in names)
                )
        raise Unreachable("列表或记录的比较", "comparing lists or records")

    def _iff(self, one: Term, other: Term) -> Term:
        terms = self.terms
        return terms.choose([(one, other)], terms.opposite(other))

    def _there(self, value: Symbol) -> Term:
        """有: whether a value is not none, or a list not empty."""
        terms = self.terms
        match value:
            case Nothing():
                return terms.false
            case Number(over, _):
                return terms.present(over)
            case Span(months, _):
                return terms.present(months)
            case Term(kind="list"):
                return self._filled(value)
            case Term():
                return terms.present(value)
            case Members(_, conditions):
                return terms.any(*conditions)
            case Clauses(conditions):
                return terms.any(*conditions.values())
            case Rows():
                return exists(terms, value)
            case BestRow(rows, _, _):
                return exists(terms, rows)
            case Fixed(rows) | OneOfFixed(rows):
                return terms.any(*(condition for _, condition in rows))
            case Pairs(items):
                return terms.any(*(condition for condition, _ in items))
            case RowValues(rows, _):
                return exists(terms, rows)
            case AnyRow() | FixedRow():
                return terms.true
        raise Unreachable("此类值的有无", "whether such a value is there")

    def _filled(self, value: Term) -> Term:
        terms = self.terms
        match value.op:
            case "const":
                return self._flag(bool(value.value))
            case "listed":
                return terms.any(*(terms.present(item) for item in value.args))
            case "case":
                found = [(c, self._filled(v)) for c, v in value.branches]
                return terms.choose(found, self._filled(value.otherwise))
        raise Unreachable("此类列表的有无", "whether such a list is empty")

    def _is_in(self, node: ir.IsIn) -> Symbol:
        terms = self.terms
        item = self.eval(node.item)
        if isinstance(node.of, ir.ListFrom):
            values = [self.eval(part) for part in node.of.items]
            constants = [v for v in values if isinstance(v, Term) and v.is_const]
            if isinstance(item, Term) and len(constants) == len(values):
                return terms.one_of(item, tuple(v.value for v in constants))
            return terms.any(*(self._same(item, value) for value in values))
        return self._among(item, self.eval(node.of))

    def _among(self, item: Symbol, of: Symbol) -> Term:
        terms = self.terms
        match of:
            case Nothing():
                return terms.false
            case Members(_, conditions):
                assert isinstance(item, Term)
                return terms.any(*(
                    terms.all(condition, terms.equal(item, terms.integer(place)))
                    for place, condition in enumerate(conditions)
                ))  # fmt: skip
            case Clauses(conditions_of):
                assert isinstance(item, Term)
                return terms.any(*(
                    terms.all(condition, terms.equal(item, terms.const(clause, "text")))
                    for clause, condition in conditions_of.items()
                ))  # fmt: skip
            case Pairs(items):
                constant = [
                    v.value
                    for c, v in items
                    if isinstance(v, Term) and v.is_const and c is terms.true
                ]
                if isinstance(item, Term) and len(constant) == len(items):
                    return terms.one_of(item, tuple(constant))
                return terms.any(*(terms.all(c, self._same(item, v)) for c, v in items))
            case RowValues(rows, value):
                both = terms.all(rows.condition, self._same(value, item))
                return exists(terms, Rows(rows.list_name, both))
        raise Unreachable("此类列表的属于", "whether something is in such a list")

    def _is_present(self, node: ir.IsPresent) -> Symbol:
        return self._there(self.eval(node.of))

    def _if(self, node: ir.If) -> Symbol:
        condition = self.condition(node.condition)
        if condition.is_const:
            return self.eval(node.then if condition.value else node.otherwise)
        found = choose(self.terms, [(condition, self.eval(node.then))], self.eval(node.otherwise))
        return found

    # --- arithmetic

    def _arithmetic(self, node: ir.Arithmetic) -> Symbol:
        left, right = self.eval(node.left), self.eval(node.right)
        if isinstance(left, Span) or isinstance(right, Span):
            return self._of_spans(node.op, left, right)
        if isinstance(left, Nothing) or isinstance(right, Nothing):
            return NOTHING
        assert isinstance(left, Number) and isinstance(right, Number)
        return _NUMBERS[node.op](self, left, right)

    def _of_spans(self, op: str, left: Symbol, right: Symbol) -> Symbol:
        terms = self.terms
        if op == "×":
            span, factor = (left, right) if isinstance(left, Span) else (right, left)
            if (
                not isinstance(span, Span)
                or not isinstance(factor, Number)
                or factor.under is not terms.integer(1)
            ):
                raise Unreachable("期间乘以分数", "a period times a fraction")
            return Span(
                terms.multiply(span.months, factor.over), terms.multiply(span.days, factor.over)
            )
        if not isinstance(left, Span) or not isinstance(right, Span):
            raise Unreachable("期间的运算", "arithmetic of periods")
        how = terms.add if op == "+" else terms.subtract
        return Span(how(left.months, right.months), how(left.days, right.days))

    def _plus(self, left: Number, right: Number) -> Number:
        return self._sum(left, right, self.terms.add)

    def _minus(self, left: Number, right: Number) -> Number:
        return self._sum(left, right, self.terms.subtract)

    def _sum(self, left: Number, right: Number, how: Callable[[Term, Term], Term]) -> Number:
        left, right = with_common_divisor(self.terms, [left, right])
        if left.under is right.under:
            return Number(how(left.over, right.over), left.under)
        terms = self.terms
        over = how(terms.multiply(left.over, right.under), terms.multiply(right.over, left.under))
        return Number(over, terms.multiply(left.under, right.under))

    def _times(self, left: Number, right: Number) -> Number:
        terms = self.terms
        return Number(
            terms.multiply(left.over, right.over), terms.multiply(left.under, right.under)
        )

    def _by(self, left: Number, right: Number) -> Number:
        terms = self.terms
        zero = terms.equal(right.over, terms.integer(0))
        if zero is not terms.false:
            self.faults.append(zero)
        over, under = (
            terms.multiply(left.over, right.under),
            terms.multiply(left.under, terms.absolute(right.over)),
        )
        if right.over.low is None or right.over.low < 0:
            negative = terms.less(right.over, terms.integer(0))
            over = terms.choose([(negative, terms.subtract(terms.integer(0), over))], over)
        return Number(over, under)

    def _add_period(self, node: ir.AddPeriod) -> Symbol:
        day, period = self.eval(node.date), self.eval(node.period)
        if isinstance(day, Nothing) or isinstance(period, Nothing):
            return NOTHING
        assert isinstance(day, Term) and isinstance(period, Span)
        months = self.terms.add_months(day, period.months, node.overflow_next)
        return self.terms.add_days(months, period.days)

    def _call(self, node: ir.Call) -> Symbol:
        values: list[Any] = [self.eval(argument) for argument in node.arguments]
        if any(isinstance(value, Nothing) for value in values):
            return NOTHING
        return _CALLS[node.function](self, *values)

    def _extreme(self, how: Literal["max", "min"], *values: Any) -> Symbol:
        found: Symbol = values[0]
        for value in values[1:]:
            if isinstance(found, Number):
                found = self._extreme_number(how, found, value)
            else:
                assert isinstance(found, Term)
                found = self.terms.extreme(how, found, value)
        return found

    def _extreme_number(self, how: Literal["max", "min"], left: Number, right: Number) -> Number:
        left, right = with_common_divisor(self.terms, [left, right])
        if left.under is right.under:
            return Number(self.terms.extreme(how, left.over, right.over), left.under)
        one, other = self._crossed(left, right)
        first = self.terms.less(other, one) if how == "max" else self.terms.less(one, other)
        found = choose(self.terms, [(first, left)], right)
        assert isinstance(found, Number)
        return found

    def _rounded(self, step: int, how: str, value: Number) -> Number:
        """As `values.round_to`."""
        terms = self.terms
        under = terms.multiply(value.under, terms.integer(step))
        over = value.over
        if how == "四舍五入":
            half = terms.add(terms.multiply(terms.absolute(over), terms.integer(2)), under)
            whole = terms.floor_divide(half, terms.multiply(under, terms.integer(2)))
            if over.low is None or over.low < 0:
                negative = terms.less(over, terms.integer(0))
                whole = terms.choose([(negative, terms.subtract(terms.integer(0), whole))], whole)
        elif how == "舍去":
            whole = terms.floor_divide(over, under)
        else:
            opposite = terms.floor_divide(terms.subtract(terms.integer(0), over), under)
            whole = terms.subtract(terms.integer(0), opposite)
        return Number(terms.multiply(whole, terms.integer(step)), terms.integer(1))

    def _of_days(self, op: Any, *days: Term) -> Number:
        return Number(self.terms.of_days(op, *days), self.terms.integer(1))

    # --- lists

    def _list_from(self, node: ir.ListFrom) -> Symbol:
        values = [self.eval(item) for item in node.items]
        if node.type == t.CLAUSES:
            return self._clauses_of(values)
        kind = t.solid(node.type)
        item = kind.item if isinstance(kind, t.ListOf) else t.UNRESOLVED
        texts = [self.text_of(v, item) for v in values if not isinstance(v, Nothing)]
        return self.terms.listed(*texts)

    def _clauses_of(self, values: list[Symbol]) -> Clauses:
        """Clauses, each under the condition under which it is that value."""
        found: dict[str, Term] = {}
        for value in values:
            for clause, condition in self._possible(value):
                found[clause] = self.terms.any(found.get(clause, self.terms.false), condition)
        return Clauses(found)

    def _possible(self, value: Symbol) -> list[tuple[str, Term]]:
        if isinstance(value, Nothing):
            return []
        if not isinstance(value, Term):
            raise Unreachable("此类值列出的条款", "clauses listed from such a value")
        if value.is_const:
            return [] if value.value is None else [(value.value, self.terms.true)]
        if value.op != "case":
            raise Unreachable("由事实给出的条款", "clauses given by facts")
        found, before = list[tuple[str, Term]](), self.terms.true
        for condition, part in value.branches:
            here = self.terms.all(before, condition)
            found += [(c, self.terms.all(here, inner)) for c, inner in self._possible(part)]
            before = self.terms.all(before, self.terms.opposite(condition))
        return found + [(c, self.terms.all(before, i)) for c, i in self._possible(value.otherwise)]

    def text_of(self, value: Symbol, type_: t.Type) -> Term:
        """A value of a list as text."""
        if isinstance(value, Term):
            solid = t.solid(type_)
            if isinstance(solid, t.Enum):
                return self.terms.name(value, solid.members)
            if value.kind == "text":
                return value
        raise Unreachable("不是文本的列表", "a list of what is no text")

    def _union(self, node: ir.Union) -> Symbol:
        left, right = self.eval(node.left), self.eval(node.right)
        if isinstance(left, Nothing):
            return right
        if isinstance(right, Nothing):
            return left
        if isinstance(left, Clauses) and isinstance(right, Clauses):
            return self._all_clauses([left, right])
        if isinstance(left, Term) and isinstance(right, Term) and left.op == right.op == "listed":
            return self.terms.listed(*left.args, *right.args)
        raise Unreachable("此类列表的并", "the union of such lists")

    def _all_clauses(self, sets: list[Clauses]) -> Clauses:
        found: dict[str, Term] = {}
        for part in sets:
            for clause, condition in part.conditions.items():
                found[clause] = self.terms.any(found.get(clause, self.terms.false), condition)
        return Clauses(found)

    def _filter(self, node: ir.Filter) -> Symbol:
        of = self.eval(node.of)
        terms = self.terms
        match of:
            case Nothing():
                return NOTHING
            case Members(enum, conditions):
                kept = (
                    self._guarded(condition, node.variable, member, node.condition)
                    for member, condition in zip(enum.members, conditions, strict=True)
                )
                return Members(enum, tuple(kept))
            case Rows(list_name, condition):
                holds = self._with(node.variable, AnyRow(list_name), node.condition)
                return Rows(list_name, terms.all(condition, holds))
            case Fixed(rows):
                return Fixed(tuple(
                    (row, self._guarded(c, node.variable, row, node.condition)) for row, c in rows
                ))  # fmt: skip
        raise Unreachable("此类列表的筛选", "filtering such a list")

    def _guarded(self, before: Term, variable: int, value: Any, node: ir.Expr) -> Term:
        if before is self.terms.false:
            return before
        return self.terms.all(before, self._with(variable, value, node))

    def _with(self, variable: int, value: Any, node: ir.Expr) -> Term:
        found = self._bound(variable, value, lambda: self.condition(node))
        assert isinstance(found, Term)
        return found

    def _value_with(self, variable: int, value: Any, node: ir.Expr) -> Symbol:
        return self._bound(variable, value, lambda: self.eval(node))

    def _bound(self, variable: int, value: Any, compute: Callable[[], Symbol]) -> Symbol:
        outer = self._variables.get(variable)
        self._variables[variable] = value
        try:
            return compute()
        finally:
            if outer is None:
                self._variables.pop(variable, None)
            else:
                self._variables[variable] = outer

    def _for_all(self, node: ir.ForAll) -> Symbol:
        of = self.eval(node.of)
        terms = self.terms
        match of:
            case Nothing():
                return terms.true
            case Rows(list_name, condition):
                fails = terms.opposite(self._with(node.variable, AnyRow(list_name), node.condition))
                return terms.opposite(exists(terms, Rows(list_name, terms.all(condition, fails))))
            case Members() | Fixed():
                return terms.all(*(
                    terms.any(terms.opposite(c), self._with(node.variable, item, node.condition))
                    for item, c in self._entries(of)
                ))  # fmt: skip
        raise Unreachable("此类列表的“凡”", "a condition on every item of such a list")

    def _entries(self, of: Members | Fixed) -> list[tuple[Any, Term]]:
        if isinstance(of, Members):
            pairs: list[tuple[Any, Term]] = list(zip(of.enum.members, of.conditions, strict=True))
        else:
            pairs = list(of.rows)
        return [(item, condition) for item, condition in pairs if condition is not self.terms.false]

    def _map(self, node: ir.Map) -> Symbol:
        of = self.eval(node.of)
        match of:
            case Nothing():
                return NOTHING
            case Rows(list_name, _):
                row = AnyRow(list_name)
                return RowValues(of, self._value_with(node.variable, row, node.value))
            case Members() | Fixed():
                items = tuple(
                    (c, self._value_with(node.variable, item, node.value))
                    for item, c in self._entries(of)
                )
                return self._united(items) if node.type == t.CLAUSES else Pairs(items)
        raise Unreachable("此类列表的各项的值", "a value of each item of such a list")

    def _united(self, items: tuple[tuple[Term, Any], ...]) -> Clauses:
        """The union of sets of clauses, each under a condition."""
        found = []
        for condition, value in items:
            if isinstance(value, Clauses):
                found.append(Clauses({
                    clause: self.terms.all(condition, inside)
                    for clause, inside in value.conditions.items()
                }))  # fmt: skip
        return self._all_clauses(found)

    def _count(self, node: ir.Count) -> Symbol:
        of = self.eval(node.of)
        match of:
            case Nothing():
                return number(self.terms, 0)
            case Rows():
                return count(self.terms, of)
            case RowValues(rows, _):
                return count(self.terms, rows)
            case Members(_, conditions):
                return self._how_many(conditions)
            case Clauses(conditions_of):
                return self._how_many(tuple(conditions_of.values()))
            case Fixed(rows):
                return self._how_many(tuple(c for _, c in rows))
        raise Unreachable("此类列表的个数", "counting such a list")

    def _how_many(self, conditions: tuple[Term, ...]) -> Number:
        terms = self.terms
        one, zero = terms.integer(1), terms.integer(0)
        parts = [terms.choose([(c, one)], zero) for c in conditions]
        return Number(reduce(terms.add, parts, zero), one)

    def _fold(self, node: ir.Fold) -> Symbol:
        of = self.eval(node.of)
        match of:
            case RowValues():
                return fold(self.terms, node.how, of)
            case Pairs(items) if items and node.how == "sum":
                zero = number(self.terms, 0)
                parts = [choose(self.terms, [(c, value)], zero) for c, value in items]
                if all(isinstance(part, Number) for part in parts):
                    return reduce(self._plus, parts)  # type: ignore[arg-type]
            case Pairs(items) if items:
                return self._extreme_of(node.how, items)
            case Nothing():
                return number(self.terms, 0) if node.how == "sum" else NOTHING
        raise Unreachable("此类列表之和或最值", "the sum or extreme of such a list")

    def _extreme_of(self, how: str, items: tuple[tuple[Term, Symbol], ...]) -> Symbol:
        """The largest or smallest of the values that are there, none where there is none."""
        terms = self.terms
        pairs = []
        for place, (condition, value) in enumerate(items):
            beaten = [
                terms.all(c, self._beats(how, other, value, before=at < place))
                for at, (c, other) in enumerate(items)
                if at != place
            ]
            pairs.append((terms.all(condition, *(terms.opposite(b) for b in beaten)), value))
        return choose(terms, pairs, NOTHING)

    def _beats(self, how: str, one: Symbol, other: Symbol, *, before: bool) -> Term:
        """Whether a value is better than another, or as good and before it."""
        if how == "max":
            one, other = other, one
        if isinstance(one, Number) and isinstance(other, Number):
            left, right = self._crossed(one, other)
        elif isinstance(one, Term) and isinstance(other, Term):
            left, right = one, other
        else:
            raise Unreachable("此类值的最值", "the extreme of such values")
        return self.terms.less(left, right, or_equal=before)

    def _best(self, node: ir.Best) -> Symbol:
        of = self.eval(node.of)
        match of:
            case Nothing():
                return NOTHING
            case Rows(list_name, _):
                row = AnyRow(list_name)
                keys = [
                    part
                    for k in node.keys
                    for part in self._ascending(
                        self._value_with(node.variable, row, k.value), k, node.last
                    )
                ]
                return BestRow(of, tuple(keys), node.last)
            case Members(enum, _):
                picked = self._best_entry(node, self._entries(of))
                return choose(self.terms, [
                    (c, self.terms.integer(enum.members.index(item))) for item, c in picked
                ], self.terms.none("int"))  # fmt: skip
            case Fixed():
                return OneOfFixed(tuple(self._best_entry(node, self._entries(of))))
        raise Unreachable("此类列表的最优者", "the best of such a list")

    def _ascending(self, value: Symbol, key: ir.Key, last: bool) -> list[Term]:
        """Numbers or days that are smallest, of the last listed largest, for the best row. None is
        never better than anything.
        """
        terms = self.terms
        if isinstance(value, Number):
            if not value.under.is_const:
                raise Unreachable("按比值排列", "ranking by a quotient")
            value = value.over
        if not isinstance(value, Term) or value.kind not in ("int", "date"):
            raise Unreachable("按此类值排列", "ranking by such a value")
        kind = t.solid(key.value.type)
        if isinstance(kind, t.Enum):
            value = self._recoded(value, [kind.rank.get(m, -1) for m in kind.members])
        there = terms.present(value)
        if value.kind == "date":
            value = terms.of_days("days_between", terms.const(FIRST_DATE, "date"), value)
        if key.highest is not last:
            value = terms.subtract(terms.integer(0), value)
        if there is terms.true:
            return [value]
        flag = terms.choose([(there, terms.integer(int(last)))], terms.integer(int(not last)))
        return [flag, terms.choose([(there, value)], terms.integer(0))]

    def _best_entry(self, node: ir.Best, entries: list[tuple[Any, Term]]) -> list[tuple[Any, Term]]:
        """Each entry with whether it is the best one."""
        terms = self.terms
        ranks = [
            [self._value_with(node.variable, item, key.value) for key in node.keys]
            for item, _ in entries
        ]
        found = []
        for place, (item, condition) in enumerate(entries):
            others = [
                terms.opposite(terms.all(c, self._better(node, ranks[at], ranks[place], at, place)))
                for at, (_, c) in enumerate(entries)
                if at != place
            ]
            found.append((item, terms.all(condition, *others)))
        return found

    def _better(self, node: ir.Best, one: list[Any], other: list[Any], at: int, place: int) -> Term:
        """Whether the entry at `at` is taken before the one at `place`, both being there."""
        terms = self.terms
        found = self._flag(at > place if node.last else at < place)
        for key, mine, theirs in reversed(list(zip(node.keys, one, other, strict=True))):
            kind = t.solid(key.value.type)
            if isinstance(kind, t.Enum):
                ranks = [kind.rank.get(m, -1) for m in kind.members]
                mine, theirs = self._recoded(mine, ranks), self._recoded(theirs, ranks)
            how = "max" if key.highest else "min"
            here, there = self._there(mine), self._there(theirs)
            strictly = self._beats(how, mine, theirs, before=False)
            better = terms.all(here, terms.any(terms.opposite(there), terms.all(there, strictly)))
            found = terms.any(better, terms.all(self._same(mine, theirs), found))
        return found


def scale_of(kind: t.Type) -> int:
    """How many parts of 1 (of 1 yuan) a column of a type of numbers holds."""
    if kind == t.MONEY:
        return 100
    if kind == t.RATIO:
        return RATIO_SCALE
    assert isinstance(kind, t.Number)
    return 1 if kind.integer else NUMBER_SCALE


def _is_number(type_: t.Type) -> bool:
    solid = t.solid(type_)
    return solid in (t.MONEY, t.RATIO) or isinstance(solid, t.Number)


def _empty_of(terms: Terms, type_: t.Type) -> Symbol:
    """空 of a type."""
    solid = t.solid(type_)
    if solid == t.CLAUSES:
        return Clauses({})
    if isinstance(solid, t.ListOf):
        return NOTHING
    if _is_number(type_):
        return Number(terms.none("int"), terms.integer(1))
    if solid == t.PERIOD:
        return Span(terms.none("int"), terms.none("int"))
    return terms.none(kind_of(type_))


_NUMBERS: dict[str, Callable[[Lowering, Number, Number], Number]] = {
    "+": Lowering._plus, "-": Lowering._minus, "×": Lowering._times, "÷": Lowering._by,
}  # fmt: skip

_CALLS: dict[str, Callable[..., Symbol]] = {
    "较早者": lambda of, *days: of._extreme("min", *days),
    "较晚者": lambda of, *days: of._extreme("max", *days),
    "较大者": lambda of, *numbers: of._extreme("max", *numbers),
    "较小者": lambda of, *numbers: of._extreme("min", *numbers),
    "向下取整": lambda of, n: of._rounded(1, "舍去", n),
    "向上取整": lambda of, n: of._rounded(1, "进位", n),
    "四舍五入到分": lambda of, n: of._rounded(1, "四舍五入", n),
    "舍去到分": lambda of, n: of._rounded(1, "舍去", n),
    "进位到分": lambda of, n: of._rounded(1, "进位", n),
    "四舍五入到元": lambda of, n: of._rounded(100, "四舍五入", n),
    "舍去到元": lambda of, n: of._rounded(100, "舍去", n),
    "进位到元": lambda of, n: of._rounded(100, "进位", n),
    "年份": lambda of, day: of._of_days("year", day),
    "月份": lambda of, day: of._of_days("month", day),
    "月份差": lambda of, start, end: of._of_days("months_between", start, end),
    "日数差": lambda of, start, end: of._of_days("days_between", start, end),
    "周岁": lambda of, born, day: of._of_days("years_completed", born, day),
    "数值": lambda of, n: n,
}

_L = Lowering
_EVAL: dict[type, Callable[[Lowering, Any], Symbol]] = {
    ir.Literal: _L._literal,
    ir.Fact: _L._fact,
    ir.FactList: _L._fact_list,
    ir.Rows: _L._rows,
    ir.Members: _L._members,
    ir.Variable: _L._variable,
    ir.FieldOf: _L._field_of,
    ir.Defined: _L._defined,
    ir.Satisfied: _L._satisfied,
    ir.Failing: _L._failing,
    ir.ReadingIs: _L._reading_is,
    ir.Lookup: _L._lookup,
    ir.Not: _L._not,
    ir.And: _L._and,
    ir.Or: _L._or,
    ir.Compare: _L._compare,
    ir.IsIn: _L._is_in,
    ir.IsPresent: _L._is_present,
    ir.IsNonEmpty: _L._is_present,
    ir.If: _L._if,
    ir.Arithmetic: _L._arithmetic,
    ir.AddPeriod: _L._add_period,
    ir.ListFrom: _L._list_from,
    ir.Union: _L._union,
    ir.Filter: _L._filter,
    ir.ForAll: _L._for_all,
    ir.Map: _L._map,
    ir.Count: _L._count,
    ir.Fold: _L._fold,
    ir.Best: _L._best,
    ir.Call: _L._call,
}
