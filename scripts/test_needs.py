"""Gets what the tests need from the machine, or says loudly what will not be tested; fails under CI=true then."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.support import browser, postgres

RULE = "!" * 100


@dataclass(frozen=True)
class Need:
    """Something of the machine: how to see whether it is there, and what brings it."""

    name: str
    found: Callable[[], bool]
    debian_package: str
    otherwise: tuple[str, ...]  # a command that brings it without root; empty where there is none
    untested: str


NEEDS = (
    Need(
        "browser",
        found=lambda: browser.chromium_path() is not None,
        debian_package="chromium",
        otherwise=(sys.executable, "-m", "playwright", "install", "chromium"),
        untested="NO BROWSER: the screens are NOT TESTED. Install Chromium or Chrome.",
    ),
    Need(
        "postgres",
        found=lambda: bool(os.environ.get("TEST_DATABASE_URL")) or postgres.binaries() is not None,
        debian_package="postgresql",
        otherwise=(),
        untested="NO POSTGRES: only SQLite is TESTED. Install Postgres 15 or set TEST_DATABASE_URL.",
    ),
)


def main() -> int:
    """Return the exit code: 1 when something is missing and CI=true, else 0."""
    arguments = argparse.ArgumentParser(prog="scripts.test_needs", description=__doc__)
    arguments.add_argument("--only", choices=[need.name for need in NEEDS])
    only = arguments.parse_args().only
    missing = [need for need in NEEDS if only in (None, need.name) and not (need.found() or _brought(need))]
    for need in missing:
        _say(f"\n{RULE}\n!!  {need.untested}\n{RULE}\n")
    return 1 if missing and os.environ.get("CI") == "true" else 0


def _brought(need: Need) -> bool:
    """Install what is missing, by the system's packages where we may, and say whether it is there now."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _say(f"Installing {need.debian_package} with apt-get ...")
        if _ran("apt-get", "update", "-qq"):
            _ran("apt-get", "install", "-y", "-qq", "--no-install-recommends", need.debian_package)
    if not need.found() and need.otherwise:
        _say(f"Running {' '.join(need.otherwise[1:])} ...")
        _ran(*need.otherwise)
    return need.found()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _ran(*command: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    quiet = subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - the commands above
    return quiet.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
