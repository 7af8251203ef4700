"""What a catalogue entry is, and the register of all of them."""

from __future__ import annotations

import re
from typing import Final, Literal

import attrs

Severity = Literal["error", "warning"]
Language = Literal["zh", "en"]

REGISTER: Final[dict[str, Entry]] = {}


@attrs.frozen
class Both:
    """A word of a message that is said differently in the two languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh


Argument = str | int | Both


@attrs.frozen
class Entry:
    """One kind of finding: its code, its name and its sentence in both languages.

    The sentences hold `{names}` that the finding's arguments fill. `once_for_a_name`: a name that
    is not known is one mistake however often it is written.
    """

    code: str
    title: Both
    message: Both
    severity: Severity = "error"
    hint: Both | None = None
    once_for_a_name: bool = False

    def __attrs_post_init__(self) -> None:
        if not re.fullmatch(r"L0[1-7][0-9]{2}", self.code) or self.code in REGISTER:
            raise ValueError(f"bad or repeated diagnostic code {self.code}")
        REGISTER[self.code] = self

    def __reduce__(self) -> tuple[object, ...]:
        return (lookup, (self.code,))


def lookup(code: str) -> Entry:
    """The entry of a code. Raises `KeyError` where there is none."""
    return REGISTER[code]


def say(text: Both, language: Language, arguments: dict[str, Argument]) -> str:
    """A sentence in one language with its arguments filled in."""
    words = {
        name: getattr(value, language) if isinstance(value, Both) else str(value)
        for name, value in arguments.items()
    }
    template = text.en if language == "en" else text.zh
    return re.sub(r"\{(\w+)\}", lambda found: words.get(found[1], found[0]), template)
