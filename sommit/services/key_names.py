"""The names that a key of the till has had, and when the catalogue did not show it (FAULTS 62 and 63)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, insert, select

from sommit.extensions import db
from sommit.models import ReferenceName, TillReference


def begin(venue_id: int) -> None:
    """Begin the history of each key that has none: its name of today, from the day on which the key was first seen.

    Called before a reading changes anything, it also keeps the names of keys that are older than this history.
    """
    named = exists().where(ReferenceName.venue_id == venue_id, ReferenceName.reference_id == TillReference.id)
    columns = (TillReference.venue_id, TillReference.id, TillReference.label, TillReference.first_seen_at)
    unnamed = select(*columns).where(TillReference.venue_id == venue_id, ~named).order_by(TillReference.id)
    names = ["venue_id", "reference_id", "label", "seen_at"]
    db.session.execute(insert(ReferenceName).from_select(names, unnamed))


def change(venue_id: int, names: Iterable[tuple[int, str | None]], now: datetime) -> None:
    """Add what keys are called from now on, by their id; None: the catalogue shows the key no longer."""
    rows = [{"venue_id": venue_id, "reference_id": key, "label": label, "seen_at": now} for key, label in names]
    if rows:
        db.session.execute(insert(ReferenceName), rows)
