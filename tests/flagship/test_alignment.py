"""Legal text and rules cannot drift apart unnoticed: each small break is a finding at its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from luling.compiler.diagnostics.diagnostic import Finding
from luling.compiler.source import SourceFile
from luling.compiler.syntax.lawtext import read_law
from luling.runtime.decide import Engine
from luling.runtime.examples import run_examples
from luling.runtime.rulebooks import load_rulebook

ROOT = Path(__file__).parent.parent.parent
BOOK = Path("shanghai-skill-subsidy/2025-7")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A copy of the flagship rulebook, with the one it imports, to be broken."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path / "rules" / BOOK


def change(file: Path, old: str, new: str) -> None:
    """Replaces a text that must stand in the file exactly once or first."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def findings(book: Path) -> tuple[Finding, ...]:
    """The findings of a rulebook as its text stands now."""
    return load_rulebook(book, use_cache=False).findings


def test_the_flagship_and_its_law_agree(book: Path) -> None:
    assert findings(book) == ()


def one_character_of_a_quotation(book: Path) -> None:
    change(book / "14-conditions.luling", "> 2.灵活就业人员参加", "> 2.灵活就业人员参与")


def one_digit_of_a_quotation(book: Path) -> None:
    change(book / "20-procedure.luling", "颁发之日起12个月内（毕业", "颁发之日起18个月内（毕业")


def one_digit_of_the_law(book: Path) -> None:
    change(book / "source.txt", "每年可享受不超过3次", "每年可享受不超过2次")


def a_sentence_added_to_the_law(book: Path) -> None:
    change(
        book / "source.txt",
        "可申请1次职业技能提升补贴或培训补贴。",
        "可申请1次职业技能提升补贴或培训补贴。另有规定的除外。",
    )


def a_quotation_deleted(book: Path) -> None:
    text = (book / "50-other.luling").read_text("utf-8")
    line = next(one for one in text.splitlines() if one.startswith("> （三）本市职业技能培训"))
    change(book / "50-other.luling", line + "\n", "")


def a_clause_deleted(book: Path) -> None:
    (book / "40-work.luling").unlink()


def two_quotations_swapped(book: Path) -> None:
    file = book / "50-other.luling"
    lines = file.read_text("utf-8").splitlines()
    one = next(i for i, line in enumerate(lines) if line.startswith("> （一）本通知实施前"))
    two = next(i for i, line in enumerate(lines) if line.startswith("> （二）本通知实施后"))
    lines[one], lines[two] = lines[two], lines[one]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def two_clauses_swapped(book: Path) -> None:
    (book / "30-supervision.luling").rename(book / "45-supervision.luling")


def a_clause_the_law_does_not_have(book: Path) -> None:
    change(book / "40-work.luling", "## 四（三） 强化风险防控", "## 四（四） 强化风险防控")


def the_text_of_the_law_lost(book: Path) -> None:
    (book / "source.txt").unlink()


def a_rule_outside_every_clause(book: Path) -> None:
    change(
        book / "00-rulebook.luling",
        "结果 结论：可享受、不可享受、不适用本通知",
        "结果 结论：可享受、不可享受、不适用本通知 为 可享受",
    )
    change(
        book / "14-conditions.luling",
        "规则 结论\n  结论 为 若 有 可选身份 则 可享受 否则 不可享受\n",
        "",
    )


def one_digit_of_a_rule(book: Path) -> None:
    change(book / "14-conditions.luling", "起满 6个月\n", "起满 5个月\n")


def one_share_of_a_rule(book: Path) -> None:
    change(book / "14-conditions.luling", "核定比例 为 80%", "核定比例 为 81%")


def one_cell_of_a_table(book: Path) -> None:
    change(book / "13-standards.luling", "| B | 1500元/人 ", "| B | 1600元/人 ")


def one_cell_taken_from_another_place(book: Path) -> None:
    change(book / "13-standards.luling", "| 2700元/人 |", "| 2000元/人 |")


