"""Finds the Chromium or Chrome of this machine and starts it without a window; it installs nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
PATHS = (
    "/usr/bin/chromium",
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (  # no sandbox inside containers; nothing that calls home
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # by rows, not an item a line  # fmt: skip
LEFT_OUT = (
    "the browser tests were left out: no Chromium or Chrome was found. To add one: apt-get install chromium "
    "(or set BROWSER_PATH to one)"
)


def must_run() -> bool:
    """Whether the browser tests fail where they cannot run, as CI wants it."""
    return os.environ.get("BROWSER_TESTS") == "required"


def find_chromium() -> str | None:
    """What BROWSER_PATH names; else the first on the PATH, else the first at a usual place."""
    given = os.environ.get("BROWSER_PATH")
    if given:
        return given if os.access(given, os.X_OK) else None
    on_path = (shutil.which(name) for name in NAMES)
    return next((found for found in (*on_path, *PATHS) if found and Path(found).exists()), None)


def launch(playwright: Playwright, path: str) -> Browser:
    """One browser without a window."""
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))
