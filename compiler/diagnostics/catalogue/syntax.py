"""Findings about how a file is written: characters, words, lines, headings. Codes L01xx."""

from __future__ import annotations

from typing import Final

from ..entry import Both, Entry

CHARACTER: Final = Entry(
    "L0101",
    Both("字符无法识别", "character not understood"),
    Both("这里不能写「{char}」。", "「{char}」 cannot stand here."),
)
WORD_UNEXPECTED: Final = Entry(
    "L0102",
    Both("此处不应有这个词", "word out of place"),
    Both("这里不应写「{word}」，应当是{expected}。", "found 「{word}」, expected {expected}."),
)
LINE_INCOMPLETE: Final = Entry(
    "L0103",
    Both("这一行没有写完", "line not finished"),
    Both("「{after}」之后还缺{expected}。", "after 「{after}」, {expected} is missing."),
)
ENTRY_INCOMPLETE: Final = Entry(
    "L0104",
    Both("这一条目没有写完", "entry not finished"),
    Both("条目到此为止还缺{expected}。", "the entry ends here without {expected}."),
)
RUN_UNSPLIT: Final = Entry(
    "L0105",
    Both("一串文字断不开", "text cannot be split into words"),
    Both(
        "「{run}」不是已声明的名称，也不能断成已知的词：{why}。",
        "「{run}」 is no declared name and does not split into known words: {why}.",
    ),
    hint=Both(
        "在词与词之间加空格，或用「」括住名称。", "put spaces between words, or a name in 「」."
    ),
)
RUN_AMBIGUOUS: Final = Entry(
    "L0106",
    Both("一串文字有多种断法", "text can be split in several ways"),
    Both("「{run}」可以断成：{readings}。", "「{run}」 can be split as: {readings}."),
    hint=Both("加空格写明断在哪里。", "add spaces to say where it is split."),
)
UNIT_UNKNOWN: Final = Entry(
    "L0107",
    Both("不认识的计量单位", "unknown unit"),
    Both("数字后面的「{unit}」不是计量单位。", "「{unit}」 after the number is not a unit."),
    hint=Both("自定的单位先用「单位 {unit}」声明。", "declare a unit of your own: 单位 {unit}."),
)
LINE_STRAY: Final = Entry(
    "L0108",
    Both("这一行不属于任何条目", "line belongs to no entry"),
    Both(
        "以「{word}」开头的一行前面没有规则、要求、示例等条目的开头。",
        "the line that begins with 「{word}」 follows no 规则, 要求, 示例 or other opening line.",
    ),
)
QUOTATION_INSIDE: Final = Entry(
    "L0109",
    Both("引文的位置不对", "quotation out of place"),
    Both(
        "引文写在了一个条目的中间，应写在条款标题之下、规则之前。",
        "a quotation stands inside an entry; it belongs under a clause heading, before the rules.",
    ),
)
QUOTATION_HOMELESS: Final = Entry(
    "L0110",
    Both("引文没有条款标题", "quotation without a clause"),
    Both(
        "这段引文上面没有条款标题（## 条款号）。", "no clause heading (## id) above this quotation."
    ),
)
HEADING_MALFORMED: Final = Entry(
    "L0111",
    Both("条款号写法不对", "clause id malformed"),
    Both(
        "「{text}」不是条款号；应写成 一（四）1、五（三）、第三条、附件 这样的形式。",
        "「{text}」 is not a clause id; write it as 一（四）1, 五（三）, 第三条 or 附件.",
    ),
)
HEADING_REPEATED: Final = Entry(
    "L0112",
    Both("条款重复", "clause repeated"),
    Both("条款 {clause} 已经出现过。", "clause {clause} has been opened before."),
)
LETTER_COMPATIBLE: Final = Entry(
    "L0113",
    Both("形近的异体字符", "compatibility character"),
    Both(
        "「{char}」（{code}）不是常用汉字「{plain}」，而是部首或兼容字符，多半从 PDF 复制而来。",
        "「{char}」 ({code}) is not 「{plain}」 but a radical or compatibility form of it.",
    ),
    hint=Both("改用「{plain}」。", "write 「{plain}」."),
)
DATE_IMPOSSIBLE: Final = Entry(
    "L0114",
    Both("没有这一天", "no such day"),
    Both("{date} 这一天不存在。", "there is no {date}."),
)
NOT_UTF8: Final = Entry(
    "L0115",
    Both("文件不是 UTF-8 编码", "file is not UTF-8"),
    Both("第 {line} 行起不是 UTF-8 编码的文字。", "from line {line} on this is not UTF-8."),
    hint=Both("用 UTF-8 编码重新保存文件。", "save the file as UTF-8."),
)
TOO_DEEP: Final = Entry(
    "L0116",
    Both("写得太深", "nested too deeply"),
    Both(
        "这个算式（或者例外的例外）套得太深，超过一百层。",
        "this expression, or an exception of exceptions, is nested deeper than a hundred levels.",
    ),
    hint=Both("把内层写成一个「派生」。", "make the inner part a 派生 of its own."),
)
CHARACTER_INVISIBLE: Final = Entry(
    "L0117",
    Both("看不见的字符", "invisible character"),
    Both(
        "这里有一个看不见的字符（{code}），多半从网页或文档复制而来。",
        "an invisible character ({code}) stands here, most likely copied from a page or document.",
    ),
    hint=Both("删去它；要空格就重新输入一个空格。", "delete it; where a space is meant, type one."),
)
OPENING_UNKNOWN: Final = Entry(
    "L0118",
    Both("条目开头的词不认识", "opening word unknown"),
    Both("「{word}」不能作条目的开头。", "no entry opens with 「{word}」."),
)
QUOTE_UNPAIRED: Final = Entry(
    "L0119",
    Both("括号「」不成对", "unpaired 「 or 」"),
    Both("这个 {char} 没有与它相配的另一半。", "this {char} has no partner."),
    hint=Both("「…」要在同一行内写完。", "「…」 begins and ends on one line."),
)
