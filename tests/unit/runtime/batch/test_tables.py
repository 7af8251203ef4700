"""What tables are taken, what is refused before work starts, and what is only reported."""

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from luling.compiler.diagnostics.entry import Both
from luling.compiler.sql import Gap, Script
from luling.runtime import load_text
from luling.runtime.batch import querying
from luling.runtime.batch import run as batch_run
from luling.runtime.batch.columns import fact_tables
from luling.runtime.batch.mapping import Mapping as Mapped
from luling.runtime.batch.mapping import read_mapping
from luling.runtime.batch.problems import TableError
from luling.runtime.batch.run import Decided, EngineName, Options, check_tables, decide_tables
from luling.runtime.batch.sources import Sources
from luling.runtime.decide import Engine

from .tables import Table, csv_file, rows_of, write_table

PARKING = load_text(
    """规则书 停车费

事实 车
  车型：小型、大型
  时长：整数
  日期：日期
  会员到期日：日期 或 空
  预付：是否
  车牌：文本，仅记录
  押金：金额
  折扣：比例

列表 往次
  日期：日期
  款额：金额

结果 费用：金额 为 若 车.车型 为 小型 则 5元 × 车.折扣 否则 8元
结果 会员：是否 为 有 车.会员到期日 且 车.日期 不晚于 车.会员到期日
结果 次数：整数 为 往次 的 个数
结果 累计：金额 为 往次 的 款额 之和
"""
)
TYPES = {
    "案件编号": "BIGINT", "车.车型": "VARCHAR", "车.时长": "INTEGER", "车.日期": "DATE",
    "车.会员到期日": "DATE", "车.预付": "BOOLEAN", "车.车牌": "VARCHAR",
    "车.押金": "DECIMAL(18,2)", "车.折扣": "DECIMAL(9,4)",
}  # fmt: skip
PAST_TYPES = {"案件编号": "BIGINT", "日期": "DATE", "款额": "DECIMAL(18,2)"}


def table(rows: int = 3, /, **other: Any) -> Table:
    """A table of complete cases, with other columns where they are given."""
    plain: Table = {
        "案件编号": list(range(1, rows + 1)), "车.车型": ["小型"] * rows, "车.时长": [60] * rows,
        "车.日期": ["2025-05-01"] * rows, "车.会员到期日": [None] * rows, "车.预付": [True] * rows,
        "车.车牌": ["沪A"] * rows, "车.押金": ["10.50"] * rows, "车.折扣": ["0.8"] * rows,
    }  # fmt: skip
    return {**plain, **{name.replace("_", "."): values for name, values in other.items()}}


def past(**other: Any) -> Table:
    """A table of two earlier times of the first case."""
    plain: Table = {"案件编号": [1, 1], "日期": ["2025-04-01"] * 2, "款额": ["5.00", "8.00"]}
    return {**plain, **other}


def parquet(
    folder: Path, cases: Table, types: Mapping[str, str] | None = None, list_: Table | None = None
) -> Path:
    """Writes tables as Parquet; the path of the cases'."""
    all_types = {**dict.fromkeys(cases, "VARCHAR"), **TYPES, **(types or {})}
    write_table(folder / "cases.parquet", cases, all_types)
    if list_ is not None:
        own = {**dict.fromkeys(list_, "VARCHAR"), **PAST_TYPES}
        write_table(folder / "往次.parquet", list_, own)
    return folder / "cases.parquet"


def csv(folder: Path, cases: Table, list_: Table | None = None) -> Path:
    """Writes tables as CSV; the path of the cases'."""
    csv_file(folder / "cases.csv", cases)
    if list_ is not None:
        csv_file(folder / "往次.csv", list_)
    return folder / "cases.csv"


def decided(cases: Path, engine: Engine = PARKING, **more: Any) -> Decided:
    """What comes out of tables; the rows stand beside them."""
    return decide_tables(engine, Sources(cases, **more), out_of(cases))


def out_of(cases: Path) -> Path:
    """Where the rows stand."""
    return cases.with_name("out.parquet")


def rows(cases: Path, **more: Any) -> list[dict[str, Any]]:
    """The rows that come out."""
    decided(cases, **more)
    return rows_of(out_of(cases))


