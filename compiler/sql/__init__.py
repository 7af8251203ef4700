"""From a rulebook to SQL: terms over columns, tabulated where they are small, in named layers."""

from .script import Script, script

__all__ = ["Script", "script"]
