"""The morning's audit: each venue's books are worked out a second time, and what does not hold is told (I1 to I4)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from sommit import clock
from sommit.extensions import db, read_only_moment
from sommit.models import Audit, Drink, TillConnection, Venue
from sommit.services import books, missing_nights, stock
from sommit.statements import built_once

HOUR = 6  # local: the night has been read for an hour by then
PATIENCE = timedelta(hours=1)  # for the queue, before an audit that did not run is a fault of ours
MOST = 100  # findings that are kept

Finding = dict[str, Any]


def due(*, late: timedelta = timedelta(0)) -> list[int]:
    """Return the connected venues whose audit of today is due and not there, since `late` or longer."""
    rows = db.session.execute(
        select(Venue, func.max(Audit.day))
        .join(TillConnection, TillConnection.venue_id == Venue.id)
        .outerjoin(Audit, Audit.venue_id == Venue.id)
        .where(TillConnection.connected_at <= clock.now() - timedelta(days=1))
        .group_by(Venue.id)
        .order_by(Venue.id)
    )
    return [venue.id for venue, last in rows if _is_due(venue, last, late)]


def _is_due(venue: Venue, last: Any, late: timedelta) -> bool:
    now = clock.now()
    today = clock.local_date(now, venue.timezone)
    return now >= clock.at_hour(today, HOUR, venue.timezone) + late and (last is None or last < today)


def look(venue: Venue, connection: TillConnection) -> Audit:
    """Look at a venue's books in one moment of theirs, and return what was found; nothing is written.

    Ends the transaction that is open. The number of statements is constant, the memory that of one closing.
    """
    read_only_moment()
    now = clock.now()
    worked_out = books.work_out(venue.id)
    nights = missing_nights.look(venue, connection, now)
    findings = [*_stocks(venue.id, worked_out.stocks), *(_of(odd) for odd in worked_out.odd)]
    findings += [
        {"kind": "twice", "order": order, "day": first.isoformat(), "other_day": last.isoformat()}
        for order, first, last in books.twice(venue.id, MOST)
    ]
    findings += [
        {"kind": "night", "day": first.isoformat(), "other_day": last.isoformat()}
        for first, last in missing_nights.spells(nights.missing)
    ]
    checked = {
        "nights": nights.known,
        "drinks": len(worked_out.stocks),
        "closings": worked_out.closings,
        "lines": worked_out.lines,
        "findings": len(findings),
    }
    today = clock.local_date(now, venue.timezone)
    db.session.rollback()
    return Audit(venue_id=venue.id, day=today, at=now, checked=checked, findings=findings[:MOST])


def keep(audit: Audit) -> bool:
    """Write an audit down; return False where another worker has written the day's already."""
    values = {name: getattr(audit, name) for name in ("venue_id", "day", "at", "checked", "findings")}
    try:
        with db.session.begin_nested():
            db.session.execute(insert(Audit).values(values))
    except IntegrityError:
        return False
    return True


def latest(venue_id: int) -> Audit | None:
    """Return a venue's last audit."""
    found: Audit | None = db.session.scalar(*_latest(venue_id))
    return found


@built_once()
def _latest(venue_id: Any) -> Any:
    return select(Audit).where(Audit.venue_id == venue_id).order_by(Audit.day.desc()).limit(1)


def known(venue_id: int) -> list[Finding]:
    """Return what the audit before today's found: what is among it is no news."""
    query = select(Audit.findings).where(Audit.venue_id == venue_id).order_by(Audit.day.desc()).limit(1)
    return db.session.scalar(query) or []


def _of(odd: books.Odd) -> Finding:
    figures = {"said": odd.said, "counted": odd.counted}
    return {"kind": odd.what, "closing": odd.closing_id, "day": odd.day.isoformat(), **figures}


def _stocks(venue_id: int, counted: dict[int, int]) -> list[Finding]:
    """The drinks of which the screens show another stock than the one worked out here."""
    said = stock.cellar(venue_id)
    wrong = sorted(drink_id for drink_id in said.keys() | counted.keys() if said.get(drink_id) != counted.get(drink_id))
    names = dict(
        db.session.execute(
            select(Drink.id, Drink.name).where(Drink.venue_id == venue_id, Drink.id.in_(wrong[:MOST]))
        ).all()
    )
    return [
        {"kind": "stock", "drink": one, "name": names[one], "said": said.get(one), "counted": counted.get(one)}
        for one in wrong[:MOST]
    ]
