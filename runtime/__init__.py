"""Running rulebooks: load one once, decide many cases, read values and reasons.

>>> from luling.runtime import load_text
>>> engine = load_text("规则书 例\\n事实 订单\\n  金额：金额\\n"
...     "结果 运费：金额 为 若 订单.金额 不少于 99元 则 0元 否则 8元\\n")
>>> decision = engine.decide({"订单": {"金额": "98.99"}})
>>> decision.state, decision["运费"]
('已定', Decimal('8'))
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .compiled.function import Function, compile
    from .decide import Decision, Engine, ReadingError
    from .rulebooks import Loaded, RulebookError, load, load_rulebook, load_text
    from .versions.applicable import Versions, versions_at

__all__ = [
    "Decision",
    "Engine",
    "Function",
    "Loaded",
    "ReadingError",
    "RulebookError",
    "Versions",
    "compile",
    "load",
    "load_rulebook",
    "load_text",
    "versions_at",
]
_HOME = {
    "Decision": "decide",
    "Engine": "decide",
    "Function": "compiled.function",
    "compile": "compiled.function",
    "ReadingError": "decide",
    "Versions": "versions.applicable",
    "versions_at": "versions.applicable",
}


def __getattr__(name: str) -> object:
    """The names above, imported when first used: `luling --help` needs none of them."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f".{_HOME.get(name, 'rulebooks')}", __name__), name)
