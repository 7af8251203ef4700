"""A rulebook and the changes to it → the entries of the amended one.

Before: the files of both, parsed. After: files as if somebody had written the amended rulebook
whole. Every entry keeps the place where it was written, in whichever folder that is. What is not
changed is inherited: nothing in it is looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import attrs

from ..diagnostics.catalogue import amendments as codes
from ..diagnostics.catalogue import names as name_codes
from ..diagnostics.catalogue import rules as rule_codes
from ..diagnostics.catalogue import types as type_codes
from ..diagnostics.diagnostic import Finding, Label
from ..diagnostics.entry import Argument, Both, Entry
from ..ir.rulebook import Renaming, Repeal
from ..source import Span
from ..syntax import ast
from .clauses import clause_order
from .named import SPACES, Key, key_of, kind_of, name_of, names_declared, title_of
from .names import near
from .renames import NamesByKind, rename, renamings
from .restated import head, restated

_HERE = Both("修订在这里去掉了它", "the amendment takes it out here")
_NOT_DECLARED = (
    name_codes.NAME_UNKNOWN, name_codes.TYPE_UNKNOWN, name_codes.MEMBER_UNKNOWN,
    name_codes.READING_UNKNOWN, name_codes.ALTERNATIVE_UNKNOWN, name_codes.CLAUSE_UNKNOWN,
    name_codes.EXAMPLE_UNKNOWN, name_codes.EXAMPLE_NAME_UNKNOWN, type_codes.TABLE_HEADER,
    rule_codes.EXCEPTION_TO_NOTHING,
)  # fmt: skip
# What about a clause is its own and no entry with a name.
_CLAUSE_ONLY = ast.Quotation | ast.Inert | ast.Waiver


@attrs.frozen
class Amended:
    """The files of an amended rulebook, and what became of those it was made from.

    `quoted`: the clauses whose quotation is new or gone. `gone`: names that are no longer there,
    and where they were taken out.
    """

    files: list[ast.File]
    repeals: tuple[Repeal, ...]
    renamings: tuple[Renaming, ...]
    quoted: frozenset[str]
    gone: dict[str, Label]
    findings: list[Finding]


@attrs.define
class _Section:
    """A clause with the entries under its heading; what stands under none has no clause."""

    heading: ast.Heading | None
    clause: str | None
    entries: list[ast.Entry]


def amend(base: list[ast.File], own: list[ast.File]) -> Amended:
    """What the files of an amendment make of those of a rulebook."""
    amending = _Amending(_sections(base))
    amending.amend(_sections(own))
    lost = frozenset().union(*(file.lost for file in (*base, *own)))
    return Amended(
        [_file(section, lost) for section in amending.sections],
        tuple(amending.repeals),
        tuple(amending.renamings),
        frozenset(amending.quoted),
        amending.still_gone(),
        amending.findings,
    )


def check_whole(files: list[ast.File]) -> tuple[tuple[Renaming, ...], list[Finding]]:
    """The renamings of a rulebook that amends none, and what only an amendment could have."""
    entries = [entry for file in files for entry in file.entries]
    findings = []
    for entry in entries:
        if isinstance(entry, ast.Repeal):
            what = Both("「废止」", "废止")
            findings.append(Finding(codes.NOT_AN_AMENDMENT, entry.span, {"what": what}))
        elif isinstance(entry, ast.TableChange):
            what = Both("没有类型和行列、只写几行的表", "a table of rows without type, 行 and 列")
            findings.append(Finding(codes.NOT_AN_AMENDMENT, entry.span, {"what": what}))
    found, wrong = renamings(entries, [e for e in entries if isinstance(e, ast.Rename)])
    return tuple(found), findings + wrong


def _sections(files: Iterable[ast.File]) -> list[_Section]:
    sections = []
    for file in files:
        section = _Section(None, None, [])
        sections.append(section)
        for entry in file.entries:
            if isinstance(entry, ast.Heading):
                clause = None if entry.level == 1 else entry.clause.rstrip("、.．")
                section = _Section(entry, clause, [])
                sections.append(section)
            else:
                section.entries.append(entry)
    return sections


def _file(section: _Section, lost: frozenset[str]) -> ast.File:
    entries = section.entries if section.heading is None else [section.heading, *section.entries]
    return ast.File(section.clause or "", tuple(entries), lost)


@attrs.define
class _Amending:
    """The sections of the base on their way to those of the amended rulebook."""

    sections: list[_Section]
    repeals: list[Repeal] = attrs.field(factory=list)
    renamings: list[Renaming] = attrs.field(factory=list)
    quoted: set[str] = attrs.field(factory=set)
    findings: list[Finding] = attrs.field(factory=list)
    _removed: dict[str, Label] = attrs.field(factory=dict)
    _taken: set[Key] = attrs.field(factory=set)  # replaced already: a second one is one too many

    def amend(self, own: list[_Section]) -> None:
        """Renames, takes out, then puts in, so that each can use the names of the one before."""
        self._rename(own)
        for section in own:
            for entry in section.entries:
                if isinstance(entry, ast.Repeal):
                    self._repeal(entry, section.clause)
        places = self._places()
        opened: set[str] = set()
        for section in own:
            repeated = section.clause is not None and section.clause in opened
            opened.add(section.clause or "")
            self._put_in(section, places, repeated)

    def still_gone(self) -> dict[str, Label]:
        """The names taken out that nothing else declares."""
        there = {name for entry in self._entries() for name in names_declared(entry)}
        there |= {section.clause for section in self.sections if section.clause}
        return {name: place for name, place in self._removed.items() if name not in there}

    def _entries(self) -> Iterator[ast.Entry]:
        return (entry for section in self.sections for entry in section.entries)

    # --- 更名

    def _rename(self, own: list[_Section]) -> None:
        declared = [entry for section in own for entry in section.entries]
        written = [entry for entry in declared if isinstance(entry, ast.Rename)]
        if not written:
            return
        renames, self.renamings, found = rename(list(self._entries()), written, declared)
        self.findings += found
        for one in self.renamings:
            new = Both(f"在这里改称「{one.new}」", f"called 「{one.new}」 from here on")
            for name in (one.old, re.split("[.的]", one.old)[-1]):
                self._removed[name] = Label(one.span, new)
        for section in self.sections:
            section.entries = [renames.entry(entry) for entry in section.entries]

    # --- 废止

    def _repeal(self, entry: ast.Repeal, clause: str | None) -> None:
        if entry.kind:
            for word in entry.names:
                self._repeal_entry(entry, word)
        else:
            self._repeal_clause(entry, clause)

    def _repeal_clause(self, entry: ast.Repeal, clause: str | None) -> None:
        """A clause with all below it; its examples are cases still."""
        order = None if clause is None else clause_order(clause)
        below = [s for s in self.sections if order is not None and _is_below(s.clause, order)]
        if not below:
            known = [section.clause for section in self.sections if section.clause]
            shown = Both(f"条款 {clause}", f"clause {clause}")
            if clause is None:
                shown = Both("这一条款（上面没有条款标题）", "such clause (no heading above)")
            hints = near(clause or "", known)
            self._find(codes.REPEAL_OF_NOTHING, entry.span, hints, what=shown)
            return
        self.repeals.append(Repeal("条款", clause or "", entry.reason.text, entry.span))
        for section in below:
            self.quoted.add(section.clause or "")
            self._removed[section.clause or ""] = Label(entry.span, _HERE)
            kept: list[ast.Entry] = []
            for one in section.entries:
                if isinstance(one, ast.Example):
                    kept.append(one)
                else:
                    self._forget(one, entry.span)
            section.heading, section.clause, section.entries = None, None, kept

    def _repeal_entry(self, entry: ast.Repeal, word: ast.Word) -> None:
        for section in self.sections:
            for at, one in enumerate(section.entries):
                if name_of(one) == word.text and _is_of_kind(one, entry.kind):
                    del section.entries[at]
                    self._forget(one, word.span)
                    self._repealed(entry, word)
                    return
        if not (entry.kind in ("事实", "列表") and self._repeal_field(entry, word)):
            what = f"{entry.kind}「{word.text}」"
            names = NamesByKind(self._entries())
            hints = _another(word.text, names) or near(word.text, names.of(entry.kind))
            self._find(codes.REPEAL_OF_NOTHING, word.span, hints, what=what)

    def _repeal_field(self, entry: ast.Repeal, word: ast.Word) -> bool:
        """One fact of a group, or one field of a list."""
        group, _, name = word.text.partition(".")
        for section in self.sections:
            for at, one in enumerate(section.entries):
                if isinstance(one, ast.Facts) and one.name.text == group:
                    kept = tuple(field for field in one.fields if field.name.text != name)
                    if len(kept) == len(one.fields):
                        return False
                    section.entries[at] = changed = attrs.evolve(one, fields=kept)
                    self._forget(one, word.span, changed)
                    self._repealed(entry, word)
                    return True
        return False

    def _repealed(self, entry: ast.Repeal, word: ast.Word) -> None:
        self.repeals.append(Repeal(entry.kind, word.text, entry.reason.text, word.span))

    def _forget(self, old: ast.Entry, span: Span, new: ast.Entry | None = None) -> None:
        """Remembers which names are gone with an entry, and where it was taken out."""
        kept = set() if new is None else set(names_declared(new))
        for name in names_declared(old):
            if name not in kept:
                self._removed[name] = Label(span, _HERE)

    # --- what is replaced and added

    def _places(self) -> dict[Key, _Section]:
        """The section in which each named entry of the base stands."""
        return {
            key: section
            for section in self.sections
            for entry in section.entries
            if (key := key_of(entry)) is not None
        }

    def _put_in(self, own: _Section, places: dict[Key, _Section], repeated: bool) -> None:
        there = None if repeated else self._section(own)
        added: list[ast.Entry] = []
        for entry in own.entries:
            if isinstance(entry, ast.Rulebook):
                self._head(entry)
            elif isinstance(entry, _CLAUSE_ONLY):
                added.append(entry)
            elif not isinstance(entry, ast.Repeal | ast.Rename):
                added += self._named(entry, own, there, places)
        self._add(own, there, added)

    def _section(self, own: _Section) -> _Section | None:
        """The section of the base for the same clause."""
        if own.clause is None:
            return None
        return next((s for s in self.sections if s.clause == own.clause), None)

    def _head(self, entry: ast.Rulebook) -> None:
        for section in self.sections:
            for at, old in enumerate(section.entries):
                if isinstance(old, ast.Rulebook):
                    section.entries[at] = head(old, entry, frozenset(self._removed))
                    return

    def _named(
        self,
        entry: ast.Entry,
        own: _Section,
        there: _Section | None,
        places: dict[Key, _Section],
    ) -> list[ast.Entry]:
        """An entry takes the place of the one with its name; what has none there is left over."""
        key, title = key_of(entry), title_of(entry)
        place = None if key is None else places.get(key)
        if key is None or title is None or place is None or key in self._taken:
            return self._new(entry, twice=key in self._taken)
        self._taken.add(key)
        at = next(at for at, old in enumerate(place.entries) if key_of(old) == key)
        old = place.entries[at]
        if not self._alike(old, entry, title.span):
            return []
        new, found = restated(old, entry)
        self.findings += found
        if new == old and not found:
            self._find(codes.CHANGE_IDLE, title.span, what=f"{kind_of(old)}「{name_of(old)}」")
        self._forget(old, title.span, new)
        if own.clause in (None, place.clause) or isinstance(entry, ast.TableChange):
            place.entries[at] = new
            return []
        del place.entries[at]
        return [new]

    def _new(self, entry: ast.Entry, *, twice: bool) -> list[ast.Entry]:
        """An entry that takes no other's place; rows alone need a table."""
        if not isinstance(entry, ast.TableChange):
            return [entry]
        name = name_of(entry)
        if twice:
            self._find(name_codes.NAME_REPEATED, entry.span, name=name)
        else:
            tables = [name_of(e) for e in self._entries() if isinstance(e, ast.Table)]
            self._find(codes.TABLE_NOT_THERE, entry.span, near(name, tables), name=name)
        return []

    def _alike(self, old: ast.Entry, new: ast.Entry, span: Span) -> bool:
        """Whether one entry may take the place of the other: a rule may become an exception."""
        before, now = kind_of(old) or "", kind_of(new) or ""
        if before == now or SPACES[before] == SPACES[now] != "":
            return True
        self._find(codes.KIND_CHANGED, span, name=name_of(old), old=before, new=now)
        return False

    def _add(self, own: _Section, there: _Section | None, added: list[ast.Entry]) -> None:
        """What is new, under its clause; a new clause where the law has it."""
        quotes = any(isinstance(entry, ast.Quotation) for entry in added)
        if there is not None:
            self._change(there, own, added)
        elif added or _opens(own):
            section = _Section(own.heading, own.clause, added)
            self.sections.insert(self._place(own.clause), section)
        if quotes and own.clause:
            self.quoted.add(own.clause)

    def _change(self, there: _Section, own: _Section, added: list[ast.Entry]) -> None:
        """A clause that is there: a new quotation for the old one, the rest behind the rest."""
        quoted = [entry for entry in added if isinstance(entry, ast.Quotation)]
        if quoted:
            self._same_quotation(there, quoted)
            before = [e for e in there.entries if not isinstance(e, ast.Quotation)]
            there.entries = [*quoted, *_still_waived(before, quoted)]
        rest: list[ast.Entry] = [e for e in added if not isinstance(e, ast.Quotation)]
        self._instead(there, rest)
        there.entries += rest
        assert there.heading is not None and own.heading is not None
        title = own.heading.title or there.heading.title
        if quoted or title != there.heading.title:
            there.heading = attrs.evolve(own.heading, title=title)

    def _instead(self, there: _Section, rest: list[ast.Entry]) -> None:
        """Takes out what is said anew of a clause: that it yields no rule, which numbers are idle.

        A clause under which a rule is written yields one.
        """
        waived = {word.text for e in rest if isinstance(e, ast.Waiver) for word in e.numbers}
        inert = [entry for entry in rest if isinstance(entry, ast.Inert)]
        ruled = any(isinstance(e, ast.Rule | ast.Requirement | ast.Table) for e in rest)
        kept: list[ast.Entry] = []
        for entry in there.entries:
            if isinstance(entry, ast.Inert) and (inert or ruled):
                if entry in inert:
                    what = Both(f"{there.clause} 的「不执行」", f"不执行 of {there.clause}")
                    self._find(codes.CHANGE_IDLE, inert[0].span, what=what)
            elif isinstance(entry, ast.Waiver):
                numbers = tuple(word for word in entry.numbers if word.text not in waived)
                kept += [attrs.evolve(entry, numbers=numbers)] if numbers else []
            else:
                kept.append(entry)
        there.entries = kept

    def _same_quotation(self, there: _Section, quoted: list[ast.Quotation]) -> None:
        old = [entry for entry in there.entries if isinstance(entry, ast.Quotation)]
        if _lines(old) == _lines(quoted):
            what = Both(f"{there.clause} 的引文", f"the quotation of {there.clause}")
            self._find(codes.CHANGE_IDLE, quoted[0].span, what=what)

    def _place(self, clause: str | None) -> int:
        """Where a new clause goes: behind the last of those that come before it in the law."""
        order = None if clause is None else clause_order(clause)
        if order is None:
            return len(self.sections)
        placed = [
            (found, at)
            for at, section in enumerate(self.sections)
            if section.clause and (found := clause_order(section.clause)) is not None
        ]
        before = [one for one in placed if one[0] < order]
        if before:
            return max(before)[1] + 1
        return placed[0][1] if placed else len(self.sections)

    def _find(
        self, entry: Entry, span: Span, hints: tuple[Both, ...] = (), **given: Argument
    ) -> None:
        self.findings.append(Finding(entry, span, dict(given), hints=hints))


