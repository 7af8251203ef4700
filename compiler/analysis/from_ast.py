"""AST → IR: the one bridge between what was written and what it means.

Before: the files of a rulebook, parsed, and the compiled rulebooks it imports. After: a `Rulebook`,
whole even where findings say it is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

import attrs

from ..diagnostics.catalogue import names as name_codes
from ..diagnostics.catalogue import rules as codes
from ..diagnostics.catalogue import syntax as syntax_codes
from ..diagnostics.diagnostic import Finding, Label
from ..diagnostics.entry import Both
from ..ir import nodes as ir
from ..ir import rulebook as book
from ..ir import types as t
from ..ir.presence import present_if
from ..source import Span
from ..syntax import ast
from ..syntax.keywords import Unit
from .clauses import clause_order
from .declare import Declarer, Placed
from .examples import lower_examples
from .expressions import Expressions, Scope
from .imports import Renamer, facts_read
from .invariants import lower_invariants
from .names import Known, Names, near
from .parameters import parameter_rules
from .terms import find_terms

# The clause of what stands under a heading that has a finding already.
_MALFORMED = ""


def lower(
    files: Iterable[ast.File],
    imports: Mapping[str, book.Rulebook],
    units: dict[str, Unit],
    inherited: Set[str] = frozenset(),
) -> tuple[book.Rulebook, list[Finding]]:
    """The rulebook the files write, and what is wrong with its names, types and rules.

    What was written in files that are `inherited` is that of a rulebook which this one amends.
    """
    files = list(files)
    names = Names(lost=frozenset().union(*(file.lost for file in files)))
    lowering = Lowering(names, units, inherited)
    entries = lowering.place(files)
    declarer = Declarer(names, units)
    declarer.declare(entries, imports)
    rulebook = lowering.rulebook(entries)
    return rulebook, lowering.findings + declarer.findings


@attrs.frozen
class _Written:
    """A rule as written with what it gives, before exceptions are hung under what they override."""

    entry: ast.Rule
    target: Known
    rule: book.Rule


class Lowering(Expressions):
    """Lowers the entries of one rulebook."""

    def __init__(self, names: Names, units: dict[str, Unit], inherited: Set[str]) -> None:
        super().__init__(names, units)
        self.inherited = inherited

    # Whether it is not known what some rule gives: then none is said to be missing.
    _aimless = False

    # --- clauses

    def place(self, files: list[ast.File]) -> list[Placed]:
        """Every entry with its clause, and the clauses in the symbol table."""
        placed: list[Placed] = []
        for file in files:
            clause: str | None = None
            for entry in file.entries:
                if isinstance(entry, ast.Heading):
                    clause = self._heading(entry)
                elif isinstance(entry, ast.Quotation):
                    self._quotation(entry, clause)
                elif isinstance(entry, ast.Inert):
                    self._inert(entry, clause)
                elif isinstance(entry, ast.Waiver):
                    self._waiver(entry, clause)
                placed.append(Placed(entry, clause))
        return placed

    def _heading(self, entry: ast.Heading) -> str | None:
        if entry.level == 1:
            return None  # the title of a part
        clause = entry.clause.rstrip("、.．")
        order = clause_order(clause)
        if order is None:
            self.report(syntax_codes.HEADING_MALFORMED, entry.span, text=entry.clause)
            return _MALFORMED
        if clause in self.names.clauses:
            self.report(syntax_codes.HEADING_REPEATED, entry.span, clause=clause)
            before = Label(self.names.clauses[clause].span, Both("先前的标题", "first opened here"))
            self.findings[-1] = attrs.evolve(self.findings[-1], labels=(before,))
            return clause
        self.names.clauses[clause] = book.Clause(
            clause, entry.title, order, (), None, (), entry.span
        )
        return clause

    def _quotation(self, entry: ast.Quotation, clause: str | None) -> None:
        if clause is None:
            self.report(syntax_codes.QUOTATION_HOMELESS, entry.span)
            return
        if clause == _MALFORMED:
            return
        known = self.names.clauses[clause]
        lines = tuple(line.text for line in entry.lines)
        spans = tuple(line.span for line in entry.lines)
        quotation = book.Quotation(lines, spans, entry.span)
        self.names.clauses[clause] = attrs.evolve(known, quotations=(*known.quotations, quotation))

    def _inert(self, entry: ast.Inert, clause: str | None) -> None:
        if clause is None:
            self.report(syntax_codes.QUOTATION_HOMELESS, entry.span)
            return
        if clause == _MALFORMED:
            return
        known = self.names.clauses[clause]
        self.names.clauses[clause] = attrs.evolve(known, inert=entry.reason.text)

    def _waiver(self, entry: ast.Waiver, clause: str | None) -> None:
        if clause is None:
            self.report(syntax_codes.QUOTATION_HOMELESS, entry.span)
            return
        if clause == _MALFORMED:
            return
        known = self.names.clauses[clause]
        waived = (book.Waiver(word.text, entry.reason.text, word.span) for word in entry.numbers)
        self.names.clauses[clause] = attrs.evolve(known, waivers=(*known.waivers, *waived))

    # --- the rulebook

    def rulebook(self, entries: list[Placed]) -> book.Rulebook:
        """All parts, those of imported rulebooks first among definitions."""
        head = next((p.entry for p in entries if isinstance(p.entry, ast.Rulebook)), None)
        merged = _Merged()
        for placed in entries:
            if isinstance(placed.entry, ast.Import):
                self._merge(placed.entry, merged)
        written = self._rules(entries)
        definitions = self._definitions(entries, written)
        self._inert_without_rules(entries)
        examples = lower_examples(self, entries, self.inherited)
        about = head.about if head else {}
        clauses = tuple(sorted(self.names.clauses.values(), key=lambda c: c.order))
        return book.Rulebook(
            title=head.name.text if head else "",
            document=_about(about, "DOCUMENT"),
            version=_about(about, "VERSION"),
            authority=_about(about, "AUTHORITY"),
            source_text=_about(about, "SOURCE_TEXT") or None,
            notes=head.notes if head else (),
            in_force=self._in_force(head),
            gate=self._gate(head, definitions),
            imports=tuple(merged.imported),
            clauses=clauses,
            written_order=tuple(self.names.clauses),
            terms=find_terms(clauses),
            enums=(*self.names.enums.values(), *merged.enums),
            groups=tuple(self.names.groups.values()),
            tables=(*self.names.tables.values(), *merged.tables),
            registers=(*self.names.registers.values(), *merged.registers),
            definitions=(*merged.definitions, *definitions),
            requirements=(*merged.requirements, *self._requirements(entries)),
            readings=(*self.names.readings.values(), *merged.readings),
            checks=(*self._checks(entries), *merged.checks),
            examples=examples,
            variables=self.names.next_variable,
            untested=self._untested(entries),
            invariants=(*lower_invariants(self, entries), *merged.invariants),
        )

    def _in_force(self, head: ast.Rulebook | None) -> book.InForce | None:
        if head is None or head.in_force is None:
            return None
        written = head.in_force
        by = self._fact_path(written.by, t.DATE)
        ends = [
            None if e is None else self.value(e, Scope(), t.DATE)
            for e in (written.start, written.end)
        ]
        return book.InForce(ends[0], ends[1], by) if by else None

    def _fact_path(self, path: ast.Path, wanted: t.Type) -> str | None:
        node = self.value(ast.Reference(path, path.span), Scope(), wanted)
        return node.path if isinstance(node, ir.Fact) else None

    def _gate(
        self, head: ast.Rulebook | None, definitions: list[book.Definition]
    ) -> book.Gate | None:
        if head is None or head.applies_if is None:
            return None
        condition = self.condition(head.applies_if, Scope())
        results = {d.name: d for d in definitions if d.kind == "result"}
        outside = []
        for entry in head.outside:
            known = results.get(entry.result.text)
            if known is None:
                if not self.names.is_lost(entry.result.text):
                    hints = near(entry.result.text, results)
                    name = entry.result.text
                    self.report(name_codes.NAME_UNKNOWN, entry.result.span, hints, name=name)
                continue
            outside.append((known.name, self.value(entry.value, Scope(), known.type)))
        given = {name for name, _ in outside}
        for name, known in results.items():
            if name not in given and t.maybe(known.type) != known.type:
                if not isinstance(known.type, t.Unresolved):
                    self.report(codes.OUTSIDE_MISSING, known.span, name=name)
        return book.Gate(condition, tuple(outside))

    def _inert_without_rules(self, entries: list[Placed]) -> None:
        for placed in entries:
            clause = self.names.clauses.get(placed.clause or "")
            if clause is None or clause.inert is None:
                continue
            if isinstance(placed.entry, ast.Rule | ast.Requirement | ast.Table):
                self.report(
                    codes.INERT_WITH_RULES, placed.entry.span,
                    clause=clause.id, name=placed.entry.name.text,
                )  # fmt: skip

    def _untested(self, entries: list[Placed]) -> tuple[book.Untested, ...]:
        """The changes no example can notice, of rules and the like that are there."""
        named = (
            ast.Rule | ast.Requirement | ast.Check | ast.Derived | ast.Parameter | ast.Table
            | ast.Register | ast.Reading | ast.Rulebook
        )  # fmt: skip
        known = {p.entry.name.text for p in entries if isinstance(p.entry, named)}
        found = []
        for entry, clause in ((p.entry, p.clause) for p in entries):
            if not isinstance(entry, ast.Untested):
                continue
            name = entry.name.text
            inherited = entry.span.file in self.inherited
            if name not in known and inherited:
                continue  # the amendment has taken out what it is about
            if name not in known and not self.names.is_lost(name):
                hints = near(name, known)
                self.report(name_codes.NAME_UNKNOWN, entry.name.span, hints, name=name)
            changes = tuple(word.text for word in entry.changes)
            reason = entry.reason.text
            found.append(book.Untested(name, changes, reason, clause, entry.span, inherited))
        return tuple(found)

    # --- imports

    def _merge(self, entry: ast.Import, merged: _Merged) -> None:
        alias = entry.name.text
        rulebook = self.names.imports.get(alias)
        if rulebook is None:
            return
        rename = Renamer(alias, rulebook.title, self.names.next_variable)
        self.names.next_variable += rulebook.variables
        given = self._bindings(entry, rulebook, rename, merged)
        merged.imported.append(
            book.Imported(alias, rulebook.title, entry.path.text, rulebook.version)
        )
        merged.definitions += [rename.definition(d) for d in rulebook.definitions]
        merged.requirements += [rename.requirement(r) for r in rulebook.requirements]
        checks = (rename.check(check, given) for check in rulebook.checks)
        merged.checks += [check for check in checks if check is not None]
        stated = (rename.invariant(invariant, given) for invariant in rulebook.invariants)
        merged.invariants += [invariant for invariant in stated if invariant is not None]
        merged.enums += [attrs.evolve(e, name=rename.name(e.name)) for e in rulebook.enums]
        merged.tables += [self._renamed_table(table, rename) for table in rulebook.tables]
        merged.registers += [attrs.evolve(r, name=rename.name(r.name)) for r in rulebook.registers]
        merged.readings += [
            attrs.evolve(r, name=rename.name(r.name), origin=r.origin or rulebook.title)
            for r in rulebook.readings
        ]

    def _renamed_table(self, table: book.Table, rename: Renamer) -> book.Table:
        return attrs.evolve(table, name=rename.name(table.name), type=rename.type(table.type))

    def _bindings(
        self, entry: ast.Import, rulebook: book.Rulebook, rename: Renamer, merged: _Merged
    ) -> dict[str, str]:
        """Definitions for the facts of an imported rulebook; which are plain facts here."""
        given: dict[str, str] = {}
        seen: set[str] = set()
        for bind in entry.binds:
            path = bind.fact.text
            field = rulebook.facts.get(path)
            if field is None or path.split(".")[0] in {
                g.name for g in rulebook.groups if g.is_list
            }:
                hints = near(path, rulebook.facts)
                self.report(name_codes.NAME_UNKNOWN, bind.fact.span, hints, name=path)
                continue
            seen.add(path)
            node = self.value(bind.value, Scope(), field.type)
            if isinstance(node, ir.Fact):
                given[path] = node.path
            merged.definitions.append(self._binding(rename.name(path), field.type, node, bind))
        missing = [path for path in facts_read(rulebook) if path not in seen]
        if missing:
            facts = "、".join(missing)
            self.report(name_codes.IMPORT_UNBOUND, entry.span, alias=entry.name.text, facts=facts)
        return given

    def _binding(self, name: str, type_: t.Type, node: ir.Expr, bind: ast.Bind) -> book.Definition:
        span = bind.fact.span
        rule = book.Rule(name, None, None, None, None, node, (), None, (), span)
        return book.Definition(
            name, name, "binding", None, None, None, "case", self.names.fresh(), type_, (rule,),
            None, None, (), span,
        )  # fmt: skip

    # --- rules

    def _rules(self, entries: list[Placed]) -> list[_Written]:
        written: list[_Written] = []
        seen: dict[str, Span] = {}
        for placed in entries:
            entry = placed.entry
            if not isinstance(entry, ast.Rule):
                continue
            if entry.name.text in seen:
                self.report(name_codes.NAME_REPEATED, entry.name.span, name=entry.name.text)
                continue
            seen[entry.name.text] = entry.name.span
            if not entry.conclusions:
                self._aimless = True
                self.report(codes.CONCLUSION_MISSING, entry.span, name=entry.name.text)
            for target, value in entry.conclusions:
                if found := self._rule(entry, placed.clause, target, value):
                    written.append(found)
        return written

    def _rule(
        self, entry: ast.Rule, clause: str | None, target: ast.Target, value: ast.Expr
    ) -> _Written | None:
        known, members = self._target(target, entry.members or ())
        if known is None:
            self._aimless = True
            return None
        if entry.members is not None:
            members = self._members(entry.members, known, target.span)
        scope = self._subject_scope(known)
        condition = None
        if entry.condition is not None:
            condition = self.condition(entry.condition, scope)
            scope = scope.knowing(present_if(condition, True))
        rule = book.Rule(
            entry.name.text, clause, None, members, condition,
            self.value(value, scope, known.type), (), entry.source, entry.notes, entry.span,
        )  # fmt: skip
        return _Written(entry, known, rule)

    def _subject_scope(self, known: Known) -> Scope:
        if known.scope is None:
            return Scope()
        kind: t.Type = t.Record(known.scope)
        if known.scope_kind == "enum":
            kind = self.names.enums[known.scope]
        return Scope((ir.Variable(known.variable, kind, known.span),))

    def _target(
        self, target: ast.Target, members: tuple[ast.Word, ...]
    ) -> tuple[Known | None, tuple[str, ...] | None]:
        """What a conclusion gives, and the one member it names if it does."""
        if target.attribute is not None:
            return self._member_target(target, target.attribute)
        name = target.path.text
        known = self.names.definitions.get(name)
        if known is None:
            owners = self.names.owners.get(name, [])
            if len(owners) > 1 and members:
                owners = [k for k in owners if self._may_own(k, members)] or owners
            known = owners[0] if len(owners) == 1 else None
            if len(owners) > 1:
                self._ambiguous_target(target, owners)
                return None, None
        if known is None or known.kind == "parameter" or "." in name:
            if not self.names.is_lost(name):
                self._not_a_target(name, target.span)
            return None, None
        return known, None

    def _may_own(self, known: Known, members: tuple[ast.Word, ...]) -> bool:
        enum = self.names.enums.get(known.scope or "")
        return enum is not None and (
            _names_whole(members, enum) or all(word.text in enum.members for word in members)
        )

    def _ambiguous_target(self, target: ast.Target, owners: list[Known]) -> None:
        choices = "、".join(known.name for known in owners)
        scope = owners[0].scope
        hints = (Both(f"写明对哪一个，如「对 {scope}」。", f"say for which, such as 对 {scope}."),)
        name = target.path.text
        self.report(name_codes.NAME_AMBIGUOUS, target.span, hints, name=name, choices=choices)

    def _not_a_target(self, name: str, span: Span) -> None:
        derived = [k.attribute for k in self.names.definitions.values() if k.kind != "parameter"]
        if name in self.names.all_names():
            self.report(codes.TARGET_NOT_DERIVED, span, near(name, derived), name=name)
        else:
            self.report(name_codes.NAME_UNKNOWN, span, near(name, derived), name=name)

    def _member_target(
        self, target: ast.Target, attribute: ast.Word
    ) -> tuple[Known | None, tuple[str, ...] | None]:
        owners = self.names.owners.get(attribute.text, [])
        member = target.path.text
        for known in owners:
            enum = self.names.enums.get(known.scope or "")
            if enum is not None and member in enum.members:
                return known, (member,)
        if not owners:
            if not self.names.is_lost(attribute.text):
                self._not_a_target(attribute.text, attribute.span)
        elif not self.names.is_lost(member):
            enum = self.names.enums.get(owners[0].scope or "")
            hints = near(member, enum.members) if enum else ()
            scope = owners[0].scope or ""
            self.report(name_codes.MEMBER_UNKNOWN, target.path.span, hints, name=member, enum=scope)
        return None, None

    def _members(
        self, words: tuple[ast.Word, ...], known: Known, span: Span
    ) -> tuple[str, ...] | None:
        enum = self.names.enums.get(known.scope or "") if known.scope_kind == "enum" else None
        if enum is None:
            self.report(codes.SUBJECT_UNFIT, words[0].span, target=known.name)
            return None
        if _names_whole(words, enum):
            return None
        return self._known_members(words, enum)

    def _known_members(self, words: tuple[ast.Word, ...], enum: t.Enum) -> tuple[str, ...]:
        for word in words:
            if word.text not in enum.members:
                hints = near(word.text, enum.members)
                self.report(
                    name_codes.MEMBER_UNKNOWN, word.span, hints, name=word.text, enum=enum.name
                )
        return tuple(word.text for word in words if word.text in enum.members)

    # --- definitions

    def _definitions(self, entries: list[Placed], written: list[_Written]) -> list[book.Definition]:
        by_target: dict[str, list[_Written]] = {}
        for one in written:
            by_target.setdefault(one.target.name, []).append(one)
        self._exceptions_known(written)
        definitions = []
        for placed in entries:
            entry = placed.entry
            if isinstance(entry, ast.Derived):
                name = f"{entry.scope.text}的{entry.name.text}" if entry.scope else entry.name.text
                known = self.names.definitions.get(name)
                if known is not None and known.span == entry.name.span:
                    rules = self._hang(by_target.get(name, []))
                    definitions.append(self._derived(entry, known, placed.clause, rules))
            elif isinstance(entry, ast.Parameter):
                known = self.names.definitions.get(entry.name.text)
                if known is not None and known.span == entry.name.span:
                    rules = parameter_rules(self, entry, known, placed.clause)
                    definitions.append(_definition(known, placed.clause, rules, None, entry))
        return definitions

    def _derived(
        self, entry: ast.Derived, known: Known, clause: str | None, rules: tuple[book.Rule, ...]
    ) -> book.Definition:
        scope = self._subject_scope(known)
        otherwise = None
        if entry.otherwise is not None:
            otherwise = self.value(entry.otherwise, scope, known.type)
        if entry.value is not None:
            value = self.value(entry.value, scope, known.type)
            own = book.Rule(
                entry.name.text, clause, None, None, None, value, (), entry.source, entry.notes,
                entry.span,
            )  # fmt: skip
            rules = (own, *rules)
        elif not rules and otherwise is None and not isinstance(known.type, t.Unresolved):
            if not self.names.lost and not self._aimless:
                self.report(codes.RULE_MISSING, entry.span, target=known.name)
        return _definition(known, clause, rules, otherwise, entry)

    def _exceptions_known(self, written: list[_Written]) -> None:
        """Every overridden rule exists, gives the same value, and meets the exception somewhere."""
        by_name: dict[str, list[_Written]] = {}
        for one in written:
            by_name.setdefault(one.rule.name, []).append(one)
        reported: set[Span] = set()
        for one in written:
            for word in one.entry.overrides:
                if word.span not in reported:
                    reported.add(word.span)
                    self._exception_known(one, word, by_name)

    def _exception_known(
        self, one: _Written, word: ast.Word, by_name: dict[str, list[_Written]]
    ) -> None:
        overridden = by_name.get(word.text, [])
        if not overridden:
            if not self.names.is_lost(word.text):
                hints = near(word.text, by_name)
                self.report(codes.EXCEPTION_TO_NOTHING, word.span, hints, name=word.text)
            return
        same = [o for o in overridden if o.target.name == one.target.name]
        if not same:
            other = overridden[0]
            self.report(
                codes.EXCEPTION_OTHER_TARGET, word.span, name=one.rule.name,
                target=one.target.name, other=word.text, other_target=other.target.name,
            )  # fmt: skip
        elif not any(_meet(one.rule.members, other.rule.members) for other in same):
            self.report(codes.EXCEPTION_NEVER_MEETS, word.span, name=one.rule.name, other=word.text)

    def _hang(self, written: list[_Written]) -> tuple[book.Rule, ...]:
        """Base rules, each with its exceptions, theirs under them."""
        over: dict[str, list[_Written]] = {}
        for one in written:
            for word in one.entry.overrides:
                over.setdefault(word.text, []).append(one)

        seen: set[str] = set()
        circles: set[frozenset[str]] = set()

        def with_exceptions(one: _Written, path: tuple[str, ...]) -> book.Rule:
            name = one.rule.name
            seen.add(name)
            if name in path:
                circle = path[path.index(name) :]
                if frozenset(circle) not in circles:
                    circles.add(frozenset(circle))
                    shown = " → ".join((*circle, name)[::-1])
                    self.report(codes.EXCEPTION_CIRCULAR, one.entry.span, path=shown)
                return one.rule
            below = tuple(with_exceptions(e, (*path, name)) for e in over.get(name, []))
            return attrs.evolve(one.rule, exceptions=below)

        known = {one.rule.name for one in written}
        bases = [o for o in written if not any(w.text in known for w in o.entry.overrides)]
        hung = tuple(with_exceptions(one, ()) for one in bases)
        for one in written:  # what no base rule leads to overrides itself in a circle
            if one.rule.name not in seen:
                with_exceptions(one, ())
        return hung

    # --- requirements and checks

    def _requirements(self, entries: list[Placed]) -> list[book.Requirement]:
        found = []
        seen: set[str] = set()
        for placed in entries:
            entry = placed.entry
            if not isinstance(entry, ast.Requirement):
                continue
            name = entry.name.text
            if name in seen:
                self.report(name_codes.NAME_REPEATED, entry.name.span, name=name)
            seen.add(name)
            if placed.clause is None:
                self.report(codes.REQUIREMENT_HOMELESS, entry.span, name=name)
            if entry.must is None:
                self.report(codes.MUST_MISSING, entry.span, name=name)
                continue
            found.append(self._requirement(entry, entry.must, placed.clause or ""))
        return found

    def _requirement(self, entry: ast.Requirement, must: ast.Expr, clause: str) -> book.Requirement:
        variable = self.names.fresh()
        group, members, scope = "", None, Scope()
        if entry.members is not None:
            enum = self._owner_of_members(entry.members)
            if enum is not None:
                group = enum.name
                if not _names_whole(entry.members, enum):
                    members = self._known_members(entry.members, enum)
                scope = Scope((ir.Variable(variable, enum, entry.span),))
        when = None
        if entry.condition is not None:
            when = self.condition(entry.condition, scope)
            scope = scope.knowing(present_if(when, True))
        return book.Requirement(
            entry.name.text, clause, None, group, members, variable, when,
            self.condition(must, scope), entry.source, entry.notes, entry.span,
        )  # fmt: skip

    def _owner_of_members(self, words: tuple[ast.Word, ...]) -> t.Enum | None:
        """The enumeration that is named, or that most of the members belong to.

        Of several, one that owns values.
        """
        if len(words) == 1 and words[0].text in self.names.enums:
            return self.names.enums[words[0].text]
        enums = [
            enum for enum in self.names.enums.values()
            if any(word.text in enum.members for word in words)
        ]  # fmt: skip
        owning = [e for e in enums if any(scope == e.name for scope, _ in self.names.attributes)]
        candidates = owning or enums
        if not candidates:
            if not any(self.names.is_lost(word.text) for word in words):
                names = self.names.all_names()
                text = words[0].text
                self.report(name_codes.NAME_UNKNOWN, words[0].span, near(text, names), name=text)
            return None
        return max(candidates, key=lambda e: sum(word.text in e.members for word in words))

    def _checks(self, entries: list[Placed]) -> list[book.Check]:
        return [
            check
            for placed in entries
            if isinstance(placed.entry, ast.Check) and (check := self._check(placed.entry))
        ]

    def _check(self, entry: ast.Check) -> book.Check | None:
        if entry.must is None or entry.at_fault is None or not entry.message:
            parts = {"须": entry.must, "错在": entry.at_fault, "说明": entry.message}
            missing = "".join(f"「{word}」" for word, part in parts.items() if not part)
            self.report(codes.CHECK_INCOMPLETE, entry.span, name=entry.name.text, missing=missing)
            return None
        scope, variable, list_name = Scope(), self.names.fresh(), None
        if entry.list_name is not None:
            list_name = entry.list_name.text
            if list_name not in self.names.lists:
                if not self.names.is_lost(list_name):
                    hints = near(list_name, self.names.lists)
                    self.report(
                        name_codes.NAME_UNKNOWN, entry.list_name.span, hints, name=list_name
                    )
                return None
            item = ir.Variable(variable, t.Record(list_name), entry.span)
            scope = Scope((item,))
        at_fault = self._fault(entry.at_fault, list_name)
        must = self.condition(entry.must, scope)
        if at_fault is None:
            return None
        return book.Check(
            entry.name.text, list_name, variable, must, at_fault, entry.message, entry.span
        )

    def _fault(self, path: ast.Path, list_name: str | None) -> str | None:
        """The fact at fault: a field of the list's item by its name, or a fact of the case."""
        text = path.text
        known = {f.path for f in self.names.facts.values()}
        if list_name is not None and text in self.names.lists[list_name]:
            return text
        if text in known:
            return text
        if not self.names.is_lost(text) and not self.names.is_lost(text.split(".")[0]):
            self.report(name_codes.NAME_UNKNOWN, path.span, near(text, known), name=text)
        return None


