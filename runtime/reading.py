"""JSON → the facts of a case, checked against plain descriptions of them.

A key that is absent is unknown; `null` is none. Whatever is wrong is a `Fault` with a code, a place
and a message; nothing is guessed and nothing is dropped. A compiled function takes this text as it
is: it knows nothing of the IR.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from luling.compiler.diagnostics.catalogue import run as codes
from luling.compiler.diagnostics.diagnostic import did_you_mean
from luling.compiler.diagnostics.entry import Argument, Both, Entry, Language, say
from luling.compiler.diagnostics.near import near_names
from luling.compiler.ir.exact import FIRST_DATE, LAST_DATE, Value, exact

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_LONGEST = 400  # digits of a number
_LARGEST = 10**_LONGEST
_ABSENT = object()


class Fault(NamedTuple):
    """What is wrong with a case: the kind, the fact's path (清单[0].字段), the words."""

    entry: Entry
    place: str
    arguments: dict[str, Argument]
    hints: tuple[Both, ...] = ()

    @property
    def code(self) -> str:
        """The code of the kind of fault, such as `L0604`."""
        return self.entry.code

    def message(self, language: Language = "zh") -> str:
        """The sentence, with near names where there are any."""
        text = say(self.entry.message, language, self.arguments)
        return text + "".join(getattr(hint, language) for hint in self.hints)

    def to_json(self, language: Language = "zh") -> dict[str, str]:
        """{代码, 位置, 说明}."""
        return {"代码": self.code, "位置": self.place, "说明": self.message(language)}


class Item:
    """An item of a list fact or a row of a register: its place in the list and its fields."""

    __slots__ = ("fields", "index", "of")

    def __init__(self, of: str, index: int, fields: dict[str, Value]) -> None:
        self.of = of
        self.index = index
        self.fields = fields

    def __repr__(self) -> str:
        return f"{self.of}[{self.index}]"


Known = dict[str, Any]  # path → value; list name → tuple of Item


class Facts(NamedTuple):
    """The facts of one case: those that are known, and what is wrong with the rest."""

    known: Known
    faults: tuple[Fault, ...]


