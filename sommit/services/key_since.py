"""From when on what a key of the till sells is a new link's own: what it sold before is its former drinks'.

A key whose product changed was asked about (FAULTS 64), a link that another vintage relayed has ended: that past stays
with the drinks that were poured.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select, union_all, update
from sqlalchemy.orm import aliased

from sommit import clock
from sommit.extensions import db
from sommit.models import Drink, KeyQuestion, Link, TillReference
from sommit.statements import built_once

_ANOTHER = or_(KeyQuestion.answer.is_(None), KeyQuestion.answer == "other")
_ENDED = Link.broken_at.is_(None) & Link.ends_at.is_not(None)


def starts(venue_id: int, reference_id: int, drink_ids: Sequence[int]) -> dict[int, datetime | None]:
    """Return from when on a key pours each of some drinks, or would if it were linked now; None means always.

    A link starts where the key became another product (while nobody has answered, it may be one), where the former
    link of the same pair ended, and where the last of all ended if the key pours nothing now.
    """
    found = db.session.execute(*_starts(venue_id, reference_id, list(drink_ids)))
    return {drink_id: begun if is_open else _latest(*ends) for drink_id, is_open, begun, *ends in found}


@built_once()
def _starts(venue_id: Any, reference_id: Any, drink_ids: Any) -> Any:
    now = aliased(Link, name="now")
    mine = (Link.venue_id == venue_id) & (Link.reference_id == reference_id) & _ENDED
    asked = (KeyQuestion.venue_id == venue_id) & (KeyQuestion.reference_id == reference_id) & _ANOTHER
    opened = (now.venue_id == venue_id) & (now.reference_id == reference_id) & (now.drink_id == Drink.id)
    return (
        select(
            Drink.id,
            now.id.is_not(None),
            now.starts_at,
            select(func.max(KeyQuestion.since)).where(asked).scalar_subquery(),
            select(func.max(Link.ends_at)).where(mine, Link.drink_id == Drink.id).scalar_subquery(),
            select(func.max(Link.ends_at)).where(mine, ~_is_open(Link)).scalar_subquery(),
        )
        .outerjoin(now, opened & now.broken_at.is_(None) & now.ends_at.is_(None))
        .where(Drink.venue_id == venue_id, Drink.id.in_(drink_ids))
    )


def _is_open(link: type[Link]) -> Any:
    """Whether the key of a link pours anything now."""
    other = aliased(Link)
    mine = other.venue_id == link.venue_id, other.reference_id == link.reference_id
    return exists().where(*mine, other.broken_at.is_(None), other.ends_at.is_(None))


def _latest(*instants: datetime | None) -> datetime | None:
    return max((instant for instant in instants if instant), default=None)


def all_of(venue_id: Any) -> Any:
    """Return the keys of a venue whose past is not theirs any more (SQL): reference_id, and since when it is another's.

    A key may be there twice; the later instant counts.
    """
    asked = select(KeyQuestion.reference_id, func.max(KeyQuestion.since).label("since")).where(_ANOTHER)
    ended = select(Link.reference_id, func.max(Link.ends_at)).where(_ENDED, ~_is_open(Link))
    return union_all(
        asked.where(KeyQuestion.venue_id == venue_id).group_by(KeyQuestion.reference_id),
        ended.where(Link.venue_id == venue_id).group_by(Link.reference_id),
    )


def is_another(reference: TillReference, by: int | None) -> None:
    """Close the question of a key that is linked or ignored without its being answered: it is another product."""
    mine = KeyQuestion.venue_id == reference.venue_id, KeyQuestion.reference_id == reference.id
    pending = update(KeyQuestion).where(*mine, KeyQuestion.answered_at.is_(None))
    db.session.execute(pending.values(answer="other", answered_at=clock.now(), answered_by=by))


def ask_again(venue_id: int, question_ids: Sequence[int]) -> None:
    """Let questions wait for an answer again: the act that closed them is undone."""
    closed = update(KeyQuestion).where(KeyQuestion.venue_id == venue_id, KeyQuestion.id.in_(question_ids))
    db.session.execute(closed.values(answer=None, answered_at=None, answered_by=None))
