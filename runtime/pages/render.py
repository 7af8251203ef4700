"""What pages show → their bytes, through templates that only lay out."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from .model import Site
from .phrase import Phrase, plain
from .restate import Line

if TYPE_CHECKING:
    from jinja2 import Environment

TOP_PAGES = ("index", "sheet", "diagram", "facts", "readings", "numbers", "cases")
TITLES = {
    "index": "总览",
    "sheet": "一页说明",
    "diagram": "判定图",
    "facts": "事实",
    "readings": "解读",
    "numbers": "数字与术语",
    "cases": "基准示例",
}


def html_pages(site: Site) -> dict[str, bytes]:
    """The static site: pages, style, script and search index, by file name."""
    texts = {f"{name}.html": _html(name, site, None) for name in TOP_PAGES}
    for clause in site.clauses:
        texts[f"{clause.page}.html"] = _html("clause", site, clause)
    found = {name: text.encode() for name, text in texts.items()}
    for asset in ("style.css", "site.js"):
        found[asset] = resources.files(__package__).joinpath("assets", asset).read_bytes()
    found["search.js"] = _search(site)
    return found


def markdown_pages(site: Site) -> dict[str, bytes]:
    """The same in Markdown, by file name; README.md is the overview."""
    names = [name for name in TOP_PAGES if name != "diagram"]
    texts = {f"{name}.md": _markdown(name, site, None) for name in names}
    texts["README.md"] = texts.pop("index.md")
    for clause in site.clauses:
        texts[f"{clause.page}.md"] = _markdown("clause", site, clause)
    return {name: text.encode() for name, text in texts.items()}


def _html(template: str, site: Site, clause: Any) -> str:
    return _rendered(f"{template}.html", site, clause)


def _markdown(template: str, site: Site, clause: Any) -> str:
    text = _rendered(f"{template}.md", site, clause)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def _rendered(template: str, site: Site, clause: Any) -> str:
    page = template.rpartition(".")[0]
    return environment().get_template(template).render(
        site=site, clause=clause, page=clause.page if clause else page, titles=TITLES,
        links=site.links,
    )  # fmt: skip


@cache
def environment() -> Environment:
    """The templates: they escape in HTML, and miss no name silently."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("luling.runtime.pages"),
        autoescape=lambda name: (name or "").endswith(".html"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = plain
    environment.filters["cell"] = _cell
    return environment


def _cell(text: str) -> str:
    """Words that may stand in a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def _search(site: Site) -> bytes:
    """All words of all pages for the search, as a script: a page opened as a file may load it."""
    entries: list[dict[str, str]] = []
    for clause in site.clauses:
        text = "".join(fragment.text for line in clause.text for fragment in line)
        page = f"{clause.page}.html"
        entries.append({"名": f"{clause.id} {clause.title}", "址": page, "文": text})
        for said in (*clause.statements, *clause.invariants):
            words = "".join(_words(line) for line in said.lines)
            entries.append({"名": f"{clause.id} {said.name}", "址": page, "文": words})
        for case in clause.cases:
            words = "；".join(f"{name} {value}" for name, value in case.expected)
            address = f"{page}#{case.anchor}"
            entries.append({"名": f"示例 {case.name}", "址": address, "文": words})
    for table in site.facts:
        for row in table.rows:
            address = f"facts.html#{row.anchor}"
            words = f"{row.question}{row.type}"
            entries.append({"名": f"事实 {row.path}", "址": address, "文": words})
    for reading in site.readings:
        address = f"readings.html#{reading.anchor}"
        words = reading.question + reading.taken.name + reading.reason
        entries.append({"名": f"解读 {reading.name}", "址": address, "文": words})
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    return f"window.lulingSearch = [\n{lines}\n];\n".encode()


def _words(line: Line) -> str:
    words: Phrase = line.words
    return plain(words) + "".join(_words(item) for item in line.items)
