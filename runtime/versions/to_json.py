"""A comparison as JSON values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from luling.compiler.diagnostics.entry import Language
from luling.compiler.ir.values import to_json

from ..rulebooks import Loaded
from .change import RuleChange
from .comparison import Comparison
from .differences import Detail
from .examples import Compared
from .joined import Joined
from .outcomes import Outcomes, Region, ResultComparison
from .text import TextChange
from .words import step

_TEXT = {
    "same": "相同", "changed": "改写", "moved": "移动", "added": "新增", "removed": "删去",
    "unquoted": "未引",
}  # fmt: skip
_OPS = {"same": "同", "removed": "去", "added": "添"}
_RULES = {"added": "新增", "removed": "删去", "renamed": "改名", "changed": "改动"}
_VERDICTS = {"same": "相同", "differs": "不同", "undecided": "未定"}
_STANDINGS = {
    "both": "条文和结果都变", "text": "条文变，结果不变", "silent": "结果变，条文不变",
    "unquoted": "结果变，条文未引", "idle": "规则变，结果不变",
}  # fmt: skip


def comparison_json(comparison: Comparison, language: Language) -> dict[str, Any]:
    """All that was compared; a part that was not asked for is not there."""
    found: dict[str, Any] = {
        "旧": _version(comparison.old), "新": _version(comparison.new), "相同": comparison.same,
        "按都适用来比": comparison.as_if_both_applied,
    }  # fmt: skip
    if comparison.text is not None:
        found["条文"] = [_text(change) for change in comparison.text if change.kind != "same"]
    if comparison.rules is not None:
        found["规则"] = [_rule(change) for change in comparison.rules]
    if comparison.outcomes is not None:
        found["结果"] = [_result(result, language) for result in comparison.outcomes.results]
        found["假定"] = list(comparison.outcomes.assumptions)
        found["只有一版有的结果"] = [*comparison.outcomes.gone, *comparison.outcomes.added]
    if comparison.joined is not None:
        found["条文与结果"] = [_joined(one) for one in comparison.joined]
    if comparison.examples is not None:
        found["示例"] = _examples(comparison.examples, language)
    return found


def _version(loaded: Loaded) -> dict[str, str]:
    book = loaded.rulebook
    return {
        "规则书": book.title, "文号": book.document, "版本": book.version,
        "文件夹": loaded.folder.as_posix(),
    }  # fmt: skip


def _text(change: TextChange) -> dict[str, Any]:
    return {
        "旧": change.old.id if change.old is not None else None,
        "新": change.new.id if change.new is not None else None,
        "标题": change.title,
        "情形": _TEXT[change.kind],
        "改写": change.reworded,
        "文字": [{_OPS[part.op]: part.text} for part in change.parts],
    }


def _rule(change: RuleChange) -> dict[str, Any]:
    return {
        "名称": change.key, "情形": _RULES[change.kind], "旧": change.old_clause,
        "新": change.new_clause, "改动": [_detail(detail) for detail in change.details],
        "影响判定": change.substantial,
    }  # fmt: skip


def _detail(detail: Detail) -> dict[str, Any]:
    far = {"变化": detail.amount} if detail.amount else {}
    return {"何处": detail.what, "旧": detail.old, "新": detail.new, **far}


def _result(result: ResultComparison, language: Language) -> dict[str, Any]:
    return {
        "结果": result.name,
        "结论": _VERDICTS[result.verdict],
        "情形": [_region(result, region, language) for region in result.regions],
        "还有": result.more,
        **({"未定原因": result.why} if result.why else {}),
    }


def _region(result: ResultComparison, region: Region, language: Language) -> dict[str, Any]:
    witness = region.witness
    amount = step(region.old, region.new, result.type, language)
    return {
        "条件": list(region.conditions),
        "另须": list(region.ordinary),
        "旧": to_json(region.old, result.type),
        "新": to_json(region.new, result.type),
        **({"变化": amount} if amount else {}),
        "起因": list(region.causes),
        "最小例": {
            "基准": witness.baseline,
            "不同": [
                {"事实": one.path, "基准": one.plain, "取": one.value} for one in witness.changes
            ],
            "案件": witness.case,
            "旧": witness.old.to_json(language),
            "新": witness.new.to_json(language),
        },
    }


def _joined(one: Joined) -> dict[str, Any]:
    return {
        "条款": one.clause, "情形": _STANDINGS[one.standing], "结果": list(one.results),
        "规则": [rule.key for rule in one.acting], "可能还有": one.open,
    }  # fmt: skip


def _examples(examples: Iterable[Compared], language: Language) -> dict[str, Any]:
    found = list(examples)
    return {
        "个数": len(found),
        "变化": [_compared(one) for one in found if one.differs],
        "不能判定": [
            {"名称": one.subject.name, "说明": getattr(one.problem, language)}
            for one in found
            if one.problem is not None
        ],
    }


def _compared(one: Compared) -> dict[str, Any]:
    return {
        "名称": one.subject.name,
        "来源": one.subject.source,
        "条款": list(one.subject.clauses),
        "结果": [
            {
                "名称": flip.name, "旧": flip.old, "新": flip.new,
                **({"变化": flip.amount} if flip.amount else {}),
            }
            for flip in one.flips
        ],
    }  # fmt: skip


def outcome_count(outcomes: Outcomes) -> dict[str, int]:
    """How many results are the same, differ, and are undecided."""
    return {
        verdict: sum(result.verdict == verdict for result in outcomes.results)
        for verdict in ("same", "differs", "undecided")
    }
