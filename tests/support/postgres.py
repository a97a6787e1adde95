"""The Postgres of the tests: TEST_DATABASE_URL, or throw-away clusters on unix sockets in temporary directories."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg

from demo import tether

START_S = 30.0
# A cluster that lives as long as the tests may lose everything in a power cut, and nothing when it is restarted.
FAST = {"fsync": "off", "full_page_writes": "off", "max_connections": "60"}
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")


class NoPostgres(Exception):
    """No Postgres can be had here; the message says why."""


def binaries() -> Path | None:
    """Return where initdb and postgres are, on PATH or where Debian keeps its newest; None where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    return next((place for place in (*on_path, *debian) if (place / "postgres").exists()), None)


class Cluster:
    """A cluster on a unix socket in a temporary directory, with one database."""

    def __init__(self, place: Path, directory: Path, within: Sequence[str] = ()) -> None:
        """Know where the programs and the directory are; `within` is what the server's command is run by."""
        self.place, self.directory = place, directory
        self.url = f"postgresql+psycopg://app@/sommit?host={directory}"
        self._within = within

    def start(self) -> None:
        """Start the server, and wait until it answers. Raises NoPostgres."""
        options = (word for name, value in FAST.items() for word in ("-c", f"{name}={value}"))
        listening = ("-k", str(self.directory), "-c", "listen_addresses=")
        command = [str(self.place / "postgres"), "-D", str(self.directory / "data"), *listening, *options]
        with (self.directory / "postgres.log").open("a") as log:  # SIGTERM would wait for clients
            self._held = tether.start([*as_nobody(), *self._within, *command], output=log, stop_signal=signal.SIGINT)
        deadline = time.monotonic() + START_S
        while not self._answers():
            if time.monotonic() > deadline or self._held.poll() is not None:
                raise NoPostgres((self.directory / "postgres.log").read_text()[-2000:])
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server in order."""
        tether.stop(self._held)

    def cut(self) -> None:
        """Stop it as `pg_ctl stop -m immediate` does: at once, with nothing put in order."""
        data = ("-D", str(self.directory / "data"))
        subprocess.run(
            [*as_nobody(), str(self.place / "pg_ctl"), "stop", "-m", "immediate", *data], check=True, **QUIET
        )
        tether.stop(self._held)

    def restart(self) -> None:
        """Restart it as `pg_ctl restart -m immediate` does."""
        self.cut()
        self.start()

    def ask(self, words: str, database: str = "postgres") -> None:
        """Run one statement as the owner of the cluster."""
        with psycopg.connect(host=str(self.directory), user="app", dbname=database, autocommit=True) as connection:
            connection.execute(words)  # type: ignore[arg-type]  # psycopg wants literals

    def _answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextlib.contextmanager
def cluster(within: Callable[[Path], Sequence[str]] = lambda _directory: ()) -> Iterator[Cluster]:
    """Give a cluster of one's own, with an empty database. Raises NoPostgres.

    It ends with the block, and with this process were it killed. `within` says what its command is run by.
    """
    place = binaries()
    if place is None:
        raise NoPostgres("no initdb on PATH, none in /usr/lib/postgresql")
    with _directory() as directory:
        _make(place, directory)
        made = Cluster(place, directory, within(directory))
        made.start()
        try:
            made.ask("CREATE DATABASE sommit")
            yield made
        finally:
            made.stop()


def on_a_small_disk(megabytes: int) -> Callable[[Path], Sequence[str]]:
    """Say by what the command of a cluster is run, to see a disk of its own, in memory, in its folder `small`.

    Raises NoPostgres where the system gives no such disk: it takes a Linux that lets everybody have namespaces.
    """
    mount = f'mkdir -p "$0" && mount -t tmpfs -o size={megabytes}m,mode=700 none "$0"'
    alone = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")

    def within(directory: Path) -> Sequence[str]:
        place = str(directory / "small")
        tried = subprocess.run([*as_nobody(), *alone, mount, place], capture_output=True, text=True, check=False)
        if tried.returncode:
            raise NoPostgres(f"no disk of a few megabytes can be had here: {tried.stderr.strip()}")
        return (*alone, f'{mount} && exec unshare --user --map-user=1000 --map-group=1000 "$@"', place)

    return within


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Give the address of an empty database for SQLAlchemy, TEST_DATABASE_URL or a cluster's. Raises NoPostgres."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with cluster() as made:
        yield made.url


@contextlib.contextmanager
def _directory() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="sommit-pg-"))
    try:
        if as_nobody():
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
    made = subprocess.run([*as_nobody(), *initdb, "--locale=C.UTF-8"], capture_output=True, text=True, cwd=directory)
    if made.returncode:
        raise NoPostgres(f"initdb failed: {made.stderr.strip()}")


def as_nobody() -> tuple[str, ...]:
    """Return what puts a command under another user: Postgres refuses to run as root."""
    return NOBODY if os.geteuid() == 0 else ()
