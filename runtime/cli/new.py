"""luling new: starts a rulebook."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.source import SourceFile

from ..draft import SOURCE, UNWRITTEN, About, Draft, draft, skeleton
from ..rulebooks import Loaded, load_rulebook
from .shared import (
    FINDINGS,
    FINE,
    fail,
    findings_json,
    json_option,
    language_option,
    print_json,
    tell,
)
from .words import said

_HELP = Both(
    "起草一部新的规则书。\n\n"
    "FOLDER 是要建立的文件夹。有 --text 的，从通知的原文起草：按通知的编号分文件、分条款，"
    "抄好引文，每一条先标着「尚未写成规则」。没有 --text 的，写一部可以运行的小规则书。"
    "不覆盖任何文件。\n\n\b\n"
    "例：luling new reading-room --text notice.txt",
    "Start a rulebook.\n\n"
    "FOLDER is the folder to make. With --text it is drafted from the text of a notice: divided as "
    "the notice numbers itself, every clause quoted and marked as not written yet. Without it, a "
    "small rulebook that runs. Nothing is ever overwritten.\n\n\b\n"
    "Example: luling new reading-room --text notice.txt",
)


@click.command(help=said(_HELP))
@click.argument("folder", metavar="FOLDER")
@click.option(
    "--text", "text", metavar="FILE",
    help=said(Both("通知的原文：UTF-8 的纯文本", "the text of the notice: plain text in UTF-8")),
)  # fmt: skip
@click.option(
    "--title", metavar="TEXT", default="",
    help=said(Both("规则书的名称；不写则从原文里找", "its title; else looked for in the text")),
)  # fmt: skip
@click.option(
    "--number", metavar="TEXT", default="",
    help=said(Both("文号；不写则从原文里找", "document number; else looked for in the text")),
)  # fmt: skip
@click.option(
    "--issuer", metavar="TEXT", default="", help=said(Both("制定机关", "issuing authority"))
)
@click.option(
    "--edition", metavar="TEXT", default="",
    help=said(Both("版本；不写则用文号的年和号", "version; else year and number of it")),
)  # fmt: skip
@json_option
@language_option
def command(
    folder: str,
    text: str | None,
    title: str,
    number: str,
    issuer: str,
    edition: str,
    as_json: bool,
    language: Language,
) -> int:
    """Writes the files, checks what it has written; 1 where that has findings."""
    given = _given(About(title, number, issuer, edition), language)
    target = _new_folder(folder, language)
    data = None if text is None else _read(text, language)
    made = _made(data, given, target)
    loaded = _write(target, made, data, language)
    if as_json:
        print_json(_json(target, made, loaded))
        for finding in findings_json(loaded, language):
            print_json(finding)
    else:
        _tell(target, made, data is not None, language)
        tell(loaded, language, sys.stdout.write)
        _tell_next(target / made.files[0].name, language)
    return FINDINGS if loaded.findings else FINE


def _made(data: bytes | None, given: About, target: Path) -> Draft:
    """The rulebook to write; without a title it is called as its folder."""
    named = About(given.title or target.resolve().name, given.number, given.issuer, given.edition)
    if data is None:
        return skeleton(named)
    law = SourceFile(SOURCE, data.decode("utf-8-sig"))
    made = draft(law, given)
    return made if made.about.title else draft(law, named)


# --- what is given


def _given(about: About, language: Language) -> About:
    for value in (about.title, about.number, about.issuer, about.edition):
        if set(value) & set("「」\n\r"):
            fail(
                Both(
                    f"「{value}」里不能有「」或换行。", f"no 「」 and no line break in {value!r}."
                ),
                language,
            )
    return about


def _new_folder(place: str, language: Language) -> Path:
    """The folder, which is not there or empty."""
    target = Path(place)
    if target.is_dir() and any(target.iterdir()):
        there = Both(
            f"文件夹「{place}」里已有文件，luling new 不覆盖任何文件。请换一个名称。",
            f"there are files in 「{place}」; luling new overwrites none. Choose another name.",
        )
        fail(there, language)
    if target.exists() and not target.is_dir():
        there = Both(
            f"「{place}」是一个文件，请换一个名称。", f"「{place}」 is a file, choose another name."
        )
        fail(there, language)
    return target


def _read(place: str, language: Language) -> bytes:
    """The bytes of a text that can be read and holds something."""
    try:
        data = Path(place).read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        fail(
            Both(f"读不了「{place}」：{reason}。", f"cannot read 「{place}」: {reason}."), language
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fail(_not_utf_8(place, data[: error.start].count(b"\n") + 1), language)
    if not text.strip():
        empty = Both(
            f"「{place}」是空的，请把通知的原文粘贴进去。",
            f"「{place}」 is empty: paste the notice into it.",
        )
        fail(empty, language)
    return data


def _not_utf_8(place: str, line: int) -> Both:
    return Both(
        f"「{place}」不是 UTF-8 编码的纯文本（第{line}行读不出）。请在 Word 或记事本里打开，"
        "「另存为」纯文本（.txt），编码选 UTF-8，再试一次。",
        f"「{place}」 is not plain text in UTF-8 (see line {line}). Open it in a word processor or "
        "an editor, save it as plain text (.txt) in UTF-8 and try again.",
    )


# --- what is written


def _write(target: Path, made: Draft, data: bytes | None, language: Language) -> Loaded:
    """The files on disk, none of which was there, read again as `luling check` reads them."""
    contents = {file.name: file.text.encode("utf-8") for file in made.files}
    if data is not None:
        contents[SOURCE] = data
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            with (target / name).open("xb") as file:
                file.write(content)
    except OSError as error:
        reason = error.strerror or str(error)
        fail(
            Both(f"写不了「{target}」：{reason}。", f"cannot write to 「{target}」: {reason}."),
            language,
        )
    return load_rulebook(target)


def _tell(target: Path, made: Draft, from_text: bool, language: Language) -> None:
    title = Both(f"已写好 {target}：{made.about.title}", f"{target}: {made.about.title}")
    print(getattr(title, language))
    for file in made.files:
        print(f"  {file.name}　{_span(file.clauses)}".rstrip())
    if from_text:
        print(f"  {SOURCE}")
        for line in _drafted(made):
            print(getattr(line, language))


def _tell_next(first: Path, language: Language) -> None:
    following = Both(
        f"下一步：打开 {first}，照里面的说明写。", f"Next: open {first} and go on as it says."
    )
    print(getattr(following, language))


def _span(clauses: tuple[str, ...]) -> str:
    """The clauses of a file, by the first and the last where there are many."""
    return "、".join(clauses) if len(clauses) <= 5 else f"{clauses[0]} …… {clauses[-1]}"


def _drafted(made: Draft) -> list[Both]:
    """What there is to know of a rulebook drafted from a text."""
    count = len(made.clauses)
    told = [
        Both(
            f"{count} 个条款都抄好了引文，还没有写成规则的标着「{UNWRITTEN}」。",
            f"{count} clauses are quoted; those not written yet are marked 「{UNWRITTEN}」.",
        )
    ]
    if set(made.clauses) <= {"首部", "附件"}:
        told.append(
            Both(
                "原文里没有「一、」「（一）」「1.」这样的编号，全文都放在「首部」之下。",
                "The text has no numbers like 一、 （一） 1. so all of it stands under 首部.",
            )
        )
    return told


def _json(target: Path, made: Draft, loaded: Loaded) -> dict[str, object]:
    about = made.about
    return {
        "文件夹": str(target),
        "名称": about.title,
        "文号": about.number or None,
        "机关": about.issuer or None,
        "版本": about.edition or None,
        "文件": {file.name: list(file.clauses) for file in made.files},
        "发现": len(loaded.findings),
    }
