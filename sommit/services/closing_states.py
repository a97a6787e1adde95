"""What became of a closing after it was read: read again, amended, or gone from the till (FAULTS 57-59)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from sommit import clock
from sommit.extensions import db
from sommit.models import Closing, RawReading, Venue
from sommit.refusals import N_, Refusal
from sommit.services import raw_readings
from sommit.statements import built_once

GONE = "vanished_at"  # in Closing.control: when the till first denied the closing, ISO 8601 in UTC

LOOKED_BACK = timedelta(days=31)  # from a morning, for closings that it found changed


class NoSuchClosing(Refusal):
    """There is no closing with this number in this venue."""

    sentence = N_("Cette clôture n’existe pas ici.")


class State(NamedTuple):
    """What the last readings found. read_again: the same; amended: other lines; vanished: the till denies it."""

    kind: Literal["read_again", "amended", "vanished"]
    at: datetime


class _Kept(NamedTuple):
    read_at: datetime
    applied_at: datetime | None


def get(venue_id: int, closing_id: int) -> Closing:
    """Return a closing of this venue. Raises NoSuchClosing."""
    query = select(Closing).where(Closing.venue_id == venue_id, Closing.id == closing_id)
    found: Closing | None = db.session.scalar(query)
    if found is None:
        raise NoSuchClosing()
    return found


def same_evening(closing: Closing) -> list[Closing]:
    """Return the closings of a closing's evening, itself among them."""
    mine = Closing.venue_id == closing.venue_id, Closing.business_date == closing.business_date
    return list(db.session.scalars(select(Closing).where(*mine).order_by(Closing.id)))


def of(venue_id: int, closings: Sequence[Closing]) -> dict[int, State]:
    """Return the state of those closings, by id, that were not just read once. One statement."""
    kept: dict[str, list[_Kept]] = defaultdict(list)
    for till_id, *dates in db.session.execute(*_readings(venue_id, [closing.till_id for closing in closings])):
        kept[till_id].append(_Kept(*dates))
    states = {closing.id: _state(closing, kept[closing.till_id]) for closing in closings}
    return {closing_id: state for closing_id, state in states.items() if state}


@built_once()
def _readings(venue_id: Any, till_ids: Any) -> Any:
    columns = RawReading.till_id, RawReading.read_at, RawReading.applied_at
    mine = RawReading.venue_id == venue_id, RawReading.till_id.in_(till_ids)
    return select(*columns).where(*mine).order_by(RawReading.read_at, RawReading.id)


def _state(closing: Closing, kept: Sequence[_Kept]) -> State | None:
    if gone := vanished_at(closing):
        return State("vanished", gone)
    if not kept or closing.read_at is None:
        return None
    *former, latest = kept
    if _wrote(closing.read_at, latest) and any(_before(one, closing.read_at) for one in former):
        return State("amended", closing.read_at)
    if former or latest.applied_at is None or latest.read_at > latest.applied_at:
        return State("read_again", latest.read_at)
    return None


def _wrote(written_at: datetime, kept: _Kept) -> bool:
    """Whether the lines are a kept reading's: a product that reads the same answers otherwise amends nothing."""
    return kept.applied_at is not None and kept.applied_at >= written_at


def _before(kept: _Kept, written_at: datetime) -> bool:
    return kept.applied_at is not None and kept.applied_at < written_at


def recent(venue: Venue) -> list[tuple[Closing, State]]:
    """Return the closings read again while their readings are kept, oldest evening first. Two statements."""
    since = clock.local_date(clock.now() - raw_readings.KEPT_FOR, venue.timezone)
    found = _in_order((Closing.venue_id == venue.id, Closing.business_date >= since))
    states = of(venue.id, found)
    return [(closing, states[closing.id]) for closing in found if closing.id in states]


class Changed(NamedTuple):
    """Closings that a period changed, oldest evening first; one can be both."""

    amended: list[Closing]  # their lines were replaced
    vanished: list[Closing]  # the till began to deny them


