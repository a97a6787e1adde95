"""How the till's host is doing, as all venues see it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base


class Breaker(Base):
    """A host of the till: closed while it answers, open once several venues in a row found nobody there.

    While it is open no reading asks the host by itself before `open_until`; then one venue does, `probe_venue_id`.
    """

    __tablename__ = "breaker"

    host: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)  # venues that found nobody since the host last answered
    since: Mapped[datetime | None]  # when the first of them did
    openings: Mapped[int] = mapped_column(default=0)  # in a row: each is longer than the one before
    open_until: Mapped[datetime | None]
    probe_venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))

    __table_args__ = (CheckConstraint("open_until IS NULL OR since IS NOT NULL", "open_since"),)
