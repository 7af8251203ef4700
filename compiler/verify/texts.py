"""Texts for facts that questions of texts are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import terms
from .terms import Fact, OneOf, SameText


def settled_texts(
    questions: list[tuple[OneOf | SameText, bool]], preferred: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Texts for the facts that questions of texts are about; None where there are none."""
    facts = list(dict.fromkeys(f for atom, _ in questions for f in terms.facts_of(atom)))
    group = {fact: fact for fact in facts}

    def root(fact: Fact) -> Fact:
        while group[fact] != fact:
            fact = group[fact]
        return fact

    for atom, answer in questions:
        if isinstance(atom, SameText) and answer:
            group[root(atom.left)] = root(atom.right)
    roots = list(dict.fromkeys(root(f) for f in facts))
    among: dict[Fact, set[str] | None] = dict.fromkeys(roots)
    barred: dict[Fact, set[str]] = {one: set() for one in roots}
    for atom, answer in questions:
        if isinstance(atom, OneOf):
            one = root(atom.term)
            if answer:
                known = among[one]
                among[one] = set(atom.texts) if known is None else known & atom.texts
            else:
                barred[one] |= atom.texts
    apart = [
        (root(a.left), root(a.right))
        for a, answer in questions
        if isinstance(a, SameText) and not answer
    ]
    plain = {
        one: [str(preferred[f.path]) for f in facts if root(f) == one and f.path in preferred]
        for one in roots
    }
    chosen = _choose_texts(roots, among, barred, apart, plain, {})
    return None if chosen is None else {fact.path: chosen[root(fact)] for fact in facts}


def _choose_texts(
    roots: list[Fact],
    among: dict[Fact, set[str] | None],
    barred: dict[Fact, set[str]],
    apart: list[tuple[Fact, Fact]],
    plain: dict[Fact, list[str]],
    chosen: dict[Fact, str],
) -> dict[Fact, str] | None:
    if len(chosen) == len(roots):
        return chosen
    # those with few texts first
    one = min((r for r in roots if r not in chosen), key=lambda r: (among[r] is None, r.path))
    few = among[one]
    others = {b if a == one else a for a, b in apart if one in (a, b)}
    if (one, one) in apart:
        return None
    taken = barred[one] | {chosen[o] for o in others if o in chosen}
    candidates = [c for c in plain[one] if few is None or c in few]
    candidates += sorted(few) if few is not None else fresh(taken, len(roots))
    for text in candidates:
        if text not in taken:
            found = _choose_texts(roots, among, barred, apart, plain, {**chosen, one: text})
            if found is not None:
                return found
    return None


def fresh(taken: set[str], count: int) -> list[str]:
    """Texts that nothing else is."""
    names = (f"其他{n}" for n in range(1, count + len(taken) + 2))
    return [name for name in names if name not in taken]
