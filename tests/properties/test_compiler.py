"""Is it true for all texts? No text makes the compiler raise, and it says the same each time."""

import pickle
import random
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luling.compiler.diagnostics.diagnostic import Finding
from luling.compiler.diagnostics.entry import Language
from luling.compiler.diagnostics.render import render, to_json
from luling.compiler.ir.rulebook import Rulebook
from luling.compiler.pipeline import Version, compile_rulebook
from luling.compiler.source import SourceFile
from luling.compiler.syntax.keywords import vocabulary
from luling.runtime import load_rulebook

ROOT: Final = Path(__file__).parents[2]
RULES: Final = ROOT / "rules"
RETIREMENT: Final = RULES / "statutory-retirement-age" / "2025"
FLAGSHIP: Final = RULES / "shanghai-skill-subsidy" / "2025-7"
IMPORTED: Final = "../../statutory-retirement-age/2025"
BASE: Final = re.compile(r"^```base\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK: Final = re.compile(r"^```luling[a-z ]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOKEN: Final = re.compile(r"[\u4e00-\u9fff]+|[0-9]+|\s+|\S")
ODD: Final = (
    "的为且或「」“”（）()，：、。；.|#>/=<&！％-－①·\u3000\u200b\u00a0\ue000"
    "\u0301\uff11\uff12\U00020000\r\0"
)
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

quick = settings(
    max_examples=200, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
thorough = settings(quick, max_examples=10_000, derandomize=False)
pytestmark = pytest.mark.filterwarnings("ignore:The recursion limit will not be reset")

Text = tuple[str, str]  # the name of a file and what is in it


@cache
def flagship() -> tuple[Text, ...]:
    """The files of a whole law."""
    paths = sorted(FLAGSHIP.glob("*.luling"))
    return tuple((path.name, path.read_text("utf-8")) for path in paths)


@cache
def retirement() -> Rulebook:
    """The rulebook that the flagship imports."""
    return load_rulebook(RETIREMENT).rulebook


@cache
def small_texts() -> tuple[str, ...]:
    """Whole rulebooks in one file each: a real one, those of the pages, those of the tests."""
    pages = [*ROOT.glob("docs/diagnostics/*.md"), *ROOT.glob("tests/language/**/*.md")]
    blocks = [block for page in sorted(pages) for block in BLOCK.findall(page.read_text("utf-8"))]
    real = (RETIREMENT / "retirement.luling").read_text("utf-8")
    return (real, *blocks)


@cache
def amendments() -> tuple[tuple[str, str], ...]:
    """The rulebooks that amendments of the tests change, and the changes."""
    found = []
    for page in sorted(ROOT.glob("tests/language/amendments/*/*.md")):
        text = page.read_text("utf-8")
        found += [(base, block) for base in BASE.findall(text)[:1] for block in BLOCK.findall(text)]
    return tuple(found)


@cache
def lines() -> tuple[str, ...]:
    """Lines of real rule files, to be put where they do not belong."""
    return tuple(line for _, text in flagship() for line in text.split("\n") if line.strip())


@cache
def words() -> tuple[str, ...]:
    """Words of the language, and what stands between and beside them."""
    found = vocabulary()
    own = [*found.keywords, *found.comparisons, *found.bounds, *found.functions, *found.units]
    others = "甲 乙 丙.丁 「戊」 1 6个月 2025-02-29 一（二）3".split()
    return (*sorted(own), *others, "\n", "\n  ")


def mutated(text: str, rng: random.Random) -> str:
    """The text with lines, words or characters deleted, inserted, doubled or exchanged."""
    for _ in range(rng.randint(1, 4)):
        rows = text.split("\n")
        at = rng.randrange(len(rows))
        match rng.randrange(8):
            case 0:
                del rows[at]
            case 1:
                rows.insert(at, rng.choice(lines()))
            case 2:
                rows.insert(at, rng.choice(rows))
            case 3 | 4:
                rows[at] = _mutated_words(rows[at], rng)
            case 5:
                cut = rng.randint(0, len(rows[at]))
                rows[at] = rows[at][cut:] if rng.random() < 0.5 else rows[at][:cut]
            case _:
                rows[at] = _mutated_characters(rows[at], rng)
        text = "\n".join(rows)
    return text


def _mutated_words(row: str, rng: random.Random) -> str:
    tokens = TOKEN.findall(row) or [""]
    at = rng.randrange(len(tokens))
    other = rng.choice([rng.choice(words()), rng.choice(TOKEN.findall(rng.choice(lines())))])
    match rng.randrange(4):
        case 0:
            tokens[at] = ""
        case 1:
            tokens[at] = other
        case 2:
            tokens.insert(at, other)
        case _:
            tokens.insert(at, tokens[at])
    return "".join(tokens)


def _mutated_characters(row: str, rng: random.Random) -> str:
    at = rng.randint(0, len(row))
    put = rng.choice(["", rng.choice(ODD), rng.choice(rng.choice(lines()))])
    return row[:at] + put + row[at + rng.randint(0, 1) :]


def check(texts: list[Text], base: list[Text] | None = None) -> tuple[Rulebook, list[Finding]]:
    """Compiles; what is found lies inside its file and can be told in both languages."""
    own = [SourceFile(name, text) for name, text in texts]
    amended = [Version([SourceFile(name, text) for name, text in base])] if base else []
    rulebook, findings = compile_rulebook(own, {IMPORTED: retirement()}, amended=amended)
    sources = {one.name: one for one in (*own, *(s for v in amended for s in v.sources))}
    for finding in findings:
        for span in (finding.span, *(label.span for label in finding.labels)):
            assert 0 <= span.start <= span.end <= len(sources[span.file].text)
        for language in LANGUAGES:
            told = render(finding, sources, language)
            assert told.isprintable() or "\n" in told
            assert to_json(finding, sources, language)["说明"]
    return rulebook, findings


def check_mutation(text: str, seed: int) -> None:
    """A text with a few changes compiles or is told why not."""
    check([("a.luling", mutated(text, random.Random(seed)))])


def check_mutated_amendment(which: int, seed: int) -> None:
    """So do changes of another rulebook with a few changes in them."""
    base, text = amendments()[which % len(amendments())]
    check([("b.luling", mutated(text, random.Random(seed)))], [("a.luling", base)])


def check_mutated_flagship(seed: int) -> None:
    """So does a whole law with a few changes in one of its files."""
    rng = random.Random(seed)
    texts = list(flagship())
    at = rng.randrange(len(texts))
    name, text = texts[at]
    texts[at] = (name, mutated(text, rng))
    check(texts)


def spoken(choices: list[int]) -> str:
    """Words of the language in any order, with and without spaces between them."""
    parts = [words()[choice % len(words())] + " " * (choice % 3 % 2) for choice in choices]
    return "规则书 甲\n" + "".join(parts)


seeds = st.integers(0, 2**32)
numbers = st.lists(st.integers(0, 100_000), max_size=60)


# --- no text makes the compiler raise


@quick
@given(st.text(max_size=300))
def test_no_text_makes_the_compiler_raise(text: str) -> None:
    """Whatever characters there are."""
    check([("a.luling", text)])


@quick
@given(numbers)
def test_no_order_of_words_makes_the_compiler_raise(choices: list[int]) -> None:
    """Words of the language in every order."""
    check([("a.luling", spoken(choices))])


@quick
@given(st.integers(0, 10_000), seeds)
def test_no_small_change_makes_the_compiler_raise(which: int, seed: int) -> None:
    """Rulebooks that were right, and such as had a mistake already, changed in a few places."""
    check_mutation(small_texts()[which % len(small_texts())], seed)


@quick
@given(st.integers(0, 10_000), seeds)
def test_no_small_change_of_an_amendment_makes_the_compiler_raise(which: int, seed: int) -> None:
    """What a rulebook says of another one is wrong in all sorts of ways."""
    check_mutated_amendment(which, seed)


@settings(quick, max_examples=12)
@given(seeds)
def test_no_small_change_of_a_law_makes_the_compiler_raise(seed: int) -> None:
    """A whole law changed in a few places."""
    check_mutated_flagship(seed)


@pytest.mark.long
@thorough
@given(st.text(max_size=2000))
def test_no_long_text_makes_the_compiler_raise(text: str) -> None:
    """Whatever characters there are, and many of them."""
    check([("a.luling", text)])


@pytest.mark.long
@thorough
@given(numbers)
def test_no_order_of_many_words_makes_the_compiler_raise(choices: list[int]) -> None:
    """Words of the language in every order, tried for long."""
    check([("a.luling", spoken(choices))])


@pytest.mark.long
@settings(thorough, max_examples=40_000)
@given(st.integers(0, 10_000), seeds)
def test_no_change_makes_the_compiler_raise(which: int, seed: int) -> None:
    """Small rulebooks changed, tried for long."""
    check_mutation(small_texts()[which % len(small_texts())], seed)


@pytest.mark.long
@thorough
@given(st.integers(0, 10_000), seeds)
def test_no_change_of_an_amendment_makes_the_compiler_raise(which: int, seed: int) -> None:
    """Amendments changed, tried for long."""
    check_mutated_amendment(which, seed)


@pytest.mark.long
@settings(thorough, max_examples=1_500)
@given(seeds)
def test_no_change_of_a_law_makes_the_compiler_raise(seed: int) -> None:
    """A whole law changed, tried for long."""
    check_mutated_flagship(seed)


DEEP: Final[dict[str, Callable[[int], str]]] = {
    "parentheses": lambda n: "整数 为 " + "（" * n + "人.数" + "）" * n,
    "negations": lambda n: "是否 为 " + "非 " * n + "人.数 为 1",
    "signs": lambda n: "整数 为 " + "- " * n + "人.数",
    "sums": lambda n: "整数 为 " + " 加 ".join(["人.数"] * n),
    "choices": lambda n: "整数 为 " + "若 人.数 为 1 则 2 否则 " * n + "3",
    "conditions": lambda n: "是否 为 " + " 且 ".join(["人.数 为 1"] * n),
    "items": lambda n: "是否 为 有下列情形之一：\n" + "  （1）人.数 为 1\n" * n,
    "attributes": lambda n: "整数 为 人.数" + " 的 数" * n,
    "a number": lambda n: "整数 为 " + "9" * n,
    "a numeral": lambda n: "日期 为 人.日 起满 " + "九" * n + "年",
    "a name": lambda n: "整数 为 " + "名" * n,
    "quotations": lambda n: "整数 为 " + "「" * n + "」" * n,
}


@pytest.mark.parametrize("times", [10, 1000, 5_000])
@pytest.mark.parametrize("shape", DEEP)
def test_no_depth_and_no_length_makes_the_compiler_raise(shape: str, times: int) -> None:
    """What is nested or repeated a thousand times compiles or has a finding."""
    head = "规则书 甲\n事实 人\n  数：整数\n  日：日期\n"
    check([("a.luling", f"{head}结果 结论：{DEEP[shape](times)}\n")])


# --- and it says the same each time


@pytest.mark.parametrize("seed", range(4))
def test_compiling_twice_gives_the_same(seed: int) -> None:
    """The same findings, the same rulebook, the same bytes in the cache."""
    texts = list(flagship())
    if seed:  # the first time as it is, then with changes
        name, text = texts[seed]
        texts[seed] = (name, mutated(text, random.Random(seed)))
    one, other = check(texts), check(texts)
    assert one == other
    assert pickle.dumps(one) == pickle.dumps(other)
    assert pickle.loads(pickle.dumps(one)) == one


SCRIPT: Final = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.properties import test_compiler as t
print(t.everything_said(int(sys.argv[2])))
"""


def everything_said(seed: int) -> str:
    """All that is found in many texts, and what a whole law means, as one text."""
    rng = random.Random(seed)
    said = [repr(check(list(flagship()))[0])]
    for text in small_texts():
        broken = mutated(text, rng)
        source = SourceFile("a.luling", broken)
        rulebook, findings = compile_rulebook([source], {})
        said += [render(finding, {source.name: source}) for finding in findings]
        said.append(repr(rulebook))
    return "\n".join(said)


def test_the_order_of_hashes_does_not_matter() -> None:
    """Python orders sets differently in every process; no message and no rulebook shows it."""
    command = [sys.executable, "-c", SCRIPT, str(ROOT), "7"]
    said = []
    for seed in ("1", "2"):
        found = subprocess.run(
            command, capture_output=True, check=True, env={"PYTHONHASHSEED": seed}, timeout=300
        )
        said.append(found.stdout)
    assert said[0] == said[1]
    assert len(said[0]) > 10_000
