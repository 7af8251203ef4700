"""Entries by what they are called: the same in the two versions of a rulebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from ..syntax import ast

Key = tuple[str, str]

# The word of an entry → what shares its names with it. A value, a fact or an enumeration can be
# named by an expression, so all of them are one.
SPACES = {
    "规则": "规则", "例外": "规则", "要求": "要求", "核对": "核对", "解读": "解读", "不测": "不测",
    "必然": "必然", "示例": "示例", "单位": "单位", "引用": "", "枚举": "", "事实": "", "列表": "",
    "参数": "", "表": "", "名录": "", "派生": "", "结果": "",
}  # fmt: skip


def kind_of(entry: ast.Entry) -> str | None:
    """The word that opens an entry with a name, None for one without."""
    match entry:
        case ast.Enum():
            return "枚举"
        case ast.Facts():
            return "列表" if entry.is_list else "事实"
        case ast.Derived():
            return "结果" if entry.is_result else "派生"
        case ast.Rule():
            return "例外" if entry.overrides else "规则"
        case ast.Table() | ast.TableChange():
            return "表"
        case ast.Parameter():
            return "参数"
        case ast.Register():
            return "名录"
        case ast.Requirement():
            return "要求"
        case ast.Reading():
            return "解读"
        case ast.Check():
            return "核对"
        case ast.Invariant():
            return "必然"
        case ast.Untested():
            return "不测"
        case ast.Example():
            return "示例"
        case ast.Unit():
            return "单位"
        case ast.Import():
            return "引用"
        case ast.Heading() | ast.Quotation() | ast.Inert() | ast.Waiver() | ast.Rulebook():
            return None
        case ast.Repeal() | ast.Rename():
            return None
        case _:
            assert_never(entry)


def title_of(entry: ast.Entry) -> ast.Word | None:
    """The word that an entry with a name is called by."""
    if isinstance(entry, ast.Heading | ast.Quotation | ast.Inert | ast.Waiver | ast.Rulebook):
        return None
    if isinstance(entry, ast.Repeal | ast.Rename):
        return None
    return entry.name


def name_of(entry: ast.Entry) -> str:
    """The whole name of an entry, 身份的比例 for 派生 身份 的 比例; nothing without one."""
    title = title_of(entry)
    if isinstance(entry, ast.Derived) and entry.scope is not None:
        return f"{entry.scope.text}的{entry.name.text}"
    return title.text if title is not None else ""


def key_of(entry: ast.Entry) -> Key | None:
    """What no two entries of a rulebook share; None where an entry has no name of its own."""
    kind = kind_of(entry)
    return None if kind in (None, "不测") else (SPACES[kind], name_of(entry))


def names_declared(entry: ast.Entry) -> Iterator[str]:
    """All by which other entries can name an entry or a part of it."""
    title = title_of(entry)
    if title is None or isinstance(entry, ast.Untested):
        return
    yield name_of(entry)
    yield title.text
    match entry:
        case ast.Enum():
            yield from (member.text for member in entry.members)
        case ast.Facts():
            for field in entry.fields:
                yield f"{entry.name.text}.{field.name.text}"
                yield from (member.text for member in field.type.members)
        case ast.Derived() | ast.Parameter():
            yield from (member.text for member in entry.type.members)
        case ast.Reading():
            yield from (one.name.text for one in (*entry.taken, *entry.others))
        case _:
            pass
