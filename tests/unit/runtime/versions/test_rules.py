"""Two compiled rulebooks part by part, and one change taken back."""

from pathlib import Path

import pytest

from luling.compiler.ir.rulebook import Rulebook
from luling.runtime import load, load_text
from luling.runtime.decide import Engine
from luling.runtime.examples import run_examples
from luling.runtime.mutate import mutants
from luling.runtime.versions.rules import Versions, hybrid, rule_changes

ROOT = Path(__file__).parents[4]
BOOK = """规则书 停车费
  施行 自 2025-01-01 依 车.日期
  适用条件 车.日期 不早于 2025-01-01
  不适用时 结论 为 不适用

单位 小时

枚举 车型：小型、大型、摩托

事实 车
  车型：车型
    问 「什么车？」
  日期：日期
    问 「哪一天？」
  日期代码：文本
    问 「几月几日？」
  时长：整数（小时）
    问 「停了多久？」
  残障：是否
    问 「是不是残障人士的车？」

核对 时长不超过一天
  须 车.时长 不超过 24小时
  错在 车.时长
  说明 「超过一天的另行计算。」

结果 结论：收费、免费、不适用
结果 费用：金额 或 空

## 一 标准

参数 封顶：金额
  依 车.日期
  自 2025-01-01 为 50元
  自 2025-07-01 为 60元

表 单价：金额
  行 车型
  列 车.残障类别
  |      | 一般 | 优待 |
  |------|------|------|
  | 小型 | 5元  | 2元  |
  | 大型 | 8元  | 4元  |
  | 摩托 | 2元  | 1元  |

名录 免费日
  | 代码 | 名称 |
  |------|------|
  | 1001 | 国庆 |
  | 0101 | 元旦 |

解读 半小时
  问 「不足一小时的怎样算？」
  取 按一小时
  另 不算
  理由 「通知没有说。」

派生 小时数：数 为 若 按解读 半小时 取 按一小时 则 数值（车.时长）否则 0

规则 一般收费
  费用 为 较小者（单价（车.车型，车.残障类别）× 小时数，封顶）

例外 首小时免费 优先于 一般收费
  当 车.时长 不超过 1小时
  费用 为 0元

## 二 免费

要求 不在免费日
  须 车.日期代码 不属于 免费日 的 代码

规则 收费
  结论 为 收费

例外 免费日免费 优先于 收费
  当 非 全案满足要求 或 费用 为 0元
  结论 为 免费
"""
BOOK = BOOK.replace(
    "  残障：是否\n", "  残障类别：一般、优待\n    问 「哪一类？」\n  残障：是否\n", 1
)


def book(*changes: tuple[str, str]) -> Rulebook:
    """The rulebook with some of its text exchanged, each place once."""
    text = BOOK
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_text(text).rulebook


