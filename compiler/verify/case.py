"""One complete case as diagrams see it, and how it answers each choice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from ..ir import types as t
from ..ir.rulebook import FactGroup, Rulebook
from ..ir.values import Period, to_json
from . import terms
from .diagram import Choice, Diagrams
from .solve import Model
from .symbolic import BestOf, ItemAt
from .terms import Counted, Fact, Folded, Several


@attrs.frozen
class Case:
    """The facts of a case by path, as the language has them, and the items of its lists."""

    values: dict[str, Any]
    items: dict[str, tuple[dict[str, Any], ...]]

    def to_json(self, rulebook: Rulebook, names: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The case as a rulebook reads it; `names` are its facts' names here where they differ.

        Facts that are not known here are left out.
        """
        found: dict[str, Any] = {}
        for group in rulebook.groups:
            if group.is_list:
                if group.name in self.items:
                    found[group.name] = [_item(group, item) for item in self.items[group.name]]
                continue
            for field in group.fields:
                name = (names or {}).get(field.path, field.path)
                if name in self.values:
                    head, _, tail = field.path.partition(".")
                    value = json_value(self.values[name], field.type)
                    if tail:
                        found.setdefault(head, {})[tail] = value
                    else:
                        found[head] = value
        return found


def _item(group: FactGroup, item: Mapping[str, Any]) -> dict[str, Any]:
    fields = {f.path.rpartition(".")[2]: f.type for f in group.fields}
    return {name: json_value(item[name], kind) for name, kind in fields.items() if name in item}


def json_value(value: Any, type_: t.Type) -> Any:
    """A fact's value as JSON: whole numbers as numbers, others as decimal text."""
    return to_json(value, type_)


_NO_ITEM = object()  # what a field of an item that is not there answers


class Answers:
    """How a case answers the choices of diagrams. `readings`: where they are choices."""

    def __init__(
        self, diagrams: Diagrams, case: Case, readings: Mapping[str, str] | None = None
    ) -> None:
        self.d = diagrams
        self.case = case
        self.readings = readings or {}
        self._known: dict[Any, Any] = {}
        self._certain: dict[str, Mapping[str, Any] | None] = {}

    def holds(self, node: int) -> bool:
        """Whether a condition holds in this case; not where it asks what the case does not say."""
        try:
            return self.d.at(node, self.index) is True
        except (KeyError, ValueError):
            return False

    def agree(self, literals: list[tuple[Any, Any]]) -> bool:
        """Whether this case gives all of some answers."""
        try:
            return all(self._case_answer(about) == value for about, value in literals)
        except (KeyError, ValueError):
            return False

    def value(self, node: int) -> Any:
        """The value of a diagram in this case, with its terms worked out."""
        return self._worked_out(self.d.at(node, self.index))

    def _worked_out(self, value: Any) -> Any:
        if terms.is_term(value):
            return terms.evaluate(value, self._given(value, None))
        if value.__class__ is tuple:
            return tuple(self._worked_out(one) for one in value)
        if isinstance(value, ItemAt) and value.label:
            return self._certain_item(value.label)
        return value

    def index(self, choice: Choice, item: Mapping[str, Any] | None = None) -> int:
        """Which of its values a choice takes; of an item where one is at hand."""
        if item is None:
            answer = self._case_answer(choice.about)
        else:
            answer = self._answer(choice.about, item)
        return 0 if answer is _NO_ITEM else choice.values.index(answer)

    def _case_answer(self, about: Any) -> Any:
        if about not in self._known:
            self._known[about] = self._answer(about, None)
        return self._known[about]

    def _answer(self, about: Any, item: Mapping[str, Any] | None) -> Any:
        match about:
            case ("fact", str(path)):
                return self.case.values[path]
            case ("there", str(path)):
                return self._value(path, item) is not None
            case ("item", _, "", str(field)) if item is not None:
                return item[field]
            case ("item", _, str(label), str(field)) if label:
                certain = self._certain_item(label)
                return _NO_ITEM if certain is None else certain[field]
            case ("reading", str(name)):
                return self.readings[name]
            case Several(list_name, condition, count):
                return self._count(list_name, condition) >= count
            case terms.Order() | terms.OneOf() | terms.SameText() | terms.NoDay():
                given = self._given(about, item)
                return None not in given.values() and terms.holds(about, given)
            case _:
                raise KeyError(about)

    def _given(self, part: Any, item: Mapping[str, Any] | None) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for fact in terms.facts_of(part):
            if isinstance(fact, Fact):
                found[fact] = self._value(fact.path, item)
            elif isinstance(fact, Counted):
                found[fact] = self._count(fact.list_name, fact.condition)
            else:
                found[fact] = self._folded(fact)
        return found

    def _value(self, path: str, item: Mapping[str, Any] | None) -> Any:
        if "[]." in path and item is not None:
            return item[path.rpartition(".")[2]]
        if "[" in path:
            label, field = path.partition("[")[2].rpartition("].")[::2]
            certain = self._certain_item(label)
            return None if certain is None else certain[field]
        return self.case.values[path]

    def _certain_item(self, label: str) -> Mapping[str, Any] | None:
        """The item that a label names: the best of some; None where there is none.

        What is said of it then is not looked at, whatever is asked first.
        """
        if label not in self._certain:
            best: BestOf = self.d.notes[label]
            items = self._kept(best.of.list_name, best.of.condition)
            if best.last:
                items.reverse()
            ranks = [self._rank(best, item) for item in items]
            self._certain[label] = items[ranks.index(max(ranks))] if items else None
        return self._certain[label]

    def _rank(self, best: BestOf, item: Mapping[str, Any]) -> tuple[tuple[bool, Any], ...]:
        """The keys of an item, greater for better; one that is none loses to all."""
        found: list[tuple[bool, Any]] = []
        for key, highest, order in best.keys:
            value = self.of_item(key, item)
            if order is not None and value is not None:
                value = order.get(value, -1)
            elif isinstance(value, Period):
                value = value.months * 31 + value.days
            number = 0 if value is None else terms.number(value)
            found.append((value is not None, number if highest else -number))
        return tuple(found)

    def of_item(self, node: int, item: Mapping[str, Any]) -> Any:
        """The value of a diagram for an item, with its term worked out."""
        value = self._at(node, item)
        return terms.evaluate(value, self._given(value, item)) if terms.is_term(value) else value

    def _kept(self, list_name: str, condition: int) -> list[Mapping[str, Any]]:
        return [
            item for item in self.case.items.get(list_name, ()) if self._at(condition, item) is True
        ]

    def _at(self, node: int, item: Mapping[str, Any]) -> Any:
        return self.d.at(node, lambda choice: self.index(choice, item))

    def _count(self, list_name: str, condition: int) -> int:
        return len(self._kept(list_name, condition))

    def _folded(self, folded: Folded) -> Any:
        items = self._kept(folded.list_name, folded.condition)
        values = [self.of_item(folded.value, item) for item in items]
        if folded.how == "sum":
            return sum(values)
        return (max if folded.how == "max" else min)(values, default=None)


