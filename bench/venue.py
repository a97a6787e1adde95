"""A bar with its past, written by bulk inserts: what its importer would have left after so many nights."""

import csv
import io
import itertools
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, literal, select

from bench.databases import MORNING
from demo.story import Key, keys
from demo.story.cellar import DRINKS_CSV
from sommit.extensions import Instant, db
from sommit.models import Audit, Closing, Count, Drink, Link, Membership, Night, TillConnection, TillReference, Venue
from sommit.services import accounts, drink_csv, sales_import, suggestions

NEW = 3  # keys that the till shows for the first time this morning
FOR_YEARS = timedelta(days=1000)  # since when it has shown the others


@dataclass(frozen=True)
class Bar:
    """The venue, its owner, and one of the drinks that its till pours."""

    venue_id: int
    user_id: int
    drink_id: int


def fill(*, drinks: int, references: int, nights: int, lines: int) -> Bar:
    """Write a bar with so many drinks, keys, nights and lines a night; every second key is linked."""
    rng = random.Random(1855)
    venue, _ = accounts.create_venue("Le Zinc des Capucins", "camille@example.com", "les vignes du coteau")
    drink_csv.take_in(venue, _spreadsheet(drinks))
    known = list(itertools.islice(itertools.cycle(keys()), references))
    _references(venue, known)
    _links(venue)
    keys_by_id = list(zip(_ids(venue), known, strict=True))
    for back in range(nights, 0, -1):
        sold = rng.choices(keys_by_id, [key.popularity for key in known], k=lines)
        _night(venue, MORNING.date() - timedelta(days=back), sold, rng)
    _morning(venue, nights, nights * lines, drinks)
    suggestions.refresh(venue.id)
    owner = db.session.scalars(select(Membership.user_id).where(Membership.venue_id == venue.id)).one()
    poured = db.session.scalars(select(Link.drink_id).order_by(Link.id).limit(1)).one()
    db.session.commit()
    return Bar(venue.id, owner, poured)


def _morning(venue: Venue, nights: int, lines: int, drinks: int) -> None:
    """The till's connection, the book of its nights, all read, and an audit that found nothing."""
    today = MORNING.date()
    days = [today - timedelta(days=back) for back in range(nights, 0, -1)]
    connected = {"state": "connected", "connected_at": MORNING - timedelta(days=nights), "read_from": days[0]}
    db.session.add(TillConnection(venue_id=venue.id, token=b"", token_tail="", read_at=MORNING, **connected))
    rows = [{"venue_id": venue.id, "business_date": day, "state": "imported", "read_at": MORNING} for day in days]
    db.session.execute(insert(Night), rows)
    checked = {"nights": nights, "drinks": drinks, "closings": nights, "lines": lines, "findings": 0}
    db.session.add(Audit(venue_id=venue.id, day=today, at=MORNING, checked=checked, findings=[]))


def count_again(days_ago: int) -> None:
    """Count every drink again, so many days ago; before that, the counts are older than all nights."""
    at = MORNING - timedelta(days=days_ago)
    same = select(Count.venue_id, Count.drink_id, Count.quantity_ml, literal(at, Instant()), literal(at, Instant()))
    db.session.execute(insert(Count).from_select(["venue_id", "drink_id", "quantity_ml", "at", "created_at"], same))
    db.session.commit()


def _spreadsheet(drinks: int) -> bytes:
    """The story's cellar, again under other names where it is too small; all of it counted."""
    with DRINKS_CSV.open(encoding="utf-8", newline="") as file:
        story = list(csv.DictReader(file))
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, fieldnames=list(story[0]))
    writer.writeheader()
    for number in range(drinks):
        again, row = divmod(number, len(story))
        name = story[row]["name"] + (f" n° {again + 1}" if again else "")
        writer.writerow(story[row] | {"name": name, "counted_at": "2023-01-01"})
    return sheet.getvalue().encode()


def _references(venue: Venue, known: list[Key]) -> None:
    rows = [
        {
            "venue_id": venue.id,
            "till_id": f"key-{number}",
            "label": key.label,
            "category": key.category,
            "price_cents": key.price_cents,
            "first_seen_at": MORNING if number >= len(known) - NEW else MORNING - FOR_YEARS,
        }
        for number, key in enumerate(known)
    ]
    db.session.execute(insert(TillReference), rows)


def _links(venue: Venue) -> None:
    drinks = list(db.session.scalars(select(Drink.id).where(Drink.venue_id == venue.id).order_by(Drink.id)))
    rows = [
        {
            "venue_id": venue.id,
            "reference_id": reference_id,
            "drink_id": drink_id,
            "serving_ml": 125,
            "created_at": MORNING,
        }
        for reference_id, drink_id in zip(_ids(venue)[::2], itertools.cycle(drinks), strict=False)
    ]
    db.session.execute(insert(Link), rows)


def _ids(venue: Venue) -> list[int]:
    return list(
        db.session.scalars(
            select(TillReference.id).where(TillReference.venue_id == venue.id).order_by(TillReference.id)
        )
    )


def _night(venue: Venue, day: date, sold: list[tuple[int, Key]], rng: random.Random) -> None:
    opened = datetime.combine(day, time(16), UTC)
    closing = Closing(
        venue_id=venue.id,
        till_id=f"closing-{day}",
        business_date=day,
        opened_at=opened,
        finalized_at=opened + timedelta(hours=8),
        unit="cents",
        lines=len(sold),
        turnover_cents=0,
        difference_cents=0,
        fingerprint=str(day),
        read_at=MORNING,
    )
    db.session.add(closing)
    db.session.flush()
    rows = [_line(closing, number, *each, rng) for number, each in enumerate(sold)]
    db.session.execute(insert(sales_import.LINES), rows)
    sales_import.sum_up(closing)


def _line(closing: Closing, number: int, reference_id: int, key: Key, rng: random.Random) -> dict[str, Any]:
    assert closing.opened_at
    return {
        "closing_id": closing.id,
        "order_id": f"{closing.till_id}-{number // 4:08d}-4c1b-9d6f",
        "position": number % 4,
        "venue_id": closing.venue_id,
        "reference_id": reference_id,
        "sold_at": closing.opened_at + timedelta(minutes=rng.randrange(480)),
        "label": key.label,
        "tariff": "Normal",
        "quantity_milli": 1000,
        "unit_price_cents": key.price_cents,
        "total_cents": key.price_cents,
        "stock": "sale",
        "money": "turnover",
        "reason": None,
    }
