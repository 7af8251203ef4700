"""A folder of rule files → a compiled rulebook, from the cache where nothing has changed."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import platformdirs

from luling.compiler.diagnostics.catalogue import alignment, amendments
from luling.compiler.diagnostics.catalogue import names as codes
from luling.compiler.diagnostics.diagnostic import Finding, has_errors
from luling.compiler.diagnostics.entry import Entry
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.source import SourceFile

from .decide import Engine

if TYPE_CHECKING:
    from luling.compiler.pipeline import Reference, Version

SUFFIX = ".luling"
# What a rulebook needs beside its own files, found without parsing: it is part of the cache key.
_IMPORT = re.compile(r"^[ \t\u3000]*引用[ \t\u3000].*?「([^」\n]+)」", re.MULTILINE)
_AMENDS = re.compile(r"^[ \t\u3000]*修订[ \t\u3000]*「([^」\n]+)」", re.MULTILINE)
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
    """A rulebook compiled with those it imports or amends.

    Raises `RulebookError` where there is none.
    """
    if not is_rulebook(folder):
        raise RulebookError(f"「{folder}」里没有规则书（{SUFFIX} 文件）")
    return _load(folder, use_cache, ())


def _load(folder: Path, use_cache: bool, above: tuple[Path, ...]) -> Loaded:
    sources, unreadable = _read(folder)
    key = _key(_with_others(folder, sources, {}))
    if use_cache and (found := _from_cache(key)) is not None:
        rulebook, findings = found
        return Loaded(folder, rulebook, findings, _by_name(_all_texts(folder, sources)))
    loaded = _compile(folder, sources, use_cache, above)
    if unreadable:
        loaded = attrs.evolve(loaded, findings=(*unreadable, *loaded.findings))
    elif use_cache:
        _to_cache(key, (loaded.rulebook, loaded.findings))
    return loaded


def _compile(
    folder: Path, sources: list[SourceFile], use_cache: bool, above: tuple[Path, ...]
) -> Loaded:
    from luling.compiler.pipeline import compile_rulebook, find_amended

    amended: tuple[Version, ...] = ()
    if (reference := find_amended(sources)) is not None:
        amended, broken = _amended(folder, reference, use_cache, above)
        if broken is not None:
            rulebook, _ = compile_rulebook(sources)
            return Loaded(folder, rulebook, (broken,), _by_name(sources))
    own, wrong = _version(folder, sources, amended, use_cache, above)
    rulebook, findings = compile_rulebook(sources, own.imports, own.law, amended)
    texts = [text for version in (*amended, own) for text in _texts(version)]
    return Loaded(folder, rulebook, (*wrong, *findings), _by_name(texts))


def _version(
    folder: Path,
    sources: list[SourceFile],
    amended: Sequence[Version],
    use_cache: bool,
    above: tuple[Path, ...],
) -> tuple[Version, list[Finding]]:
    """A rulebook with what it imports and its law, and what is wrong with those."""
    from luling.compiler.pipeline import Version, find_references

    below = [source for version in amended for source in version.sources]
    references = find_references(sources, below)
    imports: dict[str, Rulebook] = {}
    wrong: list[Finding] = []
    for request in references.imports:
        other = _other(folder, request, IMPORT, use_cache, above)
        if isinstance(other, Finding):
            wrong.append(other)
        else:
            imports[request.path] = other.rulebook
    law = _law(folder, sources)
    if references.law is not None and not law:
        arguments = {"path": references.law.path}
        wrong.append(Finding(alignment.SOURCE_MISSING, references.law.span, dict(arguments)))
    return Version(sources, imports, law[0] if law else None), wrong


def _amended(
    folder: Path, reference: Reference, use_cache: bool, above: tuple[Path, ...]
) -> tuple[tuple[Version, ...], Finding | None]:
    """The rulebook that is amended, behind those it amends itself; or why there is none."""
    from luling.compiler.pipeline import find_amended

    other = _other(folder, reference, AMENDMENT, use_cache, above)
    if isinstance(other, Finding):
        return (), other
    sources, _ = _read(other.folder)
    chain = (*above, folder.resolve())
    below: tuple[Version, ...] = ()
    if (further := find_amended(sources)) is not None:
        below, _ = _amended(other.folder, further, use_cache, chain)
    version, _ = _version(other.folder, sources, below, use_cache, chain)
    return (*below, attrs.evolve(version, findings=other.findings)), None


@attrs.frozen
class _Way:
    """How one rulebook needs another: what is said where that one is of no use."""

    missing: Entry
    circular: Entry
    broken: Entry


IMPORT = _Way(codes.IMPORT_MISSING, codes.IMPORT_CIRCULAR, codes.IMPORT_BROKEN)
AMENDMENT = _Way(amendments.BASE_MISSING, amendments.BASE_CIRCULAR, amendments.BASE_BROKEN)


def _other(
    folder: Path, request: Reference, way: _Way, use_cache: bool, above: tuple[Path, ...]
) -> Loaded | Finding:
    """Another rulebook, free of errors; or what to say of it."""
    here, target = folder.resolve(), _beside(folder, request.path)
    arguments = {"path": request.path}
    if not is_rulebook(target):
        return Finding(way.missing, request.span, dict(arguments))
    if target.resolve() in (chain := (*above, here)):
        circle = (*chain[chain.index(target.resolve()) :], target.resolve())
        path = " → ".join(f"{p.parent.name}/{p.name}" for p in circle)
        return Finding(way.circular, request.span, {"path": path})
    other = _load(target, use_cache, (*above, here))
    if other.ok:
        return other
    circular = (IMPORT.circular, AMENDMENT.circular)
    inner = next((f for f in other.findings if f.entry in circular), None)
    if inner is not None:
        return Finding(inner.entry, request.span, dict(inner.arguments))
    return Finding(way.broken, request.span, dict(arguments))


def _beside(folder: Path, path: str) -> Path:
    """A folder named from another one, without .. on the way where that leads to the same place."""
    target = folder / path
    plain = Path(os.path.normpath(target))
    return plain if plain.resolve() == target.resolve() else target


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


def _with_others(
    folder: Path, sources: list[SourceFile], seen: dict[Path, list[SourceFile]]
) -> dict[Path, list[SourceFile]]:
    """The texts of a rulebook and of all it imports or amends, found without parsing."""
    here = folder.resolve()
    if here in seen:
        return seen
    seen[here] = [*sources, *_law(folder, sources)]
    for source in sources:
        for match in (*_IMPORT.finditer(source.text), *_AMENDS.finditer(source.text)):
            target = _beside(folder, match[1])
            if is_rulebook(target):
                _with_others(target, _read(target)[0], seen)
            else:
                seen.setdefault(target.resolve(), [])
    return seen


def _all_texts(folder: Path, sources: list[SourceFile]) -> list[SourceFile]:
    """The texts that findings and entries of a rulebook can point into: those it amends, too."""
    texts, seen = [*sources, *_law(folder, sources)], {folder.resolve()}
    while amended := next((m for source in sources if (m := _AMENDS.search(source.text))), None):
        folder = _beside(folder, amended[1])
        if folder.resolve() in seen or not is_rulebook(folder):
            break
        seen.add(folder.resolve())
        sources = _read(folder)[0]
        texts += [*sources, *_law(folder, sources)]
    return texts


def _texts(version: Version) -> list[SourceFile]:
    return [*version.sources, *([] if version.law is None else [version.law])]


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
        data = _cache_file(key).read_bytes()
        try:
            found = pickle.loads(data)
        except KeyError:  # it holds a finding of a stage that nobody has needed so far
            import luling.compiler.pipeline  # noqa: F401

            found = pickle.loads(data)
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, LookupError):
        return None
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
