"""Options of the test run."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--accept` writes what the program says into the files that hold what it should say."""
    parser.addoption("--accept", action="store_true", help="rewrite the recorded outputs")
