"""A host starts what the Procfile says, through a shell, and stops it with SIGTERM."""

import http.client
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from demo import tether, valkey
from sommit.jobs import queue
from tests.house.processes import PATIENCE_S, ROOT, wait_until
from tests.support import ports

LINES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())

Host = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def port() -> Iterator[int]:
    with ports.kept() as port:
        yield port


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis as hosts give it: a port, not a socket."""
    with ports.kept() as port:
        url = f"redis://127.0.0.1:{port}/0"
        command = valkey.command(tmp_path / "valkey", tmp_path / "unused.sock")
        server = tether.start([*command, "--bind", "127.0.0.1", "--port", str(port), "--unixsocket", ""])
        valkey.wait_ready(url)
        yield url
        tether.stop(server)


@pytest.fixture
def host(redis_url: str, port: int, tmp_path: Path) -> Iterator[Host]:
    env = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PORT": str(port),
        "REDIS_URL": redis_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'hosted.db'}",
        "SECRET_KEY": "only for tests, and long enough for production's rule",
    }
    started: list[subprocess.Popen[str]] = []

    def start(name: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(["sh", "-c", LINES[name]], cwd=ROOT, env=env, text=True, start_new_session=True)
        )
        return started[-1]

    yield start
    for process in started:
        tether.sweep(process)
        process.wait()


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/live")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def test_the_web_serves_on_the_hosts_port_and_ends_on_sigterm(host: Host, port: int) -> None:
    web = host("web")
    wait_until(lambda: _answers(port))

    web.terminate()

    assert web.wait(PATIENCE_S) == 0


def test_the_release_brings_the_schema_which_the_clock_then_reads(host: Host, redis_url: str) -> None:
    assert host("release").wait(PATIENCE_S) == 0
    clock = host("clock")
    with Redis.from_url(redis_url) as redis:
        wait_until(lambda: redis.exists(queue.TICK_KEY))

    clock.terminate()

    assert clock.wait(PATIENCE_S) == 0


def test_the_worker_presents_itself_and_ends_on_sigterm(host: Host, redis_url: str) -> None:
    worker = host("worker")
    with Redis.from_url(redis_url) as redis:
        wait_until(lambda: redis.scard("rq:workers"))

    worker.terminate()

    assert worker.wait(PATIENCE_S) == 0
