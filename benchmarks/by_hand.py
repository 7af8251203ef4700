"""沪人社规〔2025〕7号 written by hand in Python: a case as JSON has it in, the answer out.

Plain and quick, for one notice: each date is read once, each earlier subsidy is looked at once, and
nothing is made that the answer does not hold. Results and reasons are the rulebook's, for complete
and valid cases. There is no 依据, no other reading, no unknown fact; the only check is that dates
are dates. `checked.py` is the same with the checks of the input.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

Case = dict[str, Any]

FIRST_DAY, LAST_DAY = date(2025, 5, 1), date(2028, 4, 30)

EMPLOYED, FLEXIBLE, DISABLED, VETERAN = "在职人员", "灵活就业人员", "残疾人", "退役士兵"
HARDSHIP, COLLEGE, VOCATIONAL = "就业困难人员", "高校毕业学年学生", "中职毕业学年学生"
JOBLESS, CARE = "未就业人员", "养老家政从业人员"
IDENTITIES = (
    EMPLOYED, FLEXIBLE, DISABLED, VETERAN, HARDSHIP, COLLEGE, VOCATIONAL, JOBLESS, CARE,
)  # fmt: skip
TWO_YEARS = (COLLEGE, VOCATIONAL, CARE)

UNGRADED = "不分等级"
RANK = {"五级": 0, "四级": 1, "三级": 2, "二级": 3, "一级": 4}
_LEVELS = (*RANK, UNGRADED)
STANDARD = {
    "A": dict(zip(_LEVELS, map(Decimal, (1950, 2600, 3250, 3900, 4550, 1000)), strict=True)),
    "B": dict(zip(_LEVELS, map(Decimal, (1500, 2000, 2700, 3200, 3700, 800)), strict=True)),
    "C": dict(zip(_LEVELS, map(Decimal, (800, 800, 1500, 1500, 1500, 500)), strict=True)),
}
ANNEX = frozenset((
    "4-09-10-05", "4-03-02-07", "4-08-05-03", "4-03-02-08", "4-10-03-03", "4-10-03-01",
    "6-02-06-11", "4-03-02-09", "4-03-02-03", "4-03-02-04", "4-03-02-02", "4-12-02-01",
    "6-02-06-07",
))  # fmt: skip
REASONS = (
    "一（一）", "一（二）", "一（四）1", "一（四）3", "一（四）6",
    "一（四）7", "一（四）8", "一（五）", "二（一）", "五（三）",
)  # fmt: skip

# Original age → first month of birth that is put off (counted from year 0), step, most months.
DELAYS = {60: (1965 * 12, 4, 36), 55: (1970 * 12, 4, 36), 50: (1975 * 12, 2, 60)}

SHARES = {share: Decimal(share) for share in ("0.8", "1", "1.2")}
CENT = Decimal("0.01")


class Past(NamedTuple):
    """What the earlier subsidies say of this application."""

    in_year: int
    as_employed_in_year: bool
    repeated: bool
    as_vocational: bool


def decide(case: Case) -> Case:
    """The answer: 状态 and 结果."""
    return {"状态": "已定", "结果": results(case)}


def results(case: Case) -> Case:
    """结果, every name of it, as JSON has them."""
    certificate = case["证书"]
    issued = date.fromisoformat(certificate["颁发日期"])
    if not FIRST_DAY <= issued <= LAST_DAY:
        return _without("不适用本通知", None, [])
    applied = date.fromisoformat(case["申请"]["日期"])
    past = history(case["已享补贴"], certificate, applied.year)
    against = application_reasons(case, past)
    satisfied = []
    failing: set[str] = set()
    held = identities(case, issued)
    for identity in held:
        failures = identity_reasons(identity, case, issued, applied, past)
        if failures:
            failing.update(failures)
        else:
            satisfied.append(identity)
    if not satisfied:
        against |= failing if held else {"一（一）"}
    amounts = STANDARD.get(certificate["补贴类别"])
    standard = None if amounts is None else amounts[certificate["等级"]]
    if against:
        return _without("不可享受", standard, [each for each in REASONS if each in against])
    assert standard is not None  # 未列入 is a reason
    return granted(case, issued, satisfied, standard)


def _without(outcome: str, standard: Decimal | None, reasons: list[str]) -> Case:
    return {
        "结论": outcome,
        "享受身份": None,
        "可选身份": [],
        "补贴标准": None if standard is None else f"{standard:.2f}",
        "补贴比例": None,
        "补贴金额": None,
        "申请截止日": None,
        "审核区": [],
        "承担区": [],
        "市级承担": None,
        "区级承担": None,
        "不可享受原因": reasons,
    }


def granted(case: Case, issued: date, satisfied: list[str], standard: Decimal) -> Case:
    """结果 of a case in which the subsidy is due."""
    working = case["就业"]["申请时在沪就业"]
    # max takes the first of equals
    taken = max(satisfied, key=lambda identity: SHARES[share(identity, working)])
    ratio = share(taken, working)
    amount = standard * SHARES[ratio]
    city = (amount / 2).quantize(CENT, ROUND_HALF_UP)
    paying = paying_districts(case, taken)
    at_window = case["申请"]["渠道"] == "区就业促进中心窗口"
    return {
        "结论": "可享受",
        "享受身份": taken,
        "可选身份": satisfied,
        "补贴标准": f"{standard:.2f}",
        "补贴比例": ratio,
        "补贴金额": f"{amount:.2f}",
        "申请截止日": last_day(taken, issued).isoformat(),
        "审核区": [case["申请"]["受理区"]] if at_window else paying,
        "承担区": paying,
        "市级承担": f"{city:.2f}",
        "区级承担": f"{amount - city:.2f}",
        "不可享受原因": [],
    }


# ---- days ----


def plus_months(day: date, months: int) -> date:
    """The corresponding day so many months on, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    if day.day > 28:
        return date(year, month, min(day.day, monthrange(year, month)[1]))
    return date(year, month, day.day)


