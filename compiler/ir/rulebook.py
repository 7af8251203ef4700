"""A whole rulebook as it means: clauses, facts, definitions with their rules, requirements,
examples.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal as Choice

import attrs

from ..source import Span
from .nodes import Expr
from .types import Enum, Type
from .values import Value

_span: Span = attrs.field(eq=False, repr=False)


@attrs.frozen
class Quotation:
    """The verbatim lines under a heading, and where each stands."""

    lines: tuple[str, ...]
    spans: tuple[Span, ...] = attrs.field(eq=False, repr=False)
    span: Span = _span


@attrs.frozen
class Waiver:
    """A number of a quotation, as it stands there, that no rule uses, and why."""

    number: str
    reason: str
    span: Span = _span


@attrs.frozen
class Clause:
    """A clause of the law with what is quoted of it; `inert` says why it yields no rule."""

    id: str
    title: str
    order: tuple[tuple[int, int], ...]
    quotations: tuple[Quotation, ...]
    inert: str | None
    waivers: tuple[Waiver, ...]
    span: Span = _span


@attrs.frozen
class Term:
    """A term the law defines: its name, what it stands for, and where the quotation says so.

    `below`: it holds from there on (以下简称、下同), not in the whole law (所称…是指).
    """

    name: str
    clause: str
    text: str
    below: bool
    span: Span = _span


@attrs.frozen
class FactField:
    """A fact, or a field of a list's items, as it is declared."""

    path: str
    type: Type
    question: str | None
    allowed: tuple[Value, ...]
    record_only: bool
    span: Span = _span


@attrs.frozen
class FactGroup:
    """Facts that stand together in a case: 申请.日期 and 申请.渠道; or the fields of a list."""

    name: str
    fields: tuple[FactField, ...]
    is_list: bool
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Table:
    """Cells by member of the row's and of the column's enumeration."""

    name: str
    clause: str | None
    type: Type
    rows: Enum
    columns: Enum
    cells: dict[tuple[str, str], Value]
    source: str | None
    cell_spans: dict[tuple[str, str], Span] = attrs.field(eq=False, repr=False)
    span: Span = _span


@attrs.frozen
class Register:
    """Rows of named columns."""

    name: str
    clause: str | None
    columns: tuple[tuple[str, Type], ...]
    rows: tuple[tuple[Value, ...], ...]
    source: str | None
    cell_spans: tuple[tuple[Span, ...], ...] = attrs.field(eq=False, repr=False)
    span: Span = _span


@attrs.frozen
class Rule:
    """A value for a definition where a condition holds, unless an exception of it applies.

    `members`: the members of the definition's enumeration it is for, None for all.
    """

    name: str
    clause: str | None
    origin: str | None
    members: tuple[str, ...] | None
    condition: Expr | None
    value: Expr
    exceptions: tuple[Rule, ...]
    source: str | None
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Definition:
    """A value of the whole case, of each member of an enumeration, or of each item of a list.

    `scope` names the enumeration or list, `attribute` what the value is called there: the value
    `attribute` of a member of 身份 has the name 身份的`attribute`; `variable` is the member or
    item at hand in its rules. Where no rule applies the value is `otherwise`, or none.
    """

    name: str
    attribute: str
    kind: Choice["result", "derived", "parameter", "binding"]
    clause: str | None
    origin: str | None
    scope: str | None
    scope_kind: Choice["case", "enum", "list"]
    variable: int
    type: Type
    rules: tuple[Rule, ...]
    otherwise: Expr | None
    source: str | None
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Requirement:
    """A condition that must hold, of the whole case or for members of an enumeration, and its
    clause.

    `group` as in `nodes.Satisfied`; `members` is None where it is for the whole case or all
    members.
    """

    name: str
    clause: str
    origin: str | None
    group: str
    members: tuple[str, ...] | None
    variable: int
    when: Expr | None
    must: Expr
    source: str | None
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Alternative:
    """One way to read the text."""

    name: str
    text: str


@attrs.frozen
class Reading:
    """A place where the text is open: what was taken (first), what else could be, and why."""

    name: str
    clause: str | None
    origin: str | None
    question: str
    alternatives: tuple[Alternative, ...]
    reason: str
    span: Span = _span


@attrs.frozen
class Check:
    """Facts that must agree; where they do not, the case is bad input at `at_fault`."""

    name: str
    list_name: str | None
    variable: int
    must: Expr
    at_fault: str
    message: str
    span: Span = _span


