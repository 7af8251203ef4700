"""Which version of a law applies: by each version's own date, both ends included, never a guess."""

import json
from datetime import date
from pathlib import Path

import pytest

from luling.runtime import ReadingError, RulebookError, Versions, versions_at
from luling.runtime.cli.main import main

RULES = """规则书 停车费
  施行 自 {first} 至 {last} 依 车.{by}
  注 「{note}」

事实 车
  入场日：日期
  出场日：日期
  小时：整数

解读 不足一小时
  问 「怎么算？」
  取 按一小时
  另 不计
  理由 「从习惯。」

结果 费用：金额 为 若 车.出场日 晚于 车.入场日 或 按解读 不足一小时 取 不计 则 0元
  否则 车.小时 × {price}
"""
OLD = {"first": "2024-01-01", "last": "2024-12-31", "price": "5元", "note": "旧", "by": "入场日"}
NEW = {"first": "2025-01-01", "last": "2025-12-31", "price": "8元", "note": "新", "by": "入场日"}
DRAFT = RULES.replace("  施行 自 {first} 至 {last} 依 车.{by}\n", "")


def write(folder: Path, name: str, text: str) -> None:
    """A rulebook of one file."""
    (folder / name).mkdir()
    (folder / name / "a.luling").write_text(text, "utf-8")


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """A law of two versions and a draft."""
    write(tmp_path, "2024", RULES.format(**OLD))
    write(tmp_path, "2025", RULES.format(**NEW))
    write(tmp_path, "草案", DRAFT.format(**NEW | {"price": "10元"}))
    return tmp_path


def case(day: object, **more: object) -> dict[str, object]:
    """A car that came on a day."""
    return {"车": {"入场日": day, "出场日": "2024-01-01", "小时": 2, **more}}


@pytest.mark.parametrize(
    ("day", "name", "fee"),
    [
        ("2024-01-01", "2024", 10),
        ("2024-12-31", "2024", 10),
        ("2025-01-01", "2025", 16),
        ("2025-12-31", "2025", 16),
    ],
)
def test_both_ends_belong_to_a_version(law: Path, day: str, name: str, fee: int) -> None:
    found = versions_at(law).decide(case(day))
    assert found.version is not None
    assert (found.version.name, found.decision["费用"]) == (name, fee)
    assert found.to_json()["规则书"] == name


@pytest.mark.parametrize("day", ["2023-12-31", "2026-01-01"])
def test_a_day_of_no_version_is_told_with_all_there_are(law: Path, day: str) -> None:
    found = versions_at(law).decide(case(day))
    assert found.version is None
    [fault] = found.decision.faults
    assert (found.decision.state, fault.code, fault.place) == ("输入有误", "L0694", "车.入场日")
    assert day in fault.message()
    assert "2024（2024-01-01 至 2024-12-31）" in fault.message()
    assert "草案" not in fault.message()


def test_a_day_of_several_versions_is_the_rulebooks_fault(law: Path) -> None:
    write(law, "2024乙", RULES.format(**OLD | {"first": "2024-12-31"}))
    versions = versions_at(law)
    found = versions.decide(case("2024-12-31"))
    assert (found.version, found.decision.state) == (None, "规则有误")
    assert [fault.code for fault in found.decision.faults] == ["L0695"]
    assert "2025" not in found.decision.faults[0].message().partition("：")[2].replace("2024-", "")
    before = versions.decide(case("2024-12-30"))
    assert before.version is not None
    assert before.version.name == "2024"


def test_an_unknown_date_is_what_is_missing_and_nothing_else(law: Path) -> None:
    found = versions_at(law).decide({"车": {"小时": 2}})
    assert (found.version, found.decision.state) == (None, "信息不足")
    assert found.decision.missing == ("车.入场日",)
    assert found.to_json()["结果"] == {}
    assert found.to_json()["规则书"] is None


def test_versions_may_go_by_different_dates(tmp_path: Path) -> None:
    write(tmp_path, "2024", RULES.format(**OLD | {"by": "出场日"}))
    write(tmp_path, "2025", RULES.format(**NEW))
    versions = versions_at(tmp_path)
    one = versions.decide(case("2025-06-01", 出场日="2025-06-01"))
    assert one.version is not None and one.version.name == "2025"
    both = versions.decide(case("2025-06-01", 出场日="2024-06-01"))
    assert [fault.code for fault in both.decision.faults] == ["L0695"]
    unknown = versions.decide({"车": {"入场日": "2025-06-01", "小时": 1}})
    assert unknown.decision.missing == ("车.出场日",)


@pytest.mark.parametrize(
    ("given", "code"),
    [("2025-02-30", "L0606"), (20250101, "L0604"), (None, "L0604"), ("1899-12-31", "L0607")],
)
def test_a_date_that_is_none_is_the_cases_fault(law: Path, given: object, code: str) -> None:
    found = versions_at(law).decide(case(given))
    assert (found.version, found.decision.state) == (None, "输入有误")
    assert [fault.code for fault in found.decision.faults] == [code]


@pytest.mark.parametrize("text", ["[]", "x", '{"车": 3}', '{"车": []}', "{}", '{"别的": {}}'])
def test_what_is_no_case_of_it_is_told(law: Path, text: str) -> None:
    found = versions_at(law).decide_text(text)
    assert found.version is None
    assert found.decision.state == ("信息不足" if text == "{}" else "输入有误")


def test_a_day_given_takes_the_place_of_the_cases_own(law: Path) -> None:
    versions = versions_at(law)
    found = versions.decide(case("2025-06-01"), date(2024, 6, 1))
    assert found.version is not None and found.version.name == "2024"
    assert versions.decide({"车": {}}, date(2025, 6, 1)).version is versions.versions[1]
    none = versions.decide(case("2025-06-01"), date(2030, 1, 1))
    assert [(f.code, f.place) for f in none.decision.faults] == [("L0694", "")]


