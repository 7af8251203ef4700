"""The site in a browser: pages load, links lead somewhere, search finds, it prints and fits."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from ..browser import in_a_browser

ROOT = Path(__file__).parents[2]
SITES = sorted((ROOT / "generated").glob("*/*/site"))
FLAGSHIP = ROOT / "generated" / "shanghai-skill-subsidy" / "2025-7" / "site"
pytestmark = in_a_browser


@contextmanager
def opened(browser: Any, name: str, **options: Any) -> Iterator[Any]:
    """A page of the flagship's site; anything on its console fails the test."""
    page = browser.new_page(**options)
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    file, hash_mark, anchor = name.partition("#")
    page.goto((FLAGSHIP / file).as_uri() + hash_mark + anchor)
    yield page
    page.close()
    assert trouble == []


def test_there_are_sites() -> None:
    """Without them nothing here would be tested."""
    assert FLAGSHIP in SITES


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.parent.parent.name)
def test_every_page_loads_and_its_links_lead_somewhere(browser: Any, site: Path) -> None:
    """No error on any console, no file and no anchor missing, no sideways scrolling on a phone."""
    page = browser.new_page(viewport={"width": 375, "height": 800})
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("requestfailed", lambda request: trouble.append(request.url))
    anchors: dict[str, set[str]] = {}
    links: list[tuple[str, str, str]] = []
    for path in sorted(site.glob("*.html")):
        page.goto(path.as_uri())
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids)), f"{path.name}: an id twice"
        anchors[path.name] = set(ids)
        hrefs = page.evaluate(
            "[...document.links].map(e => new URL(e.href, location))"
            ".filter(u => u.pathname.includes('/site/'))"
            ".map(u => [decodeURIComponent(u.pathname), decodeURIComponent(u.hash.slice(1))])"
        )
        links += [(path.name, Path(target).name, anchor) for target, anchor in hrefs]
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{path.name} scrolls sideways on a phone"
    page.close()
    assert trouble == []
    lost = {
        (source, target, anchor)
        for source, target, anchor in links
        if target not in anchors or (anchor and anchor not in anchors[target])
    }
    assert lost == set()


def test_the_search_finds_a_word_of_the_law_without_a_network(browser: Any) -> None:
    """在职人员 is found, in the rules and in the text, and the first hit opens on Enter."""
    with opened(browser, "index.html") as page:
        page.fill("#query", "在职人员")
        page.wait_for_selector("#found li")
        found = page.inner_text("#found")
        assert "一（一）1（1） 在职人员" in found
        page.press("#query", "Enter")
        page.wait_for_url("**/clause-*.html*")


def test_the_search_says_that_it_found_nothing(browser: Any) -> None:
    """Instead of an empty box."""
    with opened(browser, "index.html") as page:
        page.fill("#query", "没有这样的词")
        page.wait_for_function("document.querySelector('#found').textContent === '没有找到'")


def test_the_diagram_leads_to_the_clause(browser: Any) -> None:
    """A clause in the diagram is a link."""
    with opened(browser, "diagram.html") as page:
        page.locator("svg a[href='clause-1-4-1.html']").first.click()
        page.wait_for_url("**/clause-1-4-1.html")
        assert "在职人员" in page.inner_text("h1")


def test_a_number_in_the_text_and_the_one_in_the_rule_light_up_together(browser: Any) -> None:
    """On hover and on focus, and each leads to the other."""
    with opened(browser, "clause-1-4-1.html") as page:
        number = page.locator(".law a.number", has_text="80%")
        rule = page.locator(".machine a.number", has_text="80%")
        number.hover()
        assert "lit" in rule.get_attribute("class")
        page.mouse.move(0, 0)
        assert "lit" not in rule.get_attribute("class")
        rule.focus()
        assert "lit" in number.get_attribute("class")
        number.click()
        assert page.evaluate("document.querySelector(':target').textContent") == "80%"


def test_an_example_in_the_address_is_opened(browser: Any) -> None:
    """A link to an example shows it."""
    with opened(browser, "cases.html#示例-一般在职人员") as page:
        assert page.locator("details.case[open]").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name",
    [
        "index",
        "sheet",
        "diagram",
        "facts",
        "readings",
        "numbers",
        "cases",
        "clause-1-3",
        "clause-1-4",
    ],
)
def test_axe_finds_nothing(browser: Any, name: str, scheme: str) -> None:
    """Contrast, names, roles, order: usable with a keyboard and a screen reader."""
    axe = import_module("axe_playwright_python.sync_playwright").Axe()
    page = browser.new_page(color_scheme=scheme)  # axe itself fills the console of a file
    page.goto((FLAGSHIP / f"{name}.html").as_uri())
    results = axe.run(page)
    page.close()
    assert results.violations_count == 0, results.generate_report()


def test_the_sheet_prints_on_one_page(browser: Any, tmp_path: Path) -> None:
    """It fits in a circular."""
    with opened(browser, "sheet.html") as page:
        assert pages(page, tmp_path) == 1


@pytest.mark.parametrize("name", ["clause-1-3", "clause-1-4-1", "facts", "annex"])
def test_nothing_is_cut_off_in_print(browser: Any, name: str) -> None:
    """On paper as wide as A4 nothing stands beyond the margin."""
    name = "clause-annex" if name == "annex" else name
    with opened(browser, f"{name}.html", viewport={"width": 680, "height": 960}) as page:
        page.emulate_media(media="print")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def pages(page: Any, folder: Path) -> int:
    """How many pages it prints on."""
    path = folder / "page.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True)
    return path.read_bytes().count(b"/Type /Page\n")
