"""Python source from values and names that nobody checked: literals, identifiers, comments.

# INVARIANT: whatever a rulebook holds enters source through one of these functions, so that no
# name, text or number of it can become code.
"""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from ..ir.exact import Period

_LONGEST = 160  # characters of a comment


def literal(value: object) -> str:
    """A constant of a rulebook as a Python expression. Raises `TypeError` for any other value."""
    match value:
        case None | bool() | int():
            return repr(value) if type(value) in (bool, int) else "None"
        case str() if type(value) is str:
            return repr(value)
        case date() if type(value) is date:
            return f"date({value.year}, {value.month}, {value.day})"
        case Fraction():
            return f"Fraction({value.numerator:d}, {value.denominator:d})"
        case Period(months, days):
            return f"Period({literal(months)}, {literal(days)})"
        case tuple():
            return sequence(literal(part) for part in value)
        case _:
            raise TypeError(f"no constant of a rulebook: {type(value).__name__}")


def sequence(parts: Iterable[str]) -> str:
    """A tuple of expressions."""
    found = list(parts)
    return f"({found[0]},)" if len(found) == 1 else f"({', '.join(found)})"


def comment(text: str) -> str:
    """The text on one line, behind `#`, with nothing that could end the line."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    plain = plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
    return f"# {plain}".rstrip()


class Names:
    """Identifiers for names of a rulebook, each its own, alike as far as Python lets them be."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, prefix: str, *words: str) -> str:
        """An identifier that no other name has: the prefix, then the words."""
        plain = "_".join([prefix, *(_word(word) for word in words if word)])
        name, number = plain, 1
        while name in self._taken:
            number += 1
            name = f"{plain}_{number}"
        self._taken.add(name)
        return name


def _word(word: str) -> str:
    """The characters of a word that may stand in an identifier, each other one as _.

    Python reads identifiers in the form NFKC; what is not in that form already is another word.
    """
    kept = "".join(
        char if ("a" + char).isidentifier() and unicodedata.normalize("NFKC", char) == char else "_"
        for char in word
    )
    whole = kept[:40]
    sound = f"a{whole}".isidentifier() and unicodedata.normalize("NFKC", whole) == whole
    return whole if sound and not keyword.iskeyword(whole) else "_"
