"""A rulebook and the changes to it: what comes out is what somebody would have written whole."""

import attrs
import pytest

from luling.compiler.diagnostics.diagnostic import Finding, has_errors
from luling.compiler.ir.rulebook import Amended, Rulebook
from luling.compiler.pipeline import Version, compile_rulebook
from luling.compiler.source import SourceFile, Span
from luling.compiler.syntax import ast

BASE = """规则书 借书
  机关 「某馆」
  版本 「1」

枚举 证：儿童证、成人证

事实 人
  证：证
  借出：整数（册）
  日期：日期

结果 可借：整数（册） 为 若 人.借出 超过 上限（人.证，规格） 则 0册
  否则 上限（人.证，规格） 减 人.借出
结果 应还：日期 为 人.日期 起满 期限

枚举 书：平装、精装

派生 规格：书 为 平装

## 一 上限

> 一、儿童证最多借2册，成人证最多借5册；精装减半。

表 上限：整数（册）
  行 证
  列 书
  |        | 平装 | 精装 |
  |--------|------|------|
  | 儿童证 | 2册  | 1册  |
  | 成人证 | 5册  | 2册  |

示例 成人
  设 人.证 为 成人证，人.借出 为 1册，人.日期 为 2025-01-01
  得 可借 为 4册

## 三 期限

> 三、借期30日。

参数 期限：期间 为 30日

示例 一月一日
  沿用 成人
  得 应还 为 2025-01-31
"""


def source(text: str, name: str = "甲.luling") -> SourceFile:
    """A file."""
    return SourceFile(name, text)


def base(text: str = BASE, **more: object) -> Version:
    """A rulebook to be amended, with what is said of it."""
    sources = [source(text, "原/甲.luling")]
    _, findings = compile_rulebook(sources)
    assert not has_errors(findings)
    return Version(sources, findings=findings)


def amended(changes: str, *versions: Version) -> tuple[Rulebook, list[Finding]]:
    """What comes of some changes."""
    text = f"规则书 借书（修订）\n  修订 「../原」\n{changes}"
    return compile_rulebook([source(text)], amended=versions or (base(),))


def fine(changes: str, *versions: Version) -> Rulebook:
    """The rulebook that some changes make, nothing being wrong with it."""
    rulebook, findings = amended(changes, *versions)
    assert [finding.message() for finding in findings] == []
    return rulebook


def as_whole(rulebook: Rulebook) -> Rulebook:
    """A rulebook without what it says of its being an amendment."""
    examples = tuple(attrs.evolve(e, inherited=False) for e in rulebook.examples)
    return attrs.evolve(rulebook, amends=None, repeals=(), renamings=(), examples=examples)


def test_an_amended_rulebook_is_the_one_written_whole() -> None:
    changes = """
## 一

> 一、儿童证最多借3册，成人证最多借5册；精装减半。

表 上限
  | 儿童证 | 3册 | 1册 |

## 二 逾期

> 二、逾期的，不得再借。

例外 逾期 优先于 一般
  当 人.日期 早于 2020-01-01
  甲 为 否
"""
    rules = "结果 甲：是否\n规则 一般\n  甲 为 是\n"
    whole = BASE.replace("最多借2册", "最多借3册").replace("| 儿童证 | 2册", "| 儿童证 | 3册")
    new_clause = changes[changes.index("## 二") :]
    whole = whole.replace("## 三", f"{new_clause}\n## 三").replace(
        "枚举 证", f"{rules}\n枚举 证", 1
    )
    whole = whole.replace("规则书 借书\n", "规则书 借书（修订）\n").replace("  版本 「1」\n", "")
    found = fine(changes, base(BASE.replace("枚举 证", f"{rules}\n枚举 证", 1)))
    wanted, findings = compile_rulebook([source(whole)])
    assert findings == []
    assert as_whole(found) == wanted
    assert [clause.id for clause in found.clauses_as_written] == ["一", "二", "三"]


def test_what_is_not_changed_is_the_same() -> None:
    rulebook, _ = compile_rulebook([source(BASE)])
    about = attrs.evolve(rulebook, title="借书（修订）", version="")
    assert as_whole(fine("")) == about
    assert fine("").amends == Amended("借书", "", "1", "../原")
    assert fine("").authority == "某馆"


def test_places_are_where_an_entry_was_written() -> None:
    table = fine("表 上限\n  | 儿童证 | 3册 | 1册 |\n").tables[0]
    files = {key: span.file for key, span in table.cell_spans.items()}
    assert files["儿童证", "平装"] == "甲.luling"
    assert files["成人证", "平装"] == "原/甲.luling"


