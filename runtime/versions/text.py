"""Two versions of a law, clause by clause: what stayed, moved, was reworded, came or went.

Only quotations are compared. Where a version quotes nothing of a clause, nothing is said of its
wording.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import Literal

import attrs
from rapidfuzz.distance import Indel

from luling.compiler.ir.rulebook import Clause, Rulebook

Kind = Literal["same", "changed", "moved", "added", "removed", "unquoted"]
Op = Literal["same", "removed", "added"]

# What a clause is numbered with is no part of its wording: a clause that moved has another number.
_NUMBERING = re.compile(
    r"\A\s*(?:第[零〇一二三四五六七八九十百千]+[条章节款项]"
    r"|[（(][零〇一二三四五六七八九十百0-9]+[）)]"
    r"|[零〇一二三四五六七八九十百]+、|[0-9]+[.．、)）])\s*"
)
_UNITS = (
    "个?(?:分钟|秒|周?岁|小时|工作日|百分点|立方米|平方米|万元|亿元|[年月日天周次人元分角级倍期])"
)
_TOKEN = re.compile(
    rf"[0-9]+(?:[.,][0-9]+)*(?:[%％‰]|{_UNITS})?"
    r"|百分之[零〇一二三四五六七八九十百]+|[A-Za-z]+|\n|\s+|."
)
_PUNCTUATION = frozenset("，。；：、！？（）“”‘’《》〔〕\n")
_ISLAND = 2  # so few equal characters between two changes are read as part of the change
_ALIKE, _AKIN = 40, 60  # differences in a hundred up to which texts are the same clause, reworded


@attrs.frozen
class Part:
    """A stretch of a clause's text that is in both versions, only in the old, only in the new."""

    op: Op
    text: str


@attrs.frozen
class TextChange:
    """A clause in both versions, or in one of them.

    `moved`: under another number, reworded or not (`reworded`). `unquoted`: a version quotes
    nothing of it, or has not this clause and quotes nothing at all.
    """

    kind: Kind
    old: Clause | None
    new: Clause | None
    parts: tuple[Part, ...]

    @property
    def clause(self) -> str:
        """The clause by its number now, or the one it had."""
        return _either(self).id

    @property
    def title(self) -> str:
        """Its title."""
        return _either(self).title

    @property
    def reworded(self) -> bool:
        """Whether both versions have it with different words."""
        kept = self.kind in ("changed", "moved")
        return kept and any(part.op != "same" for part in self.parts)

    @property
    def differs(self) -> bool:
        """Whether what the law says there is not what it said: a mere new number is not enough."""
        return self.kind in ("added", "removed") or self.reworded


def text_changes(old: Rulebook, new: Rulebook) -> tuple[TextChange, ...]:
    """Every clause of either version, in the order of the new one; what went stands where it was.

    Clauses with the same words are the same clause, then those with the same number and similar
    words, then those with similar words.
    """
    pairs = _paired(old.clauses, new.clauses)
    quoted = all(any(clause.quotations for clause in book.clauses) for book in (old, new))
    old_of = {after.id: before for before, after in pairs}
    gone = {clause.id for clause in old.clauses} - {before.id for before, _ in pairs}
    found = [_change(old_of.get(clause.id), clause, quoted) for clause in new.clauses]
    for clause in reversed(old.clauses):
        if clause.id in gone:
            at = _place(found, old.clauses, clause)
            found.insert(at, _change(clause, None, quoted))
    return tuple(found)


def words(text: str) -> list[str]:
    """A text in pieces that a reader takes as one: numbers with their unit, else characters."""
    return _TOKEN.findall(text)


def compare_words(old: str, new: str) -> tuple[Part, ...]:
    """One text with what left it and what came into it, in the order of reading."""
    before, after = words(old), words(new)
    parts: list[Part] = []
    for _, a, b, c, d in _joined(SequenceMatcher(None, before, after, False).get_opcodes(), before):
        left, right = "".join(before[a:b]), "".join(after[c:d])
        if left == right:
            parts.append(Part("same", left))
            continue
        parts += [Part("removed", left)] if left else []
        parts += [Part("added", right)] if right else []
    return tuple(parts)


def clause_text(clause: Clause) -> str:
    """All that is quoted of a clause, a line for each of its paragraphs."""
    return "\n".join(line for quotation in clause.quotations for line in quotation.lines)


_Opcode = tuple[str, int, int, int, int]
_Test = Callable[[Clause, Clause], bool]


