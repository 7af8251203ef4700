"""The latest of a list is looked for among lists that have one."""

from luling.compiler.ir.values import Period
from luling.compiler.verify.solve import Solver
from luling.compiler.verify.symbolic import diagrams
from luling.compiler.verify.terms import DOMAIN, Fact, Folded, Op, Order

DAY = Fact("人.日期", "date")


def test_a_list_without_items_has_no_latest_rather_than_one_on_day_zero() -> None:
    """No day is counted to it: asked by itself, a case with an item is found."""
    d = diagrams()
    each = d.leaf(Fact("证书[].日期", "date"))
    latest = Folded("max", "证书", d.true, each, "date", *DOMAIN["date"])
    later = Op("add", (DAY, Period(1, 0)), "date")
    days = Op("日数差", (later, latest), "integer")
    model = Solver(d, {"证书": d.true}, {}).solve([(Order(days, 30), True)])
    assert model is not None and len(model.items["证书"]) == 1
