"""Values of a fact that stand for all others: those on a limit, and those an identity wants."""

import copy
import random
from datetime import date, timedelta
from typing import Any, Final

from .days import (
    EARLIEST,
    FIRST_DAY,
    LAST_DAY,
    LATEST,
    born_to_retire_on,
    plus_months,
    retirement_day,
)
from .facts import (
    CARE,
    COLLEGE,
    DISABLED,
    DISTRICTS,
    EMPLOYED,
    FACTS,
    FLEXIBLE,
    HARDSHIP,
    HISTORY,
    HISTORY_FACTS,
    JOBLESS,
    VETERAN,
    VOCATIONAL,
    Case,
    get,
)


def completions(path: str, case: Case) -> list[Any]:
    """Values of a fact that stand for all others, beside what else the case says.

    Dates stand on the limits that follow from the case's other facts, and a day to each side.
    """
    fact = HISTORY_FACTS[path.partition(".")[2]] if "[" in path else FACTS[path]
    found: list[Any] = [None] if fact.nullable else []
    match fact.kind:
        case "日期":
            found += _near(_limits(path, case))
        case "文本":
            found += _texts(path, case)
        case "列表":
            found += _histories(case)
        case "枚举" if fact.values == DISTRICTS:
            found += _districts(case)
        case _:
            found += fact.values
    return found


def _near(days: list[date]) -> list[str]:
    """These days and those beside them, as facts, none outside the contract's years."""
    step = timedelta(days=1)
    near = {d + k * step for d in days for k in (-1, 0, 1)}
    return [d.isoformat() for d in sorted(near) if EARLIEST <= d <= LATEST]


def _limits(path: str, case: Case) -> list[date]:
    """The days at which a date fact may change something."""
    issued = known(case, "证书.颁发日期") or date(2026, 8, 31)
    applied = known(case, "申请.日期") or plus_months(issued, 8)
    if path.startswith(HISTORY):
        return [applied, date(applied.year, 1, 1), plus_months(applied, -24)]
    match path:
        case "证书.颁发日期":
            return _issue_limits(case)
        case "申请.日期":
            return _application_limits(case, issued)
        case "申请人.出生日期":
            return _birth_limits(case, issued)
        case "获证时.退役日期":
            return [issued, *_before(issued, 60), plus_months(issued, -24)]
        case "就业.获证起持续在沪就业至":
            return [plus_months(issued, 6), issued, plus_months(issued, 18)]
        case "养老家政.上岗日期":
            until = known(case, "养老家政.连续就业至") or applied
            ends = [*_before(min(until, applied), 6), plus_months(issued, 12)]
            return [issued, *ends, plus_months(issued, -12)]
        case _:  # 养老家政.连续就业至
            began = known(case, "养老家政.上岗日期") or issued
            return [plus_months(max(began, issued), 6), issued, plus_months(issued, 30)]


def _before(day: date, months: int) -> list[date]:
    """The first and the last day from which that many months lead to this day, or near it."""
    first = plus_months(day, -months)
    last = plus_months(date(first.year, first.month, 1), 1) - timedelta(days=1)
    return [first, last] if plus_months(last, months) == day else [first]


def known(case: Case, path: str) -> date | None:
    """A date fact; None where it is absent or none."""
    text = get(case, path)
    return None if text is None else date.fromisoformat(text)


def _issue_limits(case: Case) -> list[date]:
    """The issue dates at which something may change."""
    found = [FIRST_DAY, LAST_DAY, date(2026, 8, 31)]
    if applied := known(case, "申请.日期"):
        found += [day for k in (0, 6, 9, 12, 18, 24) for day in _before(applied, k)]
    if born := known(case, "申请人.出生日期"):
        ages = [get(case, "申请人.原法定退休年龄")] if get(case, "申请人.原法定退休年龄") else []
        found += [plus_months(born, 192), plus_months(born, 720)]
        found += [retirement_day(born, a) for a in ages or (60, 55, 50)]
    if discharged := known(case, "获证时.退役日期"):
        found += [discharged, plus_months(discharged, 60)]
    if began := known(case, "养老家政.上岗日期"):
        found += [began, *_before(began, 12)]
    for path in ("就业.获证起持续在沪就业至", "养老家政.连续就业至"):
        if until := known(case, path):
            found += _before(until, 6)
    return found


def _application_limits(case: Case, issued: date) -> list[date]:
    """The days of application at which something may change."""
    found = [plus_months(issued, k) for k in (0, 3, 6, 9, 12, 18, 24)]
    if began := known(case, "养老家政.上岗日期"):
        found.append(plus_months(max(began, issued), 6))
    for past in case.get(HISTORY, []):
        if "申请日期" in past:
            day = date.fromisoformat(past["申请日期"])
            found += [day, date(day.year + 1, 1, 1)]
    return found


def _birth_limits(case: Case, issued: date) -> list[date]:
    """The birth dates at which something may change."""
    original = get(case, "申请人.原法定退休年龄")
    found = [day for years in (0, 16, 30, 60) for day in _before(issued, 12 * years)]
    for age in [original] if original else (60, 55, 50):
        found.append(born_to_retire_on(issued, age))
    return found


def _texts(path: str, case: Case) -> list[str]:
    """A text in the case that it may be compared with, one of the annex, and one of neither."""
    if path == "证书.职业工种":
        return ["甲", "乙"]
    certificate = get(case, "证书.职业编码")
    others = [p["职业编码"] for p in case.get(HISTORY, []) if "职业编码" in p]
    found = ["甲-1", "4-03-02-08", *others, *([certificate] if certificate else [])]
    return list(dict.fromkeys(found))


