"""A part of the notice that other engines can express too, and rows to decide by it.

The rules are `part.luling`: who the subsidy is for, conditions, shares, a table of amounts, halves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

RULES = Path(__file__).with_name("part.luling")

CLASSES = ("A", "B", "C", "未列入")
LEVELS = ("五级", "四级", "三级", "二级", "一级", "不分等级")
IDENTITIES = (
    "在职人员", "灵活就业人员", "残疾人", "就业困难人员", "高校毕业学年学生", "中职毕业学年学生",
    "未就业人员",
)  # fmt: skip
HOMES = ("本市", "外省市")
SCHOOLS = ("无", "中等职业学校", "高等院校")
WAYS = ("职业技能评价", "企业直接认定", "竞赛晋升", "境外证书比照发证", "表彰")
STANDARD = {
    "A": (1950, 2600, 3250, 3900, 4550, 1000),
    "B": (1500, 2000, 2700, 3200, 3700, 800),
    "C": (800, 800, 1500, 1500, 1500, 500),
}
RESULTS = ("可享受", "享受身份", "补贴标准", "补贴比例", "补贴金额", "市级承担", "区级承担")

# Facts by path: the names of an enumeration with their weights, a chance, or a highest number.
FACTS: dict[str, Any] = {
    "申请.获证后月数": 26,
    "申请.当年次数": 3,
    "申请.当年在职次数": 1,
    "申请人.户籍": (HOMES, (70, 30)),
    "申请人.劳动年龄": 0.95,
    "获证时.劳动关系": 0.5,
    "获证时.参保缴费": 0.9,
    "获证时.灵活就业登记": 0.15,
    "获证时.灵活就业参保": 0.15,
    "获证时.养老和医疗参保": 0.2,
    "获证时.残疾人": 0.05,
    "获证时.就业困难": 0.05,
    "获证时.在读院校": (SCHOOLS, (70, 12, 18)),
    "获证时.毕业学年": 0.4,
    "获证时.未就业": 0.2,
    "获证时.在沪就业月数": 20,
    "证书.补贴类别": (CLASSES, (32, 32, 32, 4)),
    "证书.等级": (LEVELS, (26, 28, 27, 8, 5, 6)),
    "证书.随申办可查询": 0.98,
    "证书.取得方式": (WAYS, (92, 2, 2, 2, 2)),
    "证书.技岗匹配项目": 0.1,
    "就业.申请时在沪就业": 0.6,
    "就业.已提供材料": 0.7,
}


def rows(count: int, seed: int = 7) -> pa.Table:
    """So many made-up cases in the table form: the same for the same seed."""
    rng = np.random.default_rng(seed)
    columns = {path: _column(rng, shape, count) for path, shape in FACTS.items()}
    return pa.table({"案件编号": np.arange(1, count + 1), **columns})


def _column(rng: np.random.Generator, shape: Any, count: int) -> Any:
    match shape:
        case float():
            return rng.random(count) < shape
        case int():
            return rng.integers(0, shape + 1, count).astype(np.int32)
        case (names, weights):
            shares = np.array(weights) / sum(weights)
            codes = rng.choice(len(names), count, p=shares).astype(np.int32)
            return pa.DictionaryArray.from_arrays(codes, pa.array(names)).cast(pa.string())
        case _:
            raise TypeError(shape)
