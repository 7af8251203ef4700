"""Numbers of the law and numbers of the rules: none from nowhere, none forgotten."""

from __future__ import annotations

from collections.abc import Set
from fractions import Fraction

from ...diagnostics.catalogue import alignment as codes
from ...diagnostics.diagnostic import Finding, Label
from ...diagnostics.entry import Argument, Both
from ...ir import types as t
from ...ir.rulebook import Clause, Rulebook, Waiver
from ...ir.values import Period
from ...syntax.quantities import Quantity
from ..alignment import Alignment, Around, Quoted, Written, waives

_INERT = Both("这一条不执行，它的数本来就不用", "but the clause is inert and uses no number")
_ABSENT = Both("引文里没有这个数", "which the quotation does not have")
_USED = Both("规则其实用了它", "which a rule uses after all")


def check_numbers(rulebook: Rulebook, aligned: Alignment, broken: Set[str]) -> list[Finding]:
    """Every number of a rule stands in its quotation or has a source; every one there is used.

    Clauses that are `broken` have findings already: their quotations are not those of the law.
    """
    around = Around(rulebook)
    findings: list[Finding] = []
    meant: set[tuple[str, str]] = set()  # what a wrong number stands for is not also unused
    for one in aligned.written:
        clauses = around.inside_out(one.clause)
        if one.needed and not one.quoted and not broken & set(clauses):
            near = _nearest(one, [q for q in aligned.quoted if q.clause in clauses])
            findings.append(_not_quoted(one, near))
            if near is not None:
                meant.add(_same(near))
    for clause in rulebook.clauses:
        if clause.id not in broken:
            findings += _idle_waivers(clause, aligned)
    return findings + _unused(rulebook, aligned, broken, meant)


def _not_quoted(one: Written, near: Quoted | None) -> Finding:
    arguments = {"clause": one.clause, "name": one.owner, "number": one.text}
    if near is None:
        return Finding(codes.NUMBER_NOT_QUOTED, one.span, dict(arguments))
    text = near.quantity.text
    label = Label(near.span, Both("引文里的数", "the number quoted"))
    hint = Both(f"引文里是「{text}」。", f"the quotation has 「{text}」.")
    return Finding(codes.NUMBER_NOT_QUOTED, one.span, dict(arguments), (label,), (hint,))


def _same(one: Quoted) -> tuple[str, str]:
    return one.clause, f"{one.quantity.kind} {one.quantity.value}"


def _unused(
    rulebook: Rulebook, aligned: Alignment, broken: Set[str], meant: set[tuple[str, str]]
) -> list[Finding]:
    """What no rule uses and no waiver names, once however often the clause says it."""
    inert = {clause.id for clause in rulebook.clauses if clause.inert is not None}
    told = set(meant)
    findings = []
    for one in aligned.quoted:
        if one.uses or one.waiver or one.clause in inert or one.clause in broken:
            continue
        if _same(one) not in told:
            told.add(_same(one))
            text = one.quantity.text
            written = f"「{text}」" if not text.replace("%", "").isalnum() else text
            arguments = {"clause": one.clause, "number": text, "written": written}
            findings.append(Finding(codes.NUMBER_UNUSED, one.span, dict(arguments)))
    return findings


def _idle_waivers(clause: Clause, aligned: Alignment) -> list[Finding]:
    findings = []
    for waiver in clause.waivers:
        named = [q for q in aligned.quoted if q.clause == clause.id and _names(waiver, q.quantity)]
        used = next((use for q in named for use in q.uses), None)
        problem = _INERT if clause.inert is not None else None if named else _ABSENT
        labels: tuple[Label, ...] = ()
        if problem is None and used is not None:
            problem = _USED
            labels = (Label(aligned.written[used].span, Both("用在这里", "used here")),)
        if problem is not None:
            arguments: dict[str, Argument] = {"clause": clause.id, "number": waiver.number}
            arguments["problem"] = problem
            findings.append(Finding(codes.WAIVER_IDLE, waiver.span, arguments, labels))
    return findings


def _names(waiver: Waiver, quantity: Quantity) -> bool:
    return waives(waiver, quantity)


# --- the number that is most likely meant


def _nearest(one: Written, quoted: list[Quoted]) -> Quoted | None:
    """The number of the quotations that is of the same kind and least away."""
    size, kinds = _size(one)
    alike = [q for q in quoted if q.quantity.kind in kinds and _measure(q.quantity) is not None]
    if size is None or not alike:
        return None
    # what no rule uses is the likelier
    return min(alike, key=lambda q: (bool(q.uses), abs((_measure(q.quantity) or 0) - size)))


def _size(one: Written) -> tuple[Fraction | None, tuple[str, ...]]:
    """A number in the measure that quantities of its kinds have."""
    value, kind = one.value, t.solid(one.type)
    if isinstance(value, Period):
        if value.months and value.days:
            return None, ()
        if value.months:
            return Fraction(value.months), ("months", "age")
        return Fraction(value.days), ("days",)
    if kind == t.DATE and not isinstance(value, str | int | Fraction | tuple) and value is not None:
        return Fraction(value.toordinal()), ("date",)
    if isinstance(value, int | Fraction):
        return Fraction(value), _kinds(kind)
    return None, ()


def _kinds(kind: t.Type) -> tuple[str, ...]:
    """The kinds of quantity that a number of a type may be."""
    if kind == t.MONEY:
        return ("money",)
    if kind == t.RATIO:
        return ("ratio",)
    if isinstance(kind, t.Number) and kind.unit == "岁":
        return ("age",)
    return ("count", "number", "part", "months", "days", "age")


def _measure(quantity: Quantity) -> Fraction | None:
    """A quantity's size among others of its kind."""
    value = quantity.value
    if quantity.kind in ("money", "ratio", "months", "days"):
        return value if isinstance(value, Fraction) else None
    if quantity.kind == "date" and not isinstance(value, Fraction | tuple):
        return Fraction(value.toordinal())
    return quantity.number
