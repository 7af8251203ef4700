"""IR → readable Chinese, in the language's own words."""

from __future__ import annotations

from typing import assert_never

from . import nodes as ir
from . import types as t
from .rulebook import Invariant, Rulebook
from .values import show

_DATE_WORDS = {">=": "不早于", "<=": "不晚于", "<": "早于", ">": "晚于"}
_NUMBER_WORDS = {">=": "不少于", "<=": "不超过", "<": "少于", ">": "超过"}
_RANK_WORDS = {">=": "不低于", "<=": "不高于", "<": "低于", ">": "高于"}
_OPERATORS = {"+": "加", "-": "减", "×": "×", "÷": "÷"}
_FOLDS = {"sum": "之和", "max": "之最大", "min": "之最小"}
_LOOSE = (ir.Or, ir.And, ir.If, ir.Arithmetic, ir.Union)


def compare_word(op: str, type_: t.Type) -> str:
    """The comparison in the word said of that type."""
    if op == "=":
        return "为"
    if op == "≠":
        return "不为"
    kind = t.solid(type_)
    if kind == t.DATE:
        return _DATE_WORDS[op]
    return (_RANK_WORDS if isinstance(kind, t.Enum) else _NUMBER_WORDS)[op]


def attribute(name: str) -> str:
    """What a value is called of its member: 身份的核定比例 → 核定比例."""
    return name.split("的", 1)[1] if "的" in name else name


def to_text(node: ir.Expr) -> str:
    """An expression as an analyst would write it."""
    match node:
        case ir.Literal(value):
            return show(value, node.type)
        case ir.Fact(path):
            return path
        case ir.FactList(name) | ir.Rows(name):
            return name
        case ir.Members(enum):
            return enum.name
        case ir.Variable():
            return "其"
        case ir.FieldOf(of, field):
            return field if isinstance(of, ir.Variable) else f"{to_text(of)} 的 {field}"
        case ir.Defined(name, subject):
            return _owned(subject, attribute(name) if subject is not None else name)
        case ir.Satisfied(group, subject):
            return _owned(subject, "满足要求" if subject or group else "全案满足要求")
        case ir.Failing(group, subject):
            return _owned(subject, "未满足条款" if subject or group else "全案未满足条款")
        case ir.ReadingIs(reading, alternative):
            return f"按解读「{reading}」取「{alternative}」"
        case ir.Lookup(table, row, column):
            return f"{table}（{to_text(row)}，{to_text(column)}）"
        case ir.IsPresent(of) | ir.IsNonEmpty(of):
            return f"有 {_tight(of)}"
        case ir.Compare(op, left, right):
            return f"{_tight(left)} {compare_word(op, left.type)} {_tight(right)}"
        case ir.IsIn(item, of):
            return f"{_tight(item)} 属于 {_members(of)}"
        case ir.Not(of):
            return _negated(of)
        case ir.And(items):
            return " 且 ".join(_tight(i) if isinstance(i, ir.Or) else to_text(i) for i in items)
        case ir.Or(items):
            return " 或 ".join(to_text(item) for item in items)
        case ir.If(condition, then, otherwise):
            return f"若 {to_text(condition)} 则 {to_text(then)} 否则 {to_text(otherwise)}"
        case _:
            return _computed(node)


def invariant_lines(one: Invariant, rulebook: Rulebook) -> list[str]:
    """A 必然 as its author would write it, without its name: 当 …, 须 … or 随 …, a line each."""
    lines = [] if one.when is None else [f"当 {to_text(one.when)}"]
    if one.must is not None:
        lines.append(f"须 {to_text(one.must)}")
    elif one.rises is not None and one.value is not None:
        kind = t.solid(rulebook.facts[one.rises].type)
        rise = "由否变是" if kind == t.BOOL else "推迟" if kind == t.DATE else "提高"
        lines.append(f"随 {one.rises} {rise}，{to_text(one.value)} {one.direction}")
    return lines


def _computed(node: ir.Expr) -> str:
    match node:
        case ir.Arithmetic(op, left, right):
            return f"{_tight(left)} {_OPERATORS[op]} {_tight(right)}"
        case ir.AddPeriod(day, period, following):
            return f"{_tight(day)} {'起顺延满' if following else '起满'} {_tight(period)}"
        case ir.ListFrom(items):
            return f"列出（{'，'.join(to_text(item) for item in items)}）"
        case ir.Union(left, right):
            return f"{_tight(left)} 并 {_tight(right)}"
        case ir.Filter(of, _, condition):
            return f"{_tight(of)} 中 {to_text(condition)} 者"
        case ir.ForAll(of, _, condition):
            return f"凡 {_tight(of)} 均 {to_text(condition)}"
        case ir.Map(of, _, value):
            return f"{_tight(of)} 的 {to_text(value).removeprefix('其 的 ')}"
        case ir.Count(of):
            return f"{_tight(of)} 的 个数"
        case ir.Fold(how, of):
            return f"{_tight(of)} {_FOLDS[how]}"
        case ir.Best(of, _, keys, last):
            words = " 同则 ".join(
                f"按 {to_text(key.value)} {'最高者' if key.highest else '最低者'}" for key in keys
            )
            return f"{_tight(of)} {words} 同则 {'列后者' if last else '列前者'}"
        case ir.Call(function, arguments):
            return f"{function}（{'，'.join(to_text(a) for a in arguments)}）"
        case (
            ir.Literal() | ir.Fact() | ir.FactList() | ir.Rows() | ir.Members() | ir.Variable()
            | ir.FieldOf() | ir.Defined() | ir.Satisfied() | ir.Failing() | ir.ReadingIs()
            | ir.Lookup() | ir.IsPresent() | ir.IsNonEmpty() | ir.Compare() | ir.IsIn() | ir.Not()
            | ir.And() | ir.Or() | ir.If()
        ):  # fmt: skip
            return to_text(node)
        case _:
            assert_never(node)


def _owned(subject: ir.Expr | None, name: str) -> str:
    if subject is None or isinstance(subject, ir.Variable):
        return name
    return f"{to_text(subject)} 的 {name}"


def _members(of: ir.Expr) -> str:
    if isinstance(of, ir.ListFrom):
        return "、".join(to_text(item) for item in of.items)
    return to_text(of)


def _negated(of: ir.Expr) -> str:
    if isinstance(of, ir.IsPresent | ir.IsNonEmpty):
        return f"没有 {_tight(of.of)}"
    if isinstance(of, ir.IsIn):
        return f"{_tight(of.item)} 不属于 {_members(of.of)}"
    return f"非 {_tight(of)}"


def _tight(node: ir.Expr) -> str:
    """The expression, in parentheses where it would run into what surrounds it."""
    text = to_text(node)
    return f"（{text}）" if isinstance(node, _LOOSE) else text
