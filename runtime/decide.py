"""A rulebook × a case → a decision: results, what is still missing, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property
from typing import Any

from luling.compiler.diagnostics.catalogue import run as codes
from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir.exact import json_of
from luling.compiler.ir.rulebook import Check, Requirement, Rule, Rulebook
from luling.compiler.ir.values import shape_of, to_python

from .deciding import Decided, Decider, State, wrong
from .facts import Fault, parse_case, reader_of
from .interpret import Interpretation
from .partial import INCOMPLETE
from .program import Program
from .why import Slice, Step


class Decision:
    """What a rulebook says of one case.

    `state` is 已定 (everything determined), 信息不足 (see `missing`), 输入有误 (see `faults`) or
    规则有误 (the rulebook contradicts itself on this case). Values are read with
    `decision["名称"]`.
    """

    def __init__(
        self,
        engine: Engine,
        interpretation: Interpretation | None,
        values: dict[str, Any],
        faults: tuple[Fault, ...],
        state: State,
    ) -> None:
        self.engine = engine
        self.interpretation = interpretation
        self.values = values
        self.faults = faults
        self.state = state

    def __getitem__(self, name: str) -> object:
        """A determined result as a Python value: 金额 a Decimal in yuan, 比例 a Fraction, 日期 a
        date.

        Raises `KeyError` for a name that is no result, and for a result that is not determined.
        """
        value = self.values[name]
        if value.__class__ in INCOMPLETE:
            raise KeyError(f"{name}：尚不能确定，缺少 {'、'.join(self.missing)}")
        return to_python(value, self.engine.types[name])

    def determined(self, name: str) -> bool:
        """Whether a result is the same whatever the absent facts turn out to be."""
        return name in self.values and self.values[name].__class__ not in INCOMPLETE

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The absent facts that can still change a result, in the order of their declaration."""
        return () if self.state == "已定" else self.engine.decider.missing(self.values)

    @cached_property
    def _slice(self) -> Slice:
        assert self.interpretation is not None
        found = Slice(self.interpretation)
        if self.state != "规则有误":
            found.results(name for name in self.values if self.determined(name))
        return found

    @property
    def steps(self) -> tuple[Step, ...]:
        """The rules and requirements the results rest on, in the order they were applied."""
        return self._slice.steps if self.interpretation is not None else ()

    @property
    def readings(self) -> dict[str, str]:
        """The readings that were consulted, in the order of their declaration, with what was
        taken.
        """
        if self.interpretation is None:
            return {}
        _ = self._slice
        used = self.interpretation.readings_used
        return {name: taken for name, taken in self.interpretation.readings.items() if name in used}

    def results(self) -> dict[str, object]:
        """The determined results as JSON values, in the order of their declaration."""
        shapes = self.engine.shapes
        return {
            name: json_of(value, shapes[name])
            for name, value in self.values.items()
            if value.__class__ not in INCOMPLETE
        }

    def to_json(self, language: Language = "zh") -> dict[str, object]:
        """The answer as the command prints it: 状态, 结果, 缺少, 依据, 解读, 错误."""
        return {
            "状态": self.state,
            "结果": self.results(),
            "缺少": list(self.missing),
            "依据": self._basis(),
            "解读": self.readings,
            "错误": [fault.to_json(language) for fault in self.faults],
        }

    def _basis(self) -> list[dict[str, str]]:
        if self.interpretation is None:
            return []
        found: dict[tuple[str | None, str, str], Any] = {}
        for definition, part, subject, value in self._slice.grounds:
            # what a member is not is the rule's silence, not its ground
            if part.clause and not (value is False and subject is not None and definition):
                found[part.origin, part.clause, part.name] = part
        return [_named(part) for part in found.values()]


def _named(part: Rule | Requirement) -> dict[str, str]:
    named = {"条款": part.clause or "", "规则": part.name}
    return named | {"规则书": part.origin} if part.origin else named


class ReadingError(ValueError):
    """A reading, or an alternative of one, that the rulebook does not have."""

    def __init__(self, text: Both) -> None:
        super().__init__(text.zh)
        self.text = text


class Engine:
    """A rulebook ready to decide cases.

    >>> import luling.runtime
    >>> engine = luling.runtime.load_text("规则书 例\\n事实 人\\n  年龄：整数（岁）\\n"
    ...     "结果 成年：是否 为 人.年龄 不低于 18岁\\n")
    >>> engine.decide({"人": {"年龄": 18}})["成年"]
    True
    """

    def __init__(self, rulebook: Rulebook, readings: Mapping[str, str] | None = None) -> None:
        self.rulebook = rulebook
        self.program = Program(rulebook)
        self.reader = reader_of(rulebook)
        self.types = {d.name: d.type for d in rulebook.results}
        self.shapes = {name: shape_of(type_) for name, type_ in self.types.items()}
        self.chosen = dict(readings or {})
        self.decider = self._decider()

    def _decider(self) -> Decider:
        program, chosen = self.program, self.chosen
        return Decider(
            self.reader,
            [d.name for d in self.rulebook.results],
            self.rulebook.checks,
            program.checked,
            program.absent,
            program.list_types,
            lambda known: Interpretation(program, known, chosen),
        )

    def with_readings(self, readings: Mapping[str, str]) -> Engine:
        """The same rulebook read otherwise. Raises `ReadingError` for a reading it lacks."""
        for name, alternative in readings.items():
            reading = self.rulebook.reading.get(name)
            if reading is None:
                raise ReadingError(Both(f"没有解读「{name}」", f"no reading 「{name}」"))
            if alternative not in [a.name for a in reading.alternatives]:
                raise ReadingError(
                    Both(
                        f"解读「{name}」没有「{alternative}」这种理解",
                        f"reading 「{name}」 has no alternative 「{alternative}」",
                    )
                )
        other = copy(self)  # nothing but the choice depends on the readings
        other.chosen = {**self.chosen, **readings}
        other.decider = other._decider()
        return other

    def with_rules(self, rulebook: Rulebook) -> Engine:
        """The same facts, results and readings, by the rules of a rulebook that has them too."""
        other = copy(self)
        other.rulebook, other.program = rulebook, Program(rulebook)
        other.decider = other._decider()
        return other

    def fact_key(self, path: str) -> tuple[int, str]:
        """Where a fact stands among all, for sorting."""
        return self.decider.fact_key(path)

    def decide(self, case: Mapping[str, Any]) -> Decision:
        """The decision on a case given as nested mappings, keys and values as in JSON."""
        return self._decision(self.decider.decide(case))

    def decide_text(self, text: str) -> Decision:
        """The decision on a case written as JSON."""
        case, faults = parse_case(text)
        return self._bad(list(faults)) if case is None else self.decide(case)

    def decide_many(self, cases: Iterable[Mapping[str, Any]]) -> Iterable[Decision]:
        """Decisions on many cases, one at a time."""
        return (self.decide(case) for case in cases)

    def unreadable(self, problem: Both) -> Decision:
        """The decision on a text that is no case at all."""
        return self._bad([Fault(codes.NOT_AN_OBJECT, "", {"problem": problem})])

    def outcomes(self, check: Check, interpretation: Interpretation) -> Iterable[tuple[str, Any]]:
        """Whether the facts agree as a check demands, with the place at fault: once, or for each
        item of its list.
        """
        return self.decider.outcomes(check, interpretation)

    def _bad(self, faults: list[Fault]) -> Decision:
        return self._decision(wrong(faults))

    def _decision(self, decided: Decided) -> Decision:
        return Decision(self, decided.threefold, decided.values, decided.faults, decided.state)