def _districts(case: Case) -> list[str]:
    """Two districts and all that the case names."""
    named = [get(case, path) for path, fact in FACTS.items() if fact.values == DISTRICTS]
    return list(dict.fromkeys([d for d in named if d] + ["静安区", "长宁区"]))


def _histories(case: Case) -> list[list[Case]]:
    """Lists of earlier subsidies, each of which blocks something or nothing."""
    applied = known(case, "申请.日期") or date(2026, 6, 30)
    today, long_ago = applied.isoformat(), plus_months(applied, -24).isoformat()
    code, level = get(case, "证书.职业编码", "甲-1"), get(case, "证书.等级", "三级")

    def past(kind: str, day: str, what: str, of: str, identity: str) -> Case:
        return {"种类": kind, "申请日期": day, "职业编码": what, "等级": of, "身份": identity}

    return [
        [],
        [past("提升补贴", long_ago, code, level, FLEXIBLE)],
        [past("提升补贴", long_ago, "乙-2", "五级", VOCATIONAL)],
        [past("培训补贴", today, "乙-2", "五级", EMPLOYED)],
        [past("培训补贴", today, "乙-2", "五级", JOBLESS)] * 2,
        [past("提升补贴", today, "乙-2", "五级", JOBLESS)] * 3,
    ]


# ---- what an identity wants of each fact ----

_PLAIN: Final[dict[str, Any]] = {
    "申请.受理区": "静安区",
    "申请人.户籍": "本市",
    "申请人.户籍所在区": "长宁区",
    "获证时.用人单位社会保险关系所在区": "虹口区",
    "获证时.灵活就业社会保险缴纳所在区": "杨浦区",
    "获证时.院校所在区": "闵行区",
    "养老家政.单位所在区": "宝山区",
    "获证时.退役日期": None,
    "获证时.在读院校": "无",
    "获证时.未就业类别": "无",
    "获证时.任职": "其他",
    "就业.已提供技能岗位就业材料": True,
    "养老家政.岗位": "无",
    "证书.种类": "职业技能等级证书",
    "证书.职业编码": "甲-1",
    "证书.职业工种": "甲",
    "证书.等级": "三级",
    "证书.补贴类别": "A",
    "证书.属养老护理或家政服务项目": True,
    "证书.随申办可查询": True,
    "证书.取得方式": "职业技能评价",
    HISTORY: [],
}

_OWN: Final[dict[str, dict[str, Any]]] = {
    EMPLOYED: {
        "获证时.与本市用人单位建立劳动关系": True,
        "获证时.参加本市城镇职工社会保险并缴费": True,
    },
    FLEXIBLE: {
        "获证时.灵活就业登记": True,
        "获证时.以灵活就业身份参加城镇职工社会保险": True,
        "获证时.以灵活就业身份参加基本养老和医疗保险": True,
    },
    DISABLED: {"获证时.残疾人": True},
    VETERAN: {},
    HARDSHIP: {"获证时.公示的就业困难人员": True},
    COLLEGE: {"获证时.在读院校": "高等院校", "获证时.毕业学年": True},
    VOCATIONAL: {"获证时.在读院校": "中等职业学校", "获证时.毕业学年": True},
    JOBLESS: {"获证时.未就业类别": "登记失业人员"},
    CARE: {"养老家政.岗位": "养老护理"},
}


def wanted(path: str, identity: str, case: Case, rng: random.Random) -> Any:
    """A value of the fact with which this identity is likely to be satisfied."""
    if path in _OWN[identity]:
        return copy.deepcopy(_OWN[identity][path])
    fact = HISTORY_FACTS[path.partition(".")[2]] if "[" in path else FACTS[path]
    if fact.kind == "日期":
        return _wanted_day(path, identity, case, rng)
    if path in _PLAIN:
        return copy.deepcopy(_PLAIN[path])
    if path == "申请人.性别":
        original = get(case, "申请人.原法定退休年龄")
        return rng.choice(["男", "女"]) if original is None else "男" if original == 60 else "女"
    if path == "申请人.原法定退休年龄":
        return 60 if get(case, "申请人.性别", "男") == "男" else rng.choice([55, 50])
    if path == "申请.渠道":
        return rng.choice(FACTS[path].values)
    if path == "就业.申请时在沪就业":
        return rng.random() < 0.7
    if fact.kind == "是否":
        return False
    return rng.choice(completions(path, case))


def _wanted_day(path: str, identity: str, case: Case, rng: random.Random) -> str | None:
    """A day with which this identity is likely to be satisfied."""
    limits = completions(path, case)
    issued = known(case, "证书.颁发日期") or date(2026, 8, 31)
    applied = known(case, "申请.日期") or plus_months(issued, 8)
    match path:
        case "申请人.出生日期":
            original = get(case, "申请人.原法定退休年龄", 60)
            last = born_to_retire_on(issued + timedelta(days=1), original)
            return rng.choice((plus_months(issued, -12 * 30), last)).isoformat()
        case "申请.日期":
            return plus_months(issued, rng.choice([6, 9, 12])).isoformat()
        case "获证时.退役日期":
            return plus_months(issued, -24).isoformat() if identity == VETERAN else None
        case "就业.获证起持续在沪就业至":
            return plus_months(issued, 18).isoformat() if identity == EMPLOYED else None
        case "养老家政.上岗日期":
            return issued.isoformat() if identity == CARE else None
        case "养老家政.连续就业至":
            return plus_months(applied, 12).isoformat() if identity == CARE else None
        case _:
            inside = [d for d in limits if d and FIRST_DAY <= date.fromisoformat(d) <= LAST_DAY]
            return str(rng.choice(inside or limits))
