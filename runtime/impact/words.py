"""Amounts, counts and shares of an impact in words: exact, with thousands set apart."""

from __future__ import annotations

from fractions import Fraction

from luling.compiler.diagnostics.entry import Language
from luling.compiler.ir.values import Exact, decimal_text, round_to


def yuan(fen: Exact, language: Language = "zh", *, signed: bool = False) -> str:
    """1,234.50元; with its sign where asked for: +1,234.50元, −1,234.50元."""
    text = decimal_text(abs(Fraction(fen)) / 100, 2)
    whole, dot, rest = text.partition(".")
    if "/" not in text:
        text = f"{int(whole):,}{dot}{rest}"
    sign = "−" if fen < 0 else "+" if signed and fen > 0 else ""
    return f"{sign}{text}" + (" yuan" if language == "en" else "元")


def count(number: int, *, signed: bool = False) -> str:
    """12,345."""
    sign = "−" if number < 0 else "+" if signed and number > 0 else ""
    return f"{sign}{abs(number):,}"


def share(part: int, whole: int) -> str:
    """12.3%, rounded half up; what is not nothing and not all never reads as such."""
    if not whole:
        return "—"
    permille = round_to(Fraction(part * 1000, whole), 1, "四舍五入")
    if permille == 0 and part:
        return "<0.1%"
    if permille == 1000 and part != whole:
        return ">99.9%"
    return f"{decimal_text(Fraction(permille, 10), 1)}%"