def one_digit_of_a_code(book: Path) -> None:
    change(book / "90-annex.luling", "| 4-03-02-08 | 咖啡师", "| 4-03-02-18 | 咖啡师")


def one_row_of_a_register(book: Path) -> None:
    change(book / "90-annex.luling", "  | 13         | 6-02-06-07 | 品酒师 |\n", "")


def one_date(book: Path) -> None:
    change(book / "50-other.luling", "为 2028年4月30日", "为 2028年4月29日")


def one_count(book: Path) -> None:
    change(book / "50-other.luling", "不超过 3次", "不超过 4次")


def one_half_of_a_proportion(book: Path) -> None:
    change(book / "20-procedure.luling", "参数 区级份额：整数 为 1", "参数 区级份额：整数 为 2")


def a_bound_moved_by_a_day(book: Path) -> None:
    change(
        book / "14-conditions.luling",
        "就业.获证起持续在沪就业至 不早于 获证满六个月之日",
        "就业.获证起持续在沪就业至 晚于 获证满六个月之日",
    )


def a_bound_of_a_count(book: Path) -> None:
    change(book / "50-other.luling", "加 1次 不超过 3次", "加 1次 少于 3次")


def the_last_day_of_force(book: Path) -> None:
    change(book / "50-other.luling", "晚于 有效期届满日", "不早于 有效期届满日")


def a_number_no_longer_used(book: Path) -> None:
    text = (book / "14-conditions.luling").read_text("utf-8")
    rule = text[text.index("例外 申请时已在沪就业的未就业人员") :]
    rule = rule[: rule.index("示例 ")]
    change(book / "14-conditions.luling", rule, "")


def a_waiver_forgotten(book: Path) -> None:
    text = (book / "14-conditions.luling").read_text("utf-8")
    line = next(one for one in text.splitlines() if one.startswith("不用 5年"))
    change(book / "14-conditions.luling", line + "\n", "")


def a_waiver_of_what_is_used(book: Path) -> None:
    change(
        book / "14-conditions.luling",
        "规则 灵活就业人员的比例",
        "不用 100% 「误写」\n\n规则 灵活就业人员的比例",
    )


SUPERVISION = ["三", "三（一）", "三（二）", "三（三）", "三（四）", "三（五）"]
WORK = ["四", "四（一）", "四（二）", "四（三）"]
BREAKS: list[tuple[Callable[[Path], None], list[tuple[str, str]]]] = [
    (one_character_of_a_quotation, [("L0701", "一（四）2")]),
    (one_digit_of_a_quotation, [("L0701", "二（一）")]),
    (one_digit_of_the_law, [("L0701", "五（三）")]),
    (a_sentence_added_to_the_law, [("L0704", "五（三）")]),
    (a_quotation_deleted, [("L0704", "五（三）")]),
    (a_clause_deleted, [("L0704", clause) for clause in WORK]),
    (two_quotations_swapped, [("L0702", "五（一）"), ("L0702", "五（二）")]),
    (two_clauses_swapped, [("L0705", clause) for clause in SUPERVISION]),
    (a_clause_the_law_does_not_have, [("L0703", "四（四）"), ("L0704", "四（三）")]),
    (the_text_of_the_law_lost, [("L0706", "")]),
    (a_rule_outside_every_clause, [("L0707", "")]),
    (one_digit_of_a_rule, [("L0708", "一（四）1")]),
    (one_share_of_a_rule, [("L0708", "一（四）1")]),
    (one_cell_of_a_table, [("L0708", "一（三）")]),
    (one_cell_taken_from_another_place, [("L0709", "一（三）")]),
    (one_digit_of_a_code, [("L0708", "附件")]),
    (one_row_of_a_register, [("L0709", "附件")]),
    (one_date, [("L0708", "五（五）")]),
    (one_count, [("L0708", "五（三）")]),
    (one_half_of_a_proportion, [("L0708", "二（三）")]),
    (a_bound_moved_by_a_day, [("L0710", "一（四）1")]),
    (a_bound_of_a_count, [("L0710", "五（三）")]),
    (the_last_day_of_force, [("L0710", "五（五）")]),
    (a_number_no_longer_used, [("L0709", "一（四）5")]),
    (a_waiver_forgotten, [("L0709", "一（四）4")]),
    (a_waiver_of_what_is_used, [("L0711", "一（四）2")]),
]


