"""A browser for tests that look at pages."""

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Nothing but the pages themselves: no look-ups, no updates.
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")

in_a_browser = pytest.mark.skipif(
    CHROMIUM is None,
    reason="没有 chromium，不在浏览器里试网页（apt-get install chromium fonts-noto-cjk）",
)
