"""What is called otherwise in the new version: declared, or found by having the same content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, FactGroup, Rule, Rulebook
from luling.compiler.ir.to_text import attribute
from luling.compiler.ir.walk import rewrite, walk

from .rebuild import levelled, rulebook_through, with_types

_ROUNDS = 6  # of looking: what is found renamed can show that something else was
_SLIGHT = 4  # nodes up to which equal content says little


@attrs.frozen
class Names:
    """By its old name the new one: of facts (and groups of facts), definitions, enumerations,
    tables, registers and readings.
    """

    facts: Mapping[str, str] = attrs.field(factory=dict)
    definitions: Mapping[str, str] = attrs.field(factory=dict)
    enums: Mapping[str, str] = attrs.field(factory=dict)
    tables: Mapping[str, str] = attrs.field(factory=dict)
    registers: Mapping[str, str] = attrs.field(factory=dict)
    readings: Mapping[str, str] = attrs.field(factory=dict)

    def case(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """A case of the old version with the facts called as the new one does."""
        found: dict[str, Any] = {}
        for group, value in case.items():
            if isinstance(value, Mapping):
                for field, inner in value.items():
                    path = f"{group}.{field}"
                    home, _, name = self.facts.get(path, path).partition(".")
                    found.setdefault(home, {})[name] = inner
                if not value:
                    found.setdefault(self.facts.get(group, group), {})
            elif isinstance(value, list):
                found[self.facts.get(group, group)] = [self._item(group, one) for one in value]
            else:
                found[self.facts.get(group, group)] = value
        return found

    def _item(self, group: str, item: Any) -> Any:
        if not isinstance(item, Mapping):
            return item
        names = {f: self.facts.get(f"{group}.{f}", f"{group}.{f}").rpartition(".")[2] for f in item}
        return {names[field]: value for field, value in item.items()}


def declared(new: Rulebook) -> dict[str, str]:
    """The renamings that the new version declares, by the old name. A rulebook may declare none."""
    return {one.old: one.new for one in getattr(new, "renamings", ())}


def find_names(old: Rulebook, new: Rulebook) -> Names:
    """What the new version calls otherwise. A fact or a result only where that is declared."""
    names = _declared(old, declared(new))
    for _ in range(_ROUNDS):
        found = _found(renamed(old, names), new, names)
        if found is None:
            return names
        names = found
    return names


def _declared(old: Rulebook, by_name: Mapping[str, str]) -> Names:
    def of(known: Iterable[str]) -> dict[str, str]:
        return {name: by_name[name] for name in known if name in by_name}

    facts = {path: _path(path, by_name) for path in old.facts}
    enums = {one.name: by_name.get(one.name, _path(one.name, by_name)) for one in old.enums}
    return Names(
        facts={
            **of(group.name for group in old.groups),
            **{path: other for path, other in facts.items() if other != path},
        },
        definitions=of(definition.name for definition in old.definitions),
        enums={name: other for name, other in enums.items() if other != name},
        tables=of(table.name for table in old.tables),
        registers=of(register.name for register in old.registers),
        readings=of(reading.name for reading in old.readings),
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
        if isinstance(type_, t.Enum) and type_.name in names.enums:
            return attrs.evolve(type_, name=names.enums[type_.name])
        if isinstance(type_, t.Record) and type_.of in {**names.facts, **names.registers}:
            return t.Record(names.facts.get(type_.of) or names.registers[type_.of])
        return type_

    def called(node: ir.Expr) -> ir.Expr:
        match node:
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

    whole = rulebook_through(rulebook, lambda node: rewrite(node, called))
    return _declarations(with_types(whole, typed), names)


def _declarations(book: Rulebook, names: Names) -> Rulebook:
    def called(parts: tuple[Any, ...], by_name: Mapping[str, str]) -> tuple[Any, ...]:
        return tuple(attrs.evolve(p, name=by_name.get(p.name, p.name)) for p in parts)

    return attrs.evolve(
        book,
        groups=tuple(_group(group, names.facts) for group in book.groups),
        tables=called(book.tables, names.tables),
        registers=called(book.registers, names.registers),
        readings=called(book.readings, names.readings),
        definitions=tuple(_definition(d, names) for d in book.definitions),
        requirements=tuple(
            attrs.evolve(r, group=names.enums.get(r.group, r.group)) for r in book.requirements
        ),
        checks=tuple(
            attrs.evolve(
                c,
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
    if name == definition.name and scope == definition.scope:
        return definition
    called = attribute(name) if scope is not None else name
    own_name = definition.attribute

    def rule(one: Rule) -> Rule:
        """A rule that is called as its definition is, is called as it is now."""
        dated = one.name.replace(f"{own_name}（", f"{called}（")  # of a dated parameter
        return attrs.evolve(
            one,
            name=called if one.name == own_name else dated,
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
            return attrs.evolve(names, **{kind: {**_through(known, pairs), **pairs}})
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
    return {r.name: (r.question, r.alternatives) for r in book.readings if r.origin is None}


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
