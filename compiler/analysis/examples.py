"""Worked examples: AST → whole cases with what must come out of them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from typing import Any

import attrs

from ..diagnostics.catalogue import names as codes
from ..diagnostics.entry import Both
from ..ir import rulebook as book
from ..ir import types as t
from ..ir.values import Value, to_json
from ..source import Span
from ..syntax import ast
from .declare import Placed
from .expressions import Expressions, Scope
from .names import Known, near

_FACT = Both("事实", "fact")
_LIST = Both("清单", "list")
_RESULT = Both("结果或派生的量", "result or derived value")
_STATES = t.Enum("状态", ("已定", "信息不足", "输入有误", "规则有误"))


def lower_examples(
    expressions: Expressions, entries: list[Placed], inherited: Set[str] = frozenset()
) -> tuple[book.Example, ...]:
    """All examples, each with the facts of those it builds on.

    Those of files that are `inherited` are cases of a rulebook that was amended: what they say of
    names that are gone is left out.
    """
    lowering = _Examples(expressions, inherited)
    placed = [(p.entry, p.clause) for p in entries if isinstance(p.entry, ast.Example)]
    for entry, _ in placed:
        if entry.name.text in lowering.written:
            expressions.report(codes.NAME_REPEATED, entry.name.span, name=entry.name.text)
        else:
            lowering.written[entry.name.text] = entry
    return tuple(lowering.example(entry, clause) for entry, clause in placed)


@attrs.define
class _Examples:
    expressions: Expressions
    inherited: Set[str] = frozenset()
    written: dict[str, ast.Example] = attrs.field(factory=dict)
    cases: dict[str, dict[str, Any]] = attrs.field(factory=dict)

    def example(self, entry: ast.Example, clause: str | None) -> book.Example:
        """An example with the facts and readings of those it builds on."""
        readings = []
        for one in self._chain(entry):
            for reading in one.readings:
                if self._there(reading) or not self._is_inherited(one):
                    self.expressions.under_reading(reading)
                    readings.append((reading.reading.text, reading.alternative.text))
        case = _copied(self._case(entry, ()))
        return book.Example(
            entry.name.text, clause, entry.base.text if entry.base else None, case,
            tuple(readings), self._expectations(entry), entry.notes, entry.span,
            self._is_inherited(entry),
        )  # fmt: skip

    def _is_inherited(self, entry: ast.Example) -> bool:
        return entry.span.file in self.inherited

    def _there(self, reading: ast.UnderReading) -> bool:
        known = self.expressions.names.readings.get(reading.reading.text)
        names = [one.name for one in known.alternatives] if known is not None else []
        return reading.alternative.text in names

    def _expectations(self, entry: ast.Example) -> tuple[book.Expectation, ...]:
        with self._forgiving(entry):
            found = [self._expectation(written) for written in entry.expectations]
        return tuple(one for one in found if one is not None)

    @contextmanager
    def _forgiving(self, entry: ast.Example) -> Iterator[None]:
        """Drops what is found in an inherited example, but that what it builds on is gone."""
        findings = self.expressions.findings
        before = len(findings)
        yield
        if self._is_inherited(entry):
            findings[before:] = [f for f in findings[before:] if f.entry is codes.EXAMPLE_UNKNOWN]

    def _chain(self, entry: ast.Example) -> list[ast.Example]:
        """The examples one builds on, the first of all first, itself last."""
        chain, seen = [entry], {entry.name.text}
        while chain[-1].base is not None:
            following = self.written.get(chain[-1].base.text)
            if following is None or following.name.text in seen:
                break
            chain.append(following)
            seen.add(following.name.text)
        return chain[::-1]

    def _case(self, entry: ast.Example, path: tuple[str, ...]) -> dict[str, Any]:
        name = entry.name.text
        if name in self.cases:
            return self.cases[name]
        case: dict[str, Any] = {}
        if entry.base is not None:
            case = self._base(entry, entry.base, (*path, name))
        with self._forgiving(entry):
            for setting in entry.settings:
                if isinstance(setting, ast.Item):
                    self._add(case, setting)
                else:
                    self._set(case, setting)
        self.cases[name] = case
        return case

    def _base(self, entry: ast.Example, word: ast.Word, path: tuple[str, ...]) -> dict[str, Any]:
        base = self.written.get(word.text)
        if base is None:
            if not self.expressions.names.is_lost(word.text):
                hints = near(word.text, self.written)
                self.expressions.report(codes.EXAMPLE_UNKNOWN, word.span, hints, name=word.text)
            return {}
        if word.text in path:
            shown = " → ".join((*path[path.index(word.text) :], word.text))
            self.expressions.report(codes.EXAMPLE_CIRCULAR, entry.span, path=shown)
            return {}
        return _copied(self._case(base, path))

    # --- facts

    def _set(self, case: dict[str, Any], setting: ast.Setting) -> None:
        path = setting.path.text
        names = self.expressions.names
        if path in names.lists:
            self._set_list(case, path, setting)
            return
        field = names.facts.get(path)
        if field is None:
            self._unknown(path, setting.span, _FACT, [*names.facts, *names.lists])
            return
        group, _, key = path.rpartition(".")
        case.setdefault(group, {})
        case[group].pop(key, None)
        if setting.values is not None:
            given, value = self._json(setting.values, field.type)
            if given:
                case[group][key] = value

    def _set_list(self, case: dict[str, Any], name: str, setting: ast.Setting) -> None:
        case.pop(name, None)
        if setting.values is None:
            return
        only = setting.values[0] if len(setting.values) == 1 else None
        if isinstance(only, ast.Constant) and only.value is None:
            case[name] = []
        else:
            self.expressions.fitted(
                self.expressions.lower(setting.values[0], Scope()), t.ListOf(t.Record(name))
            )

    def _add(self, case: dict[str, Any], item: ast.Item) -> None:
        names = self.expressions.names
        name = item.list_name.text
        if name not in names.lists:
            self._unknown(name, item.list_name.span, _LIST, names.lists)
            return
        row: dict[str, Any] = {}
        for setting in item.settings:
            field = names.lists[name].get(setting.path.text)
            if field is None:
                self._unknown(setting.path.text, setting.span, _FACT, names.lists[name])
            elif setting.values is not None:
                given, value = self._json(setting.values, field.type)
                if given:
                    row[setting.path.text] = value
        case.setdefault(name, [])
        case[name] = [*case[name], row]

    def _unknown(self, name: str, span: Span, kind: Both, known: Any) -> None:
        if not self.expressions.names.is_lost(name):
            self.expressions.report(
                codes.EXAMPLE_NAME_UNKNOWN, span, near(name, known), name=name, kind=kind
            )

    def _json(self, values: tuple[ast.Expr, ...], type_: t.Type) -> tuple[bool, object]:
        """Whether it is a value, and the value as a case has it."""
        given, value = self._constant(values, type_)
        number = isinstance(t.solid(type_), t.Number)
        return given, value if number and isinstance(value, int) else to_json(value, type_)

    def _constant(self, values: tuple[ast.Expr, ...], type_: t.Type) -> tuple[bool, Value]:
        is_list = isinstance(type_, t.ListOf) or type_ == t.CLAUSES
        only = values[0]
        empty = len(values) == 1 and isinstance(only, ast.Constant) and only.value is None
        if not is_list:
            for extra in values[1:]:
                self.expressions.fitted(self.expressions.lower(extra, Scope()), t.NOTHING)
            return self.expressions.constant(only, type_)
        if empty:
            return True, ()
        item = type_.item if isinstance(type_, t.ListOf) else t.CLAUSE
        found = [self.expressions.constant(value, item) for value in values]
        return all(ok for ok, _ in found), tuple(value for _, value in found)

    # --- what must come out

    def _expectation(self, written: ast.Expectation) -> book.Expectation | None:
        if written.target is None:
            return self._fault(written)
        name, attribute = written.target.path.text, written.target.attribute
        if attribute is None and name in ("状态", "缺少", "错误"):
            return self._about_answer(written, name)
        known, member = self._target(written.target)
        if known is None:
            return None
        if written.values is None:
            return book.Expectation(known.name, member, None, True, known.type, written.span)
        ok, value = self._constant(written.values, known.type)
        if not ok:
            return None
        return book.Expectation(known.name, member, value, False, known.type, written.span)

    def _target(self, target: ast.Target) -> tuple[Known | None, str | None]:
        names = self.expressions.names
        path = target.path.text
        if target.attribute is None:
            if known := names.definitions.get(path):
                return known, None
            results = [k.attribute for k in names.definitions.values() if k.scope is None]
            self._unknown(path, target.span, _RESULT, results)
            return None, None
        owners = names.owners.get(target.attribute.text, [])
        for known in owners:
            enum = names.enums.get(known.scope or "")
            if enum is not None and path in enum.members:
                return known, path
        shown = f"{path} 的 {target.attribute.text}"
        self._unknown(shown, target.span, _RESULT, [k.attribute for k in owners])
        return None, None

    def _about_answer(self, written: ast.Expectation, name: str) -> book.Expectation | None:
        values = written.values or ()
        if name == "状态":
            ok, value = self._constant(values, _STATES)
            kind: t.Type = _STATES
        else:
            ok, kind = True, t.ListOf(t.TEXT)
            value = self._paths(values)
        return book.Expectation(name, None, value, False, kind, written.span) if ok else None

    def _fault(self, written: ast.Expectation) -> book.Expectation:
        paths = self._paths(written.values or ())
        return book.Expectation("错误", None, paths, False, t.ListOf(t.TEXT), written.span)

    def _paths(self, values: tuple[ast.Expr, ...]) -> tuple[str, ...]:
        """Facts by path: 申请.日期, a list by its name, a field of an item as “清单[0].字段”."""
        names = self.expressions.names
        paths = []
        for value in values:
            if isinstance(value, ast.Text):
                paths.append(value.value)
            elif isinstance(value, ast.Reference):
                path = value.path.text
                if path not in names.facts and path not in names.lists:
                    self._unknown(path, value.span, _FACT, [*names.facts, *names.lists])
                paths.append(path)
        return tuple(paths)


def _copied(case: dict[str, Any]) -> dict[str, Any]:
    """A case that can be changed without changing the other: groups are mappings, lists lists."""
    return {
        name: dict(part) if isinstance(part, dict) else list(part) for name, part in case.items()
    }
