"""The whole compiler on one screen.

    text → tokens → syntax → amended → names, types → IR → checks

Every stage is a pure function of values that returns a value and findings. A rulebook with an error
among its findings yields no decisions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from .analysis.alignment import Alignment as Alignment
from .analysis.alignment import Quoted as Quoted
from .analysis.alignment import Written as Written
from .analysis.alignment import align as align
from .analysis.checks.bounds import check_bounds
from .analysis.checks.conflicts import check_conflicts, check_coverage
from .analysis.checks.cycles import check_cycles
from .analysis.checks.letters import check_letters, check_lookalikes
from .analysis.checks.numbers import check_numbers
from .analysis.checks.parameters import check_parameter_span
from .analysis.checks.quotations import check_quotations
from .analysis.checks.terms import check_terms
from .analysis.checks.unused import check_unused
from .analysis.declare import all_words
from .analysis.from_ast import lower
from .analysis.versions import Entries, gather
from .analysis.versions import Version as Version
from .diagnostics.catalogue import amendments, syntax
from .diagnostics.catalogue import names as codes
from .diagnostics.diagnostic import Finding, has_errors, in_order
from .ir.rulebook import Rulebook
from .source import SourceFile, Span
from .syntax import ast
from .syntax.declared import amended_by, declared_in
from .syntax.from_text import parse
from .syntax.lawtext import read_law as read_law


@attrs.frozen
class Reference:
    """A path that a rulebook names, and where it does."""

    path: str
    span: Span


@attrs.frozen
class References:
    """What a rulebook needs beside its own files: rulebooks it imports, the text of its law."""

    imports: tuple[Reference, ...]
    law: Reference | None


def find_amended(sources: Sequence[SourceFile]) -> Reference | None:
    """The path in 修订, so that whoever reads files can read that rulebook first."""
    found = amended_by(sources)
    return None if found is None else Reference(*found)


def find_references(
    sources: Sequence[SourceFile], amended: Sequence[SourceFile] = ()
) -> References:
    """The paths in 引用 and 原文, so that whoever reads files can read those first.

    `amended`: the files of the rulebooks that this one amends, whose names it can use.
    """
    declared = declared_in([*amended, *sources])
    imports: list[Reference] = []
    law = None
    for source in sources:
        if "引用" in source.text or "原文" in source.text:
            for entry in parse(source, declared)[0].entries:
                if isinstance(entry, ast.Import):
                    imports.append(Reference(entry.path.text, entry.path.span))
                elif isinstance(entry, ast.Rulebook) and "SOURCE_TEXT" in entry.about:
                    word = entry.about["SOURCE_TEXT"]
                    law = Reference(word.text, word.span)
    return References(tuple(imports), law)


def compile_rulebook(
    sources: Sequence[SourceFile],
    imports: Mapping[str, Rulebook] | None = None,
    law: SourceFile | None = None,
    amended: Sequence[Version] = (),
) -> tuple[Rulebook, list[Finding]]:
    """A rulebook from its files in order, given the compiled rulebooks it imports by path.

    With the text of its law the quotations are held against it. `amended`: the rulebook that this
    one is written as changes to, behind those that it is itself written as changes to.

    The findings are in the order of the text. The rulebook is whole only where none is an error.
    """
    base = find_amended(sources)
    if base is not None and not amended:
        missing = Finding(amendments.BASE_MISSING, base.span, {"path": base.path})
        return _nothing(sources), [missing]
    version = Version(sources, imports or {}, law)
    try:
        entries = gather([*amended, version] if base is not None else [version])
        rulebook, findings = _compile(entries)
    except RecursionError:  # exceptions of exceptions, hundreds of levels deep
        return _nothing(sources), [Finding(syntax.TOO_DEEP, Span(sources[0].name, 0, 0))]
    findings += _against_the_law(rulebook, entries, whole=not has_errors(findings))
    return rulebook, in_order(entries.told(findings))


def _nothing(sources: Sequence[SourceFile]) -> Rulebook:
    return _compile(gather([Version([SourceFile(sources[0].name, "")])]))[0]


def _against_the_law(rulebook: Rulebook, entries: Entries, *, whole: bool) -> list[Finding]:
    """Quotations against the law, and the numbers of the rules against those quotations."""
    laws = list(entries.laws())
    findings = [found for law, held in laws for found in check_quotations(rulebook, law, held)]
    if laws and whole:
        broken = {str(f.arguments.get(key)) for f in findings for key in ("clause", "other")}
        aligned = align(rulebook)
        findings += check_numbers(rulebook, aligned, broken)
        findings += check_bounds(rulebook, aligned, broken)
    return findings


def _compile(entries: Entries) -> tuple[Rulebook, list[Finding]]:
    files, own = entries.files, entries.own.sources
    findings = entries.findings + check_letters(own)
    findings += check_lookalikes(all_words(entry for file in files for entry in file.entries))
    rulebook, found = lower(files, entries.imports, entries.declared.units, entries.inherited)
    findings += found
    if not any(isinstance(entry, ast.Rulebook) for file in files for entry in file.entries):
        if not has_errors(findings):
            findings.append(Finding(codes.RULEBOOK_MISSING, Span(own[0].name, 0, 0)))
    if not has_errors(findings):
        for check in (check_conflicts, check_coverage, check_cycles, check_parameter_span):
            findings += check(rulebook)
    if not has_errors(findings):
        findings += check_unused(rulebook)
        findings += check_terms(rulebook, _names_of_things(files))
    rulebook = attrs.evolve(
        rulebook, amends=entries.amends, repeals=entries.repeals, renamings=entries.renamings
    )
    return rulebook, findings


def _names_of_things(files: Sequence[ast.File]) -> list[ast.Word]:
    """The names that are declared, but for those that only title a rule or an example."""
    titled = (
        ast.Rule | ast.Requirement | ast.Reading | ast.Check | ast.Invariant | ast.Example
        | ast.Rulebook
    )  # fmt: skip
    entries = (entry for file in files for entry in file.entries)
    return all_words(entry for entry in entries if not isinstance(entry, titled))
