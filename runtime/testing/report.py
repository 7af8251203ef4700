"""What the examples that ran exercise of their rulebooks: for the terminal and for JUnit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
import pytest

from luling.runtime.cli.coverage import share, told
from luling.runtime.coverage import Coverage, measure
from luling.runtime.decide import Engine
from luling.runtime.examples import run_examples
from luling.runtime.reasons import Reasons
from luling.runtime.rulebooks import Loaded, load_rulebook


@attrs.frozen
class _Of:
    """The coverage of one rulebook: how many of its examples ran, and what they exercise."""

    folder: str
    loaded: Loaded
    ran: int
    coverage: Coverage


class Ran:
    """The examples that ran, by the folder of their rulebook and their name.

    They are run once more here: that takes little, and works where other processes ran them.
    """

    def __init__(self, root: Path, examples: Iterable[tuple[str, str]]) -> None:
        names: dict[str, set[str]] = {}
        for folder, name in examples:
            names.setdefault(folder, set()).add(name)
        self._root = root
        self._all = [_measured(root, folder, names[folder]) for folder in sorted(names)]

    def lines(self, full: bool) -> Iterator[str]:
        """For each rulebook the share; in full, what is lacking, clause by clause."""
        for one in self._all:
            whole = sum(not example.inherited for example in one.loaded.rulebook.examples)
            some = f"{one.ran} 个示例" if one.ran == whole else f"{whole} 个示例中的 {one.ran} 个"
            if full:
                yield f"{one.loaded.rulebook.title}（{one.folder}）　{some}"
                lines = told(one.loaded, one.coverage, "zh")
                yield from (line.replace(f"{self._root}{os.sep}", "") for line in lines)
            else:
                yield f"{one.folder}　{some}　{share(one.coverage, 'zh')}"

    def to_junit(self, config: pytest.Config) -> None:
        """Writes covered/whole of each rulebook and clause among the properties of the report."""
        try:
            from _pytest.junitxml import xml_key
        except ImportError:  # no part of pytest's API: without it the report lacks the figures
            return
        xml = config.stash.get(xml_key, None)
        for name, value in self._properties() if xml is not None else ():
            assert xml is not None
            xml.add_global_property(name, value)

    def _properties(self) -> Iterator[tuple[str, str]]:
        for one in self._all:
            points = one.coverage.points
            yield f"覆盖 {one.folder}", f"{one.coverage.covered}/{len(points)}"
            for clause, under in one.coverage.by_clause().items():
                covered = sum(point.covered for point in under)
                yield f"覆盖 {one.folder} {clause or '—'}", f"{covered}/{len(under)}"


def _measured(root: Path, folder: str, names: set[str]) -> _Of:
    loaded = load_rulebook(root / folder)
    engine = Engine(loaded.rulebook)
    examples = [e for e in loaded.rulebook.examples if e.name in names and not e.inherited]
    coverage = measure(engine, run_examples(engine, examples), Reasons(loaded.rulebook))
    return _Of(folder, loaded, len(examples), coverage)