@attrs.define
class _Merged:
    """What imported rulebooks bring."""

    imported: list[book.Imported] = attrs.field(factory=list)
    definitions: list[book.Definition] = attrs.field(factory=list)
    requirements: list[book.Requirement] = attrs.field(factory=list)
    checks: list[book.Check] = attrs.field(factory=list)
    enums: list[t.Enum] = attrs.field(factory=list)
    tables: list[book.Table] = attrs.field(factory=list)
    registers: list[book.Register] = attrs.field(factory=list)
    readings: list[book.Reading] = attrs.field(factory=list)
    invariants: list[book.Invariant] = attrs.field(factory=list)


def _definition(
    known: Known,
    clause: str | None,
    rules: tuple[book.Rule, ...],
    otherwise: ir.Expr | None,
    entry: ast.Derived | ast.Parameter,
) -> book.Definition:
    return book.Definition(
        known.name, known.attribute, known.kind, clause, None, known.scope, known.scope_kind,
        known.variable, known.type, rules, otherwise, entry.source, entry.notes, known.span,
    )  # fmt: skip


def _names_whole(words: tuple[ast.Word, ...], enum: t.Enum) -> bool:
    """Whether 对 names the enumeration itself: all its members."""
    return len(words) == 1 and words[0].text == enum.name and enum.name not in enum.members


def _meet(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> bool:
    return one is None or other is None or bool(set(one) & set(other))


def _about(about: dict[str, ast.Word], key: str) -> str:
    return about[key].text if key in about else ""
