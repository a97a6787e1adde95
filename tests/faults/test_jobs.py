"""Jobs that end badly: a venue whose reading always breaks, a job out of time, a Redis that goes away under a job."""

import signal
import time
from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from demo import valkey
from demo.simulator import Till
from sommit.extensions import db
from sommit.jobs import nights as bells
from sommit.jobs import queue, till_reading
from sommit.jobs.till_reading import Reader
from sommit.jobs.worker import KnownJob
from sommit.services import nights, till_connection
from tests import factories
from tests.jobs.conftest import LAST_NIGHT
from tests.support import invariants, naive


def ring_and_work(app, redis_url):
    """Ring for what is due and let a worker do it all."""
    app.config["REDIS_URL"] = redis_url
    bells.ring_due()
    connection = Redis.from_url(redis_url)
    how = {"connection": connection, "serializer": JSONSerializer, "job_class": KnownJob}
    try:
        SimpleWorker([Queue(queue.NAME, **how)], **how).work(burst=True, logging_level="CRITICAL")
    finally:
        db.session.rollback()


@pytest.fixture
def work(app, valkey_url):
    """Ring and work, with a Redis that stays."""
    return lambda: ring_and_work(app, valkey_url)


def test_a_venue_that_always_breaks_says_so_after_five_attempts_and_holds_nobody_back(
    bar, app, server, work, monkeypatch
):
    read_whole = Reader.read

    def read(reader):
        if reader.venue.id == bar.venue.id:
            raise RuntimeError("a fault that nobody foresaw")
        read_whole(reader)

    monkeypatch.setattr(Reader, "read", read)
    other, theirs = factories.venue("Le Lagon"), Till(token="another-key", name="Le Lagon")
    server.tills.append(theirs)
    till_connection.keep(other, theirs.token, till_connection.attempt(other, theirs.token))
    db.session.commit()
    theirs.closing([("PINTE", 1)], date=LAST_NIGHT)

    pauses = []
    for attempt in range(1, 9):
        work()
        night = nights.find(bar.venue.id, LAST_NIGHT)
        assert (night.state, night.attempts) == ("failed", attempt)
        assert night.problem == (nights.INTERRUPTED_OFTEN if attempt >= 5 else nights.INTERRUPTED)
        assert nights.find(other.id, LAST_NIGHT).state == "imported"
        pauses.append((night.next_try_at - app.config["NOW"]) / timedelta(minutes=1))
        app.config["NOW"] = night.next_try_at
        db.session.rollback()

    assert pauses == [5, 10, 20, 40, 80, 120, 120, 120]
    monkeypatch.setattr(Reader, "read", read_whole)
    work()
    assert nights.find(bar.venue.id, LAST_NIGHT).state == "imported"


def test_a_job_out_of_time_in_the_middle_of_a_closing_leaves_nothing_of_it_and_is_run_again(
    bar, app, work, monkeypatch
):
    replace, left = till_reading.sales_import.replace, []

    def slowly(*arguments):
        replace(*arguments)
        left.append(signal.alarm(1))  # what RQ had set goes off now, wherever a slow machine has come to
        time.sleep(600)

    with monkeypatch.context() as patch:
        patch.setattr(till_reading.sales_import, "replace", slowly)
        work()
    assert 0 < left[0] <= queue.JOB_TIMEOUT_S
    night = nights.find(bar.venue.id, LAST_NIGHT)
    assert (night.state, night.problem, night.lease_until) == ("failed", nights.INTERRUPTED, None)
    assert naive.lines_stored() == []
    invariants.check_invariants()

    app.config["NOW"] = night.next_try_at
    db.session.rollback()
    work()
    bar.check_right()


def test_a_redis_that_goes_away_under_a_job_costs_no_line(bar, app, server, tmp_path):
    with ExitStack() as redis:
        url = redis.enter_context(valkey.embedded(tmp_path / "valkey"))
        server.faults.add("/v1/orders/", run=redis.close)
        with suppress(RedisError):
            ring_and_work(app, url)
    bar.check_right()
