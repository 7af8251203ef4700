"""The texts of one version, or of several that change one another → the entries of one rulebook."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence, Set

import attrs

from ..diagnostics.catalogue import alignment
from ..diagnostics.diagnostic import Finding, Label
from ..diagnostics.entry import Both
from ..ir.rulebook import Amended, Renaming, Repeal, Rulebook
from ..source import SourceFile
from ..syntax import ast
from ..syntax.declared import Declared, amended_by, declared_in
from ..syntax.from_text import parse
from ..syntax.lawtext import LawText, read_law
from .amend import about_gone, amend, check_whole
from .imports import exported_names

_INHERITED = Both(
    "这是沿用的内容：在修订里改写它，或者废止它。",
    "this is inherited: restate or repeal it in the amendment.",
)


@attrs.frozen
class Version:
    """A rulebook as it is written: its files, what it imports by path, its law.

    `findings`: what is said of it where it is checked itself.
    """

    sources: Sequence[SourceFile]
    imports: Mapping[str, Rulebook] = attrs.field(factory=dict)
    law: SourceFile | None = None
    findings: Sequence[Finding] = ()


@attrs.frozen
class Entries:
    """The entries of a rulebook and where they come from.

    `quoted`: for each version the clauses whose quotation it wrote or took out. `inherited`: the
    files of the versions before the last. `gone`: names that the last one took out.
    """

    versions: Sequence[Version]
    files: list[ast.File]
    declared: Declared
    imports: Mapping[str, Rulebook]
    findings: list[Finding]
    quoted: Sequence[Set[str]] = ()
    inherited: frozenset[str] = frozenset()
    gone: Mapping[str, Label] = attrs.field(factory=dict)
    amends: Amended | None = None
    repeals: tuple[Repeal, ...] = ()
    renamings: tuple[Renaming, ...] = ()

    @property
    def own(self) -> Version:
        """The version that is compiled."""
        return self.versions[-1]

    def laws(self) -> Iterator[tuple[LawText, Set[str] | None]]:
        """The texts of law, each with the clauses that are held against it; None for all.

        A clause is held against the newest text that has it, but not against one older than its
        quotation.
        """
        if len(self.versions) == 1:
            if self.own.law is not None:
                yield read_law(self.own.law), None
            return
        settled: set[str] = set()
        for version, quoted in zip(reversed(self.versions), reversed(self.quoted), strict=True):
            held = set(quoted) - settled
            if version.law is not None:
                law = read_law(version.law)
                held |= set(law.clauses) - settled
                yield law, frozenset(held)
            settled |= held

    def told(self, findings: list[Finding]) -> list[Finding]:
        """The findings that are this version's: what is said of the one before is not repeated.

        What is found in an inherited entry is there because of a change; it says so.
        """
        if not self.inherited:
            return findings
        before = {_same(f) for version in self.versions[:-1] for f in version.findings}
        new = about_gone([f for f in findings if _same(f) not in before], self.gone)
        return [one for finding in new if (one := self._inherited(finding)) is not None]

    def _inherited(self, finding: Finding) -> Finding | None:
        if finding.span.file not in self.inherited:
            return finding
        if finding.entry is alignment.WAIVER_IDLE:
            return None  # a number that the new text does not have, or uses, needs no waiver
        return attrs.evolve(finding, hints=(*finding.hints, _INHERITED))


def _same(finding: Finding) -> tuple[object, ...]:
    arguments = sorted((key, str(value)) for key, value in finding.arguments.items())
    return finding.code, finding.span, tuple(arguments)


@attrs.frozen
class _Parsed:
    files: list[ast.File]
    declared: Declared
    findings: list[Finding]


def gather(versions: Sequence[Version]) -> Entries:
    """The entries that the last version has, given those it changes, the oldest first."""
    imports = _imports(versions)
    parsed = [_parsed(versions[: at + 1]) for at in range(len(versions))]
    last = parsed[-1]
    if len(versions) == 1:
        renamings, found = check_whole(last.files)
        return Entries(
            versions, last.files, last.declared, imports, last.findings + found,
            renamings=renamings,
        )  # fmt: skip
    places = _places(versions)
    rebased = [
        _rebased(one.files, place) for one, place in zip(parsed, places, strict=True)
    ]  # fmt: skip
    renamings, _ = check_whole(rebased[0])
    merged, quoted = rebased[0], [_clauses(rebased[0])]
    for files in rebased[1:]:
        base = merged
        made = amend(base, files)
        merged = made.files
        quoted.append(made.quoted)
        renamings = (*_followed(renamings, made.renamings), *made.renamings)
    before = [source.name for version in versions[:-1] for source in version.sources]
    return Entries(
        versions, merged, last.declared, imports, last.findings + made.findings, quoted,
        frozenset(before), made.gone, _amended(base, versions), made.repeals, renamings,
    )  # fmt: skip


def _parsed(versions: Sequence[Version]) -> _Parsed:
    """The files of the last of some versions; it knows the names of those before."""
    declared = declared_in([source for version in versions for source in version.sources])
    imports = {path: book for version in versions for path, book in version.imports.items()}
    declared = declared.with_imports(imports, exported_names(imports.values()))
    parsed = [parse(source, declared) for source in versions[-1].sources]
    findings = [finding for _, found in parsed for finding in found]
    return _Parsed([file for file, _ in parsed], declared, findings)


def _clauses(files: list[ast.File]) -> frozenset[str]:
    headings = (e for file in files for e in file.entries if isinstance(e, ast.Heading))
    return frozenset(heading.clause.rstrip("、.．") for heading in headings)


def _followed(before: Sequence[Renaming], now: Sequence[Renaming]) -> Iterator[Renaming]:
    """What an earlier renaming leads to, where that has got a new name as well."""
    new = {(one.kind, one.old): one.new for one in now}
    for one in before:
        yield attrs.evolve(one, new=new.get((one.kind, one.new), one.new))


def _amended(base: list[ast.File], versions: Sequence[Version]) -> Amended | None:
    heads = [e for file in base for e in file.entries if isinstance(e, ast.Rulebook)]
    path = amended_by(versions[-1].sources)
    if not heads or path is None:
        return None
    about = {key: word.text for key, word in heads[0].about.items()}
    title, document = heads[0].name.text, about.get("DOCUMENT", "")
    return Amended(title, document, about.get("VERSION", ""), path[0])


# --- paths start from the folder of the last version


def _places(versions: Sequence[Version]) -> list[str]:
    """How the folder of each version is reached from that of the last."""
    places = [""]
    for version in reversed(versions[1:]):
        found = amended_by(version.sources)
        places.append(_joined(places[-1], found[0] if found is not None else ""))
    return places[::-1]


def _joined(place: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(place, path)) if place else path


def _imports(versions: Sequence[Version]) -> dict[str, Rulebook]:
    return {
        _joined(place, path): book
        for version, place in zip(versions, _places(versions), strict=True)
        for path, book in version.imports.items()
    }


def _rebased(files: list[ast.File], place: str) -> list[ast.File]:
    if not place:
        return files
    return [
        attrs.evolve(file, entries=tuple(_from(place, entry) for entry in file.entries))
        for file in files
    ]


def _from(place: str, entry: ast.Entry) -> ast.Entry:
    match entry:
        case ast.Import():
            path = attrs.evolve(entry.path, text=_joined(place, entry.path.text))
            return attrs.evolve(entry, path=path)
        case ast.Rulebook() if "SOURCE_TEXT" in entry.about:
            word = entry.about["SOURCE_TEXT"]
            path = attrs.evolve(word, text=_joined(place, word.text))
            return attrs.evolve(entry, about={**entry.about, "SOURCE_TEXT": path})
        case _:
            return entry
