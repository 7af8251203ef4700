"""Terms → the text of `plain(case)`: the answer on a complete case without faults, else None.

Plain Python, each value computed once: the facts, checked and read; what is used twice, by its
name; the results. What it does not take, for whatever reason, is left to the general rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ..ir import nodes as ir
from ..ir import types as t
from ..ir.plan import expressions
from ..ir.rulebook import FactField, FactGroup, Rulebook
from ..ir.values import shape_of, to_json
from ..ir.walk import walk
from .flat import Flat, Subset, Unplain, Value
from .terms import ATOM, Term, inside
from .text import comment, literal, sequence

_MOST_LEAVES = 8
_DEEPEST = 10  # expressions in one another before one gets a name of its own
_I = "    "


def plain(rulebook: Rulebook, readings: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Lines of constants, and those that define `plain` by them; where a rulebook has no plain
    form, one that takes nothing.
    """
    try:
        return _Writer(rulebook, readings).lines()
    except (Unplain, RecursionError) as error:
        reason = str(error) if isinstance(error, Unplain) else "definitions that nest very deep"
        return [], [
            comment(f"All cases are decided by the general rules: {reason}."),
            "def plain(case):",
            f"{_I}return None",
        ]


class _Writer:
    def __init__(self, rulebook: Rulebook, readings: Mapping[str, str]) -> None:
        self.rulebook = rulebook
        self.flat = Flat(rulebook, readings)
        self._uses: dict[Term, int] = {}
        self._deep: dict[Term, int] = {}
        self._named: dict[Term, str] = {}
        self._number = 0
        self._fresh: set[Term] = set()
        self._rare: set[Term] = set()
        self._read = _read_by(rulebook)

    def lines(self) -> tuple[list[str], list[str]]:
        """The constants, and the function."""
        flat, gate = self.flat, self.rulebook.gate
        checks = [self._check(number) for number in range(len(self.rulebook.checks))]
        agree = flat.terms.all_of(checks)
        applies = flat.terms.true if gate is None else flat.term(gate.condition, {})
        outside = {} if gate is None else dict(gate.outside)
        results = [(d, flat.definition(d.name, None)) for d in self.rulebook.results]
        inside_results = [_json(value, d.type, flat) for d, value in results]
        outside_results = [
            _json(
                flat.value(outside[d.name], {}) if d.name in outside else flat.empty(d.type),
                d.type,
                flat,
            )
            for d, _ in results
        ]
        forced = sorted(flat.terms.forced, key=lambda term: term.depth)
        self._fresh = {term for term in (*inside_results, *outside_results) if _is_list(term)}
        self._count([agree, applies, *inside_results, *outside_results, *forced])
        body = [
            *self._guarded(agree, "return None  # the checks are told by the general rules"),
            *self._outside(applies, outside_results),
            *[line for term in forced for line in self._forced(term)],
            *self._answer(inside_results, _I * 2),
        ]
        reading = [line for group in self.rulebook.groups for line in self._group(group)]
        function = [
            "def plain(case):",
            f'{_I}"""The answer on a complete case without faults, None for any other."""',
            f"{_I}try:",
            f"{_I * 2}# --- 事实，各自读入；不是所要的就交给第三部分",
            f"{_I * 2}if case.__class__ is not dict or len(case) != {len(self.rulebook.groups)}:",
            f"{_I * 3}return None",
            *reading,
            "",
            f"{_I * 2}# --- 核对和规则，每个值只算一次",
            *body,
            f"{_I}except UNPLAIN:",
            f"{_I * 2}return None",
        ]
        return _used(flat.lines, function), function

    def _check(self, number: int) -> Term:
        check = self.rulebook.checks[number]
        if check.list_name is None:
            return self.flat.term(check.must, {})
        return self.flat.of_every(check.list_name, check.variable, check.must)

    # --- what is computed once

    def _count(self, roots: Iterable[Term]) -> None:
        """Counts the uses of each term, and says which are to have a name."""
        order: dict[Term, None] = {}
        for root in roots:
            self._uses[root] = self._uses.get(root, 0) + 1
            for term in inside(root):
                if term not in order:
                    order[term] = None
                    for arg in term.args:
                        self._uses[arg] = self._uses.get(arg, 0) + 1
        for term in order:  # what is computed in some cases only, and but once, stays where it is
            if _is_branch(term):
                self._rare.update((term.args[0], term.args[2]))
        for term in order:
            below = [0 if self._has_name(arg) else self._deep[arg] for arg in term.args]
            self._deep[term] = 1 + max(below, default=0)

    def _has_name(self, term: Term) -> bool:
        if term.plain or term.free or term in self._fresh or not term.needs <= term.must:
            return False
        if term in self.flat.terms.forced:
            return True
        if self._uses[term] > 1 or self._deep.get(term, 0) > _DEEPEST:
            return True
        return term in self.flat.titles and term not in self._rare

    def _before(self, root: Term, indent: str) -> Iterator[str]:
        """The lines that compute what a term needs and has a name."""
        for term in inside(root):
            if self._has_name(term) and term not in self._named:
                text, needs = self._text(term, 1), self._needs(term)
                self._number += 1
                title = self.flat.titles.get(term)
                name = title[0] if title else f"t{self._number}"
                for line in self._titles(term):
                    yield f"{indent}{comment(line)}"
                yield f"{indent}{name} = {f'None if {needs} else ' if needs else ''}{text}"
                self._named[term] = name

    def _titles(self, term: Term) -> list[str]:
        """What the line of a term is about: itself, and what it holds that has no line."""
        found: list[str] = []
        pending = [term]
        while pending:
            one = pending.pop()
            if one in self.flat.titles:
                found.append(self.flat.titles[one][1])
            pending += [arg for arg in reversed(one.args) if arg not in self._named]
        return list(dict.fromkeys(found))

    def _needs(self, term: Term) -> str:
        """What has to be there before a term may be computed."""
        ordered = sorted(term.must, key=lambda need: (need.depth, self._text(need, 7)))
        return " or ".join(f"{self._text(need, 7)} is None" for need in ordered)

    def _text(self, term: Term, least: int) -> str:
        """A term as Python, in brackets where it binds less than it must."""
        if term in self._named:
            return self._named[term]
        text = "".join(
            piece if isinstance(piece, str) else self._text(term.args[piece], term.inner)
            for piece in term.pieces
        )
        return f"({text})" if term.binds < least else text

    # --- statements

    def _guarded(self, term: Term, otherwise: str) -> Iterator[str]:
        yield from self._before(term, _I * 2)
        if term is not self.flat.terms.true:
            yield f"{_I * 2}if not {self._text(term, ATOM)}:"
            yield f"{_I * 3}{otherwise}"

    def _forced(self, term: Term) -> Iterator[str]:
        if not self._has_name(term):
            raise Unplain("something that can end in a fault stands where it may not be asked for")
        return self._before(term, _I * 2)

    def _outside(self, applies: Term, results: list[Term]) -> Iterator[str]:
        yield from self._before(applies, _I * 2)
        if applies is not self.flat.terms.true:
            yield f"{_I * 2}if not {self._text(applies, ATOM)}:"
            named = dict(self._named)
            yield from self._answer(results, _I * 3)
            self._named = named  # what was computed there is not known behind it

    def _answer(self, results: list[Term], indent: str) -> Iterator[str]:
        for result in results:
            yield from self._before(result, indent)
        yield f"{indent}return {{"
        yield f"{indent}{_I}'状态': '已定',"
        yield f"{indent}{_I}'结果': {{"
        for definition, result in zip(self.rulebook.results, results, strict=True):
            yield f"{indent}{_I * 2}{literal(definition.name)}: {self._text(result, 1)},"
        yield f"{indent}{_I}}},"
        yield f"{indent}{_I}'缺少': [],"
        yield f"{indent}{_I}'错误': [],"
        yield f"{indent}}}"

    # --- facts

    def _group(self, group: FactGroup) -> Iterator[str]:
        indent = _I * 2
        yield f"{indent}g = case[{literal(group.name)}]"
        if group.is_list:
            yield from self._list(group)
            return
        names = {}
        for field in group.fields:
            known = self.flat.facts.get(field.path)
            names[field.path] = "x" if known is None else str(known.pieces[0])
        yield from self._record(group, "g", names, indent)

    def _list(self, group: FactGroup) -> Iterator[str]:
        indent = _I * 2
        known = self.flat.facts.get(group.name)
        rows = "x" if known is None else str(known.pieces[0])
        yield f"{indent}if g.__class__ is not list and g.__class__ is not tuple:"
        yield f"{indent}{_I}return None"
        yield f"{indent}{rows} = []"
        yield f"{indent}for row in g:"
        names = {field.path: f"x{number}" for number, field in enumerate(group.fields)}
        yield from self._record(group, "row", names, indent + _I)
        read = ("None" if self._is_unread(f) else names[f.path] for f in group.fields)
        yield f"{indent}{_I}{rows}.append({sequence(read)})"

    def _record(
        self, group: FactGroup, holder: str, names: Mapping[str, str], indent: str
    ) -> Iterator[str]:
        """Lines that read the fields of a group. What no rule reads may be absent."""
        unread = [field for field in group.fields if self._is_unread(field)]
        needed = [field for field in group.fields if field not in unread]
        size = "n" if unread else str(len(needed))
        if unread:
            yield f"{indent}n = {len(needed)}"
            yield f"{indent}if {holder}.__class__ is not dict:"
            yield f"{indent}{_I}return None"
        for field in unread:
            key = literal(field.path.rpartition(".")[2])
            yield f"{indent}if {key} in {holder}:"
            yield f"{indent}{_I}n += 1"
            yield from self._field(field, names[field.path], holder, indent + _I)
        wrong = f"len({holder}) != {size}"
        yield f"{indent}if {wrong if unread else f'{holder}.__class__ is not dict or {wrong}'}:"
        yield f"{indent}{_I}return None"
        for field in needed:
            yield from self._field(field, names[field.path], holder, indent)

    def _is_unread(self, field: FactField) -> bool:
        """Whether no rule and no check reads a fact, or a field of that name."""
        return field.path not in self._read and field.path.rpartition(".")[2] not in self._read

    def _field(self, field: FactField, name: str, holder: str, indent: str) -> Iterator[str]:
        """Lines that read one fact into a variable, or leave where it is not as it should be."""
        kind = t.solid(field.type)
        key = literal(field.path.rpartition(".")[2])
        nullable = isinstance(field.type, t.Maybe)
        yield f"{indent}{name} = {holder}[{key}]"
        if nullable:
            yield f"{indent}if {name} is not None:"
            indent += _I
        allowed = ""
        if field.allowed:
            known = self.flat.named(f"frozenset({literal(field.allowed)})")
            allowed = f"{name} not in {known}"
        if isinstance(kind, t.Enum):
            members = kind.members if not field.allowed else field.allowed
            known = self.flat.named(f"frozenset({literal(members)})")
            refused = f"{name}.__class__ is not str or {name} not in {known}"
        elif kind == t.BOOL:
            refused = f"{name} is not True and {name} is not False"
        elif kind == t.TEXT:
            known = f"{name} not in SOUND and not sound({name})"
            refused = f"{name}.__class__ is not str or {known}"
        elif isinstance(kind, t.Number) and kind.integer:
            refused = f"{name}.__class__ is not int or not 0 <= {name} < LARGEST"
        else:
            refused = ""
            known = _memory(kind)
            read = f"{known}[{name}] if {name}.__class__ is str else {known}.compute({name})"
            yield f"{indent}{name} = {read}"
        if allowed and not isinstance(kind, t.Enum):
            refused = f"{refused} or {allowed}" if refused else allowed
        if refused:
            yield f"{indent}if {refused}:"
            yield f"{indent}{_I}return None"