def completed(model: Model, plain: Case, lists: Mapping[str, FactGroup]) -> Case:
    """A plain case with what a model says instead."""
    values = dict(plain.values)
    for path, value in model.values.items():
        if "[" not in path:
            values[path] = value
    for about, value in model.choices.items():
        match about:
            case ("fact", str(path)):
                values[path] = value
            case ("there", str(path)) if value is False and "[" not in path:
                values[path] = None
    items = dict(plain.items)
    for name in {asked.list_name for asked in model.asked_lists} | set(model.items):
        labels = model.items.get(name, [])
        items[name] = tuple(_made(model, lists[name], label, plain) for label in labels)
    return Case(values, items)


def _made(model: Model, group: FactGroup, label: str, plain: Case) -> dict[str, Any]:
    """An item of a model; what it does not say is as plain as can be."""
    found: dict[str, Any] = {}
    for field in group.fields:
        name = field.path.rpartition(".")[2]
        path = f"{group.name}[{label}].{name}"
        about = ("item", group.name, label, name)
        if model.choices.get(("there", path)) is False:
            found[name] = None
        elif about in model.choices:
            found[name] = model.choices[about]
        elif path in model.values:
            found[name] = model.values[path]
        else:
            found[name] = plain_value(field.type, field.allowed)
    return found


def plain_value(type_: t.Type, allowed: tuple[Any, ...] = ()) -> Any:
    """The plainest value of a type: the first member, no, 0, the first day of a year, none."""
    if isinstance(type_, t.Maybe):
        return None
    if allowed:
        return allowed[0]
    if isinstance(type_, t.Enum):
        return type_.members[0]
    if type_ == t.BOOL:
        return False
    if type_ == t.DATE:
        return date(2025, 1, 1)
    return "一" if type_ == t.TEXT else 0
