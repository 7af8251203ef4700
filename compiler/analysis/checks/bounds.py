"""Whether a number itself falls on the side of a comparison that the quotation puts it on.

《民法典》第一千二百五十九条：以上、以下、以内、届满，包括本数；不满、超过、以外，不包括本数. So
满6个月 and 不满6个月 both cut below the number, 6个月内 and 超过6个月 both above it, and a rule
may be written either way round: what it may not do is to move the number to the other side. Which
of the two sides a rule is about only its worked examples can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from ...diagnostics.catalogue import alignment as codes
from ...diagnostics.diagnostic import Finding, Label
from ...diagnostics.entry import Argument, Both
from ...ir import nodes as ir
from ...ir import types as t
from ...ir.rulebook import Definition, Rule, Rulebook
from ...ir.to_text import compare_word
from ...ir.walk import children, walk
from ...source import Span
from ...syntax.quantities import with_more
from ..alignment import Alignment, Construct, Quoted, constructs

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_MORE = Both("与更大、更晚的归在一起", "goes with what is more or later")
_LESS = Both("与更小、更早的归在一起", "goes with what is less or earlier")


def check_bounds(rulebook: Rulebook, aligned: Alignment, broken: Set[str]) -> list[Finding]:
    """A finding for each comparison with a number that cuts on the other side of it."""
    limits = _Limits(rulebook, aligned)
    findings = []
    for one in constructs(rulebook):
        if one.source is None:
            for node, op, limit in _comparisons(rulebook, one):
                quoted = limits.disagreeing(limit, op)
                if quoted is not None and quoted.clause not in broken:
                    findings.append(_differs(node, limit.type, with_more(op), quoted))
    return findings


def _differs(node: ir.Compare, kind: t.Type, rule_with_more: bool, quoted: Quoted) -> Finding:
    quantity, bound = quoted.quantity, quoted.quantity.bound
    assert bound is not None
    leads = bound.word + quantity.text
    word, right = compare_word(node.op, kind), compare_word(_OTHER[node.op], kind)
    arguments: dict[str, Argument] = {
        "clause": quoted.clause,
        "quoted": quantity.text + bound.word if _follows(bound.word) else leads,
        "number": quantity.text,
        "word": word,
        "law": _MORE if bound.with_more else _LESS,
        "rule": _MORE if rule_with_more else _LESS,
    }
    label = Label(quoted.span, Both("引文里的界限", "the bound quoted"))
    hint = Both(f"照引文是「{right}」。", f"by the quotation it is 「{right}」.")
    return Finding(codes.BOUND_DIFFERS, node.span, arguments, (label,), (hint,))


def _follows(word: str) -> bool:
    return word in (
        "以上",
        "以下",
        "以内",
        "之内",
        "内",
        "以外",
        "之外",
        "期满",
        "起",
        "止",
        "为止",
    )


class _Limits:
    """The numbers of quotations that the limit of a comparison is made of."""

    def __init__(self, rulebook: Rulebook, aligned: Alignment) -> None:
        self._definitions = rulebook.definition
        self._known: dict[str, frozenset[Span]] = {}
        self._quoted = {
            one.span: [aligned.quoted[at] for at in one.quoted] for one in aligned.written
        }

    def disagreeing(self, limit: ir.Expr, op: str) -> Quoted | None:
        """A bound the comparison goes against; none where any number it may rest on has none."""
        for span in sorted(self._spans(limit)):
            quoted = self._quoted.get(span, [])
            bounds = [one.quantity.bound for one in quoted]
            if quoted and all(b is not None and b.with_more != with_more(op) for b in bounds):
                return quoted[0]
        return None

    def _spans(self, node: ir.Expr) -> frozenset[Span]:
        """The literals whose value a limit has: through a period's end, a choice, a name."""
        match node:
            case ir.Literal():
                return frozenset((node.span,))
            case ir.AddPeriod(_, period):
                return self._spans(period)
            case ir.If(_, then, otherwise):
                return self._spans(then) | self._spans(otherwise)
            case ir.Call(function, arguments) if function in _CHOOSING:
                return frozenset().union(*(self._spans(one) for one in arguments))
            case ir.Defined(name):
                return self._defined(name)
            case _:
                return frozenset()

    def _defined(self, name: str) -> frozenset[Span]:
        if name not in self._known:
            self._known[name] = frozenset()  # definitions come back to themselves only by mistake
            definition = self._definitions.get(name)
            if definition is not None and definition.origin is None:
                values = _values(definition)
                self._known[name] = frozenset().union(*(self._spans(value) for value in values))
        return self._known[name]


_CHOOSING = ("较早者", "较晚者", "较大者", "较小者")


def _values(definition: Definition) -> Iterator[ir.Expr]:
    def of(rule: Rule) -> Iterator[ir.Expr]:
        yield rule.value
        for exception in rule.exceptions:
            yield from of(exception)

    for rule in definition.rules:
        yield from of(rule)
    if definition.otherwise is not None:
        yield definition.otherwise


def _comparisons(
    rulebook: Rulebook, construct: Construct
) -> Iterator[tuple[ir.Compare, str, ir.Expr]]:
    """The comparisons of a rule with the limit of each, read as if it stood on the right.

    Not those under a reading that is not taken, nor those whose limit is also met by an =: there
    the rule says itself what is to be of the number.
    """
    if any(_is_other_reading(rulebook, part) for part in construct.parts):
        return
    compared = [
        node
        for part in construct.parts
        for node in _taken(rulebook, part)
        if isinstance(node, ir.Compare)
    ]
    everything = [node for part in construct.parts for node in walk(part)]
    settled = [
        side
        for node in everything
        if isinstance(node, ir.Compare) and node.op in ("=", "≠")
        for side in (node.left, node.right)
    ]
    for node in compared:
        if node.op in _FLIPPED:
            for op, limit in ((node.op, node.right), (_FLIPPED[node.op], node.left)):
                if limit not in settled:
                    yield node, op, limit


def _taken(rulebook: Rulebook, node: ir.Expr) -> Iterator[ir.Expr]:
    """An expression and what is in it, without what is said for another reading only."""
    yield node
    for child in children(node):
        if not _is_other_reading(rulebook, child):
            yield from _taken(rulebook, child)


def _is_other_reading(rulebook: Rulebook, node: ir.Expr) -> bool:
    """按解读 甲 取 乙, alone or with 且, where 乙 is not what is taken."""
    if isinstance(node, ir.And):
        return any(_is_other_reading(rulebook, item) for item in node.items)
    if not isinstance(node, ir.ReadingIs) or node.reading not in rulebook.reading:
        return False
    return rulebook.reading[node.reading].alternatives[0].name != node.alternative
