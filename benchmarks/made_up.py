"""Made-up rulebooks of any length: every kind of entry, in about the proportions of a real one.

A rulebook is a head and numbered articles. Each article quotes a text, declares what it needs, has
rules, exceptions, requirements, a reading and examples, and reads a result of the article before.
The same length gives the same text.
"""

from __future__ import annotations

from itertools import pairwise

HEAD = """\
# 甲市各项补助办法（编造，供测速）

规则书 甲市各项补助办法
  文号 「编造」
  版本 「1」
  施行 自 2024-01-01 依 申请.日期

枚举 区：东区、西区、南区、北区、中区

事实 申请
  日期：日期
    问 「哪一天申请？」
  区：区
    问 「在哪个区？」
"""

ARTICLE = """
## 第{n}条 {x}

> 第{n}条 本市居民符合下列条件的，可以按照{x}的对象类别和等次申请{x}；
> {x}的标准由市主管部门公布，并按年度调整。
> 同一年度申请{x}不得超过三次，对象类别依申请之日的状态确定。

枚举 {x}对象：{x}普通户、{x}低保户、{x}特困户、{x}优抚户
  注 「同一比例时取列在前面的对象。」

枚举 {x}等次：{x}初等、{x}中等、{x}高等
  次序 {x}初等、{x}中等、{x}高等

事实 {x}情况
  登记日期：日期
    问 「哪一天登记？」
  困难认定日期：日期 或 空
    问 「哪一天认定为困难？（没有认定的没有）」
  人数：整数（人）
    问 「家中几口人？」
  支出：金额
    问 「申请前一年的支出？」
  等次：{x}等次
    问 「评定为哪一等？」
  已参保：是否
    问 「是否参保？」
  经办人：文本，仅记录

列表 {x}记录
  日期：日期
    问 「哪一天享受的？」
  款额：金额
    问 「享受了多少？」
  等次：{x}等次
    问 「当时是哪一等？」

核对 {x}登记不晚于申请
  须 {x}情况.登记日期 不晚于 申请.日期
  错在 {x}情况.登记日期
  说明 「登记日期晚于申请日期。」

核对 {x}记录在申请之前
  每项 {x}记录
  须 日期 不晚于 申请.日期
  错在 日期
  说明 「记录的日期晚于申请日期。」

参数 {x}上限：金额
  依 申请.日期
  自 2024-01-01 为 5000元
  自 2025-01-01 为 5200元
  自 2026-01-01 为 5500元

表 {x}标准表：金额
  行 {x}对象
  列 {x}等次
  |            | {x}初等 | {x}中等 | {x}高等 |
  |------------|---------|---------|---------|
  | {x}普通户  | 800元   | 1000元  | 1500元  |
  | {x}低保户  | 1000元  | 1500元  | 2000元  |
  | {x}特困户  | 1500元  | 2000元  | 3000元  |
  | {x}优抚户  | 1500元  | 2200元  | 3200元  |

派生 {x}对象 的 {x}相符：是否，否则 否
派生 {x}对象 的 {x}比例：比例
派生 {x}对象 的 {x}款额：金额 为 {x}标准表（其，{x}情况.等次）× {x}比例
派生 {x}对象 的 {x}可得：是否 为 {x}相符 且 满足要求
派生 {x}记录 的 {x}计入当年：是否 为 年份（日期） 为 年份（申请.日期）
派生 {x}截止日：日期 为 {x}情况.登记日期 起满 6个月
派生 {x}基数：金额

结果 {x}类别：{x}对象 或 空
结果 {x}金额：金额 或 空
结果 {x}不予原因：列表 条款

解读 {x}六个月
  问 「“六个月内”的最后一日当日申请，算不算在期限内？」
  取 当日在期限内 「民法典第一千二百五十九条」
  另 当日已逾期
  理由 「“以内”包括本数。」

// 对象

规则 {x}普通户相符
  对 {x}普通户
  {x}相符 为 {x}情况.已参保 且 {x}情况.人数 不少于 2人

规则 {x}困难相符
  对 {x}低保户、{x}特困户
  当 有 {x}情况.困难认定日期
  {x}相符 为 {x}情况.困难认定日期 不晚于 申请.日期 且 {x}情况.支出 低于 30000元

规则 {x}优抚相符
  对 {x}优抚户
  {x}相符 为 同时符合下列条件：
    （1）{x}情况.已参保；
    （2）有下列情形之一：
      ① {x}情况.人数 超过 4人；
      ② {x}情况.支出 低于 1万元

规则 {x}通常比例
  {x}比例 为 80%

例外 {x}低保和特困的比例 优先于 {x}通常比例
  对 {x}低保户、{x}特困户
  {x}比例 为 100%

例外 {x}高等特困的比例 优先于 {x}低保和特困的比例
  对 {x}特困户
  当 {x}情况.等次 在 {x}高等 以上
  {x}比例 为 120%

// 条件

要求 {x}在期限内申请
  对 {x}对象
  须 申请.日期 早于 {x}截止日 或 申请.日期 为 {x}截止日 且 按解读 {x}六个月 取 当日在期限内

要求 {x}每年不超过三次
  对 {x}普通户、{x}低保户
  须 {x}记录 中 {x}计入当年 者 的 个数 加 1次 不超过 3次

要求 {x}没有享受过更高等次
  对 {x}普通户、{x}优抚户
  须 没有 {x}记录 中 等次 高于 {x}情况.等次 且 款额 大于 0元 者

要求 {x}等次已评定
  对 {x}优抚户
  当 申请.区 属于 东区、西区
  须 {x}情况.等次 不为 {x}初等

// 金额

规则 {x}类别
  {x}类别 为 {x}对象 中 {x}可得 者 按 {x}款额 最高者 同则 列前者

规则 {x}金额
  当 有 {x}类别
  {x}金额 为 较小者（{x}类别 的 {x}款额 加 {x}基数，{x}上限）

例外 {x}扣除已享受 优先于 {x}金额
  当 有 {x}类别 且 有 {x}记录 中 {x}计入当年 者
  {x}金额 为 较大者（四舍五入到元（{x}类别 的 {x}款额 减 {x}记录 的 款额 之和 ÷ 2），0元）

规则 {x}不予原因
  {x}不予原因 为 若 有 {x}类别 则 空 否则 {x}对象 中 {x}相符 者 的 未满足条款

{base}
示例 {x}普通户
  设 申请.日期 为 2025-05-01，申请.区 为 中区
  设 {x}情况.登记日期 为 2024-11-01，{x}情况.困难认定日期 为 空
  设 {x}情况.人数 为 2人，{x}情况.支出 为 40000元
  设 {x}情况.等次 为 {x}中等，{x}情况.已参保 为 是，{x}记录 为 空
  得 {x}类别 为 {x}普通户

示例 {x}晚一日
  沿用 {x}普通户
  设 {x}情况.登记日期 为 2024-10-31
  得 {x}类别 为 空，{x}不予原因 为 第{n}条

示例 {x}特困户
  沿用 {x}普通户
  设 {x}情况.困难认定日期 为 2025-01-01，{x}情况.支出 为 29999.99元
  得 {x}类别 为 {x}特困户

示例 {x}一年三次
  沿用 {x}普通户
  添 {x}记录：日期 为 2025-01-02，款额 为 100元，等次 为 {x}初等
  添 {x}记录：日期 为 2025-02-02，款额 为 100元，等次 为 {x}初等
  添 {x}记录：日期 为 2025-03-02，款额 为 100元，等次 为 {x}中等
  得 {x}类别 为 空
"""

