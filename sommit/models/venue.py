"""Venues, their people, and their nights: the work list of the import."""

from datetime import date, datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base, Wide


def where(condition: str) -> dict[str, Any]:
    """Return the arguments of a partial index, the same on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Venue(Base):
    """A restaurant or a bar. Everything else belongs to one."""

    __tablename__ = "venue"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    timezone: Mapped[str] = mapped_column(default="Europe/Paris")
    created_at: Mapped[datetime]
    # Another number after each change of the drinks, drawn rather than counted: a change that was rolled back and the
    # next one must not look the same to an engine that is kept warm.
    library_version: Mapped[int] = mapped_column(Wide, default=0)

    __table_args__ = (CheckConstraint("name <> ''", "name"),)


class User(UserMixin, Base):
    """A person who signs in; `is_support` marks the support team, who belong to no venue."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    password_hash: Mapped[str]
    is_support: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("email = lower(email)", "email_lower"),)


class Membership(Base):
    """A person works at a venue."""

    __tablename__ = "membership"

    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)


class Night(Base):
    """One evening of one venue, from due to settled. The row is the work list, the lock and the journal.

    A lease says that somebody is reading the till for this night until `lease_until`; `fence` grows with each lease, so
    that a reader who was only slow cannot write any more.
    """

    __tablename__ = "night"

    STATES = ("due", "waiting", "failed", "imported", "no_service")
    SETTLED = ("imported", "no_service")

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    business_date: Mapped[date]
    state: Mapped[str] = mapped_column(default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]  # a person wants a reading; the attempt that takes it up clears it
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)  # closings read by the running import
    total: Mapped[int] = mapped_column(default=0)  # closings it has to read
    problem: Mapped[str | None] = mapped_column(Text)  # a French sentence for the screen
    read_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("venue_id", "business_date"),
        CheckConstraint(f"state IN {STATES}", "state"),
        Index("uq_one_reader_per_venue", "venue_id", unique=True, **where("lease_until IS NOT NULL")),
    )
