"""Turnover is the till's, never a price of ours (row H3 of the FAQ): sums of what the closings say, in cents."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, null, or_, select

from sommit.extensions import db
from sommit.models import Closing, Night, SaleLine
from sommit.services import sales_pieces
from sommit.services.sales_pieces import Piece
from sommit.statements import built_once


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
    sold = sales_pieces.pieces(venue_id, since, until)
    counted = [piece for piece in sold if everything or piece.pours]
    return Total(sum(piece.turnover_cents for piece in counted), sum(piece.sales for piece in counted))


@dataclass(slots=True)
class Takings:
    """What closings say, and their lines: money in cents, of references linked when sold, to synchronise, ignored."""

    closings: list[Closing] = field(default_factory=list)
    linked_cents: int = 0
    to_sync_cents: int = 0
    ignored_cents: int = 0

    def add(self, cents: int, *, poured: bool, ignored: bool) -> None:
        """Count the money of a key where it belongs: what was sold while it poured is linked, ignored or not."""
        if poured:
            self.linked_cents += cents
        elif ignored:
            self.ignored_cents += cents
        else:
            self.to_sync_cents += cents

    @property
    def lines(self) -> int:
        """Return how many lines the closings hold."""
        return sum(closing.lines for closing in self.closings)

    @property
    def turnover_cents(self) -> int:
        """Return what the lines add up to, those without a known money left out."""
        return self.linked_cents + self.to_sync_cents + self.ignored_cents

    @property
    def total_cents(self) -> int | None:
        """Return what the till's own totals add up to, None where one is missing."""
        return _sum([closing.total_cents for closing in self.done])

    @property
    def difference_cents(self) -> int | None:
        """Return by how much the lines miss the till's own totals: 0 is the normal case, None is unknown."""
        return _sum([closing.difference_cents for closing in self.done])

    @property
    def done(self) -> list[Closing]:
        """Return the closings that were made and read; the others still run, or could not be read."""
        return [closing for closing in self.closings if closing.finalized_at]

    @property
    def unpriced(self) -> list[Closing]:
        """Return the closings whose unit of money is unknown: quantities are there, the turnover is not."""
        return [closing for closing in self.done if closing.turnover_cents is None]

    @property
    def money_known(self) -> bool:
        """Return whether the lines of every closing have their money."""
        return not self.unpriced


def _sum(cents: list[int | None]) -> int | None:
    return None if None in cents else sum(one for one in cents if one is not None)


def takings(venue_id: int, since: date, until: date, sold: Iterable[Piece]) -> Takings:
    """Return what a period brought in: its closings, in the order of the nights, and these pieces of its sales."""
    found = Takings(list(db.session.scalars(*_closings(venue_id, since, until))))
    for piece in sold:
        found.add(piece.turnover_cents, poured=bool(piece.pours), ignored=piece.reference.ignored_at is not None)
    return found


@built_once()
def _closings(venue_id: Any, since: Any, until: Any) -> Any:
    mine = Closing.venue_id == venue_id, Closing.business_date.between(since, until)
    return select(Closing).where(*mine).order_by(Closing.business_date, Closing.id)


@dataclass(slots=True)
class Evening(Takings):
    """What the closings of one evening brought in."""

    business_date: date = field(kw_only=True)


def evenings(venue_id: int, days: Collection[date], *, in_full: int | None = None) -> dict[date, Evening]:
    """Return what some evenings brought in, by business date; of all but the first `in_full` only their closings.

    Seven statements at most, whatever the number of evenings and lines.
    """
    found = {day: Evening(business_date=day) for day in days}
    if not found:
        return found
    for closing in db.session.scalars(*_closings(venue_id, min(found), max(found))):
        if closing.business_date in found:
            found[closing.business_date].closings.append(closing)
    summed = set(list(found)[:in_full])
    for night, poured, ignored, cents in sales_pieces.money_by_night(venue_id, min(summed), max(summed)):
        if night in summed:
            found[night].add(cents, poured=poured, ignored=ignored)
    return found


