"""What is called otherwise in the new version: declared, or found by having the same content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import (
    Definition,
    FactGroup,
    Register,
    Rule,
    Rulebook,
    Table,
)
from luling.compiler.ir.to_text import attribute
from luling.compiler.ir.walk import rewrite, walk

from .rebuild import levelled, rulebook_through, with_types

_ROUNDS = 6  # of looking: what is found renamed can show that something else was
_TITLED = ("规则", "例外", "要求", "核对", "解读", "示例")  # named apart from all else
_SLIGHT = 4  # nodes up to which equal content says little


@attrs.frozen
class Names:
    """By its old name the new one: of facts (and groups of facts), definitions, enumerations,
    tables, registers and readings; of members by their enumeration, as it was called, and name; of
    rules, requirements and checks by the word for them and name.
    """

    facts: Mapping[str, str] = attrs.field(factory=dict)
    definitions: Mapping[str, str] = attrs.field(factory=dict)
    enums: Mapping[str, str] = attrs.field(factory=dict)
    tables: Mapping[str, str] = attrs.field(factory=dict)
    registers: Mapping[str, str] = attrs.field(factory=dict)
    readings: Mapping[str, str] = attrs.field(factory=dict)
    members: Mapping[tuple[str, str], str] = attrs.field(factory=dict)
    titles: Mapping[tuple[str, str], str] = attrs.field(factory=dict)

    def member(self, type_: t.Type, value: Any) -> Any:
        """A value of a type, called as the new version calls it."""
        kind = t.solid(type_)
        if isinstance(kind, t.ListOf) and isinstance(value, tuple | list):
            return type(value)(self.member(kind.item, one) for one in value)
        if isinstance(kind, t.Enum) and isinstance(value, str):
            return self.members.get((kind.name, value), value)
        return value

    def title(self, kinds: tuple[str, ...], name: str) -> str:
        """What a rule, requirement or check is called now."""
        return next((self.titles[k, name] for k in kinds if (k, name) in self.titles), name)

    def case(self, case: Mapping[str, Any], old: Rulebook) -> dict[str, Any]:
        """A case of the old version with its facts called as the new one calls them."""
        found: dict[str, Any] = {}
        for group, value in case.items():
            if isinstance(value, Mapping):
                place = found.setdefault(self.facts.get(group, group), {})
                for field, inner in value.items():
                    path = f"{group}.{field}"
                    home, _, name = self.facts.get(path, path).partition(".")
                    there = place if home == group else found.setdefault(home, {})
                    there[name] = self._value(old, path, inner)
            elif isinstance(value, list):
                items = [self._item(old, group, one) for one in value]
                found[self.facts.get(group, group)] = items
            else:
                found[self.facts.get(group, group)] = value
        return found

    def _value(self, old: Rulebook, path: str, value: Any) -> Any:
        field = old.facts.get(path)
        return value if field is None else self.member(field.type, value)

    def _item(self, old: Rulebook, group: str, item: Any) -> Any:
        if not isinstance(item, Mapping):
            return item
        found = {}
        for field, value in item.items():
            path = f"{group}.{field}"
            name = self.facts.get(path, path).rpartition(".")[2]
            found[name] = self._value(old, path, value)
        return found


def find_names(old: Rulebook, new: Rulebook) -> Names:
    """What the new version calls otherwise. A fact or a result only where that is declared."""
    names = _declared(old, new)
    for _ in range(_ROUNDS):
        found = _found(renamed(old, names), new, names)
        if found is None:
            return names
        names = found
    return names


def _declared(old: Rulebook, new: Rulebook) -> Names:
    """The renamings that the new version declares."""
    by_name = {one.old: one.new for one in new.renamings if one.kind not in _TITLED}
    readings = {one.old: one.new for one in new.renamings if one.kind == "解读"}

    def of(known: Iterable[str]) -> dict[str, str]:
        return {name: by_name[name] for name in known if name in by_name}

    facts = {path: _path(path, by_name) for path in old.facts}
    enums = {one.name: _path(one.name, by_name) for one in old.enums}
    members = {(e.name, m): f"{e.name}.{m}" for e in old.enums for m in e.members}
    return Names(
        facts={
            **of(group.name for group in old.groups),
            **{path: other for path, other in facts.items() if other != path},
        },
        definitions=of(definition.name for definition in old.definitions),
        enums={name: other for name, other in enums.items() if other != name},
        tables=of(table.name for table in old.tables),
        registers=of(register.name for register in old.registers),
        readings={r.name: readings[r.name] for r in old.readings if r.name in readings},
        members={
            key: by_name[path].rpartition(".")[2]
            for key, path in members.items()
            if path in by_name and path not in old.facts
        },
        titles={(one.kind, one.old): one.new for one in new.renamings},
    )


def _path(path: str, by_name: Mapping[str, str]) -> str:
    """A fact of a group that is called otherwise, or called otherwise itself."""
    if path in by_name:
        return by_name[path]
    group, dot, field = path.partition(".")
    return f"{by_name.get(group, group)}{dot}{field}"


def renamed(rulebook: Rulebook, names: Names) -> Rulebook:
    """The old version in the new one's names."""
    if names == Names():
        return rulebook

    def typed(type_: t.Type) -> t.Type:
        if isinstance(type_, t.Enum):
            return _enum(type_, names)
        if isinstance(type_, t.Record) and type_.of in {**names.facts, **names.registers}:
            return t.Record(names.facts.get(type_.of) or names.registers[type_.of])
        return type_

    def called(node: ir.Expr) -> ir.Expr:
        match node:
            case ir.Literal(value) if names.members:
                return attrs.evolve(node, value=names.member(node.type, value))
            case ir.Fact(path) if path in names.facts:
                return attrs.evolve(node, path=names.facts[path])
            case ir.FactList(name) if name in names.facts:
                return attrs.evolve(node, name=names.facts[name])
            case ir.FieldOf(of, field) if isinstance(of.type, t.Record):
                path = names.facts.get(f"{of.type.of}.{field}", field)
                return attrs.evolve(node, field=path.rpartition(".")[2])
            case ir.Rows(name) if name in names.registers:
                return attrs.evolve(node, register=names.registers[name])
            case ir.Lookup(name) if name in names.tables:
                return attrs.evolve(node, table=names.tables[name])
            case ir.ReadingIs(name) if name in names.readings:
                return attrs.evolve(node, reading=names.readings[name])
            case ir.Defined(name) if name in names.definitions:
                return attrs.evolve(node, name=names.definitions[name])
            case ir.Satisfied(group) | ir.Failing(group) if group in names.enums:
                return attrs.evolve(node, group=names.enums[group])
        return node

    # members are looked up under the old names of their enumerations, so types come last
    whole = rulebook_through(rulebook, lambda node: rewrite(node, called))
    return with_types(_declarations(whole, names), typed)


