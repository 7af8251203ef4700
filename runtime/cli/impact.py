"""luling impact: what a change costs, over a table of cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import attrs
import click

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.diagnostics.near import near_names

from .batch import named_sources, progress_shown
from .shared import (
    FINDINGS,
    FINE,
    end_as_by_interrupt,
    fail,
    json_option,
    language_option,
    lists_options,
    load_or_exit,
    mapping_option,
    need_tables,
    print_json,
    threads_option,
)
from .words import said

if TYPE_CHECKING:
    from ..batch.opening import Note, Tables
    from ..batch.rows import Row
    from ..batch.run import Options
    from ..batch.sources import Sources
    from ..impact.build import Asked
    from ..impact.model import Impact
    from ..impact.sides import Sides

_HELP = Both(
    "一项改动的影响：同一张案件表用两版各判定一遍，多少案件变了，多少钱，谁多谁少，因为哪一条。\n\n"
    "OLD 和 NEW 是两部规则书的文件夹；CASES 是案件表（.parquet、.csv、.xlsx）：一行一个案件，"
    "有“案件编号”，一列一个事实。列表的表与案件表在同一个文件夹里、按列表命名的，自己会找到。\n\n"
    "先装：pip install 'luling[impact]'\n\n\b\n"
    "例：luling impact OLD NEW cases.parquet --html report.html\n"
    "    luling impact OLD NEW cases.csv --history 清单=list.csv -o moves.xlsx\n"
    "    luling impact OLD NEW cases.parquet --by 户.区 --money 应缴 --png charts/\n\n"
    "判定完为 0，表里有读不出的值为 1，用法有误为 2。",
    "What a change costs: the same table of cases decided by two versions; how many cases move, "
    "how much money, who gains and who loses, because of which clause.\n\n"
    "OLD and NEW are folders of rulebooks; CASES is a table (.parquet, .csv, .xlsx): one row a "
    "case, with 案件编号, one column a fact. The table of a list is found beside it by its "
    "name.\n\n"
    "Needs: pip install 'luling[impact]'\n\n\b\n"
    "Example: luling impact OLD NEW cases.parquet --html report.html\n"
    "         luling impact OLD NEW cases.csv --history 清单=list.csv -o moves.xlsx\n"
    "         luling impact OLD NEW cases.parquet --by 户.区 --money 应缴 --png charts/\n\n"
    "Exit status 0 where all was decided, 1 where values of the table are at fault, 2 wrong use.",
)


@attrs.frozen
class Wanted:
    """The files asked for."""

    html: Path | None
    png: Path | None
    out: Path | None

    @property
    def folder(self) -> Path | None:
        """Where what is under way is kept: beside the table of moves, which is moved from there."""
        return None if self.out is None else self.out.absolute().parent


@click.command(help=said(_HELP))
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.argument("cases", metavar="CASES", type=click.Path(path_type=Path))
@lists_options
@mapping_option
@click.option(
    "--by", metavar="NAME", multiple=True,
    help=said(Both(
        "按这个事实或结果分组，可多次；不写就取变动最不均匀的",
        "group by this fact or result; may be repeated; by default where moves are most uneven",
    )),
)  # fmt: skip
@click.option(
    "--money", metavar="NAME",
    help=said(Both(
        "按这项金额排序和画图；不写就取由另两项分担的，没有就取变动最多的",
        "rank and draw by this amount; by default one that two others share out, else the one "
        "that moves most",
    )),
)  # fmt: skip
@click.option(
    "--sample", type=click.IntRange(min=0), default=1_000, show_default=True, metavar="N",
    help=said(Both(
        "至多在几个变了的案件上逐条改回，找起因的条款",
        "on how many cases that move clauses are taken back, to find what causes them",
    )),
)  # fmt: skip
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help=said(Both("写一个网页，一个文件，不需要网络", "write a page: one file, no network")),
)  # fmt: skip
@click.option(
    "--png", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help=said(Both("把每个图写成 PNG", "write each chart as PNG")),
)  # fmt: skip
@click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help=said(Both(
        "写出变了的案件，一行一件（.parquet、.csv、.xlsx）",
        "write the cases that move, one a row (.parquet, .csv, .xlsx)",
    )),
)  # fmt: skip
@click.option(
    "--as-dated", is_flag=True,
    help=said(Both(
        "两版施行的期间没有共同的一天时，也各按自己的期间（默认按都适用来判定）",
        "keep to the span of each version even where they have no day in common",
    )),
)  # fmt: skip
@click.option(
    "--engine", "engine_name", type=click.Choice(["duckdb", "python"]), default="duckdb",
    show_default=True,
    help=said(Both("用 SQL 判定，还是逐行判定", "decide by SQL, or row by row")),
)  # fmt: skip
@click.option(
    "--memory", metavar="SIZE",
    help=said(Both(
        "DuckDB 至多用多少内存，如 500MB", "the memory DuckDB may use, such as 500MB"
    )),
)  # fmt: skip
@threads_option
@json_option
@language_option
def command(
    old: str,
    new: str,
    cases: Path,
    lists: tuple[str, ...],
    no_history: bool,
    mapping: Path | None,
    by: tuple[str, ...],
    money: str | None,
    sample: int,
    html: Path | None,
    png: Path | None,
    out: Path | None,
    as_dated: bool,
    engine_name: Literal["duckdb", "python"],
    memory: str | None,
    threads: int | None,
    as_json: bool,
    language: Language,
) -> int:
    """Decides by both versions, measures, writes and tells; 1 where values are at fault."""
    need_tables(language)
    before, after = load_or_exit(old, language), load_or_exit(new, language)
    from ..batch.problems import TableError
    from ..batch.run import Options
    from ..impact.build import Asked
    from ..impact.opening import both
    from ..impact.sides import Sides

    wanted = Wanted(html, png, out)
    end_as_by_interrupt()
    try:
        _possible(wanted)
        with progress_shown(language) as progress:
            progress(Both("读规则书", "reading the rulebooks"), 0)
            sides = Sides(before, after, as_dated=as_dated)
            sources = named_sources(both(sides), cases, lists, not no_history, mapping, language)
            options = Options(engine_name, threads, memory, language, progress)
            asked = Asked(by=by, money=money, sample=sample)
            found, notes = _measured(sides, sources, asked, wanted, options)
    except TableError as error:
        fail(Both(error.text("zh"), error.text("en")), language)
    except OSError as error:
        fail(
            Both(
                f"不能写「{error.filename}」（{error.strerror}）。",
                f"cannot write 「{error.filename}」 ({error.strerror}).",
            ),
            language,
        )
    if as_json:
        from ..impact.to_json import impact_json

        texts = [getattr(note.text, language) for note in notes]
        print_json(impact_json(found, sides, language) | {"提示": texts})
    else:
        from .impact_told import Teller

        Teller(found, sides, language, every=bool(by)).tell(notes)
    return FINDINGS if any(note.finding for note in notes) else FINE


def _possible(wanted: Wanted) -> None:
    """Raises `TableError` where what is asked for cannot be made on this machine."""
    from ..batch.problems import TableError
    from ..batch.sources import SUFFIXES

    if wanted.out is not None and wanted.out.suffix.lower() not in SUFFIXES:
        kinds = "、".join(SUFFIXES)
        raise TableError(
            Both(f"「{wanted.out}」的后缀要是 {kinds}。", f"「{wanted.out}」 must end in {kinds}.")
        )
    if wanted.folder is not None and not wanted.folder.is_dir():
        folder = wanted.folder
        raise TableError(Both(f"没有文件夹「{folder}」。", f"no folder 「{folder}」."))
    if wanted.html is not None or wanted.png is not None:
        from ..impact.charts import check_charts

        check_charts(pictures=wanted.png is not None)


def _measured(
    sides: Sides, sources: Sources, asked: Asked, wanted: Wanted, options: Options
) -> tuple[Impact, tuple[Note, ...]]:
    """The impact and what is to be told of the tables; every file asked for stands then."""
    from ..batch.opening import orphans, values_at_fault
    from ..batch.run import workshop
    from ..impact.build import impact
    from ..impact.files import put_charts, put_page
    from ..impact.moves import write_moves
    from ..impact.opening import open_both
    from ..impact.page import report, to_html
    from ..impact.paired import pair

    def tried(rows: list[Row]) -> Iterator[Row]:
        for n, row in enumerate(rows):
            options.progress(Both("逐条改回", "taking clauses back"), n / len(rows))
            yield row

    with workshop(wanted.folder, "impact", options) as shop:
        options.progress(Both("检查表格", "checking the tables"), 0)
        tables = open_both(shop.con, sides, sources)
        _known(tables, sides, asked)
        notes = (*tables.notes, *values_at_fault(tables, None), *orphans(tables))
        pair(tables, sides, shop.folder, options)
        found = impact(tables, sides, asked, tried)
        if wanted.out is not None:
            write_moves(shop.con, sides, shop.folder, wanted.out)
    if wanted.html is not None or wanted.png is not None:
        options.progress(Both("画图", "drawing"), 0)
        shown = report(found, sides, sources.cases.name)
        if wanted.html is not None:
            put_page(wanted.html, to_html(shown))
        if wanted.png is not None:
            put_charts(wanted.png, shown.charts)
    return found, notes


def _known(tables: Tables, sides: Sides, asked: Asked) -> None:
    """Raises `TableError` for what is asked for by a name that is not there."""
    from ..batch.problems import TableError
    from ..impact.paired import dimensions

    there = dict.fromkeys(one.name for one in dimensions(tables, sides))
    problems = [_no_group(name, there) for name in asked.by if name not in there]
    if asked.money is not None and asked.money not in sides.money:
        known = "、".join(sides.money) or "无"
        problems.append(
            Both(
                f"两版没有共同的金额结果「{asked.money}」；有：{known}。",
                f"「{asked.money}」 is no amount of both versions; there are: {known}.",
            )
        )
    if problems:
        raise TableError(*problems)


def _no_group(name: str, there: Iterable[str]) -> Both:
    same = [one for one in there if one.rpartition(".")[2] == name]
    near = "、".join(same or near_names(name, there, 3, 0.4))
    hint = Both(f"是否想写「{near}」？", f" Did you mean 「{near}」?") if near else Both("", "")
    return Both(
        f"不能按「{name}」分组：要表里有列的、取值不多的事实，或者结果。{hint.zh}",
        f"cannot group by 「{name}」: it takes a fact of few values with a column, or a result."
        f"{hint.en}",
    )
