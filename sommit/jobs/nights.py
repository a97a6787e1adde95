"""When: ringing for the venues whose night is due."""

from itertools import takewhile
from typing import NamedTuple

from sommit.extensions import db
from sommit.jobs import queue
from sommit.services import nights


class Bells(NamedTuple):
    """How many venues are due, and for how many of them Redis took the bell."""

    due: int
    rung: int


def ring_due() -> Bells:
    """Queue every venue whose night is due.

    It decides nothing: what is due stands in the database, so a bell that is lost rings again at the next tick, and one
    that rings twice finds the night claimed. A silent Redis is not asked again for each venue.
    """
    nights.sweep()
    db.session.commit()
    due = nights.due()
    db.session.rollback()
    return Bells(len(due), len(list(takewhile(queue.enqueue_import, due))))
