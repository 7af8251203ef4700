"""Chinese numerals → integers: 六, 十二, 一百二十."""

from __future__ import annotations

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_MOST_CHARACTERS = 15


def parse_chinese_number(text: str) -> int | None:
    """The number a numeral below 一亿 writes: positional (二〇二五) or with 十百千万.

    None where the characters are no numeral as it is properly written, such as 十百 or 两百五.
    """
    plain = text.replace("〇", "零").replace("两", "二")
    if len(plain) > _MOST_CHARACTERS:
        return None
    if plain and all(char in _DIGITS for char in plain):
        return int("".join(str(_DIGITS[char]) for char in plain))
    high, _, low = plain.rpartition("万")
    number = _below_myriad(high) * 10000 + _below_myriad(low)
    return number if _short(plain) == _short(_write(number)) else None


def parse_percent(text: str) -> int | None:
    """The number behind 百分之: 百分之八十 is 80, 百分之百 is 100."""
    return 100 if text == "百" else parse_chinese_number(text)


def _below_myriad(text: str) -> int:
    total, digit = 0, 0
    for char in text:
        if char in _SCALES:
            total += (digit or 1) * _SCALES[char]
            digit = 0
        else:
            digit = _DIGITS.get(char, 0)
    return total + digit


def _write(number: int) -> str:
    """The numeral of a number, 一 before every scale."""
    high, low = divmod(number, 10000)
    if high:
        gap = "零" if 0 < low < 1000 else ""
        return _write(high) + "万" + gap + (_write(low) if low else "")
    digits = {value: char for char, value in _DIGITS.items()}
    written, gap = "", ""
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            written, gap = written + gap + digits[digit] + name, ""
        elif written:
            gap = "零"
    return written or "零"


def _short(numeral: str) -> str:
    return numeral.replace("一十", "十")
