"""Expressions: AST → IR, names resolved and types checked in one walk.

Every method returns an expression; where something is wrong it records a finding and returns one of
type `Unresolved`, which every later check lets pass, so that one mistake is one finding.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, assert_never

import attrs

from ..diagnostics.catalogue import names as name_codes
from ..diagnostics.catalogue import syntax as syntax_codes
from ..diagnostics.catalogue import types as codes
from ..diagnostics.diagnostic import Finding
from ..diagnostics.entry import Argument, Both, Entry
from ..ir import nodes as ir
from ..ir import types as t
from ..ir.presence import Present, canonical, present_if
from ..ir.values import Period, Value, exact, show
from ..source import Span
from ..syntax import ast
from ..syntax.keywords import Unit, vocabulary
from ..syntax.meant import meant
from .functions import FUNCTIONS
from .names import Names, near

MOST_NESTED = 100  # levels of an expression; every later pass may go down it without care
_BEST_HIGH = {"最高者": True, "最大者": True, "最晚者": True}
_FOLDS = {"之和": "sum", "之最大": "max", "之最晚": "max", "之最小": "min", "之最早": "min"}


@attrs.frozen
class Scope:
    """The member or item that bare names refer to, innermost last, and what is known present."""

    subjects: tuple[ir.Variable, ...] = ()
    present: Present = frozenset()

    def inside(self, variable: ir.Variable) -> Scope:
        """The scope of a filter's condition."""
        return attrs.evolve(self, subjects=(*self.subjects, variable))

    def knowing(self, present: Present) -> Scope:
        """The scope where more is known not to be none."""
        return attrs.evolve(self, present=self.present | {canonical(node) for node in present})


def narrowed(node: ir.Expr, scope: Scope) -> ir.Expr:
    """The expression, its type without the possibility of none where it is known not to be none."""
    if isinstance(node.type, t.Maybe) and canonical(node) in scope.present:
        return attrs.evolve(node, type=node.type.of)
    return node


