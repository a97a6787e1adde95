"""Which evenings are still missing past their deadline, so that somebody has to be told."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from sommit import clock
from sommit.extensions import db
from sommit.models import Night, TillConnection, Venue
from sommit.services.evenings import LATE_HOUR

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


class Nights(NamedTuple):
    """How many evenings the books know, and which of those that had to be settled by now are not."""

    known: int
    missing: list[date]


def look(venue: Venue, connection: TillConnection, now: datetime) -> Nights:
    """Return the evenings that are neither imported nor without service at 14:00 of the day after, oldest first.

    An evening that waits where the same one of the week before had no service is the weekly closing day: no news. Of a
    till that was just connected, nothing is late before the day after.
    """
    today = clock.local_date(now, venue.timezone)
    last = today - (DAY if now >= clock.at_hour(today, LATE_HOUR, venue.timezone) else 2 * DAY)
    rows = select(Night.business_date, Night.state).where(Night.venue_id == venue.id)
    states: dict[date, str] = dict(db.session.execute(rows).all())
    if clock.local_date(connection.connected_at, venue.timezone) > last:
        return Nights(len(states), [])
    evenings = [connection.read_from + timedelta(days=n) for n in range((last - connection.read_from).days + 1)]
    missing = [day for day in evenings if states.get(day) not in Night.SETTLED and not _closing_day(states, day)]
    return Nights(len(states), missing)


def spells(missing: list[date]) -> list[tuple[date, date]]:
    """Return the first and the last evening of each row of evenings without a gap: one is told once, not daily."""
    found: list[tuple[date, date]] = []
    for day in missing:
        if found and found[-1][1] == day - DAY:
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return found


def _closing_day(states: dict[date, str], day: date) -> bool:
    return states.get(day) == "waiting" and states.get(day - WEEK) == "no_service"
