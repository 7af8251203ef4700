"""Every kind of finding has its page, and the page tells the truth.

A bad case gives exactly the code of its page, a good case nothing at all. `⟨文字×800⟩` on a page
stands for the words written so many times; `文件 甲/a.luling` before a block names a file, the
folder of the first being the one that is checked; `（GBK 编码）` behind it says how it is saved.
"""

import importlib
import pkgutil
import re
from pathlib import Path
from typing import NamedTuple

import pytest

import luling.compiler.diagnostics.catalogue as catalogue
from luling.compiler.diagnostics.entry import REGISTER, Both, Entry, Language
from luling.compiler.diagnostics.render import render
from luling.runtime import Decision, Loaded, load_rulebook, load_text, versions_at

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"
HEADINGS = ["何时出现", "为何要紧", "反例", "正例", "参见"]
SIDES = ["反例", "正例"]
LANGUAGES: list[Language] = ["zh", "en"]

for module in pkgutil.iter_modules(catalogue.__path__):
    importlib.import_module(f"{catalogue.__name__}.{module.name}")
CODES = sorted(REGISTER)
OF_RULEBOOKS = [code for code in CODES if not code.startswith("L06")]
OF_CASES = [code for code in CODES if code.startswith("L06")]

SECTION = re.compile(rf"^## ({'|'.join(HEADINGS)})$", re.MULTILINE)
BLOCK = re.compile(
    r"(?:^文件 (?P<name>\S+?)(?:（(?P<encoding>\S+) 编码）)?\n\n)?"
    r"^```(?P<kind>luling|json|text)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
REPEATED = re.compile(r"⟨(.+?)×([0-9]+)⟩")
LEFT_OVER = re.compile(r"\{\w*\}")


class Block(NamedTuple):
    """A fenced block of a page: the file it is, how that is saved, what is in it."""

    name: str
    encoding: str
    kind: str
    text: str


def page(code: str) -> str:
    """The text of the page of a code."""
    return (PAGES / f"{code}.md").read_text("utf-8")


def sections(code: str) -> dict[str, str]:
    """The parts of a page by their headings."""
    _, *parts = SECTION.split(page(code))
    return dict(zip(parts[::2], parts[1::2], strict=True))


def blocks(code: str, side: str) -> list[Block]:
    """The blocks of the bad or of the good case."""
    return [
        Block(
            match["name"] or "规则书/a.luling",
            match["encoding"] or "utf-8",
            match["kind"],
            REPEATED.sub(lambda found: found[1] * int(found[2]), match["text"]),
        )
        for match in BLOCK.finditer(sections(code)[side])
    ]


def loaded(code: str, side: str, folder: Path) -> Loaded:
    """The rulebook of a case, compiled from files."""
    written = [block for block in blocks(code, side) if block.kind != "json"]
    for block in written:
        path = folder / block.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(block.text.encode(block.encoding))
    return load_rulebook(folder / Path(written[0].name).parent, use_cache=False)


def decided(code: str, side: str, folder: Path) -> Decision:
    """The decision on a case of a page about cases, by one rulebook or the version that applies."""
    [*rulebooks, case] = blocks(code, side)
    assert {rulebook.kind for rulebook in rulebooks} | {case.kind} == {"luling", "json"}
    if len(rulebooks) == 1:
        return load_text(rulebooks[0].text).decide_text(case.text)
    for rulebook in rulebooks:
        path = folder / rulebook.name
        path.parent.mkdir(parents=True)
        path.write_text(rulebook.text, "utf-8")
    law = folder / Path(rulebooks[0].name).parts[0]
    return versions_at(law).decide_text(case.text).decision


def test_every_kind_of_finding_has_a_page_and_every_page_a_kind() -> None:
    """None is missing, none is left over."""
    assert sorted(path.name for path in PAGES.iterdir()) == [f"{code}.md" for code in CODES]


@pytest.mark.parametrize("code", CODES)
def test_a_page_has_its_headings_in_order(code: str) -> None:
    """The title is the entry's, an English line stands under it, then the fixed headings."""
    title, blank, english, *_ = page(code).split("\n")
    assert title == f"# {code} {REGISTER[code].title.zh}"
    assert blank == ""
    assert re.fullmatch(r"\*[A-Z0-9「其对].+\.?\*", english)
    assert SECTION.findall(page(code)) == HEADINGS
    assert all(text.strip() for text in sections(code).values())


@pytest.mark.parametrize("code", CODES)
def test_a_page_points_to_other_pages_by_their_titles(code: str) -> None:
    """What 参见 links to exists and is called so."""
    links = re.findall(r"\[(L\d{4})\]\(L(\d{4})\.md\) ([^·\n]+)", sections(code)["参见"])
    assert links
    for other, target, title in links:
        assert other == f"L{target}" != code
        assert title.strip().split("（")[0] == REGISTER[other].title.zh


@pytest.mark.parametrize("code", OF_RULEBOOKS)
def test_a_bad_rulebook_gives_exactly_its_code(code: str, tmp_path: Path) -> None:
    """One mistake, one finding, and nothing beside it: not even a warning."""
    assert [finding.code for finding in loaded(code, "反例", tmp_path).findings] == [code]


@pytest.mark.parametrize("code", OF_RULEBOOKS)
def test_a_good_rulebook_gives_nothing(code: str, tmp_path: Path) -> None:
    """Not even a warning."""
    assert loaded(code, "正例", tmp_path).findings == ()


@pytest.mark.parametrize("code", OF_RULEBOOKS)
def test_findings_lie_inside_their_file(code: str, tmp_path: Path) -> None:
    """So do the places beside them."""
    rulebook = loaded(code, "反例", tmp_path)
    for finding in rulebook.findings:
        for span in (finding.span, *(label.span for label in finding.labels)):
            assert 0 <= span.start <= span.end <= len(rulebook.sources[span.file].text)


@pytest.mark.parametrize("code", OF_RULEBOOKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_is_told_in_both_languages(code: str, language: Language, tmp_path: Path) -> None:
    """Nothing is left to fill in, and no word of one language stands in the other by mistake."""
    rulebook = loaded(code, "反例", tmp_path)
    for finding in rulebook.findings:
        told = render(finding, rulebook.sources, language)
        own = "".join([finding.message(language), *finding.advice(language)])
        assert not LEFT_OVER.search(told)
        assert "None" not in own and "Both(" not in own


@pytest.mark.parametrize("code", OF_CASES)
def test_a_bad_case_gives_exactly_its_code(code: str, tmp_path: Path) -> None:
    """One mistake, one fault, told in both languages."""
    decision = decided(code, "反例", tmp_path)
    assert [fault.code for fault in decision.faults] == [code]
    for fault in decision.faults:
        for language in LANGUAGES:
            assert not LEFT_OVER.search(fault.message(language))


@pytest.mark.parametrize("code", OF_CASES)
def test_a_good_case_is_decided(code: str, tmp_path: Path) -> None:
    """Nothing is wrong with it and nothing is missing."""
    decision = decided(code, "正例", tmp_path)
    assert (decision.state, decision.faults) == ("已定", ())


@pytest.mark.parametrize("code", CODES)
def test_an_entry_speaks_both_languages_of_the_same_things(code: str) -> None:
    """The two sentences fill in the same words, but for one that only one grammar needs."""
    entry = REGISTER[code]
    for text in (entry.title, entry.message, entry.hint or Both("", "")):
        assert bool(text.zh) == bool(text.en)
    assert fields(entry, "en") <= fields(entry, "zh")


def fields(entry: Entry, language: Language) -> set[str]:
    """The words that an entry's message fills in."""
    return set(re.findall(r"\{(\w+)\}", getattr(entry.message, language)))
