"""Charts as SVG for the page and as PNG files: the same drawing, once in the page's own colours.

Only here numbers become floats: they are drawn, and what is written beside the bars is exact text.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import attrs

from luling.compiler.diagnostics.entry import Both
from luling.compiler.source import display_width

from ..batch.problems import TableError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# By role, as in the style of the pages; in SVG each becomes the variable of that name.
COLOURS: Final = {
    "ink": "#1f2328", "soft": "#5b6470", "line": "#d9d4c7", "paper": "#fdfcf9",
    "up": "#1b4f8f", "down": "#9b2c1f", "still": "#8a8f98",
}  # fmt: skip
# Fonts that have Chinese, the likely ones of each system first.
FONTS: Final = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
    "Microsoft YaHei", "Hiragino Sans GB", "Heiti SC", "STHeiti", "SimHei", "SimSun",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Arial Unicode MS",
    "Noto Serif CJK SC", "Source Han Serif SC",
)  # fmt: skip
_WIDE = 7.6  # inches
_ROW = 0.3  # inches a bar
_SIZE = 9.5  # points of text
_LONGEST = 30  # columns of a label
_DPI = 150


@attrs.frozen
class Bar:
    """A row of bars: a label, lengths to the right of and to the left of nothing, and a text."""

    label: str
    parts: tuple[tuple[str, int], ...]  # colour, length; below nothing to the left
    text: str


@attrs.frozen
class Bars:
    """A chart of rows of bars. `legend`: what the colours mean."""

    name: str
    title: str
    bars: tuple[Bar, ...]
    legend: tuple[tuple[str, str], ...]
    stacked: bool = True


@attrs.frozen
class Squares:
    """A chart of what went where: a square for each pair, the darker the more cases."""

    name: str
    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int, int, int, str], ...]  # row, column, cases, text


Chart = Bars | Squares


@cache
def chinese_font() -> str | None:
    """The name of an installed font that has Chinese, None where there is none."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in known), None)


def check_charts(*, pictures: bool) -> None:
    """Raises `TableError` where charts cannot be drawn here, or pictures would show no Chinese."""
    needed_for_charts()
    if pictures and chinese_font() is None:
        raise TableError(
            Both(
                "没有找到中文字体，画不出图里的字。Debian、Ubuntu：apt-get install fonts-noto-cjk；"
                "其他系统：装思源黑体（Noto Sans CJK SC）。网页（--html）不受影响。",
                "no font with Chinese was found for the words in pictures. Debian, Ubuntu: apt-get "
                "install fonts-noto-cjk; elsewhere install Noto Sans CJK SC. Pages (--html) do "
                "without.",
            )
        )


def needed_for_charts() -> None:
    """Raises `TableError` where matplotlib is not installed."""
    try:
        import_module("matplotlib")
    except ImportError:
        raise TableError(
            Both(
                "画图要用 matplotlib，它没有安装；请运行：pip install 'luling[impact]'",
                "charts need matplotlib, which is not installed; run: pip install 'luling[impact]'",
            )
        ) from None


def to_png(chart: Chart) -> bytes:
    """The chart as a picture with its title. There must be a font that has Chinese."""
    return _saved(chart, "png", dpi=_DPI, metadata={"Software": None})


def to_svg(chart: Chart, prefix: str) -> str:
    """The chart as an `svg` element for a page: text as text, the page's colours, ids of its own.

    `prefix` keeps the ids apart from those of other charts.
    """
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    text = _saved(chart, "svg", metadata=nothing).decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<defs>\s*<style[^>]*>.*?</style>\s*</defs>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'\b(id="|href="#|url\(#)', rf"\g<1>{prefix}-", text)
    text = re.sub(r' xmlns(:\w+)?="[^"]*"', "", text).replace("xlink:href", "href")
    for name, colour in COLOURS.items():
        text = text.replace(colour, f"var(--{name})")
    text = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font: \1px var(--sans)", text)
    shown = chart.title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    size = re.search(r'viewBox="[^"]*"', text)
    assert size is not None
    head = f'<svg class="chart" role="img" aria-label="{shown}" {size[0]}>'
    return re.sub(r"<svg[^>]*>", lambda _: head, text, count=1)


def _saved(chart: Chart, kind: str, **options: Any) -> bytes:
    with _style(kind):
        figure = _drawn(chart, titled=kind == "png")
        out = io.BytesIO()
        figure.savefig(out, format=kind, **options)
    return out.getvalue()


@contextmanager
def _style(kind: str) -> Iterator[None]:
    """The same settings everywhere, whatever the user's own are.

    SVG holds text as text and is laid out by the font that comes with matplotlib, so that a page is
    the same on every machine; of every Chinese character it warns that this font lacks it.
    """
    import matplotlib

    with warnings.catch_warnings(), matplotlib.rc_context():
        warnings.filterwarnings("ignore", "Glyph", UserWarning)
        matplotlib.rcdefaults()
        font = chinese_font() if kind == "png" else None
        matplotlib.rcParams.update({
            "font.family": [font or "DejaVu Sans"], "font.size": _SIZE,
            "svg.fonttype": "none", "svg.hashsalt": "luling", "axes.unicode_minus": False,
            "text.color": COLOURS["ink"], "axes.labelcolor": COLOURS["ink"],
        })  # fmt: skip
        yield


def _drawn(chart: Chart, *, titled: bool) -> Figure:
    match chart:
        case Bars():
            return _bars(chart, titled)
        case Squares():
            return _squares(chart, titled)


