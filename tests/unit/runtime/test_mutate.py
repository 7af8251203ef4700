"""Each kind of change to a rulebook: killed by the example that shows the difference, else not."""

import pytest

from luling.runtime import load_text
from luling.runtime.examples import run_examples
from luling.runtime.mutate import Trial, mutants

HEAD = """规则书 例
枚举 类：甲、乙、丙
枚举 级：低、中、高
  次序 低、中、高
事实 人
  类：类
  级：级
  数目：整数
  款：金额
  日期：日期
  急：是否
  迟：是否
  末日：日期 或 空
列表 旧
  款：金额
"""


def changes(text: str) -> list[tuple[str, str]]:
    """What is changed in a rulebook, and how."""
    return [(mutant.name, mutant.change) for mutant in mutants(load_text(HEAD + text).rulebook)]


def surviving(text: str) -> list[tuple[str, str]]:
    """The changes that no example of a rulebook notices; all its examples pass."""
    engine = load_text(HEAD + text)
    outcomes = list(run_examples(engine))
    assert all(outcome.passed for outcome in outcomes)
    trial = Trial(engine, outcomes)
    return [(m.name, m.change) for m in mutants(engine.rulebook) if trial.noticed_by(m) is None]


def of_expression(type_: str, expression: str) -> list[str]:
    """The changes of one expression."""
    found = changes(f"结果 果：{type_} 为 {expression}\n")
    return [change for _, change in found if change != "删去"]


@pytest.mark.parametrize(
    ("type_", "expression", "expected"),
    [
        ("金额", "2.50元", ["2.50元 → 2.51元", "2.50元 → 2.49元"]),
        ("比例", "80%", ["80% → 81%", "80% → 79%"]),
        ("整数", "3", ["3 → 4", "3 → 2"]),
        ("日期", "2025-02-28", ["2025-02-28 → 2025-03-01", "2025-02-28 → 2025-02-27"]),
        ("类", "丙", ["丙 → 甲"]),
        ("是否", "是", ["是 → 否"]),
        ("文本", "“花”", ["花 → 花改"]),
        ("期间", "30日", ["30日 → 31日", "30日 → 29日"]),
        ("期间", "1年", ["1年 → 1年1个月", "1年 → 11个月", "1年 → 1年1日", "1年 → 1年减1日"]),
    ],
)
def test_a_constant_is_moved_by_its_smallest_step(
    type_: str, expression: str, expected: list[str]
) -> None:
    assert of_expression(type_, expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("人.日期 不早于 人.日期", ["晚于", "早于"]),
        ("人.日期 晚于 人.日期", ["不早于", "不晚于"]),
        ("人.数目 不超过 人.数目", ["少于", "超过"]),
        ("人.级 低于 人.级", ["不高于", "不低于"]),
        ("人.级 为 人.级", ["不为"]),
    ],
)
def test_a_comparison_loses_its_bound_and_is_turned(expression: str, expected: list[str]) -> None:
    left, _, right = expression.split(" ")
    assert of_expression("是否", expression) == [
        f"{expression} → {left} {word} {right}" for word in expected
    ]


def test_connectives_are_exchanged_shortened_and_their_parts_denied() -> None:
    assert of_expression("是否", "人.急 且 人.迟") == [
        "且 → 或：人.急 且 人.迟", "去掉 人.急", "去掉 人.迟",
        "人.急 → 非 人.急", "人.迟 → 非 人.迟",
    ]  # fmt: skip
    assert of_expression("是否", "人.急 或 人.迟")[0] == "或 → 且：人.急 或 人.迟"
    assert of_expression("是否", "非 人.急") == ["人.急 → 非 人.急"]


LEVELS = "级 按 其 最高者 同则"


@pytest.mark.parametrize(
    ("type_", "expression", "change"),
    [
        ("金额", "人.款 加 人.款", "人.款 加 人.款 → 人.款 减 人.款"),
        ("日期", "人.日期 起满 1个月", "人.日期 起满 1个月 → 人.日期 起顺延满 1个月"),
        ("金额", "四舍五入到分（人.款）", "四舍五入到分 → 舍去到分"),
        ("金额", "较大者（人.款，人.款）", "较大者 → 较小者"),
        ("金额 或 空", "旧 的 款 之最大", "旧 的 款 之最大 → 旧 的 款 之最小"),
        ("列表 类", "列出（人.类，甲）", "去掉 甲"),
        (
            "级 或 空",
            f"{LEVELS} 列前者",
            f"{LEVELS} 列前者 → {LEVELS} 列后者",
        ),
    ],
)
def test_what_is_computed_is_changed_too(type_: str, expression: str, change: str) -> None:
    assert change in of_expression(type_, expression)


