"""`part.luling` as a decision graph of the zen engine, as its editor would write it: two decision
tables and two expression nodes, each of which hands on what it was given.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import zen
from part import LEVELS, STANDARD

KEY = "part"


def _table(name: str, fields: dict[str, str], output: str, rules: list[list[str]]) -> Any:
    """A decision table node: the first row that fits gives the output."""
    inputs = [{"id": f"i{n}", "name": f, "field": f} for n, f in enumerate(fields.values())]
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
                {"_id": f"{name}{n}", **dict(zip(places, rule, strict=True))}
                for n, rule in enumerate(rules)
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
                {"id": f"{name}{n}", "key": key, "value": value}
                for n, (key, value) in enumerate(values.items())
            ],
        },
    }


STANDARDS = [
    [f'"{kind}"', f'"{level}"', str(amount)]
    for kind, amounts in STANDARD.items()
    for level, amount in zip(LEVELS, amounts, strict=True)
]
SHARES = [
    ['"在职人员","养老家政从业人员"', "", "0.8"],
    ['"高校毕业学年学生","中职毕业学年学生"', "false", "0.8"],
    ['"未就业人员"', "true", "1.2"],
    ["", "", "1"],
]
ELIGIBLE = (
    'class != "未列入" and listed and way == "职业技能评价" and times < 3'
    ' and (identity != "在职人员" or months >= 6)'
)


def graph() -> dict[str, Any]:
    """The decision graph as JSON has it."""
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        _table("standards", {"class": "class", "level": "level"}, "standard", STANDARDS),
        _table("shares", {"identity": "identity", "working": "working"}, "share", SHARES),
        _expressions("conditions", {"eligible": ELIGIBLE}),
        _expressions("amounts", {"amount": "eligible ? standard * share : 0"}),
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
