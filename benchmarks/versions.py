"""How long comparing the outcomes of two versions takes, and how that grows.

python benchmarks/versions.py [ROUNDS]

The real rulebooks; made-up ones with more and more rules and thresholds; a table of 600 cells
beside the same table given to Z3 as it comes (extra luling[verify]).
Every comparison is made in a process of its own; CPU seconds, without loading the rulebooks.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from made_up import amount, with_rules, with_table, with_thresholds
from measure import FLAGSHIP, ROOT, about, empty_folder, fresh, medians, table

ROUNDS = 3
ROWS, COLUMNS = 30, 20
SECONDS = 300  # after so many what is not settled counts as undecided

# CPU seconds of one comparison, megabytes at the most, and how many results came out how.
COMPARE = """
import json, resource, sys, time
from pathlib import Path
from luling.runtime import load, load_text
from luling.runtime.versions.compare import compare_outcomes
def engine(where):
    path = Path(where)
    return load(path) if path.is_dir() else load_text(path.read_text("utf-8"))
old, new = (engine(where) for where in sys.argv[1:3])
start = time.process_time()
found = compare_outcomes(old, new, regions=int(sys.argv[3]), seconds=float(sys.argv[4])).results
seconds = time.process_time() - start
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
verdicts = [result.verdict for result in found]
print([seconds, most, *(verdicts.count(v) for v in ("same", "differs", "undecided"))])
"""

# CPU seconds to build two chains of If, one a version, and to ask for a cell that differs.
Z3 = """
import sys, time
import z3
rows, columns, old, new, differ = eval(sys.argv[1])
start = time.process_time()
row, column = z3.Ints("row column")
def chain(cells):
    found = z3.IntVal(0)
    for (i, j), value in reversed(cells.items()):
        found = z3.If(z3.And(row == i, column == j), z3.IntVal(value), found)
    return found
solver = z3.Solver()
solver.add(0 <= row, row < rows, 0 <= column, column < columns, chain(old) != chain(new))
answer = solver.check()
seconds = time.process_time() - start
assert answer == (z3.sat if differ else z3.unsat)
print([seconds])
"""
HEADER = ("", "CPU s", "peak MB", "same", "differs", "undecided")


def main() -> None:
    """Prints all tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    about({"rounds": rounds, "limit": f"{SECONDS} s"})
    real(rounds)
    growing(rounds)
    cells(rounds)


def real(rounds: int) -> None:
    """The notice against itself, its predecessor and a draft that amends it; then 1 region each."""
    earlier, draft = FLAGSHIP.parent / "2022-17", ROOT / "examples" / "draft-b-class"
    pairs = [
        ("2025-7 → 2025-7", FLAGSHIP, FLAGSHIP, 8),
        ("2022-17 → 2025-7", earlier, FLAGSHIP, 8),
        ("2022-17 → 2025-7, one region a result", earlier, FLAGSHIP, 1),
        ("2025-7 → draft-b-class", FLAGSHIP, draft, 8),
        ("2025-7 → draft-b-class, one region a result", FLAGSHIP, draft, 1),
    ]
    with empty_folder() as cache:
        rows = [
            row(name, [compared(old, new, regions, cache) for _ in range(rounds)])
            for name, old, new, regions in pairs
        ]
    table("real rulebooks, at most 8 regions a result", HEADER, rows)


def growing(rounds: int) -> None:
    """Made-up rulebooks with one change, each twice as long as the one before."""
    with empty_folder() as folder:
        rules = [
            row(f"{n} categories", made(folder, with_rules(n), with_rules(n, 1), rounds))
            for n in (4, 8, 16, 32)
        ]
        limits = [
            row(f"{n} brackets", made(folder, with_thresholds(n), with_thresholds(n, 100), rounds))
            for n in (25, 50, 100, 200, 400)
        ]
    table(
        "rules: categories, each with two rules, a requirement and limits of its own", HEADER, rules
    )
    table("thresholds: brackets of one amount, each a rule", HEADER, limits)


def cells(rounds: int) -> None:
    """A table with one cell changed, and with none, beside Z3."""
    rows = []
    have_z3 = importlib.util.find_spec("z3") is not None
    with empty_folder() as folder:
        for more, name in ((1, "one cell changed"), (0, "nothing changed")):
            ours, theirs = [], []
            for _ in range(rounds):
                texts = with_table(ROWS, COLUMNS), with_table(ROWS, COLUMNS, more)
                ours += made(folder, *texts, 1)
                if have_z3:
                    theirs.append(fresh(Z3, question(more), cache=Path(folder)))
            seconds = medians(ours)[0]
            naive = medians(theirs)[0] if have_z3 else None
            told = "not installed" if naive is None else f"{naive:.3f}"
            ratio = "" if naive is None else f"{naive / seconds:.0f}"
            rows.append((name, f"{seconds:.3f}", told, ratio))
    table(f"a table of {ROWS * COLUMNS} cells", ("", "CPU s", "naive Z3, CPU s", "times"), rows)


def question(more: int) -> str:
    """The two tables as Z3 is given them."""
    old = {(i, j): amount(i, j) for i in range(ROWS) for j in range(COLUMNS)}
    middle = ROWS // 2, COLUMNS // 2
    return repr((ROWS, COLUMNS, old, {**old, middle: old[middle] + more}, bool(more)))


def made(folder: str, old: str, new: str, rounds: int) -> list[list[float]]:
    """Comparisons of two rulebooks given as text."""
    places = Path(folder) / "old.luling", Path(folder) / "new.luling"
    for place, text in zip(places, (old, new), strict=True):
        place.write_text(text, "utf-8")
    return [compared(*places, 8, folder) for _ in range(rounds)]


def compared(old: Path, new: Path, regions: int, cache: str) -> list[float]:
    """One comparison in a fresh process."""
    return fresh(COMPARE, old, new, regions, SECONDS, cache=Path(cache))


def row(name: str, found: list[list[float]]) -> list[object]:
    """A row of a table: medians, and how the results came out."""
    seconds, most, *verdicts = medians(found)
    return [name, f"{seconds:.2f}", f"{most:.0f}", *(int(count) for count in verdicts)]


if __name__ == "__main__":
    main()
