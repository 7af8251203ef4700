"""A small project of somebody else, with a rulebook, for the plugin to run in."""

from pathlib import Path

import pytest

# What a run in this process imports is forgotten after it, but for what was there before; and the
# grammar takes a second to read.
import luling.runtime.versions.compare
import luling.testing.case_files
import luling.testing.fixture
import luling.testing.report
import luling.testing.strategy  # noqa: F401
from luling.runtime import load_text

RULEBOOK = """\
规则书 借书逾期费
  版本 「2025」

事实 借阅
  逾期日数：整数
  读者：成人、儿童

结果 逾期费：金额

## 一

> 逾期的，按日收0.2元。

规则 按日收费
  逾期费 为 0.20元 × 借阅.逾期日数

示例 逾期三日
  设 借阅.逾期日数 为 3，借阅.读者 为 成人
  得 逾期费 为 0.60元

## 二（一）

> 儿童免收。

例外 儿童免收 优先于 按日收费
  当 借阅.读者 为 儿童
  逾期费 为 0元

示例 儿童逾期三日
  沿用 逾期三日
  设 借阅.读者 为 儿童
  得 逾期费 为 0元
"""


load_text(RULEBOOK)


@pytest.fixture
def book(pytester: pytest.Pytester) -> Path:
    """The rule file of a project that keeps its rulebook in `book/`."""
    path = pytester.path / "book" / "a.luling"
    path.parent.mkdir()
    path.write_text(RULEBOOK, "utf-8")
    return path


@pytest.fixture
def change(book: Path) -> object:
    """Replaces one text of the rulebook by another."""

    def replace(old: str, new: str) -> None:
        text = book.read_text("utf-8")
        assert text.count(old) == 1
        book.write_text(text.replace(old, new), "utf-8")

    return replace
