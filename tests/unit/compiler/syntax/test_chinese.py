"""Chinese numerals."""

import pytest

from luling.compiler.syntax.chinese import parse_chinese_number, parse_percent


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("零", 0),
        ("〇", 0),
        ("一", 1),
        ("两", 2),
        ("九", 9),
        ("十", 10),
        ("十二", 12),
        ("一十二", 12),
        ("二十", 20),
        ("九十九", 99),
        ("一百", 100),
        ("一百零五", 105),
        ("一百一十", 110),
        ("一百二十三", 123),
        ("两百", 200),
        ("一千", 1000),
        ("一千零一", 1001),
        ("两千零五十", 2050),
        ("一千二百六十", 1260),
        ("一万", 10000),
        ("一万二千", 12000),
        ("十二万三千四百五十六", 123456),
        ("一千万", 10_000_000),
        ("二〇二五", 2025),
        ("二零二五", 2025),
        ("一〇〇", 100),
    ],
)
def test_a_numeral(text: str, number: int) -> None:
    assert parse_chinese_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "十百", "两百五", "百", "一十十", "二十零", "万", "一二百", "甲", "一" * 40]
)
def test_what_is_no_numeral(text: str) -> None:
    assert parse_chinese_number(text) is None


def test_every_number_below_a_hundred_thousand_is_read_back() -> None:
    for number in [*range(1200), *range(9900, 10200), 20_000, 30_405, 99_999, 100_000]:
        assert parse_chinese_number(written(number)) == number


def written(number: int) -> str:
    """The numeral, made by another way: digit by digit from the right."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        return written(high) + "万" + ("" if low == 0 else "零" * (low < 1000) + written(low))
    parts: list[str] = []
    for place, digit in enumerate(reversed(str(number))):
        parts.append(
            "零" if digit == "0" else "零一二三四五六七八九"[int(digit)] + " 十百千"[place]
        )
    text = "".join(reversed(parts)).replace(" ", "")
    while "零零" in text:
        text = text.replace("零零", "零")
    return text.rstrip("零") or "零"


def test_percent() -> None:
    assert [parse_percent(text) for text in ("八十", "百", "一百", "五", "一百二十")] == [
        80, 100, 100, 5, 120,
    ]  # fmt: skip
