import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis
from rq import Callback, Queue
from rq.serializers import JSONSerializer

from demo import tether, valkey
from sommit.jobs import queue
from tests.house.processes import PATIENCE_S, Launcher, alive, wait_until

NOTE = "tests.house.jobs.note"
HOLD = "tests.house.jobs.hold"
NAP = "tests.house.jobs.nap"

Start = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def start(launch: Launcher, valkey_url: str, tmp_path: Path) -> Start:
    return lambda: launch("tests.house.worker_process", valkey_url, tmp_path / "house.db")


@pytest.fixture
def bells(valkey_url: str) -> Queue:
    return Queue(queue.NAME, connection=Redis.from_url(valkey_url), serializer=JSONSerializer)


def _content(path: Path) -> str:
    return wait_until(lambda: path.exists() and path.read_text())


def test_a_job_runs_in_a_process_of_its_own_with_the_application_and_its_database(
    start: Start, bells: Queue, tmp_path: Path
) -> None:
    worker = start()
    bells.enqueue(NOTE, str(tmp_path / "note"))

    pid, application, answer = _content(tmp_path / "note").split()

    assert (application, answer) == ("sommit", "42")
    assert int(pid) != worker.pid


def test_a_pickled_payload_is_refused_and_the_next_job_runs(start: Start, bells: Queue, tmp_path: Path) -> None:
    Queue(queue.NAME, connection=bells.connection).enqueue(NOTE, str(tmp_path / "pickled"))
    bells.enqueue(NOTE, str(tmp_path / "next"))
    start()

    assert _content(tmp_path / "next")
    assert not (tmp_path / "pickled").exists()


def test_a_function_that_is_no_job_of_ours_is_refused_and_the_next_job_runs(
    start: Start, bells: Queue, tmp_path: Path
) -> None:
    bells.enqueue("os.mkdir", str(tmp_path / "made"))
    bells.enqueue(NOTE, str(tmp_path / "next"))
    start()

    assert _content(tmp_path / "next")
    assert not (tmp_path / "made").exists()


def test_a_callback_slipped_into_a_payload_is_not_called(start: Start, bells: Queue, tmp_path: Path) -> None:
    bells.enqueue(NOTE, str(tmp_path / "first"), on_success=Callback("tests.house.jobs.called_back"))
    bells.enqueue(NOTE, str(tmp_path / "next"))
    start()

    assert _content(tmp_path / "next")
    assert not (tmp_path / "first.called-back").exists()


def test_a_redis_flushed_in_the_middle_of_a_job_does_not_end_the_worker(
    start: Start, bells: Queue, tmp_path: Path
) -> None:
    worker = start()
    bells.enqueue(HOLD, str(tmp_path / "before"))
    assert _content(tmp_path / "before")

    bells.connection.flushall()
    (tmp_path / "before.go").touch()
    bells.enqueue(NOTE, str(tmp_path / "after"))

    assert _content(tmp_path / "after")
    assert worker.poll() is None


def test_a_redis_that_goes_away_and_comes_back_finds_the_worker_at_work(launch: Launcher, tmp_path: Path) -> None:
    with valkey.socket_path() as socket:
        url = f"unix://{socket}"
        worker = launch("tests.house.worker_process", url, tmp_path / "house.db")
        assert worker.stdout
        assert any("worker_lost_redis" in line for line in worker.stdout)
        for night in ("first", "second"):
            server = tether.start(valkey.command(tmp_path / "valkey", socket))
            valkey.wait_ready(url)
            with Redis.from_url(url) as connection:
                Queue(queue.NAME, connection=connection, serializer=JSONSerializer).enqueue(NOTE, str(tmp_path / night))
            assert _content(tmp_path / night)
            tether.stop(server)
        assert worker.poll() is None


def test_a_redis_that_may_throw_bells_away_is_warned_of(start: Start, bells: Queue) -> None:
    bells.connection.config_set("maxmemory-policy", "allkeys-lru")

    worker = start()

    assert worker.stdout
    assert any("redis_may_evict" in line and "allkeys-lru" in line for line in worker.stdout)


def test_sigterm_ends_an_idle_worker_without_complaint(start: Start, bells: Queue, tmp_path: Path) -> None:
    worker = start()
    bells.enqueue(NOTE, str(tmp_path / "note"))
    assert _content(tmp_path / "note")

    worker.terminate()

    assert worker.wait(PATIENCE_S) == 0


def test_sigterm_in_the_middle_of_a_job_ends_job_and_worker(start: Start, bells: Queue, tmp_path: Path) -> None:
    worker = start()
    bells.enqueue(NAP, str(tmp_path / "nap"))
    job_pid = int(_content(tmp_path / "nap"))

    os.killpg(worker.pid, signal.SIGTERM)

    assert worker.wait(PATIENCE_S) == 0  # of itself: the job would sleep for ten minutes
    wait_until(lambda: not alive(job_pid))


def test_killing_the_worker_with_9_ends_its_job(start: Start, bells: Queue, tmp_path: Path) -> None:
    worker = start()
    bells.enqueue(NAP, str(tmp_path / "nap"))
    job_pid = int(_content(tmp_path / "nap"))

    worker.kill()

    wait_until(lambda: not alive(job_pid))