@pytest.mark.parametrize(
    ("break_it", "expected"), BREAKS, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_break_is_found_under_its_clause(
    book: Path, break_it: Callable[[Path], None], expected: list[tuple[str, str]]
) -> None:
    break_it(book)
    found = [(f.code, str(f.arguments.get("clause", ""))) for f in findings(book)]
    assert sorted(found) == sorted(expected)


def test_a_difference_is_shown_to_the_character(book: Path) -> None:
    one_digit_of_a_quotation(book)
    loaded = load_rulebook(book, use_cache=False)
    (finding,) = loaded.findings
    assert loaded.sources[finding.span.file].slice(finding.span) == "8"
    (label,) = finding.labels
    assert loaded.sources[label.span.file].slice(label.span) == "2"
    assert label.span.file.endswith("source.txt")


@pytest.mark.parametrize(
    ("break_it", "written", "quoted"),
    [
        (one_digit_of_a_rule, "5个月", "6个月"),
        (one_share_of_a_rule, "81%", "80%"),
        (one_cell_of_a_table, "1600元/人", "1500元/人"),
        (one_date, "2028年4月29日", "2028年4月30日"),
        (a_bound_moved_by_a_day, "就业.获证起持续在沪就业至 晚于 获证满六个月之日", "6个月"),
    ],
)
def test_a_wrong_number_is_shown_beside_the_one_quoted(
    book: Path, break_it: Callable[[Path], None], written: str, quoted: str
) -> None:
    break_it(book)
    loaded = load_rulebook(book, use_cache=False)
    (finding,) = loaded.findings
    (label,) = finding.labels
    places = [loaded.sources[span.file].slice(span) for span in (finding.span, label.span)]
    assert places == [written, quoted]
    assert loaded.sources[finding.span.file].clause_at(finding.span.start) is not None


def test_an_expected_value_that_is_wrong_fails_its_example(book: Path) -> None:
    change(
        book / "14-conditions.luling",
        "补贴比例 为 80%，补贴金额 为 1560元",
        "补贴比例 为 80%，补贴金额 为 1561元",
    )
    loaded = load_rulebook(book, use_cache=False)
    assert loaded.findings == ()
    (failed,) = [one for one in run_examples(Engine(loaded.rulebook)) if not one.passed]
    assert (failed.example.name, failed.example.clause) == ("在职人员A类五级", "一（四）1")


@pytest.mark.parametrize(
    ("line", "clause"),
    [
        ("一、总则", "一"),
        ("（二）对象", "一（二）"),
        ("(二)对象", "一（二）"),
        ("3.条件", "一（二）3"),
        ("\uff13．条件", "一（二）3"),
        ("（4）情形", "一（二）3（4）"),
        ("没有编号的一段", "一（二）3（4）"),
    ],
)
def test_a_law_is_divided_as_it_numbers_itself(line: str, clause: str) -> None:
    before = ["一、总则", "（二）对象", "3.条件", "（4）情形"]
    law = read_law(SourceFile("law", "\n".join([*before, line])))
    assert law.paragraphs[-1].clause == clause


def test_what_stands_around_the_clauses_has_names_of_its_own() -> None:
    law = read_law(SourceFile("law", "通知\n一、总则\n附件：名单\n某局\n附件\n名单\n1	甲"))
    assert law.clauses == ("首部", "一", "尾部", "附件")
