"""luling diff: what it prints of two small rulebooks, what it writes, and the exit status."""

import json
from pathlib import Path

import pytest

from luling.runtime import load
from luling.runtime.cli.main import main
from luling.runtime.examples import run_examples

OLD = """规则书 停车费
  版本 「甲」

单位 分钟

事实 车
  车型：小型、大型
    问 「什么车？」
  时长：整数（分钟）
    问 「停了几分钟？」
  残障：是否
    问 「是不是残障人士的车？」

结果 费用：金额
结果 要缴费：是否 为 费用 超过 0元
结果 可预约：是否 为 非 车.残障

示例 小型车停一小时
  设 车.车型 为 小型，车.时长 为 60分钟，车.残障 为 否
  得 费用 为 5元

## 第一条 收费

> 第一条 小型车每次5元，大型车每次8元。

规则 小型车
  费用 为 5元

例外 大型车 优先于 小型车
  当 车.车型 为 大型
  费用 为 8元

示例 大型车停一小时
  沿用 小型车停一小时
  设 车.车型 为 大型
  得 费用 为 8元

## 第二条 免费

> 第二条 停车不超过30分钟的，免费。

例外 三十分钟以内 优先于 小型车、大型车
  当 车.时长 不超过 30分钟
  费用 为 0元
"""
NEW = (
    OLD.replace("「甲」", "「乙」").replace("不超过30分钟", "不超过15分钟")
    .replace("不超过 30分钟", "不超过 15分钟").replace("8元\n", "10元\n")
)  # fmt: skip
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two versions, and it is the working folder."""
    for name, text in (("old", OLD), ("new", NEW)):
        (tmp_path / "toll" / name).mkdir(parents=True)
        (tmp_path / "toll" / name / "a.luling").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: Capture, *words: object) -> tuple[int, str, str]:
    """The exit status and the outputs of the command."""
    with pytest.raises(SystemExit) as end:
        main(["diff", *map(str, words)])
    assert isinstance(end.value.code, int)
    out, err = capsys.readouterr()
    return end.value.code, out, err


def test_everything_is_told_from_the_words_to_the_examples(versions: Path, capsys: Capture) -> None:
    """Text, rules, results with cause and smallest case, what is silent, and what flips."""
    status, out, _ = run(capsys, "toll/old", "toll/new")
    assert status == 1
    assert out.splitlines()[0] == "停车费 甲（toll/old）  →  停车费 乙（toll/new）"
    assert "      第二条 停车不超过〔－30分钟〕〔＋15分钟〕的，免费。" in out.splitlines()
    assert "    例外 三十分钟以内\n      当：30分钟 → 15分钟（减 15分钟）\n" in out
    assert "  费用　不同（已复演）\n" in out
    assert "8.00元 → 10.00元（增 2.00元）\n" in out
    assert "起因：第二条 例外 三十分钟以内（当：30分钟 → 15分钟（减 15分钟））\n" in out
    assert "最小例：「小型车停一小时」，改：\n         车.时长  60分钟 → 30分钟\n" in out
    assert "  可预约　相同（已证明）\n" in out
    assert "✗ 结果变了，条文没改\n    第一条 收费：费用\n" in out
    assert "  条文改了，结果也变\n    第二条 免费：费用、要缴费\n" in out
    assert "示例和案件　2 例，1 例的结果变了\n  1 例：大型车停一小时（旧版示例）\n" not in out
    assert "  1 例：大型车停一小时（两版示例）\n      费用：8.00元 → 10.00元（增 2.00元）\n" in out


def test_a_version_is_the_same_as_itself_and_that_is_proved(
    versions: Path, capsys: Capture
) -> None:
    """Status 0."""
    status, out, _ = run(capsys, "toll/old", "toll/old")
    assert (status, out.count("相同（已证明）")) == (0, 4)


def test_a_result_of_one_version_only_is_a_difference(versions: Path, capsys: Capture) -> None:
    """Unless the results that are asked for are in both."""
    (versions / "toll" / "less").mkdir()
    less = OLD.replace("结果 可预约：是否 为 非 车.残障\n", "")
    (versions / "toll" / "less" / "a.luling").write_text(less, "utf-8")
    status, out, _ = run(capsys, "toll/old", "toll/less", "--outcomes")
    assert (status, out.count("相同（已证明）")) == (1, 3)
    assert "  只有旧版有的结果：可预约\n" in out
    status, out, _ = run(capsys, "toll/old", "toll/less", "--outcomes", "--result", "费用")
    assert status == 0 and "只有旧版有的结果" not in out


def test_only_what_is_asked_for_is_compared(versions: Path, capsys: Capture) -> None:
    """And only that decides the status."""
    status, out, _ = run(capsys, "toll/old", "toll/new", "--outcomes", "--result", "可预约")
    assert (status, "条文" in out, "费用" in out) == (0, False, False)
    status, out, _ = run(capsys, "toll/old", "toll/new", "--text", "--rules")
    assert (status, "结果　" in out, "条文与规则" in out) == (1, False, True)
    assert "✗ 规则改了，条文没改\n    第一条 收费：例外 大型车\n" in out


def test_both_explanations_are_told_where_they_are_asked_for(
    versions: Path, capsys: Capture
) -> None:
    """Of the smallest case, by either version."""
    _, out, _ = run(capsys, "toll/old", "toll/new", "--outcomes", "--explain")
    assert "           第二条 三十分钟以内：费用 0.00元\n" in out
    assert "           第一条 小型车：费用 5.00元\n" in out


def test_the_regions_of_a_result_are_no_more_than_asked_for(
    versions: Path, capsys: Capture
) -> None:
    """And it says that there are more."""
    _, out, _ = run(
        capsys, "toll/old", "toll/new", "--outcomes", "--result", "费用", "--limit", "1"
    )
    assert ("    1. " in out, "    2. " in out) == (True, False)
    assert "还有别的情形，没有列出。" in out


def test_json_has_all_of_it_and_says_what_is_undecided(versions: Path, capsys: Capture) -> None:
    """One object on one line; words for machines are Chinese whatever the language."""
    status, out, _ = run(capsys, "toll/old", "toll/new", "--json", "--lang", "en")
    (line,) = out.splitlines()
    found = json.loads(line)
    assert (status, found["相同"], found["旧"]["版本"], found["新"]["版本"]) == (
        1,
        False,
        "甲",
        "乙",
    )
    assert {r["结果"]: r["结论"] for r in found["结果"]} == {
        "费用": "不同", "要缴费": "不同", "可预约": "相同",
    }  # fmt: skip
    by_cause = {tuple(r["起因"]): r for r in found["结果"][0]["情形"]}
    region = by_cause["例外 大型车",]
    assert (region["旧"], region["新"], region["变化"]) == ("8.00", "10.00", "up 2.00元")
    assert region["最小例"]["基准"] == "小型车停一小时"
    assert region["最小例"]["不同"] == [{"事实": "车.车型", "基准": "小型", "取": "大型"}]
    shorter = by_cause["例外 三十分钟以内",]["最小例"]
    assert shorter["不同"] == [{"事实": "车.时长", "基准": 60, "取": 30}]
    assert region["最小例"]["旧"]["结果"]["费用"] == "8.00"
    assert [one["情形"] for one in found["条文与结果"]] == ["结果变，条文不变", "条文和结果都变"]
    assert found["示例"]["变化"][0]["结果"][0] == {
        "名称": "费用", "旧": "8.00元", "新": "10.00元", "变化": "增 2.00元"
    }  # fmt: skip


def test_what_is_not_proved_in_time_is_undecided_and_not_the_same(
    versions: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says why, in the JSON too."""
    ticks = iter(range(0, 10**9, 10**4))
    monkeypatch.setattr("luling.runtime.versions.pair.time.monotonic", lambda: next(ticks))
    status, out, _ = run(capsys, "toll/old", "toll/new", "--outcomes", "--json")
    found = {one["结果"]: one for one in json.loads(out)["结果"]}
    assert (status, found["费用"]["结论"]) == (1, "未定")
    assert found["费用"]["未定原因"]


