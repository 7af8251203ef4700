"""luling compile: what it writes and prints; luling run: many cases come out as one by one."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from luling.runtime import compile, load
from luling.runtime.cli.main import main

RULES = """规则书 停车费
  版本 「甲」

单位 分钟

事实 车
  车型：小型、大型
  时长：整数（分钟）
  折扣：比例 或 空

解读 整点
  问 「停满一小时收费吗？」
  取 收费
  另 不收费
  理由 「没有写。」

派生 满了：是否 为 车.时长 为 60分钟 且 按解读 整点 取 收费
结果 费用：金额 为 若 车.时长 超过 60分钟 或 满了 则 8元 否则 0元
结果 减：比例 或 空 为 车.折扣
结果 停：整数（分钟） 为 车.时长
结果 大：是否 为 车.车型 为 大型
结果 哪些：列表 车.车型 为 列出（车.车型）
结果 无人：列表 车.车型 为 空

示例 一小时
  设 车.车型 为 小型，车.时长 为 60分钟，车.折扣 为 80%
  得 费用 为 8元
"""
CASES: Final[list[dict[str, dict[str, Any]]]] = [
    {"车": {"车型": "小型", "时长": 60, "折扣": "0.8"}},
    {"车": {"车型": "大型", "时长": 59, "折扣": None}},
    {"车": {"时长": 61}},
    {"车": {"车型": "中型", "时长": 60}},
    {"车": {"车型": "小型", "时长": -60, "折扣": "0.125"}},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The rulebook."""
    place = tmp_path / "停车"
    place.mkdir()
    (place / "a.luling").write_text(RULES, "utf-8")
    return place


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """The cases, and lines that are none."""
    file = tmp_path / "cases.jsonl"
    lines = [json.dumps(case, ensure_ascii=False) for case in CASES]
    file.write_bytes("\n".join([*lines, "[]", "", "{"]).encode() + b"\n\xff\n")
    return file


def called(*words: str | Path) -> int:
    """The exit status of a command."""
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return int(ended.value.code or 0)


Capture = pytest.CaptureFixture[str]


def test_the_source_is_written(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "decide.py"
    assert called("compile", folder, "-o", out) == 0
    source = out.read_text("utf-8")
    assert source == compile(load(folder)).source
    assert capsys.readouterr().out == f"写好 {out}：停车费 甲\n"
    assert {path.name for path in tmp_path.iterdir()} == {"停车", "decide.py"}


def test_without_a_file_the_source_is_printed(folder: Path, capsys: Capture) -> None:
    assert called("compile", folder) == 0
    assert capsys.readouterr().out == compile(load(folder)).source


def test_another_reading_is_compiled_in(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "decide.py"
    assert called("compile", folder, "-o", out, "--reading", "整点=不收费", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["规则书"], told["解读"]) == ("停车费", {"整点": "不收费"})
    assert out.read_text("utf-8") == compile(folder, {"整点": "不收费"}).source


@pytest.mark.parametrize(
    "words",
    [
        ["compile", "nowhere"],
        ["compile", "{}", "--reading", "没有=这样"],
        ["compile", "{}", "-o", "nowhere/decide.py"],
        ["compile", "{}", "--json"],
        ["run", "{}", "{}/../cases.jsonl", "--results"],
        ["run", "{}", "{}/../cases.jsonl", "--results", "--json", "--explain"],
    ],
)
def test_wrong_use(words: list[str], folder: Path, cases: Path, capsys: Capture) -> None:
    assert cases.is_file()
    assert called(*[word.format(folder) for word in words]) == 2
    assert capsys.readouterr().err.strip()


def test_the_file_is_a_program(folder: Path, cases: Path, tmp_path: Path) -> None:
    (tmp_path / "decide.py").write_text(compile(load(folder)).source, "utf-8")

    def run(*words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-I", "-S", "decide.py", *words],
            cwd=tmp_path, input=stdin, capture_output=True, check=False,
        )  # fmt: skip

    read, piped = run(cases.name), run("-", stdin=cases.read_bytes())
    assert (read.returncode, read.stdout) == (1, piped.stdout)
    assert len(read.stdout.splitlines()) == len(CASES) + 3
    (tmp_path / "one.json").write_text(json.dumps(CASES[0], indent=1), "utf-8")
    one = run("one.json")
    assert (one.returncode, json.loads(one.stdout)["结果"]["费用"]) == (0, "8.00")
    assert run().returncode == run("--nothing").returncode == run("nowhere.json").returncode == 2
    assert run("--help").stdout.decode().startswith("用法")
    assert run("--lang", "en", "--help").stderr == b""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_many_cases_are_told_as_each_alone(
    folder: Path, cases: Path, tmp_path: Path, capsys: Capture, language: str
) -> None:
    called("run", folder, cases, "--lang", language)
    together = capsys.readouterr().out
    alone = []
    for number, line in enumerate(cases.read_bytes().split(b"\n"), 1):
        if line.strip():
            file = tmp_path / "one.json"
            file.write_bytes(line + b"\n")
            called("run", folder, file, "--lang", language)
            alone.append(f"── {cases}:{number}\n{capsys.readouterr().out}\n")
    assert together == "".join(alone)


def test_results_alone_are_those_of_the_whole_answer(
    folder: Path, cases: Path, capsys: Capture
) -> None:
    assert called("run", folder, cases, "--json") == 1
    whole = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert called("run", folder, cases, "--json", "--results") == 1
    some = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for answer in whole:
        del answer["依据"], answer["解读"]
    assert some == whole
    assert all(list(answer) == ["状态", "结果", "缺少", "错误"] for answer in some)


def test_results_alone_of_a_folder_of_versions(
    folder: Path, cases: Path, tmp_path: Path, capsys: Capture
) -> None:
    law = tmp_path / "law"
    (law / "a").mkdir(parents=True)
    dated = RULES.replace("事实 车\n", "事实 车\n  日期：日期\n")
    dated = dated.replace("  版本 「甲」\n", "  版本 「甲」\n  施行 自 2025-01-01 依 车.日期\n")
    dated = dated.replace("设 车.车型", "设 车.日期 为 2025-01-01，车.车型")
    (law / "a" / "a.luling").write_text(dated, "utf-8")
    case = {"车": {"日期": "2025-02-01", **CASES[0]["车"]}}
    cases.write_text(json.dumps(case, ensure_ascii=False) + "\n", "utf-8")
    assert called("run", law, cases, "--json", "--results") == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["规则书", "状态", "结果", "缺少", "错误"]
