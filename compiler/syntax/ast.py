"""What the author wrote. Names are text; nothing has a type yet."""

from __future__ import annotations

from fractions import Fraction

import attrs

from ..source import Span

# Where a thing stands is not what it is: spans take no part in equality.
_span = attrs.field(eq=False, repr=False)


@attrs.frozen
class Word:
    """A name as written, without its quotation marks."""

    text: str
    span: Span = _span


@attrs.frozen
class Path:
    """甲.乙."""

    words: tuple[Word, ...]
    span: Span = _span

    @property
    def text(self) -> str:
        """The names joined by dots."""
        return ".".join(word.text for word in self.words)


# --- expressions


@attrs.frozen
class Reference:
    """A use of a name."""

    path: Path
    span: Span = _span


@attrs.frozen
class Number:
    """6个月, 80%, 1950元: parts of a number with the unit of each."""

    parts: tuple[tuple[Fraction, str], ...]
    span: Span = _span


@attrs.frozen
class DateText:
    """A date as written; whether it exists is looked at later."""

    year: int
    month: int
    day: int
    span: Span = _span


@attrs.frozen
class Text:
    """“文本”."""

    value: str
    span: Span = _span


@attrs.frozen
class ClauseId:
    """一（四）1."""

    value: str
    span: Span = _span


@attrs.frozen
class Constant:
    """是、否、空."""

    value: bool | None
    span: Span = _span


@attrs.frozen
class This:
    """其: the member or item at hand."""

    span: Span = _span


@attrs.frozen
class Compare:
    """甲 不早于 乙; `word` is as written."""

    word: str
    left: Expr
    right: Expr
    span: Span = _span
    word_span: Span = _span


@attrs.frozen
class Bound:
    """甲 在 乙 以上."""

    word: str
    left: Expr
    right: Expr
    span: Span = _span
    word_span: Span = _span


@attrs.frozen
class Within:
    """甲 在 乙 起 丙 内."""

    date: Expr
    start: Expr
    period: Expr
    span: Span = _span


@attrs.frozen
class IsIn:
    """甲 属于 乙、丙."""

    item: Expr
    items: tuple[Expr, ...]
    negated: bool
    span: Span = _span


@attrs.frozen
class Has:
    """有 甲; 没有 甲."""

    of: Expr
    negated: bool
    span: Span = _span


@attrs.frozen
class Not:
    """非 甲."""

    of: Expr
    span: Span = _span


@attrs.frozen
class And:
    """甲 且 乙, and 同时符合下列条件."""

    items: tuple[Expr, ...]
    span: Span = _span


@attrs.frozen
class Or:
    """甲 或 乙, and 有下列情形之一."""

    items: tuple[Expr, ...]
    span: Span = _span


@attrs.frozen
class If:
    """若 甲 则 乙 否则 丙."""

    condition: Expr
    then: Expr
    otherwise: Expr
    span: Span = _span


@attrs.frozen
class ForAll:
    """凡 清单 均 条件."""

    of: Expr
    condition: Expr
    span: Span = _span


@attrs.frozen
class UnderReading:
    """按解读 甲 取 乙."""

    reading: Word
    alternative: Word
    span: Span = _span


@attrs.frozen
class Arithmetic:
    """甲 加 乙; `word` is as written."""

    word: str
    left: Expr
    right: Expr
    span: Span = _span


@attrs.frozen
class Negative:
    """减 甲."""

    of: Expr
    span: Span = _span


@attrs.frozen
class After:
    """日期 起满 期间."""

    word: str
    date: Expr
    period: Expr
    span: Span = _span


@attrs.frozen
class Attribute:
    """甲 的 乙."""

    of: Expr
    name: Word
    span: Span = _span


@attrs.frozen
class Count:
    """清单 的 个数."""

    of: Expr
    span: Span = _span


@attrs.frozen
class Fold:
    """清单 之和, 之最大 …"""

    word: str
    of: Expr
    span: Span = _span


@attrs.frozen
class Filter:
    """清单 中 条件 者."""

    of: Expr
    condition: Expr
    span: Span = _span


@attrs.frozen
class Key:
    """按 甲 最高者."""

    key: Expr
    word: str


