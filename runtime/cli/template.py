"""luling template: writes an empty workbook for cases."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir.rulebook import Rulebook

from .shared import FINE, fail, json_option, language_option, load_or_exit, print_json
from .words import said

_SUFFIX = ".xlsx"
_HELP = Both(
    "写一张可以填写的申请表（.xlsx）。\n\n"
    "表“案件”一行一个案件，一列一个事实；列表事实各有一张表；枚举和是否有下拉选项，日期有格式，"
    "表“说明”讲每一列是什么、空着表示什么。填好后交给 luling batch。\n\n\b\n"
    "例：luling template rules/shanghai-skill-subsidy/2025-7 -o 申请表.xlsx\n"
    "    luling batch rules/shanghai-skill-subsidy/2025-7 申请表.xlsx -o 结果.xlsx",
    "Write a workbook (.xlsx) to fill in.\n\n"
    "The sheet 案件 takes a case a row, with a column a fact; each list fact has a sheet; there "
    "are drop-downs, formats of dates, and a sheet of notes on what each column means and what an "
    "empty cell says. Give it to luling batch when it is filled in.\n\n\b\n"
    "Example: luling template rules/shanghai-skill-subsidy/2025-7 -o 申请表.xlsx\n"
    "         luling batch rules/shanghai-skill-subsidy/2025-7 申请表.xlsx -o 结果.xlsx",
)


@click.command(help=said(_HELP))
@click.argument("rulebook", metavar="RULEBOOK")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="FILE", required=True,
    help=said(Both("写到哪里（.xlsx）", "where to write it (.xlsx)")),
)  # fmt: skip
@json_option
@language_option
def command(rulebook: str, out: Path, as_json: bool, language: Language) -> int:
    """Writes the workbook and says so."""
    from ..batch.columns import fact_tables
    from ..batch.problems import TableError

    if out.suffix.lower() != _SUFFIX or out.is_dir() or not out.absolute().parent.is_dir():
        fail(
            Both(
                f"「{out}」要是已有文件夹里的 {_SUFFIX} 文件。",
                f"「{out}」 must be an {_SUFFIX} file in a folder that is there.",
            ),
            language,
        )
    book = load_or_exit(rulebook, language).rulebook
    try:
        _write(book, out)
        tables = fact_tables(book)
    except TableError as error:
        fail(Both(error.text("zh"), error.text("en")), language)
    except OSError as error:
        fail(Both(f"写不了「{out}」：{error}", f"cannot write 「{out}」: {error}"), language)
    if as_json:
        print_json({"文件": str(out), "表": {t.name: len(t.columns) for t in tables}})
    else:
        shown = "、".join(f"{t.name}（{len(t.columns)} 列）" for t in tables)
        text = Both(f"写好了「{out}」：{shown}。", f"written 「{out}」: {shown}.")
        sys.stdout.write(getattr(text, language) + "\n")
    return FINE


def _write(book: Rulebook, out: Path) -> None:
    """Writes beside and moves into place, so that no half workbook stands under the name."""
    from ..batch.template import write_template

    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.absolute().parent) as folder:
        made = Path(folder) / out.name
        write_template(book, made)
        os.replace(made, out)
