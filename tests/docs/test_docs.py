"""What the documents say is so: rulebooks compile, commands print what is shown, names exist.

With the option --accept, what the commands print is written into the README files; a block with a
line of dots in it is cut by hand.
"""

import doctest
import importlib
import inspect
import os
import pkgutil
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import attrs
import pytest

import luling.runtime
from luling.compiler.diagnostics.render import render
from luling.compiler.source import SourceFile
from luling.compiler.syntax import ast
from luling.compiler.syntax.declared import declared_in
from luling.compiler.syntax.from_text import parse
from luling.runtime.decide import Engine
from luling.runtime.examples import run_examples
from luling.runtime.rulebooks import load_rulebook

ROOT = Path(__file__).parents[2]
LANGUAGE = ROOT / "docs" / "language" / "README.md"
# -P keeps the folder off sys.path, as the launcher does.
COMMAND = [sys.executable, "-P", "-c", "from luling.runtime.cli import main; main()"]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Before the block after it, a text in a copy of the rules is replaced by another.
CHANGE = re.compile(r"<!-- 改 (\S+)：「([^」]+)」→「([^」]+)」 -->\n\n?\Z")
# Right before a rulebook, the text of its law.
LAW = re.compile(r"^```text (\S+)\n((?:(?!^```).)*)^```\n\n\Z", re.MULTILINE | re.DOTALL)
# Pages to be followed from the first block to the last: tests/docs/test_walks.py
WALKED = ("docs/tutorial", "docs/how-to")
TOPS = ("compiler", "runtime", "grammar", "rules", "tests", "docs", "benchmarks", "examples")


class Block(NamedTuple):
    """A fenced block of a document: where it begins, its kind, its text, what is changed for it."""

    path: Path
    start: int
    kind: str
    text: str
    change: tuple[str, str, str] | None

    def __str__(self) -> str:
        line = self.path.read_text("utf-8")[: self.start].count("\n") + 1
        return f"{self.path.relative_to(ROOT)}:{line}"


def documents() -> list[Path]:
    """Every document but the pages of diagnostics, whose bad cases are bad on purpose."""
    found = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(path for path in found if path.parent.name != "diagnostics")


def blocks(*kinds: str) -> Iterator[Block]:
    """The blocks of some kinds in all documents but those that are walked."""
    for path in documents():
        if path.parent.relative_to(ROOT).as_posix() in WALKED:
            continue
        text = path.read_text("utf-8")
        for found in FENCE.finditer(text):
            if found[1] in kinds:
                change = CHANGE.search(text, 0, found.start())
                changed = (change[1], change[2], change[3]) if change else None
                yield Block(path, found.start(2), found[1], found[2], changed)


# --- rule text


def is_whole(block: Block) -> bool:
    """Whether a block is a rulebook, not an excerpt of one."""
    return block.text.startswith("规则书")


@pytest.mark.parametrize("block", [*filter(is_whole, blocks("luling"))], ids=str)
def test_a_rulebook_in_a_document_compiles_and_its_examples_pass(
    block: Block, tmp_path: Path
) -> None:
    """It stands beside the real ones, as an import of one expects, and beside those above it on the
    page, each in a folder of its title.
    """
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    for above in filter(is_whole, blocks("luling")):
        if above.path == block.path and above.start <= block.start:
            folder = tmp_path / "rules" / "shown" / above.text.split("\n")[0].split()[1]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "a.luling").write_text(above.text, "utf-8")
    if law := LAW.search(block.path.read_text("utf-8"), 0, block.start - len("```luling\n")):
        (folder / law[1]).write_text(law[2], "utf-8")
    loaded = load_rulebook(folder, use_cache=False)
    assert not loaded.findings, "\n".join(render(f, loaded.sources) for f in loaded.findings)
    for outcome in run_examples(Engine(loaded.rulebook)):
        assert outcome.passed, (outcome.example.name, outcome.differences)


@pytest.mark.parametrize(
    "block", [block for block in blocks("luling") if not is_whole(block)], ids=str
)
def test_an_excerpt_stands_in_the_rules_word_for_word(block: Block) -> None:
    """In the lines of one rule file."""
    files = [path.read_text("utf-8") for path in sorted((ROOT / "rules").rglob("*.luling"))]
    assert any(re.search(f"^{pattern(block.text)}", text, re.MULTILINE) for text in files)


def pattern(shown: str) -> str:
    """What a text that is shown stands for: a line of dots is any number of lines left out."""
    return r"(?:.*\n)*?".join(map(re.escape, re.split(r"^……\n", shown, flags=re.MULTILINE)))


