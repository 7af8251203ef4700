"""luling compile: writes a rulebook as one Python file that needs nothing but Python."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from luling.compiler.diagnostics.entry import Both, Language

from ..compiled.function import source_of
from ..decide import Engine
from ..whole_files import put
from .run import chosen_readings, read_as
from .shared import (
    FINE,
    fail,
    json_option,
    language_option,
    load_or_exit,
    print_json,
    readings_option,
)
from .words import said

_HELP = Both(
    "把一部规则书写成一个 Python 文件。\n\n"
    "这个文件只用 Python 3.11 以上的标准库，不需要律令，可以单独交给别人。里面的 decide(案件) "
    "给出 状态、结果、缺少、错误，与 luling run --json 一致；也可以当程序运行："
    "python decide.py cases.jsonl。不写 -o 则输出到标准输出。\n\n\b\n"
    "例：luling compile rules/shanghai-skill-subsidy/2025-7 -o decide.py",
    "Write a rulebook as one Python file.\n\n"
    "The file needs the standard library of Python 3.11 or newer and no Lüling, and can be given "
    "to others. Its decide(case) gives 状态, 结果, 缺少, 错误 as luling run --json does; it is a "
    "program too: python decide.py cases.jsonl. Without -o it goes to standard output.\n\n\b\n"
    "Example: luling compile rules/shanghai-skill-subsidy/2025-7 -o decide.py",
)


@click.command(help=said(_HELP))
@click.argument("rulebook", metavar="RULEBOOK")
@click.option(
    "--out", "-o", type=click.Path(dir_okay=False, path_type=Path),
    help=said(Both("写到哪个文件", "the file to write")),
)  # fmt: skip
@readings_option
@json_option
@language_option
def command(
    rulebook: str, out: Path | None, readings: tuple[str, ...], as_json: bool, language: Language
) -> int:
    """Writes the file."""
    if out is None and as_json:
        text = Both("--json 要与 -o 合用。", "--json goes with -o.")
        fail(text, language)
    chosen = chosen_readings(readings, language)
    engine = read_as(Engine(load_or_exit(rulebook, language).rulebook), chosen, language)
    assert isinstance(engine, Engine)
    source = source_of(engine)
    if out is None:
        sys.stdout.write(source)
        return FINE
    try:
        put(out, source.encode("utf-8"))
    except OSError as error:
        reason = error.strerror
        fail(Both(f"写不了「{out}」：{reason}。", f"cannot write 「{out}」: {reason}."), language)
    book = engine.rulebook
    if as_json:
        taken = {**engine.program.taken, **engine.chosen}
        print_json(
            {
                "文件": str(out),
                "规则书": book.title,
                "版本": book.version,
                "解读": taken,
            }
        )
    else:
        told = Both(
            f"写好 {out}：{book.title} {book.version}",
            f"written {out}: {book.title} {book.version}",
        )
        print(getattr(told, language))
    return FINE
