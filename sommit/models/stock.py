"""Facts of the cellar. They are only ever added: a correction is a new row. Stock itself is never stored."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base, Wide
from sommit.models.scope import InVenue, inside


class _Fact(InVenue):
    id: Mapped[int] = mapped_column(primary_key=True)
    drink_id: Mapped[int]
    quantity_ml: Mapped[int] = mapped_column(Wide)
    at: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Count(_Fact, Base):
    """What somebody found in the cellar at an instant; it absorbs everything that happened before."""

    __tablename__ = "stock_count"
    __table_args__ = (
        inside("drink_id", "drink"),
        CheckConstraint("quantity_ml >= 0", "quantity"),
        Index("ix_stock_count_last", "venue_id", "drink_id", "at", "id"),
    )


class Delivery(_Fact, Base):
    """What came in ("approvisionnement")."""

    __tablename__ = "delivery"
    __table_args__ = (
        inside("drink_id", "drink"),
        CheckConstraint("quantity_ml > 0", "quantity"),
        Index("ix_delivery_drink", "venue_id", "drink_id", "at"),
    )


class Loss(_Fact, Base):
    """What went without being sold, entered by hand; losses declared on the till are sale lines."""

    __tablename__ = "loss"

    reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        inside("drink_id", "drink"),
        CheckConstraint("quantity_ml > 0", "quantity"),
        Index("ix_loss_drink", "venue_id", "drink_id", "at"),
    )