# --- commands


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of compiled rulebooks for all commands."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize(
    "block", [b for b in blocks("console") if b.text.startswith("$ ./luling")], ids=str
)
def test_a_command_prints_what_is_shown_under_it(
    block: Block, tmp_path: Path, cache: Path, request: pytest.FixtureRequest
) -> None:
    """Output and errors, from the folder that holds rules/ and examples/."""
    for name in ("rules", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    if block.change is not None:
        _change(tmp_path / block.change[0], *block.change[1:])
    line, shown = block.text.split("\n", 1)
    told = printed(shlex.split(line.removeprefix("$ ./luling")), tmp_path, cache)
    if request.config.getoption("accept", default=False) and "……\n" not in shown:
        _accept(block, f"{line}\n{told}")
    elif "……\n" in shown:
        assert re.fullmatch(pattern(shown), told), told
    else:
        assert shown == told


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def printed(words: list[str], folder: Path, cache: Path) -> str:
    """What a command prints in a folder, output and errors together."""
    assert words[0] != "selftest", "a test cannot show all tests"
    return _run([*COMMAND, *words], folder, cache)


def printed_by_pytest(words: list[str], folder: Path, cache: Path) -> str:
    """What pytest prints in a folder, but for how long it took."""
    told = _run([sys.executable, "-P", "-m", "pytest", *words], folder, cache)
    return re.sub(r" in [\d.]+s$", "", told, flags=re.MULTILINE)


def _run(command: list[str], folder: Path, cache: Path) -> str:
    # in CI pytest says more: a page shows what its reader sees
    not_theirs = ("PYTEST", "CI", "BUILD_NUMBER")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(not_theirs)}
    environment |= {"LC_ALL": "C.UTF-8", "COLUMNS": "80", "XDG_CACHE_HOME": str(cache)}
    done = subprocess.run(
        command, cwd=folder, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    return done.stdout.decode("utf-8")


def _accept(block: Block, text: str) -> None:
    whole = block.path.read_text("utf-8")
    block.path.write_text(whole.replace(block.text, text, 1), "utf-8")


# --- Python


def test_the_python_in_the_documents_does_what_it_shows(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    """The doctests of README.md and docs/api.md."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    for path in (ROOT / "README.md", ROOT / "docs" / "api.md"):
        text = "\n".join(
            re.findall(r"^```python\n(.*?)^```$", path.read_text("utf-8"), re.M | re.S)
        )
        test = doctest.DocTestParser().get_doctest(text, {}, path.name, str(path), 0)
        assert test.examples
        assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize(
    "name", [m.name for m in pkgutil.walk_packages(luling.runtime.__path__, "luling.runtime.")]
)
def test_the_doctests_of_the_runtime_pass(name: str) -> None:
    """Those of one module."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_doctest_of_the_package_passes() -> None:
    """That of luling.runtime itself; a module without any would pass on nothing."""
    found = doctest.testmod(luling.runtime)
    assert found.attempted > 0 and found.failed == 0


# --- names and places


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_in_a_document_leads_somewhere(path: Path) -> None:
    """A file that is there, and a heading in it."""
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target):
            name, _, anchor = target.partition("#")
            there = (path.parent / name).resolve() if name else path
            assert there.exists(), target
            assert not anchor or anchor in _anchors(there), target


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text("utf-8")), re.MULTILINE)
    return {_slug(heading) for heading in headings}


