"""How long a whole process takes: Python alone, --help, and one case with the rulebook cached.

python benchmarks/startup.py [ROUNDS]
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from measure import CASE, COMMAND, FLAGSHIP, about, empty_folder, medians, table, with_cache

ROUNDS = 15


def main() -> None:
    """Prints the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    about({"rounds": rounds})
    ways = {
        "python -c pass": [sys.executable, "-P", "-c", "pass"],
        "luling --help": [*COMMAND, "--help"],
        "luling run, cached": [*COMMAND, "run", str(FLAGSHIP), str(CASE), "--explain"],
    }
    with empty_folder() as cache:
        found = []
        for number in range(rounds + 1):
            one = [_seconds(command, Path(cache)) for command in ways.values()]
            if number:  # the first round fills the caches
                found.append(one)
    ratios = medians([[each / one[0] for each in one] for one in found])
    table(
        "Whole processes, wall seconds",
        ("", "seconds", "against Python alone"),
        [
            (name, f"{seconds:.3f}", f"{ratio:.1f}")
            for name, seconds, ratio in zip(ways, medians(found), ratios, strict=True)
        ],
    )


def _seconds(command: list[str], cache: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=with_cache(cache), stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
