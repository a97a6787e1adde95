"""Turnover is the till's, never a price of ours (row H3 of the FAQ): sums of what the closings say, in cents."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from sommit.extensions import db
from sommit.models import Closing, Drink, Link, ReferenceSum, SaleLine, TillReference
from sommit.services import till_links


@dataclass(frozen=True, slots=True)
class Total:
    """The turnover of a period in cents, and how many lines made it."""

    turnover_cents: int
    lines: int


def total(venue_id: int, since: date, until: date, *, everything: bool = False) -> Total:
    """Return the turnover of linked references between two business dates, both included.

    A sale counts where its reference was linked when it was sold; once, however many drinks its key pours. With
    `everything`, ignored and unlinked references count too.
    """
    query = (
        select(func.coalesce(func.sum(SaleLine.total_cents), 0), func.count())
        .join(Closing, and_(Closing.id == SaleLine.closing_id, Closing.venue_id == SaleLine.venue_id))
        .where(
            SaleLine.venue_id == venue_id,
            SaleLine.money == "turnover",
            Closing.business_date >= since,
            Closing.business_date <= until,
        )
    )
    if not everything:
        query = query.where(_linked_when_sold())
    return Total(*db.session.execute(query).one())


def _linked_when_sold() -> Any:
    return (
        select(Link.id)
        .where(
            Link.venue_id == SaleLine.venue_id,
            Link.reference_id == SaleLine.reference_id,
            Link.broken_at.is_(None),
            or_(Link.starts_at.is_(None), Link.starts_at <= SaleLine.sold_at),
            or_(Link.ends_at.is_(None), Link.ends_at > SaleLine.sold_at),
        )
        .exists()
    )


@dataclass(slots=True)
class Evening:
    """What the closings of one evening say, in cents; None where the unit of money of one is unknown."""

    business_date: date
    closings: list[Closing] = field(default_factory=list)
    linked_cents: int = 0
    to_sync_cents: int = 0
    ignored_cents: int = 0

    @property
    def lines(self) -> int:
        """Return how many lines the evening's closings hold."""
        return sum(closing.lines for closing in self.closings)

    @property
    def turnover_cents(self) -> int:
        """Return what the lines add up to."""
        return self.linked_cents + self.to_sync_cents + self.ignored_cents

    @property
    def difference_cents(self) -> int | None:
        """Return by how much the lines miss the till's own totals: 0 is the normal case."""
        differences = [closing.difference_cents for closing in self.closings if closing.finalized_at]
        return None if None in differences else sum(d for d in differences if d is not None)


def evenings(venue_id: int, days: Iterable[date]) -> dict[date, Evening]:
    """Return what some evenings brought in, by business date: linked, to synchronise and ignored references apart.

    Two statements, whatever the number of evenings and lines.
    """
    found = {day: Evening(day) for day in days}
    closings = (
        select(Closing).where(Closing.venue_id == venue_id, Closing.business_date.in_(found)).order_by(Closing.id)
    )
    for closing in db.session.scalars(closings):
        found[closing.business_date].closings.append(closing)
    for day, linked, ignored, cents in db.session.execute(_by_state(venue_id, list(found))):
        evening = found[day]
        if linked:
            evening.linked_cents += cents
        elif ignored:
            evening.ignored_cents += cents
        else:
            evening.to_sync_cents += cents
    return found


def _by_state(venue_id: int, days: list[date]) -> Any:
    linked = till_links.has_live_link(TillReference.id).label("linked")
    ignored = TillReference.ignored_at.is_not(None).label("ignored")
    return (
        select(ReferenceSum.business_date, linked, ignored, func.sum(ReferenceSum.turnover_cents))
        .join(TillReference, TillReference.id == ReferenceSum.reference_id)
        .where(ReferenceSum.venue_id == venue_id, ReferenceSum.business_date.in_(days))
        .group_by(ReferenceSum.business_date, linked, ignored)
    )


@dataclass(frozen=True, slots=True)
class DrinkSales:
    """What one reference sold on some evenings. Money in cents, quantity in thousandths of a serving."""

    label: str
    drinks: tuple[Drink, ...]
    ignored: bool
    sold_milli: int
    turnover_cents: int


def by_reference(venue_id: int, since: date, until: date) -> list[DrinkSales]:
    """Return what each reference sold between two business dates, the largest turnover first, each sale once."""
    sums = (
        select(TillReference, func.sum(ReferenceSum.sold_milli), func.sum(ReferenceSum.turnover_cents).label("cents"))
        .join(TillReference, TillReference.id == ReferenceSum.reference_id)
        .where(
            ReferenceSum.venue_id == venue_id,
            ReferenceSum.business_date >= since,
            ReferenceSum.business_date <= until,
            ReferenceSum.sales > 0,
        )
        .group_by(TillReference.id)
        .order_by(
            case((func.sum(ReferenceSum.turnover_cents) > 0, 0), else_=1), func.sum(ReferenceSum.turnover_cents).desc()
        )
    )
    pours = _pours(venue_id)
    return [
        DrinkSales(ref.label, tuple(pours.get(ref.id, ())), ref.ignored_at is not None, int(sold), int(cents))
        for ref, sold, cents in db.session.execute(sums)
    ]


def _pours(venue_id: int) -> dict[int, list[Drink]]:
    pours: dict[int, list[Drink]] = {}
    query = select(Link.reference_id, Drink).join(Drink, Drink.id == Link.drink_id)
    for reference_id, drink in db.session.execute(query.where(Link.venue_id == venue_id, till_links.is_live())):
        pours.setdefault(reference_id, []).append(drink)
    return pours
