"""SIGTERM while a reader, or a whole worker, waits for a till that is dead or drips: it does not wait on (FAULTS 8).

The waits that are cut short last ten minutes here, and the reader is killed after two: whoever ends by itself was
interrupted, on the slowest machine. The seconds are printed; they decide nothing.
"""

import os
import select
import signal
import time

import pytest

from demo.simulator.faults import ALWAYS
from sommit.extensions import db
from sommit.jobs import nights as bells
from sommit.services import nights, till_connection
from tests.conftest import KEY
from tests.faults.test_killed import STOPPED
from tests.house.conftest import launch
from tests.house.processes import alive, descendants
from tests.jobs.conftest import LAST_NIGHT, MORNING

__all__ = ["launch"]

A_WAIT_S = 600.0
PATIENCE_S = 120.0


@pytest.fixture
def waits(bar, monkeypatch):
    """The reader's waits are real, ten minutes each; `waits()` returns once one has begun."""
    begun, tell = os.pipe()

    def sleep(_seconds):
        os.write(tell, b".")
        time.sleep(A_WAIT_S)

    def wait():
        assert select.select([begun], [], [], PATIENCE_S)[0], "the reader never waited"

    monkeypatch.setattr(till_connection, "sleep", sleep)
    yield wait
    os.close(begun)
    os.close(tell)


def until(see):
    """Wait until `see` says yes."""
    deadline = time.monotonic() + PATIENCE_S
    while not see():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def stopped(bar, when):
    """Read, and tell the reader to stop once `when` returns; it must have ended by itself, its lease given back."""
    at = []

    def stop(pid):
        when()
        at.append(time.monotonic())
        os.kill(pid, signal.SIGTERM)

    code = bar.read(started=stop)
    print(f"ended {time.monotonic() - at[0]:.2f} s after SIGTERM")  # noqa: T201
    assert code == STOPPED
    assert nights.running(bar.venue.id) is None
    night = nights.find(bar.venue.id, LAST_NIGHT)
    assert (night.state, night.problem) == ("failed", nights.INTERRUPTED)
    db.session.rollback()


@pytest.mark.parametrize(
    ("resource", "trouble"),
    [("catalog", {"status": 500}), ("orders", {"status": 503, "retry_after": "600"}), ("reports", {"reset": 0})],
)
def test_a_reader_that_waits_for_a_dead_till_stops_at_once(bar, server, waits, resource, trouble):
    server.faults.add(f"/v1/{resource}/", times=ALWAYS, **trouble)
    stopped(bar, waits)
    server.faults.clear()
    assert bar.read() == 0
    bar.check_right()


def test_a_reader_of_a_till_that_drips_stops_at_once(bar, server):
    server.requests.clear()
    server.faults.add("/v1/reports/", times=ALWAYS, drip=A_WAIT_S / 600)
    stopped(bar, lambda: until(lambda: any(request.path == "/v1/reports/" for request in server.requests)))
    server.faults.clear()
    assert bar.read() == 0
    bar.check_right()


def test_a_worker_with_all_its_processes_stops_while_its_job_waits_for_a_dead_till(
    bar, server, app, launch, valkey_url, database_url
):
    server.requests.clear()
    server.faults.add("/v1/catalog/", times=ALWAYS, status=503, retry_after="600")
    where = {"DATABASE_URL": database_url, "REDIS_URL": valkey_url, "JALIA_API_URL": server.url, "TOKEN_KEYS": KEY}
    app.config["REDIS_URL"] = valkey_url
    assert bells.ring_due().rung == 1
    worker = launch("flask", "--app", "app", "worker", SOMMIT_NOW=MORNING.isoformat(), **where)
    until(lambda: any(request.status == 503 for request in server.requests))
    processes = descendants(worker.pid)

    began = time.monotonic()
    os.killpg(worker.pid, signal.SIGTERM)  # as hosts do: every process of the group gets it
    assert worker.wait(PATIENCE_S) == 0
    print(f"worker and job ended {time.monotonic() - began:.2f} s after SIGTERM")  # noqa: T201

    assert processes
    until(lambda: not any(alive(pid) for pid in processes))
    assert nights.running(bar.venue.id) is None
    db.session.rollback()
    server.faults.clear()
    assert bar.read() == 0
    bar.check_right()
