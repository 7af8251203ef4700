"""Runs the worked examples of a rulebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Example, Expectation
from luling.compiler.ir.values import show

from .decide import Decision, Engine
from .partial import INCOMPLETE


@attrs.frozen
class Difference:
    """An expectation that was not met: what it is about, what was expected, what came out."""

    expectation: Expectation
    about: str
    expected: str
    found: str


@attrs.frozen
class Outcome:
    """An example with what came of it; it passes where there is no difference."""

    example: Example
    decision: Decision
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def run_examples(engine: Engine, examples: Iterable[Example] | None = None) -> Iterator[Outcome]:
    """Some examples of a rulebook, or all that are its own, in the order of the text."""
    engines: dict[tuple[tuple[str, str], ...], Engine] = {(): engine}
    for example in engine.rulebook.own_examples if examples is None else examples:
        if example.readings not in engines:
            engines[example.readings] = engine.with_readings(dict(example.readings))
        yield run_example(engines[example.readings], example)


def run_example(engine: Engine, example: Example) -> Outcome:
    """One example; its readings must be those of the engine."""
    decision = engine.decide(example.case)
    found = tuple(
        difference
        for expectation in example.expectations
        if (difference := _difference(decision, expectation)) is not None
    )
    return Outcome(example, decision, found or _unexpected_state(decision, example))


def _unexpected_state(decision: Decision, example: Example) -> tuple[Difference, ...]:
    """Bad input that no expectation speaks of: an example that decides nothing."""
    spoken = {e.name for e in example.expectations}
    if decision.state in ("已定", "信息不足") or spoken & {"状态", "错误"}:
        return ()
    faults = "；".join(f"{f.place}：{f.message()}" for f in decision.faults)
    expectation = Expectation("状态", None, "已定", False, t.TEXT, example.span)
    return (Difference(expectation, "状态", "已定", f"{decision.state}（{faults}）"),)


def _difference(decision: Decision, expectation: Expectation) -> Difference | None:
    about = expectation.name
    if expectation.member is not None:
        about = f"{expectation.member} 的 {expectation.name.split('的', 1)[-1]}"
    value = _value(decision, expectation)
    if expectation.unknown:
        if value.__class__ in INCOMPLETE:
            return None
        return Difference(expectation, about, "未知", _show(value, expectation.type))
    if value.__class__ not in INCOMPLETE and value == expectation.value:
        return None
    expected = _show(expectation.value, expectation.type)
    return Difference(expectation, about, expected, _show(value, expectation.type))


def _value(decision: Decision, expectation: Expectation) -> Any:
    match expectation.name:
        case "状态":
            return decision.state
        case "缺少":
            return decision.missing
        case "错误":
            return tuple(fault.place for fault in decision.faults)
    if expectation.name in decision.values:
        return decision.values[expectation.name]
    if decision.interpretation is None or decision.state == "规则有误":
        return None
    return decision.interpretation.definition(expectation.name, expectation.member)


def _show(value: Any, type_: t.Type) -> str:
    if value.__class__ in INCOMPLETE:
        return f"未知（缺少 {'、'.join(sorted(value.missing))}）"
    return show(value, type_)
