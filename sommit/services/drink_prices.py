"""What the till asks for a drink, per serving, now and before (row I1 of the FAQ)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from sommit.extensions import db
from sommit.jalia.payload import NORMAL
from sommit.matching.text import fold
from sommit.models import ReferencePrice
from sommit.services.cellar import Poured
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


def asked(venue_id: int, poured: Iterable[Poured]) -> list[Price]:
    """Return the prices of the keys that pour a drink now, in the order of its links, the normal tariff first.

    A key that pours several drinks sets the price of none. One statement.
    """
    keys = [key for key in poured if not key.shared]
    history = _history(venue_id, [key.reference_id for key in keys])
    return [price for key in keys for price in _of_key(key, history.get(key.reference_id, {}))]


def _history(venue_id: int, reference_ids: list[int]) -> dict[int, dict[str, list[Seen]]]:
    """By key and tariff, latest first; a price seen again with another tax is one price."""
    found: dict[int, dict[str, list[Seen]]] = defaultdict(lambda: defaultdict(list))
    for key, tariff, *price in db.session.execute(*_prices(venue_id, reference_ids)) if reference_ids else ():
        found[key][tariff].append(Seen(*price))
    return {key: {name: _steps(rows) for name, rows in tariffs.items()} for key, tariffs in found.items()}


@built_once()
def _prices(venue_id: Any, reference_ids: Any) -> Any:
    price = ReferencePrice.unit_price_cents, ReferencePrice.seen_at
    mine = ReferencePrice.venue_id == venue_id, ReferencePrice.reference_id.in_(reference_ids)
    return select(ReferencePrice.reference_id, ReferencePrice.tariff, *price).where(*mine).order_by(ReferencePrice.id)


def _steps(rows: list[Seen]) -> list[Seen]:
    return [next(same) for _cents, same in groupby(rows, key=lambda seen: seen.cents)][::-1]


def _of_key(key: Poured, tariffs: dict[str, list[Seen]]) -> list[Price]:
    normal = next((name for name in tariffs if fold(name) == NORMAL), None)
    if normal is None:  # the till names its tariffs otherwise: the one whose price the catalogue shows
        normal = next((name for name, seen in tariffs.items() if seen[0].cents == key.key_cents), "")
    prices = []
    if key.key_cents is not None:
        prices.append(_price(key, "", key.key_cents, tariffs.get(normal, [])))
    others = ((name, seen) for name, seen in tariffs.items() if name != normal)
    return prices + [_price(key, name, seen[0].cents, seen) for name, seen in others]


def _price(key: Poured, tariff: str, cents: int, seen: list[Seen]) -> Price:
    past = seen[1:]
    return Price(key.label, key.serving_ml, tariff, cents, seen[0].since if past else None, tuple(past))
