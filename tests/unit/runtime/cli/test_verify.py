"""luling verify: what it prints of small rulebooks, its options, and the exit status."""

import json
import re
from pathlib import Path

import pytest

from luling.runtime import load
from luling.runtime.cli.main import main

PARKING = """规则书 停车费
  版本 「甲」

事实 车
  车型：小型、大型
    问 「什么车？」
  时长：整数
    问 「停了几分钟？」
  日期：日期
    问 「哪一天？」

结果 费用：金额
结果 等次：高、低 为 若 费用 超过 6元 则 高 否则 低

示例 小型车停一小时
  设 车.车型 为 小型，车.时长 为 60，车.日期 为 2025-05-01
  得 费用 为 5元，等次 为 低

## 第一条 收费

> 第一条 小型车每次5元，大型车每次8元。

规则 小型车
  费用 为 5元

例外 大型车 优先于 小型车
  当 车.车型 为 大型
  费用 为 8元

## 第二条 免费

> 第二条 停车不超过30分钟的，免费。

例外 短时停车 优先于 小型车、大型车
  当 车.时长 不超过 30
  费用 为 0元

必然 停得久的不少收
  随 车.时长 增加，费用 不减
"""
CLASHING = PARKING.replace("优先于 小型车、大型车", "优先于 小型车").replace("甲", "乙")
FAILING = PARKING.replace(
    "停得久的不少收\n  随 车.时长 增加，费用 不减", "不免费\n  须 费用 超过 0元"
)
HARD = """规则书 难
  版本 「丙」

列表 旧
  款：金额

结果 件数：整数 为 旧 的 个数
结果 大件：整数 为 旧 中 款 超过 5元 者 的 个数

必然 大件不多于全部
  须 大件 不超过 件数
"""
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of rulebooks, and it is the working folder."""
    texts = {"ok": PARKING, "clash": CLASHING, "fail": FAILING, "hard": HARD}
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.luling").write_text(text, "utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.luling").write_text("规则书 坏\n结果 甲：金额 为 八元\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: Capture, *words: object) -> tuple[int, str, str]:
    """The exit status and the outputs of the command."""
    with pytest.raises(SystemExit) as end:
        main(["verify", *map(str, words)])
    assert isinstance(end.value.code, int)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return end.value.code, out, err


def test_a_line_says_for_each_kind_of_question_how_many_are_proved(
    books: Path, capsys: Capture
) -> None:
    status, out, err = run(capsys, "ok")
    assert (status, err) == (0, "")
    assert out == (
        "停车费　甲\n"
        "  ✓ 必然成立　已证明 1\n"
        "  ✓ 规则不冲突　已证明 1\n"
        "  ✓ 要有值的都有值　已证明 2\n"
        "  ✓ 没有多余的规则、要求、单元格和成员　已证明 6\n"
        "  ✓ 没有多余的条件　已证明 2\n"
        "12 问，12 项已证明。\n"
    )


def test_what_is_refuted_has_its_clause_its_case_and_its_place(
    books: Path, capsys: Capture
) -> None:
    status, out, _ = run(capsys, "clash", "--only", "冲突")
    assert status == 1
    assert out == (
        "停车费　乙\n"
        "  ✗ 规则不冲突　不成立 1\n"
        "      ✗ 费用：不成立\n"
        "          两条规则同时适用而得出不同的值\n"
        "          反例：示例「小型车停一小时」，改：\n"
        "            车.车型  小型 → 大型\n"
        "            车.时长  60   → 30\n"
        "            → 状态 为 规则有误\n"
        "            → 「费用」：第一条「大型车」给出8.00元，第二条「短时停车」给出0.00元。\n"
        "          --> clash/a.luling:12\n"
        "1 问，0 项已证明，1 项待处理。\n"
    )


def test_the_same_in_english_has_no_chinese_but_the_names_of_the_rulebook(
    books: Path, capsys: Capture
) -> None:
    status, out, _ = run(capsys, "fail", "clash", "hard", "--lang", "en", "--cliff", "费用=3")
    assert status == 1
    assert "✗ what is stated of every case　refuted 1\n" in out
    assert "✗ 第二条 必然 不免费: refuted\n          does not hold: 费用 超过 0.00元\n" in out
    assert "refuted by example 「小型车停一小时」, with\n            车.时长  60 → 30\n" in out
    assert "→ 费用: 0.00元\n" in out
    assert "two rules apply at once and give different values\n" in out
    assert "undecided\n          a count or a sum is compared with other facts\n" in out or (
        "必然 大件不多于全部: proved" in out or "✓ what is stated of every case　proved 1" in out
    )
    for line in out.splitlines():
        for words in ("已证明", "不成立", "未定", "反例", "待处理", "两条规则", "相差"):
            assert words not in line


def test_all_lists_what_is_proved_too(books: Path, capsys: Capture) -> None:
    _, out, _ = run(capsys, "ok", "--all")
    assert "      ✓ 第二条 必然 停得久的不少收：已证明\n" in out
    assert "      ✓ 第二条 例外 短时停车：已证明\n" in out
    assert out.count("已证明\n") == 12 and " --> " not in out


@pytest.mark.parametrize(
    ("word", "kind"), [("必然", "invariant"), ("无用", "idle"), ("缺值", "gap")]
)
def test_only_asks_one_kind_in_either_language(
    books: Path, capsys: Capture, word: str, kind: str
) -> None:
    chinese, english = (run(capsys, "ok", "--only", one)[1] for one in (word, kind))
    assert chinese == english and chinese.count("✓") == 1
    _, both, _ = run(capsys, "ok", "--only", word, "--only", "冲突")
    assert both.count("✓") == 2


def test_only_with_an_unknown_word_is_wrong_use(books: Path, capsys: Capture) -> None:
    status, out, err = run(capsys, "ok", "--only", "必定")
    assert (status, out) == (2, "") and "必然" in err


def test_filter_reports_what_has_the_words_in_name_or_clause(books: Path, capsys: Capture) -> None:
    _, out, _ = run(capsys, "ok", "--filter", "短时停车", "--all")
    assert "例外 短时停车" in out and "大型车" not in out
    _, out, _ = run(capsys, "ok", "--filter", "第二条", "--all")
    assert "停得久的不少收" in out and "小型车：" not in out
    status, _, err = run(capsys, "ok", "clash", "--filter", "没有这样的")
    assert (status, err) == (2, "--filter 没有这样的：没有一问的名称或条款里有这些字。\n")


# --- cliffs


def test_a_cliff_is_asked_besides_and_shown_by_two_cases(books: Path, capsys: Capture) -> None:
    status, out, _ = run(capsys, "ok", "--cliff", "费用=3", "--only", "必然")
    assert status == 0 and "  ✓ 差一日、一元，结果相差不大　已证明 1\n" in out
    text = PARKING.replace("当 车.车型 为 大型", "当 车.日期 不早于 2025-05-02")
    (books / "ok" / "a.luling").write_text(
        text.replace("车型：小型、大型\n    问 「什么车？」\n  ", "").replace(
            "车.车型 为 小型，", ""
        ),
        "utf-8",
    )
    for amount, expected in (("3", 0), ("2.99", 1)):
        status, out, _ = run(capsys, "ok", "--cliff", f"费用={amount}", "--only", "冲突")
        assert status == expected or "规则不冲突　不成立" in out
        refuted = "车.日期 差一日，费用 相差超过 2.99元\n" in out
        assert refuted == (amount == "2.99")
    assert "→ 车.日期 为 2025-05-01 时 费用 为 5.00元\n" in out
    assert "→ 车.日期 为 2025-05-02 时 费用 为 8.00元\n" in out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("费=3", "--cliff 费=3：「费」不是金额、比例或数的结果；有：费用。\n"),
        ("等次=3", "--cliff 等次=3：「等次」不是金额、比例或数的结果；有：费用。\n"),
        ("费用=很多", "--cliff 费用=很多：「很多」不是不小于零的数。\n"),
        ("费用=-1", "--cliff 费用=-1：「-1」不是不小于零的数。\n"),
        ("费用=", "--cliff 费用=：「」不是不小于零的数。\n"),
        ("费用", "--cliff 费用：要写成 结果=数。\n"),
    ],
)
def test_a_cliff_that_cannot_be_asked_is_wrong_use(
    books: Path, capsys: Capture, given: str, said: str
) -> None:
    assert run(capsys, "ok", "--cliff", given) == (2, "", said)


def test_several_cliffs_are_asked_of_the_rulebooks_that_have_the_result(
    books: Path, capsys: Capture
) -> None:
    words = ("--cliff", "费用=9", "--cliff", "件数=1", "--only", "无用")
    _, out, _ = run(capsys, "ok", "hard", *words)
    first, _, second = out.partition("难　丙\n")
    assert "差一日、一元，结果相差不大　已证明 1" in first
    assert "差一日" not in second  # it has no fact that is a date or money


# --- places


def test_a_folder_of_rulebooks_is_asked_one_after_the_other(books: Path, capsys: Capture) -> None:
    (books / "broken" / "a.luling").unlink()
    status, out, _ = run(capsys, ".", "--only", "冲突")
    assert status == 1
    titles = [line for line in out.splitlines() if "　" in line and not line.startswith(" ")]
    assert titles == ["停车费　乙", "停车费　甲", "难　丙", "停车费　甲"]


@pytest.mark.parametrize("place", ["empty", "nowhere"])
def test_a_folder_without_a_rulebook_is_wrong_use(books: Path, capsys: Capture, place: str) -> None:
    status, out, err = run(capsys, place)
    assert (status, out) == (2, "")
    assert err == f"「{place}」里没有规则书（.luling 文件）。\n"
    _, _, english = run(capsys, place, "--lang", "en")
    assert english == f"there is no rulebook (.luling files) in 「{place}」.\n"


def test_a_rulebook_with_errors_is_told_them_and_nothing_is_proved(
    books: Path, capsys: Capture
) -> None:
    status, out, err = run(capsys, "broken")
    assert (status, out) == (2, "")
    assert "错误[L0201]" in err and err.endswith("规则书没有通过检查，不作判定。\n")
    assert run(capsys, ".")[0] == 2


def test_without_a_place_it_is_wrong_use(books: Path, capsys: Capture) -> None:
    status, _, err = run(capsys)
    assert status == 2 and "RULEBOOK" in err


# --- time


def test_what_is_not_proved_in_time_is_undecided_and_the_status_is_one(
    books: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the clock ran away."""
    monkeypatch.setattr("luling.runtime.versions.pair.time.monotonic", iter(range(10**9)).__next__)
    status, out, _ = run(capsys, "fail", "--timeout", "1", "--only", "必然")
    assert status == 1
    assert "？ 第二条 必然 不免费：未定\n          超过时限\n          --> fail/a.luling:" in out
    assert run(capsys, "ok", "--timeout", "0")[0] == 2


