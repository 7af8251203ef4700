"""The page of an impact: whole in one file, for everybody to read; its charts are its own."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from luling.runtime.impact import charts
from luling.runtime.impact.build import Asked
from luling.runtime.impact.charts import Bar, Bars, Squares, to_png, to_svg
from luling.runtime.impact.page import Report, report, to_html

from ....browser import in_a_browser
from .tables import ROOT, example_cases, measured, sides_of, write_tables

RULES = ROOT / "rules" / "shanghai-skill-subsidy"
WATER = ROOT / "tests" / "rulebooks" / "water"
VERSIONS = {
    "earlier": (RULES / "2022-17", RULES / "2025-7"),
    "nothing moves": (WATER, WATER),
}


@pytest.fixture(scope="module", params=list(VERSIONS))
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What a page shows of versions over their examples: of two, and of one with itself."""
    folder = tmp_path_factory.mktemp("page")
    sides = sides_of(*VERSIONS[request.param])
    table = write_tables(folder, sides, example_cases(sides)[::3])
    return report(measured(folder, sides, table, Asked(sample=10)), sides, "案件<表>.parquet")


@pytest.fixture(scope="module")
def page(shown: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as a file."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_bytes(to_html(shown))
    return path


class Tags(HTMLParser):
    """The tags of a page with their attributes, and that each is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One that opens."""
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One that is closed at once."""
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """One that closes."""
        assert self.open.pop() == tag


def test_the_page_needs_nothing_else(page: Path) -> None:
    """No link leads out of it, nothing is loaded, and nothing runs."""
    html = page.read_text("utf-8")
    tags = Tags(html)
    assert tags.open == []
    ids = [attrs["id"] for _, attrs in tags.found if "id" in attrs]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    links = [
        value for _, attrs in tags.found for key, value in attrs.items() if key in ("href", "src")
    ]
    assert links
    assert [link for link in links if not (link or "").startswith("#")] == []
    assert {(link or "")[1:] for link in links} <= set(ids)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in tags.found}
    outside = re.findall(r"url\((?!#)|@import|https?:", html)
    assert outside == []
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)


def test_names_from_outside_are_escaped(page: Path) -> None:
    """A file may be called anything."""
    html = page.read_text("utf-8")
    assert "案件&lt;表&gt;.parquet" in html
    assert "<表>" not in html


def test_every_chart_is_on_the_page(shown: Report, page: Path) -> None:
    """One for each, with a title that is read out; the numbers stand beside it as text."""
    html = page.read_text("utf-8")
    titles = re.findall(r'<svg class="chart" role="img" aria-label="([^"]*)"', html)
    assert titles == [chart.title for chart in shown.charts]
    assert len({chart.name for chart in shown.charts}) == len(titles)
    for chart in shown.charts:
        if isinstance(chart, Bars):
            assert all(f">{bar.text}</text>" in html for bar in chart.bars)


def test_every_number_column_is_one(shown: Report) -> None:
    """Rows are as long as their head."""
    tables = [part.table for section in shown.sections for part in section.parts if part.table]
    assert tables
    for table in tables:
        assert {len(row) for row in table.rows} <= {len(table.head)}


# --- charts

BARS = Bars(
    "增减", '"增" < 减 & 其他', (
        Bar("甲", (("up", 3), ("down", -5)), "−2"), Bar("乙" * 40, (("still", 0),), "0")
    ), (("up", "增"), ("down", "减")),
)  # fmt: skip
SQUARES = Squares("从到", "从到", ("甲", "乙"), ("甲", "乙"), ((0, 0, 5, "5"), (0, 1, 2, "2")))


@pytest.mark.parametrize("chart", [BARS, SQUARES], ids=["bars", "squares"])
def test_a_chart_has_the_colours_of_the_page_and_ids_of_its_own(chart: Bars | Squares) -> None:
    """So that it is right in the dark, and two stand on one page."""
    one, other = to_svg(chart, "c1"), to_svg(chart, "c2")
    assert not re.search(r"#[0-9a-f]{6}", one.replace("#c1-", ""))
    ids = [set(re.findall(r' id="([^"]+)"', text)) for text in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert one == to_svg(chart, "c1")
    assert to_png(chart) == to_png(chart)


def test_a_chart_without_a_chinese_font_is_the_same_on_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its words are text, which the reader's browser sets."""
    with_font = [to_svg(chart, "c1") for chart in (BARS, SQUARES)]
    monkeypatch.setattr(charts, "chinese_font", lambda: None)
    assert [to_svg(chart, "c1") for chart in (BARS, SQUARES)] == with_font


# --- in a browser


@in_a_browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_a_phone_and_a_desk(browser: Any, page: Path, width: int) -> None:
    """Nothing scrolls sideways, nothing complains."""
    tab = browser.new_page(viewport={"width": width, "height": 800})
    trouble: list[str] = []
    tab.on("console", lambda message: trouble.append(message.text))
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on("request", lambda asked: trouble.append(asked.url))
    tab.goto(page.as_uri())
    assert not tab.evaluate("document.documentElement.scrollWidth > innerWidth")
    tab.close()
    assert trouble == [page.as_uri()]


@in_a_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, page: Path, scheme: str) -> None:
    """Contrast, names, roles, order: usable with a keyboard and a screen reader."""
    axe = import_module("axe_playwright_python.sync_playwright").Axe()
    tab = browser.new_page(color_scheme=scheme)
    tab.goto(page.as_uri())
    results = axe.run(tab)
    tab.close()
    assert results.violations_count == 0, results.generate_report()
