"""Text → tokens, line by line.

Before: source files. After: one list of tokens for each logical line, with the places of the text.

A run of characters between spaces and punctuation is one token if it is a keyword, a declared
name or a literal; otherwise `segment` splits it. Full-width forms mean what half-width ones do;
the text itself is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs
from lark import Token

from ..diagnostics.catalogue import syntax as catalogue
from ..diagnostics.diagnostic import Finding
from ..diagnostics.entry import Both
from ..source import SourceFile, Span
from .declared import Declared
from .keywords import vocabulary
from .meant import meant
from .segment import MAX_RUN, Piece, Segmenter, ends_operand
from .width import normalize

_NUMERAL = "零一二三四五六七八九十百"
CLAUSE_PATTERN: Final = (
    rf"[{_NUMERAL}]+\([{_NUMERAL}]+\)(?:[0-9]+(?:\([0-9]+\))?)?"
    rf"|第[{_NUMERAL}0-9]+条(?:第[{_NUMERAL}0-9]+款)?(?:第[{_NUMERAL}0-9]+项)?"
    r"|附件[0-9]*(?![^\s,:;、()=<>|。])"
)
# No name holds what nobody can see: control characters, zero-width ones, marks of direction.
_INVISIBLE = r"\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_PUNCTUATION = _INVISIBLE + r"\s,:;、()\[\]{}=<>≥≤≠+−×÷*/|「」『』“”\"。!！#&^~`\\'@?$"
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r。]+)
    |(?P<QUOTED>「[^「」\n]*(?:「[^「」\n]*」[^「」\n]*)*」)
    |(?P<TEXT>“[^”\n]*”|"[^"\n]*")
    |(?P<CLAUSE>{CLAUSE_PATTERN})
    |(?P<DATE>[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}(?![0-9]))
    |(?P<symbol>>=|<=|!=|==|[<>=≥≤≠])
    |(?P<punctuation>[,:;、().+\-−×÷*/])
    |(?P<run>(?:(?![0-9]{{4}}-[0-9]{{1,2}}-[0-9])(?:[^{_PUNCTUATION}.\-]|(?<=[0-9])\.(?=[0-9])))+)
    |(?P<bad>.)""",
    re.VERBOSE,
)
_PUNCTUATION_TOKENS: Final = {
    ",": "_COMMA", ":": "_COLON", "、": "_SEP", ".": "_DOT", "(": "_LPAR", ")": "_RPAR",
    "+": "PLUS", "-": "DASH", "−": "DASH", "×": "TIMES", "*": "TIMES", "÷": "OVER", "/": "OVER",
}  # fmt: skip
_MOST_SHOWN = 60
_TOO_LONG = Both("太长了", "too long")
_PUNCTUATION_HINT = (
    Both("名称里如有标点，用「」把整个名称括起来。", "put a name with punctuation in it in 「」."),
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_MARKER = re.compile(rf"[ \t]*(?:(\([0-9]{{1,2}}\))|([{_CIRCLED}])|(·))[ \t]*")
_JOINING: Final = frozenset(
    {"_AND", "_OR", "PLUS", "DASH", "TIMES", "OVER", "UNION", "_OF", "_ELSE"}
)
_OPENING: Final = _JOINING | {"_COMMA", "_SEP"}
_NAME_FOLLOWS: Final = frozenset({"_DOT", "_OF"})
_OF_A_KIND: Final = frozenset({"_REPEAL", "_RENAME"})


@attrs.define
class Line:
    """One logical line: its tokens, the last of them `_NL`."""

    tokens: list[Token]

    @property
    def head(self) -> str:
        """The terminal the line begins with."""
        return str(self.tokens[0].type)


def span_of(token: Token, file: str) -> Span:
    """Where a token stands."""
    return Span(file, token.start_pos or 0, token.end_pos or 0)


class Lexer:
    """Makes the lines of one file, given the names that the rulebook declares."""

    def __init__(self, source: SourceFile, declared: Declared, terminals: frozenset[str]) -> None:
        self.source = source
        self.declared = declared
        self.findings: list[Finding] = []
        self._words = {
            word: self._terminal(token, terminals) for word, token in vocabulary().inline.items()
        }
        self._starts = {
            k.word: self._terminal(k.token, terminals) for k in vocabulary().keywords.values()
        }
        self._raw = {
            self._terminal(k.token, terminals) for k in vocabulary().keywords.values() if k.raw
        }
        names = declared.names
        self._segmenter = Segmenter(self._words, names, declared.units)
        self._start_segmenter = Segmenter(self._start_words(), names, declared.units)
        self._known: dict[tuple[str, bool, bool, bool], list[Piece] | None] = {}

    @staticmethod
    def _terminal(token: str, terminals: frozenset[str]) -> str:
        return token if token in terminals else f"_{token}"

    def _start_words(self) -> dict[str, str]:
        return self._words | {
            k.word: self._starts[k.word]
            for k in vocabulary().keywords.values()
            if k.place == "start"
        }

    # --- physical lines

    def lines(self) -> list[Line]:
        """All logical lines of the file, in order."""
        assembler = _Assembler()
        for number, start in enumerate(self.source.line_starts, 1):
            text = self.source.line_text(number)
            plain = normalize(text)
            stripped = plain.lstrip(" \t")
            at = start + len(plain) - len(stripped)
            if not stripped or stripped.startswith("//"):
                continue
            if stripped[0] == "#":
                assembler.single(self._token("HEADING", text[at - start :].rstrip(), at, number))
            elif stripped[0] == ">":
                assembler.single(self._token("QUOTE", text[at - start :].rstrip(), at, number))
            elif stripped[0] == "|":
                assembler.single(self._token("ROW", text[at - start :].rstrip(), at, number))
            else:
                if assembler.open and self._opens_entry(stripped):
                    assembler.close()  # a parenthesis left open costs its own entry, not the file
                assembler.code(self._code(plain, start, number, assembler))
        return assembler.finish()

    @staticmethod
    def _opens_entry(stripped: str) -> bool:
        keyword = vocabulary().keywords.get(stripped.split(" ", 1)[0])
        return keyword is not None and keyword.place == "head" and keyword.raw

    def _code(self, plain: str, start: int, number: int, assembler: _Assembler) -> list[Token]:
        tokens: list[Token] = []
        at = 0
        if assembler.takes_items:
            marker = _MARKER.match(plain)
            if marker:
                kind = "123"[marker.lastindex - 1] if marker.lastindex else "1"
                item = self._token("_ITEM", plain[: marker.end()], start, number)
                item.value = kind
                tokens.append(item)
                at = marker.end()
        for match in _TOKEN.finditer(plain, at, self._readable(plain, start)):
            if len(tokens) == 1 and tokens[0].type == "_RULEBOOK" and match["space"] is None:
                tokens.append(self._title(plain, match.start(), start, number))
                break
            kind, text, begin = match.lastgroup or "bad", match[0], start + match.start()
            if plain.startswith("//", match.start()):
                break
            self._add(tokens, kind, text, begin, number, not assembler.open)
        return tokens

    def _readable(self, plain: str, start: int) -> int:
        """How far a line can be read: up to a quotation mark without a partner."""
        unpaired = _unpaired_quote(plain)
        if unpaired is None:
            return len(plain)
        span = Span(self.source.name, start + unpaired, start + unpaired + 1)
        self.findings.append(Finding(catalogue.QUOTE_UNPAIRED, span, {"char": plain[unpaired]}))
        if plain[unpaired] == "「":
            return unpaired
        word = re.match(r"[ \t]*[^ \t]+", plain)  # where the quotation began nobody knows
        return min(word.end() if word else 0, unpaired)

    def _title(self, plain: str, at: int, start: int, line: int) -> Token:
        """The title of a rulebook: all that follows on the line, whatever is in it."""
        end = len(plain.split("//", 1)[0].rstrip(" \t。"))
        title = self.source.text[start + at : start + end]
        kind = "QUOTED" if re.fullmatch("「[^「」]*」", title) else "NAME"
        return self._token(kind, title, start + at, line)

    def _add(
        self, tokens: list[Token], kind: str, text: str, at: int, line: int, fresh: bool
    ) -> None:
        match kind:
            case "space":
                pass
            case "run":
                first = fresh and not any(t.type != "_ITEM" for t in tokens)
                self._run(tokens, text, at, line, first)
            case "symbol":
                kind = "IS" if text in ("=", "==") else "CMP"
                tokens.append(self._token(kind, text, at, line))
            case "punctuation":
                if text == "(":
                    _make_function(tokens)
                kind, written = _PUNCTUATION_TOKENS.get(text, "_SEMI"), self.source.text[at]
                tokens.append(self._token(kind, written, at, line))
            case "QUOTED" | "TEXT":
                original = self.source.text[at : at + len(text)]
                tokens.append(self._token(kind, original, at, line))
            case "bad":
                span = Span(self.source.name, at, at + len(text))
                if text.isprintable():
                    hints = meant(text) or _PUNCTUATION_HINT
                    found = Finding(catalogue.CHARACTER, span, {"char": text}, hints=hints)
                else:
                    code = f"U+{ord(text):04X}"
                    found = Finding(catalogue.CHARACTER_INVISIBLE, span, {"code": code})
                self.findings.append(found)
            case _:
                tokens.append(self._token(kind, text, at, line))

    # --- runs

    def _run(self, tokens: list[Token], text: str, at: int, line: int, first: bool) -> None:
        if text == "列表" and tokens and tokens[-1].type == "_COLON":
            tokens.append(self._token("_LIST", text, at, line))  # the type 列表 甲
            return
        if tokens and tokens[-1].type == "_LPAR" and text in self.declared.units:
            tokens.append(self._token("NAME", text, at, line))  # the unit in 整数（岁）
            return
        if unit := self._unit_of(tokens, text):
            number = tokens.pop()
            value, number_at = f"{number}{text[:unit]}", number.start_pos or 0
            tokens.append(Token("NUMBER", value, start_pos=number_at, line=line, end_pos=at + unit))
            if unit == len(text):
                return
            text, at = text[unit:], at + unit
        if self._is_kind(tokens, text):
            tokens.append(self._token("KIND", text, at, line))
            return
        raw = self._is_raw(tokens)
        # A word that opens a block or a line is that word only where it stands alone or begins
        # the line.
        if first or (tokens and tokens[-1].type == "_COMMA"):
            keyword = vocabulary().keywords.get(text)
            places = ("head", "start") if first else ("start",)
            if keyword is not None and keyword.place in places:
                tokens.append(self._token(self._starts[text], text, at, line))
                return
        if raw:
            self._raw_run(tokens, text, at, line)
            return
        named = bool(tokens) and tokens[-1].type in _NAME_FOLLOWS
        after = bool(tokens) and ends_operand(tokens[-1].type)
        if first and not tokens and self._starts.get(text) in _JOINING:
            after = True  # a line that goes on with the one before
        pieces = self._pieces(text, first, named, after)
        if pieces is None and self._is_imported(tokens):
            pieces = [Piece(0, len(text), "NAME")]
        elif pieces is None:
            pieces = self._unsplit(text, at, first)
        for piece in pieces:
            value = text[piece.start : piece.end]
            tokens.append(self._token(piece.token, value, at + piece.start, line))

    def _unit_of(self, tokens: list[Token], text: str) -> int:
        """How much of a run is the unit of the bare number before it: 18 周岁以上."""
        if not tokens or tokens[-1].type != "NUMBER" or text in self.declared.names:
            return 0
        if not str(tokens[-1]).replace(".", "").isdecimal():
            return 0
        return max((len(unit) for unit in self.declared.units if text.startswith(unit)), default=0)

    def _is_imported(self, tokens: list[Token]) -> bool:
        """Whether a name of an imported rulebook stands next whose names may not be known."""
        if not tokens:
            return False
        if tokens[0].type == "_BIND" and all(token.type != "IS" for token in tokens):
            return True
        dotted = len(tokens) > 1 and tokens[-1].type == "_DOT"
        return dotted and str(tokens[-2]).strip("「」") in self.declared.opaque

    @staticmethod
    def _is_kind(tokens: list[Token], text: str) -> bool:
        """Whether a word that opens entries says what kind is repealed or renamed."""
        if len(tokens) != 1 or tokens[0].type not in _OF_A_KIND:
            return False
        keyword = vocabulary().keywords.get(text)
        return keyword is not None and keyword.place == "head"

    def _is_raw(self, tokens: list[Token]) -> bool:
        """Whether the next run is a name as written: after a declaring word, and on through
        甲、乙.
        """
        if not tokens:
            return False
        last = tokens[-1].type
        if last in self._raw or last == "KIND":
            return True
        if tokens[0].type in _OF_A_KIND and last in ("IS", "_DOT", "_OF"):
            return True
        if last == "_SEP":
            return self._raw_list(tokens)
        if last == "_COLON":
            return tokens[0].type == "_ENUM"
        return False

    def _raw_list(self, tokens: list[Token]) -> bool:
        if tokens[0].type in _OF_A_KIND:
            return True
        for token in reversed(tokens):
            if token.type in ("_OVERRIDES", "WAIVER"):
                return True
            if token.type == "_COLON":
                return tokens[0].type in ("_ENUM", "_RESULT", "_DERIVED", "NAME", "_PARAMETER")
            if token.type not in ("_SEP", "NAME", "QUOTED"):
                return False
        return False

    def _raw_run(self, tokens: list[Token], text: str, at: int, line: int) -> None:
        owner = tokens[-1].type
        owning = owner == "_DERIVED" or tokens[0].type in _OF_A_KIND
        if owning and (cut := self.declared.scope_cut(text)):
            for piece, token in ((text[:cut], "NAME"), ("的", "_OF"), (text[cut + 1 :], "NAME")):
                if piece:
                    tokens.append(self._token(token, piece, at, line))
                at += len(piece)
            return
        tokens.append(self._token("NAME", text, at, line))

    def _pieces(self, text: str, first: bool, named: bool, after: bool) -> list[Piece] | None:
        key = (text, first, named, after)
        if key not in self._known:
            segmenter = self._start_segmenter if first else self._segmenter
            found = segmenter.split(text, named, after)
            self._known[key] = found[0] if len(found) == 1 else None
        return self._known[key]

    def _unsplit(self, text: str, at: int, first: bool) -> list[Piece]:
        segmenter = self._start_segmenter if first else self._segmenter
        span = Span(self.source.name, at, at + len(text))
        if len(text) > MAX_RUN:
            shown = text[:_MOST_SHOWN] + "…"
            self.findings.append(
                Finding(catalogue.RUN_UNSPLIT, span, {"run": shown, "why": _TOO_LONG})
            )
            return [Piece(0, len(text), "NAME")]
        readings = segmenter.split(text, named=False)
        if len(readings) > 1:
            cut = "；".join("｜".join(text[p.start : p.end] for p in r) for r in readings[:3])
            self.findings.append(
                Finding(catalogue.RUN_AMBIGUOUS, span, {"run": text, "readings": cut})
            )
            return readings[0]
        if problem := segmenter.unknown_unit(text):
            unit_span = Span(self.source.name, at + problem.start, at + problem.end)
            unit = text[problem.start : problem.end]
            hints = segmenter.near_units(unit)
            self.findings.append(
                Finding(catalogue.UNIT_UNKNOWN, unit_span, {"unit": unit}, hints=hints)
            )
            return [Piece(0, len(text), "NUMBER")]
        guess = segmenter.guess(text)
        if guess is None:
            why, hints = segmenter.trouble(text)
            finding = Finding(catalogue.RUN_UNSPLIT, span, {"run": text, "why": why}, hints=hints)
            self.findings.append(finding)
            return [Piece(0, len(text), "NAME")]
        return guess

    def _token(self, kind: str, text: str, at: int, line: int) -> Token:
        return Token(kind, text, start_pos=at, line=line, end_pos=at + len(text))


class _Assembler:
    """Joins physical lines into logical ones and closes the lists of numbered conditions."""

    def __init__(self) -> None:
        self.result: list[Line] = []
        self._line: list[Token] = []
        self._depth = 0
        self._markers: list[str] = []

    @property
    def open(self) -> bool:
        """Whether the next physical line goes on with the one before, whatever it begins with."""
        return bool(self._line) and (self._depth > 0 or self._line[-1].type in _OPENING)

    @property
    def takes_items(self) -> bool:
        """Whether the next line may begin with (1) or ①."""
        return bool(self._markers) or self._opens_list()

    def _opens_list(self) -> bool:
        last = [t.type for t in self._line[-2:]]
        return bool(last) and (
            last[-1] in ("ANY_OF", "ALL_OF")
            or (last[-1] == "_COLON" and len(last) == 2 and last[0] in ("ANY_OF", "ALL_OF"))
        )

    def close(self) -> None:
        """Ends the logical line whatever is still open in it."""
        if self._line:
            self._close_items(0)
            self._line.append(_after(self._line[-1], "_NL"))
            self.result.append(Line(self._line))
        self._line, self._depth, self._markers = [], 0, []

    def single(self, token: Token) -> None:
        """A line that is one token, never joined to another."""
        self.close()
        self.result.append(Line([token, _after(token, "_NL")]))

    def code(self, tokens: list[Token]) -> None:
        """The tokens of one physical line of code."""
        tokens = _without_idle(tokens)
        if not tokens:
            return
        if tokens[0].type == "_ITEM":
            self._item(tokens[0])
        elif not self._joins(tokens[0]):
            self.close()
        else:
            self._close_items(0)
        for token in tokens:
            self._depth += {"_LPAR": 1, "_RPAR": -1}.get(token.type, 0)
        self._depth = max(0, self._depth)
        self._line += tokens

    def finish(self) -> list[Line]:
        """All lines, the last one closed."""
        self.close()
        return self.result

    def _joins(self, token: Token) -> bool:
        if not self._line:
            return False
        if self.open or token.type in _JOINING:
            return True
        return token.type == "_THEN" and self._pending_if()

    def _pending_if(self) -> bool:
        kinds = [t.type for t in self._line]
        return kinds.count("IF") > kinds.count("_THEN")

    def _item(self, token: Token) -> None:
        kind = str(token.value)
        if kind in self._markers:
            self._close_items(self._markers.index(kind) + 1)
        elif self._opens_list():
            self._markers.append(kind)
        # otherwise the parser meets an item where none is expected, and says so

    def _close_items(self, keep: int) -> None:
        while len(self._markers) > keep:
            self._markers.pop()
            self._line.append(_after(self._line[-1], "END_ITEMS"))


def _unpaired_quote(plain: str) -> int | None:
    """The place of a 「 or 」 without its partner on the line, comments aside."""
    opened: list[int] = []
    for at, char in enumerate(plain):
        if char == "「":
            opened.append(at)
        elif char == "」":
            if not opened:
                return at
            opened.pop()
        elif not opened and plain.startswith("//", at):
            break
    return opened[0] if opened else None


def _make_function(tokens: list[Token]) -> None:
    """Makes the word before a parenthesis a function although a fact is called so too (人.周岁)."""
    dotted = len(tokens) > 1 and tokens[-2].type == "_DOT"
    if tokens and tokens[-1].type == "NAME" and not dotted:
        if str(tokens[-1]) in vocabulary().functions:
            tokens[-1].type = "FUNCTION"


def _after(token: Token, kind: str) -> Token:
    end = token.end_pos
    return Token(kind, "", start_pos=end, line=token.line, end_pos=end)


def _without_idle(tokens: list[Token]) -> list[Token]:
    """Without the semicolon that ends an item and the comma before 且、或、则、否则."""
    kept = list(_no_idle_comma(tokens))
    while kept and kept[-1].type == "_SEMI":
        kept.pop()
    return kept


def _no_idle_comma(tokens: list[Token]) -> Iterator[Token]:
    for at, token in enumerate(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        idle = following is not None and following.type in ("_AND", "_OR", "_THEN", "_ELSE")
        if not (token.type == "_COMMA" and idle):
            yield token
