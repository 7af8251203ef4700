"""What pages show, in the order they show it. Templates read these and decide nothing."""

from __future__ import annotations

import attrs

from luling.compiler.ir.rulebook import Alternative, Renaming, Repeal

from .links import Links
from .phrase import Phrase
from .restate import Statement


@attrs.frozen
class Link:
    """Words and where they lead; nowhere where `href` is empty."""

    text: str
    href: str


@attrs.frozen
class Fragment:
    """A stretch of legal text. A number that a rule uses leads there and can be led to; one that
    none uses says why not.
    """

    text: str
    link: str = ""
    anchor: str = ""
    waived: str = ""


@attrs.frozen
class Given:
    """A fact of an example and its value."""

    fact: Link
    value: str


@attrs.frozen
class Case:
    """A worked example: what differs from the one it builds on, and what comes out."""

    anchor: str
    name: str
    base: Link | None
    given: tuple[Given, ...]
    readings: tuple[str, ...]
    expected: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    passed: bool
    inherited: bool


@attrs.frozen
class Open:
    """A place where the text is open: what was taken, what else could be, and why."""

    anchor: str
    name: str
    clause: Link
    question: str
    taken: Alternative
    others: tuple[Alternative, ...]
    reason: str


@attrs.frozen
class Grid:
    """A table as the notice prints it: headers, then rows of cells."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[Phrase, ...]
    row_heads: bool


@attrs.frozen
class Entry:
    """A clause in the table of contents; `label` is its number without that of the clause above."""

    id: str
    label: str
    title: str
    href: str
    depth: int
    inert: str | None
    rules: int


@attrs.frozen
class ClausePage:
    """A clause: its text, what the machine does with it, and its examples."""

    id: str
    title: str
    page: str
    text: tuple[tuple[Fragment, ...], ...]
    inert: str | None
    statements: tuple[Statement, ...]
    invariants: tuple[Statement, ...]
    grids: tuple[Grid, ...]
    readings: tuple[Open, ...]
    cases: tuple[Case, ...]
    facts: tuple[Link, ...]
    reads: tuple[Link, ...]
    used_by: tuple[Link, ...]
    results: tuple[str, ...]
    diagram: str
    place: Link
    before: Link | None
    after: Link | None
    below: tuple[Link, ...]


@attrs.frozen
class FactRow:
    """A fact as it is declared, and the clauses that look at it."""

    anchor: str
    path: str
    type: str
    question: str
    used_by: tuple[Link, ...]


@attrs.frozen
class FactTable:
    """Facts that stand together in a case."""

    anchor: str
    name: str
    is_list: bool
    notes: tuple[str, ...]
    rows: tuple[FactRow, ...]


@attrs.frozen
class Result:
    """What a decision reports: its type and the clauses of its rules."""

    name: str
    type: str
    clauses: tuple[Link, ...]


@attrs.frozen
class SheetRow:
    """For one member of an enumeration: the columns' words."""

    member: str
    cells: tuple[tuple[Phrase, ...], ...]


@attrs.frozen
class Sheet:
    """Who gets what, on which condition: what differs by member, as one table."""

    name: str
    columns: tuple[Link, ...]
    rows: tuple[SheetRow, ...]


@attrs.frozen
class Number:
    """A number as it is written, with the clauses whose rules use it."""

    text: str
    clauses: tuple[Link, ...]


@attrs.frozen
class Measured:
    """All amounts, all rates, all periods, all dates or all counts, the smallest first."""

    kind: str
    numbers: tuple[Number, ...]


@attrs.frozen
class Term:
    """A defined term of the notice, with its clause and the words that define it."""

    name: str
    clause: Link
    text: str


@attrs.frozen
class Site:
    """All that is shown of a rulebook."""

    links: Links
    title: str
    document: str
    authority: str
    version: str
    in_force: str
    notes: tuple[str, ...]
    contents: tuple[Entry, ...]
    clauses: tuple[ClausePage, ...]
    cases: tuple[Case, ...]
    facts: tuple[FactTable, ...]
    results: tuple[Result, ...]
    readings: tuple[Open, ...]
    whole: tuple[Statement, ...]
    invariants: tuple[Statement, ...]
    sheets: tuple[Sheet, ...]
    numbers: tuple[Measured, ...]
    terms: tuple[Term, ...]
    diagram: str
    amends: str
    repeals: tuple[Repeal, ...]
    renamings: tuple[Renaming, ...]
    examples: int
    passed: int
    inherited: int
    other: int
    covered: int
    points: int
    findings: int