def told(old: Rulebook, new: Rulebook) -> dict[str, list[str]]:
    """The changes by key, in words."""
    return {c.key: [d.words for d in c.details] for c in rule_changes(old, new)}


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("自 2025-07-01 为 60元", "自 2025-07-01 为 65元", "参数 封顶",
         ["自2025-07-01：60.00元 → 65.00元（增 5.00元）"]),
        ("| 大型 | 8元  | 4元  |", "| 大型 | 7.50元 | 4元 |", "表 单价",
         ["（大型，一般）：8.00元 → 7.50元（减 0.50元）"]),
        ("  | 0101 | 元旦 |\n", "", "名录 免费日", ["行：去掉 0101，元旦"]),
        ("| 元旦 |", "| 新年 |", "名录 免费日", ["0101 的 名称：元旦 → 新年"]),
        ("取 按一小时\n  另 不算", "取 不算\n  另 按一小时", "解读 半小时",
         ["取：按一小时 → 不算"]),
        ("当 车.时长 不超过 1小时", "当 车.时长 不超过 2小时", "例外 首小时免费",
         ["当：1小时 → 2小时（增 1小时）"]),
        ("当 车.时长 不超过 1小时", "当 车.时长 少于 1小时", "例外 首小时免费",
         ["当：车.时长 不超过 1小时 → 车.时长 少于 1小时"]),
        ("当 车.时长 不超过 1小时", "当 车.时长 不超过 1小时 且 车.残障", "例外 首小时免费",
         ["当：添 车.残障"]),
        ("  当 车.时长 不超过 1小时\n", "", "例外 首小时免费", ["当：去掉 车.时长 不超过 1小时"]),
        ("须 车.日期代码 不属于", "须 车.残障 或 车.日期代码 不属于", "要求 不在免费日",
         ["须：添 车.残障"]),
        ("须 车.时长 不超过 24小时", "须 车.时长 不超过 48小时", "核对 时长不超过一天",
         ["须：24小时 → 48小时（增 24小时）"]),
        ("适用条件 车.日期 不早于 2025-01-01", "适用条件 车.日期 不早于 2025-03-01", "适用条件",
         ["适用条件：2025-01-01 → 2025-03-01（晚 59日）"]),
        ("自 2025-01-01 依 车.日期", "自 2025-01-03 依 车.日期", "施行",
         ["自：2025-01-01 → 2025-01-03（晚 2日）"]),
        ("则 数值（车.时长）否则 0", "则 数值（车.时长）否则 1", "派生 小时数",
         ["为：0 → 1（增 1）"]),
        ("小型、大型、摩托", "大型、小型、摩托", "枚举 车型",
         ["列示：小型、大型、摩托 → 大型、小型、摩托"]),
        ("时长：整数（小时）", "时长：数（小时）", "事实 车.时长",
         ["类型：整数（小时） → 数（小时）"]),
        ("结论：收费、免费、不适用", "结论：收费、免费、不适用、缓收", "枚举 结论",
         ["成员：添 缓收"]),
    ],
)  # fmt: skip
def test_a_change_is_told_in_the_smallest_words(
    old: str, new: str, key: str, words: list[str]
) -> None:
    """It is the only one, and the other way round it is one too."""
    assert told(book(), book((old, new))) == {key: words}
    assert list(told(book((old, new)), book())) == [key]


def test_nothing_differs_between_a_rulebook_and_itself() -> None:
    """Nor where only notes, questions of facts and the order of entries did."""
    assert told(book(), book()) == {}
    assert told(book(), book(("问 「什么车？」", "问 「哪种车？」"))) == {}


def test_what_came_and_went_is_told_with_what_it_said() -> None:
    """In either direction."""
    change = (
        "## 二 免费\n",
        "例外 残障人士免费 优先于 一般收费\n  当 车.残障\n  费用 为 0元\n\n## 二 免费\n",
    )
    words = "优先于 一般收费：当 车.残障，费用 为 0.00元"
    assert told(book(), book(change)) == {"例外 残障人士免费": [f"添 {words}"]}
    assert told(book(change), book()) == {"例外 残障人士免费": [f"去掉 {words}"]}


def test_a_rule_under_another_name_is_the_same_rule() -> None:
    """Renamed where it says the same, changed where it does not quite."""
    name = ("例外 首小时免费", "例外 第一小时免费")
    (renamed,) = rule_changes(book(), book(name))
    assert (renamed.kind, renamed.key) == ("renamed", "例外 第一小时免费")
    assert not renamed.substantial
    more = ("不超过 1小时", "不超过 2小时")
    (changed,) = rule_changes(book(), book(name, more))
    assert (changed.kind, changed.substantial) == ("changed", True)
    assert (changed.old_name, changed.new_name) == ("首小时免费", "第一小时免费")


def test_a_name_that_many_rules_read_is_told_once() -> None:
    """What reads it did not change."""
    text = BOOK.replace("小时数", "计费小时数")
    assert told(book(), load_text(text).rulebook) == {
        "改名 派生 计费小时数": ["名称：小时数 → 计费小时数"]
    }


def test_two_values_that_happen_to_be_equal_are_not_one() -> None:
    """A constant of its own says too little to be known by."""
    one = load_text("规则书 例\n参数 甲：整数 为 4\n结果 果：整数 为 甲\n").rulebook
    other = load_text("规则书 例\n参数 乙：整数 为 4\n结果 果：整数 为 5\n").rulebook
    assert list(told(one, other)) == ["参数 乙", "结果 果", "参数 甲"]


