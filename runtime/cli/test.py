"""luling test: runs the worked examples of rulebooks."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from luling.compiler.diagnostics.entry import Both, Language

from ..decide import Engine
from ..examples import Outcome, run_examples
from ..explain import Account
from ..rulebooks import Loaded, find_rulebooks
from .shared import FINDINGS, FINE, fail, json_option, language_option, load_or_exit, print_json
from .words import said

_HELP = Both(
    "运行规则书里的示例，逐条款报告。\n\n\b\n例：luling test rules/shanghai-skill-subsidy/2025-7\n"
    "    luling test rules/ --filter 六个月",
    "Run the worked examples of rulebooks, clause by clause.\n\n\b\n"
    "Example: luling test rules/shanghai-skill-subsidy/2025-7\n"
    "         luling test rules/ --filter 六个月",
)


@click.command(help=said(_HELP))
@click.argument("places", metavar="PLACE...", nargs=-1, required=True)
@click.option(
    "--filter", "only", metavar="TEXT", default="",
    help=said(Both("只运行名称或条款里有这些字的示例", "only examples with this in their name")),
)  # fmt: skip
@json_option
@language_option
def command(places: tuple[str, ...], only: str, as_json: bool, language: Language) -> int:
    """Runs all examples; 1 where one failed, 2 where there was none to run."""
    status, total = FINE, 0
    for place in places:
        folders = find_rulebooks(Path(place))
        if not folders:
            missing = Both(f"「{place}」里没有规则书。", f"there is no rulebook in 「{place}」.")
            fail(missing, language)
        for folder in folders:
            loaded = load_or_exit(str(folder), language)
            outcomes = _run(loaded, only, as_json, language)
            total += len(outcomes)
            if not all(outcome.passed for outcome in outcomes):
                status = FINDINGS
    if total == 0:
        fail(Both("没有可运行的示例。", "there is no example to run."), language)
    return status


def _run(loaded: Loaded, only: str, as_json: bool, language: Language) -> list[Outcome]:
    engine = Engine(loaded.rulebook)
    outcomes = []
    for outcome in _with_progress(engine, only, language):
        outcomes.append(outcome)
        if as_json:
            print_json(_json(loaded, outcome))
        elif not outcome.passed:
            _failure(loaded, outcome, language)
    if not as_json:
        _summary(loaded, outcomes, language)
    return outcomes


def _with_progress(engine: Engine, only: str, language: Language) -> list[Outcome]:
    """The outcomes of the examples asked for, with a bar on a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    chosen = [
        e for e in engine.rulebook.examples if only in e.name or (e.clause and only in e.clause)
    ]
    title = "示例" if language == "zh" else "examples"
    outcomes = []
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=len(chosen))
        for outcome in run_examples(engine, chosen):
            outcomes.append(outcome)
            progress.advance(task)
    return outcomes


def _place(loaded: Loaded, outcome: Outcome) -> str:
    span = outcome.example.span
    return f"{span.file}:{loaded.sources[span.file].position(span.start).line}"


def _failure(loaded: Loaded, outcome: Outcome, language: Language) -> None:
    example = outcome.example
    mark = "未通过" if language == "zh" else "failed"
    lines = [
        f"✗ {example.clause or ''} {example.name}（{mark}）",
        f"  --> {_place(loaded, outcome)}",
    ]
    words = ("应得", "实得") if language == "zh" else ("expected", "found")
    for difference in outcome.differences:
        lines.append(f"    {difference.about}")
        lines.append(f"      {words[0]} {difference.expected}")
        lines.append(f"      {words[1]} {difference.found}")
    lines += [f"    {line}" for line in Account(outcome.decision, language).short()]
    sys.stdout.write("\n".join(lines) + "\n\n")


def _summary(loaded: Loaded, outcomes: list[Outcome], language: Language) -> None:
    by_clause: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_clause.setdefault(outcome.example.clause or "—", []).append(outcome)
    order = loaded.rulebook.clause_order
    print(f"{loaded.rulebook.title}（{loaded.folder}）")
    for clause in sorted(by_clause, key=lambda c: (order.get(c, ((-9, 0),)), c)):
        found = by_clause[clause]
        passed = sum(o.passed for o in found)
        mark = "✓" if passed == len(found) else "✗"
        print(f"  {mark} {clause}　{passed}/{len(found)}")
    passed = sum(o.passed for o in outcomes)
    text = Both(
        f"{len(outcomes)} 个示例，{passed} 个通过，{len(outcomes) - passed} 个未通过。",
        f"{len(outcomes)} examples, {passed} passed, {len(outcomes) - passed} failed.",
    )
    print(getattr(text, language))


def _json(loaded: Loaded, outcome: Outcome) -> dict[str, object]:
    return {
        "示例": outcome.example.name,
        "条款": outcome.example.clause,
        "位置": _place(loaded, outcome),
        "通过": outcome.passed,
        "差异": [
            {"名称": d.about, "应得": d.expected, "实得": d.found} for d in outcome.differences
        ],
    }
