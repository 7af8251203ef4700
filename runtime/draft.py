"""The files of a new rulebook: drafted from the text of a law, or a small one to start from.

A drafted clause has its heading and its quotation and says that it is not written as rules yet. So
`luling check` has nothing to say of it from the first minute, and nothing is said that is not so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import attrs

# Dividing a law is the compiler's; of it the runtime sees what pipeline has at hand.
from luling.compiler.pipeline import read_law
from luling.compiler.source import SourceFile

SOURCE = "source.txt"
UNWRITTEN = "尚未写成规则"
_HEADING_ONLY = "只是标题；规则写在以下各条。"
_HEAD, _TAIL, _ANNEX = "首部", "尾部", "附件"

_KINDS = "通知|办法|规定|细则|意见|条例|方案|公告|通告|决定|规则|规程|标准|指引|指南"
_TITLE = re.compile(rf"[^。：:；，「」]*(?:{_KINDS})(?:[（(][^（()）]*[）)])?")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,12}[〔\uff3b[（(]([0-9\uff10-\uff19]{4})[〕\uff3d\]）)]"
    r"第?([0-9\uff10-\uff19]+)号"
)
_OPENING = re.compile(
    r"(?:[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百]+[）)]"
    r"|[0-9\uff10-\uff19]+[.．]|[（(][0-9\uff10-\uff19]+[）)])"
)
# Radicals and compatibility forms, as texts copied from a PDF have them.
_OLD_FORM = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
_TOP = re.compile("[一二三四五六七八九十百]+")
_SENTENCE = re.compile("[。；，：;,:]")
_PHRASE = re.compile(r"[^。；，：;,:（(\s]*")
_LONGEST_PHRASE = 16

_STEPS = f"""\
// 这部规则书由 luling new 从原文起草。每一条都抄好了引文，都还没有写成规则。
// 「//」之后是写给同事看的注释，做完一步，可以把那一步删去。
//
// 1. 核对上面的名称和文号。缺的补上，例如：
//      机关 「某市某局」
//      施行 自 2025-01-01 至 2029-12-31 依 申请.日期
// 2. 在 01-facts.luling 里写：案件有哪些事实，要得出哪些结果。
// 3. 一条一条地写。删去「不执行 「{UNWRITTEN}」」这一行，在引文下面写规则，规则下面写示例。
//    确实不产生规则的（目的、工作要求、落款），「不执行」留着，把「」里的字改成理由。
// 4. 每写完一条，运行 luling check 和 luling test。全部写法见 docs/language/README.md。
"""

_FACTS = """\
// 案件有哪些事实，要得出哪些结果，写在这个文件里。
// 照下面的样子写，不要行首的「//」；写好后删去这些注释。
// 结果在这里只写名称和类型，它的值由各条款下面的规则给出。
//
// 枚举 类别：甲类、乙类
//
// 事实 申请
//   日期：日期
//     问 「哪一天申请？」
//   类别：类别
//     问 「属于哪一类？」
//
// 结果 可以申请：是否
// 结果 金额：金额
"""

_SKELETON = """\
// 一部可以运行的小规则书。把事实、条款、规则、示例都换成自己的。
// 「//」之后是写给同事看的注释。

事实 申请
  年龄：整数（岁）
    问 「申请时满几周岁？」

结果 可以申请：是否，否则 否

## 一 年龄

> 把第一条的原文一字不动地抄在这里，例如：一、年满18周岁的，可以申请。

规则 年满十八周岁
  当 申请.年龄 满 18岁
  可以申请 为 是

示例 恰满十八周岁
  设 申请.年龄 为 18岁
  得 可以申请 为 是

示例 还差一岁
  设 申请.年龄 为 17岁
  得 可以申请 为 否
