"""luling explain: the page of a diagnostic code."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.resources import files

import click

from luling.compiler.diagnostics.entry import REGISTER, Both, Language
from luling.compiler.diagnostics.near import near_names

from .shared import FINE, fail, json_option, language_option, print_json
from .words import said

_HELP = Both(
    "解释一个错误代码：何时出现、为何要紧、反例和正例。不写代码则列出全部。"
    "\n\n\b\n例：luling explain L0201",
    "Explain a diagnostic code: when it appears, why it matters, a bad and a good case. "
    "Without a code, list them all.\n\n\b\nExample: luling explain L0201",
)


@click.command(help=said(_HELP))
@click.argument("code", metavar="CODE", default="")
@json_option
@language_option
def command(code: str, as_json: bool, language: Language) -> int:
    """Prints the page of a code, or the list of codes."""
    for stage in ("syntax", "names", "types", "rules", "amendments", "run", "alignment"):
        import_module(f"luling.compiler.diagnostics.catalogue.{stage}")
    if not code:
        return _all(as_json, language)
    wanted = code.upper()
    if wanted not in REGISTER:
        near = "、".join(near_names(wanted, REGISTER, 3, 0.5))
        text = Both(f"没有代码 {code}；相近的有：{near}", f"no code {code}; near ones: {near}")
        fail(text, language)
    entry = REGISTER[wanted]
    page = (files("luling.docs") / "diagnostics" / f"{wanted}.md").read_text("utf-8")
    if as_json:
        print_json({"代码": wanted, "名称": getattr(entry.title, language), "说明": page})
    else:
        sys.stdout.write(page)
    return FINE


def _all(as_json: bool, language: Language) -> int:
    for code, entry in sorted(REGISTER.items()):
        title = getattr(entry.title, language)
        if as_json:
            print_json({"代码": code, "级别": entry.severity, "名称": title})
        else:
            print(f"{code}  {title}")
    return FINE
