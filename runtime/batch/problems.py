"""What is wrong with tables, in both languages; a package that is not installed is one of these."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from luling.compiler.diagnostics.entry import Both, Language

_EXAMPLES = 5


class TableError(Exception):
    """Why nothing can be decided: one thing or several, each with its count and first examples."""

    def __init__(self, *problems: Both) -> None:
        super().__init__("\n".join(problem.zh for problem in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[object, ...]:
        return (TableError, self.problems)

    def text(self, language: Language) -> str:
        """All problems, one a line."""
        return "\n".join(getattr(problem, language) for problem in self.problems)


def needed(module: str) -> Any:
    """A module of the extra, imported now. Raises `TableError` where it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise TableError(
            Both(
                f"处理表格要用 {package}，它没有安装；请运行：pip install 'luling[batch]'",
                f"tables need {package}, which is not installed; run: pip install 'luling[batch]'",
            )
        ) from None


def check_extra() -> None:
    """Raises `TableError` where what every table needs is not installed."""
    for module in ("duckdb", "sqlglot", "pyarrow"):
        needed(module)


def named(header: list[str]) -> list[str]:
    """The names of columns; one without a name is told by its place."""
    return [name or f"（第{place}列）" for place, name in enumerate(header, 1)]


def first(values: Iterable[object]) -> str:
    """The first few of some values for a message: 「甲」、「乙」…"""
    shown: list[str] = []
    for value in values:
        if len(shown) == _EXAMPLES:
            return "、".join(shown) + "…"
        text = str(value)
        shown.append(f"「{text if len(text) <= 40 else text[:40] + '…'}」")
    return "、".join(shown)
