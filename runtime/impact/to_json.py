"""An impact as JSON values: money as text in yuan, as decisions have it."""

from __future__ import annotations

import json
from typing import Any

from luling.compiler.diagnostics.entry import Language
from luling.compiler.ir import types as t
from luling.compiler.ir.values import Exact, to_json

from .model import Breakdown, Causes, Impact, Large, Matrix, Moved, Reasons, Total
from .sides import Sides


def impact_json(impact: Impact, sides: Sides, language: Language = "zh") -> dict[str, Any]:
    """All counts and sums."""
    old, new = (
        {"规则书": one.rulebook.title, "版本": one.rulebook.version,
         "文件夹": one.folder.as_posix()}
        for one in sides.loaded
    )  # fmt: skip
    gone, added = sides.alone
    return {
        "旧": old,
        "新": new,
        "按都适用来判": sides.as_if_both_applied,
        "案件": impact.cases,
        "变了": impact.moved,
        "状态": _matrix(impact.states),
        "结果": {name: {"变了": moved, "不能比": open_} for name, moved, open_ in impact.results},
        "只有一版有的结果": [*gone, *added],
        "金额": {one.name: _total(one) for one in impact.totals},
        "排序用的金额": impact.leading,
        "分组": {one.dimension.label: _breakdown(one) for one in impact.breakdowns},
        "从到": {one.name: _matrix(one) for one in impact.matrices},
        "理由": {one.name: _reasons(one) for one in impact.reasons},
        "起因": None if impact.causes is None else _causes(impact.causes),
        "变动最大": [_large(one, language) for one in impact.largest],
        "没有列": list(impact.without),
    }


def _yuan(amount: Exact) -> object:
    return to_json(amount, t.MONEY)


def _moved(one: Moved) -> dict[str, object]:
    return {
        "增": one.up, "共增": _yuan(one.up_sum), "减": one.down, "共减": _yuan(one.down_sum),
        "不变": one.still, "不能比": one.open,
    }  # fmt: skip


def _total(one: Total) -> dict[str, object]:
    most = {"最多增": one.most_up, "最多减": one.most_down}
    return {
        "旧": _yuan(one.old), "新": _yuan(one.new), "差": _yuan(one.difference),
        "旧有": one.old_cases, "新有": one.new_cases, **_moved(one.moved),
        **{
            key: None if found is None else {"案件编号": found[0], "差": _yuan(found[1])}
            for key, found in most.items()
        },
    }  # fmt: skip


def _breakdown(one: Breakdown) -> list[dict[str, object]]:
    return [
        {
            "值": group.value.shown, "案件": group.cases, "变了": group.moved,
            "金额": {name: _moved(money) for name, money in group.money.items()},
        }
        for group in one.groups
    ]  # fmt: skip


def _matrix(one: Matrix) -> list[dict[str, object]]:
    return [
        {
            "从": cell.old.shown, "到": cell.new.shown, "案件": cell.cases,
            **({"差": {name: _yuan(sum_) for name, sum_ in cell.money.items()}}
               if cell.money else {}),
        }
        for cell in one.cells
    ]  # fmt: skip


def _reasons(one: Reasons) -> list[dict[str, object]]:
    return [
        {"条款": r.clause, "旧": r.old, "新": r.new, "新添": r.came, "不再有": r.went}
        for r in one.clauses
    ]


def _causes(one: Causes) -> dict[str, object]:
    return {
        "试了": one.tried,
        "变了": one.moved,
        "几条一起": one.together,
        "条款": [
            {
                "条款": c.clause, "案件": c.cases, "全部还原": c.restored, "金额不同": c.money,
                "因它多": _yuan(c.up), "因它少": _yuan(c.down), "改动": list(c.changes),
            }
            for c in one.clauses
        ],
    }  # fmt: skip


def _large(one: Large, language: Language) -> dict[str, object]:
    return {
        "案件编号": one.number,
        "结果": [
            {"结果": step.name, "旧": step.old, "新": step.new, "差": getattr(step.far, language)}
            for step in one.steps
        ],
        "起因": [{"条款": clause, "改动": key} for clause, key in one.causes],
        "几处一起": one.together,
        "旧版": list(one.old[language]),
        "新版": list(one.new[language]),
        "案件": plain_case(one.case),
    }


def plain_case(case: dict[str, Any]) -> dict[str, Any]:
    """A case as JSON holds it: numbers with decimals as text."""
    found: dict[str, Any] = json.loads(json.dumps(case, default=str))
    return found
