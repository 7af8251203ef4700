"""A rulebook drafted from a law has all of its words, in its own division, and says no more."""

from collections.abc import Iterator

import pytest

from luling.compiler.pipeline import compile_rulebook
from luling.compiler.source import SourceFile
from luling.runtime.draft import About, Draft, draft, skeleton

HEAD = "某市某局\n某发〔2025〕３号\n关于借阅的通知\n各单位：\n"
PARTS = (
    HEAD + "一、借阅\n（一）每人可借5册。\n1.期限30日。\n（二）遗失照价赔偿。\n二、其他事项照旧。\n"
)
FLAT = HEAD + "一、每人可借5册。\n二、期限30日。\n附件：表\n附件\n表\n1\t册\n"


def of(text: str, given: About | None = None) -> Draft:
    """The draft of a law's text."""
    return draft(SourceFile("source.txt", text), given or About())


def findings(made: Draft, text: str | None = None) -> list[str]:
    """What the compiler has to say of a draft."""
    law = None if text is None else SourceFile("source.txt", text)
    sources = [SourceFile(file.name, file.text) for file in made.files]
    return [finding.code for finding in compile_rulebook(sources, {}, law)[1]]


def texts() -> Iterator[tuple[str, str]]:
    """Laws as they come, good and odd."""
    yield "parts", PARTS
    yield "flat", FLAT
    yield "no numbers", "某某通知\n每人可借5册。\n\n期限30日。\n"
    yield "articles", "某某办法\n第一条 每人可借5册。\n第二条 期限30日。\n"
    yield "one line", "每人可借5册"
    yield "line ends", PARTS.replace("\n", "\r\n")
    yield "byte order mark", "\ufeff" + PARTS
    yield "no title", "一、每人可借5册。"
    yield (
        "odd words",
        "一、写作「甲」//乙 > 丙 # 丁 | 戊。\n> 引\n# 题\n| 表 |\n// 注\n不执行 「己」",
    )
    yield "unpaired", "关于「甲的通知\n一、甲」乙。\n二、“丙。"
    yield "wide spaces", "　　一、\u3000每人可借\u30005册。　\n\n　　期限\t30日。"
    yield "old radicals", "关于⼀⼈⺁的通知\n一、⼀⼈⺁可借5册。\n（一）甲⼈"
    yield "skipped levels", "一、每人：\n（1）可借5册；\n（2）可借音像2件。\n二、其他。"
    yield "many parts", "".join(f"{n}、甲\n（一）乙\n" for n in "一二三四五六七八九十")


@pytest.mark.parametrize("text", [text for _, text in texts()], ids=[name for name, _ in texts()])
def test_a_draft_has_no_findings(text: str) -> None:
    """Every sentence is quoted, under its clause, in order."""
    assert findings(of(text, About("某规则书")), text) == []


def test_the_skeleton_has_no_findings() -> None:
    """It is a rulebook."""
    assert findings(skeleton(About("例", "某发〔2025〕1号", "某局", "2025"))) == []


def test_parts_are_files_and_a_law_without_them_is_one() -> None:
    """The frame stands beside the heading of the rulebook."""
    assert [(file.name, file.clauses) for file in of(PARTS).files] == [
        ("00-rulebook.luling", ("首部",)),
        ("01-facts.luling", ()),
        ("10-part.luling", ("一", "一（一）", "一（一）1", "一（二）")),
        ("20-part.luling", ("二",)),
    ]
    assert [(file.name, file.clauses) for file in of(FLAT).files[2:]] == [
        ("10-clauses.luling", ("一", "二")),
        ("20-annex.luling", ("附件",)),
    ]


def test_files_are_named_in_the_order_of_the_law() -> None:
    """Also where there are more than nine."""
    names = [file.name for file in of(dict(texts())["many parts"]).files]
    assert len(names) == 12 and names == sorted(names)


def test_title_and_number_are_found_in_the_first_lines() -> None:
    """The version follows from the number; what is given goes before what is found."""
    assert of(PARTS).about == About("关于借阅的通知", "某发〔2025〕３号", "", "2025-3")
    given = About("借阅", "甲〔2024〕1号", "某局", "二")
    assert of(PARTS, given).about == given
    assert of("一、甲。").about == About()


def test_a_number_in_a_sentence_is_not_the_law_s_own() -> None:
    """Nor is a title that a sentence speaks of."""
    assert of("现将《借阅办法》（某发〔2020〕1号）修改如下：\n一、甲。").about == About()


def test_a_clause_says_that_it_is_not_written() -> None:
    """A heading over other clauses says that it is one."""
    [part] = [file.text for file in of(PARTS).files if file.name == "10-part.luling"]
    assert part == (
        "# 一、借阅\n\n"
        "## 一 借阅\n\n> 一、借阅\n不执行 「只是标题；规则写在以下各条。」\n\n"
        "## 一（一） 每人可借5册\n\n> （一）每人可借5册。\n不执行 「尚未写成规则」\n\n"
        "## 一（一）1 期限30日\n\n> 1.期限30日。\n不执行 「尚未写成规则」\n\n"
        "## 一（二） 遗失照价赔偿\n\n> （二）遗失照价赔偿。\n不执行 「尚未写成规则」\n"
    )
