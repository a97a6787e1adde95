"""Row H3 of the FAQ: the turnover is the till's, not the price in Somm'It."""

import pytest
from playwright.sync_api import expect

from sommit.extensions import db
from sommit.models import TillReference
from tests import factories
from tests.browser.conftest import address, database_url, open_page
from tests.till_screens.conftest import LAST_NIGHT, connected, morning, read

__all__ = ["address", "connected", "database_url", "morning", "read"]


@pytest.fixture
def night(connected, till, read):
    """A bottle that the cellar prices at 99 €: sold at 30 €, at 25 € after a discount, and once on the house."""
    bottle = till.product("BT CHABLIS", price_cents=3000)
    closing = till.closing(date=LAST_NIGHT)
    closing.order([till.item(bottle), till.item(bottle, discount_cents=500), till.item(bottle, offered=True)])
    closing.order([till.item(bottle, is_canceled=True)])
    read()
    key = db.session.scalars(db.select(TillReference).where(TillReference.label == "BT CHABLIS")).one()
    drink = factories.drink(connected, "Chablis Montmains", price_cents=9900, glass_price_cents=1500, stock=12)
    factories.link(key, drink, 750)
    return drink


def test_h3_the_turnover_is_what_the_till_took_discounts_and_offered_bottles_included(browser, address, night, user):
    page = open_page(browser, address, user)
    page.goto("/ventes")

    row = page.get_by_role("row", name="Chablis Montmains")
    expect(row).to_contain_text("55,00")
    expect(row.get_by_role("cell").first).to_have_text("3")
    expect(page.locator(".ledger").filter(has_text="Offerts")).to_contain_text("30,00")
    expect(page.locator(".is-proved")).to_contain_text("0,00")
    for price in ("99,00", "15,00", "297,00"):
        expect(page.locator("main")).not_to_contain_text(price)
    page.context.close()


def test_h3_another_price_in_sommit_changes_no_turnover(browser, address, night, user):
    page = open_page(browser, address, user)
    page.goto("/ventes")
    before = page.locator("main").inner_text()
    night.price_cents = 100
    db.session.add(night)
    db.session.commit()
    page.reload()

    assert page.locator("main").inner_text() == before
    page.context.close()
