"""What the match engine proposes for a reference, kept so that opening the list computes nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base
from sommit.models.scope import InVenue, inside


class Suggestion(InVenue, Base):
    """The engine's answer for one reference. Only a shortcut for reading: it can be computed again at any time."""

    __tablename__ = "suggestion"

    DECISIONS = ("oui", "ask", "non")

    reference_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    decision: Mapped[str]
    drink_id: Mapped[int | None]  # the best one, if any
    serving_ml: Mapped[int | None]
    vintage: Mapped[int | None]  # the vintage that the label says
    is_drink: Mapped[bool] = mapped_column(default=True, server_default=true())  # no food, no line of the till's own
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # best first, with their evidence
    computed_at: Mapped[datetime]

    __table_args__ = (
        inside("reference_id", "till_reference"),
        inside("drink_id", "drink"),
        CheckConstraint(f"decision IN {DECISIONS}", "decision"),
        CheckConstraint("serving_ml > 0", "serving"),
    )
