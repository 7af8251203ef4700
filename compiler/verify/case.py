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
from .from_ir import Best, Key
from .solve import Model
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


class _Whatever:
    """The answer to a question about an item that is not there: nothing depends on it."""


_WHATEVER = _Whatever()
_LOWEST = -(10**30)  # a key that is none loses to all


class Answers:
    """How a case answers the choices of diagrams. `readings`: where they are choices; `best`: the
    items that are spoken of by their label.
    """

    def __init__(
        self,
        diagrams: Diagrams,
        case: Case,
        readings: Mapping[str, str] | None = None,
        best: Mapping[str, Best] | None = None,
    ) -> None:
        self.d = diagrams
        self.case = case
        self.readings = readings or {}
        self.best = best if best is not None else {}
        self._known: dict[Any, Any] = {}

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
        return value

    def index(self, choice: Choice, item: Mapping[str, Any] | None = None) -> int:
        """Which of its values a choice takes; of an item where one is at hand."""
        if item is None:
            answer = self._case_answer(choice.about)
            return 0 if answer is _WHATEVER else choice.values.index(answer)
        return choice.values.index(self._answer(choice.about, item))

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
                chosen = self._chosen(label)
                return _WHATEVER if chosen is None else chosen[field]
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
        if "[" in path and "[]" not in path:
            chosen = self._chosen(path.partition("[")[2].rpartition("]")[0])
            return None if chosen is None else chosen[path.rpartition(".")[2]]
        return self.case.values[path]

    def _chosen(self, label: str) -> Mapping[str, Any] | None:
        """The item that a label is for, None where there is none."""
        key = ("chosen", label)
        if key not in self._known:
            of = self.best[label]
            kept = self._kept(of.list_name, of.condition)
            ordered = reversed(kept) if of.last else kept  # of equals, `max` takes the first
            self._known[key] = max(ordered, key=lambda item: self._ranks(of, item), default=None)
        found: Mapping[str, Any] | None = self._known[key]
        return found

    def _ranks(self, of: Best, item: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(_rank(key, self._item_value(key.value, item)) for key in of.keys)

    def _item_value(self, node: int, item: Mapping[str, Any]) -> Any:
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
        kept = self._kept(folded.list_name, folded.condition)
        values = [self._item_value(folded.value, item) for item in kept]
        if folded.how == "sum":
            return sum(values)
        return (max if folded.how == "max" else min)(values, default=None)


def _rank(key: Key, value: Any) -> Any:
    """A number to compare a key by, larger for better."""
    if value is None:
        return _LOWEST
    if key.enum is not None:
        value = key.enum.rank.get(value, -1)
    if isinstance(value, Period):
        value = value.months * 31 + value.days
    return terms.number(value) if key.highest else -terms.number(value)


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
