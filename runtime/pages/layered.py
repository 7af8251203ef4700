"""Places boxes in layers, one below the other, so that the lines between them cross little.

igraph finds the order in each layer (Sugiyama's method), a line that passes a layer standing among
its boxes. It knows points only; where boxes of their sizes come to stand is found here: as straight
below one another as that order lets them. All coordinates are whole numbers, the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import fsum

import attrs

Edge = tuple[int, int]
Point = tuple[int, int]
Near = Mapping[int, Sequence[int]]

_PASSING = 16  # between a line and what it passes
_BELOW = 56  # between layers
_PORT = 14  # between lines at a box
_TURNS = 40  # of what is done until nothing gets better


@attrs.frozen
class Placed:
    """The upper left corner of each box, the points of each line, and the size of the whole.

    A line runs straight down from its first point to its second, curves to the third, runs straight
    to the fourth, and so on.
    """

    corners: tuple[Point, ...]
    lines: Mapping[Edge, tuple[Point, ...]]
    width: int
    height: int


def place(sizes: Sequence[Point], edges: Iterable[Edge], *, beside: int, at_top: int = 0) -> Placed:
    """The places of boxes of these widths and heights, `beside` apart, the first `at_top` of them
    in the first layer. Edges lead down and never in a circle.
    """
    graph = _layered(sizes, sorted(set(edges)), beside, at_top)
    ranks = _untangled(graph, _ordered(graph))
    centres = _spread(graph, ranks)
    _straighten(graph, ranks, centres)
    left = min((x - graph.widths[v] / 2 for v, x in enumerate(centres)), default=0.0)
    return _drawn(graph, sizes, [round(x - left) for x in centres])


@attrs.frozen
class _Layered:
    """Boxes and, after them, the points where lines pass layers: the layer and width of each; the
    chain of each edge, one a layer; and what each is linked to in the layers above and below.
    """

    rows: Sequence[int]
    widths: Sequence[int]
    chains: Mapping[Edge, Sequence[int]]
    up: Near
    down: Near
    beside: int

    def gap(self, left: int, right: int) -> float:
        """How far apart the middles of two neighbours must be."""
        are_boxes = self.widths[left] and self.widths[right]
        between = self.beside if are_boxes else _PASSING
        return (self.widths[left] + self.widths[right]) / 2 + between

    def offsets(self, rank: Sequence[int]) -> list[float]:
        """The middles of a layer's vertices, put together as closely as may be."""
        found = [0.0]
        for left, right in pairwise(rank):
            found.append(found[-1] + self.gap(left, right))
        return found


def _layered(sizes: Sequence[Point], edges: Sequence[Edge], beside: int, at_top: int) -> _Layered:
    rows = _layers(len(sizes), edges, at_top)
    chains: dict[Edge, list[int]] = {}
    for start, end in edges:
        passed = range(rows[start] + 1, rows[end])
        chains[start, end] = [start, *range(len(rows), len(rows) + len(passed)), end]
        rows += passed
    widths = [width for width, _ in sizes] + [0] * (len(rows) - len(sizes))
    up: dict[int, list[int]] = {}
    down: dict[int, list[int]] = {}
    for chain in chains.values():
        for start, end in pairwise(chain):
            up.setdefault(end, []).append(start)
            down.setdefault(start, []).append(end)
    return _Layered(rows, widths, chains, up, down, beside)


def _layers(count: int, edges: Sequence[Edge], at_top: int) -> list[int]:
    """Each box below all that lead to it; what nothing leads to just above where it leads."""
    layers = [0] * count
    for _ in range(count):
        for start, end in edges:
            layers[end] = max(layers[end], layers[start] + 1)
    led = {end for _, end in edges}
    for box in range(at_top, count):
        ends = [layers[end] for start, end in edges if start == box]
        if box not in led and ends:
            layers[box] = min(ends) - 1
    return layers


# --- the order in each layer


