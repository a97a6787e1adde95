"""What is due, who reads it, and when an evening is settled. The book is the database; the queue only rings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from sommit import clock
from sommit.extensions import db
from sommit.models import Night, TillConnection, Venue
from sommit.refusals import N_, Refusal
from sommit.services import evenings, presence
from sommit.statements import built_once

LEASE = timedelta(minutes=2)
OFTEN = 5  # interrupted readings, one after the other, after which a night says so (FAULTS 10)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 80, 120))

INTERRUPTED = N_("La lecture s’est interrompue ; elle reprend d’elle-même.")
INTERRUPTED_OFTEN = N_(
    "Cinq lectures de suite, ou plus, se sont interrompues. "
    "La caisse est relue d’elle-même, toutes les deux heures au plus tard."
)
OUT_OF_MEMORY = N_(
    "La lecture a manqué de mémoire : rien n’a été enregistré à moitié. "
    "Elle reprend d’elle-même ; si cela dure, prévenez l’assistance."
)
KILLED = N_(
    "La lecture a été arrêtée net par le système, le plus souvent faute de mémoire. "
    "Elle reprend d’elle-même ; si cela dure, prévenez l’assistance."
)


class Busy(Refusal):
    """Somebody is reading this venue's till right now."""

    sentence = N_("Une lecture de la caisse est déjà en cours.")


class NoRoom(Refusal):
    """The database's disk is full."""

    sentence = N_(
        "Il n’y a plus de place sur le disque de Somm’It : rien n’a été enregistré à moitié. "
        "Prévenez l’assistance ; la lecture reprend d’elle-même dès qu’il y en a."
    )


class LostLease(Exception):
    """The reader was too slow: another one took over, so it must not write any more."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to read a venue's till, for one night. `fence` tells this reader from any later one."""

    venue_id: int
    night_id: int
    fence: int


def evening_before(venue: Venue, now: datetime) -> date:
    """Return the last evening that is due: yesterday's from 05:00 local time on, the one before until then."""
    local = clock.local_date(now, venue.timezone)
    started = now >= clock.at_hour(local, evenings.DUE_HOUR, venue.timezone)
    return local - timedelta(days=1 if started else 2)


def due() -> list[int]:
    """Return the venues whose night is due: till connected, evening before not settled, wait over, nobody reading."""
    now = clock.now()
    rows = db.session.execute(
        select(Venue, TillConnection).join(TillConnection).where(TillConnection.state == "connected").order_by(Venue.id)
    )
    return [venue.id for venue, _ in rows if is_due(venue, now)]


def is_due(venue: Venue, now: datetime) -> bool:
    """Return whether a reading of a connected venue is wanted now, and nobody is at it."""
    evening = evening_before(venue, now)
    found = db.session.scalars(*_due_or_read(venue.id, evening, now)).all()
    if any(night.lease_until is not None and night.lease_until > now for night in found):
        return False
    night = next((night for night in found if night.business_date == evening), None)
    if night is None:
        return True
    return night.state not in Night.SETTLED if night.next_try_at is None else night.next_try_at <= now


@built_once()
def _due_or_read(venue_id: Any, evening: Any, now: Any) -> Any:
    either = or_(Night.business_date == evening, Night.lease_until > now)
    return select(Night).where(Night.venue_id == venue_id, either)


def ask(venue: Venue) -> None:
    """Note that a reading is wanted now, also where the evening is settled: it stays due until one got through."""
    now = clock.now()
    evening = evening_before(venue, now)
    _ensure(venue.id, [evening])
    mine = Night.venue_id == venue.id, Night.business_date == evening
    db.session.execute(update(Night).where(*mine).values(next_try_at=now, asked_at=now))


