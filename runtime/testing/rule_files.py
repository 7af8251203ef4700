"""A rule file as tests: that it compiles, and each of its worked examples under its clause."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from luling.compiler.diagnostics.diagnostic import Finding
from luling.compiler.diagnostics.render import render
from luling.compiler.ir.rulebook import Example
from luling.runtime.decide import Decision, Engine
from luling.runtime.examples import Outcome, run_example
from luling.runtime.explain import Account
from luling.runtime.rulebooks import SUFFIX, Loaded, load_rulebook

CHECK = "检查"


class LulingWarning(UserWarning):
    """A warning that `luling check` gives of a rulebook."""


class Unmet(Exception):
    """A test of a rulebook that failed, with what is told instead of a traceback."""


@attrs.define
class Shelf:
    """The rulebooks of one run, each compiled once."""

    _loaded: dict[Path, Loaded] = attrs.field(factory=dict)
    _engines: dict[Path, Engine] = attrs.field(factory=dict)

    def loaded(self, folder: Path) -> Loaded:
        """A rulebook with its findings. Raises `RulebookError` where there is none."""
        if folder not in self._loaded:
            self._loaded[folder] = load_rulebook(folder)
        return self._loaded[folder]

    def engine(self, folder: Path) -> Engine:
        """A rulebook without errors, ready to decide."""
        if folder not in self._engines:
            self._engines[folder] = Engine(self.loaded(folder).rulebook)
        return self._engines[folder]


_SHELF = pytest.StashKey[Shelf]()


def shelf(config: pytest.Config) -> Shelf:
    """The rulebooks of this run."""
    if _SHELF not in config.stash:
        config.stash[_SHELF] = Shelf()
    return config.stash[_SHELF]


class LulingItem(pytest.Item):
    """A test whose failure is told in words. `luling_clauses`: what it is about."""

    luling_clauses: tuple[str, ...] = ()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was told, or, of a mistake in the toolchain, the traceback."""
        if isinstance(excinfo.value, Unmet):
            return from_root(str(excinfo.value), self.config)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file and the name."""
        return self.path, None, f"{self.path.name} {self.name}"


class RuleFile(pytest.File):
    """The tests of one rule file."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """That it compiles; then, if the whole rulebook does, its examples."""
        yield Check.from_parent(self, name=CHECK)
        loaded = shelf(self.config).loaded(self.path.parent)
        if not loaded.ok:
            return
        mine = [e for e in loaded.rulebook.examples if Path(e.span.file) == self.path]
        for clause in dict.fromkeys(e.clause for e in mine):
            under = [e for e in mine if e.clause == clause]
            if clause is None:
                yield from (Worked.of(self, example) for example in under)
            else:
                yield Clause.from_parent(self, name=clause, examples=under)


class Clause(pytest.Collector):
    """The examples under one clause."""

    def __init__(self, *, examples: list[Example], **given: Any) -> None:
        super().__init__(**given)
        self._examples = examples

    def collect(self) -> Iterable[pytest.Item]:
        """In the order of the text."""
        return [Worked.of(self, example) for example in self._examples]


class Check(LulingItem):
    """Whether a rule file compiles. What another file is at fault for is told there."""

    def runtest(self) -> None:
        """Fails with the findings, as `luling check` tells them; warnings are pytest's."""
        loaded = shelf(self.config).loaded(self.path.parent)
        mine = [finding for finding in loaded.findings if self._home(finding) == self.path]
        if any(finding.is_error for finding in mine):
            raise Unmet("\n\n".join(render(f, loaded.sources) for f in mine))
        for finding in mine:
            self._warn(finding, loaded)
        faulty = {self._home(finding) for finding in loaded.findings if finding.is_error}
        if faulty and self._is_told(faulty):
            pytest.skip(f"规则书没有通过检查，示例没有运行：见 {_names(faulty)}")
        if faulty:
            raise Unmet("\n\n".join(render(f, loaded.sources) for f in loaded.findings))

    def _home(self, finding: Finding) -> Path:
        """The rule file that a finding is told with: its own; of what an amendment changes or a
        rulebook imports, the first of the folder.
        """
        folder, file = self.path.parent, Path(finding.span.file)
        return file if file.parent == folder else min(folder.glob(f"*{SUFFIX}"))

    def _warn(self, finding: Finding, loaded: Loaded) -> None:
        """Warns at the place of a finding; fails with it where warnings are errors."""
        told = LulingWarning(from_root(render(finding, loaded.sources), self.config))
        line = loaded.sources[finding.span.file].position(finding.span.start).line
        try:
            warnings.warn_explicit(told, None, finding.span.file, line)
        except LulingWarning as error:
            raise Unmet(str(error)) from None

    def _is_told(self, faulty: set[Path]) -> bool:
        """Whether this run tests the files at fault too."""
        run = {item.path for item in self.session.items if isinstance(item, Check)}
        return faulty <= run


class Worked(LulingItem):
    """A worked example."""

    example: Example

    @classmethod
    def of(cls, parent: pytest.Collector, example: Example) -> Worked:
        """The test of an example."""
        found: Worked = cls.from_parent(parent, name=example.name)
        found.example = example
        found.luling_clauses = (example.clause,) if example.clause else ()
        return found

    def runtest(self) -> None:
        """Fails with what came out otherwise, and why."""
        folder = self.path.parent
        self.user_properties += [("规则书", Path(from_root(str(folder), self.config)).as_posix())]
        self.user_properties += [("条款", clause) for clause in self.luling_clauses]
        self.user_properties += [("示例", self.example.name)]
        engine = shelf(self.config).engine(folder)
        outcome = run_example(engine.with_readings(dict(self.example.readings)), self.example)
        if not outcome.passed:
            raise Unmet("\n".join(self._told(outcome)))

    def _told(self, outcome: Outcome) -> Iterator[str]:
        first = outcome.differences[0]
        more = f"，等 {len(outcome.differences)} 处" if len(outcome.differences) > 1 else ""
        yield f"{first.about} 应得 {first.expected}，实得 {first.found}{more}"
        path, line, _ = self.reportinfo()
        yield f"  --> {path}:{(line or 0) + 1}\n"
        for difference in outcome.differences:
            yield from difference_lines(difference.about, difference.expected, difference.found)
        yield ""
        yield from explained(outcome.decision)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the example stands."""
        source = shelf(self.config).loaded(self.path.parent).sources[self.example.span.file]
        line = source.position(self.example.span.start).line
        return self.path, line - 1, " ".join((*self.luling_clauses, self.example.name))


def difference_lines(about: str, expected: str, found: str) -> Iterator[str]:
    """What was expected of a value, and what it is."""
    yield about
    yield f"  - 应得 {expected}"
    yield f"  + 实得 {found}"


def explained(decision: Decision) -> list[str]:
    """A decision in words, with its reasons."""
    return Account(decision).short()


def from_root(text: str, config: pytest.Config) -> str:
    """A text with paths as pytest shows them, from the root of the project."""
    return text.replace(f"{config.rootpath}{os.sep}", "")


def _names(files: Iterable[Path]) -> str:
    return "、".join(sorted(file.name for file in files))
