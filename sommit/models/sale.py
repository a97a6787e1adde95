"""What the till has closed: closings, their lines, and what each line does to stock and turnover."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base, Wide
from sommit.models.scope import InVenue, inside


class Closing(InVenue, Base):
    """A closing of the till (a Z). Without `finalized_at` the shift is still running and has no lines here."""

    __tablename__ = "closing"

    UNITS = ("cents", "euros", "unknown")

    id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[str]  # the report's id, lower case
    number: Mapped[int | None]
    device: Mapped[str | None]
    opened_at: Mapped[datetime | None]
    finalized_at: Mapped[datetime | None]
    till_updated_at: Mapped[datetime | None]
    business_date: Mapped[date]  # local day on which the shift was opened (CONTRACT §8.8)
    total_cents: Mapped[int | None] = mapped_column(Wide)  # the till's own figure
    turnover_cents: Mapped[int | None] = mapped_column(Wide)  # of the lines; None: the unit of money is unknown
    difference_cents: Mapped[int | None] = mapped_column(Wide)  # turnover - total
    unit: Mapped[str] = mapped_column(default="unknown")
    lines: Mapped[int] = mapped_column(default=0)
    control: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # gaps, causes, held lines (CONTRACT §7.4)
    problem: Mapped[str | None] = mapped_column(Text)  # why the last reading was not taken over, for the screen
    fingerprint: Mapped[str | None]  # of the reading whose lines are stored
    read_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("venue_id", "id"),
        UniqueConstraint("venue_id", "till_id"),
        CheckConstraint(f"unit IN {UNITS}", "unit"),
        Index("ix_closing_date", "venue_id", "business_date"),
    )


class RawReading(InVenue, Base):
    """The till's answers for one closing as they came, compressed: it can be applied again without the till.

    Written before the closing is applied; an amended closing has one row per reading. Thrown away after 90 days.
    """

    __tablename__ = "raw_reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[str]  # of the closing
    fingerprint: Mapped[str]  # of the answers: the same answers are kept once
    answers: Mapped[bytes] = mapped_column(LargeBinary)
    read_at: Mapped[datetime]  # the last time that the till answered so
    applied_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("venue_id", "till_id", "fingerprint"),
        Index("ix_raw_reading_old", "read_at"),
    )


class SaleLine(Base):
    """One line of one order of one closing, with its effect on stock and turnover (CONTRACT §7). Stored once."""

    __tablename__ = "sale_line"

    STOCK = ("sale", "loss", "none", "to_check", "held")
    MONEY = ("turnover", "canceled", "loss", "transferred", "moved", "held")

    closing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    order_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int]
    reference_id: Mapped[int]
    sold_at: Mapped[datetime]
    label: Mapped[str]  # at the time of the sale
    tariff: Mapped[str | None]
    quantity_milli: Mapped[int] = mapped_column(Wide)  # thousandths
    unit_price_cents: Mapped[int | None] = mapped_column(Wide)
    total_cents: Mapped[int | None] = mapped_column(Wide)  # net of discounts; None: the unit is unknown
    stock: Mapped[str]
    money: Mapped[str]
    reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "closing_id"], ["closing.venue_id", "closing.id"], ondelete="CASCADE"),
        inside("reference_id", "till_reference"),
        CheckConstraint(f"stock IN {STOCK}", "stock"),
        CheckConstraint(f"money IN {MONEY}", "money"),
        {"sqlite_with_rowid": False},
    )


class ReferenceSum(Base):
    """What one closing did to one reference: written in the closing's own transaction, replaced with it.

    Only a shortcut for reading: it holds nothing that the lines do not say.
    """

    __tablename__ = "reference_sum"

    closing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reference_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    venue_id: Mapped[int]
    business_date: Mapped[date]
    first_sold_at: Mapped[datetime]
    last_sold_at: Mapped[datetime]
    taken_milli: Mapped[int] = mapped_column(Wide)  # off the stock: sales and losses
    sold_milli: Mapped[int] = mapped_column(Wide)  # lines that count as turnover
    sales: Mapped[int]  # how many such lines
    turnover_cents: Mapped[int] = mapped_column(Wide)

    __table_args__ = (
        ForeignKeyConstraint(["venue_id", "closing_id"], ["closing.venue_id", "closing.id"], ondelete="CASCADE"),
        inside("reference_id", "till_reference"),
        Index(
            "ix_reference_sum_taken",
            "venue_id",
            "reference_id",
            "last_sold_at",
            "first_sold_at",
            "taken_milli",
            "closing_id",
        ),
        {"sqlite_with_rowid": False},
    )
