"""The text that all compiled functions share: whole modules of Lüling that need nothing of it.

Each is taken word for word but for its imports; so what the interpreter means, a compiled function
means too.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import resources

from luling.compiler.diagnostics.catalogue import run, syntax
from luling.compiler.diagnostics.entry import Entry

# In this order: none uses a name at once that a later one defines.
_MODULES = (
    ("luling.runtime.compiled", "words.py", ()),
    ("luling.compiler.diagnostics", "entry.py", ("say",)),
    ("luling.compiler.diagnostics", "diagnostic.py", ("did_you_mean",)),
    ("luling.compiler.ir", "exact.py", ()),
    ("luling.compiler.ir", "operations.py", ()),
    ("luling.runtime", "partial.py", ()),
    ("luling.runtime", "choose.py", ()),
    ("luling.runtime", "reading.py", ()),
    ("luling.runtime", "threefold.py", ()),
    ("luling.runtime", "deciding.py", ()),
    ("luling.runtime.compiled", "values.py", ()),
    ("luling.runtime.compiled", "plain.py", ()),
    ("luling.runtime.compiled", "program.py", ()),
)


# Said at the place of a module that is not taken: what `codes.NAME` is.
_CODES = 'class codes:\n    """Every kind of fault of a case."""\n\n'


@cache
def bundle() -> tuple[str, str]:
    """The shared text, and the imports from the standard library that it needs."""
    texts, imports = [], set[tuple[str, str]]()
    for package, module, wanted in _MODULES:
        source = resources.files(package).joinpath(module).read_text("utf-8")
        text, needed = _stripped(source, wanted)
        texts.append(text)
        imports |= needed
    _no_name_twice(texts)
    texts.insert(1, _codes("\n".join(texts)))
    return "\n\n\n".join(texts) + "\n", _imports(imports)


def _stripped(source: str, wanted: tuple[str, ...]) -> tuple[str, set[tuple[str, str]]]:
    """A module without its docstring and imports, or some functions of it; and what it imports of
    the standard library.
    """
    tree, lines = ast.parse(source), source.splitlines()
    imports: set[tuple[str, str]] = set()
    if wanted:
        kept = [node for node in tree.body if getattr(node, "name", None) in wanted]
        return "\n\n\n".join("\n".join(lines[i] for i in _place(node)) for node in kept), imports
    dropped: set[int] = set()
    for node in tree.body:
        match node:
            case ast.Import() | ast.ImportFrom():
                dropped.update(_place(node))
                imports |= _standard(node)
            case ast.Expr(value=ast.Constant(value=str())):
                dropped.update(_place(node))
    text = "\n".join(line for at, line in enumerate(lines) if at not in dropped)
    return re.sub(r"\n{4,}", "\n\n\n", text).strip("\n"), imports


def _place(node: ast.stmt) -> range:
    """The numbers of the lines of a statement, from 0, decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return range(first - 1, node.end_lineno or node.lineno)


def _standard(node: ast.Import | ast.ImportFrom) -> set[tuple[str, str]]:
    """The modules, each with a name or none, that a statement imports of the standard library."""
    if isinstance(node, ast.Import):
        return {(alias.name, "") for alias in node.names}
    module = node.module or ""
    if node.level or module.split(".")[0] in ("luling", "__future__"):
        return set()
    return {(module, alias.name) for alias in node.names}


def _imports(found: set[tuple[str, str]]) -> str:
    """One line a module."""
    plain = [f"import {module}" for module, name in sorted(found) if not name]
    names: dict[str, list[str]] = {}
    for module, name in sorted(found):
        if name:
            names.setdefault(module, []).append(name)
    some = [f"from {module} import {', '.join(wanted)}" for module, wanted in names.items()]
    return "\n".join(["from __future__ import annotations", "", *plain, *some]) + "\n"


def _codes(shared: str) -> str:
    """The catalogue's entries that the text speaks of."""
    names = sorted(set(re.findall(r"\bcodes\.([A-Z_]+)\b", shared)))
    lines = [f"    {name} = {_entry(getattr(run, name))}" for name in names]
    return _CODES + "\n".join(lines) + f"\n\n\nTOO_DEEP = {_entry(syntax.TOO_DEEP)}"


def _entry(entry: Entry) -> str:
    message = entry.message
    return f"Entry({entry.code!r}, Both({message.zh!r}, {message.en!r}))"


def _no_name_twice(texts: list[str]) -> None:
    """Raises where two modules use one name: in one file one would hide the other."""
    seen: set[str] = set()
    for text in texts:
        names = {name for node in ast.parse(text).body for name in _names(node)}
        if twice := seen & names:
            raise ValueError(f"two modules define {sorted(twice)}")
        seen |= names


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []
