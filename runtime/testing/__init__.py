"""Tests of rulebooks, in this repository and in others: valid cases by chance, and a pytest plugin.

`cases(rulebook)` is a hypothesis strategy of valid cases. The plugin is `luling.testing.plugin`,
which pytest loads by itself. Both need the extra `luling[pytest]`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .strategy import cases

__all__ = ["cases"]


def __getattr__(name: str) -> object:
    """`cases`, imported when first used: pytest loads this package on every run."""
    if name not in __all__:
        raise AttributeError(name)
    try:
        import hypothesis  # noqa: F401
    except ImportError:
        raise ImportError(
            "luling.testing.cases 需要 hypothesis：pip install 'luling[pytest]' / "
            "needs hypothesis: pip install 'luling[pytest]'"
        ) from None
    return getattr(import_module(".strategy", __name__), name)
