"""A small rulebook to ask, and what every refutation has to be: valid, decided, and true."""

from collections.abc import Iterable
from typing import Any

from luling.runtime import load_text
from luling.runtime.decide import Decision, Engine
from luling.runtime.proofs.answer import Answer, Question, Verdict
from luling.runtime.proofs.verify import verify

FACTS = """规则书 例

枚举 等级：初级、中级、高级、不分等级
  次序 初级、中级、高级

事实 人
  等级：等级
  工龄：整数
  残疾：是否
  工资：金额
  出生日期：日期
  申请日期：日期
  受伤日期：日期 或 空
  户：甲、乙

列表 证书
  等级：等级
  取得日期：日期

核对 出生在申请之前
  须 人.出生日期 不晚于 人.申请日期
  错在 人.出生日期
  说明 「出生日期晚于申请日期。」

"""


class Asked:
    """The answers of a rulebook, by what they are about."""

    def __init__(self, text: str, *questions: Question, head: str = "", **more: Any) -> None:
        self.engine: Engine = load_text(FACTS.replace("\n", f"\n{head}", 1) + text)
        found: Iterable[Answer] = verify(self.engine, questions=questions, **more)
        self.answers = {answer.about: answer for answer in found}

    def verdicts(self) -> dict[str, Verdict]:
        """Every verdict."""
        return {about: answer.verdict for about, answer in self.answers.items()}

    def why(self, about: str) -> str:
        """What was refuted, or not decided."""
        return str(self.answers[about].why)

    def decided(self, about: str) -> Decision:
        """What a fresh interpreter says of the case that refutes."""
        return self.deciding(about, self.case(about))

    def second(self, about: str) -> Decision:
        """The same of the other case of a statement about two."""
        refutation = self.answers[about].refutation
        assert refutation is not None and refutation.second is not None
        return self.deciding(about, refutation.second)

    def deciding(self, about: str, case: dict[str, Any]) -> Decision:
        """A decision under the readings that the refutation names; the case is valid."""
        refutation = self.answers[about].refutation
        assert refutation is not None
        decision = Engine(self.engine.rulebook, refutation.readings).decide(case)
        assert decision.state in ("已定", "规则有误"), decision.faults
        return decision

    def case(self, about: str) -> dict[str, Any]:
        """The case that refutes."""
        answer = self.answers[about]
        assert answer.verdict == "refuted" and answer.refutation is not None
        return answer.refutation.case

    def found(self, about: str) -> list[str]:
        """What came out of it, in words."""
        refutation = self.answers[about].refutation
        return [] if refutation is None else [str(line) for line in refutation.found]
