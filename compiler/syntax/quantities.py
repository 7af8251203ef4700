"""Legal text → the quantities it names: amounts, shares, periods, ages, counts and dates.

Full-width digits and Chinese numerals mean what half-width digits do: 80% and 百分之八十 are one
quantity. What only looks like a number is none: the number of a clause or of a document, a
code, 第五条, a grade, 一次性, what stands in 《》.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Final, Literal

import attrs

from .chinese import parse_chinese_number, parse_percent
from .keywords import vocabulary
from .width import normalize

Kind = Literal[
    "money", "ratio", "months", "days", "age", "count", "number", "part", "date", "year",
    "month", "day",
]  # fmt: skip
Op = Literal[">=", "<=", "<", ">"]


@attrs.frozen
class Bound:
    """The word beside a number that says which side of it is meant: 满 is >=, 不满 is <.

    《民法典》第一千二百五十九条：以上、以下、以内、届满，包括本数；不满、超过、以外，不包括本数.
    """

    word: str
    op: Op

    @property
    def with_more(self) -> bool:
        """Whether the number itself goes with what is more or later: so with 满 and with 不满."""
        return with_more(self.op)


@attrs.frozen
class Quantity:
    """A quantity of a text, at `text[start:end]`.

    `value` is in the smallest unit of its kind (money in 分, ratio as it is, months, days, ages
    in years), `number` is the number that is written, `unit` its unit there. Of a date the value is
    the date, of a month (year, month), of a day of any year (month, day). A part is one side of
    1:3; `whole` is then the sum of both.
    """

    text: str
    kind: Kind
    value: Fraction | date | tuple[int, int]
    number: Fraction
    unit: str
    start: int
    end: int
    bound: Bound | None = None
    whole: Fraction | None = None


def with_more(op: str) -> bool:
    """Which way a comparison cuts: with >= and < the number itself goes with what is more."""
    return op in (">=", "<")


# --- the words

_DIGITS = r"(?:[0-9]+(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_HAN = "零〇○一二两三四五六七八九十百千万"
_NUMERAL = rf"(?:{_DIGITS}|[{_HAN}]+)"
_YEAR = r"(?:[0-9]{4}|[零〇○一二三四五六七八九]{4})"
_SMALL = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_NOT_BEFORE = rf"(?<![0-9.\-A-Za-z第〔\[{_HAN}])"

# Units of legal text that the language has no word for, with the kind and the size.
_MORE_UNITS: Final[dict[str, tuple[Kind, Fraction]]] = {
    "周年": ("months", Fraction(12)), "个年度": ("months", Fraction(12)),
    "个季度": ("months", Fraction(3)), "个自然月": ("months", Fraction(1)),
    "个自然日": ("days", Fraction(1)), "个星期": ("days", Fraction(7)),
    "个百分点": ("ratio", Fraction(1, 100)),
}  # fmt: skip
_COUNTED = (
    "工作日 人次 平方米 立方米 平方公里 公里 千米 厘米 毫米 米 公斤 千克 克 吨 升 千瓦时 千瓦 "
    "公顷 亩 小时 分钟 学时 课时 学分 张 台 辆 套 家 处 间 笔 批 期 届 门 种 页 度 人 户 名"
).split()
# What must not follow a unit: 三年级, 两成立, 一次性, 十人员.
_NOT_AFTER = {
    "年": "级代龄检审会末初薪底终息限", "日": "常益期程报均历元", "天": "然津空",
    "周": "边围转全密期末一二三四五六日", "成": "立为员果功本熟长绩就品人都套交",
    "次": "性日年月要级数品序", "人": "员民力才均口社工事身格为物类体数防大", "名": "称义单录额",
    "份": "额", "户": "籍口主外型", "分": "之别钟为级类", "期": "间限满货末初望",
    "家": "庭政属长具装电用教园乡", "处": "理罚分于置在所以级室方", "米": "面粉", "度": "假过",
    "个": "别体案性税", "本": "市人单办法部级条款项", "项": "目", "门": "诊类户", "种": "类植子",
    "批": "准复示发次", "间": "接隔", "件": "数", "元": "旦素件", "倍": "增数", "页": "面码",
    "升": "级学降", "克": "服", "套": "取用", "台": "湾账风", "张": "贴",
}  # fmt: skip
# Chinese numerals count many things that are no quantity: 三个条件, 两项规定, 一人一档.
_COUNTED_IN_HAN = frozenset("次 人 人次 名 份 户 件 张 台 辆".split()) | frozenset(
    "工作日 平方米 立方米 公里 千米 米 公斤 千克 克 吨 升 亩 公顷 小时 分钟 学时 课时 学分".split()
)
_MANY_IN_HAN = frozenset("人 人次 名 份 户 件 张 台 辆".split())
# 某一日, 同一年, 每一次 name no number.
_NO_ONE = "某任同每另首上下这那其统唯进逐初专再"

_PREFIX = re.compile(
    r"(?P<not>不得|不能|不可|不应当?|不宜|从未|尚未|未|不)?"
    r"(?P<word>超过|超出|逾|低于|少于|小于|高于|多于|大于|早于|晚于|迟于|届满|满|足|达到|达"
    r"|至少|最少|最低|至多|最多|最高|上限|下限)(?:为|是|了|人民币)?$"
)
_OPS: Final[dict[str, Op]] = {
    "超过": ">", "超出": ">", "逾": ">", "高于": ">", "多于": ">", "大于": ">", "晚于": ">",
    "迟于": ">", "低于": "<", "少于": "<", "小于": "<", "早于": "<", "届满": ">=", "满": ">=",
    "足": ">=", "达到": ">=", "达": ">=", "至少": ">=", "最少": ">=", "最低": ">=", "下限": ">=",
    "至多": "<=", "最多": "<=", "最高": "<=", "上限": "<=", "以上": ">=", "期满": ">=",
    "以下": "<=", "以内": "<=", "之内": "<=", "内": "<=", "以外": ">", "之外": ">", "为限": "<=",
    "封顶": "<=", "起": ">=", "止": "<=", "至": "<=", "截至": "<=",
}  # fmt: skip
_OPPOSITE: Final[dict[Op, Op]] = {">": "<=", "<": ">=", ">=": "<", "<=": ">"}
_SUFFIX = re.compile(
    r"(?:\(含(?:本数)?\))?(?:及|或|或者)?"
    r"(?P<word>以上|以下|以内|之内|以外|之外|期满|届满|为限|封顶|内(?![地部容设科涵外蒙]))"
    r"(?P<open>\(不含)?"
)
_FROM_ON = re.compile(r"起|止|为止")
_UP_TO = re.compile(r"(?P<word>截至|至|截止到?)$")
_TIME = re.compile(r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9]$")
_TITLE = re.compile(r"《[^《》]*》")


@cache
def _units(declared: frozenset[str]) -> dict[str, tuple[Kind, Fraction]]:
    """Every unit a number of the text may have, with its kind and size."""
    units: dict[str, tuple[Kind, Fraction]] = {}
    for word, unit in vocabulary().units.items():
        kind: Kind = "count" if unit.of == "number" else unit.of
        units[word] = ("age" if unit.unit == "岁" else kind, unit.factor)
    units["分"] = ("count", Fraction(1))  # a mark as well as money
    units |= {word: ("count", Fraction(1)) for word in (*_COUNTED, *declared)}
    units |= _MORE_UNITS
    for word in ("工作日", "小时", "学时", "课时", "月", "周", "人"):
        units[f"个{word}"] = units.get(word, ("months", Fraction(1)))
    return units


@cache
def _scanner(declared: frozenset[str]) -> re.Pattern[str]:
    words = sorted(_units(declared), key=len, reverse=True)
    unit = "|".join(
        re.escape(word) + (f"(?![{_NOT_AFTER[word]}])" if word in _NOT_AFTER else "")
        for word in words
    )
    return re.compile(
        rf"""(?=[0-9{_HAN}百千]){_NOT_BEFORE}(?:
        (?P<iso>[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}})(?![0-9\-])
        |(?P<code>[0-9]+(?:-[0-9A-Za-z]+){{2,}})
        |(?P<year>{_YEAR})年(?:(?P<month>{_SMALL})月(?:(?P<day>{_SMALL})日|份)?)?
        |(?P<anymonth>{_SMALL})月(?P<anyday>{_SMALL})日
        |(?P<left>[0-9]+(?:\.[0-9]+)?)(?:[:\u2236]|比(?=[0-9]))(?P<right>[0-9]+(?:\.[0-9]+)?)(?![:0-9])
        |(?P<per>[百千万])分之(?P<share>{_NUMERAL}|百)
        |(?P<below>[{_HAN}]+)分之(?P<above>[{_HAN}]+)
        |(?P<years>{_NUMERAL})年零?(?P<months>{_NUMERAL})个月
        |(?P<yuan>{_NUMERAL})元(?P<jiao>{_NUMERAL})角(?:(?P<fen>{_NUMERAL})分)?
        |(?P<low>{_NUMERAL})(?:至|到|[\-\u2013\u2014~]+)(?={_NUMERAL}(?P<scale_>[万亿]?)(?P<unit_>{unit}))
        |(?P<number>{_NUMERAL})(?P<scale>[万亿]?)[ ]?(?P<unit>{unit})
            (?P<each>/[^\s0-9，。；、：（）(),;:]{{1,3}}?(?![^\s，。；、：（）(),;:]))?
        |(?P<bare>{_DIGITS})(?![0-9A-Za-z.\-/:号条款项类级章节])
        )""",
        re.VERBOSE,
    )


def quantities(text: str, units: frozenset[str] = frozenset()) -> list[Quantity]:
    """The quantities of a line, in order; `units` are those the rulebook declares."""
    plain = _TITLE.sub(lambda title: "□" * len(title[0]), normalize(text))
    found: list[Quantity] = []
    for match in _scanner(units).finditer(plain):
        for one in _read(match, plain, _units(units)):
            place = slice(one.start, one.end)
            found.append(attrs.evolve(one, text=text[place], bound=_bound(plain, one)))
    return [one for one in found if one.kind != "number" or _stands_alone(plain, one)]


def _read(
    match: re.Match[str], plain: str, units: dict[str, tuple[Kind, Fraction]]
) -> Iterator[Quantity]:
    """What one match of the scanner names: nothing, one quantity, or the two sides of 1:3."""
    start, end = match.span()
    part = match.groupdict()
    if part["iso"] or part["year"] or part["anymonth"]:
        yield from _day(part, start, end)
    elif part["left"]:
        yield from _sides(match, plain)
    elif part["per"] or part["below"]:
        value = _share(part)
        if value is not None:
            yield Quantity("", "ratio", value, value, "", start, end)
    elif part["years"]:
        whole, rest = _number(part["years"]), _number(part["months"])
        if whole is not None and rest is not None:
            months = whole * 12 + rest
            yield Quantity("", "months", months, months, "个月", start, end)
    elif part["yuan"]:
        digits = [_number(part[name] or "0") for name in ("yuan", "jiao", "fen")]
        if None not in digits:
            yuan, jiao, fen = (digit or Fraction(0) for digit in digits)
            money = yuan * 100 + jiao * 10 + fen
            yield Quantity("", "money", money, money / 100, "元", start, end)
    elif part["low"]:
        end = match.end("low")
        yield from _counted(part["low"], part["scale_"], part["unit_"], start, end, plain, units)
    elif part["number"]:
        yield from _counted(part["number"], part["scale"], part["unit"], start, end, plain, units)
    elif part["bare"]:
        bare = _number(part["bare"])
        if bare is not None:
            yield Quantity("", "number", bare, bare, "", start, end)


def _counted(
    written: str,
    scale: str | None,
    unit: str,
    start: int,
    end: int,
    plain: str,
    units: dict[str, tuple[Kind, Fraction]],
) -> Iterator[Quantity]:
    """A number with its unit, where the two name a quantity."""
    number = _number(written)
    kind, factor = units[unit]
    in_han = written[0] in _HAN
    if number is None or (in_han and not _means_it(written, unit, kind, plain[:start])):
        return
    number *= {"万": 10_000, "亿": 100_000_000}.get(scale or "", 1)
    if kind == "days" and unit == "日" and plain[:start].endswith("月"):
        kind = "count"  # 每月15日 is a day, no period
    yield Quantity("", kind, number * factor, number, unit, start, end)


def _means_it(written: str, unit: str, kind: Kind, before: str) -> bool:
    """Whether a Chinese numeral before a unit is a number of the law."""
    if before and ((written == "一" and before[-1] in _NO_ONE) or _is_vague(written, before)):
        return False
    if kind != "count":
        return True
    bare = unit.removeprefix("个")
    return bare in _COUNTED_IN_HAN and not (written == "一" and bare in _MANY_IN_HAN)


def _is_vague(written: str, before: str) -> bool:
    """数十日, 几百元."""
    return before[-1] in "数几" and written[0] in "十百千万"


def _stands_alone(plain: str, one: Quantity) -> bool:
    """A number without a unit is one in a column of its own, or beside a bound; else a name."""
    around = plain[one.start - 1 : one.start] + plain[one.end : one.end + 1]
    return one.bound is not None or not around.strip()


def _day(part: dict[str, str | None], start: int, end: int) -> Iterator[Quantity]:
    if part["iso"]:
        year, month, day = (int(digits) for digits in part["iso"].split("-"))
    else:
        year, month, day = (
            int(_number(part[a] or part[b] or "0") or 0)
            for a, b in (("year", "year"), ("month", "anymonth"), ("day", "anyday"))
        )
    if year and month and day:
        try:
            yield Quantity("", "date", date(year, month, day), Fraction(year), "日", start, end)
        except ValueError:
            return
    elif year and month:
        yield Quantity("", "month", (year, month), Fraction(month), "月", start, end)
    elif year:
        yield Quantity("", "year", Fraction(year), Fraction(year), "年", start, end)
    elif month and day:
        yield Quantity("", "day", (month, day), Fraction(month), "日", start, end)


def _sides(match: re.Match[str], plain: str) -> Iterator[Quantity]:
    """Both sides of 1:3; a time of day such as 9:30 is none."""
    if _TIME.match(match[0]) and not plain[match.end() :].startswith(("比", "的比")):
        return
    left, right = _number(match["left"]), _number(match["right"])
    if left is None or right is None:
        return
    for side, number in (("left", left), ("right", right)):
        start, end = match.span(side)
        yield Quantity("", "part", number, number, "", start, end, whole=left + right)


def _share(part: dict[str, str | None]) -> Fraction | None:
    """百分之八十, 千分之五, 三分之二."""
    if part["per"]:
        above: Fraction | int | None = parse_percent("百") if part["share"] == "百" else None
        above = above if above is not None else _number(part["share"] or "")
        return None if above is None else above / Fraction(_PER[part["per"]])
    below, upper = _number(part["below"] or ""), _number(part["above"] or "")
    return upper / below if below and upper is not None else None


_MOST_DIGITS = 30  # no law has a number of more
_PER = {"百": 100, "千": 1000, "万": 10_000}


def _number(written: str) -> Fraction | None:
    if not written or len(written) > _MOST_DIGITS:
        return None
    if written[0].isascii():
        return Fraction(written.replace(",", ""))
    number = parse_chinese_number(written.replace("○", "零"))
    return None if number is None else Fraction(number)


def _bound(plain: str, one: Quantity) -> Bound | None:
    """The bound a quantity has from the words before and behind it; none where they disagree."""
    before, behind = _before(plain[: one.start].rstrip(), one), _behind(plain, one)
    if before is None or behind is None:
        return before or behind
    return before if before.with_more == behind.with_more else None


def _before(words: str, one: Quantity) -> Bound | None:
    if found := _PREFIX.search(words[-12:]):
        op = _OPS[found["word"]]
        return Bound(found[0], _OPPOSITE[op] if found["not"] else op)
    if one.kind in ("date", "month", "day") and (found := _UP_TO.search(words)):
        return Bound(found["word"], "<=")
    return None


def _behind(plain: str, one: Quantity) -> Bound | None:
    if found := _SUFFIX.match(plain, one.end):
        return None if found["open"] else Bound(found["word"], _OPS[found["word"]])
    if one.kind in ("date", "month", "day", "age") and (found := _FROM_ON.match(plain, one.end)):
        return Bound(found[0], _OPS["起" if found[0] == "起" else "止"])
    return None