def _joined(opcodes: Iterable[_Opcode], before: list[str]) -> Iterator[_Opcode]:
    """The opcodes with changes joined over a word or two: 「三级」→「四级」 rather than two marks
    around 级.
    """
    kept: list[_Opcode] = []
    codes = list(opcodes)
    for index, (tag, a, b, c, d) in enumerate(codes):
        inner = 0 < index < len(codes) - 1
        island = tag == "equal" and inner and _is_island(before[a:b])
        if kept and kept[-1][0] == "replace" and (island or tag != "equal"):
            kept[-1] = ("replace", kept[-1][1], b, kept[-1][3], d)
        else:
            kept.append(("equal" if tag == "equal" else "replace", a, b, c, d))
    return iter(kept)


def _is_island(equal: list[str]) -> bool:
    return sum(map(len, equal)) <= _ISLAND and not _PUNCTUATION & set(equal)


def _either(change: TextChange) -> Clause:
    clause = change.new or change.old
    assert clause is not None
    return clause


def _change(old: Clause | None, new: Clause | None, quoted: bool) -> TextChange:
    if old is None or new is None:
        one = old or new
        unquoted = not quoted or one is None or not one.quotations
        kind: Kind = "unquoted" if unquoted else "removed" if new is None else "added"
        op: Op = "removed" if new is None else "added"
        text = clause_text(one) if one is not None else ""
        return TextChange(kind, old, new, () if unquoted or not text else (Part(op, text),))
    if not old.quotations or not new.quotations:
        return TextChange("unquoted", old, new, ())
    parts = compare_words(clause_text(old), clause_text(new))
    if old.id != new.id:
        return TextChange("moved", old, new, _without_number(old, new, parts))
    return TextChange("same" if _bare(old) == _bare(new) else "changed", old, new, parts)


def _without_number(old: Clause, new: Clause, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Of a clause that only got another number, that number is no change of words."""
    if _bare(old) == _bare(new):
        return (Part("same", clause_text(new)),)
    return parts


def _place(found: list[TextChange], clauses: tuple[Clause, ...], gone: Clause) -> int:
    """Where a clause that went is told: behind the one that stood before it."""
    earlier = {clause.id for clause in clauses[: clauses.index(gone)]}
    places = [
        at for at, one in enumerate(found, 1) if one.old is not None and one.old.id in earlier
    ]
    return max(places, default=0)


# --- which clause is which


def _paired(old: tuple[Clause, ...], new: tuple[Clause, ...]) -> list[tuple[Clause, Clause]]:
    """The clauses of both versions that are one, however it is numbered."""
    pairing = _Pairing(list(old), list(new))
    pairing.take(lambda a, b: a.id == b.id and _bare(a) == _bare(b))
    pairing.take(lambda a, b: bool(_bare(a)) and _bare(a) == _bare(b))
    pairing.take(lambda a, b: a.id == b.id and (not _bare(a) or not _bare(b)))
    pairing.take(lambda a, b: a.id == b.id and _distance(a, b) <= _AKIN)
    pairing.take_nearest()
    pairing.take(lambda a, b: a.id == b.id)
    return pairing.pairs


class _Pairing:
    def __init__(self, old: list[Clause], new: list[Clause]) -> None:
        self.old, self.new = old, new
        self.pairs: list[tuple[Clause, Clause]] = []

    def take(self, one: _Test) -> None:
        """Pairs what is left of both, each with the first that passes."""
        for before in list(self.old):
            found = next((after for after in self.new if one(before, after)), None)
            if found is not None:
                self._pair(before, found)

    def take_nearest(self) -> None:
        """Pairs what is left by likeness, the likest first."""
        near = [
            (distance, at, to)
            for at, before in enumerate(self.old)
            for to, after in enumerate(self.new)
            if _bare(before) and _bare(after) and (distance := _distance(before, after)) <= _ALIKE
        ]
        old, new = list(self.old), list(self.new)
        for _, at, to in sorted(near):
            if old[at] in self.old and new[to] in self.new:
                self._pair(old[at], new[to])

    def _pair(self, before: Clause, after: Clause) -> None:
        self.old.remove(before)
        self.new.remove(after)
        self.pairs.append((before, after))


def _bare(clause: Clause) -> str:
    """The words of a clause without its number and without white space."""
    text = _NUMBERING.sub("", clause_text(clause), count=1)
    return re.sub(r"\s+", "", text)


def _distance(old: Clause, new: Clause) -> int:
    """How unlike two texts are, in a hundred."""
    left, right = _bare(old), _bare(new)
    whole = len(left) + len(right)
    return Indel.distance(left, right) * 100 // whole if whole else 0
