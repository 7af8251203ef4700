"""Whether anything changed but definitions and their rules: each kind of part of a rulebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import (
    Check,
    Definition,
    FactField,
    Reading,
    Register,
    Requirement,
    Rule,
    Rulebook,
    Table,
)
from luling.compiler.ir.to_text import to_text
from luling.compiler.ir.values import Value, show

from ..parts import is_own
from . import rebuild
from .change import Part, RuleChange
from .differences import Detail, of_expressions, of_values
from .names import Names
from .pairing import One, alone, between, compared, joined, own_names, said

# --- requirements and checks


def of_requirements(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    return compared(
        "要求", "requirement", _requirements(old), _requirements(new), _requirement_details,
        _told_requirement, lambda a, b: a.group == b.group and a.clause == b.clause,
    )  # fmt: skip


def _requirements(book: Rulebook) -> list[One]:
    own = [r for r in book.requirements if r.origin is None]
    names = own_names([(r.name, r.clause) for r in own])
    found = []
    for name, requirement in zip(names, own, strict=True):
        plain = rebuild.requirement_through(
            requirement,
            lambda node, r=requirement: rebuild.levelled(node, r.variable),  # type: ignore[misc]
        )
        content = (plain.clause, plain.group, plain.members, plain.when, plain.must)
        text = _told_requirement(plain)
        found.append(One(name, plain.clause, content, text, plain.span, plain))
    return found


def _told_requirement(one: Requirement) -> str:
    who = f"{'、'.join(one.members)} " if one.members else ""
    when = f"当 {to_text(one.when)}，" if one.when is not None else ""
    return f"{who}{when}须 {to_text(one.must)}"


def _whom(one: Requirement) -> str:
    return joined(one.members) or one.group or "全案"


def _requirement_details(old: Requirement, new: Requirement) -> list[Detail]:
    return [
        *said("对", _whom(old), _whom(new)),
        *of_expressions("当", old.when, new.when),
        *of_expressions("须", old.must, new.must),
    ]


def of_checks(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    def details(one: Check, other: Check) -> list[Detail]:
        return [
            *said("每项", one.list_name, other.list_name),
            *of_expressions("须", one.must, other.must),
            *said("错在", one.at_fault, other.at_fault),
            *said("说明", one.message, other.message),
        ]

    return compared(
        "核对", "check", _checks(old), _checks(new), details, lambda one: f"须 {to_text(one.must)}",
        lambda a, b: bool(a.list_name == b.list_name),
    )  # fmt: skip


def own_checks(book: Rulebook) -> list[Check]:
    """The checks of the rulebook itself; an imported one stands in a file of its own."""
    files = {group.span.file for group in book.groups}
    files |= {d.span.file for d in book.definitions if d.origin is None}
    return [check for check in book.checks if check.span.file in files]


def _checks(book: Rulebook) -> list[One]:
    own = own_checks(book)
    found = []
    for name, check in zip(own_names([(c.name, None) for c in own]), own, strict=True):
        plain = rebuild.check_through(
            check,
            lambda node, c=check: rebuild.levelled(node, c.variable),  # type: ignore[misc]
        )
        content = (plain.list_name, plain.must, plain.at_fault)
        found.append(One(name, None, content, to_text(plain.must), plain.span, plain))
    return found


# --- tables and registers


def of_tables(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    return compared(
        "表", "table", _tables(old), _tables(new), _cell_details,
        lambda one: f"{one.rows.name} × {one.columns.name}，{len(one.cells)} 格",
    )  # fmt: skip


def _tables(book: Rulebook) -> list[One]:
    return [
        One(
            one.name, one.clause, (one.type, one.rows.name, one.columns.name, one.cells),
            "", one.span, one,
        )
        for one in book.tables
        if is_own(book, one.name)
    ]  # fmt: skip


def _cell_details(old: Table, new: Table) -> list[Detail]:
    found = [
        *said("行", old.rows.name, new.rows.name),
        *said("列", old.columns.name, new.columns.name),
        *said("类型", t.show(old.type), t.show(new.type)),
    ]
    before = cells_before(old, new)
    for key in [*new.cells, *(key for key in before if key not in new.cells)]:
        where = f"（{key[0]}，{key[1]}）"
        if key not in before:
            found.append(Detail(where, None, show(new.cells[key], new.type)))
        elif key not in new.cells:
            found.append(Detail(where, show(before[key], old.type), None))
        else:
            found += of_values(where, before[key], new.cells[key], new.type)
    return found


def cells_before(old: Table, new: Table) -> dict[tuple[str, str], Value]:
    """The cells of the old table by the keys of the new one.

    Where one of its sides is another enumeration now, and the old table said the same along that
    side, each new cell is held against what it said: one standard for all, now one for each class.
    """
    rows, columns = (old.rows.name == new.rows.name), (old.columns.name == new.columns.name)
    if rows and columns:
        return dict(old.cells)
    found: dict[tuple[str, str], Value] = {}
    for row, column in new.cells:
        values = {
            value
            for (r, c), value in old.cells.items()
            if value is not None and (not rows or r == row) and (not columns or c == column)
        }
        if len(values) == 1:
            found[row, column] = values.pop()
    return found


def of_registers(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    return compared(
        "名录", "register", _registers(old), _registers(new), _row_details,
        lambda one: f"{len(one.rows)} 行",
    )  # fmt: skip


def _registers(book: Rulebook) -> list[One]:
    return [
        One(one.name, one.clause, (one.columns, one.rows), "", one.span, one)
        for one in book.registers
        if is_own(book, one.name)
    ]


def _row_details(old: Register, new: Register) -> list[Detail]:
    """Rows that came and went; one with the same first cell that is alone with it was changed."""
    found = said("列", _columns(old), _columns(new))
    if old.columns != new.columns:
        return [*found, *said("行", f"{len(old.rows)} 行", f"{len(new.rows)} 行")]
    before, after = Counter(old.rows), Counter(new.rows)
    went = {row[0]: row for row in (before - after).elements()}
    came = list((after - before).elements())
    first_old = Counter(row[0] for row in old.rows)
    first_new = Counter(row[0] for row in new.rows)
    for row in came:
        single = first_old[row[0]] == 1 == first_new[row[0]]
        if single and row[0] in went:
            found += _row_changed(new, went.pop(row[0]), row)
        else:
            found.append(Detail("行", None, _row(new, row)))
    left = Counter(went.values()) if went else Counter[Any]()
    for row in (before - after).elements():
        if left[row]:
            found.append(Detail("行", _row(old, row), None))
    if not found and old.rows != new.rows:
        found.append(Detail("行的次序", _order(old), _order(new)))
    return found


def _columns(register: Register) -> str:
    return "、".join(f"{name}（{t.show(kind)}）" for name, kind in register.columns)


def _order(register: Register) -> str:
    return "、".join(show(row[0], register.columns[0][1]) for row in register.rows)


def _row(register: Register, row: tuple[Any, ...]) -> str:
    cells = zip(row, register.columns, strict=True)
    return "，".join(show(value, kind) for value, (_, kind) in cells)


def _row_changed(
    register: Register, old: tuple[Any, ...], new: tuple[Any, ...]
) -> Iterator[Detail]:
    name = show(new[0], register.columns[0][1])
    for before, after, (column, kind) in zip(old, new, register.columns, strict=True):
        yield from of_values(f"{name} 的 {column}", before, after, kind)


# --- readings, enumerations, facts


def of_readings(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    return compared(
        "解读", "reading", _readings(old), _readings(new), _reading_details,
        lambda one: f"取 {one.alternatives[0].name}" if one.alternatives else "",
        lambda a, b: bool(a.clause == b.clause),
    )  # fmt: skip


def _readings(book: Rulebook) -> list[One]:
    return [
        One(
            r.name, r.clause, tuple(a.name for a in r.alternatives[:1]), r.question, r.span, r
        )
        for r in book.readings
        if r.origin is None
    ]  # fmt: skip


def _reading_details(old: Reading, new: Reading) -> list[Detail]:
    before, after = ([a.name for a in one.alternatives] for one in (old, new))
    found = said("取", before[0] if before else None, after[0] if after else None)
    found += [Detail("可以理解为", None, name) for name in after if name not in before]
    found += [Detail("可以理解为", name, None) for name in before if name not in after]
    found += said("问", old.question, new.question)
    return [*found, *said("理由", old.reason, new.reason)]


def of_enums(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    def details(one: t.Enum, other: t.Enum) -> list[Detail]:
        found = [Detail("成员", None, m) for m in other.members if m not in one.members]
        found += [Detail("成员", m, None) for m in one.members if m not in other.members]
        kept = [m for m in one.members if m in other.members]
        if kept != [m for m in other.members if m in one.members]:
            found += said("列示", joined(one.members), joined(other.members))
        return [*found, *said("次序", joined(one.order) or None, joined(other.order) or None)]

    def told(one: t.Enum) -> str:
        return "、".join(one.members)

    def enums(book: Rulebook) -> list[One]:
        inline = {*book.facts, *(d.name for d in book.definitions)}
        other = old if book is new else new
        elsewhere = {*other.facts, *(d.name for d in other.definitions)}
        return [
            One(e.name, None, (e.members, e.order), "", None, e)
            for e in book.enums
            if is_own(book, e.name) and (e.name not in inline or e.name in elsewhere)
        ]

    return compared("枚举", "enum", enums(old), enums(new), details, told)


def of_facts(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    def details(one: FactField, other: FactField) -> list[Detail]:
        return [
            *said("类型", t.show(one.type), t.show(other.type)),
            *said("限", _allowed(one), _allowed(other)),
            *said("仅记录", *(show(f.record_only, t.BOOL) for f in (one, other))),
        ]

    def told(one: FactField) -> str:
        return t.show(one.type)

    yield from compared("事实", "fact", _facts(old), _facts(new), details, told)
    lists = {group.name: group.is_list for group in new.groups}
    for group in old.groups:
        if group.name in lists and lists[group.name] != group.is_list:
            words = {True: "列表", False: "一项"}
            detail = Detail("", words[group.is_list], words[lists[group.name]])
            yield RuleChange(
                f"事实 {group.name}", "changed", "fact", group.name, group.name, None, None,
                (detail,), (("fact", group.name),),
            )  # fmt: skip


def _allowed(field: FactField) -> str | None:
    return "、".join(show(value, field.type) for value in field.allowed) or None


def _facts(book: Rulebook) -> list[One]:
    return [
        One(
            path, None, (t.show(field.type), field.allowed), "", field.span, field
        )
        for path, field in book.facts.items()
    ]  # fmt: skip


# --- where and when it applies, imports, names


def of_gate(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    one, other = (
        rebuild.gate_through(book.gate, lambda node: rebuild.levelled(node, 0))
        for book in (old, new)
    )
    found: list[Detail] = []
    if one is None or other is None:
        texts = [None if gate is None else to_text(gate.condition) for gate in (one, other)]
        found = said("适用条件", texts[0], texts[1])
    else:
        found = of_expressions("适用条件", one.condition, other.condition)
    outside = [dict(gate.outside) if gate is not None else {} for gate in (one, other)]
    for name in dict.fromkeys([*outside[0], *outside[1]]):
        found += of_expressions(f"不适用时 {name}", outside[0].get(name), outside[1].get(name))
    if found:
        yield _whole("适用条件", "gate", found)


def of_span(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    one, other = old.in_force, new.in_force
    by = [None if span is None else span.by for span in (one, other)]
    start = [None if span is None else span.start for span in (one, other)]
    end = [None if span is None else span.end for span in (one, other)]
    found = [
        *said("依", by[0], by[1]),
        *of_expressions("自", start[0], start[1]),
        *of_expressions("至", end[0], end[1]),
    ]
    if found:
        # 施行 says when a version is the one to take; what it decides is up to 适用条件
        yield attrs.evolve(_whole("施行", "in_force", found), substantial=False)


def _whole(name: str, part: Part, details: list[Detail]) -> RuleChange:
    units = ((part, name),)
    return RuleChange(name, "changed", part, name, name, None, None, tuple(details), units)


def of_imports(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    before, after = ({i.alias: i for i in book.imports} for book in (old, new))
    for alias in dict.fromkeys([*before, *after]):
        one, other = before.get(alias), after.get(alias)
        names = _imported(old, new, alias)
        if one is None or other is None:
            found = alone(one.title if one else None, other.title if other else None)
        else:
            found = said("规则书", one.title, other.title)
            found += said("版本", one.version, other.version)
            found += [Detail(name, "旧", "新") for name in names]
        if found:
            sides = [
                None if i is None else One(alias, None, None, "", None, i) for i in (one, other)
            ]
            units = tuple(("definition", name) for name in names) or (("import", alias),)
            yield between(f"引用 {alias}", "import", sides[0], sides[1], found, units, bool(names))


def _imported(old: Rulebook, new: Rulebook, alias: str) -> list[str]:
    """The imported definitions that are not the same."""
    before, after = (
        {d.name: d for d in book.definitions if d.origin and d.name.startswith(alias + ".")}
        for book in (old, new)
    )
    return [
        name
        for name in dict.fromkeys([*before, *after])
        if name not in before or name not in after
        or _content(before[name]) != _content(after[name])
    ]  # fmt: skip


def _content(definition: Definition) -> Any:
    plain = rebuild.definition_through(
        definition, lambda node: rebuild.levelled(node, definition.variable)
    )
    return (plain.type, plain.otherwise, tuple(_bare(rule) for rule in plain.rules))


def _bare(rule: Rule) -> Any:
    return (rule.members, rule.condition, rule.value, tuple(_bare(r) for r in rule.exceptions))


def _titles(names: Names) -> Iterator[tuple[str, Part, Mapping[str, str]]]:
    """What the new version says that rules, requirements and checks are called now."""
    kinds: tuple[tuple[str, Part], ...] = (
        ("规则", "rule"), ("例外", "rule"), ("要求", "requirement"), ("核对", "check"),
    )  # fmt: skip
    for head, part in kinds:
        yield head, part, {old: new for (kind, old), new in names.titles.items() if kind == head}


def of_names(names: Names, new: Rulebook) -> Iterator[RuleChange]:
    """What is called otherwise, under the clause where it stands now."""
    parts: list[Any] = [*new.definitions, *new.tables, *new.registers, *new.readings]
    clauses = {part.name: part.clause for part in (*parts, *new.requirements)}
    kinds: tuple[tuple[str, Part, Mapping[str, str]], ...] = (
        ("事实", "fact", names.facts),
        ("枚举", "enum", names.enums),
        ("表", "table", names.tables),
        ("名录", "register", names.registers),
        ("解读", "reading", names.readings),
        ("派生", "definition", names.definitions),
        *_titles(names),
        ("成员", "enum", {f"{enum}.{m}": other for (enum, m), other in names.members.items()}),
    )
    for head, part, known in kinds:
        for old, name in known.items():
            if part == "enum" and name in names.facts.values():
                continue  # an enumeration called as its fact is
            if part == "fact" and old.partition(".")[0] in known and "." in old:
                continue  # a fact of a group that is called otherwise
            yield RuleChange(
                f"改名 {head} {name}", "renamed", part, old, name, clauses.get(name),
                clauses.get(name), (Detail("名称", old, name),), ((part, name),), False,
            )  # fmt: skip


# --- statements that must always hold, where a rulebook has them


def of_statements(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    """They decide nothing: a change of them changes no case."""
    before, after = ({s.name: s for s in book.invariants} for book in (old, new))
    for name in [*after, *(name for name in before if name not in after)]:
        one, other = before.get(name), after.get(name)
        if one is not None and other is not None and _stated(one) == _stated(other):
            continue
        texts = [None if s is None else _stated(s) for s in (one, other)]
        sides = [
            None if s is None else One(name, s.clause, None, "", s.span, s) for s in (one, other)
        ]
        details = alone(texts[0], texts[1])
        units = (("statement", name),)
        yield between(f"必然 {name}", "statement", sides[0], sides[1], details, units, False)


def _stated(statement: Any) -> str:
    """A statement in words: of every case, or as a fact rises."""
    when = "" if statement.when is None else f"当 {to_text(statement.when)}，"
    if statement.rises is not None:
        value = "" if statement.value is None else to_text(statement.value)
        return f"{when}随 {statement.rises} 提高，{value} {statement.direction}"
    return f"{when}须 {to_text(statement.must)}"
