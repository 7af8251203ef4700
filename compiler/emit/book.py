"""Typed IR → Python text of everything a rulebook declares, its rules as three-valued parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..ir import types as t
from ..ir.plan import absent_facts, checked_facts, requirements_by_group
from ..ir.rulebook import Check, Definition, FactField, Requirement, Rule, Rulebook
from ..ir.values import shape_of
from .text import comment, literal, sequence
from .threefold import Parts


def book(rulebook: Rulebook, readings: Mapping[str, str]) -> list[str]:
    """Lines that define the facts, the rules, and `THREEFOLD`, which decides by them."""
    parts = Parts(rulebook, readings)
    sections = [
        *_definitions(rulebook, parts),
        *_requirements(rulebook, parts),
        *_checks(rulebook, parts),
        *_gate(rulebook, parts),
    ]
    return [*_facts(rulebook), *_tables(rulebook), "", *parts.lines, *sections, *_end(rulebook)]


# --- facts


def _facts(rulebook: Rulebook) -> Iterator[str]:
    yield comment("--- 事实：各能是什么")
    yield ""
    yield "READER = Reader("
    yield "    {"
    for group in rulebook.groups:
        yield f"        {literal(group.name)}: {{"
        for field in group.fields:
            yield f"            {literal(field.path.rpartition('.')[2])}: {_field(field)},"
        yield "        },"
    yield "    },"
    lists = [group for group in rulebook.groups if group.is_list]
    yield f"    frozenset({sequence(literal(group.name) for group in lists)}),"
    yield ")"
    yield "ABSENT = {"
    for path, among in absent_facts(rulebook).items():
        yield f"    {literal(path)}: Unknown(frozenset(({literal(path)},)), {_among(among)}),"
    yield "}"
    yield "FIELDS = {"
    for group in lists:
        yield f"    {literal(group.name)}: {{"
        for field in group.fields:
            name = field.path.rpartition(".")[2]
            yield f"        {literal(name)}: {_among(t.possible_values(field.type))},"
        yield "    },"
    yield "}"


def _field(field: FactField) -> str:
    nullable = isinstance(field.type, t.Maybe)
    allowed = f", {literal(field.allowed)}" if field.allowed else ""
    return f"Field({literal(field.path)}, {nullable!r}, {_reader(t.solid(field.type))}{allowed})"


def _reader(type_: t.Type) -> str:
    if isinstance(type_, t.Enum):
        return f"member_reader({literal(type_.members)})"
    if isinstance(type_, t.Number):
        return f"number_reader({type_.integer!r})"
    readers: dict[t.Type, str] = {
        t.BOOL: "read_bool", t.DATE: "read_date", t.MONEY: "read_money", t.RATIO: "read_ratio",
        t.TEXT: "read_text",
    }  # fmt: skip
    return readers[type_]


def _among(values: Iterable[object] | None) -> str:
    if values is None:
        return "None"
    return f"frozenset({sequence(sorted(literal(value) for value in values))})"


# --- tables, registers


def _tables(rulebook: Rulebook) -> Iterator[str]:
    yield "TABLES = {"
    for table in rulebook.tables:
        yield f"    {literal(table.name)}: {{  {comment(table.clause or '')}"
        for (row, column), cell in table.cells.items():
            yield f"        ({literal(row)}, {literal(column)}): {literal(cell)},"
        yield "    },"
    yield "}"
    yield "REGISTERS = {"
    for register in rulebook.registers:
        names = [name for name, _ in register.columns]
        yield f"    {literal(register.name)}: (  {comment(register.clause or '')}"
        for index, cells in enumerate(register.rows):
            pairs = zip(names, cells, strict=True)
            fields = ", ".join(f"{literal(name)}: {literal(value)}" for name, value in pairs)
            yield f"        Item({literal(register.name)}, {index:d}, {{{fields}}}),"
        yield "    ),"
    yield "}"


# --- rules


def _definitions(rulebook: Rulebook, parts: Parts) -> Iterator[str]:
    yield comment("--- 规则")
    yield ""
    yield "DEFINITIONS = {"
    for definition in rulebook.definitions:
        yield from _definition(rulebook, definition, parts)
    yield "}"


def _definition(rulebook: Rulebook, definition: Definition, parts: Parts) -> Iterator[str]:
    kind = definition.type
    shape, empty = literal(shape_of(kind)), _empty(definition)
    yield f"    {comment(_where(definition.clause, definition.name, definition.origin))}"
    yield f"    {literal(definition.name)}: Definition("
    yield f"        {definition.variable:d}, {shape}, {empty},"
    yield "        ("
    for rule in definition.rules:
        yield from _rule(rule, parts, "            ")
    yield "        ),"
    if definition.otherwise is not None:
        yield f"        otherwise={parts.part(definition.otherwise)},"
    if definition.scope_kind == "enum":
        members = rulebook.enum[definition.scope or ""].members
        yield f"        members={parts.members(members)},"
    yield "    ),"


def _rule(rule: Rule, parts: Parts, indent: str) -> Iterator[str]:
    yield f"{indent}Rule("
    yield f"{indent}    {literal(rule.clause or '')}, {literal(rule.name)},"
    yield f"{indent}    {parts.maybe(rule.condition)},"
    yield f"{indent}    {parts.part(rule.value)},"
    if rule.exceptions:
        yield f"{indent}    exceptions=("
        for exception in rule.exceptions:
            yield from _rule(exception, parts, indent + "        ")
        yield f"{indent}    ),"
    if rule.members is not None:
        yield f"{indent}    members={literal(rule.members)},"
    yield f"{indent}),"


def _empty(definition: Definition) -> str:
    kind = definition.type
    if definition.kind == "parameter" and not isinstance(kind, t.Maybe):
        return "NEEDED"
    if kind == t.CLAUSES:
        return "Clauses()"
    return "()" if isinstance(kind, t.ListOf) else "None"


def _where(clause: str | None, name: str, origin: str | None) -> str:
    return " ".join(word for word in (origin, clause, name) if word)


# --- requirements, checks, the gate


def _requirements(rulebook: Rulebook, parts: Parts) -> Iterator[str]:
    names: dict[int, str] = {}
    for number, requirement in enumerate(rulebook.requirements, 1):
        names[id(requirement)] = f"R{number}"
        yield comment(_where(requirement.clause, requirement.name, requirement.origin))
        yield f"R{number} = Requirement("
        yield f"    {literal(requirement.clause)}, {literal(requirement.name)},"
        yield f"    {requirement.variable:d},"
        yield f"    {parts.maybe(requirement.when)},"
        yield f"    {parts.part(requirement.must)},"
        yield ")"
    groups = requirements_by_group(rulebook)
    yield "GROUPS = {"
    for group in sorted(groups):
        yield f"    {literal(group)}: {{"
        for subject, found in groups[group].items():
            yield f"        {literal(subject)}: {sequence(_named(found, names))},"
        yield "    },"
    yield "}"


def _named(requirements: Iterable[Requirement], names: dict[int, str]) -> list[str]:
    return [names[id(requirement)] for requirement in requirements]


def _checks(rulebook: Rulebook, parts: Parts) -> Iterator[str]:
    names = {id(check): f"C{number}" for number, check in enumerate(rulebook.checks, 1)}
    for check in rulebook.checks:
        yield from _check(names[id(check)], check, parts)
    yield f"CHECKS = {sequence(names.values())}"
    yield "CHECKED = {"
    for path, checks in checked_facts(rulebook).items():
        yield f"    {literal(path)}: {sequence(names[id(check)] for check in checks)},"
    yield "}"


def _check(name: str, check: Check, parts: Parts) -> Iterator[str]:
    yield f"{name} = Check("
    yield f"    {literal(check.name)}, {literal(check.list_name)}, {check.variable:d},"
    yield f"    {parts.part(check.must)},"
    yield f"    {literal(check.at_fault)}, {literal(check.message)},"
    yield ")"


def _gate(rulebook: Rulebook, parts: Parts) -> Iterator[str]:
    gate = rulebook.gate
    yield f"APPLIES = {parts.maybe(gate.condition if gate is not None else None)}"
    yield "OUTSIDE = {"
    for name, value in gate.outside if gate is not None else ():
        yield f"    {literal(name)}: {parts.part(value)},"
    yield "}"


def _end(rulebook: Rulebook) -> Iterator[str]:
    yield "CLAUSE_ORDER = {"
    for clause, order in rulebook.clause_order.items():
        yield f"    {literal(clause)}: {literal(order)},"
    yield "}"
    yield f"RESULTS = {sequence(literal(d.name) for d in rulebook.results)}"
    yield "RULES = Rules(DEFINITIONS, GROUPS, APPLIES, OUTSIDE, CLAUSE_ORDER, FIELDS, ABSENT)"
    yield "THREEFOLD = Deciding(RULES, READER, RESULTS, CHECKS, CHECKED)"
