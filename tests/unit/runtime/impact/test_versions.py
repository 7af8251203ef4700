"""One table for two versions: other names, facts of one version only, causes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from luling.runtime.batch.problems import TableError
from luling.runtime.impact.build import Asked
from luling.runtime.impact.model import Impact
from luling.runtime.impact.sides import Sides
from luling.runtime.rulebooks import load_rulebook

from .conftest import BASE, put
from .tables import ROOT, example_cases, measured, sides_of, write_tables

HEAD = "案件编号,车.车型,车.时长,车.残障,车.区"
ROWS = ["1,小型,60,否,东", "2,大型,60,否,西", "3,小型,30,是,", "4,大型,20,否,东", "5,大型,31,是,西"]


def csv(folder: Path, head: str = HEAD, rows: list[str] = ROWS) -> Path:
    """A table of cases."""
    path = folder / "cases.csv"
    path.write_text("\n".join([head, *rows, ""]), "utf-8")
    return path


def between(old: Path, new: Path, **options: Any) -> Impact:
    """The impact of a change over the table beside."""
    table = csv(old.parent) if not options.get("table") else options.pop("table")
    return measured(old.parent, sides(old, new), table, Asked(**options))


def sides(old: Path, new: Path) -> Sides:
    """Two versions, both without findings."""
    books = [load_rulebook(one) for one in (old, new)]
    assert [f.message() for book in books for f in book.findings if f.is_error] == []
    return Sides(*books)


def variant(folder: Path, *edits: tuple[str, str]) -> Path:
    """The rulebook with some words replaced."""
    text = BASE
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return put(folder / "other", text)


def test_a_version_with_itself_moves_nothing(parking: Path) -> None:
    """No case, no money, no cause, and what is told is whole."""
    found = between(parking / "one", parking / "one")
    assert (found.cases, found.moved, found.largest, found.causes) == (5, 0, (), None)
    assert [(one.difference, one.moved.still) for one in found.totals] == [(0, 5)]
    assert [name for name, moved, open_ in found.results if moved or open_] == []


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (HEAD, ROWS),
        (HEAD.replace("车.区", "车.所在区"), [row.replace("小型", "微型") for row in ROWS]),
    ],
)
def test_other_names_move_nothing(parking: Path, renamed: Path, head: str, rows: list[str]) -> None:
    """Whichever version's names the table has for facts and members."""
    found = between(parking / "one", renamed, table=csv(parking, head, rows), by=("车.所在区",))
    assert (found.cases, found.moved) == (5, 0)
    assert [(one.name, one.old, one.new) for one in found.totals] == [("应缴", 2100, 2100)]
    assert {cell.old.text for one in found.matrices for cell in one.cells} == {"收费", "免"}
    groups = found.breakdowns[0].groups
    assert {group.value.shown: group.cases for group in groups} == {"东": 2, "西": 2, "空": 1}


def test_a_clause_is_named_for_what_it_moves(parking: Path) -> None:
    """And is told with how much more comes of it, and the cases that are as before without it."""
    new = variant(parking, ("费用 为 8元", "费用 为 10元"), ("不超过 30分钟", "不超过 15分钟"))
    found = between(parking / "one", new)
    assert found.moved == 4
    assert found.causes is not None
    assert found.causes.whole
    told = {
        one.clause: (one.cases, one.restored, one.money, one.up, one.down)
        for one in found.causes.clauses
    }
    # 大型 of 60 and 31 minutes: by 第一条 alone; 小型 of 30: by 第二条; 大型 of 20: by both
    assert told == {"第二条": (2, 2, 2, 1500, 0), "第一条": (3, 2, 3, 600, 0)}
    largest = [(one.number, [clause for clause, _ in one.causes]) for one in found.largest]
    assert largest == [
        (4, ["第一条", "第二条"]), (3, ["第二条"]), (2, ["第一条"]), (5, ["第一条"])
    ]  # fmt: skip


