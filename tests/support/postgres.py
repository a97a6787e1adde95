"""The Postgres of the tests: TEST_DATABASE_URL, or a throw-away cluster on a unix socket in a temporary directory."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from demo import tether

START_S = 30.0
# A cluster that lives as long as the tests may lose everything in a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}
NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")


class NoPostgres(Exception):
    """No Postgres can be had here; the message says why."""


def binaries() -> Path | None:
    """Return where initdb and postgres are, on PATH or where Debian keeps its newest; None where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    return next((place for place in (*on_path, *debian) if (place / "postgres").exists()), None)


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Give the address of an empty database, for SQLAlchemy. Raises NoPostgres.

    The cluster ends with the block, and with this process were it killed.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    place = binaries()
    if place is None:
        raise NoPostgres("no initdb on PATH, none in /usr/lib/postgresql, and TEST_DATABASE_URL is not set")
    with _directory() as directory:
        _make(place, directory)
        options = (word for name, value in FAST.items() for word in ("-c", f"{name}={value}"))
        listening = ("-k", str(directory), "-c", "listen_addresses=")
        command = [*_as_nobody(), str(place / "postgres"), "-D", str(directory / "data"), *listening, *options]
        with (directory / "postgres.log").open("w") as log:
            cluster = tether.start(command, output=log, stop_signal=signal.SIGINT)  # SIGTERM would wait for clients
        try:
            _create_database(directory)
            yield f"postgresql+psycopg://app@/sommit?host={directory}"
        finally:
            tether.stop(cluster)


@contextlib.contextmanager
def _directory() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="sommit-pg-"))
    try:
        if _as_nobody():
            shutil.chown(directory, "nobody", "nogroup")
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _make(place: Path, directory: Path) -> None:
    initdb = [
        str(place / "initdb"),
        "-D",
        str(directory / "data"),
        "-A",
        "trust",
        "-U",
        "app",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    made = subprocess.run([*_as_nobody(), *initdb, "--locale=C.UTF-8"], capture_output=True, text=True, cwd=directory)
    if made.returncode:
        raise NoPostgres(f"initdb failed: {made.stderr.strip()}")


def _create_database(directory: Path) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            with psycopg.connect(host=str(directory), user="app", dbname="postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE sommit")
                return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise NoPostgres((directory / "postgres.log").read_text()[-2000:]) from None
            time.sleep(0.05)


def _as_nobody() -> tuple[str, ...]:
    """Return what puts a command under another user: Postgres refuses to run as root."""
    return NOBODY if os.geteuid() == 0 else ()
