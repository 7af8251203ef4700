"""What a function is, and that no rulebook can smuggle code into it."""

import ast
import builtins
import json
import pickle
from pathlib import Path
from typing import Any

import attrs
import pytest

from luling.compiler.ir.rulebook import Rulebook
from luling.runtime import Function, ReadingError, RulebookError, compile, load, load_text
from luling.runtime.compiled.function import _executed
from luling.runtime.decide import Engine

ROOT = Path(__file__).parents[4]
WATER = ROOT / "tests" / "rulebooks" / "water"
SHOP = """规则书 例
事实 订单
  金额：金额
结果 运费：金额 为 若 订单.金额 不少于 99元 则 0元 否则 8元
"""
PARTS = ("状态", "结果", "缺少", "错误")


def test_a_rulebook_an_engine_and_a_folder_compile() -> None:
    engine = load(WATER)
    case = engine.rulebook.examples[0].case
    found = [compile(WATER), compile(str(WATER)), compile(engine), compile(engine.rulebook)]
    assert len({decide.source for decide in found}) == 1
    assert found[0](case)["状态"] == "已定"


def test_a_function_is_executed_once() -> None:
    engine = load_text(SHOP)
    assert _executed(compile(engine).source) is _executed(compile(engine).source)


def test_a_function_can_be_pickled_and_made_of_its_source() -> None:
    decide = compile(load_text(SHOP))
    for other in (pickle.loads(pickle.dumps(decide)), Function(decide.source)):
        assert other({"订单": {"金额": "98.99"}})["结果"] == {"运费": "8.00"}


def test_a_function_takes_text_too() -> None:
    decide = compile(load_text(SHOP))
    assert decide.decide_text('{"订单": {"金额": 99}}')["结果"] == {"运费": "0.00"}
    assert decide.decide_text("x", "en")["错误"][0]["说明"].startswith("one JSON object")


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(ReadingError):
        compile(load_text(SHOP), {"没有": "这样"})
    with pytest.raises(RulebookError):
        compile(ROOT / "docs")


def test_the_source_names_the_rulebook_its_readings_and_clauses() -> None:
    engine = load(WATER)
    source = compile(engine).source
    assert f"# 规则书 {engine.rulebook.title}" in source
    for reading in engine.rulebook.readings:
        assert f"#   {reading.name}" in source
        assert f"：{reading.alternatives[0].name}" in source
    for requirement in engine.rulebook.requirements:
        assert f"# {requirement.clause} {requirement.name}" in source


def test_the_same_rulebook_gives_the_same_bytes() -> None:
    assert compile(load(WATER)).source == compile(load(WATER)).source


# ---- hostile names and texts

HOSTILE = [
    "'", '"', '"""', "'''", "\\", "\\'", "{0}", "{", "}}", "%s", "#", "\t", "\0", "\r", "\u2028",
    "\n\nsetattr(__import__('builtins'), 'SMUGGLED', 1)\n",
    "'); setattr(__import__('builtins'), 'SMUGGLED', 1) #",
    '"); setattr(__import__("builtins"), "SMUGGLED", 1) #',
    "\ud800", "\uff45\uff58\uff45\uff43", "lambda: 0", "None", "＃", "）", "\ufb01", "\u202e",
]  # fmt: skip
# What of the IR is of a fixed set of words: no rule file can say another.
FIXED = {
    "op", "kind", "how", "function", "scope_kind", "direction", "examples", "span", "spans",
    "cell_spans", "untested", "invariants",
}  # fmt: skip


def spoilt(value: Any, suffix: str) -> Any:
    """The same with something behind every word of every name and text."""
    if isinstance(value, str):
        return ".".join(part + suffix if part else part for part in value.split("."))
    if attrs.has(type(value)):
        fields = [field.name for field in attrs.fields(type(value)) if field.init]
        parts = {
            name: getattr(value, name) if name in FIXED else spoilt(getattr(value, name), suffix)
            for name in fields
        }
        return type(value)(**parts)
    if type(value) is tuple:
        return tuple(spoilt(part, suffix) for part in value)
    if isinstance(value, dict):
        return {spoilt(key, suffix): spoilt(part, suffix) for key, part in value.items()}
    if isinstance(value, list):
        return [spoilt(part, suffix) for part in value]
    return value


def spoilt_case(rulebook: Rulebook, case: Any, suffix: str) -> Any:
    """The case of a rulebook as one of the spoilt one: its names and members, no dates."""
    members = {member for enum in rulebook.enums for member in enum.members}

    def value_of(value: Any) -> Any:
        if isinstance(value, dict):
            return {spoilt(key, suffix): value_of(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [value_of(part) for part in value]
        return spoilt(value, suffix) if isinstance(value, str) and value in members else value

    return value_of(case)


def shape(source: str) -> list[str]:
    """What kinds of syntax a program is made of, in order, whatever the names and texts."""
    return sorted(type(node).__name__ for node in ast.walk(ast.parse(source)))


@pytest.fixture(scope="module")
def water() -> Engine:
    """A rulebook with every kind of entry."""
    return load(WATER)


@pytest.mark.parametrize("suffix", HOSTILE, ids=ascii)
def test_no_name_or_text_becomes_code(water: Engine, suffix: str) -> None:
    hostile = Engine(spoilt(water.rulebook, suffix))
    decide = compile(hostile)
    assert shape(decide.source) == shape(compile(water).source)
    for example in water.rulebook.examples[::3]:
        case = spoilt_case(water.rulebook, example.case, suffix)
        told = hostile.decide(case).to_json()
        assert json.dumps(decide(case)) == json.dumps({part: told[part] for part in PARTS})
    assert not hasattr(builtins, "SMUGGLED")


def test_a_rule_file_with_texts_that_look_like_code() -> None:
    engine = load_text(
        """规则书 例
版本 「1'; setattr(__import__('builtins'), 'SMUGGLED', 1)」
事实 甲
  名：文本
结果 果：是否 为 甲.名 为 “'); setattr(__import__('builtins'), 'SMUGGLED', 1) #”
"""
    )
    decide = compile(engine)
    name = "'); setattr(__import__('builtins'), 'SMUGGLED', 1) #"
    assert decide({"甲": {"名": name}})["结果"]["果"] is True
    assert decide({"甲": {"名": "x"}})["结果"]["果"] is False
    assert not hasattr(builtins, "SMUGGLED")