def test_a_replaced_entry_stays_under_its_clause_unless_it_stands_under_another() -> None:
    said = "参数 期限：期间 为 60日\n"
    here, there = fine(said), fine(f"## 一\n{said}")
    assert here.definition["期限"].clause == "三"
    assert there.definition["期限"].clause == "一"


@pytest.mark.parametrize(
    ("clause", "order"),
    [("首部", 0), ("一（一）", 1), ("二", 1), ("三（一）", 2), ("四", 2), ("尾部", 2)],
)
def test_a_new_clause_stands_where_the_law_has_it(clause: str, order: int) -> None:
    found = fine(f"## {clause}\n\n> 甲。\n不执行 「无。」\n")
    assert [c.id for c in found.clauses_as_written].index(clause) == order


def test_examples_are_inherited_and_a_restated_one_is_not() -> None:
    found = fine("示例 成人\n  设 人.证 为 成人证，人.借出 为 2册\n  得 可借 为 3册\n")
    assert [(e.name, e.inherited) for e in found.examples] == [("成人", False), ("一月一日", True)]
    assert [e.name for e in found.own_examples] == ["成人"]
    assert found.examples[1].case == {"人": {"证": "成人证", "借出": 2}}


def test_an_inherited_example_leaves_out_what_is_gone() -> None:
    found = fine(
        "废止 事实 人.日期 「不看。」\n废止 结果 应还 「不看。」\n废止 参数 期限 「不看。」\n"
    )
    first, second = found.examples
    assert first.case == {"人": {"证": "成人证", "借出": 1}}
    assert [e.name for e in first.expectations] == ["可借"]
    assert second.expectations == ()


def test_an_inherited_example_leaves_out_a_member_that_is_gone() -> None:
    """Unknown, not none."""
    changes = """枚举 证：儿童证

表 上限：整数（册）
  行 证
  列 书
  |        | 平装 | 精装 |
  | 儿童证 | 2册  | 1册  |
"""
    assert fine(changes).examples[0].case == {"人": {"借出": 1, "日期": "2025-01-01"}}


def test_a_repealed_clause_takes_those_below_with_it_and_leaves_its_examples() -> None:
    longer = f"{BASE}\n## 三（一） 续借\n\n> （一）可以续借。\n\n结果 续借：是否 为 是\n"
    found = fine("结果 应还：日期 为 人.日期\n\n## 三\n废止 「另定。」\n", base(longer))
    assert [clause.id for clause in found.clauses] == ["一"]
    assert [d.name for d in found.results] == ["可借", "应还"]
    assert [(e.name, e.clause) for e in found.examples] == [("成人", "一"), ("一月一日", None)]
    assert [(r.kind, r.name, r.reason) for r in found.repeals] == [("条款", "三", "另定。")]


def test_a_name_of_the_amendment_makes_nothing_of_the_base_ambiguous() -> None:
    """Where 甲且乙 is a name in the amendment, it is two names and a word in the base still."""
    text = "规则书 甲\n事实 人\n  甲：是否\n  乙：是否\n派生 甲：是否 为 人.甲\n"
    text += "派生 乙：是否 为 人.乙\n结果 丙：是否 为 甲且乙\n"
    found = fine("派生 「甲且乙」：是否 为 人.甲\n结果 丁：是否 为 「甲且乙」\n", base(text))
    assert [d.name for d in found.results] == ["丙", "丁"]


def test_a_renaming_is_carried_out_wherever_the_name_is_used() -> None:
    found = fine(
        "更名 枚举 证.成人证 为 普通证\n更名 事实 人.借出 为 在借\n更名 表 上限 为 最多\n"
        "更名 示例 成人 为 普通\n更名 结果 可借 为 还可借\n"
    )
    assert found.enum["证"].members == ("儿童证", "普通证")
    assert found.examples[0].case["人"] == {"证": "普通证", "在借": 1, "日期": "2025-01-01"}
    assert [e.name for e in found.examples[0].expectations] == ["还可借"]
    assert found.examples[1].base == "普通"
    assert [(r.kind, r.old, r.new) for r in found.renamings] == [
        ("枚举", "证.成人证", "证.普通证"), ("事实", "人.借出", "人.在借"), ("表", "上限", "最多"),
        ("示例", "成人", "普通"), ("结果", "可借", "还可借"),
    ]  # fmt: skip


def test_a_fact_can_move_to_another_group() -> None:
    """Where the amendment declares it, and nowhere else."""
    found = fine("更名 事实 人.日期 为 借阅.日期\n\n事实 借阅\n  日期：日期\n")
    assert list(found.facts) == ["人.证", "人.借出", "借阅.日期"]
    assert found.examples[0].case["借阅"] == {"日期": "2025-01-01"}


