"""What is in generated/ is what the rules say, and the same everywhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from luling.compiler.ir import nodes as ir
from luling.runtime import load_text
from luling.runtime.pages.build import build, name_of
from luling.runtime.pages.phrase import phrase, plain
from luling.runtime.pages.restate import Line, statements
from luling.runtime.pages.serve import Preview
from luling.runtime.pages.write import stale, write
from luling.runtime.rulebooks import find_rulebooks, load_rulebook

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-P", "-c", "from luling.runtime.cli import main; main()", "docs"]


def test_the_pages_are_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """`luling docs` has been run after the last change of the rules."""
    monkeypatch.chdir(ROOT)
    for folder in find_rulebooks(Path("rules")):
        out = Path("generated") / name_of(folder)
        assert stale(out, build(load_rulebook(folder), out)) == []


@pytest.mark.parametrize(
    "changed",
    [{"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai"}, {"PYTHONHASHSEED": "2", "LC_ALL": "C"}],
)
def test_the_same_bytes_whatever_the_machine_says(changed: dict[str, str]) -> None:
    """Hash seed, time zone and locale change nothing."""
    found = subprocess.run(
        [*COMMAND, "--check"], cwd=ROOT, env={**os.environ, **changed}, capture_output=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, b"")


def test_a_changed_rate_is_told_and_changes_few_pages(tmp_path: Path) -> None:
    """What is stale is named with its first line that differs; the rest stays untouched."""
    book = rulebook(tmp_path, "80%")
    out = tmp_path / "out"
    write(out, build(load_rulebook(book), out))
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    rulebook(tmp_path, "85%")
    files = build(load_rulebook(book), out)
    changes = stale(out, files)
    assert {change.reason for change in changes} == {"不同"}
    assert all("85%" in change.wanted for change in changes)
    write(out, files)
    touched = {path for path in before if path.stat().st_mtime_ns != before[path]}
    assert touched == {change.path for change in changes}
    assert stale(out, files) == []


def test_a_page_without_a_clause_is_removed(tmp_path: Path) -> None:
    """And one that is missing is written."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "clause-9.html").write_text("")
    reasons = [change.reason for change in write(tmp_path, {"new.html": b"x"})]
    assert reasons == ["缺少", "多余"]
    assert [path.name for path in tmp_path.rglob("*")] == ["new.html"]


def rulebook(folder: Path, rate: str) -> Path:
    """A small rulebook with one rate."""
    book = folder / "toll" / "2025"
    book.mkdir(parents=True, exist_ok=True)
    text = f"规则书 过桥费\n结果 折扣：比例\n## 一 折扣\n规则 折扣\n  折扣 为 {rate}\n"
    (book / "toll.luling").write_text(text, encoding="utf-8")
    return book


SAYS = """规则书 过桥费
事实 车
  满载：是否
  轴数：整数
  到达：日期
  出发：日期
结果 收费：是否，否则 否
## 一 收费
{rule}
"""


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("规则 甲\n  收费 为 是", "“收费”为是。"),
        ("规则 甲\n  收费 为 车.满载", "“车·满载”为是的，“收费”为是，否则为否。"),
        (
            "规则 甲\n  当 车.轴数 超过 4\n  收费 为 是",
            "车的轴数超过4的，“收费”为是。",
        ),
        (
            "规则 甲\n  收费 为 车.到达 不晚于 车.出发 起满 6个月",
            "车的到达不晚于自车的出发起满6个月之日的，“收费”为是，否则为否。",
        ),
        ("规则 甲\n  收费 为 非 车.满载", "“车·满载”为否的，“收费”为是，否则为否。"),
        (
            "规则 甲\n  收费 为 是\n例外 乙 优先于 甲\n  当 车.满载\n  收费 为 否",
            "“收费”为是。下列情形除外：“车·满载”为是的，“收费”为否。",
        ),
    ],
)
def test_rules_are_told_in_plain_chinese(rule: str, told: str) -> None:
    """From the meaning, not from the words of the file."""
    book = load_text(SAYS.format(rule=rule)).rulebook
    found = "".join(words(line) for one in statements(book, "一") for line in one.lines)
    assert found == told + "没有规则适用的，“收费”为否。"


def words(line: Line) -> str:
    """A sentence with its items."""
    return plain(line.words) + "".join(words(item) for item in line.items)


def test_every_expression_has_words() -> None:
    """None of the flagship's raises, and none is empty."""
    book = load_rulebook(ROOT / "rules" / "shanghai-skill-subsidy" / "2025-7").rulebook
    exprs: list[ir.Expr] = [r.must for r in book.requirements]
    exprs += [rule.value for d in book.definitions for rule in d.rules]
    assert all(plain(phrase(expr)) for expr in exprs)


def test_the_pages_of_an_amendment_say_what_it_amends_and_what_is_otherwise(tmp_path: Path) -> None:
    """And lead to the file where a clause was written, in whichever folder that is."""
    book = rulebook(tmp_path, "80%")
    text = (book / "toll.luling").read_text("utf-8")
    example = "示例 一\n  得 折扣 为 80%\n\n## 二 备注\n\n> 二、略。\n不执行 「略。」\n"
    (book / "toll.luling").write_text(f"{text}{example}", "utf-8")
    draft = tmp_path / "toll" / "draft"
    draft.mkdir()
    changes = "规则书 过桥费（草案）\n  修订 「../2025」\n更名 规则 折扣 为 打折\n"
    changes += "规则 打折\n  折扣 为 85%\n"
    (draft / "a.luling").write_text(f"{changes}## 二\n废止 「不要了。」\n", "utf-8")
    files = build(load_rulebook(draft), tmp_path / "out")
    index, clause = (
        files[name].decode() for name in ("markdown/README.md", "markdown/clause-1.md")
    )
    assert "- 修订：过桥费；没有改动的条款沿用原文和原规则\n" in index
    assert "- 废止：条款 二：不要了。\n" in index
    assert "- 更名：规则 折扣 改称 打折\n" in index
    assert "示例：0 个，0 个与规则一致" in index
    assert "另有 1 个沿用的，其中 1 个修订后结果不同" in index
    assert "**修订后不同**" in clause and "未通过" not in clause
    assert "toll.luling:3" in clause
    page = files["site/index.html"].decode()
    assert "<dt>修订</dt><dd>过桥费；" in page and "<dt>废止</dt><dd>条款 二：不要了。</dd>" in page


def test_a_preview_shows_findings_until_they_are_gone(tmp_path: Path) -> None:
    """Whichever page is asked for; nothing outside the site is served."""
    book = rulebook(tmp_path, "80%")
    preview = Preview({"toll/2025": book})
    preview.update()
    page = preview.state.page("toll/2025/")
    assert page is not None and "过桥费".encode() in page[1]
    assert preview.state.page("toll/2025/../../etc/passwd") is None
    rulebook(tmp_path, "八成多")
    preview.update()
    broken = preview.state.page("toll/2025/clause-1.html")
    assert broken is not None and "规则书没有通过检查".encode() in broken[1]
    rulebook(tmp_path, "85%")
    preview.update()
    page = preview.state.page("toll/2025/clause-1.html")
    assert page is not None and b"85%" in page[1]
    assert preview.version == 4  # the first time, the examples were not known
