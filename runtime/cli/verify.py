"""luling verify: what holds in every case, proved or refuted by one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import attrs
import click

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Rulebook

from ..decide import Engine
from ..facts import read_value
from ..rulebooks import Loaded, find_rulebooks
from ..versions.facts_in_words import changes_in_words
from .coverage import place
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
    from ..proofs.answer import Answer, Question, Refutation

_HELP = Both(
    "对一切可能的案件证明：规则书里写的「必然」成立，规则不冲突，要有值的都有值，"
    "没有用不着的规则、要求和单元格，没有多余的条件，例外不越出所优先的规则。\n\n"
    "不成立的给出一个判定过的反例；限额之内定不下来的说「未定」。\n\n\b\n"
    "例：luling verify rules/shanghai-skill-subsidy/2025-7\n"
    "    luling verify rules/ --only 必然\n"
    "    luling verify RULEBOOK --cliff 结果=3000\n\n"
    "都证明了（或规则书说明了理由）为 0，有反例或未定为 1，用法有误为 2。",
    "Prove over all possible cases: what is stated as 必然 holds, rules do not disagree, no value "
    "is lacking, no rule, requirement or cell is idle, no condition is implied, no exception goes "
    "beyond what it overrides.\n\n"
    "What does not hold is refuted by a case that was decided; what limits leave open is undecided."
    "\n\n\b\n"
    "Example: luling verify rules/shanghai-skill-subsidy/2025-7\n"
    "         luling verify rules/ --only invariant\n"
    "         luling verify RULEBOOK --cliff RESULT=3000\n\n"
    "Exit status 0 where all is proved or explained in the rulebook, 1 where something is refuted "
    "or undecided, 2 wrong use.",
)
# What a question is called on the command line.
_NAMES: dict[str, Question] = {
    "必然": "invariant", "冲突": "conflict", "缺值": "gap", "无用": "idle", "多余": "redundant",
    "越出": "widening",
}  # fmt: skip
_ONLY = (*_NAMES, *_NAMES.values())
_MARKS = {"proved": "✓", "refuted": "✗", "undecided": "？"}
_VERDICTS = {
    "proved": Both("已证明", "proved"),
    "refuted": Both("不成立", "refuted"),
    "undecided": Both("未定", "undecided"),
}


@attrs.frozen
class Asked:
    """What is to be proved, for how long, and how it is to be told."""

    questions: tuple[Question, ...]
    about: str
    cliffs: tuple[str, ...]
    seconds: int
    everything: bool
    as_json: bool
    language: Language


@click.command(help=said(_HELP))
@click.argument("places", metavar="RULEBOOK...", nargs=-1, required=True)
@click.option(
    "--only", "only", type=click.Choice(_ONLY), multiple=True,
    metavar="|".join(_NAMES),
    help=said(Both("只问这一类，可多次", "only questions of this kind; may be repeated")),
)  # fmt: skip
@click.option(
    "--filter", "about", metavar="TEXT", default="",
    help=said(Both("只报告名称或条款里有这些字的", "only what has this in its name or clause")),
)  # fmt: skip
@click.option(
    "--cliff", "cliffs", metavar="RESULT=AMOUNT", multiple=True,
    help=said(Both(
        "再问：日期差一日、金额差一元，这项结果相差会不会超过这个数（金额以元计，比例写小数）",
        "ask too whether a day or a yuan more moves this result by more (money in yuan, ratios as "
        "decimals)",
    )),
)  # fmt: skip
@click.option(
    "--timeout", "seconds", type=click.IntRange(min=1), default=120, show_default=True,
    metavar="SECONDS",
    help=said(Both(
        "每部规则书最多用几秒，没有证完的说「未定」",
        "seconds for a rulebook; what is not proved by then is undecided",
    )),
)  # fmt: skip
@click.option(
    "--all", "everything", is_flag=True,
    help=said(Both("逐项列出，证明了的也列", "list every answer, what is proved too")),
)  # fmt: skip
@json_option
@language_option
def command(
    places: tuple[str, ...],
    only: tuple[str, ...],
    about: str,
    cliffs: tuple[str, ...],
    seconds: int,
    everything: bool,
    as_json: bool,
    language: Language,
) -> int:
    """Asks all questions; 1 where something is refuted without a reason, or undecided."""
    from ..proofs.answer import QUESTIONS

    questions = tuple(_NAMES.get(name, name) for name in only) or tuple(QUESTIONS)
    asked = Asked(questions, about, cliffs, seconds, everything, as_json, language)  # type: ignore[arg-type]
    folders = [folder for one in places for folder in _folders(one, language)]
    loaded = [load_or_exit(str(folder), language) for folder in folders]
    limits = _cliffs([one.rulebook for one in loaded], asked)
    answers = [_verify(one, most, asked) for one, most in zip(loaded, limits, strict=True)]
    if about and not any(answers):
        fail(
            Both(
                f"--filter {about}：没有一问的名称或条款里有这些字。",
                f"--filter {about}: no question has this in its name or clause.",
            ),
            language,
        )
    return FINE if all(answer.settled for found in answers for answer in found) else FINDINGS


def _folders(place: str, language: Language) -> list[Path]:
    found = find_rulebooks(Path(place))
    if not found:
        fail(
            Both(
                f"「{place}」里没有规则书（.luling 文件）。",
                f"there is no rulebook (.luling files) in 「{place}」.",
            ),
            language,
        )
    return found


def _verify(loaded: Loaded, limits: dict[str, Any], asked: Asked) -> list[Answer]:
    """Asks of one rulebook and tells; the answers that are asked for."""
    from ..proofs.verify import verify

    book = loaded.rulebook
    found: list[Answer] = []
    with telling(Both(f"证明 {book.title}", f"proving {book.title}"), asked.language) as progress:
        answers = verify(
            Engine(book), questions=asked.questions, cliffs=limits, seconds=asked.seconds
        )
        for answer in answers:
            progress(answer.about)
            if asked.about in answer.about or asked.about in (answer.clause or ""):
                found.append(answer)
    (_tell_json if asked.as_json else _tell)(loaded, found, asked)
    return found


# --- how far results may move


def _cliffs(rulebooks: list[Rulebook], asked: Asked) -> list[dict[str, Any]]:
    """How far each result of each rulebook may move; ends the command where that is not said
    rightly. A rulebook without a result of the name is not asked.
    """
    found: list[dict[str, Any]] = [{} for _ in rulebooks]
    for text in asked.cliffs:
        name, given, amount = text.partition("=")
        if not given:
            _wrong(text, "要写成 结果=数", "write RESULT=AMOUNT", asked)
        kinds = [_amounts(rulebook).get(name) for rulebook in rulebooks]
        if not any(kinds):
            known = dict.fromkeys(n for rulebook in rulebooks for n in _amounts(rulebook))
            _wrong(
                text,
                f"「{name}」不是金额、比例或数的结果；有：{'、'.join(known) or '没有'}",
                f"「{name}」 is no result that is an amount; there are: {', '.join(known) or '-'}",
                asked,
            )
        for limits, kind in zip(found, kinds, strict=True):
            if kind is not None:
                limits[name] = read_value(kind, amount)
                if limits[name] is None or limits[name] < 0:
                    _wrong(text, f"「{amount}」不是不小于零的数", "no number from zero up", asked)
    return found


def _amounts(rulebook: Rulebook) -> dict[str, t.Type]:
    """The results that are amounts, with how an amount of them is read."""
    found: dict[str, t.Type] = {}
    for result in rulebook.results:
        kind = t.solid(result.type)
        if kind in (t.MONEY, t.RATIO):
            found[result.name] = kind
        elif isinstance(kind, t.Number):
            found[result.name] = attrs.evolve(kind, integer=False)  # which reads text too
    return found


def _wrong(text: str, zh: str, en: str, asked: Asked) -> NoReturn:
    fail(Both(f"--cliff {text}：{zh}。", f"--cliff {text}: {en}."), asked.language)


# --- telling


def _tell(loaded: Loaded, found: list[Answer], asked: Asked) -> None:
    """A line for each kind of question, under it what is not proved; at last the counts."""
    from ..proofs.answer import QUESTIONS

    write, language = sys.stdout.write, asked.language
    write("　".join(filter(None, (loaded.rulebook.title, loaded.rulebook.version))) + "\n")
    for question, title in QUESTIONS.items():
        answers = [answer for answer in found if answer.question == question]
        if not answers:
            continue
        mark = "✓" if all(answer.settled for answer in answers) else "✗"
        write(f"  {mark} {getattr(title, language)}　{_counts(answers, language)}\n")
        for answer in answers:
            if asked.everything or answer.verdict != "proved":
                for line in _lines(loaded, answer, language):
                    write(f"      {line}\n")
    write(_whole(found, language) + "\n")


def _counts(answers: list[Answer], language: Language) -> str:
    parts = []
    for verdict, words in _VERDICTS.items():
        count = sum(answer.verdict == verdict for answer in answers)
        if count:
            parts.append(f"{getattr(words, language)} {count}")
    reasons = sum(answer.reason is not None for answer in answers)
    if reasons:
        parts.append(f"说明 {reasons}" if language == "zh" else f"explained {reasons}")
    return ("，" if language == "zh" else ", ").join(parts)


def _lines(loaded: Loaded, answer: Answer, language: Language) -> Iterator[str]:
    clause = f"{answer.clause} " if answer.clause else ""
    mark = "·" if answer.settled and answer.verdict != "proved" else _MARKS[answer.verdict]
    colon = "：" if language == "zh" else ": "
    yield f"{mark} {clause}{answer.about}{colon}{getattr(_VERDICTS[answer.verdict], language)}"
    if answer.why is not None:
        yield f"    {getattr(answer.why, language)}"
    if answer.reason is not None:
        yield f"    {getattr(_REASON, language)}{colon}{answer.reason}"
    if answer.refutation is not None:
        yield from (f"    {line}" for line in _case(loaded, answer.refutation, language))
    if answer.verdict != "proved":
        yield f"    --> {place(loaded, answer.span)}"


_REASON = Both("规则书说明", "the rulebook says")


def _case(loaded: Loaded, refutation: Refutation, language: Language) -> Iterator[str]:
    name, changes = refutation.baseline, refutation.changes
    base = Both(f"示例「{name}」", f"example 「{name}」") if name else Both("一个案件", "a case")
    how = Both("，改：", ", with") if changes else Both("本身", " itself")
    head = Both(f"反例：{base}{how}", f"refuted by {base.en}{how.en}")
    yield getattr(head, language)
    yield from (f"  {line}" for line in changes_in_words(loaded.rulebook, changes))
    for reading, way in refutation.readings.items():
        other = Both(f"按解读 {reading} 取 {way}", f"reading {reading} as {way}")
        yield f"  {getattr(other, language)}"
    yield from (f"  → {getattr(line, language)}" for line in refutation.found)


def _whole(found: list[Answer], language: Language) -> str:
    left = sum(not answer.settled for answer in found)
    proved = sum(answer.verdict == "proved" for answer in found)
    text = Both(
        f"{len(found)} 问，{proved} 项已证明" + (f"，{left} 项待处理。" if left else "。"),
        f"{len(found)} questions, {proved} proved" + (f", {left} to look at." if left else "."),
    )
    return str(getattr(text, language))


def _tell_json(loaded: Loaded, found: list[Answer], asked: Asked) -> None:
    """One object an answer, at last one for the rulebook."""
    for answer in found:
        print_json(_json(loaded, answer, asked.language))
    counts = {
        words.zh: sum(answer.verdict == verdict for answer in found)
        for verdict, words in _VERDICTS.items()
    }
    print_json({"规则书": loaded.rulebook.title, "版本": loaded.rulebook.version, **counts})


def _json(loaded: Loaded, answer: Answer, language: Language) -> dict[str, object]:
    found: dict[str, object] = {
        "问题": next(name for name, code in _QUESTION_NAMES.items() if code == answer.question),
        "名称": answer.about,
        "条款": answer.clause,
        "结论": _VERDICTS[answer.verdict].zh,
        "位置": place(loaded, answer.span),
    }
    why = None if answer.why is None else getattr(answer.why, language)
    optional: dict[str, object] = {"原因": why, "说明": answer.reason}
    refutation = answer.refutation
    if refutation is not None:
        optional |= {
            "案件": refutation.case, "另一案件": refutation.second, "解读": refutation.readings,
            "示例": refutation.baseline,
            "判定": [getattr(line, language) for line in refutation.found],
            "改动": [
                {"事实": c.path, "原为": c.plain, "改为": c.value} for c in refutation.changes
            ],
        }  # fmt: skip
    return found | {key: value for key, value in optional.items() if value}


_QUESTION_NAMES: dict[str, str] = {**_NAMES, "落差": "cliff"}
