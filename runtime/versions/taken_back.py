"""The new version with some changes taken back, part by part.

A part that comes back brings what it reads and the new version no longer has. Where rules come
back, the exceptions of the new version stay above them, and what was above a rule that is gone is
above what that one was above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, assert_never

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, Rule, Rulebook
from luling.compiler.ir.walk import walk

from . import rebuild
from .change import RuleChange
from .of_parts import own_checks
from .of_rules import is_inline, nodes, rule_names

Item = TypeVar("Item")


def taken_back(new: Rulebook, old: Rulebook, changes: Iterable[RuleChange]) -> Rulebook:
    """The new rulebook without some changes. `old` has its names, and variables of its own."""
    found = attrs.evolve(new, variables=max(new.variables, old.variables))
    for change in changes:
        found = _without(found, new, old, change)
    return _completed(found, old)


def _without(book: Rulebook, new: Rulebook, old: Rulebook, change: RuleChange) -> Rulebook:
    match change.part:
        case "rule":
            return _rule(book, new, old, change)
        case "definition":
            return _definition(book, old, change)
        case "requirement":
            return attrs.evolve(
                book, requirements=_exchanged(book.requirements, old.requirements, change, _name)
            )
        case "table":
            return attrs.evolve(book, tables=_kept(book.tables, old.tables, change))
        case "register":
            return attrs.evolve(book, registers=_kept(book.registers, old.registers, change))
        case "reading":
            return attrs.evolve(book, readings=_kept(book.readings, old.readings, change))
        case "check":
            return _check(book, old, change)
        case "enum":
            return _enum(book, old, change)
        case "fact":
            return _fact(book, old, change)
        case "gate":
            return attrs.evolve(book, gate=old.gate)
        case "in_force":
            return attrs.evolve(book, in_force=old.in_force)
        case "import":
            return _import(book, old, change)
        case "statement":
            return book  # it decides nothing
        case _:
            assert_never(change.part)


def _name(part: Any) -> str:
    return str(part.name)


def _exchanged(
    parts: tuple[Item, ...],
    old: tuple[Item, ...],
    change: RuleChange,
    name: Callable[[Item], str],
) -> tuple[Item, ...]:
    """The parts with that of a change as it was: exchanged, left out, or back at the end."""
    before = [one for one in old if name(one) == _plain(change.old_name)]
    found: list[Item] = []
    done = False
    for part in parts:
        if name(part) != _plain(change.new_name):
            found.append(part)
        elif not done:
            found += before
            done = True
    return tuple(found) if done else (*parts, *before)


def _kept(parts: tuple[Any, ...], old: tuple[Any, ...], change: RuleChange) -> tuple[Any, ...]:
    """The same, but what the new version added stays: others read it."""
    return parts if change.old_name is None else _exchanged(parts, old, change, _name)


def _plain(name: str | None) -> str | None:
    """A name as it is written: parts of one name are told apart by what follows it."""
    return None if name is None else name.partition(" 之")[0]


# --- rules and definitions


@attrs.frozen(eq=False)
class _Node:
    """A rule without its exceptions, and the rules it is above."""

    rule: Rule
    above: tuple[str, ...]


_Forest = dict[str, _Node]


def _rule(book: Rulebook, new: Rulebook, old: Rulebook, change: RuleChange) -> Rulebook:
    """One rule as it was, in every definition that it gives a value to in either version."""
    names, before = rule_names(book), rule_names(old)
    known = {d.name: d for d in old.definitions}
    definitions = []
    for definition in book.definitions:
        if definition.origin is None and ("definition", definition.name) in change.units:
            old_one = known.get(definition.name)
            was = {} if old_one is None else _forest(_about(old_one, definition), before)
            forest = _with_node(_forest(definition, names), was, change)
            definition = attrs.evolve(definition, rules=_grown(forest))
        definitions.append(definition)
    return attrs.evolve(book, definitions=tuple(definitions))


def _forest(definition: Definition, names: Mapping[Any, str]) -> _Forest:
    return {
        names[rule.span, rule.name]: _Node(attrs.evolve(rule, exceptions=()), above)
        for rule, above in nodes(definition, names)
    }


def _about(old: Definition, definition: Definition) -> Definition:
    """A definition as it was, about the variable of the definition as it is."""
    return rebuild.definition_through(
        old, lambda part: rebuild.about(part, old.variable, definition.variable)
    )


def _with_node(forest: _Forest, was: _Forest, change: RuleChange) -> _Forest:
    """The rules with one as it was. The new name stays: others are above it by that name."""
    name = change.new_name or change.old_name or ""
    back = was.get(change.old_name or "")
    found = dict(forest)
    gone = found.get(name)
    if back is not None and gone is not None:
        found[name] = attrs.evolve(back, rule=_numbered(back.rule, gone.rule))
    elif back is not None:
        found = {key: _under(node, was.get(key), name, back) for key, node in found.items()}
        found[name] = back
    elif gone is not None:
        del found[name]
        found = {key: _lifted(node, name, gone.above) for key, node in found.items()}
    return found


def _under(node: _Node, was: _Node | None, name: str, back: _Node) -> _Node:
    """A rule that was above one that comes back."""
    if was is None or name not in was.above:
        return node
    if set(_lifted(was, name, back.above).above) == set(node.above):
        return _Node(node.rule, was.above)
    return _Node(node.rule, (*node.above, name))


def _numbered(rule: Rule, other: Rule) -> Rule:
    """A rule at the place of another, so that it is found again under the same name."""
    return attrs.evolve(rule, name=other.name, span=other.span)


def _lifted(node: _Node, gone: str, above: tuple[str, ...]) -> _Node:
    """A rule that was above one that is gone."""
    if gone not in node.above:
        return node
    rest = [name for name in node.above if name != gone]
    return _Node(node.rule, tuple(dict.fromkeys([*rest, *above])))


def _grown(forest: _Forest) -> tuple[Rule, ...]:
    """The rules with their exceptions; a rule above none that is there stands on the ground."""
    below: dict[str | None, list[str]] = {}
    for name, node in forest.items():
        parents = [parent for parent in node.above if parent in forest and parent != name]
        for parent in parents if parents else (None,):
            below.setdefault(parent, []).append(name)

    def grown(name: str, path: tuple[str, ...]) -> Rule:
        inner = [child for child in below.get(name, ()) if child not in path]
        exceptions = tuple(grown(child, (*path, child)) for child in inner)
        return attrs.evolve(forest[name].rule, exceptions=exceptions)

    ground = below.get(None, [])
    reached = {key for name in ground for key in _reached(name, below)}
    for name in forest:  # where two are above one another, the first stands on the ground
        if name not in reached:
            ground.append(name)
            reached |= _reached(name, below)
    return tuple(grown(name, (name,)) for name in ground)


def _reached(name: str, below: Mapping[str | None, list[str]]) -> set[str]:
    found, pending = set[str](), [name]
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending += below.get(one, [])
    return found


def _definition(book: Rulebook, old: Rulebook, change: RuleChange) -> Rulebook:
    """A definition's own line as it was, with the value given there; its other rules stay."""
    before = next((d for d in old.definitions if d.name == change.old_name), None)
    if change.new_name is None:
        assert before is not None
        return attrs.evolve(book, definitions=(*book.definitions, before))
    if before is None:
        return book  # what is new alone changes nothing: others read it
    return attrs.evolve(
        book,
        definitions=tuple(
            _own_line(d, before) if d.name == change.new_name else d for d in book.definitions
        ),
    )