@attrs.frozen
class Best:
    """清单 按 甲 最高者 同则 …; `last` is 列前者, 列后者 or None where none is written."""

    of: Expr
    keys: tuple[Key, ...]
    last: str | None
    span: Span = _span


@attrs.frozen
class Call:
    """函数（甲，乙）."""

    function: str
    arguments: tuple[Expr, ...]
    span: Span = _span


@attrs.frozen
class Lookup:
    """表（行，列）."""

    table: Path
    keys: tuple[Expr, ...]
    span: Span = _span


Expr = (
    Reference | Number | DateText | Text | ClauseId | Constant | This | Compare | Bound | Within
    | IsIn | Has | Not | And | Or | If | ForAll | UnderReading | Arithmetic | Negative | After
    | Attribute | Count | Fold | Filter | Best | Call | Lookup
)  # fmt: skip


# --- entries of a file


@attrs.frozen
class Heading:
    """## 一（四）1 标题."""

    level: int
    clause: str
    title: str
    span: Span = _span


@attrs.frozen
class Quotation:
    """Consecutive lines that begin with >, each verbatim."""

    lines: tuple[Word, ...]
    span: Span = _span


@attrs.frozen
class Inert:
    """不执行 「理由」."""

    reason: Word
    span: Span = _span


@attrs.frozen
class Waiver:
    """不用 甲、乙 「理由」: numbers of the quotation that no rule uses, as they stand there."""

    numbers: tuple[Word, ...]
    reason: Word
    span: Span = _span


@attrs.frozen
class InForce:
    """施行 自 甲 至 乙 依 丙."""

    start: Expr | None
    end: Expr | None
    by: Path
    span: Span = _span


@attrs.frozen
class Outside:
    """不适用时 甲 为 乙."""

    result: Word
    value: Expr


@attrs.frozen
class Rulebook:
    """The head of a rulebook."""

    name: Word
    about: dict[str, Word]
    notes: tuple[str, ...]
    in_force: InForce | None
    applies_if: Expr | None
    outside: tuple[Outside, ...]
    span: Span = _span


@attrs.frozen
class Bind:
    """代入 甲 为 乙."""

    fact: Path
    value: Expr


@attrs.frozen
class Import:
    """引用 甲 自 「路径」."""

    name: Word
    path: Word
    binds: tuple[Bind, ...]
    span: Span = _span


@attrs.frozen
class Unit:
    """单位 甲."""

    name: Word
    span: Span = _span


@attrs.frozen
class Enum:
    """枚举 甲：子、丑."""

    name: Word
    members: tuple[Word, ...]
    order: tuple[Word, ...]
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Type:
    """A type as written: a name with a unit, or members; or a list; or none allowed."""

    name: Path | None
    unit: Word | None
    members: tuple[Word, ...]
    is_list: bool
    nullable: bool
    span: Span = _span


@attrs.frozen
class Field:
    """A fact of a group or of an item of a list."""

    name: Word
    type: Type
    question: str | None
    allowed: tuple[Expr, ...]
    record_only: bool
    span: Span = _span


@attrs.frozen
class Facts:
    """事实 甲, or 列表 甲 where `is_list`."""

    name: Word
    fields: tuple[Field, ...]
    notes: tuple[str, ...]
    is_list: bool
    span: Span = _span


@attrs.frozen
class Dated:
    """自 甲 至 乙 为 丙."""

    start: Expr
    end: Expr | None
    value: Expr
    span: Span = _span


@attrs.frozen
class Parameter:
    """参数 甲：型. `before`: what it was before its first day, where an amendment dates it."""

    name: Word
    type: Type
    value: Expr | None
    dated: tuple[Dated, ...]
    by: Path | None
    source: str | None
    notes: tuple[str, ...]
    span: Span = _span
    before: Expr | None = None


@attrs.frozen
class Axis:
    """行 or 列 of a table: an enumeration, with the members it leaves out."""

    kind: str
    type: Type
    excluded: tuple[Word, ...]


@attrs.frozen
class Row:
    """A line between bars: its cells."""

    cells: tuple[Word, ...]
    span: Span = _span


