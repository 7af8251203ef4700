"""IR → plain Chinese as a notice would put it, in pieces that pages can link."""

from __future__ import annotations

from typing import Literal as Choice

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.to_text import attribute, compare_word
from luling.compiler.ir.values import Value, show
from luling.compiler.source import Span

Kind = Choice["text", "number", "fact", "definition", "table", "reading", "clause"]


@attrs.frozen
class Piece:
    """A stretch of a sentence. `target` names what it is about; of a number, `target` is what it
    measures, `value` how much, `span` where it stands in the rule; `link` and `anchor` lead to the
    number of the legal text that it stands for, and back.
    """

    text: str
    kind: Kind = "text"
    target: str = ""
    span: Span | None = None
    value: Value = None
    link: str = ""
    anchor: str = ""


Phrase = tuple[Piece, ...]
_OPERATORS = {"+": "加", "-": "减", "×": "乘以", "÷": "除以"}
_FOLDS = {"sum": "之和", "max": "中最大的", "min": "中最小的"}
_COMPOUND = (ir.Or, ir.And, ir.If, ir.Arithmetic, ir.Union)
MEASURES = ("金额", "比例", "期间", "日期", "数")  # what a number can measure, in this order


def plain(phrase: Phrase) -> str:
    """The words of a phrase."""
    return "".join(piece.text for piece in phrase)


def join(*parts: str | Piece | Phrase) -> Phrase:
    """One phrase of words, pieces and phrases."""
    found: list[Piece] = []
    for part in parts:
        if isinstance(part, str):
            found += [Piece(part)] if part else []
        elif isinstance(part, Piece):
            found.append(part)
        else:
            found += part
    return tuple(found)


def listed(phrases: list[Phrase], between: str = "、") -> Phrase:
    """甲、乙、丙."""
    parts: list[str | Phrase] = []
    for place, phrase in enumerate(phrases):
        parts += [between, phrase] if place else [phrase]
    return join(*parts)


def fact_name(path: str) -> str:
    """A fact as it is spoken of: 人.年龄 → 人的年龄."""
    return path.replace(".", "的")


def named(name: str, subject: bool = False) -> Piece:
    """A definition by its name, of its member or item by what it is called there."""
    return Piece(attribute(name) if subject else name.replace(".", "的"), "definition", name)


def phrase(node: ir.Expr) -> Phrase:
    """An expression as plain Chinese on one line."""
    match node:
        case ir.Literal():
            return (_literal(node),)
        case ir.Fact():
            return _fact(node, True)
        case ir.FactList(name) | ir.Rows(name):
            return (Piece(name, "table" if isinstance(node, ir.Rows) else "fact", name),)
        case ir.Members(enum):
            return (Piece(enum.name),)
        case ir.Variable():
            return (Piece("其"),)
        case ir.FieldOf(of, field):
            return _field(node, of, field)
        case ir.Defined(name, subject):
            return _owned(subject, named(name, subject is not None))
        case ir.Satisfied(group, subject):
            whole = not group and subject is None
            return _owned(subject, Piece("符合对全案的各项要求" if whole else "符合对其的各项要求"))
        case ir.Failing(group, subject):
            whole = not group and subject is None
            return _owned(subject, Piece("全案未满足的条款" if whole else "未满足的条款"))
        case ir.ReadingIs(reading, alternative):
            return (Piece(f"按解读“{reading}”取“{alternative}”", "reading", reading),)
        case ir.Lookup(table, row, column):
            keys = join(phrase(row), "、", phrase(column))
            return join("按", keys, "查", Piece(f"“{table}”", "table", table))
        case _:
            return _condition(node)


def _condition(node: ir.Expr) -> Phrase:
    match node:
        case ir.IsPresent(of):
            return join("有", _tight(of))
        case ir.IsNonEmpty(of):
            return _some(of)
        case ir.Compare(op, left, right):
            return join(_tight(left), compare_word(op, left.type), _tight(right))
        case ir.IsIn(item, of):
            return join(_tight(item), "属于", _members(of))
        case ir.Not(of):
            return _negated(of)
        case ir.And(items):
            return listed([_tight(i) if isinstance(i, ir.Or) else phrase(i) for i in items], "，且")
        case ir.Or(items):
            return listed([phrase(item) for item in items], "，或者")
        case ir.If(condition, then, otherwise):
            return join(
                "若", phrase(condition), "，取", phrase(then), "，否则取", phrase(otherwise)
            )
        case ir.Filter(of, _, condition):
            return join(_tight(of), "中", phrase(condition), "的各项")
        case ir.ForAll(of, _, condition):
            return join("每一", _tight(of), "都", phrase(condition))
        case _:
            return _computed(node)


