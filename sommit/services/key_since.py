"""From when on a key of the till means what it means now: what it sold before belongs to its former product.

A key whose product changed was asked about (FAULTS 64). Its past stays with the drinks that it poured.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update

from sommit import clock
from sommit.extensions import db
from sommit.models import KeyQuestion, TillReference
from sommit.statements import built_once

_ANOTHER = or_(KeyQuestion.answer.is_(None), KeyQuestion.answer == "other")


def of(venue_id: int, reference_id: int) -> datetime | None:
    """Return the instant at which a key became another product, None where it always was this one.

    While nobody has answered, it may be another one: what it sold since then is kept aside.
    """
    since: datetime | None = db.session.scalar(*_of(venue_id, reference_id))
    return since


@built_once()
def _of(venue_id: Any, reference_id: Any) -> Any:
    asked = KeyQuestion.venue_id == venue_id, KeyQuestion.reference_id == reference_id
    return select(func.max(KeyQuestion.since)).where(*asked, _ANOTHER)


def all_of(venue_id: int) -> dict[int, datetime]:
    """Return the keys of a venue that became another product, or may have, and when."""
    return dict(db.session.execute(*_all_of(venue_id)).all())


@built_once()
def _all_of(venue_id: Any) -> Any:
    query = select(KeyQuestion.reference_id, func.max(KeyQuestion.since))
    return query.where(KeyQuestion.venue_id == venue_id, _ANOTHER).group_by(KeyQuestion.reference_id)


def is_another(reference: TillReference, by: int | None) -> None:
    """Close the question of a key that is linked or ignored without its being answered: it is another product."""
    mine = KeyQuestion.venue_id == reference.venue_id, KeyQuestion.reference_id == reference.id
    pending = update(KeyQuestion).where(*mine, KeyQuestion.answered_at.is_(None))
    db.session.execute(pending.values(answer="other", answered_at=clock.now(), answered_by=by))


def ask_again(venue_id: int, question_ids: Sequence[int]) -> None:
    """Let questions wait for an answer again: the act that closed them is undone."""
    closed = update(KeyQuestion).where(KeyQuestion.venue_id == venue_id, KeyQuestion.id.in_(question_ids))
    db.session.execute(closed.values(answer=None, answered_at=None, answered_by=None))
