"""The till as we know it: its connection, its keys with their prices, and which drinks they pour."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base
from sommit.models.scope import InVenue, inside
from sommit.models.venue import where


class TillConnection(Base):
    """A venue's way to its Jalia till. The token is kept encrypted, bound to its venue."""

    __tablename__ = "till_connection"

    STATES = ("connected", "refused")

    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), primary_key=True)
    token: Mapped[bytes] = mapped_column(LargeBinary)
    token_tail: Mapped[str]  # the last four characters, the only ones ever shown
    state: Mapped[str] = mapped_column(default="connected")
    location_id: Mapped[str | None]  # known from the first closing on; a key of another venue is refused
    location_name: Mapped[str | None]  # as printed on the till's tickets
    connected_at: Mapped[datetime]
    read_from: Mapped[date]  # the first evening that is asked for
    problem: Mapped[str | None] = mapped_column(Text)  # what the last reading could not do, for the screen
    read_at: Mapped[datetime | None]  # end of the last reading that got through
    silent_since: Mapped[datetime | None]  # first of the readings in a row that found nobody at the till

    __table_args__ = (CheckConstraint(f"state IN {STATES}", "state"),)


class TillReference(InVenue, Base):
    """A key of the till: one row of the list "à synchroniser". Never deleted, even when the till drops it."""

    __tablename__ = "till_reference"

    id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[str] = mapped_column(Text)  # the catalogue's id in lower case, or "label:..." (CONTRACT §7)
    label: Mapped[str]
    category: Mapped[str] = mapped_column(default="")
    sub_category: Mapped[str] = mapped_column(default="")
    price_cents: Mapped[int | None]  # of the normal tariff (CONTRACT §7.6)
    first_seen_at: Mapped[datetime]
    missing_since: Mapped[datetime | None]  # "absente du catalogue"
    ignored_at: Mapped[datetime | None]
    # The standing rule that ignored it; None where somebody did, by itself.
    ignored_by_rule: Mapped[int | None] = mapped_column(ForeignKey("ignored_category.id"))
    version: Mapped[int] = mapped_column(default=0)  # grows with every answer; two tablets at once: one wins

    __table_args__ = (
        UniqueConstraint("venue_id", "id"),
        UniqueConstraint("venue_id", "till_id"),
    )


class IgnoredCategory(InVenue, Base):
    """A standing rule: the keys of this till category are ignored, new ones too, until it is revoked."""

    __tablename__ = "ignored_category"

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]  # as the till writes it
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("venue_id", "id"),
        Index("uq_ignored_category", "venue_id", "category", unique=True, **where("revoked_at IS NULL")),
    )


class ReferenceName(InVenue, Base):
    """A label of a key, from the day it was first seen; the next row ends it (FAULTS 63).

    Without a label: from that day on the till's catalogue did not show the key.
    """

    __tablename__ = "reference_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference_id: Mapped[int]
    label: Mapped[str | None]
    seen_at: Mapped[datetime]

    __table_args__ = (
        inside("reference_id", "till_reference"),
        Index("ix_reference_name_latest", "venue_id", "reference_id", "seen_at"),
    )


class KeyQuestion(InVenue, Base):
    """A linked key whose name and price (or tax) jumped together: is it still the same product? (FAULTS 64)

    Its links end at `since`, so that its new sales are kept aside until somebody answers. `known_at` is when a reading
    last saw it as it was: what it sold before then is the former product's.
    """

    __tablename__ = "key_question"

    ANSWERS = ("same", "other")

    id: Mapped[int] = mapped_column(primary_key=True)
    reference_id: Mapped[int]
    known_at: Mapped[datetime | None]
    since: Mapped[datetime]
    old_label: Mapped[str]
    new_label: Mapped[str]
    old_price_cents: Mapped[int | None]
    new_price_cents: Mapped[int | None]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        inside("reference_id", "till_reference"),
        CheckConstraint(f"answer IN {ANSWERS}", "answer"),
        Index("uq_key_question", "venue_id", "reference_id", unique=True, **where("answered_at IS NULL")),
    )


class ReferencePrice(InVenue, Base):
    """A price of a key, from the day it was first seen; the next row of the same tariff ends it."""

    __tablename__ = "reference_price"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference_id: Mapped[int]
    tariff: Mapped[str]
    unit_price_cents: Mapped[int]
    tax_rate: Mapped[int | None]  # hundredths of a percent
    seen_at: Mapped[datetime]

    __table_args__ = (
        inside("reference_id", "till_reference"),
        Index("ix_reference_price_latest", "venue_id", "reference_id", "tariff", "seen_at"),
    )


class Link(InVenue, Base):
    """A till reference pours a drink, from `starts_at` until `ends_at`. A broken link keeps its row."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference_id: Mapped[int]
    drink_id: Mapped[int]
    serving_ml: Mapped[int]  # what one sale takes from the stock
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    broken_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        inside("reference_id", "till_reference"),
        inside("drink_id", "drink"),
        CheckConstraint("serving_ml > 0", "serving"),
        CheckConstraint("ends_at > starts_at", "period"),
        # One open link per pair. Several drinks on one key are several links, added on purpose.
        Index(
            "uq_open_link",
            "venue_id",
            "reference_id",
            "drink_id",
            unique=True,
            **where("broken_at IS NULL AND ends_at IS NULL"),
        ),
        Index("ix_link_drink", "venue_id", "drink_id"),
    )
