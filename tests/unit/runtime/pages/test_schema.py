"""The schemas take and refuse what the runtime takes and refuses, as far as a schema can tell."""

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from luling.runtime import load_rulebook, load_text
from luling.runtime.decide import Engine
from luling.runtime.facts import parse_case
from luling.runtime.pages.schema import case_schema, result_schema
from luling.runtime.rulebooks import find_rulebooks

from ....flagship.cases import BAD_KINDS, bad_case, drop_facts, random_case

jsonschema: Any = import_module("jsonschema")

ROOT = Path(__file__).parents[4]
FLAGSHIP = ROOT / "rules" / "shanghai-skill-subsidy" / "2025-7"
FOLDERS = [*find_rulebooks(ROOT / "rules"), *find_rulebooks(ROOT / "tests" / "rulebooks")]

# What only the runtime can refuse: facts that do not agree.
BETWEEN_FACTS = {
    "applied before issue",
    "window without district",
    "born after issue",
    "age of the other sex",
    "local without district",
    "past after application",
}

KINDS = """规则书 种种
事实 甲
  整：整数（个）
  数：数（个）
  钱：金额
  比：比例 或 空
  限整：整数（岁） 或 空，限 60岁、55岁
  限钱：金额，限 12.50元、0元
  限比：比例，限 80%
  文：文本
  日：日期
  真：是否
列表 乙
  类：一、二 或 空
结果 数：数（个） 为 甲.数
结果 半：金额 为 甲.钱 ÷ 3
结果 倍：数（个） 为 甲.数 ÷ 3
结果 比：比例 或 空 为 甲.比
结果 期：期间 为 若 甲.真 则 6个月 否则 1年
"""

TAKEN: dict[str, list[str]] = {
    "整": ["0", "5", "5.0", "1e3", "12345678901234567890"],
    "数": ["0", "0.5", '"0.5"', '"-0.0"', '"007"', "1e-3"],
    "钱": ["2600", "0.1", '"2600.00"', '"2600.5"', '"1.230"', '"-0"'],
    "比": ["null", "0.8", '"1.20"', '"0.3333"'],
    "限整": ["60", "55.0", "null"],
    "限钱": ["12.5", '"12.50"', '"012.5"', "0", '"0.00"', '"-0"'],
    "限比": ["0.8", '"0.80"'],
    "文": ['"x"', '" x "'],
    "日": ['"1900-01-01"', '"2000-02-29"', '"2199-12-31"'],
    "真": ["true", "false"],
}
REFUSED: dict[str, list[str]] = {
    "整": ["0.5", '"5"', "-1", "true", "null", "[]"],
    "数": ["-0.5", '"-0.5"', '"1e3"', '".5"', '"5."', '""', '"\uff15"', "true", "null", "{}"],
    "钱": ["-1", '"-0.01"', '"1.234"', '"1元"', '"1,000"', "true", "null"],
    "比": ['"80%"', "-1", "true", '""'],
    "限整": ["50", '"60"', "0", "true"],
    "限钱": ["12", '"12.51"', '"1"', "null"],
    "限比": ["0.81", '"80"', "8"],
    "文": ['""', '"  "', '"\\u3000"', "1", "null"],
    "日": ['"1899-12-31"', '"2200-01-01"', '"2100-02-29"', '"2025-2-1"', '"2025/02/01"', '""',
        '"2025-01-01T00:00"', "20250101", "null"],
    "真": ['"是"', "1", "0", "null"],
}  # fmt: skip


