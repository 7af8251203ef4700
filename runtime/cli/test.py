"""luling test: runs the worked examples of rulebooks, and says whether they are enough."""

from __future__ import annotations

import sys
from pathlib import Path

import attrs
import click

from luling.compiler.diagnostics.entry import Both, Language

from ..decide import Engine
from ..examples import Outcome, run_examples
from ..explain import Account
from ..parts import place_in_law
from ..reasons import Reasons
from ..rulebooks import Loaded, find_rulebooks
from .shared import (
    FINDINGS,
    FINE,
    fail,
    json_option,
    language_option,
    load_or_exit,
    print_json,
    with_bar,
)
from .words import said

_HELP = Both(
    "运行规则书里的示例，逐条款报告。\n\n\b\n例：luling test rules/shanghai-skill-subsidy/2025-7\n"
    "    luling test rules/ --filter 六个月\n"
    "    luling test rules/ --coverage\n"
    "    luling test rules/ --mutate --filter 一（四）1",
    "Run the worked examples of rulebooks, clause by clause.\n\n\b\n"
    "Example: luling test rules/shanghai-skill-subsidy/2025-7\n"
    "         luling test rules/ --filter 六个月\n"
    "         luling test rules/ --coverage\n"
    "         luling test rules/ --mutate --filter 一（四）1",
)


@attrs.frozen
class Asked:
    """What is to be done with each rulebook, and how it is to be told."""

    only: str
    coverage: bool
    mutate: bool
    as_json: bool
    language: Language

    @property
    def everything(self) -> bool:
        """Whether all examples run, and the text asked for chooses what is reported."""
        return self.coverage or self.mutate


@click.command(help=said(_HELP))
@click.argument("places", metavar="PLACE...", nargs=-1, required=True)
@click.option(
    "--filter", "only", metavar="TEXT", default="",
    help=said(Both(
        "只运行名称或条款里有这些字的示例；与 --coverage、--mutate 一起，只看这些规则和条款",
        "only examples with this in their name or clause; with --coverage and --mutate, "
        "only these rules and clauses",
    )),
)  # fmt: skip
@click.option(
    "--coverage", is_flag=True,
    help=said(Both(
        "逐条款说明哪些规则、要求、表格、取值、解读和界限没有示例",
        "say clause by clause which rules, requirements, cells, values, readings and bounds "
        "no example exercises",
    )),
)  # fmt: skip
@click.option(
    "--mutate", is_flag=True,
    help=said(Both(
        "把规则逐处改动一点，列出没有示例发现的改动",
        "change the rules in one small place at a time, and list the changes no example notices",
    )),
)  # fmt: skip
@json_option
@language_option
def command(
    places: tuple[str, ...],
    only: str,
    coverage: bool,
    mutate: bool,
    as_json: bool,
    language: Language,
) -> int:
    """Runs all examples; 1 where one failed or something is lacking, 2 where there was none."""
    asked = Asked(only, coverage, mutate, as_json, language)
    status, total = FINE, 0
    for place in places:
        folders = find_rulebooks(Path(place))
        if not folders:
            missing = Both(f"「{place}」里没有规则书。", f"there is no rulebook in 「{place}」.")
            fail(missing, language)
        for folder in folders:
            count, enough = _run(load_or_exit(str(folder), language), asked)
            total += count
            status = status if enough else FINDINGS
    if total == 0:
        fail(Both("没有可运行的示例。", "there is no example to run."), language)
    return status


def _run(loaded: Loaded, asked: Asked) -> tuple[int, bool]:
    """How many examples ran, and whether all passed and nothing asked for is lacking."""
    engine = Engine(loaded.rulebook)
    outcomes = _outcomes(engine, asked)
    own = [outcome for outcome in outcomes if not outcome.example.inherited]
    for outcome in own:
        if asked.as_json and not asked.everything:
            print_json(_json(loaded, outcome))
        elif not asked.as_json and not outcome.passed:
            _failure(loaded, outcome, asked.language)
    enough = all(outcome.passed for outcome in own)
    if not asked.as_json:
        print(f"{loaded.rulebook.title}（{loaded.folder}）")
        if not asked.everything:
            _by_clause(loaded, own)
        _summary(loaded, own, asked.language)
    if asked.everything:
        enough &= _enough(loaded, engine, outcomes, asked)
    return len(own), enough


def _outcomes(engine: Engine, asked: Asked) -> list[Outcome]:
    """The outcomes of the examples asked for, with a bar on a terminal.

    Those that an amendment inherits exercise its rules like others, and say nothing of what must
    come out.
    """
    only = "" if asked.everything else asked.only
    examples = engine.rulebook.examples if asked.everything else engine.rulebook.own_examples
    chosen = [e for e in examples if only in e.name or (e.clause and only in e.clause)]
    running = run_examples(engine, chosen)
    return list(with_bar(running, len(chosen), Both("示例", "examples"), asked.language))


def _enough(loaded: Loaded, engine: Engine, outcomes: list[Outcome], asked: Asked) -> bool:
    """Tells what the examples leave out, in coverage, changes, or both; whether it is nothing."""
    from ..coverage import measure
    from . import coverage as telling

    reasons = Reasons(engine.rulebook)
    found = telling.only_about(measure(engine, outcomes, reasons), asked.only)
    enough = True
    if asked.coverage:
        enough = found.covered == len(found.points)
        telling.tell(loaded, found, asked.as_json, asked.language)
    if asked.mutate:
        enough &= _mutate(loaded, engine, outcomes, reasons, asked)
    return enough


def _mutate(
    loaded: Loaded, engine: Engine, outcomes: list[Outcome], reasons: Reasons, asked: Asked
) -> bool:
    """Tells which changes no example notices; whether there is none, nor a reason too many."""
    from ..mutate import Trial, mutants
    from . import mutate as telling

    chosen = telling.only_about(mutants(engine.rulebook), asked.only)
    trial = Trial(engine, outcomes)
    tried = (telling.tried(trial, mutant, reasons) for mutant in chosen)
    found = list(with_bar(tried, len(chosen), Both("改动", "changes"), asked.language))
    telling.tell(loaded, found, asked.as_json, asked.language)
    idle = [] if asked.only else list(reasons.idle())
    telling.tell_idle(loaded, idle, asked.as_json, asked.language)
    return not idle and all(one.settled for one in found)


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


def _by_clause(loaded: Loaded, outcomes: list[Outcome]) -> None:
    by_clause: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_clause.setdefault(outcome.example.clause or "", []).append(outcome)
    for clause in sorted(by_clause, key=lambda c: place_in_law(loaded.rulebook, c)):
        found = by_clause[clause]
        passed = sum(o.passed for o in found)
        mark = "✓" if passed == len(found) else "✗"
        print(f"  {mark} {clause or '—'}　{passed}/{len(found)}")


def _summary(loaded: Loaded, outcomes: list[Outcome], language: Language) -> None:
    passed = sum(o.passed for o in outcomes)
    text = Both(
        f"{len(outcomes)} 个示例，{passed} 个通过，{len(outcomes) - passed} 个未通过。",
        f"{len(outcomes)} examples, {passed} passed, {len(outcomes) - passed} failed.",
    )
    print(getattr(text, language))
    book = loaded.rulebook
    inherited = len(book.examples) - len(book.own_examples)
    if inherited and book.amends is not None:
        base = book.amends.version or book.amends.title
        told = Both(
            f"另有 {inherited} 个示例沿自 {base}，不在这里断言。",
            f"{inherited} more are inherited from {base} and not asserted here.",
        )
        print(getattr(told, language))


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