"""


@attrs.frozen
class About:
    """What stands at the top of a rulebook; empty where it is not known."""

    title: str = ""
    number: str = ""
    issuer: str = ""
    edition: str = ""

    def lines(self) -> str:
        """规则书 and the lines under it."""
        named = (("文号", self.number), ("机关", self.issuer), ("版本", self.edition))
        told = [f"  {word} 「{value}」" for word, value in named if value]
        return "\n".join([f"规则书 {self.title}", *told]) + "\n"


@attrs.frozen
class File:
    """One file of a draft: its name, the clauses in it, its text."""

    name: str
    clauses: tuple[str, ...]
    text: str


@attrs.frozen
class Draft:
    """A rulebook that is not on disk yet."""

    about: About
    files: tuple[File, ...]

    @property
    def clauses(self) -> tuple[str, ...]:
        """All clauses of the draft."""
        return tuple(clause for file in self.files for clause in file.clauses)


def skeleton(given: About) -> Draft:
    """A rulebook of one fact, one rule and two examples that stand for what is to come."""
    text = f"{given.lines()}\n{_SKELETON}"
    return Draft(given, (File("00-rulebook.luling", ("一",), text),))


def draft(law: SourceFile, given: About) -> Draft:
    """A rulebook with every clause of a law, one file for each part of it."""
    clauses = _clauses(law)
    about = _about(clauses.get(_HEAD, ()), given)
    frame = [clause for clause in (_HEAD, _TAIL) if clause in clauses]
    head = f"{about.lines()}  原文 「{SOURCE}」\n\n{_STEPS}\n{_written(clauses, frame)}"
    files = [
        File("00-rulebook.luling", tuple(frame), head),
        File("01-facts.luling", (), _FACTS),
    ]
    groups = _groups([clause for clause in clauses if clause not in frame])
    width = len(str(len(groups)))
    for place, (kind, own) in enumerate(groups, 1):
        title = f"# {_plain(clauses[own[0]][0])}\n\n" if kind == "part" else ""
        name = f"{place:0{width}}0-{kind}.luling"
        files.append(File(name, tuple(own), title + _written(clauses, own)))
    return Draft(about, tuple(files))


def _clauses(law: SourceFile) -> dict[str, tuple[str, ...]]:
    """The paragraphs of each clause, in the order of the law."""
    divided = read_law(law)
    return {clause: tuple(p.text for p in divided.of(clause)) for clause in divided.clauses}


def _groups(clauses: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The clauses by file: one for each part, one for the annex; one for all that has no parts."""
    body = [clause for clause in clauses if clause != _ANNEX]
    parts: dict[str, list[str]] = {}
    for clause in body:
        found = _TOP.match(clause)
        parts.setdefault(found[0] if found else clause, []).append(clause)
    if any(len(own) > 1 for own in parts.values()):
        groups = [("part", own) for own in parts.values()]
    else:
        groups = [("clauses", body)] if body else []
    return groups + [("annex", [clause]) for clause in clauses if clause == _ANNEX]


# --- what the first lines of a law say of it


def _about(head: Iterable[str], given: About) -> About:
    """What is given, completed by what the law says before its first clause."""
    lines = list(head)
    number = next((found for line in lines if (found := _NUMBER.fullmatch(line))), None)
    titles = [_plain(line) for line in lines if _TITLE.fullmatch(line)]
    return About(
        given.title if given.title or not titles else titles[0],
        given.number or (number[0] if number else ""),
        given.issuer,
        given.edition or (f"{int(number[1])}-{int(number[2])}" if number else ""),
    )


# --- clauses as they are written


def _written(clauses: dict[str, tuple[str, ...]], own: Iterable[str]) -> str:
    return "\n".join(_clause(clause, clauses[clause], clauses) for clause in own)


def _clause(clause: str, paragraphs: tuple[str, ...], others: Iterable[str]) -> str:
    """Heading, quotation, and that it is not written yet."""
    framed = clause in (_HEAD, _TAIL, _ANNEX)
    title = "" if framed else _phrase(paragraphs[0])
    above = any(other != clause and other.startswith(clause) for other in others)
    bare = len(paragraphs) == 1 and not _SENTENCE.search(_without_number(paragraphs[0]))
    reason = _HEADING_ONLY if above and bare and not framed else UNWRITTEN
    quoted = "\n".join(f"> {text}" for text in paragraphs)
    return f"## {clause} {title}".rstrip() + f"\n\n{quoted}\n不执行 「{reason}」\n"


def _phrase(text: str) -> str:
    """The first words of a clause, short enough for a heading."""
    found = _PHRASE.match(_plain(_without_number(text)))
    words = found[0] if found else ""
    return words if len(words) <= _LONGEST_PHRASE else words[: _LONGEST_PHRASE - 1] + "…"


def _without_number(text: str) -> str:
    found = _OPENING.match(text)
    return text[found.end() :].lstrip() if found else text


def _plain(text: str) -> str:
    """The text with old forms written as usual; quotations keep them, headings need not."""
    usual = _OLD_FORM.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return _OLD_FORM.sub("", usual)
