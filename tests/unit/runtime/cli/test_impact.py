"""luling impact: what it prints and writes, its options, and the exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from luling.runtime.batch.problems import needed
from luling.runtime.cli.main import main
from luling.runtime.impact import charts, moves

OLD = """规则书 停车收费
  版本 「一」

单位 天

事实 车
  车型：小型、大型
  区：东、西 或 空，仅记录

列表 违停
  天数：整数（天）

结果 处理：收费、免费 为 若 费用 为 0元 则 免费 否则 收费
结果 费用：金额

## 第一条 收费

> 第一条 小型车每次5元，大型车每次8元；违停过三天以上的加倍。

派生 倍数：整数 为 若 有 违停 中 天数 不少于 3天 者 则 2 否则 1

规则 小型车
  费用 为 5元 × 倍数

例外 大型车 优先于 小型车
  当 车.车型 为 大型
  费用 为 8元 × 倍数
"""
CASES = "案件编号,车.车型,车.区\n1,小型,东\n2,大型,西\n3,小型,\n4,大型,东\n"
LIST = "案件编号,天数\n2,3\n3,1\n"
TOLD = """\
一 → 二　案件 4，变了 2（50.0%）

金额
           旧版     新版     差额            增           减
  费用  34.00元  40.00元  +6.00元  2 件 +6.00元  0 件 0.00元

各项结果：变了的案件
  处理  0   0.0%
  费用  2  50.0%

起因的条款
  变了的 2 件中，在 2 件上逐条改回
  第一条 收费  2  100.0%

按车.车型
        案件  变了  费用净增减
  小型     2     0      0.00元
  大型     2     2     +6.00元

变动最大的案件
  案件 2　费用：16.00元 → 20.00元（增 4.00元）　[第一条]
  案件 4　费用：8.00元 → 10.00元（增 2.00元）　[第一条]
