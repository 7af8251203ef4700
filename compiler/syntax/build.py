"""Lark's reductions → AST: one method for each rule of `luling.lark`, by its name."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from lark import Token, Transformer, v_args

from ..source import Span
from . import ast
from .chinese import parse_chinese_number, parse_percent
from .width import normalize

_HEADING = re.compile(r"^[#＃]+")
_NUMBER_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?|^[零〇一二两三四五六七八九十百千万]+)([^0-9]*)")


def clean_clause(text: str) -> str:
    """A clause id in the notice's own form: full-width parentheses, half-width digits."""
    plain = re.sub(r"[ \t\u3000]", "", normalize(text))
    return plain.replace("(", "（").replace(")", "）")


@v_args(inline=True)
class Builder(Transformer[Token, Any]):
    """Builds the AST of one entry. `file` is set before each parse."""

    file = ""

    def _span(self, *parts: Any) -> Span:
        first, last = parts[0], parts[-1]
        start = first.start_pos or 0 if isinstance(first, Token) else first.span.start
        end = last.end_pos or 0 if isinstance(last, Token) else last.span.end
        return Span(self.file, start, end)

    # --- names and paths

    def name(self, token: Token) -> ast.Word:
        text = str(token)[1:-1] if token.type == "QUOTED" else str(token)
        return ast.Word(text, self._span(token))

    def path(self, *words: ast.Word) -> ast.Path:
        return ast.Path(words, self._span(*words))

    def names(self, *words: ast.Word) -> tuple[ast.Word, ...]:
        return words

    names_2 = names

    def _text(self, token: Token) -> str:
        return str(token)[1:-1]

    def _word(self, token: Token) -> ast.Word:
        return ast.Word(self._text(token), self._span(token))

    # --- the notice itself

    def entry(self, node: Any) -> Any:
        return node

    def heading(self, token: Token) -> ast.Heading:
        marks = _HEADING.match(token)
        level = marks.end() if marks else 1
        words = str(token)[level:].strip(" \t\u3000").split(None, 1)
        clause = clean_clause(words[0]) if words else ""
        title = words[1].strip() if len(words) > 1 else ""
        return ast.Heading(level, clause, title, self._span(token))

    def quotation(self, *tokens: Token) -> ast.Quotation:
        lines = tuple(ast.Word(str(t)[1:].strip(" \t\r\u3000"), self._span(t)) for t in tokens)
        return ast.Quotation(lines, self._span(*tokens))

    def inert(self, token: Token, reason: Token) -> ast.Inert:
        return ast.Inert(self._word(reason), self._span(token, reason))

    def waiver(self, token: Token, numbers: tuple[ast.Word, ...], reason: Token) -> ast.Waiver:
        return ast.Waiver(numbers, self._word(reason), self._span(token, reason))

    # --- the rulebook

    def rulebook(self, name: ast.Word, *lines: Any) -> ast.Rulebook:
        return ast.Rulebook(
            name,
            {line[1]: line[2] for line in lines if isinstance(line, tuple) and line[0] == "about"},
            _notes(lines),
            _one(lines, "in_force"),
            _one(lines, "applies_if"),
            tuple(line for line in lines if isinstance(line, ast.Outside)),
            name.span,
        )

    def about(self, key: Token, text: Token) -> tuple[str, str, ast.Word]:
        return ("about", str(key.type), self._word(text))

    def note(self, text: Token) -> tuple[str, str]:
        return ("note", self._text(text))

    def in_force(self, start: Any, end: Any, by: ast.Path) -> tuple[str, ast.InForce]:
        return ("in_force", ast.InForce(start, end, by, by.span))

    def applies_if(self, condition: Any) -> tuple[str, Any]:
        return ("applies_if", condition)

    def outside(self, name: ast.Word, _is: Token, value: Any) -> ast.Outside:
        return ast.Outside(name, value)

    def import_(self, name: ast.Word, path: Token, *binds: ast.Bind) -> ast.Import:
        return ast.Import(name, self._word(path), binds, self._span(name, path))

    def bind(self, fact: ast.Path, _is: Token, value: Any) -> ast.Bind:
        return ast.Bind(fact, value)

    # --- a version written as changes to another

    def repeal(self, kind: Token | None, *parts: Any) -> ast.Repeal:
        reason, names = self._word(parts[-1]), parts[:-1]
        span = self._span(kind if kind is not None else parts[-1], parts[-1])
        return ast.Repeal(str(kind or ""), tuple(n for n in names if n is not None), reason, span)

    def rename(self, kind: Token, old: ast.Word, _is: Token, new: ast.Word) -> ast.Rename:
        return ast.Rename(str(kind), old, new, self._span(old, new))

    def item_name(self, path: ast.Path, attribute: ast.Word | None) -> ast.Word:
        if attribute is None:
            return ast.Word(path.text, path.span)
        return ast.Word(f"{path.text}的{attribute.text}", self._span(path, attribute))

    def table_change(self, name: ast.Word, *lines: Any) -> ast.TableChange:
        return ast.TableChange(
            name, self._rows(lines), _one(lines, "source"), _notes(lines), name.span
        )

    # --- what a case is made of

    def unit(self, name: ast.Word) -> ast.Unit:
        return ast.Unit(name, name.span)

    def enum(self, name: ast.Word, members: tuple[ast.Word, ...], *lines: Any) -> ast.Enum:
        return ast.Enum(name, members, _one(lines, "order") or (), _notes(lines), name.span)

    def order(self, names: tuple[ast.Word, ...]) -> tuple[str, tuple[ast.Word, ...]]:
        return ("order", names)

    def facts(self, name: ast.Word, *lines: Any) -> ast.Facts:
        return self._facts(name, lines, False)

    def list_(self, name: ast.Word, *lines: Any) -> ast.Facts:
        return self._facts(name, lines, True)

    def _facts(self, name: ast.Word, lines: tuple[Any, ...], is_list: bool) -> ast.Facts:
        fields = tuple(line for line in lines if isinstance(line, ast.Field))
        return ast.Facts(name, fields, _notes(lines), is_list, name.span)

    def field(self, name: ast.Word, type_: ast.Type, *marks: Any) -> ast.Field:
        question = _one(marks, "ask")
        return ast.Field(
            name, type_, question, _one(marks, "limit") or (), ("record_only",) in marks,
            self._span(name, type_),
        )  # fmt: skip

    def ask(self, text: Token) -> tuple[str, str]:
        return ("ask", self._text(text))

    def limit(self, *values: Any) -> tuple[str, tuple[Any, ...]]:
        return ("limit", values)

    def record_only(self, _token: Token) -> tuple[str]:
        return ("record_only",)

    def type(self, named: tuple[ast.Path, ast.Word | None], null: Token | None) -> ast.Type:
        path, unit = named
        span = self._span(path, null if null is not None else unit or path)
        return ast.Type(path, unit, (), False, null is not None, span)

    def type_members(self, members: tuple[ast.Word, ...], null: Token | None) -> ast.Type:
        span = self._span(members[0], null if null is not None else members[-1])
        return ast.Type(None, None, members, False, null is not None, span)

    def type_list(self, named: tuple[ast.Path, ast.Word | None]) -> ast.Type:
        return ast.Type(named[0], named[1], (), True, False, named[0].span)

    def type_name(self, path: ast.Path, unit: ast.Word | None) -> tuple[ast.Path, Any]:
        return (path, unit)

    def or_null(self, token: Token) -> Token:
        return token

    # --- constants

    def parameter(
        self, name: ast.Word, type_: ast.Type, given: Any, mark: str | None, *lines: Any
    ) -> ast.Parameter:
        dated = tuple(line for line in lines if isinstance(line, ast.Dated))
        source = mark or _one(lines, "source")
        by = _one(lines, "by")
        value = given[1] if given else None
        return ast.Parameter(name, type_, value, dated, by, source, _notes(lines), name.span)

    def given(self, _is: Token, value: Any) -> tuple[str, Any]:
        return ("given", value)

    def otherwise(self, value: Any) -> tuple[str, Any]:
        return ("otherwise", value)

    def source_mark(self, text: Token) -> str:
        return self._text(text)

    def source(self, text: Token) -> tuple[str, str]:
        return ("source", self._text(text))

    def dated(self, start: Any, end: Any, _is: Token, value: Any) -> ast.Dated:
        return ast.Dated(start, end, value, start.span.to(value.span))

    def governed_by(self, path: ast.Path) -> tuple[str, ast.Path]:
        return ("by", path)

    def table(self, name: ast.Word, type_: ast.Type, *lines: Any) -> ast.Table:
        axes = tuple(line for line in lines if isinstance(line, ast.Axis))
        rows = self._rows(lines)
        return ast.Table(name, type_, axes, rows, _one(lines, "source"), _notes(lines), name.span)

    def rows(self, named: tuple[ast.Path, Any], excluded: Any) -> ast.Axis:
        type_ = ast.Type(named[0], None, (), False, False, named[0].span)
        return ast.Axis("rows", type_, excluded or ())

    def columns(self, named: tuple[ast.Path, Any], excluded: Any) -> ast.Axis:
        type_ = ast.Type(named[0], None, (), False, False, named[0].span)
        return ast.Axis("columns", type_, excluded or ())

    def excluding(self, names: tuple[ast.Word, ...]) -> tuple[ast.Word, ...]:
        return names

    def register(self, name: ast.Word, *lines: Any) -> ast.Register:
        return ast.Register(
            name, self._rows(lines), _one(lines, "source"), _notes(lines), name.span
        )

    def _rows(self, lines: tuple[Any, ...]) -> tuple[ast.Row, ...]:
        tokens = [line for line in lines if isinstance(line, Token) and line.type == "ROW"]
        return tuple(ast.Row(self._cells(token), self._span(token)) for token in tokens)

    def _cells(self, token: Token) -> tuple[ast.Word, ...]:
        at = token.start_pos or 0
        cells = []
        for match in re.finditer(r"(?<=[|｜])[^|｜]*", str(token)):
            text = match[0]
            start = match.start() + len(text) - len(text.lstrip(" \t\u3000"))
            stripped = text.strip(" \t\u3000")
            span = Span(self.file, at + start, at + start + len(stripped))
            cells.append(ast.Word(stripped, span))
        if cells and not cells[-1].text:
            cells.pop()  # the text behind the last bar
        return tuple(cells)

    # --- values and rules

    def derived(self, scope: ast.Word | None, name: ast.Word, *rest: Any) -> ast.Derived:
        return self._derived(name, scope, rest, False)

    def result(self, name: ast.Word, *rest: Any) -> ast.Derived:
        return self._derived(name, None, rest, True)

    def _derived(
        self, name: ast.Word, scope: ast.Word | None, rest: tuple[Any, ...], result: bool
    ) -> ast.Derived:
        type_, lines = rest[0], rest[1:]
        return ast.Derived(
            name, scope, type_, _one(lines, "given"), _one(lines, "otherwise"), result,
            _one(lines, "source"), _notes(lines), name.span,
        )  # fmt: skip

    def scope(self, name: ast.Word) -> ast.Word:
        return name

    def rule(self, name: ast.Word, *lines: Any) -> ast.Rule:
        return self._rule(name, (), lines)

    def exception(self, name: ast.Word, overrides: tuple[ast.Word, ...], *lines: Any) -> ast.Rule:
        return self._rule(name, overrides, lines)

    def _rule(
        self, name: ast.Word, overrides: tuple[ast.Word, ...], lines: tuple[Any, ...]
    ) -> ast.Rule:
        conclusions = tuple(line[1:] for line in lines if line[0] == "conclusion")
        return ast.Rule(
            name, overrides, _one(lines, "for"), _all_of(lines, "when"), conclusions,
            _one(lines, "source"), _notes(lines), name.span,
        )  # fmt: skip

    def for_(self, names: tuple[ast.Word, ...]) -> tuple[str, Any]:
        return ("for", names)

    def when(self, condition: Any) -> tuple[str, Any]:
        return ("when", condition)

    def conclusion(self, target: ast.Target, _is: Token, value: Any) -> tuple[str, Any, Any]:
        return ("conclusion", target, value)

    def target(self, path: ast.Path, attribute: ast.Word | None) -> ast.Target:
        return ast.Target(path, attribute, self._span(path, attribute or path))

    def requirement(self, name: ast.Word, *lines: Any) -> ast.Requirement:
        return ast.Requirement(
            name, _one(lines, "for"), _all_of(lines, "when"), _all_of(lines, "must"),
            _one(lines, "source"), _notes(lines), name.span,
        )  # fmt: skip

    def must(self, condition: Any) -> tuple[str, Any]:
        return ("must", condition)

    def reading(self, name: ast.Word, *lines: Any) -> ast.Reading:
        taken = tuple(line[1] for line in lines if line[0] == "take")
        others = tuple(line[1] for line in lines if line[0] == "alternative")
        question, reason = _one(lines, "ask") or "", _one(lines, "reason") or ""
        return ast.Reading(name, question, taken, others, reason, name.span)

    def reading_ask(self, text: Token) -> tuple[str, str]:
        return ("ask", self._text(text))

    def take(self, name: ast.Word, text: Token | None) -> tuple[str, ast.Alternative]:
        return ("take", ast.Alternative(name, self._text(text) if text is not None else ""))

    def alternative(self, name: ast.Word, text: Token | None) -> tuple[str, ast.Alternative]:
        return ("alternative", ast.Alternative(name, self._text(text) if text is not None else ""))

    def reason(self, text: Token) -> tuple[str, str]:
        return ("reason", self._text(text))

    def check(self, name: ast.Word, *lines: Any) -> ast.Check:
        return ast.Check(
            name, _one(lines, "each_item"), _all_of(lines, "must"), _one(lines, "at_fault"),
            _one(lines, "message") or "", name.span,
        )  # fmt: skip

    def each_item(self, name: ast.Word) -> tuple[str, ast.Word]:
        return ("each_item", name)

    def at_fault(self, path: ast.Path) -> tuple[str, ast.Path]:
        return ("at_fault", path)

    def message(self, text: Token) -> tuple[str, str]:
        return ("message", self._text(text))

    # --- what must hold of every valid case

    def invariant(self, name: ast.Word, *lines: Any) -> ast.Invariant:
        along = tuple(line for line in lines if isinstance(line, ast.Along))
        return ast.Invariant(
            name, _all_of(lines, "when"), _all_of(lines, "must"), along, _notes(lines), name.span
        )

    def along(self, fact: ast.Path, rise: Token, value: Any, direction: Token) -> ast.Along:
        words = (ast.Word(str(token), self._span(token)) for token in (rise, direction))
        rises, goes = words
        return ast.Along(fact, rises, value, goes, self._span(fact, direction))

    # --- worked examples

    def untested(self, name: ast.Word, *texts: Token) -> ast.Untested:
        words = tuple(self._word(text) for text in texts)
        return ast.Untested(name, words[:-1], words[-1], self._span(name, texts[-1]))

    def example(self, _token: Token, name: ast.Word, *lines: Any) -> ast.Example:
        settings: list[ast.Setting | ast.Item] = []
        expectations: list[ast.Expectation] = []
        for line in lines:
            if isinstance(line, list) and line and isinstance(line[0], ast.Setting):
                settings += line
            elif isinstance(line, ast.Item):
                settings.append(line)
            elif isinstance(line, list):
                expectations += line
        readings = tuple(line for line in lines if isinstance(line, ast.UnderReading))
        return ast.Example(
            name, _one(lines, "based_on"), tuple(settings), readings, tuple(expectations),
            _notes(lines), name.span,
        )  # fmt: skip

    def based_on(self, name: ast.Word) -> tuple[str, ast.Word]:
        return ("based_on", name)

    def set_(self, *settings: ast.Setting) -> list[ast.Setting]:
        return list(settings)

    def add_item(self, name: ast.Word, *settings: ast.Setting) -> ast.Item:
        return ast.Item(name, settings, name.span)

    def setting(self, path: ast.Path, _is: Token, values: tuple[Any, ...] | None) -> ast.Setting:
        return ast.Setting(path, values, path.span)

    def example_reading(self, token: Token, name: ast.Word, chosen: ast.Word) -> ast.UnderReading:
        return ast.UnderReading(name, chosen, self._span(token, chosen))

    def expect(self, *expectations: ast.Expectation) -> list[ast.Expectation]:
        return list(expectations)

    def expectation(
        self, target: ast.Target, _is: Token, values: tuple[Any, ...] | None
    ) -> ast.Expectation:
        return ast.Expectation(target, values, target.span)

    def expect_fault(self, values: tuple[Any, ...] | None) -> ast.Expectation:
        span = values[0].span if values else Span(self.file, 0, 0)
        return ast.Expectation(None, values, span)

    def value(self, *values: Any) -> tuple[Any, ...]:
        return values

    def value_unknown(self, _token: Token) -> None:
        return None

    # --- expressions

    def if_(self, token: Token, condition: Any, then: Any, otherwise: Any) -> ast.If:
        return ast.If(condition, then, otherwise, self._span(token, otherwise))

    def or_(self, *items: Any) -> ast.Or:
        return ast.Or(items, self._span(*items))

    def and_(self, *items: Any) -> ast.And:
        return ast.And(items, self._span(*items))

    def not_(self, token: Token, of: Any) -> ast.Not:
        return ast.Not(of, self._span(token, of))

    def for_all(self, token: Token, of: Any, condition: Any) -> ast.ForAll:
        return ast.ForAll(of, condition, self._span(token, condition))

    def compare(self, left: Any, word: Token, right: Any) -> ast.Compare:
        return ast.Compare(str(word), left, right, self._span(left, right), self._span(word))

    def is_in(self, item: Any, items: tuple[Any, ...]) -> ast.IsIn:
        return ast.IsIn(item, items, False, self._span(item, items[-1]))

    def not_in(self, item: Any, _token: Token, items: tuple[Any, ...]) -> ast.IsIn:
        return ast.IsIn(item, items, True, self._span(item, items[-1]))

    def expr_list(self, *items: Any) -> tuple[Any, ...]:
        return items

    def bound(self, left: Any, right: Any, word: Token) -> ast.Bound:
        return ast.Bound(str(word), left, right, self._span(left, word), self._span(word))

    def within(self, date: Any, start: Any, period: Any, token: Token) -> ast.Within:
        return ast.Within(date, start, period, self._span(date, token))

    def has(self, token: Token, of: Any) -> ast.Has:
        return ast.Has(of, False, self._span(token, of))

    def has_not(self, token: Token, of: Any) -> ast.Has:
        return ast.Has(of, True, self._span(token, of))

    def under_reading(self, token: Token, name: ast.Word, chosen: ast.Word) -> ast.UnderReading:
        return ast.UnderReading(name, chosen, self._span(token, chosen))

    def any_of(self, token: Token, *items: Any) -> Any:
        return ast.Or(items[:-1], self._span(token, *items[:-1]))

    def all_of(self, token: Token, *items: Any) -> Any:
        return ast.And(items[:-1], self._span(token, *items[:-1]))

    def arithmetic(self, left: Any, word: Token, right: Any) -> ast.Arithmetic:
        return ast.Arithmetic(_OPERATORS[word.type], left, right, self._span(left, right))

    def negative(self, token: Token, of: Any) -> ast.Negative:
        return ast.Negative(of, self._span(token, of))

    def after(self, date: Any, word: Token, period: Any) -> ast.After:
        return ast.After(str(word), date, period, self._span(date, period))

    def attribute(self, of: Any, name: ast.Word) -> ast.Attribute:
        return ast.Attribute(of, name, self._span(of, name))

    def count(self, of: Any, token: Token) -> ast.Count:
        return ast.Count(of, self._span(of, token))

    def fold(self, of: Any, word: Token) -> ast.Fold:
        return ast.Fold(str(word), of, self._span(of, word))

    def filter(self, of: Any, condition: Any, token: Token) -> ast.Filter:
        return ast.Filter(of, condition, self._span(of, token))

    def best(self, of: Any, key: Any, word: Token, *rest: Any) -> ast.Best:
        keys = (ast.Key(key, str(word)), *(k for k in rest if isinstance(k, ast.Key)))
        last = next((str(t) for t in rest if isinstance(t, Token)), None)
        return ast.Best(of, keys, last, self._span(of, word))

    def tie(self, key: Any, word: Token) -> ast.Key:
        return ast.Key(key, str(word))

    def last_tie(self, word: Token) -> Token:
        return word

    def call(self, function: Token, *arguments: Any) -> ast.Call:
        return ast.Call(str(function), arguments, self._span(function, *arguments))

    def lookup(self, table: ast.Path, *keys: Any) -> ast.Lookup:
        return ast.Lookup(table, keys, self._span(table, *keys))

    # --- atoms

    def reference(self, path: ast.Path) -> ast.Reference:
        return ast.Reference(path, path.span)

    def number(self, token: Token) -> ast.Number:
        return ast.Number(_number_parts(normalize(str(token))), self._span(token))

    def date(self, token: Token) -> ast.DateText:
        year, month, day = (int(part) for part in re.findall(r"[0-9]+", normalize(str(token))))
        return ast.DateText(year, month, day, self._span(token))

    def text(self, token: Token) -> ast.Text:
        return ast.Text(self._text(token), self._span(token))

    def clause(self, token: Token) -> ast.ClauseId:
        return ast.ClauseId(clean_clause(str(token)), self._span(token))

    def true(self, token: Token) -> ast.Constant:
        return ast.Constant(True, self._span(token))

    def false(self, token: Token) -> ast.Constant:
        return ast.Constant(False, self._span(token))

    def null(self, token: Token) -> ast.Constant:
        return ast.Constant(None, self._span(token))

    def this(self, token: Token) -> ast.This:
        return ast.This(self._span(token))


