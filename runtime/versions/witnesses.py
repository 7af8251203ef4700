"""Witnesses as files: a case as JSON, and a worked example to be pasted into the new version."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Example, Rulebook
from luling.compiler.ir.values import Value, show

from ..facts import Item, reader_of
from ..partial import INCOMPLETE
from .change import RuleChange
from .comparison import Comparison
from .outcomes import Region, ResultComparison


def witness_files(comparison: Comparison) -> dict[str, bytes]:
    """By name, two files for each region of each result: `01-02.json` and `01-02.luling` are the
    second region of the first result.
    """
    found: dict[str, bytes] = {}
    outcomes = comparison.outcomes
    for place, result in enumerate(outcomes.results if outcomes is not None else (), 1):
        for number, region in enumerate(result.regions, 1):
            name = f"{place:02}-{number:02}"
            found[f"{name}.json"] = _as_case(comparison, result, region)
            found[f"{name}.luling"] = _as_example(comparison, result, region, number).encode()
    return found


def said_of(comparison: Comparison, result: ResultComparison, region: Region) -> str:
    """费用 5.00元 → 8.00元, with what each version is called."""
    versions = [loaded.rulebook.version for loaded in (comparison.old, comparison.new)]
    left, right = show(region.old, result.type), show(region.new, result.type)
    return f"{result.name}：{versions[0] or '旧版'} {left}，{versions[1] or '新版'} {right}"


def _as_case(comparison: Comparison, result: ResultComparison, region: Region) -> bytes:
    """The form of case files: 说明, 条款, 案件, 应得; what must come out is the new version's."""
    value = {
        "说明": said_of(comparison, result, region),
        "条款": list(_clauses(comparison.change, region)),
        "案件": region.witness.case,
        "应得": region.witness.new.results(),
    }
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _clauses(changes: Mapping[str, RuleChange], region: Region) -> Iterator[str]:
    named = (changes[key].clause for key in region.causes if key in changes)
    yield from dict.fromkeys(clause for clause in named if clause is not None)


def _as_example(
    comparison: Comparison, result: ResultComparison, region: Region, number: int
) -> str:
    rulebook, witness = comparison.new.rulebook, region.witness
    base = next((e for e in rulebook.examples if e.name == witness.baseline), None)
    lines = [f"示例 {result.name}的变化之{number}"]
    lines.append(f"  注 「{said_of(comparison, result, region)}。」")
    if base is not None:
        lines.append(f"  沿用 {base.name}")
    lines += [f"  {line}" for line in _given(rulebook, witness.case, base)]
    expected = [
        f"{name} 为 {literal(value, witness.new.engine.types[name])}"
        for name, value in witness.new.values.items()
        if value.__class__ not in INCOMPLETE
    ]
    if expected:
        lines.append(f"  得 {'，'.join(expected)}")
    return "\n".join(lines) + "\n"


def _given(rulebook: Rulebook, case: Mapping[str, Any], base: Example | None) -> Iterator[str]:
    """The facts in which a case is not its base, as the language sets them."""
    reader = reader_of(rulebook)
    facts = reader.read(case).known
    before = reader.read(base.case).known if base is not None else {}
    lists = {group.name for group in rulebook.groups if group.is_list}
    for path, value in facts.items():
        if path in lists:
            if base is None or _items(value) != _items(before.get(path)):
                yield f"设 {path} 为 空"
                yield from (f"添 {path}：{_fields(rulebook, item)}" for item in value)
        elif path not in before or value != before[path]:
            yield f"设 {path} 为 {literal(value, rulebook.facts[path].type)}"
    for path in before:
        if path not in facts:
            yield f"设 {path} 为 未知"


def _items(value: tuple[Item, ...] | None) -> list[dict[str, Value]] | None:
    return None if value is None else [item.fields for item in value]


def _fields(rulebook: Rulebook, item: Item) -> str:
    types = {path: field.type for path, field in rulebook.facts.items()}
    return "，".join(
        f"{name} 为 {literal(value, types[f'{item.of}.{name}'])}"
        for name, value in item.fields.items()
    )


def literal(value: Value, type_: t.Type) -> str:
    """A value as the language writes it."""
    kind = t.solid(type_)
    if kind == t.TEXT and isinstance(value, str):
        return f"“{value}”"
    if isinstance(value, tuple) and not value:
        return "空"
    if isinstance(kind, t.ListOf) and isinstance(value, tuple):
        return "、".join(literal(one, kind.item) for one in value)  # type: ignore[arg-type]
    return show(value, type_)