def refused(cases: Path, **more: Any) -> str:
    """Why tables are refused; nothing stands there then."""
    with pytest.raises(TableError) as caught:
        decided(cases, **more)
    assert [path for path in cases.parent.iterdir() if path.name.startswith((".", "out"))] == []
    return caught.value.text("zh").replace(str(cases.parent) + "/", "")


def notes(cases: Path, **more: Any) -> list[str]:
    """What is told of tables that are taken, the same by --check as in the summary."""
    told = [note.text.zh for note in decided(cases, **more).summary.notes]
    checked = check_tables(PARKING, Sources(cases, **more))
    assert [note.text.zh for note in checked.notes] == told
    return [text.replace(str(cases.parent) + "/", "") for text in told]


# --- what is refused


@pytest.mark.parametrize(
    ("change", "types", "message"),
    [
        ({"案件编号": [1, None, None]}, {}, "「cases.parquet」有 2 行没有案件编号：第 2、3 行。"),
        ({"案件编号": [2, 7, 2]}, {}, "「cases.parquet」有 1 个案件编号重复：「2」。"),
        (
            {"案件编号": ["1", "2", "3"]}, {"案件编号": "DOUBLE"},
            "「cases.parquet」的列「案件编号」应为 BIGINT 或 VARCHAR，文件里是 DOUBLE。",
        ),
        (
            {"车_日期": ["2025-05-01", None, "2025-05-03"]}, {"车.日期": "VARCHAR"},
            "「cases.parquet」的列「车.日期」应为 DATE，文件里是 VARCHAR："
            "2 个值，如 「2025-05-01」、「2025-05-03」。",
        ),
        (
            {"车_时长": [1, 2, 3]}, {"车.时长": "DOUBLE"},
            "「cases.parquet」的列「车.时长」应为 INTEGER，文件里是 DOUBLE："
            "3 个值，如 「1.0」、「2.0」、「3.0」。",
        ),
        (
            {"车_会员到期日?": [1, 0, 0]}, {"车.会员到期日?": "INTEGER"},
            "「cases.parquet」的列「车.会员到期日?」应为 BOOLEAN，文件里是 INTEGER："
            "3 个值，如 「1」、「0」、「0」。",
        ),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_meant_are_refused(
    change: Table, types: dict[str, str], message: str, tmp_path: Path
) -> None:
    assert refused(parquet(tmp_path, table(**change), types)) == message


def test_a_column_nearly_named_like_a_fact_without_one_is_refused(tmp_path: Path) -> None:
    cases = table()
    cases["车. 日期"] = cases.pop("车.日期")
    cases["车辆车型"] = cases.pop("车.车型")
    told = refused(parquet(tmp_path, cases))
    assert "「车. 日期」不是事实，而事实「车.日期」没有列；是否写错？" in told
    assert "「车辆车型」不是事实，而事实「车.车型」没有列；是否写错？" in told
    assert '"车辆车型" = ""' in told


def test_the_same_column_beside_its_fact_is_only_extra(tmp_path: Path) -> None:
    path = parquet(tmp_path, table(车_日期2=["x"] * 3), list_=past())
    assert "「cases.parquet」有 1 列不是事实，不用：「车.日期2」。" in notes(path)


def test_a_table_without_numbers_of_cases_is_refused(tmp_path: Path) -> None:
    cases = table()
    cases["编号"] = cases.pop("案件编号")
    assert refused(parquet(tmp_path, cases)) == "「cases.parquet」没有列「案件编号」；有 「编号」。"


def test_a_whole_column_of_csv_that_cannot_be_read_is_of_the_wrong_type(tmp_path: Path) -> None:
    told = refused(csv(tmp_path, table(20, 车_日期=["1.5.2025"] * 20)))
    assert told.startswith("「cases.csv」的列「车.日期」应为 DATE，文件里是 VARCHAR：20 个值，如 ")


def test_numbers_of_cases_are_texts_where_one_is_no_number(tmp_path: Path) -> None:
    path = csv(tmp_path, table(案件编号=["007", "8", "丙"]), past(案件编号=["007", "7"]))
    assert [(r["案件编号"], r["次数"]) for r in rows(path)] == [("007", 1), ("8", 0), ("丙", 0)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "「cases.csv」是空的。"),
        ("案件编号,车.日期,车.日期\n".encode(), "「cases.csv」里有同名的列：「车.日期」。"),
        ("案件编号,车.车牌\n1,沪\n".encode("gbk"), "「cases.csv」不是 UTF-8 编码"),
        ("案件编号,车.车牌\n".encode() + b"1,\xbb\xa6\n", "「cases.csv」不是 UTF-8 编码"),
        ("案件编号,车.车牌\n1,沪,多\n".encode(), "读不出「cases.csv」："),
    ],
    ids=["empty", "twice", "gbk", "gbk-below", "ragged"],
)
def test_a_csv_file_that_is_none_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_bytes(content)
    assert refused(tmp_path / "cases.csv").startswith(message)


