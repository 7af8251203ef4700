"""Files of a report: written whole, or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ..whole_files import put
from .charts import Chart, to_png

_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')


def put_page(path: Path, html: bytes) -> None:
    """Writes a page, in a folder that is made where it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, html)


def put_charts(folder: Path, charts: Sequence[Chart]) -> None:
    """Writes each chart as a picture, in the order of the page: 01-合计.png."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, chart in enumerate(charts, 1):
        put(folder / f"{number:02}-{_UNFIT.sub('-', chart.name)}.png", to_png(chart))
