"""The group of commands: finds the module of a sub-command, and turns every user mistake into
words.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib import import_module

import click

from luling.compiler.diagnostics.entry import Both

from .words import COMMANDS, HEADINGS, said


class Formatter(click.HelpFormatter):
    """Help with its headings in the language of the locale."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """用法：luling …"""
        super().write_usage(prog, args, said(HEADINGS["Usage"]) + ": ")

    def write_heading(self, heading: str) -> None:
        """选项、命令."""
        super().write_heading(said(HEADINGS[heading]) if heading in HEADINGS else heading)


click.Context.formatter_class = Formatter


class Commands(click.Group):
    """Sub-commands by name; the module is imported when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands in the order they are met in."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a module, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        found = import_module(f".{cmd_name}", __package__).command
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with a line each, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, said(text)) for name, text in COMMANDS.items()])


_HELP = Both(
    "律令：把政策通知写成可以执行、可以解释的规则。\n\n\b\n"
    "例：luling run rules/shanghai-skill-subsidy/2025-7 examples/case.json --explain",
    "Lüling: policy notices as rules that run and explain themselves.\n\n\b\n"
    "Example: luling run rules/shanghai-skill-subsidy/2025-7 examples/case.json --explain",
)
HELP_OPTION = {"help_option_names": ["-h", "--help"]}


@click.group(cls=Commands, help=said(_HELP), context_settings=HELP_OPTION)
@click.version_option(package_name="luling", message="luling %(version)s", help="版本 / version")
def luling() -> None:
    """The whole command."""


def main(arguments: Iterable[str] | None = None) -> None:
    """Runs the command and exits: 0 fine, 1 findings, 2 wrong use."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = luling.main(
            args=None if arguments is None else list(arguments), standalone_mode=False
        )
        sys.stdout.flush()
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        sys.exit(_wrong_use(error))
    except BrokenPipeError:
        # The reader of our output has gone; Python would complain once more while shutting down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)


def _wrong_use(error: click.ClickException) -> int:
    message = _message(error)
    print(said(Both("用法有误：", "wrong use: ")) + message, file=sys.stderr)
    context = getattr(error, "ctx", None)
    if context is not None:
        advice = Both(
            f"运行 {context.command_path} --help 看用法。",
            f"see {context.command_path} --help.",
        )
        print(said(advice), file=sys.stderr)
    return 2


def _message(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            near = "、".join(error.possibilities or ())
            hint = Both(f"，是否想写 {near}？", f"; did you mean {near}?")
            text = Both(f"没有选项 {error.option_name}", f"no option {error.option_name}")
            return said(text) + (said(hint) if near else "")
        case click.MissingParameter():
            name = error.param.human_readable_name if error.param is not None else ""
            return said(Both(f"缺少 {name}", f"missing {name}"))
        case click.UsageError() if "No such command" in error.message:
            word = error.message.split("'")[1] if "'" in error.message else ""
            commands = "、".join(COMMANDS)
            text = Both(
                f"没有命令「{word}」；有：{commands}",
                f"no command 「{word}」; there are: {commands}",
            )
            return said(text)
        case _:
            return error.format_message()
