"""A live preview on loopback: pages rendered on save, findings shown in the page, browsers told.

Everything served is in memory; no path of a request ever reaches the file system.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import attrs

from luling.compiler.diagnostics.render import render

from ..rulebooks import Loaded, load_rulebook
from .collect import Examined, collect, examine
from .render import html_pages

HOST = "127.0.0.1"
_NAMES = frozenset({HOST, "localhost"})  # a page elsewhere that resolves to us has another name
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
_EVENTS = "/-/events"
_RELOAD = f'<script>new EventSource("{_EVENTS}").onmessage=()=>location.reload()</script></body>'
_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<style>:root {{ color-scheme: light dark; }} body {{ font: 1rem/1.6 system-ui; margin: 2rem; }}
pre {{ white-space: pre-wrap; border-left: 4px solid #c33; padding-left: 1rem; }}</style></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""


@attrs.frozen
class State:
    """The pages by path, and by rulebook what to show instead of any of them."""

    pages: Mapping[str, bytes]
    broken: Mapping[str, bytes]

    def page(self, path: str) -> tuple[str, bytes] | None:
        """The type and bytes at a path without its first slash, None where there is nothing."""
        name = "/".join(path.split("/")[:2])
        path = f"{path}index.html" if path.endswith("/") else path or "index.html"
        ending = path.rpartition(".")[2]
        if name in self.broken and ending == "html":
            return _TYPES[ending], self.broken[name]
        return (_TYPES[ending], self.pages[path]) if path in self.pages else None


class Preview:
    """Some rulebooks by name, their pages as they are now, and who waits for the next ones."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self.folders = folders
        self.state = State({}, {})
        self.version = 0
        self._examined: dict[str, Examined] = {}
        self._changed = threading.Condition()

    def update(self) -> None:
        """Compiles and renders all again, then wakes whoever waits. Examples take longer than the
        pages: what is known of them is shown first, and corrected where it has changed.
        """
        loaded = {name: load_rulebook(folder) for name, folder in self.folders.items()}
        self._publish(loaded)
        examined = {name: examine(one) for name, one in loaded.items() if one.ok}
        if any(found != self._examined.get(name) for name, found in examined.items()):
            self._examined |= examined
            self._publish(loaded)

    def _publish(self, loaded: Mapping[str, Loaded]) -> None:
        pages, broken = {"index.html": _list(self.folders)}, {}
        for name, one in loaded.items():
            if one.ok:
                site = collect(one, self._examined.get(name, Examined()), ".html", None)
                pages |= {f"{name}/{page}": text for page, text in html_pages(site).items()}
            else:
                broken[name] = _findings(one)
        with self._changed:
            self.state = State(pages, broken)
            self.version += 1
            self._changed.notify_all()

    def wait(self, seen: int, seconds: float) -> int:
        """The version, once it is not the one seen or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != seen, seconds)
            return self.version


def server(preview: Preview, port: int) -> ThreadingHTTPServer:
    """A server of the preview on loopback; port 0 takes a free one. Raises OSError."""

    class Bound(_Handler):
        of = preview

    found = ThreadingHTTPServer((HOST, port), Bound)
    found.daemon_threads = True
    return found


class _Handler(BaseHTTPRequestHandler):
    of: Preview
    server_version, sys_version = "luling", ""

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        found = self.of.state.page(path.removeprefix("/"))
        if self.headers.get("Host", "").rpartition(":")[0] not in _NAMES:
            self._send(403, "text/plain", b"only for this machine\n")
        elif path == _EVENTS:
            self._events()
        elif found is None:
            self._send(404, "text/html", _PAGE.format(title="没有这一页", body="").encode())
        else:
            kind, text = found
            live = text.replace(b"</body>", _RELOAD.encode()) if kind == "text/html" else text
            self._send(200, kind, live)

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def _events(self) -> None:
        """Says when there are new pages; now and then nothing, to learn whether anybody listens."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        seen = self.of.version
        try:
            while True:
                version = self.of.wait(seen, 15)
                self.wfile.write(b":\n\n" if version == seen else b"data: \n\n")
                self.wfile.flush()
                seen = version
        except OSError:
            return

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are nobody's news."""


def _findings(loaded: Loaded) -> bytes:
    told = (html.escape(render(finding, loaded.sources)) for finding in loaded.findings)
    body = "".join(f"<pre>{text}</pre>" for text in told)
    return _PAGE.format(title="规则书没有通过检查", body=body).encode()


def _list(folders: Mapping[str, Path]) -> bytes:
    items = "".join(f'<li><a href="/{name}/">{html.escape(name)}</a></li>' for name in folders)
    return _PAGE.format(title="规则书", body=f"<ul>{items}</ul>").encode()
