"""Imports flow one way, and the compiler touches nothing outside itself."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]

# Who may import whom, beside itself. Every import counts, also inside a function and under
# TYPE_CHECKING: an import is a dependency wherever it hides.
MAY_IMPORT: dict[str, set[str]] = {
    "compiler": set(),
    "compiler.source": set(),
    "compiler.diagnostics": {"compiler.source"},
    "compiler.syntax": {"compiler.source", "compiler.diagnostics", "grammar"},
    "compiler.ir": {"compiler.source"},
    "compiler.analysis": {
        "compiler.source",
        "compiler.diagnostics",
        "compiler.syntax",
        "compiler.ir",
    },
    "compiler.verify": {"compiler.source", "compiler.diagnostics", "compiler.ir"},
    "compiler.emit": {"compiler.source", "compiler.diagnostics", "compiler.ir"},
    "compiler.sql": {"compiler.source", "compiler.diagnostics", "compiler.ir"},
    "compiler.pipeline": {
        "compiler.source",
        "compiler.diagnostics",
        "compiler.syntax",
        "compiler.ir",
        "compiler.analysis",
    },
    # Syntax and analysis it reaches through pipeline.
    "runtime": {
        "compiler.source",
        "compiler.diagnostics",
        "compiler.ir",
        "compiler.pipeline",
        "compiler.verify",
        "compiler.emit",
        "compiler.sql",
        "grammar",
        "rules",
    },
    # A package of its own that stands inside runtime/: what runs rulebooks does not know of it.
    "testing": {
        "compiler.source",
        "compiler.diagnostics",
        "compiler.ir",
        "runtime",
    },
}
INSTALLED_AS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("runtime", "testing"): ("testing",),
}

# compiler/ is given text and gives back values. Its one read is the grammar, as package data, from
# syntax.
READS_THE_GRAMMAR = "compiler.syntax"
OUTSIDE_MODULES = {
    *("os", "pathlib", "io", "sys", "shutil", "tempfile", "glob", "fileinput", "mmap"),  # files
    *("importlib", "pkgutil", "zipfile", "tarfile", "sqlite3", "shelve", "dbm"),  # files too
    *("subprocess", "multiprocessing", "threading", "asyncio", "signal", "ctypes"),  # processes
    *("socket", "ssl", "http", "urllib", "ftplib", "smtplib", "webbrowser"),  # the network
    *("time", "random", "secrets", "uuid", "locale", "getpass", "platform"),  # what differs by run
    *("logging", "warnings", "click", "rich", "platformdirs"),  # people
}
OUTSIDE_NAMES = {"open", "print", "input", "breakpoint", "__import__"}
CLOCK_TYPES = {"date", "datetime"}
CLOCK_READS = {"now", "today", "utcnow"}


class Import(NamedTuple):
    """One module or name that a file imports."""

    line: int
    target: tuple[str, ...]
    level: int  # of dots

    @property
    def is_ours(self) -> bool:
        """Whether it comes from luling."""
        return self.target[0] == "luling"


def test_every_module_has_a_row_in_the_table() -> None:
    """A new package says what it may import before it imports."""
    assert {package_of(dotted(path)) for path in modules("compiler", "runtime")} <= set(MAY_IMPORT)


def test_imports_follow_the_table() -> None:
    """Every import, wherever it hides, goes where the table allows."""
    assert_none(upward_imports, modules("compiler", "runtime"))


def test_imports_are_relative_inside_a_package_and_luling_across() -> None:
    """Otherwise a static tool sees one class as two, or only a checkout can run."""
    assert_none(misspelt_imports, modules("compiler", "runtime", "tests"))


def test_the_compiler_touches_nothing_outside() -> None:
    """No file, network, clock or printing in compiler/."""
    assert_none(impurities, modules("compiler"))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("compiler/ir/nodes.py", "from ..syntax import ast"),
        ("compiler/ir/nodes.py", "from ..syntax.ast import Rule"),
        ("compiler/ir/nodes.py", "from .. import syntax"),
        ("compiler/ir/nodes.py", "def f():\n    from ..diagnostics import entry"),
        ("compiler/ir/nodes.py", "if TYPE_CHECKING:\n    from ..analysis import names"),
        ("compiler/diagnostics/__init__.py", "from ..ir import nodes"),
        ("compiler/source.py", "from .diagnostics import entry"),
        ("compiler/source.py", "from luling.runtime import facts"),
        ("compiler/ir/values.py", "from luling import grammar"),
        ("runtime/interpret.py", "import luling.compiler.syntax.ast"),
        ("runtime/interpret.py", "from luling.compiler import analysis"),
        ("runtime/interpret.py", "from luling.compiler import *"),
        ("runtime/interpret.py", "import luling.compiler"),
        ("runtime/interpret.py", "from luling.testing import cases"),
        ("runtime/testing/steer.py", "from luling.compiler.pipeline import compile_rulebook"),
    ],
)
def test_an_import_against_the_table_is_found(path: str, code: str) -> None:
    """The guard sees each way in which an import can be written."""
    assert list(upward_imports(path, code))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("compiler/ir/nodes.py", "from . import types\nfrom ..source import Span"),
        ("compiler/pipeline.py", "from .analysis import from_ast\nfrom . import source"),
        ("compiler/diagnostics/__init__.py", "from .entry import Entry"),
        ("runtime/cli/run.py", "from .. import facts\nfrom luling.compiler import source"),
        ("runtime/testing/steer.py", "from . import reads\nfrom luling.runtime import decide"),
    ],
)
def test_an_import_by_the_table_is_let_pass(path: str, code: str) -> None:
    """The guard does not cry wolf."""
    assert not list(upward_imports(path, code))
    assert not list(misspelt_imports(path, code))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("runtime/facts.py", "from luling.runtime import trace"),
        ("runtime/facts.py", "from ..compiler import source"),
        ("runtime/testing/steer.py", "from luling.testing import reads"),
        ("runtime/testing/steer.py", "from ..facts import Item"),
        ("runtime/facts.py", "from compiler import source"),
        ("tests/unit/test_source.py", "import compiler.source"),
        ("tests/unit/test_source.py", "def f():\n    from runtime.facts import read"),
    ],
)
def test_a_misspelt_import_is_found(path: str, code: str) -> None:
    """The guard sees a bare name, a long name at home, and dots that leave the package."""
    assert list(misspelt_imports(path, code))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("compiler/pipeline.py", "import os.path"),
        ("compiler/pipeline.py", "def f():\n    from pathlib import Path"),
        ("compiler/pipeline.py", "from importlib.resources import files"),
        ("compiler/syntax/from_text.py", "import importlib"),
        ("compiler/syntax/from_text.py", "from importlib import import_module"),
        ("compiler/syntax/from_text.py", 'files("luling.rules")'),
        ("compiler/pipeline.py", "open('x')"),
        ("compiler/pipeline.py", "list(map(print, [1]))"),
        ("compiler/pipeline.py", "datetime.now()"),
        ("compiler/pipeline.py", "datetime.date.today()"),
    ],
)
def test_a_way_out_of_the_compiler_is_found(path: str, code: str) -> None:
    """The guard sees each way in which the compiler could touch the world."""
    assert list(impurities(path, code))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("compiler/syntax/from_text.py", "from importlib.resources import files"),
        ("compiler/syntax/from_text.py", "from importlib import resources"),
        ("compiler/syntax/from_text.py", 'files("luling.grammar")'),
        ("compiler/ir/values.py", "from datetime import date\ndate(2025, 1, 1).replace(day=2)"),
        ("compiler/ir/values.py", "from . import types\nimport re\nre.compile('x')"),
    ],
)
def test_what_the_compiler_needs_is_let_pass(path: str, code: str) -> None:
    """The grammar may be read, and values may be dates."""
    assert not list(impurities(path, code))


def assert_none(find: Callable[[str, str], Iterator[str]], paths: list[str]) -> None:
    """Fails with every place that a guard finds in some files."""
    found = [place for path in paths for place in find(path, (ROOT / path).read_text("utf-8"))]
    assert not found, "\n".join(found)


def upward_imports(path: str, code: str) -> Iterator[str]:
    """The imports in a file that the table does not allow."""
    home = package_of(dotted(path))
    for found in imports(path, ast.parse(code)):
        if found.is_ours:
            to = package_of(found.target[1:])
            if to != home and to not in MAY_IMPORT[home]:
                yield f"{path}:{found.line}: {home} may not import {to}"


def misspelt_imports(path: str, code: str) -> Iterator[str]:
    """The imports in a file that are bare, absolute at home, or relative across packages."""
    home = dotted(path)[0]
    for found in imports(path, ast.parse(code)):
        name = ".".join(found.target)
        if found.target[0] in {"compiler", "runtime", "grammar", "rules", "testing"}:
            yield f"{path}:{found.line}: write luling.{name}"
        elif found.is_ours and (found.target[1] == home) != (found.level > 0):
            yield f"{path}:{found.line}: {name}: relative inside a package, luling.X across"


def impurities(path: str, code: str) -> Iterator[str]:
    """The places in a file of the compiler that touch files, the network, the clock or a screen."""
    tree = ast.parse(code)
    may_read = package_of(dotted(path)) == READS_THE_GRAMMAR
    for found in imports(path, tree):
        is_data = found.target[:2] == ("importlib", "resources")
        if found.target[0] in OUTSIDE_MODULES and not (is_data and may_read):
            yield f"{path}:{found.line}: imports {'.'.join(found.target)}"
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in OUTSIDE_NAMES:
                yield f"{path}:{node.lineno}: uses {name}"
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name):
                if owner in CLOCK_TYPES and name in CLOCK_READS:
                    yield f"{path}:{node.lineno}: reads the clock by {owner}.{name}"
            case ast.Call(func=ast.Name(id="files") | ast.Attribute(attr="files"), args=[argument]):
                if not (isinstance(argument, ast.Constant) and argument.value == "luling.grammar"):
                    yield f"{path}:{node.lineno}: reads package data that is not the grammar"


def imports(path: str, tree: ast.Module) -> Iterator[Import]:
    """Every import in a file, with relative ones spelt out from luling.

    Of `from a import b` the target is a.b: b may be a module as well as a name in one.
    """
    folder = ("luling", *installed(PurePosixPath(path).parent.parts))
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                for alias in node.names:
                    yield Import(node.lineno, (*alias.name.split("."), "*"), 0)
            case ast.ImportFrom():
                base = folder[: len(folder) + 1 - node.level] if node.level else ()
                module = tuple(node.module.split(".")) if node.module else ()
                for alias in node.names:
                    yield Import(node.lineno, (*base, *module, alias.name), node.level)


def package_of(target: tuple[str, ...]) -> str:
    """The row of the table that a module belongs to: the compiler's parts have one each."""
    if target[0] == "compiler" and target[1:2] not in ((), ("*",)):
        return ".".join(target[:2])
    return target[0]


def dotted(path: str) -> tuple[str, ...]:
    """The names that lead to a module: compiler/ir/nodes.py is compiler, ir, nodes."""
    names = installed(PurePosixPath(path).with_suffix("").parts)
    return names[:-1] if names[-1] == "__init__" else names


def installed(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The names under which a path is installed."""
    name = INSTALLED_AS.get(parts[:2])
    return parts if name is None else (*name, *parts[2:])


def modules(*tops: str) -> list[str]:
    """The paths, from the root, of every module under some folders."""
    found = [path for top in tops for path in sorted((ROOT / top).rglob("*.py"))]
    return [path.relative_to(ROOT).as_posix() for path in found]
