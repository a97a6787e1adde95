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
    cents, lines = db.session.execute(query).one()
    return Total(int(cents), lines)


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
        differences = [closing.difference_cents for closing in self.done]
        return None if None in differences else sum(d for d in differences if d is not None)

    @property
    def done(self) -> list[Closing]:
        """Return the closings that were made and read; the others still run, or could not be read."""
        return [closing for closing in self.closings if closing.finalized_at]

    @property
    def money_known(self) -> bool:
        """Return whether the lines of every closing have their money."""
        return all(closing.turnover_cents is not None for closing in self.done)


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
            evening.linked_cents += int(cents)
        elif ignored:
            evening.ignored_cents += int(cents)
        else:
            evening.to_sync_cents += int(cents)
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
class Evenings:
    """Where an evening stands among those that have a closing."""

    before: date | None
    last: date | None
    after: date | None


def around(venue_id: int, day: date) -> Evenings:
    """Return the last evening that has a closing, and the neighbours of `day`."""
    evening = Closing.business_date
    earlier, later = func.max(case((evening < day, evening))), func.min(case((evening > day, evening)))
    closed = (Closing.venue_id == venue_id, Closing.finalized_at.is_not(None))
    before, last, after = db.session.execute(select(earlier, func.max(evening), later).where(*closed)).one()
    return Evenings(before, last, after)


@dataclass(frozen=True, slots=True)
class Aside:
    """Lines that are not plain sales: how many, thousandths of a serving, and cents at the till's own price."""

    lines: int
    quantity_milli: int
    value_cents: int


def aside(venue_id: int, day: date) -> dict[str, Aside]:
    """Return what one evening's lines are beside plain sales, by kind (CONTRACT §7).

    "offered": no turnover, off the stock; "weighed": turnover, and nothing off the stock; else the line's `money`.
    """
    offered = and_(SaleLine.money == "turnover", SaleLine.total_cents == 0, SaleLine.unit_price_cents > 0)
    weighed = and_(SaleLine.money == "turnover", SaleLine.stock == "to_check")
    kind = case((offered, "offered"), (weighed, "weighed"), else_=SaleLine.money)
    value = func.sum(SaleLine.quantity_milli * func.coalesce(SaleLine.unit_price_cents, 0))
    query = (
        select(kind, func.count(), func.sum(SaleLine.quantity_milli), value)
        .join(Closing, and_(Closing.id == SaleLine.closing_id, Closing.venue_id == SaleLine.venue_id))
        .where(SaleLine.venue_id == venue_id, Closing.business_date == day)
        .where(or_(offered, weighed, SaleLine.money != "turnover"))
        .group_by(kind)
    )
    found = db.session.execute(query)
    return {name: Aside(lines, int(milli), int(cents) // 1000) for name, lines, milli, cents in found}


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
