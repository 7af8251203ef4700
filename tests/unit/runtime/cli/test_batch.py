"""luling batch and luling template: what they print, their options, and the exit status."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from luling.runtime.cli.main import main

ROOT = Path(__file__).parents[4]
HOLIDAYS = str(ROOT / "tests" / "rulebooks" / "holidays")
FLAGSHIP = str(ROOT / "rules" / "shanghai-skill-subsidy" / "2025-7")
DAYS = "案件编号,某日.日期\n1,2025-09-30\n2,2025-10-01\n3,\n4,2025-10-08\n"
READ = """规则书 停车

事实 车
  时长：整数

解读 免费界限
  问 「满三十分钟的算不算免费？」
  取 含 「不超过三十分钟」
  另 不含 「不满三十分钟」
  理由 「按字面。」

结果 免费：是否

规则 免费
  免费 为 若 按解读 免费界限 取 含 则 车.时长 不超过 30 否则 车.时长 不满 30
"""


def run(*words: str) -> int:
    """The exit status of `luling` with some words."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def days(tmp_path: Path) -> Path:
    path = tmp_path / "days.csv"
    path.write_text(DAYS, "utf-8")
    return path


def test_a_table_is_decided_and_told(days: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = days.with_name("out.csv")
    assert run("batch", HOLIDAYS, str(days), "-o", str(out)) == 0
    assert capsys.readouterr().out == (
        "案件：4\n状态\n  3  已定\n  1  信息不足\n是节假日\n  2  是\n  1  否\n  1  未定\n"
    )
    assert out.read_text("utf-8").splitlines() == [
        "案件编号,状态,是节假日,顺延后,假名,缺少,错误,未定",
        "1,已定,false,2025-09-30,,[],[],[]",
        "2,已定,true,2025-10-09,国庆节,[],[],[]",
        '3,信息不足,,,,"[""某日.日期""]",[],"[""是节假日"",""顺延后"",""假名""]"',
        "4,已定,true,2025-10-09,国庆节,[],[],[]",
    ]


def test_bad_input_is_a_finding_and_stays_in(
    days: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days.write_text(DAYS + "5,2025-02-30\n", "utf-8")
    out = days.with_name("out.csv")
    assert run("batch", HOLIDAYS, str(days), "-o", str(out), "--json", "--lang", "en") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["状态"] == {"已定": 3, "信息不足": 1, "输入有误": 1}
    assert told["提示"] == ["某日.日期 has 1 values that are no 日期: 「2025-02-30」."]
    assert '5,输入有误,,,,[],"[""某日.日期：' in out.read_text("utf-8")


def test_check_decides_nothing(days: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("batch", HOLIDAYS, str(days), "--check") == 0
    assert capsys.readouterr().out == "可以判定：4 行。\n"
    days.write_text(DAYS + "5,2025-02-30\n", "utf-8")
    assert run("batch", HOLIDAYS, str(days), "--check", "--json") == 1
    assert json.loads(capsys.readouterr().out)["行数"] == 5
    assert [path.name for path in days.parent.iterdir()] == ["days.csv"]


def test_samples_are_explained(days: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, told = days.with_name("out.parquet"), days.with_name("told.txt")
    words = ("batch", HOLIDAYS, str(days), "-o", str(out), "--explain-sample", "2")
    assert run(*words, "--explain-to", str(told)) == 0
    text = told.read_text("utf-8")
    heads = [line for line in text.splitlines() if line.startswith("──")]
    assert heads == ["── 1（已定）", "── 2（已定）", "── 3（信息不足）"]
    assert "第二条 不是节假日的不顺延：顺延后 2025-09-30" in text
    capsys.readouterr()
    assert run(*words, "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("案件编号") for line in lines] == [None, 1, 2, 3]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "用 -o 说明结果写到哪里。"),
        (("-o", "out.doc"), "的后缀要是 .parquet、.csv、.xlsx。"),
        (("-o", "out.csv", "--history", "旧=a.csv"), "规则书没有列表「旧」。"),
        (("-o", "out.csv", "--history", "a.csv"), "应写成 列表=文件；列表有：无。"),
        (("-o", "out.csv", "--memory", "all"), "内存上限「all」应写成 500MB、4GB 这样。"),
        (("-o", "out.csv", "--mapping", "none.toml"), "读不出映射文件「none.toml」"),
        (("-o", "out.csv", "--reading", "甲=乙"), "没有解读「甲」"),
    ],
)
def test_wrong_use_is_told(
    words: tuple[str, ...], message: str, days: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(days.parent)
    assert run("batch", HOLIDAYS, "days.csv", *words) == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in days.parent.iterdir()] == ["days.csv"]


def test_the_table_of_the_only_list_is_named_by_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.csv").write_text("案件编号\n1\n", "utf-8")
    (tmp_path / "p.csv").write_text("案件编号,等级\n2,五级\n", "utf-8")
    words = ("batch", FLAGSHIP, str(tmp_path / "c.csv"), "--check", "--history")
    assert run(*words, str(tmp_path / "p.csv")) == 1
    assert "列表「已享补贴」有 1 行的案件编号不在案件里" in capsys.readouterr().out


@pytest.mark.parametrize("package", ["duckdb", "sqlglot", "pyarrow", "openpyxl", "xlsxwriter"])
def test_a_missing_package_is_named_with_its_extra(package: str, tmp_path: Path) -> None:
    without = (
        f"import sys; sys.modules['{package}'] = None; from luling.runtime.cli import main; main()"
    )
    (tmp_path / "days.csv").write_text(DAYS, "utf-8")
    (tmp_path / "days.xlsx").write_bytes(b"")
    words = {
        "openpyxl": ["batch", HOLIDAYS, "days.xlsx", "--check"],
        "xlsxwriter": ["template", HOLIDAYS, "-o", "t.xlsx"],
    }.get(package, ["batch", HOLIDAYS, "days.csv", "--check"])
    done = subprocess.run(
        [sys.executable, "-P", "-c", without, *words], cwd=tmp_path, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"处理表格要用 {package}，它没有安装")
    assert "pip install 'luling[batch]'" in done.stderr


def test_a_reading_is_taken_otherwise(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "00.luling").write_text(READ, "utf-8")
    (tmp_path / "c.csv").write_text("案件编号,车.时长\n1,30\n2,\n", "utf-8")
    out = tmp_path / "out.csv"
    for engine in ("duckdb", "python"):
        for reading, free in (((), "true"), (("--reading", "免费界限=不含"), "false")):
            words = ("-o", str(out), "--engine", engine, *reading)
            assert run("batch", str(tmp_path / "甲"), str(tmp_path / "c.csv"), *words) == 0
            assert out.read_text("utf-8").splitlines()[1] == f"1,已定,{free},[],[],[]"


def test_sql_is_written_for_a_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for dialect in ("duckdb", "spark", "postgres"):
        assert run("batch", HOLIDAYS, "--emit-sql", dialect) == 0
        assert "某日.日期" in capsys.readouterr().out
    out = tmp_path / "q.sql"
    assert run("batch", HOLIDAYS, "--emit-sql", "duckdb", "-o", str(out)) == 0
    con, script = duckdb.connect(), out.read_text("utf-8")
    con.execute(
        "CREATE TABLE \"案件\" AS FROM (VALUES (2, DATE '2025-10-01'), (1, NULL), "
        '(3, DATE \'2500-01-01\')) t("案件编号", "某日.日期")'
    )
    found = sorted(con.execute(script).fetchall())
    assert [str(value) for value in found[1][:5]] == ["2", "已定", "True", "2025-10-09", "国庆节"]
    assert [row[:6] for row in (found[0], found[2])] == [(1, *[None] * 5), (3, *[None] * 5)]
    assert all("luling batch" in row[6][0] for row in (found[0], found[2]))
    for said in ("--   案件", "--     某日.日期  DATE", "某日.日期", "One row a case"):
        assert said in script


def test_a_template_is_written_and_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("template", HOLIDAYS, "-o", "表.xlsx") == 0
    assert capsys.readouterr().out == "写好了「表.xlsx」：案件（1 列）。\n"
    assert run("batch", HOLIDAYS, "表.xlsx", "-o", "结果.xlsx") == 0
    assert run("template", HOLIDAYS, "-o", "表.csv") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["结果.xlsx", "表.xlsx"]


# --- what is interrupted


def large(folder: Path, rows: int) -> Path:
    """A table that takes some time."""
    path = folder / "large.parquet"
    duckdb.execute(
        f'COPY (SELECT n AS "案件编号", DATE \'2025-01-01\' + (n % 365)::INTEGER AS "某日.日期" '
        f"FROM range({rows}) AS r(n)) TO '{path}' (FORMAT parquet)"
    )
    return path


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_an_interrupted_run_leaves_nothing(ending: signal.Signals, tmp_path: Path) -> None:
    table = large(tmp_path, 2_000_000)
    (tmp_path / "out.parquet").write_bytes(b"earlier")
    luling = shutil.which("luling", path=str(Path(sys.executable).parent))
    words = [str(luling), "batch", HOLIDAYS, str(table), "-o", str(tmp_path / "out.parquet")]
    running = subprocess.Popen([*words, "--engine", "python"], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not any(tmp_path.glob(".out.parquet.*/rows.parquet")):
        assert running.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    running.send_signal(ending)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["large.parquet", "out.parquet"]
    assert (tmp_path / "out.parquet").read_bytes() == b"earlier"


def test_less_memory_than_data_is_enough(tmp_path: Path) -> None:
    table = large(tmp_path, 4_000)
    out = tmp_path / "out.parquet"
    assert run("batch", HOLIDAYS, str(table), "-o", str(out), "--memory", "60MB") == 0
    assert duckdb.execute(f"SELECT count(*) FROM '{out}'").fetchall() == [(4_000,)]


def test_too_little_memory_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = large(tmp_path, 400_000)
    out = tmp_path / "out.parquet"
    assert run("batch", HOLIDAYS, str(table), "-o", str(out), "--memory", "1MB") == 2
    assert capsys.readouterr().err.startswith("内存不够：")
    assert [path.name for path in tmp_path.iterdir()] == ["large.parquet"]