def _own_line(definition: Definition, before: Definition) -> Definition:
    if before.kind in ("parameter", "binding") or definition.kind in ("parameter", "binding"):
        return before
    mine = rebuild.definition_through(
        before, lambda node: rebuild.about(node, before.variable, definition.variable)
    )
    given = tuple(rule for rule in mine.rules if is_inline(before, rule))
    if any(is_inline(definition, rule) for rule in definition.rules) or given:
        others = tuple(rule for rule in definition.rules if not is_inline(definition, rule))
        rules = (*others, *given)
    else:
        rules = definition.rules
    return attrs.evolve(
        definition, kind=before.kind, type=before.type, scope=before.scope,
        scope_kind=before.scope_kind, otherwise=mine.otherwise, rules=rules,
    )  # fmt: skip


# --- the rest


def _check(book: Rulebook, old: Rulebook, change: RuleChange) -> Rulebook:
    own = {id(check) for check in own_checks(book)}
    mine = tuple(check for check in book.checks if id(check) in own)
    others = tuple(check for check in book.checks if id(check) not in own)
    before = tuple(own_checks(old))
    return attrs.evolve(book, checks=(*_exchanged(mine, before, change, _name), *others))


def _enum(book: Rulebook, old: Rulebook, change: RuleChange) -> Rulebook:
    """An enumeration with the members and the order it had; one that was added stays."""
    before = next((e for e in old.enums if e.name == change.old_name), None)
    if before is None:
        return book
    if change.new_name is None:
        return attrs.evolve(book, enums=(*book.enums, before))

    def as_it_was(type_: t.Type) -> t.Type:
        return before if isinstance(type_, t.Enum) and type_.name == change.new_name else type_

    return rebuild.with_types(book, as_it_was)


