"""What a case of 沪人社规〔2025〕7号 should get: a second reading, written apart from the rules.

The tests hold the rule files and every engine against `decide`, for complete valid cases, and
against `matters`, for cases with unknown facts. Nothing here imports the toolchain. 要点 is a
numbered reading of the flagship contract (§4); a clause such as 一（四）1 is of the notice itself.
"""

import copy
import random
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from .days import FIRST_DAY, LAST_DAY, plus_months, retirement_day
from .facts import (
    CARE,
    COLLEGE,
    DISABLED,
    EMPLOYED,
    FLEXIBLE,
    HARDSHIP,
    HISTORY,
    IDENTITIES,
    JOBLESS,
    LEVELS,
    UNGRADED,
    VETERAN,
    VOCATIONAL,
    Case,
    absent_paths,
    get,
    put,
)
from .values import completions, wanted

Result = dict[str, Any]

# ---- the notice's constants ----

STANDARD: Final[dict[str, dict[str, int]]] = {
    "A": {"五级": 1950, "四级": 2600, "三级": 3250, "二级": 3900, "一级": 4550, UNGRADED: 1000},
    "B": {"五级": 1500, "四级": 2000, "三级": 2700, "二级": 3200, "一级": 3700, UNGRADED: 800},
    "C": {"五级": 800, "四级": 800, "三级": 1500, "二级": 1500, "一级": 1500, UNGRADED: 500},
}

