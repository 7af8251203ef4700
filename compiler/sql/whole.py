"""One SELECT of all rows: those that are plain with their results, the others with a word why not.

Rows that are not plain must not reach what decides: it would decide them wrongly, or lose them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlglot import exp

from .build import cast, is_null, literal, name_of, named, quoted, select, star, table_of
from .dialects import Dialect
from .query import ID

_ODD: Final = "·逐行"  # no name of a rulebook begins like this
_PLAIN: Final = "·可判"  # or ends like this
_WHY: Final = (
    "这一行缺事实或有误，查询不判定，请用 luling batch / "
    "unknown or bad facts: such rows are decided by luling batch"
)


def whole(
    decide: exp.Select,
    check: exp.Select,
    relations: Iterable[str],
    types: Iterable[tuple[str, str]],
    dialect: Dialect,
) -> exp.Expr:
    """All rows, each once. What it is made of is not to be used afterwards.

    Args:
        decide: selects the results of plain rows.
        check: selects the 案件编号 of the others.
        relations: the tables of cases and lists.
        types: all columns but 案件编号, with their types.
    """
    known = set(relations)
    read = dict.fromkeys(t.name for t in decide.find_all(exp.Table) if t.name in known)
    for table in decide.find_all(exp.Table):
        if table.name in read:
            table.set("this", quoted(table.name + _PLAIN))
    # it is asked several times; Spark sees by itself that the answer is to be kept
    once = None if dialect.name == "spark" else True
    found = [exp.CTE(this=check, alias=_alias(_ODD), materialized=once)]
    found += [exp.CTE(this=_plain(name), alias=_alias(name + _PLAIN)) for name in read]
    layers = decide.args["with_"].expressions
    decide.set("with_", None)
    every = exp.Union(this=decide, expression=_odd(types), distinct=False)
    every.set("with_", exp.With(expressions=[*found, *layers]))
    return every


def _plain(relation: str) -> exp.Select:
    """The rows of a relation that belong to plain cases."""
    same = exp.EQ(this=name_of(ID, "c"), expression=name_of(ID, "o"))
    found = select([star("c")], table_of(relation, "c"), [(table_of(_ODD, "o"), same, "LEFT")])
    return found.where(is_null(name_of(ID, "o")), copy=False)


def _odd(types: Iterable[tuple[str, str]]) -> exp.Select:
    """The other rows: nothing is said of them but why."""
    columns = [name_of(ID)]
    for name, kind in types:
        why = exp.Array(expressions=[literal(_WHY)])
        columns.append(named(why if name == "错误" else cast(exp.null(), kind), name))
    return select(columns, table_of(_ODD))


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=quoted(name))
