"""The conversation of a venue with the support team (row J1 of the FAQ). A message is only ever added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.exc import IntegrityError

from sommit import clock
from sommit.extensions import db
from sommit.models import Message, User, Venue
from sommit.refusals import N_, Refusal
from sommit.services import letters
from sommit.statements import built_once

LONGEST = 4000
SHOWN = 200
FORM_KEY = 32  # characters


class NothingWritten(Refusal):
    """A message needs words."""

    sentence = N_("Écrivez votre message, puis envoyez-le.")
    field = "message"


class TooLong(Refusal):
    """A message is a letter, no book."""

    sentence = N_("Ce message dépasse 4 000 caractères : coupez-le en deux.")
    field = "message"


@dataclass(frozen=True, slots=True)
class Said:
    """A message and who wrote it."""

    message: Message
    author: str  # e-mail address


@dataclass(frozen=True, slots=True)
class Thread:
    """A venue's conversation as the support team sees it in its list."""

    venue: Venue
    last: Message
    unread: int

    @property
    def waits(self) -> bool:
        """Return whether the last word is the venue's."""
        return not self.last.from_support


def said(venue_id: int) -> list[Said]:
    """Return the last messages of a venue's conversation, oldest first."""
    return [Said(message, email) for message, email in db.session.execute(*_said(venue_id))][::-1]


@built_once()
def _said(venue_id: Any) -> Any:
    query = select(Message, User.email).join(User, User.id == Message.author_id)
    return query.where(Message.venue_id == venue_id).order_by(Message.id.desc()).limit(SHOWN)


def write(venue: Venue, author: User, body: str, form_key: str, *, tell: Sequence[str]) -> Message:
    """Add a message, and note an e-mail to each address of `tell`. The same form sent twice is one message.

    What the other side wrote before counts as read by whoever answers. Raises NothingWritten, TooLong.
    """
    body = _cleaned(body)
    if not body:
        raise NothingWritten()
    if len(body) > LONGEST:
        raise TooLong()
    message = Message(
        venue_id=venue.id,
        body=body,
        from_support=author.is_support,
        author_id=author.id,
        form_key=f"{venue.id}-{form_key[:FORM_KEY]}",
        sent_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(message)
            db.session.flush()
    except IntegrityError:
        return _twin(message.form_key)
    mark_read(venue.id, by_support=author.is_support, up_to=message.id)
    _tell(venue, message, tell)
    return message


def mark_read(venue_id: int, *, by_support: bool, up_to: int) -> None:
    """Note that one side has read what the other wrote, up to a message."""
    theirs = Message.venue_id == venue_id, Message.from_support.is_(not by_support), Message.id <= up_to
    db.session.execute(update(Message).where(*theirs, Message.read_at.is_(None)).values(read_at=clock.now()))


def unread(venue_id: int) -> int:
    """Return how many answers of the support team a venue has not read."""
    return int(db.session.scalar(*_unread(venue_id)))


@built_once()
def _unread(venue_id: Any) -> Any:
    waiting = Message.venue_id == venue_id, Message.from_support.is_(True), Message.read_at.is_(None)
    return select(func.count()).select_from(Message).where(*waiting)


def last_id(venue_id: int) -> int:
    """Return the id of a conversation's last message, 0 where there is none."""
    return int(db.session.scalar(select(func.coalesce(func.max(Message.id), 0)).where(Message.venue_id == venue_id)))


def threads() -> list[Thread]:
    """Return every venue's conversation: those that wait for an answer first, the longest waiting at the top."""
    unread_ones = func.sum(case((Message.from_support.is_(False) & Message.read_at.is_(None), 1), else_=0))
    each = select(func.max(Message.id).label("last_id"), unread_ones.label("unread")).group_by(Message.venue_id)
    last = each.subquery()
    query = select(Venue, Message, last.c.unread).join(Message, Message.venue_id == Venue.id)
    rows = db.session.execute(query.join(last, last.c.last_id == Message.id))
    return sorted((Thread(venue, message, int(count)) for venue, message, count in rows), key=_order)


def _order(thread: Thread) -> tuple[bool, float]:
    at: datetime = thread.last.sent_at
    return not thread.waits, at.timestamp() if thread.waits else -at.timestamp()


def _twin(form_key: str) -> Message:
    found: Message = db.session.scalars(select(Message).where(Message.form_key == form_key)).one()
    return found


def _tell(venue: Venue, message: Message, tell: Sequence[str]) -> None:
    subject = f"Somm’It : l’assistance a répondu à {venue.name}" if message.from_support else f"Somm’It : {venue.name}"
    letters.to_all(f"message {message.id}", tell, subject, message.body, venue.id)


def _cleaned(body: str) -> str:
    """Line breaks stay; what cannot be printed goes."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(c for c in line if c.isprintable()).rstrip() for line in lines).strip()
