"""A reader that is stopped past its lease and wakes up when another one has read the till: it cannot write (FAULTS 14).

Both are processes; the first is really stopped. The clock that makes its lease end is the injected one.
"""

import os
import signal
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import Night
from sommit.services import nights
from tests.jobs.conftest import LAST_NIGHT, MORNING
from tests.support import naive


@pytest.mark.parametrize("point", ["page:2", "after_raw:1", "after_commit:1"])
def test_a_reader_stopped_past_its_lease_cannot_write_once_it_wakes_up(bar, app, point):
    label = bar.till.closings[0].orders[0].items[0].label

    def overtaken(pid):
        _, status = os.waitpid(pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        amend(bar, label)
        app.config["NOW"] = MORNING + 2 * nights.LEASE
        assert bar.read() == 0
        books.extend(naive.everything_stored())
        db.session.rollback()
        os.kill(pid, signal.SIGCONT)

    books = []
    name, _, number = point.partition(":")
    bar.read(crash_at=f"{name}:{number or 1}:SIGSTOP", started=overtaken)

    assert naive.everything_stored() == books
    night = nights.find(bar.venue.id, LAST_NIGHT)
    assert (night.state, night.fence, night.lease_until) == ("imported", 2, None)
    assert db.session.scalar(select(func.count()).select_from(Night).where(Night.lease_until.is_not(None))) == 0
    db.session.rollback()
    bar.check_right()


def amend(bar, label):
    """While the reader is stopped, the till corrects a line that it has read already."""
    for closing in bar.till.closings:
        item = closing.orders[0].items[0]
        bar.sold[item.label, int(item.quantity * 1000)] -= 1
        closing.amend(item, quantity=item.quantity + Decimal(3))
        closing.updated_at += timedelta(minutes=1)
        bar.sold[label, int(item.quantity * 1000)] += 1
    bar.sold += type(bar.sold)()  # what is counted no more leaves the counter