def _another(name: str, names: NamesByKind) -> tuple[Both, ...]:
    """The hint that a name is that of another kind of entry."""
    kinds = [kind for kind in SPACES if kind != "例外" and name in names.of(kind)]
    return tuple(Both(f"「{name}」是{kind}。", f"「{name}」 is a {kind}.") for kind in kinds)


def _opens(own: _Section) -> bool:
    """Whether a heading with nothing under it opens a clause all the same."""
    repealed = any(isinstance(entry, ast.Repeal) for entry in own.entries)
    return own.clause is not None and not repealed


def _is_of_kind(entry: ast.Entry, kind: str) -> bool:
    """Whether 废止 with a kind may mean an entry: 废止 规则 may mean an exception."""
    found = kind_of(entry)
    if found is None:
        return False
    return found == kind or (SPACES[found] == SPACES.get(kind) != "")


def _is_below(clause: str | None, order: tuple[tuple[int, int], ...]) -> bool:
    found = None if clause is None else clause_order(clause)
    return found is not None and found[: len(order)] == order


def _lines(quotations: list[ast.Quotation]) -> list[str]:
    return [line.text for quotation in quotations for line in quotation.lines]


def _still_waived(entries: Iterable[ast.Entry], quoted: list[ast.Quotation]) -> Iterator[ast.Entry]:
    """Without the waivers of numbers that the new quotation does not have."""
    text = "".join(_lines(quoted))
    for entry in entries:
        if isinstance(entry, ast.Waiver):
            kept = tuple(word for word in entry.numbers if word.text in text)
            if kept:
                yield attrs.evolve(entry, numbers=kept)
        else:
            yield entry


# --- what is said of names that are gone


def about_gone(findings: list[Finding], gone: Mapping[str, Label]) -> list[Finding]:
    """Findings about names nobody declares: of those that the amendment took out, it says so."""
    return [_about_gone(finding, gone) for finding in findings]


def _about_gone(finding: Finding, gone: Mapping[str, Label]) -> Finding:
    name = str(finding.arguments.get("name", ""))
    if finding.entry not in _NOT_DECLARED or name not in gone:
        return finding
    return Finding(codes.REPEALED_IN_USE, finding.span, {"name": name}, (gone[name],))
