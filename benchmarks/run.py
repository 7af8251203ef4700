"""How many decisions a second, with and without 依据, against a program written by hand.

python benchmarks/run.py [CASES [ROUNDS]]

The cases and the program are those of tests/flagship: `oracle.decide` is the same notice written
in Python, without 依据, readings, checks of input or unknown facts. Both must give one answer.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from measure import FLAGSHIP, ROOT, about, medians, table

from luling.runtime import load

sys.path.insert(0, str(ROOT / "tests"))
from flagship.cases import random_case
from flagship.oracle import decide as by_hand

CASES, ROUNDS = 3_000, 5
Case = dict[str, Any]


def main() -> None:
    """Prints the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    about({"cases": count, "rounds": rounds})
    rng = random.Random(2025)
    cases = [random_case(rng) for _ in range(count)]
    texts = [json.dumps(case, ensure_ascii=False) for case in cases]
    engine = load(FLAGSHIP)
    for case in cases[:500]:
        assert engine.decide(case).results() == by_hand(case)
    gc.collect()
    gc.freeze()  # as `luling run` does
    ways: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
        "by hand": (by_hand, cases),
        "results": (lambda case: engine.decide(case).results(), cases),
        "results and 依据": (lambda case: engine.decide(case).to_json(), cases),
        "the same, JSON text to JSON text": (
            lambda text: json.dumps(engine.decide_text(text).to_json(), ensure_ascii=False),
            texts,
        ),
    }
    found = [[_seconds(*way) for way in ways.values()] for _ in range(rounds)]
    seconds = medians(found)
    ratios = medians([[each / one[0] for each in one] for one in found])
    table(
        "Complete cases of the real rulebook, one core, CPU time",
        ("", "decisions a second", "µs a decision", "times by hand"),
        [
            (name, f"{count / s:,.0f}", f"{s / count * 1e6:.0f}", f"{ratio:.1f}")
            for name, s, ratio in zip(ways, seconds, ratios, strict=True)
        ],
    )


def _seconds(act: Callable[[Any], object], cases: Sequence[Any]) -> float:
    start = time.process_time()
    for case in cases:
        act(case)
    return time.process_time() - start


if __name__ == "__main__":
    main()
