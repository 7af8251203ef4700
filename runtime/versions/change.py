"""A part of a rulebook that is not what it was: which, and what exactly differs."""

from __future__ import annotations

from typing import Literal

import attrs

from luling.compiler.source import Span

from .differences import Detail

Kind = Literal["added", "removed", "renamed", "changed"]
Part = Literal[
    "rule", "definition", "requirement", "table", "register", "reading", "enum", "fact", "check",
    "gate", "in_force", "import", "statement",
]  # fmt: skip
Unit = tuple[str, str]  # the kind of a part and its name in the new version

HEADS = {"result": "结果", "derived": "派生", "parameter": "参数", "binding": "代入"}


@attrs.frozen
class RuleChange:
    """A part of a rulebook that is not what it was.

    `key` names it for good: 要求 满六个月. `units` are the parts it touches, by kind and name.
    `substantial`: it can change what comes of a case; a new name or question cannot.
    """

    key: str
    kind: Kind
    part: Part
    old_name: str | None
    new_name: str | None
    old_clause: str | None
    new_clause: str | None
    details: tuple[Detail, ...]
    units: tuple[Unit, ...]
    substantial: bool = True
    old_span: Span | None = attrs.field(default=None, eq=False, repr=False)
    new_span: Span | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def clause(self) -> str | None:
        """The clause it stands under now, or the one it stood under."""
        return self.new_clause or self.old_clause
