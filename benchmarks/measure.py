"""What the benchmarks share: fresh processes, medians, and a table at the end."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
FLAGSHIP = ROOT / "rules" / "shanghai-skill-subsidy" / "2025-7"
CASE = ROOT / "examples" / "employed.json"
# -P: the folder of a script must not shadow a package.
COMMAND = [sys.executable, "-P", "-c", "from luling.runtime.cli import main; main()"]


def fresh(code: str, *arguments: object, cache: Path) -> list[float]:
    """What a piece of Python prints as a JSON list, in a process of its own with its own cache."""
    command = [sys.executable, "-P", "-c", code, *map(str, arguments)]
    done = subprocess.run(command, env=with_cache(cache), stdout=subprocess.PIPE, check=True)
    found: list[float] = json.loads(done.stdout)
    return found


def once(command: Sequence[str]) -> tuple[float, float, float]:
    """What a whole process takes: wall seconds, CPU seconds, and megabytes at its peak."""
    # A small process starts it: a child's peak begins with what its parent has.
    launcher = [sys.executable, "-I", "-c", _LAUNCHER, *command]
    done = subprocess.run(launcher, stdout=subprocess.PIPE, check=True)
    status, wall, used, peak = json.loads(done.stdout)
    if status not in (0, 1):  # 1: something was found, such as bad input
        raise SystemExit(f"exit status {status}: {' '.join(command)}")
    return wall, used, peak


_LAUNCHER = """
import json, os, subprocess, sys, time
began = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
wall = time.perf_counter() - began
status = os.waitstatus_to_exitcode(status)
print(json.dumps([status, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


def with_cache(folder: Path) -> dict[str, str]:
    """The environment with another folder for caches, and the language fixed."""
    return {**os.environ, "XDG_CACHE_HOME": str(folder), "LANG": "C.UTF-8"}


def empty_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes when it is closed."""
    return tempfile.TemporaryDirectory(prefix="luling-benchmark-")


def medians(rounds: Sequence[Sequence[float]]) -> list[float]:
    """The median of each column."""
    return [median(column) for column in zip(*rounds, strict=True)]


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Prints a Markdown table."""
    lines = [f"\n{title}\n", _row(header), _row(["---"] * len(header)), *map(_row, rows)]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def about(what: Mapping[str, object]) -> None:
    """Prints on what the figures were measured."""
    facts = {
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        **what,
    }
    sys.stdout.write(" · ".join(f"{key} {value}" for key, value in facts.items()) + "\n")
    sys.stdout.flush()


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"
