"""The facts of one case, after §2 of the flagship contract, and how one is reached by its path."""

from typing import Any, Final, NamedTuple

Case = dict[str, Any]

DISTRICTS: Final = (
    "浦东新区", "黄浦区", "徐汇区", "长宁区", "静安区", "普陀区", "虹口区", "杨浦区",
    "闵行区", "宝山区", "嘉定区", "金山区", "松江区", "青浦区", "奉贤区", "崇明区",
)  # fmt: skip

EMPLOYED: Final = "在职人员"
FLEXIBLE: Final = "灵活就业人员"
DISABLED: Final = "残疾人"
VETERAN: Final = "退役士兵"
HARDSHIP: Final = "就业困难人员"
COLLEGE: Final = "高校毕业学年学生"
VOCATIONAL: Final = "中职毕业学年学生"
JOBLESS: Final = "未就业人员"
CARE: Final = "养老家政从业人员"
IDENTITIES: Final = (
    EMPLOYED, FLEXIBLE, DISABLED, VETERAN, HARDSHIP, COLLEGE, VOCATIONAL, JOBLESS, CARE,
)  # fmt: skip

LEVELS: Final = ("五级", "四级", "三级", "二级", "一级")  # lowest first
UNGRADED: Final = "不分等级"


class Fact(NamedTuple):
    """What values one fact may take."""

    kind: str  # 日期, 是否, 数, 文本, 枚举 or 列表
    values: tuple[Any, ...] = ()
    nullable: bool = False


DATE: Final = Fact("日期")
DATE_OR_NULL: Final = Fact("日期", nullable=True)
YES_NO: Final = Fact("是否", (True, False))
TEXT: Final = Fact("文本")
DISTRICT_OR_NULL: Final = Fact("枚举", DISTRICTS, nullable=True)


def _one_of(*values: str) -> Fact:
    """A fact that is one of these names."""
    return Fact("枚举", values)


FACTS: Final[dict[str, Fact]] = {
    "申请.日期": DATE,
    "申请.渠道": _one_of("随申办", "区就业促进中心窗口"),
    "申请.受理区": DISTRICT_OR_NULL,
    "申请人.性别": _one_of("男", "女"),
    "申请人.出生日期": DATE,
    "申请人.原法定退休年龄": Fact("数", (60, 55, 50)),
    "申请人.户籍": _one_of("本市", "外省市"),
    "申请人.户籍所在区": DISTRICT_OR_NULL,
    "获证时.与本市用人单位建立劳动关系": YES_NO,
    "获证时.参加本市城镇职工社会保险并缴费": YES_NO,
    "获证时.用人单位社会保险关系所在区": DISTRICT_OR_NULL,
    "获证时.灵活就业登记": YES_NO,
    "获证时.以灵活就业身份参加城镇职工社会保险": YES_NO,
    "获证时.以灵活就业身份参加基本养老和医疗保险": YES_NO,
    "获证时.灵活就业社会保险缴纳所在区": DISTRICT_OR_NULL,
    "获证时.残疾人": YES_NO,
    "获证时.退役日期": DATE_OR_NULL,
    "获证时.公示的就业困难人员": YES_NO,
    "获证时.在读院校": _one_of("无", "中等职业学校", "高等院校"),
    "获证时.毕业学年": YES_NO,
    "获证时.院校所在区": DISTRICT_OR_NULL,
    "获证时.未就业类别": _one_of(
        "无", "登记失业人员", "协保人员", "原农村富余劳动力", "未进行就业失业登记"
    ),
    "获证时.任职": _one_of("其他", "公务员", "事业单位非技能岗位"),
    "就业.获证起持续在沪就业至": DATE_OR_NULL,
    "就业.申请时在沪就业": YES_NO,
    "就业.已提供技能岗位就业材料": YES_NO,
    "养老家政.岗位": _one_of("无", "养老护理", "家政服务"),
    "养老家政.上岗日期": DATE_OR_NULL,
    "养老家政.连续就业至": DATE_OR_NULL,
    "养老家政.单位所在区": DISTRICT_OR_NULL,
    "证书.种类": _one_of("国家职业资格证书", "职业技能等级证书", "专项职业能力证书"),
    "证书.职业编码": TEXT,
    "证书.职业工种": TEXT,
    "证书.等级": _one_of(*LEVELS, UNGRADED),
    "证书.颁发日期": DATE,
    "证书.补贴类别": _one_of("A", "B", "C", "未列入"),
    "证书.属养老护理或家政服务项目": YES_NO,
    "证书.随申办可查询": YES_NO,
    "证书.取得方式": _one_of(
        "职业技能评价", "企业直接认定", "竞赛晋升", "境外证书比照发证", "表彰"
    ),
    "已享补贴": Fact("列表"),
}

HISTORY: Final = "已享补贴"
HISTORY_FACTS: Final[dict[str, Fact]] = {
    "种类": _one_of("提升补贴", "培训补贴", "区企业职工培训"),
    "申请日期": DATE,
    "职业编码": TEXT,
    "等级": FACTS["证书.等级"],
    "身份": _one_of(*IDENTITIES),
}


# ---- paths ----


def get(case: Case, path: str, default: Any = None) -> Any:
    """The value at a path such as 证书.等级 or 已享补贴[0].等级; the default where absent."""
    holder, key = _place(case, path)
    return default if holder is None else holder.get(key, default)


def put(case: Case, path: str, value: Any) -> None:
    """Nothing; the value now stands at the path, in a group of its own where there was none."""
    if "." in path and "[" not in path:
        case.setdefault(path.partition(".")[0], {})
    holder, key = _place(case, path)
    assert holder is not None
    holder[key] = value


def is_absent(case: Case, path: str) -> bool:
    """Is the fact unknown, which is not the same as none?"""
    holder, key = _place(case, path)
    return holder is None or key not in holder


def _place(case: Case, path: str) -> tuple[Case | None, str]:
    """The object that holds a path's last key, None where that is absent; and the key."""
    group, dot, key = path.partition(".")
    if not dot:
        return case, path
    name, bracket, number = group.partition("[")
    if not bracket:
        return case.get(group), key
    return case[name][int(number.rstrip("]"))], key


def paths(case: Case) -> list[str]:
    """Every fact's path, fields of earlier subsidies among them, absent or not."""
    items = range(len(case.get(HISTORY, [])))
    return [*FACTS, *(f"{HISTORY}[{i}].{field}" for i in items for field in HISTORY_FACTS)]


def absent_paths(case: Case) -> list[str]:
    """The paths of the unknown facts."""
    return [path for path in paths(case) if is_absent(case, path)]
