"""The way from facts through clauses to results, drawn as SVG that needs no script.

`diagram` shows a whole rulebook: a box for each group of facts, for each clause of the upper levels
with the clauses under it, and for the results these give. `clause_diagrams` show each clause by
name: the facts and definitions it reads, and what reads it. The same rulebook gives the same bytes
everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from luling.compiler.ir.rulebook import FactGroup, Rulebook

from .picture import Arrow, Box, Key, Kind, Line, Picture, needed, reached, reading
from .relations import Part, ReadingGraph, Ref
from .svg import Href, figure

_MOST_CLAUSES = 16  # boxes of clauses in a whole picture
_CAPTION = "箭头从被读的指向读它的，两头都有的互相引用；可以经别处到达的不另画。"


def diagram(rulebook: Rulebook, href: Href) -> str:
    """A whole rulebook as a figure. `href` gives where `fact:申请` (a group), `clause:一（一）`,
    `definition:结论` lead; nothing where they lead nowhere.
    """
    return figure(_Overview(rulebook).picture(), href, across=False)


def clause_diagrams(rulebook: Rulebook, href: Href) -> dict[str, str]:
    """Each clause as a figure: what it reads and what reads it. Empty where there is neither.

    `href` gives where facts, definitions, requirements, tables and clauses lead.
    """
    graph = ReadingGraph(rulebook)
    pictures = {c.id: _Neighbours(graph, c.id).picture() for c in rulebook.clauses}
    return {
        clause: figure(picture, href, across=True) if picture.arrows else ""
        for clause, picture in pictures.items()
    }


# --- a whole rulebook


class _Overview:
    """Which boxes a rulebook has and which arrows."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.graph = ReadingGraph(rulebook)
        self.parts = [part for part in self.graph.parts if part.of.kind != "reading"]
        self.above = _above(rulebook, {part.clause for part in self.parts})
        self.key = {part: self._key(part) for part in self.parts}

    def _key(self, part: Part) -> Key:
        if self.graph.imported(part.of):
            return "import", part.of.name.partition(".")[0]
        kind: Kind = "result" if self.graph.is_result(part.of) else "clause"
        return kind, self.above.get(part.clause or "", "")

    def picture(self) -> Picture:
        """The boxes and all arrows."""
        arrows = {*self._between(), *self._from_facts(), *self._gate()}
        joined = self._joined(arrows)
        arrows = {(joined.get(a, a), joined.get(b, b)) for a, b in arrows}
        arrows = {(a, b) for a, b in arrows if a != b}
        held: dict[Key, list[Part]] = {}
        for part in self.parts:
            held.setdefault(joined.get(self.key[part], self.key[part]), []).append(part)
        keys = sorted({key for arrow in arrows for key in arrow} | set(held), key=self._order)
        boxes = {key: self._box(key, held.get(key, [])) for key in keys}
        title = f"{self.rulebook.title}：判定图"
        return Picture(title, _CAPTION, boxes, arrows, needed(keys, arrows))

    def _between(self) -> Iterator[Arrow]:
        for part in self.parts:
            for other in self.graph.direct(part):
                if other in self.key:
                    yield self.key[other], self.key[part]

    def _from_facts(self) -> Iterator[Arrow]:
        for part in self.parts:
            for ref, _ in part.reads:
                if ref.kind == "fact":
                    yield ("facts", ref.name.partition(".")[0]), self.key[part]

    def _gate(self) -> Iterator[Arrow]:
        """To what decides whether the rulebook applies, and on to the results it then settles."""
        gate = self.rulebook.gate
        if gate is not None:
            named = {Ref("definition", name) for name, _ in gate.outside}
            results = [part for part in self.parts if self.graph.is_result(part.of)]
            settled = [part for part in results if part.of in named]
            for part in self.graph.gate & set(self.parts):
                yield self.key[part], ("gate", "")
            for part in settled or results:
                yield ("gate", ""), self.key[part]

    def _joined(self, arrows: Set[Arrow]) -> dict[Key, Key]:
        """Clauses into the box of the results they give, where nothing lies between the two; those
        that lead to the gate alone into that.
        """
        joined: dict[Key, Key] = {}
        for key in sorted({key for key in self.key.values() if key[0] == "clause"}):
            result: Key = ("result", key[1])
            now = {(joined.get(a, a), joined.get(b, b)) for a, b in arrows}
            beside = reading(now - {(key, result), (result, key)})
            if result in self.key.values() and not (
                result in reached(beside, key) or key in reached(beside, result)
            ):
                joined[key] = result
        return joined | self._to_gate(arrows, joined)

    def _to_gate(self, arrows: Set[Arrow], joined: Mapping[Key, Key]) -> dict[Key, Key]:
        gate: Key = ("gate", "")
        found: dict[Key, Key] = {}
        free = {key for key in self.key.values() if key[0] == "clause" and key not in joined}
        for _ in free:
            for key in free:
                if {found.get(b, b) for a, b in arrows if a == key} - {key} == {gate}:
                    found[key] = gate
        return found

    def _order(self, key: Key) -> tuple[int, int, str]:
        """Facts as declared, then clauses in the order of the law, results after their clause."""
        kind, name = key
        kinds: list[Kind] = ["facts", "import", "clause", "gate", "result"]
        groups = [group.name for group in self.rulebook.groups]
        clauses = [clause.id for clause in self.rulebook.clauses]
        among = groups if kind == "facts" else clauses
        return kinds.index(kind), among.index(name) if name in among else -1, name

    def _box(self, key: Key, parts: list[Part]) -> Box:
        kind, name = key
        if kind == "facts":
            return _facts_box(next(g for g in self.rulebook.groups if g.name == name))
        if kind == "import":
            imported = next(i for i in self.rulebook.imports if i.alias == name)
            return Box(kind, Line(imported.title))
        if kind == "gate":
            return Box(kind, Line("适用条件"), self._clauses(parts, ""))
        given = {part.of.name for part in parts if self.graph.is_result(part.of)}
        rules = [part for part in parts if not self.graph.is_result(part.of)]
        loose = {part.of for part in rules if part.clause is None}
        lines = self._clauses(rules, name) + self._loose(loose)
        results = tuple(
            Line(result.name, f"definition:{result.name}", True)
            for result in self.rulebook.results
            if result.name in given
        )
        return Box(kind, _heading(self.rulebook, name), lines + results)

    def _loose(self, refs: set[Ref]) -> tuple[Line, ...]:
        """What stands under no clause, by name."""
        ordered = sorted(refs, key=self.graph.place)
        return tuple(Line(ref.name, f"{ref.kind}:{ref.name}") for ref in ordered)

    def _clauses(self, parts: list[Part], above: str) -> tuple[Line, ...]:
        """The clauses of some parts that stand under another, by the rest of their numbers."""
        own = {part.clause for part in parts} - {above}
        return tuple(
            Line(f"{clause.id.removeprefix(above)} {clause.title}".rstrip(), f"clause:{clause.id}")
            for clause in self.rulebook.clauses
            if clause.id in own
        )


