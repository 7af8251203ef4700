"""`part.luling` as a model of OpenFisca, vectorised as its documentation shows: parameters that are
looked up with arrays of enumerations, variables with a formula each, `select` for the shares. Names
are handed over as the arrays of codes that OpenFisca works with, which is quicker than as texts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import MONTH
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from part import CLASSES, IDENTITIES, LEVELS, STANDARD, WAYS

PERIOD = "2026-01"
Person = build_entity(key="person", plural="persons", label="申请人", is_person=True)
Class = Enum("Class", {name: name for name in CLASSES})
Level = Enum("Level", {name: name for name in LEVELS})
Identity = Enum("Identity", {name: name for name in IDENTITIES})
Way = Enum("Way", {name: name for name in WAYS})


def _fact(name: str, label: str, kind: Any) -> type[Variable]:
    """A variable that is given."""
    body = {"entity": Person, "definition_period": MONTH, "label": label, "value_type": kind}
    if issubclass(kind, Enum):
        first = next(iter(kind))
        body |= {"value_type": Enum, "possible_values": kind, "default_value": first}
    return type(name, (Variable,), body)


FACTS = {
    "identity": ("申请人.身份", Identity),
    "months_employed": ("申请人.就业月数", int),
    "times_in_year": ("申请人.当年次数", int),
    "working": ("申请人.在沪就业", bool),
    "class_": ("证书.补贴类别", Class),
    "level": ("证书.等级", Level),
    "listed": ("证书.随申办可查询", bool),
    "way": ("证书.取得方式", Way),
}


class eligible(Variable):
    value_type = bool
    entity = Person
    definition_period = MONTH
    label = "可享受"

    def formula(person: Any, period: Any) -> Any:
        employed = person("identity", period) == Identity["在职人员"]
        return (
            (person("class_", period) != Class["未列入"])
            * person("listed", period)
            * (person("way", period) == Way["职业技能评价"])
            * (person("times_in_year", period) < 3)
            * (~employed + (person("months_employed", period) >= 6))
        )


class standard(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "补贴标准"

    def formula(person: Any, period: Any, parameters: Any) -> Any:
        amounts = parameters(period).standard
        return amounts[person("class_", period)][person("level", period)]


class share(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "补贴比例"

    def formula(person: Any, period: Any) -> Any:
        identity, working = person("identity", period), person("working", period)
        employee = (identity == Identity["在职人员"]) + (identity == Identity["养老家政从业人员"])
        student = (identity == Identity["高校毕业学年学生"]) + (
            identity == Identity["中职毕业学年学生"]
        )
        jobless = identity == Identity["未就业人员"]
        return np.select(
            [employee + student * ~working, jobless * working], [0.8, 1.2], default=1.0
        )


class amount(Variable):
    value_type = float
    entity = Person
    definition_period = MONTH
    label = "补贴金额"

    def formula(person: Any, period: Any) -> Any:
        return person("eligible", period) * person("standard", period) * person("share", period)


def system() -> TaxBenefitSystem:
    """The model, ready."""
    found = TaxBenefitSystem([Person])
    found.add_variables(*(_fact(name, *fact) for name, fact in FACTS.items()))
    found.add_variables(eligible, standard, share, amount)
    found.parameters = ParameterNode(
        "",
        data={
            "standard": {
                kind: {
                    level: {"values": {"2025-05-01": {"value": amounts_of(kind)[place]}}}
                    for place, level in enumerate(LEVELS)
                }
                for kind in CLASSES
            }
        },
    )
    return found


def amounts_of(kind: str) -> tuple[int, ...]:
    """The amounts of a class by level; zero where there are none, as OpenFisca has no none."""
    return STANDARD.get(kind, (0,) * len(LEVELS))


def decide(model: TaxBenefitSystem, table: pa.Table) -> dict[str, Any]:
    """The results of all rows, an array each."""
    simulation = SimulationBuilder().build_default_simulation(model, count=table.num_rows)
    for name, (path, kind) in FACTS.items():
        simulation.set_input(name, PERIOD, _array(table.column(path).combine_chunks(), kind))
    wanted = {
        "可享受": "eligible",
        "补贴标准": "standard",
        "补贴比例": "share",
        "补贴金额": "amount",
    }
    return {result: simulation.calculate(name, PERIOD) for result, name in wanted.items()}


def _array(column: pa.Array, kind: Any) -> Any:
    """A column as OpenFisca takes it."""
    if not issubclass(kind, Enum):
        return column.to_numpy(zero_copy_only=False)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    places = {member.name: member.index for member in kind}
    codes = np.array([places[name] for name in column.dictionary.to_pylist()], np.uint8)
    return EnumArray(codes[column.indices.to_numpy()], kind)
