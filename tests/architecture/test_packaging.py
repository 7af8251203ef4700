"""The installed package is whole: every folder of code and every data file is in it."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DATA_FOLDERS = ("grammar", "rules")


def test_every_package_is_listed_in_pyproject() -> None:
    """A folder with an `__init__.py` that is not listed would be missing from the wheel."""
    setup = setuptools_table()
    tops = {ROOT / top: name for name, top in setup["package-dir"].items()}
    found = {installed_name(init.parent, tops) for top in tops for init in top.rglob("__init__.py")}
    assert found == set(setup["packages"])


def installed_name(folder: Path, tops: dict[Path, str]) -> str:
    """The name of a package: that of the nearest folder which has one, and what comes after it."""
    top = next(place for place in (folder, *folder.parents) if place in tops)
    return ".".join([tops[top], *folder.relative_to(top).parts])


def test_every_folder_with_code_is_a_package() -> None:
    """Without an `__init__.py` a folder runs from a checkout and is missing from the wheel."""
    bare = {
        str(module.parent.relative_to(ROOT))
        for top in setuptools_table()["package-dir"].values()
        for module in (ROOT / top).rglob("*.py")
        if not (module.parent / "__init__.py").exists()
    }
    assert not bare


def test_every_data_file_is_packaged() -> None:
    """A kind of data file that `package-data` does not name would be missing from the wheel."""
    globs: dict[str, list[str]] = setuptools_table()["package-data"]
    for top in DATA_FOLDERS:
        packaged = {path for glob in globs[f"luling.{top}"] for path in (ROOT / top).glob(glob)}
        assert {ROOT / top / path for path in data_files(top)} <= packaged


@pytest.mark.parametrize("top", DATA_FOLDERS)
def test_every_data_file_can_be_read_as_package_data(top: str) -> None:
    """What the package reads is what stands in the folder, Chinese included."""
    for path in data_files(top):
        resource = files(f"luling.{top}")
        for part in path.split("/"):
            resource = resource / part
        assert resource.read_text("utf-8") == (ROOT / top / path).read_text("utf-8"), path


def test_the_keywords_can_be_read_as_package_data() -> None:
    """The keyword table is there and is TOML."""
    text = (files("luling.grammar") / "keywords.toml").read_text("utf-8")
    assert tomllib.loads(text)


@pytest.mark.parametrize("top", ["compiler", "runtime", "runtime/testing"])
def test_the_package_tells_type_checkers_that_it_is_typed(top: str) -> None:
    """Without `py.typed` a program that uses the package sees no types."""
    assert (ROOT / top / "py.typed").exists()


def setuptools_table() -> dict[str, Any]:
    """The `[tool.setuptools]` table of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    table: dict[str, Any] = project["tool"]["setuptools"]
    return table


def data_files(top: str) -> Iterator[str]:
    """The paths, inside one folder, of all its files that are not Python's."""
    for path in sorted((ROOT / top).rglob("*")):
        if path.is_file() and path.suffix not in {".py", ".pyc"}:
            yield path.relative_to(ROOT / top).as_posix()
