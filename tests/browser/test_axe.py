"""axe finds nothing, in light and dark, on a tablet and on phones, and no page is wider than its screen."""

from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from sommit.extensions import db
from sommit.services import memory
from tests import factories
from tests.browser.conftest import LIST, open_page

SCREENS = {"tablet": {"width": 1024, "height": 768}, "phone": {"width": 390, "height": 844}}


def addresses(bar: SimpleNamespace) -> list[str]:
    keys = bar.keys
    return [
        "/boissons",
        "/boissons?genre=wine",
        "/boissons?q=zzzz",
        f"/boissons/{bar.chablis.id}",
        f"/boissons/{bar.ipa.id}",
        LIST,
        f"{LIST}?montrer=ignorees",
        f"{LIST}?ouvrir={keys.morgon.id}",
        f"{LIST}?ouvrir={keys.wrong.id}&drink_id={bar.ipa.id}",
        f"{LIST}?ouvrir={keys.chablis.id}&volet=presque",
        f"{LIST}?ouvrir={keys.chablis.id}&volet=non",
        f"{LIST}/{keys.new.id}/chercher?q=morgon",
        f"{LIST}?fait={keys.pint.id}",
        f"{LIST}?fait={keys.food.id}",
        f"{LIST}/memoire",
    ]


def teach(bar: SimpleNamespace) -> None:
    """A drink is refused for an open row, an answered and an ignored one, and a word was learned."""
    for reference in (bar.keys.morgon, bar.keys.pint, bar.keys.food):
        memory.refuse(reference, bar.chablis, None)
    short = factories.reference(bar.venue, "MORGON CPY 22")
    assert memory.learn(short, bar.morgon)
    db.session.commit()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(browser: Browser, address: str, bar: SimpleNamespace, screen: str, scheme: str):
    factories.link(bar.keys.pint, bar.ipa, 500)
    teach(bar)
    page = open_page(browser, address, bar.user, viewport=SCREENS[screen], color_scheme=scheme, device_scale_factor=1)
    for place in addresses(bar):
        page.goto(place)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, place
    page.context.close()


def test_axe_finds_nothing_on_the_narrowest_phone_at_night_in_english(
    browser: Browser, address: str, bar: SimpleNamespace
):
    """The pages that are rarely opened, and the widest ones, on 320 pixels."""
    factories.link(bar.keys.pint, bar.ipa, 500)
    factories.drink(bar.venue, "Château Saint-Cosme Les Deux Albions cuvée du centenaire brut", vintage=2019)
    db.session.rollback()
    narrow = {"width": 320, "height": 640}
    page = open_page(browser, address, bar.user, viewport=narrow, color_scheme="dark", device_scale_factor=1)
    page.context.add_cookies([{"name": "language", "value": "en", "url": address}])
    own = f"/boissons/{bar.ipa.id}"
    quiet = ["nouvelle", "importer", "verres", "archives", "quoi-de-neuf", "a-synchroniser/categories", "rien"]
    drink = [f"{own}/vente", f"{own}/vente?casser={bar.keys.pint.id}", f"{own}/stock", f"{own}/archiver"]
    apart = [f"{LIST}?ouvrir={bar.keys.new.id}&volet=avec&drink_id={bar.ipa.id}", f"{own}/fusionner", "/boissons"]
    for place in [*(f"/boissons/{one}" for one in quiet), *drink, *apart]:
        page.goto(place)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, place
    page.context.close()
