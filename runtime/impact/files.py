"""Files of a report: written whole, or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .charts import Chart, to_png

_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')


def put(path: Path, data: bytes) -> None:
    """Writes a file beside its place and moves it there. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def put_charts(folder: Path, charts: Sequence[Chart]) -> None:
    """Writes each chart as a picture, in the order of the page: 01-合计.png."""
    for number, chart in enumerate(charts, 1):
        put(folder / f"{number:02}-{_UNFIT.sub('-', chart.name)}.png", to_png(chart))
