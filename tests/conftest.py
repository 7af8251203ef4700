"""Options of the test run."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--accept` writes what the program says into the files that hold what it should say."""
    parser.addoption("--accept", action="store_true", help="rewrite the recorded outputs")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says aloud that Spark was not tested: it is a part of what the tests promise."""
    for report in terminalreporter.stats.get("skipped", ()):
        if isinstance(report.longrepr, tuple) and "Spark tests skipped" in report.longrepr[2]:
            terminalreporter.write_line(report.longrepr[2].removeprefix("Skipped: "), yellow=True)
            return