class _Repeated(dict[str, Any]):
    """A JSON object in which keys stand twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.repeated = sorted({key for key, _ in pairs if key in seen or seen.add(key)})  # type: ignore[func-returns-value]


class _NotFinite:
    """NaN or Infinity, which JSON does not have."""

    def __init__(self, text: str) -> None:
        self.text = text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeated(pairs)


def _integer(text: str) -> int | Decimal:
    """The integer; one of more digits than Python reads as a Decimal, which no fact takes."""
    return int(text) if len(text) < _LONGEST else Decimal(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_NotFinite, parse_float=Decimal, parse_int=_integer
)


def parse_case(text: str) -> tuple[dict[str, Any] | None, tuple[Fault, ...]]:
    """The JSON object a text holds, or the fault that it does not."""
    try:
        value = _DECODER.decode(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        return None, (_no_object(_position(error)),)
    except ValueError:
        return None, (_no_object(Both("数字太长", "a number is too long")),)
    except RecursionError:
        return None, (_no_object(Both("嵌套太深", "nested too deeply")),)
    return (value, ()) if isinstance(value, dict) else (None, (not_a_case(value),))


def not_a_case(value: Any) -> Fault:
    """The fault of a JSON value that is no object."""
    return _no_object(Both(f"这是{_kind(value).zh}", f"this is {_kind(value).en}"))


def _position(error: json.JSONDecodeError) -> Both:
    return Both(
        f"第 {error.lineno} 行第 {error.colno} 列起不合 JSON 的写法",
        f"not JSON from line {error.lineno}, column {error.colno}",
    )


def _no_object(problem: Both) -> Fault:
    return Fault(codes.NOT_AN_OBJECT, "", {"problem": problem})


class Reader:
    """Reads cases whose facts are given by group and name; some groups are lists."""

    def __init__(self, groups: Mapping[str, Mapping[str, Field]], lists: Container[str]) -> None:
        self._fields = groups
        self._lists = lists
        paths = (
            path
            for group, fields in groups.items()
            for path in (group, *(field.path for field in fields.values()))
        )
        self._order = {path: place for place, path in enumerate(paths)}

    def read(self, case: Mapping[str, Any]) -> Facts:
        """The facts of a case. Faults stand in the order the facts are declared in."""
        faults: list[Fault] = []
        known: Known = {}
        self._keys(case, self._fields, "", faults)
        for name in self._fields:
            given = case.get(name, _ABSENT)
            if given is _ABSENT:
                continue
            if name in self._lists:
                self._list(name, given, known, faults)
            elif isinstance(given, Mapping):
                self._record(name, name, given, known, faults)
            else:
                faults.append(_wrong(name, given, Both("一组事实", "a group of facts")))
        if faults:
            faults.sort(key=self.order)
        return Facts(known, tuple(faults))

    def read_fact(self, case: Mapping[str, Any], path: str) -> Facts:
        """One fact of a case alone: known, absent, or with what is wrong with it."""
        group, _, name = path.partition(".")
        given = case.get(group)
        if not isinstance(given, Mapping) or name not in given:
            return Facts({}, ())
        reader, faults = self._fields[group][name], list[Fault]()
        if given[name] is None and reader.nullable:
            return Facts({path: None}, ())
        found = reader.read(given[name], path, faults)
        return Facts({} if found is _ABSENT else {path: found}, tuple(faults))

    def order(self, fault: Fault) -> tuple[int, str, str]:
        """Where a fault belongs among others."""
        plain = re.sub(r"\[[0-9]+\]", "", fault.place)
        index = re.findall(r"\[([0-9]+)\]", fault.place)
        padded = f"{int(index[0]):09}" if index else ""
        return self._order.get(plain, len(self._order)), padded + fault.place, fault.code

    def _keys(
        self, given: Mapping[str, Any], known: Mapping[str, Any], place: str, faults: list[Fault]
    ) -> None:
        for key in given:
            if key not in known:
                name = _printable(str(key))
                hints = did_you_mean(near_names(name, known, 2, 0.5))
                faults.append(Fault(codes.KEY_UNKNOWN, f"{place}{name}", {"key": name}, hints))
        if isinstance(given, _Repeated):
            for key in map(_printable, given.repeated):
                faults.append(Fault(codes.KEY_REPEATED, f"{place}{key}", {"key": key}))

    def _record(
        self, name: str, place: str, given: Mapping[str, Any], known: Known, faults: list[Fault]
    ) -> None:
        fields = self._fields[name]
        before = len(faults)
        for key, value in given.items():
            reader = fields.get(key)
            if reader is None:
                break
            if value is None and reader.nullable:
                known[reader.path] = None
            else:
                found = reader.read(value, reader.path, faults)
                if found is not _ABSENT:
                    known[reader.path] = found
        else:
            if isinstance(given, _Repeated):
                self._keys(given, fields, f"{place}.", faults)
            return
        del faults[before:]
        self._keys(given, fields, f"{place}.", faults)
        self._record(name, place, {k: v for k, v in given.items() if k in fields}, known, faults)

    def _list(self, name: str, given: Any, known: Known, faults: list[Fault]) -> None:
        if not isinstance(given, list | tuple):
            faults.append(_wrong(name, given, Both("列表", "a list")))
            return
        fields = self._fields[name]
        items = []
        for index, row in enumerate(given):
            place = f"{name}[{index}]"
            values: dict[str, Value] = {}
            if not isinstance(row, Mapping):
                faults.append(_wrong(place, row, Both("一组事实", "a group of facts")))
                continue
            self._keys(row, fields, f"{place}.", faults)
            for key, reader in fields.items():
                value = row.get(key, _ABSENT)
                if value is _ABSENT:
                    continue
                if value is None and reader.nullable:
                    values[key] = None
                    continue
                found = reader.read(value, f"{place}.{key}", faults)
                if found is not _ABSENT:
                    values[key] = found
            items.append(Item(name, index, values))
        known[name] = tuple(items)


class Field:
    """Checks and converts the values of one fact, or of one field of a list's items."""

    __slots__ = ("allowed", "nullable", "path", "read")

    def __init__(
        self, path: str, nullable: bool, plain: Read, allowed: tuple[Any, ...] = ()
    ) -> None:
        self.path = path
        self.nullable = nullable
        self.allowed = allowed
        self.read = plain if not allowed else self._limited(plain)

    def _limited(self, plain: Read) -> Read:
        def read(value: Any, place: str, faults: list[Fault]) -> Any:
            found = plain(value, place, faults)
            if found is _ABSENT or found in self.allowed:
                return found
            expected = "、".join(str(_shown(a)) for a in self.allowed)
            faults.append(
                Fault(codes.MEMBER, place, {"found": _shown(value), "expected": expected})
            )
            return _ABSENT

        return read


Read = Callable[[Any, str, list[Fault]], Any]


def member_reader(members: tuple[str, ...]) -> Read:
    """Reads a member of an enumeration."""
    known = frozenset(members)

    def read(value: Any, place: str, faults: list[Fault]) -> Any:
        if value.__class__ is str and value in known:
            return value
        if not isinstance(value, str):
            faults.append(_wrong(place, value, _among(members)))
            return _ABSENT
        hints = did_you_mean(near_names(value, members, 1, 0.5))
        arguments: dict[str, Argument] = {
            "found": _shown(value), "expected": "、".join(members)
        }  # fmt: skip
        faults.append(Fault(codes.MEMBER, place, arguments, hints))
        return _ABSENT

    return read


def read_bool(value: Any, place: str, faults: list[Fault]) -> Any:
    """Reads 是否: the value, or a fault."""
    if value is True or value is False:
        return value
    faults.append(_wrong(place, value, Both("是否（true 或 false）", "true or false")))
    return _ABSENT