class Expressions:
    """Lowers the expressions of one rulebook against its names."""

    def __init__(self, names: Names, units: dict[str, Unit]) -> None:
        self.names = names
        self.units = units
        self.findings: list[Finding] = []
        self._depth = 0
        self._too_deep = False

    # --- findings

    def report(self, entry: Entry, span: Span, hints: tuple[Both, ...] = (), **given: Any) -> None:
        """Records a finding."""
        arguments: dict[str, Argument] = dict(given)
        self.findings.append(Finding(entry, span, arguments, hints=hints))

    def hole(self, span: Span) -> ir.Expr:
        """An expression that already has its finding."""
        return ir.Literal(None, t.UNRESOLVED, span)

    # --- what callers use

    def condition(self, expr: ast.Expr, scope: Scope) -> ir.Expr:
        """A condition: an expression of type 是否."""
        node = self.lower(expr, scope, t.BOOL)
        return self.fitted(node, t.BOOL)

    def value(self, expr: ast.Expr, scope: Scope, expected: t.Type) -> ir.Expr:
        """An expression that must fit a declared type."""
        return self.fitted(self.lower(expr, scope, expected), expected, scope)

    def constant(self, expr: ast.Expr, expected: t.Type) -> tuple[bool, Value]:
        """A constant of a type, and whether it is one."""
        node = self.value(expr, Scope(), expected)
        if isinstance(node.type, t.Unresolved):
            return False, None
        if isinstance(node, ir.Literal):
            return True, node.value
        self.report(codes.NOT_CONSTANT, expr.span)
        return False, None

    def fitted(self, node: ir.Expr, expected: t.Type, scope: Scope | None = None) -> ir.Expr:
        """The expression if its type fits, else a hole with a finding."""
        if fits(node.type, expected):
            return node
        if isinstance(node.type, t.Maybe) and fits(node.type.of, expected):
            return self.solid(node, scope or Scope())
        self.report(
            codes.TYPE_MISMATCH, node.span, unit_missing(node, expected),
            expected=t.show(expected), found=t.show(node.type),
        )  # fmt: skip
        return self.hole(node.span)

    def solid(self, node: ir.Expr, scope: Scope) -> ir.Expr:
        """The expression as one that is not none: known so, or a finding."""
        node = narrowed(node, scope)
        if not isinstance(node.type, t.Maybe):
            return node
        self.report(codes.MAYBE_NONE, node.span, name=describe(node))
        return self.hole(node.span)

    # --- the walk

    def lower(self, expr: ast.Expr, scope: Scope, expected: t.Type | None = None) -> ir.Expr:
        """An expression with its names and types; `expected` guides members and 空."""
        if self._depth >= MOST_NESTED:
            if not self._too_deep:  # one mistake, one finding
                self.report(syntax_codes.TOO_DEEP, expr.span)
            self._too_deep = True
            return self.hole(expr.span)
        self._too_deep = self._too_deep and self._depth > 0
        self._depth += 1
        try:
            return self._lower(expr, scope, expected)
        finally:
            self._depth -= 1

    def _lower(self, expr: ast.Expr, scope: Scope, expected: t.Type | None) -> ir.Expr:
        match expr:
            case ast.Reference():
                return self._reference(expr, scope, expected)
            case ast.Number():
                return self._number(expr)
            case ast.DateText():
                return self._date(expr)
            case ast.Text():
                return ir.Literal(expr.value, t.TEXT, expr.span)
            case ast.ClauseId():
                return self._clause(expr)
            case ast.Constant():
                return self._constant(expr, expected)
            case ast.This():
                return self._this(expr, scope)
            case ast.Compare():
                return self._compare(expr, scope)
            case ast.Bound():
                return self._bound(expr, scope)
            case ast.Within():
                return self._within(expr, scope)
            case ast.IsIn():
                return self._is_in(expr, scope)
            case ast.Has():
                return self._has(expr, scope)
            case ast.Not():
                return ir.Not(self.condition(expr.of, scope), t.BOOL, expr.span)
            case ast.And():
                return ir.And(self._conditions(expr.items, scope, True), t.BOOL, expr.span)
            case ast.Or():
                return ir.Or(self._conditions(expr.items, scope, False), t.BOOL, expr.span)
            case ast.If():
                return self._if(expr, scope, expected)
            case ast.ForAll():
                return self._for_all(expr, scope)
            case ast.UnderReading():
                return self.under_reading(expr)
            case ast.Arithmetic():
                return self._arithmetic(expr, scope, expected)
            case ast.Negative():
                return self._negative(expr, scope)
            case ast.After():
                return self._after(expr, scope)
            case ast.Attribute():
                return self._attribute(expr, scope)
            case ast.Count():
                of = self._list(expr.of, scope)
                return ir.Count(of, t.INTEGER, expr.span)
            case ast.Fold():
                return self._fold(expr, scope)
            case ast.Filter():
                return self._filter(expr, scope)
            case ast.Best():
                return self._best(expr, scope)
            case ast.Call():
                return self._call(expr, scope, expected)
            case ast.Lookup():
                return self._lookup(expr, scope)
            case _:
                assert_never(expr)

    # --- names

    def _reference(self, expr: ast.Reference, scope: Scope, expected: t.Type | None) -> ir.Expr:
        words = expr.path.words
        if len(words) == 1:
            return self._single(words[0].text, expr.span, scope, expected)
        return self._dotted(expr.path, expr.span)

    def _dotted(self, path: ast.Path, span: Span) -> ir.Expr:
        text, head = path.text, path.words[0].text
        if fact := self.names.facts.get(text):
            return ir.Fact(text, fact.type, span)
        if known := self.names.definitions.get(text):
            return ir.Defined(known.name, None, known.type, span)
        if len(path.words) == 2 and (enum := self.names.enums.get(head)):
            if path.words[1].text in enum.members:
                return ir.Literal(path.words[1].text, enum, span)
            hints = near(path.words[1].text, enum.members)
            self.report(name_codes.MEMBER_UNKNOWN, span, hints, name=path.words[1].text, enum=head)
            return self.hole(span)
        if not self.names.is_lost(head) and not self.names.is_lost(text):
            self._unknown(text, span)
        return self.hole(span)

    def _unknown(self, name: str, span: Span) -> None:
        hints = self._of_group(name) or meant(name) or near(name, self.names.all_names())
        self.report(name_codes.NAME_UNKNOWN, span, hints, name=name)

    def _of_group(self, name: str) -> tuple[Both, ...]:
        """The hint for a group of facts named alone, or a field of a list named like a fact."""
        head, dot, last = name.partition(".")
        if name in self.names.groups:
            first = next(iter(self.names.groups[name].fields), None)
            shown = first.path if first else f"{name}.…"
            return (Both(f"事实写成「组.名称」，如「{shown}」。", f"facts are named {shown}."),)
        if dot and head in self.names.lists and last in self.names.lists[head]:
            return (Both(f"写成「{head} 的 {last}」。", f"write {head} 的 {last}."),)
        return ()

    def _single(self, name: str, span: Span, scope: Scope, expected: t.Type | None) -> ir.Expr:
        for subject in reversed(scope.subjects):
            if found := self._of_subject(subject, name, span):
                return found
        wanted = t.solid(expected) if expected is not None else None
        if isinstance(wanted, t.ListOf):
            wanted = wanted.item
        if isinstance(wanted, t.Enum) and name in wanted.members:
            return ir.Literal(name, wanted, span)
        if found := self._whole_case(name, span):
            return found
        enums = self.names.members_named(name)
        if len(enums) == 1:
            return ir.Literal(name, enums[0], span)
        if len(enums) > 1 and isinstance(wanted, t.Unresolved):
            return self.hole(span)  # what would say which has its finding already
        if len(enums) > 1:
            choices = "、".join(f"{enum.name}的{name}" for enum in enums)
            first = f"{enums[0].name}.{name}"
            hints = (Both(f"写明是哪一个，如「{first}」。", f"say which, such as {first}."),)
            self.report(name_codes.NAME_AMBIGUOUS, span, hints, name=name, choices=choices)
        elif not self.names.is_lost(name):
            self._unknown(name, span)
        return self.hole(span)

    def _of_subject(self, subject: ir.Variable, name: str, span: Span) -> ir.Expr | None:
        if isinstance(subject.type, t.Record):
            fields = self.names.fields_of(subject.type.of)
            if name in fields:
                return ir.FieldOf(subject, name, fields[name], span)
        return self._owned(subject, name, span)

    def _owned(self, of: ir.Expr, name: str, span: Span) -> ir.Expr | None:
        """A derived value of a member or item, or what is known of its requirements."""
        kind = of.type
        owner = kind.of if isinstance(kind, t.Record) else getattr(kind, "name", "")
        if known := self.names.attributes.get((owner, name)):
            return ir.Defined(known.name, of, known.type, span)
        if isinstance(kind, t.Enum) and name == "满足要求":
            return ir.Satisfied(kind.name, of, t.BOOL, span)
        if isinstance(kind, t.Enum) and name == "未满足条款":
            return ir.Failing(kind.name, of, t.CLAUSES, span)
        return None

    def _whole_case(self, name: str, span: Span) -> ir.Expr | None:
        names = self.names
        if known := names.definitions.get(name):
            return ir.Defined(known.name, None, known.type, span)
        if name in names.lists:
            return ir.FactList(name, t.ListOf(t.Record(name)), span)
        if name in names.registers:
            return ir.Rows(name, t.ListOf(t.Record(name)), span)
        if enum := names.enums.get(name):
            return ir.Members(enum, t.ListOf(enum), span)
        if name == "全案满足要求":
            return ir.Satisfied("", None, t.BOOL, span)
        if name == "全案未满足条款":
            return ir.Failing("", None, t.CLAUSES, span)
        return None

    def _clause(self, expr: ast.ClauseId) -> ir.Expr:
        if expr.value not in self.names.clauses:
            hints = near(expr.value, self.names.clauses)
            self.report(name_codes.CLAUSE_UNKNOWN, expr.span, hints, name=expr.value)
        return ir.Literal(expr.value, t.CLAUSE, expr.span)

    def _this(self, expr: ast.This, scope: Scope) -> ir.Expr:
        if not scope.subjects:
            self.report(codes.ONLY_IN_RULE, expr.span)
            return self.hole(expr.span)
        return attrs.evolve(scope.subjects[-1], span=expr.span)

    def under_reading(self, expr: ast.UnderReading) -> ir.Expr:
        """按解读 甲 取 乙, both known."""
        reading = self.names.readings.get(expr.reading.text)
        name, span = expr.reading.text, expr.reading.span
        if reading is None:
            if not self.names.is_lost(name):
                hints = near(name, self.names.readings)
                self.report(name_codes.READING_UNKNOWN, span, hints, name=name)
            return self.hole(expr.span)
        alternatives = [a.name for a in reading.alternatives]
        chosen = expr.alternative.text
        if chosen not in alternatives:
            self.report(
                name_codes.ALTERNATIVE_UNKNOWN, expr.alternative.span, near(chosen, alternatives),
                reading=name, name=chosen,
            )  # fmt: skip
            return self.hole(expr.span)
        return ir.ReadingIs(name, chosen, t.BOOL, expr.span)

    # --- literals

    def _number(self, expr: ast.Number) -> ir.Expr:
        units = [(value, self.units.get(unit), unit) for value, unit in expr.parts]
        if len(units) == 1 and not units[0][2]:
            value = exact(units[0][0])
            return ir.Literal(value, t.INTEGER if isinstance(value, int) else t.NUMBER, expr.span)
        kinds = {unit.of if unit else "?" for _, unit, _ in units}
        if "?" in kinds:
            return self.hole(expr.span)
        if kinds <= {"months", "days"}:
            return self._period(units, expr.span)
        value_, unit, _ = units[0]
        if len(units) > 1 or unit is None:
            self.report(codes.NOT_CONSTANT, expr.span)
            return self.hole(expr.span)
        amount = exact(value_ * unit.factor)
        types: dict[str, t.Type] = {"money": t.MONEY, "ratio": t.RATIO}
        kind = types.get(unit.of, t.Number(unit.unit, isinstance(amount, int)))
        return ir.Literal(amount, kind, expr.span)

    def _period(self, units: list[tuple[Fraction, Unit | None, str]], span: Span) -> ir.Expr:
        totals = {"months": Fraction(0), "days": Fraction(0)}
        for value, unit, _ in units:
            if unit is not None:
                totals[unit.of] += value * unit.factor
        months, days = exact(totals["months"]), exact(totals["days"])
        if not isinstance(months, int) or not isinstance(days, int):
            self.report(codes.NOT_CONSTANT, span)
            return self.hole(span)
        return ir.Literal(Period(months, days), t.PERIOD, span)

    def _date(self, expr: ast.DateText) -> ir.Expr:
        try:
            return ir.Literal(date(expr.year, expr.month, expr.day), t.DATE, expr.span)
        except ValueError:
            text = f"{expr.year}-{expr.month:02}-{expr.day:02}"
            self.report(syntax_codes.DATE_IMPOSSIBLE, expr.span, date=text)
            return self.hole(expr.span)

    def _constant(self, expr: ast.Constant, expected: t.Type | None) -> ir.Expr:
        if expr.value is not None:
            return ir.Literal(expr.value, t.BOOL, expr.span)
        if isinstance(expected, t.ListOf) or expected == t.CLAUSES:
            return ir.Literal((), expected, expr.span)
        return ir.Literal(None, t.NOTHING, expr.span)

    # --- conditions

    def _conditions(
        self, items: tuple[ast.Expr, ...], scope: Scope, holds: bool
    ) -> tuple[ir.Expr, ...]:
        """Each item knowing that the ones before it hold (且) or do not (或)."""
        lowered = []
        for item in items:
            node = self.condition(item, scope)
            scope = scope.knowing(present_if(node, holds))
            lowered.append(node)
        return tuple(lowered)

    def _pair(self, left: ast.Expr, right: ast.Expr, scope: Scope) -> tuple[ir.Expr, ir.Expr]:
        """Two sides of a comparison; the side that is a bare member is read by the other's type."""
        if self._is_bare(left, scope) and not self._is_bare(right, scope):
            second = self.lower(right, scope)
            return self.lower(left, scope, second.type), second
        first = self.lower(left, scope)
        return first, self.lower(right, scope, first.type)

    def _is_bare(self, expr: ast.Expr, scope: Scope) -> bool:
        if isinstance(expr, ast.Constant) and expr.value is None:
            return True
        if not isinstance(expr, ast.Reference) or len(expr.path.words) > 1:
            return False
        name = expr.path.text
        if any(self._of_subject(s, name, expr.span) for s in scope.subjects):
            return False
        return self._whole_case(name, expr.span) is None

    def _compare(self, expr: ast.Compare, scope: Scope) -> ir.Expr:
        comparison = vocabulary().comparisons.get(expr.word)
        op = comparison.op if comparison else vocabulary().symbols.get(expr.word, "=")
        left, right = self._pair(expr.left, expr.right, scope)
        if comparison is not None and comparison.of != "any":
            if not self._word_fits(expr, comparison.of, left.type):
                return self.hole(expr.span)
        return self._comparison(op, left, right, expr.word, expr.span, scope)

    def _word_fits(self, expr: ast.Compare, of: str, type_: t.Type) -> bool:
        kind = t.solid(type_)
        if isinstance(kind, t.Unresolved) or (kind == t.DATE) == (of == "date"):
            return True
        hint = (
            Both(
                "日期用「早于、晚于、不早于、不晚于」。", "of dates say 早于, 晚于, 不早于, 不晚于."
            ),
            Both(
                "数和金额用「低于、超过、不少于、不超过」。",
                "of numbers say 低于, 超过, 不少于, 不超过.",
            ),
        )
        advice = hint[0] if kind == t.DATE else hint[1]
        shown = t.show(kind)
        self.report(codes.WORD_UNFIT, expr.word_span, (advice,), word=expr.word, type=shown)
        return False

    def _comparison(
        self, op: Any, left: ir.Expr, right: ir.Expr, word: str, span: Span, scope: Scope
    ) -> ir.Expr:
        if isinstance(left.type, t.Unresolved) or isinstance(right.type, t.Unresolved):
            return self.hole(span)
        equality = op in ("=", "≠")
        if not equality:
            left, right = self.solid(left, scope), self.solid(right, scope)
            if isinstance(left.type, t.Unresolved) or isinstance(right.type, t.Unresolved):
                return self.hole(span)
        if not comparable(left.type, right.type):
            hints = unit_missing(right, left.type) or unit_missing(left, right.type)
            self.report(
                codes.INCOMPARABLE, span, hints,
                left=t.show(left.type), right=t.show(right.type), word=word,
            )  # fmt: skip
            return self.hole(span)
        if not equality and not self._ordered(left.type, word, span):
            return self.hole(span)
        return ir.Compare(op, left, right, t.BOOL, span)

    def _ordered(self, type_: t.Type, word: str, span: Span) -> bool:
        if isinstance(type_, t.Enum) and not type_.order:
            self.report(codes.NOT_ORDERED, span, enum=type_.name)
            return False
        if isinstance(type_, t.Record | t.ListOf) or type_ in (t.BOOL, t.TEXT, t.CLAUSE, t.CLAUSES):
            shown = t.show(type_)
            self.report(codes.INCOMPARABLE, span, left=shown, right=shown, word=word)
            return False
        return True

    def _bound(self, expr: ast.Bound, scope: Scope) -> ir.Expr:
        left, right = self._pair(expr.left, expr.right, scope)
        bound = vocabulary().bounds.get(expr.word)
        op = bound.op if bound else "<="  # 内、以内
        return self._comparison(op, left, right, expr.word, expr.span, scope)

    def _within(self, expr: ast.Within, scope: Scope) -> ir.Expr:
        day = self._date_of(expr.date, scope)
        start = self._date_of(expr.start, scope)
        period = self.fitted(self.lower(expr.period, scope, t.PERIOD), t.PERIOD, scope)
        end = ir.AddPeriod(start, period, False, t.DATE, expr.span)
        lower = ir.Compare(">=", day, start, t.BOOL, expr.span)
        upper = ir.Compare("<=", day, end, t.BOOL, expr.span)
        return ir.And((lower, upper), t.BOOL, expr.span)

    def _date_of(self, expr: ast.Expr, scope: Scope) -> ir.Expr:
        return self.fitted(self.lower(expr, scope, t.DATE), t.DATE, scope)

    def _is_in(self, expr: ast.IsIn, scope: Scope) -> ir.Expr:
        item = self.lower(expr.item, scope)
        items = [self.lower(i, scope, item.type) for i in expr.items]
        if len(items) == 1 and isinstance(items[0].type, t.ListOf):
            of = items[0]
            self._same(item, of.type.item, of.span)  # type: ignore[union-attr]
        else:
            for node in items:
                self._same(item, node.type, node.span)
            span = items[0].span.to(items[-1].span)
            of = ir.ListFrom(tuple(items), t.ListOf(t.solid(item.type)), span)
        found = ir.IsIn(item, of, t.BOOL, expr.span)
        return ir.Not(found, t.BOOL, expr.span) if expr.negated else found

    def _same(self, item: ir.Expr, type_: t.Type, span: Span) -> None:
        if not comparable(item.type, type_):
            self.report(
                codes.INCOMPARABLE, span, left=t.show(item.type), right=t.show(type_), word="属于"
            )

    def _has(self, expr: ast.Has, scope: Scope) -> ir.Expr:
        of = self.lower(expr.of, scope)
        node: ir.Expr
        if isinstance(of.type, t.ListOf) or of.type == t.CLAUSES:
            node = ir.IsNonEmpty(of, t.BOOL, expr.span)
        elif isinstance(of.type, t.Unresolved):
            return self.hole(expr.span)
        elif isinstance(of.type, t.Maybe):
            node = ir.IsPresent(of, t.BOOL, expr.span)
        else:
            expected = Both("可能为空的值或清单", "a value that may be none, or a list")
            self.report(codes.TYPE_MISMATCH, expr.of.span, expected=expected, found=t.show(of.type))
            return self.hole(expr.span)
        return ir.Not(node, t.BOOL, expr.span) if expr.negated else node

    def _if(self, expr: ast.If, scope: Scope, expected: t.Type | None) -> ir.Expr:
        condition = self.condition(expr.condition, scope)
        scope_then = scope.knowing(present_if(condition, True))
        then = narrowed(self.lower(expr.then, scope_then, expected), scope_then)
        scope_else = scope.knowing(present_if(condition, False))
        otherwise = self.lower(expr.otherwise, scope_else, expected or then.type)
        otherwise = narrowed(otherwise, scope_else)
        if isinstance(then.type, t.Nothing):
            then = attrs.evolve(then, type=t.maybe(otherwise.type))
        joined = join(then.type, otherwise.type)
        if joined is None:
            self.report(
                codes.TYPE_MISMATCH, otherwise.span,
                expected=t.show(then.type), found=t.show(otherwise.type),
            )  # fmt: skip
            return self.hole(expr.span)
        return ir.If(condition, then, otherwise, joined, expr.span)

    # --- arithmetic

    def _arithmetic(self, expr: ast.Arithmetic, scope: Scope, expected: t.Type | None) -> ir.Expr:
        if expr.word == "并":
            return self._union(expr, scope, expected)
        left = self.solid(self.lower(expr.left, scope), scope)
        right = self.solid(self.lower(expr.right, scope), scope)
        if isinstance(left.type, t.Unresolved) or isinstance(right.type, t.Unresolved):
            return self.hole(expr.span)
        if expr.word == "÷" and isinstance(right, ir.Literal) and right.value == 0:
            self.report(codes.DIVISION_BY_ZERO, right.span)
            return self.hole(expr.span)
        kind = arithmetic_type(expr.word, left.type, right.type)
        if kind is None:
            self._no_arithmetic(expr, left, right)
            return self.hole(expr.span)
        return ir.Arithmetic(expr.word, left, right, kind, expr.span)  # type: ignore[arg-type]

    def _no_arithmetic(self, expr: ast.Arithmetic, left: ir.Expr, right: ir.Expr) -> None:
        words = {
            "+": Both("相加", "addition"), "-": Both("相减", "subtraction"),
            "×": Both("相乘", "multiplication"), "÷": Both("相除", "division"),
        }  # fmt: skip
        hints: tuple[Both, ...] = ()
        if left.type == t.DATE and right.type == t.PERIOD:
            hints = (
                Both(
                    "日期加期间写作「日期 起满 期间」。", "a date plus a period is 日期 起满 期间."
                ),
            )
        elif left.type == t.DATE and right.type == t.DATE:
            hints = (
                Both(
                    "两个日期之差用「日数差」或「月份差」。", "use 日数差 or 月份差 for two dates."
                ),
            )
        self.report(
            codes.UNITS_DIFFER, expr.span, hints,
            left=t.show(left.type), right=t.show(right.type), word=words[expr.word],
        )  # fmt: skip

    def _union(self, expr: ast.Arithmetic, scope: Scope, expected: t.Type | None) -> ir.Expr:
        left = self.lower(expr.left, scope, expected)
        right = self.lower(expr.right, scope, left.type)
        if isinstance(left.type, t.Unresolved) or isinstance(right.type, t.Unresolved):
            return self.hole(expr.span)
        joined = join(left.type, right.type)
        if joined is None or not (isinstance(joined, t.ListOf) or joined == t.CLAUSES):
            self.report(
                codes.UNITS_DIFFER, expr.span,
                left=t.show(left.type), right=t.show(right.type), word=Both("合并", "union"),
            )  # fmt: skip
            return self.hole(expr.span)
        return ir.Union(left, right, joined, expr.span)

    def _negative(self, expr: ast.Negative, scope: Scope) -> ir.Expr:
        of = self.solid(self.lower(expr.of, scope), scope)
        if not (isinstance(of.type, t.Number) or of.type in (t.MONEY, t.RATIO, t.UNRESOLVED)):
            self.report(
                codes.TYPE_MISMATCH, of.span, expected=Both("数", "a number"), found=t.show(of.type)
            )
            return self.hole(expr.span)
        return ir.Arithmetic("-", ir.Literal(0, of.type, of.span), of, of.type, expr.span)

    def _after(self, expr: ast.After, scope: Scope) -> ir.Expr:
        day = self._date_of(expr.date, scope)
        period = self.fitted(self.lower(expr.period, scope, t.PERIOD), t.PERIOD, scope)
        return ir.AddPeriod(day, period, expr.word == "起顺延满", t.DATE, expr.span)

    # --- members and lists

    def _attribute(self, expr: ast.Attribute, scope: Scope) -> ir.Expr:
        name = expr.name.text
        of = self.lower(expr.of, scope, self._owner_of(name))
        if isinstance(of.type, t.Unresolved):
            return self.hole(expr.span)
        if isinstance(of.type, t.ListOf):
            return self._mapped(of, expr.name, expr.span)
        of = self.solid(of, scope)
        if found := self._part(of, name, expr.span):
            return found
        if not isinstance(of.type, t.Unresolved) and not self.names.is_lost(name):
            self.report(
                codes.NO_ATTRIBUTE, expr.name.span, self._near_attribute(of.type, name),
                type=t.show(of.type), name=name,
            )  # fmt: skip
        return self.hole(expr.span)

    def _near_attribute(self, type_: t.Type, name: str) -> tuple[Both, ...]:
        owner = type_.of if isinstance(type_, t.Record) else getattr(type_, "name", "")
        owned = [attribute for scope, attribute in self.names.attributes if scope == owner]
        return near(name, [*owned, *self.names.fields_of(owner)])

    def _owner_of(self, attribute: str) -> t.Type | None:
        """The enumeration a bare member before 的 belongs to, if the attribute says so."""
        owners = [known.scope for known in self.names.owners.get(attribute, [])]
        return self.names.enums.get(owners[0] or "") if len(owners) == 1 else None

    def _part(self, of: ir.Expr, name: str, span: Span) -> ir.Expr | None:
        if isinstance(of.type, t.Record):
            fields = self.names.fields_of(of.type.of)
            if name in fields:
                return ir.FieldOf(of, name, fields[name], span)
        return self._owned(of, name, span)

    def _mapped(self, of: ir.Expr, name: ast.Word, span: Span) -> ir.Expr:
        item = self._variable(of, span)
        value = self._part(item, name.text, span)
        if value is None:
            shown = t.show(item.type)
            hints = self._near_attribute(item.type, name.text)
            self.report(codes.NO_ATTRIBUTE, name.span, hints, type=shown, name=name.text)
            return self.hole(span)
        kind: t.Type = t.CLAUSES if value.type == t.CLAUSES else t.ListOf(value.type)
        return ir.Map(of, item.number, value, kind, span)

    def _variable(self, of: ir.Expr, span: Span) -> ir.Variable:
        item = of.type.item if isinstance(of.type, t.ListOf) else t.UNRESOLVED
        return ir.Variable(self.names.fresh(), item, span)

    def _list(self, expr: ast.Expr, scope: Scope) -> ir.Expr:
        of = self.lower(expr, scope)
        if isinstance(of.type, t.ListOf | t.Unresolved) or of.type == t.CLAUSES:
            return of
        self.report(codes.NOT_A_LIST, of.span, found=t.show(of.type))
        return self.hole(expr.span)

    def _filter(self, expr: ast.Filter, scope: Scope) -> ir.Expr:
        of = self._list(expr.of, scope)
        variable = self._variable(of, expr.span)
        if isinstance(of.type, t.Unresolved):
            return self.hole(expr.span)
        condition = self.condition(expr.condition, scope.inside(variable))
        return ir.Filter(of, variable.number, condition, of.type, expr.span)

    def _for_all(self, expr: ast.ForAll, scope: Scope) -> ir.Expr:
        of = self._list(expr.of, scope)
        variable = self._variable(of, expr.span)
        if isinstance(of.type, t.Unresolved):
            return self.hole(expr.span)
        condition = self.condition(expr.condition, scope.inside(variable))
        return ir.ForAll(of, variable.number, condition, t.BOOL, expr.span)

    def _fold(self, expr: ast.Fold, scope: Scope) -> ir.Expr:
        of = self._list(expr.of, scope)
        if not isinstance(of.type, t.ListOf):
            return self.hole(expr.span)
        how: Any = _FOLDS[expr.word]
        item = of.type.item
        summable = isinstance(item, t.Number) or item in (t.MONEY, t.RATIO, t.PERIOD)
        if not summable and (how == "sum" or item != t.DATE):
            expected = Both("数或金额的清单", "a list of numbers or amounts")
            self.report(codes.TYPE_MISMATCH, of.span, expected=expected, found=t.show(of.type))
            return self.hole(expr.span)
        return ir.Fold(how, of, item if how == "sum" else t.maybe(item), expr.span)

    def _best(self, expr: ast.Best, scope: Scope) -> ir.Expr:
        of = self._list(expr.of, scope)
        if not isinstance(of.type, t.ListOf):
            return self.hole(expr.span)
        variable = self._variable(of, expr.span)
        keys = []
        for key in expr.keys:
            value = self.lower(key.key, scope.inside(variable))
            if not isinstance(value.type, t.Unresolved | t.Maybe):
                self._ordered(value.type, key.word, value.span)
            value = self._key_solid(value)
            keys.append(ir.Key(value, _BEST_HIGH.get(key.word, False)))
        if expr.last is None:
            self.report(codes.TIE_UNSTATED, expr.span, word=expr.keys[-1].word[:-1])
            return self.hole(expr.span)
        last = expr.last == "列后者"
        return ir.Best(of, variable.number, tuple(keys), last, t.maybe(of.type.item), expr.span)

    def _key_solid(self, value: ir.Expr) -> ir.Expr:
        """A key that is none loses to every other: no presence is asked of it."""
        return value

    def _call(self, expr: ast.Call, scope: Scope, expected: t.Type | None) -> ir.Expr:
        function = FUNCTIONS[expr.function]
        hint = expected.item if isinstance(expected, t.ListOf) else None
        found = len(expr.arguments)
        least, most = function.count
        if not least <= found <= most:
            wanted = (
                str(least) if least == most else f"{least}至{most}" if most < 99 else f"≥{least}"
            )
            self.report(
                codes.ARGUMENT_COUNT,
                expr.span,
                function=expr.function,
                expected=wanted,
                found=found,
            )
            return self.hole(expr.span)
        arguments = [self.lower(argument, scope, hint) for argument in expr.arguments]
        if expr.function == "列出":
            return self._list_from(arguments, expr, expected)
        arguments = [self.solid(argument, scope) for argument in arguments]
        if any(isinstance(a.type, t.Unresolved) for a in arguments):
            return self.hole(expr.span)
        kind = function.result([a.type for a in arguments])
        if kind is None:
            shown = "、".join(t.show(a.type) for a in arguments)
            self.report(codes.TYPE_MISMATCH, expr.span, expected=function.expects, found=shown)
            return self.hole(expr.span)
        return ir.Call(expr.function, tuple(arguments), kind, expr.span)

    def _list_from(
        self, arguments: list[ir.Expr], expr: ast.Call, expected: t.Type | None
    ) -> ir.Expr:
        item: t.Type | None = t.NOTHING
        for argument in arguments:
            item = join(item, argument.type) if item is not None else None
        if item is None:
            shown = "、".join(t.show(a.type) for a in arguments)
            same = Both("同一类型的值", "values of one type")
            self.report(codes.TYPE_MISMATCH, expr.span, expected=same, found=shown)
            return self.hole(expr.span)
        if isinstance(item, t.Unresolved):
            return self.hole(expr.span)
        kind: t.Type = t.ListOf(t.solid(item))
        if t.solid(item) == t.CLAUSE:
            kind = t.CLAUSES
        return ir.ListFrom(tuple(arguments), kind, expr.span)

    def _lookup(self, expr: ast.Lookup, scope: Scope) -> ir.Expr:
        name = expr.table.text
        table = self.names.tables.get(name)
        if table is None:
            if not self.names.is_lost(name):
                hints = near(name, self.names.tables)
                self.report(name_codes.NAME_UNKNOWN, expr.table.span, hints, name=name)
            return self.hole(expr.span)
        if len(expr.keys) != 2:
            self.report(
                codes.ARGUMENT_COUNT, expr.span, function=name, expected="2", found=len(expr.keys)
            )
            return self.hole(expr.span)
        keys = [
            self.fitted(self.lower(key, scope, axis), axis, scope)
            for key, axis in zip(expr.keys, (table.rows, table.columns), strict=True)
        ]
        return ir.Lookup(name, keys[0], keys[1], table.type, expr.span)


