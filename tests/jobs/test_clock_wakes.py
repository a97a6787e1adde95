"""The clock does not sleep through the end of a dead reader's lease (FAULTS 2)."""

from datetime import timedelta

import pytest

from sommit.extensions import db
from sommit.jobs import nights as bells
from sommit.jobs import scheduler
from sommit.services import nights

EVERY_S = 60.0


def test_where_nobody_reads_the_clock_sleeps_its_period(connected, app):
    assert scheduler.pause(app, EVERY_S) == EVERY_S


@pytest.mark.parametrize(("later_s", "pause_s"), [(0, 60.0), (100, 21.0), (500, 1.0)])
def test_the_clock_wakes_when_a_lease_is_over(connected, app, later_s, pause_s):
    nights.claim(connected)
    db.session.commit()
    app.config["NOW"] += timedelta(seconds=later_s)

    assert scheduler.pause(app, EVERY_S) == pause_s


def test_at_that_tick_the_night_of_a_reader_that_is_gone_is_due(connected, app):
    nights.claim(connected)
    db.session.commit()
    app.config["NOW"] += timedelta(seconds=100)
    assert bells.ring_due().due == 0
    app.config["NOW"] += timedelta(seconds=scheduler.pause(app, EVERY_S))

    assert bells.ring_due().due == 1


def test_without_a_database_the_clock_sleeps_its_period(app, monkeypatch):
    def away():
        raise OSError("the database is away")

    monkeypatch.setattr(bells, "first_lease_left", away)
    assert scheduler.pause(app, EVERY_S) == EVERY_S
