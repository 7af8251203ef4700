"""Cases by chance: complete and valid, partial, and with one fault. Same rng, same cases.

Days on a limit of the notice and beside it are far more frequent than in life, so that a reading
that differs by one day differs here.
"""

import copy
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from .days import EARLIEST, FIRST_DAY, LAST_DAY, LATEST, born_to_retire_on, plus_months
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
    IDENTITIES,
    JOBLESS,
    LEVELS,
    UNGRADED,
    VETERAN,
    VOCATIONAL,
    Case,
    Fact,
    absent_paths,
    get,
    paths,
    put,
)
from .oracle import ANNEX

ONE_DAY: Final = timedelta(days=1)

_NEAR_ANNEX: Final = ("4-03-02-05", "4-10-03-02", "6-02-06-1", "4-09-10-50", "4-12-02-02")
_CARE_CODES: Final = {"4-10-01-05": "养老护理员", "4-10-01-06": "家政服务员"}
_ORDINARY: Final = ("6-31-01-03", "6-18-02-04", "4-04-05-05", "6-20-01-01")
_TITLES: Final = {"6-31-01-03": "电工", "6-18-02-04": "焊工", "6-20-01-01": "钳工"}


# ---- complete cases ----


def random_case(rng: random.Random) -> Case:
    """A complete valid case; about half of them get the subsidy."""
    main = rng.choices([*IDENTITIES, ""], [22, 11, 7, 9, 7, 11, 10, 11, 17, 2])[0]
    issued = _issue_day(rng)
    applied = _application_day(rng, issued, main)
    case: Case = {
        "申请": _application(rng, applied),
        "申请人": _person(rng, issued, main),
        "获证时": _status(rng, issued, main),
        "就业": _employment(rng, issued, applied, main),
        "养老家政": _care(rng, issued, applied, main),
        "证书": _certificate(rng, issued, main),
    }
    if case["证书"]["职业编码"] in ANNEX and rng.random() < 0.6:
        case["就业"] |= {"申请时在沪就业": True, "已提供技能岗位就业材料": True}
    case[HISTORY] = [_past(rng, case) for _ in range(rng.choices(range(5), [46, 24, 15, 9, 6])[0])]
    if rng.random() < 0.26:
        for spoil in rng.sample(_SPOILERS, rng.choice((1, 1, 2))):
            spoil(rng, case)
    return case


def _beside(rng: random.Random, day: date) -> date:
    """The day, the day before or the day after."""
    return day + rng.choice((-1, 0, 0, 1)) * ONE_DAY


def _issue_day(rng: random.Random) -> date:
    """An issue date: ends of months, 29 February, the notice's first and last day are frequent."""
    day = FIRST_DAY + rng.randrange((LAST_DAY - FIRST_DAY).days + 1) * ONE_DAY
    draw = rng.random()
    if draw < 0.06:
        return rng.choice((FIRST_DAY, FIRST_DAY + ONE_DAY, LAST_DAY, LAST_DAY - ONE_DAY))
    if draw < 0.22:
        return plus_months(date(day.year, day.month, 1), 1) - rng.choice((1, 1, 2)) * ONE_DAY
    if draw < 0.26:
        return date(2028, 2, rng.choice((28, 29)))
    if draw < 0.30:
        return rng.choice((date(day.year, 1, 1), date(min(day.year, 2027), 12, 31)))
    return max(day, FIRST_DAY)


def _application_day(rng: random.Random, issued: date, main: str) -> date:
    """A day of application, never before the issue date."""
    slow = main in (EMPLOYED, CARE)
    if main == CARE and rng.random() < 0.25:  # the post may begin in the last of 12 months
        return plus_months(issued, 18) + rng.randrange(-1, 120) * ONE_DAY
    draw = rng.random()
    if draw < 0.12:
        return _beside(rng, plus_months(issued, 6))
    if draw < 0.24:
        return _beside(rng, plus_months(issued, 12))
    if draw < (0.34 if main in (COLLEGE, VOCATIONAL, CARE) else 0.27):
        return _beside(rng, plus_months(issued, 24))
    if draw < 0.37:
        return issued
    day = issued + rng.randrange(185 if slow else 0, 365) * ONE_DAY
    if draw < 0.45:  # the turn of a year
        turn = date(day.year, 12, 31) + rng.choice((0, 1)) * ONE_DAY
        return turn if turn <= plus_months(issued, 12) else day
    return day


