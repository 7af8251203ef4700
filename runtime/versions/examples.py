"""Worked examples and case files decided by both versions: which come out otherwise, and how.

Nothing a file can contain ends the comparison: what cannot be decided is told as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import attrs

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Example
from luling.compiler.ir.values import DateOutOfRange, show

from ..decide import Decision, Engine
from ..facts import Fault, parse_case
from ..interpret import RulebookFault
from ..partial import INCOMPLETE
from .rules import Versions
from .words import step

_CASE, _ABOUT, _CLAUSES, _EXPECTED = "案件", "说明", "条款", "应得"
_NOT_TEXT = Both("不能读，或者不是 UTF-8 编码", "cannot be read, or is not UTF-8")
_UNDECIDED = ("输入有误", "规则有误")
Source = Literal["旧版示例", "新版示例", "两版示例", "案件"]


@attrs.frozen
class Flip:
    """A result that comes out otherwise: in words, with how far, None where it is no distance.

    Of a case that a version cannot decide at all, `name` is 判定.
    """

    name: str
    old: str
    new: str
    amount: str = ""


@attrs.frozen(eq=False)
class Pattern:
    """Cases whose results changed in the same way."""

    flips: tuple[Flip, ...]
    cases: tuple[Subject, ...]


@attrs.frozen(eq=False)
class Subject:
    """A case to be decided by both versions, in the names of the new one, and where it is from."""

    name: str
    source: Source
    clauses: tuple[str, ...]
    case: Mapping[str, Any]
    readings: tuple[tuple[str, str], ...] = ()


@attrs.frozen(eq=False)
class Compared:
    """What came of it. `problem`: why it could not be decided by either, in words."""

    subject: Subject
    flips: tuple[Flip, ...]
    old: Decision | None = None
    new: Decision | None = None
    problem: Both | None = None

    @property
    def differs(self) -> bool:
        """Whether any result comes out otherwise."""
        return bool(self.flips)


def patterns(examples: Iterable[Compared]) -> list[Pattern]:
    """The cases that came out otherwise, by how; the most frequent first."""
    found: dict[tuple[Flip, ...], list[Subject]] = {}
    for one in examples:
        if one.differs:
            found.setdefault(one.flips, []).append(one.subject)
    whole = [Pattern(flips, tuple(subjects)) for flips, subjects in found.items()]
    return sorted(whole, key=lambda pattern: -len(pattern.cases))


def example_subjects(versions: Versions) -> list[Subject]:
    """The worked examples of both versions; one that both have, with the same case, once."""
    found: dict[str, Subject] = {}
    for example in versions.new.examples:
        found[example.name] = _subject(example, "新版示例", example.case, example.readings)
    more: list[Subject] = []
    for example in versions.old.examples:
        case = versions.names.case(example.case, versions.old)
        called = versions.names.readings
        readings = tuple((called.get(name, name), taken) for name, taken in example.readings)
        there = found.get(example.name)
        if there is not None and (there.case, there.readings) == (case, readings):
            found[example.name] = attrs.evolve(there, source="两版示例")
        else:
            more.append(_subject(example, "旧版示例", case, readings))
    return [*found.values(), *more]


def _subject(
    example: Example, source: Source, case: Mapping[str, Any], readings: tuple[tuple[str, str], ...]
) -> Subject:
    clauses = () if example.clause is None else (example.clause,)
    return Subject(example.name, source, clauses, case, readings)


def never_both_apply(versions: Versions) -> bool:
    """Whether each worked example is outside one of the versions: there is little to compare then,
    but what would be if both applied. A guess from examples, where nothing is proved.
    """
    engines = [Engine(book) for book in (versions.before, versions.new)]
    cases = [subject.case for subject in example_subjects(versions)]
    gated = any(engine.rulebook.gate is not None for engine in engines)
    return bool(gated and cases) and not any(
        all(_applies(engine, case) for engine in engines) for case in cases
    )


def _applies(engine: Engine, case: Mapping[str, Any]) -> bool:
    gate, interpretation = engine.rulebook.gate, engine.decide(case).interpretation
    if gate is None or interpretation is None:
        return gate is None
    try:
        return interpretation.eval(gate.condition) is True
    except (RulebookFault, DateOutOfRange, ZeroDivisionError):
        return False


def case_files(folder: Path) -> list[Path]:
    """The case files at or below a folder, or the one it is, in the order of their paths."""
    if folder.is_file():
        return [folder]
    kinds = (".json", ".jsonl")
    return sorted(p for p in folder.rglob("*") if p.suffix in kinds and p.is_file())


def file_subjects(folder: Path, groups: Iterable[str]) -> Iterator[Subject | Compared]:
    """The cases in files: bare, or with 说明, 条款, 案件 and 应得. What is no case is told."""
    known = frozenset(groups)
    for path in case_files(folder):
        name = path.name if path == folder else path.relative_to(folder).as_posix()
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            yield _unreadable(name, _NOT_TEXT)
            continue
        lines = [text] if path.suffix == ".json" else text.splitlines()
        for number, line in enumerate(lines, 1):
            if line.strip():
                label = name if path.suffix == ".json" else f"{name}:{number}"
                yield _of_text(label, line, known)


def _of_text(name: str, text: str, groups: frozenset[str]) -> Subject | Compared:
    value, faults = parse_case(text)
    if value is None:
        return _unreadable(name, _words(faults))
    inner = value.get(_CASE)
    if _CASE in groups or not isinstance(inner, Mapping):
        return Subject(name, "案件", (), value)
    clauses = value.get(_CLAUSES)
    named = tuple(str(one) for one in clauses) if isinstance(clauses, list) else ()
    return Subject(name, "案件", named, inner)


def _unreadable(name: str, problem: Both) -> Compared:
    return Compared(Subject(name, "案件", (), {}), (), problem=problem)


def _words(faults: Iterable[Fault]) -> Both:
    found = list(faults)

    def told(language: Language) -> str:
        return "；".join(
            f"{fault.place}：{fault.message(language)}" if fault.place else fault.message(language)
            for fault in found
        )

    return Both(told("zh"), told("en"))


class Runner:
    """Decides cases by both versions. Cases are in the names of the new one, and are decided by the
    old version as if its facts were called so; with `as_if_both_applied` by each as if it applied.
    """

    def __init__(self, versions: Versions, *, as_if_both_applied: bool = False) -> None:
        books = [versions.before, versions.new]
        if as_if_both_applied:
            books = [attrs.evolve(book, gate=None) for book in books]
        self.old, self.new = (Engine(book) for book in books)
        self._read_as: dict[tuple[bool, tuple[tuple[str, str], ...]], Engine] = {}
        types = self.old.types
        self.results = [name for name in self.new.types if name in types]

    def decide(self, subject: Subject | Compared) -> Compared:
        """A case by both; what could not be read comes back as it is."""
        if isinstance(subject, Compared):
            return subject
        old = self._engine(False, subject.readings).decide(subject.case)
        new = self._engine(True, subject.readings).decide(subject.case)
        if old.state in _UNDECIDED and _told(old) == _told(new):
            # an example may be there to be refused; a case that is handed in should be decided
            problem = _words(new.faults) if subject.source == "案件" else None
            return Compared(subject, (), old, new, problem)
        if old.state in _UNDECIDED or new.state in _UNDECIDED:
            return Compared(subject, (Flip("判定", _state(old), _state(new)),), old, new)
        flips = (self._flip(name, old, new) for name in self.results)
        return Compared(subject, tuple(flip for flip in flips if flip is not None), old, new)

    def _engine(self, is_new: bool, readings: tuple[tuple[str, str], ...]) -> Engine:
        """A version read as an example says, as far as it has these readings."""
        engine = self.new if is_new else self.old
        known = {r.name: {a.name for a in r.alternatives} for r in engine.rulebook.readings}
        chosen = {name: taken for name, taken in readings if taken in known.get(name, ())}
        if not chosen:
            return engine
        key = (is_new, tuple(chosen.items()))
        if key not in self._read_as:
            self._read_as[key] = engine.with_readings(chosen)
        return self._read_as[key]

    def _flip(self, name: str, old: Decision, new: Decision) -> Flip | None:
        left, right = old.values[name], new.values[name]
        kinds = self.old.types[name], self.new.types[name]
        shown = _shown(left, kinds[0]), _shown(right, kinds[1])
        if shown[0] == shown[1]:
            return None
        whole = left.__class__ not in INCOMPLETE and right.__class__ not in INCOMPLETE
        amount = step(left, right, kinds[1]) if whole else ""
        return Flip(name, *shown, amount)


def _told(decision: Decision) -> tuple[str, ...]:
    """The state, and what is wrong where."""
    return (decision.state, *(f"{fault.code} {fault.place}" for fault in decision.faults))


def _shown(value: Any, type_: t.Type) -> str:
    return "未定" if value.__class__ in INCOMPLETE else show(value, type_)


def _state(decision: Decision) -> str:
    """已定, or what is wrong."""
    if not decision.faults:
        return decision.state
    return f"{decision.state}（{_words(decision.faults).zh}）"
