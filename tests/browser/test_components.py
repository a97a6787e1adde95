"""A cocktail in a real browser: its drinks are put together on the list, one tap after the other."""

import re
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from sommit.extensions import db
from sommit.models import Link
from tests import factories
from tests.browser.conftest import LIST, open_page
from tests.browser.rows import open_row, row
from tests.browser.test_axe import SCREENS


@pytest.fixture
def bar(bar: SimpleNamespace) -> SimpleNamespace:
    """The bar, with a cocktail that was sold ten times and two of its drinks."""
    bar.aperol = factories.drink(bar.venue, "Aperol", category="spirit", volume_ml=700, stock=3)
    bar.prosecco = factories.drink(bar.venue, "Prosecco Bottega", stock=6)
    bar.spritz = factories.reference(bar.venue, "SPRITZ", category="Cocktails", price_cents=900)
    factories.sale(factories.closing(bar.venue), bar.spritz, 10, cents=9000)
    db.session.rollback()
    return bar


UNSETTLED = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"


def add(page: Page, bar: SimpleNamespace, name: str, centilitres: str) -> None:
    page.wait_for_load_state()
    expect(page.locator(UNSETTLED)).to_have_count(0)  # what is typed before htmx has taken the row up is not heard
    line = row(page, bar.spritz)
    line.get_by_label("Chercher la boisson à ajouter").fill(name.lower())
    line.get_by_role("link", name=f"Choisir {name}").tap()
    expect(line.locator(".drink")).to_be_focused()
    line.get_by_text("Autre", exact=True).tap()
    line.get_by_label("Centilitres par vente").fill(centilitres)
    expect(line.locator(".ledger")).to_contain_text("→")
    line.get_by_role("button", name="Ajouter").tap()


def poured(reference) -> list[tuple[int, int]]:
    """What the key pours, asked beside the session: after a rollback it would read again, and lock SQLite."""
    with db.engine.connect() as connection:
        links = connection.execute(select(Link.drink_id, Link.serving_ml).where(Link.reference_id == reference.id))
        return [(drink_id, serving_ml) for drink_id, serving_ml in links]


def test_a_cocktail_is_put_together_from_the_row_that_waits(tablet: Page, bar: SimpleNamespace):
    tablet.goto(LIST)
    line = open_row(tablet, bar.spritz)
    line.get_by_role("link", name="Plusieurs").tap()
    add(tablet, bar, "Prosecco Bottega", "9")
    expect(line).to_contain_text("Cette touche verse 1 boisson")
    add(tablet, bar, "Aperol", "6")
    expect(line).to_contain_text("Cette touche verse 2 boissons")
    expect(line.get_by_text("Cette touche verse 2 boissons").locator("..")).to_be_focused()
    line.get_by_role("link", name="C’est tout").tap()
    expect(line).to_have_class(re.compile("is-done"))

    assert poured(bar.spritz) == [(bar.prosecco.id, 90), (bar.aperol.id, 60)]
    expect(line).to_contain_text("Aperol")
    line.get_by_role("link", name="Ajouter une autre boisson").first.tap()
    line.get_by_role("button", name="Retirer Aperol").tap()
    expect(line).to_contain_text("Cette touche verse 1 boisson")


def test_a_linked_key_is_reached_again_from_the_drink_s_page(tablet: Page, bar: SimpleNamespace):
    factories.link(bar.spritz, bar.prosecco, 90)
    tablet.goto(f"/boissons/{bar.prosecco.id}/vente")
    tablet.get_by_role("link", name="Autres boissons de cette touche").tap()

    expect(row(tablet, bar.spritz)).to_contain_text("Prosecco Bottega")
    add(tablet, bar, "Aperol", "6")
    expect(row(tablet, bar.spritz)).to_contain_text("Cette touche verse 2 boissons")


def test_without_javascript_a_drink_is_added_and_removed(bare_tablet: Page, bar: SimpleNamespace):
    factories.link(bar.spritz, bar.prosecco, 90)
    bare_tablet.goto(f"{LIST}?ouvrir={bar.spritz.id}&volet=avec")
    line = row(bare_tablet, bar.spritz)
    line.get_by_label("Chercher la boisson à ajouter").fill("aperol")
    line.get_by_role("button", name="Chercher").tap()
    line.get_by_role("link", name="Choisir Aperol").tap()
    line.get_by_text("Dose 4 cl").tap()
    line.get_by_role("button", name="Ajouter").tap()
    expect(line).to_contain_text("Cette touche verse 2 boissons")
    assert poured(bar.spritz) == [(bar.prosecco.id, 90), (bar.aperol.id, 40)]

    line.get_by_role("button", name="Retirer Aperol").tap()
    expect(line).to_contain_text("Cette touche verse 1 boisson")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(browser: Browser, address: str, bar: SimpleNamespace, screen: str, scheme: str):
    for drink in (bar.prosecco, bar.aperol):
        factories.link(bar.spritz, drink, 60)
    page = open_page(browser, address, bar.user, viewport=SCREENS[screen], color_scheme=scheme, device_scale_factor=1)
    opened = f"{LIST}?ouvrir={bar.spritz.id}&volet=avec"
    for place in (
        opened,
        f"{opened}&drink_id={bar.chablis.id}",
        f"{LIST}/{bar.spritz.id}/composants/chercher?q=p",
        f"{LIST}?fait={bar.spritz.id}",
        f"{LIST}?ouvrir={bar.keys.new.id}&volet=avec",
        f"/boissons/{bar.prosecco.id}/vente",
        f"/boissons/verres?ligne={bar.spritz.id}",
    ):
        page.goto(place)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, place
    page.context.close()
