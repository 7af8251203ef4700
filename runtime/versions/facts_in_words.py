"""A fact of a case, given as JSON has it, as people read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.ir.values import exact, show

_INDEX = re.compile(r"\[[0-9]+\]")


def in_words(rulebook: Rulebook, path: str, value: Any) -> str:
    """否, 三级, 2600.00元, 空; of a list its items."""
    if isinstance(value, list | tuple):
        return "；".join(_item(rulebook, path, item) for item in value) or "没有"
    field = rulebook.facts.get(_INDEX.sub("", path))
    return _shown(value, field.type if field is not None else t.TEXT)


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
