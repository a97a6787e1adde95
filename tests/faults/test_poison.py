"""A venue whose reading always breaks: its own night says so, and everybody else's is read."""

from datetime import timedelta

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from demo.simulator import Till
from sommit.extensions import db
from sommit.jobs import nights as bells
from sommit.jobs import queue
from sommit.jobs.till_reading import Reader
from sommit.jobs.worker import KnownJob
from sommit.services import nights, till_connection
from tests import factories
from tests.jobs.conftest import LAST_NIGHT


@pytest.fixture
def work(app, valkey_url):
    """Ring for what is due and let a worker do it all."""
    app.config["REDIS_URL"] = valkey_url

    def ring_and_work():
        bells.ring_due()
        connection = Redis.from_url(valkey_url)
        how = {"connection": connection, "serializer": JSONSerializer, "job_class": KnownJob}
        SimpleWorker([Queue(queue.NAME, **how)], **how).work(burst=True, logging_level="CRITICAL")
        db.session.rollback()

    return ring_and_work


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