class Both:
    """The runtime and the schemas of one rulebook."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.case = validator(case_schema(engine.rulebook))
        self.result = validator(result_schema(engine.rulebook))

    def problems(self, case: Any) -> list[str]:
        """What the schema says against a case."""
        return sorted(error.message for error in self.case.iter_errors(case))

    def answer_problems(self, answer: object) -> list[str]:
        """What the schema says against a decision as it is printed."""
        printed = json.loads(json.dumps(answer, ensure_ascii=False))
        return sorted(f"{[*e.path]}: {e.message}" for e in self.result.iter_errors(printed))


def validator(schema: dict[str, object]) -> Any:
    """A validator of a schema as it is written to a file."""
    written = json.loads(json.dumps(schema, ensure_ascii=False))
    jsonschema.Draft202012Validator.check_schema(written)
    return jsonschema.Draft202012Validator(written)


@cache
def of_folder(folder: Path) -> Both:
    return Both(Engine(load_rulebook(folder).rulebook))


@cache
def kinds() -> Both:
    return Both(load_text(KINDS))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_example_and_its_decision_fit(folder: Path) -> None:
    both = of_folder(folder)
    for example in both.engine.rulebook.examples:
        decision = both.engine.with_readings(dict(example.readings)).decide(example.case)
        assert both.answer_problems(decision.to_json()) == [], example.name
        if not decision.faults:
            assert both.problems(example.case) == [], example.name


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.json")), ids=lambda p: p.stem)
def test_the_cases_beside_the_readme_fit(path: Path) -> None:
    both = of_folder(FLAGSHIP)
    case = json.loads(path.read_text("utf-8"))
    assert both.problems(case) == []
    assert both.answer_problems(both.engine.decide(case).to_json()) == []


def test_random_cases_and_parts_of_them_fit_with_their_decisions() -> None:
    both, rng = of_folder(FLAGSHIP), random.Random(11)
    for _ in range(150):
        case = random_case(rng)
        for each in (case, drop_facts(rng, case, rng.randrange(1, 40))):
            decision = both.engine.decide(each)
            assert decision.state in ("已定", "信息不足")
            assert both.problems(each) == []
            assert both.answer_problems(decision.to_json()) == []


@pytest.mark.parametrize("kind", BAD_KINDS)
def test_bad_input_is_refused_where_a_schema_can_tell(kind: str) -> None:
    both, rng = of_folder(FLAGSHIP), random.Random(12)
    for _ in range(40):
        case, _ = bad_case(rng, random_case(rng), kind)
        decision = both.engine.decide(case)
        assert decision.state == "输入有误"
        assert both.answer_problems(decision.to_json()) == []
        assert bool(both.problems(case)) is (kind not in BETWEEN_FACTS), case


@pytest.mark.parametrize(
    "case", [[], None, "", 1, {"甲": None}, {"甲": []}, {"乙": {}}, {"丙": {}}]
)
def test_what_is_no_case_is_refused(case: Any) -> None:
    assert kinds().problems(case) != []
    assert kinds().engine.decide(case).faults != ()


@pytest.mark.parametrize("items", ["[]", "[{}]", '[{"类": null}, {"类": "一"}]'])
def test_items_of_a_list_may_lack_fields(items: str) -> None:
    assert agreed(f'{{"乙": {items}}}') is True


@pytest.mark.parametrize("items", ["[null]", '[{"类": "三"}]', '[{"种": "一"}]', "[[]]"])
def test_items_of_a_list_are_looked_at(items: str) -> None:
    assert agreed(f'{{"乙": {items}}}') is False


@pytest.mark.parametrize(("fact", "text"), [(f, x) for f, all_ in TAKEN.items() for x in all_])
def test_a_value_the_runtime_takes_is_taken(fact: str, text: str) -> None:
    assert agreed(f'{{"甲": {{"{fact}": {text}}}}}') is True


@pytest.mark.parametrize(("fact", "text"), [(f, x) for f, all_ in REFUSED.items() for x in all_])
def test_a_value_the_runtime_refuses_is_refused(fact: str, text: str) -> None:
    assert agreed(f'{{"甲": {{"{fact}": {text}}}}}') is False


def agreed(text: str) -> bool:
    """Whether a case is taken, by the runtime and the schema alike."""
    both = kinds()
    case, faults = parse_case(text)
    assert case is not None and not faults
    decision = both.engine.decide(case)
    taken = decision.state in ("已定", "信息不足")
    assert both.answer_problems(decision.to_json()) == []
    assert (both.problems(json.loads(text)) == []) is taken
    return taken


def test_the_pattern_of_a_date_knows_every_day_and_no_other() -> None:
    both = kinds()
    years = [1899, 1900, 1904, 1999, 2000, 2023, 2024, 2096, 2100, 2104, 2199, 2200]
    days = [f"{y}-{m:02}-{d:02}" for y in years for m in range(14) for d in range(33)]
    real = {(date(y, 1, 1) + timedelta(days=n)).isoformat() for y in years for n in range(365)}
    real |= {f"{y}-12-31" for y in years}
    taken = {day for day in days if not both.problems({"甲": {"日": day}})}
    assert taken == {day for day in real if "1900" <= day[:4] <= "2199"}


def test_every_way_a_value_is_printed_fits() -> None:
    both = kinds()
    for number, yuan in (("3", "3"), ("0.5", "0.01"), ("1", "0"), ("2", "100.01")):
        facts = {"数": Decimal(number), "钱": yuan, "比": None, "真": number == "3"}
        answer = both.engine.decide({"甲": facts}).to_json()
        assert answer["状态"] == "已定"
        assert both.answer_problems(answer) == []


def test_an_answer_of_another_shape_is_refused() -> None:
    both = of_folder(FLAGSHIP)
    case = json.loads((ROOT / "examples" / "employed.json").read_text("utf-8"))
    good = both.engine.decide(case).to_json()
    results = {**both.engine.decide(case).results()}
    name = next(iter(results))
    for bad in (
        {**good, "状态": "好"},
        {**good, "状态": "信息不足"},
        {**good, "状态": "输入有误"},
        {**good, "别的": 1},
        {key: part for key, part in good.items() if key != "依据"},
        {**good, "结果": {**results, name: "别的"}},
        {**good, "结果": {key: value for key, value in results.items() if key != name}},
        {**good, "结果": {**results, "别的": None}},
        {**good, "缺少": ["没有的.事实"]},
        {**good, "错误": [{"代码": "L0604"}]},
    ):
        assert both.answer_problems(bad) != []


def test_a_fact_tells_its_question_and_its_unit() -> None:
    folder = ROOT / "tests" / "rulebooks" / "water"
    schema = json.dumps(case_schema(load_rulebook(folder).rulebook), ensure_ascii=False)
    for field in load_rulebook(folder).rulebook.facts.values():
        assert json.dumps(field.question or "", ensure_ascii=False)[1:-1] in schema
    assert "单位：元，至多两位小数。" in schema
