"""The cache of compiled rulebooks: never wrong, and never in the way."""

import os
import subprocess
import sys
from pathlib import Path

BROKEN = "规则书 例\n结果 费用：金额\n规则 甲\n  费用 为 1元\n规则 乙\n  费用 为 2元\n"


def test_a_broken_rulebook_found_in_the_cache_is_told_by_every_command(tmp_path: Path) -> None:
    """Its findings are of kinds that a command which did not compile it has not imported."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.luling").write_text(BROKEN, "utf-8")
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for command in ("check", "test", "check"):
        code = "from luling.runtime.cli.main import main; import sys; main(sys.argv[1:])"
        words = [sys.executable, "-c", code, command, str(tmp_path / "rules")]
        told = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
        assert "L0401" in told.stdout + told.stderr
        assert "Traceback" not in told.stderr
