"""Where each thing of a rulebook is told: pages and anchors by name, the same for both formats."""

from __future__ import annotations

import re
from functools import cached_property

import attrs

from luling.compiler.ir.rulebook import Rulebook

Order = tuple[tuple[int, int], ...]
_FRAMES = {"首部": "head", "尾部": "tail", "附件": "annex"}


def anchor(word: str, name: str) -> str:
    """A name as an anchor, after the word for what it names; what has no place in an address
    becomes a dash.
    """
    return f"{word}-" + re.sub(r"[\s()<>\[\]|#%\"']+", "-", name)


def _numbered(clause: str, order: Order) -> str:
    """一（四）1 → clause-1-4-1."""
    parts = [_FRAMES[clause]] if clause in _FRAMES else [str(number) for _, number in order]
    return "-".join(["clause", *parts])


@attrs.frozen(slots=False)
class Links:
    """The links of one rulebook's pages, which end in `.html` or `.md`."""

    rulebook: Rulebook
    ending: str

    @cached_property
    def clause_pages(self) -> dict[str, str]:
        """The page of each clause without its ending, no two alike."""
        pages: dict[str, str] = {}
        for clause, order in self.rulebook.clause_order.items():
            name = _numbered(clause, order)
            same = sum(1 for page in pages.values() if page.split(".")[0] == name)
            pages[clause] = f"{name}.{same + 1}" if same else name
        return pages

    def page(self, name: str) -> str:
        """A page by its name."""
        return name + self.ending

    def clause(self, clause: str) -> str:
        """The page of a clause, nothing where the rulebook has no such clause."""
        return self.page(self.clause_pages[clause]) if clause in self.clause_pages else ""

    def to(self, kind: str, target: str) -> str:
        """Where a fact, definition, table, reading or clause is told; nothing for imported ones."""
        match kind:
            case "fact":
                return self._fact(target)
            case "definition":
                return self._definition(target)
            case "table":
                return self._table(target)
            case "reading":
                reading = self.rulebook.reading.get(target)
                own = reading is not None and reading.origin is None
                return f"{self.page('readings')}#{anchor('解读', target)}" if own else ""
            case "clause":
                return self.clause(target)
        return ""

    def _fact(self, path: str) -> str:
        known = path in self.rulebook.facts or any(g.name == path for g in self.rulebook.groups)
        return f"{self.page('facts')}#{anchor('事实', path)}" if known else ""

    def example(self, name: str, clause: str | None) -> str:
        """An example under its clause, or among those under none."""
        page = self.clause(clause) if clause is not None else self.page("cases")
        return f"{page}#{anchor('示例', name)}"

    def _definition(self, name: str) -> str:
        definition = self.rulebook.definition.get(name)
        if definition is None or definition.origin is not None:
            return ""
        rules = (definition.clause, *(rule.clause for rule in definition.rules))
        home = next((clause for clause in rules if clause is not None), None)
        return self.clause(home) if home is not None else ""

    def _table(self, name: str) -> str:
        homes = {table.name: table.clause for table in self.rulebook.tables}
        homes |= {register.name: register.clause for register in self.rulebook.registers}
        return self.clause(homes.get(name) or "")
