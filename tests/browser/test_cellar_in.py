"""A spreadsheet, an entry by hand and a merge on the tablet: with a keyboard, without JavaScript, and for everybody."""

from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests import factories
from tests.browser.conftest import open_page
from tests.browser.test_axe import SCREENS

FILE = """Nom;Domaine;Millésime;Couleur;Prix;Stock;Fournisseur
Chablis Montmains;William Fèvre;2023;blanc;48,50;11,5;Rapet
Chinon;Baudry;2022;rouge;32;6;Rapet
Fleurie;;20233;rouge;25;3;Rapet
"""


def choose(page: Page, content: str = FILE) -> None:
    page.goto("/boissons/importer")
    file = {"name": "cave.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.set_input_files("[name=fichier]", file)
    page.click("main button[type=submit]")


def assert_sound(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(browser: Browser, address: str, bar: SimpleNamespace, screen: str, scheme: str):
    factories.link(bar.keys.pint, bar.ipa, 500)
    twin = factories.drink(bar.venue, "Chablis Fèvre Montmains", stock=3, colour="blanc")
    page = open_page(browser, address, bar.user, viewport=SCREENS[screen], color_scheme=scheme, device_scale_factor=1)
    for place in (
        "/boissons/importer",
        "/boissons/nouvelle",
        "/boissons/archives",
        f"/boissons/{bar.ipa.id}/archiver",
        f"/boissons/{twin.id}/archiver",
        f"/boissons/{twin.id}/fusionner",
        f"/boissons/{twin.id}/fusionner?avec={bar.chablis.id}",
        f"/boissons/{twin.id}/fusionner?avec={bar.ipa.id}",
    ):
        page.goto(place)
        assert_sound(page)
    choose(page)
    page.wait_for_selector("text=Importer ces 2 lignes")
    assert_sound(page)
    choose(page, "")
    page.wait_for_selector("text=Ce fichier est vide.")
    assert_sound(page)
    page.goto("/boissons/nouvelle")
    page.click("main button[type=submit]")
    page.wait_for_selector("#name-error")
    assert_sound(page)
    page.context.close()


@pytest.mark.parametrize("device", ["tablet", "bare_tablet"], ids=["with JavaScript", "without"])
def test_a_spreadsheet_goes_in_after_its_preview(request: pytest.FixtureRequest, device: str):
    page = request.getfixturevalue(device)
    choose(page)
    page.click("text=Importer ces 2 lignes")
    page.wait_for_url("**/boissons")

    assert page.inner_text(".toast p") == "1 boisson ajoutée, 1 mise à jour, 0 inchangée, 1 ligne refusée."
    assert page.is_visible("text=Chinon 2022")


def test_what_is_wrong_has_the_focus(tablet: Page):
    choose(tablet, "")
    tablet.wait_for_selector("#fichier-error")
    assert tablet.evaluate("document.activeElement.id") == "fichier"

    tablet.goto("/boissons/nouvelle")
    tablet.fill("#name", "Chinon")
    tablet.fill("#vintage", "20233")
    tablet.click("main button[type=submit]")
    tablet.wait_for_selector("#vintage-error")
    assert tablet.evaluate("document.activeElement.id") == "vintage"


def test_an_entry_is_made_with_the_keyboard_alone(tablet: Page):
    tablet.goto("/boissons/nouvelle")
    tablet.focus("#name")
    tablet.keyboard.type("Chinon")
    for _ in range(4):
        tablet.keyboard.press("Tab")
    tablet.keyboard.type("2021")
    tablet.keyboard.press("Enter")
    tablet.wait_for_selector("h1:has-text('Chinon 2021')")


def test_two_entries_become_one_without_javascript(bare_tablet: Page, bar: SimpleNamespace):
    twin = factories.drink(bar.venue, "Chablis Fèvre Montmains", stock=3, colour="blanc")
    bare_tablet.goto(f"/boissons/{twin.id}/fusionner")
    bare_tablet.click(f"text={bar.chablis.name} 2023")
    bare_tablet.check("[value=add]")
    bare_tablet.click("main form button[type=submit]")
    bare_tablet.wait_for_url(f"**/boissons/{bar.chablis.id}")

    assert "a rejoint" in bare_tablet.inner_text(".toast p")
