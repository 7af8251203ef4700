"""Does the shared text need nothing of Lüling, and is it the modules' own?"""

import ast
import builtins
import sys
from pathlib import Path

import pytest

from luling.runtime.compiled import bundle as bundling
from luling.runtime.compiled.bundle import bundle

ROOT = Path(__file__).parents[4]


def test_imports_are_of_the_standard_library() -> None:
    _, imports = bundle()
    found = {
        name
        for node in ast.walk(ast.parse(imports))
        for name in (
            [node.module]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    assert found
    assert {str(name).split(".")[0] for name in found} <= sys.stdlib_module_names


def test_every_name_is_known() -> None:
    text, imports = bundle()
    tree = ast.parse(imports + text)
    known = {*dir(builtins), "__name__"}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                known.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                known.add(name)
            case ast.ImportFrom(names=names) | ast.Import(names=names):
                known |= {alias.name for alias in names}
            case ast.ExceptHandler(name=str(name)):
                known.add(name)
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    assert used - known == set()


@pytest.mark.parametrize("path", ["runtime/threefold.py", "runtime/partial.py"])
def test_the_meaning_is_taken_word_for_word(path: str) -> None:
    text, _ = bundle()
    own = (ROOT / path).read_text("utf-8")
    definitions = [n for n in ast.parse(own).body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    assert definitions
    for definition in definitions:
        assert (ast.get_source_segment(own, definition) or "?") in text


def test_two_modules_with_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two modules define"):
        bundling._no_name_twice(["def a(): pass", "a = 1"])
