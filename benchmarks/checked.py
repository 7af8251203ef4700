"""The notice by hand with the checks of the input that the contract asks for, before it is decided.

Every fact must be of its type, be one of its values, and agree with the others. A case in which one
is absent is not decided, and every absent fact is listed: which of them matter, and what is certain
without them, is not worked out by hand. Nothing is suggested for a misspelt name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import by_hand
from by_hand import IDENTITIES, Case

EARLIEST, LATEST = "1900-01-01", "2199-12-31"
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
DISTRICTS = (
    "浦东新区 黄浦区 徐汇区 长宁区 静安区 普陀区 虹口区 杨浦区 "
    "闵行区 宝山区 嘉定区 金山区 松江区 青浦区 奉贤区 崇明区"
).split()
LEVELS = ("五级", "四级", "三级", "二级", "一级", "不分等级")
WINDOW = "区就业促进中心窗口"
HISTORY = "已享补贴"

Check = Callable[[Any], str | None]  # what is wrong with a value, if anything is


def a_date(value: Any) -> str | None:
    """What is wrong with a value that should be a date."""
    if not isinstance(value, str) or not DATE.fullmatch(value):
        return f"「{value}」不是日期。"
    if not EARLIEST <= value <= LATEST:
        return f"{value} 不在 {EARLIEST} 至 {LATEST} 之间。"
    try:
        date.fromisoformat(value)
    except ValueError:
        return f"没有 {value} 这一天。"
    return None


def yes_or_no(value: Any) -> str | None:
    """What is wrong with a value that should be true or false."""
    return None if value is True or value is False else f"「{value}」不是 true 或 false。"


def a_text(value: Any) -> str | None:
    """What is wrong with a value that should be a text."""
    return None if isinstance(value, str) else f"「{value}」不是文本。"


def an_age(value: Any) -> str | None:
    """What is wrong with a value that should be one of the three ages."""
    right = type(value) is int and value in (50, 55, 60)
    return None if right else f"「{value}」不是 60、55 或 50。"


def one_of(*names: str) -> Check:
    """A check that a value is one of these names."""
    allowed = frozenset(names)

    def check(value: Any) -> str | None:
        if isinstance(value, str) and value in allowed:
            return None
        return f"「{value}」不是允许的取值，应为：{'、'.join(names)}。"

    return check


def or_none(check: Check) -> Check:
    """The same check of a value that may be none."""
    return lambda value: None if value is None else check(value)


A_DISTRICT = or_none(one_of(*DISTRICTS))
A_DATE = or_none(a_date)

FACTS: dict[str, dict[str, Check]] = {
    "申请": {"日期": a_date, "渠道": one_of("随申办", WINDOW), "受理区": A_DISTRICT},
    "申请人": {
        "性别": one_of("男", "女"),
        "出生日期": a_date,
        "原法定退休年龄": an_age,
        "户籍": one_of("本市", "外省市"),
        "户籍所在区": A_DISTRICT,
    },
    "获证时": {
        "与本市用人单位建立劳动关系": yes_or_no,
        "参加本市城镇职工社会保险并缴费": yes_or_no,
        "用人单位社会保险关系所在区": A_DISTRICT,
        "灵活就业登记": yes_or_no,
        "以灵活就业身份参加城镇职工社会保险": yes_or_no,
        "以灵活就业身份参加基本养老和医疗保险": yes_or_no,
        "灵活就业社会保险缴纳所在区": A_DISTRICT,
        "残疾人": yes_or_no,
        "退役日期": A_DATE,
        "公示的就业困难人员": yes_or_no,
        "在读院校": one_of("无", "中等职业学校", "高等院校"),
        "毕业学年": yes_or_no,
        "院校所在区": A_DISTRICT,
        "未就业类别": one_of(
            "无", "登记失业人员", "协保人员", "原农村富余劳动力", "未进行就业失业登记"
        ),
        "任职": one_of("其他", "公务员", "事业单位非技能岗位"),
    },
    "就业": {
        "获证起持续在沪就业至": A_DATE,
        "申请时在沪就业": yes_or_no,
        "已提供技能岗位就业材料": yes_or_no,
    },
    "养老家政": {
        "岗位": one_of("无", "养老护理", "家政服务"),
        "上岗日期": A_DATE,
        "连续就业至": A_DATE,
        "单位所在区": A_DISTRICT,
    },
    "证书": {
        "种类": one_of("国家职业资格证书", "职业技能等级证书", "专项职业能力证书"),
        "职业编码": a_text,
        "职业工种": a_text,
        "等级": one_of(*LEVELS),
        "颁发日期": a_date,
        "补贴类别": one_of("A", "B", "C", "未列入"),
        "属养老护理或家政服务项目": yes_or_no,
        "随申办可查询": yes_or_no,
        "取得方式": one_of("职业技能评价", "企业直接认定", "竞赛晋升", "境外证书比照发证", "表彰"),
    },
}
PAST: dict[str, Check] = {
    "种类": one_of("提升补贴", "培训补贴", "区企业职工培训"),
    "申请日期": a_date,
    "职业编码": a_text,
    "等级": one_of(*LEVELS),
    "身份": one_of(*IDENTITIES),
}


def decide(case: Case) -> Case:
    """The answer: 状态, and 结果 or 错误."""
    found = Found()
    for group, checks in FACTS.items():
        found.look_at(case.get(group, {}), checks, group)
    items = case.get(HISTORY)
    if isinstance(items, list):
        for index, item in enumerate(items):
            found.look_at(item, PAST, f"{HISTORY}[{index}]")
    elif HISTORY in case:
        found.faults.append((HISTORY, "应为列表。"))
    else:
        found.absent.append(HISTORY)
    if len(case) > len(FACTS) + 1 or found.absent:
        unknown = case.keys() - FACTS.keys() - {HISTORY}
        found.faults += [(key, "没有这个事实。") for key in unknown]
    if not found.faults and not found.absent:
        found.faults += disagreements(case)
    if found.faults:
        faults = [{"位置": place, "说明": said} for place, said in found.faults]
        return {"状态": "输入有误", "结果": {}, "缺少": [], "错误": faults}
    if found.absent:
        return {"状态": "信息不足", "结果": {}, "缺少": found.absent, "错误": []}
    return {"状态": "已定", "结果": by_hand.results(case), "缺少": [], "错误": []}


class Found:
    """What stands against deciding a case."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []
        self.absent: list[str] = []

    def look_at(self, value: Any, checks: dict[str, Check], place: str) -> None:
        """Nothing; what is wrong with an object of facts is noted."""
        if not isinstance(value, dict):
            self.faults.append((place, "应为对象。"))
            return
        seen = 0
        for name, check in checks.items():
            if name not in value:
                self.absent.append(f"{place}.{name}")
                continue
            seen += 1
            said = check(value[name])
            if said is not None:
                self.faults.append((f"{place}.{name}", said))
        if len(value) > seen:
            unknown = value.keys() - checks.keys()
            self.faults += [(f"{place}.{name}", "没有这个事实。") for name in unknown]


def disagreements(case: Case) -> list[tuple[str, str]]:
    """What single facts that are right for themselves have against each other."""
    application, person, certificate = case["申请"], case["申请人"], case["证书"]
    applied, issued = application["日期"], certificate["颁发日期"]  # ISO dates stand in order
    found = []
    if applied < issued:
        found.append(("申请.日期", "申请日期早于证书颁发日期。"))
    if application["渠道"] == WINDOW and application["受理区"] is None:
        found.append(("申请.受理区", "在窗口申请的，应填写受理区。"))
    if person["出生日期"] > issued:
        found.append(("申请人.出生日期", "出生日期晚于证书颁发日期。"))
    if (person["性别"] == "男") != (person["原法定退休年龄"] == 60):
        found.append(("申请人.原法定退休年龄", "原法定退休年龄与性别不符。"))
    if person["户籍"] == "本市" and person["户籍所在区"] is None:
        found.append(("申请人.户籍所在区", "本市户籍的，应填写户籍所在区。"))
    for index, item in enumerate(case[HISTORY]):
        if item["申请日期"] > applied:
            found.append((f"{HISTORY}[{index}].申请日期", "已享补贴的申请日期晚于本次申请日期。"))
    return found