_OPERATORS = {"PLUS": "+", "DASH": "-", "TIMES": "×", "OVER": "÷", "UNION": "并"}


def _number_parts(text: str) -> tuple[tuple[Fraction, str], ...]:
    if text.startswith("百分之"):
        return ((_known(parse_percent(text[3:])), "%"),)
    return tuple((_number(part[1]), part[2]) for part in _NUMBER_PART.finditer(text))


def _number(digits: str) -> Fraction:
    if digits[0].isascii():
        return Fraction(digits)
    return _known(parse_chinese_number(digits))


def _known(number: int | None) -> Fraction:
    assert number is not None  # the segmenter makes no literal of what is no numeral
    return Fraction(number)


def _one(lines: tuple[Any, ...], key: str) -> Any:
    return next((x[1] for x in lines if isinstance(x, tuple) and x and x[0] == key), None)


def _all_of(lines: tuple[Any, ...], key: str) -> Any:
    """Several lines of the same kind hold together: 当 甲 and below it 当 乙."""
    found = [x[1] for x in lines if isinstance(x, tuple) and x and x[0] == key]
    if len(found) < 2:
        return found[0] if found else None
    return ast.And(tuple(found), found[0].span.to(found[-1].span))


def _notes(lines: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(x[1] for x in lines if isinstance(x, tuple) and x and x[0] == "note")
