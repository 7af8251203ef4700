"""A folder of case files as tests: what each must give, and decisions recorded per version.

`luling.json` in the folder says by which rulebook: {"规则书": "../rules/甲/2025"}, or by several
versions: {"规则书": {"2024": "…", "2025": "…"}}; paths from the folder. "解读" takes readings
otherwise. "记录" names a folder inside it, where the decision on each case is recorded, one file a
case and version; --luling-accept writes what is decided now.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import attrs
import pytest

from luling.compiler.diagnostics.near import near_names
from luling.compiler.diagnostics.render import render
from luling.compiler.ir import types as t
from luling.runtime.decide import Decision, Engine, ReadingError
from luling.runtime.facts import Fault, parse_case
from luling.runtime.rulebooks import RulebookError

from .rule_files import LulingItem, Shelf, Unmet, difference_lines, explained, shelf

SETTINGS = "luling.json"
_SETTINGS_KEYS = ("规则书", "解读", "记录")
_CASE_KEYS = ("说明", "条款", "案件", "应得")
_ABOUT_DECISION = ("状态", "缺少", "错误")


# --- the settings of a folder


@attrs.frozen
class Settings:
    """Which rulebooks decide the cases of a folder, how they are read, where decisions are kept."""

    folder: Path
    rulebooks: dict[str, Path]
    readings: dict[str, str]
    records: str | None

    def record(self, version: str, case: Path) -> Path:
        """The file with the recorded decision on a case."""
        return self.folder / str(self.records) / version / case.name

    def engine(self, version: str, books: Shelf) -> Engine:
        """The rulebook of a version as it is to be read. Raises `Unmet`."""
        folder = self.rulebooks[version]
        try:
            loaded = books.loaded(folder)
            if not loaded.ok:
                raise Unmet("\n\n".join(render(f, loaded.sources) for f in loaded.findings))
            return books.engine(folder).with_readings(self.readings)
        except (RulebookError, ReadingError, OSError) as error:
            raise Unmet(f"{self.folder / SETTINGS}：{error}") from None

    @property
    def stale(self) -> list[Path]:
        """Recorded decisions on cases, or by versions, that are no longer there."""
        if self.records is None:
            return []
        wanted = {
            self.record(version, case) for version in self.rulebooks for case in _cases(self.folder)
        }
        return sorted(set((self.folder / self.records).glob("*/*.json")) - wanted)


def read_settings(path: Path) -> Settings:
    """The settings in a `luling.json`. Raises `Unmet`."""
    data = _object(path)
    _known_keys(path, data, _SETTINGS_KEYS)
    books, readings, records = data.get("规则书"), data.get("解读", {}), data.get("记录")
    if isinstance(books, str):
        books = {Path(books).name: books}
    if not _is_texts(books) or not books:
        raise Unmet(f"{path}：“规则书”应写规则书的文件夹，或 {{版本: 文件夹}}。")
    if not _is_texts(readings):
        raise Unmet(f"{path}：“解读”应写 {{解读: 取哪一种}}。")
    if records is not None and not (isinstance(records, str) and Path(records).name == records):
        raise Unmet(f"{path}：“记录”应写这里的一个文件夹的名称。")
    if any(Path(version).name != version for version in books):
        raise Unmet(f"{path}：版本用作文件夹的名称，不能含有“/”。")
    folder = path.parent
    rulebooks = {version: (folder / place).resolve() for version, place in books.items()}
    return Settings(folder, rulebooks, dict(readings), records)


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _known_keys(path: Path, data: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in data:
        if key not in known:
            raise Unmet(f"{path}：没有「{key}」这一项，有的是：{'、'.join(known)}。")


def _object(path: Path) -> dict[str, Any]:
    """The JSON object in a file. Raises `Unmet`."""
    try:
        data, faults = parse_case(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise Unmet(f"{path}：{error}") from None
    if data is None:
        raise Unmet(f"{path}：{_in_words(faults)}")
    return data


def _cases(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.json") if path.name != SETTINGS)


# --- collecting


class SettingsFile(pytest.File):
    """The tests of a `luling.json`."""

    def collect(self) -> Iterator[pytest.Item]:
        """One: that the folder is in order."""
        yield FolderInOrder.from_parent(self, name="案件文件夹")


class CaseFile(pytest.File):
    """The tests of one case file: what it must give, and the recorded decisions on it."""

    def collect(self) -> Iterator[pytest.Item]:
        """For each version; a file that cannot be read is one test, which fails."""
        try:
            settings = read_settings(self.path.with_name(SETTINGS))
            file = read_case_file(self.path)
        except Unmet as error:
            broken = Broken.from_parent(self, name="案件文件")
            broken.told = str(error)
            yield broken
            return
        for version in settings.rulebooks:
            which = f"（{version}）" if len(settings.rulebooks) > 1 else ""
            if file.expected is not None:
                name = f"{'、'.join(file.clauses)}{'：' if file.clauses else ''}应得{which}"
                yield ExpectedResults.of(self, name, settings, version, file)
            if settings.records is not None:
                yield RecordedDecision.of(self, f"记录{which}", settings, version, file)


@attrs.frozen
class CaseOnFile:
    """A case with what is said of it; without 应得 it expects nothing by itself."""

    path: Path
    about: str
    clauses: tuple[str, ...]
    case: Any
    expected: dict[str, Any] | None


def read_case_file(path: Path) -> CaseOnFile:
    """A file with {说明, 条款, 案件, 应得}, or with a bare case. Raises `Unmet`."""
    data = _object(path)
    if "案件" not in data:
        return CaseOnFile(path, "", (), data, None)
    _known_keys(path, data, _CASE_KEYS)
    clauses, expected = data.get("条款", []), data.get("应得")
    if not isinstance(clauses, list) or not all(isinstance(one, str) for one in clauses):
        raise Unmet(f"{path}：“条款”应写条款的列表。")
    if expected is not None and not isinstance(expected, dict):
        raise Unmet(f"{path}：“应得”应写 {{结果: 值}}。")
    return CaseOnFile(path, str(data.get("说明", "")), tuple(clauses), data["案件"], expected)


class Broken(LulingItem):
    """A file that cannot be tested."""

    told = ""

    def runtest(self) -> None:
        """Fails with the reason."""
        raise Unmet(self.told)


class FolderInOrder(LulingItem):
    """Whether a folder of cases can be tested and has no record too many."""

    def runtest(self) -> None:
        """Fails with what is wrong; with --luling-accept records too many are removed."""
        settings = read_settings(self.path)
        for version in settings.rulebooks:
            settings.engine(version, shelf(self.config))
        if not _cases(settings.folder):
            raise Unmet(f"{settings.folder}：没有案件文件（.json）。")
        if settings.records is None:
            silent = [p.name for p in _cases(settings.folder) if _is_silent(p)]
            if silent:
                told = "、".join(silent)
                raise Unmet(f"{told}：既没有“应得”，{SETTINGS} 里也没有“记录”，没有什么可测。")
        stale = settings.stale
        if self.config.getoption("luling_accept"):
            for path in stale:
                path.unlink()
        elif stale:
            names = "\n".join(f"  {path.relative_to(settings.folder)}" for path in stale)
            raise Unmet(f"这些判定记录没有对应的案件或版本，--luling-accept 会删去：\n{names}")


def _is_silent(path: Path) -> bool:
    try:
        return read_case_file(path).expected is None
    except Unmet:
        return False  # its own test tells


class _OfCase(LulingItem):
    """A test of one case by one version."""

    settings: Settings
    version: str
    file: CaseOnFile

    @classmethod
    def of(
        cls, parent: CaseFile, name: str, settings: Settings, version: str, file: CaseOnFile
    ) -> _OfCase:
        """The test."""
        found: _OfCase = cls.from_parent(parent, name=name)
        found.settings, found.version, found.file = settings, version, file
        found.luling_clauses = file.clauses
        return found

    def decide(self) -> Decision:
        """The decision on the case."""
        self.user_properties += [("条款", clause) for clause in self.luling_clauses]
        return self.settings.engine(self.version, shelf(self.config)).decide(self.file.case)

    def title(self) -> list[str]:
        """Which case, by which version, and what is said of it."""
        return [
            f"  --> {self.path}（{self.version}）",
            *([self.file.about] if self.file.about else []),
        ]


class ExpectedResults(_OfCase):
    """Whether a case gives what it must."""

    def runtest(self) -> None:
        """Fails with the results that differ, and why."""
        decision = self.decide()
        assert self.file.expected is not None
        lines = list(differences(decision, self.file.expected))
        if lines:
            told = ["结果与应得不同。", *self.title(), "", *lines, "", *explained(decision)]
            raise Unmet("\n".join(told))


class RecordedDecision(_OfCase):
    """Whether a case is decided as was recorded."""

    def runtest(self) -> None:
        """Fails with the difference; with --luling-accept records what is decided now."""
        decision = self.decide()
        path = self.settings.record(self.version, self.path)
        now = recorded(decision)
        before = path.read_text("utf-8") if path.is_file() else None
        if before == now:
            return
        if self.config.getoption("luling_accept"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(now, "utf-8", newline="\n")
            self.user_properties.append(("写下", path.name))
            return
        hint = "看过差异、确是要改的，用 --luling-accept 记下。"
        if before is None:
            told = [f"还没有记录。{hint}", *self.title(), "", *explained(decision)]
            raise Unmet("\n".join(told))
        diff = difflib.unified_diff(
            before.splitlines(), now.splitlines(), "记录", "现在", lineterm="", n=1
        )
        told = ["判定与记录不同。", *self.title(), "", *diff, "", hint, "", *explained(decision)]
        raise Unmet("\n".join(told))


def recorded(decision: Decision) -> str:
    """A decision as it is recorded: the same bytes for the same decision."""
    return json.dumps(decision.to_json(), ensure_ascii=False, indent=2) + "\n"


# --- what differs


def differences(decision: Decision, expected: Mapping[str, Any]) -> Iterator[str]:
    """What is not as expected, of results and of 状态、缺少、错误; bad input is told where nobody
    expected it.
    """
    kinds: dict[str, t.Type] = decision.engine.types
    results = decision.results()
    for name, value in expected.items():
        if name in _ABOUT_DECISION:
            found = _about(decision, name)
            if found != value:
                yield from difference_lines(name, _text(value), _text(found))
        elif name not in kinds:
            near = near_names(name, [*kinds, *_ABOUT_DECISION], 1, 0.5)
            hint = f"是否想写「{near[0]}」？" if near else ""
            yield f"没有结果「{name}」。{hint}"
        elif name not in results:
            missing = f"未定（缺少 {'、'.join(decision.missing)}）" if decision.missing else "无"
            shown = missing if decision.state == "信息不足" else decision.state
            yield from difference_lines(name, _text(value), shown)
        elif not _same(value, results[name], kinds[name]):
            yield from difference_lines(name, _text(value), _text(results[name]))
    if not expected.keys() & {"状态", "错误"} and decision.faults:
        yield _in_words(decision.faults)


def _about(decision: Decision, name: str) -> Any:
    if name == "状态":
        return decision.state
    found = decision.missing if name == "缺少" else (fault.place for fault in decision.faults)
    return list(found)


def _same(expected: Any, found: Any, kind: t.Type) -> bool:
    """Whether a value is the one expected; 2600 is 2600.00."""
    if isinstance(kind, t.ListOf) and isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(
            _same(one, other, kind.item) for one, other in zip(expected, found, strict=True)
        )
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    number = _number(expected) if _is_number(t.solid(kind)) else None
    return number == _number(found) if number is not None else bool(expected == found)


def _is_number(kind: t.Type) -> bool:
    return kind in (t.MONEY, t.RATIO) or isinstance(kind, t.Number)


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(value) if isinstance(value, str | int | Decimal) else None
    except InvalidOperation:
        return None


def _text(value: Any) -> str:
    match value:
        case None:
            return "空"
        case True | False:
            return "是" if value else "否"
        case list():
            return "、".join(map(_text, value)) or "无"
    return str(value)


def _in_words(faults: tuple[Fault, ...]) -> str:
    return "；".join(
        f"{fault.place}{'：' * bool(fault.place)}{fault.message()}" for fault in faults
    )