# --- JSON


def test_json_has_a_line_for_each_answer_and_one_for_the_rulebook(
    books: Path, capsys: Capture
) -> None:
    status, out, _ = run(capsys, "fail", "--json")
    assert status == 1
    *lines, last = [json.loads(line) for line in out.splitlines()]
    assert last == {"规则书": "停车费", "版本": "甲", "已证明": 11, "不成立": 1, "未定": 0}
    assert len(lines) == 12
    refuted = next(line for line in lines if line["结论"] == "不成立")
    case = refuted.pop("案件")
    assert refuted == {
        "问题": "必然",
        "名称": "必然 不免费",
        "条款": "第二条",
        "结论": "不成立",
        "位置": refuted["位置"],
        "原因": "不成立：费用 超过 0.00元",
        "示例": "小型车停一小时",
        "判定": ["费用 为 0.00元", "等次 为 低"],
        "改动": [{"事实": "车.时长", "原为": 60, "改为": 30}],
    }
    assert re.fullmatch(r"fail/a\.luling:[0-9]+", refuted["位置"])
    assert load("fail").decide(case)["费用"] == 0


def test_json_of_a_statement_about_two_cases_has_both(books: Path, capsys: Capture) -> None:
    text = PARKING.replace("费用 不减", "费用 不增")
    (books / "ok" / "a.luling").write_text(text, "utf-8")
    _, out, _ = run(capsys, "ok", "--json", "--only", "必然", "--lang", "en")
    refuted = json.loads(out.splitlines()[0])
    engine = load("ok")
    shorter, longer = (engine.decide(refuted[key])["费用"] for key in ("案件", "另一案件"))
    assert (shorter, longer) == (0, 5)
    assert refuted["原因"] == "车.时长 rises and 费用 rises"
    assert refuted["判定"] == ["车.时长: 30, then 费用: 0.00元", "车.时长: 31, then 费用: 5.00元"]


def test_a_result_that_is_explained_is_settled(books: Path, capsys: Capture) -> None:
    idle = """
例外 大型车也免费 优先于 大型车
  当 车.车型 为 大型 且 车.时长 不超过 20
  费用 为 0元
"""
    meant = "\n不测 大型车也免费 “删去”\n  理由 「第二条已经规定。」\n"
    file = books / "ok" / "a.luling"
    file.write_text(PARKING + idle, "utf-8")
    status, out, _ = run(capsys, "ok", "--only", "无用")
    assert status == 1 and "✗ 第二条 例外 大型车也免费：不成立\n" in out
    file.write_text(PARKING + idle + meant, "utf-8")
    status, out, _ = run(capsys, "ok", "--only", "无用")
    assert status == 0
    assert "  ✓ 没有多余的规则、要求、单元格和成员　已证明 6，不成立 1，说明 1\n" in out
    assert "· 第二条 例外 大型车也免费：不成立\n" in out
    assert "          规则书说明：第二条已经规定。\n" in out
    _, out, _ = run(capsys, "ok", "--only", "无用", "--json")
    assert [line["说明"] for line in map(json.loads, out.splitlines()) if "说明" in line] == [
        "第二条已经规定。"
    ]
