"""What the morning's audit found, and how the till's host is doing."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base
from sommit.models.scope import InVenue


class Audit(InVenue, Base):
    """The look at a venue's books on one morning: `findings` has what does not hold, empty when all does."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]  # on the venue's wall; the database refuses a second audit of it
    at: Mapped[datetime]
    checked: Mapped[dict[str, int]] = mapped_column(JSON)  # how many of each were looked at
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("venue_id", "day"),)


class Breaker(Base):
    """The till's host as all venues saw it: after too many failures in a row nobody asks it before `open_until`."""

    __tablename__ = "breaker"

    host: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    open_until: Mapped[datetime | None]
