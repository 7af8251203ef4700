"""An entry of an amendment and the one it is about → the one that holds."""

from __future__ import annotations

import attrs

from ..diagnostics.catalogue import amendments as codes
from ..diagnostics.catalogue import types as type_codes
from ..diagnostics.diagnostic import Finding
from ..diagnostics.entry import Argument
from ..syntax import ast
from ..syntax.width import normalize
from .names import near

# What the head of an amendment has from the other one unless it says so itself.
_INHERITED = ("AUTHORITY", "SOURCE_TEXT")


def restated(old: ast.Entry, new: ast.Entry) -> tuple[ast.Entry, list[Finding]]:
    """The entry that holds: the new one, but for values from a date on and for rows of a table."""
    match old, new:
        case ast.Parameter(), ast.Parameter() if new.dated and new.value is None:
            return _dated(old, new)
        case ast.Table(), ast.TableChange():
            return _changed_table(old, new)
        case _:
            return new, []


def head(old: ast.Rulebook, new: ast.Rulebook, gone: frozenset[str]) -> ast.Rulebook:
    """The head of an amendment; what it does not say of the span of application is inherited."""
    about = {key: word for key, word in old.about.items() if key in _INHERITED}
    said = {one.result.text for one in new.outside}
    kept = tuple(o for o in old.outside if o.result.text not in said | gone)
    return attrs.evolve(
        new,
        about={**about, **new.about},
        in_force=new.in_force or old.in_force,
        applies_if=new.applies_if or old.applies_if,
        outside=(*kept, *new.outside),
    )


# --- parameters


def _dated(old: ast.Parameter, new: ast.Parameter) -> tuple[ast.Parameter, list[Finding]]:
    """The new values from their first day on, the earlier ones before it."""
    first = min((day for line in new.dated if (day := _day(line.start))), default=None)
    earlier = [line for line in old.dated if _before(line, first)]
    before = old.before if old.value is None else old.value
    by = new.by or old.by
    if earlier and old.by is not None and by is not None and by.text != old.by.text:
        arguments = {"name": new.name.text, "old": old.by.text, "new": by.text}
        place = new.by.span if new.by is not None else new.span
        return old, [Finding(codes.DATED_BY_ANOTHER, place, dict(arguments))]
    if earlier:
        # the last of them holds up to the day before the first new one
        last = max(range(len(earlier)), key=lambda at: _day(earlier[at].start) or (0, 0, 0))
        end = _day(earlier[last].end)
        if end is not None and first is not None and end >= first:
            earlier[last] = attrs.evolve(earlier[last], end=None)
    source, notes = new.source or old.source, new.notes or old.notes
    dated = (*earlier, *new.dated)
    kept = attrs.evolve(new, dated=dated, by=by, before=before, source=source, notes=notes)
    return kept, []


def _before(line: ast.Dated, first: tuple[int, int, int] | None) -> bool:
    day = _day(line.start)
    return day is None or first is None or day < first


def _day(written: ast.Expr | None) -> tuple[int, int, int] | None:
    """A date as written; what is none has its finding when it is lowered."""
    if isinstance(written, ast.DateText):
        return written.year, written.month, written.day
    return None


# --- tables


@attrs.define
class _Rows:
    """The rows of a table on their way from what they were to what they are."""

    table: ast.Table
    top: ast.Row
    body: list[ast.Row]
    findings: list[Finding] = attrs.field(factory=list)

    def whole(self, row: ast.Row) -> None:
        """A row with all its cells takes the place of the one with its header."""
        at = self._at(row)
        if at is None:
            self.body.append(row)
        else:
            self.body[at] = row

    def part(self, row: ast.Row, columns: list[int | None], width: int) -> None:
        """A row with the cells of some columns; a row that is not there has only these."""
        if len(row.cells) != width:
            arguments: dict[str, Argument] = {"found": len(row.cells), "expected": width}
            self.findings.append(Finding(type_codes.TABLE_SHAPE, row.span, arguments))
            return
        at = self._at(row)
        empty = ast.Word("", row.span)
        cells = [empty] * len(self.top.cells) if at is None else list(self.body[at].cells)
        cells[0] = row.cells[0]
        for column, cell in zip(columns, row.cells[1:], strict=True):
            if column is not None:
                cells[column] = cell
        self.whole(attrs.evolve(row, cells=tuple(cells)))

    def columns(self, header: ast.Row) -> list[int | None]:
        """Where the columns of a header stand; one that is not there is told."""
        known = {normalize(cell.text): at for at, cell in enumerate(self.top.cells) if at}
        enum = next(axis.type.name for axis in self.table.axes if axis.kind == "columns")
        shown = enum.text if enum is not None else ""
        for cell in header.cells[1:]:
            if normalize(cell.text) not in known:
                arguments = {"name": cell.text, "enum": shown, "table": self.table.name.text}
                hints = near(cell.text, [c.text for c in self.top.cells[1:]])
                self.findings.append(
                    Finding(type_codes.TABLE_HEADER, cell.span, dict(arguments), hints=hints)
                )
        return [known.get(normalize(cell.text)) for cell in header.cells[1:]]

    def _at(self, row: ast.Row) -> int | None:
        names = [normalize(one.cells[0].text) for one in self.body]
        name = normalize(row.cells[0].text)
        return names.index(name) if name in names else None


def _changed_table(old: ast.Table, new: ast.TableChange) -> tuple[ast.Table, list[Finding]]:
    """The table with some rows changed, or some cells of them under a header of their own."""
    top, *body = (row for row in old.rows if not is_rule(row))
    ruled = [row for row in old.rows if is_rule(row)]
    rows = _Rows(old, top, body)
    written = [row for row in new.rows if not is_rule(row)]
    headed = bool(written) and (
        not written[0].cells[0].text or (len(new.rows) > 1 and is_rule(new.rows[1]))
    )
    columns = rows.columns(written[0]) if headed else []
    for row in written[headed:]:
        if headed:
            rows.part(row, columns, len(written[0].cells))
        else:
            rows.whole(row)
    rows.findings += _repeated(old, written[headed:])
    source, notes = new.source or old.source, new.notes or old.notes
    kept = attrs.evolve(old, rows=(top, *ruled, *rows.body), source=source, notes=notes)
    return kept, rows.findings


def _repeated(table: ast.Table, rows: list[ast.Row]) -> list[Finding]:
    seen: set[str] = set()
    findings = []
    for row in rows:
        name = normalize(row.cells[0].text)
        if name in seen:
            arguments = {"name": name, "table": table.name.text}
            place = row.cells[0].span
            findings.append(Finding(type_codes.TABLE_REPEATED, place, dict(arguments)))
        seen.add(name)
    return findings


def is_rule(row: ast.Row) -> bool:
    """Whether a row is the |---|---| that Markdown puts under a header."""
    return all(set(cell.text) <= set("-:－：") and cell.text for cell in row.cells)