@attrs.frozen
class Invariant:
    """What its author says of every valid case: `must` holds, or as the fact `rises` goes up, the
    rest of the case as it is, `value` does not fall (不减) or rise (不增). Only where `when` holds;
    of a rising fact, before and after.

    Results mean what a decision reports, also where the rulebook does not apply.
    """

    name: str
    clause: str | None
    origin: str | None
    when: Expr | None
    must: Expr | None
    rises: str | None
    value: Expr | None
    direction: Choice["不减", "不增"]
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Expectation:
    """An expected value: of a result or definition (of a member), or of 状态、缺少、错误.

    `unknown`: the value must not be determined.
    """

    name: str
    member: str | None
    value: Value
    unknown: bool
    type: Type
    span: Span = _span


@attrs.frozen
class Example:
    """A worked example: the whole case as JSON values, readings switched, what must come out.

    One that is `inherited` from the rulebook that this one amends is a case like any other, but
    nobody says that the same must come out of it.
    """

    name: str
    clause: str | None
    base: str | None
    case: dict[str, object]
    readings: tuple[tuple[str, str], ...]
    expectations: tuple[Expectation, ...]
    notes: tuple[str, ...]
    span: Span = _span
    inherited: bool = False


@attrs.frozen
class Untested:
    """Changes to a rule, a requirement or the like that no example can notice, and why."""

    name: str
    changes: tuple[str, ...]
    reason: str
    clause: str | None
    span: Span = _span
    inherited: bool = False


@attrs.frozen
class Gate:
    """Where the rulebook does not apply at all, results take these values, the others none."""

    condition: Expr
    outside: tuple[tuple[str, Expr], ...]


@attrs.frozen
class InForce:
    """The span of application: dates, both inclusive, and the fact that decides."""

    start: Expr | None
    end: Expr | None
    by: str


@attrs.frozen
class Imported:
    """Another rulebook whose values this one uses under a name."""

    alias: str
    title: str
    path: str
    version: str


@attrs.frozen
class Amended:
    """The rulebook that this one is written as changes to."""

    title: str
    document: str
    version: str
    path: str


@attrs.frozen
class Repeal:
    """A clause (`kind` is 条款) or an entry that an amendment took out, and why."""

    kind: str
    name: str
    reason: str
    span: Span = _span


@attrs.frozen
class Renaming:
    """What a name of an earlier version is called in this one; `kind` opens such an entry.

    A fact by its path, a member as 枚举.成员, a value of members as 身份的比例.
    """

    kind: str
    old: str
    new: str
    span: Span = _span


@attrs.frozen(slots=False)
class Rulebook:
    """A compiled rulebook. Definitions, requirements and readings include imported ones."""

    title: str
    document: str
    version: str
    authority: str
    source_text: str | None
    notes: tuple[str, ...]
    in_force: InForce | None
    gate: Gate | None
    imports: tuple[Imported, ...]
    clauses: tuple[Clause, ...]
    written_order: tuple[str, ...]
    terms: tuple[Term, ...]
    enums: tuple[Enum, ...]
    groups: tuple[FactGroup, ...]
    tables: tuple[Table, ...]
    registers: tuple[Register, ...]
    definitions: tuple[Definition, ...]
    requirements: tuple[Requirement, ...]
    readings: tuple[Reading, ...]
    checks: tuple[Check, ...]
    examples: tuple[Example, ...]
    variables: int
    untested: tuple[Untested, ...] = ()
    invariants: tuple[Invariant, ...] = ()
    amends: Amended | None = None
    repeals: tuple[Repeal, ...] = ()
    renamings: tuple[Renaming, ...] = ()

    @property
    def clauses_as_written(self) -> tuple[Clause, ...]:
        """The clauses in the order of the files, where `clauses` has that of the law."""
        by_id = {clause.id: clause for clause in self.clauses}
        return tuple(by_id[name] for name in self.written_order)

    @cached_property
    def own_examples(self) -> tuple[Example, ...]:
        """The examples whose expectations are this rulebook's own."""
        return tuple(e for e in self.examples if not e.inherited)

    @cached_property
    def definition(self) -> dict[str, Definition]:
        """Definitions by name."""
        return {d.name: d for d in self.definitions}

    @cached_property
    def results(self) -> tuple[Definition, ...]:
        """The definitions a decision reports, in the order of their declaration."""
        return tuple(d for d in self.definitions if d.kind == "result")

    @cached_property
    def enum(self) -> dict[str, Enum]:
        """Enumerations by name."""
        return {e.name: e for e in self.enums}

    @cached_property
    def reading(self) -> dict[str, Reading]:
        """Readings by name."""
        return {r.name: r for r in self.readings}

    @cached_property
    def clause_order(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """The place of each clause in the law."""
        return {c.id: c.order for c in self.clauses}

    @cached_property
    def facts(self) -> dict[str, FactField]:
        """Facts of the case by path, list fields as 清单.字段, in the order of declaration."""
        return {field.path: field for group in self.groups for field in group.fields}
