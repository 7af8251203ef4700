"""Worked examples as tests in a project of somebody else."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
Change = Callable[[str, str], None]


def test_a_folder_named_on_the_command_line_has_its_examples_run(
    pytester: pytest.Pytester, book: Path
) -> None:
    done = pytester.runpytest("--collect-only", "-q", "book")
    done.assert_outcomes()
    done.stdout.fnmatch_lines(
        [
            "book/a.luling::检查",
            "book/a.luling::一::逾期三日",
            "book/a.luling::二（一）::儿童逾期三日",
            "3 tests collected*",
        ]
    )
    pytester.runpytest("book").assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("argument", "count"),
    [
        (".", 3),
        ("book/a.luling", 3),
        ("book/a.luling::一", 1),
        ("book/a.luling::二（一）::儿童逾期三日", 1),
    ],
)
def test_a_part_of_it_can_be_named(
    pytester: pytest.Pytester, book: Path, argument: str, count: int
) -> None:
    pytester.runpytest(argument).assert_outcomes(passed=count)


@pytest.mark.parametrize(("word", "count"), [("儿童", 1), ("逾期三日", 2), ("二-一", 1)])
def test_a_word_or_a_clause_chooses_examples(
    pytester: pytest.Pytester, book: Path, word: str, count: int
) -> None:
    done = pytester.runpytest("book", "-k", word)
    done.assert_outcomes(passed=count, deselected=3 - count)


def test_nothing_is_collected_that_nobody_asked_for(pytester: pytest.Pytester, book: Path) -> None:
    pytester.makepyfile("def test_own(): pass")
    pytester.runpytest().assert_outcomes(passed=1)


def test_a_setting_names_rulebooks_beside_the_tests(pytester: pytest.Pytester, book: Path) -> None:
    pytester.makeini("[pytest]\nluling_rulebooks = book\ntestpaths = tests")
    pytester.mkdir("tests").joinpath("test_own.py").write_text("def test_own(): pass")
    pytester.runpytest().assert_outcomes(passed=4)
    pytester.runpytest("tests").assert_outcomes(passed=1)
    pytester.runpytest(".").assert_outcomes(passed=4)


def test_a_setting_keeps_other_rulebooks_out_unless_they_are_named(
    pytester: pytest.Pytester, book: Path
) -> None:
    pytester.makeini("[pytest]\nluling_rulebooks =")
    pytester.runpytest(".").assert_outcomes()
    pytester.runpytest("book").assert_outcomes(passed=3)
    pytester.runpytest("book/a.luling").assert_outcomes(passed=3)


def test_a_failure_tells_what_came_out_and_why(
    pytester: pytest.Pytester, book: Path, change: Change
) -> None:
    change("得 逾期费 为 0.60元", "得 逾期费 为 0.50元")
    done = pytester.runpytest("book")
    done.assert_outcomes(passed=2, failed=1)
    done.stdout.fnmatch_lines(
        [
            "*一 逾期三日*",
            "逾期费 应得 0.50元，实得 0.60元",
            "  --> book/a.luling:17",
            "  - 应得 0.50元",
            "  + 实得 0.60元",
            "判定：已定",
            "理由",
            "  一 按日收费：逾期费 0.60元",
            "FAILED book/a.luling::一::逾期三日 - 逾期费 应得*",
        ]
    )
    assert "Traceback" not in done.stdout.str() and ".py:" not in done.stdout.str()


def test_a_rulebook_that_does_not_compile_fails_once_as_check_tells_it(
    pytester: pytest.Pytester, book: Path, change: Change
) -> None:
    change("当 借阅.读者 为 儿童", "当 借阅.读着 为 儿童")
    book.with_name("b.luling").write_text("## 三\n\n> 本规定自发布之日起施行。\n", "utf-8")
    done = pytester.runpytest("book", "-rs")
    done.assert_outcomes(failed=1, skipped=1)
    done.stdout.fnmatch_lines(
        [
            "错误[[]L02*",
            "  --> book/a.luling:*",
            "*借阅.读着*",
            "SKIPPED*规则书没有通过检查*a.luling",
        ]
    )
    alone = pytester.runpytest("book/b.luling")
    alone.assert_outcomes(failed=1)
    alone.stdout.fnmatch_lines(["错误[[]L02*", "  --> book/a.luling:*"])


def test_a_draft_has_its_own_examples_and_is_told_what_it_breaks(
    pytester: pytest.Pytester, book: Path
) -> None:
    """A finding that points into what the draft amends is still told of the draft."""
    draft = pytester.mkdir("draft") / "a.luling"
    text = "规则书 草案\n  修订 「../book」\n  版本 「草案」\n\n## 二（一）\n\n> 儿童不收。\n\n"
    draft.write_text(f"{text}示例 儿童一日\n  沿用 儿童逾期三日\n  得 逾期费 为 0元\n", "utf-8")
    done = pytester.runpytest("book", "draft", "-v")
    done.assert_outcomes(passed=5)
    done.stdout.fnmatch_lines(["draft/a.luling::二（一）::儿童一日 PASSED*", "draft　1 个示例*"])
    draft.write_text(f"{text}\n废止 事实 借阅.读者 「例。」\n", "utf-8")
    broken = pytester.runpytest("book", "draft")
    broken.assert_outcomes(passed=3, failed=1)
    broken.stdout.fnmatch_lines(["*检查*", "错误[[]L0508*", "  --> book/a.luling:*"])


def test_a_warning_of_check_is_a_warning_of_pytest(
    pytester: pytest.Pytester, book: Path, change: Change
) -> None:
    change("规则 按日收费", "派生 无人用：整数 为 1\n\n规则 按日收费")
    done = pytester.runpytest("book")
    done.assert_outcomes(passed=3, warnings=1)
    done.stdout.fnmatch_lines(["*LulingWarning: 警告[[]L*", "*无人用*"])
    strict = pytester.runpytest("book", "-W", "error::luling.testing.rule_files.LulingWarning")
    strict.assert_outcomes(passed=2, failed=1)
    strict.stdout.fnmatch_lines(["警告[[]L*"])
    assert "Traceback" not in strict.stdout.str() and ".py:" not in strict.stdout.str()


def test_the_summary_says_how_much_the_examples_exercise(
    pytester: pytest.Pytester, book: Path
) -> None:
    done = pytester.runpytest("book")
    done.stdout.fnmatch_lines(["*律令*", "book　2 个示例　覆盖 4/4（100%）。"])
    some = pytester.runpytest("book", "-k", "二-一", "--luling-coverage")
    some.stdout.fnmatch_lines(
        [
            "借书逾期费（book）　2 个示例中的 1 个",
            "  ✗ —　取值 1/2",
            "      借阅.读者 的 成人：没有示例出现它",
            "        --> book/a.luling:*",
            "覆盖 2/4（50%）。",
        ]
    )


def test_junit_has_clauses_and_coverage_as_properties(
    pytester: pytest.Pytester, book: Path
) -> None:
    pytester.runpytest("book", "--junitxml=report.xml").assert_outcomes(passed=3)
    root = ET.parse(pytester.path / "report.xml").getroot()
    of_suite = {p.attrib["name"]: p.attrib["value"] for p in root.findall("testsuite/properties/*")}
    assert of_suite["覆盖 book"] == "4/4"
    assert of_suite["覆盖 book 二（一）"] == "1/1"
    case = root.find("testsuite/testcase[@name='儿童逾期三日']")
    assert case is not None
    properties = {p.attrib["name"]: p.attrib["value"] for p in case.findall("properties/*")}
    assert properties == {"规则书": "book", "条款": "二（一）", "示例": "儿童逾期三日"}


def test_the_same_process_may_run_pytest_twice(pytester: pytest.Pytester, book: Path) -> None:
    """What one run saw does not show in the next."""
    pytester.runpytest_inprocess("book")
    pytester.makepyfile("def test_own(): pass")
    assert "律令" not in pytester.runpytest_inprocess("test_*.py").stdout.str()