# --- relations between types


def fits(found: t.Type, expected: t.Type) -> bool:
    """Whether a value of one type may stand where another is expected."""
    if isinstance(found, t.Unresolved) or isinstance(expected, t.Unresolved) or found == expected:
        return True
    if isinstance(expected, t.Maybe):
        return isinstance(found, t.Nothing) or fits(t.solid(found), expected.of)
    if isinstance(found, t.ListOf) and isinstance(expected, t.ListOf):
        return fits(found.item, expected.item)
    if isinstance(found, t.Enum) and isinstance(expected, t.Enum):
        return set(found.members) <= set(expected.members)
    return False


def comparable(left: t.Type, right: t.Type) -> bool:
    """Whether two values can be held against one another."""
    if isinstance(left, t.Nothing) or isinstance(right, t.Nothing):
        return isinstance(left, t.Maybe | t.Nothing) or isinstance(right, t.Maybe | t.Nothing)
    left, right = t.solid(left), t.solid(right)
    return fits(left, right) or fits(right, left)


def join(left: t.Type, right: t.Type) -> t.Type | None:
    """The type of a value that is one or the other, None where there is none."""
    if isinstance(left, t.Unresolved) or isinstance(right, t.Unresolved):
        return t.UNRESOLVED
    if isinstance(left, t.Nothing):
        return t.maybe(right)
    if isinstance(right, t.Nothing):
        return t.maybe(left)
    if isinstance(left, t.Maybe) or isinstance(right, t.Maybe):
        inner = join(t.solid(left), t.solid(right))
        return None if inner is None else t.maybe(inner)
    if fits(right, left):
        return left
    return right if fits(left, right) else None