def test_witnesses_are_saved_as_cases_and_as_examples_that_pass(
    versions: Path, capsys: Capture
) -> None:
    """The same bytes each time; a case says what it shows, an example is pasted as it is."""
    first = save(versions, capsys, "w")
    assert {path.suffix for path in first} == {".json", ".luling"}
    assert {p.name: p.read_bytes() for p in first} == {
        p.name: p.read_bytes() for p in save(versions, capsys, "again")
    }
    case = json.loads((versions / "w" / "01-01.json").read_text("utf-8"))
    assert list(case) == ["说明", "条款", "案件", "应得"]
    decision = load("toll/new").decide(case["案件"])
    assert decision.results() == case["应得"]
    snippets = [path.read_text("utf-8") for path in first if path.suffix == ".luling"]
    (versions / "toll" / "new" / "z.luling").write_text("\n".join(snippets), "utf-8")
    outcomes = list(run_examples(load("toll/new")))
    assert len(outcomes) == 2 + len(snippets)
    assert all(outcome.passed for outcome in outcomes)


def save(folder: Path, capsys: Capture, name: str) -> list[Path]:
    """The files of witnesses in a folder."""
    run(capsys, "toll/old", "toll/new", "--outcomes", "--save-witnesses", name)
    return sorted((folder / name).iterdir())


