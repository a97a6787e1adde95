"""What the morning's audit found, and how the till's host is doing."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base
from sommit.models.scope import InVenue


class Audit(InVenue, Base):
    """One look at a venue's books: `findings` has what does not hold, empty when all does."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    checked: Mapped[dict[str, int]] = mapped_column(JSON)  # how many of each were looked at
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    __table_args__ = (Index("ix_audit_latest", "venue_id", "at"),)


class Breaker(Base):
    """The till's host as all venues saw it: after too many failures in a row nobody asks it before `open_until`."""

    __tablename__ = "breaker"

    host: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    open_until: Mapped[datetime | None]
