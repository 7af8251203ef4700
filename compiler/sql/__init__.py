"""From a rulebook to SQL: terms over columns, tabulated where they are few, in named layers."""

from .results import Gap
from .script import Script, script

__all__ = ["Gap", "Script", "script"]
