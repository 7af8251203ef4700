"""更名: names of the version before → names of this one, in all that is inherited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from ..diagnostics.catalogue import amendments as codes
from ..diagnostics.diagnostic import Finding
from ..diagnostics.entry import Argument, Both
from ..ir.rulebook import Renaming
from ..ir.types import BUILT_IN
from ..syntax import ast
from .named import SPACES, kind_of, name_of
from .names import near

_BASE = Both("所修订的规则书", "the amended rulebook")
_HERE = Both("本规则书", "this rulebook")
_TAKEN = Both("已经有这个名称", "there is such a name already")
_SEVERAL = Both(
    "这个名称在别处还指别的，分不清改哪一个", "elsewhere the name means something else as well"
)
_NO_WAY = Both("这一种名称不能更改", "names of this kind cannot be changed")
_OTHER_OWNER = Both(
    "「的」或「.」前面的部分不能改", "what stands before 的 or the dot cannot be changed"
)
# Names that are looked up by themselves, wherever they stand.
_APART = ("规则", "要求", "核对", "解读", "必然", "示例")
_TITLES = ast.Heading | ast.Quotation | ast.Inert | ast.Waiver | ast.Repeal | ast.Rename


@attrs.define
class Renames:
    """What changes its name: facts by path, what expressions name by a word, and the rest.

    `members` are those of `words` that are members, as 枚举.成员.
    """

    facts: dict[str, str] = attrs.field(factory=dict)
    words: dict[str, str] = attrs.field(factory=dict)
    members: set[str] = attrs.field(factory=set)
    apart: dict[tuple[str, str], str] = attrs.field(factory=dict)

    def entry(self, entry: ast.Entry) -> ast.Entry:
        """An entry in the new names."""
        renamed: ast.Entry = self._node(entry)
        return renamed

    def _node(self, node: Any) -> Any:
        if isinstance(node, tuple) and not hasattr(node, "_fields"):
            return tuple(self._node(item) for item in node)
        if not attrs.has(type(node)):
            return node
        own = self._own(node)
        changed: dict[str, Any] = {}
        for field in attrs.fields(type(node)):
            before = own.get(field.name, getattr(node, field.name))
            after = before if field.name in own else self._node(before)
            if after is not getattr(node, field.name):
                changed[field.name] = after
        return attrs.evolve(node, **changed) if changed else node

    def _own(self, node: Any) -> dict[str, Any]:
        """The fields of a node that hold names."""
        match node:
            case ast.Reference() | ast.Setting():
                return {"path": self._path(node.path)}
            case ast.Lookup():
                return {"table": self._path(node.table)}
            case ast.Target():
                owner = None if node.attribute is None else self._word(node.attribute)
                return {"path": self._path(node.path), "attribute": owner}
            case ast.Attribute():
                return {"name": self._word(node.name)}
            case ast.InForce():
                return {"by": self._path(node.by)}
            case ast.Along():
                return {"fact": self._path(node.fact)}
            case ast.Check():
                fault = node.at_fault and self._path(node.at_fault)
                return {"name": self._apart("核对", node.name), "at_fault": fault}
            case ast.Outside():
                return {"result": self._word(node.result)}
            case ast.UnderReading():
                return {"reading": self._apart("解读", node.reading)}
            case ast.Enum():
                return {"members": self._words(node.members), "order": self._words(node.order)}
            case ast.Type():
                named = node.name is not None and node.name.text not in BUILT_IN
                name = self._path(node.name) if named and node.name else node.name
                return {"name": name, "members": self._words(node.members)}
            case ast.Axis():
                return {"excluded": self._words(node.excluded)}
            case ast.Facts():
                return {"fields": tuple(self._fields(node))}
            case ast.Rulebook() | ast.Import() | ast.Bind() | ast.Item():
                return {}
            case _:
                return self._of_entry(node)

    def _of_entry(self, node: Any) -> dict[str, Any]:
        match node:
            case ast.Rule():
                overrides = tuple(self._apart("规则", word) for word in node.overrides)
                members = node.members and self._words(node.members)
                name = self._apart("规则", node.name)
                return {"name": name, "overrides": overrides, "members": members}
            case ast.Requirement():
                members = node.members and self._words(node.members)
                return {"name": self._apart("要求", node.name), "members": members}
            case ast.Reading():
                return {"name": self._apart("解读", node.name)}
            case ast.Invariant():
                return {"name": self._apart("必然", node.name)}
            case ast.Example():
                base = node.base and self._apart("示例", node.base)
                return {"name": self._apart("示例", node.name), "base": base}
            case ast.Untested():
                return {"name": self._anything(node.name)}
            case ast.Parameter():
                by = node.by and self._path(node.by)
                return {"name": self._word(node.name), "by": by}
            case ast.Derived():
                return {"name": self._word(node.name)}
            case ast.Table():
                return {"name": self._word(node.name), "rows": self._rows(node.rows)}
            case ast.Register():
                return {"name": self._word(node.name), "rows": self._typed_columns(node.rows)}
            case _:
                return {}

    # --- words

    def _word(self, word: ast.Word) -> ast.Word:
        new = self.words.get(word.text)
        return word if new is None else attrs.evolve(word, text=new)

    def _words(self, words: tuple[ast.Word, ...]) -> tuple[ast.Word, ...]:
        return tuple(self._word(word) for word in words)

    def _apart(self, space: str, word: ast.Word) -> ast.Word:
        new = self.apart.get((space, word.text))
        return word if new is None else attrs.evolve(word, text=new)

    def _anything(self, word: ast.Word) -> ast.Word:
        for space in _APART:
            if (space, word.text) in self.apart:
                return self._apart(space, word)
        return self._word(word)

    def _path(self, path: ast.Path) -> ast.Path:
        """甲, 组.字段 or 枚举.成员; a value with members of its own is an enumeration."""
        if path.text in self.facts:
            return _with_words(path, self.facts[path.text].split("."))
        words = [word.text for word in path.words]
        renamed = [self.words.get(words[0], words[0]), *words[1:]]
        if path.text in self.members:
            renamed[-1] = self.words[words[-1]]
        return path if renamed == words else _with_words(path, renamed)

    def _fields(self, group: ast.Facts) -> Iterator[ast.Field]:
        for field in group.fields:
            new = self.facts.get(f"{group.name.text}.{field.name.text}")
            field = self._node(field)
            if new is None:
                yield field
            elif new.split(".")[0] == group.name.text:
                name = attrs.evolve(field.name, text=new.split(".")[1])
                yield attrs.evolve(field, name=name)
            # one that moves is declared where it moves to

    def _rows(self, rows: tuple[ast.Row, ...]) -> tuple[ast.Row, ...]:
        return tuple(attrs.evolve(row, cells=self._words(row.cells)) for row in rows)

    def _typed_columns(self, rows: tuple[ast.Row, ...]) -> tuple[ast.Row, ...]:
        """A register's cells where the column is no text: only there can a member stand."""
        typed = ["：" in cell.text or ":" in cell.text for cell in rows[0].cells]
        return (
            rows[0],
            *(
                attrs.evolve(row, cells=tuple(
                    self._word(cell) if at < len(typed) and typed[at] else cell
                    for at, cell in enumerate(row.cells)
                ))
                for row in rows[1:]
            ),
        )  # fmt: skip


