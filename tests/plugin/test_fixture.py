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
