"""When: ringing for the venues whose night is due."""

from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from sqlalchemy import func, select

from sommit import clock
from sommit.extensions import db
from sommit.jobs import queue
from sommit.models import Night
from sommit.services import breaker, nights, till_connection


class Bells(NamedTuple):
    """How many venues are rung for, how many of these bells Redis took, and how many wait for a till that is away."""

    due: int
    rung: int
    held: int = 0


def ring_due() -> Bells:
    """Queue every venue whose night is due, unless its till is known to be away and nobody asked for a reading.

    It decides nothing: what is due stands in the database, so a bell that is lost rings again at the next tick, and one
    that rings twice finds the night claimed. A silent Redis is not asked again for each venue.
    """
    nights.sweep()
    db.session.commit()
    due = nights.due()
    wanted = breaker.asked(due) if breaker.outage(till_connection.host()) else due
    db.session.rollback()
    return Bells(len(wanted), len(list(takewhile(queue.enqueue_import, wanted))), len(due) - len(wanted))


def first_lease_left() -> float | None:
    """Return the seconds until the first lease runs out that nobody renews, None where nobody reads."""
    end: datetime | None = db.session.scalar(select(func.min(Night.lease_until)))
    db.session.rollback()
    return (end - clock.now()).total_seconds() if end else None