def _application(rng: random.Random, applied: date) -> Case:
    """The group 申请."""
    at_window = rng.random() < 0.25
    district = _district(rng, none=0 if at_window else 0.9)
    channel = "区就业促进中心窗口" if at_window else "随申办"
    return {"日期": applied.isoformat(), "渠道": channel, "受理区": district}


def _district(rng: random.Random, none: float = 0.08) -> str | None:
    """A district, or none by that chance; half of them are of the first three."""
    if rng.random() < none:
        return None
    return rng.choice(DISTRICTS[:3] if rng.random() < 0.5 else DISTRICTS)


def _person(rng: random.Random, issued: date, main: str) -> Case:
    """The group 申请人."""
    male = rng.random() < (0.3 if main == CARE else 0.5)
    original = 60 if male else rng.choice((55, 50))
    needs_local = main in (DISABLED, VETERAN, HARDSHIP, JOBLESS)
    local = rng.random() < (0.96 if needs_local else 0.55)
    return {
        "性别": "男" if male else "女",
        "出生日期": _birth_day(rng, issued, original, main).isoformat(),
        "原法定退休年龄": original,
        "户籍": "本市" if local else "外省市",
        "户籍所在区": _district(rng, none=0 if local else 0.85),
    }


def _birth_day(rng: random.Random, issued: date, original: int, main: str) -> date:
    """A birth date: 16 years, retirement and 60 years are frequent; never after the issue date."""
    draw = rng.random()
    if draw < 0.07:
        return _beside(rng, plus_months(issued, -16 * 12))
    if draw < 0.15:
        return _beside(rng, born_to_retire_on(issued, original))
    if draw < (0.33 if main == CARE else 0.16):
        return _beside(rng, plus_months(issued, -60 * 12))
    if draw < 0.36:
        return rng.choice([date(year, 2, 29) for year in range(1968, 2009, 4)])
    if draw < 0.37:
        return rng.choice((EARLIEST, issued, date(1965, 1, 1), date(1964, 12, 31)))
    young = main in (COLLEGE, VOCATIONAL)
    return issued - rng.randrange(17 * 366, (24 if young else 49) * 365) * ONE_DAY


def _status(rng: random.Random, issued: date, main: str) -> Case:
    """The group 获证时, so that the main identity is likely and another is possible."""

    def yes(identity: str, otherwise: float = 0.06) -> bool:
        return rng.random() < (0.96 if identity == main else otherwise)

    flexible = main == FLEXIBLE
    in_both = rng.random() < (0.8 if flexible else 0.05)
    jobless = rng.choice(FACTS["获证时.未就业类别"].values[1:]) if yes(JOBLESS, 0.04) else "无"
    return {
        "与本市用人单位建立劳动关系": yes(EMPLOYED, 0.12),
        "参加本市城镇职工社会保险并缴费": yes(EMPLOYED, 0.12),
        "用人单位社会保险关系所在区": _district(rng, none=0.1),
        "灵活就业登记": rng.random() < (0.6 if flexible else 0.03),
        "以灵活就业身份参加城镇职工社会保险": in_both or rng.random() < (0.5 if flexible else 0.03),
        "以灵活就业身份参加基本养老和医疗保险": in_both,
        "灵活就业社会保险缴纳所在区": _district(rng, none=0.25),
        "残疾人": yes(DISABLED, 0.04),
        "退役日期": _discharge_day(rng, issued) if yes(VETERAN) else None,
        "公示的就业困难人员": yes(HARDSHIP, 0.04),
        "在读院校": _school(rng, main),
        "毕业学年": rng.random() < (0.95 if main in (COLLEGE, VOCATIONAL) else 0.3),
        "院校所在区": _district(rng, none=0.1),
        "未就业类别": jobless,
        "任职": "其他",
    }


def _school(rng: random.Random, main: str) -> str:
    """The 在读院校 that goes with the main identity, now and then another."""
    own = {COLLEGE: "高等院校", VOCATIONAL: "中等职业学校"}.get(main, "无")
    return own if rng.random() < 0.93 else rng.choice(FACTS["获证时.在读院校"].values)


