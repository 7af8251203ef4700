"""Whole numbers that are known to be multiples of another, and what they come to divided by it.

An amount is a cell times a share: where every cell is a multiple of what the share is under, no row
has to be looked at to see that no fraction is left.
"""

from __future__ import annotations

from math import gcd

from .terms import Term, Terms


def quotient(terms: Terms, term: Term, by: int) -> Term | None:
    """A whole number divided by another, where nothing is ever left over; else nothing."""
    return _Division(terms).of(term, by)


class _Division:
    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.divisors: dict[Term, int] = {}

    def of(self, term: Term, by: int) -> Term | None:
        """The quotient. Of sums and products their parts are divided, so that no sign is asked."""
        if by == 1:
            return term
        if self.divisor(term) % by:
            return None
        terms = self.terms
        match term.op:
            case "const":
                return terms.none("int") if term.value is None else terms.integer(term.value // by)
            case "cell":
                cells = tuple(None if c is None else c // by for c in term.value)
                return terms.cell(term.args[0], cells)
            case "mul":
                return self._product(term, by)
            case "add" | "sub":
                left, right = (self.of(part, by) for part in term.args)
                if left is not None and right is not None:
                    join = terms.add if term.op == "add" else terms.subtract
                    return join(left, right)
        return terms.floor_divide(term, terms.integer(by))

    def _product(self, term: Term, by: int) -> Term | None:
        """The quotient of a product: what the left can bear is taken from it."""
        left, right = term.args
        share = gcd(self.divisor(left), by)
        one, other = self.of(left, share), self.of(right, by // share)
        if one is None or other is None:
            return None
        return self.terms.multiply(one, other)

    def divisor(self, term: Term) -> int:
        """What divides every value of a term; 0 where the value is always zero or none."""
        if term not in self.divisors:
            self.divisors[term] = self._divisor(term)
        return self.divisors[term]

    def _divisor(self, term: Term) -> int:
        parts = term.args
        match term.op:
            case "const":
                return 0 if term.value is None else abs(int(term.value))
            case "cell":
                return gcd(*(c for c in term.value if c is not None))
            case "case":
                return gcd(*map(self.divisor, term.outcomes))
            case "mul":
                return self.divisor(parts[0]) * self.divisor(parts[1])
            case "add" | "sub" | "max" | "min" | "abs":
                return gcd(*map(self.divisor, parts))
            case _:
                return 1
