"""Worked examples that show what a change does."""

from luling.runtime import load_text
from luling.runtime.versions.evidence import evidence
from luling.runtime.versions.examples import Runner, example_subjects
from luling.runtime.versions.rules import Versions

TEXT = """规则书 例
事实 人
  年龄：整数（岁）
结果 票价：金额
结果 座位：整数 为 1

规则 全价
  票价 为 10元

例外 老人 优先于 全价
  当 人.年龄 满 60岁
  票价 为 5元

例外 儿童 优先于 全价
  当 人.年龄 不满 6岁
  票价 为 0元

示例 六十岁
  设 人.年龄 为 60岁
  得 票价 为 5元
"""


def test_a_change_is_shown_by_an_example_that_needs_it() -> None:
    """And one that none needs is not; nor is one looked at that is known to matter."""
    old = load_text(TEXT).rulebook
    new = load_text(TEXT.replace("5元", "4元").replace("0元\n\n示例", "1元\n\n示例")).rulebook
    versions = Versions(old, new)
    assert [change.key for change in versions.changes] == ["例外 老人", "例外 儿童"]
    runner = Runner(versions)
    cases = [runner.decide(subject) for subject in example_subjects(versions)]
    assert evidence(versions, cases, ()) == {"例外 老人": ("票价",)}
    assert evidence(versions, cases, {"例外 老人"}) == {}
