"""A hypothesis strategy of valid cases for any rulebook, made from what its rules say.

A case begins as a worked example, or a plain case where there is none, gets some facts anew, and is
then aimed: at the limit of a comparison, at a rule that applies or does not, at a cell of a table.
Last it is made to agree with the checks between facts. A simpler case has fewer of all these.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from luling.compiler.ir.rulebook import FactGroup, Rulebook
from luling.runtime.decide import Engine
from luling.runtime.facts import Item
from luling.runtime.rulebooks import load

from .aims import Aims
from .chooser import Chooser, Drawn, Simplest, pick
from .domains import Domains
from .reads import Reads
from .sketch import Leaf, Sketch, copied
from .steer import Steer

Case = dict[str, Any]
_MOST_BASES = 60
_MOST_REPAIRS = 12
_ANEW = (0, 1, 2, 4, 16)  # how many facts are given other values
_AIMS = 6  # the most things a case is aimed at
_HEAD, _BYTES_ANEW, _BYTES_AIM, _KEEP, _LEFT_OUT = 3, 2, 3, 48, 8  # in bytes
_SIZE = _HEAD + _ANEW[-1] * _BYTES_ANEW + _AIMS * _BYTES_AIM + _KEEP
_REMEMBERED = 64
_LISTS_OFTEN = 3  # how much more often than a fact a list changes


def cases(
    rulebook: Engine | Rulebook | str | os.PathLike[str],
    *,
    unknown: bool = False,
    given: Mapping[str, Any] | None = None,
) -> st.SearchStrategy[Case]:
    """Valid cases of a rulebook, as JSON values that `Engine.decide` takes.

    The limits its rules speak of, and what lies beside them, are far more frequent than in life.

    Args:
        rulebook: an engine, a compiled rulebook, or the folder of one.
        unknown: whether some facts are left out, which makes them unknown.
        given: facts that every case has, as in a case: `{"甲": {"乙": 1}}`; a list as a whole.

    Raises:
        ValueError: where no valid case has what is given.
    """
    maker = _Maker(_engine(rulebook), given or {})

    def case(data: bytes) -> Case:
        sketch = maker.sketch(data[:_SIZE])
        return maker.partial(Drawn(data[_SIZE:]), sketch) if unknown else sketch.to_case()

    # One draw for all choices: of many, hypothesis makes five cases in six by copying parts of the
    # one before, which leaves most limits unmet; and a case with a byte at 0 is a simpler one.
    size = _SIZE + _LEFT_OUT if unknown else _SIZE
    return st.binary(min_size=size, max_size=size).map(case)


def _engine(rulebook: Engine | Rulebook | str | os.PathLike[str]) -> Engine:
    if isinstance(rulebook, Engine):
        return rulebook
    return Engine(rulebook) if isinstance(rulebook, Rulebook) else load(Path(rulebook))


class _Maker:
    """Makes cases of one rulebook."""

    def __init__(self, engine: Engine, given: Mapping[str, Any]) -> None:
        self.engine = engine
        self._domains = Domains(engine)
        self._reads = Reads(engine)
        self._aims = Aims(engine)
        self._given = _read(engine, given)
        self._fixed = frozenset(self._given)
        self._paths = [p for g in engine.rulebook.groups if not g.is_list for p in _fields(g)]
        self._lists = [g for g in engine.rulebook.groups if g.is_list]
        examples = self._examples()
        for facts in examples:
            self._domains.learn(facts)
        self._remembered: dict[object, dict[str, Any]] = {}
        self._bases = self._valid_bases(examples)

    # --- where a case begins

    def _examples(self) -> list[dict[str, Any]]:
        """The facts of the worked examples; those that have all come first."""
        found: list[dict[str, Any]] = []
        for example in self.engine.rulebook.examples:
            facts = self.engine.reader.read(example.case)
            if not facts.faults and facts.known not in found:
                found.append(dict(facts.known))
        whole = [facts for facts in found if all(path in facts for path in self._paths)]
        return [*whole, *(facts for facts in found if not any(facts is one for one in whole))]

    def _valid_bases(self, examples: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Valid facts to begin with: those of examples, else plain ones."""
        step = max(1, len(examples) // _MOST_BASES)
        for among in (examples[::step], [dict[str, Any]()]):
            completed = [self._completed(facts) for facts in among]
            if found := [facts for facts in completed if facts is not None]:
                return found
        told = self._why_not(examples[0] if examples else {})
        raise ValueError(f"没有一个合理的案件含有给定的事实：{told}")

    def _completed(self, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """The facts with plain values where there are none, and the given ones; None if invalid."""
        for start in range(4):
            sketch = Sketch(self.engine, self._filled(facts), self._fixed)
            chooser: Chooser = Simplest() if start == 0 else Drawn(bytes([start]))
            self._repair(chooser, sketch)
            if sketch.valid:
                return sketch.facts
        return None

    def _filled(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        known = copied({**facts, **self._given})
        fields = self.engine.rulebook.facts
        filled = {
            path: known[path] if path in known else self._domains.plain(fields[path])
            for path in self._paths
        }
        for group in self._lists:
            filled[group.name] = known.get(group.name, ())
            for item in filled[group.name]:
                for path in _fields(group):
                    name = path.rpartition(".")[2]
                    if name not in item.fields:
                        item.fields[name] = self._domains.plain(fields[path])
        return filled

    def _why_not(self, facts: Mapping[str, Any]) -> str:
        sketch = Sketch(self.engine, self._filled(facts), self._fixed)
        self._repair(Simplest(), sketch)
        return "；".join(dict.fromkeys(check.message for check, _ in sketch.broken()))

    # --- one case

    def sketch(self, data: bytes) -> Sketch:
        """A valid case by some bytes."""
        head, rest = data[:_HEAD], data[_HEAD:]
        changes, keep = rest[:-_KEEP], rest[-_KEEP:]
        sketch = Sketch(self.engine, copied(self._drafted(head, changes)), self._fixed)
        if 0 in keep:
            self._simplify(sketch, keep)
        return sketch

    def _drafted(self, head: bytes, changes: bytes) -> dict[str, Any]:
        """The facts of a valid case; remembered, as bytes that are not used make no other."""
        chooser = Drawn(head)
        aims, anew = chooser.below(_AIMS + 1), pick(chooser, _ANEW)
        base = pick(chooser, self._bases)
        at = _ANEW[-1] * _BYTES_ANEW
        used = changes[: anew * _BYTES_ANEW], changes[at : at + aims * _BYTES_AIM]
        key = (aims, id(base), used)
        if key not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = self._draft(base, *used)
        return self._remembered[key]

    def _draft(self, base: dict[str, Any], anew: bytes, aims: bytes) -> dict[str, Any]:
        sketch = Sketch(self.engine, copied(base), self._fixed)
        for at in range(0, len(anew), _BYTES_ANEW):
            self._anew(Drawn(anew[at : at + _BYTES_ANEW]), sketch)
        for at in range(0, len(aims), _BYTES_AIM) if self._aims.kinds else ():
            steered = Drawn(aims[at : at + _BYTES_AIM])
            aim = pick(steered, pick(steered, self._aims.kinds))
            self._aims.go(Steer(steered, sketch, self._domains, self._reads), aim)
        if not sketch.valid:
            self._repair(Drawn(anew + aims), sketch)
        return sketch.facts if sketch.valid else copied(base)

    def _simplify(self, sketch: Sketch, keep: bytes) -> None:
        """Takes back, one by one, what makes a case other than the first, where a byte is 0.

        So rarely by chance; but hypothesis, looking for a simpler case, takes back whatever it can.
        """
        first = self._bases[0]
        changed = [path for path in self._paths if sketch.facts[path] != first[path]]
        steps = [partial(self._take_back, sketch, path, first[path]) for path in changed]
        for group in self._lists:
            steps += [partial(self._drop, sketch, item) for item in sketch.facts[group.name]]
            steps += [
                partial(self._flatten, sketch, sketch.leaf_of(item, field.path.rpartition(".")[2]))
                for item in sketch.facts[group.name]
                for field in group.fields
            ]
        for number, step in enumerate(steps):
            if keep[number % _KEEP] == 0:
                step()

    def _take_back(self, sketch: Sketch, path: str, value: Any) -> None:
        leaf = Leaf(self.engine.rulebook.facts[path], None)
        self._try(sketch, leaf, value)

    def _flatten(self, sketch: Sketch, leaf: Leaf) -> None:
        self._try(sketch, leaf, self._domains.plain(leaf.field))

    def _try(self, sketch: Sketch, leaf: Leaf, value: Any) -> None:
        """Gives a fact a value where the case stays valid."""
        before = sketch.get(leaf)
        if sketch.set(leaf, value) and not sketch.valid:
            sketch.put(leaf, before)

    def _drop(self, sketch: Sketch, item: Item) -> None:
        """Takes an item out of its list where the case stays valid."""
        before = sketch.facts[item.of]
        if item.of in self._fixed or item not in before:
            return
        sketch.remove(item)
        if not sketch.valid:
            sketch.restore(item.of, before)

    def _anew(self, chooser: Chooser, sketch: Sketch) -> None:
        """Gives one fact another value, or a list one more item or one fewer."""
        at = chooser.below(len(self._paths) + _LISTS_OFTEN * len(self._lists))
        if not self._paths and not self._lists:
            return
        if at < len(self._paths):
            field = self.engine.rulebook.facts[self._paths[at]]
            if field.path not in self._fixed:
                sketch.facts[field.path] = self._domains.value(chooser, field, sketch, None)
                sketch.touch()
            return
        group = self._lists[(at - len(self._paths)) % len(self._lists)]
        items = sketch.facts[group.name]
        if group.name in self._fixed:
            return
        if items and chooser.below(2) == 0:
            sketch.remove(pick(chooser, items))
        else:
            sketch.add(group.name, self._domains.item(chooser, group, sketch))

    def _repair(self, chooser: Chooser, sketch: Sketch) -> None:
        """Makes the checks hold, each by the fact at fault where that can do it."""
        for attempt in range(_MOST_REPAIRS):
            found = next(sketch.broken(), None)
            if found is None:
                return
            check, env = found
            at_fault = check.at_fault
            if check.list_name is not None and at_fault not in self.engine.rulebook.facts:
                at_fault = f"{check.list_name}.{at_fault}"
            prefer = at_fault if attempt < _MOST_REPAIRS // 2 else None
            steer = Steer(chooser, sketch, self._domains, self._reads, prefer)
            steer.make(check.must, True, env)
            item = next(iter(env.values()), None)
            if attempt >= 2 and item is not None and sketch.value(check.must, env) is not True:
                if sketch.may_resize(item.of):
                    sketch.remove(item)

    def partial(self, chooser: Chooser, sketch: Sketch) -> Case:
        """A case with some facts left out; what is given stays."""
        case = sketch.to_case()
        free = [path for path in self._paths if path not in self._fixed]
        free += [group.name for group in self._lists if group.name not in self._fixed]
        free += [
            f"{group.name}[{index}].{path.rpartition('.')[2]}"
            for group in self._lists
            if group.name not in self._fixed
            for index in range(len(case[group.name]))
            for path in _fields(group)
        ]
        most = min(len(free), pick(chooser, (1, 2, 3, 6, len(free))))
        for _ in range(1 + chooser.below(most) if free else 0):
            _leave_out(case, pick(chooser, free))
        return case


def _read(engine: Engine, given: Mapping[str, Any]) -> dict[str, Any]:
    facts = engine.reader.read(given)
    if facts.faults:
        told = "；".join(f"{fault.place}：{fault.message()}" for fault in facts.faults)
        raise ValueError(f"given 有误：{told}")
    return dict(facts.known)


def _fields(group: FactGroup) -> list[str]:
    return [field.path for field in group.fields]


def _leave_out(case: Case, path: str) -> None:
    """Takes a fact out of a case; groups stay, empty, as an analyst would leave them."""
    head, _, name = path.rpartition(".")
    if not head:
        case.pop(path, None)
        return
    list_name, bracket, index = head.partition("[")
    if not bracket:
        case[head].pop(name, None)
    elif list_name in case:
        case[list_name][int(index.rstrip("]"))].pop(name, None)
