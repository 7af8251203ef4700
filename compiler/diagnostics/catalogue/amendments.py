"""Findings about a version written as changes to another. Codes L05xx."""

from __future__ import annotations

from typing import Final

from ..entry import Both, Entry

BASE_MISSING: Final = Entry(
    "L0501",
    Both("所修订的规则书不存在", "amended rulebook missing"),
    Both("在「{path}」没有找到规则书。", "there is no rulebook at 「{path}」."),
    hint=Both("路径从本规则书所在的文件夹算起。", "the path starts from this rulebook's folder."),
)
BASE_CIRCULAR: Final = Entry(
    "L0502",
    Both("循环修订", "circular amendment"),
    Both("修订绕回了自身：{path}。", "the amendment comes back to itself: {path}."),
)
BASE_BROKEN: Final = Entry(
    "L0503",
    Both("所修订的规则书有错误", "amended rulebook has errors"),
    Both("「{path}」本身没有通过检查。", "「{path}」 itself has errors."),
    hint=Both("先运行 luling check 检查该规则书。", "run luling check on that rulebook first."),
)
REPEAL_OF_NOTHING: Final = Entry(
    "L0504",
    Both("要废止的不存在", "repeal of nothing"),
    Both("所修订的规则书没有{what}。", "the amended rulebook has no {what}."),
)
RENAME_OF_NOTHING: Final = Entry(
    "L0505",
    Both("要更名的不存在", "renaming of nothing"),
    Both("{where}没有{what}。", "{where} has no {what}."),
)
RENAME_UNFIT: Final = Entry(
    "L0506",
    Both("不能这样更名", "renaming not possible"),
    Both(
        "「{old}」不能更名为「{new}」：{problem}。",
        "「{old}」 cannot be renamed 「{new}」: {problem}.",
    ),
)
CHANGE_IDLE: Final = Entry(
    "L0507",
    Both("修订没有改动什么", "change that changes nothing"),
    Both("{what}与所修订的规则书相同。", "{what} is as it is in the amended rulebook."),
    severity="warning",
    hint=Both("没有改动的会沿用，不必重写。", "what is not changed is inherited; leave it out."),
)
REPEALED_IN_USE: Final = Entry(
    "L0508",
    Both("还在用已经去掉的名称", "name taken out but still used"),
    Both(
        "这里还用「{name}」，修订之后没有这个名称了。",
        "「{name}」 is still used here; the amendment has left no such name.",
    ),
    once_for_a_name=True,
)
KIND_CHANGED: Final = Entry(
    "L0509",
    Both("替换的不是同一种条目", "entry of another kind replaced"),
    Both(
        "「{name}」在所修订的规则书里是{old}，这里写成了{new}。",
        "「{name}」 is {old} in the amended rulebook and {new} here.",
    ),
    hint=Both(
        "换一个名称；确要改成另一种的，先写「废止 {old} {name} 「理由」」。",
        "take another name, or repeal the old one first: 废止 {old} {name} 「…」.",
    ),
)
NOT_AN_AMENDMENT: Final = Entry(
    "L0510",
    Both("只能写在修订里", "only in an amendment"),
    Both(
        "{what}只能写在写明「修订」的规则书里。",
        "{what}: only a rulebook that amends another can have it.",
    ),
    hint=Both(
        "在「规则书」之下写明「修订 「路径」」。", "name the other one under 规则书: 修订 「path」."
    ),
)
TABLE_NOT_THERE: Final = Entry(
    "L0511",
    Both("没有可以改几行的表", "no table to change rows of"),
    Both("所修订的规则书没有表「{name}」。", "the amended rulebook has no table 「{name}」."),
    hint=Both("新的表要写明类型、「行」和「列」。", "a new table needs its type, 行 and 列."),
)
DATED_BY_ANOTHER: Final = Entry(
    "L0512",
    Both("参数改依另一个日期", "parameter dated by another date"),
    Both(
        "「{name}」原来依 {old} 定值，这里依 {new}：以前的值接不上。",
        "「{name}」 goes by {old}, here by {new}: the earlier values cannot be kept.",
    ),
    hint=Both(
        "仍依原来的日期；或者先废止这个参数，再把各段写全。",
        "keep the old date, or repeal the parameter and write all its spans.",
    ),
)
