"""The page of one drink in a browser: axe, the keyboard, a phone, no JavaScript."""

from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from sommit.extensions import db
from sommit.models import Count
from tests import factories
from tests.browser.conftest import open_page

SCREENS = {"tablet": {"width": 1024, "height": 768}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def linked(bar: SimpleNamespace) -> SimpleNamespace:
    """The Chablis has a key, and the Morgon less than nothing."""
    factories.link(bar.keys.chablis, bar.chablis, 125)
    factories.link(bar.keys.wrong, bar.morgon, 750)
    db.session.commit()
    return bar


def places(bar: SimpleNamespace) -> list[str]:
    chablis, morgon = f"/boissons/{bar.chablis.id}", f"/boissons/{bar.morgon.id}"
    stock = [f"{chablis}/stock?geste={act}" for act in ("inventaire", "livraison", "perte")]
    breaking = f"{chablis}/vente?casser={bar.keys.chablis.id}"
    return [chablis, f"{chablis}/vente", breaking, *stock, f"{morgon}/stock", f"/boissons/{bar.ipa.id}/vente"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(browser: Browser, address: str, linked: SimpleNamespace, screen: str, scheme: str):
    page = open_page(
        browser, address, linked.user, viewport=SCREENS[screen], color_scheme=scheme, device_scale_factor=1
    )
    for place in places(linked):
        page.goto(place)
        page.evaluate("for (const closed of document.querySelectorAll('main details')) closed.open = true")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, place
    page.context.close()


def test_a_bottle_is_counted_with_two_fingers(tablet: Page, linked: SimpleNamespace):
    tablet.goto(f"/boissons/{linked.chablis.id}/stock")
    tablet.get_by_label("Bouteilles").fill("11,5")
    tablet.get_by_label("Bouteilles").press("Enter")

    expect(tablet.locator(".toast")).to_contain_text("Inventaire noté")
    expect(tablet.locator(".figure")).to_contain_text("11,5")


def test_another_moment_has_its_field_only_when_it_is_chosen(tablet: Page, linked: SimpleNamespace):
    tablet.goto(f"/boissons/{linked.chablis.id}/stock?geste=livraison")
    expect(tablet.get_by_label("Jour et heure")).to_be_hidden()
    tablet.get_by_text("Un autre moment").tap()
    expect(tablet.get_by_label("Jour et heure")).to_be_visible()


def test_what_is_refused_has_the_focus(tablet: Page, linked: SimpleNamespace):
    tablet.goto(f"/boissons/{linked.chablis.id}/stock")
    tablet.get_by_role("button", name="Enregistrer l’inventaire").tap()

    expect(tablet.get_by_label("Bouteilles")).to_be_focused()
    expect(tablet.locator("#quantity-error")).to_be_visible()


def test_a_double_tap_counts_once(tablet: Page, linked: SimpleNamespace):
    tablet.goto(f"/boissons/{linked.chablis.id}/stock")
    tablet.get_by_label("Bouteilles").fill("7")
    tablet.get_by_role("button", name="Enregistrer l’inventaire").dblclick()
    expect(tablet.locator(".figure")).to_contain_text("7")

    counts = db.session.scalars(db.select(Count.quantity_ml).where(Count.drink_id == linked.chablis.id)).all()
    db.session.commit()
    assert counts.count(7 * 750) == 1


def test_vintage_is_changed_without_javascript(bare_tablet: Page, linked: SimpleNamespace):
    bare_tablet.goto(f"/boissons/{linked.chablis.id}")
    bare_tablet.get_by_text("Changer de millésime à partir d’aujourd’hui").tap()
    bare_tablet.get_by_label("Autre millésime").fill("2024")
    bare_tablet.get_by_role("button", name="Changer de millésime").tap()

    expect(bare_tablet.locator("h1")).to_have_text("Chablis Montmains 2024")
    expect(bare_tablet.locator(".golden")).to_be_visible()
