"""Words that authors write and the language does not have → what it has for them."""

from __future__ import annotations

from ..diagnostics.entry import Both

_MEANT = {
    "是": "为", "不是": "不为", "而是": "为", "叫": "为",
    "和": "且", "与": "且", "及": "且", "并且": "且", "而且": "且", "以及": "且", "同时": "且",
    "&": "且", "或是": "或", "要么": "或", "|": "或",
    "不": "非", "并非": "非", "!": "非", "！": "非",
    "如果": "若", "如": "若", "假如": "若", "那么": "则", "那": "则",
    "大于等于": "不少于", "大于或等于": "不少于", "不小于等于": "不少于",
    "小于等于": "不超过", "小于或等于": "不超过",
    "无": "空", "true": "是", "false": "否", "null": "空", "包含": "属于",
}  # fmt: skip
_AS_CONDITION = {"如果", "如", "假如"}
_BEFORE_NAMES = {"无": "没有", "没": "没有"}


def meant(word: str) -> tuple[Both, ...]:
    """The hint that offers the language's own word, nothing where there is none."""
    return _hint(word, _MEANT.get(word))


def meant_before(word: str, *, begins_line: bool) -> tuple[Both, ...]:
    """The same for a word with an expression after it."""
    if begins_line and word in _AS_CONDITION:
        return _hint(word, "当")
    return _hint(word, _BEFORE_NAMES.get(word, _MEANT.get(word)))


def _hint(word: str, own: str | None) -> tuple[Both, ...]:
    if own is None:
        return ()
    return (Both(f"「{word}」要写成「{own}」。", f"for 「{word}」 write 「{own}」."),)
