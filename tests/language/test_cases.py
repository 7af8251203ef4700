"""What the toolchain says of small rulebooks: one Markdown file each, with what it should say.

`<feature>/bad/` holds mistakes, `<feature>/good/` what must not be one, `unlovely/` findings that
we should like to be better. A file is a title, a sentence that says why, a `luling` block and an
`output` block with the findings. Several `luling` blocks mean the same: their rulebooks are equal.
Worked examples in a good case must come out. `luling crlf` and `luling bom` say how the text is
saved. A `law` block is the text of the law, for rulebooks that name one. A `base` block is the
rulebook that the `luling` blocks amend, several the oldest first; `base law` before it is its law.

`pytest --accept` rewrites the outputs; read the difference before it is committed.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from luling.compiler.diagnostics.diagnostic import Finding, has_errors
from luling.compiler.diagnostics.render import render
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.pipeline import Version, compile_rulebook
from luling.compiler.source import SourceFile
from luling.runtime.decide import Engine
from luling.runtime.examples import run_examples

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*/*/*.md")) + sorted(HERE.glob("unlovely/*.md"))
NOTHING = "没有发现问题\n"
RULES = re.compile(r"^```luling(?P<saved>[a-z ]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LAW = re.compile(r"^```law\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
BASE = re.compile(
    r"(?:^```base law\n(?P<law>(?:(?!^```).)*)^```\n\n)?^```base\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
OUTPUT = re.compile(r"^```output\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FORM = re.compile(
    r"# [^\n]+\n\n[^\n]+\n\n(?:```(?:law|base|base law)\n.*?^```\n\n)*"
    r"(?:```luling[a-z ]*\n.*?^```\n\n)+```output\n.*^```\n",
    re.MULTILINE | re.DOTALL,
)
NAME = "规则.luling"
LAW_NAME = "原文.txt"


class Compiled(NamedTuple):
    """The rulebook of one block with its findings and its text."""

    rulebook: Rulebook
    findings: list[Finding]
    sources: dict[str, SourceFile]


def bases(text: str) -> tuple[Version, ...]:
    """The rulebooks that the blocks of a case amend, each free of errors itself."""
    found: tuple[Version, ...] = ()
    for at, match in enumerate(BASE.finditer(text)):
        folder = "../" * at + "原版"
        sources = [SourceFile(f"{folder}/{NAME}", match["text"])]
        law = SourceFile(f"{folder}/{LAW_NAME}", match["law"]) if match["law"] else None
        _, findings = compile_rulebook(sources, law=law, amended=found)
        assert not has_errors(findings)
        found = (*found, Version(sources, law=law, findings=findings))
    return found


def compiled(
    text: str, saved: str, law: SourceFile | None, amended: tuple[Version, ...] = ()
) -> Compiled:
    """A block as the file it stands for."""
    if "crlf" in saved:
        text = text.replace("\n", "\r\n")
    if "bom" in saved:
        text = "\ufeff" + text
    source = SourceFile(NAME, text)
    rulebook, findings = compile_rulebook([source], law=law, amended=amended)
    sources = [source] if law is None else [source, law]
    sources += [one for version in amended for one in version.sources]
    sources += [version.law for version in amended if version.law is not None]
    return Compiled(rulebook, findings, {one.name: one for one in sources})


def rulebooks(case: Path) -> list[Compiled]:
    """What the blocks of a case give."""
    text = case.read_text("utf-8")
    written = LAW.search(text)
    law = SourceFile(LAW_NAME, written["text"]) if written else None
    amended = bases(text)
    return [compiled(match["text"], match["saved"], law, amended) for match in RULES.finditer(text)]


def shown(findings: list[Finding], sources: dict[str, SourceFile]) -> str:
    """The findings as a reader sees them."""
    if not findings:
        return NOTHING
    return "\n\n".join(render(finding, sources) for finding in findings) + "\n"


def case_id(case: Path) -> str:
    """A case by its path."""
    return str(case.relative_to(HERE).with_suffix(""))


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_a_case_says_what_is_recorded(case: Path, request: pytest.FixtureRequest) -> None:
    """Every block of a case gives the findings under them."""
    text = case.read_text("utf-8")
    found = [shown(one.findings, one.sources) for one in rulebooks(case)]
    if request.config.getoption("accept"):
        text = OUTPUT.sub(lambda _: f"```output\n{found[0]}```", text)
        case.write_text(text, "utf-8")
    assert FORM.fullmatch(text)
    [recorded] = OUTPUT.findall(text)
    assert found == [recorded] * len(found)
    assert (recorded == NOTHING) == (case.parent.name == "good")


@pytest.mark.parametrize("case", [c for c in CASES if c.parent.name == "good"], ids=case_id)
def test_a_good_case_means_what_it_says(case: Path) -> None:
    """Blocks written differently are the same rulebook, and worked examples come out."""
    books = [one.rulebook for one in rulebooks(case)]
    assert all(book == books[0] for book in books)
    assert all(outcome.passed for outcome in run_examples(Engine(books[0])))


def test_line_ends_are_as_the_blocks_say() -> None:
    """A checkout that rewrites line ends would make the cases about them say nothing."""
    assert all("\r" not in case.read_bytes().decode("utf-8") for case in CASES)
