"""What stands under a clause, restated as a notice would say it: sentences and numbered items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal as Choice

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, Invariant, Requirement, Rule, Rulebook
from luling.compiler.ir.to_text import attribute
from luling.compiler.source import Span

from .phrase import Phrase, Piece, fact_name, join, listed, phrase, plain

_LONG = 40  # characters beyond which conditions become a list
Form = Choice["规则", "例外", "要求", "参数", "派生", "否则", "必然"]


@attrs.frozen
class Line:
    """A sentence, with the items it announces."""

    words: Phrase
    items: tuple[Line, ...] = ()


@attrs.frozen
class Statement:
    """A rule, exception, requirement, parameter, derived value or 必然 in plain words.

    `defines` has the names of the definitions it gives values to.
    """

    form: Form
    name: str
    lines: tuple[Line, ...]
    defines: tuple[str, ...]
    notes: tuple[str, ...]
    source: str | None
    span: Span


@attrs.frozen
class _Placed:
    """A rule with the definition it gives a value to and the rule it is an exception of."""

    definition: Definition
    rule: Rule
    above: Rule | None


def statements(rulebook: Rulebook, clause: str) -> tuple[Statement, ...]:
    """All that stands under a clause, in the order of the files. An exception under the clause of
    its rule is told with the rule.
    """
    together: dict[tuple[str, Span], list[_Placed]] = {}
    for placed in _placed(rulebook):
        rule, above = placed.rule, placed.above
        if rule.clause == clause and (above is None or above.clause != clause):
            together.setdefault((rule.name, rule.span), []).append(placed)
    found = [_told(group) for group in together.values()]
    found += [
        requirement(r) for r in rulebook.requirements if r.origin is None and r.clause == clause
    ]
    found.sort(key=lambda one: (one.span.file, one.span.start))
    return (*found, *(_otherwise(d, value) for d, value in _left_open(rulebook, clause)))


def _left_open(rulebook: Rulebook, clause: str) -> Iterator[tuple[Definition, ir.Expr]]:
    """The definitions with a value for where no rule applies, told under their first clause."""
    for definition in rulebook.definitions:
        homes = (definition.clause, *(rule.clause for rule in definition.rules))
        home = next((one for one in homes if one is not None), None)
        if definition.origin is None and definition.otherwise is not None and home == clause:
            yield definition, definition.otherwise


def _otherwise(definition: Definition, value: ir.Expr) -> Statement:
    line = Line(join("没有规则适用的，", _whom(definition, None), "为", phrase(value), "。"))
    names = (definition.name,)
    return Statement("否则", attribute(definition.name), (line,), names, (), None, definition.span)


def _placed(rulebook: Rulebook) -> Iterator[_Placed]:
    for definition in rulebook.definitions:
        if definition.origin is None and definition.kind != "binding":
            pending = [(rule, None) for rule in definition.rules]
            for rule, above in _with_exceptions(pending):
                yield _Placed(definition, rule, above)


def _with_exceptions(
    rules: Sequence[tuple[Rule, Rule | None]],
) -> Iterator[tuple[Rule, Rule | None]]:
    for rule, above in rules:
        yield rule, above
        yield from _with_exceptions([(exception, rule) for exception in rule.exceptions])


def _told(group: list[_Placed]) -> Statement:
    first = group[0]
    definition, rule = first.definition, first.rule
    form: Form = "规则"
    if definition.kind == "parameter":
        form = "参数"
    elif rule.span == definition.span:
        form = "派生"
    elif first.above is not None:
        form = "例外"
    lines = _precedence(group)
    for one in group:
        lines.append(sentence(one.definition, one.rule))
        lines += _exceptions(one.definition, one.rule)
    lines = list(dict.fromkeys(lines))  # an exception of several rules says the same of each
    names = tuple(dict.fromkeys(one.definition.name for one in group))
    return Statement(form, rule.name, tuple(lines), names, rule.notes, rule.source, rule.span)


def _precedence(group: list[_Placed]) -> list[Line]:
    above = dict.fromkeys(
        Piece(f"{one.above.clause}“{one.above.name}”", "clause", one.above.clause or "")
        for one in group
        if one.above is not None
    )
    return [Line(join("优先于", listed([(piece,) for piece in above]), "。"))] if above else []


def _exceptions(definition: Definition, rule: Rule) -> list[Line]:
    """The exceptions of a rule, and theirs; those of another clause by its number."""
    items = []
    for exception in _all_exceptions(rule):
        line = sentence(definition, exception)
        if exception.clause != rule.clause:
            label = Piece(f"{exception.clause}", "clause", exception.clause or "")
            line = Line(join(label, f"“{exception.name}”：", line.words), line.items)
        items.append(line)
    return [Line(join("下列情形除外："), tuple(dict.fromkeys(items)))] if items else []


def _all_exceptions(rule: Rule) -> Iterator[Rule]:
    for exception in rule.exceptions:
        yield exception
        yield from _all_exceptions(exception)


def sentence(definition: Definition, rule: Rule) -> Line:
    """What a rule says: 甲的，乙为丙。"""
    whom = _whom(definition, rule.members)
    truth = t.solid(definition.type) == t.BOOL
    if isinstance(rule.value, ir.If):
        return _choice(whom, rule, rule.value, truth)
    if truth and not isinstance(rule.value, ir.Literal):
        return _verdict(whom, rule)
    before, items = _when(rule.condition)
    return Line(join(before, whom, "为", phrase(rule.value), ended(items)), items)


def _whom(definition: Definition, members: tuple[str, ...] | None) -> Phrase:
    """Whose value it is and its name; one that is so or not stands in quotation marks."""
    name = Piece(attribute(definition.name), "definition", definition.name)
    if t.solid(definition.type) == t.BOOL:
        return join(_subject(definition, members), "“", name, "”")
    return join(_subject(definition, members), name)


def _choice(whom: Phrase, rule: Rule, value: ir.If, truth: bool) -> Line:
    """A rule that gives one of two values."""
    before = () if rule.condition is None else join(phrase(rule.condition), "的，")
    verb, end = ("以", "为准") if truth else ("为", "")
    then = join("若", phrase(value.condition), "，", verb, phrase(value.then), end)
    return Line(join(before, whom, "：", then, "；否则", verb, phrase(value.otherwise), end, "。"))


def _verdict(whom: Phrase, rule: Rule) -> Line:
    """A rule whose value is itself a condition."""
    before = () if rule.condition is None else join(phrase(rule.condition), "的，")
    lead, items = listing(rule.value)
    if items:
        return Line(join(before, lead, "的，", whom, "为是，否则为否："), items)
    return Line(join(before, phrase(rule.value), "的，", whom, "为是，否则为否。"))


def ended(items: tuple[Line, ...]) -> str:
    """The mark that ends a sentence: a colon where items follow."""
    return "：" if items else "。"


def _when(condition: ir.Expr | None) -> tuple[Phrase, tuple[Line, ...]]:
    if condition is None:
        return (), ()
    lead, items = listing(condition)
    return (join(lead, "的，"), items) if items else (join(phrase(condition), "的，"), ())


def listing(node: ir.Expr) -> tuple[str, tuple[Line, ...]]:
    """有下列情形之一 or 同时符合下列条件 with its items; nothing where the phrase is short."""
    if not isinstance(node, ir.And | ir.Or) or len(plain(phrase(node))) <= _LONG:
        return "", ()
    lead = "同时符合下列条件" if isinstance(node, ir.And) else "有下列情形之一"
    last = len(node.items) - 1
    return lead, tuple(_item(item, at == last) for at, item in enumerate(node.items))


def _item(node: ir.Expr, last: bool) -> Line:
    lead, items = listing(node)
    end = "。" if last else "；"
    return Line(join(lead, "："), items) if items else Line(join(phrase(node), end))


def _subject(definition: Definition, members: tuple[str, ...] | None) -> Phrase:
    if definition.scope is None:
        return ()
    if members is not None:
        return join("、".join(members), "的")
    each = "每项" if definition.scope_kind == "list" else "各种"
    return join(f"{each}{definition.scope}的")


def requirement(required: Requirement) -> Statement:
    """须: a condition that must hold, of whom, and when."""
    whom = "、".join(required.members or ())
    if not whom and required.group:
        whom = f"各种{required.group}"
    before = () if required.when is None else join(phrase(required.when), "的，")
    lead, items = listing(required.must)
    words = join(lead, "：") if items else join(phrase(required.must), "。")
    line = Line(join(before, whom, "须", words), items)
    return Statement(
        "要求", required.name, (line,), (), required.notes, required.source,
        required.span,
    )  # fmt: skip


def invariants(rulebook: Rulebook, clause: str | None) -> tuple[Statement, ...]:
    """The 必然 statements under a clause, or under none."""
    own = (one for one in rulebook.invariants if one.origin is None and one.clause == clause)
    return tuple(_invariant(one, rulebook) for one in own)


def _invariant(one: Invariant, rulebook: Rulebook) -> Statement:
    """不论什么案件 of what must hold; of a rising fact how the value goes."""
    if one.rises is None or one.value is None:
        line = _always(one)
    else:
        line = Line(join(*_where(one), *_going(one.rises, one.value, one, rulebook), "。"))
    return Statement("必然", one.name, (line,), (), one.notes, None, one.span)


def _always(one: Invariant) -> Line:
    assert one.must is not None  # an invariant has either
    lead, items = listing(one.must)
    words = join(lead, "：") if items else join(phrase(one.must), "。")
    return Line(join(*(_where(one) or ("不论什么案件，",)), "必然", words), items)


def _where(one: Invariant) -> tuple[Phrase, ...]:
    return () if one.when is None else (join("凡", phrase(one.when), "的，"),)


def _going(rises: str, value: ir.Expr, one: Invariant, rulebook: Rulebook) -> Phrase:
    kind = t.solid(rulebook.facts[rises].type)
    fact = Piece(fact_name(rises), "fact", rises)
    falls = one.direction == "不减"
    goes = _GOES.get(t.solid(value.type), ("减少", "增加"))[0 if falls else 1]
    if isinstance(t.solid(value.type), t.Enum):
        goes = "降低" if falls else "提高"
    none = "（空算作最小）" if isinstance(value.type, t.Maybe) else ""
    rise = "提高" if isinstance(kind, t.Enum) else _RISE.get(kind, "增加")
    return join(fact, rise, "而其他事实不变，", phrase(value), "不会", goes, none)


_RISE: dict[t.Type, str] = {t.BOOL: "由否变为是", t.DATE: "推迟"}
_GOES: dict[t.Type, tuple[str, str]] = {
    t.BOOL: ("由是变为否", "由否变为是"), t.DATE: ("提前", "推迟"),
}  # fmt: skip
