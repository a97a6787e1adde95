"""The conversation of a venue with the support team, and the e-mails that wait to be sent."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base
from sommit.models.scope import InVenue
from sommit.models.venue import where


class Message(InVenue, Base):
    """One message of a venue's conversation with the support team. Never edited."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    from_support: Mapped[bool]
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    form_key: Mapped[str] = mapped_column(unique=True)  # of the form that sent it: two taps, one message
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]  # by the other side

    __table_args__ = (
        CheckConstraint("body <> ''", "body"),
        Index("ix_message_venue", "venue_id", "id"),
        Index("ix_message_unread", "venue_id", "from_support", **where("read_at IS NULL")),
    )


class Letter(Base):
    """An e-mail to send, written in the transaction of what it tells: sent once, twice after a crash, never lost."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    about: Mapped[str] = mapped_column(unique=True)  # what it tells: the same thing is told once
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_letter_unsent", "next_try_at", **where("sent_at IS NULL")),)
