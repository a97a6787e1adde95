"""The library: what stands in the cellar."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base
from sommit.models.scope import InVenue
from sommit.models.venue import where

CATEGORIES = ("wine", "beer", "spirit", "soft", "cocktail", "other")


class Drink(InVenue, Base):
    """A drink in one format: a 750 ml bottle, a 30 l keg. A vintage is a drink of its own."""

    __tablename__ = "drink"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    producer: Mapped[str] = mapped_column(default="")
    appellation: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    colour: Mapped[str] = mapped_column(default="")
    vintage: Mapped[int | None]
    volume_ml: Mapped[int] = mapped_column(default=750)  # the format
    category: Mapped[str] = mapped_column(default="other")
    price_cents: Mapped[int | None]  # of the whole format, typed in; a linked key's price goes before it
    glass_price_cents: Mapped[int | None]
    threshold_ml: Mapped[int | None]
    identity: Mapped[str] = mapped_column(Text)  # name, producer, appellation, vintage, volume without case and accents
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("venue_id", "id"),
        CheckConstraint("name <> ''", "name"),
        CheckConstraint("volume_ml > 0", "volume"),
        CheckConstraint("vintage BETWEEN 1800 AND 2200", "vintage"),
        CheckConstraint(f"category IN {CATEGORIES}", "category"),
        Index("uq_drink_identity", "venue_id", "identity", unique=True, **where("archived_at IS NULL")),
    )
