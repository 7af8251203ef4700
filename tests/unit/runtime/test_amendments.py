"""Rulebooks in folders that amend others, and what the cache knows of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from luling.runtime import load, load_rulebook
from luling.runtime.decide import Engine
from luling.runtime.examples import run_examples

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that nobody has filled."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def write(folder: Path, **texts: str) -> Path:
    """A folder with some files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text, "utf-8")
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Two amendments, one of the other, of a rulebook that imports one and names its law."""
    calendar = "规则书 开放日\n结果 今日闭馆：是否 为 否\n"
    write(tmp_path / "calendar" / "2025", a_luling=calendar)
    base = (
        "规则书 借书\n  原文 「law.txt」\n\n引用 日历 自 「../../calendar/2025」\n\n"
        "事实 人\n  借出：整数\n\n结果 还可借：整数\n结果 开放：是否\n\n"
        "## 一\n\n> 一、每人最多借3册。\n\n规则 上限\n  还可借 为 3 减 人.借出\n\n"
        "规则 开放\n  开放 为 非 日历.今日闭馆\n"
    )
    law = "一、每人最多借3册。\n"
    write(tmp_path / "library" / "2024", a_luling=base, law_txt=law)
    first = (
        "规则书 借书（一）\n  修订 「../2024」\n\n## 一\n\n> 一、每人最多借5册。\n\n"
        "规则 上限\n  还可借 为 5 减 人.借出\n"
    )
    write(tmp_path / "library" / "2025", a_luling=first)
    second = "规则书 借书（二）\n  修订 「../2025」\n\n更名 结果 还可借 为 余额\n"
    write(tmp_path / "library" / "drafts" / "x", a_luling=second.replace("../2025", "../../2025"))
    return tmp_path / "library"


def left(folder: Path, name: str = "还可借") -> object:
    """How many books somebody with one may borrow."""
    return load(folder).decide({"人": {"借出": 1}})[name]


def test_an_amendment_is_a_rulebook_like_any_other(library: Path) -> None:
    assert left(library / "2024") == 2
    assert left(library / "2025") == 4
    assert left(library / "drafts" / "x", "余额") == 4


def test_the_texts_of_all_versions_are_there_for_findings_to_point_into(library: Path) -> None:
    loaded = load_rulebook(library / "drafts" / "x")
    names = [Path(name).relative_to(library).as_posix() for name in loaded.sources]
    assert sorted(names) == [
        "2024/a.luling", "2024/law.txt", "2025/a.luling", "drafts/x/a.luling",
    ]  # fmt: skip
    assert load_rulebook(library / "drafts" / "x").sources == loaded.sources  # from the cache
    for definition in loaded.rulebook.definitions:
        assert definition.span.file in loaded.sources or definition.origin is not None


def test_the_cached_amendment_is_the_compiled_one(library: Path) -> None:
    fresh = load_rulebook(library / "2025", use_cache=False)
    load_rulebook(library / "2025")
    cached = load_rulebook(library / "2025")
    assert (cached.rulebook, cached.findings) == (fresh.rulebook, fresh.findings)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("library/2024/a.luling", "3 减", "7 减"),
        ("library/2024/law.txt", "3册", "9册"),
        ("calendar/2025/a.luling", "为 否", "为 是"),
        ("library/2025/a.luling", "5 减", "6 减"),
    ],
)
def test_a_change_in_anything_it_rests_on_is_not_hidden_by_the_cache(
    library: Path, file: str, old: str, new: str
) -> None:
    drafted = library / "drafts" / "x"
    load_rulebook(drafted)
    path = library.parent / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    now, fresh = load_rulebook(drafted), load_rulebook(drafted, use_cache=False)
    assert now.rulebook == fresh.rulebook
    assert now.findings == fresh.findings
    assert now.sources == fresh.sources


def codes(folder: Path) -> list[str]:
    """What is said of a rulebook, twice: the second time from the cache."""
    found = [finding.code for finding in load_rulebook(folder).findings]
    assert [finding.code for finding in load_rulebook(folder).findings] == found
    return found


def test_a_base_that_is_not_there_comes_back(library: Path) -> None:
    """The cache does not keep saying that it is missing."""
    drafted = library / "drafts" / "x"
    (library / "2025").rename(library / "away")
    assert codes(drafted) == ["L0501"]
    (library / "away").rename(library / "2025")
    assert codes(drafted) == []


def test_a_broken_base_is_told_once(library: Path) -> None:
    text = (library / "2024" / "a.luling").read_text("utf-8")
    write(library / "2024", a_luling=text.replace("3 减 人.借出", "3 减 人.借"))
    assert codes(library / "2024") == ["L0201"]
    assert codes(library / "2025") == ["L0503"]
    assert codes(library / "drafts" / "x") == ["L0503"]


@pytest.mark.parametrize("to", ["../2025", "../drafts/x", "../2024"])
def test_a_circle_of_amendments_is_told_and_ends(library: Path, to: str) -> None:
    write(library / "2024", a_luling=f"规则书 借书\n  修订 「{to}」\n")
    for folder in ("2024", "2025", "drafts/x"):
        assert codes(library / folder) == ["L0502"], folder


def test_an_amendment_of_what_imports_it_is_a_circle(library: Path) -> None:
    write(
        library / "2024",
        a_luling="规则书 借书\n引用 新 自 「../2025」\n结果 甲：整数 为 新.还可借\n",
    )
    assert codes(library / "2024") == ["L0502"]
    assert codes(library / "2025") == ["L0502"]


def test_an_amendment_can_be_imported(library: Path) -> None:
    text = (
        "规则书 甲\n引用 书 自 「../drafts/x」\n  代入 人.借出 为 申请.借出\n"
        "事实 申请\n  借出：整数\n结果 乙：整数 为 书.余额\n"
    )
    write(library / "user", a_luling=text)
    assert load(library / "user").decide({"申请": {"借出": 2}})["乙"] == 3
    load_rulebook(library / "user")
    path = library / "2025" / "a.luling"
    path.write_text(path.read_text("utf-8").replace("5 减", "6 减"), "utf-8")
    assert load(library / "user").decide({"申请": {"借出": 2}})["乙"] == 4


def test_the_text_of_an_amendment_is_in_its_own_folder(library: Path) -> None:
    """Both are called law.txt."""
    path = library / "2025" / "a.luling"
    path.write_text(path.read_text("utf-8").replace("\n\n", "\n  原文 「law.txt」\n\n", 1), "utf-8")
    assert codes(library / "2025") == ["L0706"]
    write(library / "2025", law_txt="一、每人最多借4册。\n")
    assert codes(library / "2025") == ["L0701"]
    write(library / "2025", law_txt="一、每人最多借5册。\n")
    assert codes(library / "2025") == []
    assert codes(library / "drafts" / "x") == []


def test_findings_name_the_base_without_going_up_and_down(library: Path) -> None:
    write(
        library / "2025", a_luling="规则书 甲\n  修订 「../2025/../2024」\n废止 规则 上限 「无」\n"
    )
    (finding,) = load_rulebook(library / "2025").findings
    assert Path(finding.span.file) == library / "2024" / "a.luling"


def test_a_rulebook_with_errors_can_be_checked_twice(tmp_path: Path) -> None:
    """In two processes: the second knows of the stage of the error only what the cache says."""
    write(tmp_path / "甲", a_luling="规则书 甲\n结果 乙：整数\n")
    command = [sys.executable, "-P", "-c", "from luling.runtime.cli import main; main()", "check"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    told = [
        subprocess.run(
            [*command, str(tmp_path / "甲")], env=environment, capture_output=True, check=False
        )
        for _ in range(2)
    ]
    assert [one.returncode for one in told] == [1, 1]
    assert told[0].stdout == told[1].stdout
    assert b"L0406" in told[0].stdout


DRAFT = ROOT / "examples" / "draft-b-class"


def test_the_draft_of_the_examples_is_free_of_findings_and_right() -> None:
    """And short: what it says beside the words of the notice is two changes."""
    loaded = load_rulebook(DRAFT)
    assert loaded.findings == ()
    outcomes = list(run_examples(Engine(loaded.rulebook)))
    assert len(outcomes) >= 3 and all(outcome.passed for outcome in outcomes)
    assert len(loaded.rulebook.examples) > 300


def test_the_draft_changes_what_it_says_and_nothing_else() -> None:
    """Of the examples it inherits those come out otherwise that meet what it changes."""
    rulebook = load_rulebook(DRAFT).rulebook
    inherited = [example for example in rulebook.examples if example.inherited]
    outcomes = list(run_examples(Engine(rulebook), inherited))
    changed = [outcome.example for outcome in outcomes if not outcome.passed]
    assert 0 < len(changed) < len(inherited) / 5
    assert not [e.name for e in changed if (e.clause or "").startswith(("一（五）", "五"))]
