"""One silence for all: a till's host that several venues found dead is left alone for a while (FAULTS 37).

Every transaction here takes the host's row first, then connections, then nights: two of them never wait in a circle.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from sommit import clock
from sommit.extensions import db
from sommit.models import Breaker, Night, TillConnection
from sommit.statements import built_once

FAILURES = 3  # venues in a row, after which the host is taken for dead and not only a venue's way to it
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 30))  # with jitter
PROBE = timedelta(minutes=10)  # what one venue's try may take before another venue tries

_JITTER = random.Random()  # noqa: S311 - spreads calls, hides nothing


class Outage(NamedTuple):
    """A host that is left alone: since when nobody answers, and until when nobody asks."""

    since: datetime
    until: datetime


def outage(host: str) -> Outage | None:
    """Return the outage for which a host is left alone right now, if it is."""
    found = db.session.execute(*_outage(host, clock.now())).one_or_none()
    return Outage(*found) if found else None


@built_once()
def _outage(host: Any, now: Any) -> Any:
    return select(Breaker.since, Breaker.open_until).where(Breaker.host == host, Breaker.open_until > now)


def asked(venue_ids: Sequence[int]) -> list[int]:
    """Return those of the venues for which a person wants a reading: they go through at once, one attempt each."""
    wanted = select(Night.venue_id).where(Night.venue_id.in_(venue_ids), Night.asked_at.is_not(None))
    people = set(db.session.scalars(wanted))
    return [venue_id for venue_id in venue_ids if venue_id in people]


def lets_through(host: str, venue_id: int) -> bool:
    """Return whether a reading that nobody asked for may ask the host; after an outage's wait one venue may.

    To be committed before the host is asked: the database gives the try to one of all that want it.
    """
    row = Breaker.host == host
    if db.session.scalar(select(Breaker.open_until).where(row)) is None:
        return True
    now = clock.now()
    taken = update(Breaker).where(row, Breaker.open_until <= now)
    answer = db.session.execute(taken.values(open_until=now + PROBE, probe_venue_id=venue_id))
    return bool(answer.rowcount)


def silent(host: str, venue_id: int) -> None:
    """Note that a venue's reading found nobody at the host, from its first question to its last.

    A venue counts once an outage: one that fails night after night while the others are answered opens nothing. Who
    tries while the breaker is open lengthens the wait only if its turn it was.
    """
    breaker = _held(host)
    mine = TillConnection.venue_id == venue_id, TillConnection.silent_since.is_(None)
    now = clock.now()
    if db.session.execute(update(TillConnection).where(*mine).values(silent_since=now)).rowcount:
        breaker.failures += 1
        breaker.since = breaker.since or now
    closed = breaker.open_until is None
    if (closed and breaker.failures >= FAILURES) or (not closed and breaker.probe_venue_id == venue_id):
        breaker.openings += 1
        breaker.open_until = now + _pause(breaker.openings)
        breaker.probe_venue_id = None
    db.session.flush()


def answered(host: str, venue_id: int) -> None:
    """Note that the host answered a venue, whatever it said. After an outage everybody it kept out is due at once."""
    mine = TillConnection.venue_id == venue_id, TillConnection.silent_since.is_not(None)
    counted = Breaker.host == host, Breaker.failures > 0
    if not db.session.scalar(select(Breaker.host).where(*counted)):
        db.session.execute(update(TillConnection).where(*mine).values(silent_since=None))
        return
    breaker = _held(host)
    was_open = breaker.open_until is not None
    breaker.failures = breaker.openings = 0
    breaker.since = breaker.open_until = breaker.probe_venue_id = None
    db.session.flush()
    if was_open:
        _wake()
    else:
        db.session.execute(update(TillConnection).where(*mine).values(silent_since=None))


def _wake() -> None:
    """End the waits of the venues that found nobody: they were told to wait for a host that is back."""
    now = clock.now()
    silenced = TillConnection.silent_since.is_not(None)
    waiting = Night.venue_id.in_(select(TillConnection.venue_id).where(silenced)), Night.next_try_at > now
    tonight = Night.lease_until.is_(None), Night.attempts > 0
    db.session.execute(update(Night).where(*waiting, *tonight).values(next_try_at=now))
    db.session.execute(update(TillConnection).where(silenced).values(silent_since=None))


def _held(host: str) -> Breaker:
    """The host's row, which nobody else changes until the transaction ends."""
    query = select(Breaker).where(Breaker.host == host).with_for_update().execution_options(populate_existing=True)
    found: Breaker | None = db.session.scalar(query)
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            db.session.execute(insert(Breaker).values(host=host))
    except IntegrityError:  # another reader made the same row
        pass
    return db.session.scalars(query).one()  # type: ignore[no-any-return]


def _pause(openings: int) -> timedelta:
    return WAITS[min(openings, len(WAITS)) - 1] * _JITTER.uniform(0.8, 1.2)
