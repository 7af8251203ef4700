"""Legal text and quotations: verbatim, under the right clause, in order, nothing left out."""

from __future__ import annotations

import difflib
from collections.abc import Set

import attrs

from ...diagnostics.catalogue import alignment as codes
from ...diagnostics.diagnostic import Finding, Label
from ...diagnostics.entry import Both
from ...ir.rulebook import Clause, Definition, Register, Rulebook, Table
from ...source import Span
from ...syntax.lawtext import LawText, Paragraph, without_space

_IDLE = "，。、；：！？,.;:!?"


@attrs.define
class _Covered:
    """Which characters of a paragraph (spaces aside) quotations have taken."""

    paragraph: Paragraph
    text: str
    taken: list[bool]

    def take(self, quoted: str) -> bool:
        """Marks the first place where a quotation stands; False where it stands nowhere."""
        at = self.text.find(quoted)
        if at < 0:
            return False
        self.taken[at : at + len(quoted)] = [True] * len(quoted)
        return True

    def left(self) -> list[tuple[int, int]]:
        """The stretches no quotation has, those of mere punctuation aside."""
        stretches: list[tuple[int, int]] = []
        start = 0
        for at in range(len(self.text) + 1):
            if at == len(self.text) or self.taken[at]:
                if self.text[start:at].strip(_IDLE):
                    stretches.append((start, at))
                start = at + 1
        return stretches


def check_quotations(
    rulebook: Rulebook, law: LawText, held: Set[str] | None = None
) -> list[Finding]:
    """Every quotation stands in the law under its clause; every sentence of the law is quoted.

    `held`: the clauses that are held against this text, where a rulebook has several.
    """
    paragraphs = [p for p in law.paragraphs if held is None or p.clause in held]
    covered = [_covered(p) for p in paragraphs]
    findings = _order(rulebook, law, held) + _homeless(rulebook)
    for clause in rulebook.clauses:
        if held is not None and clause.id not in held:
            continue
        if clause.id not in law.clauses:
            findings.append(Finding(codes.CLAUSE_NOT_IN_LAW, clause.span, {"clause": clause.id}))
            continue
        for quotation in clause.quotations:
            for line, span in zip(quotation.lines, quotation.spans, strict=True):
                # the words of a quotation end where its line does; before them stands the >
                words = Span(span.file, span.end - len(line), span.end)
                if finding := _quoted(clause, line, words, covered):
                    findings.append(finding)
    broken = {f.arguments.get("clause") for f in findings}
    for one in covered:
        if one.paragraph.clause not in broken:
            findings += [_unquoted(one, start, end) for start, end in one.left()]
    return findings


def _homeless(rulebook: Rulebook) -> list[Finding]:
    """What rests on no clause at all; what stands under one not quoted shows as unquoted text."""
    own = [d for d in rulebook.definitions if d.origin is None and d.kind in ("result", "derived")]
    rules = [(rule.name, rule.span) for d in own for rule in d.rules if rule.clause is None]
    given: list[Definition | Table | Register] = [d for d in rulebook.definitions if _is_given(d)]
    given += [table for table in rulebook.tables if "." not in table.name]
    given += [register for register in rulebook.registers if "." not in register.name]
    constants = [(g.name, g.span) for g in given if g.clause is None and g.source is None]
    places = rules + constants
    return [Finding(codes.RULE_HOMELESS, span, {"name": name}) for name, span in places]


def _is_given(definition: Definition) -> bool:
    return definition.kind == "parameter" and definition.origin is None


def _covered(paragraph: Paragraph) -> _Covered:
    text = without_space(paragraph.text)
    return _Covered(paragraph, text, [False] * len(text))


def _quoted(clause: Clause, words: str, span: Span, covered: list[_Covered]) -> Finding | None:
    line = without_space(words)
    own = [c for c in covered if c.paragraph.clause == clause.id]
    if not line or any(one.take(line) for one in own):
        return None
    elsewhere = next((c for c in covered if line in c.text), None)
    if elsewhere is not None:
        arguments = {"clause": clause.id, "other": elsewhere.paragraph.clause}
        label = Label(elsewhere.paragraph.span, Both("原文在这里", "it stands here"))
        return Finding(codes.QUOTATION_ELSEWHERE, span, dict(arguments), (label,))
    return _differing(clause, words, span, own)


def _differing(clause: Clause, words: str, span: Span, own: list[_Covered]) -> Finding:
    """The first difference to the paragraph that is most alike, shown on both sides."""
    line = without_space(words)
    best = max(own, key=lambda one: difflib.SequenceMatcher(None, one.text, line).ratio())
    best.taken = [True] * len(best.text)  # one mistake, one finding
    blocks = difflib.SequenceMatcher(None, best.text, line, autojunk=False).get_opcodes()
    start = next((i for i, op in enumerate(blocks) if op[0] == "equal"), 0)
    _, a1, a2, b1, b2 = next((op for op in blocks[start:] if op[0] != "equal"), blocks[0])
    arguments = {
        "clause": clause.id,
        "law": best.text[a1:a2] or "（无）",
        "quoted": line[b1:b2] or "（无）",
        "context": best.text[max(0, a1 - 6) : a1],
    }
    paragraph = best.paragraph
    label = Label(_part(paragraph.text, paragraph.span, a1, a2), Both("原文", "the law"))
    place = _part(words, span, b1, b2)
    return Finding(codes.QUOTATION_DIFFERS, place, dict(arguments), (label,))


def _part(text: str, span: Span, start: int, end: int) -> Span:
    """The place of a stretch counted without spaces, never empty."""
    solid = [at for at, char in enumerate(text) if not char.isspace()] or [0]
    first = solid[min(start, len(solid) - 1)]
    last = solid[min(max(start, end - 1), len(solid) - 1)]
    return Span(span.file, span.start + first, span.start + last + 1)


def _unquoted(one: _Covered, start: int, end: int) -> Finding:
    text = one.text[start:end]
    shown = text if len(text) <= 30 else text[:30] + "…"
    arguments = {"clause": one.paragraph.clause, "text": shown}
    place = _part(one.paragraph.text, one.paragraph.span, start, end)
    return Finding(codes.LAW_UNQUOTED, place, dict(arguments))


def _order(rulebook: Rulebook, law: LawText, held: Set[str] | None) -> list[Finding]:
    """Headings that come before one they follow in the law, within the rulebook's own order."""
    clauses = (clause for clause in law.clauses if held is None or clause in held)
    place = {clause: at for at, clause in enumerate(clauses)}
    findings = []
    highest, before = -1, ""
    for clause in rulebook.clauses_as_written:
        at = place.get(clause.id)
        if at is None or clause.id in ("首部", "尾部"):
            continue
        if at < highest:
            arguments = {"clause": clause.id, "other": before}
            findings.append(Finding(codes.CLAUSE_OUT_OF_ORDER, clause.span, dict(arguments)))
        else:
            highest, before = at, clause.id
    return findings
