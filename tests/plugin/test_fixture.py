"""The fixture `luling` in the tests of somebody else."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]


def test_it_loads_decides_and_explains(pytester: pytest.Pytester, book: Path) -> None:
    pytester.makefile(".json", one='{"案件": {"借阅": {"逾期日数": 2, "读者": "成人"}}}')
    pytester.makepyfile(
        """
        def test_it(luling):
            engine = luling.load("book")
            assert luling.load("book") is engine is luling.load(engine)
            decision = luling.decide("book", {"借阅": {"逾期日数": 3, "读者": "成人"}})
            assert decision.results() == {"逾期费": "0.60"}
            assert luling.decide(engine, "one.json").results() == {"逾期费": "0.40"}
            assert "一 按日收费：逾期费 0.60元" in luling.explain(decision)
            assert luling.expect("book", "one.json", {"逾期费": "0.40"}).state == "已定"
        """
    )
    pytester.runpytest().assert_outcomes(passed=1)


def test_what_is_not_as_expected_is_told_at_the_line_of_the_test(
    pytester: pytest.Pytester, book: Path
) -> None:
    pytester.makepyfile(
        """
        def test_it(luling):
            luling.expect("book", {"借阅": {"逾期日数": 3, "读者": "成人"}}, {"逾期费": "0.50"})
        """
    )
    done = pytester.runpytest()
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            ">       luling.expect(*",
            "E         - 应得 0.50",
            "E         + 实得 0.60",
            "E       理由",
        ]
    )
    assert "fixture.py" not in done.stdout.str()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ('luling.load("nothing")', "*nothing*没有规则书*"),
        ('luling.decide("book", "nothing.json")', "*nothing.json*"),
        ('luling.decide("book", "bad.json")', "*AssertionError: bad.json：*第 1 行第 *"),
        ('luling.load("broken")', "*错误[[]L0*"),
    ],
)
def test_what_cannot_be_read_is_told(
    pytester: pytest.Pytester, book: Path, call: str, told: str
) -> None:
    pytester.makefile(".json", bad="[")
    (pytester.mkdir("broken") / "a.luling").write_text("规则书 例\n结果 甲：是否 为 乙\n", "utf-8")
    pytester.makepyfile(f"def test_it(luling):\n    {call}\n")
    done = pytester.runpytest()
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([f"E   {told}"])


@pytest.fixture
def draft(book: Path) -> Path:
    """A version that takes 0.3 yuan a day under 一."""
    path = book.parent.with_name("draft") / "a.luling"
    path.parent.mkdir()
    text = book.read_text("utf-8").replace("0.20元", "0.30元").replace("0.60元", "0.90元")
    path.write_text(text, "utf-8")
    return path


@pytest.mark.usefixtures("draft")
def test_versions_are_compared_over_all_valid_cases(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_with_itself(luling):
            luling.assert_same("book", "book")

        def test_with_the_draft(luling):
            luling.assert_same("book", "draft")

        def test_but_for_the_clause(luling):
            luling.assert_same("book", "draft", except_for=["一"])
            luling.assert_only_changes("book", "draft", clauses=["一"])
            luling.assert_only_changes("book", "draft", results=["逾期费"])
            luling.assert_only_changes("book", "draft", results="逾期费", clauses="一")

        def test_but_for_another_clause(luling):
            luling.assert_same("book", "draft", except_for=["二（一）"])

        def test_what_does_not_change(luling):
            luling.assert_only_changes("book", "draft", clauses=["一", "二（一）"])

        def test_no_such_clause(luling):
            luling.assert_same("book", "draft", except_for=["二（二）"])
        """
    )
    done = pytester.runpytest()
    done.assert_outcomes(passed=2, failed=4)
    done.stdout.fnmatch_lines(
        [
            '>       luling.assert_same("book", "draft")',
            "E       AssertionError: 两版的结果：",
            "E       逾期费：* → *",
            "E         起因：一 规则 按日收费",
            "E         案件：同示例「逾期三日」*",
            "*二（一）：没有引起变化。",
            "*两版都没有条款「二（二）」。是否想写「二（一）」？",
        ]
    )
    assert "fixture.py" not in done.stdout.str()


def test_only_changes_wants_to_know_which(pytester: pytest.Pytester, book: Path) -> None:
    pytester.makepyfile(
        """
        import pytest

        def test_it(luling):
            with pytest.raises(ValueError, match="results"):
                luling.assert_only_changes("book", "book")
        """
    )
    pytester.runpytest().assert_outcomes(passed=1)
