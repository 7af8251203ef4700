"""A picture → a figure of SVG that needs no script. Colours are those of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import pairwise

import attrs

from luling.compiler.source import display_width

from .layered import Edge, Placed, Point, place
from .picture import Box, Key, Kind, Line, Picture

Href = Callable[[str], str]

_NAMES: dict[Kind, str] = {
    "facts": "事实", "import": "引用的规则书", "clause": "条款", "gate": "", "result": "结果",
    "here": "本条",
}  # fmt: skip
_TITLE, _LINE, _SMALL = 15, 13, 12  # sizes of type
_PAD = 10
_MARGIN = 12
_LEGEND = 40
_NARROWEST = 84
_MARKS = "、，；）"


def figure(picture: Picture, href: Href, *, across: bool) -> str:
    """The picture with what is read above what reads it, or `across`: to its left."""
    boxes = _in_columns(picture) if across else [_set(box) for box in picture.boxes.values()]
    sizes = [_turned((box.width, box.height), across) for box in boxes]
    at = {key: n for n, key in enumerate(picture.boxes)}
    at_top = sum(key[0] == "facts" for key in picture.boxes)
    edges = [(at[a], at[b]) for a, b in picture.downward()]
    placed = place(sizes, edges, beside=14 if across else 30, at_top=0 if across else at_top)
    width, height = _turned((placed.width, placed.height), across)
    legend, legend_width = _legend(picture, height + _LEGEND - 6)
    heads = {(at[a], at[b]) for a, b in picture.drawn}
    content = [
        f"<title>{escape(picture.title)}</title>",
        f"<desc>{escape(picture.caption)}</desc>" if picture.caption else "",
        f"<style>{_style(len(boxes))}</style>",
        *_arrows(placed, heads, across),
        *_nodes(picture, boxes, [_turned(corner, across) for corner in placed.corners], href),
        legend,
    ]
    svg = _svg(
        picture.title,
        max(width, legend_width) + 2 * _MARGIN,
        height + 2 * _MARGIN + _LEGEND,
        content,
    )
    caption = f"<figcaption>{escape(picture.caption)}</figcaption>\n" if picture.caption else ""
    return f'<figure class="decision">\n{svg}{caption}</figure>\n'


def _svg(title: str, width: int, height: int, content: Sequence[str]) -> str:
    """The element, no smaller than can be read: rather the page scrolls."""
    inside = "\n".join(part for part in content if part)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="decision" role="group"'
        f' aria-label="{escape(title)}" width="{width}" height="{height}"'
        f' viewBox="{-_MARGIN} {-_MARGIN} {width} {height}"'
        f' style="min-width:{width * 3 // 4}px">\n{inside}\n</svg>\n'
    )


def _turned(point: Point, across: bool) -> Point:
    return (point[1], point[0]) if across else point


# --- words


@attrs.frozen
class _Words:
    """A line of a box as it is set: its rows, and how far below the box's edge they begin."""

    line: Line
    rows: tuple[str, ...]
    size: int
    top: int


@attrs.frozen
class _Set:
    """A box with its words set, and its size."""

    box: Box
    words: tuple[_Words, ...]
    width: int
    height: int


