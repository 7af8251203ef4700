"""What the new version calls otherwise, as it declares."""

import attrs

from luling.compiler.ir.rulebook import Renaming
from luling.compiler.source import Span
from luling.runtime import load_text
from luling.runtime.decide import Engine
from luling.runtime.versions.names import find_names
from luling.runtime.versions.rules import Versions

OLD = """规则书 例
枚举 类：甲、乙
事实 人
  类别：类
  急：是否
列表 旧事
  款：金额
结果 果：金额 或 空
派生 类 的 价：金额

规则 价
  对 甲
  价 为 1元

规则 乙的价
  对 乙
  价 为 2元

规则 果
  当 非 人.急 或 人.类别 为 乙
  果 为 人.类别 的 价 加 旧事 的 款 之和
"""
RENAMED = (
    ("事实", "人.类别", "人.种类"), ("列表", "旧事", "以前"), ("枚举", "类.甲", "类.丁"),
    ("规则", "果", "算法"),
)  # fmt: skip
CASE = {"人": {"类别": "甲", "急": False}, "旧事": [{"款": "3"}]}


def versions() -> Versions:
    """The rulebook with other names, and the renamings that say so."""
    text = OLD.replace("类别", "种类").replace("旧事", "以前").replace("甲", "丁")
    new = load_text(text.replace("规则 果", "规则 算法")).rulebook
    where = Span("a", 0, 1)
    renamings = tuple(Renaming(kind, old, name, where) for kind, old, name in RENAMED)
    return Versions(load_text(OLD).rulebook, attrs.evolve(new, renamings=renamings))


def test_what_is_declared_renamed_is_no_other_change() -> None:
    """Facts, lists, members and rules; everything that reads them is the same."""
    found = versions()
    assert {c.kind for c in found.changes} == {"renamed"}
    assert not any(change.substantial for change in found.changes)


def test_a_case_of_the_old_version_is_one_of_the_new_in_its_names() -> None:
    """And the old version in the names of the new one decides it as it did."""
    found = versions()
    case = found.names.case(CASE, found.old)
    assert case == {"人": {"种类": "丁", "急": False}, "以前": [{"款": "3"}]}
    assert Engine(found.old).decide(CASE)["果"] == 4
    assert Engine(found.before).decide(case)["果"] == 4
    assert Engine(found.new).decide(case)["果"] == 4


def test_a_fact_is_never_guessed_to_be_another() -> None:
    """Without a declaration one went and one came."""
    new = load_text(OLD.replace("类别", "种类")).rulebook
    assert not find_names(load_text(OLD).rulebook, new).facts
    kinds = {c.key: c.kind for c in Versions(load_text(OLD).rulebook, new).changes}
    assert (kinds["事实 人.种类"], kinds["事实 人.类别"]) == ("added", "removed")
