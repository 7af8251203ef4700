"""A comparison of two versions as a page: one HTML file that needs nothing else, and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from importlib import resources
from typing import Any, Final

import attrs

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, Rule, Rulebook, Table
from luling.compiler.ir.to_text import to_text
from luling.compiler.ir.values import show

from ..explain import Account
from ..rulebooks import Loaded
from ..versions.change import RuleChange
from ..versions.comparison import Comparison
from ..versions.examples import patterns
from ..versions.facts_in_words import in_words
from ..versions.joined import Joined
from ..versions.of_parts import cells_before
from ..versions.outcomes import Region, ResultComparison
from ..versions.text import Part, TextChange
from ..versions.words import came_out, step
from .build import name_of
from .render import environment

FILES: Final = {"html": "index.html", "markdown": "README.md"}
VERDICTS: Final = {"same": "相同（已证明）", "differs": "不同（已复演）", "undecided": "未定"}
KINDS: Final = {
    "changed": "改写", "moved": "移动", "added": "新增", "removed": "删去", "same": "相同",
    "unquoted": "没有引文可比",
}  # fmt: skip
STANDINGS: Final = {
    "silent": "结果变了，条文没改",
    "both": "条文改了，结果也变",
    "text": "条文改了，没有发现结果不同",
    "unquoted": "结果变了，没有引文可比",
    "idle": "规则改了，没有发现结果不同",
}
RULES: Final = {"added": "新增", "removed": "删去", "renamed": "改名", "changed": "改动"}
_NAMED = 8


@attrs.frozen
class Version:
    """One of the two, as the head of the page names it."""

    title: str
    document: str
    version: str
    folder: str
    notes: tuple[str, ...]


@attrs.frozen
class Row:
    """A fact in which a witness is not its baseline."""

    path: str
    plain: str
    value: str


@attrs.frozen
class Shown:
    """A region: where, from what to what, why, and the smallest case."""

    conditions: tuple[str, ...]
    ordinary: tuple[str, ...]
    old: str
    new: str
    amount: str
    causes: tuple[tuple[str, str], ...]
    baseline: str
    rows: tuple[Row, ...]
    explained: tuple[tuple[str, tuple[str, ...]], ...]


@attrs.frozen
class Result:
    """A result in the summary and with its regions. `most` and `least`: its furthest changes."""

    name: str
    verdict: str
    state: str
    why: str
    more: bool
    regions: tuple[Shown, ...]
    rises: str
    falls: str
    clauses: tuple[str, ...]


@attrs.frozen
class Cell:
    """A cell of a table that changed, or a value of a parameter: as it was, is, and how far."""

    old: str
    new: str
    amount: str

    @property
    def differs(self) -> bool:
        """Whether it is not what it was."""
        return self.old != self.new


@attrs.frozen
class Grid:
    """A table of which a cell changed, or a parameter of which a value did."""

    name: str
    clause: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@attrs.frozen
class Beside:
    """A clause's text as it was and as it is, with what left and what came marked."""

    clause: str
    title: str
    kind: str
    old: tuple[Part, ...]
    new: tuple[Part, ...]


@attrs.frozen
class Page:
    """All that the page shows."""

    old: Version
    new: Version
    text_counts: tuple[tuple[str, int], ...]
    text: tuple[Beside, ...]
    rules: tuple[tuple[str, tuple[RuleChange, ...]], ...]
    rule_count: int
    results: tuple[Result, ...]
    verdicts: tuple[tuple[str, int], ...]
    assumptions: tuple[str, ...]
    grids: tuple[Grid, ...]
    joined: tuple[tuple[str, str, tuple[Joined, ...]], ...]
    examples: tuple[tuple[int, str, tuple[tuple[str, str, str, str], ...]], ...]
    example_count: int
    flipped: int


def folder_of(comparison: Comparison) -> str:
    """Where below generated/ a comparison lies: beside the pages of the new version."""
    law, _, new = name_of(comparison.new.folder).rpartition("/")
    old = name_of(comparison.old.folder).rpartition("/")[2]
    return f"{law}/{old}-to-{new}"


