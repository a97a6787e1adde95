"""Drinks that leave the library. What they went through stays; only an entry that was never used can be deleted."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete as delete_from
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from sommit.extensions import db
from sommit.models import Count, Delivery, Drink, Link, Loss, Suggestion, TillReference
from sommit.refusals import N_, Refusal
from sommit.services import library, till_links


class StillLinked(Refusal):
    """The till sells this drink: without it those sales would leave no cellar."""

    sentence = N_("La caisse vend encore cette boisson. Cassez d’abord ses liaisons, sur sa fiche.")


class HasPast(Refusal):
    """A drink that was counted, delivered, lost or sold: deleting it would change the past."""

    sentence = N_("Cette fiche a un passé : elle s’archive, et ne se supprime pas.")


@dataclass(frozen=True, slots=True)
class Past:
    """What hangs on a drink: how many facts and links, and the labels of the keys that pour it now."""

    counts: int
    deliveries: int
    losses: int
    links: int
    live: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Return whether the entry was never used."""
        return not (self.counts or self.deliveries or self.losses or self.links)


def past(drink: Drink) -> Past:
    """Return what hangs on a drink."""
    counts, deliveries, losses, links = (_number(kind, drink) for kind in (Count, Delivery, Loss, Link))
    labels = (
        select(TillReference.label)
        .join(Link, Link.reference_id == TillReference.id)
        .where(Link.venue_id == drink.venue_id, Link.drink_id == drink.id, till_links.is_live())
        .order_by(Link.id)
    )
    return Past(counts, deliveries, losses, links, tuple(db.session.scalars(labels)))


def put_away(drink: Drink) -> None:
    """Archive a drink; twice is once. Raises StillLinked."""
    library.hold(drink.venue_id)
    db.session.refresh(drink)
    if past(drink).live:
        raise StillLinked()
    if drink.archived_at is None:
        library.archive(drink)


def delete(drink: Drink) -> None:
    """Delete a drink that was never used. Raises HasPast."""
    library.hold(drink.venue_id)
    if not past(drink).is_none:
        raise HasPast()
    db.session.execute(
        delete_from(Suggestion).where(Suggestion.venue_id == drink.venue_id, Suggestion.drink_id == drink.id)
    )
    try:
        with db.session.begin_nested():
            db.session.delete(drink)
    except IntegrityError:  # the till's memory knows it
        raise HasPast() from None


def archived(venue_id: int) -> list[Drink]:
    """Return the drinks that were put away, latest first."""
    query = select(Drink).where(Drink.venue_id == venue_id, Drink.archived_at.is_not(None))
    return list(db.session.scalars(query.order_by(Drink.archived_at.desc(), Drink.id.desc())))


def _number(kind: Any, drink: Drink) -> int:
    own = kind.venue_id == drink.venue_id, kind.drink_id == drink.id
    return int(db.session.scalar(select(func.count()).where(*own)))
