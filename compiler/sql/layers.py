"""Terms → layers of a query: what several others use is computed once, in a layer of its own name.

The first layer holds the columns of the case, beside them what the calendar says of its days and
what the lists of the case come to, each list joined and aggregated once. Every further layer
computes what depends on the layers before it, and looks up what the tables hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from ..ir.walk import outermost
from .symbols import Unreachable
from .tabulate import Table, args_in_case, in_order
from .terms import Term

BITS_OF_A_COUNT = 15
COUNTS_OF_A_PACK = 4


@attrs.frozen
class ListPart:
    """All that a query asks of one list: counts that are packed into whole numbers, and the rest.

    `beside` are terms of the case, `inside` terms of a row, that conditions on both need.
    """

    name: str
    packed: tuple[Term, ...]
    others: tuple[Term, ...]
    beside: Mapping[Term, str]
    inside: Mapping[Term, str]

    def pack(self, term: Term) -> tuple[int, int]:
        """Which whole number holds a count, and from which bit."""
        place = self.packed.index(term)
        return place // COUNTS_OF_A_PACK, BITS_OF_A_COUNT * (place % COUNTS_OF_A_PACK)


@attrs.frozen
class Layer:
    """Named terms that depend on earlier layers, and tables whose keys stand there."""

    steps: tuple[tuple[str, Term], ...]
    tables: tuple[int, ...]


@attrs.frozen
class Layers:
    """A query in layers, and the names that its terms have."""

    lists: tuple[ListPart, ...]
    days: tuple[Term, ...]
    layers: tuple[Layer, ...]
    names: Mapping[Term, str]


def arrange(
    roots: tuple[Term, ...],
    tables: tuple[Table, ...],
    labels: Mapping[Term, str],
    *,
    packed: bool = True,
) -> Layers:
    """The layers that compute some terms.

    `packed`: counts share whole numbers, which takes cases with few rows of a list.
    """
    wanted = (*roots, *(table.key for table in tables))
    lists = _lists(wanted, packed)
    order = list(in_case(wanted))
    uses = _uses(order, wanted)
    naming = _Naming(labels)
    names: dict[Term, str] = {}
    depth: dict[Term, int] = {}
    steps: dict[int, list[tuple[str, Term]]] = {}
    keys = {table.key for table in tables}
    for term in order:
        below = max((depth[a] for a in term.args if term.op != "aggregate"), default=0)
        if term.op in ("cell_of", "of_day", "column"):
            depth[term] = below + (term.op == "cell_of")
        elif term in keys or (uses[term] > 1 and not _is_trivial(term)):
            names[term] = naming.of(term)
            depth[term] = below + 1
            steps.setdefault(below + 1, []).append((names[term], term))
        else:
            depth[term] = below
    joined: dict[int, list[int]] = {}
    for place, table in enumerate(tables):
        joined.setdefault(depth[table.key] + 1, []).append(place)
    last = max([*steps, *joined, 0])
    layers = tuple(
        Layer(tuple(steps.get(d, ())), tuple(joined.get(d, ()))) for d in range(1, last + 1)
    )
    days = tuple(term for term in order if term.op == "of_day")
    return Layers(lists, days, layers, names)


def in_case(roots: Iterable[Term]) -> Iterable[Term]:
    """The terms of a case the roots are made of, arguments first; what lists come to are leaves."""
    return in_order(roots, {}, stop="aggregate")


def _is_trivial(term: Term) -> bool:
    if term.op in ("const", "column", "not", "fault"):
        return True
    return term.op == "present" and term.args[0].op == "column"


def _uses(order: list[Term], roots: tuple[Term, ...]) -> Counter[Term]:
    """How many terms, or outputs, need each; what is trivial counts as those that need it."""
    uses = Counter(roots)
    for term in reversed(order):
        if term.op != "aggregate":
            times = uses[term] if term.op == "not" else 1
            for part in dict.fromkeys(term.args):
                uses[part] += times
    return uses


def _lists(roots: tuple[Term, ...], packing: bool) -> tuple[ListPart, ...]:
    """What is asked of each list. Raises `Unreachable` where one list asks about another."""
    by_list: dict[str, list[Term]] = {}
    for term in in_case(roots):
        if term.op == "aggregate":
            by_list.setdefault(term.value[0], []).append(term)
    parts = []
    for name, aggregates in by_list.items():
        inside_of = [part for a in aggregates for part in a.args]
        if any(term.op == "aggregate" for term in in_order(inside_of)):
            raise Unreachable(
                f"清单「{name}」的条件又取决于清单", f"a condition on 「{name}」 depends on a list"
            )
        packed = tuple(a for a in aggregates if packing and a.value[1] in ("count", "any"))
        others = tuple(a for a in aggregates if a not in packed)
        parts.append(ListPart(name, packed, others, *_sides(inside_of)))
    return tuple(parts)


def _sides(parts: list[Term]) -> tuple[dict[Term, str], dict[Term, str]]:
    """The largest terms of the case only, and of the row only, in conditions on rows."""
    of_row: dict[Term, bool] = {}
    of_case: dict[Term, bool] = {}
    for term in in_order(parts):
        of_row[term] = (
            term.op == "item" or (term.op == "fault") or any(of_row[a] for a in term.args)
        )
        of_case[term] = term.op in ("column", "aggregate", "cell_of") or any(
            of_case[a] for a in term.args
        )
    beside: dict[Term, str] = {}
    inside: dict[Term, str] = {}

    def stands_apart(term: Term) -> bool:
        if of_row[term]:
            return not of_case[term] and _is_leaf_of_row(term)
        return of_case[term]

    for term in outermost(reversed(parts), stands_apart, args_in_case):
        if of_row[term]:
            inside[term] = f"i{len(inside)}"
        else:
            beside[term] = f"b{len(beside)}"
    return beside, inside


def _is_leaf_of_row(term: Term) -> bool:
    """Whether a term of a row is worth a column: what reads one text is found in its dictionary."""
    return term.op in ("item", "code", "year", "fault")


class _Naming:
    """Gives each step a name of its own, short enough for every database."""

    def __init__(self, labels: Mapping[Term, str]) -> None:
        self._labels = labels
        self._taken: Counter[str] = Counter()

    def of(self, term: Term) -> str:
        label = self._labels.get(term) or {"key": "键", "code": "序"}.get(term.op, "步")
        if term.op in ("code", "eq", "in", "year") and term.args and term.args[0].op == "column":
            label = f"{term.args[0].value}·{label}" if term not in self._labels else label
        short = label.encode()[:48].decode("utf-8", "ignore")
        self._taken[short] += 1
        # no fact is called so: a full stop stands inside the name of every fact
        return f"{short}#{self._taken[short]}"