def test_a_rule_of_the_same_name_as_a_value_keeps_its_name() -> None:
    text = "规则书 甲\n结果 乙：整数\n规则 乙\n  乙 为 1\n"
    found = fine("更名 结果 乙 为 丙\n", base(text))
    assert [(d.name, d.rules[0].name) for d in found.results] == [("丙", "乙")]


def test_a_value_of_members_is_renamed_with_all_that_gives_and_reads_it() -> None:
    text = (
        "规则书 甲\n枚举 身份：子、丑\n派生 身份 的 比例：比例\n规则 一\n  对 子\n  比例 为 10%\n"
        "规则 二\n  丑 的 比例 为 20%\n结果 乙：比例 为 丑 的 比例\n"
    )
    found = fine("更名 派生 身份的比例 为 比率\n更名 枚举 身份.丑 为 寅\n", base(text))
    assert [d.name for d in found.definitions] == ["身份的比率", "乙"]
    assert [rule.members for rule in found.definition["身份的比率"].rules] == [("子",), ("寅",)]


def test_what_must_always_hold_follows_a_renaming() -> None:
    text = (
        "规则书 甲\n事实 人\n  岁数：整数（岁）\n结果 乙：整数（岁） 为 人.岁数\n"
        "必然 长\n  随 人.岁数 提高，乙 不减\n必然 正\n  须 乙 不低于 0岁\n"
    )
    changes = "更名 事实 人.岁数 为 年龄\n更名 结果 乙 为 丙\n更名 必然 正 为 不负\n"
    stated = fine(changes, base(text)).invariants
    assert [(one.name, one.rises) for one in stated] == [("长", "人.年龄"), ("不负", None)]
    assert fine("废止 必然 正 「显然。」\n", base(text)).invariants[0].name == "长"


def test_every_path_that_the_syntax_has_is_renamed() -> None:
    """A node added to the syntax whose path names a fact or a value belongs here and there."""
    renamed = {
        ("Reference", "path"), ("Lookup", "table"), ("Target", "path"), ("Setting", "path"),
        ("InForce", "by"), ("Parameter", "by"), ("Check", "at_fault"), ("Along", "fact"),
        ("Type", "name"),
    }  # fmt: skip
    elsewhere = {("Bind", "fact")}  # names what another rulebook declares
    there = {
        (name, field.name)
        for name, node in vars(ast).items()
        if isinstance(node, type) and attrs.has(node)
        for field in attrs.fields(node)
        if "Path" in str(field.type)
    }
    assert there == renamed | elsewhere


def test_an_enumeration_is_called_as_what_it_is_written_at() -> None:
    text = (
        "规则书 甲\n事实 人\n  证：有效、失效\n"
        "结果 乙：可、否决 为 若 人.证 为 失效 则 乙.否决 否则 可\n"
        "结果 丙：乙 为 乙\n"
    )
    found = fine(
        "更名 事实 人.证 为 证件\n更名 结果 乙 为 丁\n更名 枚举 乙.否决 为 不可\n", base(text)
    )
    assert sorted(found.enum) == ["丁", "人.证件"]
    assert found.enum["丁"].members == ("可", "不可")


def test_a_name_of_an_imported_rulebook_is_not_renamed() -> None:
    one, _ = compile_rulebook([source("规则书 一\n结果 数：整数 为 1\n")])
    text = "规则书 甲\n引用 一 自 「丙」\n结果 数：整数 为 2\n结果 和：整数 为 数 加 一.数\n"
    found = fine("更名 结果 数 为 本数\n", Version([source(text, "原/甲.luling")], {"丙": one}))
    assert sorted(found.definition) == ["一.数", "和", "本数"]


def test_an_amendment_of_an_amendment_knows_how_names_were_changed_before() -> None:
    first = source(
        "规则书 借书（一）\n  修订 「../原」\n更名 结果 可借 为 还可借\n", "一/甲.luling"
    )
    found = fine(
        "更名 结果 还可借 为 余额\n更名 结果 应还 为 归还日\n", base(), Version([first])
    )  # fmt: skip
    assert [(r.old, r.new) for r in found.renamings] == [
        ("可借", "余额"), ("还可借", "余额"), ("应还", "归还日"),
    ]  # fmt: skip
    assert found.amends == Amended("借书（一）", "", "", "../原")


