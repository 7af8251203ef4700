"""Text → AST, by Lark.

Before: the source files of one rulebook. After: a `File` each, with every entry that could be
parsed. A mistake costs its own entry at most; the names that entry declares are kept so that
nothing is said to be undeclared because of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from copy import copy
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, UnexpectedToken
from lark.lexer import Lexer as LarkLexer
from lark.parsers.lalr_interactive_parser import InteractiveParser

from ..diagnostics.catalogue import names
from ..diagnostics.catalogue import syntax as catalogue
from ..diagnostics.diagnostic import Finding, did_you_mean
from ..diagnostics.entry import Both
from ..diagnostics.near import near_names
from ..source import SourceFile, Span
from . import ast
from .build import Builder
from .declared import Declared, names_in
from .expected import describe
from .keywords import vocabulary
from .lexer import Lexer, Line, span_of
from .meant import meant, meant_before

_HEADS = frozenset(
    "HEADING QUOTE INERT WAIVER _RULEBOOK _IMPORT _UNIT _ENUM _FACTS _LIST _PARAMETER _TABLE "
    "_REGISTER _DERIVED _RESULT _RULE _EXCEPTION _REQUIREMENT _READING _CHECK _INVARIANT _UNTESTED "
    "EXAMPLE _REPEAL _RENAME _MISSPELT".split()
)
_OPENINGS = [k.word for k in vocabulary().keywords.values() if k.place == "head"]
_NO_NAMES_BEGIN = {"IS", "CMP", "_COLON", "_COMMA", "_DOT", "_SEP", "_OF", "_LPAR", "_RPAR"}
_NO_NAMES = vocabulary().reserved | vocabulary().beginning
_ITEM_HINT = (
    Both(
        "（1）等各项写在「有下列情形之一」或「同时符合下列条件」之后。",
        "items such as (1) follow 有下列情形之一 or 同时符合下列条件.",
    ),
)
_SPAN_HINT = (Both("写成「不早于 … 且 … 不晚于 …」。", "write 不早于 … 且 … 不晚于 …."),)
_BOUNDS_HINT = (
    Both("两头分开写：「… 在 … 以上 且 … 在 … 以下」。", "say … 在 … 以上 且 … 在 … 以下."),
)
_THOUSANDS_HINT = (Both("数里面不写逗号。", "no commas inside a number."),)
_WAIVED_HINT = (
    Both(
        "里面有标点的数，用「」括住，如「1:3」。", "put a number with punctuation in 「」: 「1:3」."
    ),
)
_MAX_FINDINGS_PER_ENTRY = 5


class _NoLexer(LarkLexer):
    """Lark wants a lexer; ours has made the tokens already."""

    def __init__(self, _conf: object) -> None:
        pass

    def lex(self, _state: object, _parser_state: object) -> Iterable[Token]:  # type: ignore[override]
        return ()


@cache
def _machine() -> tuple[Lark, Builder, frozenset[str]]:
    grammar = (files("luling.grammar") / "luling.lark").read_text("utf-8")
    builder = Builder()
    lark = Lark(grammar, parser="lalr", lexer=_NoLexer, start="entry", transformer=builder)
    declared = re.findall(r"^%declare (.+)$", grammar, re.MULTILINE)
    return lark, builder, frozenset(" ".join(declared).split())


def parse(source: SourceFile, declared: Declared) -> tuple[ast.File, list[Finding]]:
    """The entries of one file, and what is wrong with its writing."""
    lark, builder, terminals = _machine()
    lexer = Lexer(source, declared, terminals)
    lines = lexer.lines()
    misspelt = _mark_misspelt(lines, source, declared)
    blocks, findings = _blocks(lines, source.name)
    unread = [block for block in blocks if block[0].head == "_MISSPELT"]
    lexical = [f for f in lexer.findings if not any(_holds(block, f.span) for block in unread)]
    findings += lexical + misspelt
    broken = {f.span for f in lexical}
    starts = [source.line_start(line.tokens[0].start_pos or 0) for line in lines]
    broken_lines = {bisect_right(starts, span.start) for span in broken}
    builder.file = source.name
    entries: list[ast.Entry] = []
    lost: set[str] = set()
    for block in blocks:
        if block[0].head == "_MISSPELT":
            lost |= names_in(_corrected(block, source))
            continue
        entry, found = _parse_block(lark, block, source.name)
        # what does not fit on a line with a word that was not understood says nothing new
        findings += [f for f in found if bisect_right(starts, f.span.start) not in broken_lines]
        if entry is None:
            lost |= names_in(_text_of(block, source))
        elif not any(_holds(block, span) for span in broken):
            entries.append(entry)
        else:
            lost |= names_in(_text_of(block, source))
    return ast.File(source.name, tuple(entries), frozenset(lost)), findings


def _blocks(lines: list[Line], file: str) -> tuple[list[list[Line]], list[Finding]]:
    """Lines grouped under the line that opens each entry."""
    blocks: list[list[Line]] = []
    findings: list[Finding] = []
    stray = False  # whether the line before already belongs to no entry
    for line in lines:
        head = line.head
        if head == "QUOTE" and blocks and blocks[-1][-1].head == "QUOTE":
            blocks[-1].append(line)
        elif head in _HEADS:
            blocks.append([line])
            stray = False
        elif blocks and not _is_between(blocks[-1]):
            blocks[-1].append(line)
        elif len(blocks) > 1 and blocks[-1][0].head == "QUOTE" and not _is_between(blocks[-2]):
            span = span_of(blocks[-1][0].tokens[0], file)
            findings.append(Finding(catalogue.QUOTATION_INSIDE, span))
            blocks[-2].append(line)
        elif not stray:
            findings.append(_stray(line, file))
            stray = True
    return blocks, findings


def _is_between(block: list[Line]) -> bool:
    """Whether a block is no entry that lines could belong to."""
    return block[0].head in ("HEADING", "QUOTE")


def _mark_misspelt(lines: list[Line], source: SourceFile, declared: Declared) -> list[Finding]:
    """Lines that open an entry with a word that is nearly one of those that do.

    Their first token becomes `_MISSPELT`: what stands below belongs to them and is not looked at.
    """
    findings = []
    for line in lines:
        first, second = line.tokens[0], line.tokens[1]
        word = str(first)
        unindented = source.position(first.start_pos or 0).column == 1
        named = bool(str(second)) and second.type not in _NO_NAMES_BEGIN
        if first.type == "NAME" and named and unindented and word not in declared.names:
            if hints := did_you_mean(near_names(word, _OPENINGS, 2)):
                first.type = "_MISSPELT"
                span = span_of(first, source.name)
                finding = Finding(catalogue.OPENING_UNKNOWN, span, {"word": word}, hints=hints)
                findings.append(finding)
    return findings


def _stray(line: Line, file: str) -> Finding:
    token = line.tokens[0]
    return Finding(catalogue.LINE_STRAY, span_of(token, file), {"word": _shown(token)})


def _parse_block(
    lark: Lark, block: list[Line], file: str
) -> tuple[ast.Entry | None, list[Finding]]:
    tokens = [token for line in block for token in line.tokens]
    parser = lark.parse_interactive("")
    try:
        for token in tokens:
            parser.feed_token(token)
        return parser.feed_eof(tokens[-1]), []  # type: ignore[no-untyped-call]
    except UnexpectedToken:
        return None, _recover(lark, tokens, file)


def _recover(lark: Lark, tokens: list[Token], file: str) -> list[Finding]:
    """All independent mistakes of an entry: after each, on from the next line that fits."""
    parser = lark.parse_interactive("")
    findings: list[Finding] = []
    before_line: InteractiveParser | None = None
    at = 0
    while at < len(tokens) and len(findings) < _MAX_FINDINGS_PER_ENTRY:
        try:
            parser.feed_token(tokens[at])
            at += 1
            if tokens[at - 1].type == "_NL":
                before_line = parser.copy(deepcopy_values=False)  # type: ignore[no-untyped-call]
        except UnexpectedToken as error:
            # A line that does not fit where it stands may do so for want of the one that failed.
            if not findings or tokens[at - 1].type != "_NL":
                findings.append(_unexpected(error.token, parser, tokens, at, file))
            if before_line is None:  # without its opening line an entry cannot be read
                return findings
            parser = before_line.copy(deepcopy_values=False)  # type: ignore[no-untyped-call]
            resumed = _next_fitting_line(parser, tokens, at)
            if resumed is None:
                return findings
            at = resumed
    if not findings:
        end = Token("$END", "", start_pos=tokens[-1].start_pos, end_pos=tokens[-1].end_pos)
        findings.append(_unexpected(end, parser, tokens, len(tokens), file))
    return findings


def _next_fitting_line(parser: InteractiveParser, tokens: list[Token], at: int) -> int | None:
    while at < len(tokens):
        while at < len(tokens) and tokens[at].type != "_NL":
            at += 1
        at += 1
        if at < len(tokens) and _land(parser, tokens[at]):
            return at
    return None


def _land(parser: InteractiveParser, token: Token) -> bool:
    """Drops the stack to the deepest state that takes the token; False where none does."""
    state = parser.parser_state
    quiet = copy(state.parse_conf)
    quiet.callbacks = {}
    for depth in range(len(state.state_stack) - 1, -1, -1):
        trial = parser.copy(deepcopy_values=False)  # type: ignore[no-untyped-call]
        trial.parser_state.parse_conf = quiet
        del trial.parser_state.state_stack[depth + 1 :], trial.parser_state.value_stack[depth:]
        try:
            trial.feed_token(token)
        except UnexpectedToken:
            continue
        del state.state_stack[depth + 1 :], state.value_stack[depth:]
        return True
    return False


def _unexpected(
    token: Token, parser: InteractiveParser, tokens: list[Token], at: int, file: str
) -> Finding:
    accepted = parser.accepts()  # type: ignore[no-untyped-call]
    expected = describe(accepted)
    if token.type in ("_NL", "$END"):
        previous = next((t for t in reversed(tokens[:at]) if str(t)), token)
        span = span_of(previous, file)
        entry = catalogue.LINE_INCOMPLETE if token.type == "_NL" else catalogue.ENTRY_INCOMPLETE
        return Finding(entry, span, {"after": _shown(previous), "expected": expected})
    name_only = {"NAME"} <= accepted and "NUMBER" not in accepted
    if name_only and str(token) in _NO_NAMES and _ends_name(tokens, at + 1):
        return Finding(names.NAME_IS_KEYWORD, span_of(token, file), {"name": str(token)})
    arguments: dict[str, Any] = {"word": _shown(token), "expected": expected}
    hints = _hints(tokens, at) if accepted - {"QUOTED"} else ()
    return Finding(catalogue.WORD_UNEXPECTED, span_of(token, file), arguments, hints=hints)


def _hints(tokens: list[Token], at: int) -> tuple[Both, ...]:
    """What a word out of place may be meant to be, from the words around it."""
    before = tokens[at - 1] if at else tokens[at]
    if _is_item(tokens, at):
        return _ITEM_HINT
    if tokens[at].type == "_TO":
        return _SPAN_HINT
    if before.type == "BOUND" and tokens[at].type == "NUMBER":
        return _BOUNDS_HINT
    if _is_thousands(tokens, at):
        return _THOUSANDS_HINT
    if tokens[0].type == "WAIVER":
        return _WAIVED_HINT
    found = meant(f"{before}{tokens[at]}") or meant(str(tokens[at]))
    if found or before.type != "NAME":
        return found
    return meant_before(str(before), begins_line=at < 2 or tokens[at - 2].type == "_NL")


def _is_thousands(tokens: list[Token], at: int) -> bool:
    """Whether a comma stands where 1,950 has it."""
    kinds = [token.type for token in tokens[at - 1 : at + 2]]
    if at == 0 or kinds != ["NUMBER", "_COMMA", "NUMBER"]:
        return False
    left, comma, right = tokens[at - 1 : at + 2]
    touching = left.end_pos == comma.start_pos and comma.end_pos == right.start_pos
    return touching and re.match(r"[0-9]{3}(?![0-9])", str(right)) is not None


def _is_item(tokens: list[Token], at: int) -> bool:
    """Whether a line begins with (1) where no list of conditions is open."""
    kinds = [token.type for token in tokens[max(0, at - 1) : at + 3]]
    return kinds == ["_NL", "_LPAR", "NUMBER", "_RPAR"]


def _ends_name(tokens: list[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].type in ("_COLON", "_SEP", "_COMMA", "_NL")


def _shown(token: Token) -> str | Both:
    text = str(token).strip()
    return text if text and token.type not in ("_NL", "$END") else Both("行尾", "end of line")


def _corrected(block: list[Line], source: SourceFile) -> str:
    """The text of an entry as it would be if the word it opens with were spelt right."""
    word = str(block[0].tokens[0])
    rest = _text_of(block, source).lstrip()[len(word) :]
    return near_names(word, _OPENINGS, 1)[0] + rest


def _text_of(block: list[Line], source: SourceFile) -> str:
    start = block[0].tokens[0].start_pos or 0
    end = block[-1].tokens[-1].end_pos or 0
    line_start = source.text.rfind("\n", 0, start) + 1
    return source.text[line_start:end]


def _holds(block: list[Line], span: Span) -> bool:
    start = block[0].tokens[0].start_pos or 0
    end = block[-1].tokens[-1].end_pos or 0
    return start <= span.start <= end
