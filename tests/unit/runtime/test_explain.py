"""What the short account of a decision tells and what it leaves out."""

from luling.runtime import load_text
from luling.runtime.explain import Account

FEE = """规则书 收费
事实 人
  年龄：整数（岁）
结果 费用：金额

## 一 费用

> 一、每次10元；年满60周岁的，免收。

规则 一般
  费用 为 10元

例外 免收 优先于 一般
  当 人.年龄 满 60岁
  费用 为 0元
"""


def test_an_amount_of_nothing_has_its_reason_too() -> None:
    """0 is not 否: who pays nothing is told by which clause."""
    engine = load_text(FEE)
    assert "  一 免收：费用 0.00元" in Account(engine.decide({"人": {"年龄": 60}})).short()
    assert "  一 一般：费用 10.00元" in Account(engine.decide({"人": {"年龄": 59}})).short()
