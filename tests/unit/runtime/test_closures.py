"""Expressions as functions: a list is gone through once a case, but once for each member that it
is another for.
"""

from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.walk import walk
from luling.runtime import load_text
from luling.runtime.interpret import Interpretation

ENGINE = load_text("""规则书 例
枚举 色：红、蓝
列表 单
  数：整数
派生 色 的 下界：整数 为 若 其 为 红 则 1 否则 3
派生 色 的 几个：整数 为 单 中 数 超过 下界 者 的 个数
派生 色 的 头一个：整数，否则 0
规则 头一个
  当 有 （单 中 数 超过 下界 者 按 数 最低者 同则 列前者）
  头一个 为 （单 中 数 超过 下界 者 按 数 最低者 同则 列前者） 的 数
结果 红几个：整数 为 红 的 几个
结果 蓝几个：整数 为 蓝 的 几个
结果 红头：整数 为 红 的 头一个
结果 蓝头：整数 为 蓝 的 头一个
结果 各色：列表 色 为 色 中 几个 超过 1 者
""")
ROWS = [{"数": 2}, {"数": 4}, {"数": 1}]


def test_a_list_that_depends_on_the_member_is_another_for_each() -> None:
    assert ENGINE.decide({"单": ROWS}).results() == {
        "红几个": 2, "蓝几个": 1, "红头": 2, "蓝头": 4, "各色": ["红"],
    }  # fmt: skip


def test_a_list_that_is_the_same_for_all_is_gone_through_once() -> None:
    decision = ENGINE.decide({"单": ROWS})
    assert decision.interpretation is not None
    (rule,) = ENGINE.rulebook.definition["各色"].rules
    filters = [node for node in walk(rule.value) if isinstance(node, ir.Filter)]
    assert [decision.interpretation.lists[id(node)] for node in filters] == [("红",)]


def test_an_expression_that_no_rule_has_can_be_evaluated() -> None:
    interpretation = Interpretation(ENGINE.program, {"单": ()}, {})
    span = ENGINE.rulebook.definition["红几个"].span
    one, other = (ir.Literal(number, t.INTEGER, span) for number in (1, 2))
    less: ir.Compare = ir.Compare("<", one, other, t.BOOL, span)
    assert interpretation.eval(ir.Not(less, t.BOOL, span)) is False
