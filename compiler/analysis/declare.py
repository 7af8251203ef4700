"""What the files declare → the symbol table, before any expression is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

from ..diagnostics.catalogue import names as codes
from ..diagnostics.catalogue import syntax as syntax_codes
from ..diagnostics.catalogue import types as type_codes
from ..diagnostics.diagnostic import Label
from ..diagnostics.entry import Both
from ..ir import rulebook as ir
from ..ir import types as t
from ..ir.values import Value
from ..source import Span
from ..syntax import ast
from ..syntax.keywords import Unit, vocabulary
from ..syntax.width import normalize, normalize_outside_quotes
from .cells import BadCell, parse_cell
from .expressions import Expressions
from .names import Known, Names, near
from .restated import is_rule

_ROW = Both("行", "row")
_COLUMN = Both("列", "column")


@attrs.frozen
class Placed:
    """An entry with the clause it stands under."""

    entry: ast.Entry
    clause: str | None


class Declarer(Expressions):
    """Fills the symbol table from the entries of all files."""

    def __init__(self, names: Names, units: dict[str, Unit]) -> None:
        super().__init__(names, units)
        self._seen: dict[tuple[str, str], Span] = {}

    def declare(self, entries: list[Placed], imports: Mapping[str, ir.Rulebook]) -> None:
        """Everything in an order in which each kind can use the ones before it."""
        for placed in entries:
            if isinstance(placed.entry, ast.Enum):
                self._enum(placed.entry)
        for placed in entries:
            if isinstance(placed.entry, ast.Facts):
                self._facts(placed.entry)
            elif isinstance(placed.entry, ast.Import):
                self._import(placed.entry, imports)
        for placed in entries:
            self._value(placed)

    def _value(self, placed: Placed) -> None:
        match placed.entry:
            case ast.Parameter() as entry:
                kind = self.type_of(entry.type, entry.name.text)
                self._definition(entry.name, "parameter", None, kind)
            case ast.Derived() as entry:
                kind = self.type_of(entry.type, entry.name.text)
                self._definition(
                    entry.name, "result" if entry.is_result else "derived", entry.scope, kind
                )
            case ast.Table() as entry:
                self._table(entry, placed.clause)
            case ast.Register() as entry:
                self._register(entry, placed.clause)
            case ast.Reading() as entry:
                self._reading(entry, placed.clause)
            case _:
                pass

    # --- names

    def taken(self, word: ast.Word, namespace: str = "", *, begins_line: bool = False) -> bool:
        """Records a declared name; True, with a finding, where it was there already.

        `begins_line`: lines can begin with the name, as they do with facts and conclusions.
        """
        if namespace != "解读":
            words = vocabulary().beginning if begins_line else vocabulary().inside
            self._not_reserved(word, vocabulary().reserved | words)
        key = (namespace, word.text)
        if key in self._seen:
            self.report(codes.NAME_REPEATED, word.span, name=word.text)
            before = Label(self._seen[key], Both("先前的声明", "declared here before"))
            self.findings[-1] = attrs.evolve(self.findings[-1], labels=(before,))
            return True
        self._seen[key] = word.span
        self.names.spans[f"{namespace}{word.text}"] = word.span
        return False

    def _not_reserved(self, word: ast.Word, words: frozenset[str]) -> None:
        quoted = word.span.end - word.span.start > len(word.text)
        if word.text in words and not quoted:
            self.report(codes.NAME_IS_KEYWORD, word.span, name=word.text)

    # --- types

    def type_of(self, written: ast.Type, owner: str) -> t.Type:
        """The type that is written; members written out make an enumeration named for the owner."""
        kind = self._plain_type(written, owner)
        if isinstance(kind, t.Unresolved):
            return kind
        if written.is_list:
            kind = t.CLAUSES if kind == t.CLAUSE else t.ListOf(kind)
        return t.maybe(kind) if written.nullable else kind

    def _plain_type(self, written: ast.Type, owner: str) -> t.Type:
        if written.name is None:
            enum = t.Enum(owner, self._members(written.members))
            self.names.enums[owner] = enum
            return enum
        name = written.name.text
        kind = t.BUILT_IN.get(name) or self.names.enums.get(name) or self._imported_enum(name)
        if kind is None:
            if not self.names.is_lost(name):
                hints = near(name, [*t.BUILT_IN, *self.names.enums])
                self.report(codes.TYPE_UNKNOWN, written.name.span, hints, name=name)
            return t.UNRESOLVED
        if written.unit is not None:
            return self._with_unit(kind, written.unit)
        return kind

    def _imported_enum(self, name: str) -> t.Enum | None:
        alias, _, rest = name.partition(".")
        book = self.names.imports.get(alias)
        return book.enum.get(rest) if book else None

    def _with_unit(self, kind: t.Type, unit: ast.Word) -> t.Type:
        known = self.units.get(unit.text)
        if known is None or known.of != "number" or not isinstance(kind, t.Number):
            hints = near(unit.text, self.units)
            self.report(syntax_codes.UNIT_UNKNOWN, unit.span, hints, unit=unit.text)
            return t.UNRESOLVED
        return t.Number(known.unit, kind.integer)

    def _members(self, members: tuple[ast.Word, ...]) -> tuple[str, ...]:
        seen: set[str] = set()
        for member in members:
            self._not_reserved(member, vocabulary().reserved)
            if member.text in seen:
                self.report(codes.NAME_REPEATED, member.span, name=member.text)
            seen.add(member.text)
        return tuple(dict.fromkeys(member.text for member in members))

    def _enum(self, entry: ast.Enum) -> None:
        if self.taken(entry.name):
            return
        members = self._members(entry.members)
        for word in entry.order:
            if word.text not in members:
                hints = near(word.text, members)
                self.report(
                    codes.MEMBER_UNKNOWN, word.span, hints, name=word.text, enum=entry.name.text
                )
        order = tuple(word.text for word in entry.order if word.text in members)
        self.names.enums[entry.name.text] = t.Enum(entry.name.text, members, order)

    # --- facts

    def _facts(self, entry: ast.Facts) -> None:
        name = entry.name.text
        if self.taken(entry.name):
            return
        fields: dict[str, ir.FactField] = {}
        for field in entry.fields:
            if self.taken(field.name, f"{name}.", begins_line=True):
                continue
            path = f"{name}.{field.name.text}"
            kind = self._fact_type(field.type, path)
            allowed = tuple(
                value
                for ok, value in (self.constant(a, t.solid(kind)) for a in field.allowed)
                if ok
            )
            fields[field.name.text] = ir.FactField(
                path, kind, field.question, allowed, field.record_only, field.span
            )
        group = ir.FactGroup(name, tuple(fields.values()), entry.is_list, entry.notes, entry.span)
        self.names.groups[name] = group
        if entry.is_list:
            self.names.lists[name] = fields
        else:
            self.names.facts |= {field.path: field for field in fields.values()}

    def _fact_type(self, written: ast.Type, path: str) -> t.Type:
        """A type whose values a case can give; a finding where it is another."""
        kind = self.type_of(written, path)
        if not isinstance(kind, t.ListOf) and t.solid(kind) not in (t.PERIOD, t.CLAUSE, t.CLAUSES):
            return kind
        expected = Both("案件能给出的类型", "a type that a case can give")
        self.report(type_codes.TYPE_MISMATCH, written.span, expected=expected, found=t.show(kind))
        return t.UNRESOLVED

    def _import(self, entry: ast.Import, imports: Mapping[str, ir.Rulebook]) -> None:
        if self.taken(entry.name):
            return
        alias = entry.name.text
        book = imports.get(entry.path.text)
        if book is None:
            self.names.lost |= {alias}
            return
        self.names.imports[alias] = book
        for definition in book.definitions:
            if definition.scope_kind == "case" and definition.kind != "binding":
                name = f"{alias}.{definition.name}"
                self.names.definitions[name] = Known(
                    name, name, definition.kind, None, "case", 0, definition.type, entry.span
                )

    # --- values

    def _definition(
        self,
        word: ast.Word,
        kind: Literal["result", "derived", "parameter"],
        scope: ast.Word | None,
        type_: t.Type,
    ) -> None:
        attribute = word.text
        if self.taken(word, f"{scope.text}的" if scope else "", begins_line=True):
            return
        scope_kind: Literal["case", "enum", "list"] = "case"
        if scope is not None:
            if scope.text in self.names.enums:
                scope_kind = "enum"
            elif scope.text in self.names.lists:
                scope_kind = "list"
            else:
                if not self.names.is_lost(scope.text):
                    hints = near(scope.text, [*self.names.enums, *self.names.lists])
                    self.report(codes.TYPE_UNKNOWN, scope.span, hints, name=scope.text)
                self.names.lost |= {attribute}
                return
        owner = scope.text if scope else None
        name = f"{owner}的{attribute}" if owner else attribute
        known = Known(
            name, attribute, kind, owner, scope_kind, self.names.fresh(), type_, word.span
        )
        self.names.definitions[name] = known
        if owner is not None:
            self.names.attributes[(owner, attribute)] = known
            self.names.owners.setdefault(attribute, []).append(known)

    def _reading(self, entry: ast.Reading, clause: str | None) -> None:
        name = entry.name.text
        if self.taken(entry.name, "解读"):
            return
        if problem := _incomplete(entry):
            self.report(codes.READING_INCOMPLETE, entry.span, name=name, problem=problem)
        alternatives = tuple(
            ir.Alternative(a.name.text, a.text) for a in (*entry.taken, *entry.others)
        )
        self.names.readings[name] = ir.Reading(
            name, clause, None, entry.question, alternatives, entry.reason, entry.span
        )

    # --- tables

    def _table(self, entry: ast.Table, clause: str | None) -> None:
        name = entry.name.text
        if self.taken(entry.name):
            return
        kind = self.type_of(entry.type, name)
        axes = {axis.kind: self._axis(axis) for axis in entry.axes}
        rows, columns = axes.get("rows"), axes.get("columns")
        if rows is None or columns is None or isinstance(kind, t.Unresolved):
            self.names.lost |= {name}
            return
        cells, spans = self._cells(entry, kind, rows, columns)
        excluded = any(axis.excluded for axis in entry.axes)
        value_type = t.maybe(kind) if excluded else kind
        self.names.tables[name] = ir.Table(
            name, clause, value_type, rows[0], columns[0], cells, entry.source, spans, entry.span
        )

    def _axis(self, axis: ast.Axis) -> tuple[t.Enum, tuple[str, ...]] | None:
        kind = self.type_of(axis.type, "")
        if not isinstance(kind, t.Enum):
            if not isinstance(kind, t.Unresolved):
                expected = Both("枚举", "an enumeration")
                self.report(
                    type_codes.TYPE_MISMATCH, axis.type.span, expected=expected, found=t.show(kind)
                )
            return None
        for word in axis.excluded:
            if word.text not in kind.members:
                hints = near(word.text, kind.members)
                self.report(codes.MEMBER_UNKNOWN, word.span, hints, name=word.text, enum=kind.name)
        excluded = {word.text for word in axis.excluded}
        return kind, tuple(m for m in kind.members if m not in excluded)

    def _cells(
        self,
        entry: ast.Table,
        kind: t.Type,
        rows: tuple[t.Enum, tuple[str, ...]],
        columns: tuple[t.Enum, tuple[str, ...]],
    ) -> tuple[dict[tuple[str, str], Value], dict[tuple[str, str], Span]]:
        name = entry.name.text
        written = self._without_rules(entry.rows, 1 + len(columns[1]))
        if not written:
            return {}, {}
        header, *body = written
        tops = self._headers(header.cells[1:], columns, name, header.span, _COLUMN)
        cells: dict[tuple[str, str], Value] = {}
        spans: dict[tuple[str, str], Span] = {}
        sides = self._headers(tuple(row.cells[0] for row in body), rows, name, entry.span, _ROW)
        for at, row in enumerate(body):
            side = sides[at]
            if len(row.cells) != len(header.cells):
                found, expected = len(row.cells), len(header.cells)
                self.report(type_codes.TABLE_SHAPE, row.span, found=found, expected=expected)
            for top, cell in zip(tops, row.cells[1:], strict=False):
                if cell.text == "":
                    place = Both(f"{side}、{top}这一格", f"the cell {side}, {top}")
                    self.report(type_codes.TABLE_HOLE, row.span, table=name, missing=place)
                    continue
                value = self._cell(cell, kind)
                if (side, top) not in cells:
                    cells[(side, top)], spans[(side, top)] = value, cell.span
        return cells, spans

    def _headers(
        self,
        words: tuple[ast.Word, ...],
        axis: tuple[t.Enum, tuple[str, ...]],
        table: str,
        span: Span,
        what: Both,
    ) -> list[str]:
        enum, wanted = axis
        seen: list[str] = []
        unknown = False
        for written in words:
            word = written if written.text in wanted else _half_width(written)
            if word.text not in wanted:
                unknown = True
                hints = near(word.text, wanted)
                self.report(
                    type_codes.TABLE_HEADER, word.span, hints,
                    name=word.text, enum=enum.name, table=table,
                )  # fmt: skip
            elif word.text in seen:
                self.report(type_codes.TABLE_REPEATED, word.span, name=word.text, table=table)
            seen.append(word.text)
        missing = [m for m in wanted if m not in seen]
        # A header that is not known is most likely the one that is missing: one finding.
        if missing and not unknown:
            shown = "、".join(missing)
            lacking = Both(f"{shown}的{what.zh}", f"the {what.en} {shown}")
            self.report(type_codes.TABLE_HOLE, span, table=table, missing=lacking)
        return seen

    def _cell(self, cell: ast.Word, kind: t.Type) -> Value:
        try:
            return parse_cell(cell.text, kind, self.units)
        except BadCell:
            self.report(type_codes.CELL_BAD, cell.span, text=cell.text, expected=_form(kind))
            return None

    def _without_rules(self, rows: tuple[ast.Row, ...], expected: int) -> list[ast.Row]:
        """The rows with something in them; a finding where there is none."""
        written = [row for row in rows if not is_rule(row)]
        if not written:
            self.report(type_codes.TABLE_SHAPE, rows[0].span, found=0, expected=expected)
        return written

    def _register(self, entry: ast.Register, clause: str | None) -> None:
        if self.taken(entry.name):
            return
        name = entry.name.text
        header, *body = self._without_rules(entry.rows, 1) or entry.rows[:1]
        columns = tuple(self._column(cell) for cell in header.cells)
        for at, (column, _) in enumerate(columns):
            if column in [before for before, _ in columns[:at]]:
                span = header.cells[at].span
                self.report(type_codes.TABLE_REPEATED, span, name=column, table=name)
        rows, spans = [], []
        for row in body:
            if len(row.cells) != len(columns):
                found, expected = len(row.cells), len(columns)
                self.report(type_codes.TABLE_SHAPE, row.span, found=found, expected=expected)
                continue
            rows.append(
                tuple(
                    self._cell(cell, kind)
                    for cell, (_, kind) in zip(row.cells, columns, strict=True)
                )
            )
            spans.append(tuple(cell.span for cell in row.cells))
            if rows[-1] in rows[:-1]:
                shown = row.cells[0].text
                table = entry.name.text
                self.report(type_codes.TABLE_REPEATED, row.span, name=shown, table=table)
        self.names.registers[name] = ir.Register(
            name, clause, columns, tuple(rows), entry.source, tuple(spans), entry.span
        )

    def _column(self, cell: ast.Word) -> tuple[str, t.Type]:
        """A header cell: 职业编码, a text, or 金额：金额 with its type."""
        name, _, written = cell.text.replace(":", "：").partition("：")
        name, written = normalize_outside_quotes(name.strip()), written.strip()
        if not written:
            return name, t.TEXT
        word = ast.Word(written, cell.span)
        path = ast.Path((word,), cell.span)
        return name, self.type_of(ast.Type(path, None, (), False, False, cell.span), name)


def _incomplete(entry: ast.Reading) -> Both | None:
    if len(entry.taken) > 1:
        return Both("写了不止一个「取」", "has more than one 取")
    parts = {"取": entry.taken, "另": entry.others, "理由": entry.reason}
    lacking = [word for word, part in parts.items() if not part]
    if not lacking:
        return None
    shown = "".join(f"「{word}」" for word in lacking)
    return Both(f"没有写{shown}", f"has no {shown}")


_FORMS: dict[t.Type, str] = {
    t.MONEY: "1950元", t.RATIO: "80%", t.PERIOD: "6个月", t.DATE: "2025-05-01", t.BOOL: "是、否",
}  # fmt: skip


def _form(kind: t.Type) -> Both:
    """The type of a cell with how a value of it is written."""
    solid = t.solid(kind)
    form = "、".join(solid.members[:8]) if isinstance(solid, t.Enum) else _FORMS.get(solid, "")
    shown = t.show(solid)
    if not form:
        return Both(shown, shown)
    return Both(f"{shown}（如 {form}）", f"{shown} (such as {form})")


def _half_width(word: ast.Word) -> ast.Word:
    return attrs.evolve(word, text=normalize(word.text))


def all_words(entries: Iterable[ast.Entry]) -> list[ast.Word]:
    """Every word that declares a name, for checks on the names themselves."""
    words: list[ast.Word] = []
    for entry in entries:
        match entry:
            case ast.Enum():
                words += [entry.name, *entry.members]
            case ast.Facts():
                words += [entry.name, *(field.name for field in entry.fields)]
                words += [m for field in entry.fields for m in field.type.members]
            case ast.Derived() | ast.Parameter():
                words += [entry.name, *entry.type.members]
            case ast.Reading():
                words += [entry.name, *(a.name for a in (*entry.taken, *entry.others))]
            case ast.Table() | ast.Register() | ast.Rule() | ast.Requirement() | ast.Example():
                words.append(entry.name)
            case ast.Unit() | ast.Import() | ast.Check() | ast.Invariant() | ast.Rulebook():
                words.append(entry.name)
            case ast.Untested() | ast.Repeal() | ast.Rename() | ast.TableChange():
                pass  # names what others declare
            case ast.Heading() | ast.Quotation() | ast.Inert() | ast.Waiver():
                pass
    return words
