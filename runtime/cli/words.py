"""What the command line says of itself, in both languages."""

from __future__ import annotations

import os
from typing import Final

from luling.compiler.diagnostics.entry import Both, Language

COMMANDS: Final = {
    "new": Both("起草一部新的规则书", "start a rulebook"),
    "run": Both("判定一个或多个案件", "decide one case or many"),
    "batch": Both("判定一张表里的案件", "decide the cases of a table"),
    "template": Both("写一张可以填写的申请表", "write a workbook to fill in"),
    "check": Both("检查规则书", "check rulebooks for mistakes"),
    "test": Both("运行规则书的示例", "run the worked examples of rulebooks"),
    "diff": Both("比较两个版本，什么变了", "compare two versions"),
    "impact": Both("一项改动的影响：多少案件、多少钱", "what a change costs over a table"),
    "verify": Both("证明规则书的必然成立，找出冲突和多余", "prove what is stated; find conflicts"),
    "compile": Both("把规则书写成一个 Python 文件", "write a rulebook as one Python file"),
    "docs": Both("生成网页、Markdown 和 JSON Schema", "write web pages, Markdown, JSON Schemas"),
    "explain": Both("解释一个错误代码", "explain a diagnostic code"),
}
HEADINGS: Final = {
    "Options": Both("选项", "Options"),
    "Commands": Both("命令", "Commands"),
    "Usage": Both("用法", "Usage"),
}


def locale_language() -> Language:
    """The language of the locale: English where it says so, else Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def said(text: Both) -> str:
    """A text in the language of the locale."""
    return text.en if locale_language() == "en" else text.zh
