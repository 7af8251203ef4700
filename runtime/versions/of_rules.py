"""Whether definitions and their rules changed: a rule is compared as it is written, once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, Rule, Rulebook
from luling.compiler.ir.to_text import to_text
from luling.compiler.source import Span

from . import rebuild
from .change import HEADS, RuleChange
from .differences import Detail, of_expressions
from .pairing import One, alone, between, joined, own_names, pairs, said

# --- definitions, apart from their rules


def of_definitions(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    before, after = _definitions(old), _definitions(new)
    for name in [*after, *(name for name in before if name not in after)]:
        one, other = before.get(name), after.get(name)
        found = _definition_details(one, other)
        if found:
            definition = other or one
            assert definition is not None
            yield _of_definition(definition, one, other, found)


def _definitions(book: Rulebook) -> dict[str, Definition]:
    return {
        d.name: rebuild.definition_through(d, lambda node, d=d: rebuild.levelled(node, d.variable))  # type: ignore[misc]
        for d in book.definitions
        if d.origin is None
    }


def _of_definition(
    definition: Definition, one: Definition | None, other: Definition | None, found: list[Detail]
) -> RuleChange:
    sides = [
        None if d is None else One(d.name, _home(d), None, "", d.span, d) for d in (one, other)
    ]
    return between(
        f"{HEADS[definition.kind]} {definition.name}", "definition", sides[0], sides[1], found,
        (("definition", definition.name),), any(d.what != "种类" for d in found),
    )  # fmt: skip


def _home(definition: Definition) -> str | None:
    """The clause it is declared under, else the one of its first rule."""
    homes = (definition.clause, *(rule.clause for rule in definition.rules))
    return next((clause for clause in homes if clause is not None), None)


def _definition_details(one: Definition | None, other: Definition | None) -> list[Detail]:
    if one is None or other is None:
        words = [None if d is None else _told_definition(d) for d in (one, other)]
        return [Detail("", words[0], words[1])]
    found = [
        *said("种类", HEADS[one.kind], HEADS[other.kind]),
        *said("类型", t.show(one.type), t.show(other.type)),
        *said("属于", one.scope, other.scope),
        *of_expressions("否则", one.otherwise, other.otherwise),
    ]
    if "parameter" in (one.kind, other.kind):
        found += _parameter_details(one, other)
    elif _given_here(one) or _given_here(other):
        found += _inline_details(one, other)
    return found


def _told_definition(definition: Definition) -> str:
    kind = t.show(definition.type)
    if definition.kind == "parameter" or _given_here(definition):
        values = "；".join(_told_value(rule) for rule in definition.rules)
        return f"{kind}，{values}" if values else kind
    return kind


def _told_value(rule: Rule) -> str:
    when = f"{to_text(rule.condition)}：" if rule.condition is not None else ""
    return f"{when}{to_text(rule.value)}"


def _parameter_details(one: Definition, other: Definition) -> list[Detail]:
    """A constant, or its values by the days they hold."""
    before, after = ({_days(rule): rule for rule in d.rules} for d in (one, other))
    found: list[Detail] = []
    for days in [*after, *(days for days in before if days not in after)]:
        left, right = before.get(days), after.get(days)
        if left is None or right is None:
            texts = [None if r is None else to_text(r.value) for r in (left, right)]
            found.append(Detail(days, texts[0], texts[1]))
            continue
        found += of_expressions(days, left.value, right.value)
        found += of_expressions(f"{days} 的期间", left.condition, right.condition)
    return found


def _days(rule: Rule) -> str:
    """自2025-07-01, of a rule named for it; nothing where the parameter has one value."""
    _, bracket, rest = rule.name.partition("（")
    return rest.rstrip("）") if bracket and rule.condition is not None else ""


def _given_here(definition: Definition) -> bool:
    """Whether its value stands where it is declared."""
    return any(is_inline(definition, rule) for rule in definition.rules)


def is_inline(definition: Definition, rule: Rule) -> bool:
    """Whether a rule is the value given where a definition is declared."""
    declared, inside = definition.span, rule.span
    here = declared.file == inside.file and inside.start <= declared.start < inside.end
    return here or definition.kind in ("parameter", "binding")


def _inline_details(one: Definition, other: Definition) -> list[Detail]:
    left, right = (
        next((rule for rule in d.rules if is_inline(d, rule)), None) for d in (one, other)
    )
    if left is None or right is None:
        texts = [None if rule is None else to_text(rule.value) for rule in (left, right)]
        return [Detail("为", texts[0], texts[1])]
    found = of_expressions("当", left.condition, right.condition)
    return [*found, *of_expressions("为", left.value, right.value)]


# --- rules


@attrs.frozen
class Place:
    """What a rule says of one definition: whose value, when, which, and above which rules."""

    members: tuple[str, ...] | None
    condition: ir.Expr | None
    value: ir.Expr
    above: tuple[str, ...]


@attrs.frozen(eq=False)
class Told:
    """A rule as it is written once, for all definitions it gives a value to."""

    name: str
    clause: str | None
    span: Span
    is_exception: bool
    places: Mapping[str, Place]


def told_rules(book: Rulebook) -> dict[str, Told]:
    """The rules of a rulebook by a name of their own, but for values given where declared."""
    names = rule_names(book)
    found: dict[str, Told] = {}
    for definition in _definitions(book).values():
        for rule, above in nodes(definition, names):
            if is_inline(definition, rule):
                continue
            name = names[rule.span, rule.name]
            place = Place(rule.members, rule.condition, rule.value, above)
            known = found.get(name)
            if known is None:
                places = {definition.name: place}
                found[name] = Told(name, rule.clause, rule.span, bool(above), places)
            else:
                places = {**known.places, definition.name: place}
                found[name] = Told(name, rule.clause, rule.span, known.is_exception, places)
    return found


def rule_names(book: Rulebook) -> dict[tuple[Span, str], str]:
    """A name of its own for each rule, by where it stands and what it is called."""
    written: dict[tuple[Span, str], Rule] = {}
    for definition in book.definitions:
        if definition.origin is None:
            for rule in _all(definition.rules):
                written.setdefault((rule.span, rule.name), rule)
    names = own_names([(rule.name, rule.clause) for rule in written.values()])
    return dict(zip(written, names, strict=True))


def _all(rules: tuple[Rule, ...]) -> Iterator[Rule]:
    for rule in rules:
        yield rule
        yield from _all(rule.exceptions)


def nodes(
    definition: Definition, names: Mapping[tuple[Span, str], str]
) -> Iterator[tuple[Rule, tuple[str, ...]]]:
    """Each rule of a definition once, with the names of those it is above."""
    above: dict[tuple[Span, str], list[str]] = {}
    rules: dict[tuple[Span, str], Rule] = {}
    pending: list[tuple[Rule, str | None]] = [(rule, None) for rule in definition.rules]
    while pending:
        rule, parent = pending.pop(0)
        key = (rule.span, rule.name)
        rules.setdefault(key, rule)
        parents = above.setdefault(key, [])
        if parent is not None and parent not in parents:
            parents.append(parent)
        pending += [(exception, names[key]) for exception in rule.exceptions]
    for key, rule in rules.items():
        yield rule, tuple(sorted(above[key]))


def of_rules(old: Rulebook, new: Rulebook) -> Iterator[RuleChange]:
    before, after = told_rules(old), told_rules(new)
    ones, others = ([_told_one(told) for told in book.values()] for book in (before, after))

    def akin(one: Told, other: Told) -> bool:
        return bool(one.places.keys() & other.places.keys()) and one.clause == other.clause

    paired = list(pairs(ones, others, akin))
    called = {a.name: b.name for a, b in paired if a is not None and b is not None}
    for one, other in paired:
        if one is None or other is None:
            yield _rule_alone(one, other)
            continue
        details = _rule_details(one.part, other.part, called, before, after)
        details = [*said("名称", one.name, other.name), *details]
        if details:
            yield _rule_changed(one, other, details)


def _told_one(told: Told) -> One:
    content = {name: (p.members, p.condition, p.value) for name, p in told.places.items()}
    return One(told.name, told.clause, content, _rule_text(told), told.span, told)


def _rule_text(told: Told) -> str:
    parts = []
    for name, place in told.places.items():
        who = f"{'、'.join(place.members)} 的 " if place.members else ""
        parts.append(f"{who}{_called(name)} 为 {to_text(place.value)}")
    condition = next(iter(told.places.values())).condition
    when = f"当 {to_text(condition)}，" if condition is not None else ""
    return when + "，".join(parts)


def _called(name: str) -> str:
    return name.split("的", 1)[1] if "的" in name else name


def _head(told: Told) -> str:
    return f"{'例外' if told.is_exception else '规则'} {told.name}"


def _rule_alone(one: One | None, other: One | None) -> RuleChange:
    found = other or one
    assert found is not None
    told: Told = found.part
    lead = f"优先于 {'、'.join(_above(told))}：" if told.is_exception else ""
    words = lead + _rule_text(told)
    details = alone(words if other is None else None, words if one is None else None)
    units = tuple(("definition", name) for name in told.places)
    return between(_head(told), "rule", one, other, details, units)


def _above(told: Told) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for p in told.places.values() for name in p.above))


def _lifted(
    name: str, above: Iterable[str], book: Mapping[str, Told], kept: Container[str]
) -> set[str]:
    """The rules of both versions that a rule is above; through one that only this version has, to
    those that one is above.
    """
    found: set[str] = set()
    for rule in above:
        if rule in kept:
            found.add(rule)
        elif rule in book and name in book[rule].places:
            found |= _lifted(name, book[rule].places[name].above, book, kept)
    return found


def _rule_details(
    one: Told, other: Told, called: Mapping[str, str], before: Mapping[str, Told],
    after: Mapping[str, Told],
) -> list[Detail]:  # fmt: skip
    """What differs of a rule. That a rule it was above is gone, or one it is above is new, is told
    with that rule.
    """
    found: list[Detail] = []
    kept = set(called.values())
    for name in [*other.places, *(n for n in one.places if n not in other.places)]:
        left, right = one.places.get(name), other.places.get(name)
        if left is None or right is None:
            texts = [None if p is None else to_text(p.value) for p in (left, right)]
            found.append(Detail(_called(name), texts[0], texts[1]))
            continue
        above = sorted({called[rule] for rule in _lifted(name, left.above, before, called)})
        under = sorted(_lifted(name, right.above, after, kept))
        found += [
            *said("对", joined(left.members) or "全部", joined(right.members) or "全部"),
            *of_expressions("当", left.condition, right.condition),
            *of_expressions(_called(name), left.value, right.value),
            *said("优先于", "、".join(above) or None, "、".join(under) or None),
        ]
    found = list(dict.fromkeys(found))
    return [*found, *said("条款", one.clause, other.clause)]


def _rule_changed(one: One, other: One, details: list[Detail]) -> RuleChange:
    names = dict.fromkeys([*other.part.places, *one.part.places])
    units = tuple(("definition", name) for name in names)
    substantial = not {detail.what for detail in details} <= {"名称", "条款"}
    return between(_head(other.part), "rule", one, other, details, units, substantial)