@lru_cache(maxsize=1 << 16)
def _parse_date(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return None


def read_date(value: Any, place: str, faults: list[Fault]) -> Any:
    """Reads a date: the value, or a fault."""
    found = _parse_date(value) if value.__class__ is str else value
    if found.__class__ is date:
        if FIRST_DATE <= found <= LAST_DATE:
            return found
        faults.append(Fault(codes.DATE_FAR, place, {"found": _shown(value)}))
    elif isinstance(value, str):
        faults.append(Fault(codes.DATE_BAD, place, {"found": _shown(value)}))
    else:
        faults.append(_wrong(place, value, Both("日期（YYYY-MM-DD）", "a date YYYY-MM-DD")))
    return _ABSENT


def read_text(value: Any, place: str, faults: list[Fault]) -> Any:
    """Reads a text: the value, or a fault."""
    if isinstance(value, str) and value.strip() and encodable(value):
        return str(value)
    faults.append(_wrong(place, value, Both("非空的文本", "a text that is not empty")))
    return _ABSENT


def encodable(text: str) -> bool:
    """Whether a file can hold a text."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _printable(text: str) -> str:
    """The text with what no file can hold replaced."""
    return text if encodable(text) else text.encode("utf-8", "replace").decode("utf-8")


def _plain_number(value: Any) -> Fraction | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > _LONGEST:
            return None
        value = exact(Fraction(value))
    if isinstance(value, int | Fraction):
        return value if abs(value) < _LARGEST and value.denominator < _LARGEST else None
    return None


def number_reader(integer: bool) -> Read:
    """Reads a number."""
    expected = Both("整数", "an integer") if integer else Both("数", "a number")

    def read(value: Any, place: str, faults: list[Fault]) -> Any:
        found = _plain_number(value) if integer else _decimal(value)
        if found is None or (integer and not isinstance(found, int)):
            faults.append(_wrong(place, value, expected))
            return _ABSENT
        return _not_negative(found, value, place, faults)

    return read


def _not_negative(found: Any, value: Any, place: str, faults: list[Fault]) -> Any:
    if found >= 0:
        return found
    faults.append(Fault(codes.NEGATIVE, place, {"found": _shown(value)}))
    return _ABSENT


def _decimal(value: Any) -> Fraction | int | None:
    if isinstance(value, str):
        plain = _DECIMAL.fullmatch(value) and len(value) < _LONGEST
        return exact(Fraction(value)) if plain else None
    return _plain_number(value)


def read_money(value: Any, place: str, faults: list[Fault]) -> Any:
    """Reads an amount, in fen: the value, or a fault."""
    yuan = _decimal(value)
    fen = exact(Fraction(yuan) * 100) if yuan is not None else None
    if not isinstance(fen, int):
        faults.append(_wrong(place, value, Both("金额（元，至多两位小数）", "yuan, two decimals")))
        return _ABSENT
    return _not_negative(fen, value, place, faults)


def read_ratio(value: Any, place: str, faults: list[Fault]) -> Any:
    """Reads a ratio: the value, or a fault."""
    found = _decimal(value)
    if found is None:
        faults.append(_wrong(place, value, Both("比例（小数，如 0.8）", "a ratio such as 0.8")))
        return _ABSENT
    return _not_negative(found, value, place, faults)


# --- words for messages


def _among(members: tuple[str, ...]) -> Both:
    shown = "、".join(members)
    return Both(f"以下之一：{shown}", f"one of: {shown}")


def _wrong(place: str, value: Any, expected: Both) -> Fault:
    if isinstance(value, _NotFinite):
        return Fault(codes.NOT_FINITE, place, {"found": value.text, "expected": expected})
    kind = _kind(value)
    shown = _shown(value)
    found = kind if shown == "" else Both(f"{kind.zh} {shown}", f"{kind.en} {shown}")
    return Fault(codes.VALUE_TYPE, place, {"found": found, "expected": expected})


def _kind(value: Any) -> Both:
    if value is None:
        return Both("空（null）", "null")
    if isinstance(value, bool):
        return Both("是否", "the boolean")
    if isinstance(value, int | Decimal | Fraction | float):
        return Both("数", "the number")
    if isinstance(value, str):
        return Both("文本", "the text")
    if isinstance(value, list | tuple):
        return Both("列表", "a list")
    if isinstance(value, _NotFinite):
        return Both(value.text, value.text)
    return Both("一组值", "an object")


def _shown(value: Any) -> str:
    if value is None or isinstance(value, dict | list | tuple | _NotFinite):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = _digits(value) if isinstance(value, int) else str(value)
    text = "".join(c if encodable(c) and c.isprintable() else "�" for c in text[:61])
    return text if len(text) <= 60 else text[:60] + "…"


def _digits(number: int) -> str:
    """An integer as text, of one with more digits than Python writes only its size."""
    return str(number) if abs(number) < _LARGEST else f"1e{number.bit_length() * 3 // 10}"
