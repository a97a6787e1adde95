"""How a row stays inside its venue."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column


class InVenue:
    """A row of one venue."""

    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))


def inside(column: str, table: str) -> ForeignKeyConstraint:
    """Point to a row of the same venue: the venue is part of the key, so another venue's row cannot be named."""
    return ForeignKeyConstraint(["venue_id", column], [f"{table}.venue_id", f"{table}.id"])
