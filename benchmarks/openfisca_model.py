"""`part.luling` as a model of OpenFisca, vectorised as its documentation shows: parameters that are
looked up with arrays of enumerations, a variable with a formula for each step. Names are handed
over as the arrays of codes that OpenFisca works with, which is quicker than as texts.
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
from part import CLASSES, FACTS, HOMES, IDENTITIES, LEVELS, SCHOOLS, STANDARD, WAYS

PERIOD = "2026-01"
NONE = "无"
Person = build_entity(key="person", plural="persons", label="申请人", is_person=True)


def _enum(name: str, names: tuple[str, ...]) -> Any:
    return Enum(name, {each: each for each in names})


Class, Level, Way = _enum("Class", CLASSES), _enum("Level", LEVELS), _enum("Way", WAYS)
Home, School = _enum("Home", HOMES), _enum("School", SCHOOLS)
Identity = _enum("Identity", (NONE, *IDENTITIES))
ENUMS = {CLASSES: Class, LEVELS: Level, WAYS: Way, HOMES: Home, SCHOOLS: School}
PATHS = {path.replace(".", "_"): path for path in FACTS}


def _given(name: str) -> type[Variable]:
    """The variable of a fact."""
    shape = FACTS[PATHS[name]]
    body = {"entity": Person, "definition_period": MONTH, "label": name}
    if isinstance(shape, tuple):
        kind = ENUMS[shape[0]]
        first = next(iter(kind))
        body |= {"value_type": Enum, "possible_values": kind, "default_value": first}
    else:
        body["value_type"] = bool if isinstance(shape, float) else int
    return type(name, (Variable,), body)


def _computed(formula: Any) -> type[Variable]:
    """The variable of a formula: of its name, true or false unless it stands in KINDS."""
    body = {"entity": Person, "definition_period": MONTH, "label": formula.__name__}
    body |= KINDS.get(formula, {"value_type": bool}) | {"formula": formula}
    return type(formula.__name__, (Variable,), body)


# ---- who it is for: 一（一） ----


def employed(person: Any, period: Any) -> Any:
    return person("获证时_劳动关系", period) * person("获证时_参保缴费", period)


def flexible(person: Any, period: Any) -> Any:
    local = person("申请人_户籍", period) == Home["本市"]
    registered = person("获证时_灵活就业登记", period) + person("获证时_灵活就业参保", period)
    return np.where(local, registered, person("获证时_养老和医疗参保", period))


def disabled(person: Any, period: Any) -> Any:
    local = person("申请人_户籍", period) == Home["本市"]
    return local * person("获证时_残疾人", period)


def in_hardship(person: Any, period: Any) -> Any:
    local = person("申请人_户籍", period) == Home["本市"]
    return local * person("获证时_就业困难", period)


def at_college(person: Any, period: Any) -> Any:
    studying = person("获证时_在读院校", period) == School["高等院校"]
    return studying * person("获证时_毕业学年", period)


def at_vocational_school(person: Any, period: Any) -> Any:
    studying = person("获证时_在读院校", period) == School["中等职业学校"]
    return studying * person("获证时_毕业学年", period)


def jobless(person: Any, period: Any) -> Any:
    local = person("申请人_户籍", period) == Home["本市"]
    return local * person("获证时_未就业", period)


# ---- conditions: 一（四）, 二（一） ----


def in_time(person: Any, period: Any) -> Any:
    return person("申请_获证后月数", period) <= 12


def student_in_time(person: Any, period: Any) -> Any:
    return person("申请_获证后月数", period) <= 24


def employed_in_full(person: Any, period: Any) -> Any:
    return (
        person("employed", period)
        * (person("获证时_在沪就业月数", period) >= 6)
        * (person("申请_获证后月数", period) >= 6)
        * (person("申请_当年在职次数", period) < 1)
        * person("in_time", period)
    )


def college_in_full(person: Any, period: Any) -> Any:
    level = person("证书_等级", period)
    high = (level != Level["五级"]) * (level != Level["不分等级"])
    return person("at_college", period) * high * person("student_in_time", period)


def application_in_order(person: Any, period: Any) -> Any:
    proved = person("就业_申请时在沪就业", period) * person("就业_已提供材料", period)
    return (
        (person("证书_补贴类别", period) != Class["未列入"])
        * person("证书_随申办可查询", period)
        * (person("证书_取得方式", period) == Way["职业技能评价"])
        * (person("申请_当年次数", period) < 3)
        * (~person("证书_技岗匹配项目", period) + proved)
        * person("申请人_劳动年龄", period)
    )


def identity(person: Any, period: Any) -> Any:
    """The best share, then the first: as nothing can be first twice, in one order of cases."""
    order = person("application_in_order", period)
    working = person("就业_申请时在沪就业", period)
    in_time = person("in_time", period)
    college = person("college_in_full", period)
    vocational = person("at_vocational_school", period) * person("student_in_time", period)
    out_of_work = person("jobless", period) * in_time
    cases = {
        "未就业人员": [out_of_work * working, out_of_work],
        "灵活就业人员": [person("flexible", period) * in_time],
        "残疾人": [person("disabled", period) * in_time],
        "就业困难人员": [person("in_hardship", period) * in_time],
        "高校毕业学年学生": [college * working, college],
        "中职毕业学年学生": [vocational * working, vocational],
        "在职人员": [person("employed_in_full", period)],
    }
    ranked = [
        ("未就业人员", 0), ("灵活就业人员", 0), ("残疾人", 0), ("就业困难人员", 0),
        ("高校毕业学年学生", 0), ("中职毕业学年学生", 0), ("未就业人员", 1), ("在职人员", 0),
        ("高校毕业学年学生", 1), ("中职毕业学年学生", 1),
    ]  # fmt: skip
    found = np.select(
        [order * cases[name][place] for name, place in ranked],
        [np.uint8(Identity[name].index) for name, _ in ranked],
        default=np.uint8(Identity[NONE].index),
    )
    return EnumArray(found, Identity)


# ---- amounts: 一（三）, 一（四）, 二（三） ----


def eligible(person: Any, period: Any) -> Any:
    return person("identity", period) != Identity[NONE]


def standard(person: Any, period: Any, parameters: Any) -> Any:
    amounts = parameters(period).standard
    return amounts[person("证书_补贴类别", period)][person("证书_等级", period)]


def share(person: Any, period: Any, parameters: Any) -> Any:
    shares = parameters(period).shares
    taken = person("identity", period)
    working = person("就业_申请时在沪就业", period)
    return np.where(working, shares.working[taken], shares.otherwise[taken])


def amount(person: Any, period: Any) -> Any:
    return person("standard", period) * person("share", period)


def city_part(person: Any, period: Any) -> Any:
    return np.floor(person("amount", period) * 50 + 0.5) / 100


def district_part(person: Any, period: Any) -> Any:
    return person("amount", period) - person("city_part", period)


STEPS = (
    employed, flexible, disabled, in_hardship, at_college, at_vocational_school, jobless, in_time,
    student_in_time, employed_in_full, college_in_full, application_in_order, identity, eligible,
    standard, share, amount, city_part, district_part,
)  # fmt: skip
NUMBER = {"value_type": float}
KINDS = {step: NUMBER for step in (standard, share, amount, city_part, district_part)} | {
    identity: {
        "value_type": Enum,
        "possible_values": Identity,
        "default_value": Identity[NONE],
    }
}
RESULTS = {
    "可享受": "eligible",
    "享受身份": "identity",
    "补贴标准": "standard",
    "补贴比例": "share",
    "补贴金额": "amount",
    "市级承担": "city_part",
    "区级承担": "district_part",
}


def system() -> TaxBenefitSystem:
    """The model, ready."""
    found = TaxBenefitSystem([Person])
    found.add_variables(*map(_given, PATHS), *map(_computed, STEPS))
    amounts = {name: STANDARD.get(name, (0,) * len(LEVELS)) for name in CLASSES}
    plain = dict.fromkeys(IDENTITIES, 1.0) | {NONE: 0, "在职人员": 0.8}
    students = {"高校毕业学年学生": 0.8, "中职毕业学年学生": 0.8}
    found.parameters = ParameterNode(
        "",
        data={
            "standard": {n: _values(dict(zip(LEVELS, a, strict=True))) for n, a in amounts.items()},
            "shares": {
                "working": _values(plain | {"未就业人员": 1.2}),
                "otherwise": _values(plain | students),
            },
        },
    )
    return found


def _values(given: dict[str, float]) -> dict[str, Any]:
    """Parameters since the notice, as OpenFisca writes them."""
    return {name: {"values": {"2025-05-01": {"value": value}}} for name, value in given.items()}


def decide(model: TaxBenefitSystem, table: pa.Table) -> dict[str, Any]:
    """The results of all rows, an array each; zero, or 无, where Lüling has none."""
    simulation = SimulationBuilder().build_default_simulation(model, count=table.num_rows)
    for name, path in PATHS.items():
        simulation.set_input(name, PERIOD, _array(table.column(path).combine_chunks(), FACTS[path]))
    return {result: simulation.calculate(name, PERIOD) for result, name in RESULTS.items()}


def _array(column: pa.Array, shape: Any) -> Any:
    """A column as OpenFisca takes it."""
    if not isinstance(shape, tuple):
        return column.to_numpy(zero_copy_only=False)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes = np.array([shape[0].index(name) for name in column.dictionary.to_pylist()], np.uint8)
    return EnumArray(codes[column.indices.to_numpy()], ENUMS[shape[0]])
