"""Dummy."""

import os
import sys

from luling.compiler.pipeline import X


def main() -> None:
    """Dummy."""
    print(sys.argv[1:], X, os.getcwd())
