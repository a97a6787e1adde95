"""What the till asks for a drink, per serving, now and before (row I1 of the FAQ)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from sommit.extensions import db
from sommit.jalia.payload import NORMAL
from sommit.matching.text import fold
from sommit.models import Drink, Link, ReferencePrice, TillReference
from sommit.services import till_links
from sommit.statements import built_once


@dataclass(frozen=True, slots=True)
class Seen:
    """A price in cents, and when it was first seen in the till."""

    cents: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Price:
    """What one key asks for a serving by one tariff, "" being the normal one; `before` is the past, latest first."""

    label: str
    serving_ml: int
    tariff: str
    cents: int
    since: datetime | None  # None: as long as is known
    before: tuple[Seen, ...]


def asked(drink: Drink) -> list[Price]:
    """Return the prices of the keys that pour a drink now, oldest link first, the normal tariff first.

    A key that pours several drinks sets the price of none.
    """
    keys = list(db.session.execute(*_alone(drink.venue_id, drink.id)))
    history = _history(drink.venue_id, [reference.id for reference, _ml in keys])
    return [price for reference, ml in keys for price in _of_key(reference, ml, history.get(reference.id, {}))]


@built_once()
def _alone(venue_id: Any, drink_id: Any) -> Any:
    """The keys that pour a drink and no other."""
    several = select(Link.reference_id).where(Link.venue_id == venue_id, till_links.is_live())
    several = several.group_by(Link.reference_id).having(func.count() > 1)
    return (
        select(TillReference, Link.serving_ml)
        .join(Link, Link.reference_id == TillReference.id)
        .where(Link.venue_id == venue_id, Link.drink_id == drink_id, till_links.is_live())
        .where(TillReference.id.not_in(several))
        .order_by(Link.id)
    )


def _history(venue_id: int, reference_ids: list[int]) -> dict[int, dict[str, list[Seen]]]:
    """By key and tariff, latest first; a price seen again with another tax is one price."""
    found: dict[int, dict[str, list[Seen]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session.scalars(*_prices(venue_id, reference_ids)) if reference_ids else ():
        found[row.reference_id][row.tariff].append(Seen(row.unit_price_cents, row.seen_at))
    return {key: {name: _steps(rows) for name, rows in tariffs.items()} for key, tariffs in found.items()}


@built_once()
def _prices(venue_id: Any, reference_ids: Any) -> Any:
    mine = ReferencePrice.venue_id == venue_id, ReferencePrice.reference_id.in_(reference_ids)
    return select(ReferencePrice).where(*mine).order_by(ReferencePrice.id)


def _steps(rows: list[Seen]) -> list[Seen]:
    return [next(same) for _cents, same in groupby(rows, key=lambda seen: seen.cents)][::-1]


def _of_key(reference: TillReference, serving_ml: int, tariffs: dict[str, list[Seen]]) -> list[Price]:
    normal = next((name for name in tariffs if fold(name) == NORMAL), None)
    if normal is None:  # the till names its tariffs otherwise: the one whose price the catalogue shows
        normal = next((name for name, seen in tariffs.items() if seen[0].cents == reference.price_cents), "")
    prices = []
    if reference.price_cents is not None:
        prices.append(_price(reference, serving_ml, "", reference.price_cents, tariffs.get(normal, [])))
    others = ((name, seen) for name, seen in tariffs.items() if name != normal)
    return prices + [_price(reference, serving_ml, name, seen[0].cents, seen) for name, seen in others]


def _price(reference: TillReference, serving_ml: int, tariff: str, cents: int, seen: list[Seen]) -> Price:
    past = seen[1:]
    return Price(reference.label, serving_ml, tariff, cents, seen[0].since if past else None, tuple(past))
