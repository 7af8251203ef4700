"""必然: as it is stated here, and as it comes with an imported rulebook."""

from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.ir.to_text import invariant_lines
from luling.compiler.pipeline import compile_rulebook
from luling.compiler.source import SourceFile

FARE = """规则书 票价

枚举 座：硬座、软座、卧铺
  次序 硬座、软座、卧铺

事实 票
  里程：整数
  座：座
  学生：是否
  日期：日期 或 空

结果 价：金额 为 若 票.学生 则 5元 否则 若 票.座 在 软座 以上 则 20元 否则 10元

## 一 票价

必然 不过二十元
  当 有 票.日期
  须 价 不超过 20元 且 票.日期 不早于 2000-01-01
  注 「甲」

必然 座位
  随 票.座 提高，价 不减

必然 学生
  当 票.里程 少于 100
  随 票.学生 由否变是，价 不增

必然 日期
  随 票.日期 推迟，价 不减
"""
TRIP = """规则书 旅行

引用 车 自 「车」
  代入 票.里程 为 行程.里程
  代入 票.座 为 硬座
  代入 票.学生 为 行程.学生
  代入 票.日期 为 空

事实 行程
  里程：整数
  学生：是否

结果 花费：金额 为 车.价 加 1元

必然 花费多
  须 花费 超过 车.价
"""


def compiled(text: str, imports: dict[str, Rulebook] | None = None) -> Rulebook:
    """A rulebook without a finding."""
    rulebook, findings = compile_rulebook([SourceFile("a.luling", text)], imports)
    assert not findings
    return rulebook


def test_a_statement_has_its_clause_its_parts_and_its_text() -> None:
    rulebook = compiled(FARE)
    one, seat, student, _ = rulebook.invariants
    assert (one.name, one.clause, one.origin, one.notes) == ("不过二十元", "一", None, ("甲",))
    assert (one.rises, one.value) == (None, None)
    assert (seat.must, seat.rises, seat.direction) == (None, "票.座", "不减")
    assert (student.rises, student.direction) == ("票.学生", "不增")
    assert [invariant_lines(each, rulebook) for each in rulebook.invariants] == [
        ["当 有 票.日期", "须 价 不超过 20.00元 且 票.日期 不早于 2000-01-01"],
        ["随 票.座 提高，价 不减"],
        ["当 票.里程 少于 100", "随 票.学生 由否变是，价 不增"],
        ["随 票.日期 推迟，价 不减"],
    ]


def test_an_imported_statement_is_renamed_and_lost_where_its_fact_is_no_fact_here() -> None:
    rulebook = compiled(TRIP, {"车": compiled(FARE)})
    found = {one.name: one for one in rulebook.invariants}
    assert list(found) == ["花费多", "车.不过二十元", "车.学生"]
    assert found["花费多"].origin is None
    assert found["车.不过二十元"].origin == "票价"
    assert found["车.学生"].rises == "行程.学生"
    assert invariant_lines(found["车.学生"], rulebook) == [
        "当 车.票.里程 少于 100",
        "随 行程.学生 由否变是，车.价 不增",
    ]