def test_what_only_several_clauses_do_together_is_counted_apart(parking: Path) -> None:
    """Where either of two clauses alone would do the same."""
    more = (
        "## 第三条 残障\n\n> 第三条 残障人士免费。\n\n例外 残障 优先于 小型车、大型车\n"
        "  当 车.残障\n  费用 为 0元\n"
        "## 第四条 东区\n\n> 第四条 东区免费。\n\n例外 东区 优先于 小型车、大型车\n"
        "  当 有 车.区 且 车.区 为 东\n  费用 为 0元\n"
    )
    new = put(parking / "other", BASE + more)
    found = between(parking / "one", new, table=csv(parking, HEAD, ["1,小型,60,是,东"]))
    assert found.causes is not None
    assert (found.causes.tried, found.causes.together, found.causes.clauses) == (1, 1, ())
    assert found.largest[0].together
    assert [clause for clause, _ in found.largest[0].causes] == ["第三条", "第四条"]


def test_a_fact_of_one_version_is_read_by_that_one(parking: Path) -> None:
    """Where it is unknown only that version leaves something open, and that is no move."""
    new = variant(
        parking, ("  区：东、西 或 空", "  区：东、西 或 空\n  免检：是否"),
        ("  当 车.车型 为 大型", "  当 车.车型 为 大型 且 非 车.免检"),
    )  # fmt: skip
    rows = [f"{row},{said}" for row, said in zip(ROWS, ("否", "是", "", "", ""), strict=True)]
    found = between(parking / "one", new, table=csv(parking, f"{HEAD},车.免检", rows))
    assert found.moved == 1
    assert found.results == (("处理", 0, 0), ("费用", 1, 1))
    states = {(c.old.text, c.new.text): c.cases for c in found.states.cells}
    assert states == {("已定", "已定"): 4, ("已定", "信息不足"): 1}
    by = {one.dimension.name: one for one in found.breakdowns}
    assert [g.value.shown for g in by["车.免检"].groups] == ["是", "否", "未知"]


def test_a_result_of_one_version_is_no_move(parking: Path) -> None:
    """It is told, and stands in no count."""
    new = variant(parking, ("结果 费用：金额", "结果 费用：金额\n结果 押金：金额 为 20元"))
    both = sides(parking / "one", new)
    assert both.alone == ((), ("押金",))
    found = between(parking / "one", new)
    assert (found.moved, [one.name for one in found.totals]) == (0, ["费用"])


def test_values_that_are_no_members_are_a_group(parking: Path) -> None:
    """One group, however many they are; so are values that cannot be read."""
    rows = ["1,中型,60,否,东", "2,微型,60,否,西", "3,小型,60,大概,东", "4,小型,60,否,东"]
    found = between(
        parking / "one", parking / "one", table=csv(parking, HEAD, rows),
        by=("车.车型", "车.残障"),
    )  # fmt: skip
    shown = [{g.value.shown: g.cases for g in one.groups} for one in found.breakdowns]
    assert shown == [{"小型": 2, "其他值": 2}, {"否": 3, "其他值": 1}]
    states = {(c.old.text, c.new.text): c.cases for c in found.states.cells}
    assert states == {("已定", "已定"): 1, ("输入有误", "输入有误"): 3}


def test_versions_of_one_kind_of_day_decide_as_they_say(tmp_path: Path) -> None:
    """Where no day is in both spans, both decide as if they applied, unless that is not wanted."""
    rules = ROOT / "rules" / "shanghai-skill-subsidy"
    books = [load_rulebook(rules / name) for name in ("2022-17", "2025-7")]
    apart, dated = Sides(*books), Sides(*books, as_dated=True)
    assert (apart.as_if_both_applied, dated.as_if_both_applied) == (True, False)
    table = write_tables(tmp_path, apart, example_cases(apart)[::4])
    values = [
        {cell.new.text for cell in one.cells}
        for one in (
            measured(tmp_path, s, table, Asked(sample=0)).matrices[0] for s in (apart, dated)
        )
    ]
    assert values[1] - values[0] == {"不适用本通知"}


def test_a_table_that_cannot_be_used_is_refused(parking: Path) -> None:
    """With what is wrong, for both versions at once."""
    with pytest.raises(TableError) as caught:
        between(parking / "one", parking / "one", table=csv(parking, HEAD, [*ROWS, ROWS[0]]))
    assert "案件编号重复" in str(caught.value)


def test_two_versions_of_the_tree_agree_with_themselves(tmp_path: Path) -> None:
    """Also with lists, derived values and reasons."""
    water = ROOT / "tests" / "rulebooks" / "water"
    one = sides_of(water, water)
    found = measured(tmp_path, one, write_tables(tmp_path, one, example_cases(one)))
    assert (found.moved, found.cases > 50) == (0, True)
