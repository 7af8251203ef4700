"""luling docs: writes the pages of rulebooks, tells which are stale, or shows them live."""

from __future__ import annotations

import gc
import sys
import threading
from pathlib import Path

import click

from luling.compiler.diagnostics.entry import Both, Language

from ..pages.build import build, name_of
from ..pages.serve import HOST, Preview, server
from ..pages.write import Stale, stale, write
from ..rulebooks import find_rulebooks
from .shared import FINDINGS, FINE, fail, json_option, language_option, load_or_exit, print_json
from .words import said

_HELP = Both(
    "从规则书生成网页、Markdown 和 JSON Schema，写进 generated/。\n\n"
    "PLACE 是规则书的文件夹或其上层文件夹，不写则为 rules/。\n\n\b\n"
    "例：luling docs\n    luling docs --check",
    "Write web pages, Markdown and JSON Schemas of rulebooks into generated/.\n\n"
    "PLACE is the folder of a rulebook or one above it, rules/ where none is given.\n\n\b\n"
    "Example: luling docs\n         luling docs --check",
)
_REASONS = {
    "缺少": Both("还没有生成", "not generated yet"),
    "多余": Both("已没有对应的条款", "nothing stands behind it any more"),
    "不同": Both("与规则书不一致", "differs from the rulebook"),
}


@click.command(help=said(_HELP))
@click.argument("places", metavar="[PLACE]...", nargs=-1)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("generated"),
    help=said(Both("写到哪个文件夹", "the folder to write into")), show_default=True,
)  # fmt: skip
@click.option(
    "--check", "only_check", is_flag=True,
    help=said(Both("只检查是否过时，不写", "write nothing, tell what is stale")),
)  # fmt: skip
@click.option(
    "--serve", "live", is_flag=True,
    help=said(Both("在本机预览，保存即更新", "preview on this machine, rendered on save")),
)  # fmt: skip
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8025, show_default=True,
    help=said(Both("预览的端口，0 为任一空闲端口", "port of the preview, 0 for any free one")),
)  # fmt: skip
@json_option
@language_option
def command(
    places: tuple[str, ...],
    out: Path,
    only_check: bool,
    live: bool,
    port: int,
    as_json: bool,
    language: Language,
) -> int:
    """Writes, checks or serves; 1 where --check finds a stale page."""
    folders = _folders(places or ("rules",), language)
    if live:
        return _serve(folders, places or ("rules",), port, language)
    changes: list[Stale] = []
    for name, folder in folders.items():
        files = build(load_or_exit(str(folder), language), out / name)
        changes += (stale if only_check else write)(out / name, files)
    for change in changes:
        if as_json:
            print_json(_json(change))
        else:
            sys.stdout.write(_told(change, only_check, language))
    if not as_json:
        print(getattr(_summary(len(folders), len(changes), only_check), language))
    return FINDINGS if only_check and changes else FINE


def _serve(folders: dict[str, Path], places: tuple[str, ...], port: int, language: Language) -> int:
    """Shows the pages until it is interrupted."""
    from watchfiles import watch

    preview = Preview(folders)
    preview.update()
    gc.freeze()  # what stays for good need not be looked through on every save
    gc.set_threshold(200_000)
    try:
        serving = server(preview, port)
    except OSError as error:
        taken = Both(
            f"端口 {port} 不能用（{error.strerror}），请用 --port 换一个。",
            f"port {port} cannot be used ({error.strerror}); take another with --port.",
        )
        fail(taken, language)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    address = f"http://{HOST}:{serving.server_port}/"
    running = Both(f"预览：{address}　按 Ctrl+C 结束。", f"preview: {address}  Ctrl+C ends it.")
    print(getattr(running, language), flush=True)
    try:
        for _ in watch(*places, debounce=20, step=5):
            preview.update()
    except KeyboardInterrupt:
        serving.shutdown()
    return FINE


def _folders(places: tuple[str, ...], language: Language) -> dict[str, Path]:
    """The rulebooks by where their pages go; ends the command where two would share a place."""
    found: dict[str, Path] = {}
    for place in places:
        below = find_rulebooks(Path(place))
        if not below:
            missing = Both(f"「{place}」里没有规则书。", f"there is no rulebook in 「{place}」.")
            fail(missing, language)
        for folder in below:
            other = found.setdefault(name_of(folder), folder)
            if other.resolve() != folder.resolve():
                same = Both(
                    f"「{other}」和「{folder}」的网页会写到同一处，请用 --out 分开生成。",
                    f"the pages of 「{other}」 and 「{folder}」 would share a place; "
                    "write them apart with --out.",
                )
                fail(same, language)
    return found


def _told(change: Stale, only_check: bool, language: Language) -> str:
    if not only_check:
        verb = Both("删去", "removed") if change.reason == "多余" else Both("写好", "written")
        return f"{getattr(verb, language)} {change.path}\n"
    text = f"✗ {change.path}：{getattr(_REASONS[change.reason], language)}\n"
    if change.line:
        words = ("现为", "应为") if language == "zh" else ("is", "should be")
        text += f"    :{change.line}\n      {words[0]} {_short(change.found)}\n"
        text += f"      {words[1]} {_short(change.wanted)}\n"
    return text


def _short(line: str) -> str:
    return line if len(line) <= 100 else line[:100] + "…"


def _summary(books: int, changes: int, only_check: bool) -> Both:
    if not only_check:
        return Both(
            f"{books} 部规则书，改写了 {changes} 个文件。",
            f"{books} rulebook(s), {changes} file(s) rewritten.",
        )
    if not changes:
        return Both(
            f"{books} 部规则书的页面都是最新的。",
            f"the pages of {books} rulebook(s) are up to date.",
        )
    return Both(
        f"{changes} 个文件已过时；运行 luling docs 重新生成。",
        f"{changes} file(s) are stale; run luling docs.",
    )


def _json(change: Stale) -> dict[str, object]:
    return {
        "文件": change.path.as_posix(), "原因": change.reason, "行": change.line,
        "现为": change.found, "应为": change.wanted,
    }  # fmt: skip