def _with_words(path: ast.Path, words: list[str]) -> ast.Path:
    spans = [word.span for word in path.words]
    return ast.Path(tuple(map(ast.Word, words, spans)), path.span)


# --- what is declared to be renamed


def rename(
    before: list[ast.Entry], written: list[ast.Rename], own: list[ast.Entry]
) -> tuple[Renames, list[Renaming], list[Finding]]:
    """The renamings that an amendment with some entries makes in those it amends."""
    reader = _Reader(before, own)
    for one in written:
        reader.read(one)
    return reader.renames, reader.found, reader.findings


def renamings(
    entries: list[ast.Entry], written: list[ast.Rename]
) -> tuple[list[Renaming], list[Finding]]:
    """What a whole rulebook says its names were: nobody knows here what was before it."""
    names = NamesByKind(entries)
    found, findings = [], []
    for one in written:
        new = names.whole(one.kind, one.old.text, one.new.text)
        if new in names.of(one.kind):
            found.append(Renaming(one.kind, one.old.text, new, one.span))
        else:
            findings.append(_nothing(one.kind, one.new, new, _HERE, names))
    return found, findings


class NamesByKind:
    """The names of some entries by the word that opens them."""

    def __init__(self, entries: Iterable[ast.Entry]) -> None:
        self._by_kind: dict[str, list[str]] = {}
        self._scoped: set[str] = set()
        self.times = Counter[str]()  # what one word can mean in an expression
        for entry in entries:
            if (kind := kind_of(entry)) is not None and not isinstance(entry, ast.TableChange):
                self._add(kind, name_of(entry))
                self._parts(entry)
                if SPACES[kind] == "" and not isinstance(entry, _TITLES):
                    self.times[entry.name.text] += 1

    def of(self, kind: str) -> list[str]:
        """The names that 废止 and 更名 can name with a word: 例外 are 规则, too."""
        kinds = ("规则", "例外") if kind in ("规则", "例外") else (kind,)
        return [name for one in kinds for name in self._by_kind.get(one, [])]

    def is_value(self, name: str) -> bool:
        """Whether an entry that expressions can name is called so."""
        return any(name in names for kind, names in self._by_kind.items() if not SPACES[kind])

    def owner(self, kind: str, name: str) -> str:
        """What stands before the last part of 组.字段, 枚举.成员 and 身份的比例."""
        if kind in ("事实", "列表", "枚举"):
            return name[: name.rfind(".") + 1]
        return name[: name.find("的") + 1] if kind == "派生" and name in self._scoped else ""

    def whole(self, kind: str, old: str, new: str) -> str:
        """A new name with what stands before the old one, where it does not say so itself."""
        owner = self.owner(kind, old)
        return new if "." in new or new.startswith(owner) else f"{owner}{new}"

    def _add(self, kind: str, name: str) -> None:
        self._by_kind.setdefault(kind, []).append(name)

    def _parts(self, entry: ast.Entry) -> None:
        match entry:
            case ast.Enum():
                self._members(entry.name.text, entry.members)
            case ast.Facts():
                for field in entry.fields:
                    path = f"{entry.name.text}.{field.name.text}"
                    self._add("列表" if entry.is_list else "事实", path)
                    self._members(path, field.type.members)
                    self.times[field.name.text] += entry.is_list
            case ast.Derived() | ast.Parameter():
                self._members(entry.name.text, entry.type.members)
                if isinstance(entry, ast.Derived) and entry.scope is not None:
                    self._scoped.add(name_of(entry))
            case _:
                pass

    def _members(self, owner: str, members: tuple[ast.Word, ...]) -> None:
        for member in members:
            self._add("枚举", f"{owner}.{member.text}")
            self.times[member.text] += 1


