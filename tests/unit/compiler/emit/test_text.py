"""Does nothing that a rulebook holds become code?"""

import ast
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luling.compiler.emit.text import Names, comment, literal
from luling.compiler.ir.exact import Period

values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(), st.dates(), st.fractions(),
        st.text(st.characters(categories=["Cs", "Cc", "Zl", "Zp"])),
    ),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
)  # fmt: skip


@given(values)
def test_a_literal_is_the_value_and_nothing_else(value: object) -> None:
    names = {"date": date, "Fraction": Fraction, "Period": Period}
    assert eval(literal(value), {"__builtins__": {}, **names}) == value


def test_a_period_is_a_literal() -> None:
    assert literal(Period(6, -1)) == "Period(6, -1)"


class Text(str):
    """A text that says something else of itself."""

    def __repr__(self) -> str:
        return "exit()"


@pytest.mark.parametrize("value", [Text("a"), 1.5, object(), [1], {"a": 1}, b"a"], ids=repr)
def test_what_is_no_constant_of_a_rulebook_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        literal(value)


@given(st.text())
def test_a_comment_is_one_line_without_code(text: str) -> None:
    line = comment(text)
    assert ast.dump(ast.parse(line + "\n1")) == ast.dump(ast.parse("1"))
    assert len(line.splitlines()) == 1


@given(st.lists(st.tuples(st.text(), st.text()), max_size=6))
def test_names_are_identifiers_and_each_its_own(words: list[tuple[str, str]]) -> None:
    names = Names()
    found = [names.new("d", *pair) for pair in words]
    assert len({*found}) == len(found)
    for name in found:
        (read,) = [n.id for n in ast.walk(ast.parse(name)) if isinstance(n, ast.Name)]
        assert read == name  # not another one in Python's own form


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("补贴标准", "d_补贴标准"),
        ("满6个月", "d_满6个月"),
        ("甲.乙 丙", "d_甲_乙_丙"),
        ("x = 1", "d_x___1"),
        ("\uff45\uff58\uff45\uff43", "d_____"),
        ("", "d"),
    ],
)
def test_names_stay_as_they_are_as_far_as_may_be(word: str, expected: str) -> None:
    assert Names().new("d", word) == expected