def _discharge_day(rng: random.Random, issued: date) -> str:
    """A discharge date: five years before the issue date and that date itself are frequent."""
    draw = rng.random()
    if draw < 0.35:
        day = _beside(rng, plus_months(issued, -60))
    elif draw < 0.45:
        day = _beside(rng, issued)
    elif draw < 0.5:
        day = rng.choice((date(2024, 2, 29), date(2020, 2, 29), EARLIEST))
    else:
        day = issued - rng.randrange(1, 1800) * ONE_DAY
    return day.isoformat()


def _employment(rng: random.Random, issued: date, applied: date, main: str) -> Case:
    """The group 就业."""
    until: str | None = None
    draw = rng.random()
    if main == EMPLOYED or draw < 0.1:
        full = plus_months(issued, 6)
        day = max(full, applied) + rng.randrange(3) * ONE_DAY
        if draw < 0.22:
            day = _beside(rng, full)
        elif draw < 0.26:
            day = issued + rng.randrange(200) * ONE_DAY
        elif draw < 0.28:
            day = LATEST
        until = None if 0.28 <= draw < 0.30 else day.isoformat()
    return {
        "获证起持续在沪就业至": until,
        "申请时在沪就业": rng.random() < (0.9 if main == EMPLOYED else 0.55),
        "已提供技能岗位就业材料": rng.random() < 0.6,
    }


def _care(rng: random.Random, issued: date, applied: date, main: str) -> Case:
    """The group 养老家政."""
    if main != CARE and rng.random() > 0.08:
        return {"岗位": "无", "上岗日期": None, "连续就业至": None, "单位所在区": None}
    draw = rng.random()
    began = issued - rng.randrange(700) * ONE_DAY
    if draw < (0.6 if applied > plus_months(issued, 17) else 0.1):
        began = _beside(rng, plus_months(issued, 12))
    elif draw < 0.3:
        began = _beside(rng, issued)
    elif draw < 0.4:
        began = _beside(rng, plus_months(applied, -6))
    elif draw < 0.5:
        began = issued + rng.randrange(200) * ONE_DAY
    full = plus_months(max(began, issued), 6)
    until = max(full, applied) + rng.randrange(3) * ONE_DAY
    if rng.random() < 0.3:
        until = _beside(rng, full)
    return {
        "岗位": rng.choice(("养老护理", "家政服务")) if rng.random() < 0.97 else "无",
        "上岗日期": began.isoformat() if rng.random() < 0.97 else None,
        "连续就业至": until.isoformat() if rng.random() < 0.97 else None,
        "单位所在区": _district(rng, none=0.1),
    }


def _certificate(rng: random.Random, issued: date, main: str) -> Case:
    """The group 证书: in the catalogue, and got by 职业技能评价."""
    code, title = _code(rng, main)
    graded = rng.random() < (0.97 if main == CARE else 0.6)
    other = rng.choice(("国家职业资格证书", "专项职业能力证书"))
    weights = [1, 4, 4, 3, 2, 1] if main == COLLEGE else [3, 3, 3, 2, 2, 2]
    return {
        "种类": "职业技能等级证书" if graded else other,
        "职业编码": code,
        "职业工种": title,
        "等级": rng.choices((*LEVELS, UNGRADED), weights)[0],
        "颁发日期": issued.isoformat(),
        "补贴类别": rng.choice("ABC"),
        "属养老护理或家政服务项目": rng.random() < (0.97 if main == CARE else 0.15),
        "随申办可查询": True,
        "取得方式": "职业技能评价",
    }


def _code(rng: random.Random, main: str) -> tuple[str, str]:
    """A 职业编码 and its 职业工种: of the annex, nearly of the annex, or neither."""
    draw = rng.random()
    if draw < 0.15:
        return rng.choice(list(ANNEX.items()))
    if draw < 0.22:
        return rng.choice(_NEAR_ANNEX), rng.choice(("示例职业", "茶艺师"))
    if main == CARE and draw < 0.9:
        return rng.choice(list(_CARE_CODES.items()))
    if draw < 0.3:
        return f"示例-专项-{rng.randrange(3)}", "示例专项职业能力"
    code = rng.choice(_ORDINARY)
    return code, _TITLES.get(code, "人工智能训练师")


