"""A law divided as it numbers itself."""

import pytest

from luling.compiler.source import SourceFile
from luling.compiler.syntax.lawtext import read_law


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        (
            "关于过桥\n一、范围\n（一）车\n1．大车\n（1）空车",
            "首部 一 一（一） 一（一）1 一（一）1（1）",
        ),
        ("一、范围\n1．大车\n2．小车\n二、收费\n1．按次", "一 一1 一2 二 二1"),
        ("一、范围\n1．大车\n（一）空车\n1．夜间", "一 一1 一（一） 一（一）1"),
        ("一、范围\n（1）大车\n（2）小车\n（一）空车", "一 一（1） 一（2） 一（一）"),
        ("一、范围\n\uff12．小车\n附件：价目\n市政府\n附件\n1．大车", "一 一2 尾部 附件"),
    ],
)
def test_clauses_are_numbered_as_the_law_does(text: str, clauses: str) -> None:
    """Also where a level is left out, in half and in full width."""
    assert " ".join(read_law(SourceFile("law.txt", text)).clauses) == clauses
