"""What a venue has taught the match engine. Facts are only ever added; forgetting one notes when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base
from sommit.models.scope import InVenue, inside
from sommit.models.venue import where


class RefusedPair(InVenue, Base):
    """Somebody answered "non" to a drink proposed for a reference: it is not proposed again until `revoked_at`."""

    __tablename__ = "refused_pair"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference_id: Mapped[int]
    drink_id: Mapped[int]
    refused_at: Mapped[datetime]
    refused_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        inside("reference_id", "till_reference"),
        inside("drink_id", "drink"),
        Index("uq_refused_pair", "venue_id", "reference_id", "drink_id", unique=True, **where("revoked_at IS NULL")),
    )


class LearnedWord(InVenue, Base):
    """A word of the till that a confirmed link has explained: "HPR" is "Hautes Pierres", until `revoked_at`."""

    __tablename__ = "learned_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str]  # folded
    meaning: Mapped[str]  # as the cellar spells it
    reference_id: Mapped[int]  # whose link taught it
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        inside("reference_id", "till_reference"),
        CheckConstraint("word <> '' AND meaning <> ''", "words"),
        Index("uq_learned_word", "venue_id", "word", unique=True, **where("revoked_at IS NULL")),
    )
