"""A part of the notice that other engines can express too, and rows to decide by it.

The rules are `part.luling`: a table of amounts by class and level, shares by identity, conditions.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

RULES = Path(__file__).with_name("part.luling")

CLASSES = ("A", "B", "C", "未列入")
LEVELS = ("五级", "四级", "三级", "二级", "一级", "不分等级")
IDENTITIES = (
    "在职人员", "灵活就业人员", "残疾人", "退役士兵", "就业困难人员", "高校毕业学年学生",
    "中职毕业学年学生", "未就业人员", "养老家政从业人员",
)  # fmt: skip
WAYS = ("职业技能评价", "企业直接认定", "竞赛晋升", "境外证书比照发证", "表彰")
STANDARD = {
    "A": (1950, 2600, 3250, 3900, 4550, 1000),
    "B": (1500, 2000, 2700, 3200, 3700, 800),
    "C": (800, 800, 1500, 1500, 1500, 500),
}


def rows(count: int, seed: int = 7) -> pa.Table:
    """So many made-up cases in the table form: the same for the same seed."""
    rng = np.random.default_rng(seed)

    def one_of(names: tuple[str, ...], weights: tuple[float, ...] | None = None) -> pa.Array:
        shares = None if weights is None else np.array(weights) / sum(weights)
        codes = rng.choice(len(names), count, p=shares).astype(np.int32)
        return pa.DictionaryArray.from_arrays(codes, pa.array(names)).cast(pa.string())

    return pa.table(
        {
            "案件编号": np.arange(1, count + 1),
            "申请人.身份": one_of(IDENTITIES),
            "申请人.就业月数": rng.integers(0, 14, count).astype(np.int32),
            "申请人.当年次数": rng.choice(5, count, p=(0.6, 0.2, 0.1, 0.06, 0.04)).astype(np.int32),
            "申请人.在沪就业": rng.random(count) < 0.6,
            "证书.补贴类别": one_of(CLASSES, (32, 32, 32, 4)),
            "证书.等级": one_of(LEVELS),
            "证书.随申办可查询": rng.random(count) < 0.98,
            "证书.取得方式": one_of(WAYS, (92, 2, 2, 2, 2)),
        }
    )
