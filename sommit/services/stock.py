"""Stock is derived, never stored: last count + deliveries - losses - linked sales, each at its own time.

Amounts are integers of microlitres (millilitres x 1000): a till sells thousandths, a serving is millilitres.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.sql.selectable import CTE

from sommit.extensions import Instant, Wide, db
from sommit.models import Count, Delivery, Drink, Link, Loss, ReferenceSum, SaleLine, TillReference
from sommit.services import key_since
from sommit.statements import built_once

Rows = Select[*tuple[Any, ...]]

UL = 1000  # microlitres in a millilitre
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # before every sale
TAKES = ("sale", "loss")  # lines that leave the cellar (CONTRACT §7, S5 and S6)


def cellar(venue_id: int) -> dict[int, int]:
    """Return the stock in microlitres of every drink of a venue that was ever counted or delivered.

    A drink that is not in the answer has no stock figure ("jamais compté"): a made-up zero would be a lie.
    One statement, whatever the number of drinks, references and nights.
    """
    rows = db.session.execute(*_of_all(venue_id))
    return {drink_id: int(stock_ul) for drink_id, stock_ul in rows}  # Postgres adds bigints up to a Decimal


@built_once()
def _of_all(venue_id: Any) -> Any:
    return of_all(venue_id)


def of_all(venue_id: Any) -> Any:
    """Return the stocks of `cellar` as a statement, to be asked with others: columns drink_id, stock_ul."""
    return _stock(origins(venue_id), venue_id)


def on_hand(drink: Drink, *, without: int | None = None) -> int | None:
    """Return the stock of one drink in microlitres, None when it was never counted nor delivered.

    `without` is a reference whose sales are left out: what the stock is once its link is broken.
    """
    ids = drink.venue_id, [drink.id]
    asked = _of_some(*ids) if without is None else _of_some_without(*ids, without)
    row = db.session.execute(*asked).one_or_none()
    return int(row[1]) if row else None


def on_hand_of(venue_id: int, drink_ids: Iterable[int]) -> dict[int, int]:
    """Return `cellar` of some drinks only."""
    rows = db.session.execute(*_of_some(venue_id, list(drink_ids)))
    return {drink_id: int(stock_ul) for drink_id, stock_ul in rows}


@built_once()
def _of_some(venue_id: Any, drink_ids: Any) -> Any:
    return _stock(origins(venue_id, drink_ids), venue_id)


@built_once()
def _of_some_without(venue_id: Any, drink_ids: Any, without: Any) -> Any:
    return _stock(origins(venue_id, drink_ids), venue_id, without)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a link would do, or does: sales since the drink's stock starts, and the stock before and after."""

    nights: int
    taken_milli: int  # servings, in thousandths
    before_ul: int | None
    after_ul: int | None


def effect(venue_id: int, reference_id: int, drink: Drink, serving_ml: int) -> Effect:
    """Return what linking a reference to a drink would take off the stock, from sales already imported.

    Only sales after the drink's last count are taken: the count has absorbed the others. What the key sold as another
    product is not its own.
    """
    return effects(venue_id, reference_id, {drink.id: serving_ml})[drink.id]


def effects(venue_id: int, reference_id: int, servings: Mapping[int, int]) -> dict[int, Effect]:
    """Return the effect of linking a reference to each of some drinks (id: serving in ml).

    In three statements, and one more for each further instant from which on the key's sales would be a drink's.
    """
    before = on_hand_of(venue_id, servings)
    starts: defaultdict[datetime, list[int]] = defaultdict(list)
    for drink_id, start in key_since.starts(venue_id, reference_id, list(servings)).items():
        starts[start or EPOCH].append(drink_id)
    return {
        drink_id: _effect(nights, int(milli), before.get(drink_id), servings[drink_id])
        for start, drink_ids in starts.items()
        for drink_id, nights, milli in db.session.execute(*_taken_by(venue_id, reference_id, drink_ids, start))
    }


