"""The values of one number or date in order, and where on the way a comparison turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.values import FIRST_DATE, LAST_DATE, exact

from .chooser import Chooser, once_in
from .domains import step_of
from .sketch import OPEN, Env, Leaf, Sketch

Side = Literal["below", "equal", "above"]
SIGN: dict[Side, int] = {"below": -1, "equal": 0, "above": 1}
_FAR = 1 << 36


class Scale:
    """The values of one number or date, in order, and where a comparison turns on the way."""

    def __init__(
        self, leaf: Leaf, sketch: Sketch, chooser: Chooser, node: ir.Compare, env: Env
    ) -> None:
        self._leaf, self._sketch, self._chooser = leaf, sketch, chooser
        self._node, self._env = node, env
        kind = t.solid(leaf.field.type)
        self._allowed = sorted(leaf.field.allowed) if leaf.field.allowed else None  # type: ignore[type-var]
        self._is_date = kind == t.DATE
        self._step = step_of(kind)
        self._signs: dict[int, Any] = {}

    def on(self, side: Side, near: bool) -> Any:
        """The value next to where a comparison turns, on a side of it; None where it does not."""
        low, high = self._bracket() or self._ends()
        signs = self._sign(low), self._sign(high)
        if None in signs or signs[0] == signs[1]:
            return None
        first = self._turn(low, high, lambda sign: sign != signs[0])
        middle = self._sign(first)
        wanted = SIGN[side]
        if wanted == signs[0]:
            place = first - 1
        elif wanted == middle == signs[1]:
            place = first
        elif wanted == middle:
            last = self._turn(first, high, lambda sign: sign == signs[1]) - 1
            place = first if self._chooser.below(2) == 0 else last
            return self._at(place)
        elif wanted == signs[1]:
            place = self._turn(first, high, lambda sign: sign == signs[1])
        else:
            return None  # it jumps over being equal
        if not near and once_in(self._chooser, 3):
            outwards = -1 if wanted == signs[0] else 1
            place += outwards * self._chooser.below(400)
            place = max(low, min(high, place))
        return self._at(place)

    def _bracket(self) -> tuple[int, int] | None:
        """The places around the other side's value, where the fact itself is one side."""
        if self._allowed is not None:
            return None
        for part, other in (
            (self._node.left, self._node.right), (self._node.right, self._node.left),
        ):  # fmt: skip
            leaf = self._sketch.leaf(part, self._env)
            value = self._sketch.value(other, self._env)
            if leaf is None or leaf.key != self._leaf.key or value is OPEN or value is None:
                continue
            at = value.toordinal() if self._is_date else int(value / self._step)
            least, most = self._ends()
            low, high = max(least, at - 2), min(most, at + 3)
            if self._sign(low) != self._sign(high):
                return low, high
        return None

    def _ends(self) -> tuple[int, int]:
        if self._allowed is not None:
            return 0, len(self._allowed) - 1
        if self._is_date:
            return FIRST_DATE.toordinal(), LAST_DATE.toordinal()
        low, high = 0, 1 << 12
        start = self._sign(low)
        while high < _FAR and self._sign(high) == start:
            high <<= 8
        return low, high

    def _turn(self, low: int, high: int, turned: Callable[[int], bool]) -> int:
        """The first place above `low`, at most `high`, where the sign has turned."""
        if turned(self._sign(low) or 0):
            return low
        while high - low > 1:
            middle = (low + high) // 2
            sign = self._sign(middle)
            if sign is not None and turned(sign):
                high = middle
            else:
                low = middle
        return high

    def _sign(self, place: int) -> Any:
        if place not in self._signs:
            self._signs[place] = self._compared(place)
        return self._signs[place]

    def _compared(self, place: int) -> int | None:
        self._sketch.put(self._leaf, self._at(place))
        return self._sketch.sign(self._node, self._env)

    def _at(self, place: int) -> Any:
        if self._allowed is not None:
            return self._allowed[place]
        return date.fromordinal(place) if self._is_date else exact(place * self._step)
