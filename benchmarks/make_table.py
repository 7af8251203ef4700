"""A made-up table of applications in the table form: the same bytes for the same N and seed.

python benchmarks/make_table.py N SEED FOLDER [--unknown P] [--bad P]

FOLDER/cases.parquet     N rows: 案件编号 and one column a fact
FOLDER/已享补贴.parquet   about 1.2 N rows, 0 to 12 a case, in no order
FOLDER/faults.parquet    with --bad: 案件编号 and 位置 of the one fault put into each bad row

Everything is invented. Days on and beside a limit (16 years, retirement, 6/12/24 months, 5 years
after discharge, ends of months, 29 February, 1 January) are far more frequent than in life, so that
engines that differ by one day differ here. One case in a thousand has a last day of work of
9999-12-31, as such tables do, which is bad input: days end with 2199.

--unknown P   a fact that may not be none is NULL, that is unknown, with this probability
--bad P       this share of rows holds one fault that a typed column can hold
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DISTRICTS = (
    "浦东新区 黄浦区 徐汇区 长宁区 静安区 普陀区 虹口区 杨浦区 "
    "闵行区 宝山区 嘉定区 金山区 松江区 青浦区 奉贤区 崇明区"
).split()
IDENTITIES = (
    "在职人员 灵活就业人员 残疾人 退役士兵 就业困难人员 "
    "高校毕业学年学生 中职毕业学年学生 未就业人员 养老家政从业人员"
).split()
CHANNELS, SEXES, HUKOU = ["随申办", "区就业促进中心窗口"], ["男", "女"], ["本市", "外省市"]
SCHOOLS = ["无", "中等职业学校", "高等院校"]
JOBLESS = ["无", "登记失业人员", "协保人员", "原农村富余劳动力", "未进行就业失业登记"]
POSTS, CARE_POSTS = ["其他", "公务员", "事业单位非技能岗位"], ["无", "养老护理", "家政服务"]
KINDS = ["国家职业资格证书", "职业技能等级证书", "专项职业能力证书"]
LEVELS = ["五级", "四级", "三级", "二级", "一级", "不分等级"]
CLASSES = ["A", "B", "C", "未列入"]
WAYS = ["职业技能评价", "企业直接认定", "竞赛晋升", "境外证书比照发证", "表彰"]
PAST = ["提升补贴", "培训补贴", "区企业职工培训"]

ANNEX = {
    "4-09-10-05": "插花花艺师",
    "4-03-02-07": "茶艺师",
    "4-08-05-03": "贵金属首饰与宝玉石检测员",
    "4-03-02-08": "咖啡师",
    "4-10-03-03": "美甲师",
    "4-10-03-01": "美容师",
    "6-02-06-11": "评茶师",
    "4-03-02-09": "调酒师",
    "4-03-02-03": "西式烹调师",
    "4-03-02-04": "西式面点师",
    "4-03-02-02": "中式面点师",
    "4-12-02-01": "计算机维修工",
    "6-02-06-07": "品酒师",
}
CARE = {"4-10-01-05": "养老护理员", "4-10-01-06": "家政服务员"}
NEAR = {
    c: "近似附件的示例职业"
    for c in ("4-03-02-05", "4-10-03-02", "6-02-06-10", "4-12-02-02", "4-09-10-50", "6-02-06-1")
}
OTHER = {
    f"{a}-{b}-{c:02}-{d:02}": f"示例职业{a}{b}{c}{d}"
    for a in (2, 5, 6)
    for b in (21, 22, 23, 25)
    for c in range(1, 6)
    for d in range(1, 6)
}
SPECIAL = {f"示例-专项-{i:02}": f"示例专项能力{i:02}" for i in range(20)}
CODES = [*ANNEX, *CARE, *NEAR, *OTHER, *SPECIAL]
TITLES = [*ANNEX.values(), *CARE.values(), *NEAR.values(), *OTHER.values(), *SPECIAL.values()]
A0, C0, N0, O0, S0 = (
    0,
    len(ANNEX),
    len(ANNEX) + len(CARE),
    len(ANNEX) + len(CARE) + len(NEAR),
    len(CODES) - len(SPECIAL),
)

NULLABLE = {
    "申请.受理区",
    "申请人.户籍所在区",
    "获证时.用人单位社会保险关系所在区",
    "获证时.灵活就业社会保险缴纳所在区",
    "获证时.退役日期",
    "获证时.院校所在区",
    "就业.获证起持续在沪就业至",
    "养老家政.上岗日期",
    "养老家政.连续就业至",
    "养老家政.单位所在区",
}

CHUNK = 1_000_000
DAY = np.timedelta64(1, "D")
EPOCH, END = np.datetime64("2025-05-01"), np.datetime64("2028-04-30")


# ---- dates ----


def plus_months(d: Any, k: Any) -> Any:
    """The corresponding day k months on, or that month's last day."""
    month = d.astype("datetime64[M]")
    to = month + k
    last = (to + 1).astype("datetime64[D]") - DAY - to.astype("datetime64[D]")
    return to.astype("datetime64[D]") + np.minimum(d - month.astype("datetime64[D]"), last)


