"""Dated parameters → rules by date, without a gap and without an overlap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import attrs

from ..diagnostics.catalogue import rules as codes
from ..ir import nodes as ir
from ..ir import rulebook as book
from ..ir import types as t
from ..ir.values import Value
from ..source import Span
from ..syntax import ast
from .expressions import Expressions, Scope
from .names import Known


@attrs.frozen
class _Stretch:
    start: date
    end: date | None
    value: Value
    written: ast.Dated

    @property
    def span(self) -> Span:
        """Where the line stands."""
        return self.written.span


def parameter_rules(
    expressions: Expressions, entry: ast.Parameter, known: Known, clause: str | None
) -> tuple[book.Rule, ...]:
    """The rules of a parameter: one, or one for each stretch of days."""
    name = entry.name.text
    undated = entry.value is not None and not entry.dated and entry.by is None
    dated = entry.value is None and bool(entry.dated) and entry.by is not None
    if not undated and not dated:
        expressions.report(codes.PARAMETER_UNDATED, entry.span, name=name)
        return ()
    if entry.value is not None:
        value = expressions.value(entry.value, Scope(), known.type)
        return (_rule(entry, clause, name, None, value),)
    by = _governing(expressions, entry)
    stretches = _stretches(expressions, entry, known)
    _check_dates(expressions, name, stretches)
    following: list[_Stretch | None] = list(stretches[1:])
    return (
        *_rule_before(expressions, entry, clause, stretches[:1], by, known.type),
        *(
            _dated_rule(entry, clause, stretch, by, known.type, until)
            for stretch, until in zip(stretches, [*following, None], strict=False)
        ),
    )


def _rule_before(
    expressions: Expressions,
    entry: ast.Parameter,
    clause: str | None,
    first: list[_Stretch],
    by: ir.Expr,
    type_: t.Type,
) -> Iterator[book.Rule]:
    """What held before the first day, where an amendment has dated what was not."""
    for stretch in first:
        if entry.before is None:
            return
        day = ir.Literal(stretch.start, t.DATE, stretch.written.start.span)
        condition = ir.Compare("<", by, day, t.BOOL, stretch.span)
        name = f"{entry.name.text}（至{(stretch.start - timedelta(days=1)).isoformat()}）"
        value = expressions.value(entry.before, Scope(), type_)
        yield _rule(entry, clause, name, condition, value)


def _rule(
    entry: ast.Parameter, clause: str | None, name: str, condition: ir.Expr | None, value: ir.Expr
) -> book.Rule:
    return book.Rule(
        name, clause, None, None, condition, value, (), entry.source, entry.notes, entry.span
    )


def _governing(expressions: Expressions, entry: ast.Parameter) -> ir.Expr:
    assert entry.by is not None
    path = ast.Reference(entry.by, entry.by.span)
    return expressions.value(path, Scope(), t.DATE)


def _stretches(expressions: Expressions, entry: ast.Parameter, known: Known) -> list[_Stretch]:
    found = []
    for line in entry.dated:
        starts, start = expressions.constant(line.start, t.DATE)
        ends, end = (True, None) if line.end is None else expressions.constant(line.end, t.DATE)
        given, value = expressions.constant(line.value, known.type)
        if starts and ends and given and isinstance(start, date):
            found.append(_Stretch(start, end if isinstance(end, date) else None, value, line))
    return sorted(found, key=lambda s: s.start)


def _check_dates(expressions: Expressions, name: str, stretches: list[_Stretch]) -> None:
    """Each stretch goes up to the day before the next; the first holds from its start on."""
    for one, following in pairwise(stretches):
        if one.start == following.start or (one.end is not None and one.end >= following.start):
            start = following.start.isoformat()
            expressions.report(codes.PARAMETER_OVERLAP, following.span, name=name, start=start)
        elif one.end is not None and one.end + timedelta(days=1) < following.start:
            expressions.report(
                codes.PARAMETER_GAP, following.span, name=name,
                start=(one.end + timedelta(days=1)).isoformat(),
                end=(following.start - timedelta(days=1)).isoformat(),
            )  # fmt: skip


def _dated_rule(
    entry: ast.Parameter,
    clause: str | None,
    stretch: _Stretch,
    by: ir.Expr,
    type_: t.Type,
    until: _Stretch | None,
) -> book.Rule:
    written = stretch.written

    def compare(op: ir.Operator, day: date, place: Span) -> ir.Expr:
        return ir.Compare(op, by, ir.Literal(day, t.DATE, place), t.BOOL, stretch.span)

    conditions = [compare(">=", stretch.start, written.start.span)]
    if stretch.end is not None and written.end is not None:
        conditions.append(compare("<=", stretch.end, written.end.span))
    elif until is not None:
        conditions.append(compare("<", until.start, until.written.start.span))
    name = f"{entry.name.text}（自{stretch.start.isoformat()}）"
    condition: ir.Expr = conditions[0]
    if len(conditions) > 1:
        condition = ir.And(tuple(conditions), t.BOOL, stretch.span)
    value = ir.Literal(stretch.value, type_, written.value.span)
    return _rule(entry, clause, name, condition, value)
