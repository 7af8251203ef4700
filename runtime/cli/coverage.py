"""What `luling test --coverage` prints: by clause what the examples exercise, and what not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.source import Span

from ..coverage import KINDS, STATES, Coverage, Point
from ..rulebooks import Loaded
from .shared import print_json

_OF_RULES = ("fired", "overridden", "false")


def place(loaded: Loaded, span: Span) -> str:
    """A place as file:line."""
    return f"{span.file}:{loaded.sources[span.file].position(span.start).line}"


def only_about(coverage: Coverage, text: str) -> Coverage:
    """The points with a text in their clause or name."""
    return Coverage(tuple(p for p in coverage.points if text in p.name or text in (p.clause or "")))


def tell(loaded: Loaded, coverage: Coverage, as_json: bool, language: Language) -> None:
    """A line for each clause, under it what no example exercises, at last the share that is."""
    if as_json:
        _tell_json(loaded, coverage, language)
        return
    for line in told(loaded, coverage, language):
        print(line)


def told(loaded: Loaded, coverage: Coverage, language: Language) -> Iterator[str]:
    """The lines of `tell`."""
    for clause, points in coverage.by_clause().items():
        mark = "✓" if all(point.covered for point in points) else "✗"
        yield f"  {mark} {clause or '—'}　{_counts(points, language)}"
        for point in points:
            if not point.covered:
                yield f"      {point.name}：{getattr(point.lacking, language)}"
                yield f"        --> {place(loaded, point.span)}"
    yield share(coverage, language)


def share(coverage: Coverage, language: Language) -> str:
    """覆盖 412/430（95%）."""
    covered, whole = coverage.covered, len(coverage.points)
    text = Both(
        f"覆盖 {covered}/{whole}（{coverage.percent}%）",
        f"covered {covered}/{whole} ({coverage.percent}%)",
    )
    reasons = Both(
        f"，其中 {coverage.explained} 处说明了为何没有示例",
        f", of which {coverage.explained} explained, not exercised",
    )
    end = Both("。", ".")
    parts = (text, reasons, end) if coverage.explained else (text, end)
    return "".join(getattr(part, language) for part in parts)


def _tell_json(loaded: Loaded, coverage: Coverage, language: Language) -> None:
    """One object for each clause, at last one for the rulebook."""
    for clause, points in coverage.by_clause().items():
        covered = sum(point.covered for point in points)
        found = [_json(loaded, point, language) for point in points]
        print_json({"条款": clause, "覆盖": [covered, len(points)], "项目": found})
    whole = [coverage.covered, len(coverage.points)]
    print_json({"规则书": loaded.rulebook.title, "覆盖": whole, "百分比": coverage.percent})


def _json(loaded: Loaded, point: Point, language: Language) -> dict[str, object]:
    found: dict[str, object] = {
        "种类": KINDS[point.kind].zh, "名称": point.name, "情形": point.state.zh,
        "位置": place(loaded, point.span), "示例数": point.count,
    }  # fmt: skip
    if point.states:
        found["各情形"] = {STATES[state].zh: count for state, count in point.states}
    if point.reason is not None:
        found["说明"] = point.reason
    if not point.covered:
        found["缺"] = getattr(point.lacking, language)
    return found


def _counts(points: list[Point], language: Language) -> str:
    """规则 3/3（适用 41，被优先 2，条件不成立 7）　界限 9/9."""
    parts = []
    for kind, name in KINDS.items():
        mine = [point for point in points if point.kind == kind]
        if mine:
            part = f"{getattr(name, language)} {sum(p.covered for p in mine)}/{len(mine)}"
            parts.append(part + _states(mine, language))
    return "　".join(parts)


def _states(points: list[Point], language: Language) -> str:
    """How often rules were in which state, in examples; nothing of what has no states."""
    counts: Counter[str] = Counter()
    for point in points:
        counts.update(dict(point.states))
    comma, left, right = ("，", "（", "）") if language == "zh" else (", ", " (", ")")
    shown = [f"{getattr(STATES[s], language)} {counts[s]}" for s in _OF_RULES if counts[s]]
    return f"{left}{comma.join(shown)}{right}" if shown else ""
