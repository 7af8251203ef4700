"""JSON Schema (draft 2020-12) of a case as `luling run` takes it and of the decision it prints.

A schema refuses nothing that the runtime accepts. What it cannot say, only the runtime refuses: a
key that stands twice, facts that do not agree (核对), a JSON number of yuan with more than two
decimals (a text of that kind is refused), and numbers of more than 400 digits. Days and leap years
are in the pattern of a date. Patterns are those of ECMA-262, in which `$` is the end alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Definition, FactField, FactGroup, Rulebook
from luling.compiler.ir.values import FIRST_DATE, LAST_DATE, Value, decimal_text

Schema = dict[str, object]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DAYS = r"(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"
_LEAP = r"(19|21)(0[48]|[2468][048]|[13579][26])|20([02468][048]|[13579][26])"
_DATE = rf"^((19|20|21)[0-9]{{2}}-({_DAYS})|({_LEAP})-02-29)$"
assert (FIRST_DATE, LAST_DATE) == (date(1900, 1, 1), date(2199, 12, 31)), "_DATE says other years"
_NUMBER = r"^([0-9]+(\.[0-9]+)?|-0+(\.0+)?)$"
_YUAN = r"^([0-9]+(\.[0-9]{1,2}0*)?|-0+(\.0+)?)$"

_ANY_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DECIMAL = r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$"  # 1/3 where it has no end in decimals
_DECIMAL_YUAN = r"^-?[0-9]+(\.[0-9]{2,}|/[0-9]+)$"
_STATES = ("已定", "信息不足", "输入有误", "规则有误")


def case_schema(rulebook: Rulebook) -> Schema:
    """The schema of a case. Nothing is required: what is absent is unknown, `null` is none."""
    return {
        "$schema": _DIALECT,
        "title": f"{rulebook.title}：案件",
        "description": "没有写的事实是未知的；写 null 的是没有。",
        **_object({group.name: _group(group) for group in rulebook.groups}),
    }


def result_schema(rulebook: Rulebook) -> Schema:
    """The schema of a decision as `luling run --json` prints it, one object a case."""
    results = {definition.name: _result(definition) for definition in rulebook.results}
    parts: Schema = {
        "状态": {"title": "判定", "enum": list(_STATES)},
        "结果": {"title": "已经确定的结果", **_object(results)},
        "缺少": {
            "title": "还能改变结果的未知事实",
            **_list_of({"type": "string", "anyOf": _fact_places(rulebook)}),
        },
        "依据": {
            "title": "结果所依据的规则，依适用的次序",
            **_list_of(_object(_texts("条款", "规则", "规则书"), ("条款", "规则"))),
        },
        "解读": {"title": "采用的解读", **_object(_readings(rulebook))},
        "错误": {"title": "案件或规则的错误", **_list_of(_fault())},
        "说明": {
            "title": "理由，逐行（只在要求说明时有）",
            **_list_of({"type": "string"}),
        },
    }
    return {
        "$schema": _DIALECT,
        "title": f"{rulebook.title}：判定",
        **_object(parts, [name for name in parts if name != "说明"]),
        "allOf": list(_by_state([*results])),
    }


# --- what is taken


def _group(group: FactGroup) -> Schema:
    notes = {"description": "\n".join(group.notes)} if group.notes else {}
    fields = _object({f.path.rpartition(".")[2]: _field(f) for f in group.fields})
    return {"title": group.name, **notes, **(_list_of(fields) if group.is_list else fields)}


def _field(field: FactField) -> Schema:
    """A fact with its question, and its unit and kind where JSON does not tell them."""
    kind = t.solid(field.type)
    value = _limited(kind, field.allowed) if field.allowed else _taken(kind)
    if isinstance(field.type, t.Maybe):
        value = _or_null(value)
    told = [field.question, _unit(kind), "只作记录，规则不读。" if field.record_only else None]
    return {
        "title": field.path.rpartition(".")[2],
        "description": "\n".join(line for line in told if line),
        **value,
    }


def _unit(kind: t.Type) -> str | None:
    if kind == t.MONEY:
        return "单位：元，至多两位小数。"
    if kind == t.RATIO:
        return "80% 写作 0.8。"
    if isinstance(kind, t.Number) and kind.unit:
        return f"单位：{kind.unit}。"
    return None


def _taken(kind: t.Type) -> Schema:
    """What a fact of a type may be, as `facts.Reader` reads it."""
    if isinstance(kind, t.Enum):
        return {"enum": list(kind.members)}
    if kind == t.BOOL:
        return {"type": "boolean"}
    if kind == t.DATE:
        return {"type": "string", "format": "date", "pattern": _DATE}
    if kind == t.TEXT:
        return {"type": "string", "pattern": r"\S"}
    if isinstance(kind, t.Number) and kind.integer:
        return {"type": "integer", "minimum": 0}
    pattern = _YUAN if kind == t.MONEY else _NUMBER
    return {"type": ["number", "string"], "minimum": 0, "pattern": pattern}


def _limited(kind: t.Type, allowed: Iterable[Value]) -> Schema:
    """One of some values; numbers that may be given as texts in every spelling of them."""
    if (isinstance(kind, t.Number) and kind.integer) or not _is_number(kind):
        return {"enum": [v.isoformat() if isinstance(v, date) else v for v in allowed]}
    numbers = [_decimal(value, kind) for value in allowed]
    spelt = "|".join(_spellings(number) for number in numbers)
    return {
        "anyOf": [
            {"enum": [_json_number(number) for number in numbers]},
            {"type": "string", "pattern": f"^({spelt})$"},
        ]
    }


def _is_number(kind: t.Type) -> bool:
    return isinstance(kind, t.Number) or kind in (t.MONEY, t.RATIO)


def _decimal(value: Value, kind: t.Type) -> str:
    assert isinstance(value, int | Fraction)
    return decimal_text(Fraction(value) / 100 if kind == t.MONEY else value)


def _json_number(decimal: str) -> int | float:
    """A number to be written as JSON, not to count with."""
    return float(decimal) if "." in decimal else int(decimal)


def _spellings(decimal: str) -> str:
    """All ways to write a number: 0.8, 00.80."""
    whole, _, places = decimal.partition(".")
    sign = "-?" if decimal == "0" else ""
    return f"{sign}0*{whole}" + (rf"\.{places}0*" if places else r"(\.0+)?")


# --- what comes out


def _result(definition: Definition) -> Schema:
    told = "\n".join([*definition.notes, f"类型：{t.show(definition.type)}。"])
    return {"title": definition.name, "description": told, **_given(definition.type)}


def _given(kind: t.Type) -> Schema:
    """What a result of a type is, as `values.to_json` writes it."""
    match kind:
        case t.Maybe(of):
            return _or_null(_given(of))
        case t.ListOf(item):
            return _list_of(_given(item))
        case t.Enum(_, members):
            return {"enum": list(members)}
        case t.Number():
            return {"type": ["integer", "string"], "pattern": _DECIMAL}
        case t.Nothing():
            return {"type": "null"}
        case _:
            return dict(_BASIC.get(kind, {"type": "string"}))


_BASIC: dict[t.Type, Schema] = {
    t.BOOL: {"type": "boolean"},
    t.DATE: {"type": "string", "format": "date", "pattern": _ANY_DATE},
    t.MONEY: {"type": "string", "pattern": _DECIMAL_YUAN},
    t.RATIO: {"type": "string", "pattern": _DECIMAL},
    t.CLAUSES: {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
}


def _fact_places(rulebook: Rulebook) -> list[Schema]:
    """The facts of a case by path; those of lists as 清单 and 清单[0].字段."""
    plain = [f.path for g in rulebook.groups if not g.is_list for f in g.fields]
    lists = [group for group in rulebook.groups if group.is_list]
    found: list[Schema] = [{"enum": [*plain, *(group.name for group in lists)]}]
    for group in lists:
        fields = "|".join(re.escape(f.path.rpartition(".")[2]) for f in group.fields)
        found.append({"pattern": rf"^{re.escape(group.name)}\[[0-9]+\]\.({fields})$"})
    return found


def _readings(rulebook: Rulebook) -> dict[str, Schema]:
    return {
        reading.name: {
            "title": reading.question,
            "enum": [alternative.name for alternative in reading.alternatives],
        }
        for reading in rulebook.readings
    }


def _fault() -> Schema:
    fields = _texts("代码", "位置", "说明")
    fields["代码"] = {"type": "string", "pattern": "^L[0-9]{4}$"}
    return _object(fields, [*fields])


def _by_state(results: list[str]) -> Iterable[Schema]:
    """What each state says of the other parts."""
    none: Schema = {"maxItems": 0}
    some: Schema = {"minItems": 1}
    told: Schema = {"required": results}
    says: dict[str, Schema] = {
        "已定": {"结果": told, "缺少": none, "错误": none},
        "信息不足": {"缺少": some, "错误": none},
        "输入有误": {"结果": {"maxProperties": 0}, "缺少": none, "错误": some},
        "规则有误": {"结果": {"maxProperties": 0}, "缺少": none, "错误": some},
    }
    for state, parts in says.items():
        yield {"if": {"properties": {"状态": {"const": state}}}, "then": {"properties": parts}}


# --- pieces


def _object(fields: Mapping[str, object], required: Iterable[str] = ()) -> Schema:
    """An object of these fields and no others."""
    asked = {"required": list(required)} if required else {}
    return {"type": "object", "properties": fields, **asked, "additionalProperties": False}


def _list_of(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _texts(*names: str) -> dict[str, Schema]:
    return {name: {"type": "string"} for name in names}


def _or_null(value: Schema) -> Schema:
    """The value or `null`."""
    if "enum" in value:
        return {**value, "enum": [*value["enum"], None]}  # type: ignore[misc]
    if "anyOf" in value:
        return {"anyOf": [*value["anyOf"], {"type": "null"}]}  # type: ignore[misc]
    kinds = value["type"]
    return {**value, "type": [*(kinds if isinstance(kinds, list) else [kinds]), "null"]}
