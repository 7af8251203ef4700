"""Boxes do not overlap, lines run through no box, and the same comes out whatever happens."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luling.runtime.pages.layered import Edge, Placed, Point, place

SIZES = st.lists(
    st.tuples(st.integers(30, 240), st.integers(20, 200)), min_size=1, max_size=14
)  # fmt: skip


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Point], list[Edge]]:
    """Boxes and lines from earlier to later ones."""
    sizes = draw(SIZES)
    boxes = st.integers(0, len(sizes) - 1)
    pairs = draw(st.lists(st.tuples(boxes, boxes), max_size=24))
    return sizes, [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]


@settings(max_examples=150, deadline=None)
@given(graphs(), st.sampled_from([14, 30]))
def test_boxes_keep_their_distance(graph: tuple[list[Point], list[Edge]], beside: int) -> None:
    sizes, edges = graph
    placed = place(sizes, edges, beside=beside)
    boxes = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(placed.corners, sizes, strict=True)]
    for n, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0 <= top
        assert right <= placed.width + 1
        assert bottom <= placed.height
        for other_left, other_top, other_right, other_bottom in boxes[:n]:
            aside = left >= other_right + beside - 1 or other_left >= right + beside - 1
            assert aside or top >= other_bottom + 40 or other_top >= bottom + 40


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_lines_lead_from_box_to_box_and_through_none(graph: tuple[list[Point], list[Edge]]) -> None:
    sizes, edges = graph
    placed = place(sizes, edges, beside=30)
    assert set(placed.lines) == set(edges)
    for (start, end), points in placed.lines.items():
        assert on_edge(placed, sizes, start, points[0], bottom=True)
        assert on_edge(placed, sizes, end, points[-1], bottom=False)
        for (x, y), (to_x, to_y) in zip(points[::2], points[1::2], strict=True):
            assert x == to_x
            assert y <= to_y
            for box in set(range(len(sizes))) - {start, end}:
                left, top = placed.corners[box]
                width, height = sizes[box]
                assert not (left < x < left + width and y < top + height and top < to_y)


def on_edge(placed: Placed, sizes: list[Point], box: int, point: Point, *, bottom: bool) -> bool:
    """Whether a line ends on the lower or upper edge of its box."""
    (x, y), (width, height) = placed.corners[box], sizes[box]
    return x <= point[0] <= x + width and point[1] == (y + height if bottom else y)


def test_what_reads_stands_below_what_is_read() -> None:
    edges = [(0, 1), (1, 2), (0, 2), (3, 2)]
    placed = place([(100, 40)] * 4, edges, beside=30)
    heights = [y for _, y in placed.corners]
    assert heights[0] < heights[1] == heights[3] < heights[2], "what nothing leads to comes close"
    at_top = place([(100, 40)] * 4, edges, beside=30, at_top=4)
    assert at_top.corners[3][1] == at_top.corners[0][1]


def test_a_long_line_runs_straight() -> None:
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]
    passing = place([(100, 40)] * 5, edges, beside=30).lines[0, 4][2:-2]
    assert len(passing) == 6
    assert len({x for x, _ in passing}) == 1


@pytest.mark.parametrize("edges", [[(0, 3), (1, 2)], [(1, 2), (0, 3)], [(0, 3), (1, 2), (0, 3)]])
def test_lines_that_need_not_cross_do_not(edges: list[Edge]) -> None:
    placed = place([(100, 40)] * 4, edges, beside=30)
    assert (placed.corners[0] < placed.corners[1]) == (placed.corners[3] < placed.corners[2])
    assert placed == place([(100, 40)] * 4, edges[::-1], beside=30)


def test_nothing_and_one_box_can_be_placed() -> None:
    assert place([], [], beside=30) == Placed((), {}, 0, 0)
    assert place([(101, 41)], [], beside=30).corners == ((0, 0),)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_all_coordinates_are_whole_numbers(graph: tuple[list[Point], list[Edge]]) -> None:
    placed = place(*graph, beside=30)
    numbers = [*placed.corners, *(point for line in placed.lines.values() for point in line)]
    assert all(type(part) is int for point in numbers for part in point)
    assert Fraction(placed.width).denominator == 1
