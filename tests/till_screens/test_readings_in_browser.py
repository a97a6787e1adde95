"""The readings of a closing in a real browser: reached from the journal, read again, and what axe finds."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import TillReference
from tests import factories
from tests.browser.conftest import address, database_url, open_page
from tests.browser.test_axe import SCREENS
from tests.till_screens.conftest import LAST_NIGHT, MORNING

__all__ = ["address", "database_url"]

LONG = "BT CHATEAUNEUF-DU-PAPE CUVEE RESERVE DES CELESTINS ROUGE 2012"


@pytest.fixture
def amended(app, connected, till, read):
    """An evening with two closings, one of them amended, and an evening whose closing the till denies."""
    till.product("VRE CHABLIS", price_cents=650)
    kir = till.item("KIR", 3, modifiers=["Cassis", "Mûre"])
    closing = till.closing([("VRE CHABLIS", 6), (LONG, 2), kir], date=LAST_NIGHT, number=1202)
    till.closing([("PINTE", 2)], date=LAST_NIGHT, device="iPad terrasse")
    gone = till.closing([("PINTE", 3)], date=LAST_NIGHT - timedelta(days=1))
    read()
    glass = db.session.scalars(select(TillReference).where(TillReference.label == "VRE CHABLIS")).one()
    factories.link(glass, factories.drink(connected, stock=24, counted_at=datetime(2026, 6, 1, tzinfo=UTC)))
    app.config["NOW"] = MORNING + timedelta(days=1)
    items = closing.orders[0].items
    items[0].quantity = Decimal(4)
    closing.amend(items[1], is_canceled=True, cancel_reason="Erreur de table")
    closing.order([till.item("DEMI", 1)])
    till.closings.remove(gone)
    read()
    return connected


def test_from_the_journal_to_what_changed_and_the_closing_read_again(browser, address, amended, user):
    page = open_page(browser, address, user)
    page.goto("/caisse")
    page.get_by_role("link", name="Voir ce qui a changé").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lectures de la clôture")
    page.get_by_text("Les 4 lignes de cette lecture").click()
    expect(page.get_by_role("table")).to_contain_text("DEMI")

    page.get_by_role("button", name="Relire cette clôture").click()
    told = page.get_by_text("Relue : rien n’a changé.".replace(" :", "\u00a0:"))
    expect(told).to_be_visible()
    expect(page.locator(".notice.is-ok")).to_be_focused()
    assert page.complaints == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(browser, address, amended, user, screen, scheme):
    page = open_page(browser, address, user, viewport=SCREENS[screen], color_scheme=scheme, device_scale_factor=1)
    page.goto("/caisse")
    chips = page.locator(".journal a.chip")
    places = ["/caisse", "/boissons/quoi-de-neuf", *(chip.get_attribute("href") for chip in chips.all())]
    assert len(places) == 4
    for place in places:
        page.goto(place)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, place
    page.context.close()