def _past(rng: random.Random, case: Case) -> Case:
    """An earlier subsidy that is more likely than in life to touch this application."""
    certificate = case["证书"]
    levels = (*LEVELS, UNGRADED)
    at = levels.index(certificate["等级"])
    near = levels[max(0, min(5, at + rng.choice((-1, -1, 0, 1))))]
    code = certificate["职业编码"] if rng.random() < 0.16 else _code(rng, "")[0]
    return {
        "种类": rng.choices(HISTORY_FACTS["种类"].values, [5, 3, 3])[0],
        "申请日期": _past_day(rng, date.fromisoformat(case["申请"]["日期"])).isoformat(),
        "职业编码": code,
        "等级": near if rng.random() < 0.6 else rng.choice(levels),
        "身份": rng.choices(IDENTITIES, [4, 4, 2, 2, 3, 3, 2, 5, 3])[0],
    }


def _past_day(rng: random.Random, applied: date) -> date:
    """A day not after the application: its year's first, the eve of that, the day itself…"""
    new_year = date(applied.year, 1, 1)
    draw = rng.random()
    if draw < 0.12:
        return new_year
    if draw < 0.30:
        return new_year - ONE_DAY
    if draw < 0.38:
        return applied
    if draw < 0.40:
        return max(EARLIEST, plus_months(applied, -12 * rng.randrange(1, 100)))
    return applied - rng.randrange(150, 1500) * ONE_DAY


# ---- what may stand in the way ----


def _outside_the_notice(rng: random.Random, case: Case) -> None:
    """The issue date and the application move to one side of the notice's days."""
    issued = rng.choice((FIRST_DAY - ONE_DAY, LAST_DAY + ONE_DAY))
    if rng.random() < 0.3:
        issued = rng.choice((FIRST_DAY - timedelta(days=200), LAST_DAY + timedelta(days=200)))
    moved = issued - date.fromisoformat(case["证书"]["颁发日期"])
    case["证书"]["颁发日期"] = issued.isoformat()
    for holder, key in [(case["申请"], "日期"), *((p, "申请日期") for p in case[HISTORY])]:
        holder[key] = max(EARLIEST, date.fromisoformat(holder[key]) + moved).isoformat()
    case["申请人"]["出生日期"] = min(case["申请人"]["出生日期"], case["证书"]["颁发日期"])


def _late(rng: random.Random, case: Case) -> None:
    """The application is made when the time is over, or nearly."""
    issued = date.fromisoformat(case["证书"]["颁发日期"])
    applied = _beside(rng, plus_months(issued, rng.choice((12, 24)))) + rng.choice((0, 1)) * ONE_DAY
    case["申请"]["日期"] = applied.isoformat()
    for past in case[HISTORY]:
        past["申请日期"] = min(past["申请日期"], case["申请"]["日期"])


def _repeated(rng: random.Random, case: Case) -> None:
    """An earlier subsidy of the same 职业编码 and a level near this one's."""
    past = _past(rng, case)
    past |= {"种类": rng.choice(("提升补贴", "提升补贴", "培训补贴"))}
    past |= {"职业编码": case["证书"]["职业编码"]}
    case[HISTORY] = [*case[HISTORY][:3], past]


def _busy_year(rng: random.Random, case: Case) -> None:
    """Two to four earlier subsidies on days near the turn of the application's year."""
    items = [_past(rng, case) for _ in range(rng.choice((2, 3, 3, 3, 4)))]
    applied = date.fromisoformat(case["申请"]["日期"])
    for past in items:
        if rng.random() < 0.9:
            past["申请日期"] = rng.choice((date(applied.year, 1, 1), applied)).isoformat()
        if rng.random() < 0.9:
            past["种类"] = rng.choice(("提升补贴", "培训补贴"))
    case[HISTORY] = items


def _as_employed(rng: random.Random, case: Case) -> None:
    """An earlier subsidy as 在职人员 or 养老家政从业人员 near the turn of the year."""
    past = _past(rng, case) | {"身份": rng.choice((EMPLOYED, CARE))}
    applied = date.fromisoformat(case["申请"]["日期"])
    past["申请日期"] = min(_beside(rng, date(applied.year, 1, 1)), applied).isoformat()
    case[HISTORY] = [*case[HISTORY][:3], past]


def _as_vocational(rng: random.Random, case: Case) -> None:
    """An earlier subsidy as 中职毕业学年学生."""
    case[HISTORY] = [*case[HISTORY][:3], _past(rng, case) | {"身份": VOCATIONAL}]


def _set(path: str, *values: Any) -> Callable[[random.Random, Case], None]:
    """A spoiler that gives this fact one of these values."""
    return lambda rng, case: put(case, path, rng.choice(values))