def _slug(heading: str) -> str:
    """A heading as GitHub links to it: without punctuation, spaces as hyphens."""
    kept = (c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LN")
    return "".join(kept).replace(" ", "-")


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_a_document_names_exists(path: Path) -> None:
    """Those in backticks; one with <…> or a star in it is a pattern."""
    named = set(re.findall(rf"`((?:{'|'.join(TOPS)})/[^`\s]*)`", path.read_text("utf-8")))
    places = {name for name in named if not set(name) & set("<>*{}…")}
    assert not [name for name in sorted(places) if not (ROOT / name).exists()]


def test_every_how_to_names_real_paths() -> None:
    """The test above would pass on none."""
    pages = list((ROOT / "docs" / "how-to").glob("*.md"))
    assert len(pages) >= 4
    assert all(re.search(rf"`(?:{'|'.join(TOPS)})/", p.read_text("utf-8")) for p in pages)


def test_a_name_that_a_how_to_places_in_a_module_is_there() -> None:
    """`NAME` of `path`, `NAME` in `path`."""
    found = []
    for page in (ROOT / "docs" / "how-to").glob("*.md"):
        found += re.findall(r"`(_?[A-Z]{3,})` (?:in|of)\s+`([\w/.]+)`", page.read_text("utf-8"))
    assert found
    for name, path in found:
        assert re.search(rf"^{name}\b", (ROOT / path).read_text("utf-8"), re.MULTILINE), name


def test_what_the_glossary_says_carries_a_term_exists() -> None:
    """Every `package.module.Name` in it."""
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    named = re.findall(r"`((?:compiler|runtime|testing)\.[\w.]+)`", text)
    assert named
    for name in named:
        module, _, last = f"luling.{name}".rpartition(".")
        assert hasattr(importlib.import_module(module), last), name


def test_the_architecture_says_who_may_import_whom_as_the_test_does() -> None:
    """Row by row the table of tests/architecture/test_layers.py."""
    layers = runpy.run_path(str(ROOT / "tests" / "architecture" / "test_layers.py"))
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    section = text.split("## Who may import whom")[1].split("\n## ")[0]
    told = {
        row[1]: set(re.findall(r"`([\w.]+)`", row[2]))
        for row in re.finditer(r"^\| `([\w.]+)` \| (.*) \|$", section, re.MULTILINE)
    }
    assert told == {
        home: there for home, there in layers["MAY_IMPORT"].items() if home != "compiler"
    }


def test_the_index_leads_to_every_page() -> None:
    """A page that nobody finds might as well not be there; those of diagnostics have a command."""
    index = ROOT / "docs" / "README.md"
    told = re.findall(r"\]\(([^)\s#]+)\)", index.read_text("utf-8"))
    there = {(index.parent / target).resolve() for target in told}
    pages = {path for path in documents() if path.is_relative_to(index.parent)} - {index}
    assert not [str(path.relative_to(ROOT)) for path in sorted(pages - there)]


# --- the language reference


def keywords() -> dict[str, Any]:
    """grammar/keywords.toml."""
    return tomllib.loads((ROOT / "grammar" / "keywords.toml").read_text("utf-8"))


def shown() -> str:
    """All rule text that the reference compiles."""
    return "\n".join(
        found[2] for found in FENCE.finditer(LANGUAGE.read_text("utf-8")) if found[1] == "luling"
    )


def test_the_reference_compiles_every_word_of_the_language() -> None:
    """Those that open an entry or a line, those within one, and everything said of numbers."""
    data, text = keywords(), shown()
    entries = [entry for part in ("head", "start", "inline") for entry in data[part].values()]
    words = [word for entry in entries for word in entry["words"]]
    words += [w for part in ("compare", "bound", "symbol", "function", "unit") for w in data[part]]
    assert not [word for word in words if word not in text]


def test_the_reference_compiles_every_construct() -> None:
    """Every node that the syntax has stands somewhere in it."""
    found: set[type] = set()
    for block in FENCE.finditer(LANGUAGE.read_text("utf-8")):
        if block[1] == "luling":
            source = SourceFile("a.luling", block[2])
            found |= set(nodes(parse(source, declared_in([source]))[0]))
    there = {node for node in vars(ast).values() if inspect.isclass(node) and attrs.has(node)}
    assert not [node.__name__ for node in there - found]


def nodes(value: object) -> Iterator[type]:
    """The classes of a syntax tree."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from nodes(item)
    elif (fields := getattr(type(value), "__attrs_attrs__", None)) is not None:
        yield type(value)
        for field in fields:
            yield from nodes(getattr(value, field.name))


def test_the_reference_leads_to_every_diagnostic_by_its_title() -> None:
    """In the section where it is met."""
    links = re.findall(
        r"\[(L\d{4})\]\(\.\./diagnostics/(L\d{4})\.md\) ([^·\n]+)", LANGUAGE.read_text("utf-8")
    )
    told = {code: title.strip() for code, target, title in links if code == target}
    pages = (ROOT / "docs" / "diagnostics").glob("L*.md")
    titles = {page.stem: page.read_text("utf-8").split("\n")[0][8:] for page in pages}
    assert told == titles


def test_the_reference_tells_each_comparison_as_it_is() -> None:
    """What each word means and what it is said of."""
    data = keywords()
    told = dict(_comparisons(LANGUAGE.read_text("utf-8")))
    signs = {">=": "≥", "<=": "≤"}
    of = {"date": "日期", "number": "数、金额、有次序的枚举", "any": "都可以"}
    for word, entry in data["compare"].items():
        assert told[word] == (signs.get(entry["op"], entry["op"]), of[entry["of"]]), word
    for word, entry in data["bound"].items():
        assert told[f"在 … {word}"][0] == signs.get(entry["op"], entry["op"]), word


def _comparisons(text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for row in re.finditer(r"^\| ([^|]+) \| ([≥≤<>=≠]) \| ([^|]+) \| [^|]*\|$", text, re.MULTILINE):
        for word in row[1].split("、"):
            yield word, (row[2], row[3])
