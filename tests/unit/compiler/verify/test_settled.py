"""Whether one number is at least another where no fact changes that."""

from fractions import Fraction
from typing import Any

import pytest

from luling.compiler.verify.terms import Fact, Op, settled

X = Fact("甲.数", "number")
Y = Fact("甲.另一数", "number")


def op(name: str, one: Any, other: Any) -> Op:
    return Op(name, (one, other), "number")


TENTH = op("×", X, Fraction(1, 10))
MORE = op("×", op("+", X, 100), Fraction(1, 10))  # a tenth of a hundred more


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        (10, op("-", MORE, TENTH), True),
        (9, op("-", MORE, TENTH), False),
        (11, op("-", MORE, TENTH), True),
        (MORE, TENTH, True),
        (TENTH, MORE, False),
        (op("+", X, Y), op("+", Y, X), True),
        (op("÷", op("+", X, X), 2), X, True),
        (op("-", op("+", X, Y), Y), op("+", X, 1), False),
        (op("×", X, Y), op("×", X, Y), True),
        (op("×", X, X), X, None),
        (X, op("+", Y, 1), None),
        (op("÷", X, Y), op("÷", X, Y), True),
        (op("+", op("÷", X, Y), 1), op("÷", X, Y), True),
    ],
)
def test_what_is_the_same_in_both_does_not_count(left: Any, right: Any, answer: object) -> None:
    assert settled(left, right) is answer
