"""What several commands share: options, loading a rulebook, telling findings."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from luling.compiler.diagnostics.diagnostic import Finding
from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.diagnostics.render import render, to_json

from ..rulebooks import Loaded, RulebookError, find_rulebooks, is_rulebook, load_rulebook
from .words import said

Command = TypeVar("Command", bound=Callable[..., Any])
Item = TypeVar("Item")

FINE, FINDINGS, WRONG_USE = 0, 1, 2


def language_option(command: Command) -> Command:
    """--lang zh|en."""
    text = said(Both("输出的语言", "language of the output"))
    return click.option(
        "--lang", "language", type=click.Choice(["zh", "en"]), default="zh", help=text
    )(command)


def json_option(command: Command) -> Command:
    """--json."""
    text = said(Both("按 JSON 输出，一行一个", "print JSON, one object a line"))
    return click.option("--json", "as_json", is_flag=True, help=text)(command)


def readings_option(command: Command) -> Command:
    """--reading, for `run.chosen_readings`."""
    text = said(Both("改用另一种解读，可多次", "take another reading; may be repeated"))
    return click.option(
        "--reading", "readings", metavar="NAME=ALTERNATIVE", multiple=True, help=text
    )(command)


def lists_options(command: Command) -> Command:
    """--history and --no-history: where the tables of list facts are."""
    there = said(Both("列表事实的表，可多次", "the table of a list fact; may be repeated"))
    none = said(Both("不在 CASES 旁边找列表的表", "look for no tables of lists beside CASES"))
    command = click.option("--no-history", is_flag=True, help=none)(command)
    return click.option("--history", "lists", multiple=True, metavar="LIST=FILE", help=there)(
        command
    )


def mapping_option(command: Command) -> Command:
    """--mapping, for `batch.named_sources`."""
    text = said(Both(
        "列名或值叫法不同时的对应（TOML）", "what columns and values are called otherwise (TOML)"
    ))  # fmt: skip
    return click.option("--mapping", type=click.Path(path_type=Path), metavar="FILE", help=text)(
        command
    )


def threads_option(command: Command) -> Command:
    """--threads N."""
    text = said(Both("用几个核，默认全部", "how many cores to use, all by default"))
    return click.option("--threads", type=click.IntRange(min=1), metavar="N", help=text)(command)


def end_as_by_interrupt() -> None:
    """Asked to end (SIGTERM), a command ends as it does by Ctrl-C: nothing half done stays."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def fail(message: Both, language: Language) -> NoReturn:
    """Ends the command as wrongly used, with a reason."""
    print(getattr(message, language), file=sys.stderr)
    sys.exit(WRONG_USE)


def json_line(value: object) -> str:
    """One line of JSON."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def need_tables(language: Language) -> None:
    """Ends the command where the extra for tables is not installed."""
    from ..batch.problems import TableError, check_extra

    try:
        check_extra()
    except TableError as error:
        fail(Both(error.text("zh"), error.text("en")), language)


def print_json(value: object) -> None:
    """Prints one line of JSON."""
    sys.stdout.write(json_line(value))


def counted(items: Iterable[Item], language: Language) -> Iterator[Item]:
    """The items, counted on a terminal that shows nothing else."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    words = "个案件" if language == "zh" else "cases"
    columns = (SpinnerColumn(), TextColumn(f"{{task.completed}} {words}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        for item in items:
            yield item
            progress.advance(task)


def with_bar(items: Iterable[Item], total: int, what: Both, language: Language) -> Iterator[Item]:
    """The items, with a bar on a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(getattr(what, language), total=total)
        for item in items:
            yield item
            progress.advance(task)


@contextmanager
def telling(what: Both, language: Language) -> Iterator[Callable[[str], None]]:
    """Says on a terminal what is under way, with the part of it that is told."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    words = getattr(what, language)
    with Console(stderr=True).status(words) as status:
        yield lambda part: status.update(f"{words}：{part}")


def rulebook_folder(place: str, language: Language) -> Path:
    """The one rulebook folder a path names; ends the command where there is none or several."""
    folder = Path(place)
    if is_rulebook(folder):
        return folder
    below = find_rulebooks(folder)
    if below:
        names = "、".join(str(path) for path in below[:5])
        fail(
            Both(
                f"「{place}」之下有几部规则书，请指明一部：{names}",
                f"「{place}」 holds several rulebooks, name one: {names}",
            ),
            language,
        )
    fail(
        Both(
            f"「{place}」里没有规则书（.luling 文件）。",
            f"there is no rulebook (.luling files) in 「{place}」.",
        ),
        language,
    )


def load_or_exit(place: str, language: Language) -> Loaded:
    """A rulebook that may decide cases; its errors are told and end the command."""
    try:
        loaded = load_rulebook(rulebook_folder(place, language))
    except (RulebookError, OSError) as error:
        fail(Both(str(error), str(error)), language)
    if not loaded.ok:
        tell(loaded, language, sys.stderr.write)
        fail(
            Both("规则书没有通过检查，不作判定。", "the rulebook has errors; nothing is decided."),
            language,
        )
    return loaded


def tell(loaded: Loaded, language: Language, write: Callable[[str], object]) -> None:
    """All findings of a rulebook, as text."""
    for finding in loaded.findings:
        write(render(finding, loaded.sources, language) + "\n\n")


def findings_json(loaded: Loaded, language: Language) -> Iterable[dict[str, object]]:
    """All findings of a rulebook, as JSON values."""
    return (to_json(finding, loaded.sources, language) for finding in loaded.findings)


def count_words(findings: Iterable[Finding], language: Language) -> str:
    """2 处错误，1 处警告."""
    found = list(findings)
    errors = sum(f.is_error for f in found)
    warnings = len(found) - errors
    if language == "en":
        return f"{errors} error(s), {warnings} warning(s)"
    return f"{errors} 处错误，{warnings} 处警告"
