"""A folder of rule files → a compiled rulebook, from the cache where nothing has changed."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import attrs
import platformdirs

from luling.compiler.diagnostics.catalogue import alignment
from luling.compiler.diagnostics.catalogue import names as codes
from luling.compiler.diagnostics.diagnostic import Finding, has_errors
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.source import SourceFile

from .decide import Engine

SUFFIX = ".luling"
# What a rulebook needs beside its own files, found without parsing: it is part of the cache key.
_IMPORT = re.compile(r"^[ \t\u3000]*引用[ \t\u3000].*?「([^」\n]+)」", re.MULTILINE)
_LAW = re.compile(r"^[ \t\u3000]*原文[ \t\u3000]*「([^」\n]+)」", re.MULTILINE)


@attrs.frozen
class Loaded:
    """A compiled rulebook with its findings and the texts they point into."""

    folder: Path
    rulebook: Rulebook
    findings: tuple[Finding, ...]
    sources: Mapping[str, SourceFile]

    @property
    def ok(self) -> bool:
        """Whether the rulebook may decide cases."""
        return not has_errors(list(self.findings))


class RulebookError(Exception):
    """A rulebook that cannot decide anything: not there, or with errors (`loaded.findings`)."""

    def __init__(self, message: str, loaded: Loaded | None = None) -> None:
        super().__init__(message)
        self.loaded = loaded


def is_rulebook(folder: Path) -> bool:
    """Whether a folder holds rule files itself."""
    return folder.is_dir() and any(p.suffix == SUFFIX for p in folder.iterdir())


def find_rulebooks(place: Path) -> list[Path]:
    """The rulebook folders at or below a place, in order of their paths."""
    if is_rulebook(place):
        return [place]
    if not place.is_dir():
        return []
    return sorted({path.parent for path in place.rglob(f"*{SUFFIX}")})


def load(folder: str | os.PathLike[str]) -> Engine:
    """A rulebook ready to decide cases. Raises `RulebookError`."""
    loaded = load_rulebook(Path(folder))
    if not loaded.ok:
        raise RulebookError("规则书没有通过检查", loaded)
    return Engine(loaded.rulebook)


def load_text(text: str) -> Engine:
    """A rulebook of one file given as text, ready to decide cases. Raises `RulebookError`."""
    from luling.compiler.pipeline import compile_rulebook

    source = SourceFile("<text>", text)
    rulebook, findings = compile_rulebook([source])
    loaded = Loaded(Path(), rulebook, tuple(findings), {source.name: source})
    if not loaded.ok:
        raise RulebookError("规则书没有通过检查", loaded)
    return Engine(rulebook)


def load_rulebook(folder: Path, *, use_cache: bool = True) -> Loaded:
    """A rulebook compiled with those it imports. Raises `RulebookError` where there is none."""
    if not is_rulebook(folder):
        raise RulebookError(f"「{folder}」里没有规则书（{SUFFIX} 文件）")
    return _load(folder, use_cache, ())


def _load(folder: Path, use_cache: bool, above: tuple[Path, ...]) -> Loaded:
    sources, unreadable = _read(folder)
    key = _key(_with_imports(folder, sources, {}))
    if use_cache and (found := _from_cache(key)) is not None:
        rulebook, findings = found
        return Loaded(folder, rulebook, findings, _by_name([*sources, *_law(folder, sources)]))
    loaded = _compile(folder, sources, use_cache, above)
    if unreadable:
        loaded = attrs.evolve(loaded, findings=(*unreadable, *loaded.findings))
    elif use_cache:
        _to_cache(key, (loaded.rulebook, loaded.findings))
    return loaded


def _compile(
    folder: Path, sources: list[SourceFile], use_cache: bool, above: tuple[Path, ...]
) -> Loaded:
    from luling.compiler.pipeline import compile_rulebook, find_references

    here = folder.resolve()
    imports: dict[str, Rulebook] = {}
    broken: list[Finding] = []
    references = find_references(sources)
    for request in references.imports:
        target = folder / request.path
        arguments = {"path": request.path}
        if not is_rulebook(target):
            broken.append(Finding(codes.IMPORT_MISSING, request.span, dict(arguments)))
        elif target.resolve() in (chain := (*above, here)):
            circle = (*chain[chain.index(target.resolve()) :], target.resolve())
            path = " → ".join(f"{p.parent.name}/{p.name}" for p in circle)
            broken.append(Finding(codes.IMPORT_CIRCULAR, request.span, {"path": path}))
        else:
            other = _load(target, use_cache, (*above, here))
            if other.ok:
                imports[request.path] = other.rulebook
            else:
                inner = next((f for f in other.findings if f.code == "L0209"), None)
                entry = inner.entry if inner else codes.IMPORT_BROKEN
                found = dict(inner.arguments if inner else arguments)
                broken.append(Finding(entry, request.span, found))
    law = _law(folder, sources)
    if references.law is not None and not law:
        missing = Finding(
            alignment.SOURCE_MISSING, references.law.span, {"path": references.law.path}
        )
        broken.append(missing)
    rulebook, findings = compile_rulebook(sources, imports, *law)
    return Loaded(folder, rulebook, (*broken, *findings), _by_name([*sources, *law]))


def _law(folder: Path, sources: list[SourceFile]) -> list[SourceFile]:
    """The text of the law that a rulebook names, where there is such a file."""
    for source in sources:
        for match in _LAW.finditer(source.text):
            path = folder / match[1]
            if path.is_file():
                return [SourceFile(str(path), path.read_bytes().decode("utf-8-sig", "replace"))]
    return []


def _read(folder: Path) -> tuple[list[SourceFile], list[Finding]]:
    from luling.compiler.diagnostics.catalogue import syntax
    from luling.compiler.source import Span

    sources, findings = [], []
    for path in sorted(folder.iterdir()):
        if path.suffix != SUFFIX:
            continue
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = data.decode("utf-8-sig", errors="replace")
            line = data[: error.start].count(b"\n") + 1
            start = text.find("\ufffd")
            span = Span(str(path), start, start + 1)
            findings.append(Finding(syntax.NOT_UTF8, span, {"line": line}))
        sources.append(SourceFile(str(path), text))
    return sources, findings


def _by_name(sources: list[SourceFile]) -> dict[str, SourceFile]:
    return {source.name: source for source in sources}


# --- the cache: pickles in the user's cache folder, keyed by every byte that matters


def _with_imports(
    folder: Path, sources: list[SourceFile], seen: dict[Path, list[SourceFile]]
) -> dict[Path, list[SourceFile]]:
    """The texts of a rulebook and of all it imports, found without parsing."""
    here = folder.resolve()
    if here in seen:
        return seen
    seen[here] = [*sources, *_law(folder, sources)]
    for source in sources:
        for match in _IMPORT.finditer(source.text):
            target = folder / match[1]
            if is_rulebook(target):
                _with_imports(target, _read(target)[0], seen)
            else:
                seen.setdefault(target.resolve(), [])
    return seen


def _key(texts: dict[Path, list[SourceFile]]) -> str:
    digest = hashlib.sha256(_toolchain())
    for sources in texts.values():
        digest.update(f"\0{len(sources)}\0".encode())
        for source in sources:
            digest.update(f"{source.name}\0{len(source.text)}\0".encode("utf-8", "surrogatepass"))
            digest.update(source.text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@cache
def _toolchain() -> bytes:
    """What the compiler itself is: version of Python and every byte of its own code and grammar."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256(sys.version.encode())
    for part in ("compiler", "grammar"):
        for path in sorted((root / part).rglob("*")):
            if path.suffix in (".py", ".lark", ".toml"):
                digest.update(path.read_bytes())
    return digest.digest()


def _cache_file(key: str) -> Path:
    return Path(platformdirs.user_cache_dir("luling", appauthor=False)) / f"{key}.pickle"


def _from_cache(key: str) -> tuple[Rulebook, tuple[Finding, ...]] | None:
    try:
        with _cache_file(key).open("rb") as file:
            found = pickle.load(file)
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, LookupError):
        return None  # a finding, too, whose kind nobody has imported yet: compiling does
    return found if isinstance(found, tuple) and len(found) == 2 else None


def _to_cache(key: str, value: tuple[Rulebook, tuple[Finding, ...]]) -> None:
    """Written beside and moved into place, so that no reader sees half a file. May fail quietly."""
    target = _cache_file(key)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
        Path(file.name).replace(target)
    except (OSError, RecursionError):
        pass  # a read-only home or a full disk costs time, not correctness
