"""Generated files on disk: written only where they changed, or compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import attrs

Files = Mapping[str, bytes]


@attrs.frozen
class Stale:
    """A file that is not what would be written: `reason` is 缺少, 多余 or 不同; of a text that
    differs, the first line that does, as it is and as it should be.
    """

    path: Path
    reason: str
    line: int = 0
    found: str = ""
    wanted: str = ""


def stale(folder: Path, files: Files) -> list[Stale]:
    """What in a folder differs from the files that belong there, in the order of their names."""
    present = {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()}
    found = []
    for name in sorted({*present, *files}):
        if name not in files:
            found.append(Stale(folder / name, "多余"))
        elif name not in present:
            found.append(Stale(folder / name, "缺少"))
        elif (old := present[name].read_bytes()) != files[name]:
            found.append(_differing(folder / name, old, files[name]))
    return found


def _differing(path: Path, old: bytes, new: bytes) -> Stale:
    before, after = (text.decode("utf-8", "replace").split("\n") for text in (old, new))
    length = max(len(before), len(after))
    lines = zip(*(part + [""] * (length - len(part)) for part in (before, after)), strict=True)
    at, (found, wanted) = next(
        ((n, pair) for n, pair in enumerate(lines, 1) if pair[0] != pair[1]), (0, ("", ""))
    )
    return Stale(path, "不同", at, found, wanted)


def write(folder: Path, files: Files) -> list[Stale]:
    """Brings a folder up to date and returns what was not; files that are right stay untouched."""
    changes = stale(folder, files)
    for change in changes:
        if change.reason == "多余":
            change.path.unlink()
        else:
            change.path.parent.mkdir(parents=True, exist_ok=True)
            change.path.write_bytes(files[str(change.path.relative_to(folder))])
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return changes