def by_night(venue_id: int, since: date, until: date) -> dict[date, int]:
    """Return the turnover in cents of each night that has a closing; money that is not known adds nothing."""
    return {day: int(cents) for day, cents in db.session.execute(*_by_night(venue_id, since, until))}


@built_once()
def _by_night(venue_id: Any, since: Any, until: Any) -> Any:
    night, cents = Closing.business_date, func.coalesce(func.sum(Closing.turnover_cents), 0)
    done = (Closing.venue_id == venue_id, Closing.finalized_at.is_not(None), night.between(since, until))
    return select(night, cents).where(*done).group_by(night)


def unsettled(venue_id: int, since: date, until: date) -> list[Night]:
    """Return the nights of a period that were looked for and are not here yet, in their order."""
    return list(db.session.scalars(*_unsettled(venue_id, since, until)))


@built_once()
def _unsettled(venue_id: Any, since: Any, until: Any) -> Any:
    missing = Night.state.not_in((*Night.SETTLED, "due"))
    within = (Night.venue_id == venue_id, Night.business_date.between(since, until))
    return select(Night).where(*within, missing).order_by(Night.business_date)


@dataclass(frozen=True, slots=True)
class Evenings:
    """Where an evening stands among those that have a closing."""

    before: date | None
    last: date | None
    after: date | None


def around(venue_id: int, since: date, until: date) -> Evenings:
    """Return the last evening that has a closing, and the nearest ones before and after a period."""
    return Evenings(*db.session.execute(*_around(venue_id, since, until)).one())


def around_last(venue_id: int) -> Evenings:
    """Return the last evening that has a closing, and the one before it."""
    return Evenings(*db.session.execute(*_around_last(venue_id)).one())


@built_once()
def _around(venue_id: Any, since: Any, until: Any) -> Any:
    evening = Closing.business_date
    earlier, later = func.max(case((evening < since, evening))), func.min(case((evening > until, evening)))
    return select(earlier, func.max(evening), later).where(*_closed(venue_id))


@built_once()
def _around_last(venue_id: Any) -> Any:
    last = select(func.max(Closing.business_date).label("last")).where(*_closed(venue_id)).subquery()
    before = select(func.max(Closing.business_date)).where(*_closed(venue_id), Closing.business_date < last.c.last)
    return select(before.correlate(last).scalar_subquery(), last.c.last, null())


def _closed(venue_id: Any) -> tuple[Any, ...]:
    return Closing.venue_id == venue_id, Closing.finalized_at.is_not(None)


@dataclass(frozen=True, slots=True)
class Aside:
    """Lines that are not plain sales: how many, thousandths of a serving, and cents at the till's own price."""

    lines: int
    quantity_milli: int
    value_cents: int


def aside(venue_id: int, since: date, until: date) -> dict[str, Aside]:
    """Return what a period's lines are beside plain sales, by kind (CONTRACT §7).

    "offered": no turnover, off the stock; "weighed": turnover, and nothing off the stock; else the line's `money`.
    """
    found = db.session.execute(*_aside(venue_id, since, until))
    return {name: Aside(lines, int(milli), int(cents) // 1000) for name, lines, milli, cents in found}


@built_once()
def _aside(venue_id: Any, since: Any, until: Any) -> Any:
    offered = and_(SaleLine.money == "turnover", SaleLine.total_cents == 0, SaleLine.unit_price_cents > 0)
    weighed = and_(SaleLine.money == "turnover", SaleLine.stock == "to_check")
    kind = case((offered, "offered"), (weighed, "weighed"), else_=SaleLine.money)
    value = func.sum(SaleLine.quantity_milli * func.coalesce(SaleLine.unit_price_cents, 0))
    return (
        select(kind, func.count(), func.sum(SaleLine.quantity_milli), value)
        .join(Closing, and_(Closing.id == SaleLine.closing_id, Closing.venue_id == SaleLine.venue_id))
        .where(SaleLine.venue_id == venue_id, Closing.business_date.between(since, until))
        .where(or_(offered, weighed, SaleLine.money != "turnover"))
        .group_by(kind)
    )
