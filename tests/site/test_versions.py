"""Pages of comparisons: as fresh as the rules, whole in one file, and for everybody to read."""

import re
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from luling.runtime.pages.versions import folder_of, pages
from luling.runtime.pages.write import stale
from luling.runtime.rulebooks import load_rulebook
from luling.runtime.versions.compare import compare_outcomes
from luling.runtime.versions.comparison import PARTS, Comparison, compare

from ..browser import in_a_browser

ROOT = Path(__file__).parents[2]
COMPARISONS = sorted(
    path for path in (ROOT / "generated").glob("*/*-to-*") if (path / "index.html").is_file()
)


def comparison(folder: Path) -> Comparison:
    """The versions that a folder is named for, compared as its page was written: one without
    results has none.
    """
    old, new = folder.name.split("-to-")
    books = [load_rulebook(Path("rules") / folder.parent.name / name) for name in (old, new)]
    has_results = "| 结果 | 结论 |" in (folder / "README.md").read_text("utf-8")
    parts = PARTS if has_results else [part for part in PARTS if part != "outcomes"]
    outcomes = partial(compare_outcomes, regions=8, seconds=600)
    return compare(books[0], books[1], outcomes, parts=parts)


def test_there_are_comparisons() -> None:
    """Without them nothing here would be tested."""
    assert ROOT / "generated" / "shanghai-skill-subsidy" / "2022-17-to-2025-7" in COMPARISONS


@pytest.mark.parametrize("folder", COMPARISONS, ids=lambda folder: folder.name)
def test_the_pages_are_up_to_date(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`luling diff OLD NEW --page` has been run after the last change of the rules."""
    monkeypatch.chdir(ROOT)
    found = comparison(folder)
    out = Path("generated") / folder_of(found)
    assert out.resolve() == folder
    assert stale(out, pages(found)) == []


@pytest.mark.parametrize("folder", COMPARISONS, ids=lambda folder: folder.name)
def test_the_page_needs_nothing_else(folder: Path) -> None:
    """It can be sent as it is: no link leads out of it, nothing is loaded."""
    html = (folder / "index.html").read_text("utf-8")
    ids = set(re.findall(r' id="([^"]+)"', html))
    links = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert links
    assert not [link for link in links if not link.startswith("#") or link[1:] not in ids]
    assert "url(" not in html and "@import" not in html


@in_a_browser
@pytest.mark.parametrize("folder", COMPARISONS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("width", [375, 1280])
def test_the_page_fits_a_phone_and_a_desk(browser: Any, folder: Path, width: int) -> None:
    """Nothing scrolls sideways, nothing complains."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto((folder / "index.html").as_uri())
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.close()
    assert trouble == []


@in_a_browser
@pytest.mark.parametrize("folder", COMPARISONS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, folder: Path, scheme: str) -> None:
    """Contrast, names, roles, order: usable with a keyboard and a screen reader."""
    axe = import_module("axe_playwright_python.sync_playwright").Axe()
    page = browser.new_page(color_scheme=scheme)
    page.goto((folder / "index.html").as_uri())
    results = axe.run(page)
    page.close()
    assert results.violations_count == 0, results.generate_report()
