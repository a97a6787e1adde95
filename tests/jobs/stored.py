"""What a reading left in the database."""

from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import SaleLine, TillReference


def reference(label: str) -> TillReference:
    """The one key that has this label."""
    return db.session.scalars(select(TillReference).where(TillReference.label == label)).one()


def lines_stored() -> int:
    """How many sale lines there are."""
    return db.session.scalar(select(func.count()).select_from(SaleLine))
