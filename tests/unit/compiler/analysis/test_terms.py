"""The words a law defines for itself, with what they stand for."""

from __future__ import annotations

import pytest

from luling.compiler.ir.rulebook import Term
from luling.compiler.pipeline import compile_rulebook
from luling.compiler.source import SourceFile


def terms(*lines: str) -> tuple[Term, ...]:
    """The terms of a rulebook that quotes some lines."""
    quoted = "\n".join(f"> {line}" for line in lines)
    text = f"规则书 书\n\n## 一 条\n\n{quoted}\n\n不执行 「例子。」\n"
    return compile_rulebook([SourceFile("a", text)])[0].terms


@pytest.mark.parametrize(
    ("line", "name", "means", "below"),
    [
        ("（1）签有合同的人（以下简称“职工”）；", "职工", "签有合同的人", True),
        ("一、甲局。签有合同的人（以下统称为职工），", "职工", "签有合同的人", True),
        ("签有合同的人，以下称“职工”。", "职工", "签有合同的人", True),
        ("本办法所称职工，是指签有合同的人。", "职工", "签有合同的人", False),
        ("前款所称“职工”是指签有合同的人；其他", "职工", "签有合同的人", False),
    ],
)
def test_a_definition_gives_the_name_and_what_it_means(
    line: str, name: str, means: str, below: bool
) -> None:
    (term,) = terms(line)
    assert (term.name, term.text, term.below, term.clause) == (name, means, below, "一")


def test_the_place_of_a_term_is_its_name() -> None:
    line = "签有合同的人（以下简称“职工”）"
    (term,) = terms(line)
    text = f"规则书 书\n\n## 一 条\n\n> {line}"
    assert text[term.span.start : term.span.end] == "职工"


def test_same_below_speaks_of_the_words_that_come_again() -> None:
    (term,) = terms(
        "须持续在本市劳动（每周三天以上，下同）满一年的，", "申请时在本市劳动的，从优。"
    )
    assert (term.name, term.text) == ("在本市劳动", "每周三天以上")


def test_words_that_only_contain_a_mark_define_nothing() -> None:
    assert terms("职称评定的名称（下同）和上述所称的人员") == ()