def delay(born: Any, original: Any) -> Any:
    """Months by which retirement is put off, for 60 (男), 55 and 50 (女)."""
    since = born.astype("datetime64[M]").astype(int)  # months since 1970-01
    start = np.select([original == 60, original == 55], [-60, 0], 60)
    step, cap = np.where(original == 50, 2, 4), np.where(original == 50, 60, 36)
    return np.where(since < start, 0, np.minimum(cap, (since - start) // step + 1))


def born_to_retire_on(d: Any, original: Any) -> Any:
    """A birth date whose retirement day is d or near it."""
    born = plus_months(d, -12 * original)
    for _ in range(4):
        born = plus_months(d, -(12 * original + delay(born, original)))
    return born


# ---- one chunk ----


class Draw:
    """n random values at a time."""

    def __init__(self, rng: Any, n: Any) -> None:
        self.rng, self.n = rng, n

    def chance(self, p: Any) -> Any:
        return self.rng.random(self.n) < p

    def days(self, low: Any, high: Any) -> Any:
        return self.rng.integers(low, high, self.n).astype("timedelta64[D]")

    def beside(self) -> Any:
        return self.days(-1, 2)

    def pick(self, weights: Any) -> Any:
        """An index by weight."""
        edges = np.cumsum(np.asarray(weights, float))
        return np.searchsorted(edges / edges[-1], self.rng.random(self.n), side="right").astype(
            np.int32
        )

    def one_of(self, values: Any) -> Any:
        return np.asarray(values)[self.rng.integers(0, len(values), self.n)]

    def district(self, none: Any) -> Any:
        """A district's index, -1 (none) where asked."""
        return np.where(none, -1, self.rng.integers(0, 16, self.n)).astype(np.int32)


def certificate_days(r: Any) -> Any:
    d = EPOCH + r.days(0, 1096)
    d = np.where(r.chance(0.02), EPOCH - r.days(1, 300), d)
    d = np.where(r.chance(0.01), END + r.days(1, 200), d)
    d = np.where(
        r.chance(0.10),
        (d.astype("datetime64[M]") + 1).astype("datetime64[D]") - DAY - r.days(0, 2),
        d,
    )
    d = np.where(r.chance(0.01), np.datetime64("2028-02-29"), d)
    return np.where(
        r.chance(0.015),
        r.one_of(np.array([EPOCH - DAY, EPOCH, EPOCH + DAY, END - DAY, END, END + DAY])),
        d,
    )


def application_days(r: Any, issued: Any, slow: Any) -> Any:
    d = issued + np.where(slow, r.days(184, 366), r.days(0, 366))
    d = np.where(r.chance(0.06), issued + r.days(0, 800), d)
    for months, p in ((6, 0.04), (12, 0.04), (24, 0.03)):
        d = np.where(r.chance(p), plus_months(issued, months) + r.beside(), d)
    year = d.astype("datetime64[Y]")
    d = np.where(r.chance(0.01), (year + 1).astype("datetime64[D]") - r.days(0, 2), d)
    d = np.where(r.chance(0.01), issued, d)
    return np.maximum(d, issued)


def birth_days(r: Any, issued: Any, original: Any, student: Any) -> Any:
    d = issued - np.where(student, r.days(16 * 365, 25 * 366), r.days(18 * 365, 49 * 366))
    d = np.where(r.chance(0.05), issued - r.days(49 * 365, 66 * 366), d)
    d = np.where(r.chance(0.02), plus_months(issued, -192) + r.beside(), d)
    d = np.where(r.chance(0.03), born_to_retire_on(issued, original) + r.beside(), d)
    d = np.where(r.chance(0.02), plus_months(issued, -720) + r.beside(), d)
    return np.where(
        r.chance(0.01),
        r.one_of(np.array([f"{y}-02-29" for y in range(1964, 2012, 4)], "datetime64[D]")),
        d,
    )


def chunk(rng: Any, first: Any, n: Any) -> Any:
    """The facts of n cases: name → (values, names of an enum, where it is none); what was."""
    r = Draw(rng, n)
    main = r.pick([46, 11, 2, 2, 3, 9, 6, 13, 5, 3])  # an identity, 9 for none

    def plain(identity: int, share: float) -> Any:
        return (main == identity) | r.chance(share)

    carer = plain(8, 0.01)
    student = (main == 5) | (main == 6)
    issued = certificate_days(r)
    applied = application_days(r, issued, (main == 0) | carer)

    male = r.chance(0.5)
    original = np.where(male, 60, np.where(r.chance(0.4), 55, 50)).astype(np.int32)
    born = np.minimum(birth_days(r, issued, original, student), issued)
    needs_local = np.isin(main, [2, 3, 4, 7])
    local = np.where(needs_local, r.chance(0.97), r.chance(0.55))

    employed = plain(0, 0.02) | (student & r.chance(0.08))
    labour, insured = employed | r.chance(0.02), employed | r.chance(0.02)
    flexible = plain(1, 0.015)
    registered = flexible & np.where(local, r.chance(0.6), r.chance(0.3))
    flex_insured = flexible & (~registered | r.chance(0.5))
    both = flex_insured & np.where(local, r.chance(0.6), r.chance(0.9))
    discharged = plain(3, 0.015)
    left = np.where(
        r.chance(0.3), plus_months(issued, -60) + r.beside(), issued - r.days(-40, 2200)
    )
    left = np.where(r.chance(0.1), issued + r.beside(), left)
    left = np.where(r.chance(0.02), np.datetime64("2024-02-29"), left)
    studying = np.where(main == 5, 2, np.where(main == 6, 1, r.pick([96, 2, 2])))
    jobless = np.where((main == 7) | r.chance(0.005), r.pick([0, 5, 2, 2, 3]), 0)

    until = np.where(
        r.chance(0.6),
        np.maximum(applied, plus_months(issued, 6)) + r.days(0, 5),
        issued + r.days(0, 380),
    )
    until = np.where(r.chance(0.15), plus_months(issued, 6) + r.beside(), until)
    until = np.where(r.chance(0.002), np.datetime64("9999-12-31"), until)
    working_now = np.where(employed, r.chance(0.92), r.chance(0.35))
    post = np.where(carer | r.chance(0.01), r.pick([0, 5, 4]), 0)
    began = np.where(r.chance(0.5), issued - r.days(0, 900), issued + r.days(0, 380))
    began = np.where(r.chance(0.1), plus_months(issued, 12) + r.beside(), began)
    base = plus_months(np.maximum(began, issued), 6)
    stayed = np.where(r.chance(0.25), base + r.beside(), np.maximum(base, applied) - r.days(-5, 20))
    slow = carer & r.chance(0.6)
    applied = np.where(slow, np.maximum(applied, base + r.beside()), applied)
    never = (post == 0) | r.chance(0.01)

    code = r.pick(
        [
            *[0.08 / len(ANNEX)] * len(ANNEX),
            0.01,
            0.01,
            *[0.02 / len(NEAR)] * len(NEAR),
            *[0.84 / len(OTHER)] * len(OTHER),
            *[0.04 / len(SPECIAL)] * len(SPECIAL),
        ]
    )
    code = np.where(carer & r.chance(0.97), r.one_of([C0, C0 + 1]), code).astype(np.int32)
    care_code = (code >= C0) & (code < N0)
    kind = np.where(code >= S0, 2, r.pick([25, 65, 10]))
    kind = np.where(care_code & r.chance(0.95), 1, kind)
    level = r.pick([26, 28, 27, 8, 5, 2])
    level = np.where(kind == 2, 5, np.where((kind == 0) & r.chance(0.2), 5, level)).astype(np.int32)
    in_class = np.array([0, 1, 1, 2, 2, 2])[(np.arange(len(CODES)) * 7) % 6][code]
    in_class = np.where(r.chance(0.03), 3, np.where(r.chance(0.2), r.pick([1, 1, 1]), in_class))
    papers = np.where(code < C0, r.chance(0.75), r.chance(0.3))
    working_now = working_now | ((code < C0) & r.chance(0.6))
    at_window = r.chance(0.2)

    facts = {
        "申请.日期": (applied,),
        "申请.渠道": (at_window, CHANNELS),
        "申请.受理区": (r.district(~at_window & ~r.chance(0.05)), DISTRICTS),
        "申请人.性别": (~male, SEXES),
        "申请人.出生日期": (born,),
        "申请人.原法定退休年龄": (original,),
        "申请人.户籍": (~local, HUKOU),
        "申请人.户籍所在区": (r.district(~local & ~r.chance(0.05)), DISTRICTS),
        "获证时.与本市用人单位建立劳动关系": (labour,),
        "获证时.参加本市城镇职工社会保险并缴费": (insured,),
        "获证时.用人单位社会保险关系所在区": (
            r.district(~(labour | insured) ^ r.chance(0.01)),
            DISTRICTS,
        ),
        "获证时.灵活就业登记": (registered,),
        "获证时.以灵活就业身份参加城镇职工社会保险": (flex_insured,),
        "获证时.以灵活就业身份参加基本养老和医疗保险": (both,),
        "获证时.灵活就业社会保险缴纳所在区": (
            r.district(~flex_insured ^ r.chance(0.01)),
            DISTRICTS,
        ),
        "获证时.残疾人": (plain(2, 0.015),),
        "获证时.退役日期": (left, None, ~discharged),
        "获证时.公示的就业困难人员": (plain(4, 0.015),),
        "获证时.在读院校": (studying, SCHOOLS),
        "获证时.毕业学年": (np.where(student, r.chance(0.95), r.chance(0.02)),),
        "获证时.院校所在区": (r.district((studying == 0) ^ r.chance(0.01)), DISTRICTS),
        "获证时.未就业类别": (jobless, JOBLESS),
        "获证时.任职": (r.pick([97, 1, 2]), POSTS),
        "就业.获证起持续在沪就业至": (until, None, ~(employed ^ r.chance(0.01))),
        "就业.申请时在沪就业": (working_now,),
        "就业.已提供技能岗位就业材料": (papers,),
        "养老家政.岗位": (post, CARE_POSTS),
        "养老家政.上岗日期": (began, None, never),
        "养老家政.连续就业至": (stayed, None, never | r.chance(0.01)),
        "养老家政.单位所在区": (r.district((post == 0) ^ r.chance(0.01)), DISTRICTS),
        "证书.种类": (kind, KINDS),
        "证书.职业编码": (code, CODES),
        "证书.职业工种": (code, TITLES),
        "证书.等级": (level, LEVELS),
        "证书.颁发日期": (issued,),
        "证书.补贴类别": (in_class, CLASSES),
        "证书.属养老护理或家政服务项目": (care_code & r.chance(0.97),),
        "证书.随申办可查询": (~r.chance(0.015),),
        "证书.取得方式": (r.pick([96, 1, 1, 1, 1]), WAYS),
    }
    # the payer's district is often the home district
    home, payer = facts["申请人.户籍所在区"][0], facts["获证时.灵活就业社会保险缴纳所在区"][0]
    facts["获证时.灵活就业社会保险缴纳所在区"] = (
        np.where((payer >= 0) & (home >= 0) & r.chance(0.4), home, payer),
        DISTRICTS,
    )
    return facts, earlier(rng, first, applied, code, level, student)


def earlier(rng: Any, first: Any, applied: Any, code: Any, level: Any, student: Any) -> Any:
    """Earlier subsidies, in no order: often on the day itself, the year's first, the eve of it."""
    count = np.array([0, 1, 2, 3, 4, 5, 6, 8, 12])[
        Draw(rng, len(code)).pick([50, 22, 12, 7, 4, 2, 1.5, 1, 0.5])
    ]
    of = rng.permutation(np.repeat(np.arange(len(code)), count))
    r = Draw(rng, len(of))
    day = applied[of] - np.where(r.chance(0.35), r.days(0, 365), r.days(100, 1800))
    january = applied[of].astype("datetime64[Y]").astype("datetime64[D]")
    day = np.where(
        r.chance(0.05), january - r.days(0, 2), np.where(r.chance(0.03), applied[of], day)
    )
    same = r.chance(0.12)
    near = np.clip(level[of] + r.rng.integers(-2, 2, len(of)), 0, 5)
    return of, {
        "案件编号": (of + first,),
        "种类": (r.pick([55, 25, 20]), PAST),
        "申请日期": (day,),
        "职业编码": (np.where(same, code[of], r.pick(np.ones(len(CODES)))), CODES),
        "等级": (np.where(r.chance(0.5), near, r.pick([28, 28, 25, 6, 3, 10])), LEVELS),
        "身份": (
            np.where(student[of] & r.chance(0.15), 6, r.pick([25, 15, 5, 4, 7, 6, 3, 25, 4])),
            IDENTITIES,
        ),
    }


# ---- faults ----


def spoil(rng: Any, facts: Any, of: Any, past: Any, share: Any) -> Any:
    """Put one fault into a share of the cases. Returns 案件 (index), 位置."""
    n = len(facts["申请.日期"][0])
    bad = np.flatnonzero(rng.random(n) < share)
    which = rng.integers(0, 12, len(bad))
    last = np.full(n, -1)
    last[of] = np.arange(len(of))  # one earlier subsidy of each case
    which = np.where((which >= 10) & (last[bad] < 0), 0, which)  # 10, 11 need an earlier subsidy
    # 0 needs none, or it would be after the application
    which = np.where((which == 0) & (last[bad] >= 0), 2, which)
    place = np.empty(len(bad), object)

    def rows(i: Any, path: Any) -> Any:
        place[which == i] = path
        return bad[which == i]

    def put(name: Any, at: Any, value: Any, table: Any = facts) -> None:
        values, names, none = (*table[name], None, None)[:3]
        values = values.astype(np.int32) if names else values.copy()
        if isinstance(value, str):  # a value that is not among the names
            names, value = [*names, value], len(names)
        values[at] = value
        if none is not None:
            none = none.copy()
            none[at] = False
        table[name] = (values, names, none)

    issued, applied = facts["证书.颁发日期"][0], facts["申请.日期"][0]
    at = rows(0, "申请.日期")
    put("申请.日期", at, issued[at] - DAY)
    at = rows(1, "申请.受理区")
    put("申请.渠道", at, 1)
    put("申请.受理区", at, -1)
    at = rows(2, "申请人.出生日期")
    put("申请人.出生日期", at, issued[at] + DAY)
    at = rows(3, "申请人.原法定退休年龄")
    put("申请人.原法定退休年龄", at, np.where(facts["申请人.性别"][0][at] == 0, 55, 60))
    at = rows(4, "申请人.户籍所在区")
    put("申请人.户籍", at, 0)
    put("申请人.户籍所在区", at, -1)
    at = rows(5, "申请人.出生日期")
    put("申请人.出生日期", at, np.datetime64("1899-12-31"))
    at = rows(6, "证书.等级")
    put("证书.等级", at, "六级")
    at = rows(7, "申请人.原法定退休年龄")
    put("申请人.原法定退休年龄", at, -60)
    at = rows(8, "申请.受理区")
    put("申请.受理区", at, "浦东")
    at = rows(9, "获证时.退役日期")
    put("获证时.退役日期", at, np.datetime64("1899-12-31"))
    at = rows(10, "已享补贴[].申请日期")
    put("申请日期", last[at], applied[at] + DAY, past)
    at = rows(11, "已享补贴[].身份")
    put("身份", last[at], "学生", past)
    return bad, place


# ---- writing ----


def column(values: Any, names: Any = None, none: Any = None, unknown: Any = None) -> Any:
    hidden = np.zeros(len(values), bool) if none is None else none.copy()
    if unknown is not None:
        hidden |= unknown
    if names is not None:
        hidden |= values.astype(int) < 0
        codes = pa.array(np.where(hidden, 0, values).astype(np.int32), mask=hidden)
        return pa.DictionaryArray.from_arrays(codes, pa.array(names))
    if values.dtype.kind == "M":
        return pa.array(values.astype("datetime64[D]").astype(np.int32), mask=hidden).view(
            pa.date32()
        )
    return pa.array(values, mask=hidden if hidden.any() else None)


def tables(seed: int, number: int, first: int, n: int, unknown: float, bad: float) -> Any:
    """One chunk: cases, what was earlier, faults."""
    facts, (of, past) = chunk(np.random.default_rng([seed, number]), first, n)
    other = np.random.default_rng([seed, number, 1])
    faults, exempt = None, np.zeros(n, bool)
    if bad:
        at, place = spoil(other, facts, of, past, bad)
        faults = pa.table({"案件编号": at + first, "位置": pa.array(place, pa.string())})
        exempt[at] = True

    def hide(name: str) -> Any:
        wanted = unknown and name not in NULLABLE
        return (other.random(n) < unknown) & ~exempt if wanted else None

    cases = {"案件编号": pa.array(np.arange(first, first + n))}
    cases |= {name: column(*f, **({"unknown": hide(name)})) for name, f in facts.items()}
    return pa.table(cases), pa.table({name: column(*f) for name, f in past.items()}), faults


def write(
    folder: Path, count: int, seed: int = 7, unknown: float = 0, bad: float = 0
) -> dict[str, int]:
    """How many rows each table has, now written to the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[str, pq.ParquetWriter] = {}
    rows: dict[str, int] = {}
    for number, first in enumerate(range(1, count + 1, CHUNK)):
        made = tables(seed, number, first, min(CHUNK, count + 1 - first), unknown, bad)
        for name, table in zip(("cases", "已享补贴", "faults"), made, strict=True):
            if table is None:
                continue
            plain = pa.schema([_without_dictionary(field) for field in table.schema])
            if name not in writers:
                path = folder / f"{name}.parquet"
                writers[name] = pq.ParquetWriter(path, plain, store_schema=False)
            writers[name].write_table(table.cast(plain), row_group_size=122_880)
            rows[name] = rows.get(name, 0) + table.num_rows
    for writer in writers.values():
        writer.close()
    return rows


def _without_dictionary(field: pa.Field) -> Any:
    kind = pa.string() if pa.types.is_dictionary(field.type) else field.type
    return pa.field(field.name, kind)


def main() -> None:
    """Writes the tables named on the command line."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("n", type=lambda text: int(float(text)))
    options.add_argument("seed", type=int)
    options.add_argument("folder", type=Path)
    options.add_argument("--unknown", type=float, default=0, metavar="P")
    options.add_argument("--bad", type=float, default=0, metavar="P")
    given = options.parse_args()
    began = time.perf_counter()
    rows = write(given.folder, given.n, given.seed, given.unknown, given.bad)
    said = ", ".join(f"{name} {count}" for name, count in rows.items())
    sys.stdout.write(f"{said} rows, {time.perf_counter() - began:.1f} s\n")


if __name__ == "__main__":
    main()
