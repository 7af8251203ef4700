"""Are near names the same without rapidfuzz?"""

from hypothesis import given, settings
from hypothesis import strategies as st

from luling.compiler.diagnostics import near
from luling.runtime.compiled.words import near_names

names = st.one_of(st.text("甲乙丙", max_size=8), st.text("abcdef", max_size=14))
limits = st.sampled_from([(2, 0.5), (1, 0.5), (3, None), (3, 0.4)])


@settings(max_examples=500)
@given(names, st.lists(names.filter(bool), max_size=20, unique=True), limits)
def test_near_names_are_those_of_the_catalogue(
    name: str, others: list[str], limit: tuple[int, float | None]
) -> None:
    assert near_names(name, others, *limit) == near.near_names(name, others, *limit)


def test_a_long_name_is_looked_at_as_far_as_there() -> None:
    for name in ("甲" * 500, "甲乙" * 150):
        assert near_names(name, ["甲" * 190, "乙"], 2, 0.5) == near.near_names(
            name, ["甲" * 190, "乙"], 2, 0.5
        )
