"""The toolchain knows no policy: what a notice speaks of stands in rules/ and nowhere else."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

POLICY_WORDS = (
    "补贴",
    "证书",
    "在职人员",
    "灵活就业",
    "户籍",
    "残疾人",
    "退役",
    "退休",
    "毕业学年",
    "养老",
    "家政",
    "社会保险",
)


def test_no_word_of_a_policy_stands_in_the_toolchain() -> None:
    """Neither code nor grammar, comments and docstrings included, names what one law is about."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {word}"
        for path in toolchain_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for word in POLICY_WORDS
        if word in line
    ]
    assert not found, "\n".join(found)


def test_the_toolchain_is_there_to_be_looked_at() -> None:
    """The test above would pass on nothing."""
    assert {path.relative_to(ROOT).parts[0] for path in toolchain_files()} == {
        "compiler",
        "runtime",
        "grammar",
    }


def toolchain_files() -> Iterator[Path]:
    """Every module of the compiler and the runtime, and every file of the grammar."""
    for top in ("compiler", "runtime"):
        yield from (ROOT / top).rglob("*.py")
    yield from (path for path in (ROOT / "grammar").iterdir() if path.is_file())
