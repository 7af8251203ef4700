"""Walking and rewriting IR without naming every node; walking graphs of any other kind."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import attrs

from .nodes import EXPRESSIONS, Expr, Key

_PARTS: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in attrs.fields(kind) if field.name not in ("type", "span"))
    for kind in (*EXPRESSIONS, Key)
}


def children(node: Expr | Key) -> Iterator[Expr]:
    """The expressions directly inside one."""
    for name in _PARTS[node.__class__]:
        part = getattr(node, name)
        if isinstance(part, EXPRESSIONS):
            yield part
        elif isinstance(part, tuple):
            for item in part:
                if isinstance(item, EXPRESSIONS):
                    yield item
                elif isinstance(item, Key):
                    yield item.value


def walk(node: Expr) -> Iterator[Expr]:
    """An expression and all inside it, outermost first."""
    yield node
    for child in children(node):
        yield from walk(child)


Node = TypeVar("Node")


def each_once(roots: Iterable[Node], parts: Callable[[Node], Iterable[Node]]) -> Iterator[Node]:
    """Every node that can be reached by `parts`, each once, its parts before it; roots and parts
    from the last to the first. The stack is our own: terms hang on one another in long chains.
    """
    seen: set[Node] = set()
    stack = [(root, False) for root in roots]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack += [(part, False) for part in parts(node)]


def outermost(
    roots: Iterable[Node],
    wanted: Callable[[Node], bool],
    parts: Callable[[Node], Iterable[Node]],
) -> Iterator[Node]:
    """The wanted nodes that can be reached by nodes not wanted, each once, from the last root and
    part to the first.
    """
    seen: set[Node] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if wanted(node):
            yield node
        else:
            stack += parts(node)


def rewrite(node: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with `change` applied to every node, innermost first."""
    updates: dict[str, Any] = {}
    for name in _PARTS[node.__class__]:
        part = getattr(node, name)
        if isinstance(part, EXPRESSIONS):
            updates[name] = rewrite(part, change)
        elif isinstance(part, tuple) and any(isinstance(i, (*EXPRESSIONS, Key)) for i in part):
            updates[name] = tuple(_item(item, change) for item in part)
    return change(attrs.evolve(node, **updates) if updates else node)


def replace(node: Expr, old: Expr, new: Expr) -> Expr:
    """The expression with one of its parts, found by identity, exchanged for another."""
    if node is old:
        return new
    updates: dict[str, Any] = {}
    for name in _PARTS[node.__class__]:
        part = getattr(node, name)
        changed = _replaced(part, old, new)
        if changed is not part:
            updates[name] = changed
    return attrs.evolve(node, **updates) if updates else node


def _replaced(part: Any, old: Expr, new: Expr) -> Any:
    if isinstance(part, EXPRESSIONS):
        return replace(part, old, new)
    if isinstance(part, Key):
        value = replace(part.value, old, new)
        return part if value is part.value else Key(value, part.highest)
    if isinstance(part, tuple):
        items = tuple(_replaced(item, old, new) for item in part)
        return part if all(map(operator.is_, items, part)) else items
    return part


def _item(item: Any, change: Callable[[Expr], Expr]) -> Any:
    if isinstance(item, Key):
        return Key(rewrite(item.value, change), item.highest)
    return rewrite(item, change) if isinstance(item, EXPRESSIONS) else item
