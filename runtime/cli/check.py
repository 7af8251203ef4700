"""luling check: compiles rulebooks and tells what is wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from luling.compiler.diagnostics.diagnostic import Finding
from luling.compiler.diagnostics.entry import Both, Language

from ..rulebooks import find_rulebooks, load_rulebook
from .shared import (
    FINDINGS,
    FINE,
    count_words,
    fail,
    findings_json,
    json_option,
    language_option,
    print_json,
    tell,
)
from .words import said

_HELP = Both(
    "检查规则书：写法、名称、类型、单位、规则之间的关系。\n\n"
    "PLACE 是一部规则书的文件夹，或其上层文件夹。\n\n\b\n例：luling check rules/",
    "Check rulebooks: writing, names, types, units, how the rules stand to one another.\n\n"
    "PLACE is the folder of a rulebook or one above it.\n\n\b\nExample: luling check rules/",
)


@click.command(help=said(_HELP))
@click.argument("places", metavar="PLACE...", nargs=-1, required=True)
@json_option
@language_option
def command(places: tuple[str, ...], as_json: bool, language: Language) -> int:
    """Tells all findings; 1 where there is one."""
    folders = [folder for place in places for folder in _folders(place, language)]
    findings: list[Finding] = []
    for folder in folders:
        loaded = load_rulebook(folder)
        findings += loaded.findings
        if as_json:
            for finding in findings_json(loaded, language):
                print_json(finding)
        else:
            tell(loaded, language, sys.stdout.write)
    if not as_json:
        books = Both(f"检查了 {len(folders)} 部规则书：", f"{len(folders)} rulebook(s) checked: ")
        found = count_words(findings, language)
        none = Both("没有发现问题。", "no findings.")
        print(getattr(books, language) + (found if findings else getattr(none, language)))
    return FINDINGS if findings else FINE


def _folders(place: str, language: Language) -> list[Path]:
    found = find_rulebooks(Path(place))
    if not found:
        fail(Both(f"「{place}」里没有规则书。", f"there is no rulebook in 「{place}」."), language)
    return found
