"""Options of the test run, and what tests in several folders use."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from .browser import CHROMIUM, QUIET

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--accept` writes what the program says into the files that hold what it should say."""
    parser.addoption("--accept", action="store_true", help="rewrite the recorded outputs")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says aloud that Spark was not tested: it is a part of what the tests promise."""
    for report in terminalreporter.stats.get("skipped", ()):
        if isinstance(report.longrepr, tuple) and "Spark tests skipped" in report.longrepr[2]:
            terminalreporter.write_line(report.longrepr[2].removeprefix("Skipped: "), yellow=True)
            return


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield found
        found.close()


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports a module of the benchmarks, which are scripts that find one another in their
    folder; none of them stays loaded.
    """
    monkeypatch.syspath_prepend(str(BENCHMARKS))

    def load(name: str) -> ModuleType:
        before = set(sys.modules)
        try:
            return import_module(name)
        finally:
            for new in set(sys.modules) - before:
                if (BENCHMARKS / f"{new}.py").is_file():
                    del sys.modules[new]

    return load
