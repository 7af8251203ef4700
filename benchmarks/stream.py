"""Does memory grow with the number of cases? JSON Lines through `luling run - --json`.

python benchmarks/stream.py [LINES]

Every line is another case by chance. Needs os.wait4, so not Windows.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from measure import COMMAND, FLAGSHIP, ROOT, about, empty_folder, table, with_cache

sys.path.insert(0, str(ROOT / "tests"))
from flagship.cases import random_case

LINES = 20_000


def main() -> None:
    """Prints the table."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    about({})
    with empty_folder() as cache:
        stream(1, Path(cache))  # fills the cache
        found = {n: stream(n, Path(cache)) for n in (max(1, lines // 10), lines)}
    few = next(iter(found.values()))
    table(
        "luling run - --json, one process",
        ("lines", "wall seconds", "lines a second", "peak MB", "peak against the first"),
        [
            (f"{n:,}", f"{s:.1f}", f"{n / s:,.0f}", f"{peak:.1f}", f"{peak / few[1]:.3f}")
            for n, (s, peak) in found.items()
        ],
    )


def stream(lines: int, cache: Path) -> tuple[float, float]:
    """Seconds and peak resident megabytes of one run over so many lines."""
    rng = random.Random(2025)
    command = [*COMMAND, "run", str(FLAGSHIP), "-", "--json"]
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=with_cache(cache), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stdin is not None
    for _ in range(lines):
        case = random_case(rng)
        process.stdin.write(json.dumps(case, ensure_ascii=False).encode() + b"\n")
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"luling run ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - start, usage.ru_maxrss * unit / 1e6


if __name__ == "__main__":
    main()