def changed(venue_id: int, start: datetime, end: datetime) -> Changed:
    """Return the closings that were amended in a period, and those that vanished. One statement."""
    found = db.session.execute(*_changed(venue_id, *_period(start, end))).all()
    return Changed([row.Closing for row in found if row.amended], [row.Closing for row in found if row.vanished])


@built_once()
def _changed(  # noqa: PLR0917 - its parameters are the statement's
    venue_id: Any, start: Any, end: Any, first_day: Any, start_text: Any, end_text: Any
) -> Any:
    amended, vanished = _ways(venue_id, (start, end, first_day, start_text, end_text))
    query = select(Closing, amended.label("amended"), vanished.label("vanished")).where(or_(amended, vanished))
    return query.order_by(Closing.business_date, Closing.id)


def count_changed(venue_id: int, start: datetime, end: datetime) -> Select[int]:
    """How many closings were amended in a period, or denied: a statement, to be asked with others."""
    return select(func.count(Closing.id)).where(or_(*_ways(venue_id, _period(start, end))))


def _period(start: datetime, end: datetime) -> tuple[Any, ...]:
    """A period as its statements take it: the first evening worth looking at, and the texts that `control` holds."""
    return start, end, start.date() - LOOKED_BACK, start.isoformat(), end.isoformat()


def _ways(venue_id: Any, period: tuple[Any, ...]) -> tuple[Any, Any]:
    """The conditions that a closing was amended in a period (`_period`), and that it vanished (SQL)."""
    start, end, first_day, start_text, end_text = period
    recent = Closing.venue_id == venue_id, Closing.business_date >= first_day  # older ones are read once and for all
    gone = Closing.control[GONE].as_string()
    return and_(*recent, *_amended(venue_id, start, end)), and_(*recent, gone >= start_text, gone < end_text)


def _in_order(which: tuple[Any, ...]) -> list[Closing]:
    return list(db.session.scalars(select(Closing).where(*which).order_by(Closing.business_date, Closing.id)))


def _amended(venue_id: Any, start: Any, end: Any) -> tuple[Any, ...]:
    """As `of`: other lines were there before, and those of now are a kept reading's."""
    former, latest = aliased(RawReading), aliased(RawReading)
    of_former, of_latest = (_of_closing(venue_id, kept) for kept in (former, latest))
    return (
        Closing.read_at >= start,
        Closing.read_at < end,
        exists().where(*of_former, former.applied_at < Closing.read_at),
        exists().where(*of_latest, latest.applied_at >= Closing.read_at),
    )


def _of_closing(venue_id: Any, kept: Any) -> tuple[Any, ...]:
    return kept.venue_id == venue_id, kept.till_id == Closing.till_id


def vanished_at(closing: Closing) -> datetime | None:
    """Return when the till first denied a closing, None while it shows it."""
    gone = (closing.control or {}).get(GONE)
    return datetime.fromisoformat(gone) if gone else None


def unlisted(venue: Venue, since: date, listed: Iterable[str]) -> list[str]:
    """Return the till's ids of closings that its list from `since` on should show and does not (CONTRACT §8.7).

    One that is listed again is not marked any more. Those still running are asked for anyway.
    """
    shown = set(listed)
    days = Closing.business_date.between(since, clock.local_date(clock.now(), venue.timezone))
    query = select(Closing).where(Closing.venue_id == venue.id, days, Closing.finalized_at.is_not(None))
    missing = []
    for closing in db.session.scalars(query.order_by(Closing.id)):
        gone = vanished_at(closing)
        if closing.till_id in shown and gone:
            mark(closing, None)
        elif closing.till_id not in shown and not gone:
            missing.append(closing.till_id)
    return missing


def vanish(venue_id: int, till_ids: Sequence[str]) -> None:
    """Mark closings that the till denies: their sales are kept, and somebody is told."""
    query = select(Closing).where(Closing.venue_id == venue_id, Closing.till_id.in_(till_ids))
    for closing in db.session.scalars(query):
        mark(closing, clock.now())


def mark(closing: Closing, gone: datetime | None) -> None:
    """Note since when the till denies a closing; None: it shows it."""
    kept = {name: value for name, value in (closing.control or {}).items() if name != GONE}
    closing.control = {**kept, GONE: gone.isoformat()} if gone else kept