def test_a_key_that_compares_nothing_is_left_alone() -> None:
    found = of_expression("类 或 空", "类 按 0 最高者 同则 列前者")
    assert found == ["类 按 0 最高者 同则 列前者 → 类 按 0 最高者 同则 列后者"]


def test_what_would_not_compile_is_no_change() -> None:
    """有 人.末日 is asked because the value uses it."""
    guarded = "有 人.末日 且 人.末日 早于 人.日期"
    assert not [c for c in of_expression("是否", guarded) if "去掉 有" in c or "或：" in c]
    asked = "有 人.末日 且 人.急"
    assert "去掉 有 人.末日" in of_expression("是否", asked)


def test_a_rule_without_which_a_value_would_be_missing_is_not_deleted() -> None:
    """The compiler would ask for it; one whose value may be none, or has 否则, is."""
    assert ("结果 果", "删去") not in changes("结果 果：整数 为 1\n")
    assert ("结果 果", "删去") in changes("结果 果：整数 或 空 为 1\n")
    by_member = "派生 类 的 价：整数\n结果 果：整数 为 甲 的 价\n规则 一般\n  价 为 1\n"
    exception = "例外 甲乙 优先于 一般\n  对 甲、乙\n  价 为 2\n"
    found = changes(by_member + exception)
    assert ("规则 一般", "删去") not in found
    assert ("例外 甲乙", "删去") in found and ("例外 甲乙", "对 甲、乙 → 对 乙") in found
    split = by_member.replace("一般\n", "一般\n  对 甲、丙\n") + "规则 乙\n  对 乙\n  价 为 2\n"
    assert ("规则 一般", "对 甲、丙 → 对 丙") not in changes(split)


RULES = """
结果 数：整数 或 空

## 一 规则

规则 一般
  当 人.急
  数 为 1

例外 乙和丙 优先于 一般
  当 人.类 为 乙
  数 为 2

示例 急
  设 人.急 为 是，人.类 为 甲
  得 数 为 1
"""


def test_rules_and_exceptions_are_deleted_made_unconditional_and_reordered() -> None:
    found = changes(RULES)
    assert ("规则 一般", "删去") in found and ("规则 一般", "去掉条件") in found
    assert ("例外 乙和丙", "删去") in found and ("例外 乙和丙", "去掉条件") in found
    assert ("规则 一般", "乙和丙 优先于 一般 → 一般 优先于 乙和丙") in found


def test_a_change_survives_until_an_example_shows_it() -> None:
    assert surviving(RULES) == [
        ("规则 一般", "乙和丙 优先于 一般 → 一般 优先于 乙和丙"),
        ("规则 一般", "去掉条件"),
        ("例外 乙和丙", "删去"),
        ("例外 乙和丙", "乙 → 丙"),
        ("例外 乙和丙", "2 → 3"),
        ("例外 乙和丙", "2 → 1"),
    ]
    second = "示例 乙\n  沿用 急\n  设 人.类 为 乙\n  得 数 为 2\n"
    assert surviving(RULES + second) == [("规则 一般", "去掉条件")]
    calm = "示例 不急\n  沿用 急\n  设 人.急 为 否\n  得 数 为 空\n"
    assert surviving(RULES + second + calm) == []


MEMBERS = """
派生 类 的 价：金额 或 空
结果 全部：列表 类 为 类 中 价 为 1元 且 满足要求 者

## 一 价

规则 价
  对 甲、乙
  价 为 1元

要求 不急
  对 甲、乙
  当 人.迟
  须 非 人.急
"""


def test_members_are_left_out_one_at_a_time() -> None:
    assert ("规则 价", "对 甲、乙 → 对 乙") in changes(MEMBERS)
    assert ("要求 不急", "对 甲、乙 → 对 甲") in changes(MEMBERS)
    calm = "示例 不迟\n  设 人.迟 为 否，人.急 为 是\n  得 全部 为 甲、乙\n"
    late = "示例 迟\n  沿用 不迟\n  设 人.迟 为 是\n  得 全部 为 空\n"
    later = "示例 迟而不急\n  沿用 迟\n  设 人.急 为 否\n  得 全部 为 甲、乙\n"
    left = [change for name, change in surviving(MEMBERS + calm) if name == "要求 不急"]
    assert left == [
        "删去", "对 甲、乙 → 对 乙", "对 甲、乙 → 对 甲", "人.急 → 非 人.急",
    ]  # fmt: skip
    assert surviving(MEMBERS + calm + late + later) == []


