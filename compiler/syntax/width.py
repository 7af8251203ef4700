"""Full-width forms mean what half-width ones do."""

from __future__ import annotations

import re
from typing import Final

# Full-width ASCII and the ideographic space, one to one, so that places stay what they are.
HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_QUOTED = re.compile(r"(「[^「」\n]*」)")


def normalize(text: str) -> str:
    """Code with half-width punctuation, letters and digits; every place as it was."""
    return text.translate(HALF_WIDTH)


def normalize_outside_quotes(text: str) -> str:
    """The same, but for what stands in 「」: such a name is as it is written."""
    parts = _QUOTED.split(text)
    return "".join(part if place % 2 else normalize(part) for place, part in enumerate(parts))
