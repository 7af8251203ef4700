"""luling run: decides cases."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import IO

import attrs
import click

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.diagnostics.near import near_names
from luling.compiler.ir.types import Type
from luling.compiler.ir.values import show_json

from ..compiled.function import Function, compile
from ..decide import Decision, Engine, ReadingError
from ..explain import Account, result_lines
from ..rulebooks import RulebookError, is_rulebook
from ..versions.applicable import Dated, Version, Versions, holds_versions, versions_at
from .shared import (
    FINDINGS,
    FINE,
    counted,
    fail,
    json_line,
    json_option,
    language_option,
    load_or_exit,
    print_json,
    readings_option,
    tell,
)
from .words import said

_HELP = Both(
    "按一部规则书判定案件。\n\n"
    "RULEBOOK 是规则书的文件夹；CASE 是 .json（一个案件）、.jsonl（一行一个案件）"
    "或 -（标准输入，一行一个）。\n\n"
    "RULEBOOK 里若是几版规则书，每个案件用它适用的那一版：依各版“施行”所说的日期，"
    "或者依 --as-of 给出的日期，首尾两日都包括在内。没有写“施行”的草案不参加挑选。\n\n\b\n"
    "例：luling run rules/shanghai-skill-subsidy/2025-7 examples/case.json --explain\n"
    "    cat cases.jsonl | luling run rules/shanghai-skill-subsidy/2025-7 - --json\n"
    "    luling run rules/shanghai-skill-subsidy examples/case.json",
    "Decide cases by a rulebook.\n\n"
    "RULEBOOK is the folder of a rulebook; CASE a .json (one case), a .jsonl (one case a line) "
    "or - (standard input, one case a line).\n\n"
    "Where RULEBOOK holds several versions, each case is decided by the one that applies: by the "
    "date that 施行 of each version names, or by --as-of; both ends are included. Drafts without "
    "施行 are not chosen.\n\n\b\n"
    "Example: luling run rules/shanghai-skill-subsidy/2025-7 examples/case.json --explain\n"
    "         cat cases.jsonl | luling run rules/shanghai-skill-subsidy/2025-7 - --json\n"
    "         luling run rules/shanghai-skill-subsidy examples/case.json",
)


_GROUNDS = ("依据", "解读")  # what --results leaves out


@attrs.frozen
class Telling:
    """How decisions are to be told."""

    as_json: bool
    language: Language
    explain: str | None
    why: str | None
    why_not: str | None
    only_results: bool

    @property
    def asks_why(self) -> bool:
        """Whether more is asked for than the results."""
        return bool(self.explain or self.why or self.why_not)


@click.command(help=said(_HELP))
@click.argument("rulebook", metavar="RULEBOOK")
@click.argument("cases", metavar="CASE...", nargs=-1, required=True)
@json_option
@click.option(
    "--explain", is_flag=False, flag_value="short", type=click.Choice(["short", "full"]),
    help=said(Both("说明理由；full 给出整棵推理树", "tell why; full gives the whole tree")),
)  # fmt: skip
@click.option(
    "--why", metavar="NAME", help=said(Both("这个值从何而来", "where a value comes from"))
)
@click.option(
    "--why-not", metavar="NAME",
    help=said(Both("为何不是另一结果；写结果名或成员名", "why a result or member is not so")),
)  # fmt: skip
@click.option(
    "--results", "only_results", is_flag=True,
    help=said(Both(
        "与 --json 合用：不要依据和解读，案件多时快得多",
        "with --json: without 依据 and 解读, much faster for many cases",
    )),
)  # fmt: skip
@readings_option
@click.option(
    "--as-of", "as_of", metavar="DATE",
    help=said(Both("依这一天选规则书的版本", "take the version of this day")),
)  # fmt: skip
@language_option
def command(
    rulebook: str,
    cases: tuple[str, ...],
    as_json: bool,
    explain: str | None,
    why: str | None,
    why_not: str | None,
    only_results: bool,
    readings: tuple[str, ...],
    as_of: str | None,
    language: Language,
) -> int:
    """Decides each case and tells it; 1 where one was bad input."""
    for place in cases:
        if place != "-" and not Path(place).is_file():
            fail(Both(f"没有案件文件「{place}」。", f"no case file 「{place}」."), language)
    day = _day(as_of, language)
    chosen = chosen_readings(readings, language)
    deciding = read_as(_loaded(rulebook, day, language), chosen, language)
    for name in (why, why_not):
        _known_name(_engines(deciding), name, language)
    gc.collect()
    gc.freeze()  # the rulebook lives as long as the command: no need to look at it again and again
    telling = Telling(as_json, language, explain, why, why_not, only_results)
    if only_results and (telling.asks_why or not as_json):
        wrong = Both(
            "--results 要与 --json 合用，不能再要求说明理由。",
            "--results goes with --json, and without a question why.",
        )
        fail(wrong, language)
    status = FINE
    several = len(cases) > 1 or any(not place.endswith(".json") for place in cases)
    function = _function(deciding, telling, several)
    for label, text in counted(_texts(cases), language):
        if function is not None and (lines := _told(function, text, label, telling)) is not None:
            sys.stdout.write(lines.text)
            status = FINDINGS if lines.at_fault else status
            continue
        answer = _decide(deciding, text, day)
        decision = answer.decision if isinstance(answer, Dated) else answer
        if decision.faults:
            status = FINDINGS
        if as_json:
            printed = answer.to_json(language)
            if only_results:
                printed = {key: part for key, part in printed.items() if key not in _GROUNDS}
            if told := _lines(decision, telling):
                printed["说明"] = told
            print_json(printed)
        else:
            _tell(answer, decision, label if several else "", telling)
    return status


# --- what decides: one rulebook, or the version that applies


def _day(text: str | None, language: Language) -> date | None:
    if text is None:
        return None
    day: date | None = None
    with suppress(ValueError):
        day = date.fromisoformat(text)
    if day is None or str(day) != text:
        fail(
            Both(f"「{text}」不是 YYYY-MM-DD 的日期。", f"「{text}」 is no date YYYY-MM-DD."),
            language,
        )
    return day


def _loaded(place: str, day: date | None, language: Language) -> Engine | Versions:
    if is_rulebook(Path(place)) or not holds_versions(Path(place)):
        engine = Engine(load_or_exit(place, language).rulebook)
        if day is not None:
            text = Both(
                "--as-of 用来在几版规则书中挑选；这里只有一部。",
                "--as-of chooses among versions; this is one rulebook.",
            )
            fail(text, language)
        return engine
    try:
        return versions_at(place)
    except (RulebookError, OSError) as error:
        if isinstance(error, RulebookError) and error.loaded is not None:
            tell(error.loaded, language, sys.stderr.write)
        fail(Both(str(error), str(error)), language)


def _engines(deciding: Engine | Versions) -> list[Engine]:
    if isinstance(deciding, Engine):
        return [deciding]
    return [version.engine for version in deciding.versions]


def chosen_readings(readings: tuple[str, ...], language: Language) -> dict[str, str]:
    """The readings that options NAME=ALTERNATIVE name."""
    chosen = {}
    for reading in readings:
        name, equals, alternative = reading.replace("＝", "=").partition("=")
        if not equals:
            fail(
                Both(
                    f"「{reading}」应写成 名称=理解。", f"write 「{reading}」 as NAME=ALTERNATIVE."
                ),
                language,
            )
        chosen[name.strip()] = alternative.strip()
    return chosen


def read_as(
    deciding: Engine | Versions, chosen: dict[str, str], language: Language
) -> Engine | Versions:
    """What decides, with other readings; ends the command where there are none such."""
    try:
        return deciding.with_readings(chosen) if chosen else deciding
    except ReadingError as error:
        lines = (
            f"  {r.name}：{'、'.join(a.name for a in r.alternatives)}"
            for engine in _engines(deciding)
            for r in engine.rulebook.readings
        )
        known = "\n".join(dict.fromkeys(lines))
        fail(
            Both(
                f"{error.text.zh}。可选的解读：\n{known}",
                f"{error.text.en}. The readings are:\n{known}",
            ),
            language,
        )


def _known_name(engines: list[Engine], name: str | None, language: Language) -> None:
    if name is None:
        return
    books = [engine.rulebook for engine in engines]
    members = [member for book in books for enum in book.enums for member in enum.members]
    values = [d.name for book in books for d in book.definitions if d.scope_kind == "case"]
    if name not in members and name not in values:
        near = "、".join(near_names(name, [*values, *members], 3, 0.4))
        hint = Both(f"；是否想写：{near}？", f"; did you mean {near}?") if near else Both("", "")
        fail(
            Both(
                f"没有名为「{name}」的结果、派生的量或成员{hint.zh}",
                f"no result, derived value or member 「{name}」{hint.en}",
            ),
            language,
        )


# --- reading cases, one at a time


def _texts(places: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Each case as a label and its bytes, in constant memory."""
    for place in places:
        if place == "-":
            yield from _numbered("-", sys.stdin.buffer)
        elif place.endswith(".jsonl"):
            with Path(place).open("rb") as file:
                yield from _numbered(place, file)
        else:
            yield place, Path(place).read_bytes()


def _numbered(place: str, file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    for number, line in enumerate(file, 1):
        if line.strip():
            yield f"{place}:{number}", line


def _decide(deciding: Engine | Versions, data: bytes, day: date | None) -> Decision | Dated:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return deciding.unreadable(Both("不是 UTF-8 编码", "not UTF-8"))
    if isinstance(deciding, Engine):
        return deciding.decide_text(text)
    return deciding.decide_text(text, day)


# --- many cases, of which nothing but the results is told


@attrs.frozen
class _Told:
    """What is printed of a case, and whether it is bad input or a fault of the rulebook."""

    text: str
    at_fault: bool


@attrs.frozen
class _Quick:
    """A compiled rulebook, and the types of its results."""

    decide: Function
    types: Mapping[str, Type]


def _function(deciding: Engine | Versions, telling: Telling, several: bool) -> _Quick | None:
    """The compiled rulebook where its answers say all that is to be told of many cases."""
    enough = telling.only_results or not (telling.as_json or telling.asks_why)
    if not (several and enough and isinstance(deciding, Engine)):
        return None
    return _Quick(compile(deciding), deciding.types)


def _told(quick: _Quick, data: bytes, label: str, telling: Telling) -> _Told | None:
    """What is told of a case by the compiled rulebook; None where that has to be told in full."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    answer = quick.decide.decide_text(text, telling.language)
    at_fault = bool(answer["错误"])
    if telling.as_json:
        return _Told(json_line(answer), at_fault)
    if answer["状态"] != "已定":
        return None
    results = {name: show_json(value, quick.types[name]) for name, value in answer["结果"].items()}
    lines = [f"── {label}", *result_lines(answer["状态"], results, telling.language)]
    return _Told("\n".join(lines) + "\n\n", at_fault)


# --- telling


def _tell(answer: Decision | Dated, decision: Decision, label: str, telling: Telling) -> None:
    lines: list[str] = [f"── {label}"] if label else []
    if isinstance(answer, Dated):
        lines.append(getattr(_taken(answer.version), telling.language))
    lines += _lines(decision, telling) or Account(decision, telling.language).plain()
    sys.stdout.write("\n".join(lines) + "\n")
    if label:
        sys.stdout.write("\n")


def _taken(version: Version | None) -> Both:
    if version is None:
        return Both("规则书：没有选定", "rulebook: none taken")
    title, by = f"{version.engine.rulebook.title} {version.name}", version.by
    return Both(
        f"规则书：{title}（{version.days.zh}，依{by}）",
        f"rulebook: {title} ({version.days.en}, by {by})",
    )


def _lines(decision: Decision, telling: Telling) -> list[str]:
    """The account that was asked for, empty where only the results were."""
    account = Account(decision, telling.language)
    if telling.asks_why and decision.interpretation is None:
        return account.short()
    if telling.why is not None:
        return account.why(telling.why)
    if telling.why_not is not None:
        return account.why_not(telling.why_not)
    if telling.explain == "full":
        return account.tree([d.name for d in decision.engine.rulebook.results])
    return account.short() if telling.explain == "short" else []
