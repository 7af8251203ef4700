"""The search: cases near a plain one, lessons, and what it proves or leaves undecided."""

from datetime import date
from typing import Any

import attrs
import pytest

from luling.compiler.verify import smt
from luling.compiler.verify.case import Answers, Case, completed
from luling.compiler.verify.from_ir import Meaning
from luling.compiler.verify.search import Search
from luling.compiler.verify.solve import Exhausted, Literal, Model, Solver
from luling.compiler.verify.symbolic import Items, diagrams
from luling.runtime import load_text
from luling.runtime.decide import Engine

TEXT = """
规则书 例
事实 人
  出生日期：日期
  类：甲、乙、丙
  特：是否
事实 申请
  日期：日期
列表 单
  日期：日期
核对 申请不早于出生
  须 申请.日期 不早于 人.出生日期
  错在 申请.日期
  说明 「申请早于出生。」
核对 单不晚于申请
  每项 单
  须 日期 不晚于 申请.日期
  错在 日期
  说明 「晚于申请。」
结果 成年：是否 为 申请.日期 不早于 人.出生日期 起满 18年
结果 未满：是否 为 申请.日期 早于 人.出生日期 起满 5000日
结果 甲成年：是否 为 成年 且 人.类 为 甲
结果 不会：是否 为 成年 且 未满
结果 三单：是否 为 单 的 个数 至少 3 且 人.特
结果 出生前：是否 为 有 单 中 日期 晚于 申请.日期 者
"""
PLAIN = Case(
    {
        "人.出生日期": date(2000, 2, 29), "人.类": "乙", "人.特": False,
        "申请.日期": date(2025, 6, 1),
    },
    {"单": ()},
)  # fmt: skip


@attrs.define
class Book:
    """A rulebook with a search among its cases."""

    engine: Engine
    meaning: Meaning
    search: Search

    def find(self, name: str, value: bool = True, plain: Case | None = PLAIN) -> Model | None:
        """A valid case in which a result has a value."""
        return self.search.find(self.where(name, value), plain)

    def where(self, name: str, value: bool = True) -> Any:
        """Where a result has a value."""
        node = self.meaning.result(name)
        return node if value else self.meaning.d.negate(node)

    def case(self, model: Model | None) -> Case:
        """The case of a model; the interpreter lets it pass."""
        assert model is not None
        groups = self.engine.rulebook.groups
        case = completed(model, PLAIN, {g.name: g for g in groups if g.is_list})
        assert self.engine.decide(case.to_json(self.engine.rulebook)).state == "已定"
        return case


def book(text: str = TEXT, **options: Any) -> Book:
    """A rulebook and its search."""
    engine = load_text(text)
    meaning = Meaning(engine.rulebook, diagrams())
    best: dict[str, Items] = {}
    solver = Solver(meaning.d, meaning.valid_items(), best)
    return Book(engine, meaning, Search(meaning.d, meaning.valid(), solver, **options))


def decided(found: Book, case: Case, name: str) -> Any:
    """What the interpreter says."""
    return found.engine.decide(case.to_json(found.engine.rulebook)).values[name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("成年", True),
        ("成年", False),
        ("未满", True),
        ("甲成年", True),
        ("三单", True),
        ("三单", False),
    ],
)
def test_a_case_that_is_found_is_valid_and_comes_out_so(name: str, value: bool) -> None:
    b = book()
    assert decided(b, b.case(b.find(name, value)), name) is value


def test_a_case_differs_from_the_plain_one_only_where_it_must() -> None:
    b = book()
    changed = {
        name: [k for k, v in b.case(b.find(name)).values.items() if v != PLAIN.values[k]]
        for name in ("成年", "甲成年", "三单")
    }
    assert changed == {"成年": [], "甲成年": ["人.类"], "三单": ["人.特"]}
    assert len(b.case(b.find("三单")).items["单"]) == 3
    young = b.case(b.find("成年", False))
    assert sum(v != PLAIN.values[k] for k, v in young.values.items()) == 1


def test_distance_counts_the_answers_that_change() -> None:
    b = book()
    assert b.search.distance(b.search.possible(b.where("成年")), PLAIN) == 0
    assert b.search.distance(b.search.possible(b.where("甲成年")), PLAIN) == 1


@pytest.mark.parametrize("name", ["不会", "出生前"])
def test_what_no_valid_case_can_do_is_proved_impossible(name: str) -> None:
    assert book().find(name) is None


def test_a_lesson_is_learnt_once_and_cuts_what_has_it_in_it() -> None:
    b = book()
    asked: list[list[Literal]] = []
    solve = b.search.solver.solve

    def counted(literals: list[Literal], *arguments: Any, **named: Any) -> Model | None:
        asked.append(literals)
        return solve(literals, *arguments, **named)

    b.search.solver.solve = counted  # type: ignore[method-assign]
    assert b.find("不会") is None
    assert asked
    asked.clear()
    other = b.meaning.d.both(b.where("不会"), b.meaning.d.negate(b.where("三单")))
    assert b.search.find(other, PLAIN) is None
    assert asked == []


def test_a_search_that_gives_up_says_so_and_proves_nothing() -> None:
    b = book()
    b.search.solver.most = 0
    with pytest.raises(Exhausted):
        b.find("不会")


def test_a_no_of_the_second_solver_is_a_proof_and_nothing_else_it_says_is() -> None:
    for answer in (True, None):
        b = book(second=lambda _, answer=answer: answer)
        b.search.solver.most = 0
        with pytest.raises(Exhausted):
            b.find("不会")
    refusing = book(second=lambda _: False)
    refusing.search.solver.most = 0
    assert refusing.find("不会") is None


@pytest.mark.skipif(not smt.is_installed(), reason="Z3 is not installed: luling[verify]")
def test_z3_proves_where_the_own_solver_has_no_steps_left() -> None:
    b = book()
    solver = b.search.solver
    b.search.second = smt.second_solver(solver.d, solver.valid_items, solver.best)
    solver.most = 0
    assert b.find("不会") is None
    assert b.find("出生前") is None
    with pytest.raises(Exhausted):  # possible: but only the own solver finds cases
        b.find("成年")


def test_a_cube_is_widened_as_far_as_every_case_of_it_agrees() -> None:
    b = book()
    where = b.where("甲成年")
    case = b.case(b.find("甲成年"))
    cube = b.search.way(where, case)
    wide = b.search.widened(cube, where, cube)
    abouts = {b.meaning.d.choices[place].about for place in wide}
    assert ("fact", "人.类") in abouts
    assert len(abouts) == 2
    meets = b.search.meets(case)
    assert all(meets(place, values) for place, values in wide.items())
    narrow = b.search.widened(b.search.way(b.where("成年", False), PLAIN), b.where("成年"), [])
    assert narrow == b.search.way(b.where("成年"), PLAIN)


def test_a_remembered_case_answers_the_questions_of_its_own_answers() -> None:
    b = book()
    answers = Answers(b.meaning.d, PLAIN)
    assert answers.holds(b.where("成年"))
    assert not answers.holds(b.where("甲成年"))
    assert answers.agree([(("fact", "人.类"), "乙"), (("fact", "人.特"), False)])
    assert not answers.agree([(("fact", "人.类"), "甲")])
    assert not answers.agree([(("fact", "别的"), "甲")])
