"""Decisions a second, one at a time, against the same notice written by hand.

python benchmarks/run.py [CASES [ROUNDS]]

`by_hand.py` is the notice in plain Python, which checks nothing but that dates are dates;
`checked.py` is the same with the checks of the input that the rulebook makes. Neither has 依据,
other readings, or an answer where a fact is unknown. The compiled function has all but 依据. All
must give one answer, which is seen first.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import by_hand
import checked
from measure import FLAGSHIP, ROOT, about, medians, table

from luling.runtime import compile, load

sys.path.insert(0, str(ROOT / "tests"))
from flagship.cases import random_case

CASES, ROUNDS = 20_000, 5
Case = dict[str, Any]

# way → how many times the program by hand it should take, and may take
BOUNDS = {"compiled function": ("2.0", "2.5"), "results and 依据": ("15", "25")}


def main() -> None:
    """Prints the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    about({"cases": count, "rounds": rounds})
    rng = random.Random(2025)
    texts = [json.dumps(random_case(rng), ensure_ascii=False) for _ in range(count)]
    cases = [json.loads(text) for text in texts]  # as they come: no string is shared
    engine = load(FLAGSHIP)
    function = compile(FLAGSHIP)
    for case in cases[:1000]:
        wanted = engine.decide(case).results()
        assert wanted == by_hand.results(case) == checked.decide(case)["结果"]
        assert wanted == function(case)["结果"]
    gc.collect()
    gc.freeze()  # as `luling run` does
    ways: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
        "by hand": (by_hand.decide, cases),
        "by hand, with checks": (checked.decide, cases),
        "compiled function": (function, cases),
        "results": (lambda case: engine.decide(case).results(), cases),
        "results and 依据": (lambda case: engine.decide(case).to_json(), cases),
        "the same, JSON text to JSON text": (
            lambda text: json.dumps(engine.decide_text(text).to_json(), ensure_ascii=False),
            texts,
        ),
    }
    found = [[_seconds(*way) for way in ways.values()] for _ in range(rounds)]
    seconds = medians(found)
    plain = medians([[each / one[0] for each in one] for one in found])
    with_checks = medians([[each / one[1] for each in one] for one in found])
    table(
        "Complete cases of the real rulebook, one core, CPU time",
        ("", "decisions a second", "µs", "× by hand", "× with checks", "reach", "not worse"),
        [
            (
                name,
                f"{count / s:,.0f}",
                f"{s / count * 1e6:.0f}",
                f"{a:.1f}",
                f"{b:.1f}",
                *BOUNDS.get(name, ("", "")),
            )
            for name, s, a, b in zip(ways, seconds, plain, with_checks, strict=True)
        ],
    )


def _seconds(act: Callable[[Any], object], cases: Sequence[Any]) -> float:
    start = time.process_time()
    for case in cases:
        act(case)
    return time.process_time() - start


if __name__ == "__main__":
    main()
