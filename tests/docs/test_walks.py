"""The tutorial and the how-to pages are walked: every file written, every command run, in order.

A page of `docs/tutorial/` or `docs/how-to/` is one walk through one folder,
which begins with copies of `rules/`, `examples/` and `docs/tutorial/`. On it,

- a block with a file behind its kind is written: ```luling 甲/a.luling
  A block that begins with the heading of a clause the file has takes the place of that clause;
  with 末尾 behind the file it is added at the end, with a clause at the end of that clause.
- a block ```diff 甲/a.luling changes lines that stand there once: those with - by those with +.
- a `console` block is run, and prints what is shown. --accept writes down what it printed.
  A command is ./luling or pytest; of what pytest prints the time it took is left out.
- a `luling` block without a file stands, word for word, in a file of the folder.
- `<!-- 同 甲 docs/tutorial/甲 -->` says that two folders are now the same.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from .test_docs import ROOT, WALKED, pattern, printed, printed_by_pytest

STEP = re.compile(
    r"^<!-- 同 (?P<left>\S+) (?P<right>\S+) -->$"
    r"|^```(?P<kind>\w+)(?: (?P<path>\S+))?(?: (?P<where>\S+))?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
BEGUN_WITH = ("rules", "examples", "docs/tutorial")


def pages() -> Iterator[Path]:
    """The pages with a step on them."""
    for folder in WALKED:
        for page in sorted((ROOT / folder).glob("*.md")):
            if STEP.search(page.read_text("utf-8")):
                yield page


@pytest.mark.parametrize("page", [*pages()], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_who_follows_a_page_sees_what_it_shows(
    page: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """From its first block to its last."""
    for name in BEGUN_WITH:
        shutil.copytree(ROOT / name, tmp_path / "here" / name)
    walk = Walk(page, tmp_path, bool(request.config.getoption("accept", default=False)))
    for step in STEP.finditer(page.read_text("utf-8")):
        walk.take(step)
    walk.finish()


class Walk:
    """One person at one page: the folder so far, and what is to be written down."""

    def __init__(self, page: Path, place: Path, accept: bool) -> None:
        self.page, self.folder, self.cache, self.accept = page, place / "here", place / "c", accept
        self.accepted: list[tuple[int, int, str]] = []

    def take(self, step: re.Match[str]) -> None:
        """Does one step and looks at what comes of it."""
        self.place = f"{self.page.name}:{step.string[: step.start()].count(chr(10)) + 1}"
        if step["left"]:
            self.compare(step["left"], step["right"])
        elif step["kind"] == "console":
            self.run(step)
        elif step["kind"] == "diff":
            self.change(self.folder / step["path"], step["text"])
        elif step["path"]:
            self.write(step["path"], step["where"], step["text"])
        else:
            assert step["kind"] == "luling", f"{self.place}: a block that nobody tries"
            self.show(step["text"])

    def change(self, path: Path, shown: str) -> None:
        """Some lines by others, where they stand once."""
        lines = shown.splitlines(keepends=True)
        assert {line[0] for line in lines} <= set("-+ "), f"{self.place}: no diff"
        old = "".join(line[1:] for line in lines if line[0] != "+")
        new = "".join(line[1:] for line in lines if line[0] != "-")
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{self.place}: stands there {text.count(old)} times"
        path.write_text(text.replace(old, new), "utf-8")

    def write(self, name: str, where: str | None, text: str) -> None:
        """A file, a clause of it, or an addition to either."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text("utf-8") if path.exists() else ""
        if path.suffix == ".txt" and before and where is None:
            assert text == before, f"{self.place}: {name} is another text"
        heading = re.match(r"## (\S+)", text)
        if where == "末尾":
            text = f"{before.rstrip()}\n\n{text}"
        elif where is not None:
            start, end = self.clause(before, where)
            text = f"{before[:end].rstrip()}\n\n{text}\n{before[end:]}".rstrip() + "\n"
        elif heading and self.has(before, heading[1]):
            start, end = self.clause(before, heading[1])
            text = f"{before[:start]}{text}\n{before[end:]}".rstrip() + "\n"
        path.write_text(text, "utf-8")

    @staticmethod
    def has(text: str, clause: str) -> bool:
        """Whether a file has the heading of a clause."""
        return bool(re.search(rf"^## {re.escape(clause)}(?!\S)", text, re.MULTILINE))

    def clause(self, text: str, clause: str) -> tuple[int, int]:
        """Where a clause stands in a file, from its heading to the next one."""
        found = re.search(rf"^## {re.escape(clause)}(?!\S).*\n(?:(?!#).*\n?)*", text, re.MULTILINE)
        assert found, f"{self.place}: no clause {clause}"
        return found.span()

    def run(self, step: re.Match[str]) -> None:
        """A command, and what it prints."""
        line, shown = step["text"].split("\n", 1)
        program, *words = shlex.split(line.removeprefix("$ "))
        assert line.startswith("$ ") and program in ("./luling", "pytest"), f"{self.place}: {line}"
        run = printed_by_pytest if program == "pytest" else printed
        told = run(words, self.folder, self.cache)
        if self.accept and "……\n" not in shown:
            self.accepted.append((*step.span("text"), f"{line}\n{told}"))
        else:
            assert re.fullmatch(pattern(shown), told), f"{self.place}:\n{told}"

    def show(self, text: str) -> None:
        """What is shown without being written is there already."""
        files = [path.read_text("utf-8") for path in self.folder.rglob("*.luling")]
        shown = re.compile(f"^{pattern(text)}", re.MULTILINE)
        assert any(shown.search(file) for file in files), f"{self.place}: stands nowhere"

    def compare(self, left: str, right: str) -> None:
        """Two folders with the same rule files; --accept makes those of the repository so."""
        made = {path.name: path.read_bytes() for path in (self.folder / left).iterdir()}
        if self.accept:
            (ROOT / right).mkdir(exist_ok=True)
            for name, content in made.items():
                (ROOT / right / name).write_bytes(content)
        assert made == {path.name: path.read_bytes() for path in (ROOT / right).iterdir()}

    def finish(self) -> None:
        """Writes down what was accepted, from the end of the page."""
        text = self.page.read_text("utf-8")
        for start, end, told in reversed(self.accepted):
            text = text[:start] + told + text[end:]
        if self.accepted:
            self.page.write_text(text, "utf-8")


def test_the_tutorial_is_walked() -> None:
    """The test above would pass on nothing."""
    walked = {page.relative_to(ROOT).as_posix() for page in pages()}
    assert "docs/tutorial/README.md" in walked
    assert len([page for page in walked if page.startswith("docs/how-to/")]) >= 6
