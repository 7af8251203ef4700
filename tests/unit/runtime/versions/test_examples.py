"""Worked examples and case files by both versions: which flip, from what to what."""

import json
from pathlib import Path

from luling.compiler.ir.rulebook import Rulebook
from luling.runtime import load_text
from luling.runtime.versions.examples import (
    Compared,
    Runner,
    example_subjects,
    file_subjects,
    never_both_apply,
    patterns,
)
from luling.runtime.versions.rules import Versions

TEXT = """规则书 例
事实 人
  年龄：整数（岁）
  日期：日期
解读 恰好
  问 「恰好六十岁的？」
  取 算老人
  另 不算
  理由 「没有说。」
结果 票价：金额

规则 全价
  票价 为 10元

例外 老人 优先于 全价
  当 人.年龄 超过 60岁 或 人.年龄 为 60岁 且 按解读 恰好 取 算老人
  票价 为 5元

核对 年龄合理
  须 人.年龄 不超过 150岁
  错在 人.年龄
  说明 「年龄有误。」

示例 六十岁
  设 人.年龄 为 60岁，人.日期 为 2025-01-01
  得 票价 为 5元

示例 六十岁不算老人
  沿用 六十岁
  按解读 恰好 取 不算
  得 票价 为 10元

示例 五十九岁
  沿用 六十岁
  设 人.年龄 为 59岁
  得 票价 为 10元

示例 太老
  沿用 六十岁
  设 人.年龄 为 151岁
  得 错误 为 人.年龄
"""


def book(*changes: tuple[str, str]) -> Rulebook:
    """The rulebook with some of its text exchanged."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load_text(text).rulebook


def flips(old: Rulebook, new: Rulebook) -> dict[str, list[str]]:
    """What comes out otherwise, by example."""
    versions = Versions(old, new)
    runner = Runner(versions)
    found = [runner.decide(subject) for subject in example_subjects(versions)]
    return {
        f"{c.subject.source} {c.subject.name}": [
            f"{f.name} {f.old} → {f.new} {f.amount}".rstrip() for f in c.flips
        ]
        for c in found
        if c.differs
    }


CHEAPER = ("票价 为 5元", "票价 为 4元")


def test_an_example_of_both_flips_once_with_its_amount() -> None:
    """The expectation of the new version says otherwise; the case is the same."""
    assert flips(book(), book()) == {}
    assert flips(book(), book(CHEAPER)) == {"两版示例 六十岁": ["票价 5.00元 → 4.00元 减 1.00元"]}


def test_an_example_runs_under_its_readings_where_both_have_them() -> None:
    """Read so, sixty is no old age in either version."""
    dearer = ("票价 为 10元", "票价 为 11元")
    assert flips(book(), book(dearer)) == {
        "两版示例 六十岁不算老人": ["票价 10.00元 → 11.00元 增 1.00元"],
        "两版示例 五十九岁": ["票价 10.00元 → 11.00元 增 1.00元"],
    }


def test_a_case_that_one_version_refuses_is_told_with_why() -> None:
    """And one that both refuse for the same reason is not."""
    younger = ("设 人.年龄 为 60岁", "设 人.年龄 为 59岁")
    found = flips(book(), book(("不超过 150岁", "不超过 59岁"), younger))
    assert found["旧版示例 六十岁"] == ["判定 已定 → 输入有误（人.年龄：年龄有误。）"]
    assert not [name for name in found if name.endswith("太老")]


def decided(folder: Path, new: Rulebook) -> list[Compared]:
    """What became of the cases in a folder."""
    versions = Versions(book(), new)
    runner = Runner(versions)
    return [runner.decide(subject) for subject in file_subjects(folder, ["人"])]


def test_case_files_may_be_bare_or_say_what_they_are_about(tmp_path: Path) -> None:
    """One case a file, or one a line; in folders too, in the order of the paths."""
    case = {"人": {"年龄": 60, "日期": "2025-01-01"}}
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "bare.json").write_text(json.dumps(case), "utf-8")
    whole = {"说明": "六十岁", "条款": ["一"], "案件": case, "应得": {"票价": "5.00"}}
    (tmp_path / "a.json").write_text(json.dumps(whole), "utf-8")
    (tmp_path / "c.jsonl").write_text(f"{json.dumps(case)}\n\n{json.dumps(whole)}\n", "utf-8")
    (tmp_path / "note.txt").write_text("", "utf-8")
    found = decided(tmp_path, book(CHEAPER))
    assert [c.subject.name for c in found] == ["a.json", "b/bare.json", "c.jsonl:1", "c.jsonl:3"]
    assert [c.subject.clauses for c in found] == [("一",), (), (), ("一",)]
    (pattern,) = patterns(found)
    assert len(pattern.cases) == 4


def test_what_is_no_case_is_told_and_ends_nothing(tmp_path: Path) -> None:
    """Bytes, JSON, facts: each with what is wrong."""
    (tmp_path / "1.json").write_bytes(b"\xff\xfe")
    (tmp_path / "2.json").write_text("{", "utf-8")
    (tmp_path / "3.json").write_text("[1]", "utf-8")
    (tmp_path / "4.json").write_text('{"人": {"岁数": 3}}', "utf-8")
    (tmp_path / "5.json").write_text('{"人": {"年龄": 60, "日期": "2025-01-01"}}', "utf-8")
    found = decided(tmp_path, book(CHEAPER))
    assert [c.problem is not None for c in found] == [True, True, True, True, False]
    assert [c.differs for c in found] == [False, False, False, False, True]


def test_versions_that_never_apply_together_are_compared_as_if_they_did() -> None:
    """Each example is outside one of them; without their spans they can be compared."""
    head, gate = "规则书 例\n", "规则书 例\n  适用条件 人.日期 {}\n  不适用时 票价 为 0元\n"
    old = book((head, gate.format("早于 2024-01-01")), ("2025-01-01", "2023-01-01"))
    new = book((head, gate.format("不早于 2024-01-01")), CHEAPER)
    versions = Versions(old, new)
    assert never_both_apply(versions)
    assert not never_both_apply(Versions(old, old))
    assert not never_both_apply(Versions(book(), book()))
    runner = Runner(versions, as_if_both_applied=True)
    found = [runner.decide(subject) for subject in example_subjects(versions)]
    assert {(f.old, f.new) for c in found for f in c.flips} == {("5.00元", "4.00元")}
