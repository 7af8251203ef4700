"""The pytest plugin: worked examples, case files and recorded decisions as tests, and a fixture.

pytest imports this module on every run wherever luling is installed. So it imports nothing of
luling until there is a rulebook to test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .fixture import Luling
    from .report import Ran

SUFFIX = ".luling"
SETTINGS = "luling.json"
RULEBOOKS = "luling_rulebooks"
_EXPLICIT = "luling_explicit"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two options and one setting."""
    group = parser.getgroup("luling", "律令 Lüling")
    group.addoption(
        "--luling-accept", action="store_true",
        help="rewrite recorded decisions (luling.json 里的“记录”); read the diff before you commit",
    )  # fmt: skip
    group.addoption(
        "--luling-coverage",
        action="store_true",
        help="say clause by clause what of the rulebooks no example that ran exercises",
    )
    parser.addini(
        RULEBOOKS,
        "folders with rulebooks (.luling) whose worked examples are tests; if it is not set, those "
        "named on the command line",
        type="paths",
        default=None,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Where nothing is named on the command line, the rulebooks of the setting are run too."""
    given = _setting(config)
    if given and not _is_worker(config) and not _is_explicit(config):
        there = _named(config)
        missing = [path for path in given if not any(_is_under(path, one) for one in there)]
        config.args += [str(path) for path in missing]
    if not _is_worker(config):
        config.pluginmanager.register(Telling(config), "luling-telling")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """What pytest-xdist tells a worker: whether files were named on the command line."""
    node.workerinput[_EXPLICIT] = _is_explicit(node.config)


# --- collecting


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The tests of a rule file that is to be tested, and of a file in a folder of cases."""
    if file_path.suffix == SUFFIX and _is_wanted(file_path, parent.config):
        from .rule_files import RuleFile

        return RuleFile.from_parent(parent, path=file_path)
    if file_path.suffix == ".json" and file_path.with_name(SETTINGS).is_file():
        from .case_files import CaseFile, SettingsFile

        kind = SettingsFile if file_path.name == SETTINGS else CaseFile
        return kind.from_parent(parent, path=file_path)
    return None


def _is_wanted(path: Path, config: pytest.Config) -> bool:
    """Whether a rule file or its folder was named on the command line, or stands under the setting;
    where there is no setting, whether a folder above was named.
    """
    if _is_explicit(config) and any(_is_named(path, place) for place in _named(config)):
        return True
    given = _setting(config)
    if given is not None:
        return any(_is_under(path, place) for place in given)
    return _is_explicit(config)


def _setting(config: pytest.Config) -> list[Path] | None:
    found: list[Path] | None = config.getini(RULEBOOKS)
    return found


def _is_explicit(config: pytest.Config) -> bool:
    """Whether what is run was named on the command line, not by `testpaths` or by nothing."""
    if _is_worker(config):
        return bool(config.workerinput[_EXPLICIT])  # type: ignore[attr-defined]
    return config.args_source is pytest.Config.ArgsSource.ARGS


def _named(config: pytest.Config) -> list[Path]:
    """What is run, as paths; what is given is relative to where pytest was called."""
    here = config.invocation_params.dir
    return [(here / argument.partition("::")[0]).resolve() for argument in config.args]


def _is_named(path: Path, place: Path) -> bool:
    return place in (path.resolve(), path.resolve().parent)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _is_under(path: Path, place: Path) -> bool:
    return path.resolve().is_relative_to(place.resolve())


# --- the fixture


@pytest.fixture(scope="session")
def luling(pytestconfig: pytest.Config) -> Luling:
    """Loads rulebooks, decides cases, compares versions. Paths are from the root of the project."""
    from .fixture import Luling

    return Luling(pytestconfig.rootpath)


# --- telling


class Telling:
    """Tells at the end what the examples that ran exercise. With pytest-xdist, of all workers."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._examples: list[tuple[str, str]] = []
        self._recorded: list[str] = []
        self._coverage: Ran | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remembers which examples ran, and which records were written."""
        if report.when != "call" or not report.user_properties:
            return
        properties = dict(report.user_properties)
        if "规则书" in properties and "示例" in properties:
            self._examples.append((str(properties["规则书"]), str(properties["示例"])))
        if "写下" in properties:
            self._recorded.append(str(properties["写下"]))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Measures coverage, and writes it into the JUnit report before that is written."""
        if self._examples:
            from .report import Ran

            self._coverage = Ran(self._config.rootpath, self._examples)
            self._coverage.to_junit(self._config)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """A line for each rulebook; with --luling-coverage what is lacking, clause by clause."""
        if self._coverage is None and not self._recorded:
            return
        terminalreporter.section("律令")
        if self._coverage is not None:
            for line in self._coverage.lines(full=self._config.getoption("luling_coverage")):
                terminalreporter.write_line(line)
        if self._recorded:
            told = f"写下了 {len(self._recorded)} 个判定记录，请看过差异再提交。"
            terminalreporter.write_line(told)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The clauses of an example are words for -k, without the brackets that -k cannot take."""
    for item in items:
        clause = getattr(item, "luling_clauses", ())
        item.extra_keyword_matches.update(words for one in clause for words in _plain(one))


def _plain(clause: str) -> Iterator[str]:
    """一（四）1 as it is and as 一-四-1."""
    yield clause
    yield "-".join(part for part in clause.replace("（", " ").replace("）", " ").split())
