"""A loaded rulebook → all files generated from it, by their path below its folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ..rulebooks import Loaded
from .collect import collect, examine
from .render import html_pages, markdown_pages
from .schema import case_schema, result_schema


def name_of(folder: Path) -> str:
    """Where below the output folder a rulebook's files go: its own folder and the one above."""
    whole = folder.resolve()
    return f"{whole.parent.name}/{whole.name}"


def build(loaded: Loaded, out: Path) -> dict[str, bytes]:
    """`markdown/`, `site/` and `schema/` for one rulebook. `out` is where they will lie: links to
    the rule files lead from there, where both lie in the working folder.
    """
    examined = examine(loaded)
    files: dict[str, bytes] = {}
    for kind, ending, pages in (
        ("markdown", ".md", markdown_pages),
        ("site", ".html", html_pages),
    ):
        site = collect(loaded, examined, ending, _rules_from(out / kind, loaded.folder))
        files |= {f"{kind}/{name}": text for name, text in pages(site).items()}
    schemas = {"case": case_schema, "result": result_schema}
    for name, schema in schemas.items():
        text = json.dumps(schema(loaded.rulebook), ensure_ascii=False, indent=2) + "\n"
        files[f"schema/{name}.schema.json"] = text.encode()
    return files


def _rules_from(pages: Path, rules: Path) -> str | None:
    """The way from a page to the rule files, None where it would tell of this machine."""
    here = Path.cwd()
    if pages.resolve().is_relative_to(here) and rules.resolve().is_relative_to(here):
        return Path(os.path.relpath(rules.resolve(), pages.resolve())).as_posix()
    return None
