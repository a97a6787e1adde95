"""When: ringing for the venues whose night is due."""

from itertools import takewhile

from sommit.extensions import db
from sommit.jobs import queue
from sommit.services import nights


def ring_due() -> int:
    """Queue every venue whose night is due; return how many were rung for.

    It decides nothing: what is due stands in the database, so a bell that is lost rings again at the next tick, and one
    that rings twice finds the night claimed. A silent Redis is not asked again for each venue.
    """
    nights.sweep()
    db.session.commit()
    due = nights.due()
    db.session.rollback()
    return len(list(takewhile(queue.enqueue_import, due)))
