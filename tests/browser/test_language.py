"""English by the switch, with and without JavaScript; axe finds nothing there either, and no page grows too wide."""

from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LIST, open_page
from tests.browser.test_axe import SCREENS, addresses


def test_the_switch_turns_the_page_one_is_on_to_english_and_back(tablet: Page) -> None:
    tablet.goto(f"{LIST}?montrer=ignorees")
    _switch(tablet)


def test_the_switch_works_without_javascript(bare_tablet: Page) -> None:
    bare_tablet.goto(f"{LIST}?montrer=ignorees")
    _switch(bare_tablet)


def _switch(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith(f"{LIST}?montrer=ignorees")
    expect(page.get_by_role("button", name="Switch to dark")).to_be_visible()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.url.endswith(f"{LIST}?montrer=ignorees")


def test_the_sign_in_is_turned_to_english_before_anybody_signs_in(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address, locale="en-GB")
    page.goto("/connexion?next=/ventes")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.url.endswith("/connexion?next=/ventes")
    page.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_in_english(browser: Browser, address: str, bar: SimpleNamespace, screen: str) -> None:
    page = open_page(browser, address, bar.user, viewport=SCREENS[screen], device_scale_factor=1)
    page.context.add_cookies([{"name": "language", "value": "en", "url": address}])
    for place in [*addresses(bar), "/ventes", "/caisse", "/aide", "/hors-ligne"]:
        page.goto(place)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, place
    page.context.close()
