"""The browser of the tests: the machine's own Chromium or Chrome, or the one that Playwright brings."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")

#: What a browser waits for, it waits for so long: a busy machine is no failure.
NEVER_MIND_HOW_SLOW_MS = 60_000


def chromium_path() -> str | None:
    """Return the browser to drive, None where there is none."""
    installed = (shutil.which(name) for name in NAMES)
    standing = (place for place in PLACES if Path(place).exists())
    return next((path for path in (*installed, *standing) if path), None) or _playwrights_own()


def chromium_flags() -> list[str]:
    """Return how to start it: without calls home, and as root without the sandbox that root cannot have."""
    return [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def stop_the_clock(page: Page) -> None:
    """Let no time pass on the pages to come but what a test runs it for: a busy machine would let seconds go by."""
    page.clock.install(time=0)
    page.clock.pause_at(60)


def _playwrights_own() -> str | None:
    # In a process of its own: a second Playwright beside the tests' own would refuse to start.
    asked = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    path = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.strip()
    return path if Path(path).exists() else None
