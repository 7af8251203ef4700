"""不测: it says why of what it names, and of nothing else; what it need not say is told."""

from luling.runtime import load_text
from luling.runtime.coverage import measure
from luling.runtime.examples import run_examples
from luling.runtime.mutate import Trial, mutants
from luling.runtime.reasons import Reasons

RULES = """规则书 例
事实 人
  数：整数
参数 份：整数 为 1
结果 商：数 为 人.数 ÷ 份
结果 商二：数 为 人.数 ÷ 份
结果 多：是否 为 人.数 × 2 超过 0

示例 一
  设 人.数 为 6
  得 商 为 6，商二 为 6，多 为 是
"""
EQUAL = "人.数 ÷ 份 → 人.数 × 份"


def reasons(untested: str) -> Reasons:
    """The reasons of the rulebook with something explained."""
    return Reasons(load_text(RULES + untested).rulebook)


def test_a_reason_is_for_the_named_change_of_the_named_thing() -> None:
    found = reasons(f"不测 商 “{EQUAL}”、“删去”\n  理由 「一份。」\n")
    assert found.of("结果 商", EQUAL) == "一份。"
    assert found.of("结果 商（另一个量）", "删去") == "一份。"
    assert found.of("结果 商二", EQUAL) is None
    assert found.of("结果 商", "1 → 2") is None


def test_spaces_do_not_matter() -> None:
    assert (
        reasons("不测 商 “人.数÷份→人.数×份”\n  理由 「一份。」\n").of("结果 商", EQUAL) == "一份。"
    )


def test_a_label_names_tables_defaults_and_the_rulebook() -> None:
    found = reasons("不测 份 “甲”\n  理由 「无。」\n不测 例 “乙”\n  理由 「无。」\n")
    for label in ("表 份（子，丑）", "名录 份 第1行（01）", "份 的 否则", "解读 份 取 甲"):
        assert found.of(label, "甲") == "无。"
    assert found.of("份额 的 否则", "甲") is None
    assert found.of("适用条件", "乙") == "无。"


def test_what_nothing_asked_for_is_idle() -> None:
    found = reasons(f"不测 商 “{EQUAL}”、“没有的”\n  理由 「一份。」\n")
    assert [change for _, change in found.idle()] == [EQUAL, "没有的"]
    found.of("结果 商", EQUAL)
    assert [(one.name, change) for one, change in found.idle()] == [("商", "没有的")]


def test_survivors_and_gaps_of_coverage_are_explained_alike() -> None:
    gap = "人.数 × 2 从未少于 0"
    untested = f"不测 商 “{EQUAL}”\n  理由 「一份。」\n不测 多 “{gap}”\n  理由 「数不为负。」\n"
    engine = load_text(RULES + untested)
    outcomes = list(run_examples(engine))
    said = Reasons(engine.rulebook)
    point = next(p for p in measure(engine, outcomes, said).points if p.lacking.zh == gap)
    assert (point.covered, point.count, point.reason) == (True, 0, "数不为负。")
    trial = Trial(engine, outcomes)
    survivors = [m for m in mutants(engine.rulebook) if trial.noticed_by(m) is None]
    assert [m.name for m in survivors if said.of(m.name, m.change)] == ["结果 商"]
    assert list(said.idle()) == []
