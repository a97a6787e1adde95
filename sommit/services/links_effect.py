"""What links that were just made do, in sum: the sales that they count, and each drink's stock before and after."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, literal, select

from sommit.extensions import Instant, db
from sommit.models import Drink, Link, ReferenceSum, SaleLine
from sommit.services import stock
from sommit.statements import built_once


@dataclass(frozen=True, slots=True)
class Shift:
    """The stock of a drink in microlitres, before and after."""

    drink: Drink
    before_ul: int
    after_ul: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What was sold on `nights` nights, and the stocks that those nights shift, most first.

    `sold_milli` are sales in thousandths, as the list says them: what leaves the stock unsold is not among them.
    A drink that was never counted nor delivered has no stock to shift.
    """

    nights: int
    sold_milli: int
    shifts: tuple[Shift, ...]


def of(venue_id: int, link_ids: Collection[int]) -> Effect:
    """Return what these live links take off the stock, each as `stock.effect` has said it before.

    Two statements, whatever the number of links, drinks and nights.
    """
    found = db.session.execute(*_taken(venue_id, list(link_ids))).all()
    after = stock.on_hand_of(venue_id, [drink.id for drink, *_ in found])
    shifts = [Shift(one, after[one.id] + int(ul), after[one.id]) for one, _, _, ul in found if one.id in after and ul]
    return Effect(
        nights=found[0][1] if found else 0,
        sold_milli=sum(int(milli) for _, _, milli, _ in found),
        shifts=tuple(sorted(shifts, key=lambda shift: (shift.after_ul - shift.before_ul, shift.drink.id))),
    )


@built_once()
def _taken(venue_id: Any, link_ids: Any) -> Any:
    """For each drink: the nights of them all, its sales in thousandths, the microlitres that left it."""
    these = Link.venue_id == venue_id, Link.id.in_(link_ids)
    origin = stock.origins(venue_id, select(Link.drink_id).where(*these))
    always = literal(stock.EPOCH, Instant())
    from_at = case(
        (Link.starts_at > origin.c.at, Link.starts_at), else_=func.coalesce(origin.c.at, Link.starts_at, always)
    )
    taken = stock.taken_within(from_at, None) * Link.serving_ml
    turnover = SaleLine.money == "turnover"
    sold = stock.within(from_at, None, ReferenceSum.sold_milli, SaleLine.quantity_milli, turnover)
    night = (
        select(Link.drink_id, ReferenceSum.business_date, taken.label("ul"), sold.label("milli"))
        .outerjoin(origin, origin.c.drink_id == Link.drink_id)
        .join(ReferenceSum, ReferenceSum.reference_id == Link.reference_id)
        .where(
            *these,
            ReferenceSum.venue_id == venue_id,
            ReferenceSum.taken_milli != 0,
            ReferenceSum.last_sold_at >= from_at,
        )
        .cte("night")
    )
    nights = select(func.count(night.c.business_date.distinct())).scalar_subquery()
    return (
        select(Drink, nights, func.sum(night.c.milli), func.sum(night.c.ul))
        .join(night, night.c.drink_id == Drink.id)
        .group_by(Drink.id)
    )