def retirement_day(born: date, original: int) -> date:
    """The first day on which one is past working age."""
    start, step, most = DELAYS[original]
    late = born.year * 12 + born.month - 1 - start
    return plus_months(born, original * 12 + (min(most, late // step + 1) if late >= 0 else 0))


def last_day(identity: str, issued: date) -> date:
    """The last day to apply."""
    return plus_months(issued, 24 if identity in TWO_YEARS else 12)


def day_or_none(text: str | None) -> date | None:
    """The date a fact names, if it names one."""
    return None if text is None else date.fromisoformat(text)


# ---- who ----


def identities(case: Case, issued: date) -> list[str]:
    """The identities the applicant has, in the notice's order."""
    person, then = case["申请人"], case["获证时"]
    born, original = date.fromisoformat(person["出生日期"]), person["原法定退休年龄"]
    if issued < plus_months(born, 16 * 12):
        return []
    retires = retirement_day(born, original)
    held = []
    if issued < retires:
        local = person["户籍"] == "本市"
        if then["与本市用人单位建立劳动关系"] and then["参加本市城镇职工社会保险并缴费"]:
            held.append(EMPLOYED)
        if is_flexible(then, local):
            held.append(FLEXIBLE)
        if local and then["残疾人"]:
            held.append(DISABLED)
        if local and is_veteran(then["退役日期"], issued):
            held.append(VETERAN)
        if local and then["公示的就业困难人员"]:
            held.append(HARDSHIP)
        if then["毕业学年"] and then["在读院校"] == "高等院校":
            held.append(COLLEGE)
        if then["毕业学年"] and then["在读院校"] == "中等职业学校":
            held.append(VOCATIONAL)
        if local and then["未就业类别"] != "无":
            held.append(JOBLESS)
    if is_carer(case):
        until = max(retires, plus_months(born, 720)) if person["性别"] == "女" else retires
        if issued < until:
            held.append(CARE)
    return held


def is_flexible(then: Case, local: bool) -> bool:
    """灵活就业人员, age aside."""
    if local:
        return bool(then["灵活就业登记"] or then["以灵活就业身份参加城镇职工社会保险"])
    return bool(then["以灵活就业身份参加基本养老和医疗保险"])


def is_veteran(discharged: str | None, issued: date) -> bool:
    """Discharged within five years."""
    day = day_or_none(discharged)
    return day is not None and day <= issued <= plus_months(day, 60)


def is_carer(case: Case) -> bool:
    """养老家政从业人员, age aside."""
    certificate = case["证书"]
    return bool(
        case["养老家政"]["岗位"] != "无"
        and certificate["种类"] == "职业技能等级证书"
        and certificate["属养老护理或家政服务项目"]
    )


# ---- why not ----


def history(items: list[Case], certificate: Case, year: int) -> Past:
    """What the earlier subsidies say."""
    in_year = 0
    as_employed = repeated = as_vocational = False
    for item in items:
        kind, identity = item["种类"], item["身份"]
        promotion = kind == "提升补贴"
        if (promotion or kind == "培训补贴") and date.fromisoformat(item["申请日期"]).year == year:
            in_year += 1
            as_employed = as_employed or identity in (EMPLOYED, CARE)
        if promotion:
            as_vocational = as_vocational or identity == VOCATIONAL
            if item["职业编码"] == certificate["职业编码"]:
                repeated = repeated or covers(item["等级"], certificate["等级"])
    return Past(in_year, as_employed, repeated, as_vocational)


def covers(past: str, level: str) -> bool:
    """Is the past level equal or higher? 不分等级 only equals itself."""
    if past == level:
        return True
    return past in RANK and level in RANK and RANK[past] > RANK[level]


def application_reasons(case: Case, past: Past) -> set[str]:
    """The clauses against the application, whatever the identity."""
    certificate, work = case["证书"], case["就业"]
    found = set()
    if certificate["补贴类别"] == "未列入" or not certificate["随申办可查询"]:
        found.add("一（二）")
    if certificate["职业编码"] in ANNEX and not (
        work["申请时在沪就业"] and work["已提供技能岗位就业材料"]
    ):
        found.add("一（四）6")
    if past.repeated:
        found.add("一（四）7")
    if certificate["取得方式"] != "职业技能评价" or case["获证时"]["任职"] != "其他":
        found.add("一（四）8")
    if past.in_year >= 3:
        found.add("五（三）")
    return found


def identity_reasons(
    identity: str, case: Case, issued: date, applied: date, past: Past
) -> list[str]:
    """The clauses against one identity that the applicant has."""
    found = []
    if identity == EMPLOYED and not has_worked(case, issued, applied):
        found.append("一（四）1")
    elif identity == COLLEGE and case["证书"]["等级"] in ("五级", UNGRADED):
        found.append("一（四）3")
    elif identity == VOCATIONAL and past.as_vocational:
        found.append("一（四）3")
    elif identity == CARE and not has_cared(case, issued, applied):
        found.append("一（五）")
    if applied > last_day(identity, issued):
        found.append("二（一）")
    if past.as_employed_in_year and identity in (EMPLOYED, CARE):
        found.append("五（三）")
    return found


def has_worked(case: Case, issued: date, applied: date) -> bool:
    """Six months of work in the city since the certificate."""
    until = day_or_none(case["就业"]["获证起持续在沪就业至"])
    full = plus_months(issued, 6)
    return until is not None and until >= full and applied >= full


def has_cared(case: Case, issued: date, applied: date) -> bool:
    """Six months in the post, begun within twelve."""
    began = day_or_none(case["养老家政"]["上岗日期"])
    until = day_or_none(case["养老家政"]["连续就业至"])
    if began is None or until is None or began > plus_months(issued, 12):
        return False
    full = plus_months(max(began, issued), 6)
    return until >= full and applied >= full


# ---- how much, and from whom ----


def share(identity: str, working: bool) -> str:
    """补贴比例 of an identity."""
    if identity == EMPLOYED or identity == CARE:
        return "0.8"
    if identity == COLLEGE or identity == VOCATIONAL:
        return "1" if working else "0.8"
    if identity == JOBLESS:
        return "1.2" if working else "1"
    return "1"


def paying_districts(case: Case, identity: str) -> list[str]:
    """承担区 under an identity."""
    then, person = case["获证时"], case["申请人"]
    home = person["户籍所在区"] if person["户籍"] == "本市" else None
    if identity == EMPLOYED:
        found = [then["用人单位社会保险关系所在区"]]
    elif identity == FLEXIBLE:
        paid_in = then["灵活就业社会保险缴纳所在区"]
        found = [paid_in] if paid_in == home else [paid_in, home]
    elif identity in (COLLEGE, VOCATIONAL):
        found = [then["院校所在区"]]
    elif identity == CARE:
        found = [case["养老家政"]["单位所在区"]]
    else:
        found = [home]
    return [district for district in found if district is not None]
