"""The analyst's sheet: what differs from member to member of an enumeration, in one table, as the
text is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir.rulebook import Definition, Requirement, Rule, Rulebook
from luling.compiler.ir.to_text import attribute

from .links import Links
from .model import Link, Sheet, SheetRow
from .phrase import Phrase, Piece, join, phrase
from .taken import rules_taken, with_readings


def sheets(rulebook: Rulebook, links: Links) -> tuple[Sheet, ...]:
    """A table for each enumeration whose members the rules treat differently."""
    found = (_sheet(rulebook, links, enum.name, enum.members) for enum in rulebook.enums)
    return tuple(sheet for sheet in found if sheet is not None)


def _sheet(rulebook: Rulebook, links: Links, name: str, members: tuple[str, ...]) -> Sheet | None:
    taken = {reading.name: reading.alternatives[0].name for reading in rulebook.readings}
    columns = [
        attrs.evolve(d, rules=rules_taken(d.rules, taken))
        for d in rulebook.definitions
        if d.scope == name and d.scope_kind == "enum" and d.origin is None
    ]
    columns = [d for d in columns if _differs(d)]
    if not columns:
        return None
    heads = [Link(attribute(d.name), links.to("definition", d.name)) for d in columns]
    required = [r for r in required_of(rulebook, name, taken) if r.members is not None]
    rows = tuple(
        SheetRow(m, (*(_cell(d, m) for d in columns), _requirements(required, m))) for m in members
    )
    return Sheet(name, (*heads, Link("另须符合", "")), rows)


def required_of(rulebook: Rulebook, group: str, taken: Mapping[str, str]) -> Iterator[Requirement]:
    """The requirements of a group that can matter, with the readings taken put in."""
    for one in rulebook.requirements:
        when = None if one.when is None else with_readings(one.when, taken)
        never = isinstance(when, ir.Literal) and when.value is False
        if one.group == group and one.origin is None and not never:
            always = isinstance(when, ir.Literal)
            must = with_readings(one.must, taken)
            yield attrs.evolve(one, when=None if always else when, must=must)


def _differs(definition: Definition) -> bool:
    return any(rule.members is not None for rule in _all(definition.rules))


def _all(rules: tuple[Rule, ...]) -> Iterator[Rule]:
    for rule in rules:
        yield rule
        yield from _all(rule.exceptions)


def _cell(definition: Definition, member: str) -> tuple[Phrase, ...]:
    """What the rules for a member say, the exceptions that always apply instead of the rule."""
    lines: list[Phrase] = []
    for rule in definition.rules:
        lines += _for_member(rule, member)
    return tuple(lines)


def _for_member(rule: Rule, member: str) -> list[Phrase]:
    concerned = rule.members is None or member in rule.members
    below = [line for e in rule.exceptions for line in _for_member(e, member)]
    always = any(
        e.condition is None and (e.members is None or member in e.members) for e in rule.exceptions
    )
    if not concerned or always:
        return below
    words = phrase(rule.value)
    if rule.condition is not None:
        words = join(phrase(rule.condition), "的：", words)
    return [words, *below]


def _requirements(required: list[Requirement], member: str) -> tuple[Phrase, ...]:
    return tuple(
        join(Piece(r.clause, "clause", r.clause), f" {r.name}")
        for r in required
        if r.members is not None and member in r.members
    )