@pytest.mark.parametrize(
    "content",
    [
        "案件编号,车.车型\r\n1,大型\r\n2,\r\n",
        "\ufeff案件编号,车.车型\n1,大型\n2,",
        '"案件编号","车.车型",备注\n1,"大型","a""b\nc,d"\n2,,\n',
        "案件编号,车.车型,\n1,大型,\n\n2,,\n\n",
    ],
    ids=["crlf", "bom", "quoted", "blank"],
)
def test_csv_is_read_as_programs_write_it(content: str, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_bytes(content.encode())
    found = rows(tmp_path / "cases.csv")
    assert [(row["案件编号"], row["费用"]) for row in found] == [(1, 8), (2, None)]


def test_a_folder_that_may_not_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    path = parquet(tmp_path, table())
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    assert refused(path) == "读写文件出错：[Errno 13] Permission denied"


@pytest.mark.parametrize("name", ["cases.parquet", "cases.xlsx"])
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("案件编号\n1\n", "utf-8")
    assert refused(tmp_path / name).startswith("读不出")


def test_what_is_not_there_or_no_table_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "cases.parquet") == "没有文件「cases.parquet」。"
    (tmp_path / "cases.json").write_text("{}", "utf-8")
    assert "「cases.json」不是表格" in refused(tmp_path / "cases.json")
    path = parquet(tmp_path, table())
    told = refused(path, lists={"往事": path})
    assert told == "规则书没有列表「往事」；有：往次。"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("out.txt", "的后缀要是 .parquet、.csv、.xlsx。"),
        ("nowhere/out.csv", "没有文件夹「"),
        ("cases.parquet", "结果不能写在输入文件「"),
        ("往次.parquet", "结果不能写在输入文件「"),
    ],
)
def test_where_no_result_can_be_written_is_refused(name: str, message: str, tmp_path: Path) -> None:
    path = parquet(tmp_path, table(), list_=past())
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(TableError, match=message):
        decide_tables(PARKING, Sources(path), tmp_path / name)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_an_impossible_limit_of_memory_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path, table())
    with pytest.raises(TableError, match="应写成 500MB"):
        decide_tables(PARKING, Sources(path), out_of(path), Options(memory="much"))


def test_names_that_tables_need_themselves_are_refused(tmp_path: Path) -> None:
    clashing = load_text(
        "规则书 甲\n列表 往次\n  案件编号：文本\n结果 次数：整数 为 往次 的 个数\n"
    )
    with pytest.raises(TableError, match="固定名称"):
        fact_tables(clashing.rulebook)
    clashing = load_text("规则书 甲\n事实 车\n  时长：整数\n结果 状态：整数 为 车.时长\n")
    with pytest.raises(TableError, match="固定列同名"):
        decided(parquet(tmp_path, table()), clashing)


# --- what is reported


def test_a_list_beside_the_cases_is_taken_and_told(tmp_path: Path) -> None:
    path = parquet(tmp_path, table(), list_=past())
    assert notes(path) == ["列表「往次」取自「往次.parquet」。"]
    assert [row["累计"] for row in rows_of(out_of(path))] == [13, 0, 0]


def test_rows_of_cases_decided_one_by_one_are_in_a_case_too(tmp_path: Path) -> None:
    path = parquet(tmp_path, table(车_车型=["小型", "中型", None]), list_=past(案件编号=[2, 3]))
    told = ["列表「往次」取自「往次.parquet」。", "车.车型 有 1 个值不在枚举之内：「中型」。"]
    assert notes(path) == told
    assert [row["累计"] for row in rows_of(out_of(path))] == [0, None, 8]


