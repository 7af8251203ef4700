"""Do ten million rows finish in one gigabyte?

python benchmarks/memory.py [ROWS [MEGABYTES [FOLDER]]]     (Linux; extra `luling[batch]`)

The table is made, then `luling batch` decides it, told to let DuckDB have six tenths of the
memory: the rest is for Python, the processes that decide odd rows, and what DuckDB does not count.
All processes together are watched, twenty times a second, and ended where they have more resident
memory than that. The rows of the result are counted. Tables found in FOLDER are used again; without
FOLDER they go where temporary files go, and are removed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pyarrow.parquet as pq
from make_table import write
from measure import COMMAND, FLAGSHIP, about, empty_folder, table

ROWS, MEGABYTES = 10_000_000, 1000
HISTORY = "已享补贴"


def main() -> None:
    """Prints the table."""
    count = int(float(sys.argv[1])) if len(sys.argv) > 1 else ROWS
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else MEGABYTES
    about({"rows": f"{count:,}", "limit": f"{megabytes} MB"})
    with ExitStack() as stack:
        given = sys.argv[3] if len(sys.argv) > 3 else stack.enter_context(empty_folder())
        folder = Path(given)
        cases, out = folder / "cases.parquet", folder / "out.parquet"
        if not cases.exists() or pq.ParquetFile(cases).metadata.num_rows != count:
            write(folder, count)
        out.unlink(missing_ok=True)
        command = [*COMMAND, "batch", str(FLAGSHIP), str(cases)]
        command += ["--history", str(folder / f"{HISTORY}.parquet")]
        command += ["-o", str(out), "--memory", f"{megabytes * 6 // 10}MB"]
        wall, used, peak = _watched(command, megabytes)
        assert pq.ParquetFile(out).metadata.num_rows == count
        size = sum(path.stat().st_size for path in folder.glob("*.parquet")) / 1e6
    cells = (wall, used, count / wall, peak, size)
    row = [f"{count:,}", *(f"{cell:,.0f}" for cell in cells)]
    header = ("rows", "wall s", "CPU s", "rows a second", "peak MB resident", "MB of Parquet")
    table(f"luling batch in {megabytes} MB", header, [row])


def _watched(command: list[str], megabytes: int) -> tuple[float, float, float]:
    """Wall and CPU seconds, and the most megabytes that a process and its children had at once."""
    began, before = time.perf_counter(), os.times()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0.0
    while child.poll() is None:
        peak = max(peak, sum(map(_resident, _family(child.pid))))
        if peak > megabytes:
            child.terminate()
            child.wait()
            raise SystemExit(f"more than {megabytes} MB after {time.perf_counter() - began:.0f} s")
        time.sleep(0.05)
    if child.returncode not in (0, 1):  # 1: something was found, such as bad input
        raise SystemExit(f"exit status {child.returncode}: {' '.join(command)}")
    after = os.times()
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    return time.perf_counter() - began, used, peak


def _family(process: int) -> list[int]:
    """A process and all below it."""
    found = [process]
    for parent in found:
        for tasks in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, tasks.read_text().split())
            except OSError:
                continue  # it has ended
    return found


def _resident(process: int) -> float:
    """The megabytes a process has to itself in memory; files it reads, such as code, aside."""
    try:
        lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    except OSError:
        return 0.0  # it has ended
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


if __name__ == "__main__":
    main()
