"""Are terms simplified as `runtime/threefold.py` would have it?"""

import itertools

from luling.compiler.emit.flat import exclusive
from luling.compiler.emit.terms import Term, Terms

t = Terms()
A, B, X = t.name("a"), t.name("b"), t.name("x", maybe=True)
RISKY = t.strict(("risky()",), (), faults=True)


def test_what_is_written_alike_is_one() -> None:
    assert t.all_of([A, B]) is t.all_of([A, B])
    assert t.negation(t.negation(A)) is A
    assert t.branch(A, t.true, t.false) is A


def test_constants_decide() -> None:
    assert t.all_of([A, t.false]) is t.false
    assert t.any_of([A, t.true]) is t.true
    assert t.all_of([t.true, A]) is A
    assert t.branch(t.false, A, B) is B


def test_what_can_end_in_a_fault_is_computed_although_it_decides_nothing() -> None:
    terms = Terms()
    risky = terms.strict(("risky()",), (), faults=True)
    assert terms.all_of([risky, terms.false]) is terms.false
    assert terms.forced == {risky}


def test_what_has_to_be_there_is_known() -> None:
    shorter = t.strict((0, " < ", 1), (X, t.constant(3)))
    assert shorter.needs == shorter.must == {X}
    assert not t.all_of([t.present(X), shorter]).needs
    assert not t.any_of([t.absent(X), shorter]).needs
    guarded = t.branch(A, shorter, t.false)
    assert guarded.needs == {X}
    assert not guarded.must  # it need not be there where a does not hold


def test_a_fault_is_inherited() -> None:
    assert t.all_of([A, RISKY]).faults
    assert not t.all_of([A, B]).faults


def test_conditions_that_cannot_both_hold() -> None:
    low, high = t.constant(3), t.constant(5)

    def compared(op: str, limit: Term) -> Term:
        return t.strict((0, f" {op} ", 1), (A, limit))

    same = [t.equal(A, low), t.equal(A, high)]
    assert exclusive(*same)
    assert exclusive(t.all_of([B, same[0]]), t.all_of([same[1], B]))
    assert exclusive(compared("<", low), compared(">=", low))
    assert exclusive(compared("<=", low), compared(">=", high))
    assert exclusive(B, t.negation(B))
    for one, other in itertools.product(
        [compared("<=", low), compared("<", high)], [compared(">=", low), compared(">", low)]
    ):
        if (one, other) != (compared("<=", low), compared(">", low)):
            assert not exclusive(one, other)