@built_once(since=Instant())
def _taken_by(venue_id: Any, reference_id: Any, drink_ids: Any, since: Any) -> Any:
    """What the sales of a key since an instant would take from each drink, were it linked: nights, thousandths."""
    origin = origins(venue_id, drink_ids)
    from_at = case((origin.c.at > since, origin.c.at), else_=since)
    sales = and_(
        ReferenceSum.venue_id == venue_id,
        ReferenceSum.reference_id == reference_id,
        ReferenceSum.taken_milli != 0,
        ReferenceSum.last_sold_at >= from_at,
    )
    taken = func.coalesce(func.sum(taken_within(from_at, None)), 0)
    return (
        select(Drink.id, func.count(ReferenceSum.business_date.distinct()), taken)
        .outerjoin(origin, origin.c.drink_id == Drink.id)
        .outerjoin(ReferenceSum, sales)
        .where(Drink.venue_id == venue_id, Drink.id.in_(drink_ids))
        .group_by(Drink.id)
    )


def _effect(nights: int, taken_milli: int, before_ul: int | None, serving_ml: int) -> Effect:
    return Effect(nights, taken_milli, before_ul, None if before_ul is None else before_ul - taken_milli * serving_ml)


def starts(venue_id: int) -> dict[int, datetime]:
    """Return from when on sales come off each drink's stock: its last count, else its first delivery."""
    origin = origins(venue_id)
    return {row.drink_id: row.at for row in db.session.execute(select(origin.c.drink_id, origin.c.at))}


