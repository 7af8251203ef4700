"""Looking, from a thread of its own, how far other work has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def looking(look: Callable[[], None], every: float) -> Iterator[None]:
    """Calls `look` every so many seconds while the work goes on."""
    ended = Event()

    def watch() -> None:
        while not ended.wait(every):
            look()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
