"""Decisions as a person would tell them: the short account, the whole tree, why and why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from luling.compiler.diagnostics.entry import Both, Language
from luling.compiler.ir import nodes as ir
from luling.compiler.ir import types as t
from luling.compiler.ir.plan import RulePlan
from luling.compiler.ir.to_text import attribute, compare_word, to_text
from luling.compiler.ir.values import gap, period_text, show
from luling.compiler.ir.walk import children

from .decide import Decision
from .interpret import Interpretation
from .partial import INCOMPLETE, missing_of
from .why import Applied, Required, bound

_WORDS = {
    "still": Both("还差什么", "What is missing"),
    "reasons": Both("理由", "Reasons"),
    "facts": Both("还需要知道", "Facts still needed"),
    "readings": Both("采用的解读", "Readings taken"),
    "faults": Both("错误", "Faults"),
    "open": Both("尚不能确定", "not determined yet"),
    "above": Both("见上", "see above"),
    "met": Both("均已满足", "All met"),
    "state": Both("判定", "state"),
    "fails": Both("不满足", "fails"),
    "missing": Both("缺少", "missing"),
    "lacks": Both("还差", "short by"),
    "over": Both("超过", "over by"),
    "otherwise": Both("没有可适用的规则", "no rule applies"),
    "not_because": Both("未适用", "did not apply"),
}


def result_lines(state: str, results: Mapping[str, str], language: Language) -> list[str]:
    """The state and the results that stand already as they are to be read."""
    lines = [f"{getattr(_WORDS['state'], language)}：{state}"]
    return lines + [f"  {name}：{shown}" for name, shown in results.items()]


class Account:
    """Tells one decision in one language."""

    def __init__(self, decision: Decision, language: Language = "zh") -> None:
        self.decision = decision
        self.language: Language = language
        self.engine = decision.engine

    def word(self, key: str) -> str:
        """A fixed word of the account."""
        return str(getattr(_WORDS[key], self.language))

    # --- the short account

    def results(self) -> list[str]:
        """One line a result, the value after the name; what is not determined says so."""
        decision = self.decision
        if decision.faults:
            return [
                f"{fault.place + '：' if fault.place else ''}{fault.message(self.language)}"
                f"（{fault.code}）"
                for fault in decision.faults
            ]
        lines = []
        for name, value in decision.values.items():
            kind = self.engine.types[name]
            shown = self.word("open") if value.__class__ in INCOMPLETE else show(value, kind)
            lines.append(f"{name}：{shown}")
        return lines

    def _state(self) -> str:
        return f"{self.word('state')}：{self.decision.state}"

    def plain(self) -> list[str]:
        """The results alone, with the facts still needed where there are any."""
        lines = [self._state(), *(f"  {line}" for line in self.results())]
        if self.decision.state == "信息不足":
            lines += ["", self.word("facts"), *(f"  {line}" for line in self._needed())]
        return lines

    def short(self) -> list[str]:
        """结论、金额, then why, then what is still missing."""
        if self.decision.interpretation is None:
            return self.plain()
        lines = [self._state(), *(f"  {line}" for line in self.results())]
        if self.decision.state == "规则有误":
            return lines
        for title, part in (
            ("still", list(self._shortfalls())),
            ("reasons", list(self._reasons())),
            ("facts", list(self._needed())),
            ("readings", list(self._readings())),
        ):
            if part:
                lines += ["", self.word(title), *(f"  {line}" for line in part)]
        return lines

    def _shortfalls(self) -> Iterator[str]:
        for step in self.decision.steps:
            if isinstance(step, Required) and step.holds is False:
                yield from self._failed(step)

    def _failed(self, step: Required) -> Iterator[str]:
        requirement = step.requirement
        whom = f"（{step.subject}）" if step.subject is not None else ""
        yield f"{requirement.clause} {requirement.name}{whom}"
        interpretation = self._interpretation()
        with bound(interpretation, requirement.variable, step.subject):
            for line in self.against(requirement.must):
                yield f"  · {line}"

    def _reasons(self) -> Iterator[str]:
        """The rules that carry the decision: not what merely was not the case, nor every inner
        step.
        """
        steps = [step for step in self.decision.steps if self._carries(step)]
        met = [s for s in steps if isinstance(s, Required) and s.holds is True]
        yield from dict.fromkeys(self._applied(s) for s in steps if isinstance(s, Applied))
        if met:
            names = dict.fromkeys(f"{s.requirement.clause} {s.requirement.name}" for s in met)
            yield f"{self.word('met')}：{'；'.join(names)}"

    def _carries(self, step: Applied | Required) -> bool:
        part = step.rule if isinstance(step, Applied) else step.requirement
        if part.clause is None or part.origin or not self._concerns(step.subject):
            return False
        if isinstance(step, Required):
            return True
        definition = step.definition
        if definition.kind == "parameter":
            return False
        if step.value is None or step.value is False or step.value == ():  # but 0 is a value
            return False
        return not (step.value is True and step.rule.name == definition.attribute)

    def _applied(self, step: Applied) -> str:
        definition = step.definition
        value = self.show(step.value, definition.type)
        name = step.rule.name
        whom = (
            f"（{step.subject}）" if isinstance(step.subject, str) and step.subject != name else ""
        )
        target = "" if definition.attribute == name else f"：{definition.attribute}"
        return f"{step.rule.clause} {name}{whom}{target} {value}"

    def _concerns(self, subject: Any) -> bool:
        """Whether a member is one the results or the failed requirements speak of."""
        return subject is None or subject in self._members

    @cached_property
    def _members(self) -> frozenset[Any]:
        decision = self.decision
        spoken = {value for value in decision.values.values() if isinstance(value, str)}
        if any(step.subject in spoken for step in decision.steps):
            return frozenset(spoken)
        return frozenset(
            step.subject
            for step in decision.steps
            if isinstance(step, Required) and step.holds is False
        )

    def _needed(self) -> Iterator[str]:
        facts = self.engine.rulebook.facts
        for path in self.decision.missing:
            field = facts.get(path)
            question = field.question if field is not None and field.question else ""
            yield f"{path}{'　' + question if question else ''}"

    def _readings(self) -> Iterator[str]:
        for name, taken in self.decision.readings.items():
            reading = self.engine.rulebook.reading[name]
            clause = f"（{reading.clause}）" if reading.clause else ""
            yield f"{name}{clause}：{taken}"

    # --- how far a condition is from holding

    def against(self, node: ir.Expr) -> Iterator[str]:
        """Why a condition does not hold: each part that failed, with its values and by how much."""
        interpretation = self._interpretation()
        match node:
            case ir.And(items):
                for item in items:
                    if interpretation.eval(item) is False:
                        yield from self.against(item)
                        return
            case ir.Or(items):
                for item in items:
                    yield from self.against(item)
            case ir.Compare():
                yield self._comparison(node)
            case ir.ReadingIs():
                return
            case _:
                yield self._plain(node)

    def _plain(self, node: ir.Expr) -> str:
        interpretation = self._interpretation()
        if isinstance(node, ir.Not) and isinstance(node.of, ir.IsNonEmpty):
            found = interpretation.eval(node.of.of)
            count = len(found) if isinstance(found, tuple) else 0
            return f"{to_text(node)}（{count}项）"
        if isinstance(node, ir.Fact | ir.Defined):
            return f"{to_text(node)} 为 {self.show(interpretation.eval(node), node.type)}"
        return f"{self.word('fails')}：{to_text(node)}"

    def _comparison(self, node: ir.Compare) -> str:
        interpretation = self._interpretation()
        left, right = interpretation.eval(node.left), interpretation.eval(node.right)
        one = self._valued(node.left, left)
        other = self._valued(node.right, right)
        word = compare_word(node.op, node.left.type)
        shown = f"{one} 须{word} {other}"
        if difference := self._difference(node, left, right):
            shown += f"，{difference}"
        return shown

    def _valued(self, node: ir.Expr, value: Any) -> str:
        text, shown = to_text(node), self.show(value, node.type)
        return shown if text == shown else f"{text}（{shown}）"

    def _difference(self, node: ir.Compare, left: Any, right: Any) -> str:
        if isinstance(left, date) and isinstance(right, date) and node.op not in ("=", "≠"):
            early, late = sorted((left, right))
            key = "lacks" if left <= right else "over"
            days = 1 if node.op in ("<", ">") and early == late else 0
            return f"{self.word(key)}{period_text(gap(early, late))}" if not days else ""
        numeric = isinstance(t.solid(node.left.type), t.Number) or node.left.type == t.MONEY
        if numeric and node.op not in ("=", "≠") and left != right:
            key = "lacks" if left < right else "over"
            return f"{self.word(key)}{show(abs(left - right), node.left.type)}"
        return ""

    # --- the whole tree

    def tree(self, names: list[str]) -> list[str]:
        """Values with the rules, conditions and values they rest on, indented."""
        if self.decision.interpretation is None:
            return self.results()
        teller = _Tree(self)
        for name in names:
            teller.definition(name, None, 0)
        return teller.lines

    def why(self, name: str) -> list[str]:
        """Where a result or derived value comes from; for a member, what keeps it from applying."""
        known = self._interpretation().program.definitions
        return self.tree([name]) if name in known else self.why_not(name)

    def why_not(self, name: str) -> list[str]:
        """Why a value is not otherwise: the rules that did not apply, and what kept them from it.

        `name` is a result or derived value, or a member of an enumeration (why not this one?).
        """
        interpretation = self._interpretation()
        lines: list[str] = []
        if name in interpretation.program.definitions:
            value = interpretation.definition(name, None)
            kind = interpretation.program.definitions[name].definition.type
            lines.append(f"{name} 为 {self.show(value, kind)}")
            lines += self._not_applied(name, None)
            return lines
        for enum in self.engine.rulebook.enums:
            if name in enum.members:
                lines += self._member_against(enum, name)
        return lines

    def _not_applied(self, name: str, subject: Any) -> list[str]:
        interpretation = self._interpretation()
        plan = interpretation.program.definitions[name]
        lines: list[str] = []
        with bound(interpretation, plan.variable, subject):
            winners = interpretation.applied.get(name if subject is None else (name, subject), ())
            for rule in _all_plans(plan.rules(subject)):
                if rule in winners:
                    if interpretation.eval(rule.value) is False:
                        lines += self._why_false(rule)
                elif rule.condition is not None:
                    lines += self._rule_against(rule, rule.condition)
        return lines

    def _why_false(self, rule: RulePlan) -> list[str]:
        lines = [f"  {rule.rule.clause or ''} {rule.rule.name}"]
        return lines + [f"    · {line}" for line in self.against(rule.value)]

    def _rule_against(self, rule: RulePlan, condition: ir.Expr) -> list[str]:
        against = list(self.against(condition))
        if self._interpretation().eval(condition) is not False or not against:
            return []
        head = f"  {rule.rule.clause or ''} {rule.rule.name}：{self.word('not_because')}"
        return [head, *(f"    · {line}" for line in against)]

    def _member_against(self, enum: t.Enum, member: str) -> list[str]:
        interpretation = self._interpretation()
        lines: list[str] = []
        for name, plan in interpretation.program.definitions.items():
            definition = plan.definition
            if definition.scope != enum.name or definition.type != t.BOOL:
                continue
            if interpretation.definition(name, member) is False:
                lines.append(f"{member} 的 {attribute(name)} 为 否")
                lines += self._not_applied(name, member)
        for requirement in interpretation.program.requirements[enum.name][member]:
            holds = interpretation.requirement(requirement, member)
            if holds is False:
                lines += self._failed(Required(requirement, member, holds))
        return lines

    # --- shared

    def show(self, value: Any, kind: t.Type) -> str:
        """A value as people read it, or what it waits for."""
        if value.__class__ in INCOMPLETE:
            paths = "、".join(sorted(missing_of(value), key=self.engine.fact_key))
            return f"{self.word('open')}（{self.word('missing')} {paths}）"
        if isinstance(kind, t.Record):
            return str(value)
        return show(value, kind)

    def _interpretation(self) -> Interpretation:
        assert self.decision.interpretation is not None
        return self.decision.interpretation


class _Tree:
    """Walks a decision downwards, each value told once."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.of = account._interpretation()
        self.lines: list[str] = []
        self._told: set[Any] = set()

    def definition(self, name: str, subject: Any, depth: int) -> None:
        """A value, the rules that gave it, and below them what those rest on."""
        plan = self.of.program.definitions[name]
        definition = plan.definition
        value = self.of.definition(name, subject)
        owner = f"{subject} 的 " if subject is not None else ""
        label = f"{owner}{definition.attribute} 为 {self.account.show(value, definition.type)}"
        key = (name, subject)
        if key in self._told:
            self._line(depth, f"{label}（{self.account.word('above')}）")
            return
        self._told.add(key)
        self._line(depth, label)
        with bound(self.of, plan.variable, subject):
            winners = self.of.applied.get(name if subject is None else key, ())
            for winner in winners:
                self._rule(winner, depth + 1)
            if not winners:
                self._line(depth + 1, self.account.word("otherwise"))

    def _rule(self, plan: RulePlan, depth: int) -> None:
        rule = plan.rule
        origin = f"《{rule.origin}》" if rule.origin else ""
        if rule.clause is not None:
            self._line(depth, f"{origin}{rule.clause} {rule.name}")
        if plan.condition is not None:
            self.condition(plan.condition, depth + 1)
        self.uses(plan.value, depth + 1)

    def condition(self, node: ir.Expr, depth: int) -> None:
        """A condition with its value, its parts below it."""
        items = node.items if isinstance(node, ir.And) else (node,)
        for item in items:
            value = self.of.eval(item)
            mark = {True: "✓", False: "✗"}.get(value, "?") if isinstance(value, bool) else "?"
            self._line(depth, f"{mark} {to_text(item)}")
            self.uses(item, depth + 1)
            if value is False:
                return

    def uses(self, node: ir.Expr, depth: int) -> None:
        """The facts and values an expression reads, those of filters left inside them."""
        match node:
            case ir.Defined(name, None):
                self.definition(name, None, depth)
            case ir.Defined(name, subject) if subject is not None:
                member = self.of.eval(subject)
                if isinstance(member, str):
                    self.definition(name, member, depth)
            case ir.Satisfied(group, subject) | ir.Failing(group, subject):
                member = None if subject is None else self.of.eval(subject)
                if member.__class__ not in INCOMPLETE:
                    self._requirements(group, member, depth)
            case ir.Fact(path):
                value = self.account.show(self.of.eval(node), node.type)
                self._line(depth, f"{path}：{value}")
            case ir.Filter() | ir.ForAll() | ir.Map() | ir.Best():
                value = self.account.show(self.of.eval(node), node.type)
                self._line(depth, f"{to_text(node)}：{value}")
                self._kept(node, depth + 1)
            case ir.And(items):
                self._until(items, False, depth)
            case ir.Or(items):
                self._until(items, True, depth)
            case ir.If(condition, then, otherwise):
                self.uses(condition, depth)
                chosen = self.of.eval(condition)
                if chosen is not False:
                    self.uses(then, depth)
                if chosen is not True:
                    self.uses(otherwise, depth)
            case _:
                for child in children(node):
                    self.uses(child, depth)

    def _until(self, items: tuple[ir.Expr, ...], deciding: bool, depth: int) -> None:
        for item in items:
            if self.of.eval(item) is deciding:
                self.uses(item, depth)
                return
        for item in items:
            self.uses(item, depth)

    def _kept(self, node: ir.Filter | ir.ForAll | ir.Map | ir.Best, depth: int) -> None:
        """What a list of members rests on: each member's own values."""
        self.uses(node.of, depth) if not isinstance(node.of, ir.Members) else None
        if not isinstance(node, ir.Filter):
            return
        items = self.of.eval(node.of)
        kept = self.of.eval(node)
        shown = kept if isinstance(kept, tuple) and kept else items
        for item in shown if isinstance(shown, tuple) else ():
            if isinstance(item, str):
                with bound(self.of, node.variable, item):
                    self.uses(node.condition, depth)

    def _requirements(self, group: str, subject: Any, depth: int) -> None:
        for requirement in self.of.program.requirements[group][subject]:
            holds = self.of.requirement(requirement, subject)
            key = (requirement.name, subject)
            if key in self._told:
                continue
            self._told.add(key)
            mark = "✓" if holds is True else "✗" if holds is False else "?"
            whom = f"（{subject}）" if subject is not None else ""
            self._line(depth, f"{mark} {requirement.clause} {requirement.name}{whom}")
            with bound(self.of, requirement.variable, subject):
                if requirement.when is None or self.of.eval(requirement.when) is not False:
                    if holds is False:
                        for line in self.account.against(requirement.must):
                            self._line(depth + 1, f"· {line}")
                    self.uses(requirement.must, depth + 1)

    def _line(self, depth: int, text: str) -> None:
        line = "  " * depth + text
        if not self.lines or self.lines[-1] != line:
            self.lines.append(line)


def _all_plans(rules: tuple[RulePlan, ...]) -> Iterator[RulePlan]:
    for rule in rules:
        yield rule
        yield from _all_plans(rule.exceptions)
