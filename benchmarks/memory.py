"""Do ten million rows finish in one gigabyte?

python benchmarks/memory.py [ROWS [MEGABYTES [FOLDER]]]     (extra `luling[batch]`)

The table is made, then `luling batch --memory` decides it in a process that the system keeps from
having more private memory than that (RLIMIT_DATA: heap, stacks and all that is mapped for writing).
Its results are counted afterwards. FOLDER is where the tables go; without it, where temporary files
go, and they are removed.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import pyarrow.parquet as pq
from make_table import write
from measure import FLAGSHIP, about, empty_folder, once, table

ROWS, MEGABYTES = 10_000_000, 1000
LIMITED = """
import resource, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
from luling.runtime.cli import main
main()
"""


def main() -> None:
    """Prints the table."""
    count = int(float(sys.argv[1])) if len(sys.argv) > 1 else ROWS
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else MEGABYTES
    about({"rows": f"{count:,}", "limit": f"{megabytes} MB"})
    with ExitStack() as stack:
        where = sys.argv[3] if len(sys.argv) > 3 else stack.enter_context(empty_folder())
        folder = Path(where)
        write(folder, count)
        out = folder / "out.parquet"
        command = [sys.executable, "-P", "-c", LIMITED, str(megabytes * 1_000_000)]
        command += ["batch", str(FLAGSHIP), str(folder / "cases.parquet")]
        command += ["--history", str(folder / "已享补贴.parquet")]
        command += ["-o", str(out), "--memory", f"{megabytes}MB"]
        wall, used, peak = once(command)
        found = pq.ParquetFile(out)
        assert found.metadata.num_rows == count
        size = sum(path.stat().st_size for path in folder.glob("*.parquet")) / 1e6
    rows = [
        (
            f"{count:,}",
            f"{wall:.0f}",
            f"{used:.0f}",
            f"{count / wall:,.0f}",
            f"{peak:.0f}",
            f"{size:.0f}",
        )
    ]
    header = ("rows", "wall s", "CPU s", "rows a second", "peak MB resident", "MB of Parquet")
    table(f"luling batch in {megabytes} MB", header, rows)


if __name__ == "__main__":
    main()
