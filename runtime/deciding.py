"""A case → the values of its results, or what is wrong: reading, checks, narrowing, results.

A compiled function takes this text as it is: what it decides with it is given to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

from luling.compiler.diagnostics.catalogue import run as codes
from luling.compiler.diagnostics.catalogue.syntax import TOO_DEEP
from luling.compiler.ir.exact import DateOutOfRange

from .partial import INCOMPLETE, Missing, Unknown, missing_of
from .reading import Fault, Reader, not_a_case
from .threefold import RulebookFault, Threefold, arithmetic_fault

State = Literal["已定", "信息不足", "输入有误", "规则有误"]


class Decided(NamedTuple):
    """What came of a case: the state, the values of the results, what is wrong, and by what."""

    state: State
    values: dict[str, Any]
    faults: tuple[Fault, ...]
    threefold: Any


class Decider:
    """Decides cases by what it is given: `start` begins with the facts that are known."""

    def __init__(
        self,
        reader: Reader,
        names: list[str],
        checks: tuple[Any, ...],
        checked: Mapping[str, tuple[Any, ...]],
        absent: Mapping[str, Unknown],
        fields: Mapping[str, Iterable[str]],
        start: Callable[[Mapping[str, Any]], Threefold],
    ) -> None:
        self.reader = reader
        self.names = names
        self.checks = checks
        self.checked = checked
        self.absent = absent
        self.fields = fields
        self.start = start
        self.fact_count = len(absent) - sum(len(list(of_items)) for of_items in fields.values())
        self._order = {path: place for place, path in enumerate(absent)}

    def decide(self, case: Any) -> Decided:
        """What comes of a case given as nested mappings, keys and values as in JSON."""
        if not isinstance(case, Mapping):
            return wrong([not_a_case(case)])
        facts = self.reader.read(case)
        threefold = self.start(facts.known)
        faults = [*facts.faults]
        try:
            faults += self.disagreements(threefold)
            if faults:
                faults.sort(key=self.reader.order)
                return wrong(faults)
            if len(facts.known) < self.fact_count:
                threefold = self.narrow(facts.known)
            values = self._results(threefold)
        except RulebookFault as error:
            if facts.faults:
                return wrong([*facts.faults])
            return Decided("规则有误", {}, (error.fault,), threefold)
        except RecursionError:
            return Decided("规则有误", {}, (Fault(TOO_DEEP, "", {}),), threefold)
        known = all(value.__class__ not in INCOMPLETE for value in values.values())
        return Decided("已定" if known else "信息不足", values, (), threefold)

    def _results(self, threefold: Threefold) -> dict[str, Any]:
        try:
            return {name: threefold.result(name) for name in self.names}
        except (DateOutOfRange, ZeroDivisionError) as error:
            raise arithmetic_fault(error, "适用条件") from None

    def disagreements(self, threefold: Threefold) -> list[Fault]:
        """The checks that fail for certain; what depends on absent facts is no fault."""
        found: dict[tuple[str, str], Fault] = {}
        for check in self.checks:
            try:
                for place, holds in self.outcomes(check, threefold):
                    if holds is False:
                        fault = Fault(codes.INCONSISTENT, place, {"message": check.message})
                        found.setdefault((place, check.message), fault)
            except (DateOutOfRange, ZeroDivisionError) as error:
                raise arithmetic_fault(error, check.name) from None
        return list(found.values())

    def outcomes(self, check: Any, threefold: Threefold) -> Iterable[tuple[str, Any]]:
        """Whether the facts agree as a check demands, with the place at fault: once, or for each
        item of its list.
        """
        if check.list_name is None:
            yield check.at_fault, threefold.eval(check.must)
            return
        must = threefold.part(check.must)
        for item in threefold.known.get(check.list_name, ()):
            holds = threefold.with_variable(check.variable, item, must)
            own = check.at_fault in self.fields[check.list_name]
            place = f"{check.list_name}[{item.index}].{check.at_fault}" if own else check.at_fault
            yield place, holds

    def narrow(self, known: Mapping[str, Any]) -> Threefold:
        """The values of a case in which absent facts are what the checks still allow them to be.

        Only valid completions of a case count. Where a check ties one fact to another, the known
        one can leave the absent one few values, or a single one: what the checks leave open is all
        it can still be.
        """
        absent = [path for path in self.checked if path not in known]
        if not absent:
            return self.start(known)
        facts = dict(known)
        open_facts = dict(self.absent)
        changed = True
        while changed:
            changed = False
            for path in absent:
                among = open_facts[path].among
                if path in facts or among is None:
                    continue
                left = frozenset(v for v in among if self._allowed(facts, path, v))
                if left and left != among:
                    changed = True
                    if len(left) == 1:
                        facts[path] = next(iter(left))
                    else:
                        open_facts[path] = Unknown(frozenset([path]), left)
        threefold = self.start(facts)
        threefold.absent = open_facts
        return threefold

    def _allowed(self, facts: dict[str, Any], path: str, value: Any) -> bool:
        """Whether no check fails for certain with a value for an absent fact."""
        trial = self.start({**facts, path: value})
        return all(trial.eval(check.must) is not False for check in self.checked[path])

    def missing(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """The absent facts that can still change a value, in the order of their declaration."""
        found: Missing = frozenset().union(*(missing_of(value) for value in values.values()))
        return tuple(sorted(found, key=self.fact_key))

    def fact_key(self, path: str) -> tuple[int, str]:
        """Where a fact stands among all, for sorting."""
        order = self._order
        head = path.partition("[")[0]
        return order.get(path, order.get(head, len(order))), path


def wrong(faults: list[Fault]) -> Decided:
    """What comes of a case that is bad input."""
    return Decided("输入有误", {}, tuple(faults), None)
