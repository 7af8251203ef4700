"""Which version of a law applies to a case: by the date each rulebook names in 施行.

A folder of versions holds one rulebook a folder. Those with 施行 are candidates, each for the days
it says, both ends included, going by the fact it says; those without (drafts) are none. A case for
which no version applies, or several do, has a fault; one whose date is not known waits for it.
Nothing is chosen by default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs

from luling.compiler.diagnostics.catalogue import run as codes
from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir.nodes import Expr

from ..decide import Decision, Engine, ReadingError
from ..facts import Fault, not_a_case, parse_case
from ..interpret import Interpretation
from ..partial import Unknown
from ..rulebooks import RulebookError, is_rulebook, load_rulebook


@attrs.frozen(eq=False)
class Version:
    """One version of a law: the name of its folder, and the days it is for, both included.

    `by` is the fact whose date decides; an end that is None is open.
    """

    name: str
    engine: Engine
    first: date | None
    last: date | None
    by: str

    def applies_on(self, day: date) -> bool:
        """Whether a day is one of its days."""
        return not (self.first and day < self.first) and not (self.last and day > self.last)

    @property
    def days(self) -> Both:
        """2025-05-01 至 2028-04-30."""
        first, last = (str(day) if day else "" for day in (self.first, self.last))
        return Both(
            f"{first or '（不限）'} 至 {last or '（不限）'}", f"{first or '…'} to {last or '…'}"
        )


@attrs.frozen(eq=False)
class Dated:
    """A decision and the version that made it; None where none could be taken."""

    version: Version | None
    decision: Decision

    def to_json(self, language: Language = "zh") -> dict[str, object]:
        """The answer with the version first, under 规则书."""
        name = self.version.name if self.version is not None else None
        return {"规则书": name, **self.decision.to_json(language)}


@attrs.frozen(eq=False)
class Versions:
    """The versions of a law that have days, the earliest first."""

    versions: tuple[Version, ...]

    def on(self, day: date) -> tuple[Version, ...]:
        """The versions that apply on a day: one, if the law is in order."""
        return tuple(version for version in self.versions if version.applies_on(day))

    def with_readings(self, readings: Mapping[str, str]) -> Versions:
        """The same, each version that has a reading read otherwise.

        Raises `ReadingError` for a reading that none has, or an alternative that one of those that
        have the reading lacks.
        """
        for name in readings:
            if not any(name in v.engine.rulebook.reading for v in self.versions):
                raise ReadingError(Both(f"没有解读「{name}」", f"no reading 「{name}」"))
        return Versions(tuple(_read_as(version, readings) for version in self.versions))

    def decide(self, case: Mapping[str, Any], as_of: date | None = None) -> Dated:
        """The decision by the version that applies to the case, or to the day `as_of`."""
        latest = self.versions[-1].engine
        if not isinstance(case, Mapping):
            return Dated(None, _faulty(latest, not_a_case(case)))
        if as_of is not None:
            return self._decided(case, [(v, as_of) for v in self.on(as_of)], str(as_of), "")
        days = [(version, _day(version, case)) for version in self.versions]
        for version, day in days:
            if isinstance(day, Fault):  # the decision names it, and what else is wrong
                return Dated(None, version.engine.decide(case))
        if open_ := [version for version, day in days if day is None]:
            return self._waiting(case, open_)
        meant = [(v, day) for v, day in days if isinstance(day, date) and v.applies_on(day)]
        told = "、".join(dict.fromkeys(str(day) for _, day in days))
        return self._decided(case, meant, told, self.versions[-1].by)

    def decide_text(self, text: str, as_of: date | None = None) -> Dated:
        """The same of a case written as JSON."""
        case, faults = parse_case(text)
        if case is None:
            return Dated(None, _faulty(self.versions[-1].engine, *faults))
        return self.decide(case, as_of)

    def unreadable(self, problem: Both) -> Dated:
        """The answer to what is no text at all."""
        return Dated(None, self.versions[-1].engine.unreadable(problem))

    def _decided(
        self, case: Mapping[str, Any], meant: list[tuple[Version, date]], day: str, place: str
    ) -> Dated:
        if len(meant) == 1:
            version = meant[0][0]
            return Dated(version, version.engine.decide(case))
        shown = [version for version, _ in meant] or self.versions
        versions = Both(
            "、".join(f"{v.name}（{v.days.zh}）" for v in shown),
            ", ".join(f"{v.name} ({v.days.en})" for v in shown),
        )
        entry = codes.VERSIONS_OVERLAP if meant else codes.VERSION_MISSING
        fault = Fault(entry, place, {"day": day, "versions": versions})
        latest = self.versions[-1].engine
        if meant:
            return Dated(None, Decision(latest, None, {}, (fault,), "规则有误"))
        return Dated(None, _faulty(latest, fault))

    def _waiting(self, case: Mapping[str, Any], versions: list[Version]) -> Dated:
        """Nothing is known of the results before the dates are, that is all that is missing."""
        engine = versions[-1].engine
        decision = engine.decide(case)
        if decision.state in ("已定", "信息不足"):
            unknown = Unknown(frozenset(version.by for version in versions))
            values = {d.name: unknown for d in engine.rulebook.results}
            decision = Decision(engine, None, values, (), "信息不足")
        return Dated(None, decision)


def holds_versions(folder: Path) -> bool:
    """Whether a folder is one of versions: rulebooks stand right below it."""
    return bool(_rulebooks_in(folder))


def _rulebooks_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(place for place in folder.iterdir() if is_rulebook(place))


def versions_at(folder: str | os.PathLike[str]) -> Versions:
    """The versions in a folder that have days. Raises `RulebookError` where none has, or one has
    errors.
    """
    places = _rulebooks_in(Path(folder))
    found = []
    for place in places:
        loaded = load_rulebook(place)
        if not loaded.ok:
            raise RulebookError(f"规则书「{place}」没有通过检查", loaded)
        if version := _version(place.name, Engine(loaded.rulebook)):
            found.append(version)
    if not found:
        names = "、".join(map(str, places)) or "没有规则书"
        raise RulebookError(f"「{folder}」里没有写明「施行」的规则书，不能依日期挑选；有：{names}")
    return Versions(tuple(sorted(found, key=lambda v: (v.first or date.min, v.name))))


def _version(name: str, engine: Engine) -> Version | None:
    in_force = engine.rulebook.in_force
    if in_force is None:
        return None
    first, last = (_end(name, engine, end) for end in (in_force.start, in_force.end))
    return Version(name, engine, first, last, in_force.by)


def _end(name: str, engine: Engine, end: Expr | None) -> date | None:
    """An end of the days, which no case may move."""
    if end is None:
        return None
    day = Interpretation(engine.program, {}, engine.chosen).eval(end)
    if not isinstance(day, date):
        raise RulebookError(f"规则书「{name}」的施行日期因案件而异，选不出适用的版本")
    return day


def _read_as(version: Version, readings: Mapping[str, str]) -> Version:
    known = version.engine.rulebook.reading
    own = {name: taken for name, taken in readings.items() if name in known}
    return attrs.evolve(version, engine=version.engine.with_readings(own)) if own else version


def _day(version: Version, case: Mapping[str, Any]) -> date | Fault | None:
    """The date by which a version goes: None where it is not known."""
    facts = version.engine.reader.read_fact(case, version.by)
    return facts.faults[0] if facts.faults else facts.known.get(version.by)


def _faulty(engine: Engine, *faults: Fault) -> Decision:
    return Decision(engine, None, {}, faults, "输入有误")
