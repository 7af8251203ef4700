"""Which arrows of a picture are drawn, and which way they lie."""

from luling.runtime.pages.picture import Arrow, Box, Key, Line, Picture, needed

FACT: Key = ("facts", "甲")
OTHER: Key = ("import", "引")
FIRST: Key = ("clause", "一")
SECOND: Key = ("clause", "二")
RESULT: Key = ("result", "三")
KEYS = [FACT, OTHER, FIRST, SECOND, RESULT]


def test_an_arrow_that_others_go_round_is_spared() -> None:
    arrows = {(FACT, FIRST), (FIRST, RESULT), (FACT, RESULT)}
    assert needed(KEYS, arrows) == {(FACT, FIRST), (FIRST, RESULT)}


def test_a_way_through_another_rulebook_spares_nothing() -> None:
    arrows = {(FACT, OTHER), (OTHER, FIRST), (FACT, FIRST)}
    assert needed(KEYS, arrows) == arrows


def test_two_that_read_each_other_keep_both_arrows() -> None:
    arrows = {(FACT, FIRST), (FIRST, SECOND), (SECOND, FIRST), (FACT, SECOND)}
    assert needed(KEYS, arrows) == arrows - {(FACT, SECOND)}


def test_arrows_that_come_back_are_laid_in_the_order_of_the_law() -> None:
    arrows: set[Arrow] = {(FACT, SECOND), (SECOND, FIRST), (FIRST, SECOND), (FIRST, RESULT)}
    boxes = {key: Box(key[0], Line(key[1])) for key in KEYS}
    picture = Picture("图", "", boxes, arrows, arrows)
    assert picture.downward() == {(FACT, SECOND), (FIRST, SECOND), (FIRST, RESULT)}


def test_an_arrow_up_that_never_comes_back_stays_an_arrow_from_what_is_read() -> None:
    arrows: set[Arrow] = {(SECOND, FIRST)}
    boxes = {key: Box(key[0], Line(key[1])) for key in KEYS}
    assert Picture("图", "", boxes, arrows, arrows).downward() == arrows
