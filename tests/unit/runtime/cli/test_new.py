"""luling new: what it writes, what it refuses, what it says."""

import json
from pathlib import Path

import pytest

from luling.runtime import load_rulebook
from luling.runtime.cli.main import main

ROOT = Path(__file__).parents[4]
NOTICE = "关于借阅的通知\n某发〔2025〕3号\n一、每人可借5册。\n二、期限30日。\n"


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """A notice in a file."""
    path = tmp_path / "notice.txt"
    path.write_text(NOTICE, "utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """The exit status, output and errors of the command."""
    with pytest.raises(SystemExit) as end:
        main(["new", *map(str, words)])
    captured = capsys.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, captured.out, captured.err


Capture = pytest.CaptureFixture[str]


def test_the_first_law_drafted_anew_checks_clean(tmp_path: Path, capsys: Capture) -> None:
    """All its clauses, every sentence quoted."""
    text = ROOT / "rules" / "shanghai-skill-subsidy" / "2025-7" / "source.txt"
    status, out, _ = run(capsys, tmp_path / "new", "--text", text)
    loaded = load_rulebook(tmp_path / "new", use_cache=False)
    assert (status, loaded.findings) == (0, ())
    assert "45 个条款" in out
    assert (tmp_path / "new" / "source.txt").read_bytes() == text.read_bytes()


def test_the_text_is_copied_byte_by_byte(tmp_path: Path, capsys: Capture) -> None:
    """With the mark and the line ends it came with."""
    data = b"\xef\xbb\xbf" + NOTICE.replace("\n", "\r\n").encode()
    (tmp_path / "notice.txt").write_bytes(data)
    status, _, _ = run(capsys, tmp_path / "new", "--text", tmp_path / "notice.txt")
    assert status == 0
    assert (tmp_path / "new" / "source.txt").read_bytes() == data


def test_without_a_text_there_is_a_rulebook_whose_examples_pass(
    tmp_path: Path, capsys: Capture
) -> None:
    """It is called as its folder, or as it is told to be."""
    assert run(capsys, tmp_path / "甲")[0] == 0
    assert load_rulebook(tmp_path / "甲").rulebook.title == "甲"
    with pytest.raises(SystemExit) as end:
        main(["test", str(tmp_path / "甲")])
    assert end.value.code == 0
    run(capsys, tmp_path / "乙", "--title", "借阅（试行）", "--issuer", "某局")
    assert load_rulebook(tmp_path / "乙").rulebook.title == "借阅（试行）"


def test_an_empty_folder_may_be_filled(notice: Path, tmp_path: Path, capsys: Capture) -> None:
    """So may one whose folders above are not there yet."""
    (tmp_path / "a").mkdir()
    assert run(capsys, tmp_path / "a", "--text", notice)[0] == 0
    assert run(capsys, tmp_path / "b" / "c", "--text", notice)[0] == 0


def test_nothing_is_overwritten(notice: Path, tmp_path: Path, capsys: Capture) -> None:
    """A folder with anything in it is refused, and so is a file."""
    before = notice.read_bytes()
    for place in (tmp_path, notice):
        status, out, err = run(capsys, place, "--text", notice)
        assert (status, out) == (2, "") and "请换一个名称" in err
    assert [path.name for path in tmp_path.iterdir()] == ["notice.txt"]
    assert notice.read_bytes() == before


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "请把通知的原文粘贴进去"),
        (b"\xef\xbb\xbf \r\n", "请把通知的原文粘贴进去"),
        ("一、甲\n二、乙".encode("gbk"), "第1行读不出"),
        ("一、甲".encode("utf-16"), "编码选 UTF-8"),
        (b"PK\x03\x04\xff\xfe", "「另存为」纯文本"),
    ],
    ids=["empty", "blank", "GBK", "UTF-16", "a word processor's"],
)
def test_a_text_that_cannot_be_used_says_what_to_do(
    data: bytes, told: str, tmp_path: Path, capsys: Capture
) -> None:
    """And no folder is made."""
    (tmp_path / "notice.txt").write_bytes(data)
    status, _, err = run(capsys, tmp_path / "new", "--text", tmp_path / "notice.txt")
    assert status == 2 and told in err
    assert not (tmp_path / "new").exists()


def test_a_text_that_is_not_there_is_told(tmp_path: Path, capsys: Capture) -> None:
    """In both languages; so is a folder given as a text."""
    status, _, err = run(capsys, tmp_path / "new", "--text", tmp_path / "no.txt", "--lang", "en")
    assert status == 2 and err.startswith("cannot read")
    assert run(capsys, tmp_path / "new", "--text", tmp_path)[0] == 2


def test_a_title_that_cannot_be_written_is_refused(tmp_path: Path, capsys: Capture) -> None:
    """Before anything is made."""
    assert run(capsys, tmp_path / "new", "--title", "「甲」")[0] == 2
    assert not (tmp_path / "new").exists()


def test_a_text_without_numbers_is_told(tmp_path: Path, capsys: Capture) -> None:
    """All of it stands in one clause, and it is clean."""
    (tmp_path / "notice.txt").write_text("每人可借5册。", "utf-8")
    status, out, _ = run(capsys, tmp_path / "new", "--text", tmp_path / "notice.txt")
    assert status == 0 and "全文都放在「首部」之下" in out


def test_json_says_what_was_written(notice: Path, tmp_path: Path, capsys: Capture) -> None:
    """One object."""
    _, out, _ = run(capsys, tmp_path / "new", "--text", notice, "--json")
    assert json.loads(out) == {
        "文件夹": str(tmp_path / "new"),
        "名称": "关于借阅的通知",
        "文号": "某发〔2025〕3号",
        "机关": None,
        "版本": "2025-3",
        "文件": {
            "00-rulebook.luling": ["首部"],
            "01-facts.luling": [],
            "10-clauses.luling": ["一", "二"],
        },
        "发现": 0,
    }


def test_english_is_spoken(notice: Path, tmp_path: Path, capsys: Capture) -> None:
    """Around the Chinese names."""
    _, out, _ = run(capsys, tmp_path / "new", "--text", notice, "--lang", "en")
    assert "3 clauses are quoted" in out and "Next: open" in out
