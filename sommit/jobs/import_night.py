"""The import of a venue's night: who may read, and what is kept of a reading that failed."""

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from sommit import crash, mishaps
from sommit.extensions import db
from sommit.jalia.client import JaliaClient
from sommit.jalia.errors import OtherVenue, TillError, TokenRefused, TooManyCalls
from sommit.jobs import till_host
from sommit.jobs.till_reading import Reader, Summary
from sommit.models import TillConnection, Venue
from sommit.refusals import Refusal
from sommit.services import nights, presence, till_connection, venues

POLL_S = 0.5
RENEW_S = 10.0  # a lease lasts two minutes: to renew it before each of thousands of calls would only cost commits
PATIENCE_S = 900.0  # how long a command waits for the reading that is under way

log = structlog.get_logger(__name__)


def import_night(venue_id: int) -> None:
    """Import what a venue's till has closed; the job that the queue runs. Twice, or twice at once, changes nothing.

    A till whose host is known to be away is left alone: the night stays due, and no attempt is counted.
    """
    if not till_host.may_ask(venue_id):
        return
    try:
        summary = read_till(venue_id)
    except nights.Busy:
        return
    except nights.NoRoom:
        log.error("no_room", venue_id=venue_id)
        return
    tell = log.warning if summary.raw else log.info
    written = {"closings": summary.closings, "lines": summary.lines}
    tell("night_read", venue_id=venue_id, status=summary.status, **written, raw=summary.raw)


def read_till_when_free(venue_id: int) -> Summary:
    """Read a venue's till in this process, after the reading that may be under way. Raises nights.Busy at the end."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return read_till(venue_id)
        except nights.Busy:
            if time.monotonic() > deadline:
                raise
            time.sleep(POLL_S)


def read_till(venue_id: int) -> Summary:
    """Read a venue's till and say what was done; the night's row is the lock, and keeps the outcome.

    Raises nights.Busy, venues.NoSuchVenue, till_connection.NotConnected, nights.NoRoom; what the till does wrong is in
    the summary.
    """
    try:
        return _read_till(venues.get(venue_id), till_connection.get(venue_id))
    except DBAPIError as error:
        if mishaps.no_room(error):
            raise nights.NoRoom() from error
        raise


def _read_till(venue: Venue, connection: TillConnection) -> Summary:
    crash.point("before_claim")
    with _claimed(venue) as lease:
        crash.point("after_claim")
        return _read(venue, connection, lease)


def _read(venue: Venue, connection: TillConnection, lease: nights.Lease) -> Summary:
    summary, sealed = Summary(), connection.token
    try:
        with _client(connection, lease) as client:
            Reader(venue, connection, lease, client, summary).read()
    except (TillError, Refusal) as error:
        db.session.rollback()
        _failed(lease, sealed, error, summary)
    except nights.LostLease:
        db.session.rollback()
        summary.failed = summary.read == 0
        summary.problems.append(nights.INTERRUPTED)
    return summary


@contextmanager
def _claimed(venue: Venue) -> Iterator[nights.Lease]:
    """Take the night, or leave at once: whoever waits for it must not hold the database meanwhile."""
    try:
        lease = nights.claim(venue)
    except nights.Busy:
        db.session.rollback()
        raise
    with presence.shown(lease.night_id, lease.fence):
        try:
            db.session.commit()
            yield lease
        except BaseException as end:
            _interrupted(lease, end)
            raise


@contextmanager
def _client(connection: TillConnection, lease: nights.Lease) -> Iterator[JaliaClient]:
    """A client that holds on to the lease while it asks: who reads the till is who may write."""
    renewed_at, witness = time.monotonic(), till_host.Witness(lease.venue_id)

    def renew() -> None:
        nonlocal renewed_at
        crash.point("page")
        witness.tell(client)
        if time.monotonic() - renewed_at > RENEW_S:
            nights.renew(lease)
            db.session.commit()
            renewed_at = time.monotonic()

    client = till_connection.client(connection, before_call=renew)
    try:
        yield client
        witness.tell(client)
    except TillError as error:
        db.session.rollback()
        witness.tell(client, error)
        raise
    finally:
        client.close()


def _interrupted(lease: nights.Lease, end: BaseException) -> None:
    """Give the night back at once when this process is told to stop, or fails in a way nobody foresaw."""
    why = None
    if isinstance(end, MemoryError):
        traceback.clear_frames(end.__traceback__)  # what the reading held is what the next statements need
        why = nights.OUT_OF_MEMORY
    elif isinstance(end, DBAPIError) and mishaps.no_room(end):
        why = nights.NoRoom.sentence
    db.session.rollback()
    with suppress(nights.LostLease):
        nights.interrupt(lease, why)
    db.session.commit()


def _failed(lease: nights.Lease, sealed: bytes, error: TillError | Refusal, summary: Summary) -> None:
    """Record a reading that could not go on; what was imported before stays."""
    problem = str(error)
    summary.failed = summary.read == 0
    summary.note(error)
    if isinstance(error, TokenRefused | OtherVenue):
        till_connection.refuse(lease.venue_id, sealed, problem)
    else:
        till_connection.get(lease.venue_id).problem = problem
    asked = error.retry_after if isinstance(error, TooManyCalls) else None
    with suppress(nights.LostLease):  # whoever took over says what becomes of the night
        nights.fail(lease, problem, wait=timedelta(seconds=asked) if asked else None)
    db.session.commit()