_SPOILERS: Final[list[Callable[[random.Random, Case], None]]] = [
    _outside_the_notice,
    _late,
    _repeated,
    _busy_year,
    _as_employed,
    _as_vocational,
    _set("证书.补贴类别", "未列入"),
    _set("证书.随申办可查询", False),
    _set("证书.取得方式", *FACTS["证书.取得方式"].values[1:]),
    _set("获证时.任职", "公务员", "事业单位非技能岗位"),
    _set("证书.职业编码", *ANNEX),
    _set("证书.等级", "五级", UNGRADED),
    _set("申请人.户籍所在区", "浦东新区", "崇明区"),
    _set("就业.获证起持续在沪就业至", None),
]


# ---- partial cases ----


def drop_facts(rng: random.Random, case: Case, n: int) -> Case:
    """A copy of the case in which n facts, or fields of earlier subsidies, are unknown.

    A group that loses its last fact sometimes goes as a whole: that too means unknown.
    """
    partial = copy.deepcopy(case)
    for _ in range(n):
        absent = set(absent_paths(partial))
        there = [path for path in paths(partial) if path not in absent]
        if not there:
            break
        group, dot, key = rng.choice(there).partition(".")
        if not dot:
            del partial[group]
            continue
        name, bracket, number = group.partition("[")
        holder = partial[name][int(number.rstrip("]"))] if bracket else partial[name]
        del holder[key]
        if not holder and not bracket and rng.random() < 0.5:
            del partial[name]
    return partial


# ---- cases with one fault (contract §4) ----


def bad_case(rng: random.Random, case: Case, kind: str | None = None) -> tuple[Case, str]:
    """A copy of a complete valid case with exactly one fault in it, and that fault's 位置.

    The kind is one of BAD_KINDS; without it, one by chance.
    """
    bad = copy.deepcopy(case)
    return bad, BAD_KINDS[kind or rng.choice(list(BAD_KINDS))](rng, bad)


def _with_past(rng: random.Random, case: Case) -> int:
    """The index of an earlier subsidy; one is added where there is none."""
    if not case[HISTORY]:
        case[HISTORY] = [_past(rng, case)]
    return rng.randrange(len(case[HISTORY]))


def _fact(rng: random.Random, case: Case, *kinds: str) -> tuple[str, Fact]:
    """The path of a fact of one of these kinds, a field of an earlier subsidy among them."""
    i = _with_past(rng, case)
    all_facts = FACTS | {f"{HISTORY}[{i}].{k}": fact for k, fact in HISTORY_FACTS.items()}
    return rng.choice([(path, fact) for path, fact in all_facts.items() if fact.kind in kinds])


_WRONG_TYPES: Final[dict[str, tuple[Any, ...]]] = {
    "日期": (20260101, 0, 1.5, True, ["2026-01-01"], {"年": 2026}, False),
    "是否": ("是", "true", "", 1, 0, [], {}),
    "枚举": (1, 0, True, [], {}, ["男"]),
    "文本": (True, [], {}, ["4-03-02-08"]),
    "数": ("60", "55", "", True, [60], {}),
    "列表": (None, {}, "", "无", 0, True),
}


def _wrong_type(rng: random.Random, case: Case) -> str:
    """A fact of another type than its own."""
    path, fact = _fact(rng, case, *_WRONG_TYPES)
    put(case, path, copy.deepcopy(rng.choice(_WRONG_TYPES[fact.kind])))
    return path


def _null(rng: random.Random, case: Case) -> str:
    """None where there is always one."""
    path, fact = _fact(rng, case, *_WRONG_TYPES)
    while fact.nullable:
        path, fact = _fact(rng, case, *_WRONG_TYPES)
    put(case, path, None)
    return path


def _number_for_text(rng: random.Random, case: Case) -> str:
    """A number where a string belongs."""
    path, _ = _fact(rng, case, "文本", "枚举")
    put(case, path, rng.choice((403, 4.5, 0)))
    return path


def _not_a_name(rng: random.Random, case: Case) -> str:
    """A text that is no name of the enumeration, often nearly one."""
    path, fact = _fact(rng, case, "枚举")
    name = rng.choice(fact.values)
    near = (name + "类", name[:-1], f" {name}", f"{name} ", "Ａ", "a")  # noqa: RUF001
    wrong = (*near, "不详", "null", "浦东")
    put(case, path, rng.choice([w for w in wrong if w not in fact.values]))
    return path