def _ordered(graph: _Layered) -> list[list[int]]:
    """The vertices of each layer from left to right, as igraph puts them."""
    across = _across(graph.rows, [pair for c in graph.chains.values() for pair in pairwise(c)])
    ranks: list[list[int]] = [[] for _ in range(max(graph.rows, default=-1) + 1)]
    for vertex in sorted(range(len(across)), key=lambda v: (across[v], v)):
        ranks[graph.rows[vertex]].append(vertex)
    return ranks


def _across(rows: Sequence[int], links: list[Edge]) -> list[float]:
    """Where igraph puts each vertex in its layer."""
    import igraph  # type: ignore[import-untyped]

    graph = igraph.Graph(n=len(rows), edges=links, directed=True)
    layout = graph.layout_sugiyama(layers=list(rows), maxiter=400)
    return [round(float(layout[vertex][0]), 3) for vertex in range(len(rows))]


def _untangled(graph: _Layered, ranks: list[list[int]]) -> list[list[int]]:
    """The layers with neighbours exchanged as long as that leaves fewer crossings."""
    for _ in range(_TURNS):
        if not any([_exchanged(graph, ranks, rank) for rank in ranks]):
            break
    return ranks


def _exchanged(graph: _Layered, ranks: list[list[int]], rank: list[int]) -> bool:
    at = {vertex: n for each in ranks for n, vertex in enumerate(each)}
    changed = False
    for n in range(len(rank) - 1):
        left, right = rank[n], rank[n + 1]
        if _crossings(graph, at, left, right) > _crossings(graph, at, right, left):
            rank[n], rank[n + 1] = right, left
            changed = True
    return changed


def _crossings(graph: _Layered, at: Mapping[int, int], left: int, right: int) -> int:
    """How often the lines of two neighbours cross, standing so."""
    return sum(
        at[a] > at[b]
        for near in (graph.up, graph.down)
        for a in near.get(left, ())
        for b in near.get(right, ())
    )


# --- places across


def _spread(graph: _Layered, ranks: list[list[int]]) -> list[float]:
    """The middle of each vertex across: near the middle of what it is linked to."""
    centres = [0.0] * len(graph.rows)
    for rank in ranks:
        offsets = graph.offsets(rank)
        for vertex, offset in zip(rank, offsets, strict=True):
            centres[vertex] = offset - offsets[-1] / 2
    for turn in range(_TURNS):
        last = turn > _TURNS * 3 // 4
        upward = turn % 2 == 1
        nears = (graph.up, graph.down) if last else (graph.down,) if upward else (graph.up,)
        for rank in reversed(ranks) if upward else ranks:
            wanted = [_wanted(graph, nears, vertex, centres) for vertex in rank]
            for vertex, x in zip(rank, _kept(wanted, graph.offsets(rank)), strict=True):
                centres[vertex] = x
    return centres


def _wanted(
    graph: _Layered, nears: Iterable[Near], vertex: int, centres: Sequence[float]
) -> tuple[float, int]:
    """Where a vertex would stand best, and how much that matters: most of all in long lines."""
    others = [other for near in nears for other in near.get(vertex, ())]
    boxes = [bool(graph.widths[vertex]) + bool(graph.widths[other]) for other in others]
    weights = [(8, 2, 1)[count] for count in boxes]
    if not others:
        return centres[vertex], 1
    total = sum(weights)
    return fsum(w * centres[o] for w, o in zip(weights, others, strict=True)) / total, total


def _kept(wanted: Sequence[tuple[float, int]], offsets: Sequence[float]) -> list[float]:
    """The places nearest to the wanted ones that keep order and distance: where two would come too
    near, they are moved together.
    """
    pools: list[tuple[float, int, int]] = []
    for (x, weight), offset in zip(wanted, offsets, strict=True):
        value, heavy, many = x - offset, weight, 1
        while pools and pools[-1][0] >= value:
            other, other_weight, count = pools.pop()
            value = (other * other_weight + value * heavy) / (other_weight + heavy)
            heavy, many = other_weight + heavy, many + count
        pools.append((value, heavy, many))
    found = [value for value, _, many in pools for _ in range(many)]
    return [value + offset for value, offset in zip(found, offsets, strict=True)]


