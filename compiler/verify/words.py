"""Cubes of diagrams in the words of the rulebook they come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..ir import types as t
from ..ir.values import Period, show
from . import terms
from .diagram import Choice, Diagrams
from .search import Cube
from .terms import Counted, Fact, Folded, NoDay, OneOf, Op, Order, SameText, Several

Lists = Mapping[Any, str]  # what a condition on the items of a list says, what a term is called
Units = Mapping[str, Any]  # the type of each fact with many values, to show its constants by

_SIGNS = {"+": "加", "-": "减", "×": "×", "÷": "÷"}
_TYPES: dict[terms.Kind, t.Type] = {
    "date": t.DATE, "integer": t.INTEGER, "number": t.NUMBER, "text": t.TEXT, "period": t.PERIOD,
}  # fmt: skip
_WORDS = {
    "date": {">=": "不早于", "<": "早于", "<=": "不晚于", ">": "晚于"},
    "number": {">=": "不少于", "<": "少于", "<=": "不超过", ">": "超过"},
}


def cube_in_words(diagrams: Diagrams, cube: Cube, lists: Lists, units: Units) -> tuple[str, ...]:
    """What holds in every case of a cube, facts with few values first."""
    lists = {**diagrams.notes, **lists}
    found = [
        (not isinstance(choice.about, tuple), place, _condition(choice, cube[place], lists, units))
        for place in cube
        for choice in [diagrams.choices[place]]
    ]
    return tuple(text for _, _, text in sorted(found) if text)


def _condition(choice: Choice, allowed: frozenset[int], lists: Lists, units: Units) -> str:
    values = [choice.values[i] for i in sorted(allowed)]
    match choice.about:
        case ("fact", str(path)):
            return f"{path} {_among(path, values, choice.values, units)}"
        case ("item", str(name), _, str(field)):
            return f"{name} 的 {field} {_among(f'{name}.{field}', values, choice.values, units)}"
        case ("there", str(path)):
            return f"{'有' if values == [True] else '没有'} {_bare(path)}"
        case ("reading", str(name)):
            return f"按解读 {name} 取 {'、'.join(values)}"
        case _:
            return atom_in_words(choice.about, values == [True], lists, units)


def _among(path: str, values: list[Any], all_values: tuple[Any, ...], units: Units) -> str:
    shown = [show(value, units[path]) for value in values]
    rest = [show(v, units[path]) for v in all_values if v not in values]
    if len(shown) == 1:
        return f"为 {shown[0]}"
    if len(rest) < len(shown):
        return f"不为 {rest[0]}" if len(rest) == 1 else f"不属于 {'、'.join(rest)}"
    return f"属于 {'、'.join(shown)}"


def atom_in_words(atom: Any, holds: bool, lists: Lists, units: Units) -> str:
    """A question of facts with its answer, as a condition."""
    match atom:
        case Order(left, right):
            return _order(left, right, holds, lists, units)
        case OneOf(term, texts):
            named = "、".join(f"“{text}”" for text in sorted(texts))
            if len(texts) == 1:
                return f"{_bare(term.path)} {'为' if holds else '不为'} {named}"
            return f"{_bare(term.path)} {'属于' if holds else '不属于'} {named}"
        case SameText(left, right):
            return f"{_bare(left.path)} {'为' if holds else '不为'} {_bare(right.path)}"
        case NoDay(term, months):
            day = term_in_words(term, lists, units)
            text = f"{day} 起满 {show(Period(months, 0), t.PERIOD)}"
            return f"{text}{'没有' if holds else '有'}对应日"
        case Several(list_name, condition, count):
            what = lists.get((list_name, condition), list_name)
            if count == 1:
                return f"{'有' if holds else '没有'} {what}"
            return f"{what} {'不少于' if holds else '少于'} {count}项"
        case _:
            return str(atom)


def _order(left: Any, right: Any, holds: bool, lists: Lists, units: Units) -> str:
    if not terms.is_term(left):  # 5 ≥ 甲 is said as 甲 ≤ 5
        op = "<=" if holds else ">"
        left, right = right, left
    else:
        op = ">=" if holds else "<"
        most = lists.get(Order(left, right))
        if most is not None:  # written as 甲 ≤ 5, asked as 甲 ≥ 6
            op, right = (">" if holds else "<="), most
    words = _WORDS["date" if left.kind == "date" else "number"]
    texts = [_side(part, left, lists, units) for part in (left, right)]
    if texts[0] == texts[1]:  # two ways to come to what has one name: said as they are made
        bare = {key: text for key, text in lists.items() if not isinstance(key, Op)}
        texts = [_side(part, left, bare, units) for part in (left, right)]
    return f"{texts[0]} {words[op]} {texts[1]}"


def _side(part: Any, left: Any, lists: Lists, units: Units) -> str:
    if terms.is_term(part):
        return term_in_words(part, lists, units)
    return show(part, term_type(left, units))


def term_type(term: Any, units: Units) -> Any:
    """The type to show a constant by that a term is compared with."""
    if isinstance(term, Fact):
        return units.get(term.path.replace("[]", ""), _TYPES[term.kind])
    if isinstance(term, Op) and term.kind != "date":
        known = {term_type(a, units) for a in term.arguments if terms.is_term(a)}
        if len(known) == 1 and term.name in ("+", "-", "较大者", "较小者"):
            return known.pop()
    return _TYPES[term.kind]


def term_in_words(term: Any, lists: Lists, units: Units) -> str:
    """A value that depends on facts, in words."""
    if isinstance(term, Op) and term in lists:
        return lists[term]
    match term:
        case Fact(path):
            return _bare(path)
        case Op("add", (day, period)):
            return f"{term_in_words(day, lists, units)} 起满 {_period(period, lists, units)}"
        case Op(name, arguments) if name in _SIGNS:
            own = term_type(term, units)
            left, right = (_part(a, own, lists, units) for a in arguments)
            return f"{left} {_SIGNS[name]} {right}"
        case Op(name, arguments):
            own = term_type(term, units)
            return f"{name}（{'，'.join(_part(a, own, lists, units) for a in arguments)}）"
        case Counted(list_name, condition):
            return f"{lists.get((list_name, condition), list_name)} 的 个数"
        case Folded(how, list_name):
            return f"{list_name} {dict(sum='之和', max='之最大', min='之最小')[how]}"
        case _:
            return str(term)


def _part(term: Any, own: Any, lists: Lists, units: Units) -> str:
    if terms.is_term(term):
        return term_in_words(term, lists, units)
    return show(term, own if not isinstance(term, Period) else t.PERIOD)


def _period(period: Any, lists: Lists, units: Units) -> str:
    if terms.is_term(period):
        return f"（{term_in_words(period, lists, units)}）"
    return show(period, t.PERIOD)


def _bare(path: str) -> str:
    head, bracket, rest = path.partition("[")
    return f"{head} 的 {rest.rpartition('].')[2]}" if bracket else path
