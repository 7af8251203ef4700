"""The command `luling`: one module for each sub-command, imported only when it is called."""

from .main import main

__all__ = ["main"]
