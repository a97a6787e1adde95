"""What the morning's audit found."""

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
