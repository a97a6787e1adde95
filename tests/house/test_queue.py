import json
import re
import socket
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from sommit.jobs import queue

Build = Callable[[str], Flask]


def test_a_bell_carries_the_venues_number_and_nothing_else(app: Flask) -> None:
    assert queue.enqueue_import(7)

    (job_id,) = queue.queue().job_ids
    stored = queue.connection().hgetall(f"rq:job:{job_id}")
    assert re.fullmatch(r"[A-Za-z0-9_-]+", job_id)
    assert json.loads(zlib.decompress(stored[b"data"])) == [queue.JOB, None, [7], {}]
    assert stored[b"description"] == b"import 7"


def test_a_bell_that_waits_is_not_rung_twice_but_another_venues_is(app: Flask) -> None:
    assert all(queue.enqueue_import(venue_id) for venue_id in (1, 1, 11, 1))

    assert queue.queue().count == 2


def test_the_audit_of_a_venue_and_its_night_are_two_bells(app: Flask) -> None:
    assert all([queue.enqueue_audit(1), queue.enqueue_import(1), queue.enqueue_audit(1)])

    assert sorted(job_id.partition("-")[0] for job_id in queue.queue().job_ids) == ["audit", "import"]


def test_ringing_says_no_when_redis_is_down(build_app: Build) -> None:
    with build_app("unix:///nowhere/valkey.sock").app_context():
        assert queue.enqueue_import(1) is False


def test_ringing_says_no_when_redis_is_silent(build_app: Build) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        app = build_app(f"redis://127.0.0.1:{deaf.getsockname()[1]}")
        with app.app_context():
            assert queue.enqueue_import(1) is False


def test_ringing_says_no_when_redis_is_full(app: Flask) -> None:
    queue.connection().config_set("maxmemory", 1)

    assert queue.enqueue_import(1) is False


def test_ringing_says_no_when_there_is_no_redis_at_all(build_app: Build) -> None:
    with build_app("").app_context():
        assert queue.enqueue_import(1) is False


def test_a_tick_is_remembered_with_its_instant(app: Flask) -> None:
    assert queue.last_tick() is None

    before = datetime.now(UTC)
    queue.mark_tick()

    ticked = queue.last_tick()
    assert ticked is not None
    assert before <= ticked <= datetime.now(UTC)
