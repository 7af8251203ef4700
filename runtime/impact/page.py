"""An impact as a page: one HTML file that needs nothing else, and its charts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from typing import Final

import attrs

from ..pages.render import environment
from ..rulebooks import Loaded
from .build import chief
from .charts import Bar, Bars, Chart, Squares, to_svg
from .model import Breakdown, Causes, Group, Impact, Large, Matrix, Moved, Reasons, Step, Total
from .sides import Sides
from .to_json import plain_case
from .words import count, share, yuan

_MOST = 20  # groups shown of one breakdown; what is left stands in one row
_ROWS = 24  # rows shown of what went where
_SQUARES = 12  # values of a result, beyond which what went where is not drawn as squares
_CHANGES = 6  # of one clause, told
_UP_DOWN: Final = (("up", "增"), ("down", "减"))


@attrs.frozen
class Table:
    """Rows of cells; the first of each is its head, those in `numbers` are numbers."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]


@attrs.frozen
class Part:
    """A titled part of a section: what is said, drawn, and tabled."""

    title: str
    chart: Chart | None = None
    table: Table | None = None
    notes: tuple[str, ...] = ()


@attrs.frozen
class Section:
    """A section of the page."""

    title: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


@attrs.frozen
class Report:
    """All that the page shows of an impact."""

    old: Loaded
    new: Loaded
    table: str
    headline: tuple[tuple[str, str, str], ...]  # what, how much, what of it
    assumptions: tuple[str, ...]
    sections: tuple[Section, ...]
    largest: tuple[tuple[Large, tuple[Step, ...], str], ...]  # with the chief moves, and as JSON
    ranked_by: str
    method: tuple[str, ...]

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All charts, in the order of the page."""
        parts = (part for section in self.sections for part in section.parts)
        return tuple(part.chart for part in parts if part.chart is not None)


def report(impact: Impact, sides: Sides, table: str) -> Report:
    """What the page shows. `table`: what the table of cases is called."""
    sections = (
        _money(impact),
        _results(impact),
        _causes(impact),
        _groups(impact, "按事实分组", lambda one: one.dimension.of == "fact"),
        _groups(impact, "按结果分组", lambda one: one.dimension.of != "fact"),
        Section("从什么变成什么", tuple(_matrix(impact, one) for one in impact.matrices)),
        Section("理由的变化", tuple(_reasons(one) for one in impact.reasons if one.clauses)),
    )
    old, new = sides.loaded
    return Report(
        old=old,
        new=new,
        table=table,
        headline=tuple(_headline(impact)),
        assumptions=tuple(_assumptions(impact, sides)),
        sections=tuple(section for section in sections if section.parts),
        largest=tuple((one, chief(impact, sides, one), _case(one)) for one in impact.largest),
        ranked_by=impact.leading or "",
        method=tuple(_method(impact)),
    )


def to_html(shown: Report) -> bytes:
    """The page."""
    assets = resources.files("luling.runtime.pages").joinpath("assets")
    style = "".join(
        assets.joinpath(name).read_text("utf-8")
        for name in ("style.css", "versions.css", "impact.css")
    )
    drawn = {chart.name: to_svg(chart, f"c{n}") for n, chart in enumerate(shown.charts, 1)}
    return environment().get_template("impact.html").render(
        page=shown, style=style, drawn=drawn
    ).encode()  # fmt: skip


# --- the whole


def _headline(impact: Impact) -> Iterator[tuple[str, str, str]]:
    yield "案件", count(impact.cases), "两版都判定"
    yield "结果变了", count(impact.moved), f"占 {share(impact.moved, impact.cases)}"
    for total in impact.totals:
        part = f"{yuan(total.old)} → {yuan(total.new)}"
        yield f"{total.name}合计", yuan(total.difference, signed=True), part


def _case(one: Large) -> str:
    return json.dumps(plain_case(one.case), ensure_ascii=False, indent=2)


def _assumptions(impact: Impact, sides: Sides) -> Iterator[str]:
    if sides.as_if_both_applied:
        yield "两版施行的期间没有共同的一天：每个案件按两版都适用来判定。"
    for which, names in zip(("旧版", "新版"), sides.alone, strict=True):
        if names:
            yield f"只有{which}有的结果不算变化：{'、'.join(names)}。"
    if impact.without:
        yield f"表里没有这几列，不能按它们分组：{'、'.join(impact.without)}。"


def _method(impact: Impact) -> Iterator[str]:
    yield (
        "「变了」：两版都已确定、而值不同的结果，至少有一项。一版信息不足、输入有误或者规则有误，因而没有"
        "确定的结果，不算变了，列在「状态」和「不能比」里。"
    )
    if impact.totals:
        yield (
            "金额的「空」按 0 元计。「合计」是一版确定了的全部金额；「增」「减」只算两版都确定的"
            "案件，所以有「不能比」的案件时，差额不等于增减相加。金额都是精确的；图是示意，以表为准。"
        )
    if impact.causes is not None:
        yield (
            "「起因的条款」：把一条之下的改动全部改回，其余照新版，再判定同一个案件；变了的结果有一项因此不同，"
            "这一条就算一个起因。一个案件可以有几个起因，所以各条不能相加。「全部还原」是变了的结果因此都回到旧版的值。"
        )


# --- money


def _money(impact: Impact) -> Section:
    totals = impact.totals
    if not totals:
        return Section("金额", ())
    open_ = any(one.moved.open for one in totals)
    bars = tuple(
        Bar(
            one.name, (("still", one.old), ("up", one.new)),
            f"{yuan(one.old)} → {yuan(one.new)}",
        )
        for one in totals
    )  # fmt: skip
    head = ("结果", "旧版合计", "新版合计", "差额", "旧版有金额", "新版有金额")
    rows = tuple(
        (one.name, yuan(one.old), yuan(one.new), yuan(one.difference, signed=True),
         f"{count(one.old_cases)} 件", f"{count(one.new_cases)} 件")
        for one in totals
    )  # fmt: skip
    whole = Part(
        "合计",
        Bars("合计", "各项金额的合计", bars, (("still", "旧版"), ("up", "新版")), stacked=False),
        Table("各项金额的合计", head, rows, frozenset(range(1, 6))),
    )
    return Section("金额", (whole, _winners(totals, open_)))


def _winners(totals: Sequence[Total], open_: bool) -> Part:
    legend = [*_UP_DOWN, ("still", "不变"), *([("line", "不能比")] if open_ else [])]
    bars = tuple(
        Bar(
            one.name,
            (("up", one.moved.up), ("down", one.moved.down), ("still", one.moved.still),
             ("line", one.moved.open)),
            f"增 {count(one.moved.up)}，减 {count(one.moved.down)}，不变 {count(one.moved.still)}",
        )
        for one in totals
    )  # fmt: skip
    head = ["结果", "增的案件", "共增", "最多增", "减的案件", "共减", "最多减", "不变"]
    rows = tuple(
        (one.name, count(one.moved.up), yuan(one.moved.up_sum, signed=True), _most(one.most_up),
         count(one.moved.down), yuan(one.moved.down_sum, signed=True), _most(one.most_down),
         count(one.moved.still), *([count(one.moved.open)] if open_ else []))
        for one in totals
    )  # fmt: skip
    if open_:
        head.append("不能比")
    table = Table("增和减", tuple(head), rows, frozenset({1, 2, 4, 5, 7, 8}))
    title = "各项金额：多少案件增，多少案件减"
    return Part("得失", Bars("得失", title, bars, tuple(legend)), table)


def _most(one: tuple[object, int] | None) -> str:
    return "—" if one is None else f"{yuan(one[1], signed=True)}（案件 {one[0]}）"


# --- results and states


def _results(impact: Impact) -> Section:
    open_ = any(one[2] for one in impact.results)
    bars = tuple(
        Bar(name, (("up", moved),), f"{count(moved)}（{share(moved, impact.cases)}）")
        for name, moved, _ in impact.results
    )
    head = ("结果", "变了的案件", "占全部", *(["不能比"] if open_ else []))
    rows = tuple(
        (name, count(moved), share(moved, impact.cases), *([count(more)] if open_ else []))
        for name, moved, more in impact.results
    )
    each = Part(
        "各项结果",
        Bars("各项结果", "各项结果：变了的案件", bars, (("up", "变了的案件"),)),
        Table("各项结果", head, rows, frozenset({1, 2, 3})),
    ) if bars else Part("各项结果", notes=("两版没有共同的结果。",))  # fmt: skip
    return Section("结果", (each, _states(impact.states)))


def _states(states: Matrix) -> Part:
    rows = tuple(
        (f"{cell.old.shown} → {cell.new.shown}", count(cell.cases),
         _became(cell.old.text, cell.new.text))
        for cell in states.cells
    )  # fmt: skip
    return Part("状态", None, Table("状态", ("旧版 → 新版", "案件", ""), rows, frozenset({1})))


def _became(old: str, new: str) -> str:
    if old == new:
        return "没有变"
    if new == "已定":
        return "新版能定了"
    return "新版不能定了" if old == "已定" else "不能定的缘由变了"


# --- clauses


def _causes(impact: Impact) -> Section:
    found = impact.causes
    if found is None:
        return Section("起因的条款", ())
    bars = tuple(
        Bar(
            f"{one.clause or '不在条款之下'} {one.title}", (("up", one.cases),),
            f"{count(one.cases)}（{share(one.cases, found.tried)}）",
        )
        for one in found.clauses[:_MOST]
    )  # fmt: skip
    chart = Bars("起因的条款", "起因的条款：改回就不同的案件", bars, (("up", "案件"),))
    notes = [_tried(found)]
    if found.together:
        some = count(found.together)
        notes.append(f"{some} 件单独改回任何一条都不变，是几条一起的结果，没有列在表里。")
    if not bars:
        return Section("起因的条款", (Part(""),), tuple(notes))
    return Section("起因的条款", (Part("", chart, _responsible(impact, found)),), tuple(notes))


def _tried(found: Causes) -> str:
    if found.whole:
        return f"变了的 {count(found.moved)} 件全部逐条改回，重新判定过。"
    return (
        f"变了的有 {count(found.moved)} 件，按案件编号等距取了 {count(found.tried)} 件，"
        f"逐条改回，重新判定。下面的数都是这 {count(found.tried)} 件里的。"
    )


def _responsible(impact: Impact, found: Causes) -> Table:
    head = ["条款", "案件", "全部还原"]
    if impact.leading is not None:
        head += [f"{impact.leading}因它而不同", "因它多", "因它少"]
    rows = []
    for one in found.clauses:
        row = [f"{one.clause or '不在条款之下'} {one.title}", count(one.cases), count(one.restored)]
        if impact.leading is not None:
            row += [count(one.money), yuan(one.up, signed=True), yuan(one.down, signed=True)]
        rows.append((*row, _listed(one.changes)))
    return Table("起因的条款", (*head, "改动"), tuple(rows), frozenset(range(1, len(head))))


def _listed(changes: Sequence[str]) -> str:
    more = f" 等 {len(changes)} 处" if len(changes) > _CHANGES else ""
    return "；".join(changes[:_CHANGES]) + more


# --- groups


def _groups(impact: Impact, title: str, wanted: Callable[[Breakdown], bool]) -> Section:
    return Section(
        title, tuple(_breakdown(impact, one) for one in impact.breakdowns if wanted(one))
    )


def _breakdown(impact: Impact, one: Breakdown) -> Part:
    groups, rest = _shown(one.groups)
    label = one.dimension.label
    leading = impact.leading
    names = [group.value.shown for group in groups]
    if rest:
        names.append(f"其余 {len(rest)} 组")
        groups = (*groups, _together(rest, tuple(groups[0].money)))
    bars = tuple(_bar(name, group, leading) for name, group in zip(names, groups, strict=True))
    if leading is None:
        chart = Bars(label, f"按{label}：变了的案件", bars, (("up", "变了的案件"),))
    else:
        chart = Bars(label, f"按{label}：{leading}的增减", bars, _UP_DOWN)
    head = ["值", "案件", "变了", "占"]
    if leading is not None:
        head += ["增的案件", "共增", "减的案件", "共减"]
    head += [f"{name}净增减" for name in impact_money(impact)]
    rows = [_group_row(name, group, impact) for name, group in zip(names, groups, strict=True)]
    return Part(label, chart, Table(label, tuple(head), tuple(rows), frozenset(range(1, 99))))


def impact_money(impact: Impact) -> tuple[str, ...]:
    """The money results, the leading one first."""
    names = [one.name for one in impact.totals]
    return tuple(sorted(names, key=lambda name: name != impact.leading))


def _group_row(name: str, group: Group, impact: Impact) -> tuple[str, ...]:
    row = [name, count(group.cases), count(group.moved), share(group.moved, group.cases)]
    if impact.leading is not None:
        one = group.money[impact.leading]
        row += [count(one.up), yuan(one.up_sum, signed=True)]
        row += [count(one.down), yuan(one.down_sum, signed=True)]
    row += [yuan(group.money[name].net, signed=True) for name in impact_money(impact)]
    return tuple(row)


def _bar(name: str, group: Group, leading: str | None) -> Bar:
    if leading is None:
        return Bar(name, (("up", group.moved),), f"{count(group.moved)} / {count(group.cases)}")
    one = group.money[leading]
    return Bar(name, (("up", one.up_sum), ("down", one.down_sum)), yuan(one.net, signed=True))


def _shown(groups: Sequence[Group]) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """The groups to show, in their order, and those that are too many: with the fewest moves."""
    if len(groups) <= _MOST:
        return tuple(groups), ()
    ranked = sorted(range(len(groups)), key=lambda n: (-groups[n].moved, -groups[n].cases, n))
    kept = sorted(ranked[:_MOST])
    left = sorted(ranked[_MOST:])
    return tuple(groups[n] for n in kept), tuple(groups[n] for n in left)


def _together(groups: Sequence[Group], money: Sequence[str]) -> Group:
    def summed(name: str) -> Moved:
        all_ = [group.money[name] for group in groups]
        return Moved(*(sum(getattr(one, field.name) for one in all_) for field in _FIELDS))

    return Group(
        groups[0].value, sum(g.cases for g in groups), sum(g.moved for g in groups),
        {name: summed(name) for name in money},
    )  # fmt: skip


_FIELDS = attrs.fields(Moved)


# --- from what to what


def _matrix(impact: Impact, one: Matrix) -> Part:
    went = [cell for cell in one.cells if cell.old != cell.new]
    went.sort(key=lambda cell: -cell.cases)
    money = impact_money(impact)
    rows = tuple(
        (f"{cell.old.shown} → {cell.new.shown}", count(cell.cases), share(cell.cases, impact.cases),
         *(yuan(cell.money[name], signed=True) for name in money))
        for cell in went[:_ROWS]
    )  # fmt: skip
    head = ("从 → 到", "案件", "占全部", *(f"{name}净增减" for name in money))
    notes = [] if went else ["没有案件变。"]
    if len(went) > _ROWS:
        rest = sum(cell.cases for cell in went[_ROWS:])
        notes.append(f"另有 {len(went) - _ROWS} 种，共 {count(rest)} 件。")
    table = Table(one.name, head, rows, frozenset(range(1, 99))) if went else None
    return Part(one.name, _squares(one) if went else None, table, tuple(notes))


def _squares(one: Matrix) -> Squares | None:
    if len(one.rows) > _SQUARES or len(one.columns) > _SQUARES:
        return None
    rows = {value: n for n, value in enumerate(one.rows)}
    columns = {value: n for n, value in enumerate(one.columns)}
    cells = tuple(
        (rows[cell.old], columns[cell.new], cell.cases, count(cell.cases)) for cell in one.cells
    )
    return Squares(
        f"{one.name}从到", f"{one.name}：从（行，旧版）到（列，新版）",
        tuple(value.shown for value in one.rows), tuple(value.shown for value in one.columns),
        cells,
    )  # fmt: skip


def _reasons(one: Reasons) -> Part:
    found = [(r, count(r.new - r.old, signed=True)) for r in one.clauses]
    bars = tuple(Bar(r.clause, (("up", r.came), ("down", -r.went)), net) for r, net in found)
    rows = tuple(
        (r.clause, count(r.old), count(r.new), net, count(r.came), count(r.went))
        for r, net in found
    )
    head = ("条款", "旧版有", "新版有", "差", "新添", "不再有")
    legend = (("up", "新添它的案件"), ("down", "不再有它的案件"))
    chart = Bars(one.name, f"{one.name}：新添和不再有的案件", bars, legend)
    return Part(one.name, chart, Table(one.name, head, rows, frozenset(range(1, 6))))
