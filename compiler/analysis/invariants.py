"""必然 → what must hold of every valid case, with its types."""

from __future__ import annotations

from typing import Literal

from ..diagnostics.catalogue import names as name_codes
from ..diagnostics.catalogue import rules as codes
from ..diagnostics.catalogue import types as type_codes
from ..diagnostics.entry import Both
from ..ir import nodes as ir
from ..ir import types as t
from ..ir.presence import present_if
from ..ir.rulebook import Invariant
from ..source import Span
from ..syntax import ast
from ..syntax.keywords import vocabulary
from .declare import Placed
from .expressions import Expressions, Scope, narrowed

_LACKING = Both("没有写什么必然成立", "says nothing")
_TWICE = Both("写了不止一行「随」", "has more than one line 随")
_BOTH = Both("既写了「须」又写了「随」", "has both 须 and 随")
_RISES = {
    "bool": Both("是否类的事实写「由否变是」。", "of what is so or not say 由否变是."),
    "date": Both("日期写「推迟」。", "of dates say 推迟."),
    "number": Both(
        "数、金额、有次序的枚举写「提高」或「增加」。", "of what is more or less say 提高."
    ),
}


def lower_invariants(expressions: Expressions, entries: list[Placed]) -> tuple[Invariant, ...]:
    """The statements of a rulebook, those that are whole."""
    found: list[Invariant] = []
    seen: set[str] = set()
    for entry, clause in ((placed.entry, placed.clause) for placed in entries):
        if not isinstance(entry, ast.Invariant):
            continue
        name = entry.name.text
        if name in seen:
            expressions.report(name_codes.NAME_REPEATED, entry.name.span, name=name)
        seen.add(name)
        if problem := _problem(entry):
            expressions.report(codes.INVARIANT_INCOMPLETE, entry.span, name=name, problem=problem)
        elif one := _invariant(expressions, entry, clause):
            found.append(one)
    return tuple(found)


def _problem(entry: ast.Invariant) -> Both | None:
    if entry.must is not None and entry.along:
        return _BOTH
    if len(entry.along) > 1:
        return _TWICE
    return _LACKING if entry.must is None and not entry.along else None


def _invariant(
    expressions: Expressions, entry: ast.Invariant, clause: str | None
) -> Invariant | None:
    scope, when = Scope(), None
    if entry.condition is not None:
        when = expressions.condition(entry.condition, scope)
        scope = scope.knowing(present_if(when, True))
    name, notes, span = entry.name.text, entry.notes, entry.span
    if entry.must is not None:
        must = expressions.condition(entry.must, scope)
        return Invariant(name, clause, None, when, must, None, None, "不减", notes, span)
    along = entry.along[0]
    rises = _rising(expressions, along)
    value = _going(expressions, along, scope)
    if rises is None:
        return None
    goes: Literal["不减", "不增"] = "不减" if along.direction.text == "不减" else "不增"
    return Invariant(name, clause, None, when, None, rises, value, goes, notes, span)


def _rising(expressions: Expressions, along: ast.Along) -> str | None:
    """The fact that rises; its type has an order, which the word fits."""
    node = expressions.lower(ast.Reference(along.fact, along.fact.span), Scope())
    if isinstance(node.type, t.Unresolved):
        return node.path if isinstance(node, ir.Fact) else None
    if not isinstance(node, ir.Fact):
        expressions.report(codes.ALONG_NO_FACT, along.fact.span, name=along.fact.text)
        return None
    kind, word = t.solid(node.type), along.rise
    if kind == t.BOOL or _ordered(expressions, kind, along.fact.span):
        fit = "bool" if kind == t.BOOL else "date" if kind == t.DATE else "number"
        if vocabulary().rises.get(word.text, fit) != fit:
            hints = (_RISES[fit],)
            shown = t.show(kind)
            expressions.report(type_codes.WORD_UNFIT, word.span, hints, word=word.text, type=shown)
    return node.path


def _going(expressions: Expressions, along: ast.Along, scope: Scope) -> ir.Expr:
    """The value that does not fall or rise: its type has an order. None is less than any value."""
    node = narrowed(expressions.lower(along.value, scope), scope)
    kind = t.solid(node.type)
    if kind != t.BOOL:
        _ordered(expressions, kind, node.span)
    return node


def _ordered(expressions: Expressions, kind: t.Type, span: Span) -> bool:
    """Whether values of a type are more or less than one another, with a finding where not."""
    if isinstance(kind, t.Enum) and not kind.order:
        expressions.report(type_codes.NOT_ORDERED, span, enum=kind.name)
        return False
    if isinstance(kind, t.Number | t.Enum | t.Unresolved) or kind in (t.DATE, t.MONEY, t.RATIO):
        return True
    expected = Both(
        "能比大小的（是否、日期、数、金额、比例、有次序的枚举）",
        "something that is more or less (是否, 日期, 数, 金额, 比例, an ordered enumeration)",
    )
    expressions.report(type_codes.TYPE_MISMATCH, span, expected=expected, found=t.show(kind))
    return False