def origins(venue_id: Any, drink_ids: Any = None) -> CTE:
    """Return (SQL) where the stock of these drinks, or of all, starts: the last count, else the first delivery.

    Columns drink_id, at, base_ml.
    """
    rank = func.row_number().over(partition_by=Count.drink_id, order_by=(Count.at.desc(), Count.id.desc()))
    counts = select(Count.drink_id, Count.at, Count.quantity_ml, rank.label("rank")).where(Count.venue_id == venue_id)
    deliveries = (
        select(Delivery.drink_id, func.min(Delivery.at).label("at"), literal(0).label("base_ml"))
        .where(
            Delivery.venue_id == venue_id,
            ~exists().where(Count.venue_id == venue_id, Count.drink_id == Delivery.drink_id),
        )
        .group_by(Delivery.drink_id)
    )
    if drink_ids is not None:
        counts = counts.where(Count.drink_id.in_(drink_ids))
        deliveries = deliveries.where(Delivery.drink_id.in_(drink_ids))
    ranked = counts.subquery()
    counted = select(ranked.c.drink_id, ranked.c.at, ranked.c.quantity_ml.label("base_ml")).where(ranked.c.rank == 1)
    return union_all(counted, deliveries).cte("origin")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one link took from its drink on one night: servings in thousandths, of so many millilitres each."""

    reference_id: int
    label: str
    serving_ml: int
    business_date: date
    taken_milli: int

    @property
    def ul(self) -> int:
        """Return the volume in microlitres."""
        return self.taken_milli * self.serving_ml


def nights(drink: Drink, since: datetime) -> list[Taken]:
    """Return what linked sales took from a drink from an instant on, by link and night, oldest night first."""
    rows = db.session.execute(*_nights(drink.venue_id, drink.id, since))
    return [Taken(key, label, ml, day, int(taken)) for key, label, ml, day, taken in rows if taken]


@built_once(since=Instant())
def _nights(venue_id: Any, drink_id: Any, since: Any) -> Any:
    from_at = case((Link.starts_at > since, Link.starts_at), else_=since)
    name = (TillReference.id, TillReference.label, Link.serving_ml, ReferenceSum.business_date)
    return (
        select(*name, func.sum(taken_within(from_at, Link.ends_at)).label("taken"))
        .join(Link, Link.reference_id == TillReference.id)
        .join(ReferenceSum, ReferenceSum.reference_id == Link.reference_id)
        .where(
            ReferenceSum.venue_id == venue_id,
            ReferenceSum.last_sold_at >= from_at,
            or_(Link.ends_at.is_(None), ReferenceSum.first_sold_at < Link.ends_at),
            Link.venue_id == venue_id,
            Link.drink_id == drink_id,
            Link.broken_at.is_(None),
        )
        .group_by(Link.id, *name)
        .order_by(ReferenceSum.business_date, Link.id)
    )


def _stock(origins: CTE, venue_id: Any, without: Any = None) -> Any:
    moves = {
        "delivered": _facts(Delivery, origins, venue_id),
        "lost": _facts(Loss, origins, venue_id),
        "sold": _sold(origins, venue_id, without),
    }
    delivered, lost, sold = (query.subquery(name) for name, query in moves.items())
    facts = origins.c.base_ml + func.coalesce(delivered.c.amount, 0) - func.coalesce(lost.c.amount, 0)
    stock_ul = facts * UL - func.coalesce(sold.c.amount, 0)
    statement = select(origins.c.drink_id, stock_ul.label("stock_ul"))
    for move in (delivered, lost, sold):
        statement = statement.outerjoin(move, move.c.drink_id == origins.c.drink_id)
    return statement.select_from(origins)


def _facts(fact: type[Delivery] | type[Loss], origins: CTE, venue_id: Any) -> Rows:
    return (
        select(fact.drink_id, func.sum(fact.quantity_ml).label("amount"))
        .join(origins, and_(origins.c.drink_id == fact.drink_id, fact.at >= origins.c.at))
        .where(fact.venue_id == venue_id)
        .group_by(fact.drink_id)
    )


def _sold(origins: CTE, venue_id: Any, without: Any) -> Rows:
    """What linked sales took from each drink since its origin, in microlitres."""
    counts = [Link.venue_id == venue_id, Link.broken_at.is_(None)]
    counts += [] if without is None else [Link.reference_id != without]
    window = (
        select(
            Link.drink_id,
            Link.reference_id,
            Link.serving_ml,
            case((Link.starts_at > origins.c.at, Link.starts_at), else_=origins.c.at).label("from_at"),
            Link.ends_at.label("to_at"),
        )
        .join(origins, origins.c.drink_id == Link.drink_id)
        .where(*counts)
        .cte("window")
        .prefix_with("MATERIALIZED")  # else `from_at` is worked out again for each sum
    )
    # Added up link by link: each reads the index of its key from its own instant on, whatever the years behind it.
    servings = (
        select(func.sum(taken_within(window.c.from_at, window.c.to_at)))
        .where(
            ReferenceSum.venue_id == venue_id,
            ReferenceSum.reference_id == window.c.reference_id,
            ReferenceSum.last_sold_at >= window.c.from_at,
            or_(window.c.to_at.is_(None), ReferenceSum.first_sold_at < window.c.to_at),
        )
        .correlate(window)
        .scalar_subquery()
    )
    taken = func.sum(func.coalesce(servings, 0) * window.c.serving_ml)
    return select(window.c.drink_id, taken.label("amount")).group_by(window.c.drink_id)


def taken_within(from_at: Any, to_at: Any) -> Any:
    """Return how many servings, in thousandths, one closing's sum (SQL) took off the stock in a period."""
    return within(from_at, to_at, ReferenceSum.taken_milli, SaleLine.quantity_milli, SaleLine.stock.in_(TAKES))


def within(from_at: Any, to_at: Any, whole: Any, part: Any, *which: Any) -> Any:
    """Return how much of one closing's sum (SQL) falls in a period: `whole` is a column of ReferenceSum.

    Only at the edges of the period are the lines read: there it is the sum of their `part`, over the lines `which`.
    """
    inside = [or_(ReferenceSum.first_sold_at >= from_at, from_at.is_(None))]
    lines = [
        SaleLine.closing_id == ReferenceSum.closing_id,
        SaleLine.reference_id == ReferenceSum.reference_id,
        SaleLine.sold_at >= from_at,
        *which,
    ]
    if to_at is not None:
        inside.append(or_(to_at.is_(None), ReferenceSum.last_sold_at < to_at))
        lines.append(or_(to_at.is_(None), SaleLine.sold_at < to_at))
    at_the_edge = select(func.coalesce(func.sum(part), 0).cast(Wide)).where(*lines)
    return case((and_(*inside), whole), else_=at_the_edge.correlate_except(SaleLine).scalar_subquery())