FIRST_BASE = """\
规则 {x}基数
  {x}基数 为 0元
"""

NEXT_BASE = """\
规则 {x}基数
  {x}基数 为 若 有 {w}金额 则 {w}金额 × 1% 否则 10元
"""

_ONE = "供低助养扶励惠培安创"
_TWO = "热保学老贫才民训居业"
_THREE = "补金费贴款"


def topic(number: int) -> str:
    """The name of what an article grants: 供热补, 供热金, …; each of the first 400 has its own."""
    head, tail = divmod(number, len(_THREE))
    return _ONE[head % 10] + _TWO[head // 10 % 10] + _THREE[tail]


def made_up(lines: int) -> str:
    """A rulebook of at least so many lines, by less than an article."""
    text, number = [HEAD], 0
    count = HEAD.count("\n")
    while count < lines:
        x, w = topic(number), topic(number - 1)
        base = (NEXT_BASE if number else FIRST_BASE).replace("{x}", x).replace("{w}", w)
        article = ARTICLE.replace("{base}", base).replace("{x}", x).replace("{n}", str(number + 1))
        text.append(article)
        count += article.count("\n")
        number += 1
    return "".join(text)


def with_rules(count: int, bonus: int = 0) -> str:
    """A rulebook in which so many categories each have a rule, a requirement and an exception;
    who is in several takes the best. `bonus` is added to the share of the last one, in per cent.
    """
    names = [topic(number) for number in range(count)]
    text = [
        "规则书 甲市各类补助（编造，供测速）\n",
        "枚举 区：东区、西区、南区、北区、中区",
        f"枚举 类别：{'、'.join(names)}\n",
        "事实 申请\n  日期：日期\n  区：区",
        "事实 人\n  出生日期：日期\n  登记日期：日期\n  收入：金额\n  已参保：是否",
        *(f"  是{x}：是否" for x in names),
        "\n派生 类别 的 相符：是否，否则 否",
        "派生 类别 的 比例：比例，否则 0%",
        "派生 类别 的 可得：是否 为 相符 且 满足要求",
        "结果 享受类别：类别 或 空 为 类别 中 可得 者 按 比例 最高者 同则 列前者",
        "结果 补助金额：金额 或 空",
        "规则 补助金额\n  当 有 享受类别\n  补助金额 为 1000元 × 享受类别 的 比例\n",
    ]
    for number, x in enumerate(names):
        share = 50 + number % 40 + (bonus if number == count - 1 else 0)
        text.append(
            f"## 第{number + 1}条\n\n规则 {x}相符\n  对 {x}\n  相符 为 人.是{x} 且 人.收入 低于 {20 + number % 17}000元\n"
            f"规则 {x}比例\n  对 {x}\n  比例 为 {share}%\n"
            f"例外 {x}参保者的比例 优先于 {x}比例\n  对 {x}\n  当 人.已参保\n"
            f"  比例 为 {share + 5}%\n"
            f"要求 {x}在期限内申请\n  对 {x}\n"
            f"  须 申请.日期 不晚于 人.登记日期 起满 {6 + number % 7}个月\n"
        )
    return "\n".join(text)


def with_thresholds(count: int, moved: int = 0) -> str:
    """A rulebook in which an amount depends on in which of so many brackets an income is. The
    middle limit is `moved` up by so many yuan.
    """
    middle = count // 2
    limits = [1000 * n + (moved if n == middle else 0) for n in range(count)]
    rules = [
        f"规则 第{n + 1}档\n  当 人.收入 不低于 {low}元 且 人.收入 低于 {high}元\n"
        f"  补助金额 为 {10 * (count - n)}元\n"
        for n, (low, high) in enumerate(pairwise(limits))
    ]
    return (
        "规则书 甲市分档补助（编造，供测速）\n\n事实 人\n  收入：金额\n\n"
        "结果 补助金额：金额，否则 0元\n\n" + "\n".join(rules)
    )


def with_table(rows: int, columns: int, more: int = 0) -> str:
    """A rulebook in which an amount stands in a table. `more` yuan are added to the middle cell."""
    down, across = (_members(kind, n) for kind, n in (("行", rows), ("列", columns)))
    middle = rows // 2, columns // 2
    lines = [
        f"  | {name} | "
        + " | ".join(f"{amount(i, j) + (more if (i, j) == middle else 0)}元" for j in range(columns))
        + " |"
        for i, name in enumerate(down)
    ]
    return (
        "规则书 甲市标准表（编造，供测速）\n\n"
        f"枚举 职业：{'、'.join(down)}\n枚举 档次：{'、'.join(across)}\n\n"
        "事实 人\n  职业：职业\n  档次：档次\n\n"
        f"表 标准表：金额\n  行 职业\n  列 档次\n  |  | {' | '.join(across)} |\n"
        f"  |{'---|' * (columns + 1)}\n" + "\n".join(lines) + "\n\n"
        "结果 标准：金额 为 标准表（人.职业，人.档次）\n"
    )


def amount(row: int, column: int) -> int:
    """The yuan in a cell: most differ, some do not."""
    return 500 + (row * 37 + column * 101) % 487


def _members(kind: str, count: int) -> list[str]:
    return [f"{kind}{_ONE[number // 10]}{_TWO[number % 10]}" for number in range(count)]
