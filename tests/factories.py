"""One function per model: the shortest way to a row that a test needs. Each commits."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher

from sommit.extensions import db
from sommit.models import (
    Act,
    Closing,
    Count,
    Delivery,
    Drink,
    IgnoredCategory,
    Link,
    Loss,
    Membership,
    Message,
    ReferenceSum,
    SaleLine,
    TillReference,
    User,
    Venue,
)
from sommit.services import acts, library, till_links

PASSWORD = "les vignes du coteau"
NOW = datetime(2026, 6, 14, 9, 0, tzinfo=UTC)
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_numbers = itertools.count(1)
SOLD = {"stock": "sale", "money": "turnover"}


def _saved(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row


def venue(name: str = "Le Zinc des Capucins", timezone: str = "Europe/Paris") -> Venue:
    return _saved(Venue(name=name, timezone=timezone, created_at=NOW))


def user(venue: Venue | None, email: str | None = None, *, is_support: bool = False) -> User:
    email = email or f"personne{next(_numbers)}@example.com"
    person = _saved(User(email=email, password_hash=_CHEAP.hash(PASSWORD), is_support=is_support, created_at=NOW))
    if venue is not None:
        _saved(Membership(venue_id=venue.id, user_id=person.id))
    return person


def drink(venue: Venue, name: str = "Chablis Montmains", *, stock: float | None = None, **fields: Any) -> Drink:
    """A drink; `stock` counts that many formats at NOW minus nothing, so that later sales come off."""
    counted_at = fields.pop("counted_at", datetime(2026, 1, 1, tzinfo=UTC))
    entry = library.Entry(name=name, **{"category": "wine", **fields})
    row = library.add(venue.id, entry)
    db.session.commit()
    if stock is not None:
        count(row, int(stock * row.volume_ml), at=counted_at)
    return row


def count(drink: Drink, quantity_ml: int, at: datetime, **fields: Any) -> Count:
    return _fact(Count, drink, quantity_ml, at, **fields)


def delivery(drink: Drink, quantity_ml: int, at: datetime) -> Delivery:
    return _fact(Delivery, drink, quantity_ml, at)


def loss(drink: Drink, quantity_ml: int, at: datetime, **fields: Any) -> Loss:
    return _fact(Loss, drink, quantity_ml, at, **fields)


def _fact(kind: Any, drink: Drink, quantity_ml: int, at: datetime, **fields: Any) -> Any:
    place = {"venue_id": drink.venue_id, "drink_id": drink.id}
    return _saved(kind(quantity_ml=quantity_ml, at=at, created_at=at, **place, **fields))


def message(venue: Venue, author: User, body: str = "Une question", **fields: Any) -> Message:
    own = {"from_support": author.is_support, "author_id": author.id, "form_key": f"form-{next(_numbers)}"}
    return _saved(Message(venue_id=venue.id, body=body, sent_at=NOW, **own, **fields))


def reference(venue: Venue, label: str = "VRE CHABLIS", **fields: Any) -> TillReference:
    values = {"till_id": f"key-{next(_numbers)}", "first_seen_at": NOW, **fields}
    return _saved(TillReference(venue_id=venue.id, label=label, **values))


def ignored_category(venue: Venue, category: str = "Plats") -> IgnoredCategory:
    return _saved(IgnoredCategory(venue_id=venue.id, category=category, created_at=NOW))


def link(reference: TillReference, drink: Drink, serving_ml: int = 125, **fields: Any) -> Link:
    ids = {"venue_id": reference.venue_id, "reference_id": reference.id, "drink_id": drink.id}
    return _saved(Link(serving_ml=serving_ml, created_at=NOW, **ids, **fields))


def act(reference: TillReference) -> Act:
    """The reference ignored, as an act that can be undone."""
    with acts.recorded(reference.venue_id, "ignore", [reference], by=None) as recording:
        till_links.ignore(reference)
    db.session.commit()
    assert recording.act is not None
    return recording.act


def closing(venue: Venue, business_date: date = date(2026, 6, 13), **fields: Any) -> Closing:
    values = {"till_id": f"closing-{next(_numbers)}", "total_cents": 0, "turnover_cents": 0, "unit": "cents", **fields}
    return _saved(Closing(venue_id=venue.id, business_date=business_date, **values))


def sale(
    closing: Closing,
    reference: TillReference,
    quantity: float = 1,
    *,
    at: datetime = NOW,
    cents: int = 0,
    **fields: Any,
) -> SaleLine:
    """One line of its own order, and the closing's sum of the reference brought up to date."""
    line = SaleLine(
        closing_id=closing.id,
        venue_id=closing.venue_id,
        position=0,
        reference_id=reference.id,
        sold_at=at,
        quantity_milli=round(quantity * 1000),
        total_cents=cents,
        **{"order_id": f"order-{next(_numbers)}", "label": reference.label, **SOLD, **fields},
    )
    _saved(line)
    _sum_up(closing, line)
    return line


def _sum_up(closing: Closing, line: SaleLine) -> None:
    total = db.session.get(ReferenceSum, (closing.id, line.reference_id)) or ReferenceSum(
        closing_id=closing.id,
        reference_id=line.reference_id,
        venue_id=closing.venue_id,
        business_date=closing.business_date,
        first_sold_at=line.sold_at,
        last_sold_at=line.sold_at,
        taken_milli=0,
        sold_milli=0,
        sales=0,
        turnover_cents=0,
    )
    total.first_sold_at = min(total.first_sold_at, line.sold_at)
    total.last_sold_at = max(total.last_sold_at, line.sold_at)
    total.taken_milli += line.quantity_milli if line.stock in ("sale", "loss") else 0
    if line.money == "turnover":
        total.sold_milli += line.quantity_milli
        total.sales += 1
        total.turnover_cents += line.total_cents or 0
    _saved(total)
    closing.read_at = (closing.read_at or NOW) + timedelta(microseconds=1)  # a new reading: it is summed again
    db.session.commit()
