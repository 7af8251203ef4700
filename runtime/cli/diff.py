"""luling diff: what changed between two versions, for whom, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.diagnostics.near import near_names

from ..rulebooks import Loaded
from .shared import (
    FINDINGS,
    FINE,
    Command,
    counted,
    fail,
    json_option,
    language_option,
    load_or_exit,
    print_json,
    telling,
)
from .words import said

if TYPE_CHECKING:
    from ..decide import Engine
    from ..versions.comparison import Comparison, Part
    from ..versions.examples import Compared, Subject
    from ..versions.outcomes import Outcomes

_HELP = Both(
    "比较两个版本：条文、规则、结果、示例，什么变了，对谁变了，变了多少。\n\n"
    "OLD 和 NEW 是两部规则书的文件夹。结果的比较针对一切可能的案件，不是抽样："
    "「相同」是证明了的，「不同」有一个在两版里都判定过的案件。\n\n\b\n"
    "例：luling diff rules/shanghai-skill-subsidy/2022-17 rules/shanghai-skill-subsidy/2025-7\n"
    "    luling diff OLD NEW --text --rules\n"
    "    luling diff OLD NEW --result 结论 --explain\n"
    "    luling diff OLD NEW --examples --cases cases/\n\n"
    "没有不同为 0，有不同或未定为 1，用法有误为 2。",
    "Compare two versions: text, rules, results, examples; what changed, for whom, by how much.\n\n"
    "OLD and NEW are folders of rulebooks. Results are compared over all possible cases, not "
    "samples: what is the same is proved, what differs has a case decided by both.\n\n\b\n"
    "Example: luling diff rules/shanghai-skill-subsidy/2022-17 "
    "rules/shanghai-skill-subsidy/2025-7\n"
    "         luling diff OLD NEW --text --rules\n"
    "         luling diff OLD NEW --result 结论 --explain\n"
    "         luling diff OLD NEW --examples --cases cases/\n\n"
    "Exit status 0 where nothing differs, 1 where something does or is undecided, 2 wrong use.",
)


def _only(name: str, zh: str, en: str) -> Callable[[Command], Command]:
    """A flag that asks for one part; without any all are compared."""
    return click.option(f"--{name}", name, is_flag=True, help=said(Both(zh, en)))


@click.command(help=said(_HELP))
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_only("text", "只比条文；可与下面几项并用", "only the text; may be joined with the next ones")
@_only("rules", "只比规则", "only the rules")
@_only("outcomes", "只比结果", "only the results")
@_only("examples", "只比示例和案件", "only examples and cases")
@click.option(
    "--cases", type=click.Path(exists=True, path_type=Path), metavar="DIR",
    help=said(Both(
        "再判定这个文件夹里的案件（.json、.jsonl）",
        "decide the cases of a folder too (.json, .jsonl)",
    )),
)  # fmt: skip
@click.option(
    "--result", "results", metavar="NAME", multiple=True,
    help=said(Both("只比这项结果，可多次", "only this result; may be repeated")),
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(min=1), default=8, show_default=True, metavar="N",
    help=said(Both("每项结果最多列几种情形", "how many regions to list of a result")),
)  # fmt: skip
@click.option(
    "--timeout", type=click.IntRange(min=1), default=60, show_default=True, metavar="SECONDS",
    help=said(Both(
        "比较结果最多用几秒，没有比完的说「未定」",
        "seconds to compare results; what is not done by then is undecided",
    )),
)  # fmt: skip
@click.option(
    "--explain", is_flag=True,
    help=said(Both("给出每个最小例在两版里的理由", "tell why, for each smallest case, in both")),
)  # fmt: skip
@click.option(
    "--save-witnesses", "witnesses", type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help=said(Both(
        "把每个最小例写成案件文件和可以直接用的示例",
        "write each smallest case as a case file and as a ready example",
    )),
)  # fmt: skip
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help=said(Both("另写一个网页，一个文件，不需要网络", "write a page too: one file, no network")),
)  # fmt: skip
@click.option(
    "--page", is_flag=True,
    help=said(Both(
        "另写网页和 Markdown 到 generated/ 里两版的文件夹",
        "write a page and Markdown into a folder of generated/ too",
    )),
)  # fmt: skip
@json_option
@language_option
def command(
    old: str,
    new: str,
    text: bool,
    rules: bool,
    outcomes: bool,
    examples: bool,
    cases: Path | None,
    results: tuple[str, ...],
    limit: int,
    timeout: int,
    explain: bool,
    witnesses: Path | None,
    html: Path | None,
    page: bool,
    as_json: bool,
    language: Language,
) -> int:
    """Compares and tells; 1 where anything that was asked for differs or is undecided."""
    before, after = load_or_exit(old, language), load_or_exit(new, language)
    _known_results(before, after, results, language)
    flags = {"text": text, "rules": rules, "outcomes": outcomes, "examples": examples}
    limits = Limits(results, limit, timeout)
    found = _compared(before, after, _parts(flags), cases, limits, language)
    if witnesses is not None:
        _save(found, witnesses, language)
    if html is not None or page:
        _write_pages(found, html, page, language)
    if as_json:
        from ..versions.to_json import comparison_json

        print_json(comparison_json(found, language))
    else:
        from .comparison import Teller

        Teller(found, language, explain=explain).tell()
    return FINE if found.same else FINDINGS


@attrs.frozen
class Limits:
    """How much of the results is compared."""

    results: tuple[str, ...]
    regions: int
    seconds: int


def _parts(flags: Mapping[str, bool]) -> tuple[Part, ...]:
    """The parts asked for, all where none is named."""
    from ..versions.comparison import PARTS

    return tuple(part for part in PARTS if flags[part]) or PARTS


def _compared(
    old: Loaded,
    new: Loaded,
    parts: tuple[Part, ...],
    cases: Path | None,
    limits: Limits,
    language: Language,
) -> Comparison:
    from ..versions.comparison import compare

    def watched(subjects: Iterable[Subject | Compared]) -> Iterable[Subject | Compared]:
        return counted(subjects, language)

    return compare(
        old, new, partial(_outcomes, limits, language), parts=parts, cases=cases, watched=watched
    )


def _outcomes(limits: Limits, language: Language, old: Engine, new: Engine) -> Outcomes:
    from ..versions.compare import compare_outcomes

    with telling(Both("比较结果", "comparing"), language) as progress:
        return compare_outcomes(
            old,
            new,
            results=limits.results or None,
            regions=limits.regions,
            seconds=limits.seconds,
            progress=progress,
        )


def _known_results(old: Loaded, new: Loaded, names: tuple[str, ...], language: Language) -> None:
    known = [definition.name for definition in new.rulebook.results]
    for name in names:
        if name not in known:
            near = "、".join(near_names(name, known, 3, 0.4))
            meant = Both(f"；是否想写：{near}？", f"; did you mean {near}?")
            hint = meant if near else Both("", "")
            fail(
                Both(
                    f"「{new.folder.as_posix()}」没有结果「{name}」{hint.zh}",
                    f"「{new.folder.as_posix()}」 has no result 「{name}」{hint.en}",
                ),
                language,
            )


def _save(comparison: Comparison, folder: Path, language: Language) -> None:
    from ..versions.witnesses import witness_files

    _written({folder / name: data for name, data in witness_files(comparison).items()}, language)


def _write_pages(comparison: Comparison, html: Path | None, page: bool, language: Language) -> None:
    from ..pages.versions import FILES, folder_of, pages

    files = pages(comparison)
    wanted = {} if html is None else {html: files[FILES["html"]]}
    if page:
        folder = Path("generated") / folder_of(comparison)
        wanted |= {folder / name: data for name, data in files.items()}
    _written(wanted, language)


def _written(files: Mapping[Path, bytes], language: Language) -> None:
    """Writes files; ends the command where that is not possible."""
    for path, data in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            fail(
                Both(
                    f"不能写「{path}」（{error.strerror}）。",
                    f"cannot write 「{path}」 ({error.strerror}).",
                ),
                language,
            )