def _set(box: Box) -> _Set:
    words = []
    top = _PAD
    for n, line in enumerate((box.title, *box.lines)):
        size = _LINE if n else _TITLE
        rows = _wrapped(line.text, 28 if n else 26)
        words.append(_Words(line, rows, size, top))
        top += len(rows) * _leading(size) + (0 if n else 3)
    widest = max(display_width(row) * each.size for each in words for row in each.rows)
    width = max(widest // 2 + 2 * _PAD + 4, _NARROWEST)
    return _Set(box, tuple(words), width, top + _PAD - 3)


def _leading(size: int) -> int:
    return size + 7


def _wrapped(text: str, columns: int) -> tuple[str, ...]:
    """The text in rows of so many columns: after the number, after a mark, or in even parts."""
    width = display_width(text)
    if width <= columns:
        return (text,)
    number, _, rest = text.partition(" ")
    if rest and display_width(rest) <= columns:
        return (number, rest)
    fits = [n for n in range(1, len(text)) if display_width(text[:n]) <= columns]
    even = -(-width // -(-width // columns))
    marks = [n for n in fits if text[n - 1] in _MARKS and 2 * n > len(fits)]
    evenly = [n for n in fits if display_width(text[:n]) <= even + 1 and text[n] not in _MARKS]
    end = (marks or evenly or fits or [1])[-1]
    return (text[:end].strip(), *_wrapped(text[end:].strip(), columns))


def _in_columns(picture: Picture) -> list[_Set]:
    """The boxes as wide as the widest of their column, and as high as their lines need."""
    boxes = [_set(box) for box in picture.boxes.values()]
    here = next(n for n, box in enumerate(boxes) if box.box.kind == "here")
    columns = (range(here), range(here, here + 1), range(here + 1, len(boxes)))
    room = 10 * max(len(columns[0]), len(columns[2])) + 24
    boxes[here] = attrs.evolve(boxes[here], height=max(boxes[here].height, room))
    for column in columns:
        width = max((boxes[n].width for n in column), default=0)
        for n in column:
            boxes[n] = attrs.evolve(boxes[n], width=width)
    return boxes


# --- arrows


def _arrows(placed: Placed, heads: set[Edge], across: bool) -> list[str]:
    found = []
    for (start, end), line in sorted(placed.lines.items()):
        points = [_turned(point, across) for point in line]
        parts = [f'<path d="{_path(points, across)}"/>']
        if (start, end) in heads:
            parts.append(_head(points[-1], -8, across))
        if (end, start) in heads:
            parts.append(_head(points[0], 8, across))
        attributes = f'class="edge" data-from="{start}" data-to="{end}"'
        found.append(f"<g {attributes}>{''.join(parts)}</g>")
    return found


def _path(points: Sequence[Point], across: bool) -> str:
    """Straight past boxes, curved between layers."""
    path = f"M{_xy(points[0])}"
    for n, ((x, y), (to_x, to_y)) in enumerate(pairwise(points)):
        if n % 2 == 0:
            path += f"L{to_x} {to_y}" if (x, y) != (to_x, to_y) else ""
        elif across:
            half = (x + to_x) // 2
            path += f"C{half} {y} {half} {to_y} {to_x} {to_y}"
        else:
            half = (y + to_y) // 2
            path += f"C{x} {half} {to_x} {half} {to_x} {to_y}"
    return path


def _xy(point: Point) -> str:
    return f"{point[0]} {point[1]}"


def _head(tip: Point, back: int, across: bool) -> str:
    sides = f"l{back} -4v8z" if across else f"l-4 {back}h8z"
    return f'<path class="head" d="M{_xy(tip)}{sides}"/>'


# --- boxes


def _nodes(
    picture: Picture, boxes: Sequence[_Set], corners: Sequence[Point], href: Href
) -> list[str]:
    found = []
    for n, (key, box, (x, y)) in enumerate(zip(picture.boxes, boxes, corners, strict=True)):
        kind = box.box.kind
        round_ = 12 if kind == "facts" else 4
        found += [
            f'<g class="node {kind}" data-node="{n}">',
            f"<title>{escape(_told(picture, key))}</title>",
            f'<rect x="{x}" y="{y}" width="{box.width}" height="{box.height}" rx="{round_}"/>',
            *_texts(box, x, y, href),
            "</g>",
        ]
    return found


def _told(picture: Picture, key: Key) -> str:
    """What a box reads and what reads it, those included to which no arrow is drawn."""
    reads = _listed(picture, [other for other in picture.boxes if (other, key) in picture.arrows])
    read = _listed(picture, [other for other in picture.boxes if (key, other) in picture.arrows])
    name = _listed(picture, [key])
    return "。".join(
        [name, *(["读：" + reads] if reads else []), *(["用于：" + read] if read else [])]
    )


def _listed(picture: Picture, keys: Sequence[Key]) -> str:
    named = (f"{_NAMES[key[0]]} {picture.boxes[key].title.text}".strip() for key in keys)
    return "；".join(named)


def _texts(box: _Set, x: int, y: int, href: Href) -> list[str]:
    is_label = not any(words.line.target for words in box.words[1:])
    middle = x + box.width // 2 if is_label and box.box.kind != "here" else None
    return [_text(words, middle, x + _PAD, y, href) for words in box.words]


def _text(words: _Words, middle: int | None, left: int, top: int, href: Href) -> str:
    line, size = words.line, words.size
    x = left if middle is None else middle
    first = top + words.top + size
    rows = "".join(
        f'<tspan x="{x}" y="{first + n * _leading(size)}">{escape(row)}</tspan>'
        for n, row in enumerate(words.rows)
    )
    style = "title" if size == _TITLE else "given" if line.is_result else "line"
    anchor = "" if middle is None else ' text-anchor="middle"'
    text = f'<text class="{style}" font-size="{size}"{anchor}>{rows}</text>'
    to = href(line.target) if line.target else ""
    return f'<a href="{escape(to)}" aria-label="{escape(line.text)}">{text}</a>' if to else text


def _legend(picture: Picture, y: int) -> tuple[str, int]:
    """What the kinds of boxes are, and how wide that is."""
    present = {key[0] for key in picture.boxes}
    parts = []
    x = 0
    for kind, name in _NAMES.items():
        if name and kind in present:
            parts.append(
                f'<g class="{kind}"><rect x="{x}" y="{y - 12}" width="24" height="14" rx="3"/>'
                f'<text x="{x + 30}" y="{y}" font-size="{_SMALL}">{name}</text></g>'
            )
            x += 54 + display_width(name) * _SMALL // 2
    return f'<g class="legend" aria-hidden="true">{"".join(parts)}</g>', x


def _style(count: int) -> str:
    """With a box at hand only its own arrows stay."""
    lit = "".join(
        f'.decision:has([data-node="{n}"]:is(:hover,:focus-within))'
        f' .edge:not([data-from="{n}"],[data-to="{n}"]){{opacity:.12}}'
        for n in range(count)
    )
    return f"{_STYLE}@media screen{{{lit}}}"


_STYLE = (
    "figure.decision{margin:0}svg.decision{display:block;max-width:100%;height:auto;"
    "font-family:var(--sans,sans-serif)}"
    ".decision .edge path{fill:none;stroke:var(--soft,#5b6470);stroke-width:1.3}"
    ".decision .edge .head{fill:var(--soft,#5b6470);stroke:none}"
    ".decision rect{fill:var(--paper,#fff);stroke:var(--soft,#5b6470)}"
    ".decision text{fill:var(--ink,#1f2328)}.decision .title{font-weight:700}"
    ".decision .facts rect{fill:var(--wash,#f4f1e8)}"
    ".decision .import rect{stroke-dasharray:5 3}"
    ".decision :is(.result,.here) rect{stroke:var(--accent,#9b2c1f);stroke-width:2}"
    ".decision .given{font-weight:700;fill:var(--accent,#9b2c1f)}"
    ".decision a:is(:hover,:focus-visible) text{text-decoration:underline}"
    ".decision a:focus-visible{outline:3px solid var(--accent,#9b2c1f);outline-offset:2px}"
    "@media print{svg.decision{min-width:0!important;max-height:20cm}}"
)