def test_a_list_without_a_table_is_unknown_in_every_row(tmp_path: Path) -> None:
    path = parquet(tmp_path, table(), list_=past())
    assert notes(path, find_lists=False) == ["列表「往次」没有表：每一行都当作未知。"]
    found = rows_of(out_of(path))
    assert [(r["状态"], r["缺少"], r["未定"]) for r in found] == [
        ("信息不足", ["往次"], ["次数", "累计"])
    ] * 3


def test_an_empty_table_of_a_list_means_none(tmp_path: Path) -> None:
    path = parquet(tmp_path, table(), list_={name: [] for name in past()})
    assert [(r["状态"], r["次数"]) for r in rows(path)] == [("已定", 0)] * 3


def test_values_and_rows_that_are_left_out_are_told(tmp_path: Path) -> None:
    cases = table(车_车型=["小型", "中型", "中型"], 备注=["x"] * 3)
    del cases["车.预付"]
    path = parquet(tmp_path, cases, list_=past(案件编号=[1, 99], 店=["a", "b"]))
    assert notes(path, lists={"往次": tmp_path / "往次.parquet"}) == [
        "「cases.parquet」有 1 个事实没有列，每一行都当作未知：「车.预付」。",
        "「cases.parquet」有 1 列不是事实，不用：「备注」。",
        "「往次.parquet」有 1 列不是事实，不用：「店」。",
        "车.车型 有 2 个值不在枚举之内：「中型」。",
        "列表「往次」有 1 行的案件编号不在案件里，不用：「99」。",
    ]


def test_what_csv_holds_that_is_no_value_is_bad_input(tmp_path: Path) -> None:
    changed = table(
        9,
        车_日期=["2025-02-30", "20250501", *["2025-05-01"] * 7],
        车_时长=[60, 60, "六十", "60.5", "60.0", -1, 60, 60, 60],
        车_预付=[*["true"] * 6, "也许", "否", "T"],
        车_押金=[*["10.50"] * 7, "10.505", "1e3"],
    )
    path = csv(tmp_path, changed, past(案件编号=[5, 5]))
    assert notes(path)[1:] == [
        "车.时长 有 2 个值读不成整数：「60.5」、「六十」。",
        "车.日期 有 2 个值读不成日期：「2025-02-30」、「20250501」。",
        "车.预付 有 1 个值读不成是否：「也许」。",
        "车.押金 有 2 个值读不成金额：「10.505」、「1e3」。",
    ]
    assert [row["错误"] for row in rows_of(out_of(path))] == [
        ["车.日期：「2025-02-30」不是存在的日期，应写成 YYYY-MM-DD。"],
        ["车.日期：「20250501」不是存在的日期，应写成 YYYY-MM-DD。"],
        ["车.时长：应为整数，给出的是文本 六十。"],
        ["车.时长：应为整数，给出的是数 60.5。"],
        [],
        ["车.时长：-1 小于零。"],
        ["车.预付：应为是否（true 或 false），给出的是文本 也许。"],
        ["车.押金：应为金额（元，至多两位小数），给出的是数 10.505。"],
        ["车.押金：应为金额（元，至多两位小数），给出的是文本 1e3。"],
    ]


def test_wide_columns_are_taken_where_their_values_fit(tmp_path: Path) -> None:
    types = {"车.时长": "BIGINT", "车.押金": "DECIMAL(38,10)", "车.折扣": "DECIMAL(20,8)"}
    changed = table(
        车_时长=[60, 2**40, 60], 车_押金=["1.5", "1.5", "1.505"], 车_折扣=["0.5", "0.5", "0.33333"]
    )
    found = rows(parquet(tmp_path, changed, types, past()))
    assert [row["状态"] for row in found] == ["已定", "已定", "输入有误"]
    changed = table(车_折扣=["0.5", "0.33333", "0"])
    found = rows(parquet(tmp_path, changed, types, past()))
    assert [str(row["费用"]) for row in found] == ["2.50", "1.67", "0.00"]


