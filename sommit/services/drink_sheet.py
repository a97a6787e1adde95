"""The page of one drink: how its stock came about, line by line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from sommit.extensions import db
from sommit.models import Count, Delivery, Drink, Loss
from sommit.services import stock
from sommit.services.stock import UL


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Why the stock is what it is. Facts in millilitres, what sales took and what is left in microlitres."""

    from_at: datetime
    counted_ml: int | None  # None: never counted, the first delivery starts it
    delivered_ml: int
    lost_ml: int
    sold_ul: int
    left_ul: int


def arithmetic(drink: Drink) -> Arithmetic | None:
    """Return how a drink's stock came about since its last count, None when it has no stock figure."""
    left = stock.on_hand(drink)
    if left is None:
        return None
    last = db.session.scalar(_of(select(Count), Count, drink).order_by(Count.at.desc(), Count.id.desc()).limit(1))
    from_at = last.at if last else db.session.scalar(_of(select(func.min(Delivery.at)), Delivery, drink))
    delivered, lost = (_since(fact, drink, from_at) for fact in (Delivery, Loss))
    base = last.quantity_ml if last else 0
    return Arithmetic(
        from_at=from_at,
        counted_ml=last.quantity_ml if last else None,
        delivered_ml=delivered,
        lost_ml=lost,
        sold_ul=(base + delivered - lost) * UL - left,
        left_ul=left,
    )


def _since(fact: type[Delivery] | type[Loss], drink: Drink, at: datetime) -> int:
    total = select(func.coalesce(func.sum(fact.quantity_ml), 0)).where(fact.at >= at)
    return int(db.session.scalar(_of(total, fact, drink)))


def _of(query: Any, fact: Any, drink: Drink) -> Any:
    return query.where(fact.venue_id == drink.venue_id, fact.drink_id == drink.id)
