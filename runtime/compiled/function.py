"""A rulebook as a function: Python source made of it, executed once, from a case to the answer."""

from __future__ import annotations

import builtins
import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from luling.compiler.diagnostics.entry import Language
from luling.compiler.emit.to_python import to_python
from luling.compiler.ir.rulebook import Rulebook

from ..decide import Engine
from ..rulebooks import load
from .bundle import bundle

Answer = dict[str, Any]


class Function:
    """A compiled rulebook: `decide(case)` is the answer that `Engine.decide(case)` gives, as JSON
    values: 状态, 结果, 缺少, 错误.

    `source` is one Python file that needs the standard library only. A function is told by its
    source: it can be pickled, and made again by `Function(source)`.
    """

    __slots__ = ("_decide", "_decide_text", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        made = _executed(source)
        self._decide: Callable[[Any, Language], Answer] = made["decide"]
        self._decide_text: Callable[[str, Language], Answer] = made["decide_text"]

    def __call__(self, case: Mapping[str, Any], language: Language = "zh") -> Answer:
        """The answer on a case given as nested mappings, keys and values as in JSON."""
        return self._decide(case, language)

    def decide_text(self, text: str, language: Language = "zh") -> Answer:
        """The answer on a case written as JSON."""
        return self._decide_text(text, language)

    def __reduce__(self) -> tuple[object, ...]:
        return (Function, (self.source,))


def compile(
    rulebook: Rulebook | Engine | str | os.PathLike[str],
    readings: Mapping[str, str] | None = None,
) -> Function:
    """A rulebook, given by itself or by its folder, as a function.

    Raises `RulebookError` where there is none that may decide, `ReadingError` for a reading that it
    lacks.
    """
    if isinstance(rulebook, Rulebook):
        engine = Engine(rulebook)
    else:
        engine = rulebook if isinstance(rulebook, Engine) else load(Path(rulebook))
    return Function(source_of(engine.with_readings(readings) if readings else engine))


def source_of(engine: Engine) -> str:
    """The source of an engine's rulebook, read as the engine reads it."""
    return to_python(engine.rulebook, {**engine.program.taken, **engine.chosen}, *bundle())


@lru_cache(maxsize=64)
def _executed(source: str) -> dict[str, Any]:
    """What the source defines."""
    names: dict[str, Any] = {"__name__": "luling.compiled"}
    exec(builtins.compile(source, "<compiled rulebook>", "exec"), names)
    return names