"""


def run(*words: object) -> int:
    """The exit status of `luling impact` with some words."""
    with pytest.raises(SystemExit) as ended:
        main(["impact", *map(str, words)])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Two versions and a table of cases with its list."""
    for name, text in (
        ("one", OLD),
        ("two", OLD.replace("「一」", "「二」").replace("8元 ×", "10元 ×")),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.luling").write_text(text, "utf-8")
    (tmp_path / "cases.csv").write_text(CASES, "utf-8")
    (tmp_path / "违停.csv").write_text(LIST, "utf-8")
    return tmp_path


def words(place: Path) -> tuple[Path, Path, Path]:
    """The arguments."""
    return place / "one", place / "two", place / "cases.csv"


def test_what_a_change_costs_is_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts, money, the clause, groups, and the cases that move most."""
    assert run(*words(place), "--by", "车.车型") == 0
    note, _, told = capsys.readouterr().out.partition("\n")
    assert note == f"列表「违停」取自「{place / '违停.csv'}」。"
    assert told == TOLD


def test_it_is_told_in_english_too(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All but the words of the rulebook."""
    assert run(*words(place), "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "Clauses responsible" in told
    assert "taken back one by one on 2 of 2 cases" in told
    assert "+6.00 yuan" in told


def test_as_json_all_counts_are_there(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object; money as text."""
    assert run(*words(place), "--json", "--by", "车.区") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["案件"], told["变了"], told["排序用的金额"]) == (4, 2, "费用")
    assert told["金额"]["费用"] | {} == {
        "旧": "34.00", "新": "40.00", "差": "6.00", "旧有": 4, "新有": 4, "增": 2, "共增": "6.00",
        "减": 0, "共减": "0.00", "不变": 2, "不能比": 0,
        "最多增": {"案件编号": 2, "差": "4.00"}, "最多减": None,
    }  # fmt: skip
    groups = {g["值"]: (g["案件"], g["变了"]) for g in told["分组"]["车.区"]}
    assert groups == {"东": (2, 1), "西": (1, 1), "空": (1, 0)}
    assert [c["条款"] for c in told["起因"]["条款"]] == ["第一条"]
    assert [c["案件编号"] for c in told["变动最大"]] == [2, 4]


@pytest.mark.parametrize("engine", ["duckdb", "python"])
def test_the_moves_are_written_in_each_form(place: Path, engine: str) -> None:
    """One row a case that moves, the same values as Parquet, CSV and workbook."""
    found = []
    for suffix in ("parquet", "csv", "xlsx"):
        out = place / f"moves.{suffix}"
        assert run(*words(place), "-o", out, "--engine", engine) == 0
        found.append(rows(out))
    assert found[0] == found[1] == found[2]
    head = ["案件编号", "旧.状态", "新.状态", "旧.处理", "新.处理", "旧.费用", "新.费用", "差.费用",
            "变了的结果", "旧.未定", "新.未定"]  # fmt: skip
    assert found[0] == [
        head,
        ["2", "已定", "已定", "收费", "收费", "16.00", "20.00", "4.00", "费用", "", ""],
        ["4", "已定", "已定", "收费", "收费", "8.00", "10.00", "2.00", "费用", "", ""],
    ]


def rows(path: Path) -> list[list[str]]:
    """The head and the rows of a table as texts."""
    if path.suffix == ".xlsx":
        sheet = needed("openpyxl").load_workbook(path).active
        found = [list(row) for row in sheet.iter_rows(values_only=True)]
        money = [n for n, name in enumerate(found[0]) if name.endswith("费用")]
        for row in found[1:]:
            for n in money:
                row[n] = Decimal(row[n])
        return [[_text(cell) for cell in row] for row in found]
    reader = "read_csv" if path.suffix == ".csv" else "read_parquet"
    with duckdb.connect() as con:
        read = con.execute(f"SELECT * FROM {reader}('{path}')")
        names = [name for name, *_ in read.description]
        return [names, *([_text(cell) for cell in row] for row in read.fetchall())]


def _text(cell: Any) -> str:
    if isinstance(cell, str) and cell.startswith("["):
        cell = json.loads(cell)
    if isinstance(cell, list):
        return "、".join(cell)
    if isinstance(cell, float | Decimal):
        return f"{Decimal(str(cell)):.2f}"
    if isinstance(cell, int) or cell is None:
        return "" if cell is None else str(cell)
    return str(cell)


def test_charts_are_written_as_pictures(place: Path) -> None:
    """In the order of the page; names that any file system takes."""
    assert run(*words(place), "--png", place / "charts", "--by", "车.车型") == 0
    found = sorted(path.name for path in (place / "charts").iterdir())
    assert found == [
        "01-合计.png", "02-得失.png", "03-各项结果.png", "04-起因的条款.png", "05-车.车型.png"
    ]  # fmt: skip
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in (place / "charts").iterdir())


def test_the_same_bytes_whatever_the_machine_says(place: Path) -> None:
    """Hash seed, time zone and locale change neither page, pictures nor table."""
    made = []
    for n, changed in enumerate(
        ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo"})
    ):
        folder = place / str(n)
        folder.mkdir()
        command = [
            sys.executable, "-P", "-c", "from luling.runtime.cli import main; main()", "impact",
            *words(place), "--html", folder / "a.html", "--png", folder, "-o", folder / "a.xlsx",
        ]  # fmt: skip
        subprocess.run(
            [*map(str, command)], env={**os.environ, **changed}, check=True, timeout=300,
            capture_output=True,
        )  # fmt: skip
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert made[0] == made[1]
    assert {Path(name).suffix for name in made[0]} == {".html", ".png", ".xlsx"}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--by", "车型"), "的事实，或者结果。是否想写「车.车型」？"),
        (("--money", "处理"), "两版没有共同的金额结果「处理」；有：费用。"),
        (("-o", "moves.txt"), "「moves.txt」的后缀要是 .parquet、.csv、.xlsx。"),
        (("-o", "nowhere/moves.csv"), "没有文件夹「"),
        (("--history", "违章=x.csv"), "规则书没有列表「违章」；有：违停。"),
        (("--memory", "much"), "内存上限「much」应写成 500MB、4GB 这样。"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(
    place: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], told: str
) -> None:
    """Before anything is decided; nothing is left behind."""
    before = sorted(place.rglob("*"))
    assert run(*words(place), *more) == 2
    assert told in capsys.readouterr().err
    assert sorted(place.rglob("*")) == before


def test_a_table_at_fault_is_a_finding(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told, and the rest is decided."""
    with (place / "cases.csv").open("a", encoding="utf-8") as file:
        file.write("5,中型,东\n")
    assert run(*words(place)) == 1
    told = capsys.readouterr().out
    assert "车.车型 有 1 个值不在枚举之内：「中型」。" in told
    assert "  输入有误 → 输入有误  1\n" in told


def test_a_missing_package_is_named(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the extra that brings it; without charts it is not needed."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert run(*words(place), "--html", place / "a.html") == 2
    assert "pip install 'luling[impact]'" in capsys.readouterr().err
    assert run(*words(place)) == 0


def test_pictures_need_a_chinese_font_and_pages_do_not(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather no picture than one full of boxes."""
    monkeypatch.setattr(charts, "chinese_font", lambda: None)
    assert run(*words(place), "--png", place / "charts") == 2
    assert "apt-get install fonts-noto-cjk" in capsys.readouterr().err
    assert not (place / "charts").exists()
    assert run(*words(place), "--html", place / "a.html") == 0
    assert (place / "a.html").is_file()


def test_what_was_there_stays_where_writing_fails(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file is half written under its name."""
    monkeypatch.setattr(moves, "MOST_IN_A_SHEET", 1)
    out = place / "moves.xlsx"
    out.write_text("before")
    before = sorted(place.rglob("*"))
    assert run(*words(place), "-o", out) == 2
    assert "变了的有 2 行，写不进工作簿" in capsys.readouterr().err
    assert (out.read_text(), sorted(place.rglob("*"))) == ("before", before)