def _fact(book: Rulebook, old: Rulebook, change: RuleChange) -> Rulebook:
    """A fact as it was declared; one that was added stays."""
    field = old.facts.get(change.old_name or "")
    if field is None:
        return book
    if change.new_name is None:
        return _with_facts(book, old, {field.path})
    groups = tuple(
        attrs.evolve(g, fields=tuple(field if f.path == field.path else f for f in g.fields))
        for g in book.groups
    )
    return attrs.evolve(book, groups=groups)


def _with_facts(book: Rulebook, old: Rulebook, paths: set[str]) -> Rulebook:
    """The rulebook with some facts of the old one, in their groups."""
    groups = {group.name: group for group in book.groups}
    for group in old.groups:
        wanted = tuple(f for f in group.fields if f.path in paths and f.path not in book.facts)
        if wanted and group.name in groups:
            there = groups[group.name]
            groups[group.name] = attrs.evolve(there, fields=(*there.fields, *wanted))
        elif wanted:
            groups[group.name] = attrs.evolve(group, fields=wanted)
    return attrs.evolve(book, groups=tuple(groups.values()))


def _import(book: Rulebook, old: Rulebook, change: RuleChange) -> Rulebook:
    """The imported definitions as they were; those that only the new version has stay."""
    alias = change.old_name
    before = {d.name: d for d in old.definitions if d.origin and d.name.startswith(f"{alias}.")}
    there = {d.name for d in book.definitions}
    return attrs.evolve(
        book,
        definitions=(
            *(before.get(d.name, d) for d in book.definitions),
            *(d for name, d in before.items() if name not in there),
        ),
    )


# --- what comes back with a part that reads it


def _completed(book: Rulebook, old: Rulebook) -> Rulebook:
    """The rulebook with everything that is read in it and only the old one has."""
    while True:
        more = _once_more(book, old)
        if more is book:
            return book
        book = more


def _once_more(book: Rulebook, old: Rulebook) -> Rulebook:
    read = _read(book)
    found = book
    for field in ("definitions", "tables", "registers", "readings", "enums"):
        there = {part.name for part in getattr(book, field)}
        missing = tuple(
            part
            for part in getattr(old, field)
            if part.name not in there and (field, part.name) in read
        )
        if missing:
            more: dict[str, Any] = {field: (*getattr(book, field), *missing)}
            found = attrs.evolve(found, **more)
    paths = {path for path in old.facts if path not in book.facts and ("facts", path) in read}
    lists = {group.name for group in book.groups}
    paths |= {
        f.path for g in old.groups if g.name not in lists and ("groups", g.name) in read
        for f in g.fields
    }  # fmt: skip
    return _with_facts(found, old, paths) if paths else found


def _read(book: Rulebook) -> set[tuple[str, str]]:
    """What the expressions and declarations of a rulebook name, by kind."""
    found: set[tuple[str, str]] = set()

    def look(node: ir.Expr) -> ir.Expr:
        for part in walk(node):
            found.update(_named(part))
        return node

    rebuild.rulebook_through(book, look)
    for definition in book.definitions:
        found.add(("enums", definition.scope or ""))
        found.update(_enums_of(definition.type))
    for path, field in book.facts.items():
        found.update(_enums_of(field.type))
        found.add(("groups", path.partition(".")[0]))
    found.add(("facts", book.in_force.by if book.in_force else ""))
    return found


def _named(node: ir.Expr) -> Iterable[tuple[str, str]]:
    match node:
        case ir.Defined(name):
            yield "definitions", name
        case ir.Fact(path):
            yield "facts", path
        case ir.FactList(name):
            yield "groups", name
        case ir.FieldOf(of, field) if isinstance(of.type, t.Record):
            yield "facts", f"{of.type.of}.{field}"
        case ir.Rows(name):
            yield "registers", name
        case ir.Lookup(name):
            yield "tables", name
        case ir.ReadingIs(name):
            yield "readings", name
        case ir.Members(enum):
            yield "enums", enum.name
        case ir.Satisfied(group) | ir.Failing(group):
            yield "enums", group


def _enums_of(type_: t.Type) -> Iterable[tuple[str, str]]:
    match type_:
        case t.Enum(name):
            yield "enums", name
        case t.Maybe(inner) | t.ListOf(inner):
            yield from _enums_of(inner)
