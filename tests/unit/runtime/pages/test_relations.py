"""Who reads what: direct, through heads and imports, of members, through 适用条件."""

from pathlib import Path

import pytest

from luling.compiler.ir.rulebook import Rulebook
from luling.runtime import load_rulebook, load_text
from luling.runtime.pages.relations import clause_relations, definition_relations
from luling.runtime.rulebooks import find_rulebooks

ROOT = Path(__file__).parents[4]
FOLDERS = [*find_rulebooks(ROOT / "rules"), *find_rulebooks(ROOT / "tests" / "rulebooks")]

BUS = """规则书 乘车
  适用条件 适用
  不适用时 结论 为 不适用
  不适用时 票价 为 0元
枚举 乘客：老人、学生、成人
事实 人
  年龄：整数（岁）
  在校：是否
列表 行程
  里程：整数（岁）
结果 结论：优惠、全价、不适用
结果 票价：金额
派生 长途：是否 为 有 行程 中 里程 超过 50岁 者

## 第一条 适用
派生 适用：是否 为 有 行程

## 第二条 乘客
派生 乘客 的 属于该类：是否，否则 否
规则 老人
  对 老人
  属于该类 为 人.年龄 不低于 起始年龄
规则 学生
  对 学生
  属于该类 为 人.在校
派生 优惠乘客：列表 乘客 为 乘客 中 属于该类 且 满足要求 者

## 第三条 老人
参数 起始年龄：整数（岁） 为 65岁
要求 不坐长途
  对 老人
  须 非 长途

## 第四条 票价
解读 学生优惠
  问 「学生是否优惠？」
  取 优惠
  另 不优惠
  理由 「照字面。」
规则 结论
  结论 为 若 有 优惠乘客 且 按解读 学生优惠 取 优惠 则 优惠 否则 全价
规则 票价
  票价 为 票价表（若 老人 的 属于该类 则 老人 否则 成人，长短）
枚举 长短类：长、短
派生 长短：长短类 为 若 长途 则 长 否则 短

## 第五条 票价表
表 票价表：金额
  行 乘客
  列 长短类
  |      | 长   | 短  |
  |------|------|-----|
  | 老人 | 5元  | 1元 |
  | 学生 | 5元  | 1元 |
  | 成人 | 10元 | 2元 |
"""


@pytest.fixture(scope="module")
def bus() -> Rulebook:
    return load_text(BUS).rulebook


def test_a_clause_reads_facts_tables_and_what_other_clauses_define(bus: Rulebook) -> None:
    fares = clause_relations(bus)["第四条"]
    assert fares.reads == ("长途", "乘客的属于该类", "优惠乘客")
    assert fares.tables == ("票价表",)
    assert fares.clauses == ("第二条", "第五条")
    assert fares.results == ("结论", "票价")
    assert fares.readings == () == fares.used_by, "its own reading is no ground elsewhere"


def test_what_stands_under_no_clause_is_looked_through(bus: Rulebook) -> None:
    assert clause_relations(bus)["第三条"].facts == ("行程.里程",)
    assert clause_relations(bus)["第三条"].reads == ("长途",)
    assert clause_relations(bus)["第三条"].clauses == ()


def test_requirements_are_read_with_their_clause(bus: Rulebook) -> None:
    passengers = clause_relations(bus)["第二条"]
    assert passengers.requirements == ("不坐长途",)
    assert passengers.reads == ("起始年龄",), "what only this clause defines is left out"
    assert passengers.clauses == ("第三条",)
    assert passengers.used_by == ("第四条",)
    assert passengers.read_by == ("结论", "票价")


def test_what_the_gate_reads_reaches_every_result(bus: Rulebook) -> None:
    assert clause_relations(bus)["第一条"].reaches == ("结论", "票价")
    assert clause_relations(bus)["第一条"].used_by == ()
    assert clause_relations(bus)["第一条"].facts == ("行程",), "a list of which no field is read"


def test_a_definition_has_relations_of_its_own(bus: Rulebook) -> None:
    each = definition_relations(bus)
    assert each["起始年龄"].read_by == ("乘客的属于该类",)
    assert each["起始年龄"].used_by == ("第二条",)
    assert each["长短"].reads == ("长途",)
    assert each["票价"].results == ("票价",) == each["票价"].reaches
    assert each["优惠乘客"].facts == ()


def test_a_value_of_one_member_rests_on_the_rules_for_it_alone(bus: Rulebook) -> None:
    relations = clause_relations(load_text(MEMBERS).rulebook)
    assert relations["第三条"].clauses == ("第一条",)
    assert relations["第二条"].used_by == ()


MEMBERS = """规则书 成员
枚举 类：甲、乙
事实 人
  大：是否
结果 答：是否
派生 类 的 值：是否

## 第一条 甲
规则 甲
  对 甲
  值 为 人.大

## 第二条 乙
规则 乙
  对 乙
  值 为 非 人.大

## 第三条 对
规则 对
  答 为 甲 的 值
"""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_relations_of_real_rulebooks_agree_from_both_ends(folder: Path) -> None:
    rulebook = load_rulebook(folder).rulebook
    relations = clause_relations(rulebook)
    assert tuple(relations) == tuple(clause.id for clause in rulebook.clauses)
    for clause, found in relations.items():
        assert clause not in (*found.clauses, *found.used_by)
        assert set(found.facts) <= {*rulebook.facts, *(group.name for group in rulebook.groups)}
        for other in found.clauses:
            assert clause in relations[other].used_by
        for other in found.used_by:
            assert clause in relations[other].clauses
    for name, of_definition in definition_relations(rulebook).items():
        assert name not in of_definition.reads
        assert set(of_definition.results) <= set(of_definition.reaches)


def test_an_import_is_looked_through_down_to_the_facts() -> None:
    """A rulebook that names a value of another reads the facts it gives that other."""
    rulebook = load_rulebook(ROOT / "tests" / "rulebooks" / "water").rulebook
    term = clause_relations(rulebook)["第十一条"]
    assert term.reads == ("历.顺延后",)
    assert term.facts == ("账期.抄表日期",)
    assert term.clauses == (), "clauses of the other rulebook are not ours, whatever their number"
