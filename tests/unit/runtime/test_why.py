"""What a decision rests on where something that was not needed contradicts itself."""

from luling.runtime import load_text

ENGINE = load_text("""规则书 例
事实 甲
  先：是否
  真：是否
  数：整数
派生 量：整数
规则 一
  量 为 1
规则 二
  当 甲.数 超过 1
  量 为 2
结果 果：是否 为 甲.先 或 量 超过 0 或 甲.真
""")


def test_a_contradiction_that_nothing_rests_on_is_left_aside() -> None:
    decision = ENGINE.decide({"甲": {"真": True, "数": 5}})
    assert (decision.state, decision.results()) == ("已定", {"果": True})
    assert decision.to_json()["依据"] == []


def test_a_contradiction_that_is_asked_for_is_told() -> None:
    decision = ENGINE.decide({"甲": {"真": True, "数": 5, "先": False}})
    assert decision.state == "规则有误"
    assert [fault.code for fault in decision.faults] == ["L0690"]
