"""luling impact: what a change costs, over a table of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.diagnostics.near import near_names

from .shared import (
    FINDINGS,
    FINE,
    fail,
    json_option,
    language_option,
    load_or_exit,
    print_json,
    telling,
)
from .words import said

if TYPE_CHECKING:
    from ..batch.opening import Note, Tables
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


@click.command(help=said(_HELP))
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.argument("cases", metavar="CASES", type=click.Path(path_type=Path))
@click.option(
    "--history", "lists", metavar="LIST=FILE", multiple=True,
    help=said(Both("列表的表，可多次", "the table of a list; may be repeated")),
)  # fmt: skip
@click.option(
    "--mapping", type=click.Path(path_type=Path), metavar="FILE",
    help=said(Both(
        "映射文件：表里的列和值另有叫法的", "a mapping file: what the table calls otherwise"
    )),
)  # fmt: skip
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
        "按这项金额排序和画图；不写就取变动最多的",
        "rank and draw by this amount; by default the one that moves most",
    )),
)  # fmt: skip
@click.option(
    "--sample", type=click.IntRange(min=0), default=300, show_default=True, metavar="N",
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
    "--threads", type=click.IntRange(min=1), metavar="N",
    help=said(Both("用几个核", "how many cores to use")),
)  # fmt: skip
@click.option(
    "--memory", metavar="SIZE",
    help=said(Both("内存上限，如 1GB", "limit of memory, such as 1GB")),
)  # fmt: skip
@json_option
@language_option
def command(
    old: str,
    new: str,
    cases: Path,
    lists: tuple[str, ...],
    mapping: Path | None,
    by: tuple[str, ...],
    money: str | None,
    sample: int,
    html: Path | None,
    png: Path | None,
    out: Path | None,
    as_dated: bool,
    threads: int | None,
    memory: str | None,
    as_json: bool,
    language: Language,
) -> int:
    """Decides by both versions, measures, writes and tells."""
    before, after = load_or_exit(old, language), load_or_exit(new, language)
    from ..batch.problems import TableError
    from ..impact.build import Asked
    from ..impact.sides import Sides

    wanted = Wanted(html, png, out)
    asked = Asked(by=by, money=money, sample=sample, language=language)
    with telling(Both("影响", "impact"), language) as update:
        update(said(Both("读规则书", "reading the rulebooks")))
        sides = Sides(before, after, as_dated=as_dated)
        try:
            _possible(wanted)
            sources = _sources(sides, cases, lists, mapping)
            found, notes = _measured(sides, sources, asked, wanted, (threads, memory), update)
        except TableError as error:
            text = error.text(language)
            fail(Both(text, text), language)
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

        print_json(impact_json(found, sides) | {"提示": [n.text.zh for n in notes]})
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
    if wanted.html is not None or wanted.png is not None:
        from ..impact.charts import check_charts

        check_charts(pictures=wanted.png is not None)


def _sources(sides: Sides, cases: Path, lists: Iterable[str], mapping: Path | None) -> Any:
    from ..batch.columns import fact_tables
    from ..batch.mapping import Mapping, read_mapping
    from ..batch.problems import TableError
    from ..batch.sources import Sources
    from ..impact.opening import both

    found = {}
    for one in lists:
        name, equals, path = one.partition("=")
        if not (name and equals and path):
            raise TableError(
                Both(
                    f"--history 要写成 列表=文件，不是「{one}」。",
                    f"write --history as LIST=FILE, not 「{one}」.",
                )
            )
        found[name] = Path(path)
    called = Mapping() if mapping is None else read_mapping(mapping, fact_tables(both(sides)))
    return Sources(cases, found, mapping=called)


def _measured(
    sides: Sides,
    sources: Any,
    asked: Asked,
    wanted: Wanted,
    limits: tuple[int | None, str | None],
    update: Callable[[str], None],
) -> tuple[Impact, tuple[Note, ...]]:
    """The impact; every file asked for stands then."""
    from ..batch.opening import orphans, values_at_fault
    from ..batch.run import Options, workshop
    from ..impact.build import impact
    from ..impact.files import put, put_charts
    from ..impact.moves import write_moves
    from ..impact.opening import open_both
    from ..impact.page import report, to_html
    from ..impact.paired import pair

    def told(what: Both, share: float) -> None:
        update(f"{getattr(what, asked.language)} {share:.0%}")

    def tried(rows: list[Any]) -> Iterable[Any]:
        for n, row in enumerate(rows):
            told(Both("逐条改回", "taking clauses back"), n / len(rows))
            yield row

    beside = next((p for p in (wanted.out, wanted.html) if p is not None), None)
    options = Options(threads=limits[0], memory=limits[1], language=asked.language, progress=told)
    folder = None if beside is None else beside.absolute().parent
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with workshop(folder, "impact", options) as shop:
        told(Both("检查表格", "checking the tables"), 0)
        tables = open_both(shop.con, sides, sources)
        _known(tables, sides, asked)
        notes = (*tables.notes, *values_at_fault(tables, None), *orphans(tables))
        pair(tables, sides, shop.folder, options)
        found = impact(tables, sides, asked, tried)
        if wanted.out is not None:
            write_moves(shop.con, sides, shop.folder, wanted.out)
    if wanted.html is not None or wanted.png is not None:
        told(Both("画图", "drawing"), 0)
        shown = report(found, sides, sources.cases.name)
        if wanted.html is not None:
            put(wanted.html, to_html(shown))
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
    near = "、".join(near_names(name, there, 3, 0.4))
    hint = Both(f"是否想写「{near}」？", f" Did you mean 「{near}」?") if near else Both("", "")
    return Both(
        f"不能按「{name}」分组：要表里有列的、取值不多的事实，或者结果。{hint.zh}",
        f"cannot group by 「{name}」: it takes a fact of few values with a column, or a result."
        f"{hint.en}",
    )
