"""What the till says of one drink: its keys with what they sold, and its last nights, key by key."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select

from sommit import clock
from sommit.extensions import Instant, db
from sommit.models import Closing, Drink, Link, ReferenceSum, SaleLine, TillReference
from sommit.services import stock, till_links
from sommit.statements import built_once


@dataclass(frozen=True, slots=True)
class Key:
    """A reference that pours a drink, or poured it until `ends_at`. Cents, and thousandths of a serving."""

    reference: TillReference
    serving_ml: int
    starts_at: datetime | None
    ends_at: datetime | None
    since: datetime  # when the link was made
    sold_milli: int
    turnover_cents: int
    others: tuple[Drink, ...]  # what else the key pours now: its turnover stays with them

    @property
    def label(self) -> str:
        """Return what the till calls the key."""
        return self.reference.label

    @property
    def pours(self) -> bool:
        """Return whether the key pours the drink now."""
        return self.ends_at is None or self.ends_at > clock.now()


def keys(drink: Drink) -> list[Key]:
    """Return the references whose sales this drink has, oldest link first. A broken link has none.

    One statement, and one more where a key pours other drinks too.
    """
    rows = db.session.execute(*_keys(drink.venue_id, drink.id)).all()
    others = _others(drink) if any(row.shared for row in rows) else {}
    return [
        Key(reference, ml, starts_at, ends_at, since, int(sold), int(cents), tuple(others.get(reference.id, ())))
        for reference, ml, starts_at, ends_at, since, _shared, sold, cents in rows
    ]


@built_once()
def _keys(venue_id: Any, drink_id: Any) -> Any:
    since, until = func.coalesce(Link.starts_at, literal(stock.EPOCH, Instant())), Link.ends_at
    turnover = SaleLine.money == "turnover"
    sums = {
        "sold": stock.within(since, until, ReferenceSum.sold_milli, SaleLine.quantity_milli, turnover),
        "cents": stock.within(since, until, ReferenceSum.turnover_cents, SaleLine.total_cents, turnover),
    }
    link = Link.serving_ml, Link.starts_at, Link.ends_at, Link.created_at
    others = select(Link.reference_id).where(Link.venue_id == venue_id, Link.drink_id != drink_id, till_links.is_live())
    shared = TillReference.id.in_(others).label("shared")
    added = (func.coalesce(func.sum(value), 0).label(name) for name, value in sums.items())
    return (
        select(TillReference, *link, shared, *added)
        .join(TillReference, and_(TillReference.venue_id == Link.venue_id, TillReference.id == Link.reference_id))
        .outerjoin(ReferenceSum, _sums_in(since, until))
        .where(Link.venue_id == venue_id, Link.drink_id == drink_id, Link.broken_at.is_(None))
        .group_by(Link.id, TillReference.id)
        .order_by(Link.id)
    )


def _sums_in(since: Any, until: Any) -> Any:
    return and_(
        ReferenceSum.venue_id == Link.venue_id,
        ReferenceSum.reference_id == Link.reference_id,
        ReferenceSum.last_sold_at >= since,
        or_(until.is_(None), ReferenceSum.first_sold_at < until),
    )


def _others(drink: Drink) -> dict[int, list[Drink]]:
    """The other drinks that the drink's keys pour now, by reference."""
    found: dict[int, list[Drink]] = {}
    for reference_id, other in db.session.execute(*_other_pours(drink.venue_id, drink.id)):
        found.setdefault(reference_id, []).append(other)
    return found


@built_once()
def _other_pours(venue_id: Any, drink_id: Any) -> Any:
    mine = select(Link.reference_id).where(
        Link.venue_id == venue_id, Link.drink_id == drink_id, Link.broken_at.is_(None)
    )
    return (
        select(Link.reference_id, Drink)
        .join(Drink, Drink.id == Link.drink_id)
        .where(Link.venue_id == venue_id, Link.drink_id != drink_id, till_links.is_live())
        .where(Link.reference_id.in_(mine))
        .order_by(Link.id)
    )


@dataclass(frozen=True, slots=True)
class Break:
    """What breaking a link will do: the sales and cents that leave, and the stock before and after (microlitres)."""

    reference: TillReference
    sold_milli: int
    turnover_cents: int
    staying: int  # references that keep their sales
    others: tuple[Drink, ...]
    before_ul: int | None
    after_ul: int | None


def breaking(drink: Drink, reference: TillReference, known: list[Key]) -> Break | None:
    """Return what breaking the link of a reference to a drink will do, None where there is none to break.

    The stock afterwards is the product's own statement without that reference; `known` is what `keys` returned.
    """
    mine = [key for key in known if key.reference.id == reference.id]
    if not mine:
        return None
    return Break(
        reference=reference,
        sold_milli=sum(key.sold_milli for key in mine),
        turnover_cents=sum(key.turnover_cents for key in mine),
        staying=len({key.reference.id for key in known} - {reference.id}),
        others=mine[0].others,
        before_ul=stock.on_hand(drink),
        after_ul=stock.on_hand(drink, without=reference.id),
    )


