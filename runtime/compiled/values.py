"""What a compiled function is made of: rules and requirements as parts, and their values in a case.

This text is taken into every compiled function.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from luling.compiler.ir.exact import json_of, shown

from ..deciding import Decided, Decider
from ..partial import INCOMPLETE, Unknown
from ..reading import Fault, Reader, parse_case
from ..threefold import Threefold

Language = str
Answer = dict[str, Any]
_DEEP = 12_000  # frames: definitions may hang on one another in chains of some two thousand


class Rule:
    """A value where a condition holds and no exception applies, for some members or all."""

    __slots__ = ("clause", "condition", "exceptions", "members", "name", "rule", "value")

    def __init__(
        self,
        clause: str,
        name: str,
        condition: Any,
        value: Any,
        exceptions: tuple[Rule, ...] = (),
        members: tuple[str, ...] | None = None,
    ) -> None:
        self.clause, self.name = clause, name
        self.condition, self.value = condition, value
        self.exceptions, self.members = exceptions, members
        self.rule = self

    def of_member(self, member: str) -> tuple[Rule, ...]:
        """The rule for a member; where it is not for that member, its exceptions stand on their
        own.
        """
        below = tuple(rule for one in self.exceptions for rule in one.of_member(member))
        if self.members is not None and member not in self.members:
            return below
        return (Rule(self.clause, self.name, self.condition, self.value, below),)


class Definition:
    """A definition with its base rules, for each member where it has members."""

    __slots__ = ("_by_member", "_rules", "empty", "otherwise", "shape", "variable")

    def __init__(
        self,
        variable: int,
        shape: str,
        empty: Any,
        rules: tuple[Rule, ...],
        otherwise: Any = None,
        members: tuple[str, ...] = (),
    ) -> None:
        self.variable, self.shape, self.empty = variable, shape, empty
        self._rules, self.otherwise = rules, otherwise
        self._by_member = {m: tuple(r for one in rules for r in one.of_member(m)) for m in members}

    def rules(self, subject: Any) -> tuple[Rule, ...]:
        """The base rules for a member, an item, or the whole case."""
        return self._by_member[subject] if self._by_member else self._rules


class Requirement(NamedTuple):
    """A condition that must hold, and its clause."""

    clause: str
    name: str
    variable: int
    when: Any
    must: Any


class Check(NamedTuple):
    """Facts that must agree; where they do not, the case is bad input at `at_fault`."""

    name: str
    list_name: str | None
    variable: int
    must: Any
    at_fault: str
    message: str


class Rules(NamedTuple):
    """All that is decided by."""

    definitions: Mapping[str, Definition]
    groups: Mapping[str, Mapping[Any, tuple[Requirement, ...]]]
    gate: Any
    outside: Mapping[str, Any]
    clause_order: Mapping[str, tuple[tuple[int, int], ...]]
    fields: Mapping[str, Mapping[str, frozenset[Any] | None]]
    absent: Mapping[str, Unknown]


class Values(Threefold):
    """The values of one case, computed as they are asked for. A part is a function of them."""

    def __init__(self, rules: Rules, known: Mapping[str, Any]) -> None:
        super().__init__(known, rules.absent)
        self.rules = rules
        self.plans, self.groups = rules.definitions, rules.groups
        self.gate, self.clause_order = rules.gate, rules.clause_order
        if sys.getrecursionlimit() < _DEEP:
            sys.setrecursionlimit(_DEEP)

    def part(self, written: Any) -> Any:
        """Expressions are written as parts."""
        return written

    def outside_of(self, name: str) -> Any:
        """What gives a result where the rulebook does not apply, if anything does."""
        return self.rules.outside.get(name)

    def empty_of(self, name: str) -> Any:
        """What a definition is where no rule applies."""
        return self.rules.definitions[name].empty

    def possible(self, of: str, field: str) -> frozenset[Any] | None:
        """All values of a field of a list's items, None where they are too many."""
        return self.rules.fields[of][field]

    def shown(self, name: str, value: Any) -> str:
        """A value of a definition as people read it."""
        return shown(value, self.rules.definitions[name].shape)


class Deciding:
    """Decides any case, complete or not, good or bad."""

    def __init__(
        self,
        rules: Rules,
        reader: Reader,
        results: Iterable[str],
        checks: tuple[Check, ...],
        checked: Mapping[str, tuple[Check, ...]],
    ) -> None:
        self.rules = rules
        start = self._start
        self.decider = Decider(
            reader, list(results), checks, checked, rules.absent, rules.fields, start
        )

    def _start(self, known: Mapping[str, Any]) -> Values:
        return Values(self.rules, known)

    def answer(self, case: Any, language: Language) -> Answer:
        """The answer on a case."""
        return self._told(self.decider.decide(case), language)

    def _told(self, decided: Decided, language: Language) -> Answer:
        definitions = self.rules.definitions
        return {
            "状态": decided.state,
            "结果": {
                name: json_of(value, definitions[name].shape)
                for name, value in decided.values.items()
                if value.__class__ not in INCOMPLETE
            },
            "缺少": list(self.decider.missing(decided.values)),
            "错误": told(decided.faults, language),
        }


def told(faults: Iterable[Fault], language: Language) -> list[dict[str, str]]:
    """Faults as an answer tells them."""
    return [fault.to_json(language) for fault in faults]  # type: ignore[arg-type]


def answer_to(text: str, decide: Callable[[Any, Language], Answer], language: Language) -> Answer:
    """The answer on a case written as JSON."""
    case, faults = parse_case(text)
    if case is None:
        return {"状态": "输入有误", "结果": {}, "缺少": [], "错误": told(faults, language)}
    return decide(case, language)
