"""Two versions of a small rulebook, in which everything that can be called otherwise is."""

from __future__ import annotations

from pathlib import Path

import pytest

BASE = """规则书 停车收费
  版本 「一」

单位 分钟

事实 车
  车型：小型、大型
  时长：整数（分钟）
  残障：是否
  区：东、西 或 空

结果 处理：收费、免费 为 若 费用 为 0元 则 免费 否则 收费
结果 费用：金额

## 第一条 收费

> 第一条 小型车每次5元，大型车每次8元。

规则 小型车
  费用 为 5元

例外 大型车 优先于 小型车
  当 车.车型 为 大型
  费用 为 8元

## 第二条 免费

> 第二条 停车不超过30分钟的，免费。

例外 短时停车 优先于 小型车、大型车
  当 车.时长 不超过 30分钟
  费用 为 0元
"""


@pytest.fixture
def parking(tmp_path: Path) -> Path:
    """A folder with the rulebook as `one`."""
    put(tmp_path / "one", BASE)
    return tmp_path


def put(folder: Path, text: str) -> Path:
    """A rulebook of one file."""
    folder.mkdir()
    (folder / "a.luling").write_text(text, "utf-8")
    return folder


RENAMED = """规则书 停车收费
  版本 「二」
  修订 「../one」

更名 事实 车.区 为 所在区
更名 枚举 车.车型.小型 为 微型
更名 枚举 处理.免费 为 免
更名 结果 费用 为 应缴
"""


@pytest.fixture
def renamed(parking: Path) -> Path:
    """The same with other names."""
    return put(parking / "two", RENAMED)
