"""luling test: what --coverage and --mutate print, and the exit status."""

import json
from pathlib import Path

import pytest

from luling.runtime.cli.main import main

RULES = """规则书 例
事实 人
  岁数：整数（岁）
结果 可以：是否，否则 否

## 二 宽限

例外 七十岁 优先于 成年
  当 人.岁数 满 70岁
  可以 为 否

## 一 成年

规则 成年
  当 人.岁数 满 18岁
  可以 为 是

示例 十八岁
  设 人.岁数 为 18岁
  得 可以 为 是

示例 十七岁
  设 人.岁数 为 17岁
  得 可以 为 否
"""
OLDER = """
示例 十九岁
  设 人.岁数 为 19岁
  得 可以 为 是

示例 六十九岁
  设 人.岁数 为 69岁
  得 可以 为 是

示例 七十岁
  设 人.岁数 为 70岁
  得 可以 为 否

示例 七十一岁
  设 人.岁数 为 71岁
  得 可以 为 否
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A rulebook whose examples leave something out."""
    path = tmp_path / "rules"
    path.mkdir()
    (path / "a.luling").write_text(RULES, "utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    """The exit status and the output of the command."""
    with pytest.raises(SystemExit) as end:
        main(["test", *map(str, words)])
    assert isinstance(end.value.code, int)
    return end.value.code, capsys.readouterr().out


def lines(text: str) -> list[object]:
    """JSON Lines."""
    return [json.loads(line) for line in text.splitlines()]


Capture = pytest.CaptureFixture[str]


def test_coverage_tells_by_clause_what_is_lacking_and_where(folder: Path, capsys: Capture) -> None:
    """In the order of the law, not of the file, with the share rounded down."""
    status, out = run(capsys, folder, "--coverage")
    place = f"        --> {folder / 'a.luling'}"
    assert status == 1
    assert out.splitlines() == [
        f"例（{folder}）",
        "2 个示例，2 个通过，0 个未通过。",
        "  ✓ —　否则 1/1",
        "  ✗ 一　规则 1/1（适用 1，条件不成立 1）　界限 2/3",
        "      规则 成年：人.岁数 从未超过 18岁",
        f"{place}:15",
        "  ✗ 二　规则 0/1（条件不成立 2）　界限 1/3",
        "      例外 七十岁（可以）：条件从未成立",
        f"{place}:8",
        "      例外 七十岁：人.岁数 从未恰好等于 70岁",
        f"{place}:9",
        "      例外 七十岁：人.岁数 从未超过 70岁",
        f"{place}:9",
        "覆盖 5/9（55%）。",
    ]


def test_coverage_of_everything_ends_well(folder: Path, capsys: Capture) -> None:
    """Status 0 and 100 %."""
    (folder / "b.luling").write_text(OLDER, "utf-8")
    status, out = run(capsys, folder, "--coverage", "--lang", "en")
    assert status == 0
    assert out.splitlines()[-1] == "covered 9/9 (100%)."
    assert "✗" not in out


def test_coverage_of_what_a_text_names_counts_all_examples(folder: Path, capsys: Capture) -> None:
    """The filter chooses what is reported, not what runs."""
    _, out = run(capsys, folder, "--coverage", "--filter", "成年")
    assert "2 个示例，2 个通过" in out
    assert out.splitlines()[-1] == "覆盖 3/4（75%）。"
    assert "七十岁" not in out


def test_coverage_in_json_is_one_object_a_clause_and_one_for_all(
    folder: Path, capsys: Capture
) -> None:
    """Kinds and states in Chinese whatever the language: they are for machines."""
    status, out = run(capsys, folder, "--coverage", "--json", "--lang", "en")
    *clauses, whole = lines(out)
    assert (status, whole) == (1, {"规则书": "例", "覆盖": [5, 9], "百分比": 55})
    assert [clause["条款"] for clause in clauses] == [None, "一", "二"]  # type: ignore[index]
    assert clauses[1]["项目"][1:] == [  # type: ignore[index]
        {"种类": "界限", "名称": "规则 成年", "情形": state, "位置": f"{folder / 'a.luling'}:15",
         "示例数": count, **lacking}
        for state, count, lacking in (
            ("低于界限", 1, {}),
            ("恰在界限", 1, {}),
            ("高于界限", 0, {"缺": "人.岁数 is never above 18岁"}),
        )
    ]  # fmt: skip


def test_a_failing_example_is_told_and_covers_too(folder: Path, capsys: Capture) -> None:
    """The status is 1 even where everything is exercised."""
    (folder / "b.luling").write_text(
        OLDER.replace("70岁\n  得 可以 为 否", "70岁\n  得 可以 为 是"), "utf-8"
    )
    status, out = run(capsys, folder, "--coverage")
    assert status == 1
    assert "✗  七十岁（未通过）" in out
    assert out.splitlines()[-1] == "覆盖 9/9（100%）。"


def test_without_coverage_the_clauses_tell_their_examples(folder: Path, capsys: Capture) -> None:
    """As before."""
    status, out = run(capsys, folder, "--filter", "十八")
    assert (status, out.splitlines()[1:]) == (
        0,
        ["  ✓ 一　1/1", "1 个示例，1 个通过，0 个未通过。"],
    )


def test_mutate_lists_by_clause_what_no_example_notices(folder: Path, capsys: Capture) -> None:
    """All examples run, and the changes stand in the order of the law."""
    status, out = run(capsys, folder, "--mutate")
    place = f"        --> {folder / 'a.luling'}"
    assert status == 1
    assert out.splitlines() == [
        f"例（{folder}）",
        "2 个示例，2 个通过，0 个未通过。",
        "  ✓ —　改动 1，发现 1",
        "  ✗ 一　改动 8，发现 7",
        "      规则 成年：七十岁 优先于 成年 → 成年 优先于 七十岁",
        f"{place}:8",
        "  ✗ 二　改动 7，发现 2",
        "      例外 七十岁：删去",
        f"{place}:8",
        "      例外 七十岁：人.岁数 不少于 70岁 → 人.岁数 超过 70岁",
        f"{place}:9",
        "      例外 七十岁：70岁 → 71岁",
        f"{place}:9",
        "      例外 七十岁：70岁 → 69岁",
        f"{place}:9",
        "      例外 七十岁：否 → 是",
        f"{place}:10",
        "16 处改动，10 处有示例发现，6 处没有示例发现。",
    ]


def test_mutate_of_what_is_all_noticed_ends_well(folder: Path, capsys: Capture) -> None:
    """Status 0."""
    (folder / "b.luling").write_text(OLDER, "utf-8")
    status, out = run(capsys, folder, "--mutate", "--lang", "en")
    assert status == 0
    assert out.splitlines()[-1] == "16 changes, 16 noticed, 0 not noticed by any example."


def test_mutate_tries_what_a_text_names_only(folder: Path, capsys: Capture) -> None:
    """The examples of other clauses may notice it all the same."""
    status, out = run(capsys, folder, "--mutate", "--filter", "七十岁", "--json")
    (clause, whole) = lines(out)
    assert status == 1
    assert whole == {"规则书": "例", "改动": 7, "发现": 2, "未发现": 5}
    assert clause["未发现"][0] == {  # type: ignore[index]
        "名称": "例外 七十岁", "改动": "删去", "位置": f"{folder / 'a.luling'}:8",
    }  # fmt: skip


EXPLAINED = """
不测 七十岁 “删去”、“70岁 → 71岁”、“70岁 → 69岁”、“否 → 是”、
  “人.岁数 不少于 70岁 → 人.岁数 超过 70岁”
  理由 「没有这么老的。」
不测 成年 “七十岁 优先于 成年 → 成年 优先于 七十岁”
  理由 「没有这么老的。」
"""


def test_mutate_takes_a_reason_and_tells_one_too_many(folder: Path, capsys: Capture) -> None:
    """What is explained does not count; a reason that explains nothing does."""
    (folder / "b.luling").write_text(EXPLAINED, "utf-8")
    status, out = run(capsys, folder, "--mutate")
    assert status == 0
    assert "  ✓ 二　改动 7，发现 2，说明 5" in out
    end = "16 处改动，10 处有示例发现，6 处说明了为何不能发现，0 处没有示例发现。"
    assert out.splitlines()[-1] == end
    (folder / "b.luling").write_text(EXPLAINED + OLDER, "utf-8")
    status, out = run(capsys, folder, "--mutate")
    assert status == 1
    assert "不测 七十岁 “删去”：已有示例发现，或者没有这样的改动" in out
    status, out = run(capsys, folder, "--coverage", "--mutate", "--json")
    idle = [one for one in lines(out) if "多余" in one]  # type: ignore[operator]
    assert (status, len(idle)) == (1, 6)


AMENDED = """规则书 例（修订）
  修订 「../rules」
  版本 「2」

## 一

例外 二十岁 优先于 成年
  当 人.岁数 不满 20岁
  可以 为 否

示例 十九岁
  设 人.岁数 为 19岁
  得 可以 为 否

示例 二十岁
  设 人.岁数 为 20岁
  得 可以 为 是
"""


@pytest.fixture
def amended(folder: Path) -> Path:
    """An amendment under which one of the examples comes out otherwise."""
    path = folder.parent / "amended"
    path.mkdir()
    (path / "a.luling").write_text(AMENDED, "utf-8")
    return path


def test_an_amendment_asserts_its_own_examples_only(amended: Path, capsys: Capture) -> None:
    status, out = run(capsys, amended)
    assert status == 0
    assert out.splitlines() == [
        f"例（修订）（{amended}）",
        "  ✓ 一　2/2",
        "2 个示例，2 个通过，0 个未通过。",
        "另有 2 个示例沿自 例，不在这里断言。",
    ]
    assert [one["示例"] for one in lines(run(capsys, amended, "--json")[1])] == ["十九岁", "二十岁"]  # type: ignore[index]


def test_inherited_examples_exercise_the_rules_of_an_amendment(
    amended: Path, capsys: Capture
) -> None:
    """That they come out otherwise is no failure, and no change is noticed by such a one."""
    status, out = run(capsys, amended, "--coverage")
    assert status == 1
    assert "2 个示例，2 个通过，0 个未通过。" in out
    assert "规则 0/1（条件不成立 4）" in out  # two are its own, two inherited
    _, out = run(capsys, amended, "--mutate", "--filter", "二十岁")
    assert "20岁 → 21岁" not in out  # its own example notices


def test_a_rulebook_that_inherits_all_its_examples_has_none_to_run(
    amended: Path, capsys: Capture
) -> None:
    (amended / "a.luling").write_text("规则书 例（修订）\n  修订 「../rules」\n", "utf-8")
    assert run(capsys, amended)[0] == 2
