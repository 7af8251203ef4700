"""Why something could not be decided, in both languages."""

from __future__ import annotations

from typing import Final

from ..diagnostics.entry import Both

TOO_LARGE: Final = "判定图的结点超过限额"
NOT_SO: Final = "求得的案件复演不是这样"
# By the words that `Exhausted` and `Unclear` carry.
_ENGLISH: Final = {
    TOO_LARGE: "the decision diagram has too many nodes",
    "超过时限": "the time is up",
    "搜索的步数超过限额": "the search took more steps than it may",
    "要看的情形太多": "there are too many ways to look at",
    NOT_SO: "the case that was found does not come out so when it is decided",
    "求得的案件复演没有差别": "the case that was found shows no difference when it is decided",
    "个数、合计与其他事实相比": "a count or a sum is compared with other facts",
    "清单的合计": "a sum over a list",
    "期间的合计": "a sum of periods",
    "值随事实而变，说不清": "a value that depends on facts, not clear how",
    "清单的内容": "what lists hold",
    "清单的条件": "a condition on the items of a list",
    "清单的条件之中又问清单": "a condition on the items of a list asks of a list again",
    "逐项列出清单的结果": "a result listed item by item",
    "逐项取值的清单随事实而变": "values of the items of a list that depends on facts",
    "筛选随事实而变的清单": "a choice from a list that depends on facts",
    "合并随事实而变的清单": "lists joined that depend on facts",
    "从随事实而变的清单中择优": "the best of a list that depends on facts",
    "条款清单随事实而变": "a list of clauses that depends on facts",
    "属于清单": "whether something is in a list",
    "择优的标准": "what the best of a list is chosen by",
    "比较清单的内容": "a comparison of what lists hold",
    "比较期间": "a comparison of periods",
    "日期可能超出历法": "a date may lie beyond the calendar",
    "说不清案件是否合于核对": "it is not clear whether a case passes its checks",
    "说不清条件是否成立": "it is not clear whether a condition holds",
    "期间随事实而变的起顺延满": "起顺延满 with a period that depends on facts",
}


def in_both(why: str) -> Both:
    """A reason, or several joined by ；, in both languages."""
    return Both(why, "; ".join(_ENGLISH.get(part, part) for part in why.split("；")))
