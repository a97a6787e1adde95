"""The questions about keys as the screens show them: what was sold since, and what "oui, la même" would do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from sommit.extensions import db
from sommit.models import Drink, KeyQuestion, Link, TillReference
from sommit.services import sold, stock
from sommit.services.answers import Offer
from sommit.statements import built_once

MOST = 10  # shown at once, the oldest first


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and its key as it is now. Sales since then in thousandths and cents; `offers` only while it waits."""

    question: KeyQuestion
    reference: TillReference
    sold_milli: int
    turnover_cents: int
    offers: tuple[Offer, ...]  # the drinks that the key poured, each with what going on does

    @property
    def is_pending(self) -> bool:
        """Return whether nobody has answered yet."""
        return self.question.answered_at is None


def pending(venue_id: int, drink: Drink | None = None) -> list[Asked]:
    """Return the questions that wait for an answer, oldest first; of one drink, those about keys that poured it."""
    asked = _pending(venue_id) if drink is None else _pending_of(venue_id, drink.id)
    return [_asked(*row) for row in db.session.execute(*asked)]


@built_once()
def _pending(venue_id: Any) -> Any:
    return _questions(venue_id).where(KeyQuestion.answered_at.is_(None)).limit(MOST)


@built_once()
def _pending_of(venue_id: Any, drink_id: Any) -> Any:
    poured = select(Link.id).where(_ended(), Link.drink_id == drink_id)
    return _questions(venue_id).where(KeyQuestion.answered_at.is_(None), poured.exists()).limit(MOST)


def since(venue_id: int, start: datetime, end: datetime) -> list[Asked]:
    """Return the questions that were asked in a period, oldest first, answered or not."""
    return [_asked(*row) for row in db.session.execute(*_asked_since(venue_id, start, end))]


@built_once()
def _asked_since(venue_id: Any, start: Any, end: Any) -> Any:
    return _questions(venue_id).where(KeyQuestion.asked_at >= start, KeyQuestion.asked_at < end).limit(MOST)


def since_or_pending(venue_id: int, start: datetime, end: datetime) -> list[Asked]:
    """Return the questions of `since` and those of `pending`, oldest first. One statement for them all."""
    return [_asked(*row) for row in db.session.execute(*_since_or_pending(venue_id, start, end))]


@built_once()
def _since_or_pending(venue_id: Any, start: Any, end: Any) -> Any:
    mine = select(KeyQuestion.id).where(KeyQuestion.venue_id == venue_id).order_by(KeyQuestion.asked_at, KeyQuestion.id)
    asked = mine.where(KeyQuestion.asked_at >= start, KeyQuestion.asked_at < end).limit(MOST).subquery()
    waiting = mine.where(KeyQuestion.answered_at.is_(None)).limit(MOST).subquery()
    either = or_(*(KeyQuestion.id.in_(select(some.c.id)) for some in (asked, waiting)))
    return _questions(venue_id).where(either)


def of(question: KeyQuestion, reference: TillReference) -> Asked:
    """Return one question about a key as the screens show it."""
    return _asked(question, reference)


def _questions(venue_id: Any) -> Select[KeyQuestion, TillReference]:
    key = and_(TillReference.venue_id == KeyQuestion.venue_id, TillReference.id == KeyQuestion.reference_id)
    query = select(KeyQuestion, TillReference).join(TillReference, key).where(KeyQuestion.venue_id == venue_id)
    return query.order_by(KeyQuestion.asked_at, KeyQuestion.id)


def _ended() -> Any:
    """The links that a question ended (SQL)."""
    mine = and_(Link.venue_id == KeyQuestion.venue_id, Link.reference_id == KeyQuestion.reference_id)
    return and_(mine, Link.ends_at == KeyQuestion.since, Link.broken_at.is_(None))


def _asked(question: KeyQuestion, reference: TillReference) -> Asked:
    aside = sold.since(question.venue_id, question.reference_id, question.since)
    offers = _offers(question) if question.answered_at is None else ()
    return Asked(question, reference, aside.milli, aside.turnover_cents, offers)


def _offers(question: KeyQuestion) -> tuple[Offer, ...]:
    poured = (
        select(Drink, Link.serving_ml)
        .join(Link, and_(Link.venue_id == Drink.venue_id, Link.drink_id == Drink.id))
        .join(KeyQuestion, _ended())
        .where(KeyQuestion.venue_id == question.venue_id, KeyQuestion.id == question.id)
        .order_by(Link.id)
    )
    ids = question.venue_id, question.reference_id
    return tuple(Offer(drink, ml, stock.effect(*ids, drink, ml)) for drink, ml in db.session.execute(poured))
