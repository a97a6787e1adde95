"""*Ventes* in a real browser: what axe finds, the dates by the keyboard, the files without JavaScript."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from sommit.extensions import db
from tests import factories
from tests.browser.conftest import address, database_url, open_page
from tests.browser.test_axe import SCREENS
from tests.till_screens.conftest import LAST_NIGHT

__all__ = ["address", "database_url"]

LONG = "BT CHATEAUNEUF-DU-PAPE CUVEE RESERVE DES CELESTINS ROUGE 2012"
WEEK = "du=2026-06-08&au=2026-06-14"
YEAR = "du=2025-06-14&au=2026-06-14"


@pytest.fixture
def season(connected, till, read):
    """Two months of nights, one off by 4,50 €; a long name linked, a cocktail, a key that waits."""
    for days in range(1, 60):
        till.closing([("PINTE IPA", 3), (LONG, 1)], date=LAST_NIGHT - timedelta(days=days))
    till.closing([(LONG, 2), ("MOJITO", 4)], date=LAST_NIGHT, difference_cents=450)
    read()
    keys = {key.label: key for key in db.session.scalars(db.select(factories.TillReference))}
    named = {"producer": "Henri Bonneau", "vintage": 2012}
    factories.link(keys[LONG], factories.drink(connected, "Châteauneuf-du-Pape Réserve des Célestins", **named), 750)
    for name in ("Rhum Trois Rivières", "Eau gazeuse"):
        factories.link(keys["MOJITO"], factories.drink(connected, name), 40)
    return connected


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(browser, address, season, user, screen, scheme):
    page = open_page(browser, address, user, viewport=SCREENS[screen], color_scheme=scheme, device_scale_factor=1)
    for query in ("", "par=categorie", WEEK, f"{WEEK}&par=reference", YEAR, "du=2026-06-14&au=hier"):
        page.goto(f"/ventes?{query}")
        if page.locator(".dates[open]").count() == 0:
            page.locator(".dates summary").first.click()
        found = Axe().run(page)
        assert found.violations_count == 0, f"{query}\n{found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, query
        box = page.locator(".dates[open] > .menu-window").bounding_box()
        assert box is not None
        assert box["x"] >= 0, query
    page.context.close()


def test_two_dates_are_chosen_with_the_keyboard_alone(browser, address, season, user):
    page = open_page(browser, address, user)
    page.goto("/ventes")
    page.locator(".dates summary").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Première nuit").fill("2026-06-01")
    page.get_by_label("Dernière nuit").fill("2026-06-10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Du 1er au 10 juin")
    page.context.close()


def test_without_javascript_the_sales_of_a_week_are_saved(browser, address, season, user):
    page = open_page(browser, address, user, java_script_enabled=False)
    page.goto(f"/ventes?{WEEK}")
    page.locator("summary[aria-label^=Exporter]").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Ventes de ces nuits").click()
    assert saved.value.suggested_filename == "ventes-2026-06-08-2026-06-14.csv"
    page.get_by_role("link", name="Nuit", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nuit du samedi 13 juin")
    page.context.close()
