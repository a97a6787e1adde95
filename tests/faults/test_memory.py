"""A reader that runs out of memory (FAULTS 10): counted, waited for longer each time, told; the others are read."""

import os
import resource
import signal
from datetime import timedelta
from pathlib import Path

from redis import Redis

from demo.simulator import Till
from sommit.extensions import db
from sommit.jobs import import_night, till_reading
from sommit.jobs import nights as bells
from sommit.jobs.worker import NightWorker
from sommit.services import nights, till_connection
from tests import factories
from tests.jobs.conftest import LAST_NIGHT
from tests.support import invariants, naive

ROOM = 160 * 2**20  # bytes beyond what the process has, before the system gives it no more
PIECE = 8 * 2**20
ENOUGH, TOO_LITTLE = 0, 1
LONGEST_S = 120


def limited():
    """The system gives this process little more memory than it has."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + ROOM
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def greedy():
    """So little, and a closing that takes all of it."""
    limited()
    replace = till_reading.sales_import.replace

    def hoard(*arguments):
        replace(*arguments)
        hoarded = []
        while True:
            hoarded.append(bytearray(PIECE))

    till_reading.sales_import.replace = hoard


def read(venue, first):
    """Read a venue's till as a worker's job does; returns whether it had memory enough."""
    venue_id = venue.id

    def work():
        first()
        import_night.import_night(venue_id)

    return in_a_process(work)


def in_a_process(work):
    """Do some work in a process of its own; returns whether it had memory enough."""
    db.session.remove()
    db.engine.dispose()
    pid = os.fork()
    if pid == 0:
        ended = 70
        try:
            signal.alarm(LONGEST_S)
            work()
            ended = ENOUGH
        except MemoryError:
            ended = TOO_LITTLE
        finally:
            os._exit(ended)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_reader_without_memory_is_counted_says_so_and_waits_longer_each_time(bar, app):
    pauses = []
    for attempt in range(1, 4):
        assert read(bar.venue, greedy) == TOO_LITTLE
        night = nights.find(bar.venue.id, LAST_NIGHT)
        assert (night.state, night.attempts, night.lease_until) == ("failed", attempt, None)
        assert night.problem == nights.OUT_OF_MEMORY
        assert naive.lines_stored() == []
        pauses.append((night.next_try_at - app.config["NOW"]) / timedelta(minutes=1))
        app.config["NOW"] = night.next_try_at
        invariants.check_invariants()

    assert pauses == [5, 10, 20]
    assert nights.due() == [bar.venue.id]
    db.session.rollback()
    assert read(bar.venue, limited) == ENOUGH
    bar.check_right()


def test_a_venue_that_takes_all_the_memory_holds_nobody_back(bar, app, server):
    other, theirs = factories.venue("Le Lagon"), Till(token="another-key", name="Le Lagon")
    server.tills.append(theirs)
    till_connection.keep(other, theirs.token, till_connection.attempt(other, theirs.token))
    db.session.commit()
    theirs.closing([("PINTE", 1)], date=LAST_NIGHT)

    assert read(bar.venue, greedy) == TOO_LITTLE
    assert read(other, limited) == ENOUGH
    assert nights.find(other.id, LAST_NIGHT).state == "imported"
    assert nights.find(bar.venue.id, LAST_NIGHT).problem == nights.OUT_OF_MEMORY


def test_a_reading_that_the_system_kills_under_a_worker_is_told_on_its_night(bar, app, valkey_url):
    app.config["REDIS_URL"] = valkey_url

    def work():
        bells.ring_due()
        with Redis.from_url(valkey_url) as connection:
            NightWorker(app, connection).work(burst=True, logging_level="CRITICAL")

    app.config["CRASH_AT"] = "after_raw"
    assert in_a_process(work) == ENOUGH
    night = nights.find(bar.venue.id, LAST_NIGHT)
    assert (night.state, night.attempts, night.lease_until) == ("failed", 1, None)
    assert night.problem == nights.KILLED
    db.session.rollback()

    app.config["CRASH_AT"] = ""
    assert in_a_process(work) == ENOUGH
    bar.check_right()