def last_evening(venue_id: int) -> date | None:
    """Return the last evening of a venue that has a closing, None before its first."""
    evening: date | None = db.session.scalar(*_last_evening(venue_id))
    return evening


@built_once()
def _last_evening(venue_id: Any) -> Any:
    closed = (Closing.venue_id == venue_id, Closing.finalized_at.is_not(None))
    return select(func.max(Closing.business_date)).where(*closed)


@dataclass(frozen=True, slots=True)
class Sold:
    """What a drink's keys of one serving did in one night: thousandths of a serving, and cents."""

    business_date: date
    reference_id: int
    serving_ml: int
    sold_milli: int  # as turnover, offered ones included
    offered_milli: int  # of those, without turnover
    lost_milli: int  # declared lost on the till
    turnover_cents: int


def nights(drink: Drink, since: date, until: date) -> list[Sold]:
    """Return what a drink's keys did between two business dates, both included, from the lines of the till."""
    rows = db.session.execute(*_nights(drink.venue_id, drink.id, since, until))
    return [Sold(*row[:3], *map(int, row[3:])) for row in rows]


@built_once()
def _nights(venue_id: Any, drink_id: Any, since: Any, until: Any) -> Any:
    sold, milli = SaleLine.money == "turnover", SaleLine.quantity_milli
    figures = (_sum(sold, milli), _sum(_OFFERED, milli), _sum(_LOST, milli), _sum(sold, SaleLine.total_cents))
    group = (Closing.business_date, Link.reference_id, Link.serving_ml)
    return (
        _lines(venue_id, drink_id, select(*group, *figures))
        .where(Closing.business_date.between(since, until))
        .group_by(*group)
        .order_by(Closing.business_date.desc(), Link.serving_ml)
    )


def aside(drink: Drink, since: datetime) -> dict[tuple[int, int], tuple[int, int]]:
    """Return how much of what left the cellar since an instant was offered, and how much declared lost on the till.

    In thousandths of a serving, by reference and serving.
    """
    rows = db.session.execute(*_aside(drink.venue_id, drink.id, since))
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}


@built_once()
def _aside(venue_id: Any, drink_id: Any, since: Any) -> Any:
    offered = _sum(and_(_OFFERED, SaleLine.stock == "sale"), SaleLine.quantity_milli)
    group = (Link.reference_id, Link.serving_ml)
    return (
        _lines(venue_id, drink_id, select(*group, offered, _sum(_LOST, SaleLine.quantity_milli)))
        .where(or_(_OFFERED, _LOST))
        .where(Closing.id.in_(_closings_with(venue_id, drink_id, since)), SaleLine.sold_at >= since)
        .group_by(*group)
    )


#: Offered: it left the cellar and brought nothing (CONTRACT §7).
_OFFERED = and_(SaleLine.money == "turnover", SaleLine.total_cents == 0, SaleLine.unit_price_cents > 0)
_LOST = and_(SaleLine.money == "loss", SaleLine.stock == "loss")


def _sum(which: Any, figure: Any) -> Any:
    return func.coalesce(func.sum(case((which, func.coalesce(figure, 0)), else_=0)), 0)


def _lines(venue_id: Any, drink_id: Any, query: Any) -> Any:
    """The lines of the till that fall in the period of one of the drink's links."""
    return (
        query.select_from(Closing)
        .join(SaleLine, and_(SaleLine.closing_id == Closing.id, SaleLine.venue_id == Closing.venue_id))
        .join(Link, and_(Link.venue_id == SaleLine.venue_id, Link.reference_id == SaleLine.reference_id))
        .where(Closing.venue_id == venue_id, Link.drink_id == drink_id, Link.broken_at.is_(None))
        .where(or_(Link.starts_at.is_(None), SaleLine.sold_at >= Link.starts_at))
        .where(or_(Link.ends_at.is_(None), SaleLine.sold_at < Link.ends_at))
    )


def _closings_with(venue_id: Any, drink_id: Any, since: Any) -> Any:
    """The closings in which a key of the drink was sold since an instant: the others' lines are not read."""
    mine = select(Link.reference_id).where(Link.venue_id == venue_id, Link.drink_id == drink_id)
    return select(ReferenceSum.closing_id).where(
        ReferenceSum.venue_id == venue_id,
        ReferenceSum.reference_id.in_(mine),
        ReferenceSum.last_sold_at >= since,
    )
