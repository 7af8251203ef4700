"""The names a rulebook declares, found before it is parsed.

Runs of characters can only be split by known names, and names are declared anywhere in the files.
This look at the beginnings of lines finds them all; what they mean is the business of `analysis`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

import attrs

from ..source import SourceFile, Span
from .keywords import Unit, vocabulary
from .width import normalize_outside_quotes

BUILT_IN_TYPES = ("日期", "是否", "文本", "金额", "比例", "整数", "数", "期间", "条款")
BUILT_IN_NAMES = (
    "满足要求", "未满足条款", "全案满足要求", "全案未满足条款", "状态", "缺少", "错误",
    "已定", "信息不足", "输入有误", "规则有误",
)  # fmt: skip

_NAME = r"「[^」\n]*」|[^\s：:，,、（）()=＝|｜。]+"
_WORDS = (
    "枚举|事实|列表|派生|结果|参数|表|名录|引用|单位|规则书|规则|例外|要求|解读|不执行|不用|核对|不测"
    "|必然|示例|废止|更名"
)
_HEAD = re.compile(rf"^[ \t\u3000]*({_WORDS})[ \t\u3000]+({_NAME})(.*)$")
_FIELD = re.compile(rf"^[ \t\u3000]*({_NAME})[ \t\u3000]*[：:](.*)$")
_AMENDS = re.compile(r"^[ \t\u3000]*修订[ \t\u3000]*「([^」\n]+)」", re.MULTILINE)
_NEW_NAME = re.compile(r"[ \t\u3000](?:为|=)[ \t\u3000]*(\S+)[ \t\u3000。]*$")
_ROW = re.compile(r"^[ \t\u3000]*[|｜](.*)$")
_OR_NULL = re.compile(r"[ \t\u3000]*或[ \t\u3000]*空[ \t\u3000]*$")


@attrs.frozen
class Declared:
    """Names usable in expressions, units, and the enumerations and lists that may own values.

    `aliases` are imports with their paths; of those that are `opaque` nobody knows the names.
    """

    names: frozenset[str]
    units: dict[str, Unit]
    scopes: frozenset[str]
    aliases: dict[str, str]
    opaque: frozenset[str]

    def scope_cut(self, run: str) -> int | None:
        """Where 的 stands in 身份的比例 if what precedes it owns values."""
        cut = run.find("的")
        while cut > 0:
            if run[:cut] in self.scopes:
                return cut
            cut = run.find("的", cut + 1)
        return None

    def with_imports(self, paths: Iterable[str], names: Iterable[str]) -> Declared:
        """The same with the names of the rulebooks imported from some paths."""
        opaque = {alias for alias, path in self.aliases.items() if path not in set(paths)}
        return attrs.evolve(self, names=self.names | frozenset(names), opaque=frozenset(opaque))


@attrs.define
class _Collector:
    names: set[str] = attrs.field(factory=set)
    units: dict[str, Unit] = attrs.field(factory=dict)
    scopes: set[str] = attrs.field(factory=set)
    aliases: dict[str, str] = attrs.field(factory=dict)
    everything: bool = False  # also the names of rules, examples and the like
    block: str = ""
    rows: int = 0

    def line(self, text: str) -> None:
        if head := _HEAD.match(text):
            self.head(head[1], _bare(head[2]), head[3])
        elif row := _ROW.match(text):
            self.row(row[1])
        elif self.block in ("事实", "列表") and (found := _FIELD.match(text)):
            self.names.add(_bare(found[1]))
            self.members(found[2])

    def head(self, word: str, name: str, rest: str) -> None:
        self.block, self.rows = word, 0
        if self.everything:
            self.names.add(name)
        match word:
            case "单位":
                factor = Fraction(1)
                self.units[name] = Unit("number", factor, name)
            case "枚举" | "事实" | "列表" | "参数" | "表" | "名录" | "引用" | "结果":
                self.names.add(name)
                if word in ("枚举", "列表", "名录"):
                    self.scopes.add(name)
                if word == "引用":
                    self.aliases[name] = "".join(re.findall(r"「([^」\n]*)」", rest)[:1])
                self.members(rest)
            case "派生":
                self.derived(name, rest)
            case "更名":
                if found := _NEW_NAME.search(rest):
                    self.names.update(_bare(part) for part in re.split(r"[.的]", found[1]))
                    self.names.add(_bare(found[1]))

    def derived(self, name: str, rest: str) -> None:
        owned = re.match(rf"^[ \t\u3000]*的[ \t\u3000]*({_NAME})(.*)$", rest)
        if owned:
            name, rest = _bare(owned[1]), owned[2]
        self.names.add(name)
        for position, char in enumerate(name):
            if char == "的":
                self.names.add(name[position + 1 :])
        self.members(rest)

    def members(self, rest: str) -> None:
        """The members in 枚举 甲：子、丑 or in a type written out, 渠道：网上、窗口."""
        rest = rest.lstrip(" \t\u3000").lstrip("：:")
        rest = re.split(r"[，,]|[ \t\u3000](?:为|否则)[ \t\u3000]", rest, maxsplit=1)[0]
        rest = _OR_NULL.sub("", rest)
        parts = [part.strip(" \t\r\u3000。") for part in rest.split("、")]
        if self.block == "枚举" or len(parts) > 1:
            self.names.update(_bare(part) for part in parts if part)

    def row(self, rest: str) -> None:
        self.rows += 1
        if self.block == "名录" and self.rows == 1:
            for cell in re.split(r"[|｜]", rest):
                name = re.split(r"[：:]", cell)[0].strip(" \t\u3000")
                if name:
                    self.names.add(_bare(name))


def declared_in(sources: Iterable[SourceFile]) -> Declared:
    """All names declared in the files of a rulebook, and the built-in ones."""
    collector = _Collector()
    for source in sources:
        pending = ""
        for line in source.text.split("\n"):
            text = pending + normalize_outside_quotes(line.rstrip("\r"))
            if text.rstrip(" \t\u3000")[-1:] == "、":
                pending = text
                continue
            pending = ""
            if text.lstrip(" \t\u3000")[:1] not in (">", "#", "＞", "＃", ""):
                collector.line(text)
        collector.block = ""
    names = frozenset(collector.names) | frozenset(BUILT_IN_TYPES) | frozenset(BUILT_IN_NAMES)
    names -= {"", *vocabulary().reserved}
    units = vocabulary().units | collector.units
    aliases = collector.aliases
    return Declared(names, units, frozenset(collector.scopes), aliases, frozenset(aliases))


def amended_by(sources: Iterable[SourceFile]) -> tuple[str, Span] | None:
    """The path in 修订, and where it stands: the names of that rulebook are known before a word
    of this one is split.
    """
    for source in sources:
        if found := _AMENDS.search(source.text):
            return found[1], Span(source.name, found.start(1) - 1, found.end(1) + 1)
    return None


def names_in(text: str) -> frozenset[str]:
    """The names declared in a stretch of a file, for one that could not be parsed."""
    collector = _Collector(everything=True)
    for line in text.split("\n"):
        collector.line(normalize_outside_quotes(line))
    return frozenset(collector.names)


def _bare(name: str) -> str:
    return name[1:-1] if name[:1] == "「" and name[-1:] == "」" else name