@attrs.frozen
class Table:
    """表 甲：型."""

    name: Word
    type: Type
    axes: tuple[Axis, ...]
    rows: tuple[Row, ...]
    source: str | None
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Register:
    """名录 甲."""

    name: Word
    rows: tuple[Row, ...]
    source: str | None
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Derived:
    """派生 甲, or 结果 甲 where `is_result`."""

    name: Word
    scope: Word | None
    type: Type
    value: Expr | None
    otherwise: Expr | None
    is_result: bool
    source: str | None
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Target:
    """What a conclusion gives a value to: 甲, or 成员 的 甲."""

    path: Path
    attribute: Word | None
    span: Span = _span


@attrs.frozen
class Rule:
    """规则 甲, or 例外 甲 where `overrides` is not empty."""

    name: Word
    overrides: tuple[Word, ...]
    members: tuple[Word, ...] | None
    condition: Expr | None
    conclusions: tuple[tuple[Target, Expr], ...]
    source: str | None
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Requirement:
    """要求 甲."""

    name: Word
    members: tuple[Word, ...] | None
    condition: Expr | None
    must: Expr | None
    source: str | None
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Alternative:
    """取 甲 or 另 甲, with what it says."""

    name: Word
    text: str


@attrs.frozen
class Reading:
    """解读 甲: the first alternative is the one taken unless switched."""

    name: Word
    question: str
    taken: tuple[Alternative, ...]
    others: tuple[Alternative, ...]
    reason: str
    span: Span = _span


@attrs.frozen
class Check:
    """核对 甲."""

    name: Word
    list_name: Word | None
    must: Expr | None
    at_fault: Path | None
    message: str
    span: Span = _span


@attrs.frozen
class Along:
    """随 甲 提高，乙 不减: how a value goes as a fact rises; the words are as written."""

    fact: Path
    rise: Word
    value: Expr
    direction: Word
    span: Span = _span


@attrs.frozen
class Invariant:
    """必然 甲: what must hold of every valid case (须), or how a value goes (随)."""

    name: Word
    condition: Expr | None
    must: Expr | None
    along: tuple[Along, ...]
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Untested:
    """不测 甲 “改动”、“改动”, 理由 「…」: changes to 甲 that no example can notice."""

    name: Word
    changes: tuple[Word, ...]
    reason: Word
    span: Span = _span


@attrs.frozen
class Setting:
    """甲 为 乙 in an example; no values: 未知."""

    path: Path
    values: tuple[Expr, ...] | None
    span: Span = _span


@attrs.frozen
class Item:
    """添 清单：甲 为 乙，…"""

    list_name: Word
    settings: tuple[Setting, ...]
    span: Span = _span


@attrs.frozen
class Expectation:
    """得 甲 为 乙; `target` is None for 得 错在 …; no values: 未知."""

    target: Target | None
    values: tuple[Expr, ...] | None
    span: Span = _span


@attrs.frozen
class Example:
    """示例 甲."""

    name: Word
    base: Word | None
    settings: tuple[Setting | Item, ...]
    readings: tuple[UnderReading, ...]
    expectations: tuple[Expectation, ...]
    notes: tuple[str, ...]
    span: Span = _span


@attrs.frozen
class Repeal:
    """废止 「理由」 under a heading: the clause; 废止 规则 甲、乙 「理由」: entries of a kind."""

    kind: str
    names: tuple[Word, ...]
    reason: Word
    span: Span = _span


@attrs.frozen
class Rename:
    """更名 结果 甲 为 乙: what a name of the version before is called now."""

    kind: str
    old: Word
    new: Word
    span: Span = _span


@attrs.frozen
class TableChange:
    """表 甲 with rows and without type or axes: what changes of a table that is there."""

    name: Word
    rows: tuple[Row, ...]
    source: str | None
    notes: tuple[str, ...]
    span: Span = _span


Entry = (
    Heading | Quotation | Inert | Waiver | Rulebook | Import | Unit | Enum | Facts | Parameter
    | Table | Register | Derived | Rule | Requirement | Reading | Check | Invariant | Untested
    | Example | Repeal | Rename | TableChange
)  # fmt: skip


@attrs.frozen
class File:
    """The entries of a file in order, and the names of those that could not be parsed."""

    name: str
    entries: tuple[Entry, ...]
    lost: frozenset[str]