class _Reader:
    """Reads 更名 against the names that were and those the amendment declares."""

    def __init__(self, before: list[ast.Entry], own: list[ast.Entry]) -> None:
        self.renames = Renames()
        self.found: list[Renaming] = []
        self.findings: list[Finding] = []
        self._before = NamesByKind(before)
        self._own = NamesByKind(own)

    def read(self, one: ast.Rename) -> None:
        """Takes one renaming, or says what is wrong with it."""
        old, known = one.old.text, self._before.of(one.kind)
        new = self._before.whole(one.kind, old, one.new.text)
        if old not in known:
            self.findings.append(_nothing(one.kind, one.old, old, _BASE, self._before))
        elif problem := self._problem(one.kind, old, new, known):
            arguments: dict[str, Argument] = {"old": old, "new": one.new.text}
            arguments["problem"] = problem
            self.findings.append(Finding(codes.RENAME_UNFIT, one.new.span, arguments))
        else:
            self._take(one.kind, old, new)
            self.found.append(Renaming(one.kind, old, new, one.span))

    def _problem(self, kind: str, old: str, new: str, known: list[str]) -> Both | None:
        if new in known or (SPACES.get(kind) == "" and self._before.is_value(new)):
            return _TAKEN
        if SPACES.get(kind) in _APART:
            return None
        whole_group = kind in ("枚举", "事实") and "." not in old
        if whole_group or kind in ("列表", "引用", "单位", "不测"):
            return _NO_WAY
        if kind == "事实":
            moves = old.split(".")[0] != new.split(".")[0]
            return _OTHER_OWNER if moves and new not in self._own.of("事实") else None
        owner = self._before.owner(kind, old)
        if not new.startswith(owner):
            return _OTHER_OWNER
        return _SEVERAL if self._before.times[old.removeprefix(owner)] > 1 else None

    def _take(self, kind: str, old: str, new: str) -> None:
        if SPACES[kind] in _APART:
            self.renames.apart[SPACES[kind], old] = new
        elif kind == "事实":
            self.renames.facts[old] = new
        else:
            owner = self._before.owner(kind, old)
            self.renames.words[old.removeprefix(owner)] = new.removeprefix(owner)
            if kind == "枚举":
                self.renames.members.add(old)


def _nothing(kind: str, word: ast.Word, name: str, where: Both, names: NamesByKind) -> Finding:
    what = f"{kind}「{name}」"
    hints = near(name, names.of(kind))
    arguments: dict[str, Argument] = {"where": where, "what": what}
    return Finding(codes.RENAME_OF_NOTHING, word.span, arguments, hints=hints)
