"""The built wheel in a fresh environment, outside this repository: what somebody else has."""

import os
import shutil
import subprocess
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import RULEBOOK

ROOT = Path(__file__).parents[2]
BIN = "Scripts" if os.name == "nt" else "bin"
TESTS = """\
from hypothesis import given
from luling.testing import cases


@given(case=cases("book"))
def test_a_child_pays_nothing(case, luling):
    decision = luling.decide("book", case)
    assert decision.state == "已定"
    if case["借阅"]["读者"] == "儿童":
        assert decision["逾期费"] == 0


def test_the_draft_changes_the_fee_only(luling):
    luling.assert_same("book", "draft", except_for=["一"])
    luling.assert_only_changes("book", "draft", results=["逾期费"], clauses=["一"])


def test_that_fails(luling):
    luling.assert_same("book", "draft")
"""
DRAFT = RULEBOOK.replace("0.20元", "0.30元").replace("0.60元", "0.90元")
CASE = (
    '{"说明": "成人", "案件": {"借阅": {"逾期日数": 3, "读者": "成人"}}, "应得": {"逾期费": 0.6}}'
)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The Python of an environment with the wheel, its extra and pytest-xdist."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "*.egg-info", "build", "__pycache__", ".*_cache"
    )
    shutil.copytree(ROOT, source, symlinks=True, ignore=ignored)
    venv.create(place / "venv", with_pip=True)
    there = place / "venv" / BIN / "python"
    pip = [str(there), "-m", "pip", "-q", "--disable-pip-version-check"]
    _run([*pip, "wheel", "--no-deps", "-w", "dist", str(source)], place)
    wheel = next((place / "dist").glob("*.whl"))
    _run([*pip, "install", f"{wheel}[pytest]", "pytest-xdist"], place)
    yield there
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with a rulebook, a draft, a case, and tests of its own."""
    for name, text in (("book", RULEBOOK), ("draft", DRAFT)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.luling").write_text(text, "utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "1.json").write_text(CASE, "utf-8")
    settings = '{"规则书": {"2025": "../book", "草案": "../draft"}, "记录": "decisions"}'
    (tmp_path / "cases" / "luling.json").write_text(settings, "utf-8")
    (tmp_path / "test_own.py").write_text(TESTS, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nluling_rulebooks = book draft\n", "utf-8")
    return tmp_path


def _run(command: list[str], folder: Path) -> str:
    """What a command prints, which must end well."""
    done = _tried(command, folder)
    assert done.returncode == 0, done.stdout
    return done.stdout


def _tried(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON"))}
    environment |= {"PYTHONUTF8": "1", "XDG_CACHE_HOME": str(folder / ".cache")}
    return subprocess.run(
        command, cwd=folder, env=environment, check=False,
        text=True, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@pytest.mark.long
def test_the_wheel_tests_the_rulebook_of_somebody_else(python: Path, project: Path) -> None:
    pytest_ = [str(python), "-m", "pytest"]
    first = _tried([*pytest_, "-q", "--luling-accept"], project)
    assert first.returncode == 1, first.stdout
    for told in (
        "2 failed, 12 passed",
        "写下了 2 个判定记录",
        "book　2 个示例　覆盖 4/4（100%）。",
        "逾期费：0.60元 → 0.90元",
        "FAILED cases/1.json::应得（草案）",
        "FAILED test_own.py::test_that_fails",
    ):
        assert told in first.stdout, first.stdout


@pytest.mark.long
def test_it_works_with_xdist(python: Path, project: Path) -> None:
    pytest_ = [str(python), "-m", "pytest", "-n", "2", "--junitxml=report.xml"]
    done = _tried([*pytest_, "-k", "not fails", "--luling-accept"], project)
    assert done.returncode == 1, done.stdout
    assert "写下了 2 个判定记录" in done.stdout
    assert "book　2 个示例　覆盖 4/4（100%）。" in done.stdout
    report = (project / "report.xml").read_text("utf-8")
    assert '<property name="覆盖 draft 一" value="' in report


@pytest.mark.long
def test_the_wheel_is_whole(python: Path, tmp_path: Path) -> None:
    """Types of the package, and the command, are there without the repository."""
    shown = _run([str(python), "-c", "import luling.testing as t; print(t.__file__)"], tmp_path)
    assert str(ROOT) not in shown
    assert (Path(shown.strip()).with_name("py.typed")).exists()
    command = python.with_name("luling")
    assert "律令" in _run([str(command), "--help"], tmp_path)