def test_a_table_by_other_classes_is_held_against_what_was_said_of_all() -> None:
    """One price for all, now one for each class: so much more, so much less."""
    head = "规则书 例\n枚举 级：低、高\n枚举 旧类：甲、乙\n枚举 新类：丙、丁\n"
    head += "事实 人\n  级：级\n  旧：旧类\n  新：新类\n"
    table = "表 价：金额\n  行 {}\n  列 级\n  |    | 低  | 高  |\n  |----|-----|-----|\n"
    result = "结果 款：金额 为 价（人.{}，人.级）\n"
    row = "  | {} | {}元 | {}元 |\n"
    old = head + table.format("旧类") + row.format("甲", 1, 2) + row.format("乙", 1, 2)
    new = head + table.format("新类") + row.format("丙", 3, 2) + row.format("丁", 1, 1)
    found = told(
        load_text(old + result.format("旧")).rulebook, load_text(new + result.format("新")).rulebook
    )
    assert found["表 价"] == [
        "行：旧类 → 新类",
        "（丙，低）：1.00元 → 3.00元（增 2.00元）",
        "（丁，高）：2.00元 → 1.00元（减 1.00元）",
    ]


def test_a_change_names_the_parts_it_touches_and_the_clauses_of_both() -> None:
    """For whoever asks what it causes."""
    new = book(("当 车.时长 不超过 1小时", "当 车.时长 不超过 2小时"))
    (change,) = rule_changes(book(), new)
    assert change.units == (("definition", "费用"),)
    assert (change.old_clause, change.new_clause, change.clause) == ("一", "一", "一")


def test_one_change_of_several_is_taken_back_alone() -> None:
    """The rest stays as it is."""
    cell, hour = ("| 大型 | 8元  |", "| 大型 | 9元  |"), ("不超过 1小时", "不超过 2小时")
    old, new = book(), book(cell, hour)
    by_key = {change.key: change for change in rule_changes(old, new)}
    assert told(old, hybrid(new, old, by_key["表 单价"])) == {
        "例外 首小时免费": ["当：1小时 → 2小时（增 1小时）"]
    }
    assert list(told(old, hybrid(new, old, by_key["例外 首小时免费"]))) == ["表 单价"]


def test_what_comes_back_brings_what_it_reads() -> None:
    """A rule that read what the new version has no more."""
    addition = "派生 夜间：是否 为 车.时长 超过 8小时\n"
    rule = "例外 夜间免费 优先于 一般收费\n  当 夜间\n  费用 为 0元\n"
    old = book(("## 二 免费\n", f"{addition}\n{rule}\n## 二 免费\n"))
    versions = Versions(old, book())
    (change,) = [one for one in versions.changes if one.key == "例外 夜间免费"]
    case = {"车型": "小型", "残障类别": "一般", "日期": "2025-02-01", "日期代码": "0201"}
    found = Engine(versions.without(change)).decide({"车": {**case, "时长": 9, "残障": False}})
    assert (found.state, found["费用"]) == ("已定", 0)


WATER = ROOT / "tests" / "rulebooks" / "water"


def test_every_small_change_is_found_and_taken_back() -> None:
    """Of a rulebook with lists, registers, readings and exceptions of exceptions. An exception put
    below its rule is told with both.
    """
    water = load(WATER).rulebook
    for mutant in mutants(water)[::3]:
        versions = Versions(water, mutant.rulebook())
        changes = versions.changes
        assert changes, (mutant.name, mutant.change)
        assert len(changes) == 1 or "优先于" in mutant.change, (mutant.name, mutant.change)
        back = versions.without(*changes)
        assert rule_changes(water, back) == (), (mutant.name, mutant.change)
        for change in changes if len(changes) > 1 else ():
            Engine(versions.without(change))  # half of it still makes a rulebook


def test_taken_back_it_decides_as_the_old_version_did() -> None:
    """The examples of the old version pass again."""
    engine = load(WATER)
    for mutant in mutants(engine.rulebook)[::40]:
        versions = Versions(engine.rulebook, mutant.rulebook())
        back = Engine(versions.without(*versions.changes))
        assert all(outcome.passed for outcome in run_examples(back, engine.rulebook.examples[::3]))
