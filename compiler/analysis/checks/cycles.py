"""Definitions that come back to themselves, looked at member by member."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics.catalogue import rules as codes
from ...diagnostics.diagnostic import Finding
from ...ir import nodes as ir
from ...ir.rulebook import Definition, Requirement, Rule, Rulebook
from ...ir.walk import walk

# A value of the whole case has the member None; (group, None) of requirements begins with "须".
Node = tuple[str, str | None]


def check_cycles(rulebook: Rulebook) -> list[Finding]:
    """One finding for each circle of definitions, its path shown in order."""
    graph = _Graph(rulebook)
    findings: list[Finding] = []
    done: set[Node] = set()
    reported: set[frozenset[str]] = set()
    for start in graph.nodes():
        for circle in _circles(graph, start, done):
            names = frozenset(name for name, _ in circle)
            if names not in reported:
                reported.add(names)
                findings.append(_finding(graph, circle))
    return findings


def _circles(graph: _Graph, start: Node, done: set[Node]) -> Iterator[list[Node]]:
    """Depth first without recursion: rulebooks can be deep."""
    if start in done:
        return
    path: list[Node] = [start]
    on_path = {start}
    stack = [graph.edges(start)]
    while stack:
        following = next(stack[-1], None)
        if following is None:
            stack.pop()
            node = path.pop()
            on_path.discard(node)
            done.add(node)
        elif following in on_path:
            yield [*path[path.index(following) :], following]
        elif following not in done:
            path.append(following)
            on_path.add(following)
            stack.append(graph.edges(following))


def _finding(graph: _Graph, circle: list[Node]) -> Finding:
    definition = next(graph.definitions[name] for name, _ in circle if name in graph.definitions)
    path = " → ".join(_shown(node) for node in circle)
    return Finding(codes.DEFINITION_CIRCULAR, definition.span, {"path": path})


def _shown(node: Node) -> str:
    name, member = node
    if name.startswith("须"):
        return f"{member}的各项要求" if member else "全案的各项要求"
    return f"{member}的{name.split('的', 1)[-1]}" if member else name


class _Graph:
    def __init__(self, rulebook: Rulebook) -> None:
        self.definitions = rulebook.definition
        self.rulebook = rulebook
        self.requirements: dict[str, list[Requirement]] = {}
        for requirement in rulebook.requirements:
            self.requirements.setdefault(f"须{requirement.group}", []).append(requirement)

    def nodes(self) -> Iterator[Node]:
        for definition in self.rulebook.definitions:
            for member in self._members(definition):
                yield definition.name, member

    def _members(self, definition: Definition) -> tuple[str | None, ...]:
        if definition.scope_kind == "enum":
            return self.rulebook.enum[definition.scope or ""].members
        return (None,)

    def edges(self, node: Node) -> Iterator[Node]:
        name, member = node
        if name.startswith("须") and name not in self.definitions:
            for requirement in self.requirements.get(name, []):
                if member is None or requirement.members is None or member in requirement.members:
                    for part in (requirement.when, requirement.must):
                        yield from self._uses(part, requirement.variable, member)
            return
        definition = self.definitions[name]
        for rule in definition.rules:
            yield from self._rule_uses(rule, definition.variable, member)
        yield from self._uses(definition.otherwise, definition.variable, member)

    def _rule_uses(self, rule: Rule, variable: int, member: str | None) -> Iterator[Node]:
        if member is not None and rule.members is not None and member not in rule.members:
            return
        yield from self._uses(rule.condition, variable, member)
        yield from self._uses(rule.value, variable, member)
        for exception in rule.exceptions:
            yield from self._rule_uses(exception, variable, member)

    def _uses(self, expr: ir.Expr | None, variable: int, member: str | None) -> Iterator[Node]:
        if expr is None:
            return
        for node in walk(expr):
            if isinstance(node, ir.Defined) and node.name in self.definitions:
                definition = self.definitions[node.name]
                for owner in self._subjects(node.subject, variable, member, definition.scope):
                    yield node.name, owner
            elif isinstance(node, ir.Satisfied | ir.Failing):
                for owner in self._subjects(node.subject, variable, member, node.group or None):
                    yield f"须{node.group}", owner

    def _subjects(
        self, subject: ir.Expr | None, variable: int, member: str | None, scope: str | None
    ) -> tuple[str | None, ...]:
        """The members a reference may be to: the one at hand, the one named, or all of them."""
        if subject is None:
            return (None,)
        if isinstance(subject, ir.Literal) and isinstance(subject.value, str):
            return (subject.value,)
        if isinstance(subject, ir.Variable) and subject.number == variable and member is not None:
            return (member,)
        enum = self.rulebook.enum.get(scope or "")
        return enum.members if enum else (None,)