def test_a_column_of_another_type_that_holds_nothing_is_taken(tmp_path: Path) -> None:
    changed = table(车_日期=[None] * 3)
    found = rows(parquet(tmp_path, changed, {"车.日期": "DOUBLE"}, past()))
    assert [row["会员"] for row in found] == [False] * 3


def test_a_companion_column_makes_none_unknown(tmp_path: Path) -> None:
    changed = table(**{"车_会员到期日?": [None, True, False], "往次?": [False, False, True]})
    path = parquet(tmp_path, changed, {"车.会员到期日?": "BOOLEAN", "往次?": "BOOLEAN"}, past())
    assert [row["缺少"] for row in rows(path)] == [[], ["车.会员到期日"], ["往次"]]


# --- rulebooks

CLASHING = load_text(
    """规则书 车位

事实 车
  时长：数

结果 费用：金额，否则 0元

规则 短时
  当 车.时长 不超过 3
  费用 为 10元

规则 长时
  当 车.时长 不低于 3
  费用 为 车.时长 × 1元 ÷ 3
"""
)


@pytest.mark.parametrize("name", ["duckdb", "python"])
def test_a_rulebook_at_fault_is_told_in_the_row(name: EngineName, tmp_path: Path) -> None:
    cases: Table = {"案件编号": ["a", "b", "c", "d"], "车.时长": ["2", "3", "4", None]}
    path = csv(tmp_path, cases)
    done = decide_tables(CLASHING, Sources(path), out_of(path), Options(engine=name))
    assert done.summary.states == {"已定": 2, "信息不足": 1, "规则有误": 1}
    found = rows_of(out_of(path))
    assert [str(row["费用"]) for row in found] == ["10.00", "None", "1.33", "None"]
    assert "短时" in found[1]["错误"][0] and found[1]["未定"] == []


@pytest.mark.parametrize("name", ["duckdb", "python"])
def test_a_result_that_its_column_cannot_hold_is_told(name: EngineName, tmp_path: Path) -> None:
    path = csv(tmp_path, {"案件编号": ["a"], "车.时长": ["9" * 30]})
    with pytest.raises(TableError, match=re.escape("案件「a」的结果「费用」超出 DECIMAL(18,2)")):
        decide_tables(CLASHING, Sources(path), out_of(path), Options(engine=name))
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]


def test_what_no_query_can_say_is_decided_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(*_: object) -> Script:
        return Script((), "", "", (Gap("费用", Both("此类结果", "such a result")),))

    monkeypatch.setattr(querying, "script", unable)
    path = parquet(tmp_path, table(), list_=past())
    done = decided(path)
    assert (done.summary.odd, done.summary.states) == (3, {"已定": 3})
    assert done.summary.notes[-1].text.zh == (
        "规则书有 SQL 说不出的部分，每一行都逐行判定：「费用：此类结果」。"
    )


# --- mappings


def mapping(folder: Path, text: str) -> Mapped:
    """A mapping file, read."""
    path = folder / "mapping.toml"
    path.write_text(text, "utf-8")
    return read_mapping(path, fact_tables(PARKING.rulebook))


