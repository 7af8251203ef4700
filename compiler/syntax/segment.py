"""A run of characters → words: the one reading that keywords, names and literals allow.

A reading puts no two operands (names, literals) side by side and breaks no keyword or literal into
smaller ones. What is left is none, one or several readings; only one is taken (DESIGN, point 1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from ..diagnostics.diagnostic import did_you_mean
from ..diagnostics.entry import Both
from ..diagnostics.near import near_names
from .chinese import parse_chinese_number, parse_percent
from .keywords import Unit

MAX_RUN = 200
_MAX_READINGS = 6
_OPERANDS = frozenset(
    {"NAME", "NUMBER", "DATE", "CLAUSE", "TRUE", "FALSE", "NULL", "THIS", "UNKNOWN"}
)
_CHINESE_NUMBER = "[零〇一二两三四五六七八九十百千万]+"


_ENDS_OPERAND = _OPERANDS | {
    "QUOTED", "TEXT", "_RPAR", "END_ITEMS", "COUNT", "FOLD", "WHO", "BEST", "POSITION", "BOUND",
    "WITHIN",
}  # fmt: skip


def ends_operand(token: str) -> bool:
    """Whether an operand ends with a terminal, so that what follows joins it to another."""
    return token in _ENDS_OPERAND


_DATE_FORM = Both(
    "日期要写成 2025-07-01 或 2025年7月1日", "write a date as 2025-07-01 or 2025年7月1日"
)


class Piece(NamedTuple):
    """A stretch of a run and the terminal it is."""

    start: int
    end: int
    token: str


Reading = list[Piece]


class Segmenter:
    """Splits runs by one set of keywords, names and units."""

    def __init__(
        self, keywords: Mapping[str, str], names: frozenset[str], units: Mapping[str, Unit]
    ) -> None:
        self._keywords = keywords
        self._names = names
        self._units = units
        # The lengths of the words that begin with a character: what to try at each place of a run.
        lengths: dict[str, set[int]] = {}
        for word in (*keywords, *names):
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {char: sorted(found) for char, found in lengths.items()}
        self._literal = _literal_pattern(units)
        # Words that names are called as well: which one is meant, what stands before decides.
        self._double = {word for word in keywords if word in names}

    def split(self, run: str, named: bool, after: bool = False) -> list[Reading]:
        """All readings of a run.

        `named`: a name must come first, as after a dot or 的. `after`: an operand stands before it.
        """
        if run in self._names and not (after and run in self._double):
            return [[Piece(0, len(run), "NAME")]]
        if not named or run in ("个数",):
            if run in self._keywords:
                return [[Piece(0, len(run), self._keywords[run])]]
            literal = self._literal.fullmatch(run)
            if literal and _is_well_formed(literal):
                return [[Piece(0, len(run), _literal_kind(literal))]]
        if len(run) > MAX_RUN:
            return []
        return self._readings(run, named, after)

    def _readings(self, run: str, named: bool, after: bool) -> list[Reading]:
        # best[i]: readings of run[i:], each with whether it begins with an operand
        best: list[list[Reading]] = [[] for _ in range(len(run) + 1)]
        best[len(run)] = [[]]
        for start in range(len(run) - 1, -1, -1):
            found: list[Reading] = []
            for piece in self._candidates(run, start):
                if start == 0 and named and piece.token not in ("NAME", "COUNT"):
                    continue
                if start == 0 and not named and self._misplaced(run, piece, after):
                    continue
                ends = ends_operand(piece.token)
                for rest in best[piece.end]:
                    if rest and (_adjacent(piece, rest[0]) or self._misplaced(run, rest[0], ends)):
                        continue
                    found.append([piece, *rest])
            found.sort(key=len)
            best[start] = found[:_MAX_READINGS]
        return _undominated(best[0])

    def _misplaced(self, run: str, piece: Piece, after: bool) -> bool:
        """Whether a word that is also a name is the one where only the other can stand."""
        word = run[piece.start : piece.end]
        return word in self._double and (piece.token == "NAME") == after

    def _candidates(self, run: str, start: int) -> list[Piece]:
        found: list[Piece] = []
        for length in self._lengths.get(run[start], ()):
            word = run[start : start + length]
            if len(word) < length:
                break
            if word in self._keywords:
                found.append(Piece(start, start + length, self._keywords[word]))
            if word in self._names:
                found.append(Piece(start, start + length, "NAME"))
        literal = self._literal.match(run, start)
        if literal and _is_well_formed(literal):
            found.append(Piece(start, literal.end(), _literal_kind(literal)))
        return found

    def guess(self, run: str) -> Reading | None:
        """A reading that takes what is not known for names, or the whole run for one.

        Several unknown stretches are names only where each is nearly one that is known.

        None where the run falls into known words that do not fit together.
        """
        if near_names(run, sorted(self._names), 1, 0.75 if len(run) > 2 else 0.5):
            return [Piece(0, len(run), "NAME")]
        pieces = _joined(self._greedy(run))
        unknown = [p for p in pieces if p.token == "?"]
        if len(unknown) == len(pieces):
            return [Piece(0, len(run), "NAME")]
        misspelt = (near_names(run[p.start : p.end], sorted(self._names), 1) for p in unknown)
        if not unknown or (len(unknown) > 1 and not all(misspelt)):
            return None
        named = [p._replace(token="NAME") if p.token == "?" else p for p in pieces]
        if any(_adjacent(a, b) for a, b in pairwise(named)):
            return None
        if len(unknown) == 1 and len(run[unknown[0].start : unknown[0].end]) < 2:
            return [Piece(0, len(run), "NAME")]
        return named

    def trouble(self, run: str) -> tuple[Both, tuple[Both, ...]]:
        """Why a run does not split: what in it is not known, or what does not go together."""
        if re.fullmatch(r"[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}", run):
            return _DATE_FORM, ()
        pieces = _joined(self._greedy(run))
        unknown = [run[p.start : p.end] for p in pieces if p.token == "?"]
        if not unknown:
            cut = "｜".join(run[p.start : p.end] for p in pieces)
            return Both(f"断成 {cut} 读不通", f"{cut} makes no sense"), ()
        zh = "、".join(f"「{text}」" for text in unknown)
        en = ", ".join(f"「{text}」" for text in unknown)
        names = sorted(self._names)
        near = [name for text in unknown if len(text) > 1 for name in near_names(text, names, 1)]
        return Both(f"认不出其中的{zh}", f"not known are {en}"), did_you_mean(near)

    def _greedy(self, run: str) -> list[Piece]:
        pieces: list[Piece] = []
        at = 0
        while at < len(run):
            candidates = self._candidates(run, at)
            if candidates:
                piece = max(candidates, key=lambda p: p.end)
            else:
                piece = Piece(at, at + 1, "?")
                if pieces and pieces[-1].token == "?":
                    piece = Piece(pieces.pop().start, at + 1, "?")
            pieces.append(piece)
            at = piece.end
        return pieces

    def unknown_unit(self, run: str) -> Piece | None:
        """The unit that is not one, where a run is a number with something behind it."""
        found = re.fullmatch(r"[0-9]+(?:\.[0-9]+)?([^0-9]{1,4})", run)
        if found is None or any(run[found.start(1) :].startswith(w) for w in self._keywords):
            return None
        return Piece(found.start(1), found.end(1), "?")

    def near_units(self, unit: str) -> tuple[Both, ...]:
        """The hint that offers units written nearly so."""
        others = [known for known in self._units if not unit.startswith(known)]
        return did_you_mean(near_names(unit, others, 3, 0.5))


def _literal_pattern(units: Mapping[str, Unit]) -> re.Pattern[str]:
    words = "|".join(re.escape(u) for u in sorted(units, key=lambda u: (-len(u), u)))
    digits = r"[0-9]+(?:\.[0-9]+)?"
    return re.compile(
        r"(?P<date>[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)"
        rf"|(?P<percent>百分之{_CHINESE_NUMBER})"
        rf"|(?:{digits}(?:{words})|{_CHINESE_NUMBER}(?:个月|年|日|天|周岁|周|次|岁|倍|成))"
        rf"(?:[0-9]+(?:个月|[日天]))*"
        rf"|{digits}"
    )


def _is_well_formed(found: re.Match[str]) -> bool:
    """Whether the numerals are numerals (十百 is none) and short enough to be numbers."""
    numeral = re.match(rf"(百分之)?({_CHINESE_NUMBER})", found[0])
    if numeral is not None:
        parse = parse_percent if numeral[1] else parse_chinese_number
        if parse(numeral[2]) is None:
            return False
    return found.end() - found.start() <= MAX_RUN


def _literal_kind(found: re.Match[str]) -> str:
    return "DATE" if found["date"] else "NUMBER"


def _joined(pieces: list[Piece]) -> list[Piece]:
    """The pieces with what is not known and the names beside it taken together: 出身日期."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1].token if joined else ""
        if {last, piece.token} in ({"?"}, {"?", "NAME"}):
            piece = Piece(joined.pop().start, piece.end, "?")
        joined.append(piece)
    return joined


def _adjacent(left: Piece, right: Piece) -> bool:
    return left.token in _OPERANDS and right.token in _OPERANDS


def _undominated(readings: list[Reading]) -> list[Reading]:
    """Readings that do not merely break a keyword, a literal or a name of another one."""
    return [r for r in readings if not any(_breaks(r, other) for other in readings)]


def _breaks(fine: Reading, coarse: Reading) -> bool:
    """Whether `fine` has every boundary of `coarse` and more, all inside what is no name."""
    if fine is coarse or len(fine) <= len(coarse):
        return False
    cuts = {p.start for p in fine}
    if not cuts > {p.start for p in coarse}:
        return False
    exact = {(p.start, p.end): p.token for p in fine}
    return all(exact.get((p.start, p.end)) == p.token or p.token != "NAME" for p in coarse)
