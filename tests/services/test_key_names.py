"""Every name that a key has had, and since when (FAULTS 62 and 63, row I2 of the FAQ)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from sommit.extensions import db
from sommit.jalia.payload import Price, Product
from sommit.models import ReferenceName
from sommit.services import catalogue
from tests import factories

NOW = factories.NOW
KEY = "0a1b"


def product(name: str = "VRE CHABLIS", cents: int = 650, till_id: str = KEY) -> Product:
    return Product(till_id, name, "Vins", (), (Price("0", "Normal", cents, 2000),))


@pytest.fixture
def shown(app, venue):
    """Let the till show these keys at an instant."""

    def take_over(*products: Product, at: datetime = NOW) -> None:
        app.config["NOW"] = at
        catalogue.take_over(venue.id, products)
        db.session.commit()

    return take_over


def names() -> list[tuple[str | None, datetime]]:
    return [(row.label, row.seen_at) for row in db.session.scalars(select(ReferenceName).order_by(ReferenceName.id))]


def test_a_name_is_kept_from_the_day_on_which_the_key_is_first_seen_and_once(shown):
    shown(product())
    shown(product(cents=700), at=NOW + timedelta(days=1))

    assert names() == [("VRE CHABLIS", NOW)]


def test_a_new_name_is_added_and_the_former_one_stays(shown):
    shown(product())
    shown(product("VRE CHABLIS 23"), at=NOW + timedelta(days=1))
    shown(product("VRE CHABLIS 23"), at=NOW + timedelta(days=2))

    assert names() == [("VRE CHABLIS", NOW), ("VRE CHABLIS 23", NOW + timedelta(days=1))]


def test_a_key_older_than_the_history_keeps_its_former_name_too(shown):
    shown(product())
    db.session.execute(delete(ReferenceName))
    shown(product("VRE CHABLIS 23"), at=NOW + timedelta(days=1))

    assert names() == [("VRE CHABLIS", NOW), ("VRE CHABLIS 23", NOW + timedelta(days=1))]


def test_the_days_on_which_the_catalogue_did_not_show_a_key_are_in_its_history(shown):
    other = product("PINTE", till_id="0c2d")
    shown(product(), other)
    for day in (1, 2):
        shown(other, at=NOW + timedelta(days=day))
    shown(product(), other, at=NOW + timedelta(days=3))

    mine = [(label, at) for label, at in names() if label != "PINTE"]
    assert mine == [("VRE CHABLIS", NOW), (None, NOW + timedelta(days=1)), ("VRE CHABLIS", NOW + timedelta(days=3))]
