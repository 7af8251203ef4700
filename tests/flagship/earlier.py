"""What a case of 沪人社规〔2022〕17号 should get: a second reading of the points known of it.

Written apart from the rules. What it shares with the notice of 2025 is taken from `oracle`.
"""

import random
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from . import oracle
from .cases import random_case
from .days import EARLIEST, plus_months
from .facts import (
    CARE,
    COLLEGE,
    DISABLED,
    EMPLOYED,
    FLEXIBLE,
    HARDSHIP,
    IDENTITIES,
    JOBLESS,
    UNGRADED,
    VETERAN,
    VOCATIONAL,
    Case,
)

FIRST_DAY: Final = date(2022, 6, 7)
LAST_DAY: Final = date(2025, 4, 30)
STANDARD: Final = {"五级": 1500, "四级": 2000, "三级": 2500, "二级": 3000, "一级": 3500}
ORDER: Final = (
    "一（一）",
    "一（二）",
    "一（四）3",
    "一（四）7",
    "一（四）8",
    "二（一）",
    "五（三）",
)
EXCLUDED: Final = ("企业直接认定", "竞赛晋升", "表彰")


def decide(case: Case) -> oracle.Result:
    """The 结果 of one complete valid case."""
    if not FIRST_DAY <= _day(case["证书"]["颁发日期"]) <= LAST_DAY:
        return _result(结论="不适用本通知")
    reasons = _whole(case)
    held = [i for i in IDENTITIES if _is_held(case, i)]
    satisfied = [i for i in held if not _failures(case, i)]
    if not satisfied:
        reasons |= {clause for i in held for clause in _failures(case, i)}
        reasons |= set() if held else {"一（一）"}
    full = _standard(case)
    if reasons:
        listed = [clause for clause in ORDER if clause in reasons]
        return _result(结论="不可享受", 补贴标准=_money(full), 不可享受原因=listed)
    taken = max(satisfied, key=lambda i: (_rate(i), -IDENTITIES.index(i)))
    assert full is not None
    return _result(
        结论="可享受",
        享受身份=taken,
        可选身份=satisfied,
        补贴标准=_money(full),
        补贴比例=str(_rate(taken)),
        补贴金额=_money(full * _rate(taken)),
        申请截止日=_last_day(case).isoformat(),
    )


def random_earlier_case(rng: random.Random) -> Case:
    """A case of random facts one to four years before those of the notice of 2025."""
    years = rng.choice((1, 2, 2, 3, 3, 3, 4))
    return _moved(random_case(rng), years)  # type: ignore[no-any-return]


def _moved(value: Any, years: int) -> Any:
    if isinstance(value, dict):
        return {key: _moved(one, years) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, years) for one in value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return max(EARLIEST, plus_months(_day(value), -12 * years)).isoformat()
    return value


def _result(**known: Any) -> oracle.Result:
    empty: oracle.Result = {
        "结论": None, "享受身份": None, "可选身份": [], "补贴标准": None, "补贴比例": None,
        "补贴金额": None, "申请截止日": None, "审核区": [], "承担区": [], "市级承担": None,
        "区级承担": None, "不可享受原因": [],
    }  # fmt: skip
    return empty | known


def _money(yuan: Decimal | None) -> str | None:
    return None if yuan is None else f"{yuan:.2f}"


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _last_day(case: Case) -> date:
    """12 months to apply for everybody."""
    return plus_months(_day(case["证书"]["颁发日期"]), 12)


def _standard(case: Case) -> Decimal | None:
    """五级 1500 … 一级 3500, 不分等级 1000 for 职业资格 only; 专项 is not covered."""
    kind, level = case["证书"]["种类"], case["证书"]["等级"]
    if kind == "专项职业能力证书" or (kind == "职业技能等级证书" and level == UNGRADED):
        return None
    return Decimal(1000 if level == UNGRADED else STANDARD[level])


def _rate(identity: str) -> Decimal:
    """80 % for 在职 and students, 100 % for the others."""
    return Decimal("0.8") if identity in (EMPLOYED, COLLEGE, VOCATIONAL) else Decimal(1)


def _is_flexible(case: Case) -> bool:
    """No path for those who are 外省市."""
    return bool(case["申请人"]["户籍"] == "本市") and oracle.is_flexible(case)


_STATUS: Final[dict[str, Callable[[Case], bool]]] = {
    EMPLOYED: oracle.is_employed,
    FLEXIBLE: _is_flexible,
    DISABLED: oracle.is_disabled,
    VETERAN: oracle.is_veteran,
    HARDSHIP: oracle.is_in_hardship,
    COLLEGE: oracle.is_at_college,
    VOCATIONAL: oracle.is_at_vocational_school,
    JOBLESS: oracle.is_jobless,
    CARE: lambda case: False,  # no 养老家政 path
}


def _is_held(case: Case, identity: str) -> bool:
    return oracle.is_of_age(case, identity) and _STATUS[identity](case)


def _failures(case: Case, identity: str) -> set[str]:
    """No six months, no yearly limit of 在职人员."""
    found = set()
    if identity == COLLEGE and case["证书"]["等级"] not in ("四级", "三级", "二级", "一级"):
        found.add("一（四）3")
    if identity == VOCATIONAL and oracle.has_had_vocational_subsidy(case):
        found.add("一（四）3")
    if _day(case["申请"]["日期"]) > _last_day(case):
        found.add("二（一）")
    return found


def _whole(case: Case) -> set[str]:
    """No annex, no catalogue; 境外证书比照发证 is not shut out."""
    found = set()
    if _standard(case) is None:
        found.add("一（二）")
    if oracle.is_repeated(case):
        found.add("一（四）7")
    if case["证书"]["取得方式"] in EXCLUDED or case["获证时"]["任职"] != "其他":
        found.add("一（四）8")
    if len(oracle.counted_this_year(case)) >= 3:
        found.add("五（三）")
    return found