def _facts_box(group: FactGroup) -> Box:
    many = f"{len(group.fields)}项事实" + ("，逐笔" if group.is_list else "")
    return Box("facts", Line(group.name, f"fact:{group.name}"), (Line(many),))


def _heading(rulebook: Rulebook, clause: str) -> Line:
    found = next((c for c in rulebook.clauses if c.id == clause), None)
    if found is None:
        return Line("规则书")
    return Line(f"{found.id} {found.title}".rstrip(), f"clause:{found.id}")


def _above(rulebook: Rulebook, used: set[str | None]) -> dict[str, str]:
    """The clause in whose box each stands: itself, or one further up where there are too many."""
    orders = {clause.order: clause.id for clause in rulebook.clauses}
    mine = [clause for clause in rulebook.clauses if clause.id in used]
    found: dict[str, str] = {}
    for depth in range(max((len(c.order) for c in mine), default=0), 0, -1):
        found = {c.id: orders.get(c.order[:depth], c.id) for c in mine}
        if len(set(found.values())) <= _MOST_CLAUSES:
            break
    return found


# --- one clause


class _Neighbours:
    """The boxes around one clause."""

    def __init__(self, graph: ReadingGraph, clause: str) -> None:
        self.rulebook = graph.rulebook
        self.clause = clause
        self.graph = graph
        self.own = [part for part in self.graph.parts if part.clause == clause]

    def picture(self) -> Picture:
        """Facts and clauses above, the clause, and what reads it below."""
        here: Key = ("here", self.clause)
        above = {**self._facts(), **self._clauses(self._grounds(), "<")}
        below = self._clauses(self._users(), ">")
        boxes = {**above, here: self._here(), **below}
        arrows = {(key, here) for key in above} | {(here, key) for key in below}
        title = f"{self.clause}：读什么，用于什么"
        return Picture(title, "", boxes, arrows, arrows)

    def _here(self) -> Box:
        given = {part.of for part in self.own if self._told(part.of)}
        names = self._lines(given)
        return Box("here", _heading(self.rulebook, self.clause), names)

    def _facts(self) -> dict[Key, Box]:
        of = self.graph.of_clause(self.clause).facts
        return {
            ("facts", group.name): Box(
                "facts",
                Line(group.name, f"fact:{group.name}"),
                tuple(
                    Line(path.rpartition(".")[2], f"fact:{path}")
                    for path in of
                    if "." in path and path.partition(".")[0] == group.name
                ),
            )
            for group in self.rulebook.groups
            if any(path.partition(".")[0] == group.name for path in of)
        }

    def _grounds(self) -> Iterator[Part]:
        for part in self.own:
            for other in self.graph.read[part][1]:
                if other.clause != self.clause and self._told(other.of):
                    yield other

    def _users(self) -> Iterator[Part]:
        for part in self.own:
            if part.of.kind != "reading":
                for other in self.graph.readers.get(part, ()):
                    if other.clause != self.clause and not self.graph.imported(other.of):
                        yield other

    def _told(self, ref: Ref) -> bool:
        return ref.kind != "reading"

    def _clauses(self, parts: Iterable[Part], side: str) -> dict[Key, Box]:
        """A box for each clause of some parts, with their names; one too for each rulebook."""
        held: dict[Key, set[Ref]] = {}
        for part in parts:
            if self.graph.imported(part.of):
                key: Key = ("import", part.of.name.partition(".")[0])
            else:
                key = ("clause", part.clause or "")
            held.setdefault(key, set()).add(part.of)
        order = [clause.id for clause in self.rulebook.clauses]
        titles = {imported.alias: imported.title for imported in self.rulebook.imports}
        keys = sorted(held, key=lambda k: (k[0], order.index(k[1]) if k[1] in order else -1, k))
        return {
            (kind, name + side): Box(
                kind,
                Line(titles[name]) if kind == "import" else _heading(self.rulebook, name),
                self._lines(held[kind, name]),
            )
            for kind, name in keys
        }

    def _lines(self, refs: set[Ref]) -> tuple[Line, ...]:
        """Things by name, those of another rulebook without its alias."""
        results = {definition.name for definition in self.rulebook.results}
        return tuple(
            Line(
                ref.name.partition(".")[2] if self.graph.imported(ref) else ref.name,
                f"{ref.kind}:{ref.name}",
                ref.kind == "definition" and ref.name in results,
            )
            for ref in sorted(refs, key=self.graph.place)
        )