def _straighten(graph: _Layered, ranks: list[list[int]], centres: list[float]) -> None:
    """Each line that passes several layers straight down, where there is room."""
    at = {vertex: (rank, n) for rank in ranks for n, vertex in enumerate(rank)}
    for chain in graph.chains.values():
        passing = chain[1:-1]
        if len(passing) > 1:
            rooms = [_room(graph, *at[vertex], centres) for vertex in passing]
            low, high = max(room[0] for room in rooms), min(room[1] for room in rooms)
            middle = fsum(centres[vertex] for vertex in passing) / len(passing)
            for vertex in passing if low <= high else ():
                centres[vertex] = min(max(middle, low), high)


def _room(
    graph: _Layered, rank: list[int], n: int, centres: Sequence[float]
) -> tuple[float, float]:
    """How far the n-th of a layer can go to the left and to the right."""
    low, high = float("-inf"), float("inf")
    if n > 0:
        low = centres[rank[n - 1]] + graph.gap(rank[n - 1], rank[n])
    if n + 1 < len(rank):
        high = centres[rank[n + 1]] - graph.gap(rank[n], rank[n + 1])
    return low, high


# --- boxes and lines


def _drawn(graph: _Layered, sizes: Sequence[Point], middle: Sequence[int]) -> Placed:
    bands = _bands(graph, sizes)
    corners = []
    for box, (width, height) in enumerate(sizes):
        top, bottom = bands[graph.rows[box]]
        corners.append((middle[box] - width // 2, top + (bottom - top - height) // 2))
    starts, ends = _ports(graph, sizes, middle, 0), _ports(graph, sizes, middle, -1)
    lines = {}
    for edge, chain in graph.chains.items():
        across = [starts[edge], *(middle[vertex] for vertex in chain[1:-1]), ends[edge]]
        points = [
            (x, y)
            for x, vertex in zip(across, chain, strict=True)
            for y in bands[graph.rows[vertex]]
        ]
        first, last = edge
        points[0] = across[0], corners[first][1] + sizes[first][1]
        points[-1] = across[-1], corners[last][1]
        lines[edge] = tuple(points)
    width = max((x + size[0] for (x, _), size in zip(corners, sizes, strict=True)), default=0)
    width = max([width, *middle])
    return Placed(tuple(corners), lines, width, bands[-1][1] if bands else 0)


def _bands(graph: _Layered, sizes: Sequence[Point]) -> list[tuple[int, int]]:
    """The upper and lower edge of each layer."""
    heights = [0] * (max(graph.rows, default=-1) + 1)
    for box, (_, height) in enumerate(sizes):
        heights[graph.rows[box]] = max(heights[graph.rows[box]], height)
    tops = [sum(heights[:row]) + row * _BELOW for row in range(len(heights))]
    return [(top, top + height) for top, height in zip(tops, heights, strict=True)]


def _ports(
    graph: _Layered, sizes: Sequence[Point], middle: Sequence[int], end: int
) -> dict[Edge, int]:
    """Where each line leaves (end 0) or meets (-1) its box: side by side, as they come."""
    at: dict[int, list[tuple[int, Edge]]] = {}
    for edge, chain in graph.chains.items():
        beyond = chain[1] if end == 0 else chain[-2]
        at.setdefault(chain[end], []).append((middle[beyond], edge))
    ports = {}
    for box, lines in at.items():
        room = min(_PORT, (sizes[box][0] - 24) // max(len(lines) - 1, 1))
        for n, (_, edge) in enumerate(sorted(lines)):
            ports[edge] = middle[box] + (2 * n - len(lines) + 1) * room // 2
    return ports