TABLED = """
表 价：金额 或 空
  行 类
  列 级
  |    | 低  | 中  | 高  |
  |----|-----|-----|-----|
  | 甲 | 1元 | 2元 | 3元 |
  | 乙 | 4元 | 5元 | 6元 |
  | 丙 | 7元 | 8元 | 空  |
名录 册
  | 号 | 名 |
  |----|----|
  | 01 | 甲 |
  | 02 | 乙 |
结果 款：金额 或 空 为 价（人.类，人.级）
结果 在册：是否 为 “02” 属于 册 的 号
"""


def test_cells_are_changed_and_rows_deleted() -> None:
    first = "示例 一\n  设 人.类 为 甲，人.级 为 低\n  得 款 为 1元，在册 为 是\n"
    left = surviving(TABLED + first)
    assert ("表 价（甲，低）", "1.00元 → 1.01元") not in left
    assert ("表 价（乙，高）", "6.00元 → 6.01元") in left
    assert ("名录 册", "删去第1行（01，甲）") in left
    assert ("名录 册", "删去第2行（02，乙）") not in left


CHECKED = """
  适用条件 人.日期 不早于 2025-05-01
  不适用时 结论 为 不适用
核对 不急则不迟
  须 人.急 或 非 人.迟
  错在 人.迟
  说明 「不急的不会迟。」
结果 结论：可以、不适用，否则 可以
"""


def test_checks_the_gate_and_otherwise_are_changed() -> None:
    text = HEAD.replace("规则书 例\n", "规则书 例\n" + "".join(CHECKED.splitlines(True)[1:3]))
    text += "".join(CHECKED.splitlines(True)[3:])
    engine = load_text(text)
    found = [(m.name, m.change) for m in mutants(engine.rulebook)]
    assert ("核对 不急则不迟", "删去") in found
    assert ("适用条件", "2025-05-01 → 2025-05-02") in found
    assert ("适用条件", "不适用 → 可以") in found
    assert ("结论 的 否则", "可以 → 不适用") in found
    examples = """
示例 当日
  设 人.日期 为 2025-05-01，人.急 为 否，人.迟 为 否
  得 结论 为 可以
示例 前一日
  沿用 当日
  设 人.日期 为 2025-04-30，人.急 为 是，人.迟 为 是
  得 结论 为 不适用
示例 不急而迟
  沿用 当日
  设 人.迟 为 是
  得 错在 人.迟
示例 急而不迟
  沿用 当日
  设 人.急 为 是
  得 结论 为 可以
"""
    engine = load_text(text + examples)
    trial = Trial(engine, list(run_examples(engine)))
    left = [(m.name, m.change) for m in mutants(engine.rulebook) if not trial.noticed_by(m)]
    assert left == []


def test_an_exception_of_several_rules_is_changed_wherever_it_stands() -> None:
    text = RULES.replace(
        "示例 急",
        "例外 丙类 优先于 一般、乙和丙\n  当 人.类 为 丙 或 人.迟\n  数 为 9\n\n示例 急",
    )
    late = "示例 迟的乙\n  沿用 急\n  设 人.类 为 乙，人.迟 为 是\n  得 数 为 9\n"
    found = surviving(text.replace("人.类 为 甲", "人.类 为 甲，人.迟 为 否") + late)
    assert ("例外 丙类", "9 → 10") not in found
    assert ("例外 丙类", "删去") not in found
    assert ("例外 乙和丙", "丙类 优先于 乙和丙 → 乙和丙 优先于 丙类") not in found


def test_only_examples_that_pass_can_notice() -> None:
    wrong = RULES.replace("得 数 为 1", "得 数 为 7")
    engine = load_text(HEAD + wrong)
    trial = Trial(engine, list(run_examples(engine)))
    assert not any(trial.noticed_by(mutant) for mutant in mutants(engine.rulebook))


def test_the_changes_stand_in_the_order_of_the_law_and_are_the_same_each_time() -> None:
    text = (
        RULES.replace("## 一 规则", "## 二 规则") + "\n## 一 前\n\n规则 先\n  当 人.迟\n  数 为 1\n"
    )
    names = [name for name, _ in changes(text)]
    assert names.index("规则 先") < names.index("规则 一般")
    assert changes(text) == changes(text)