def arithmetic_type(op: str, left: t.Type, right: t.Type) -> t.Type | None:
    """The type of a sum, difference, product or quotient, None where units do not combine."""
    left_number, right_number = isinstance(left, t.Number), isinstance(right, t.Number)
    if op in ("+", "-"):
        same = left == right and (left_number or left in (t.MONEY, t.RATIO, t.PERIOD))
        return left if same else None
    plain = t.Number()
    if op == "×":
        for one, other in ((left, right), (right, left)):
            if other in (plain, t.RATIO) and (
                isinstance(one, t.Number) or one in (t.MONEY, t.RATIO)
            ):
                return one
            if one == t.PERIOD and other == plain:
                return t.PERIOD
        return None
    if right in (plain, t.RATIO) and (left_number or left in (t.MONEY, t.RATIO)):
        return left
    if left == right and (right_number or left == t.MONEY):
        return plain
    return None


def unit_missing(node: ir.Expr, expected: t.Type) -> tuple[Both, ...]:
    """The hint for a bare number where one with a unit is meant."""
    kind = t.solid(expected)
    units: dict[t.Type, str] = {t.MONEY: "元", t.RATIO: "%", t.PERIOD: "个月"}
    unit = kind.unit if isinstance(kind, t.Number) else units.get(kind, "")
    if not unit or not isinstance(node, ir.Literal) or node.type != t.NUMBER:
        return ()
    written = f"{show(node.value, node.type)}{unit}"
    return (Both(f"如果漏了单位，写成 {written}。", f"if the unit is missing, write {written}."),)


def describe(node: ir.Expr) -> str:
    """What an expression is called in a message."""
    match node:
        case ir.Fact(path):
            return path
        case ir.Defined(name):
            return name
        case ir.FieldOf(_, field):
            return field
        case ir.Lookup(table):
            return table
        case _:
            return "这个值"
