"""A tablet at a venue whose till was read last night: a glass and a bottle of one Chablis, and a dish."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import TillReference
from tests import factories
from tests.browser.conftest import address, database_url, open_page
from tests.till_screens.conftest import LAST_NIGHT, connected, morning, read, read_now

__all__ = ["address", "connected", "database_url", "morning", "read", "read_now"]


def key(label: str) -> TillReference:
    """The reference that the till calls so."""
    return db.session.scalars(select(TillReference).where(TillReference.label == label)).one()


@pytest.fixture
def bar(connected, till, read, user) -> SimpleNamespace:
    """Last night sold 6 glasses at 7 € and 2 bottles at 30 €; nothing is linked yet."""
    till.product("VRE CHABLIS", price_cents=700, category="Vins au verre")
    till.product("BT CHABLIS", price_cents=3000, category="Vins")
    till.closing([("VRE CHABLIS", 6), ("BT CHABLIS", 2)], date=LAST_NIGHT)
    read()
    fields = {"producer": "William Fèvre", "region": "Bourgogne", "colour": "blanc", "vintage": 2023}
    drink = factories.drink(connected, stock=12, price_cents=9900, **fields)
    glass, bottle = key("VRE CHABLIS"), key("BT CHABLIS")
    db.session.commit()  # on SQLite an open transaction would keep the browser out
    return SimpleNamespace(venue=connected, user=user, drink=drink, glass=glass, bottle=bottle)


@pytest.fixture
def linked(bar: SimpleNamespace) -> SimpleNamespace:
    """Both keys are linked to the drink."""
    factories.link(bar.glass, bar.drink, 125)
    factories.link(bar.bottle, bar.drink, 750)
    return bar


@pytest.fixture
def page(browser: Browser, address: str, bar: SimpleNamespace) -> Iterator[Page]:
    """Camille's tablet; whatever its console complained of fails the test."""
    opened = open_page(browser, address, bar.user)
    yield opened
    assert opened.complaints == []  # type: ignore[attr-defined]
    opened.context.close()