def test_a_mapping_says_what_columns_and_values_are_called(tmp_path: Path) -> None:
    cases = table(车_车型=["1", "2", "小型"], 车_预付=["Y", "N", None])
    for theirs, ours in (("bh", "案件编号"), ("cx", "车.车型"), ("rq", "车.日期")):
        cases[theirs] = cases.pop(ours)
    cases["车.日期2"] = ["x"] * 3
    list_ = past()
    list_["rq"], list_["id"] = list_.pop("日期"), list_.pop("案件编号")
    given = mapping(
        tmp_path,
        '[columns]\nbh = "案件编号"\ncx = "车.车型"\nrq = "车.日期"\n"车.日期2" = ""\n'
        '[columns."往次"]\nrq = "日期"\nid = "案件编号"\n'
        '[values."车.车型"]\n1 = "小型"\n2 = "大型"\n[values."车.预付"]\nY = true\nN = "否"\n',
    )
    path = csv(tmp_path, cases, list_)
    found = rows(path, mapping=given)
    assert [(str(r["费用"]), r["次数"]) for r in found] == [("4.00", 2), ("8.00", 0), ("4.00", 0)]
    assert notes(path, mapping=given) == ["列表「往次」取自「往次.csv」。"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[columns]\na = "车.日起"\n', "「车.日起」不是规则书的事实。是否想写「车.日期」？"),
        ('[columns."往事"]\na = "日期"\n', "「往事」不是规则书的事实。是否想写「往次」？"),
        ('[columns."往次"]\na = "款项"\n', "「款项」不是规则书的事实。"),
        ('[values."车.型"]\n1 = "小型"\n', "「车.型」不是规则书的事实。"),
        ('[values."车.车型"]\n1 = "中型"\n', "「中型」，但 车.车型 只能是：小型、大型。"),
        ("[column]\n", "「column」不是 [columns] 或 [values.…]。"),
        ("columns = 3\n", "「columns」不是 [columns] 或 [values.…]。"),
        ("[columns\n", "不是 TOML"),
    ],
)
def test_a_mapping_that_leads_nowhere_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=re.escape(message)):
        mapping(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[columns]\nnix = "车.日期"\n', "映射文件里的列在「cases.parquet」中没有：「nix」。"),
        (
            '[columns]\n"车.车牌" = "车.车型"\n',
            "「cases.parquet」里有两列都是「车.车型」：「车.车型」、「车.车牌」。",
        ),
    ],
)
def test_a_mapping_that_does_not_fit_the_table_is_refused(
    text: str, message: str, tmp_path: Path
) -> None:
    path = parquet(tmp_path, table())
    assert refused(path, mapping=mapping(tmp_path, text)) == message


# --- workbooks


def test_a_workbook_with_formulas_that_nobody_worked_out_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["案件编号", "车.时长"])
    book.active.append([1, "=30+30"])
    book.save(tmp_path / "cases.xlsx")
    assert refused(tmp_path / "cases.xlsx") == (
        "「cases.xlsx」有 1 个公式没有算出的值：「B2」。请在 Excel 里打开并保存。"
    )


def test_empty_rows_of_a_workbook_are_left_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["案件编号", "车.时长", None], [1, 60, None], [None, None, None], [2, None, None]):
        book.active.append(row)
    book.save(tmp_path / "cases.xlsx")
    assert [row["案件编号"] for row in rows(tmp_path / "cases.xlsx")] == [1, 2]


def test_a_workbook_of_results_holds_dates_amounts_and_lists(tmp_path: Path) -> None:
    path = parquet(tmp_path, table(车_车型=["小型", "中型", None]), list_=past())
    decide_tables(PARKING, Sources(path), tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["结果"]
    found = list(sheet.iter_rows(values_only=True))
    assert found[0] == ("案件编号", "状态", "费用", "会员", "次数", "累计", "缺少", "错误", "未定")
    assert found[1] == (1, "已定", 4, False, 2, 13, None, None, None)
    assert found[3][6:] == ("车.车型", None, "费用")
    first = (tmp_path / "out.xlsx").read_bytes()
    decide_tables(PARKING, Sources(path), tmp_path / "out.xlsx")
    assert (tmp_path / "out.xlsx").read_bytes() == first


def test_too_many_rows_for_a_workbook_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_run, "MOST_IN_A_SHEET", 2)
    path = parquet(tmp_path, table())
    with pytest.raises(TableError, match="3 行太多，写不进工作簿"):
        decide_tables(PARKING, Sources(path), tmp_path / "out.xlsx")


# --- the summary


def test_the_summary_counts_by_state_value_and_sums_money(tmp_path: Path) -> None:
    path = parquet(tmp_path, table(车_车型=["小型", "大型", "中型"]), list_=past())
    told = decided(path).summary.to_json()
    assert json.loads(json.dumps(told, ensure_ascii=False)) == {
        "行数": 3,
        "逐行判定": told["逐行判定"],
        "状态": {"已定": 2, "输入有误": 1},
        "结果": {"会员": {"否": 2}},
        "条款": {},
        "合计": {"费用": "12.00", "累计": "13.00"},
        "提示": [
            f"列表「往次」取自「{tmp_path}/往次.parquet」。",
            "车.车型 有 1 个值不在枚举之内：「中型」。",
        ],
    }