def _enum(enum: t.Enum, names: Names) -> t.Enum:
    def called(members: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.members.get((enum.name, member), member) for member in members)

    name = names.enums.get(enum.name, enum.name)
    return t.Enum(name, called(enum.members), called(enum.order))


def _members(
    members: tuple[str, ...] | None, enum: str | None, names: Names
) -> tuple[str, ...] | None:
    if members is None or not names.members:
        return members
    return tuple(names.members.get((enum or "", member), member) for member in members)


def _table(table: Table, names: Names) -> Table:
    def called(kind: t.Enum, member: str) -> str:
        return str(names.member(kind, member))

    def keyed(cells: Mapping[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
        return {(called(table.rows, r), called(table.columns, c)): v for (r, c), v in cells.items()}

    if not names.members:
        return table
    cells = {key: names.member(table.type, value) for key, value in keyed(table.cells).items()}
    return attrs.evolve(table, cells=cells, cell_spans=keyed(table.cell_spans))


def _register(register: Register, names: Names) -> Register:
    if not names.members:
        return register
    kinds = [kind for _, kind in register.columns]
    rows = tuple(
        tuple(names.member(kind, value) for kind, value in zip(kinds, row, strict=True))
        for row in register.rows
    )
    return attrs.evolve(register, rows=rows)


def _declarations(book: Rulebook, names: Names) -> Rulebook:
    def called(parts: tuple[Any, ...], by_name: Mapping[str, str]) -> tuple[Any, ...]:
        return tuple(attrs.evolve(p, name=by_name.get(p.name, p.name)) for p in parts)

    return attrs.evolve(
        book,
        groups=tuple(_group(group, names.facts) for group in book.groups),
        tables=called(tuple(_table(one, names) for one in book.tables), names.tables),
        registers=called(tuple(_register(one, names) for one in book.registers), names.registers),
        readings=called(book.readings, names.readings),
        definitions=tuple(_definition(d, names) for d in book.definitions),
        requirements=tuple(
            attrs.evolve(
                r,
                name=names.title(("要求",), r.name),
                members=_members(r.members, r.group, names),
                group=names.enums.get(r.group, r.group),
            )
            for r in book.requirements
        ),
        checks=tuple(
            attrs.evolve(
                c,
                name=names.title(("核对",), c.name),
                list_name=names.facts.get(c.list_name or "", c.list_name),
                at_fault=names.facts.get(c.at_fault, c.at_fault),
            )
            for c in book.checks
        ),
    )


def _group(group: FactGroup, facts: Mapping[str, str]) -> FactGroup:
    fields = tuple(attrs.evolve(f, path=facts.get(f.path, f.path)) for f in group.fields)
    return attrs.evolve(group, name=facts.get(group.name, group.name), fields=fields)


def _definition(definition: Definition, names: Names) -> Definition:
    name = names.definitions.get(definition.name, definition.name)
    scope = definition.scope
    if scope is not None:
        scope = {**names.facts, **names.enums}.get(scope, scope)
    called = attribute(name) if scope is not None else name
    own_name = definition.attribute

    def rule(one: Rule) -> Rule:
        """A rule that is called as its definition is, is called as it is now."""
        dated = one.name.replace(f"{own_name}（", f"{called}（")  # of a dated parameter
        title = names.title(("规则", "例外"), dated)
        return attrs.evolve(
            one,
            name=called if one.name == own_name else title,
            members=_members(one.members, definition.scope, names),
            exceptions=tuple(rule(exception) for exception in one.exceptions),
        )

    rules = tuple(rule(one) for one in definition.rules)
    return attrs.evolve(definition, name=name, attribute=called, scope=scope, rules=rules)


# --- found by content


def _found(old: Rulebook, new: Rulebook, names: Names) -> Names | None:
    """One more kind of name that is found changed, None where there is none."""
    kinds: tuple[tuple[str, Callable[[Rulebook], dict[str, Any]]], ...] = (
        ("enums", _enums),
        ("tables", _tables),
        ("registers", _registers),
        ("readings", _readings),
        ("definitions", _definitions),
    )
    for kind, contents in kinds:
        pairs = dict(_matching(contents(old), contents(new)))
        if pairs:
            known: Mapping[str, str] = getattr(names, kind)
            more: dict[str, Any] = {kind: {**_through(known, pairs), **pairs}}
            return attrs.evolve(names, **more)
    return None


def _through(known: Mapping[str, str], pairs: Mapping[str, str]) -> dict[str, str]:
    return {name: pairs.get(other, other) for name, other in known.items()}


def _matching(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The names only one version has whose content is the same as that of one other only."""
    went = {name: content for name, content in old.items() if name not in new and content}
    came = {name: content for name, content in new.items() if name not in old and content}
    for name, content in went.items():
        same = [other for other, found in came.items() if found == content]
        back = [one for one, found in went.items() if found == content]
        if len(same) == 1 and len(back) == 1:
            yield name, same[0]


def _enums(book: Rulebook) -> dict[str, Any]:
    """Only those with a name of their own: 户.类别 is called so for its fact."""
    inline = {*book.facts, *(d.name for d in book.definitions)}
    return {e.name: (e.members, e.order) for e in book.enums if e.name not in inline}


def _tables(book: Rulebook) -> dict[str, Any]:
    return {o.name: (o.type, o.rows.name, o.columns.name, o.cells) for o in book.tables}


def _registers(book: Rulebook) -> dict[str, Any]:
    return {one.name: (one.columns, one.rows) for one in book.registers}


def _readings(book: Rulebook) -> dict[str, Any]:
    """What it is about is said in words, so only what it lets choose counts, and where."""
    return {
        r.name: (r.clause, tuple(alternative.name for alternative in r.alternatives))
        for r in book.readings
        if r.origin is None
    }


def _definitions(book: Rulebook) -> dict[str, Any]:
    """The content of derived values and parameters, nothing where it says too little."""
    return {
        d.name: _content(d)
        for d in book.definitions
        if d.origin is None and d.kind in ("derived", "parameter")
    }


def _content(definition: Definition) -> Any:
    def of(rules: tuple[Rule, ...]) -> tuple[Any, ...]:
        return tuple(
            (rule.members, plain(rule.condition), plain(rule.value), of(rule.exceptions))
            for rule in rules
        )

    def plain(node: ir.Expr | None) -> ir.Expr | None:
        if node is None:
            return None
        return rewrite(levelled(node, definition.variable), itself)

    def itself(node: ir.Expr) -> ir.Expr:
        if isinstance(node, ir.Defined) and node.name == definition.name:
            return attrs.evolve(node, name="")
        return node

    if _size(definition.rules) <= _SLIGHT and definition.clause is None:
        return None
    where = definition.clause if _size(definition.rules) <= _SLIGHT else None
    head = (definition.kind, definition.scope, definition.type, plain(definition.otherwise), where)
    return (*head, of(definition.rules))


def _size(rules: tuple[Rule, ...]) -> int:
    return sum(
        sum(1 for part in (rule.condition, rule.value) if part is not None for _ in walk(part))
        + _size(rule.exceptions)
        for rule in rules
    )