def _read_by(rulebook: Rulebook) -> frozenset[str]:
    """The facts that expressions read, and the names of fields of items."""
    found: set[str] = set()
    for expression in expressions(rulebook):
        for node in walk(expression):
            if isinstance(node, ir.Fact):
                found.add(node.path)
            elif isinstance(node, ir.FieldOf):
                found.add(node.field)
    return frozenset(found)


def _memory(kind: t.Type) -> str:
    """What has read a value of a type before."""
    known: dict[t.Type, str] = {t.DATE: "DAYS", t.MONEY: "AMOUNTS", t.RATIO: "RATIOS"}
    return known.get(kind, "NUMBERS")


def _json(value: Value, type_: t.Type, flat: Flat) -> Term:
    """A result as it stands in the answer: a value of JSON, a list each time a new one."""
    terms = flat.terms
    shape = shape_of(type_)
    if isinstance(t.solid(type_), t.ListOf) or type_ == t.CLAUSES:
        whole = flat.whole(value)
        if isinstance(value, Subset) or (not shape and _is_texts(type_)):
            return terms.strict(("[*", 0, "]"), (whole,), loose=True)
        return terms.strict(("json_of(", 0, f", {literal(shape)})"), (whole,), loose=True)
    whole = flat.whole(value)
    if (told := _told(whole, type_, flat, _MOST_LEAVES)) is not None:
        return told
    kind = t.solid(type_)
    if isinstance(kind, t.Enum) or kind in (t.BOOL, t.TEXT, t.CLAUSE):
        return whole
    if whole.constant and whole.value is None:
        return whole
    if shape in ("money", "ratio") or kind == t.DATE:
        table = {"money": "YUAN", "ratio": "DECIMALS"}.get(shape, "ISO")
        return terms.strict((f"{table}[", 0, "]"), (whole,), loose=True)
    return terms.strict(("json_of(", 0, f", {literal(shape)})"), (whole,), loose=True)


