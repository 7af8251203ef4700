"""沪人社规〔2025〕7号 in rules/: the contract's cases, and what each of its readings changes."""

import copy
import json
import shutil
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from luling.runtime.decide import Decision, Engine
from luling.runtime.rulebooks import load

from .facts import Case, put
from .oracle import STANDARD

RULES: Final = Path(__file__).parents[2] / "rules"
FLAGSHIP: Final = "shanghai-skill-subsidy/2025-7"
CONTRACT: Final = sorted((Path(__file__).parent / "contract").glob("*.json"))


@cache
def engine() -> Engine:
    """The rulebook as it is."""
    return load(RULES / FLAGSHIP)


def contract(number: str) -> Any:
    """One file of the contract."""
    path = next(p for p in CONTRACT if p.name.startswith(number))
    return json.loads(path.read_text("utf-8"))


# ---- the contract's cases


@pytest.mark.parametrize("path", CONTRACT, ids=lambda path: path.stem)
def test_a_contract_case_gets_what_it_should(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    decision = engine().decide_text(json.dumps(case["案件"], ensure_ascii=False))
    assert (decision.state, decision.missing, decision.faults) == ("已定", (), ())
    assert decision.results() == case["应得"]


# ---- the readings


def alternatives() -> list[tuple[str, str]]:
    """Every reading of the rulebook with each alternative that is not taken."""
    return [(r.name, a.name) for r in engine().rulebook.readings for a in r.alternatives[1:]]


@pytest.mark.parametrize(("reading", "alternative"), alternatives())
def test_the_contract_cases_are_decided_under_every_reading(reading: str, alternative: str) -> None:
    switched = engine().with_readings({reading: alternative})
    for path in CONTRACT:
        case = json.loads(path.read_text("utf-8"))["案件"]
        decision = switched.decide(case)
        assert (decision.state, decision.faults) == ("已定", ()), path.stem
        if reading in decision.readings:
            assert decision.readings[reading] == alternative
        decision.to_json()


class Shown(NamedTuple):
    """A contract case with other facts, and one of its results under the two readings."""

    number: str
    facts: Case
    result: str
    taken: Any
    otherwise: Any


def _past(day: str, kind: str, identity: str) -> Case:
    """An earlier subsidy of another occupation."""
    return {
        "种类": kind, "申请日期": day, "职业编码": "6-01-01-01", "等级": "五级", "身份": identity
    }  # fmt: skip


_CARE_TOO: Final[Case] = {
    "养老家政.岗位": "养老护理",
    "养老家政.上岗日期": "2024-11-01",
    "养老家政.连续就业至": "2026-01-20",
    "养老家政.单位所在区": "闵行区",
    "证书.属养老护理或家政服务项目": True,
}
_BOTH: Final = ["在职人员", "养老家政从业人员"]

# Which case shows what each reading changes. Two readings change nothing while the figures of the
# law are what they are; ALTERED shows them with other figures.
SHOWN: Final[dict[tuple[str, str], Shown]] = {
    ("法定劳动年龄下限", "不设下限"): Shown(
        "09", {"申请人.出生日期": "2010-01-11"}, "结论", "不可享受", "可享受"
    ),
    ("法定劳动年龄上限", "原法定退休年龄"): Shown(
        "14", {"证书.颁发日期": "2025-06-30"}, "结论", "可享受", "不可享受"
    ),
    ("到龄当日", "当日仍在段内"): Shown("14", {}, "结论", "不可享受", "可享受"),
    ("退役5年内", "不含第五年的对应日"): Shown("06", {}, "结论", "可享受", "不可享受"),
    ("外省市灵活就业", "登记或参保即可"): Shown(
        "04", {"获证时.以灵活就业身份参加基本养老和医疗保险": False}, "结论", "不可享受", "可享受"
    ),
    ("纳入补贴范围的项目", "列入目录即可"): Shown(
        "01", {"证书.随申办可查询": False}, "结论", "不可享受", "可享受"
    ),
    ("多种身份", "列在前面"): Shown("05", {}, "享受身份", "残疾人", "在职人员"),
    ("不可享受原因的汇总", "只列整案原因"): Shown(
        "24", {}, "不可享受原因", ["一（四）1", "一（四）8", "一（五）"], ["一（四）8"]
    ),
    ("没有对应日", "次月首日"): Shown("22", {}, "结论", "不可享受", "可享受"),
    ("实现在沪就业的时点", "获证时"): Shown("08", {}, "补贴比例", "1", "0.8"),
    ("满6个月看什么", "只看就业"): Shown(
        "16", {"就业.获证起持续在沪就业至": "2026-02-28"}, "结论", "不可享受", "可享受"
    ),
    ("不分等级算不算中级", "算"): Shown(
        "08", {"证书.等级": "不分等级"}, "结论", "不可享受", "可享受"
    ),
    ("中职学生的1次", "培训补贴也算"): Shown("09", {}, "结论", "可享受", "不可享受"),
    ("技岗匹配项目对谁要求", "只对在职人员"): Shown("18", {}, "结论", "不可享受", "可享受"),
    ("已享受过的补贴", "培训补贴也算"): Shown(
        "19", {"已享补贴[0].种类": "培训补贴"}, "结论", "可享受", "不可享受"
    ),
    ("公务员和事业单位人员", "只限制在职人员身份"): Shown(
        "05", {"获证时.任职": "公务员"}, "结论", "不可享受", "可享受"
    ),
    ("养老家政与其他身份", "只按养老家政"): Shown(
        "01", _CARE_TOO, "可选身份", _BOTH, ["养老家政从业人员"]
    ),
    ("连续就业的起算", "上岗之日"): Shown(
        "11",
        {"申请.日期": "2026-01-20", "养老家政.连续就业至": "2026-01-20"},
        "结论", "不可享受", "可享受",
    ),
    ("期限的末日", "当日已逾期"): Shown("09", {}, "结论", "可享受", "不可享受"),
    ("灵活就业的所在区", "缴纳所在区优先"): Shown(
        "03", {}, "审核区", ["长宁区", "普陀区"], ["长宁区"]
    ),
    ("每年的次数", "颁发日期所在年"): Shown(
        "12",
        {"已享补贴": [_past("2026-10-01", "培训补贴", "在职人员")]},
        "结论", "可享受", "不可享受",
    ),
    ("在职人员每年1次", "只计在职人员"): Shown(
        "01",
        {"已享补贴": [_past("2026-01-10", "培训补贴", "养老家政从业人员")]},
        "结论", "不可享受", "可享受",
    ),
    ("窗口申请由谁承担", "由受理区承担"): Shown("02", {}, "承担区", ["嘉定区"], ["松江区"]),
    ("施行当日颁发的证书", "算实施前"): Shown(
        "01", {"证书.颁发日期": "2025-05-01"}, "结论", "可享受", "不适用本通知"
    ),
    ("有效期", "限制申请日期"): Shown("22", {}, "结论", "不可享受", "不适用本通知"),
}  # fmt: skip


class Altered(NamedTuple):
    """Other figures in a file of the rules with which a reading shows, and a case for it."""

    file: str
    below: str
    figures: dict[str, str]
    shown: Shown
    why: str


ALTERED: Final[dict[tuple[str, str], Altered]] = {
    ("女性放宽至60岁", "一律60周岁"): Altered(
        "statutory-retirement-age/2025/retirement.luling",
        "规则 原五十五周岁女职工的延迟",
        {
            "起延月 为 1970-01-01": "起延月 为 1960-01-01",
            "每几个月延迟一个月 为 4": "每几个月延迟一个月 为 1",
            "最多延迟月数 为 36": "最多延迟月数 为 99",
        },
        Shown(
            "11",
            {"申请人.原法定退休年龄": 55, "申请人.出生日期": "1965-12-20"},
            "结论", "可享受", "不可享受",
        ),
        "women's statutory age ends at 58: it never comes after 60",
    ),
    ("分担的尾差", "区级四舍五入"): Altered(
        f"{FLAGSHIP}/13-standards.luling",
        "| B |",
        {"1500元/人": "1500.01元/人"},
        Shown("04", {}, "市级承担", "750.01", "750.00"),
        "every amount is an even number of 分: halves leave nothing over",
    ),
}  # fmt: skip


def test_every_reading_is_shown_by_a_case() -> None:
    assert sorted([*SHOWN, *ALTERED]) == sorted(alternatives())


def decided(with_: Engine, shown: Shown) -> Decision:
    """The decision on the case that shows a reading."""
    case = copy.deepcopy(contract(shown.number)["案件"])
    for path, value in shown.facts.items():
        put(case, path, copy.deepcopy(value))
    decision = with_.decide(case)
    assert decision.state == "已定", [f.message() for f in decision.faults]
    return decision


def assert_shows(with_: Engine, reading: str, alternative: str, shown: Shown) -> None:
    """One reading gives one result, the other another; both decisions name the reading."""
    first = with_.rulebook.reading[reading].alternatives[0].name
    for taken, expected in ((first, shown.taken), (alternative, shown.otherwise)):
        decision = decided(with_.with_readings({reading: taken}), shown)
        assert decision.results()[shown.result] == expected
        assert decision.readings.get(reading) == taken
    assert decided(with_, shown).results()[shown.result] == shown.taken


@pytest.mark.parametrize(("reading", "alternative"), SHOWN)
def test_a_reading_changes_the_case_that_shows_it(reading: str, alternative: str) -> None:
    assert_shows(engine(), reading, alternative, SHOWN[reading, alternative])


@pytest.mark.parametrize(("reading", "alternative"), ALTERED)
def test_a_reading_without_effect_today_has_one_with_other_figures(
    reading: str, alternative: str, tmp_path: Path
) -> None:
    altered = ALTERED[reading, alternative]
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    file = rules / altered.file
    above, below, text = file.read_text("utf-8").partition(altered.below)
    for before, after in altered.figures.items():
        assert before in text
        text = text.replace(before, after, 1)
    file.write_text(above + below + text, "utf-8")
    assert_shows(load(rules / FLAGSHIP), reading, alternative, altered.shown)
    unchanged = decided(engine().with_readings({reading: alternative}), altered.shown)
    assert unchanged.results() == decided(engine(), altered.shown).results()


def test_the_shares_are_even_whatever_the_standard() -> None:
    """Why 分担的尾差 shows nothing today."""
    amounts = {amount for row in STANDARD.values() for amount in row.values()}
    assert all(amount * share % 2 == 0 for amount, share in product(amounts, (80, 100, 120)))


# ---- the application as the notice has it, where the generators seldom go

_EDGES: Final[list[tuple[str, Callable[[Case], None], str, Any]]] = [
    ("01", lambda case: put(case, "申请.日期", "2025-11-16"), "结论", "可享受"),
    ("01", lambda case: put(case, "申请.日期", "2025-11-15"), "结论", "不可享受"),
    ("01", lambda case: put(case, "证书.颁发日期", "2025-05-01"), "结论", "可享受"),
    ("01", lambda case: put(case, "证书.颁发日期", "2025-04-30"), "结论", "不适用本通知"),
    ("01", lambda case: put(case, "已享补贴", []), "不可享受原因", []),
]


@pytest.mark.parametrize(("number", "change", "result", "expected"), _EDGES)
def test_an_edge_of_the_notice(
    number: str, change: Callable[[Case], None], result: str, expected: Any
) -> None:
    case = copy.deepcopy(contract(number)["案件"])
    change(case)
    assert engine().decide(case).results()[result] == expected
