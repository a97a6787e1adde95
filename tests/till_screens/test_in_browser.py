"""The till's pages in a real browser: the progress that moves by itself, the focus, and what axe finds."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from sommit.extensions import db
from sommit.models import Night, TillConnection
from sommit.services import nights
from tests import factories
from tests.browser.conftest import address, database_url, open_page
from tests.browser.test_axe import SCREENS
from tests.till_screens.conftest import LAST_NIGHT, MORNING

__all__ = ["address", "database_url"]

LONG = "BT CHATEAUNEUF-DU-PAPE CUVEE RESERVE DES CELESTINS ROUGE 2012"


@pytest.fixture
def settled(connected, till, read):
    """The venue, with a month of nights, the last one off by 4,50 €."""
    for days in range(1, 30):
        till.closing([("PINTE IPA", 3)], date=LAST_NIGHT - timedelta(days=days))
    till.closing([(LONG, 2), ("VRE CHABLIS", 4)], date=LAST_NIGHT, difference_cents=450)
    read()
    return connected


@pytest.fixture
def tablet(browser, address, settled, user):
    page = open_page(browser, address, user)
    yield page
    assert page.complaints == []
    page.context.close()


def test_the_progress_moves_by_itself_and_the_journal_comes_at_the_end(tablet, settled):
    lease = nights.claim(settled)
    nights.renew(lease, done=1, total=7)
    db.session.commit()
    tablet.goto("/caisse")
    state = tablet.locator("#etat")
    expect(state).to_contain_text("Lecture en cours, 1 clôture sur 7.")

    nights.renew(lease, done=3, total=7)
    db.session.commit()
    expect(state).to_contain_text("Lecture en cours, 3 clôtures sur 7.")

    db.session.add(Night(venue_id=settled.id, business_date=LAST_NIGHT + timedelta(days=1), state="imported"))
    nights.release(lease)
    db.session.commit()
    expect(tablet.locator("#nuits tbody tr").first).to_contain_text("dimanche 14 juin")
    expect(state).to_contain_text("Connectée à «\u202fLe Zinc des Capucins\u202f»")
    expect(tablet.locator("#caisse [hx-trigger^=every]")).to_have_count(0)


def test_importing_now_moves_the_focus_to_what_became_of_it_and_leaves_it_there(tablet, bells):
    tablet.goto("/caisse")
    tablet.get_by_role("button", name="Importer maintenant").click()
    state = tablet.locator("#etat")
    expect(state).to_contain_text("La lecture est notée")
    expect(state).to_be_focused()
    looked_again = re.compile(r"^/caisse/etat\?regard=([2-9]|\d\d+)$")  # meanwhile, at least once
    expect(state).to_have_attribute("hx-get", looked_again)
    expect(state).to_be_focused()


def test_a_wrong_token_leaves_the_focus_in_an_empty_field(tablet):
    tablet.goto("/caisse")
    field = tablet.get_by_label("Token reçu de Jalia")
    field.fill("not-the-token-of-the-zinc")
    tablet.get_by_role("button", name="Essayer ce token").click()
    expect(tablet.locator("#jeton-error")).to_contain_text("Jalia refuse ce token.")
    expect(field).to_be_focused()
    expect(field).to_have_value("")


def test_without_javascript_one_imports_and_looks_again_by_hand(browser, address, settled, user, bells):
    page = open_page(browser, address, user, java_script_enabled=False)
    page.goto("/caisse")
    page.get_by_role("button", name="Importer maintenant").click()
    expect(page.locator("#etat")).to_contain_text("La lecture est notée")
    page.get_by_role("link", name="Actualiser").click()
    expect(page.locator("#etat")).to_contain_text("La lecture est notée")
    page.context.close()


def _stages(venue):
    """Put the till into each of the states that the page can tell, one after the other."""
    connection, night = db.session.get(TillConnection, venue.id), nights.latest(venue.id, 1)[0]
    yield "connected"
    night.lease_until, night.done, night.total = MORNING + timedelta(minutes=2), 3, 7
    yield "reading"
    night.lease_until, night.next_try_at = None, MORNING
    yield "asked"
    night.state, night.problem, night.next_try_at = "failed", "La caisse ne répond pas.", MORNING + timedelta(hours=1)
    yield "failed"
    night.state = "waiting"
    yield "waiting"
    connection.state = "refused"
    yield "refused"
    db.session.delete(connection)
    yield "absent"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(browser, address, settled, user, screen, scheme):
    page = open_page(browser, address, user, viewport=SCREENS[screen], color_scheme=scheme, device_scale_factor=1)
    drink = factories.drink(
        settled, "Châteauneuf-du-Pape Réserve des Célestins", producer="Henri Bonneau", vintage=2012
    )
    key = db.session.scalars(db.select(factories.TillReference).where(factories.TillReference.label == LONG)).one()
    factories.link(key, drink)

    def look(place):
        page.goto(place)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, place

    for place in ("/aide", "/ventes", "/ventes?jour=2026-01-01", "/ventes?jour=hier", "/caisse?toutes=1"):
        look(place)
    for _stage in _stages(settled):
        db.session.commit()
        look("/caisse")
    page.context.close()
