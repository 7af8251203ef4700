"""Folders of case files: what each must give, and recorded decisions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["pytester"]
Change = Callable[[str, str], None]

ADULT = {"借阅": {"逾期日数": 3, "读者": "成人"}}
CHILD = {"借阅": {"逾期日数": 3, "读者": "儿童"}}


@pytest.fixture
def write(pytester: pytest.Pytester, book: Path) -> Callable[..., Path]:
    """Writes a JSON file into the folder `cases/`."""
    folder = pytester.mkdir("cases")

    def file(name: str, value: Any) -> Path:
        path = folder / name
        path.write_text(
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), "utf-8"
        )
        return path

    file("luling.json", {"规则书": "../book"})
    return file


def test_a_case_gives_what_it_must(pytester: pytest.Pytester, write: Callable[..., Path]) -> None:
    write("1.json", {"说明": "甲", "条款": ["一"], "案件": ADULT, "应得": {"逾期费": "0.60"}})
    write("2.json", {"案件": ADULT, "应得": {"逾期费": 0.6, "状态": "已定", "缺少": []}})
    done = pytester.runpytest("-v")
    done.assert_outcomes(passed=3)
    done.stdout.fnmatch_lines(["cases/1.json::一：应得 PASSED*", "cases/2.json::应得 PASSED*"])


def test_a_case_that_gives_something_else_tells_the_difference_and_why(
    pytester: pytest.Pytester, write: Callable[..., Path]
) -> None:
    write("1.json", {"说明": "甲的案件", "案件": ADULT, "应得": {"逾期费": "0.50"}})
    done = pytester.runpytest()
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(
        [
            "结果与应得不同。",
            "  --> cases/1.json（book）",
            "甲的案件",
            "逾期费",
            "  - 应得 0.50",
            "  + 实得 0.60",
            "理由",
            "  一 按日收费：逾期费 0.60元",
        ]
    )
    assert "Traceback" not in done.stdout.str()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ({"案件": ADULT, "应得": {"逾其费": "0.60"}}, "没有结果「逾其费」。是否想写「逾期费」？"),
        (
            {"案件": {}, "应得": {"逾期费": "0.60"}},
            "  + 实得 未定（缺少 借阅.逾期日数、借阅.读者）",
        ),
        ({"案件": {"借阅": {"天": 1}}, "应得": {}}, "借阅.天：*"),
        ({"案件": ADULT, "应得": {"状态": "信息不足"}}, "  + 实得 已定"),
        (
            {"案件": ADULT, "应该": {}},
            "*1.json：没有「应该」这一项，有的是：说明、条款、案件、应得。",
        ),
        ({"案件": ADULT, "条款": "一", "应得": {}}, "*1.json：“条款”应写条款的列表。"),
        ({"案件": ADULT, "应得": []}, "*1.json：“应得”应写 {结果: 值}。"),
        ("{", "cases/1.json：*第 1 行第 * 列起不合 JSON 的写法*"),
        ({"案件": 3, "应得": {}}, "*JSON*"),
    ],
)
def test_what_is_wrong_with_a_case_file_is_told(
    pytester: pytest.Pytester, write: Callable[..., Path], file: Any, told: str
) -> None:
    write("1.json", file)
    done = pytester.runpytest()
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines([told.replace("[", "[[]")])
    assert "Traceback" not in done.stdout.str()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"规则书": "../nothing"}, "*nothing*没有规则书*"),
        ({"规则": "../book"}, "*没有「规则」这一项*"),
        ({"规则书": []}, "*“规则书”应写规则书的文件夹，或*"),
        ({"规则书": {"a/b": "../book"}}, "*版本用作文件夹的名称*"),
        ({"规则书": "../book", "记录": "../x"}, "*“记录”应写这里的一个文件夹的名称*"),
        ({"规则书": "../book", "解读": {"甲": "乙"}}, "*没有解读「甲」*"),
        ({"规则书": "../book"}, "1.json：既没有“应得”，luling.json 里也没有“记录”*"),
    ],
)
def test_what_is_wrong_with_the_settings_is_told(
    pytester: pytest.Pytester, write: Callable[..., Path], settings: Any, told: str
) -> None:
    write("luling.json", settings)
    write("1.json", ADULT)
    done = pytester.runpytest("cases/luling.json")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([told])
    assert "Traceback" not in done.stdout.str()


def test_json_files_elsewhere_are_left_alone(
    pytester: pytest.Pytester, write: Callable[..., Path]
) -> None:
    pytester.makefile(".json", other="{")
    write("1.json", {"案件": ADULT, "应得": {"逾期费": "0.60"}})
    pytester.runpytest().assert_outcomes(passed=2)


class TestRecords:
    """Decisions recorded for each version."""

    @pytest.fixture(autouse=True)
    def two_versions(self, book: Path, write: Callable[..., Path]) -> None:
        """The draft lets children pay half."""
        draft = book.parent.with_name("draft") / "a.luling"
        draft.parent.mkdir()
        text = book.read_text("utf-8").replace(
            "为 儿童\n  逾期费 为 0元", "为 儿童\n  逾期费 为 0.10元"
        )
        draft.write_text(text, "utf-8")
        books = {"2025": "../book", "征求意见稿": "../draft"}
        write("luling.json", {"规则书": books, "记录": "decisions"})
        write("child.json", CHILD)

    def test_they_are_written_on_request_and_then_hold(self, pytester: pytest.Pytester) -> None:
        done = pytester.runpytest()
        done.assert_outcomes(passed=1, failed=2)
        done.stdout.fnmatch_lines(["还没有记录。*--luling-accept*"])
        accepted = pytester.runpytest("--luling-accept")
        accepted.assert_outcomes(passed=3)
        accepted.stdout.fnmatch_lines(["写下了 2 个判定记录*"])
        again = pytester.runpytest("-v")
        again.assert_outcomes(passed=3)
        again.stdout.fnmatch_lines(
            [
                "cases/child.json::记录（2025） PASSED*",
                "cases/child.json::记录（征求意见稿） PASSED*",
            ]
        )

    def test_each_is_a_small_file_with_the_same_bytes_each_time(
        self, pytester: pytest.Pytester
    ) -> None:
        record = pytester.path / "cases" / "decisions" / "征求意见稿" / "child.json"
        pytester.runpytest("--luling-accept")
        first = record.read_bytes()
        assert json.loads(first)["结果"] == {"逾期费": "0.10"}
        assert first.endswith(b"}\n") and b"\r" not in first
        record.unlink()
        pytester.runpytest("--luling-accept")
        assert record.read_bytes() == first

    def test_another_decision_fails_with_the_difference(
        self, pytester: pytest.Pytester, change: Change
    ) -> None:
        pytester.runpytest("--luling-accept")
        change("当 借阅.读者 为 儿童", "当 借阅.逾期日数 超过 3")
        done = pytester.runpytest("cases")
        done.assert_outcomes(passed=2, failed=1)
        done.stdout.fnmatch_lines(
            [
                "判定与记录不同。",
                "  --> cases/child.json（2025）",
                '-    "逾期费": "0.00"',
                '+    "逾期费": "0.60"',
                "看过差异、确是要改的，用 --luling-accept 记下。",
                "  一 按日收费：逾期费 0.60元",
            ]
        )
        pytester.runpytest("cases", "--luling-accept").assert_outcomes(passed=3)
        pytester.runpytest("cases").assert_outcomes(passed=3)

    def test_a_record_without_its_case_is_told_and_removed(
        self, pytester: pytest.Pytester, write: Callable[..., Path]
    ) -> None:
        pytester.runpytest("--luling-accept")
        (pytester.path / "cases" / "child.json").rename(pytester.path / "cases" / "kid.json")
        write("luling.json", {"规则书": {"2025": "../book"}, "记录": "decisions"})
        done = pytester.runpytest("cases/luling.json")
        done.assert_outcomes(failed=1)
        done.stdout.fnmatch_lines(
            ["  decisions/2025/child.json", "  decisions/征求意见稿/child.json"]
        )
        pytester.runpytest("--luling-accept").assert_outcomes(passed=2)
        left = sorted((pytester.path / "cases" / "decisions").rglob("*.json"))
        assert [path.name for path in left] == ["kid.json"]
