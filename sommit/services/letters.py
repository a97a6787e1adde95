"""E-mails, written in the transaction of what they tell: a crash before the sending loses none (FAULTS 7)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sommit import clock
from sommit.extensions import db
from sommit.models import Letter

TOO_OLD = timedelta(days=7)  # what nobody could send for a week is no news any more
WAITS = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 60, 240))
LONGEST_LINE = 250


def write(about: str, recipient: str, subject: str, body: str, venue_id: int | None = None) -> None:
    """Note an e-mail to send, in the caller's transaction. What was told already (`about`) is not told again.

    `about` names the fact and the recipient; it is unique over all venues. Subject and recipient are one line each.
    """
    row = {
        "about": about,
        "recipient": _one_line(recipient),
        "subject": _one_line(subject),
        "body": body,
        "venue_id": venue_id,
        "written_at": clock.now(),
        "attempts": 0,
    }
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(Letter).values(row).on_conflict_do_nothing(index_elements=["about"]))


def due() -> list[int]:
    """Return the letters that wait to be sent now, oldest first; those of more than a week are left."""
    now = clock.now()
    waiting = Letter.sent_at.is_(None), Letter.written_at > now - TOO_OLD
    rested = or_(Letter.next_try_at.is_(None), Letter.next_try_at <= now)
    return list(db.session.scalars(select(Letter.id).where(*waiting, rested).order_by(Letter.id)))


def take(letter_id: int) -> Letter | None:
    """Take a letter to send it; None where another process has just taken it. To be committed before the sending.

    The next try is noted beforehand: whoever dies while sending leaves a letter that is tried again.
    """
    letter: Letter | None = db.session.get(Letter, letter_id, populate_existing=True)
    if letter is None or letter.sent_at:
        return None
    now = clock.now()
    wait = WAITS[min(letter.attempts, len(WAITS) - 1)]
    mine: Any = (Letter.id == letter_id, Letter.attempts == letter.attempts)
    values = {"attempts": letter.attempts + 1, "next_try_at": now + wait}
    if db.session.execute(update(Letter).where(*mine).values(values)).rowcount == 0:
        return None
    return letter


def sent(letter_id: int) -> None:
    """Note that a letter went out."""
    db.session.execute(update(Letter).where(Letter.id == letter_id).values(sent_at=clock.now()))


def to_all(about: str, recipients: Iterable[str], subject: str, body: str, venue_id: int) -> None:
    """Note the same e-mail for several people, one letter each."""
    for recipient in recipients:
        write(f"{about} {recipient}"[:LONGEST_LINE], recipient, subject, body, venue_id)


def _one_line(text: str) -> str:
    """No header can be slipped in through a name."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_LINE]