def test_cases_of_a_folder_are_decided_too(versions: Path, capsys: Capture) -> None:
    """What cannot be decided is told, and is no difference."""
    (versions / "cases").mkdir()
    case = {"车": {"车型": "大型", "时长": 20, "残障": False}}
    (versions / "cases" / "a.jsonl").write_text(json.dumps(case) + "\n{\n", "utf-8")
    status, out, _ = run(capsys, "toll/old", "toll/new", "--examples", "--cases", "cases")
    assert status == 1
    assert "示例和案件　4 例，2 例的结果变了，1 例两版都不能判定" in out
    assert "  1 例：a.jsonl:1（案件）\n      费用：0.00元 → 10.00元（增 10.00元）\n" in out
    assert "  ✗ a.jsonl:2：" in out


def test_a_page_is_one_file_and_says_the_same_each_time(versions: Path, capsys: Capture) -> None:
    """HTML where it is asked for; HTML and Markdown in generated/, beside the new version."""
    run(capsys, "toll/old", "toll/new", "--html", "page.html", "--page")
    folder = versions / "generated" / "toll" / "old-to-new"
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "index.html"]
    html = (versions / "page.html").read_text("utf-8")
    assert html == (folder / "index.html").read_text("utf-8")
    assert "<del>30分钟</del>" in html and "<ins>15分钟</ins>" in html
    assert '<li class="silent">第一条 收费：费用</li>' in html
    markdown = (folder / "README.md").read_text("utf-8")
    assert "~~30分钟~~" in markdown and "| 增 10.00元 |" in markdown
    run(capsys, "toll/old", "toll/new", "--page")
    assert (folder / "README.md").read_text("utf-8") == markdown


def test_wrong_use_is_told_as_such(versions: Path, capsys: Capture) -> None:
    """Status 2: no such rulebook, no such result, no such folder, nowhere to write."""
    status, _, err = run(capsys, "toll/old", "toll/newer")
    assert (status, "toll/newer" in err) == (2, True)
    status, _, err = run(capsys, "toll/old", "toll/new", "--result", "费用额")
    assert (status, "是否想写：费用？" in err) == (2, True)
    status, _, err = run(capsys, "toll/old", "toll/new", "--cases", "nowhere")
    assert status == 2
    (versions / "file").write_text("", "utf-8")
    status, _, err = run(capsys, "toll/old", "toll/new", "--text", "--html", "file/a.html")
    assert (status, "不能写「file/a.html」" in err) == (2, True)


def test_a_rulebook_with_mistakes_is_not_compared(versions: Path, capsys: Capture) -> None:
    """Its findings are told."""
    (versions / "toll" / "new" / "a.luling").write_text(NEW.replace("当 车.车型", "当 车.车形"))
    status, _, err = run(capsys, "toll/old", "toll/new")
    assert (status, "车形" in err) == (2, True)


def test_it_speaks_english(versions: Path, capsys: Capture) -> None:
    """The words around the law's."""
    _, out, _ = run(capsys, "toll/old", "toll/new", "--lang", "en")
    assert "  费用　differs (replayed)\n" in out
    assert "✗ results changed, text did not\n" in out
    assert "（up 2.00元）" in out
