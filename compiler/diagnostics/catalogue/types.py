"""Findings about types, units and values. Codes L03xx."""

from __future__ import annotations

from typing import Final

from ..entry import Both, Entry

TYPE_MISMATCH: Final = Entry(
    "L0301",
    Both("类型不符", "wrong type"),
    Both("这里应当是{expected}，写的却是{found}。", "expected {expected}, found {found}."),
)
INCOMPARABLE: Final = Entry(
    "L0302",
    Both("两者不能比较", "cannot be compared"),
    Both(
        "{left}与{right}不能用「{word}」比较。", "{left} and {right} do not compare by 「{word}」."
    ),
)
WORD_UNFIT: Final = Entry(
    "L0303",
    Both("比较的用词不当", "comparison unfit for the type"),
    Both("「{word}」不用于{type}。", "「{word}」 is not said of {type}."),
)
UNITS_DIFFER: Final = Entry(
    "L0304",
    Both("单位或类型不能相合", "units do not combine"),
    Both("{left}与{right}不能{word}。", "{left} and {right} do not combine by {word}."),
)
MAYBE_NONE: Final = Entry(
    "L0305",
    Both("可能为空的值直接使用", "value may be none"),
    Both(
        "「{name}」可能为空（没有这一事实，或者没有可适用的规则），不能当作一定有值来用。",
        "「{name}」 may be none and is used as if it were there.",
    ),
    hint=Both(
        "先写「有 {name} 且 …」，或用「若 有 {name} 则 … 否则 …」说明为空时怎么办。",
        "say 有 {name} 且 … first, or 若 有 {name} 则 … 否则 ….",
    ),
)
NOT_ORDERED: Final = Entry(
    "L0306",
    Both("枚举没有次序", "enumeration without an order"),
    Both("{enum}没有声明「次序」，成员之间不能比高低。", "{enum} declares no 次序 to compare by."),
)
NOT_A_LIST: Final = Entry(
    "L0307",
    Both("不是清单", "not a list"),
    Both("这里要用清单，写的却是{found}。", "a list is needed here, found {found}."),
)
NO_ATTRIBUTE: Final = Entry(
    "L0308",
    Both("没有这一项", "no such attribute"),
    Both("{type}没有「{name}」。", "{type} has no 「{name}」."),
)
ARGUMENT_COUNT: Final = Entry(
    "L0309",
    Both("函数的参数个数不对", "wrong number of arguments"),
    Both(
        "「{function}」要{expected}个值，写了{found}个。",
        "「{function}」 takes {expected}, found {found}.",
    ),
)
ONLY_IN_RULE: Final = Entry(
    "L0310",
    Both("此处没有「其」所指", "nothing for 其 to mean"),
    Both(
        "「其」只能用在对成员的规则或筛选条件里。",
        "其 means the member or item at hand; there is none.",
    ),
)
CELL_BAD: Final = Entry(
    "L0311",
    Both("表中的值写法不对", "bad cell"),
    Both("「{text}」不是{expected}。", "「{text}」 is not {expected}."),
)
TABLE_HOLE: Final = Entry(
    "L0312",
    Both("表有缺口", "table has a hole"),
    Both("表「{table}」缺少{missing}。", "table 「{table}」 lacks {missing}."),
    hint=Both(
        "补上该值；确无其值的写「空」，整行整列不列的写「不含」。",
        "fill it in; write 空 for none, or 不含 for members the table leaves out.",
    ),
)
TABLE_REPEATED: Final = Entry(
    "L0313",
    Both("表的行列重复", "row or column repeated"),
    Both(
        "「{name}」在表「{table}」里出现了两次。", "「{name}」 stands twice in table 「{table}」."
    ),
)
TABLE_HEADER: Final = Entry(
    "L0314",
    Both("表头不认识", "unknown header"),
    Both(
        "「{name}」不是{enum}的成员，不能作表「{table}」的行或列。",
        "「{name}」 is no member of {enum}.",
    ),
)
TABLE_SHAPE: Final = Entry(
    "L0315",
    Both("表的形状不对", "table of wrong shape"),
    Both(
        "这一行有{found}格，应有{expected}格。", "this row has {found} cells, expected {expected}."
    ),
)
NOT_CONSTANT: Final = Entry(
    "L0316",
    Both("这里只能写定值", "constant needed"),
    Both("这里要写一个确定的值，不能写算式或其他名称。", "a constant is needed here."),
)
TIE_UNSTATED: Final = Entry(
    "L0317",
    Both("相同时没有说怎样选", "tie not decided"),
    Both(
        "几项同样{word}时，没有写明选哪一项。",
        "nothing says which of several equal items is meant.",
    ),
    hint=Both("在后面写「同则 列前者」或另一个标准。", "add 同则 列前者 or another key."),
)
DIVISION_BY_ZERO: Final = Entry(
    "L0318",
    Both("除数为零", "division by zero"),
    Both("不能除以零。", "a number cannot be divided by zero."),
)
