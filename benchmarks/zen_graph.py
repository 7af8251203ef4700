"""`part.luling` as a decision graph of the zen engine, as its editor would write it: expressions
for who it is for and the conditions, decision tables for identity, share and standard.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pyarrow as pa
import zen
from part import LEVELS, STANDARD

KEY = "part"
NAMES = {
    "申请.获证后月数": "months",
    "申请.当年次数": "times",
    "申请.当年在职次数": "timesEmployed",
    "申请人.户籍": "home",
    "申请人.劳动年龄": "ofAge",
    "获证时.劳动关系": "related",
    "获证时.参保缴费": "insured",
    "获证时.灵活就业登记": "registered",
    "获证时.灵活就业参保": "flexInsured",
    "获证时.养老和医疗参保": "bothInsured",
    "获证时.残疾人": "isDisabled",
    "获证时.就业困难": "isInHardship",
    "获证时.在读院校": "school",
    "获证时.毕业学年": "finalYear",
    "获证时.未就业": "isJobless",
    "获证时.在沪就业月数": "monthsEmployed",
    "证书.补贴类别": "class",
    "证书.等级": "level",
    "证书.随申办可查询": "listed",
    "证书.取得方式": "way",
    "证书.技岗匹配项目": "matched",
    "就业.申请时在沪就业": "working",
    "就业.已提供材料": "proved",
}
RESULTS = ("eligible", "identity", "standard", "share", "amount", "city", "district")

CONDITIONS = {
    "local": 'home == "本市"',
    "inOrder": 'class != "未列入" and listed and way == "职业技能评价" and times < 3 and ofAge'
    " and (not matched or (working and proved))",
    "employed": "related and insured and monthsEmployed >= 6 and months >= 6 and months <= 12"
    " and timesEmployed < 1",
    "flexible": 'months <= 12 and (home == "本市" ? (registered or flexInsured) : bothInsured)',
    "disabled": 'home == "本市" and isDisabled and months <= 12',
    "inHardship": 'home == "本市" and isInHardship and months <= 12',
    "college": 'finalYear and school == "高等院校" and level != "五级" and level != "不分等级"'
    " and months <= 24",
    "vocational": 'finalYear and school == "中等职业学校" and months <= 24',
    "jobless": 'home == "本市" and isJobless and months <= 12',
}
# The best share, then the first, as one order of cases: which condition, at work, who.
IDENTITIES = [
    ["jobless", "true", "未就业人员"],
    ["flexible", "", "灵活就业人员"],
    ["disabled", "", "残疾人"],
    ["inHardship", "", "就业困难人员"],
    ["college", "true", "高校毕业学年学生"],
    ["vocational", "true", "中职毕业学年学生"],
    ["jobless", "", "未就业人员"],
    ["employed", "", "在职人员"],
    ["college", "", "高校毕业学年学生"],
    ["vocational", "", "中职毕业学年学生"],
]
HELD = ["jobless", "flexible", "disabled", "inHardship", "college", "vocational", "employed"]
SHARES = [
    ['"在职人员"', "", "0.8"],
    ['"高校毕业学年学生","中职毕业学年学生"', "false", "0.8"],
    ['"未就业人员"', "true", "1.2"],
    ["null", "", "null"],
    ["", "", "1"],
]
STANDARDS = [
    [f'"{kind}"', f'"{level}"', str(amount)]
    for kind, amounts in STANDARD.items()
    for level, amount in zip(LEVELS, amounts, strict=True)
]
AMOUNTS = {
    "eligible": "identity != null",
    "amount": "identity != null ? standard * share : null",
    "city": "identity != null ? floor(standard * share * 50 + 0.5) / 100 : null",
    "district": "identity != null"
    " ? standard * share - floor(standard * share * 50 + 0.5) / 100 : null",
}


def _table(name: str, fields: list[str], output: str, rules: list[list[str]]) -> Any:
    """A decision table node: the first row that fits gives the output."""
    inputs = [{"id": f"i{place}", "name": f, "field": f} for place, f in enumerate(fields)]
    places = [each["id"] for each in inputs] + ["out"]
    return {
        "id": name,
        "type": "decisionTableNode",
        "name": name,
        "content": {
            "hitPolicy": "first",
            "passThrough": True,
            "inputs": inputs,
            "outputs": [{"id": "out", "name": output, "field": output}],
            "rules": [
                {"_id": f"{name}{place}", **dict(zip(places, rule, strict=True))}
                for place, rule in enumerate(rules)
            ],
        },
    }


def _expressions(name: str, values: dict[str, str]) -> Any:
    """An expression node."""
    return {
        "id": name,
        "type": "expressionNode",
        "name": name,
        "content": {
            "passThrough": True,
            "expressions": [
                {"id": f"{name}{place}", "key": key, "value": value}
                for place, (key, value) in enumerate(values.items())
            ],
        },
    }


def graph() -> dict[str, Any]:
    """The decision graph as JSON has it."""
    choices = [
        ["true", at_work, *("true" if each == held else "" for each in HELD), f'"{who}"']
        for held, at_work, who in IDENTITIES
    ]
    none = ["", "", *[""] * len(HELD), "null"]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        _expressions("conditions", CONDITIONS),
        _table("identities", ["inOrder", "working", *HELD], "identity", [*choices, none]),
        _table("shares", ["identity", "working"], "share", SHARES),
        _table("standards", ["class", "level"], "standard", [*STANDARDS, ["", "", "null"]]),
        _expressions("amounts", AMOUNTS),
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    for place, node in enumerate(nodes):
        node["position"] = {"x": 200 * place, "y": 0}
    names = [node["id"] for node in nodes]
    edges = [
        {"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in pairwise(names)
    ]
    return {"nodes": nodes, "edges": edges}


def engine() -> zen.ZenEngine:
    """An engine that has the graph: by the loader that proved quickest."""
    return zen.ZenEngine({"loader": {"type": "static", "content": {KEY: graph()}}})


def decide(engine: zen.ZenEngine, table: pa.Table) -> list[dict[str, Any]]:
    """What the graph says of each row."""
    rows = table.select(list(NAMES)).rename_columns(list(NAMES.values())).to_pylist()
    answers = engine.evaluate_batch([{"key": KEY, "context": row} for row in rows])
    return [answer["data"]["result"] for answer in answers]
