"""Do the own solver and Z3 agree, and are the cases the own one finds what it says they are?"""

import os
from calendar import monthrange
from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luling.compiler.ir.values import Period
from luling.compiler.verify import smt
from luling.compiler.verify.case import Answers, Case, completed, plain_value
from luling.compiler.verify.diagram import Diagram, Diagrams
from luling.compiler.verify.solve import Exhausted, Literal, Model, Solver
from luling.compiler.verify.symbolic import diagrams
from luling.compiler.verify.terms import Fact, NoDay, OneOf, Op, Order, SameText, Several, facts_of
from luling.runtime import load_text

SEED: Final = int(os.environ.get("LULING_SEED", "20250501"))
needs_z3 = pytest.mark.skipif(
    not smt.is_installed(), reason="Z3 is not installed: pip install 'luling[verify]'"
)
quick = settings(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
thorough = settings(quick, max_examples=20_000, derandomize=False)

# The facts that questions here are about, so that a case can be made of a model.
RULEBOOK: Final = load_text(
    """
规则书 例
事实 甲
  日：日期 或 空
  数：整数
  比：数
  文：文本
  类：红、蓝、绿
事实 乙
  日：日期
  数：整数
  文：文本
事实 丙
  日：日期
  文：文本
列表 单
  日：日期
  数：整数
  文：文本
  类：红、蓝、绿
结果 果：是否 为 有 单
"""
).rulebook
LISTS: Final = {group.name: group for group in RULEBOOK.groups if group.is_list}
PLAIN: Final = Case(
    {f.path: plain_value(f.type) for g in RULEBOOK.groups if not g.is_list for f in g.fields}, {}
)
KINDS: Final = ("红", "蓝", "绿")


def day(path: str) -> Fact:
    return Fact(path, "date")


def number(path: str) -> Fact:
    return Fact(path, "integer")


DAYS: Final = [day("甲.日"), day("乙.日"), day("丙.日")]
NUMBERS: Final = [number("甲.数"), number("乙.数"), Fact("甲.比", "number")]
TEXTS: Final = [Fact(f"{group}.文", "text") for group in "甲乙丙"]
THERE: Final = ("there", "甲.日")
MONTHS: Final = (-12, -1, 1, 6, 11, 12, 13, 60, 192)


# ---- questions by chance


def days() -> st.SearchStrategy[date]:
    """Days, most often ends of months and those beside them."""

    def end(year: int, month: int, before: int) -> date:
        return date(year, month, monthrange(year, month)[1] - before)

    years = st.sampled_from((1900, 1999, 2000, 2023, 2024, 2028, 2100, 2199))
    ends = st.builds(end, years, st.sampled_from((1, 2, 2, 4, 12)), st.sampled_from((0, 1, 3, 27)))
    return st.one_of(ends, st.dates(date(1900, 1, 1), date(2199, 12, 31)))


def date_terms(facts: list[Fact]) -> st.SearchStrategy[Any]:
    """Terms that are dates."""

    def later(term: Any, months: int, days: int) -> Op:
        return Op("add", (term, Period(months, days)), "date")

    fact = st.sampled_from(facts)
    months = st.sampled_from(MONTHS)
    after = st.builds(later, fact, months, st.sampled_from((0, 0, 0, 1, -1)))
    twice = st.builds(later, after, months, st.just(0))
    first = st.builds(
        lambda name, one, other: Op(name, (one, other), "date"),
        st.sampled_from(("较早者", "较晚者")), fact, after,
    )  # fmt: skip
    return st.one_of(fact, fact, after, after, twice, first)


def number_terms(facts: list[Fact]) -> st.SearchStrategy[Any]:
    """Terms that are numbers, of numbers and of dates."""

    def op(name: str, *arguments: Any) -> Op:
        whole = name != "÷" and all(getattr(a, "kind", "integer") != "number" for a in arguments)
        rounds = name.startswith(("向", "四", "舍", "进"))
        return Op(name, arguments, "integer" if whole or rounds else "number")

    fact = st.sampled_from(facts)
    of_days = st.builds(
        op,
        st.sampled_from(("日数差", "月份差", "周岁")),
        st.sampled_from(DAYS),
        st.sampled_from(DAYS),
    )
    of_day = st.builds(op, st.sampled_from(("年份", "月份")), st.sampled_from(DAYS))
    small = st.sampled_from((1, 2, 3, 100))
    share = st.builds(op, st.sampled_from("×÷"), fact, small)
    sums = st.builds(op, st.sampled_from(("+", "-", "较大者", "较小者")), fact, fact)
    rounding = st.sampled_from(("向下取整", "向上取整", "四舍五入到分", "四舍五入到元", "进位到元"))
    rounded = st.builds(op, rounding, share)
    return st.one_of(fact, of_days, of_day, share, sums, rounded)


def orders() -> st.SearchStrategy[Any]:
    """Comparisons of dates and of numbers, with one another and with constants."""
    of_days = st.builds(Order, date_terms(DAYS), date_terms(DAYS))
    from_day = st.builds(Order, date_terms(DAYS), days())
    constants = st.sampled_from((0, 1, 12, 16, 18, 31, 365, 1826, 5844, Fraction(1, 2)))
    of_numbers = st.builds(Order, number_terms(NUMBERS), number_terms(NUMBERS))
    from_number = st.builds(Order, number_terms(NUMBERS), constants)
    to_number = st.builds(Order, constants, number_terms(NUMBERS))
    return st.one_of(of_days, of_days, from_day, of_numbers, from_number, to_number)


def texts() -> st.SearchStrategy[Any]:
    """Questions of texts."""
    some = st.frozensets(st.sampled_from("子丑寅"), min_size=1, max_size=2)
    among = st.builds(OneOf, st.sampled_from(TEXTS), some)
    pairs = st.sampled_from([(a, b) for a in TEXTS for b in TEXTS if a.path < b.path])
    return st.one_of(among, pairs.map(lambda pair: SameText(*pair)))


def no_days() -> st.SearchStrategy[Any]:
    """Questions of corresponding days that are not there."""
    return st.builds(NoDay, date_terms(DAYS), st.sampled_from(MONTHS))


def item_questions() -> st.SearchStrategy[Any]:
    """Questions of an item, also beside facts of the whole case."""
    own = day("单[].日")
    of_day = st.builds(Order, st.just(own), date_terms(DAYS))
    of_number = st.builds(Order, st.just(number("单[].数")), st.sampled_from((1, 2, 5)))
    text = Fact("单[].文", "text")
    of_text = st.sampled_from([OneOf(text, frozenset("子")), SameText(text, TEXTS[1])])
    return st.one_of(of_day, of_number, of_text, st.just("类"))


@st.composite
def conditions(draw: st.DrawFn, d: Diagrams) -> Diagram:
    """A condition on the items of the list."""
    found = d.true
    for _ in range(draw(st.integers(0, 2))):
        asked = draw(item_questions())
        if asked == "类":
            below = [draw(st.sampled_from((d.true, d.false))) for _ in KINDS]
            one = d.by(("item", "单", "", "类"), KINDS, tuple(below))
        else:
            one = d.by(asked, (True, False), (d.true, d.false))
        one = d.negate(one) if draw(st.booleans()) else one
        found = d.both(one, found) if draw(st.integers(0, 3)) else d.either(one, found)
    return found


class Question:
    """Answers that shall stand together, with the diagrams that their conditions are in."""

    def __init__(self, d: Diagrams, valid: Diagram, literals: list[Literal]) -> None:
        self.d = d
        self.valid = {"单": valid}
        self.literals = literals

    def own(self, most: int = 600) -> Model | None:
        """What the own solver says."""
        return Solver(self.d, self.valid, {}, most).solve(self.literals)

    def by_z3(self) -> bool | None:
        """What Z3 says."""
        return smt.Smt(self.d, self.valid, {}, 200_000).possible(self.literals)

    def __repr__(self) -> str:
        return repr(self.literals)


@st.composite
def questions(draw: st.DrawFn, atoms: Callable[[], st.SearchStrategy[Any]]) -> Question:
    """A few answers to questions of some kinds, each question once."""
    d = diagrams()
    literals: dict[Any, Any] = {}
    for _ in range(draw(st.integers(1, 5))):
        literals[draw(atoms())] = draw(st.booleans())
    if draw(st.integers(0, 7)) == 0:
        literals[THERE] = draw(st.booleans())
        d.notes[THERE] = DAYS[0]
    return Question(d, d.true, list(literals.items()))


@st.composite
def list_questions(draw: st.DrawFn) -> Question:
    """A few answers to questions of a list, and of the facts its conditions name."""
    d = diagrams()
    valid = draw(conditions(d))
    literals: dict[Any, Any] = {}
    for _ in range(draw(st.integers(1, 3))):
        condition = draw(conditions(d))
        if condition != d.false:
            literals[Several("单", condition, draw(st.integers(1, 3)))] = draw(st.booleans())
    for _ in range(draw(st.integers(0, 2))):
        literals[draw(st.one_of(orders(), texts()))] = draw(st.booleans())
    return Question(d, valid, list(literals.items()))


KINDS_OF_QUESTION: Final[dict[str, st.SearchStrategy[Question]]] = {
    "dates and numbers": questions(orders),
    "texts": questions(texts),
    "days that are not there": questions(lambda: st.one_of(no_days(), orders())),
    "lists": list_questions(),
}


# ---- the tests


def agree(question: Question, seen: Counter[str]) -> None:
    """Nothing; where both solvers decide they say the same."""
    try:
        own: bool | None = question.own() is not None
    except Exhausted:
        own = None
    other = question.by_z3()
    seen["both" if None not in (own, other) else "one" if own is not other else "none"] += 1
    assert None in (own, other) or own == other, question


def is_met(question: Question, seen: Counter[str]) -> None:
    """Nothing; the case made of the own solver's model gives all the answers."""
    try:
        model = question.own()
    except Exhausted:
        return
    if model is None:
        return
    seen["met"] += 1
    case = completed(model, PLAIN, LISTS)
    answers = Answers(question.d, case)
    for item in case.items.get("单", ()):
        assert answers.of_item(question.valid["单"], item) is True
    absent = (THERE, False) in question.literals
    for about, value in question.literals:
        if about == THERE or not (absent and DAYS[0] in facts_of(about)):
            assert answers.agree([(about, value)]), (about, value, case)


@needs_z3
@pytest.mark.parametrize("kind", KINDS_OF_QUESTION)
def test_the_two_solvers_agree(kind: str) -> None:
    seen: Counter[str] = Counter()
    quick(given(KINDS_OF_QUESTION[kind])(lambda question: agree(question, seen)))()
    assert seen["both"] > 0.6 * seen.total(), seen


@pytest.mark.parametrize("kind", KINDS_OF_QUESTION)
def test_a_model_is_a_case_that_gives_all_the_answers(kind: str) -> None:
    seen: Counter[str] = Counter()
    quick(given(KINDS_OF_QUESTION[kind])(lambda question: is_met(question, seen)))()
    assert seen["met"] > 25, seen


@needs_z3
@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS_OF_QUESTION)
def test_the_two_solvers_agree_on_many_questions(kind: str) -> None:
    def both(question: Question) -> None:
        agree(question, Counter())
        is_met(question, Counter())

    thorough(given(KINDS_OF_QUESTION[kind])(both))()
