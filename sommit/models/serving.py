"""The servings of a venue: the glass of 12, 12,5 or 15 cl that its people pour."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base
from sommit.models.drink import CATEGORIES


class Serving(Base):
    """What a venue usually pours of one category of drinks; where it has none, the usual ones of the trade hold."""

    __tablename__ = "serving"

    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    volume_ml: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    __table_args__ = (
        CheckConstraint("volume_ml > 0 AND volume_ml <= 5000", "volume"),
        CheckConstraint(f"category IN {CATEGORIES}", "category"),
    )
