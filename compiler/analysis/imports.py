"""A compiled rulebook → its parts under another one's name, its facts given by that one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from ..ir import nodes as ir
from ..ir import rulebook as book
from ..ir import types as t
from ..ir.walk import rewrite


@attrs.frozen
class Renamer:
    """Puts a name and a dot before everything an imported rulebook declares."""

    alias: str
    title: str
    variables: int

    def name(self, name: str) -> str:
        """The name in the importing rulebook."""
        return f"{self.alias}.{name}"

    def type(self, kind: t.Type) -> t.Type:
        """The type with its enumeration or record renamed."""
        match kind:
            case t.Enum():
                return attrs.evolve(kind, name=self.name(kind.name))
            case t.Record(of):
                return t.Record(self.name(of))
            case t.ListOf(item):
                return t.ListOf(self.type(item))
            case t.Maybe(of):
                return t.Maybe(self.type(of))
            case _:
                return kind

    def expr(self, node: ir.Expr) -> ir.Expr:
        """The expression in the importing rulebook's names."""
        return rewrite(node, self._node)

    def _node(self, node: ir.Expr) -> ir.Expr:
        node = attrs.evolve(node, type=self.type(node.type))
        match node:
            case ir.Fact(path):
                return ir.Defined(self.name(path), None, node.type, node.span)
            case ir.Defined(name, subject):
                return ir.Defined(self.name(name), subject, node.type, node.span)
            case ir.Satisfied(group):
                return attrs.evolve(node, group=self.name(group))
            case ir.Failing(group):
                return attrs.evolve(node, group=self.name(group))
            case ir.ReadingIs(reading):
                return attrs.evolve(node, reading=self.name(reading))
            case ir.Lookup(table):
                return attrs.evolve(node, table=self.name(table))
            case ir.Rows(register):
                return attrs.evolve(node, register=self.name(register))
            case ir.Members(enum):
                return attrs.evolve(node, enum=attrs.evolve(enum, name=self.name(enum.name)))
            case ir.Variable(number):
                return attrs.evolve(node, number=number + self.variables)
            case ir.Filter() | ir.ForAll() | ir.Map() | ir.Best():
                return attrs.evolve(node, variable=node.variable + self.variables)
            case _:
                return node

    def rule(self, rule: book.Rule) -> book.Rule:
        """The rule, its exceptions with it."""
        return attrs.evolve(
            rule,
            origin=rule.origin or self.title,
            condition=None if rule.condition is None else self.expr(rule.condition),
            value=self.expr(rule.value),
            exceptions=tuple(self.rule(exception) for exception in rule.exceptions),
        )

    def definition(self, d: book.Definition) -> book.Definition:
        """The definition; what was a result there is a derived value here."""
        return attrs.evolve(
            d,
            name=self.name(d.name),
            kind="derived" if d.kind == "result" else d.kind,
            origin=d.origin or self.title,
            scope=None if d.scope is None else self.name(d.scope),
            variable=d.variable + self.variables,
            type=self.type(d.type),
            rules=tuple(self.rule(rule) for rule in d.rules),
            otherwise=None if d.otherwise is None else self.expr(d.otherwise),
        )

    def requirement(self, r: book.Requirement) -> book.Requirement:
        """The requirement, in a group of its own."""
        return attrs.evolve(
            r,
            origin=r.origin or self.title,
            group=self.name(r.group),
            variable=r.variable + self.variables,
            when=None if r.when is None else self.expr(r.when),
            must=self.expr(r.must),
        )

    def check(self, check: book.Check, facts: Mapping[str, str]) -> book.Check | None:
        """The check if the fact it blames is given by a fact of the importing rulebook."""
        if check.list_name is not None or check.at_fault not in facts:
            return None
        must, fault = self.expr(check.must), facts[check.at_fault]
        return attrs.evolve(check, must=must, at_fault=fault, variable=0)

    def invariant(self, i: book.Invariant, facts: Mapping[str, str]) -> book.Invariant | None:
        """The statement, unless the fact that rises is given by no fact of the importing one."""
        if i.rises is not None and i.rises not in facts:
            return None
        return attrs.evolve(
            i,
            name=self.name(i.name),
            origin=i.origin or self.title,
            when=None if i.when is None else self.expr(i.when),
            must=None if i.must is None else self.expr(i.must),
            rises=None if i.rises is None else facts[i.rises],
            value=None if i.value is None else self.expr(i.value),
        )


def facts_read(rulebook: book.Rulebook) -> list[str]:
    """The facts an imported rulebook needs to be given: all but those only kept on record."""
    return [
        name
        for group in rulebook.groups
        for name in (
            [group.name]
            if group.is_list
            else [field.path for field in group.fields if not field.record_only]
        )
    ]


def exported_names(rulebooks: Iterable[book.Rulebook]) -> set[str]:
    """The words by which values, facts and enumerations of imported rulebooks can be named."""
    names: set[str] = set()
    for rulebook in rulebooks:
        paths = [*rulebook.definition, *rulebook.facts, *rulebook.enum, *rulebook.reading]
        names |= {word for path in paths for word in path.split(".")}
    return names