def _computed(node: ir.Expr) -> Phrase:
    match node:
        case ir.Arithmetic(op, left, right):
            return join(_tight(left), _OPERATORS[op], _tight(right))
        case ir.AddPeriod(day, period, following):
            words = "之日（没有对应日的顺延一日）" if following else "之日"
            return join("自", _tight(day), "起满", _tight(period), words)
        case ir.ListFrom(items):
            return listed([phrase(item) for item in items])
        case ir.Union(left, right):
            return join(_tight(left), "以及", _tight(right))
        case ir.Map(of, _, value):
            return join(_tight(of), "的", _without_its(phrase(value)))
        case ir.Count(ir.Filter(of, _, condition)):
            return join(_tight(of), "中", phrase(condition), "的项数")
        case ir.Count(of):
            return join(_tight(of), "的项数")
        case ir.Fold(how, of):
            return join(_tight(of), _FOLDS[how])
        case ir.Best():
            return _best(node)
        case ir.Call(function, arguments):
            inside = listed([phrase(argument) for argument in arguments], "，")
            return join(function, "（", inside, "）")
        case _:
            raise TypeError(f"no words for {type(node).__name__}")


def _some(of: ir.Expr) -> Phrase:
    if not isinstance(of, ir.Filter):
        return join("有", _tight(of))
    each = "种" if isinstance(of.of, ir.Members) else "项"
    return join(f"至少有一{each}", _tight(of.of), phrase(of.condition))


def _best(node: ir.Best) -> Phrase:
    """The best by the keys that tell members apart; a constant key leaves the order alone."""
    tie = "后" if node.last else "前"
    order = [
        join(_without_its(phrase(key.value)), "最高" if key.highest else "最低")
        for key in node.keys
        if not isinstance(key.value, ir.Literal)
    ]
    if not order:
        return join(_tight(node.of), f"中列在最{tie}面的一项")
    best = listed(order, "、其次")
    return join(_tight(node.of), "中", best, f"的一项（相同的取列在{tie}面的）")


def measure(type_: t.Type) -> str:
    """What numbers of a type measure, of `MEASURES`; nothing where they are none."""
    kind = t.solid(type_)
    name = "数" if isinstance(kind, t.Number) else kind.kind if isinstance(kind, t.Basic) else ""
    return name if name in MEASURES else ""


def number(value: Value, type_: t.Type, span: Span | None = None) -> Piece:
    """A value as a number that pages list and link, or as a word where it is none."""
    text, measured = show(value, type_), measure(type_)
    if value is None or not measured:
        return Piece(text)
    return Piece(text, "number", measured, span, value)


def _literal(node: ir.Literal) -> Piece:
    return number(node.value, node.type, node.span)


def _fact(node: ir.Fact, holds: bool) -> Phrase:
    """A fact by its name; one that is so or not says which."""
    if t.solid(node.type) != t.BOOL:
        return (Piece(fact_name(node.path), "fact", node.path),)
    words = Piece(f"“{node.path.replace('.', '·')}”", "fact", node.path)
    return join(words, "为是" if holds else "为否")


def _field(node: ir.FieldOf, of: ir.Expr, field: str) -> Phrase:
    if isinstance(of, ir.Variable):
        return (Piece(field),)
    return join(_tight(of), "的", field)


def _owned(subject: ir.Expr | None, name: Piece) -> Phrase:
    if subject is None or isinstance(subject, ir.Variable):
        return (name,)
    return join(phrase(subject), "的", name)


def _without_its(words: Phrase) -> Phrase:
    return words[1:] if words and words[0].text == "其" else words


def _members(of: ir.Expr) -> Phrase:
    return listed([phrase(i) for i in of.items]) if isinstance(of, ir.ListFrom) else phrase(of)


def _negated(of: ir.Expr) -> Phrase:
    match of:
        case ir.IsNonEmpty(ir.Filter(among, _, condition)):
            return join("没有任何一项", _tight(among), phrase(condition))
        case ir.IsPresent(inner) | ir.IsNonEmpty(inner):
            return join("没有", _tight(inner))
        case ir.IsIn(item, among):
            return join(_tight(item), "不属于", _members(among))
        case ir.Fact():
            return _fact(of, False)
        case ir.ReadingIs():
            return join("不", phrase(of))
        case _:
            return join("并非", _tight(of))


def _tight(node: ir.Expr) -> Phrase:
    """The phrase, in parentheses where it would run into what surrounds it."""
    words = phrase(node)
    return join("（", words, "）") if isinstance(node, _COMPOUND) else words
