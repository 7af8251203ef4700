"""Findings about names: declared, used, imported. Codes L02xx."""

from __future__ import annotations

from typing import Final

from ..entry import Both, Entry

NAME_UNKNOWN: Final = Entry(
    "L0201",
    Both("名称未声明", "name not declared"),
    Both("没有声明过「{name}」。", "「{name}」 is not declared."),
    once_for_a_name=True,
)
TYPE_UNKNOWN: Final = Entry(
    "L0202",
    Both("类型未声明", "type not declared"),
    Both(
        "「{name}」不是类型，也不是已声明的枚举。",
        "「{name}」 is neither a type nor an enumeration.",
    ),
    once_for_a_name=True,
)
NAME_AMBIGUOUS: Final = Entry(
    "L0203",
    Both("名称指代不明", "name ambiguous"),
    Both(
        "「{name}」可以是{choices}，此处看不出是哪一个。",
        "「{name}」 can be {choices}; nothing here says which.",
    ),
)
NAME_REPEATED: Final = Entry(
    "L0204",
    Both("名称重复", "name declared twice"),
    Both("「{name}」在这里又声明了一次。", "「{name}」 is declared a second time here."),
)
NAME_LOOKALIKE: Final = Entry(
    "L0205",
    Both("两个名称看似相同", "names that look alike"),
    Both(
        "「{name}」与「{other}」只差全角半角或兼容字符，读者分不出来。",
        "「{name}」 and 「{other}」 differ only in width or compatibility characters.",
    ),
)
NAME_IS_KEYWORD: Final = Entry(
    "L0206",
    Both("名称是语言的词", "name is a word of the language"),
    Both(
        "「{name}」是语言本身的词，不能用作名称。", "「{name}」 is a word of the language itself."
    ),
)
MEMBER_UNKNOWN: Final = Entry(
    "L0207",
    Both("枚举中没有这个成员", "no such member"),
    Both("「{name}」不是{enum}的成员。", "「{name}」 is not a member of {enum}."),
    once_for_a_name=True,
)
IMPORT_MISSING: Final = Entry(
    "L0208",
    Both("引用的规则书不存在", "imported rulebook missing"),
    Both("在「{path}」没有找到规则书。", "there is no rulebook at 「{path}」."),
    hint=Both("路径从本规则书所在的文件夹算起。", "the path starts from this rulebook's folder."),
)
IMPORT_CIRCULAR: Final = Entry(
    "L0209",
    Both("循环引用", "circular import"),
    Both("规则书互相引用：{path}。", "rulebooks import one another: {path}."),
)
IMPORT_BROKEN: Final = Entry(
    "L0210",
    Both("引用的规则书有错误", "imported rulebook has errors"),
    Both("「{path}」本身没有通过检查。", "「{path}」 itself has errors."),
    hint=Both("先运行 luling check 检查该规则书。", "run luling check on that rulebook first."),
)
IMPORT_UNBOUND: Final = Entry(
    "L0211",
    Both("引用的事实没有代入", "fact of an imported rulebook not given"),
    Both(
        "「{alias}」用到的事实 {facts} 没有用「代入」给出。",
        "「{alias}」 reads {facts}, which no 代入 line gives.",
    ),
)
READING_UNKNOWN: Final = Entry(
    "L0212",
    Both("没有这一解读", "no such reading"),
    Both("没有声明过解读「{name}」。", "no reading 「{name}」 is declared."),
    once_for_a_name=True,
)
ALTERNATIVE_UNKNOWN: Final = Entry(
    "L0213",
    Both("解读没有这种理解", "no such alternative"),
    Both("解读「{reading}」没有「{name}」这种理解。", "reading 「{reading}」 has no 「{name}」."),
    once_for_a_name=True,
)
READING_INCOMPLETE: Final = Entry(
    "L0214",
    Both("解读不完整", "reading incomplete"),
    Both(
        "解读「{name}」{problem}；要有一个「取」、至少一个「另」和「理由」。",
        "reading 「{name}」 {problem}; it needs one 取, at least one 另 and a 理由.",
    ),
)
CLAUSE_UNKNOWN: Final = Entry(
    "L0215",
    Both("没有这一条款", "no such clause"),
    Both("本规则书没有条款 {name}。", "this rulebook has no clause {name}."),
    once_for_a_name=True,
)
EXAMPLE_UNKNOWN: Final = Entry(
    "L0216",
    Both("沿用的示例不存在", "no such example"),
    Both("没有可沿用的示例「{name}」。", "there is no example 「{name}」 to build on."),
    once_for_a_name=True,
)
EXAMPLE_CIRCULAR: Final = Entry(
    "L0217",
    Both("示例互相沿用", "examples build on one another"),
    Both("示例互相沿用：{path}。", "examples build on one another: {path}."),
)
EXAMPLE_NAME_UNKNOWN: Final = Entry(
    "L0218",
    Both("示例涉及未声明的名称", "example names what is not declared"),
    Both(
        "示例里的「{name}」不是已声明的{kind}。",
        "「{name}」 in this example is not a declared {kind}.",
    ),
    once_for_a_name=True,
)
UNUSED: Final = Entry(
    "L0219",
    Both("声明了而没有用到", "declared but unused"),
    Both("{kind}「{name}」没有任何结果用到。", "no result uses {kind} 「{name}」."),
    severity="warning",
    hint=Both(
        "删去它；如果只为存档，事实可标明「仅记录」。",
        "remove it, or mark a fact that is only kept on record 仅记录.",
    ),
)
RULEBOOK_MISSING: Final = Entry(
    "L0220",
    Both("没有规则书的开头", "no head of a rulebook"),
    Both(
        "这些文件里没有「规则书」条目。",
        "none of the files has a 规则书 entry.",
    ),
    hint=Both("写一行「规则书 名称」。", "write a line 规则书 and its title."),
)
