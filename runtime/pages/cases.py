"""Worked examples as pages show them: what differs from the one they build on, what comes out."""

from __future__ import annotations

from collections.abc import Iterator

from luling.compiler.ir import types as t
from luling.compiler.ir.rulebook import Example, Expectation, Rulebook
from luling.compiler.ir.values import show

from .links import Links, anchor
from .model import Case, Given, Link
from .phrase import fact_name

_UNKNOWN = object()


def cases(rulebook: Rulebook, links: Links, failed: frozenset[str]) -> dict[str, Case]:
    """All examples by name, in the order of the text; `failed` has the names of those that come
    out otherwise than they say.
    """
    by_name = {example.name: example for example in rulebook.examples}
    return {
        example.name: _case(rulebook, links, example, by_name.get(example.base or ""), failed)
        for example in rulebook.examples
    }


def _case(
    rulebook: Rulebook,
    links: Links,
    example: Example,
    base: Example | None,
    failed: frozenset[str],
) -> Case:
    before = dict(_leaves(base.case)) if base is not None else {}
    now = dict(_leaves(example.case))
    paths = [*now, *(path for path in before if path not in now)]
    given = tuple(
        Given(_fact(links, path), _shown(rulebook, path, now.get(path, _UNKNOWN)))
        for path in paths
        if path not in before or now.get(path, _UNKNOWN) != before[path]
    )
    return Case(
        anchor=anchor("示例", example.name),
        name=example.name,
        base=Link(base.name, links.example(base.name, base.clause)) if base is not None else None,
        given=given,
        readings=tuple(f"{name}：{taken}" for name, taken in example.readings),
        expected=tuple(_expected(e) for e in example.expectations),
        notes=example.notes,
        passed=example.name not in failed,
        inherited=example.inherited,
    )


def _leaves(case: dict[str, object]) -> Iterator[tuple[str, object]]:
    for name, group in case.items():
        if isinstance(group, dict):
            for field, value in group.items():
                yield f"{name}.{field}", value
        else:
            yield name, group


def _fact(links: Links, path: str) -> Link:
    return Link(fact_name(path), links.to("fact", path))


def _shown(rulebook: Rulebook, path: str, value: object) -> str:
    """A value of a case as people write it; lists by their items."""
    match value:
        case _ if value is _UNKNOWN:
            return "未知"
        case None:
            return "空"
        case bool():
            return "是" if value else "否"
        case list():
            return "；".join(_item(item) for item in value) or "没有"
    field = rulebook.facts.get(path)
    kind = t.solid(field.type) if field is not None else t.TEXT
    return f"{value}{kind.unit}" if isinstance(kind, t.Number) else str(value)


def _item(item: object) -> str:
    if not isinstance(item, dict):
        return str(item)
    return "，".join(f"{name} {'空' if v is None else v}" for name, v in item.items())


def _expected(expectation: Expectation) -> tuple[str, str]:
    name = expectation.name
    if expectation.member is not None:
        name = f"{expectation.member}的{name.split('的', 1)[-1]}"
    name = name.replace(".", "的")
    return name, "未知" if expectation.unknown else show(expectation.value, expectation.type)
