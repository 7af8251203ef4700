"""How long compiling takes: the real rulebook, cold and from the cache, and made-up longer ones.

python benchmarks/compile.py [ROUNDS]
"""

from __future__ import annotations

import sys
from pathlib import Path

from made_up import made_up
from measure import FLAGSHIP, about, empty_folder, fresh, medians, table

LENGTHS = (1_000, 3_000, 10_000)
ROUNDS = 5

# Seconds to import what loads a rulebook, and to load one.
LOAD = """
import sys, time
from pathlib import Path
start = time.perf_counter()
from luling.runtime.rulebooks import load_rulebook
imported = time.perf_counter()
loaded = load_rulebook(Path(sys.argv[1]))
assert loaded.ok
print([imported - start, time.perf_counter() - imported])
"""

# CPU seconds of one compilation; the grammar has been read before, by a rulebook of a line.
COMPILE = """
import sys, time
from pathlib import Path
from luling.compiler.pipeline import compile_rulebook
from luling.compiler.source import SourceFile
compile_rulebook([SourceFile("a", "规则书 甲")])
source = SourceFile("b", Path(sys.argv[1]).read_text("utf-8"))
start = time.process_time()
_, findings = compile_rulebook([source])
seconds = time.process_time() - start
assert not findings, findings[0]
print([seconds])
"""


def main() -> None:
    """Prints both tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    about({"rounds": rounds})
    flagship(rounds)
    lengths(rounds)


def flagship(rounds: int) -> None:
    """The real rulebook and the one it imports: cold and from the cache, in turn."""
    cold, cached = [], []
    for _ in range(rounds):
        with empty_folder() as cache:
            cold.append(fresh(LOAD, FLAGSHIP, cache=Path(cache)))
            cached.append(fresh(LOAD, FLAGSHIP, cache=Path(cache)))
    lines = sum(path.read_text("utf-8").count("\n") for path in FLAGSHIP.glob("*.luling"))
    rows = []
    for name, found in (("nothing cached", cold), ("from the cache", cached)):
        imports, load = medians(found)
        rows.append((name, f"{imports:.3f}", f"{load:.3f}", f"{imports + load:.3f}"))
    ratio = medians(cold)[1] / medians(cached)[1]
    table(
        f"{FLAGSHIP.parent.name}/{FLAGSHIP.name}, {lines} lines, wall seconds in a fresh process"
        f" (load: {ratio:.0f} to 1)",
        ("", "imports", "load", "both"),
        rows,
    )


def lengths(rounds: int) -> None:
    """Made-up rulebooks: does time grow with length, and no faster?"""
    found: dict[int, list[list[float]]] = {length: [] for length in LENGTHS}
    counted: dict[int, int] = {}
    with empty_folder() as folder:
        for length in LENGTHS:
            text = made_up(length)
            counted[length] = text.count("\n")
            Path(folder, f"{length}.luling").write_text(text, "utf-8")
        for _ in range(rounds):
            for length in LENGTHS:
                path = Path(folder, f"{length}.luling")
                found[length].append(fresh(COMPILE, path, cache=Path(folder)))
    per_line = {length: medians(found[length])[0] / counted[length] for length in LENGTHS}
    rows = []
    for length in LENGTHS:
        seconds = medians(found[length])[0]
        ratio = per_line[length] / per_line[LENGTHS[0]]
        each = f"{per_line[length] * 1e6:.0f}"
        rows.append((f"{counted[length]:,}", f"{seconds:.3f}", each, f"{ratio:.2f}"))
    table(
        "Made-up rulebooks, CPU seconds of one compilation in a fresh process",
        ("lines", "seconds", "µs a line", "a line against the shortest"),
        rows,
    )


if __name__ == "__main__":
    main()
