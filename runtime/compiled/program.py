"""A compiled rulebook as a program: cases in, one answer a line out.

This text is taken into every compiled function.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import IO, Any

from luling.compiler.diagnostics.catalogue import run as codes
from luling.compiler.diagnostics.entry import Both

from ..reading import Fault
from .values import Answer, answer_to, told

_USAGE = Both(
    "用法：python {program} [--lang zh|en] CASE...\n\n"
    "CASE 是 .json（一个案件）、.jsonl（一行一个案件）或 -（标准输入，一行一个）。\n"
    "一行输出一个 JSON 对象：状态、结果、缺少、错误。有案件输入有误时以 1 结束。\n",
    "usage: python {program} [--lang zh|en] CASE...\n\n"
    "CASE is a .json (one case), a .jsonl (one case a line) or - (standard input, one a line).\n"
    "Prints a JSON object a line: 状态, 结果, 缺少, 错误. Ends with 1 where a case is bad input.\n",
)


def main(words: list[str], decide: Callable[[Any, str], Answer]) -> int:
    """Decides the cases that a command line names; 0, 1 where one was at fault, 2 for wrong use."""
    language, places = "zh", list(words)
    if places[:1] == ["--lang"] and places[1:2] in (["zh"], ["en"]):
        language, places = places[1], places[2:]
    if not places or any(place.startswith("--") for place in places):
        asked = places == ["--help"]
        usage = getattr(_USAGE, language).format(program="decide.py")
        (sys.stdout if asked else sys.stderr).write(usage)
        return 0 if asked else 2
    status = 0
    try:
        for data in _texts(places):
            answer = _answer(data, decide, language)
            status = 1 if answer["错误"] else status
            line = json.dumps(answer, ensure_ascii=False) + "\n"
            sys.stdout.buffer.write(line.encode("utf-8"))
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.buffer.flush()
    return status


def _texts(places: list[str]) -> Iterator[bytes]:
    """Each case as bytes, in constant memory."""
    for place in places:
        if place == "-":
            yield from _lines(sys.stdin.buffer)
            continue
        with open(place, "rb") as file:
            if place.endswith(".jsonl"):
                yield from _lines(file)
            else:
                yield file.read()


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    return (line for line in file if line.strip())


def _answer(data: bytes, decide: Callable[[Any, str], Answer], language: str) -> Answer:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        problem = Both("不是 UTF-8 编码", "not UTF-8")
        fault = Fault(codes.NOT_AN_OBJECT, "", {"problem": problem})
        return {"状态": "输入有误", "结果": {}, "缺少": [], "错误": told([fault], language)}
    return answer_to(text, decide, language)
