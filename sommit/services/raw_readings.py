"""The till's answers, kept before they are applied: a night can be finished, and a former reading read, without it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import aliased

from sommit import clock
from sommit.extensions import db
from sommit.jalia import answers
from sommit.jalia.answers import Recorded
from sommit.jalia.reading import Reading
from sommit.models import Closing, RawReading

KEPT_FOR = timedelta(days=90)


class Kept(NamedTuple):
    """A reading that is kept; `to_apply`: its closing does not say the same yet."""

    id: int
    to_apply: bool


class Stored(NamedTuple):
    """A reading that is kept. `read_at` is when the till last answered so; `applied_at`: None before it was applied."""

    id: int
    read_at: datetime
    applied_at: datetime | None
    answers: bytes


def keep(venue_id: int, reading: Reading) -> Kept | None:
    """Keep the answers of a reading; the same answers again are only dated anew. None where they are too large to keep.

    To be committed before the reading is applied, where it is to be.
    """
    if not reading.answers:
        return None
    packed, now = answers.pack(reading.report, reading.answers), clock.now()
    known = {row.fingerprint: row for row in _known(venue_id, reading.report.id)}
    row = known.get(packed.fingerprint)
    if row is None:
        fresh = RawReading(venue_id=venue_id, till_id=reading.report.id, read_at=now, **packed._asdict())
        db.session.add(fresh)
        db.session.flush()
        return Kept(fresh.id, to_apply=True)
    is_latest = row is next(reversed(known.values()))
    applied_at = row.applied_at if is_latest else None
    mine = update(RawReading).where(RawReading.venue_id == venue_id, RawReading.id == row.id)
    db.session.execute(mine.values(read_at=now, applied_at=applied_at))
    return Kept(row.id, to_apply=applied_at is None)


def applied(venue_id: int, reading_id: int) -> None:
    """Note that a kept reading was applied; in the transaction that does it."""
    mine = update(RawReading).where(RawReading.venue_id == venue_id, RawReading.id == reading_id)
    db.session.execute(mine.values(applied_at=clock.now()))


def pending(venue_id: int) -> list[int]:
    """Return the readings that were kept and not applied, oldest first; one that a later one replaced is not."""
    later = aliased(RawReading)
    overtaken = exists().where(
        later.venue_id == venue_id, later.till_id == RawReading.till_id, later.read_at > RawReading.read_at
    )
    query = select(RawReading.id).where(RawReading.venue_id == venue_id, RawReading.applied_at.is_(None), ~overtaken)
    return list(db.session.scalars(query.order_by(RawReading.read_at, RawReading.id)))


def recorded(venue_id: int, reading_id: int) -> Recorded:
    """Open a kept reading, to be read as the till would be."""
    query = select(RawReading.answers).where(RawReading.venue_id == venue_id, RawReading.id == reading_id)
    return answers.unpack(db.session.scalars(query).one())


def of(closing: Closing, latest: int) -> list[Stored]:
    """Return the readings of a closing that are kept, at most so many, the most recent first. One statement."""
    columns = RawReading.id, RawReading.read_at, RawReading.applied_at, RawReading.answers
    mine = RawReading.venue_id == closing.venue_id, RawReading.till_id == closing.till_id
    rows = select(*columns).where(*mine).order_by(RawReading.read_at.desc(), RawReading.id.desc()).limit(latest)
    return [Stored(*row) for row in db.session.execute(rows)]


def prune(venue_id: int) -> None:
    """Throw away what the till last said so more than 90 days ago."""
    old = RawReading.venue_id == venue_id, RawReading.read_at < clock.now() - KEPT_FOR
    db.session.execute(delete(RawReading).where(*old))


class _Row(NamedTuple):
    id: int
    fingerprint: str
    read_at: datetime
    applied_at: datetime | None


def _known(venue_id: int, till_id: str) -> list[_Row]:
    columns = RawReading.id, RawReading.fingerprint, RawReading.read_at, RawReading.applied_at
    mine = RawReading.venue_id == venue_id, RawReading.till_id == till_id
    rows = db.session.execute(select(*columns).where(*mine).order_by(RawReading.read_at, RawReading.id))
    return [_Row(*row) for row in rows]