def pages(comparison: Comparison) -> dict[str, bytes]:
    """The page and its Markdown, by file name."""
    page = page_of(comparison)
    style = resources.files(__package__).joinpath("assets", "style.css").read_text("utf-8")
    own = resources.files(__package__).joinpath("assets", "versions.css").read_text("utf-8")
    words = {"kinds": KINDS, "standings": STANDINGS, "changes": RULES}
    html = environment().get_template("versions.html").render(
        page=page, style=style + own, **words
    )  # fmt: skip
    markdown = environment().get_template("versions.md").render(page=page, **words)
    markdown = re.sub(r"\n{3,}", "\n\n", markdown).rstrip("\n") + "\n"
    return {FILES["html"]: html.encode(), FILES["markdown"]: markdown.encode()}


def page_of(comparison: Comparison) -> Page:
    """What the page shows of a comparison."""
    text = comparison.text or ()
    outcomes = comparison.outcomes
    results = outcomes.results if outcomes is not None else ()
    examples = comparison.examples or ()
    assumptions = outcomes.assumptions if outcomes is not None else ()
    if comparison.as_if_both_applied:
        apart = "两版施行的期间没有共同的一天，结果和示例按两版都适用来比。"
        assumptions = (apart, *assumptions)
    return Page(
        old=_version(comparison.old),
        new=_version(comparison.new),
        text_counts=_counts(KINDS, [change.kind for change in text]),
        text=tuple(_beside(change) for change in text if _worth_showing(change)),
        rules=tuple(_by_clause(comparison.rules or ())),
        rule_count=len(comparison.rules or ()),
        results=tuple(_result(comparison, result) for result in results),
        verdicts=_counts(VERDICTS, [result.verdict for result in results]),
        assumptions=assumptions,
        grids=tuple(_grids(comparison)),
        joined=tuple(_standings(comparison.joined or ())),
        examples=tuple(_patterns(comparison)),
        example_count=len(examples),
        flipped=sum(one.differs for one in examples),
    )


def _version(loaded: Loaded) -> Version:
    book = loaded.rulebook
    return Version(
        book.title, book.document, book.version, "/".join(loaded.folder.parts[-2:]), book.notes
    )


def _counts(words: Mapping[str, str], found: Iterable[str]) -> tuple[tuple[str, int], ...]:
    kinds = list(found)
    return tuple((word, kinds.count(kind)) for kind, word in words.items() if kind in kinds)


# --- text


def _worth_showing(change: TextChange) -> bool:
    return change.kind not in ("same", "unquoted")


def _beside(change: TextChange) -> Beside:
    clause = change.clause
    if change.old is not None and change.new is not None and change.old.id != change.new.id:
        clause = f"{change.old.id} → {change.new.id}"
    old = tuple(part for part in change.parts if part.op != "added")
    new = tuple(part for part in change.parts if part.op != "removed")
    title = change.title if change.title != clause else ""
    return Beside(clause, title, KINDS[change.kind], old, new)


# --- rules


def _by_clause(
    rules: Iterable[RuleChange],
) -> Iterator[tuple[str, tuple[RuleChange, ...]]]:
    found: dict[str, list[RuleChange]] = {}
    for change in rules:
        found.setdefault(change.clause or "", []).append(change)
    for clause, changes in found.items():
        yield clause, tuple(changes)


def _standings(joined: Iterable[Joined]) -> Iterator[tuple[str, str, tuple[Joined, ...]]]:
    every = list(joined)
    for standing, words in STANDINGS.items():
        found = tuple(one for one in every if one.standing == standing)
        if found:
            yield standing, words, found


# --- tables and parameters


def _grids(comparison: Comparison) -> Iterator[Grid]:
    """The tables of which a cell changed, then the parameters of which a value did."""
    before, after = comparison.versions.before, comparison.versions.new
    changes = [change for change in comparison.rules or () if change.kind == "changed"]
    for change in changes:
        if change.part == "table":
            yield _table(change, _named(before.tables, change), _named(after.tables, change))
    parameters = [change for change in changes if change.key.startswith("参数 ")]
    rows = tuple(row for change in parameters for row in _parameter(change, before, after))
    if rows:
        yield Grid("参数", "", ("数值", "条款"), rows)


def _named(tables: Iterable[Table], change: RuleChange) -> Table:
    return next(one for one in tables if one.name == change.new_name)