ANNEX: Final = {
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

ORDER_OF_REASONS: Final = (
    "一（一）", "一（二）", "一（四）1", "一（四）3", "一（四）6",
    "一（四）7", "一（四）8", "一（五）", "二（一）", "五（三）",
)  # fmt: skip


# ---- the decision ----


def decide(case: Case) -> Result:
    """The 结果 (contract §3) of one complete valid case."""
    if not notice_applies(case):
        return _result(结论="不适用本通知")
    reasons = whole_reasons(case)
    satisfied = [i for i in IDENTITIES if is_held(case, i) and not failures(case, i)]
    if not satisfied:
        reasons |= identity_reasons(case)
    if reasons:
        return _result(
            结论="不可享受",
            补贴标准=_money(standard(case)),
            不可享受原因=[r for r in ORDER_OF_REASONS if r in reasons],
        )
    return _granted(case, satisfied)


def _granted(case: Case, satisfied: list[str]) -> Result:
    """The 结果 of a case that gets the subsidy under one of these identities. 要点 4, 13."""
    taken = max(satisfied, key=lambda i: (rate(case, i), -IDENTITIES.index(i)))
    full = standard(case)
    assert full is not None  # 未列入 is a reason of its own: 一（二）
    amount = full * rate(case, taken)
    city = (amount / 2).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return _result(
        结论="可享受",
        享受身份=taken,
        可选身份=satisfied,
        补贴标准=_money(full),
        补贴比例=str(rate(case, taken)),
        补贴金额=_money(amount),
        申请截止日=last_day_to_apply(case, taken).isoformat(),
        审核区=reviewing_districts(case, taken),
        承担区=paying_districts(case, taken),
        市级承担=_money(city),
        区级承担=_money(amount - city),
    )


def _result(**known: Any) -> Result:
    """A 结果 in which everything not given is none."""
    empty: Result = {
        "结论": None,
        "享受身份": None,
        "可选身份": [],
        "补贴标准": None,
        "补贴比例": None,
        "补贴金额": None,
        "申请截止日": None,
        "审核区": [],
        "承担区": [],
        "市级承担": None,
        "区级承担": None,
        "不可享受原因": [],
    }
    assert known.keys() <= empty.keys()
    return empty | known


def _money(yuan: Decimal | None) -> str | None:
    """An amount as the contract writes it (§1): two decimals."""
    return None if yuan is None else f"{yuan:.2f}"


# ---- days (要点 6, 民法典 202, 1259) ----


def _day(text: str) -> date:
    """The date a fact names."""
    return date.fromisoformat(text)


def _issued(case: Case) -> date:
    """The day the certificate was issued."""
    return _day(case["证书"]["颁发日期"])


def _applied(case: Case) -> date:
    """The day of application."""
    return _day(case["申请"]["日期"])


def notice_applies(case: Case) -> bool:
    """Is the certificate one of this notice? 要点 1, 五（一）, 五（五）."""
    return FIRST_DAY <= _issued(case) <= LAST_DAY


# ---- age (要点 3, 一（一）, 一（五）) ----


def is_of_age(case: Case, identity: str) -> bool:
    """Is the applicant of working age for this identity on the issue date? 要点 3, 4."""
    born = _day(case["申请人"]["出生日期"])
    limit = retirement_day(born, case["申请人"]["原法定退休年龄"])
    if identity == CARE and case["申请人"]["性别"] == "女":  # 一（五）: 女性可放宽至60岁
        limit = max(limit, plus_months(born, 60 * 12))
    return plus_months(born, 16 * 12) <= _issued(case) < limit


# ---- which identities the applicant has (要点 4) ----


def is_held(case: Case, identity: str) -> bool:
    """Has the applicant this identity, its own conditions left aside? 要点 4, 14."""
    return is_of_age(case, identity) and STATUS[identity](case)


def _is_local(case: Case) -> bool:
    """Is the applicant's 户籍 of this city?"""
    return bool(case["申请人"]["户籍"] == "本市")


def is_employed(case: Case) -> bool:
    """在职人员, either 户籍: 一（一）1（1）, 一（一）2."""
    then = case["获证时"]
    relation, insured = "与本市用人单位建立劳动关系", "参加本市城镇职工社会保险并缴费"
    return bool(then[relation] and then[insured])


def is_flexible(case: Case) -> bool:
    """灵活就业人员: 一（一）1（2）; for 外省市 both insurances, 一（一）2."""
    then = case["获证时"]
    if not _is_local(case):
        return bool(then["以灵活就业身份参加基本养老和医疗保险"])
    return bool(then["灵活就业登记"] or then["以灵活就业身份参加城镇职工社会保险"])


def is_disabled(case: Case) -> bool:
    """残疾人, 本市 only: 一（一）1（3）, 一（四）4."""
    return _is_local(case) and bool(case["获证时"]["残疾人"])


def is_veteran(case: Case) -> bool:
    """退役5年内的退役士兵, 本市 only, 5th anniversary inside: 一（一）1（3）, 一（四）4."""
    text = case["获证时"]["退役日期"]
    if not _is_local(case) or text is None:
        return False
    discharged = _day(text)
    return discharged <= _issued(case) <= plus_months(discharged, 5 * 12)


def is_in_hardship(case: Case) -> bool:
    """就业困难人员, 本市 only: 一（一）1（4）, 一（四）4."""
    return _is_local(case) and bool(case["获证时"]["公示的就业困难人员"])


def is_at_college(case: Case) -> bool:
    """高校毕业学年学生, either 户籍, whatever the level (要点 14): 一（一）1（5）, 一（一）2."""
    return case["获证时"]["在读院校"] == "高等院校" and bool(case["获证时"]["毕业学年"])


def is_at_vocational_school(case: Case) -> bool:
    """中职毕业学年学生, either 户籍: 一（一）1（5）, 一（一）2."""
    return case["获证时"]["在读院校"] == "中等职业学校" and bool(case["获证时"]["毕业学年"])


def is_jobless(case: Case) -> bool:
    """未就业人员, 本市 only: 一（一）1（6）, 一（四）5."""
    return _is_local(case) and bool(case["获证时"]["未就业类别"] != "无")


def is_care_worker(case: Case) -> bool:
    """养老家政从业人员, either 户籍, with the right kind of certificate: 一（五）, 要点 4, 14."""
    in_post = case["养老家政"]["岗位"] != "无"
    graded = case["证书"]["种类"] == "职业技能等级证书"
    return in_post and graded and bool(case["证书"]["属养老护理或家政服务项目"])


STATUS: Final[dict[str, Callable[[Case], bool]]] = {
    EMPLOYED: is_employed,
    FLEXIBLE: is_flexible,
    DISABLED: is_disabled,
    VETERAN: is_veteran,
    HARDSHIP: is_in_hardship,
    COLLEGE: is_at_college,
    VOCATIONAL: is_at_vocational_school,
    JOBLESS: is_jobless,
    CARE: is_care_worker,
}


# ---- why one identity does not serve (要点 4, 5, 7, 12) ----


def failures(case: Case, identity: str) -> set[str]:
    """The clauses that stand against this identity, which the applicant has; empty: satisfied."""
    found = set()
    if identity == EMPLOYED and not has_worked_six_months(case):
        found.add("一（四）1")
    if identity == COLLEGE and case["证书"]["等级"] not in ("四级", "三级", "二级", "一级"):
        found.add("一（四）3")
    if identity == VOCATIONAL and has_had_vocational_subsidy(case):
        found.add("一（四）3")
    if identity == CARE and not has_cared_six_months(case):
        found.add("一（五）")
    if _applied(case) > last_day_to_apply(case, identity):
        found.add("二（一）")
    if identity in (EMPLOYED, CARE) and has_had_employed_subsidy_this_year(case):
        found.add("五（三）")
    return found


def identity_reasons(case: Case) -> set[str]:
    """The clauses in the way where no identity is satisfied. 要点 14."""
    held = [i for i in IDENTITIES if is_held(case, i)]
    if not held:
        return {"一（一）"}
    return {clause for i in held for clause in failures(case, i)}


def has_worked_six_months(case: Case) -> bool:
    """获证起持续在沪就业满6个月: 一（四）1, 要点 5."""
    until = case["就业"]["获证起持续在沪就业至"]
    full = plus_months(_issued(case), 6)
    return until is not None and _day(until) >= full and _applied(case) >= full


def has_cared_six_months(case: Case) -> bool:
    """12个月内上岗 and 连续就业满6个月: 一（五）, 要点 5."""
    began, until = case["养老家政"]["上岗日期"], case["养老家政"]["连续就业至"]
    if began is None or until is None or _day(began) > plus_months(_issued(case), 12):
        return False
    full = plus_months(max(_day(began), _issued(case)), 6)
    return _day(until) >= full and _applied(case) >= full


def has_had_vocational_subsidy(case: Case) -> bool:
    """An earlier 提升补贴 as 中职毕业学年学生, of any year: 一（四）3 (享受1次), 要点 4."""
    return any(p["种类"] == "提升补贴" and p["身份"] == VOCATIONAL for p in case[HISTORY])


def last_day_to_apply(case: Case, identity: str) -> date:
    """The last day to apply under this identity: 二（一）, 要点 7."""
    months = 24 if identity in (COLLEGE, VOCATIONAL, CARE) else 12
    return plus_months(_issued(case), months)


def counted_this_year(case: Case) -> list[Case]:
    """The earlier subsidies that count in the year of the application: 五（三）, 要点 12."""
    year = _applied(case).year
    return [
        p
        for p in case[HISTORY]
        if p["种类"] in ("提升补贴", "培训补贴") and _day(p["申请日期"]).year == year
    ]


def has_had_employed_subsidy_this_year(case: Case) -> bool:
    """One this year as 在职人员 or, treated like them, 养老家政从业人员: 五（三）, 要点 12."""
    return any(p["身份"] in (EMPLOYED, CARE) for p in counted_this_year(case))


# ---- why the whole application does not serve (要点 8-12) ----


def whole_reasons(case: Case) -> set[str]:
    """The clauses that stand against the application whatever the identity. 要点 8-12."""
    found = set()
    if not is_in_catalogue(case):
        found.add("一（二）")
    if lacks_skill_post(case):
        found.add("一（四）6")
    if is_repeated(case):
        found.add("一（四）7")
    if is_excluded(case):
        found.add("一（四）8")
    if len(counted_this_year(case)) >= 3:
        found.add("五（三）")
    return found


def is_in_catalogue(case: Case) -> bool:
    """列入目录 and 随申办可查询: 一（二）, 要点 11."""
    return case["证书"]["补贴类别"] != "未列入" and bool(case["证书"]["随申办可查询"])


def lacks_skill_post(case: Case) -> bool:
    """A 技岗匹配项目 without 在沪就业 at the application or without proof: 一（四）6, 要点 8."""
    if case["证书"]["职业编码"] not in ANNEX:
        return False
    return not (case["就业"]["申请时在沪就业"] and case["就业"]["已提供技能岗位就业材料"])


def is_repeated(case: Case) -> bool:
    """An earlier 提升补贴 of the same 职业编码, equal or higher: 一（四）7, 要点 9."""
    code, level = case["证书"]["职业编码"], case["证书"]["等级"]
    return any(
        p["种类"] == "提升补贴" and p["职业编码"] == code and _covers(p["等级"], level)
        for p in case[HISTORY]
    )


def _covers(past: str, level: str) -> bool:
    """Is the past level equal or higher? 不分等级 compares only with itself. 要点 9."""
    if UNGRADED in (past, level):
        return past == level
    return LEVELS.index(past) >= LEVELS.index(level)


def is_excluded(case: Case) -> bool:
    """A way of getting the certificate, or a post, that is shut out: 一（四）8, 要点 10."""
    return case["证书"]["取得方式"] != "职业技能评价" or bool(case["获证时"]["任职"] != "其他")


# ---- what is paid, and by whom (一（三）, 一（四）, 二（二）, 二（三）; 要点 4, 13) ----


def standard(case: Case) -> Decimal | None:
    """The 补贴标准 by class and level; none where 未列入: 一（三）."""
    amounts = STANDARD.get(case["证书"]["补贴类别"])
    return None if amounts is None else Decimal(amounts[case["证书"]["等级"]])


def rate(case: Case, identity: str) -> Decimal:
    """The 补贴比例 of this identity: 一（四）1-5, 一（五）, 要点 4."""
    working = case["就业"]["申请时在沪就业"]
    if identity in (EMPLOYED, CARE):
        return Decimal("0.8")
    if identity in (COLLEGE, VOCATIONAL):
        return Decimal("1") if working else Decimal("0.8")
    if identity == JOBLESS:
        return Decimal("1.2") if working else Decimal("1")
    return Decimal("1")


def reviewing_districts(case: Case, identity: str) -> list[str]:
    """The 审核区: at a window the 受理区, else who pays. 二（二）, 要点 13."""
    if case["申请"]["渠道"] == "区就业促进中心窗口":
        return [case["申请"]["受理区"]]
    return paying_districts(case, identity)


def paying_districts(case: Case, identity: str) -> list[str]:
    """The 承担区: 二（三）, 要点 13."""
    then = case["获证时"]
    home = case["申请人"]["户籍所在区"] if _is_local(case) else None
    districts: list[str | None]
    if identity == EMPLOYED:
        districts = [then["用人单位社会保险关系所在区"]]
    elif identity == FLEXIBLE:
        districts = [then["灵活就业社会保险缴纳所在区"], home]
    elif identity in (COLLEGE, VOCATIONAL):
        districts = [then["院校所在区"]]
    elif identity == CARE:
        districts = [case["养老家政"]["单位所在区"]]
    else:
        districts = [home]
    return list(dict.fromkeys(d for d in districts if d is not None))


# ---- faults between facts (contract §4, bad input) ----


def faults_between(case: Case) -> list[str]:
    """The 位置 of every fault between facts, in a case whose single facts are right.

    A rule one of whose facts is absent finds nothing: unknown is not wrong.
    """
    applied, issued = get(case, "申请.日期"), get(case, "证书.颁发日期")
    found = []
    if applied and issued and applied < issued:
        found.append("申请.日期")
    if get(case, "申请.渠道") == "区就业促进中心窗口" and get(case, "申请.受理区", "?") is None:
        found.append("申请.受理区")
    if issued and get(case, "申请人.出生日期", "") > issued:
        found.append("申请人.出生日期")
    sex, original = get(case, "申请人.性别"), get(case, "申请人.原法定退休年龄")
    if sex and original and (sex == "男") != (original == 60):
        found.append("申请人.原法定退休年龄")
    if get(case, "申请人.户籍") == "本市" and get(case, "申请人.户籍所在区", "?") is None:
        found.append("申请人.户籍所在区")
    for i, past in enumerate(case.get(HISTORY, [])):
        if applied and past.get("申请日期", "") > applied:
            found.append(f"{HISTORY}[{i}].申请日期")
    return found


# ---- unknown facts, by trying values (contract §4, 缺少) ----

MOST_TRIED: Final = 3000
MOST_STARTS: Final = 360  # that are drawn; where all are taken, fewer


def matters(case: Case, seed: int = 7) -> tuple[Result, set[str]]:
    """The results that no tried completion changes, and the absent facts seen to change one.

    A result that is determined is always among the first, perhaps with others; the second is a
    lower bound of 缺少. A fact is in it only where two valid completions that differ in that fact
    alone differ in a result. At most MOST_TRIED completions are decided, the same for one seed.
    """
    trial = _Trial(case)
    rng = random.Random(seed)
    for start in _starts(trial, rng):
        if trial.is_over():
            break
        trial.look_around(start, rng)
    if trial.stable is None:
        raise ValueError("no valid completion was found")
    return trial.stable, trial.changing


class _Trial:
    """The completions tried so far of one partial case, and what they showed."""

    def __init__(self, case: Case) -> None:
        self.case: Final = copy.deepcopy(case)  # always holds the completion tried last
        self.partial: Final = case
        self.absent: Final = absent_paths(case)
        self.seen: dict[tuple[str, ...], Result | None] = {}
        self.stable: Result | None = None
        self.changing: set[str] = set()

    def is_over(self) -> bool:
        """Is there nothing left to learn, or has enough been tried?"""
        nothing_left = self.stable == {} and len(self.changing) == len(self.absent)
        return nothing_left or len(self.seen) >= MOST_TRIED

    def result(self, values: dict[str, Any]) -> Result | None:
        """The decision of this completion; None where it is not valid."""
        key = tuple(repr(values[path]) for path in self.absent)
        if key not in self.seen:
            self.load(values)
            self.seen[key] = found = None if faults_between(self.case) else decide(self.case)
            self._note(found)
        return self.seen[key]

    def load(self, values: dict[str, Any]) -> None:
        """Nothing; the case is now this completion."""
        for path in self.absent:
            put(self.case, path, values[path])

    def _note(self, found: Result | None) -> None:
        """Nothing; results that this one contradicts are no longer stable."""
        if found is not None:
            kept = found if self.stable is None else self.stable
            self.stable = {k: v for k, v in kept.items() if found[k] == v}

    def look_around(self, start: dict[str, Any], rng: random.Random) -> None:
        """Nothing; one completion was tried, and those that differ from it in one fact."""
        here = self.result(start)
        if here is None:
            return
        for path in self.absent:
            if path in self.changing and not self.stable:
                continue
            self.load(start)
            values = completions(path, self.case)
            if path in self.changing:  # known already: a few values, for the results' sake
                values = rng.sample(values, min(2, len(values)))
            for value in values:
                there = self.result(start | {path: value})
                if there is not None and there != here:
                    self.changing.add(path)
                if len(self.seen) >= MOST_TRIED:
                    return


def _starts(trial: _Trial, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Completions to look around from: all of them where they are few, else some hundreds.

    Those drawn lean to what one identity wants, each in turn, with now less and now more chance:
    drawn evenly, hardly any would get the subsidy, and most facts would seem not to matter.
    """
    few = _product(trial)
    if few is not None:
        yield from few
        return
    for turn in range(MOST_STARTS):
        identity = IDENTITIES[turn % len(IDENTITIES)]
        yield _drawn(trial.partial, identity, (0.0, 0.1, 0.3, 0.6)[turn % 4], rng)


def _product(trial: _Trial) -> list[dict[str, Any]] | None:
    """Every combination of values, if few enough to look around from each; else None."""
    if len(trial.absent) > 6:
        return None
    found: list[dict[str, Any]] = [{}]
    for path in sorted(trial.absent, key=_turn):
        longer = []
        for values in found:
            beside = copy.deepcopy(trial.partial)
            for other, value in values.items():
                put(beside, other, value)
            longer += [values | {path: value} for value in completions(path, beside)]
        found = longer
        if len(found) > MOST_STARTS:
            return None
    return found


def _drawn(case: Case, identity: str, chance: float, rng: random.Random) -> dict[str, Any]:
    """Values for the absent facts that suit one identity, but each by chance another."""
    full = copy.deepcopy(case)
    values = {}
    for path in sorted(absent_paths(case), key=_turn):
        if rng.random() < chance:
            values[path] = rng.choice(completions(path, full))
        else:
            values[path] = wanted(path, identity, full, rng)
        put(full, path, values[path])
    return values


def _turn(path: str) -> int:
    """When a fact's value is chosen: the dates that others hang on come first."""
    first = (
        "证书.颁发日期",
        "申请.日期",
        "证书.职业编码",
        "申请人.性别",
        "申请人.原法定退休年龄",
    )
    return first.index(path) if path in first else len(first)
