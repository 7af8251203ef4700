"""The diagrams: what is in them, that it fits, and that it is the same everywhere."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as tree

import pytest

from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.source import display_width
from luling.runtime import load_rulebook, load_text
from luling.runtime.pages.diagram import clause_diagrams, diagram
from luling.runtime.pages.relations import clause_relations
from luling.runtime.rulebooks import find_rulebooks

ROOT = Path(__file__).parents[4]
FLAGSHIP = ROOT / "rules" / "shanghai-skill-subsidy" / "2025-7"
FOLDERS = [*find_rulebooks(ROOT / "rules"), *find_rulebooks(ROOT / "tests" / "rulebooks")]
SVG = "{http://www.w3.org/2000/svg}"


@cache
def book(folder: Path) -> Rulebook:
    return load_rulebook(folder).rulebook


def linked(name: str) -> str:
    """A link that holds what is linked to."""
    return f"x.html?a&b#{name}"


def parsed(figure: str) -> tree.Element:
    """The SVG of a figure; it must be well-formed."""
    svg = tree.fromstring(figure).find(f"{SVG}svg")
    assert svg is not None
    return svg


def words(element: tree.Element) -> list[str]:
    """The words of every text, its rows together."""
    return ["".join(text.itertext()) for text in element.iter(f"{SVG}text")]


def links(figure: str) -> set[str]:
    return {a.get("href", "").removeprefix("x.html?a&b#") for a in parsed(figure).iter(f"{SVG}a")}


def figures(folder: Path) -> list[str]:
    """All figures of a rulebook."""
    rulebook = book(folder)
    each = list(clause_diagrams(rulebook, linked).values())
    return [diagram(rulebook, linked), *(figure for figure in each if figure)]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_the_whole_shows_all_facts_clauses_with_rules_and_results(folder: Path) -> None:
    rulebook = book(folder)
    found = links(diagram(rulebook, linked))
    read = [g for g in rulebook.groups if not all(field.record_only for field in g.fields)]
    assert {f"fact:{group.name}" for group in read} <= found
    assert {f"definition:{result.name}" for result in rulebook.results} <= found
    relations = clause_relations(rulebook)
    told = {f"clause:{clause}" for clause, it in relations.items() if it.results}
    assert told <= found


def test_clauses_of_lower_levels_stand_in_the_box_of_the_upper_one() -> None:
    found = links(diagram(book(FLAGSHIP), linked))
    with_rules = {
        part
        for clause, it in clause_relations(book(FLAGSHIP)).items()
        for part in [f"clause:{clause}"]
        if it.reaches and not it.results
    }
    assert with_rules <= found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_text_lies_in_its_box_and_no_box_on_another(folder: Path) -> None:
    for figure in figures(folder):
        rects = []
        for node in parsed(figure).iter(f"{SVG}g"):
            rect = node.find(f"{SVG}rect")
            if rect is None or node.get("data-node") is None:
                continue
            x, y, w, h = (int(rect.get(name, "")) for name in ("x", "y", "width", "height"))
            rects.append((x, y, x + w, y + h))
            for text in node.iter(f"{SVG}text"):
                size, middle = int(text.get("font-size", "")), text.get("text-anchor") == "middle"
                for row in text:
                    wide = display_width(row.text or "") * size / 2
                    left = int(row.get("x", "")) - (wide / 2 if middle else 0)
                    assert x + 8 <= left
                    assert left + wide <= x + w - 8
                    assert y + size <= int(row.get("y", "")) <= y + h - 5
        for n, (left, top, right, bottom) in enumerate(rects):
            for a, b, c, d in rects[:n]:
                assert right < a or c < left or bottom < b or d < top


def test_the_legend_lies_in_the_picture() -> None:
    svg = parsed(diagram(book(ROOT / "rules" / "statutory-retirement-age" / "2025"), linked))
    legend = [g for g in svg.iter(f"{SVG}g") if g.get("class") == "legend"]
    kinds = [g for group in legend for g in group]
    assert [kind.get("class") for kind in kinds] == ["facts", "clause", "result"]
    last = kinds[-1].find(f"{SVG}text")
    assert last is not None
    assert int(last.get("x", "")) + 24 <= int(svg.get("width", "")) - 24


def test_what_stands_under_no_clause_is_told_by_name() -> None:
    svg = parsed(diagram(book(ROOT / "rules" / "statutory-retirement-age" / "2025"), linked))
    assert {"规则书", "类别"} <= set(words(svg))


def test_arrows_name_the_boxes_they_join() -> None:
    svg = parsed(diagram(book(FLAGSHIP), linked))
    nodes = {g.get("data-node") for g in svg.iter(f"{SVG}g")} - {None}
    edges = [g for g in svg.iter(f"{SVG}g") if g.get("class") == "edge"]
    assert edges
    for edge in edges:
        assert {edge.get("data-from"), edge.get("data-to")} <= nodes
        heads = [path for path in edge if path.get("class") == "head"]
        assert len(heads) in (1, 2)


def test_a_clause_shows_what_it_reads_and_what_reads_it() -> None:
    rulebook = book(FLAGSHIP)
    for clause, relations in clause_relations(rulebook).items():
        figure = clause_diagrams(rulebook, linked)[clause]
        if not (relations.facts or relations.clauses or relations.used_by or relations.reads):
            assert figure == ""
            continue
        found = links(figure)
        assert {f"fact:{path}" for path in relations.facts} <= found
        assert {f"clause:{c}" for c in (*relations.clauses, *relations.used_by, clause)} <= found
        assert {f"definition:{name}" for name in relations.reads} <= found
        assert {f"requirement:{name}" for name in relations.requirements} <= found


def test_what_leads_nowhere_is_no_link() -> None:
    svg = parsed(diagram(book(FLAGSHIP), lambda _: ""))
    assert list(svg.iter(f"{SVG}a")) == []
    assert words(svg) == words(parsed(diagram(book(FLAGSHIP), linked)))


def test_names_are_escaped() -> None:
    text = "规则书 例\n事实 甲\n  真：是否\n\n## 第一条 小于<大于&\n结果 乙：是否 为 甲.真\n"
    figure = diagram(load_text(text).rulebook, linked)
    assert "第一条 小于<大于&" in words(parsed(figure))


def test_a_rulebook_without_clauses_or_facts_has_a_diagram() -> None:
    figure = diagram(load_text("规则书 例\n结果 乙：是否 为 是\n").rulebook, linked)
    assert "乙" in words(parsed(figure))


MACHINES = [
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "2", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"},
]
PROGRAM = """
from pathlib import Path
import sys
from luling.runtime import load_rulebook
from luling.runtime.pages.diagram import clause_diagrams, diagram
rulebook = load_rulebook(Path(sys.argv[1]), use_cache=False).rulebook
texts = [diagram(rulebook, str), *clause_diagrams(rulebook, str).values()]
sys.stdout.buffer.write("".join(texts).encode())
"""


def test_the_same_bytes_come_out_everywhere() -> None:
    command = [sys.executable, "-c", PROGRAM, str(FLAGSHIP)]
    outputs = [
        subprocess.run(command, env={**os.environ, **machine}, capture_output=True, check=True)
        for machine in MACHINES
    ]
    assert outputs[0].stdout == outputs[1].stdout != b""
    assert b"." not in b"".join(
        part for part in outputs[0].stdout.split(b'"') if part[:1].isdigit() or part[:1] == b"M"
    )
