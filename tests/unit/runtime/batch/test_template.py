"""A template, filled in, is decided as the cases it was filled with."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from luling.runtime.batch.run import Options, decide_tables
from luling.runtime.batch.sources import Sources
from luling.runtime.batch.template import write_template

from .cases import examples
from .tables import (
    CASE_ID,
    Case,
    as_json,
    cell_value,
    engine,
    expected,
    fact_types,
    rows_of,
    tables_of,
)

PLACES = [
    "rules/shanghai-skill-subsidy/2025-7",
    "rules/statutory-retirement-age/2025",
    "tests/rulebooks/water",
    "tests/rulebooks/holidays",
]


def fill(path: Path, place: str, cases: list[Case]) -> None:
    """Fills in a template by its headers, as a person would: 是 and 否, dates as dates."""
    rulebook = engine(place).rulebook
    types = fact_types(rulebook)
    book: Any = openpyxl.load_workbook(path)
    for name, table in tables_of(rulebook, cases).items():
        sheet = book[name]
        header = [cell.value for cell in sheet[1]]
        assert header == [c for c in table if not c.endswith("?")]
        for number in range(len(table[CASE_ID])):
            for place_, column in enumerate(header, 1):
                value = cell_value(table[column][number], types[name].get(column))
                sheet.cell(number + 2, place_, value)
    book.save(path)


def without_unknown_lists(place: str, cases: list[Case]) -> list[Case]:
    """The cases that a template holds: of a list it knows all items, of 或 空 no unknown."""
    rulebook = engine(place).rulebook
    found = []
    for case in cases:
        tables = tables_of(rulebook, [case])
        marked = [v for t in tables.values() for c in t if c.endswith("?") for v in t[c]]
        if not any(marked):
            found.append(case)
    return found


@pytest.mark.parametrize("place", PLACES)
def test_a_template_filled_in_is_decided(place: str, tmp_path: Path) -> None:
    own = engine(place)
    cases = without_unknown_lists(place, examples(own.rulebook))
    assert cases
    write_template(own.rulebook, tmp_path / "申请表.xlsx")
    fill(tmp_path / "申请表.xlsx", place, cases)
    filled, out = Sources(tmp_path / "申请表.xlsx"), tmp_path / "out.parquet"
    decide_tables(own, filled, out, Options(engine="python"))
    found = [as_json(own, row) for row in rows_of(tmp_path / "out.parquet")]
    assert found == expected(own, cases)


def test_a_template_says_what_may_be_filled_in(tmp_path: Path) -> None:
    write_template(engine("tests/rulebooks/water").rulebook, tmp_path / "t.xlsx")
    book: Any = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["案件", "示数", "人口", "缴费", "说明"]
    cases = book["案件"]
    rules = {str(rule.sqref): rule for rule in cases.data_validations.dataValidation}
    assert rules["B2:B5001"].formula1 == '"居民生活,学校,养老机构,工商业"'
    assert rules["F2:F5001"].formula1 == '"是,否"'
    assert rules["J2:J5001"].type == "date"
    assert cases.column_dimensions["J"].number_format == "yyyy-mm-dd"
    assert rules["K2:K5001"].type == "decimal"
    assert "用水性质是什么？" in cases["B1"].comment.text
    notes = [row for row in book["说明"].iter_rows(values_only=True) if row[1]]
    assert ("案件", "账期.旧表止数", "数（立方米）", "", "没有") in [
        tuple(v or "" for v in row[:5]) for row in notes
    ]


def test_the_same_rulebook_gives_the_same_template(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_template(engine(PLACES[0]).rulebook, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_long_lists_of_choices_stand_in_a_sheet_of_their_own(tmp_path: Path) -> None:
    from luling.runtime import load_text

    members = "、".join(f"很长很长的成员名称之{n}号" for n in range(60))
    book = load_text(f"规则书 甲\n枚举 种：{members}\n事实 车\n  种：种\n结果 种类：种 为 车.种\n")
    write_template(book.rulebook, tmp_path / "t.xlsx")
    made: Any = openpyxl.load_workbook(tmp_path / "t.xlsx")
    (rule,) = made["案件"].data_validations.dataValidation
    assert rule.formula1 == "'选项'!$A$1:$A$60"
    assert [cell.value for cell in made["选项"]["A"]] == members.split("、")
