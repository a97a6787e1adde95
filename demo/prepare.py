"""Fills the demonstration's empty database: the bar, its cellar, its till, and what was answered so far. Once."""

import csv
import io
from datetime import UTC, datetime, time, timedelta

from flask import current_app
from sqlalchemy import select

from demo import story
from demo.login import DEMO_EMAIL, DEMO_PASSWORD
from demo.story import NAME, NIGHTS, TOKEN, keys
from demo.story.cellar import DRINKS_CSV
from sommit import create_app
from sommit.extensions import db
from sommit.jalia.client import JaliaClient
from sommit.models import Drink, Venue
from sommit.services import accounts, catalogue, drink_csv, suggestions, till_connection, till_links

HISTORY_DAYS = NIGHTS * 7 // 6 + 7  # closed on Sundays: so many days hold all the nights


def main() -> None:
    """Prepare the bar, unless it is there already."""
    with create_app().app_context():
        if accounts.find(DEMO_EMAIL) is None:
            venue, _ = accounts.create_venue(NAME, DEMO_EMAIL, DEMO_PASSWORD, "Europe/Paris")
            drink_csv.take_in(venue, _spreadsheet())
            db.session.flush()
            _connect(venue)
            _answer(venue)
            suggestions.refresh(venue.id)
            db.session.commit()


def _spreadsheet() -> bytes:
    """The bar's cellar, everything counted on the morning before its first night."""
    with DRINKS_CSV.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    morning = datetime.combine(datetime.now(UTC).date() - timedelta(days=HISTORY_DAYS + 1), time(8), UTC)
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(row | {"counted_at": morning.isoformat()} for row in rows)
    return sheet.getvalue().encode()


def _connect(venue: Venue) -> None:
    client = JaliaClient(current_app.config["JALIA_API_URL"], TOKEN)
    probe, products = client.probe(), client.catalogue().products
    client.close()
    till_connection.keep(venue, TOKEN, probe, history_days=HISTORY_DAYS)
    catalogue.take_over(venue.id, products)


def _answer(venue: Venue) -> None:
    """Link and ignore what somebody answered for before today."""
    references = {reference.label: reference for reference in catalogue.references(venue.id).values()}
    cellar = {_key(drink): drink for drink in db.session.scalars(select(Drink).where(Drink.venue_id == venue.id))}
    for key in keys():
        if key.ignored:
            till_links.ignore(references[key.label])
        for pour in key.pours if key.linked else ():
            till_links.link(references[key.label], cellar[_key(pour.drink)], serving_ml=pour.serving_ml)


def _key(drink: Drink | story.Drink) -> tuple[str, str, int | None, int]:
    return drink.name, drink.producer, drink.vintage, drink.volume_ml


if __name__ == "__main__":
    main()
