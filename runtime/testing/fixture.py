"""What the fixture `luling` offers a test: decide, expect, compare versions."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from luling.compiler.diagnostics.render import render
from luling.runtime.decide import Decision, Engine
from luling.runtime.explain import Account
from luling.runtime.facts import parse_case
from luling.runtime.rulebooks import RulebookError

from .case_files import differences
from .rule_files import Shelf

if TYPE_CHECKING:
    from .versions import Pair

Book = Engine | str | os.PathLike[str]
Case = Mapping[str, Any] | str | os.PathLike[str]


class Luling:
    """Rulebooks and cases of a project. Paths are from its root; each rulebook is loaded once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._shelf = Shelf()

    def load(self, rulebook: Book) -> Engine:
        """A rulebook ready to decide. Fails the test, with the findings, where it has errors."""
        __tracebackhide__ = True
        if isinstance(rulebook, Engine):
            return rulebook
        folder = self._root / rulebook
        try:
            loaded = self._shelf.loaded(folder)
        except (RulebookError, OSError) as error:
            raise self._failure(str(error)) from None
        if not loaded.ok:
            raise self._failure("\n\n".join(render(f, loaded.sources) for f in loaded.findings))
        return self._shelf.engine(folder)

    def case(self, case: Case) -> Mapping[str, Any]:
        """A case, read from a file where a path is given; of {说明, 案件, …} the 案件."""
        __tracebackhide__ = True
        if isinstance(case, Mapping):
            return case
        path = self._root / case
        try:
            read, faults = parse_case(path.read_text("utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise self._failure(f"{path}：{error}") from None
        if read is None:
            raise self._failure(f"{path}：{'；'.join(fault.message() for fault in faults)}")
        inner = read.get("案件", read)
        return inner if isinstance(inner, Mapping) else read

    def decide(self, rulebook: Book, case: Case) -> Decision:
        """The decision on a case, given as nested mappings or as a file."""
        __tracebackhide__ = True
        return self.load(rulebook).decide(self.case(case))

    def explain(self, decision: Decision) -> str:
        """A decision in words, as `luling run --explain` tells it."""
        return "\n".join(Account(decision).short())

    def expect(self, rulebook: Book, case: Case, expected: Mapping[str, Any]) -> Decision:
        """The decision on a case, which must have these results (or 状态、缺少、错误)."""
        __tracebackhide__ = True
        decision = self.decide(rulebook, case)
        lines = list(differences(decision, expected))
        if lines:
            raise AssertionError("\n".join(["", *lines, "", self.explain(decision)]))
        return decision

    def _failure(self, text: str) -> AssertionError:
        """A failure, with paths from the root of the project."""
        return AssertionError(text.replace(f"{self._root}{os.sep}", ""))

    # --- two versions

    def assert_same(
        self, old: Book, new: Book, *, except_for: Collection[str] = (), seconds: float = 60
    ) -> None:
        """Fails unless every valid case is proved to come out alike by both versions, but for
        changes that rules under the clauses of `except_for` cause. After `seconds` what is not
        settled is not proved.
        """
        __tracebackhide__ = True
        pair = self._pair(old, new, seconds)
        self._fail_with(pair.not_the_same(_names(except_for)))

    def assert_only_changes(
        self,
        old: Book,
        new: Book,
        *,
        results: Collection[str] = (),
        clauses: Collection[str] = (),
        seconds: float = 60,
    ) -> None:
        """Fails where anything but these results changes, or is changed by rules under other
        clauses than these; and where one of those named changes nothing.
        """
        __tracebackhide__ = True
        if not results and not clauses:
            raise ValueError("请写明 results 或 clauses；都不变的，用 assert_same。")
        pair = self._pair(old, new, seconds)
        self._fail_with(pair.other_changes(_names(results), _names(clauses)))

    def _pair(self, old: Book, new: Book, seconds: float) -> Pair:
        __tracebackhide__ = True
        # Imported when asked for: nothing else of the plugin needs the machinery of comparing.
        from .versions import Pair

        return Pair(self.load(old), self.load(new), seconds)

    def _fail_with(self, lines: list[str]) -> None:
        __tracebackhide__ = True
        if lines:
            raise AssertionError("\n".join(["两版的结果：", *lines]).rstrip())


def _names(given: Collection[str]) -> list[str]:
    """The names, each once; a text is one name."""
    return [given] if isinstance(given, str) else list(dict.fromkeys(given))