def _not_an_age(rng: random.Random, case: Case) -> str:
    """A number that is no 原法定退休年龄."""
    put(case, "申请人.原法定退休年龄", rng.choice((65, 59, 0, 55.5, 1e30)))
    return "申请人.原法定退休年龄"


def _negative(rng: random.Random, case: Case) -> str:
    """A negative 原法定退休年龄."""
    put(case, "申请人.原法定退休年龄", rng.choice((-60, -55, -50, -1)))
    return "申请人.原法定退休年龄"


_IMPOSSIBLE_DAYS: Final = (
    "2025-02-29", "2026-02-30", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00",
    "20260101", "2026-W01-1", "2026-1-1", "2026/01/01", "2026-01-01T00:00:00", "2026-01",
    "", "昨天", "２０２６-０１-０１", "2026-01-01 ", " 2026-01-01", "2026年1月1日",  # noqa: RUF001
)  # fmt: skip


def _impossible_day(rng: random.Random, case: Case) -> str:
    """A text that is no day of the calendar, or not written as the contract writes days."""
    path, _ = _fact(rng, case, "日期")
    put(case, path, rng.choice(_IMPOSSIBLE_DAYS))
    return path


def _too_early(rng: random.Random, case: Case) -> str:
    """A day before 1900, in a fact where that breaks no rule between facts."""
    free = [p for p, f in FACTS.items() if f.kind == "日期" and f.nullable]
    free += ["申请人.出生日期", f"{HISTORY}[{_with_past(rng, case)}].申请日期"]
    path = rng.choice(free)
    put(case, path, rng.choice(("1899-12-31", "1899-12-31", "1000-01-01", "0001-01-01")))
    return path


def _too_late(rng: random.Random, case: Case) -> str:
    """A day after 2199, in a fact where that breaks no rule between facts."""
    free = [p for p, f in FACTS.items() if f.kind == "日期" and f.nullable]
    path = rng.choice([*free, "申请.日期"])
    put(case, path, rng.choice(("2200-01-01", "2200-01-01", "9999-12-31")))
    return path


_MISSPELT: Final = {
    "等级": "等極",
    "日期": "曰期",
    "渠道": "渠到",
    "受理区": "受理區",
    "性别": "性別",
    "户籍": "戸籍",
    "出生日期": "出生曰期",
    "残疾人": "残疾",
    "职业编码": "职业编号",
    "种类": "种類",
    "身份": "身分",
    "颁发日期": "发证日期",
    "岗位": "岗",
    "申请时在沪就业": "申请时在沪就业 ",
}


def _unknown_key(rng: random.Random, case: Case) -> str:
    """A key that §2 does not have: beside a fact, or in its place, so that the fact is unknown."""
    i = _with_past(rng, case)
    groups = [(name, group) for name, group in case.items() if name != HISTORY]
    name, group = rng.choice([*groups, (f"{HISTORY}[{i}]", case[HISTORY][i]), ("", case)])
    key = rng.choice(sorted(group))
    wrong = _MISSPELT.get(key, key + "们")
    group[wrong] = group.pop(key) if rng.random() < 0.5 else copy.deepcopy(group[key])
    return f"{name}.{wrong}" if name else wrong


def _not_a_group(rng: random.Random, case: Case) -> str:
    """A group, or an earlier subsidy, that is not an object."""
    i = _with_past(rng, case)
    group = rng.choice([*case])
    wrong: Any = rng.choice((None, [], "", "无", 0, True))
    if group == HISTORY:
        case[HISTORY][i] = wrong
        return f"{HISTORY}[{i}]"
    case[group] = wrong
    return group


def _applied_before_issue(rng: random.Random, case: Case) -> str:
    """An application before the certificate was issued."""
    applied = date.fromisoformat(case["证书"]["颁发日期"]) - rng.choice((1, 1, 400)) * ONE_DAY
    case["申请"]["日期"] = applied.isoformat()
    for past in case[HISTORY]:
        past["申请日期"] = min(past["申请日期"], applied.isoformat())
    return "申请.日期"


def _window_without_district(rng: random.Random, case: Case) -> str:
    """An application at a window of no district."""
    case["申请"] |= {"渠道": "区就业促进中心窗口", "受理区": None}
    return "申请.受理区"


def _born_after_issue(rng: random.Random, case: Case) -> str:
    """A child born after the certificate."""
    born = date.fromisoformat(case["证书"]["颁发日期"]) + rng.choice((1, 1, 4000)) * ONE_DAY
    case["申请人"]["出生日期"] = born.isoformat()
    return "申请人.出生日期"


