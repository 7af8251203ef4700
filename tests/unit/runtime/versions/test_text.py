"""Two versions of a law clause by clause: which clause is which, and which words changed."""

import pytest

from luling.compiler.ir.rulebook import Rulebook
from luling.runtime import load_text
from luling.runtime.versions.text import TextChange, compare_words, text_changes, words


def law(*clauses: tuple[str, str]) -> Rulebook:
    """A rulebook that quotes some clauses and has no rules."""
    text = "规则书 例\n"
    for clause, quoted in clauses:
        text += f"\n## {clause} 标题\n\n" + (f"> {quoted}\n" if quoted else "")
        text += "\n不执行 「没有规则。」\n"
    return load_text(text).rulebook


def told(old: Rulebook, new: Rulebook) -> list[tuple[str, str | None, str | None]]:
    """What became of each clause."""
    return [
        (c.kind, c.old.id if c.old else None, c.new.id if c.new else None)
        for c in text_changes(old, new)
    ]


def marked(change: TextChange) -> str:
    """The words of a clause with what went and came."""
    form = {"same": "{}", "removed": "[-{}]", "added": "[+{}]"}
    return "".join(form[part.op].format(part.text) for part in change.parts)


LAST = "本办法自发布之日起施行，有效期五年。"
FIRST = "读者凭证件办理借书手续，每次借书不超过五册。"


def test_what_stayed_is_the_same_and_only_that() -> None:
    """A comma more is a change."""
    book = law(("第一条", FIRST), ("第二条", LAST))
    assert told(book, book) == [("same", "第一条", "第一条"), ("same", "第二条", "第二条")]
    comma = law(("第一条", FIRST.replace("手续，", "手续")), ("第二条", LAST))
    assert told(book, comma)[0] == ("changed", "第一条", "第一条")


def test_a_clause_is_followed_to_its_new_number() -> None:
    """Its number is no part of its wording; what was put before it is new."""
    old = law(("第一条", f"第一条 {FIRST}"), ("第二条", f"第二条 {LAST}"))
    new = law(
        ("第一条", f"第一条 {FIRST}"),
        ("第二条", "第二条 逾期的，每日加收一角，不超过书价。"),
        ("第三条", f"第三条 {LAST}"),
    )
    assert told(old, new) == [
        ("same", "第一条", "第一条"),
        ("added", None, "第二条"),
        ("moved", "第二条", "第三条"),
    ]
    moved = text_changes(old, new)[2]
    assert not moved.reworded and not moved.differs


def test_a_clause_that_moved_and_was_reworded_is_followed_by_its_likeness() -> None:
    """Both are said."""
    old = law(("第一条", FIRST), ("第二条", LAST))
    new = law(("第一条", LAST.replace("五年", "三年")), ("第二条", FIRST))
    assert told(old, new) == [("moved", "第二条", "第一条"), ("moved", "第一条", "第二条")]
    first = text_changes(old, new)[0]
    assert first.reworded and first.differs
    assert marked(first) == "本办法自发布之日起施行，有效期[-五][+三]年。"


def test_what_was_rewritten_under_its_number_is_changed_not_gone() -> None:
    """Where nothing else is like either."""
    new = law(("第一条", "停车每小时十元。"))
    assert told(law(("第一条", FIRST)), new) == [("changed", "第一条", "第一条")]


def test_what_went_stands_behind_what_stood_before_it() -> None:
    """So that a reader finds it where it was."""
    old = law(("第一条", FIRST), ("第二条", "停车每小时十元。"), ("第三条", LAST))
    new = law(("第一条", FIRST), ("第三条", LAST))
    assert told(old, new) == [
        ("same", "第一条", "第一条"),
        ("removed", "第二条", None),
        ("same", "第三条", "第三条"),
    ]


def test_nothing_is_said_of_the_words_of_a_version_that_quotes_nothing() -> None:
    """Not that they were added either."""
    silent, quoted = law(("第一条", "")), law(("第一条", FIRST), ("第二条", LAST))
    for pair in ((silent, quoted), (quoted, silent), (silent, silent)):
        changes = text_changes(*pair)
        assert {change.kind for change in changes} == {"unquoted"}
        assert not any(change.differs or change.parts for change in changes)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("满6个月的，可以申请", "满3个月的，可以申请", "满[-6个月][+3个月]的，可以申请"),
        ("按80%计算", "按100%计算", "按[-80%][+100%]计算"),
        ("每人1950元", "每人2100.50元", "每人[-1950元][+2100.50元]"),
        ("本市户口的居民", "居民", "[-本市户口的]居民"),
        ("低于二级的", "高于一级的", "[-低于二][+高于一]级的"),
        ("甲、乙", "甲、丙、乙", "甲、[+丙、]乙"),
        ("一样", "一样", "一样"),
    ],
)
def test_changes_are_shown_by_word(old: str, new: str, expected: str) -> None:
    """A number goes with its unit; a character between two changes belongs to the change."""
    change = TextChange("changed", None, None, compare_words(old, new))
    assert marked(change) == expected


def test_both_texts_can_be_read_off_the_parts() -> None:
    """Nothing is lost in marking."""
    old, new = f"{FIRST}\n{LAST}", f"{LAST}\n{FIRST}每年30日以内。"
    parts = compare_words(old, new)
    assert "".join(p.text for p in parts if p.op != "added") == old
    assert "".join(p.text for p in parts if p.op != "removed") == new
    assert "".join(words(new)) == new
