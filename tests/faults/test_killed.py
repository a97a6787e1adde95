"""The reader killed, or told to stop, at every point of its way: the next reading makes the night right."""

import os
import signal
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from sommit import config, crash
from sommit.extensions import db
from sommit.models import Closing, Night, RawReading
from sommit.services import nights
from tests.conftest import KEY
from tests.faults.sample import LONG
from tests.jobs.conftest import LAST_NIGHT

POINTS = (
    "before_claim",
    "after_claim",
    *(f"page:{number}" for number in range(1, 5)),  # catalogue, closings, notes of each of two closings
    "after_raw:2",
    "after_commit:1",
    "before_release",
)
KILLED, STOPPED = -signal.SIGKILL, 128 + signal.SIGTERM


@pytest.mark.parametrize("point", POINTS if LONG else POINTS[::2])
def test_killed_at_any_point_the_next_reading_makes_the_night_right(bar, point):
    assert bar.read(crash_at=point) == KILLED

    assert bar.read() == 0
    bar.check_right()


def test_killed_after_the_answers_were_kept_the_till_is_not_needed_for_that_closing(bar, server):
    assert bar.read(crash_at="after_raw:1") == KILLED
    server.faults.add(status=500, times=10**6)

    bar.read()

    assert db.session.scalars(select(RawReading.applied_at)).one() is not None
    assert len(db.session.scalars(select(Closing).where(Closing.lines > 0)).all()) == 1
    db.session.rollback()
    server.faults.clear()
    assert bar.read() == 0
    bar.check_right()


def test_a_reader_that_was_killed_is_counted(bar):
    bar.read(crash_at="after_claim")
    assert db.session.scalars(select(Night.attempts)).all() == [1]
    db.session.rollback()


def test_a_reader_killed_five_times_waits_longer_each_time_and_its_night_says_so(bar, app):
    pauses = []
    for attempt in range(1, 7):
        assert bar.read(crash_at="after_claim") == KILLED
        nights.sweep()
        db.session.commit()
        night = nights.find(bar.venue.id, LAST_NIGHT)
        assert (night.state, night.attempts) == ("failed", attempt)
        assert night.problem == (nights.INTERRUPTED_OFTEN if attempt >= 5 else nights.INTERRUPTED)
        pauses.append((night.next_try_at - app.config["NOW"]) / timedelta(minutes=1))
        app.config["NOW"] = night.next_try_at
        db.session.rollback()

    assert pauses == [0, 5, 10, 20, 40, 80]
    assert bar.read() == 0
    bar.check_right()


def test_told_to_stop_twice_and_then_killed_the_night_is_made_right_as_well(bar, server):
    pids = []

    def end():
        while not pids:
            time.sleep(0.01)
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
            os.kill(pids[0], number)

    server.faults.add("/v1/orders/", run=end)
    assert bar.read(started=pids.append) in (KILLED, STOPPED)

    assert bar.read() == 0
    bar.check_right()


def test_without_its_setting_a_point_does_nothing(app):
    assert app.config["CRASH_AT"] == ""
    crash.point("after_claim")


def test_in_production_a_point_does_nothing_whatever_the_environment_says(app, tmp_path):
    production = {
        "SOMMIT_ENV": "production",
        "DATABASE_URL": "postgresql://host/name",
        "SECRET_KEY": "x" * 40,
        "TOKEN_KEYS": KEY,
        "SOMMIT_CRASH_AT": "after_claim",
    }
    app.config["CRASH_AT"] = config.load(production, tmp_path)["CRASH_AT"]
    crash.point("after_claim")