def _age_of_the_other_sex(rng: random.Random, case: Case) -> str:
    """女 with 60, or 男 with 50 or 55."""
    male = case["申请人"]["性别"] == "男"
    case["申请人"]["原法定退休年龄"] = rng.choice((50, 55)) if male else 60
    return "申请人.原法定退休年龄"


def _local_without_district(rng: random.Random, case: Case) -> str:
    """户籍 本市 without 户籍所在区."""
    case["申请人"] |= {"户籍": "本市", "户籍所在区": None}
    return "申请人.户籍所在区"


def _past_after_application(rng: random.Random, case: Case) -> str:
    """An earlier subsidy dated after the application."""
    i = _with_past(rng, case)
    day = date.fromisoformat(get(case, "申请.日期")) + rng.choice((1, 1, 500)) * ONE_DAY
    case[HISTORY][i]["申请日期"] = day.isoformat()
    return f"{HISTORY}[{i}].申请日期"


BAD_KINDS: Final[dict[str, Callable[[random.Random, Case], str]]] = {
    "wrong type": _wrong_type,
    "null": _null,
    "number for text": _number_for_text,
    "not a name": _not_a_name,
    "not an age": _not_an_age,
    "negative": _negative,
    "impossible day": _impossible_day,
    "too early": _too_early,
    "too late": _too_late,
    "unknown key": _unknown_key,
    "not a group": _not_a_group,
    "applied before issue": _applied_before_issue,
    "window without district": _window_without_district,
    "born after issue": _born_after_issue,
    "age of the other sex": _age_of_the_other_sex,
    "local without district": _local_without_district,
    "past after application": _past_after_application,
}

_PAST: Final = '{"种类": "提升补贴", "等级": "三级"}'

# One line each with one fault in its text, and the fault's 位置.
BAD_TEXTS: Final[list[tuple[str, str]]] = [
    # a key twice, equal values or not, escaped or not
    ('{"证书": {"等级": "三级", "等级": "四级"}}', "证书.等级"),
    ('{"证书": {"等级": "三级", "补贴类别": "A", "等级": "三级"}}', "证书.等级"),
    ('{"证书": {"等级": "三级", "\\u7b49\\u7ea7": "四级"}}', "证书.等级"),
    ('{"证书": {"等级": "三级"}, "证书": {"补贴类别": "A"}}', "证书"),
    ('{"申请": {"渠道": "随申办"}, "已享补贴": [], "已享补贴": []}', "已享补贴"),
    ('{"已享补贴": [{"等级": "三级", "种类": "提升补贴", "等级": "四级"}]}', "已享补贴[0].等级"),
    ('{"已享补贴": [' + _PAST + ', {"种类": "提升补贴", "种类": "培训补贴"}]}', "已享补贴[1].种类"),
    # numbers that JSON has not, or that no machine number holds
    ('{"申请人": {"原法定退休年龄": NaN}}', "申请人.原法定退休年龄"),
    ('{"申请人": {"原法定退休年龄": Infinity}}', "申请人.原法定退休年龄"),
    ('{"申请人": {"原法定退休年龄": -Infinity}}', "申请人.原法定退休年龄"),
    ('{"申请人": {"原法定退休年龄": 1e999}}', "申请人.原法定退休年龄"),
    ('{"申请人": {"原法定退休年龄": ' + "6" * 5000 + "}}", "申请人.原法定退休年龄"),
    ('{"证书": {"等级": NaN}}', "证书.等级"),
    ('{"已享补贴": [{"申请日期": NaN}]}', "已享补贴[0].申请日期"),
    # a line that is not one JSON object
    ("[]", ""),
    ("null", ""),
    ("true", ""),
    ("60", ""),
    ("NaN", ""),
    ('"证书"', ""),
    ("[{}]", ""),
    ("{} {}", ""),
    ('{"证书": {"等级": "三级"}} 。', ""),
    ('{"证书": {"等级": "三级"}', ""),
    ('{"证书": {"等级": "三级",}}', ""),
    ('{"证书": {"等级": 三级}}', ""),
    ("{'证书': {'等级': '三级'}}", ""),
    ("｛｝", ""),  # noqa: RUF001
    ("证书", ""),
    ("[" * 100_000, ""),
]
