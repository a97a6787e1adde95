"""A Redis that fails over to silence (FAULTS 22): nobody answers, nobody hangs up; the worker hears what rings next."""

from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from sommit import create_app
from sommit.jobs import queue
from sommit.jobs import worker as jobs_worker
from tests.house.conftest import launch
from tests.house.processes import wait_until
from tests.support.proxy import Hold, Pass, proxy

__all__ = ["launch"]

NOTE, HOLD = "tests.house.jobs.note", "tests.house.jobs.hold"


@pytest.fixture
def between(valkey_url):
    """The proxy before the Redis of this test."""
    with proxy(Path(valkey_url.removeprefix("unix://"))) as made:
        yield made


@pytest.fixture
def bells(valkey_url):
    """The queue, past the proxy."""
    with Redis.from_url(valkey_url) as connection:
        yield Queue(queue.NAME, connection=connection, serializer=JSONSerializer)


@pytest.fixture
def worker(launch, between, tmp_path):
    """A worker whose Redis is behind the proxy; it waits for an answer for a second only."""
    address = f"redis://127.0.0.1:{between.port}"
    return launch("tests.house.worker_process", address, tmp_path / "house.db", "impatient")


def fall_silent(between):
    between.up.mode, between.down.mode = Hold(), Hold()


def speak_again(between):
    between.up.mode, between.down.mode = Pass(), Pass()


def run(bells, path, job=NOTE):
    """Ring, and wait until the job has begun."""
    bells.enqueue(job, str(path))
    return wait_until(lambda: path.exists() and path.read_text())


def heard(worker, *words):
    """Wait until the worker says one of these."""
    assert any(any(word in line for word in words) for line in worker.stdout)


def test_a_worker_whose_redis_is_silent_notices_and_hears_the_next_bell(worker, between, bells, tmp_path):
    run(bells, tmp_path / "before")
    fall_silent(between)
    heard(worker, "could not connect to Redis", "worker_lost_redis")
    bells.enqueue(NOTE, str(tmp_path / "meanwhile"))
    speak_again(between)

    assert wait_until(lambda: (tmp_path / "meanwhile").exists())
    assert run(bells, tmp_path / "after")
    assert worker.poll() is None


def test_a_redis_that_falls_silent_under_a_job_costs_neither_the_job_nor_the_worker(worker, between, bells, tmp_path):
    run(bells, tmp_path / "job", HOLD)
    fall_silent(between)
    heard(worker, "worker_lost_redis", "Redis connection timeout")
    (tmp_path / "job.go").touch()
    speak_again(between)

    assert run(bells, tmp_path / "after")
    assert worker.poll() is None


def test_the_worker_waits_for_no_answer_longer_than_seconds():
    assert jobs_worker.LISTEN_S + jobs_worker.SILENCE_S + jobs_worker.NightWorker.max_connection_wait_time <= 30


def test_a_page_that_rings_says_no_when_redis_falls_silent_in_mid_conversation(between, bells, tmp_path):
    app = create_app(
        {
            "REDIS_URL": f"redis://127.0.0.1:{between.port}",
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'house.db'}",
            "RATELIMIT_STORAGE_URI": "memory://",
        }
    )
    with app.app_context():
        assert queue.enqueue_import(1)
        between.up.watch = lambda piece: b"RPUSH" in piece and fall_silent(between)
        assert queue.enqueue_import(2) is False
        between.up.watch = lambda _piece: None
        speak_again(between)
        assert queue.enqueue_import(2)
    assert any(job_id.startswith("import-2-") for job_id in bells.job_ids)
