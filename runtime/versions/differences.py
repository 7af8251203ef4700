"""What exactly differs between two expressions: the smallest parts, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.presence import canonical
from luling.compiler.ir.to_text import to_text
from luling.compiler.ir.values import Value, show
from luling.compiler.ir.walk import children

from .text import Part, compare_words
from .words import step

_MOST = 3  # parts of one expression told apart; beyond that it is told whole


@attrs.frozen
class Detail:
    """One thing that differs: `what` it is, and how it reads in either version, None where it is
    only in the other. `amount` is how far two values are apart.
    """

    what: str
    old: str | None
    new: str | None
    amount: str = ""

    @property
    def is_wording(self) -> bool:
        """Whether it is a sentence that was reworded, better shown with the words marked."""
        return self.what in ("问", "理由", "说明") and None not in (self.old, self.new)

    @property
    def parts(self) -> tuple[Part, ...]:
        """A reworded sentence, with what left it and what came into it."""
        return compare_words(self.old or "", self.new or "")

    @property
    def words(self) -> str:
        """条件：6个月 → 3个月（减 3个月）."""
        lead = f"{self.what}：" if self.what else ""
        if self.old is None:
            return f"{lead}添 {self.new}"
        if self.new is None:
            return f"{lead}去掉 {self.old}"
        far = f"（{self.amount}）" if self.amount else ""
        return f"{lead}{self.old} → {self.new}{far}"


def same(old: ir.Expr | None, new: ir.Expr | None) -> bool:
    """Whether two expressions say the same, however their own variables are numbered."""
    if old is None or new is None:
        return old is new
    return canonical(old) == canonical(new) and to_text(old) == to_text(new)


def of_values(what: str, old: Value, new: Value, type_: t.Type) -> list[Detail]:
    """A value that differs, with how far."""
    if old == new:
        return []
    return [Detail(what, show(old, type_), show(new, type_), step(old, new, type_))]


def of_expressions(what: str, old: ir.Expr | None, new: ir.Expr | None) -> list[Detail]:
    """What differs between two expressions, in the smallest parts that can be told."""
    if same(old, new):
        return []
    if old is None or new is None:
        return [Detail(what, _shown(old), _shown(new))]
    found = list(_narrowed(old, new))
    if len(found) > _MOST:
        found = [(old, new)]
    return list(dict.fromkeys(_detail(what, before, after) for before, after in found))


_Pair = tuple[ir.Expr | None, ir.Expr | None]


def _detail(what: str, old: ir.Expr | None, new: ir.Expr | None) -> Detail:
    if isinstance(old, ir.Literal) and isinstance(new, ir.Literal):
        amount = step(old.value, new.value, new.type)
        return Detail(what, _shown(old), _shown(new), amount)
    return Detail(what, _shown(old), _shown(new))


def _shown(node: ir.Expr | None) -> str | None:
    return None if node is None else to_text(node)


def _narrowed(old: ir.Expr, new: ir.Expr) -> Iterator[_Pair]:
    """The innermost parts in which two expressions differ."""
    for junction in (ir.And, ir.Or):
        if isinstance(old, junction) or isinstance(new, junction):
            yield from _of_items(old, new, _items(old, junction), _items(new, junction))
            return
    if isinstance(old, ir.ListFrom) and isinstance(new, ir.ListFrom):
        yield from _of_items(old, new, old.items, new.items)
        return
    if _shell(old) != _shell(new):
        yield old, new
        return
    before, after = list(children(old)), list(children(new))
    for left, right in zip(before, after, strict=True):
        if not same(left, right):
            yield from _narrowed(left, right)


def _items(node: ir.Expr, junction: type[ir.And] | type[ir.Or]) -> tuple[ir.Expr, ...]:
    return node.items if isinstance(node, junction) else (node,)


def _of_items(
    old: ir.Expr, new: ir.Expr, before: Sequence[ir.Expr], after: Sequence[ir.Expr]
) -> Iterator[_Pair]:
    """Of 且, 或 and 列出: the items that came, went, or changed."""
    went = [one for one in before if not any(same(one, other) for other in after)]
    came = [one for one in after if not any(same(one, other) for other in before)]
    if len(went) == len(before) and len(came) == len(after) and len(went) != len(came):
        yield old, new
        return
    if not went and not came:
        yield old, new  # 且 has become 或, or the order of a list another
        return
    for left, right in _alike(went, came):
        yield from (
            _narrowed(left, right) if left is not None and right is not None else [(left, right)]
        )


def _alike(went: list[ir.Expr], came: list[ir.Expr]) -> Iterator[_Pair]:
    """Items paired with the first of their kind, the rest alone."""
    if len(went) == len(came) == 1:
        yield went[0], came[0]
        return
    left = list(came)
    for one in went:
        match = next((other for other in left if _akin(one, other)), None)
        if match is not None:
            left.remove(match)
        yield one, match
    yield from ((None, one) for one in left)


def _akin(one: ir.Expr, other: ir.Expr) -> bool:
    """Whether one could be the other changed: the same form, and a part in common."""
    if type(one) is not type(other) or isinstance(one, ir.Literal):
        return type(one) is type(other) and isinstance(one, ir.Literal)
    parts, others = list(children(one)), list(children(other))
    return any(same(a, b) for a in parts for b in others)


def _shell(node: ir.Expr) -> tuple[Any, ...]:
    """What an expression is apart from the expressions in it."""
    own: list[Any] = [type(node)]
    inside = list(children(node))
    for field in attrs.fields(type(node)):
        if field.name in ("type", "span", "variable"):
            continue
        part = getattr(node, field.name)
        if any(part is child for child in inside):
            continue
        if isinstance(part, tuple):
            own.append(tuple(key.highest if isinstance(key, ir.Key) else None for key in part))
        else:
            own.append(part)
    if isinstance(node, ir.Literal | ir.Variable):
        own.append(object())  # two that differ have nothing inside to look at
    return tuple(own)