def _figure(rows: float, label: float, titled: bool, legend: bool) -> tuple[Figure, Axes]:
    """A figure as high as its rows, with room for labels of so many columns on the left."""
    from matplotlib.figure import Figure

    above = 0.36 * titled + 0.34 * legend + 0.1
    high = rows * _ROW + above + 0.12
    figure = Figure(figsize=(_WIDE, high), facecolor="none" if not titled else COLOURS["paper"])
    left = (label * _SIZE * 0.53 / 72 + 0.15) / _WIDE
    axes = figure.add_axes((left, 0.12 / high, 1 - left - 0.02, rows * _ROW / high))
    axes.set_facecolor("none")
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0)
    return figure, axes


def _cut(text: str) -> str:
    """A label that is not too long."""
    if display_width(text) <= _LONGEST:
        return text
    while display_width(text) > _LONGEST - 1:
        text = text[:-1]
    return text + "…"


def _title(figure: Figure, title: str) -> None:
    high = figure.get_size_inches()[1]
    figure.text(
        0.12 / _WIDE, 1 - 0.14 / high, title, fontsize=_SIZE + 2, va="top", fontweight="bold"
    )


def _bars(chart: Bars, titled: bool) -> Figure:
    each = 1 if chart.stacked else max((len(bar.parts) for bar in chart.bars), default=1)
    rows = len(chart.bars) * (each * 0.75 + 0.25 if each > 1 else 1)
    labels = [_cut(bar.label) for bar in chart.bars]
    figure, axes = _figure(rows, max(map(display_width, labels)), titled, True)
    right, left = _extent(chart)
    span = (right + left) or 1
    texts = max(display_width(bar.text) for bar in chart.bars) * _SIZE * 0.53 / 72
    room = span * texts / max(axes.get_position().width * _WIDE - texts - 0.2, 1)
    axes.set_xlim(-left - span * 0.01, right + room + span * 0.02)
    axes.set_ylim(len(chart.bars) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks(range(len(labels)), labels, color=COLOURS["ink"])
    for row, bar in enumerate(chart.bars):
        end = _row(axes, row, bar, each)
        axes.text(end + span * 0.012, row, bar.text, va="center", color=COLOURS["soft"])
    axes.axvline(0, color=COLOURS["soft"], linewidth=0.8)
    _legend(figure, chart.legend, titled)
    if titled:
        _title(figure, chart.title)
    return figure


def _extent(chart: Bars) -> tuple[int, int]:
    """How far bars reach to the right and to the left."""

    def reach(bar: Bar, sign: int) -> int:
        lengths = [max(length * sign, 0) for _, length in bar.parts]
        return sum(lengths) if chart.stacked else max(lengths, default=0)

    return (
        max((reach(bar, 1) for bar in chart.bars), default=0),
        max((reach(bar, -1) for bar in chart.bars), default=0),
    )


def _row(axes: Axes, row: int, bar: Bar, each: int) -> float:
    """Draws one row; how far it reaches to the right."""
    right = left = 0
    for n, (colour, length) in enumerate(bar.parts):
        start = 0 if each > 1 else right if length >= 0 else left
        place = row if each == 1 else row + ((n + 0.5) / each - 0.5) * 0.8
        high = 0.66 if each == 1 else 0.74 / each
        axes.barh(place, length, high, left=start, color=COLOURS[colour])
        if each > 1:
            right = max(right, length)
        elif length >= 0:
            right += length
        else:
            left += length
    return float(right)


def _legend(figure: Figure, legend: Sequence[tuple[str, str]], titled: bool) -> None:
    """What the colours mean, in a line above the bars."""
    from matplotlib.patches import Rectangle

    wide, high = figure.get_size_inches()
    at = 0.15
    down = 0.1 + 0.36 * titled
    for colour, text in legend:
        square = Rectangle(
            (at / wide, 1 - (down + 0.15) / high), 0.13 / wide, 0.13 / high,
            transform=figure.transFigure, facecolor=COLOURS[colour],
        )  # fmt: skip
        figure.add_artist(square)
        figure.text(
            (at + 0.2) / wide, 1 - (down + 0.085) / high, text, va="center", color=COLOURS["ink"]
        )
        at += 0.2 + display_width(text) * _SIZE * 0.53 / 72 + 0.25


def _squares(chart: Squares, titled: bool) -> Figure:
    """Old values down, new values across; on the diagonal what stayed is grey."""
    from matplotlib.patches import Rectangle

    rows = [_cut(label) for label in chart.rows]
    head = max(map(display_width, chart.columns)) * _SIZE * 0.53 / 72 * 0.72 + 0.3
    figure, axes = _figure(len(rows) + head / _ROW, max(map(display_width, rows)), titled, False)
    axes.set_xlim(0, len(chart.columns))
    axes.set_ylim(len(rows), -head / _ROW)
    axes.set_xticks([])
    axes.set_yticks([n + 0.5 for n in range(len(rows))], rows, color=COLOURS["ink"])
    for column, label in enumerate(chart.columns):
        axes.text(
            column + 0.4, -0.25, _cut(label), rotation=45, rotation_mode="anchor", ha="left",
            va="baseline",
        )  # fmt: skip
    moved = [cases for r, c, cases, _ in chart.cells if chart.rows[r] != chart.columns[c]]
    most = max(moved, default=1)
    for row, column, cases, text in chart.cells:
        stays = chart.rows[row] == chart.columns[column]
        strength = 0.18 if stays else 0.12 + 0.48 * min(cases / most, 1)
        axes.add_patch(
            Rectangle(
                (column + 0.03, row + 0.05), 0.94, 0.9, linewidth=0, alpha=strength,
                facecolor=COLOURS["still" if stays else "up"],
            )
        )  # fmt: skip
        axes.text(column + 0.5, row + 0.5, text, ha="center", va="center")
    if titled:
        _title(figure, chart.title)
    return figure
