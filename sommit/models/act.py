"""What somebody did on the list "à synchroniser" or on a drink's page, with what it takes to undo it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sommit.extensions import Base
from sommit.models.scope import InVenue


class Act(InVenue, Base):
    """One act of a person. `done` names every row that it made or changed, and as what it left them."""

    __tablename__ = "act"

    KINDS = ("link", "break", "ignore", "reactivate", "ignore_category", "reactivate_category", "relay")

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    done: Mapped[dict[str, Any]] = mapped_column(JSON)
    done_at: Mapped[datetime]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        UniqueConstraint("venue_id", "id"),
        CheckConstraint(f"kind IN {KINDS}", "kind"),
        Index("ix_act_latest", "venue_id", "id"),
    )