def _told(value: Term, type_: t.Type, flat: Flat, most: int) -> Term | None:
    """A value that is one of few constants as the answer has it, without a look at a table."""
    if value.constant:
        return flat.terms.constant(to_json(value.value, type_))  # type: ignore[arg-type]
    if not _is_branch(value) or most < 2:
        return None
    then = _told(value.args[0], type_, flat, most // 2)
    otherwise = _told(value.args[2], type_, flat, most - 1)
    if then is None or otherwise is None:
        return None
    return flat.terms.branch(value.args[1], then, otherwise)


def _is_list(term: Term) -> bool:
    return term.pieces[0] in ("[*", "json_of(") or term.pieces == ("[]",)


def _is_branch(term: Term) -> bool:
    return term.pieces == (0, " if ", 1, " else ", 2)


def _is_texts(type_: t.Type) -> bool:
    item = type_.item if isinstance(type_, t.ListOf) else t.CLAUSE
    return isinstance(item, t.Enum) or item in (t.TEXT, t.CLAUSE)


def _used(constants: list[str], function: list[str]) -> list[str]:
    """The constants that a function uses."""
    used = set(re.findall(r"\bP[0-9]+\b", "\n".join(function)))
    kept: list[str] = []
    for line in reversed(constants):
        name, _, value = line.partition(" = ")
        if name in used:
            kept.append(line)
            used |= set(re.findall(r"\bP[0-9]+\b", value))
    return kept[::-1]