def _table(change: RuleChange, old: Table, new: Table) -> Grid:
    before = cells_before(old, new)
    keys = [*new.cells, *(key for key in before if key not in new.cells)]
    rows, columns = (tuple(dict.fromkeys(key[at] for key in keys)) for at in (0, 1))

    def cell(key: tuple[str, str]) -> Cell:
        was = show(before[key], old.type) if key in before else "—"
        now = show(new.cells[key], new.type) if key in new.cells else "—"
        both = key in before and key in new.cells
        return Cell(was, now, step(before[key], new.cells[key], new.type) if both else "")

    cells = tuple((row, tuple(cell((row, column)) for column in columns)) for row in rows)
    return Grid(new.name, change.clause or "", columns, cells)


def _parameter(
    change: RuleChange, old: Rulebook, new: Rulebook
) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    name, clause = change.new_name or "", change.clause or ""
    sides = [_days(book.definition[name]) for book in (old, new)]
    amounts = {detail.what: detail.amount for detail in change.details}
    for days in dict.fromkeys([*sides[1], *sides[0]]):
        values = [side.get(days) for side in sides]
        texts = ["—" if rule is None else to_text(rule.value) for rule in values]
        value = Cell(texts[0], texts[1], amounts.get(days, ""))
        yield f"{name}{'，' if days else ''}{days}", (value, Cell(clause, clause, ""))


def _days(definition: Definition) -> dict[str, Rule]:
    return {rule.name.partition("（")[2].rstrip("）"): rule for rule in definition.rules}


# --- results


def _result(comparison: Comparison, result: ResultComparison) -> Result:
    rises, falls = _furthest(result)
    changes = comparison.change
    causes = (changes[k].clause for r in result.regions for k in r.causes if k in changes)
    return Result(
        name=result.name,
        verdict=VERDICTS[result.verdict],
        state=result.verdict,
        why=result.why,
        more=result.more,
        regions=tuple(_shown(comparison, result, region) for region in result.regions),
        rises=rises,
        falls=falls,
        clauses=tuple(dict.fromkeys(clause for clause in causes if clause is not None)),
    )


def _furthest(result: ResultComparison) -> tuple[str, str]:
    """The largest rise and the largest fall among the regions that are listed."""
    steps = [
        (far, step(region.old, region.new, result.type))
        for region in result.regions
        if (far := _distance(region.old, region.new)) is not None and far != 0
    ]
    up = max(((far, words) for far, words in steps if far > 0), default=(0, ""), key=_far)
    down = min(((far, words) for far, words in steps if far < 0), default=(0, ""), key=_far)
    return up[1], down[1]


def _far(pair: tuple[Fraction | int, str]) -> Fraction | int:
    return pair[0]


def _distance(old: Any, new: Any) -> Fraction | int | None:
    if isinstance(old, bool) or isinstance(new, bool):
        return None
    if isinstance(old, int | Fraction) and isinstance(new, int | Fraction):
        return new - old
    if isinstance(old, date) and isinstance(new, date):
        return (new - old).days
    return None


def _shown(comparison: Comparison, result: ResultComparison, region: Region) -> Shown:
    book, witness = comparison.new.rulebook, region.witness
    old, _, new = came_out(region, t.Maybe(t.solid(result.type))).partition(" → ")
    amount = step(region.old, region.new, result.type)
    new = new.removesuffix(f"（{amount}）") if amount else new
    rows = tuple(
        Row(one.path, in_words(book, one.path, one.plain), in_words(book, one.path, one.value))
        for one in witness.changes
    )
    explained = tuple(
        (loaded.rulebook.version or loaded.folder.name, tuple(Account(decision).short()))
        for loaded, decision in ((comparison.old, witness.old), (comparison.new, witness.new))
    )
    conditions = region.conditions or ("任何案件",)
    causes = tuple(_cause(comparison.change, key) for key in region.causes)
    return Shown(
        conditions, region.ordinary, old, new, amount, causes, witness.baseline, rows, explained
    )


def _cause(changes: Mapping[str, RuleChange], key: str) -> tuple[str, str]:
    change = changes.get(key)
    return (change.clause or "" if change is not None else "", key)


# --- examples


def _patterns(
    comparison: Comparison,
) -> Iterator[tuple[int, str, tuple[tuple[str, str, str, str], ...]]]:
    for pattern in patterns(comparison.examples or ()):
        names = "、".join(one.name for one in pattern.cases[:_NAMED])
        more = " 等" if len(pattern.cases) > _NAMED else ""
        flips = tuple((f.name, f.old, f.new, f.amount) for f in pattern.flips)
        yield len(pattern.cases), names + more, flips