def sweep(killed: int | None = None) -> None:
    """Take back the leases of readers that are gone; their nights are due again, after a growing wait.

    `killed` is a venue whose reader the system is known to have killed: its night says so (FAULTS 10).
    """
    now = clock.now()
    leased = select(Night).where(Night.lease_until.is_not(None)).with_for_update(skip_locked=True)
    for night in db.session.scalars(leased).all():
        if not presence.gone(night.id, night.fence) and night.lease_until > now:
            continue
        night.lease_until = None
        if night.state not in Night.SETTLED:
            why = KILLED if night.venue_id == killed else _interruption(night.attempts)
            night.state, night.problem = "failed", why
            night.next_try_at = now if night.attempts < 2 else now + wait_after(night.attempts - 1)


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: 5, 10, 20... minutes, two hours at the most."""
    return WAITS[min(max(attempts, 1), len(WAITS)) - 1]


def claim(venue: Venue) -> Lease:
    """Take the right to read a venue's till. To be committed at once. Raises Busy while somebody else holds it.

    The database decides: one row per venue and evening, one lease per venue.
    """
    sweep()
    now = clock.now()
    evening = evening_before(venue, now)  # the row that `due` looks at: its wait holds the next reader back
    _ensure(venue.id, [evening])
    night: Night = db.session.scalars(*_night(venue.id, evening)).one()
    values = {
        "lease_until": now + LEASE,
        "asked_at": None,
        "fence": Night.fence + 1,
        "attempts": Night.attempts + 1,
        "done": 0,
        "total": 0,
    }
    try:
        with db.session.begin_nested():
            taken = db.session.execute(
                update(Night).where(Night.id == night.id, Night.lease_until.is_(None)).values(values)
            )
    except IntegrityError:
        raise Busy() from None
    if taken.rowcount == 0:
        raise Busy()
    db.session.refresh(night)
    return Lease(venue.id, night.id, night.fence)


def renew(lease: Lease, **progress: int) -> None:
    """Hold on to a lease, and say how far the reading is. Raises LostLease: another reader took over."""
    _hold(lease, lease_until=clock.now() + LEASE, **progress)


def release(lease: Lease) -> None:
    """Give a lease back; nothing happens when it was lost already."""
    db.session.execute(update(Night).where(*_mine(lease)).values(lease_until=None))


def fail(lease: Lease, problem: str, *, wait: timedelta | None = None) -> None:
    """Record why a reading failed, and when to try again: after a growing wait, or after `wait` if that is longer."""
    night = db.session.get(Night, lease.night_id)
    pause = max(wait_after(night.attempts), wait or timedelta(0))
    settled = night.state in Night.SETTLED
    _hold(
        lease,
        lease_until=None,
        problem=problem,
        state=night.state if settled else "failed",
        next_try_at=clock.now() + pause,
    )


def interrupt(lease: Lease, why: str | None = None) -> None:
    """Record a reading that ended before its end, for whatever reason nobody foresaw. Raises LostLease."""
    fail(lease, why or _interruption(db.session.get(Night, lease.night_id).attempts))


def _interruption(attempts: int) -> str:
    return INTERRUPTED_OFTEN if attempts >= OFTEN else INTERRUPTED


def settle(lease: Lease, connection: TillConnection, timezone: str, problem: str | None) -> None:
    """After a good reading, say of every evening since the connection what became of it, and give the lease back.

    imported: a closing of that evening is here. failed: one is known and could not be read. no_service: none is, and a
    later one shows that there was none. waiting: not closed yet. `problem` is what the reading could not do, for
    tonight's row.
    """
    now = clock.now()
    evening: date = db.session.get(Night, lease.night_id).business_date
    closed, pending = evenings.closing_days(lease.venue_id)
    first = min({connection.read_from} | closed)
    _ensure(lease.venue_id, {first + timedelta(days=n) for n in range((evening - first).days + 1)} | closed)
    for night in db.session.scalars(select(Night).where(Night.venue_id == lease.venue_id)):
        state, why = evenings.became(night.business_date, closed, pending, connection.read_from)
        if night.state != state:
            night.state, night.read_at, night.problem = state, now, why
        if night.id == lease.night_id:
            night.problem = problem or why
        night.next_try_at = None if state in Night.SETTLED else evenings.ask_again(now, timezone)
    db.session.flush()
    _hold(lease, lease_until=None, read_at=now, attempts=0)


def _ensure(venue_id: int, days: Iterable[date]) -> None:
    """Make sure that each evening has its row; the database refuses a second one."""
    there = set(db.session.scalars(select(Night.business_date).where(Night.venue_id == venue_id)))
    for day in sorted(set(days) - there):
        try:
            with db.session.begin_nested():
                db.session.execute(insert(Night).values(venue_id=venue_id, business_date=day))
        except IntegrityError:  # another reader made the same row
            continue


@built_once()
def _night(venue_id: Any, day: Any) -> Any:
    return select(Night).where(Night.venue_id == venue_id, Night.business_date == day)


def _mine(lease: Lease) -> tuple[Any, ...]:
    return Night.id == lease.night_id, Night.fence == lease.fence, Night.lease_until.is_not(None)


def _hold(lease: Lease, **values: Any) -> None:
    if db.session.execute(update(Night).where(*_mine(lease)).values(values)).rowcount == 0:
        raise LostLease()


def running(venue_id: int) -> Night | None:
    """Return the night that is being read right now, with how far it is."""
    found: Night | None = db.session.scalar(*_running(venue_id, clock.now()))
    return found


@built_once()
def _running(venue_id: Any, now: Any) -> Any:
    return select(Night).where(Night.venue_id == venue_id, Night.lease_until > now)


def latest(venue_id: int, limit: int = 45) -> list[Night]:
    """Return the venue's last nights, the most recent first."""
    return list(db.session.scalars(*_latest(venue_id, limit)))


@built_once(limit=Integer())
def _latest(venue_id: Any, limit: Any) -> Any:
    return select(Night).where(Night.venue_id == venue_id).order_by(Night.business_date.desc()).limit(limit)


def next_due_at(venue: Venue) -> datetime:
    """Return when the next reading is due: the wait of an evening, else the next morning at 05:00."""
    now = clock.now()
    waiting: datetime | None = db.session.scalar(*_next_try(venue.id, now))
    today = clock.local_date(now, venue.timezone)
    morning = clock.at_hour(today, evenings.DUE_HOUR, venue.timezone)
    regular = morning if now < morning else clock.at_hour(today + timedelta(days=1), evenings.DUE_HOUR, venue.timezone)
    return min(waiting, regular) if waiting else regular


@built_once()
def _next_try(venue_id: Any, now: Any) -> Any:
    return select(func.min(Night.next_try_at)).where(Night.venue_id == venue_id, Night.next_try_at > now)


def find(venue_id: int, day: date) -> Night | None:
    """Return an evening's row, None where nobody looked for it yet."""
    found: Night | None = db.session.scalar(*_night(venue_id, day))
    return found
