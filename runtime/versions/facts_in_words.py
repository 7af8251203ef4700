"""Facts of a case, given as JSON has them, as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.ir.values import exact, show
from luling.compiler.source import display_width

from .outcomes import FactChange

_INDEX = re.compile(r"\[[0-9]+\]")


def in_words(rulebook: Rulebook, path: str, value: Any) -> str:
    """否, 三级, 2600.00元, 空; of a list its items."""
    if isinstance(value, list | tuple):
        return "；".join(_item(rulebook, path, item) for item in value) or "没有"
    field = rulebook.facts.get(_INDEX.sub("", path))
    return _shown(value, field.type if field is not None else t.TEXT)


def changes_in_words(rulebook: Rulebook, changes: Iterable[FactChange]) -> Iterator[str]:
    """A line for each fact in which a case is not as a plain one, as a small table."""
    rows = [
        (one.path, in_words(rulebook, one.path, one.plain), in_words(rulebook, one.path, one.value))
        for one in changes
    ]
    widths = [max((display_width(row[at]) for row in rows), default=0) for at in (0, 1)]
    for path, plain, value in rows:
        yield f"{_padded(path, widths[0])}  {_padded(plain, widths[1])} → {value}"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def _item(rulebook: Rulebook, path: str, item: Any) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    parts = (f"{name} {in_words(rulebook, f'{path}.{name}', v)}" for name, v in item.items())
    return "，".join(parts)


def _shown(value: Any, type_: t.Type) -> str:
    kind = t.solid(type_)
    if value is None or isinstance(value, bool):
        return show(value, kind)
    if kind in (t.MONEY, t.RATIO) or isinstance(kind, t.Number):
        try:
            number = Fraction(Decimal(str(value)))
        except (InvalidOperation, ValueError, OverflowError):
            return str(value)
        return show(exact(number * 100 if kind == t.MONEY else number), kind)
    return str(value)