def test_an_open_end_has_no_last_day(tmp_path: Path) -> None:
    text = RULES.replace(" 至 {last}", "").format(**NEW)
    write(tmp_path, "2025", text)
    [version] = versions_at(tmp_path).versions
    assert version.last is None
    assert version.applies_on(date(2199, 12, 31))
    assert not version.applies_on(date(2024, 12, 31))


def test_a_reading_is_taken_in_the_versions_that_have_it(law: Path) -> None:
    plain = RULES.partition("解读")[0] + "结果 费用：金额 为 车.小时 × 1元\n"
    write(law, "2026", plain.format(**NEW | {"first": "2026-01-01", "last": "2026-12-31"}))
    versions = versions_at(law).with_readings({"不足一小时": "不计"})
    assert versions.decide(case("2025-06-01")).decision["费用"] == 0
    assert versions.decide(case("2026-06-01")).decision["费用"] == 2
    with pytest.raises(ReadingError):
        versions.with_readings({"没有的": "不计"})
    with pytest.raises(ReadingError):
        versions.with_readings({"不足一小时": "没有的"})


def test_a_folder_of_drafts_a_broken_version_and_a_moving_end_are_refused(law: Path) -> None:
    with pytest.raises(RulebookError, match="施行"):
        versions_at(law / "草案")
    (law / "2025" / "a.luling").write_text("规则书 例\n结果 费用：金额 为 八元\n", "utf-8")
    with pytest.raises(RulebookError) as broken:
        versions_at(law)
    assert broken.value.loaded is not None
    (law / "2025" / "a.luling").write_text(RULES.format(**NEW | {"last": "车.出场日"}), "utf-8")
    with pytest.raises(RulebookError, match="因案件而异"):
        versions_at(law)


def test_versions_stand_in_the_order_of_their_days(law: Path) -> None:
    versions = versions_at(law)
    assert isinstance(versions, Versions)
    assert [version.name for version in versions.versions] == ["2024", "2025"]
    assert [version.name for version in versions.on(date(2024, 6, 1))] == ["2024"]


class TestCommand:
    """luling run FOLDER CASE."""

    def run(self, capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["run", *map(str, words)])
        told = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, told.out, told.err

    def file(self, law: Path, *cases: object) -> Path:
        path = law / "cases.jsonl"
        path.write_text("\n".join(json.dumps(one) for one in cases) + "\n", "utf-8")
        return path

    def test_each_case_names_its_version(
        self, law: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cases = self.file(law, case("2024-12-31"), case("2025-01-01"), case("2023-01-01"), {})
        status, out, _ = self.run(capsys, law, cases, "--json")
        answers = [json.loads(line) for line in out.splitlines()]
        assert status == 1
        assert [a["规则书"] for a in answers] == ["2024", "2025", None, None]
        assert [a["状态"] for a in answers] == ["已定", "已定", "输入有误", "信息不足"]
        _, out, _ = self.run(capsys, law, cases, "--explain")
        assert "规则书：停车费 2024（2024-01-01 至 2024-12-31，依车.入场日）" in out
        assert out.count("规则书：没有选定") == 2
        _, out, _ = self.run(capsys, law, cases, "--lang", "en")
        assert "rulebook: 停车费 2025 (2025-01-01 to 2025-12-31, by 车.入场日)" in out

    def test_a_day_decides_for_all_cases(
        self, law: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cases = self.file(law, case("2024-12-31"), case("2025-01-01"))
        status, out, _ = self.run(capsys, law, cases, "--json", "--as-of", "2025-12-31")
        assert status == 0
        assert [json.loads(line)["规则书"] for line in out.splitlines()] == ["2025", "2025"]

    @pytest.mark.parametrize("day", ["2025-13-01", "20250101", "昨天", ""])
    def test_what_is_no_day_is_wrong_use(
        self, law: Path, day: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status, out, err = self.run(capsys, law, self.file(law, {}), "--as-of", day)
        assert (status, out) == (2, "")
        assert f"「{day}」" in err

    def test_one_rulebook_has_nothing_to_choose(
        self, law: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cases = self.file(law, case("2024-12-31"))
        status, _, err = self.run(capsys, law / "2024", cases, "--as-of", "2024-12-31")
        assert status == 2
        assert "--as-of" in err
        status, out, _ = self.run(capsys, law / "2024", cases, "--json")
        assert status == 0
        assert "规则书" not in json.loads(out)

    def test_a_broken_version_and_drafts_alone_are_told(
        self, law: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cases = self.file(law, case("2024-12-31"))
        (law / "2025" / "a.luling").write_text("规则书 例\n结果 费用：金额 为 八元\n", "utf-8")
        status, _, err = self.run(capsys, law, cases)
        assert status == 2
        assert "L0201" in err
        for name in ("2024", "2025"):
            (law / name / "a.luling").unlink()
        status, _, err = self.run(capsys, law, cases)
        assert status == 2
        assert "施行" in err
        assert "草案" in err

    def test_readings_and_names_are_those_of_any_version(
        self, law: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cases = self.file(law, case("2025-06-01"))
        _, out, _ = self.run(capsys, law, cases, "--json", "--reading", "不足一小时=不计")
        assert json.loads(out)["结果"] == {"费用": "0.00"}
        status, _, err = self.run(capsys, law, cases, "--reading", "别的=不计")
        assert status == 2
        assert "不足一小时" in err
        status, out, _ = self.run(capsys, law, cases, "--why", "费用")
        assert status == 0
        assert "费用" in out
