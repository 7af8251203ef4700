"""Names that only look alike, and characters that only look like the ones meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ...diagnostics.catalogue import names as name_codes
from ...diagnostics.catalogue import syntax as codes
from ...diagnostics.diagnostic import Finding, Label
from ...diagnostics.entry import Both
from ...source import SourceFile, Span
from ...syntax.ast import Word

# Radicals of the CJK Radicals Supplement that NFKC leaves alone, and the characters they look like
# (Unicode's EquivalentUnifiedIdeograph).
_RADICALS = dict(
    zip(
        "⺁⺄⺆⺇⺉⺊⺋⺎⺏⺐⺒⺓⺔⺕⺖⺘⺙⺛⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺨⺪⺬⺭⺯⺰⺲⺹⺼⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻲",
        "厂乙冂几刂卜㔾兀尣尢巳幺彑彐忄扌攵旡月歺母民氵氺灬爫爫丬犭疋示礻糹纟罒耂月艹艹艹虎衤覀西见角讠贝车辶辶辶邑钅長镸长门阜青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙亀",
        strict=True,
    )
)
_SUSPECT = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")


def check_letters(sources: Iterable[SourceFile]) -> list[Finding]:
    """Kangxi and other radicals and compatibility ideographs, but for those in quotations."""
    findings = []
    for source in sources:
        for match in _SUSPECT.finditer(source.text):
            char = match[0]
            line = source.line_text(source.position(match.start()).line)
            if line.lstrip(" \t\u3000")[:1] in (">", "＞"):
                continue  # a quotation is verbatim, whatever it holds
            plain = _RADICALS.get(char) or unicodedata.normalize("NFKC", char)
            span = Span(source.name, match.start(), match.end())
            arguments = {"char": char, "plain": plain, "code": f"U+{ord(char):04X}"}
            findings.append(Finding(codes.LETTER_COMPATIBLE, span, dict(arguments)))
    return findings


def check_lookalikes(words: Iterable[Word]) -> list[Finding]:
    """Different names that are equal once width and compatibility are put aside."""
    first: dict[str, Word] = {}
    findings = []
    for word in words:
        key = unicodedata.normalize("NFKC", word.text)
        other = first.setdefault(key, word)
        if other.text != word.text:
            label = Label(other.span, Both(f"「{other.text}」在这里", f"「{other.text}」 is here"))
            arguments = {"name": word.text, "other": other.text}
            findings.append(
                Finding(name_codes.NAME_LOOKALIKE, word.span, dict(arguments), (label,))
            )
    return findings
