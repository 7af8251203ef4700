"""Choices: where a case could be one thing or another, somebody says which."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

T = TypeVar("T")
_BYTE = 256


class Chooser(Protocol):
    """Says a number below another; 0 is always the simplest choice."""

    def below(self, count: int) -> int:
        """A number from 0 to count - 1."""


class Drawn:
    """Choices by some bytes, each choice by one of them as long as there are any.

    What comes after is by chance that the bytes determine; by bytes that are all 0, the simplest.
    """

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self._random = Random(data) if any(data) else None

    def below(self, count: int) -> int:
        """A number from 0 to count - 1."""
        if self._at < len(self._data) and count <= _BYTE:
            self._at += 1
            return self._data[self._at - 1] * count // _BYTE
        return 0 if self._random is None else self._random.randrange(count)


class Simplest:
    """Always the simplest choice."""

    def below(self, count: int) -> int:
        """0."""
        return 0


def pick(chooser: Chooser, options: Sequence[T]) -> T:
    """One of some options; the first is the simplest."""
    return options[chooser.below(len(options))]


def once_in(chooser: Chooser, count: int) -> bool:
    """Whether the one chance in so many came up; no is the simplest."""
    return chooser.below(count) == count - 1
