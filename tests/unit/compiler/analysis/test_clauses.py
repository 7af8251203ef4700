"""The ids of clauses and their order in the law."""

import pytest

from luling.compiler.analysis.clauses import clause_order

IN_ORDER = [
    "首部",
    "一",
    "一（一）",
    "一（一）1",
    "一（一）1（1）",
    "一（一）1（2）",
    "一（一）1（10）",
    "一（一）2",
    "一（二）",
    "一（四）1",
    "一（四）3",
    "一（四）8",
    "一（五）",
    "一（十）",
    "一（十一）",
    "二",
    "二（一）",
    "五（三）",
    "十（一）",
    "十一（一）",
    "二十（一）",
    "尾部",
    "附件",
    "附件1",
    "附件2",
    "附件10",
]
ARTICLES = [
    "第一条",
    "第一条第一款",
    "第一条第二款",
    "第一条第二款第一项",
    "第一条第二款第十项",
    "第二条",
    "第十条",
    "第十一条",
    "第二十条",
    "第一百条",
    "第一百零一条",
    "第1260条",
]


@pytest.mark.parametrize("ids", [IN_ORDER, ARTICLES], ids=["notice", "articles"])
def test_clauses_stand_in_the_order_of_the_law(ids: list[str]) -> None:
    orders = [clause_order(clause) for clause in ids]
    assert None not in orders
    assert orders == sorted(orders, key=lambda order: order or ())
    assert len(set(orders)) == len(orders)


def test_the_comma_after_a_part_is_nothing() -> None:
    assert clause_order("一、") == clause_order("一") == ((0, 1),)


def test_digits_and_numerals_are_the_same_article() -> None:
    assert clause_order("第12条") == clause_order("第十二条")


@pytest.mark.parametrize(
    "text",
    ["", "甲", "一（四", "一四）", "第条", "第三", "（）", "一（四）x", "附件一二三四", "一附件",
     "说明", "第十百条", "1" * 5000, "第" + "1" * 5000 + "条"],
    ids=lambda text: str(text)[:12] or "空",
)  # fmt: skip
def test_what_is_no_clause(text: str) -> None:
    assert clause_order(text) is None
