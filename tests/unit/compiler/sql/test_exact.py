"""Is a quotient given only where nothing is ever left over, and is it the right one?"""

from luling.compiler.sql.exact import quotient
from luling.compiler.sql.terms import Term, Terms


def _cell(terms: Terms, *cells: int | None) -> Term:
    """A number from a list, at a place that a column holds."""
    at = terms.leaf("column", "位置", "int", False, 0, len(cells) - 1)
    return terms.cell(at, cells)


def test_cells_that_are_multiples_are_divided_and_others_are_not() -> None:
    terms = Terms()
    assert quotient(terms, _cell(terms, 50, 100, None), 50) is _cell(terms, 1, 2, None)
    assert quotient(terms, _cell(terms, 50, 101), 50) is None


def test_a_product_is_divided_where_its_parts_together_bear_it() -> None:
    terms = Terms()
    amount, share = _cell(terms, 500, 800), _cell(terms, 4, 6)
    product = terms.multiply(amount, share)
    assert quotient(terms, product, 200) is terms.multiply(_cell(terms, 5, 8), _cell(terms, 2, 3))
    assert quotient(terms, product, 400) is None


def test_a_difference_is_divided_part_by_part() -> None:
    terms = Terms()
    left, right = _cell(terms, 20, 40), _cell(terms, 1, 3)
    found = terms.subtract(left, terms.multiply(right, terms.integer(10)))
    assert quotient(terms, found, 10) is terms.subtract(_cell(terms, 2, 4), right)


def test_a_number_that_may_be_anything_is_not_divided() -> None:
    terms = Terms()
    column = terms.leaf("column", "人数", "int", True, 0, 100)
    assert quotient(terms, column, 2) is None
    assert quotient(terms, column, 1) is column
    assert quotient(terms, terms.multiply(column, terms.integer(6)), 3) is terms.multiply(
        column, terms.integer(2)
    )
