"""When an evening is due, and what has become of it once the till was read."""

from datetime import date, datetime, timedelta

from sqlalchemy import case, func, or_, select

from sommit import clock
from sommit.extensions import db
from sommit.models import Closing
from sommit.refusals import N_
from sommit.services.sales_import import DENIED

DUE_HOUR = 5  # local time from which the evening before is due (CONTRACT §8.1)
LATE_HOUR = 14  # local time after which a missing closing is no longer asked for every half hour
NOT_CLOSED_YET = timedelta(minutes=30)
NOT_CLOSED = N_("La clôture de cette soirée n’est pas encore faite dans Jalia.")


def became(day: date, closed: set[date], pending: dict[date, str | None], first: date) -> tuple[str, str | None]:
    """Return the state of an evening, and why. A day whose closing is known and not here is not a day without service.

    An evening before the `first` one that is asked for is settled as it is: nothing of it will come.
    """
    if day in closed:
        return "imported", None
    if day < first:
        return "no_service", None
    if why := pending.get(day):
        return "failed", why
    if day not in pending and day < max(closed, default=day):
        return "no_service", None
    return "waiting", NOT_CLOSED


def ask_again(now: datetime, timezone: str) -> datetime:
    """Return when to look again: in half an hour while the morning lasts, then when the next evening is due."""
    today = clock.local_date(now, timezone)
    late = clock.at_hour(today, LATE_HOUR, timezone)
    return now + NOT_CLOSED_YET if now < late else clock.at_hour(today + timedelta(days=1), DUE_HOUR, timezone)


def closing_days(venue_id: int) -> tuple[set[date], dict[date, str | None]]:
    """Return the days of which a closing was imported; and those of which one is only known, with why it was not read.

    A running shift that the till has forgotten is none.
    """
    known = or_(Closing.finalized_at.is_not(None), func.coalesce(Closing.problem, "") != DENIED)
    done = func.max(case((Closing.finalized_at.is_not(None), 1), else_=0))
    days = select(Closing.business_date, done, func.max(Closing.problem)).where(Closing.venue_id == venue_id, known)
    rows = db.session.execute(days.group_by(Closing.business_date)).all()
    return {day for day, imported, _ in rows if imported}, {day: why for day, imported, why in rows if not imported}