def test_what_is_said_of_the_base_is_not_said_again() -> None:
    text = f"{BASE}\n事实 馆\n  电话：文本\n"
    (said,) = base(text).findings
    assert said.code == "L0219"
    assert amended("", base(text))[1] == []
    _, (found,) = amended("废止 结果 应还 「不看。」\n废止 参数 期限 「不看。」\n", base(text))
    assert (found.code, found.arguments["name"]) == ("L0219", "人.日期")
    assert "这是沿用的内容：在修订里改写它，或者废止它。" in found.advice()


def test_imports_are_those_of_the_folder_they_are_named_in() -> None:
    """Two folders may call different rulebooks by the same path."""
    one, _ = compile_rulebook([source("规则书 一\n结果 数：整数 为 1\n")])
    two, _ = compile_rulebook([source("规则书 二\n结果 数：整数 为 2\n")])
    old = "规则书 甲\n引用 一 自 「../丙」\n结果 乙：整数 为 一.数\n"
    version = Version([source(old, "原/甲.luling")], {"../丙": one})
    new = "规则书 甲（修订）\n  修订 「../x/原」\n引用 二 自 「../丙」\n结果 丁：整数 为 二.数\n"
    found, findings = compile_rulebook([source(new)], {"../丙": two}, amended=[version])
    assert findings == []
    assert [(i.alias, i.title, i.path) for i in found.imports] == [
        ("一", "一", "../x/丙"), ("二", "二", "../丙"),
    ]  # fmt: skip


def test_the_head_says_only_what_is_new() -> None:
    text = (
        "规则书 甲\n  文号 「甲1号」\n  施行 自 2025-01-01 至 2025-12-31 依 人.日期\n"
        "  适用条件 人.日期 不早于 2025-01-01\n  不适用时 乙 为 0\n  不适用时 丙 为 0\n"
        "  注 「旧」\n事实 人\n  日期：日期\n结果 乙：整数 为 1\n结果 丙：整数 为 2\n"
    )
    heads = "  不适用时 丙 为 9\n  注 「新」\n废止 结果 乙 「不要。」\n"
    found = fine(heads, base(text))
    assert (found.document, found.notes) == ("", ("新",))
    assert found.in_force is not None and found.in_force.by == "人.日期"
    assert found.gate is not None and [name for name, _ in found.gate.outside] == ["丙"]


def test_a_waiver_stays_while_the_new_quotation_has_its_number() -> None:
    text = "规则书 甲\n结果 乙：整数 为 1\n## 一\n> 罚50元，再犯罚80元。\n"
    text += "不用 50元、80元 「不判罚。」\n"
    found = fine("## 一\n> 罚50元。\n", base(text))
    assert [waiver.number for waiver in found.clauses[0].waivers] == ["50元"]


def test_a_clause_that_gets_a_rule_is_inert_no_more() -> None:
    text = "规则书 甲\n结果 乙：整数，否则 0\n## 一\n> 一、从略。\n不执行 「从略。」\n"
    found = fine("## 一\n规则 新\n  乙 为 1\n", base(text))
    assert found.clauses[0].inert is None
    restated = fine("## 一\n不执行 「另定。」\n", base(text))
    assert restated.clauses[0].inert == "另定。"


def test_untested_changes_of_what_is_gone_are_forgotten() -> None:
    text = f"{BASE}\n不测 期限 “30日 → 31日”\n  理由 「没有差别。」\n"
    assert [u.inherited for u in fine("", base(text)).untested] == [True]
    found = fine(
        "废止 结果 应还 「不看。」\n废止 参数 期限 「不看。」\n废止 事实 人.日期 「不看。」\n",
        base(text),
    )
    assert found.untested == ()


def test_what_is_wrong_with_a_name_that_is_gone_says_where_it_went() -> None:
    _, (found,) = amended("废止 参数 期限 「不看。」\n")
    assert (found.code, found.arguments["name"]) == ("L0508", "期限")
    (label,) = found.labels
    assert label.span == Span("甲.luling", 29, 31)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ("废止 参数 期间 「不看。」\n", "L0504"),
        ("更名 参数 期间 为 借期\n", "L0505"),
        ("更名 参数 期限 为 上限\n", "L0506"),
        ("更名 枚举 证.成人证 为 书.成人证\n", "L0506"),
        ("参数 期限：期间 为 60日\n参数 期限：期间 为 61日\n", "L0204"),
        ("## 一\n> 甲。\n## 一\n> 乙。\n", "L0112"),
        ("## 四十x\n> 甲。\n", "L0111"),
        ("> 甲。\n", "L0110"),
    ],
)
def test_one_mistake_is_one_finding(changes: str, code: str) -> None:
    _, findings = amended(changes)
    assert [finding.code for finding in findings] == [code]
