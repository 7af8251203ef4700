"""What `luling diff` prints: text, rules, results, both joined, and examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import click

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.source import display_width
from luling.compiler.verify.limits import in_both

from ..explain import Account
from ..rulebooks import Loaded
from ..versions.change import RuleChange
from ..versions.comparison import Comparison
from ..versions.differences import Detail
from ..versions.examples import Compared, Pattern, patterns
from ..versions.facts_in_words import changes_in_words
from ..versions.joined import Joined, Standing
from ..versions.outcomes import Region, ResultComparison, Verdict
from ..versions.text import Kind, Part, TextChange
from ..versions.words import came_out, together

_CONTEXT = 24  # characters of unchanged text shown on either side of a change
_SHOWN = 20  # ways in which cases come out otherwise told one by one
_CONDITIONS = 8  # of a region, told where nothing more is asked for
_WIDE = 60  # columns that conditions fill on one line
_NAMED = 3  # cases of one such way told by name

_VERDICTS: dict[Verdict, Both] = {
    "same": Both("相同（已证明）", "same (proved)"),
    "differs": Both("不同（已复演）", "differs (replayed)"),
    "undecided": Both("未定", "undecided"),
}
_GONE = Both("只有旧版有的结果", "results of the old version only")
_ADDED = Both("只有新版有的结果", "results of the new version only")
_TEXT: dict[Kind, Both] = {
    "same": Both("相同", "same"),
    "changed": Both("改写", "reworded"),
    "moved": Both("移动", "moved"),
    "added": Both("新增", "added"),
    "removed": Both("删去", "removed"),
    "unquoted": Both("没有引文可比", "without a quotation to compare"),
}
_RULES = {
    "added": Both("新增", "added"),
    "removed": Both("删去", "removed"),
    "renamed": Both("改名", "renamed"),
    "changed": Both("", ""),
}
_STANDINGS: dict[Standing, Both] = {
    "silent": Both("结果变了，条文没改", "results changed, text did not"),
    "both": Both("条文改了，结果也变", "text changed, and results"),
    "text": Both("条文改了，没有发现结果不同", "text changed, no result known to differ"),
    "unquoted": Both("结果变了，没有引文可比", "results changed, no quotation to compare"),
    "idle": Both("规则改了，没有发现结果不同", "rules changed, no result known to differ"),
}
# Where results were not compared, rules that changed stand for them.
_BY_RULES: dict[Standing, Both] = {
    "silent": Both("规则改了，条文没改", "rules changed, text did not"),
    "both": Both("条文改了，规则也改", "text changed, and rules"),
    "text": Both("条文改了，规则没改", "text changed, rules did not"),
    "unquoted": Both("规则改了，没有引文可比", "rules changed, no quotation to compare"),
}
_APART = Both(
    "两版施行的期间没有共同的一天：结果和示例按两版都适用来比。",
    "The versions apply on no day in common: results and examples as if both applied.",
)
_TEXT_AND_RULES = Both("条文与规则", "Text and rules")
_COLOURS: dict[str, str] = {
    "silent": "red", "differs": "yellow", "undecided": "magenta", "same": "green",
}  # fmt: skip


class Teller:
    """Prints one comparison in one language; colours on a terminal only."""

    def __init__(self, comparison: Comparison, language: Language, *, explain: bool) -> None:
        self.of = comparison
        self.language: Language = language
        self.explain = explain

    def tell(self) -> None:
        """Every part that was asked for, with an empty line between."""
        of = self.of
        self._line(f"{_named(of.old)}  →  {_named(of.new)}")
        if of.as_if_both_applied and (of.outcomes is not None or of.examples is not None):
            self._line(self.word(_APART))
        if of.text is not None:
            self._text(of.text)
        if of.rules is not None:
            self._rules(of.rules)
        if of.outcomes is not None:
            self._outcomes()
        if of.joined is not None:
            self._joined(of.joined)
        if of.examples is not None:
            self._examples(of.examples)

    def word(self, text: Both) -> str:
        """A text in the language asked for."""
        return str(getattr(text, self.language))

    def say(self, zh: str, en: str) -> str:
        """The same, of two texts."""
        return en if self.language == "en" else zh

    def _line(self, text: str = "", **style: object) -> None:
        click.echo(click.style(text, **style) if style else text)  # type: ignore[arg-type]

    def _heading(self, title: str, counts: str) -> None:
        self._line()
        self._line(f"{title}　{counts}" if counts else title, bold=True)

    # --- text

    def _text(self, text: Sequence[TextChange]) -> None:
        counts = {kind: sum(change.kind == kind for change in text) for kind in _TEXT}
        told = self.say("，", ", ").join(
            self.say(f"{count} 条{_TEXT[kind].zh}", f"{count} {_TEXT[kind].en}")
            for kind, count in counts.items()
            if count
        )
        self._heading(self.say("条文", "Text"), told or self.say("没有条款", "no clauses"))
        for change in text:
            if change.kind not in ("same", "unquoted"):
                self._line(f"  {self.word(_TEXT[change.kind])} {self._clause(change)}")
                for line in _lines(change.parts):
                    self._line(f"      {''.join(_marked(part) for part in line)}")

    def _clause(self, change: TextChange) -> str:
        old, new = change.old, change.new
        if old is not None and new is not None and old.id != new.id:
            return f"{old.id} → {new.id} {new.title}"
        return _headed(change.clause, change.title)

    # --- rules

    def _rules(self, rules: Sequence[RuleChange]) -> None:
        count = self.say(f"{len(rules)} 处改动", f"{len(rules)} changes")
        self._heading(self.say("规则", "Rules"), count if rules else self._none())
        clause: str | None = ""
        for change in rules:
            if change.clause != clause:
                clause = change.clause
                self._line(f"  {clause or '—'}")
            kind = self.word(_RULES[change.kind])
            known = not kind or change.key.startswith(kind)
            self._line(f"    {change.key if known else f'{kind} {change.key}'}")
            for detail in change.details:
                self._line(f"      {_told(detail)}")

    def _none(self) -> str:
        return self.say("没有改动", "no changes")

    # --- outcomes

    def _outcomes(self) -> None:
        outcomes = self.of.outcomes
        assert outcomes is not None
        counts = [
            f"{sum(r.verdict == verdict for r in outcomes.results)} {self.word(text)}"
            for verdict, text in _VERDICTS.items()
            if any(r.verdict == verdict for r in outcomes.results)
        ]
        self._heading(self.say("结果", "Results"), self.say("，", ", ").join(counts))
        for assumption in outcomes.assumptions:
            self._line(f"  {self.say('假定', 'assumed')}：{assumption}")
        for names, what in ((outcomes.gone, _GONE), (outcomes.added, _ADDED)):
            if names:
                self._line(f"  {self.word(what)}：{'、'.join(names)}")
        for result in outcomes.results:
            self._result(result)

    def _result(self, result: ResultComparison) -> None:
        verdict = self.word(_VERDICTS[result.verdict])
        why = f"：{self.word(in_both(result.why))}" if result.why else ""
        self._line(f"  {result.name}　{verdict}{why}", fg=_COLOURS[result.verdict])
        for number, region in enumerate(result.regions, 1):
            self._region(result, region, number)
        if result.more:
            self._line("    " + self.say("还有别的情形，没有列出。", "There are more, not listed."))

    def _region(self, result: ResultComparison, region: Region, number: int) -> None:
        came = came_out(region, result.type, self.language)
        where = together(region.conditions) or self.say("任何案件", "every case")
        if display_width(where) <= _WIDE:
            self._line(f"    {number}. {where}：{came}")
        else:
            self._line(f"    {number}. {came}")
            shown = None if self.explain else _CONDITIONS
            for condition in region.conditions[:shown]:
                self._line(f"       · {condition}")
            if shown is not None and len(region.conditions) > shown:
                more = len(region.conditions) - shown
                self._line(
                    self.say(
                        f"       · ……另 {more} 条，用 --explain 看",
                        f"       · … {more} more with --explain",
                    )
                )
        if region.ordinary:
            self._ordinary(region)
        for cause in self._causes(region):
            self._line(f"       {self.say('起因', 'because of')}：{cause}")
        witness = region.witness
        base = f"「{witness.baseline}」" if witness.baseline else self.say("一个案件", "a case")
        how = self.say("，改：", ", with") if witness.changes else self.say("本身", " itself")
        self._line(f"       {self.say('最小例', 'smallest case')}：{base}{how}")
        for line in changes_in_words(self.of.new.rulebook, witness.changes):
            self._line(f"         {line}")
        if self.explain:
            self._explained(region)

    def _ordinary(self, region: Region) -> None:
        """What has to hold besides, and does in ordinary cases; in full only with --explain."""
        count = len(region.ordinary)
        if not self.explain:
            also = self.say(
                f"另须符合 {count} 项通常的条件", f"{count} ordinary conditions besides"
            )
            self._line(f"       {also}")
            return
        self._line(f"       {self.say('另须', 'besides')}：")
        for condition in region.ordinary:
            self._line(f"         · {condition}")

    def _causes(self, region: Region) -> Iterator[str]:
        for key in region.causes:
            change = self.of.change.get(key)
            if change is None:
                yield key
                continue
            words = self._in_short(change)
            yield f"{change.clause + ' ' if change.clause else ''}{key}{words}"

    def _in_short(self, change: RuleChange) -> str:
        """（6个月 → 3个月）, （新增）; nothing where that would be long."""
        if change.kind in ("added", "removed"):
            return f"（{self.word(_RULES[change.kind])}）"
        words = change.details[0].words if len(change.details) == 1 else ""
        return f"（{words}）" if words and display_width(words) <= _WIDE else ""

    def _explained(self, region: Region) -> None:
        for loaded, decision in (
            (self.of.old, region.witness.old),
            (self.of.new, region.witness.new),
        ):
            self._line(f"       {_named(loaded)}")
            for line in Account(decision, self.language).short():
                self._line(f"         {line}" if line else "")

    # --- joined

    def _joined(self, joined: Sequence[Joined]) -> None:
        proved = self.of.outcomes is not None
        title = Both("条文与结果", "Text and results") if proved else _TEXT_AND_RULES
        self._heading(self.word(title), self._none() if not joined else "")
        for standing, text in (_STANDINGS if proved else _BY_RULES).items():
            found = [one for one in joined if one.standing == standing]
            if not found:
                continue
            mark = "✗ " if standing == "silent" else "  "
            style = {"fg": _COLOURS[standing]} if standing in _COLOURS else {}
            self._line(f"{mark}{self.word(text)}", **style)
            for one in found:
                self._line(f"    {self._standing(one)}", **style)

    def _standing(self, one: Joined) -> str:
        where = _headed(one.clause or self.say("不在条款之下", "under no clause"), one.title)
        about = "、".join(one.results) or "、".join(rule.key for rule in one.acting)
        unknown = one.standing in ("text", "idle") and one.rules and one.open
        hint = (
            self.say("（没有列出的情形里可能有）", " (there may be, not listed)") if unknown else ""
        )
        return f"{where}{'：' if about else ''}{about}{hint}"

    # --- examples

    def _examples(self, examples: Sequence[Compared]) -> None:
        flips = [one for one in examples if one.differs]
        unread = [one for one in examples if one.problem is not None]
        counts = self.say(
            f"{len(examples)} 例，{len(flips)} 例的结果变了",
            f"{len(examples)} cases, {len(flips)} come out otherwise",
        )
        if unread:
            counts += self.say(
                f"，{len(unread)} 例两版都不能判定", f", {len(unread)} cannot be decided by either"
            )
        self._heading(self.say("示例和案件", "Examples and cases"), counts)
        found = patterns(examples)
        for pattern in found[:_SHOWN]:
            self._pattern(pattern)
        if len(found) > _SHOWN:
            more = len(found) - _SHOWN
            self._line(
                self.say(f"  另有 {more} 种，用 --json 看全部", f"  {more} more; --json has all")
            )
        for one in unread[:_SHOWN]:
            problem = self.word(one.problem) if one.problem is not None else ""
            self._line(f"  ✗ {one.subject.name}：{problem}")

    def _pattern(self, pattern: Pattern) -> None:
        count = len(pattern.cases)
        names = "、".join(f"{one.name}（{one.source}）" for one in pattern.cases[:_NAMED])
        more = self.say(" 等", " …") if count > _NAMED else ""
        self._line(f"  {self.say(f'{count} 例', str(count))}：{names}{more}")
        for flip in pattern.flips:
            far = f"（{flip.amount}）" if flip.amount else ""
            self._line(f"      {flip.name}：{flip.old} → {flip.new}{far}")


def _named(loaded: Loaded) -> str:
    book = loaded.rulebook
    version = f" {book.version}" if book.version else ""
    return f"{book.title}{version}（{loaded.folder.as_posix()}）"


def _told(detail: Detail) -> str:
    """What differs; of a reworded sentence only what is near the words that changed."""
    if not detail.is_wording:
        return detail.words
    return f"{detail.what}：{''.join(_marked(p) for line in _lines(detail.parts) for p in line)}"


def _headed(clause: str, title: str) -> str:
    return f"{clause} {title}" if title and title != clause else clause


def _marked(part: Part) -> str:
    """What left in 〔－…〕, what came in 〔＋…〕, red and green on a terminal."""
    if part.op == "same":
        return part.text
    sign, colour = ("－", "red") if part.op == "removed" else ("＋", "green")
    return click.style(f"〔{sign}{part.text}〕", fg=colour)


def _lines(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """The text line by line, where a line has a change; what is far from it is left out."""
    for line in _split(parts):
        if any(part.op != "same" for part in line):
            yield [_cut(part, at == 0, at == len(line) - 1) for at, part in enumerate(line)]


def _split(parts: Iterable[Part]) -> Iterator[list[Part]]:
    line: list[Part] = []
    for part in parts:
        first, *rest = part.text.split("\n")
        line.append(Part(part.op, first))
        for text in rest:
            yield [one for one in line if one.text]
            line = [Part(part.op, text)]
    yield [one for one in line if one.text]


def _cut(part: Part, first: bool, last: bool) -> Part:
    text = part.text
    if part.op != "same" or len(text) <= 2 * _CONTEXT:
        return part
    head = "" if first else text[:_CONTEXT]
    tail = "" if last else text[-_CONTEXT:]
    return Part("same", f"{head}……{tail}")
