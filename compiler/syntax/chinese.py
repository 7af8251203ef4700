"""Chinese numerals → integers: 六, 十二, 一百二十."""

from __future__ import annotations

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}


def parse_chinese_number(text: str) -> int:
    """The number a numeral below 一亿 writes: positional (二〇二五) or with 十百千万."""
    if "万" in text:
        high, low = text.split("万", 1)
        return parse_chinese_number(high) * 10000 + (parse_chinese_number(low) if low else 0)
    if not any(char in _SCALES for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _SCALES:
            total += (digit or 1) * _SCALES[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit
